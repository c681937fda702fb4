"""Opportunities added up between pairs of provinces and pairs of regions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

import pandas as pd

from geo.errors import ParameterError
from geo.linkage.model import Opportunity
from geo.places import admin

VALUES = ("count", "score", "tonnes")


def pairs(opportunities: Iterable[Opportunity]) -> pd.DataFrame:
    """Return one row for each pair of provinces of each opportunity.

    Returns
    -------
    DataFrame
        ``id``, ``kind``, ``first``, ``second`` (source or core first), ``count`` (1), ``score`` (0–1),
        ``tonnes`` (a year; 0 for kinds that carry nothing); in the order given.
    """
    rows = [
        (o.id, o.kind, a, b, 1, o.score, o.magnitude if o.unit == "tonnes_per_year" else 0.0)
        for o in opportunities
        for a, b in combinations(o.province_codes, 2)
    ]
    return pd.DataFrame(rows, columns=["id", "kind", "first", "second", *VALUES])


def province_matrix(
    opportunities: Sequence[Opportunity], value: str = "count", vintage: str | None = None
) -> pd.DataFrame:
    """Return the province × province matrix of opportunities.

    Parameters
    ----------
    opportunities : sequence of Opportunity
        All of one vintage.
    value : {"count", "score", "tonnes"}
        ``count`` and ``score`` (sum of scores) are symmetric: a pair stands in both of its cells.
        ``tonnes`` a year run from the row (source) to the column (processor).
    vintage : str or None
        Provinces of the matrix; ``None`` takes that of the opportunities, 2025 when there are none.

    Returns
    -------
    DataFrame
        All provinces of the vintage, sorted by code, both ways; 0 where there is no opportunity.

    Raises
    ------
    ParameterError
        If ``value`` is unknown or the opportunities are of another vintage.
    """
    codes = list(admin.provinces(_vintage(opportunities, vintage)).index)
    return _square(pairs(opportunities), codes, value)


def region_matrix(
    opportunities: Sequence[Opportunity], region_set: str | None = None, value: str = "count"
) -> pd.DataFrame:
    """Return the region × region matrix of opportunities.

    Parameters
    ----------
    opportunities : sequence of Opportunity
        All of one vintage.
    region_set : str or None
        Region set of that vintage; ``None`` takes its default.
    value : {"count", "score", "tonnes"}
        As in ``province_matrix``; the diagonal holds what stays inside a region, counted once.

    Raises
    ------
    ParameterError
        If ``value`` is unknown or the region set is of another vintage.
    """
    if region_set is None:
        region_set = admin.default_region_set(_vintage(opportunities, None))
    _vintage(opportunities, admin.region_set_vintage(region_set))
    region_of = admin.province_regions(region_set)
    table = pairs(opportunities)
    table = table.assign(first=table["first"].map(region_of), second=table["second"].map(region_of))
    return _square(table, list(admin.regions(region_set).index), value)


def _square(table: pd.DataFrame, codes: list[str], value: str) -> pd.DataFrame:
    """Add up one value over ``codes`` × ``codes``."""
    if value not in VALUES:
        raise ParameterError(
            vi=f"Ma trận chỉ cộng được một trong: {', '.join(VALUES)}; nhận được “{value}”. Hãy chọn lại.",
            en=f'The matrix adds up one of {", ".join(VALUES)}; got "{value}". Choose one of them.',
        )
    summed = table.groupby(["first", "second"])[value].sum().unstack()
    out = summed.reindex(index=codes, columns=codes).fillna(0.0)
    if value != "tonnes":
        diagonal = out.where(pd.DataFrame({c: [c == r for r in codes] for c in codes}, index=codes), 0.0)
        out = out + out.T - diagonal
    return out.astype(int) if value == "count" else out.astype(float)


def _vintage(opportunities: Sequence[Opportunity], vintage: str | None) -> str:
    """Return the one vintage of the opportunities and refuse a mixture."""
    found = {o.vintage for o in opportunities}
    wanted = vintage or (min(found) if found else admin.DEFAULT_VINTAGE)
    if found - {wanted}:
        raise ParameterError(
            vi=f"Ma trận của bộ “{wanted}” không nhận cơ hội thuộc bộ “{', '.join(sorted(found))}”; "
            "hãy chọn cơ "
            "hội và vùng của cùng một bộ đơn vị hành chính.",
            en=f'A matrix of vintage "{wanted}" cannot take opportunities of '
            f'"{", ".join(sorted(found))}"; choose '
            "opportunities and regions of one vintage.",
        )
    return wanted
