"""Filters and group-bys over the establishments: from any number of rows to small tables.

Written once in Narwhals, so that every engine of :mod:`geo.store.engine` runs the same text. All
results are sorted and hold only rows that pass :func:`geo.store.filters.apply`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

import narwhals as nw
import pandas as pd

from geo.errors import ParameterError
from geo.store import engine
from geo.store.catalog import Dataset
from geo.store.filters import NAMES, Filters, apply
from geo.subjects.establishments import ESTABLISHMENTS, LOCATION_QUALITIES

LEVELS = {"division": "division_code", "class": "sector_code"}
VALUES = ("establishments", "employees")
#: Types of row tables, the same from every engine.
_FRAME_TYPES = {
    "text": "str",
    "int": "Int64",
    "float": "float64",
    "bool": "bool",
    "cell": "Int64",
    "wkb": "object",
}
#: Columns that only machines read; left out of row tables unless asked for.
_MACHINE_COLUMNS = ("geometry", "h3_4", "h3_5", "h3_6", "h3_7")


def counts(dataset: Dataset, filters: Filters) -> pd.DataFrame:
    """Count establishments and employees by province, sector, size band and year.

    Returns
    -------
    DataFrame
        ``province_code`` (in the filters' vintage), ``sector_code``, ``division_code``, ``size_band``,
        ``year`` (nullable), ``establishments``, ``employees`` (sum of the known, persons),
        ``employees_known`` (establishments whose employees are known).
    """
    filters = filters.normalised()
    keys = ["province_code", "sector_code", "division_code", "size_band", "year"]
    rows = _placed(apply(engine.lazy(dataset), filters), filters)
    grouped = rows.group_by(*keys).agg(
        nw.len().alias("establishments"),
        nw.col("employees").sum().alias("employees"),
        nw.col("employees").count().alias("employees_known"),
    )
    table = engine.collect(grouped)
    return _typed(table, [*keys, "establishments", "employees", "employees_known"], keys)


def matrix(table: pd.DataFrame, level: str = "division", value: str = "establishments") -> pd.DataFrame:
    """Return province × sector sums of :func:`counts`, as the specialisation measures take them.

    Parameters
    ----------
    table : DataFrame
        Result of :func:`counts`.
    level : {"division", "class"}
        Sector level. At ``class`` level, establishments known only by division are left out.
    value : {"establishments", "employees"}
        What is summed.

    Returns
    -------
    DataFrame
        Indexed by ``province_code``, columns ``sector_code``, both sorted; 0 where there is none.

    Raises
    ------
    ParameterError
        If the level or the value is unknown.
    """
    if level not in LEVELS or value not in VALUES:
        raise ParameterError(
            vi=f"Cấp ngành phải là một trong {', '.join(LEVELS)} và giá trị là một trong "
            f"{', '.join(VALUES)}, nhưng nhận được “{level}” và “{value}”.",
            en=f"The sector level must be one of {', '.join(LEVELS)} and the value one of "
            f'{", ".join(VALUES)}, but "{level}" and "{value}" came.',
        )
    column = LEVELS[level]
    rows = table[table["sector_code"].str.len() == 4] if level == "class" else table
    wide = rows.pivot_table(index="province_code", columns=column, values=value, aggfunc="sum", fill_value=0)
    wide.columns.name = "sector_code"
    return wide.sort_index().sort_index(axis=1)


def demand_base(dataset: Dataset, filters: Filters) -> pd.DataFrame:
    """Count the establishments that state no material need: their demand must be estimated.

    Returns
    -------
    DataFrame
        ``province_code``, ``sector_code``, ``material_code`` (main raw material, may be missing),
        ``size_band``, ``establishments``, ``employees`` (sum of the known, persons),
        ``employees_unknown`` (establishments whose employees are not known).
    """
    filters = filters.normalised()
    keys = ["province_code", "sector_code", "material_code", "size_band"]
    rows = apply(engine.lazy(dataset), filters).filter(~nw.col("states_need"))
    grouped = (
        _placed(rows, filters)
        .group_by(*keys)
        .agg(
            nw.len().alias("establishments"),
            nw.col("employees").sum().alias("employees"),
            nw.col("employees").count().alias("known"),
        )
    )
    table = engine.collect(grouped)
    table["employees_unknown"] = table["establishments"] - table["known"]
    return _typed(table, [*keys, "establishments", "employees", "employees_unknown"], keys)


def stated_needs(dataset: Dataset, filters: Filters) -> pd.DataFrame:
    """Sum the material needs that establishments state, by province and material.

    A material filter also narrows the materials summed.

    Returns
    -------
    DataFrame
        ``province_code``, ``material_code``, ``establishments``, ``need_tonnes`` (a year).
    """
    filters = filters.normalised()
    keys = ["province_code", "material_code"]
    grouped = (
        needs_of(dataset, filters)
        .group_by(*keys)
        .agg(
            nw.col("establishment_id").n_unique().alias("establishments"),
            nw.col("need_tonnes").sum().alias("need_tonnes"),
        )
    )
    table = engine.collect(grouped)
    out = _typed(table, [*keys, "establishments", "need_tonnes"], keys)
    # Engines add in any order; the ninth digit of a tonne is noise and would break caches and checksums.
    return out.assign(need_tonnes=out["need_tonnes"].round(6))


def needs_of(dataset: Dataset, filters: Filters) -> nw.LazyFrame:
    """Return the stated needs of the establishments that pass the filters, as a lazy frame.

    ``material_code`` is the material needed and ``province_code`` the province of the establishment in
    the filters' vintage. A material filter narrows both the establishments and the materials needed.
    """
    names = {"material_code": "needed_code", "main_material_code": "material_code"}
    rows = _placed(apply(engine.lazy(dataset, "needs").rename(names), filters), filters)
    if filters.materials:
        rows = rows.filter(nw.col("needed_code").is_in(filters.materials))
    return rows.drop("material_code").rename({"needed_code": "material_code"})


def summary(dataset: Dataset, filters: Filters) -> dict[str, Any]:
    """Count what the filters kept and what each of them left out; nothing is dropped silently.

    Returns
    -------
    dict
        ``total``; ``without_place`` (no province in the vintage); ``dropped_by`` filter, each counted
        among the rows that passed the ones before; ``kept``; and of the kept: ``without_coordinates``
        and ``location_quality`` counts. ``total = without_place + sum(dropped_by) + kept``.
    """
    filters = filters.normalised()
    steps = filters.steps()
    passed = _cumulative({"": ~nw.col(filters.province_column).is_null(), **steps})
    last = list(passed)[-1]
    sums = [nw.len().alias("total")]
    sums += [expression.cast(nw.Int64).sum().alias(f"after_{name}") for name, expression in passed.items()]
    for quality in LOCATION_QUALITIES:
        mask = passed[last] & (nw.col("location_quality") == quality)
        sums.append(mask.cast(nw.Int64).sum().alias(f"quality_{quality}"))
    mask = passed[last] & nw.col("lat").is_null()
    sums.append(mask.cast(nw.Int64).sum().alias("no_point"))
    row = engine.collect(engine.lazy(dataset).select(*sums)).iloc[0]
    number = {key: 0 if pd.isna(value) else int(value) for key, value in row.items()}
    left = [number["total"]] + [number[f"after_{name}"] for name in passed]
    dropped = dict(zip(passed, (a - b for a, b in zip(left, left[1:], strict=False)), strict=True))
    return {
        "total": number["total"],
        "kept": left[-1],
        "without_place": dropped.pop(""),
        "dropped_by": {name: dropped[name] for name in NAMES if name in dropped},
        "without_coordinates": number["no_point"],
        "location_quality": {quality: number[f"quality_{quality}"] for quality in LOCATION_QUALITIES},
    }


def rows(
    dataset: Dataset, filters: Filters, limit: int, columns: Sequence[str] | None = None
) -> tuple[pd.DataFrame, int]:
    """Return the first establishments by id, and how many there are in all.

    Parameters
    ----------
    limit : int
        Most rows returned, at least 0.
    columns : sequence of str, optional
        Columns of the contract; default all that people read, with ``province_code`` in the filters'
        vintage.

    Returns
    -------
    (DataFrame, int)
        The rows sorted by ``establishment_id``; the number that pass the filters.

    Raises
    ------
    ParameterError
        If a column is unknown or the limit is negative.
    """
    filters = filters.normalised()
    known = [column.name for column in ESTABLISHMENTS]
    wanted = list(columns) if columns is not None else [c for c in known if c not in _MACHINE_COLUMNS]
    wrong = [name for name in wanted if name not in known]
    if wrong or limit < 0:
        raise ParameterError(
            vi=f"Cột không có trong bảng cơ sở: {', '.join(wrong) or '—'}; số dòng tối đa phải từ 0 trở lên, "
            f"nhận được {limit}.",
            en=f"Columns that are not in the table of establishments: {', '.join(wrong) or '—'}; the limit "
            f"must be 0 or more, {limit} came.",
        )
    kept = _placed(apply(engine.lazy(dataset), filters), filters)
    total = int(engine.collect(kept.select(nw.len().alias("n")))["n"].iloc[0])
    picked = kept.select(*dict.fromkeys(["establishment_id", *wanted]))
    table = engine.collect(picked.sort("establishment_id").head(limit))
    kinds = {column.name: _FRAME_TYPES[column.kind] for column in ESTABLISHMENTS if column.name in wanted}
    return table.sort_values("establishment_id", ignore_index=True)[wanted].astype(kinds), total


def _placed(frame: nw.LazyFrame, filters: Filters) -> nw.LazyFrame:
    """Let ``province_code`` mean the province in the filters' vintage."""
    return frame.with_columns(nw.col(filters.province_column).alias("province_code"))


def _cumulative(conditions: Mapping[str, nw.Expr]) -> dict[str, nw.Expr]:
    """Join each condition with all before it."""
    names = list(conditions)
    values = list(conditions.values())
    return {name: reduce(lambda a, b: a & b, values[: i + 1]) for i, name in enumerate(names)}


def _typed(table: pd.DataFrame, columns: Sequence[str], keys: Sequence[str]) -> pd.DataFrame:
    """Sort by the keys and give numbers and texts the same types from every engine."""
    out = table[list(columns)].sort_values(list(keys), na_position="last", ignore_index=True)
    for name in columns:
        if name == "year":
            out[name] = out[name].astype("Int64")
        elif name == "need_tonnes":
            out[name] = out[name].astype("float64")
        elif name in keys:
            out[name] = out[name].astype("str")
        else:
            out[name] = out[name].fillna(0).astype("int64")
    return out
