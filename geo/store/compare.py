"""Two versions of a dataset, or two datasets, side by side: what came, what went, what changed.

Establishments are the same when they have the same id. One join and one group-by give all the totals, so that
a million rows on each side cost seconds and the result stays small; the rows themselves are asked for by
:mod:`geo.store.compare_rows`, a few to look at or all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import narwhals as nw
import pandas as pd

from geo.places import admin
from geo.store import compare_tables, engine
from geo.store.catalog import Dataset
from geo.store.compared import ADDED, CHANGED, COLUMNS, ID, NEW, ORIGIN, REMOVED, SAME, STATUSES, differ


@dataclass(frozen=True)
class Comparison:
    """What is different in the second of two datasets.

    Attributes
    ----------
    first, second : Dataset
        Before and after.
    vintage : str
        Set of provinces of the totals.
    counts : dict
        Establishments ``before`` and ``after``, ``added``, ``removed``, ``changed``, ``same``, and among the
        same ``confirmed``: only their source is another one (a later list holds them unchanged).
        ``before = removed + changed + same`` and ``after = added + changed + same``.
    columns : DataFrame
        ``column``, ``changed`` (establishments of both whose value differs), most first; only those that changed.
    provinces, sectors : DataFrame
        ``province_code`` (missing: no province in the vintage) or ``sector_code`` (class, or division where only it
        is known; missing: not known); ``before``, ``after``, ``difference``, ``added``, ``removed``, ``changed``
        (establishments; one that moved counts as removed here and added there), ``employees_before``,
        ``employees_after`` (sum of the known, persons; missing where none is known). Only rows that one of the two has.
    needs : DataFrame
        Needs of materials by ``material_code``: ``tonnes_before``, ``tonnes_after`` (a year; missing where none is
        stated), ``added``, ``removed``, ``changed``, ``same`` (stated needs).
    support : DataFrame
        ``support_need``, ``before``, ``after``, ``difference`` (establishments that ask for it).
    supply : DataFrame
        Rows of the own supply of materials that are not the same in both: ``material_code``, ``vintage``,
        ``province_code``, ``year``, ``status``, ``tonnes_before``, ``tonnes_after`` (a year).
    """

    first: Dataset
    second: Dataset
    vintage: str
    counts: dict[str, int]
    columns: pd.DataFrame = field(repr=False)
    provinces: pd.DataFrame = field(repr=False)
    sectors: pd.DataFrame = field(repr=False)
    needs: pd.DataFrame = field(repr=False)
    support: pd.DataFrame = field(repr=False)
    supply: pd.DataFrame = field(repr=False)

    @property
    def nothing_changed(self) -> bool:
        """Whether both hold the same establishments, needs and supply, wherever they come from."""
        moved = self.needs[[ADDED, REMOVED, CHANGED]].to_numpy().sum() if len(self.needs) else 0
        return (
            self.counts[SAME] == self.counts["before"] == self.counts["after"]
            and not moved
            and self.supply.empty
        )


def versions(first: Dataset, second: Dataset, vintage: str = admin.DEFAULT_VINTAGE) -> Comparison:
    """Compare two versions of one dataset, or two datasets.

    Parameters
    ----------
    first, second : Dataset
        Before and after, opened; any sizes.
    vintage : str
        Set of provinces of the totals.

    Raises
    ------
    ParameterError
        If the vintage is unknown.
    StoreError
        If one of the two is deleted meanwhile.
    """
    admin.check_vintage(vintage)
    grouped = _grouped(first, second, vintage)
    of_status = grouped.groupby("status")["establishments"].sum().reindex(list(STATUSES), fill_value=0)
    counts = {status: int(of_status[status]) for status in STATUSES}
    both = counts[CHANGED] + counts[SAME]
    confirmed = int(grouped.loc[grouped["status"] == SAME, "confirmed"].sum())
    return Comparison(
        first, second, vintage,
        {"before": counts[REMOVED] + both, "after": counts[ADDED] + both, **counts, "confirmed": confirmed},
        columns=_columns(grouped),
        provinces=_totals(grouped, "province_code"),
        sectors=_totals(grouped, "sector_code"),
        needs=compare_tables.needs(first, second),
        support=compare_tables.support(first, second),
        supply=compare_tables.supply(first, second),
    )  # fmt: skip


def _grouped(first: Dataset, second: Dataset, vintage: str) -> pd.DataFrame:
    """Count the establishments of both by status, and by province and sector before and after.

    One row a group: ``status``; ``province_code_old``, ``…_new``, ``sector_code_old``, ``…_new``;
    ``establishments``, ``confirmed``; ``employees_old``, ``employees_new`` (sums), ``known_old``, ``known_new``
    (establishments whose employees are known); and a count of changes for each column.
    """
    keys = ["status", "province_code_old", "province_code_new", "sector_code_old", "sector_code_new"]
    sums = ["confirmed", "employees_old", "employees_new", *(f"changed_{name}" for name in COLUMNS)]
    table = engine.collect(
        _side_by_side(first, second, f"province_code_{vintage}")
        .group_by(*keys)
        .agg(
            nw.len().alias("establishments"),
            nw.col("employees_old").count().alias("known_old"),
            nw.col("employees_new").count().alias("known_new"),
            *(nw.col(name).sum() for name in sums),
        )
    )
    counts = ["establishments", "known_old", "known_new", *sums]
    table[counts] = table[counts].fillna(0)
    return table.astype({**dict.fromkeys(keys, "str"), **dict.fromkeys(counts, "int64")})


def _side_by_side(first: Dataset, second: Dataset, province: str) -> nw.LazyFrame:
    """Put each establishment beside itself in the other: its status, and 1 for each column that differs."""
    old = engine.lazy(first).select(ID, *COLUMNS)
    new = engine.lazy(second).select(nw.col(name).alias(name + NEW) for name in (ID, *COLUMNS))
    gone, fresh = nw.col(ID + NEW).is_null(), nw.col(ID).is_null()
    sources = {"province_code": province, "sector_code": "sector_code", "employees": "employees"}
    joined = old.join(new, left_on=ID, right_on=ID + NEW, how="full").select(
        **{f"{name}_old": nw.col(source) for name, source in sources.items()},
        **{f"{name}_new": nw.col(source + NEW) for name, source in sources.items()},
        **{f"changed_{n}": (differ(n, n + NEW) & ~gone & ~fresh).cast(nw.Int64) for n in COLUMNS},
        gone=gone,
        fresh=fresh,
    )
    differences = {
        origin: nw.sum_horizontal(f"changed_{name}" for name in COLUMNS if (name in ORIGIN) == origin) > 0
        for origin in (True, False)
    }
    status = nw.when(differences[False]).then(nw.lit(CHANGED)).otherwise(nw.lit(SAME))
    status = nw.when(nw.col("gone")).then(nw.lit(REMOVED)).otherwise(status)
    status = nw.when(nw.col("fresh")).then(nw.lit(ADDED)).otherwise(status)
    return joined.with_columns(status=status, confirmed=differences[True].cast(nw.Int64))


def _columns(grouped: pd.DataFrame) -> pd.DataFrame:
    """Count the changed establishments of each column, most first."""
    changed = [int(grouped[f"changed_{name}"].sum()) for name in COLUMNS]
    table = pd.DataFrame({"column": list(COLUMNS), "changed": changed})
    return table[table["changed"] > 0].sort_values(
        "changed", ascending=False, kind="stable", ignore_index=True
    )


def _totals(grouped: pd.DataFrame, key: str) -> pd.DataFrame:
    """Sum the groups by province or by sector: before, after, and what came, went and changed."""
    old, new, status = grouped[f"{key}_old"], grouped[f"{key}_new"], grouped["status"]
    number = grouped["establishments"]
    stayed = (old == new) | (old.isna() & new.isna())
    left = pd.DataFrame({key: old, "before": number, REMOVED: number.where((status == REMOVED) | ~stayed, 0),
                         "employees_before": grouped["employees_old"],
                         "known_before": grouped["known_old"]})[status != ADDED]  # fmt: skip
    right = pd.DataFrame({key: new, "after": number, ADDED: number.where((status == ADDED) | ~stayed, 0),
                          CHANGED: number.where((status == CHANGED) & stayed, 0),
                          "employees_after": grouped["employees_new"],
                          "known_after": grouped["known_new"]})[status != REMOVED]  # fmt: skip
    sides = [part.groupby(key, dropna=False).sum() for part in (left, right)]
    table = sides[0].join(sides[1], how="outer").fillna(0).astype("Int64")
    table["difference"] = table["after"] - table["before"]
    for when in ("before", "after"):  # nobody's employees known is no figure, not 0
        table[f"employees_{when}"] = table[f"employees_{when}"].where(table[f"known_{when}"] > 0)
    names = ["before", "after", "difference", ADDED, REMOVED, CHANGED]
    table = table.astype(dict.fromkeys(names, "int64"))[[*names, "employees_before", "employees_after"]]
    return table.reset_index(names=key).astype({key: "str"}).sort_values(key, ignore_index=True)
