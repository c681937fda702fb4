"""Who is whose neighbour: provinces, points and hexagons as graphs of libpysal.

Every graph keeps the places that have no neighbour; :func:`islands` names them, so that a measure can
say what it could not judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from geo.errors import DataError, ParameterError
from geo.places import admin, boundaries, distances

# Graphs import libpysal where they are made: it takes over a second to load, and the first page needs none.
if TYPE_CHECKING:
    from libpysal.graph import Graph

#: Metric projection of the whole country (UTM 48N): lengths true to about 1 % over Viet Nam.
_METRIC_CRS = 32648
#: Borders drawn apart by less than twice this (metres) still touch; official files may gape a little.
_GAP_M = 150.0


def contiguity(vintage: str) -> Graph:
    """Return which provinces touch each other.

    Parameters
    ----------
    vintage : {"2025", "pre2025"}

    Returns
    -------
    Graph
        Binary and symmetric, ids are province codes, sorted. Corners count as contact (queen).
    """
    return shape_contiguity(_province_shapes(vintage))


def touching(vintage: str) -> pd.MultiIndex:
    """Return the pairs of provinces that touch each other, as :func:`contiguity` does but without a graph.

    Returns
    -------
    MultiIndex
        (focal, neighbour), province codes; every pair in both directions, sorted.
    """
    return _touching(vintage, boundaries.data_version())


@lru_cache(maxsize=4)
def _touching(vintage: str, version: str) -> pd.MultiIndex:
    """Find the contacts once for every version of the boundaries."""
    return _shape_pairs(_province_shapes(vintage), _GAP_M)


def _province_shapes(vintage: str) -> gpd.GeoSeries:
    """Return the outlines of the provinces by their codes."""
    return boundaries.load("province", vintage, detail="screen").set_index("province_code").geometry


def shape_contiguity(shapes: gpd.GeoSeries, gap_m: float = _GAP_M) -> Graph:
    """Return which shapes touch, with a tolerance for borders that are drawn apart.

    Parameters
    ----------
    shapes : GeoSeries
        Polygons with a CRS, indexed by unique codes.
    gap_m : float
        Shapes touch when they do so after each is widened by so many metres.
    """
    from libpysal.graph import Graph

    pairs = _shape_pairs(shapes, gap_m)
    # A graph knows a place without a neighbour as its own neighbour, of weight 0.
    alone = shapes.index.difference(pairs.get_level_values(0))
    focal, neighbour = (pairs.get_level_values(side).append(alone) for side in (0, 1))
    weight = np.r_[np.ones(len(pairs)), np.zeros(len(alone))]
    order = np.lexsort((neighbour, focal))
    return Graph.from_arrays(focal[order], neighbour[order], weight[order])


def _shape_pairs(shapes: gpd.GeoSeries, gap_m: float) -> pd.MultiIndex:
    """Return the pairs of shapes that lie within twice the gap of each other, in both directions, sorted."""
    metric = shapes.sort_index().to_crs(_METRIC_CRS)
    focal, neighbour = metric.sindex.query(metric, predicate="dwithin", distance=2 * gap_m)
    apart = focal != neighbour
    codes = metric.index
    return pd.MultiIndex.from_arrays([codes[focal[apart]], codes[neighbour[apart]]]).sort_values()


def nearest_provinces(vintage: str, k: int = 4) -> Graph:
    """Return the ``k`` provinces whose points are nearest to each province's point; binary, directed."""
    admin.check_vintage(vintage)
    points = distances.province_points(vintage).sort_index()
    metric = gpd.GeoSeries(gpd.points_from_xy(points["lon"], points["lat"]), points.index, crs=4326)
    return nearest(metric.to_crs(_METRIC_CRS).get_coordinates().to_numpy(), k, ids=list(points.index))


