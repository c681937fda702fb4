"""Label ground with communes: which commune of either vintage does each spot belong to?

A commune is known by a point, and mostly by its bounding box and its official area. A spot belongs to
the commune in whose box it lies most centrally (the boxes scaled so that areas come out right); where
no box holds it, to the nearest box. Labels are then cleaned so that a commune is one piece per island.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from geo.places.plane import points_to_plane

VIEWPORT_M = (290.0, 305.0)  # height of the box the geocoder gives to a mere address
LARGEST_BOX_M = 60_000.0
VILLAGE = 0.12  # a box smaller than this part of the expected area holds one village, not the commune
GUESS = 0.55  # half-width of a guessed box, in square roots of the expected area
WADE_M = 3000.0  # a commune's point in water this near the land belongs to that shore
TRUSTED_AREA = (0.5, 2.0)  # official areas outside this range of ours are the source's slips
FIT_ROUNDS = 6
LATTICE_M = 700.0
SITE_STEP_M = (220.0, 1200.0)  # smallest and largest spacing of the sites in a box
SHORE_M = 1500.0  # sites reach this far beyond the land, so that cells cut the shore cleanly
NEAREST = 12
ISLET_M2 = 100e6  # land parts below this size get sites of their own
RIVALRY = 2.2  # a site matters when the second commune's cost is less than this times the first's


@dataclass(frozen=True)
class Seeds:
    """Old communes as points with boxes, in metres (arrays of one length, sorted by ``code``)."""

    code: np.ndarray
    xy: np.ndarray
    low: np.ndarray  # west, south
    high: np.ndarray  # east, north


def _corners(old: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """South-west and north-east corners of the communes' boxes in metres."""
    return (
        points_to_plane(old["west"].to_numpy(), old["south"].to_numpy()),
        points_to_plane(old["east"].to_numpy(), old["north"].to_numpy()),
    )


def ashore(seeds: Seeds, land: BaseGeometry) -> Seeds:
    """Seeds moved onto the land when they stand in water at most ``WADE_M`` from it, boxes widened."""
    points = np.asarray(shapely.points(seeds.xy))
    shapely.prepare(land)
    wet = np.flatnonzero(~shapely.contains(land, points))
    inner = shapely.union_all([land.buffer(-60), *_small_cores(land)])
    step = shapely.shortest_line(points[wet], inner)
    near = shapely.length(step) <= WADE_M
    xy = seeds.xy.copy()
    xy[wet[near]] = shapely.get_coordinates(shapely.get_point(np.asarray(step)[near], 1))
    return Seeds(seeds.code, xy, np.minimum(seeds.low, xy - 200), np.maximum(seeds.high, xy + 200))


def _small_cores(land: BaseGeometry) -> list[BaseGeometry]:
    """A point inside each part of the land, so that islets are reached too."""
    return [shapely.point_on_surface(part) for part in shapely.get_parts(land)]


def make_seeds(old: pd.DataFrame, new: pd.DataFrame) -> Seeds:
    """Seeds of all old communes that have a position; a box that cannot be true is replaced by a guess.

    Communes placed at their successor's point are spread around it: where they lie in it is unknown.
    """
    old = old.dropna(subset=["lat"]).sort_values("commune_code", ignore_index=True)
    xy = points_to_plane(old["lon"].to_numpy(), old["lat"].to_numpy())
    low, high = _corners(old)
    size = high - low
    area = old["code_2025"].map(new.set_index("commune_code")["area_km2"]).to_numpy() * 1e6
    kept = (old["point_quality"] == "ok").to_numpy()
    _, near = cKDTree(xy).query(xy, k=8)
    half = np.sqrt(size.prod(axis=1)) / 2
    sound = kept & (size.min(axis=1) > 150) & (size.max(axis=1) < LARGEST_BOX_M)
    sound &= ~((size[:, 1] > VIEWPORT_M[0]) & (size[:, 1] < VIEWPORT_M[1]))
    sound &= ((xy >= low) & (xy <= high)).all(axis=1)
    beside = np.where(sound[near[:, 1:]], half[near[:, 1:]], np.nan)
    beside[np.isnan(beside).all(axis=1)] = np.median(half[sound])
    around = np.nanmedian(beside, axis=1)
    sound &= ~((size.prod(axis=1) > 4 * area) & (half > 2 * around))
    parts = old.groupby("code_2025")["commune_code"].transform("size").to_numpy()
    sound &= ~(size.prod(axis=1) < VILLAGE * area / parts)
    around = np.fmax(around, np.sqrt(area / parts) * GUESS)
    shared = old.loc[~kept, "code_2025"]
    rank, many = shared.groupby(shared).cumcount(), shared.groupby(shared).transform("size")
    guess = around.copy()
    own = np.sqrt(np.nan_to_num(area[~kept], nan=1e8) / many.to_numpy()) * 0.65
    turn = 2 * np.pi * rank.to_numpy() / many.to_numpy()
    offset = np.where(many.to_numpy() > 1, own, 0.0)[:, None] * np.column_stack([np.cos(turn), np.sin(turn)])
    xy[~kept] += offset
    guess[~kept] = own
    low = np.where(sound[:, None], low, xy - guess[:, None])
    high = np.where(sound[:, None], high, xy + guess[:, None])
    return Seeds(old["commune_code"].to_numpy(dtype=object), xy, low, high)


