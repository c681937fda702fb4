"""What the worked examples of the methods page are about: one province and one sector of the data in force."""

from __future__ import annotations

import pandas as pd

from geo.store import aggregate
from geo.store.filters import Filters
from ui import cached, views
from ui.context import Context

LEVEL = "division"


def filters(context: Context) -> Filters:
    """The filters of measures that compare the whole country and all sectors: years and sizes only."""
    return context.view.filters.without("regions", "provinces", "materials", "sectors")


def counts(context: Context, value: str = "establishments", level: str = LEVEL) -> pd.DataFrame:
    """Province × sector of the whole country."""
    dataset = context.dataset
    table = cached.counts(dataset.name, dataset.version, filters(context))
    return aggregate.matrix(table, level=level, value=value)


def pair(context: Context) -> pd.Series | None:
    """The row of location quotients that the examples are about.

    The strongest sure one among the provinces and sectors chosen; where none is sure, the one with the most
    establishments; ``None`` where nothing is chosen that has any.
    """
    table = views.lq(context, LEVEL)
    chosen = context.view.filters
    inside = table["province_code"].isin(views.scope(context).codes)
    if chosen.sectors:
        inside &= table["sector_code"].isin({code[:2] for code in chosen.sectors})
    table = table[inside]
    if table.empty:
        return None
    order = ["surely_specialised", "lq"] if table["surely_specialised"].any() else ["establishments", "lq"]
    ordered = table.sort_values(
        [*order, "province_code", "sector_code"], ascending=[False, False, True, True]
    )
    return ordered.iloc[0]


def percent(context: Context, share: float, digits: int = 1) -> str:
    """Write a share of 0–1 as a percentage."""
    return f"{context.t.number(100 * share, digits)} %"


def signed(context: Context, value: float, digits: int = 0) -> str:
    """Write a gain or a loss with its sign."""
    return f"{'−' if value < 0 else '+'}{context.t.number(abs(value), digits)}"
