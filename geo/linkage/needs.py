"""The need of establishments that state none: estimated group by group, with the coefficient it rests on."""

from __future__ import annotations

import pandas as pd

from geo.subjects import requirements


def estimates(base: pd.DataFrame, coefficients: pd.DataFrame) -> pd.DataFrame:
    """Estimate the need of each group of establishments, the way ``balance.demand`` does.

    Parameters
    ----------
    base : DataFrame
        Of ``aggregate.demand_base``: establishments that state no need.
    coefficients : DataFrame
        Of ``requirements.table``.

    Returns
    -------
    DataFrame
        With the index of ``base``: ``province_code``, ``sector_code``, ``size_band``, ``establishments``,
        ``employees_unknown``, ``material_code``, ``status`` (cited, derived, assumption, user), ``tonnes`` (a
        year; NaN where there is no coefficient), ``large`` (establishments with 200 employees and more).
    """
    found = requirements.match(base, coefficients)
    bands = {band: requirements.band_employees(band) for band in base["size_band"].unique()}
    assumed = base["size_band"].map(bands).astype("float64")
    workers = base["employees"].fillna(0) + base["employees_unknown"] * assumed
    columns = ["province_code", "sector_code", "size_band", "establishments", "employees_unknown"]
    return base[columns].assign(
        material_code=found["material_code"],
        status=found["status"],
        tonnes=workers.astype("float64") * found["tonnes_per_employee"].astype("float64"),
        large=base["establishments"].where(base["size_band"] == "large", 0),
    )


def by_status(estimated: pd.DataFrame, coefficients: pd.DataFrame) -> pd.DataFrame:
    """Sum the estimated need by the coefficient it rests on.

    Parameters
    ----------
    estimated : DataFrame
        Of :func:`estimates`.
    coefficients : DataFrame
        Of ``requirements.table``.

    Returns
    -------
    DataFrame
        ``province_code``, ``material_code``, ``sector_code``, ``status``, ``source``, ``tonnes`` (a year),
        ``establishments``, ``large``, ``employees_unknown`` (establishments whose employees are assumed);
        sorted.
    """
    keys = ["province_code", "material_code", "sector_code", "status"]
    values = ["tonnes", "establishments", "large", "employees_unknown"]
    out = estimated.dropna(subset=["tonnes"]).groupby(keys, as_index=False, sort=True)[values].sum()
    sources = coefficients.drop_duplicates(["sector_code", "material_code"])
    source_of = sources.set_index(["sector_code", "material_code"])["source"]
    at = pd.MultiIndex.from_frame(out[["sector_code", "material_code"]])
    return out.assign(source=source_of.reindex(at).fillna("").to_numpy())
