"""The need of establishments that state none, by the coefficient it rests on."""

from __future__ import annotations

import pandas as pd


def by_status(estimated: pd.DataFrame, coefficients: pd.DataFrame) -> pd.DataFrame:
    """Sum the estimated need by the coefficient it rests on.

    Parameters
    ----------
    estimated : DataFrame
        Of ``balance.estimates``.
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
