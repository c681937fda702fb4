"""Local concentration: Gi* and local Moran of points and provinces, and the hot hexagons of a sector.

On hexagons the normal approximation of these statistics would call far too much hot: counts are small
and skewed, and establishments stand where people live. There the question is asked against the right
null hypothesis instead, see :mod:`geo.measures.hotspot_null`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from geo.errors import DataError
from geo.measures import hotspot_null as null
from geo.measures import hotspot_statistics as local
from geo.measures import weights
from geo.store.catalog import Dataset
from geo.store.filters import Filters

if TYPE_CHECKING:
    from libpysal.graph import Graph


class GlobalStatistic(NamedTuple):
    """A statistic of the whole pattern, with its expectation, z and two-sided normal p."""

    statistic: float
    expected: float
    z: float
    p: float


def getis_ord(
    values: Any, points_xy: Any, *, band: float, star: bool = True, permutations: int = 0, seed: int = 0
) -> pd.DataFrame:
    """Return the local G of Getis and Ord for points, with binary weights within a distance.

    Parameters
    ----------
    values : array or Series, shape (n,)
        Any unit.
    points_xy : array, shape (n, 2)
        Metres (or any one unit of length).
    band : float
        Greatest distance of neighbours, itself included, in the unit of the points.
    star : bool
        Gi* counts the point itself as its own neighbour, Gi leaves it out.
    permutations : int
        0 takes p from the normal approximation; a larger number takes it from so many conditional
        permutations, which small or skewed samples need.
    seed : int
        Seed of the permutations.

    Returns
    -------
    DataFrame
        Index of ``values``: ``statistic``, ``z`` (analytic moments), ``p`` (two-sided), ``p_fdr``
        (Benjamini–Hochberg). NaN where a point has no neighbour (Gi) or the values do not vary.

    Raises
    ------
    DataError
        If values and points do not match or one is missing.
    ParameterError
        If the band is not above 0.

    References
    ----------
    Getis & Ord (1992), Geographical Analysis 24; Ord & Getis (1995), Geographical Analysis 27.
    """

    def measure(y: np.ndarray, graph: Graph) -> local.Local:
        return local.local_g(y, graph, star=star, permutations=permutations, seed=seed)

    return _by_points(values, points_xy, band, measure).drop(columns="quadrant")


def local_moran(
    values: Any, points_xy: Any, *, band: float, permutations: int = 0, seed: int = 0
) -> pd.DataFrame:
    """Return the local Moran's I of points, with row-standardised weights within a distance.

    Parameters
    ----------
    values, points_xy, band, permutations, seed
        As in :func:`getis_ord`.

    Returns
    -------
    DataFrame
        Index of ``values``: ``statistic``, ``z`` (moments of the conditional randomisation), ``p``
        (two-sided), ``p_fdr``, ``quadrant`` (``HH``, ``LH``, ``LL``, ``HL``: own value, then neighbours').
        NaN and an empty quadrant where a point has no neighbour or the values do not vary.

    Raises
    ------
    DataError
        If values and points do not match or one is missing.
    ParameterError
        If the band is not above 0.

    References
    ----------
    Anselin (1995), Geographical Analysis 27; Sokal, Oden & Thomson (1998), Geographical Analysis 30.
    """

    def measure(y: np.ndarray, graph: Graph) -> local.Local:
        return local.local_i(y, graph, permutations=permutations, seed=seed)

    return _by_points(values, points_xy, band, measure)


def global_getis_ord(values: Any, points_xy: Any, *, band: float) -> GlobalStatistic:
    """Return the global G of Getis and Ord: do high values stand together?

    Parameters
    ----------
    values, points_xy, band
        As in :func:`getis_ord`; values must be positive.

    References
    ----------
    Getis & Ord (1992), Geographical Analysis 24.
    """
    import esda  # here: it takes over a second to load

    y, points, _ = _checked(values, points_xy)
    with local.quiet():
        found = esda.G(y, weights.distance_band(points, band), permutations=0)
    z = float(found.z_norm)
    return GlobalStatistic(float(found.G), float(found.EG), z, float(local.two_sided(np.array(z))))


def surface(
    dataset: Dataset,
    filters: Filters,
    sector: str,
    *,
    resolution: int | None = None,
    method: str = "gi",
    base: str = "establishments",
    alpha: float = null.ALPHA,
    rule: null.Rule = null.RULE,
    seed: int = 0,
) -> pd.DataFrame:
    """Return every hexagon with the strength and the significance of one sector in and around it.

    Parameters
    ----------
    dataset, filters
        Year and size filters narrow what is counted; places, sectors and materials do not, since the whole
        country and all sectors are what one sector is compared with.
    sector : str
        VSIC division (2 digits) or class (4 digits).
    resolution : int, optional
        H3 resolution, 4 to 7; by default 5, or 4 where a neighbourhood would hold too few establishments.
    method : {"gi", "moran"}
        ``gi``: the establishments in the cell and the six around it, against the exact distribution of
        that number under the null. ``moran``: local Moran of the standardised share, against draws from
        the same null; hot are high values among high ones.
    base : {"establishments", "area"}
        Null hypothesis: the sector is spread like all establishments of a known sector, or like land.
    alpha : float
        False discovery rate.
    rule : Rule
        What a hot cell needs besides significance.
    seed : int
        Of the draws of ``moran``.

    Returns
    -------
    DataFrame
        Sorted by cell: ``cell`` (H3, text), ``count``, ``base`` (establishments of a known sector, or
        km² of land), ``near_count`` and ``near_base`` (cell and neighbours), ``expected`` (of
        ``near_count``), ``ratio`` (``near_count`` over it), ``z`` (Gi*), ``moran_z`` and ``quadrant`` (local
        Moran; both of the share, standardised for small bases: shown, not judged by), ``p`` (one-sided: more
        than the null explains), ``p_fdr``, ``hot``. Cells without any base are neither tested nor listed.

    Raises
    ------
    ParameterError
        If a parameter is out of its range.
    """
    null.check(method, base, alpha)
    resolution = null.usual_resolution(dataset) if resolution is None else resolution
    grid = null.grid(dataset, filters, resolution, len(sector), base)
    table = null.neighbourhoods(grid, sector)
    share = null.standardised(grid, table["count"].to_numpy())
    moran = local.local_i(share, grid.graph)
    # z does not depend on where the values begin; esda only needs a sum that is not near 0.
    table["z"] = local.local_g(share - share.min(initial=0.0) + 1.0, grid.graph, star=True).z
    table["moran_z"], table["quadrant"] = moran.z, moran.quadrant
    if method == "moran":
        table["p"] = null.moran_p(grid, table["count"].to_numpy(), seed=seed)
    table["p_fdr"] = local.fdr(table["p"].to_numpy())
    table["hot"] = rule.holds(table) & (table["p_fdr"] <= alpha)
    if method == "moran":
        table["hot"] &= table["quadrant"] == "HH"
    return table[null.SURFACE_COLUMNS]


def _by_points(
    values: Any, points_xy: Any, band: float, measure: Callable[[np.ndarray, Graph], local.Local]
) -> pd.DataFrame:
    """Measure points in sorted order, so that neither their order nor a seed's draws depend on it."""
    y, points, index = _checked(values, points_xy)
    order = np.lexsort((y, points[:, 1], points[:, 0]))
    found = measure(y[order], weights.distance_band(points[order], band))
    back = np.argsort(order)
    out = pd.DataFrame({"statistic": found.statistic, "z": found.z, "p": found.p}).iloc[back]
    out["p_fdr"] = local.fdr(out["p"].to_numpy())
    return out.assign(quadrant=found.quadrant[back]).set_axis(index)


def _checked(values: Any, points_xy: Any) -> tuple[np.ndarray, np.ndarray, pd.Index]:
    """Bring values and points to arrays of one length without gaps."""
    y = np.asarray(values, dtype=float).ravel()
    points = np.asarray(points_xy, dtype=float).reshape(-1, 2)
    if len(y) != len(points) or len(y) < 3 or not np.isfinite(y).all():
        raise DataError(
            vi=f"Cần ít nhất 3 giá trị, mỗi điểm một giá trị và không giá trị nào trống, nhưng nhận được {len(y)} giá "
            f"trị cho {len(points)} điểm; hãy bổ sung hoặc bỏ điểm thiếu.",
            en=f"At least 3 values were expected, one a point and none missing, but {len(y)} values came for "
            f"{len(points)} points; complete them or leave points out.",
        )
    return y, points, values.index if isinstance(values, pd.Series) else pd.RangeIndex(len(y))
