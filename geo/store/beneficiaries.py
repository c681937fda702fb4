"""Who stands where among the establishments, as the rules of support ask: wards, craft villages, owners."""

from __future__ import annotations

from functools import cache

import narwhals as nw
import pandas as pd

from geo.places import admin, locate
from geo.store import engine
from geo.store.catalog import Dataset
from geo.store.filters import Filters, apply

COLUMNS = ["province_code", "sector_code", "establishments", "commune_known", "outside", "women", "minority"]
#: How the name of an urban commune begins.
_WARD = "Phường "


def counts(dataset: Dataset, filters: Filters) -> pd.DataFrame:
    """Count the establishments that the rules of support look at, by province and sector.

    Parameters
    ----------
    dataset, filters
        What to count.

    Returns
    -------
    DataFrame
        ``province_code`` (in the filters' vintage), ``sector_code`` (classes, and divisions with all their
        classes), ``establishments``, ``commune_known`` (today's commune is known), ``outside`` (in a ward of a city
        under the central government, outside craft villages), ``women`` and ``minority`` (owned by women, by
        people of ethnic minorities, as far as is known); sorted.
    """
    filters = filters.normalised()
    commune = nw.col("commune_code_2025")
    owners = nw.col("owner_flags").fill_null("")
    flags = {
        "commune_known": ~commune.is_null(),
        "outside": commune.fill_null("").is_in(wards_of_cities()) & ~nw.col("craft_village"),
        "women": owners.str.contains("women", literal=True),
        "minority": owners.str.contains("ethnic_minority", literal=True),
    }
    keys = ["province_code", "sector_code", "division_code"]
    rows = apply(engine.lazy(dataset), filters).with_columns(
        nw.col(filters.province_column).alias("province_code"),
        **{name: flag.cast(nw.Int64) for name, flag in flags.items()},
    )
    grouped = rows.group_by(*keys).agg(
        nw.len().alias("establishments"), *(nw.col(name).sum().alias(name) for name in flags)
    )
    table = engine.collect(grouped)
    classes = table[table["sector_code"].str.len() == 4]
    divisions = table.assign(sector_code=table["division_code"])
    both = pd.concat([classes, divisions], ignore_index=True)
    out = both.groupby(COLUMNS[:2], as_index=False, sort=True)[COLUMNS[2:]].sum()
    return out.astype(dict.fromkeys(COLUMNS[:2], "str") | dict.fromkeys(COLUMNS[2:], "int64"))


@cache
def wards_of_cities() -> tuple[str, ...]:
    """Return today's wards (phường) of the cities that are today under the central government."""
    provinces = admin.provinces("2025")
    cities = provinces.index[provinces["province_type"] == "thành phố"]
    communes = locate.communes("2025")
    inside = communes["province_code"].isin(cities) & communes["name_vi"].str.startswith(_WARD)
    return tuple(communes.index[inside])
