"""Where establishments say their raw material comes from: stated needs by province of origin."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from geo.places import admin
from geo.store import engine
from geo.store.aggregate import needs_of
from geo.store.catalog import Dataset
from geo.store.filters import Filters

COLUMNS = ["material_code", "origin_code", "destination_code", "stated_tonnes", "stated_establishments"]


def stated_origins(dataset: Dataset, filters: Filters) -> tuple[pd.DataFrame, int]:
    """Sum the stated needs by material, province of origin and province of the establishment.

    Parameters
    ----------
    dataset : Dataset
        Establishments and their stated needs.
    filters : Filters
        Narrow the establishments that need; a material filter narrows the materials summed as well.

    Returns
    -------
    (DataFrame, int)
        ``material_code``, ``origin_code``, ``destination_code`` (both in the filters' vintage),
        ``stated_tonnes`` (a year), ``stated_establishments``; sorted by codes. And the number of needs
        whose origin cannot be brought to the vintage: a province of 2025 made of several old ones.
    """
    filters = filters.normalised()
    needs = needs_of(dataset, filters).filter(~nw.col("origin_province_code").is_null())
    needs = needs.with_columns(nw.col("province_code").alias("destination_code"))
    keys = ["material_code", "origin_vintage", "origin_province_code", "destination_code"]
    grouped = needs.group_by(*keys).agg(
        nw.col("need_tonnes").sum().alias("stated_tonnes"),
        nw.col("establishment_id").n_unique().alias("stated_establishments"),
    )
    table = engine.collect(grouped)
    known = _codes_in(filters.vintage)
    found = zip(table["origin_vintage"], table["origin_province_code"], strict=True)
    codes = [known.get((str(vintage), str(code))) for vintage, code in found]
    table = table.assign(origin_code=pd.Series(codes, index=table.index, dtype="object"))
    lost = int(table.loc[table["origin_code"].isna(), "stated_establishments"].sum())
    sums = table.dropna(subset=["origin_code"]).groupby(COLUMNS[:3], sort=True)[COLUMNS[3:]].sum()
    out = sums.reset_index().astype({"stated_tonnes": "float64", "stated_establishments": "int64"})
    # Engines add in any order; digits far below a tonne are noise.
    return out.assign(stated_tonnes=out["stated_tonnes"].round(6)), lost


def _codes_in(wanted: str) -> dict[tuple[str, str], str]:
    """Return (vintage, code) -> code in the vintage wanted, where it is certain."""
    walk = admin.crosswalk()
    known = {(wanted, str(code)): str(code) for code in admin.provinces(wanted).index}
    if wanted == "2025":
        return known | {
            ("pre2025", old): new for old, new in zip(walk["pre2025_code"], walk["code_2025"], strict=True)
        }
    # Only a new province that was made of one old province can be brought back.
    alone = walk[~walk["code_2025"].duplicated(keep=False)]
    return known | {
        ("2025", new): old for old, new in zip(alone["pre2025_code"], alone["code_2025"], strict=True)
    }
