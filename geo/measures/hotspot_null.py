"""The null hypothesis of a hot hexagon, and its exact tail.

Plain counts would only find where people live. A sector is clustered when it stands closer together than
establishments do anyway, so the null is *random labelling*: given where all establishments stand, every
set of them is equally likely to be the sector's. The number of the sector's establishments in a cell and
its neighbours, which is what Gi* adds up, then has a hypergeometric distribution, and its upper tail is
exact for any base, however small or skewed the counts (Cuzick & Edwards 1990, Journal of the Royal
Statistical Society B 52, for random labelling; Kulldorff 1997, Communications in Statistics 26, for counts
of a neighbourhood given a base). Against land instead, the tail is binomial.

p values are adjusted by Benjamini & Hochberg (1995) over all cells of a sector: neighbourhoods that overlap
are positively dependent, where that correction still holds (Benjamini & Yekutieli 2001).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import h3.api.basic_int as h3
import numpy as np
import pandas as pd
import shapely
from scipy import sparse

from geo.errors import ParameterError
from geo.measures import hotspot_statistics as local
from geo.measures import hotspot_tail
from geo.places import boundaries, plane
from geo.store.catalog import Dataset
from geo.store.cell_counts import CellCounts, cell_counts
from geo.store.filters import Filters

if TYPE_CHECKING:
    from libpysal.graph import Graph

#: False discovery rate unless asked otherwise.
ALPHA = 0.05
METHODS = ("gi", "moran")
BASES = ("establishments", "area")
SURFACE_COLUMNS = ["cell", "count", "base", "near_count", "near_base", "expected", "ratio", "z", "moran_z",
                   "quadrant", "p", "p_fdr", "hot"]  # fmt: skip
#: Draws from the null for the local Moran: the seven cells around one spot can then pass the correction.
_DRAWS = 4_999


@dataclass(frozen=True)
class Rule:
    """What makes a significant cell worth calling hot.

    Parameters
    ----------
    floor : int
        Fewest establishments of the sector in the cell and its neighbours (as for location quotients).
    least_ratio : float
        How many times what the null expects. An assumption: with a million establishments almost any
        difference is significant, and half as many again is the least a planner would act on.
    """

    floor: int = 5
    least_ratio: float = 1.5

    def holds(self, table: pd.DataFrame) -> pd.Series:
        """Tell which cells are large and dense enough; a hot cell has an establishment of its own."""
        enough = (table["near_count"] >= self.floor) & (table["ratio"] >= self.least_ratio)
        return enough & (table["count"] > 0)


RULE = Rule()


@dataclass(frozen=True)
class Grid:
    """Cells with a base, the counts of every sector of one level, and who is near whom.

    Attributes
    ----------
    cells : array of int64, shape (n,)
        H3 cells, sorted.
    sectors : tuple of str
        Sorted.
    counts : sparse array, shape (n, sectors)
    base : array, shape (n,)
        Establishments of a known sector, or km² of land.
    near : sparse array, shape (n, n)
        1 for a cell itself and its neighbours.
    kind : str
        ``establishments`` or ``area``.
    """

    cells: np.ndarray
    sectors: tuple[str, ...]
    counts: sparse.csr_array
    base: np.ndarray
    near: sparse.csr_array
    kind: str

    @cached_property
    def graph(self) -> Graph:
        """The neighbours as a graph, without the cells themselves; islands are in it."""
        from libpysal.graph import Graph  # here: it takes a second to load, and only local statistics need it

        links = self.near.tocoo()
        apart = links.row != links.col
        focal, other = links.row[apart], links.col[apart]
        alone = np.setdiff1d(np.arange(len(self.cells)), focal)
        ids = np.r_[focal, alone]
        return Graph.from_arrays(ids, np.r_[other, alone], np.r_[np.ones(len(focal)), np.zeros(len(alone))])

    def column(self, sector: str) -> np.ndarray:
        """Counts of one sector by cell; all 0 where it has none."""
        if sector not in self.sectors:
            return np.zeros(len(self.cells), dtype=np.int64)
        return self.counts[:, [self.sectors.index(sector)]].toarray().ravel()


def usual_resolution(dataset: Dataset) -> int:
    """Return the finest of the resolutions 5 and 4 whose neighbourhoods hold enough establishments on average."""
    around_km2 = 7 * h3.average_hexagon_area(5, "km^2")
    land = boundaries.load("province", detail="screen")["area_km2"].sum()
    return 5 if dataset.rows() * around_km2 / land >= RULE.floor else 4


def check(method: str, base: str, alpha: float) -> None:
    """Refuse an unknown method or base and a rate outside 0–1."""
    if method in METHODS and base in BASES and 0 < alpha < 1:
        return
    raise ParameterError(
        vi=f"Phương pháp phải là một trong {', '.join(METHODS)}, nền so sánh một trong {', '.join(BASES)} và mức ý "
        f"nghĩa từ 0 đến 1, nhưng nhận được “{method}”, “{base}”, {alpha}.",
        en=f"The method must be one of {', '.join(METHODS)}, the base one of {', '.join(BASES)} and alpha between "
        f'0 and 1, but "{method}", "{base}", {alpha} came.',
    )


def country(filters: Filters) -> Filters:
    """Return the filters that hot spots are counted under: the whole country, all sectors."""
    return filters.without("regions", "provinces", "materials", "sectors").normalised()


@lru_cache(maxsize=16)
def grid(
    dataset: Dataset, filters: Filters, resolution: int, digits: int, base: str = "establishments"
) -> Grid:
    """Return the grid of one sector level (2 or 4 digits) under the filters, whole country; not to be written to."""
    counts = cell_counts(dataset, country(filters), resolution)
    return make_grid(counts, digits, land_km2(resolution) if base == "area" else None)


def make_grid(counts: CellCounts, digits: int, land: pd.Series | None = None) -> Grid:
    """Return the grid of counts; with land (km² by cell) that is the base, and all land is tested.

    Establishments whose sector is not known at the level are in no count and in no base.
    """
    rows = counts.of_level(digits)
    place, sectors = pd.factorize(rows["sector"], sort=True)
    own = np.unique(rows["cell"].to_numpy())
    cells = own if land is None else np.union1d(own, land.index.to_numpy())
    found = sparse.coo_array(
        (rows["establishments"].to_numpy(), (np.searchsorted(cells, rows["cell"]), place)),
        shape=(len(cells), len(sectors)),
    ).tocsr()
    near, names = near_matrix(cells), tuple(map(str, sectors))
    if land is None:
        return Grid(cells, names, found, found.sum(axis=1), near, "establishments")
    # A cell that an establishment stands in is land, whatever the drawing of the coast says.
    area = land.reindex(cells).fillna(0.0).clip(lower=1.0).to_numpy()
    return Grid(cells, names, found, area, near, "area")


def near_matrix(cells: np.ndarray) -> sparse.csr_array:
    """Return who is near whom among sorted H3 cells: each cell with itself and its six neighbours, as ones."""
    around = [h3.grid_disk(cell, 1) for cell in cells.tolist()]
    row = np.repeat(np.arange(len(cells)), [len(disk) for disk in around])
    wanted = np.array([cell for disk in around for cell in disk], dtype=np.int64)
    place = np.minimum(np.searchsorted(cells, wanted), max(len(cells) - 1, 0))
    here = cells[place] == wanted if len(cells) else np.zeros(0, dtype=bool)
    ones = np.ones(int(here.sum()), dtype=np.int64)
    return sparse.csr_array((ones, (row[here], place[here])), shape=(len(cells), len(cells)))


def tail(
    count: np.ndarray, base: np.ndarray, sector_total: np.ndarray, total: float, kind: str
) -> np.ndarray:
    """Return the chance of at least so many of a sector in so much base, under the null."""
    if kind == "area":
        return hotspot_tail.binomial_tail(count, sector_total, base / total)
    return hotspot_tail.hypergeometric_tail(count, base, sector_total, int(total))


def neighbourhoods(found: Grid, sector: str) -> pd.DataFrame:
    """Return count, base, expectation and exact p of every cell and its neighbours, for one sector."""
    count = found.column(sector)
    near_count, near_base = found.near @ count, found.near @ found.base
    total = found.base.sum()
    sector_total = int(count.sum())
    expected = near_base * sector_total / total if total else near_base
    ratio = np.divide(near_count, expected, out=np.full(len(count), np.nan), where=expected > 0)
    p = tail(near_count, near_base, np.full(len(count), sector_total), total, found.kind) if total else count
    return pd.DataFrame({
        "cell": [h3.int_to_str(cell) for cell in found.cells.tolist()], "count": count, "base": found.base,
        "near_count": near_count, "near_base": near_base, "expected": expected, "ratio": ratio,
        "p": np.asarray(p, dtype=float),
    })  # fmt: skip


def standardised(found: Grid, count: np.ndarray) -> np.ndarray:
    """Return the share of each cell's base, standardised; counts may hold many draws side by side."""
    return local.standardised_share(count, found.base)


