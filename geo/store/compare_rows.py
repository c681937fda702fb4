"""The rows behind a comparison: establishments that came or went, and every changed value; a few or all."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from geo.errors import ParameterError
from geo.places import admin
from geo.store import engine
from geo.store.catalog import Dataset
from geo.store.compared import ADDED, COLUMNS, ID, REMOVED, differ
from geo.subjects import establishments as schema

#: Columns of the tables of establishments that came or went.
ROW_COLUMNS = (
    "establishment_id",
    "name",
    "product",
    "sector_code",
    "province_code",
    "employees",
    "year",
    "source",
)


def establishments(
    first: Dataset,
    second: Dataset,
    status: str,
    *,
    vintage: str = admin.DEFAULT_VINTAGE,
    limit: int | None = None,
) -> pd.DataFrame:
    """Return the establishments that only one of the two has, by id.

    Parameters
    ----------
    status : {"added", "removed"}
        Those of the second that the first has not, or the other way round.
    limit : int, optional
        The first so many; all by default.

    Returns
    -------
    DataFrame
        :data:`ROW_COLUMNS`, ``province_code`` in the vintage.

    Raises
    ------
    ParameterError
        If the status is another one.
    """
    if status not in (ADDED, REMOVED):
        raise ParameterError(
            vi=f"Chỉ xem được các dòng “{ADDED}” hoặc “{REMOVED}”, nhưng nhận được “{status}”.",
            en=f'Rows may be asked for as "{ADDED}" or "{REMOVED}", but "{status}" came.',
        )
    here, there = (second, first) if status == ADDED else (first, second)
    others = engine.lazy(there).select(ID)
    kept = (
        engine.lazy(here)
        .with_columns(nw.col(f"province_code_{vintage}").alias("province_code"))
        .select(*ROW_COLUMNS)
        .join(others, on=ID, how="anti")
        .sort(ID)
    )
    table = engine.collect(kept if limit is None else kept.head(limit))
    return table.sort_values(ID, ignore_index=True).astype({"employees": "Int64", "year": "Int64"})


def changes(
    first: Dataset, second: Dataset, columns: tuple[str, ...] = COLUMNS, *, limit: int | None = None
) -> pd.DataFrame:
    """Return what changed in the establishments that both have, one row a changed value.

    Parameters
    ----------
    columns : tuple of str
        Columns looked at; those that :attr:`geo.store.compare.Comparison.columns` names are enough.
    limit : int, optional
        The first so many by id; all by default.

    Returns
    -------
    DataFrame
        ``establishment_id``, ``name`` (as it is now), ``column``, ``old``, ``new`` (text; missing where empty),
        sorted by id and in the order of the contract.
    """
    wrong = sorted(set(columns) - set(COLUMNS))
    if wrong:
        raise ParameterError(
            vi=f"Không so sánh được cột {', '.join(wrong)}; các cột so sánh được: {', '.join(COLUMNS)}.",
            en=f"The columns {', '.join(wrong)} cannot be compared; those that can: {', '.join(COLUMNS)}.",
        )
    ordered = [column for column in COLUMNS if column in columns]
    parts = [_changes_of(first, second, column, limit) for column in ordered]
    names = [ID, "name", "column", "old", "new"]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=names, dtype="str")
    table = table.sort_values(ID, kind="stable", ignore_index=True)[names]
    return table if limit is None else table.head(limit)


def _changes_of(first: Dataset, second: Dataset, column: str, limit: int | None) -> pd.DataFrame:
    """Return the changed values of one column as text; only it, the id and the name are read."""
    old = engine.lazy(first).select(ID, nw.col(column).alias("old"))
    new = engine.lazy(second).select(ID, nw.col(column).alias("new"), "name")
    kept = old.join(new, on=ID, how="inner").filter(differ("old", "new")).sort(ID)
    table = engine.collect(kept if limit is None else kept.head(limit))
    return table.assign(
        column=column, old=_text(table["old"], column), new=_text(table["new"], column)
    ).astype({ID: "str", "name": "str", "column": "str"})


def _text(values: pd.Series, column: str) -> pd.Series:
    """Write the values of a column plainly: whole numbers without a point, others as short as they are exact."""
    kind = next(c.kind for c in schema.ESTABLISHMENTS if c.name == column)
    if kind == "int":
        return values.astype("Int64").astype("str").where(values.notna())
    if kind == "float":
        return (
            values.astype("float64")
            .map("{:.15g}".format, na_action="ignore")
            .astype("str")
            .where(values.notna())
        )
    if kind == "bool":
        return values.map({True: "true", False: "false"}).astype("str").where(values.notna())
    return values.astype("str").where(values.notna())