def nearest(points_xy: np.ndarray, k: int, *, ids: Sequence[str | int] | None = None) -> Graph:
    """Return the ``k`` nearest neighbours of every point.

    Parameters
    ----------
    points_xy : array, shape (n, 2)
        Metres (or any one unit of length).
    k : int
        From 1 to n − 1.
    ids : sequence, optional
        Names of the points; by default their positions.

    Returns
    -------
    Graph
        Binary. Directed: a remote point has neighbours that do not have it.

    Raises
    ------
    ParameterError
        If ``k`` is out of its range.
    """
    from libpysal.graph import Graph

    points = _points(points_xy, ids)
    if not 1 <= k < len(points):
        raise ParameterError(
            vi=f"Số láng giềng gần nhất phải từ 1 đến {len(points) - 1}, nhưng nhận được {k}.",
            en=f"The number of nearest neighbours must be from 1 to {len(points) - 1}, but {k} came.",
        )
    places = points.get_coordinates().to_numpy()
    order = np.lexsort(places.T)  # the tree is built from sorted points, so that ties fall alike in any order
    _, near = cKDTree(places[order]).query(places[order], k=k + 1)
    own = near == np.arange(len(order))[:, None]
    own[~own.any(axis=1), -1] = True  # lost among more than k points on its spot: leave out the last instead
    focal, neighbour = np.repeat(order, k), order[near[~own]]
    ids_of = points.index.to_numpy()
    adjacency = pd.DataFrame({"focal": ids_of[focal], "neighbor": ids_of[neighbour]})
    adjacency = adjacency.sort_values(["focal", "neighbor"])
    return Graph.from_arrays(adjacency["focal"], adjacency["neighbor"], np.ones(len(adjacency)))


def distance_band(points_xy: np.ndarray, band: float, *, ids: Sequence[str | int] | None = None) -> Graph:
    """Return the points within a distance of every point.

    Parameters
    ----------
    points_xy : array, shape (n, 2)
        Metres (or any one unit of length).
    band : float
        Greatest distance, itself included, in the same unit; > 0.
    ids : sequence, optional
        Names of the points; by default their positions.

    Returns
    -------
    Graph
        Binary and symmetric; points on one spot are neighbours.

    Raises
    ------
    DataError
        If a coordinate is missing.
    ParameterError
        If the band is not above 0.
    """
    if not band > 0:
        raise ParameterError(
            vi=f"Bán kính lân cận phải lớn hơn 0, nhưng nhận được {band}.",
            en=f"The distance band must be above 0, but {band} came.",
        )
    from libpysal.graph import Graph

    return Graph.build_distance_band(_points(points_xy, ids), threshold=band, binary=True)


def h3_neighbours(cells: Iterable[str], rings: int = 1) -> Graph:
    """Return which hexagons lie within some rings of each other.

    Parameters
    ----------
    cells : iterable of str
        H3 cells of one resolution as text.
    rings : int
        1: the six around a cell; 2: the eighteen; and so on.

    Returns
    -------
    Graph
        Binary and symmetric, ids sorted; only the given cells are neighbours.
    """
    from libpysal.graph import Graph

    return Graph.build_h3(sorted(set(cells)), order=rings, weight="binary")


def islands(graph: Graph) -> list[str]:
    """Return the ids without a neighbour, sorted; local measures cannot judge them by their surroundings."""
    return sorted(str(code) for code in graph.isolates)


def _points(points_xy: np.ndarray, ids: Sequence[str | int] | None) -> gpd.GeoSeries:
    """Bring coordinates to points; refuse gaps."""
    places = np.asarray(points_xy, dtype=float).reshape(-1, 2)
    if not np.isfinite(places).all():
        count = int((~np.isfinite(places).all(axis=1)).sum())
        raise DataError(
            vi=f"Mọi điểm phải có đủ hai toạ độ, nhưng {count} điểm bị thiếu; hãy bỏ hoặc bổ sung các điểm này.",
            en=f"Every point needs both coordinates, but {count} lack one; leave them out or add them.",
        )
    index = pd.RangeIndex(len(places)) if ids is None else pd.Index(ids)
    return gpd.GeoSeries(gpd.points_from_xy(places[:, 0], places[:, 1]), index)