def candidates(points: np.ndarray, seeds: Seeds) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs (point, seed, cost) of the communes a point may belong to, sorted by point.

    Inside a box the cost is the squared distance from the commune's point in units of the box (0 at
    the point, 1 at the middle of an edge). A point in no box gets its nearest boxes with a cost > 2.
    """
    boxes = shapely.STRtree(shapely.box(*seeds.low.T, *seeds.high.T))
    who, seed = boxes.query(shapely.points(points), predicate="intersects")
    away = points[who] - seeds.xy[seed]
    reach = np.where(away > 0, seeds.high[seed] - seeds.xy[seed], seeds.xy[seed] - seeds.low[seed])
    cost = ((away / np.maximum(reach, 50.0)) ** 2).sum(axis=1)
    bare = np.setdiff1d(np.arange(len(points)), who)
    count = min(NEAREST, len(seeds.code))
    _, near = cKDTree(seeds.xy).query(points[bare], k=count)
    spot = points[bare][:, None, :]
    gap = np.maximum(np.maximum(seeds.low[near] - spot, spot - seeds.high[near]), 0)
    km = np.hypot(gap[..., 0], gap[..., 1]) + 0.05 * np.linalg.norm(spot - seeds.xy[near], axis=2)
    who = np.concatenate([who, np.repeat(bare, count)])
    seed = np.concatenate([seed, near.ravel()])
    cost = np.concatenate([cost, 2 + km.ravel() / 1000])
    order = np.lexsort((seed, who))
    return who[order], seed[order], cost[order]


def _scaled(cost: np.ndarray, seed: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Cost in the scaled box; costs beyond 2 lie outside every box and are not scaled."""
    return np.where(cost > 2, cost, cost / scale[seed])


def _first_of(who: np.ndarray) -> np.ndarray:
    """Where each point's pairs begin (pairs are sorted by point)."""
    return np.flatnonzero(np.concatenate([[True], np.diff(who) > 0]))


