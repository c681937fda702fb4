"""Figures of the quality view: gathered once for all its parts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from geo.measures import quality
from geo.places import boundaries
from geo.store.quality_counts import KNOWN
from ui import cached, views
from ui.context import Context

#: Columns shown, in this order; all that is counted.
COLUMNS = tuple(KNOWN)


@dataclass(frozen=True)
class Figures:
    """What is known of the establishments that the filters keep, and of their provinces."""

    context: Context
    counts: pd.DataFrame
    codes: tuple[str, ...]

    @property
    def total(self) -> int:
        """Establishments looked at."""
        return int(self.counts["establishments"].sum())

    @cached_property
    def columns(self) -> pd.DataFrame:
        """How much of each column is filled in."""
        return quality.columns(self.counts, COLUMNS)

    @cached_property
    def provinces(self) -> pd.DataFrame:
        """How much of each column is filled in, by province."""
        return quality.by_province(self.counts, COLUMNS, self.codes)

    @cached_property
    def places(self) -> pd.DataFrame:
        """What the places on record stand for, by province."""
        dataset, filters = self.context.dataset, self.context.view.filters
        far = cached.far_outside(dataset.name, dataset.version, filters, boundaries.data_version())
        return quality.places(self.counts, far)

    @cached_property
    def coverage(self) -> pd.DataFrame:
        """Establishments against the official counts; only regions and provinces narrow it."""
        dataset, filters = self.context.dataset, self.context.view.filters
        whole = filters.without("regions", "provinces", "sectors", "materials", "years", "sizes")
        counts = cached.known_by_province(dataset.name, dataset.version, whole)
        table = quality.coverage(counts.set_index("province_code")["establishments"], filters.vintage)
        return table.loc[sorted(self.codes)]

    @cached_property
    def by_year(self) -> pd.DataFrame:
        """Records of each year."""
        return quality.by_year(self._years)

    @cached_property
    def ages(self) -> pd.DataFrame:
        """How old the records of each province are."""
        return quality.ages(self._years)

    @property
    def _years(self) -> pd.DataFrame:
        """Establishments by province and year, as every page counts them."""
        dataset = self.context.dataset
        return cached.counts(dataset.name, dataset.version, self.context.view.filters)

    def share(self, column: str) -> float:
        """Share of the establishments of which a column is known; NaN without establishments."""
        shares = self.columns.set_index("column")["known_share"]
        return float(shares.to_dict()[column])


def figures(context: Context) -> Figures:
    """Gather the figures of the data set in force under the filters."""
    dataset = context.dataset
    counts = cached.known_by_province(dataset.name, dataset.version, context.view.filters)
    return Figures(context, counts, views.scope(context).codes)


def percent(context: Context, share: float) -> str:
    """Write a share as a percentage; what is not all is never written as all, nor little as nothing."""
    if pd.isna(share):
        return "—"
    digits = 0 if share in (0.0, 1.0) or 0.0095 <= share <= 0.99 else 1
    value = min(max(share * 100, 0.1), 99.9) if 0 < share < 1 else share * 100
    return (
        f"{context.t.number(value, digits)}%"
        if context.t.lang == "en"
        else f"{context.t.number(value, digits)} %"
    )