def moran_p(found: Grid, count: np.ndarray, *, seed: int = 0, draws: int = _DRAWS) -> np.ndarray:
    """Return the chance of a local Moran at least so high when the sector's establishments are drawn anew."""
    if count.sum() == 0:
        return np.ones(len(count))
    random = np.random.default_rng(seed)
    links = found.near - sparse.eye_array(len(count), dtype=np.int64)
    degree = np.maximum(links.sum(axis=1), 1)

    def moran(shares: np.ndarray) -> np.ndarray:
        z = (shares - shares.mean(axis=0)) / np.maximum(shares.std(axis=0), 1e-300)
        return z * (links @ z) / degree.reshape(-1, *[1] * (shares.ndim - 1))

    seen = moran(standardised(found, count))
    reached = np.zeros(len(count))
    for size in np.diff(np.r_[0:draws:200, draws]):  # in blocks, so that a fine grid fits in memory
        if found.kind == "area":
            drawn = random.multinomial(int(count.sum()), found.base / found.base.sum(), size=size)
        else:
            drawn = random.multivariate_hypergeometric(
                found.base.astype(np.int64), int(count.sum()), size=size, method="marginals"
            )
        reached += (moran(standardised(found, drawn.T)) >= seen[:, None]).sum(axis=1)
    return (reached + 1) / (draws + 1)


