"""What a province could do next: sectors it does not specialise in, near to its skills and its materials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from geo.measures import relatedness
from geo.measures.region_sector import checked, quotients
from geo.subjects import sectors

#: Fewer establishments in a province, fewer provinces specialised in a sector, or fewer provinces with a figure
#: for a material, and the step is read from too little. Assumptions of the product.
LEAST_ESTABLISHMENTS = 30
LEAST_PROVINCES = 3
LEAST_FIGURES = 5
COLUMNS = [
    "province_code",
    "sector_code",
    "rank",
    "step_score",
    "establishments",
    "lq",
    "density",
    "density_standing",
    "material_code",
    "surplus_tonnes",
    "surplus_share",
    "surplus_standing",
    "thin",
    "thin_reason",
]
_SURPLUS = ["material_code", "province_code", "surplus_tonnes", "thin_material"]


def next_steps(
    counts: pd.DataFrame,
    balance: pd.DataFrame,
    *,
    materials: Mapping[str, Sequence[str]] | None = None,
    provinces: Sequence[str] | None = None,
) -> pd.DataFrame:
    r"""Return the sectors that fit a province's skills and its surplus of raw material.

    A step is a sector with a location quotient below 1 whose raw material is left over in the province. Two
    parts are shown and ranked together: the density of related sectors (own presence left out) and the surplus
    of the material. Each is turned into its standing, the share of the provinces that it reaches or
    exceeds, and

    .. math:: score = \sqrt{standing_{density} \cdot standing_{surplus}}

    so that neither part makes up for the lack of the other. Steps that rest on thin data stand after the others.

    Parameters
    ----------
    counts : DataFrame
        ``province_code`` × VSIC class, establishments, >= 0.
    balance : DataFrame
        Of ``balance.balance``: ``material_code``, ``province_code``, ``surplus_tonnes`` (a year),
        ``supply_known``, ``supply_partial``.
    materials : mapping, optional
        Sector -> materials it may use; by default the suggestions of the sector list.
    provinces : sequence of str, optional
        Only these provinces; standings are still of the whole country.

    Returns
    -------
    DataFrame
        One row a province and sector: ``rank`` (1 = first in the province), ``step_score``,
        ``density``, ``density_standing``, ``surplus_share`` (of all surpluses with a figure), ``surplus_standing``
        (all 0–1), ``establishments``, ``lq`` (0 where there is none), the ``material_code`` with the best
        standing, its ``surplus_tonnes`` (a year), ``thin`` with ``thin_reason`` (``province``, ``sector``,
        ``material`` joined by ``|``: too few establishments, too few specialised provinces, a surplus that is a
        lower bound or has too few others to be compared with). Sorted by province and rank.

    Raises
    ------
    DataError
        If a count is negative or not a number.
    """
    counts = counts.sort_index(axis=0).sort_index(axis=1)
    found = _cells(counts).merge(
        _best_material(balance, counts, materials), on=["province_code", "sector_code"]
    )
    found = found[(found["lq"] < 1) & (found["density"] > 0)]
    found["step_score"] = np.sqrt(found["density_standing"] * found["surplus_standing"])
    found["thin_reason"] = _reasons(found, counts)
    found["thin"] = found["thin_reason"] != ""
    keys = ["province_code", "thin", "step_score", "sector_code"]
    found = found.sort_values(keys, ascending=[True, True, False, True], ignore_index=True)
    found["rank"] = found.groupby("province_code").cumcount() + 1
    if provinces is not None:
        found = found[found["province_code"].isin(list(provinces))]
    return found[COLUMNS].reset_index(drop=True)


def _cells(counts: pd.DataFrame) -> pd.DataFrame:
    """Return every province × sector with its count, quotient, density and the standing of the density."""
    near = relatedness.density(counts)
    values = checked(counts)
    flat = pd.MultiIndex.from_product(
        [counts.index, counts.columns], names=["province_code", "sector_code"]
    ).to_frame(index=False)
    return flat.assign(
        establishments=np.rint(values).astype("int64").ravel(),
        lq=np.nan_to_num(quotients(values), nan=0.0).ravel(),
        density=near.to_numpy().ravel(),
        density_standing=near.rank(pct=True, method="max").to_numpy().ravel(),
    )


def _best_material(
    balance: pd.DataFrame, counts: pd.DataFrame, materials: Mapping[str, Sequence[str]] | None
) -> pd.DataFrame:
    """Return the material with the best standing for each province and sector, where any is left over."""
    used = sectors.sectors()["materials"].to_dict() if materials is None else materials
    links = pd.DataFrame(
        [(s, m) for s in counts.columns for m in used.get(s, ())], columns=["sector_code", "material_code"]
    )
    left = surplus_standing(balance).merge(links, on="material_code")
    left = left.sort_values(
        ["thin_material", "surplus_standing", "surplus_share", "material_code"],
        ascending=[True, False, False, True],
    )
    return left.drop_duplicates(["province_code", "sector_code"])


def surplus_standing(balance: pd.DataFrame) -> pd.DataFrame:
    """Return each surplus as a share of the country's and its standing among all provinces.

    Parameters
    ----------
    balance : DataFrame
        ``material_code``, ``province_code``, ``surplus_tonnes`` (a year), ``supply_known``,
        ``supply_partial``; every province of the country. Those without a figure have no surplus to send.

    Returns
    -------
    DataFrame
        ``material_code``, ``province_code``, ``surplus_tonnes``, ``surplus_share`` (of all surpluses with a
        figure), ``surplus_standing`` (both 0–1), ``thin_material``; only surpluses above 0.
    """
    # Sorted first, so that the order of rows cannot change the last digit of a sum.
    balance = balance.sort_values(["material_code", "province_code"], ignore_index=True)
    provinces = balance["province_code"].nunique()
    figures = balance.groupby("material_code")["supply_known"].sum()
    thin = balance["supply_partial"] | (balance["material_code"].map(figures) < LEAST_FIGURES)
    left = balance.assign(thin_material=thin.astype(bool))
    left = left.loc[left["surplus_tonnes"] > 0, _SURPLUS]
    of_material = left.groupby("material_code")["surplus_tonnes"]
    above = of_material.rank(method="min", ascending=False) - 1
    return left.assign(
        surplus_share=left["surplus_tonnes"] / of_material.transform("sum"),
        surplus_standing=((provinces - above) / provinces).clip(0.0, 1.0),
    )


def _reasons(found: pd.DataFrame, counts: pd.DataFrame) -> pd.Series:
    """Say what each step rests too thinly on: the province, the sector or the material."""
    few_here = counts.sum(axis=1) < LEAST_ESTABLISHMENTS
    few_there = relatedness.specialised(counts).sum() < LEAST_PROVINCES
    flags = {
        "province": found["province_code"].map(few_here),
        "sector": found["sector_code"].map(few_there),
        "material": found["thin_material"],
    }
    marks = [np.where(flag.astype(bool), name, "") for name, flag in flags.items()]
    joined = ["|".join(name for name in row if name) for row in zip(*marks, strict=True)]
    return pd.Series(joined, index=found.index, dtype="str")
