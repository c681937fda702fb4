"""What support establishments ask for: counts by province, sector and kind of support."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import pandas as pd

from geo.store import engine
from geo.store.catalog import Dataset
from geo.store.filters import Filters, apply
from geo.subjects.establishments import SUPPORT_NEEDS

KEYS = ["province_code", "sector_code"]
#: Numbers of establishments: all, those that state what they need, those that ask for each kind of support.
VALUES = ["establishments", "stated", *SUPPORT_NEEDS]
#: Between the kinds that one establishment asks for.
_SEPARATOR = "|"


def counts(dataset: Dataset, filters: Filters) -> pd.DataFrame:
    """Count the establishments that ask for each kind of support, by province and sector.

    An establishment may ask for several kinds, so the kinds do not add up to ``stated``. One that states
    nothing was not asked, or did not answer: it is not one without needs.

    Parameters
    ----------
    dataset, filters
        What to count.

    Returns
    -------
    DataFrame
        ``province_code`` (in the filters' vintage), ``sector_code`` (class, or division where only it is known;
        missing where neither is), ``establishments``, ``stated`` (with any statement), and one column for each
        of ``establishments.SUPPORT_NEEDS``; sorted by the codes.
    """
    filters = filters.normalised()
    rows = apply(engine.lazy(dataset), filters).with_columns(
        nw.col(filters.province_column).alias("province_code")
    )
    # Rows hold few different statements: these are taken apart after counting.
    grouped = rows.group_by(*KEYS, "support_need").agg(nw.len().alias("establishments"))
    table = engine.collect(grouped)
    told = {text: set(text.split(_SEPARATOR)) - {""} for text in table["support_need"].dropna().unique()}
    asked = [told.get(text, set()) for text in table["support_need"]]
    number = table["establishments"].astype("int64")
    table["stated"] = number * np.array([bool(kinds) for kinds in asked], dtype=bool)
    for kind in SUPPORT_NEEDS:
        table[kind] = number * np.array([kind in kinds for kinds in asked], dtype=bool)
    out = table.groupby(KEYS, as_index=False, dropna=False)[VALUES].sum()
    out = out.astype(dict.fromkeys(KEYS, "str") | dict.fromkeys(VALUES, "int64"))
    return out.sort_values(KEYS, na_position="last", ignore_index=True)


def both_levels(table: pd.DataFrame) -> pd.DataFrame:
    """Return the counts of classes and of divisions with all their classes, in one table.

    Parameters
    ----------
    table : DataFrame
        Of :func:`counts`.

    Returns
    -------
    DataFrame
        The columns of ``table``, ``sector_code`` with 4 or 2 digits; establishments whose sector is not known are
        in neither. Sorted by the codes.
    """
    known = table[table["sector_code"].notna()]
    divisions = known.assign(sector_code=known["sector_code"].str[:2])
    both = pd.concat([known[known["sector_code"].str.len() == 4], divisions], ignore_index=True)
    return both.groupby(KEYS, as_index=False, sort=True)[VALUES].sum()