def cheapest(who: np.ndarray, seed: np.ndarray, cost: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Seed of least scaled cost for each point; of equals the first."""
    scaled, first = _scaled(cost, seed, scale), _first_of(who)
    least = np.minimum.reduceat(scaled, first)[np.cumsum(np.bincount(first, minlength=len(who))) - 1]
    best = np.where(scaled == least, seed, np.iinfo(np.intp).max)
    return np.minimum.reduceat(best, first)


def contested(
    points: np.ndarray,
    seeds: Seeds,
    land: BaseGeometry,
    pairs: tuple[np.ndarray, np.ndarray, np.ndarray],
    scale: np.ndarray,
) -> np.ndarray:
    """True for points near a border or on an islet: only those shape the cells, the rest would cost time."""
    who, seed, cost = pairs
    scaled, first = _scaled(cost, seed, scale), _first_of(who)
    least = np.minimum.reduceat(scaled, first)
    group = np.cumsum(np.bincount(first, minlength=len(who))) - 1
    rival = np.where(seed == cheapest(who, seed, cost, scale)[group], np.inf, scaled)
    second = np.minimum.reduceat(rival, first)
    near = (second < RIVALRY * least) | (np.isinf(second) & (least > 0.5))
    islets = shapely.union_all([p for p in shapely.get_parts(land) if p.area < ISLET_M2])
    shapely.prepare(islets)
    islet = shapely.contains_xy(islets, points)
    return near | (cKDTree(seeds.xy).query(points)[0] < 1.0) | islet


def fit_scale(land: BaseGeometry, seeds: Seeds, whole: np.ndarray, official_km2: np.ndarray) -> np.ndarray:
    """Scale of each box so that the new communes come out near their official areas.

    Parameters
    ----------
    whole : array of int
        For each seed the index of the new commune it wholly went to, -1 when it was split.
    official_km2 : array of float
        Official area of each new commune; used only within ``TRUSTED_AREA`` of ours, as the source
        gives some communes their namesake's area.
    """
    west, south, east, north = land.bounds
    grid = np.meshgrid(np.arange(west, east, LATTICE_M), np.arange(south, north, LATTICE_M))
    points = np.column_stack([g.ravel() for g in grid])
    shapely.prepare(land)
    points = points[shapely.contains_xy(land, points)]
    who, seed, cost = candidates(points, seeds)
    scale = np.ones(len(seeds.code))
    for _ in range(FIT_ROUNDS):
        label = cheapest(who, seed, cost, scale)
        target = whole[label]
        ours = np.bincount(target[target >= 0], minlength=len(official_km2)) * (LATTICE_M / 1000) ** 2
        ratio = official_km2 / np.maximum(ours, 0.25)
        usable = (ratio > TRUSTED_AREA[0]) & (ratio < TRUSTED_AREA[1]) & (official_km2 > 8)
        factor = np.where(usable, np.sqrt(np.where(usable, ratio, 1.0)), 1.0)
        scale = np.clip(scale * np.where(whole >= 0, factor[whole], 1.0), 0.4, 2.5)
    return scale


def make_sites(land: BaseGeometry, seeds: Seeds) -> np.ndarray:
    """Spots to be labelled, in metres: a grid in each box, fine where communes are small; the points first."""
    size = seeds.high - seeds.low
    step = np.clip(np.sqrt(size.prod(axis=1)) / 7, *SITE_STEP_M)
    count = np.maximum(np.ceil(size / step[:, None]).astype(int), 2)
    grids = [seeds.xy]
    for (nx, ny), low, extent in zip(count, seeds.low, size, strict=True):
        fx, fy = np.meshgrid((np.arange(nx) + 0.5) / nx, (np.arange(ny) + 0.5) / ny)
        fx = fx + np.where(np.arange(ny) % 2, 0.25, -0.25)[:, None] / nx  # rows shifted: hexagon-like cells
        grids.append(low + np.column_stack([fx.ravel(), fy.ravel()]) * extent)
    west, south, east, north = land.bounds
    fx, fy = np.meshgrid(np.arange(west, east, SITE_STEP_M[1]), np.arange(south, north, SITE_STEP_M[1]))
    grids.append(np.column_stack([fx.ravel(), fy.ravel()]) + 37.0)
    for part in shapely.get_parts(land):
        if part.area < ISLET_M2:
            west, south, east, north = part.bounds
            fx, fy = np.meshgrid(np.linspace(west, east, 8), np.linspace(south, north, 8))
            grids.append(np.column_stack([fx.ravel(), fy.ravel()]))
            grids.append(shapely.get_coordinates(shapely.point_on_surface(part)))
    sites = np.vstack(grids)
    wide = land.simplify(200).buffer(SHORE_M, quad_segs=2)
    shapely.prepare(wide)
    keep = shapely.contains_xy(wide, sites)
    keep[: len(seeds.code)] = True
    return np.unique(np.round(sites[keep], 1), axis=0)


def clean(label: np.ndarray, edges: np.ndarray, weight: np.ndarray, island: np.ndarray, *,
          allowed: np.ndarray | None = None, rename: np.ndarray | None = None, largest: float = np.inf,
          rounds: int = 6) -> np.ndarray:  # fmt: skip
    """Relabel detached scraps after their neighbours, so that each label is one piece per island.

    Parameters
    ----------
    label : array of int
        Label of each site.
    edges : array (m, 2) of int
        Neighbouring sites.
    weight, island : arrays
        Land area a site stands for (0 at sea), and the number of the island it lies on (-1 at sea).
    allowed : array of int, optional
        Group of each site; a scrap only joins neighbours of its own group.
    rename : array of int, optional
        What is handed over instead of ``label`` (then returned): e.g. the commune, when ``label`` is
        its province.
    largest : float
        Weight above which a detached piece is not a scrap but stays.
    """
    label, result = label.copy(), (label if rename is None else rename).copy()
    for _ in range(rounds):
        same = edges[label[edges[:, 0]] == label[edges[:, 1]]]
        graph = coo_matrix((np.ones(len(same), bool), same.T), shape=(len(label), len(label)))
        _, piece = connected_components(graph, directed=False)
        table = pd.DataFrame({"piece": piece, "label": label, "island": island, "weight": weight})
        lands = (
            table[table["island"] >= 0].groupby(["label", "island", "piece"])["weight"].sum().reset_index()
        )
        lands = lands.sort_values(["label", "island", "weight", "piece"], ascending=[True, True, False, True])
        main = set(lands.drop_duplicates(["label", "island"])["piece"])
        main |= set(lands.loc[lands["weight"] > largest, "piece"])
        stray = ~np.isin(np.arange(piece.max() + 1), list(main))[piece]  # pieces all at sea are strays too
        both = np.vstack([edges, edges[:, ::-1]])
        both = both[stray[both[:, 0]] & ~stray[both[:, 1]]]
        if allowed is not None:
            both = both[allowed[both[:, 0]] == allowed[both[:, 1]]]
        if not len(both):
            break
        votes = pd.DataFrame({"piece": piece[both[:, 0]], "to": result[both[:, 1]], "as": label[both[:, 1]]})
        votes = (
            votes.value_counts()
            .reset_index()
            .sort_values(["piece", "count", "to"], ascending=[True, False, True])
        )
        best = votes.drop_duplicates("piece").set_index("piece")
        moved = np.isin(np.arange(piece.max() + 1), best.index)[piece]
        result[moved] = best["to"].loc[piece[moved]].to_numpy()
        label[moved] = best["as"].loc[piece[moved]].to_numpy()
    return result
