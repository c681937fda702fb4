"""What is known of the establishments, counted: columns filled in, places, names borne twice.

Each function is one query, whatever the number of rows, and counts only rows that pass the filters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import h3.api.basic_int as h3
import narwhals as nw
import numpy as np
import pandas as pd

from geo.store import engine
from geo.store.catalog import Dataset
from geo.store.filters import Filters, apply
from geo.subjects.establishments import LOCATION_QUALITIES

#: Resolution of the hexagons that stand for single points: 5 km² each, no corner farther than 1.5 km.
_FINE = 7


def _filled(column: str) -> Callable[[Filters], nw.Expr]:
    """Return the condition that a text column holds something."""
    return lambda _: nw.col(column).fill_null("") != ""


def _there(column: str) -> Callable[[Filters], nw.Expr]:
    """Return the condition that a column of numbers holds something."""
    return lambda _: ~nw.col(column).is_null()


#: What can be known of an establishment, in the order of the tables: name → condition on its row.
KNOWN: Mapping[str, Callable[[Filters], nw.Expr]] = {
    "division": _filled("division_code"),
    "sector_class": lambda _: nw.col("sector_code").fill_null("").str.len_chars() == 4,
    "product": _filled("product"),
    "material": _filled("material_code"),
    "employees": _there("employees"),
    "revenue": _there("revenue_vnd_million"),
    "commune": lambda filters: nw.col(f"commune_code_{filters.vintage}").fill_null("") != "",
    "place": lambda _: nw.col("location_quality").is_in(["point", "commune"]),
    "point": lambda _: nw.col("location_quality") == "point",
    "stated_need": lambda _: nw.col("states_need"),
    "support_need": _filled("support_need"),
    "owner": _filled("owner_flags"),
    "year": _there("year"),
    "source_url": _filled("source_url"),
}
PLACES = tuple(f"location_{quality}" for quality in LOCATION_QUALITIES)
COLUMNS = ["province_code", "establishments", *KNOWN, *PLACES]


def by_province(dataset: Dataset, filters: Filters) -> pd.DataFrame:
    """Count in each province how many establishments have each thing known of them.

    Returns
    -------
    DataFrame
        ``province_code`` (in the filters' vintage), ``establishments``, one column for each of
        :data:`KNOWN` (establishments of which it is known), ``location_point``, ``location_commune``,
        ``location_province`` (what the place on record stands for); only provinces that have
        establishments, sorted.
    """
    filters = filters.normalised()
    marks = {name: known(filters) for name, known in KNOWN.items()}
    marks |= {f"location_{quality}": nw.col("location_quality") == quality for quality in LOCATION_QUALITIES}
    rows = apply(engine.lazy(dataset), filters).select(
        nw.col(filters.province_column).alias("province_code"),
        *(mark.cast(nw.Int64).alias(name) for name, mark in marks.items()),
    )
    grouped = rows.group_by("province_code").agg(
        nw.len().alias("establishments"), *(nw.col(name).sum().alias(name) for name in marks)
    )
    return _typed(engine.collect(grouped)[COLUMNS])


def same_names(dataset: Dataset, filters: Filters) -> pd.DataFrame:
    """Count establishments that bear the very name of another one in the same commune.

    Capitals and outer blanks make no difference; establishments without a commune are left out. A sign of
    records entered twice, not a proof.

    Returns
    -------
    DataFrame
        ``province_code``, ``same_name`` (establishments whose name another bears), ``names`` (how many
        different names they have), sorted.
    """
    filters = filters.normalised()
    rows = apply(engine.lazy(dataset), filters).select(
        nw.col(filters.province_column).alias("province_code"),
        nw.col(f"commune_code_{filters.vintage}").alias("commune_code"),
        nw.col("name").str.strip_chars().str.to_lowercase().alias("name"),
    )
    named = rows.filter(~nw.col("commune_code").is_null())
    bearers = named.group_by("province_code", "commune_code", "name").agg(nw.len().alias("bearers"))
    shared = bearers.filter(nw.col("bearers") > 1).group_by("province_code")
    table = engine.collect(shared.agg(nw.col("bearers").sum().alias("same_name"), nw.len().alias("names")))
    return _typed(table[["province_code", "same_name", "names"]])


def fine_cells(dataset: Dataset, filters: Filters) -> pd.DataFrame:
    """Count establishments with a point of their own by province and fine hexagon.

    Returns
    -------
    DataFrame
        ``province_code`` (as stated, in the filters' vintage), ``lat``, ``lon`` (centre of the hexagon,
        degrees), ``establishments``; sorted.
    """
    filters = filters.normalised()
    cell = nw.col(f"h3_{_FINE}")
    rows = apply(engine.lazy(dataset), filters).filter(nw.col("location_quality") == "point", ~cell.is_null())
    rows = rows.select(nw.col(filters.province_column).alias("province_code"), cell.alias("cell"))
    table = engine.collect(rows.group_by("province_code", "cell").agg(nw.len().alias("establishments")))
    table = table.astype({"cell": "int64"}).sort_values(["province_code", "cell"], ignore_index=True)
    centres = np.array([h3.cell_to_latlng(cell) for cell in table["cell"].tolist()]).reshape(-1, 2)
    out = table.assign(lat=centres[:, 0], lon=centres[:, 1])
    return _typed(out[["province_code", "lat", "lon", "establishments"]])


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    """Give codes and counts the same types from every engine and sort by province."""
    types = {
        name: "str" if name == "province_code" else "int64"
        for name in table.columns
        if name not in ("lat", "lon")
    }
    return table.astype(types).sort_values("province_code", kind="stable", ignore_index=True)
