"""Sums over the employees of single establishments that the measures of plant size need.

One query, whatever the number of rows: what comes back is a table of provinces × sectors.
"""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from geo.errors import ParameterError
from geo.store import engine
from geo.store.aggregate import LEVELS
from geo.store.catalog import Dataset
from geo.store.filters import Filters, apply

COLUMNS = [
    "province_code",
    "sector_code",
    "establishments",
    "employees_known",
    "employees",
    "employees_squared",
]


def employee_sums(dataset: Dataset, filters: Filters, level: str = "division") -> pd.DataFrame:
    """Add up employees and their squares by province and sector.

    Parameters
    ----------
    dataset : Dataset
        Any number of establishments.
    filters : Filters
        What to keep; for γ leave the sector filter open, because all employment is its yardstick.
    level : {"division", "class"}
        Sector level. Establishments whose sector is not known at that level stand under a missing
        ``sector_code``: they count in the employment of their province only.

    Returns
    -------
    DataFrame
        ``province_code`` (in the filters' vintage), ``sector_code`` (missing where not known),
        ``establishments``, ``employees_known`` (how many of them say their employees), ``employees`` (sum,
        persons), ``employees_squared`` (sum of squares, persons²), sorted by codes.

    Raises
    ------
    ParameterError
        If the level or a filter is unknown.
    """
    if level not in LEVELS:
        raise ParameterError(
            vi=f"Cấp ngành phải là một trong {', '.join(LEVELS)}, nhưng nhận được “{level}”.",
            en=f'The sector level must be one of {", ".join(LEVELS)}, but "{level}" came.',
        )
    filters = filters.normalised()
    known = nw.col("employees").cast(nw.Float64)
    rows = apply(engine.lazy(dataset), filters).select(
        nw.col(filters.province_column).alias("province_code"),
        nw.col(LEVELS[level]).alias("sector_code"),
        known.alias("employees"),
        (known * known).alias("squared"),
    )
    grouped = rows.group_by("province_code", "sector_code").agg(
        nw.len().alias("establishments"),
        nw.col("employees").count().alias("employees_known"),
        nw.col("employees").sum().alias("employees"),
        nw.col("squared").sum().alias("employees_squared"),
    )
    return _typed(engine.collect(grouped), level)


def _typed(table: pd.DataFrame, level: str) -> pd.DataFrame:
    """Same types and order from every engine; a division is no class."""
    codes = table[["province_code", "sector_code"]].astype("str")
    if level == "class":
        codes["sector_code"] = codes["sector_code"].where(codes["sector_code"].str.len() == 4)
    numbers = table[COLUMNS[2:]].fillna(0).astype("float64")
    out = codes.join(numbers).groupby(["province_code", "sector_code"], dropna=False, sort=True).sum()
    out = out.reset_index()
    counts = ["establishments", "employees_known", "employees"]
    out[counts] = out[counts].round().astype("int64")
    out["sector_code"] = out["sector_code"].astype("str")
    return out.sort_values(["province_code", "sector_code"], na_position="last", ignore_index=True)