def all_sectors(found: Grid, rule: Rule = RULE) -> tuple[np.ndarray, np.ndarray]:
    """Return adjusted p, and which cells the rule allows, for every sector at once.

    Returns
    -------
    (array, array of bool)
        Both cells × sectors. p is adjusted within each sector, as :func:`geo.measures.hotspots.surface`
        does; tails of cells with no more than expected are taken as 1, which changes no p below them.
    """
    near_count = (found.near @ found.counts).tocoo()
    near_base, total = found.near @ found.base, found.base.sum()
    sector_total = np.asarray(found.counts.sum(axis=0)).ravel()
    expected = near_base[near_count.row] * sector_total[near_count.col] / total if total else np.ones(0)
    more = near_count.data > expected
    row, column, value = near_count.row[more], near_count.col[more], near_count.data[more]
    p = np.ones(near_count.shape)
    p[row, column] = tail(value, near_base[row], sector_total[column], total, found.kind)
    allowed = np.zeros(p.shape, dtype=bool)
    allowed[row, column] = (value >= rule.floor) & (value >= rule.least_ratio * expected[more])
    allowed &= found.counts.toarray() > 0
    return local.fdr(p), allowed


def land_km2(resolution: int) -> pd.Series:
    """Return the km² of land in every hexagon of the country, indexed by cell (64-bit integer), sorted."""
    return _land_km2(resolution, boundaries.data_version())


@lru_cache(maxsize=4)
def _land_km2(resolution: int, version: str) -> pd.Series:
    """Cut the land into hexagons once for every version of the boundaries."""
    land = shapely.union_all(boundaries.load("province", detail="screen").geometry.to_numpy())
    parts: set[int] = set()
    for part in shapely.get_parts(land):
        rings = [[(y, x) for x, y in part.exterior.coords]]
        inner = h3.h3shape_to_cells_experimental(h3.LatLngPoly(*rings), resolution, contain="overlap")
        parts.update(inner)
    cells = np.array(sorted(parts), dtype=np.int64)
    shapely.prepare(land)
    hexagons = hexagon_shapes(cells)
    inside = shapely.contains_properly(land, hexagons)
    cut = hexagons.copy()
    cut[~inside] = shapely.intersection(hexagons[~inside], land)
    areas = plane.area_km2(cut)
    return pd.Series(areas, index=cells)[areas > 0]


def hexagon_shapes(cells: np.ndarray) -> np.ndarray:
    """Return the polygons of H3 cells (64-bit integers) in EPSG:4326."""
    corners = [[(lon, lat) for lat, lon in h3.cell_to_boundary(cell)] for cell in cells.tolist()]
    return np.array([shapely.Polygon(ring) for ring in corners], dtype=object)
