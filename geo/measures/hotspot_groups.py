"""Dense groups of a sector's establishments: HDBSCAN in projected metres.

Few establishments are grouped one by one. Many are first gathered by hexagon, and each hexagon counts as
often as it holds establishments: the core distance of a place (Campello, Moulavi & Sander 2013), within
which it has so many neighbours, counts each place with its number, and inside a hexagon they are taken as
spread evenly. So do establishments that are stacked on their commune's point weigh what they should.

HDBSCAN finds where establishments are dense, and so also where people live; and groups found in some data
are dense in these data by construction. Only establishments in hot hexagons, which are tested against all
establishments, are therefore grouped: the hexagons say where the sector is clustered, the groups say more
exactly which establishments belong together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import h3.api.basic_int as h3
import numpy as np
import pandas as pd
import shapely
from scipy.spatial.distance import cdist

from geo.measures.hotspot_null import hexagon_shapes
from geo.places import plane
from geo.store.catalog import Dataset
from geo.store.cell_counts import cell_counts, places
from geo.store.filters import Filters

#: H3 resolution at which all establishments inside a hull are counted (about 5 km² a cell).
FINE = 7
#: Most places grouped at once; a table of their distances takes 72 MB.
MOST_PLACES = 3_000
#: Establishments within the core distance, and the fewest of a group (as the floor of location quotients).
NEIGHBOURS = 5
#: … and, where there are many, the fewest as a share of all that are grouped: less is a detail (assumption).
LEAST_PART = 0.01
#: Room around the outermost establishments of a group (metres): about one commune.
_MARGIN_M = 2_000.0
#: Between the tightest hull (0) and the convex one (1).
_CONCAVITY = 0.5


def group(
    points_xy: np.ndarray, weight: np.ndarray, *, spread_m: float = 0.0, neighbours: int = NEIGHBOURS
) -> np.ndarray:
    """Return the group of every place; −1 for noise.

    Parameters
    ----------
    points_xy : array, shape (n, 2)
        Metres, all different.
    weight : array, shape (n,)
        Establishments at each place, ≥ 1.
    spread_m : float
        Radius (metres) of the disc over which the establishments of a place are spread; 0 for points.
    neighbours : int
        Establishments within the core distance of a place, itself included; groups of fewer are noise.

    Returns
    -------
    array of int, shape (n,)
        Numbered from the westernmost group on; the order of places changes nothing.

    References
    ----------
    Campello, Moulavi & Sander (2013), PAKDD; as in sklearn.cluster.HDBSCAN.
    """
    from sklearn.cluster import HDBSCAN  # here: it takes a second to load, and only dense groups need it

    points_xy, weight = np.asarray(points_xy, dtype=float).reshape(-1, 2), np.asarray(weight, dtype=float)
    order = np.lexsort((points_xy[:, 1], points_xy[:, 0]))
    labels = np.full(len(order), -1)
    # A group of so many places holds `neighbours` establishments on average.
    least = max(2, int(np.ceil(neighbours * len(weight) / max(weight.sum(), 1.0))))
    if weight.sum() >= neighbours and len(order) > least:
        reach = _reachability(points_xy[order], weight[order], spread_m, neighbours)
        found = HDBSCAN(min_cluster_size=least, min_samples=1, metric="precomputed", copy=False).fit(reach)
        labels[order] = _large_enough(found.labels_, weight[order], neighbours)
    return labels


def _reachability(points_xy: np.ndarray, weight: np.ndarray, spread_m: float, neighbours: int) -> np.ndarray:
    """Return the mutual reachability of sorted places, which the weights enter through core distances."""
    apart = np.maximum(cdist(points_xy, points_xy) - 2 * spread_m, 0.0)
    near = np.argsort(apart, axis=1, kind="stable")
    reached = np.cumsum(weight[near], axis=1) >= neighbours
    last = np.where(reached.any(axis=1), reached.argmax(axis=1), len(weight) - 1)
    rows = np.arange(len(weight))
    core = np.maximum(apart[rows, near[rows, last]], spread_m * np.sqrt(neighbours / weight))
    reach = np.maximum(apart, np.maximum(core[:, None], core[None, :]))
    # A metre at least: two heavy places on one spot are dense, not infinitely so.
    reach = np.maximum(reach, 1.0)
    np.fill_diagonal(reach, 0.0)
    return reach


def _large_enough(labels: np.ndarray, weight: np.ndarray, neighbours: int) -> np.ndarray:
    """Turn groups with too few establishments into noise; number the others in order of appearance."""
    size = pd.Series(weight).groupby(labels).sum()
    kept = [label for label in dict.fromkeys(labels.tolist()) if label >= 0 and size[label] >= neighbours]
    number = {label: place for place, label in enumerate(kept)}
    return np.array([number.get(label, -1) for label in labels.tolist()])


@dataclass(frozen=True)
class Groups:
    """The dense groups of a sector.

    Attributes
    ----------
    members : DataFrame
        ``cluster_id``, ``sector_code``, ``cell`` (64-bit integers), ``p_fdr`` (smallest of the hot hexagons
        that the group stands in).
    outlines : mapping
        Shape (EPSG:4326, not clipped) by ``cluster_id``.
    resolution : int
        H3 resolution of the cells: those that were grouped, or else the fine ones inside the outline.
    noise : int
        Establishments in hot hexagons that are in no group.
    """

    members: pd.DataFrame
    outlines: dict[str, Any]
    resolution: int
    noise: int


def groups(dataset: Dataset, filters: Filters, sector: str, surface: pd.DataFrame, resolution: int) -> Groups:
    """Group the establishments that stand in hot hexagons.

    Parameters
    ----------
    dataset, filters, sector
        Which establishments.
    surface : DataFrame
        ``cell``, ``p_fdr``, ``hot`` as :func:`geo.measures.hotspots.surface` returns them.
    resolution : int
        H3 resolution of the surface.
    """
    hot = surface[surface["hot"]]
    p_hot = pd.Series(hot["p_fdr"].to_numpy(), [h3.str_to_int(cell) for cell in hot["cell"]], dtype=float)
    spots, fineness = places(dataset, filters, sector, MOST_PLACES, within=(resolution, tuple(p_hot.index)))
    spread_m = 0.0 if fineness is None else float(np.sqrt(h3.average_hexagon_area(fineness, "m^2") / np.pi))
    xy = plane.points_to_plane(spots["lon"].to_numpy(), spots["lat"].to_numpy())
    weight = spots["establishments"].to_numpy()
    fewest = max(NEIGHBOURS, int(np.ceil(LEAST_PART * weight.sum())))
    labels = group(xy, weight, spread_m=spread_m, neighbours=fewest)
    p_here = p_hot.reindex(spots["within"]).to_numpy()
    shape_of = _hull(dataset, filters, xy) if fineness is None else _hexagons(spots, fineness)
    parts, outlines = [], {}
    for label in range(labels.max(initial=-1) + 1):
        mine = np.flatnonzero(labels == label)
        key = f"{sector}-g{label + 1:03d}"
        cells, outlines[key] = shape_of(mine)
        part = {"cluster_id": key, "sector_code": sector, "cell": cells, "p_fdr": float(np.min(p_here[mine]))}
        parts.append(pd.DataFrame(part))
    types = {"cluster_id": "str", "sector_code": "str", "cell": "int64", "p_fdr": "float64"}
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(types))
    noise = int(weight[labels < 0].sum())
    return Groups(table.astype(types), outlines, FINE if fineness is None else fineness, noise)


Shaper = Callable[[np.ndarray], tuple[np.ndarray, Any]]


def _hexagons(spots: pd.DataFrame, resolution: int) -> Shaper:
    """Return how grouped hexagons become cells and an outline: their union."""
    centres = zip(spots["lat"], spots["lon"], strict=True)
    cells = np.array([h3.latlng_to_cell(lat, lon, resolution) for lat, lon in centres], dtype=np.int64)
    return lambda mine: (np.sort(cells[mine]), shapely.union_all(hexagon_shapes(cells[mine])))


def _hull(dataset: Dataset, filters: Filters, xy: np.ndarray) -> Shaper:
    """Return how grouped points become cells and an outline: a hull with room, and the fine cells in it."""
    cells = np.unique(cell_counts(dataset, filters, FINE).placed["cell"].to_numpy())
    centres = np.array([h3.cell_to_latlng(cell) for cell in cells.tolist()]).reshape(-1, 2)
    spots = shapely.points(plane.points_to_plane(centres[:, 1], centres[:, 0]))
    tree = shapely.STRtree(np.atleast_1d(np.asarray(spots, dtype=object)))

    def shape(mine: np.ndarray) -> tuple[np.ndarray, Any]:
        hull = shapely.concave_hull(shapely.multipoints(xy[mine]), ratio=_CONCAVITY)
        hull = hull.buffer(_MARGIN_M, quad_segs=4)
        return np.sort(cells[tree.query(hull, predicate="intersects")]), plane.to_degrees(hull)

    return shape
