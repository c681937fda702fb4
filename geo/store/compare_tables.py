"""The smaller tables of a comparison: needs of materials, support asked for, own supply of materials."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from geo.store import engine
from geo.store.catalog import SUPPLY, Dataset
from geo.store.compared import ADDED, CHANGED, NEW, REMOVED, SAME
from geo.subjects.own_supply import KEY

_NEED_KEY = ["establishment_id", "material_code", "origin_province_code", "origin_vintage"]


def needs(first: Dataset, second: Dataset) -> pd.DataFrame:
    """Sum the stated needs of materials of both, by material."""
    sides = [
        engine.lazy(dataset, "needs")
        .with_columns(*(nw.col(name).fill_null("") for name in _NEED_KEY))
        .group_by(*_NEED_KEY)
        .agg(nw.col("need_tonnes").sum().alias(f"tonnes_{when}"))
        for dataset, when in ((first, "before"), (second, "after"))
    ]
    renamed = sides[1].rename({name: name + NEW for name in _NEED_KEY})
    joined = sides[0].join(
        renamed, left_on=_NEED_KEY, right_on=[name + NEW for name in _NEED_KEY], how="full"
    )
    before, after = nw.col("tonnes_before"), nw.col("tonnes_after")
    states = {
        ADDED: before.is_null(),
        REMOVED: after.is_null(),
        CHANGED: (before != after).fill_null(False),
        SAME: (before == after).fill_null(False),
    }
    material = (
        nw.when(before.is_null()).then(nw.col("material_code" + NEW)).otherwise(nw.col("material_code"))
    )
    table = engine.collect(
        joined.with_columns(**states, material=material)
        .group_by("material")
        .agg(before.sum(), after.sum(), *(nw.col(name).cast(nw.Int64).sum() for name in states))
    ).rename(columns={"material": "material_code"})
    tonnes = ["tonnes_before", "tonnes_after"]
    table = table.astype({"material_code": "str", **dict.fromkeys(tonnes, "float64")})
    table[tonnes] = table[tonnes].round(6)  # engines add in any order
    table = table.astype(dict.fromkeys(states, "int64"))
    stayed = table[CHANGED] + table[SAME]
    for name, gone in zip(tonnes, (REMOVED, ADDED), strict=True):
        table[name] = table[name].where(stayed + table[gone] > 0)
    return table[["material_code", *tonnes, *states]].sort_values("material_code", ignore_index=True)


def support(first: Dataset, second: Dataset) -> pd.DataFrame:
    """Count the establishments of both that ask for each kind of support."""
    asked = []
    for dataset in (first, second):
        listed = engine.lazy(dataset).filter(~nw.col("support_need").is_null())
        sets = engine.collect(listed.group_by("support_need").agg(nw.len().alias("establishments")))
        each = sets.assign(support_need=sets["support_need"].astype("str").str.split("|")).explode(
            "support_need"
        )
        asked.append(each.groupby("support_need")["establishments"].sum().astype("int64"))
    table = pd.DataFrame({"before": asked[0], "after": asked[1]}).fillna(0).astype("int64")
    table = table.assign(difference=table["after"] - table["before"])
    return table.rename_axis("support_need").reset_index().sort_values("support_need", ignore_index=True)


def supply(first: Dataset, second: Dataset) -> pd.DataFrame:
    """Lay the own supplies of materials side by side and keep what is not the same; a few thousand rows at most."""
    before, after = (_own_supply(dataset) for dataset in (first, second))
    table = before.merge(after, on=KEY, how="outer", suffixes=("_before", "_after"), indicator=True)
    table = table.rename(
        columns={"supply_tonnes_before": "tonnes_before", "supply_tonnes_after": "tonnes_after"}
    )
    same = table["tonnes_before"] == table["tonnes_after"]
    status = table["_merge"].map({"left_only": REMOVED, "right_only": ADDED, "both": CHANGED}).astype("str")
    table = table.assign(status=status)[~same]
    names = [*KEY, "status", "tonnes_before", "tonnes_after"]
    return table[names].sort_values(KEY, ignore_index=True)


def _own_supply(dataset: Dataset) -> pd.DataFrame:
    """Read the own supply of a dataset, summed to one row a key; empty where it has none."""
    types = {
        "material_code": "str",
        "vintage": "str",
        "province_code": "str",
        "year": "Int64",
        "supply_tonnes": "float64",
    }
    if SUPPLY not in dataset.manifest["tables"]:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in types.items()})
    rows = engine.collect(engine.lazy(dataset, SUPPLY).select(*types)).astype(types)
    return rows.groupby(KEY, dropna=False, as_index=False).sum()
