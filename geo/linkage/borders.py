"""Which provinces share a border, and how long it is."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pandas as pd

from geo.places import boundaries

#: Provinces whose common border is shorter touch in a corner or by a flaw of the drawing.
LEAST_BORDER_KM = 1.0
#: Borders drawn apart by less than this (metres) still count as common; official files may gape a little.
_GAP_M = 300.0
#: Metric projection of the whole country (UTM 48N): lengths true to about 1 % over Viet Nam.
_METRIC_CRS = 32648


def neighbours(vintage: str) -> pd.DataFrame:
    """Return the pairs of provinces with a common border.

    Parameters
    ----------
    vintage : str
        ``2025`` or ``pre2025``.

    Returns
    -------
    DataFrame
        ``first``, ``second`` (codes, first < second), ``border_km`` (length of the common border as
        drawn, ≥ 1 km); sorted. Islands without a land border have no neighbours.
    """
    return _neighbours(vintage, boundaries.data_version()).copy()


@lru_cache(maxsize=8)
def _neighbours(vintage: str, version: str) -> pd.DataFrame:
    """Compute the pairs once for every version of the boundaries."""
    frame = boundaries.load("province", vintage, detail="screen")
    if "province_code" in frame.columns:
        frame = frame.set_index("province_code")
    return common_borders(frame.sort_index().geometry)


def common_borders(shapes: Any) -> pd.DataFrame:
    """Return which shapes share a border and how long it is.

    Parameters
    ----------
    shapes : GeoSeries
        Polygons with a CRS, indexed by ``province_code``, sorted.

    Returns
    -------
    DataFrame
        ``first``, ``second``, ``border_km``; sorted by codes. Symmetric: the order of shapes is irrelevant.
    """
    metric = shapes.to_crs(_METRIC_CRS)
    grown, lines = metric.buffer(_GAP_M), metric.boundary
    left, right = grown.sindex.query(grown.values, predicate="intersects")
    rows = []
    for i, j in zip(left, right, strict=True):
        if metric.index[i] >= metric.index[j]:
            continue
        # The mean of both sides, so that neither side's drawing decides.
        length = (
            lines.iloc[i].intersection(grown.iloc[j]).length
            + lines.iloc[j].intersection(grown.iloc[i]).length
        ) / 2
        if length >= LEAST_BORDER_KM * 1000 + 2 * _GAP_M:
            rows.append((metric.index[i], metric.index[j], round((length - 2 * _GAP_M) / 1000, 1)))
    return pd.DataFrame(sorted(rows), columns=["first", "second", "border_km"])
