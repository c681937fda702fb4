"""Local Gi* and Moran of values on a graph (esda), and p values adjusted for many tests."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import ndtr

if TYPE_CHECKING:
    from libpysal.graph import Graph

#: Quadrants of a local Moran by esda's number: own value first, then that of the neighbours.
_QUADRANTS = {1: "HH", 2: "LH", 3: "LL", 4: "HL"}
#: A place that neighbours all others has the same statistic in every order of values: its variance is 0, or noise.
_NO_SPREAD = 1e-12


class Local(NamedTuple):
    """A local statistic: one figure a place; ``p`` is two-sided, ``quadrant`` empty for Gi*."""

    statistic: np.ndarray
    z: np.ndarray
    p: np.ndarray
    quadrant: np.ndarray


@contextmanager
def quiet() -> Iterator[None]:
    """Silence what the libraries say of islands (named elsewhere), missing speed-ups and 0/0 (NaN on purpose)."""
    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        warnings.simplefilter("ignore")
        yield


def fdr(p: np.ndarray) -> np.ndarray:
    """Return p values adjusted for many tests.

    As ``scipy.stats.false_discovery_control``, which takes half a second to load when the first page is
    waiting, and knows no gaps.

    Parameters
    ----------
    p : array, shape (tests,) or (tests, families)
        NaN stays NaN and counts as no test. Each family is adjusted by itself.

    References
    ----------
    Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57.
    """
    p = np.asarray(p, dtype=float)
    tests = np.isfinite(p).sum(axis=0)
    order = np.argsort(p, axis=0)  # gaps come last
    rank = np.arange(1, len(p) + 1).reshape(-1, *[1] * (p.ndim - 1))
    scaled = np.take_along_axis(p, order, axis=0) * (tests / rank)
    falling = np.fmin.accumulate(scaled[::-1], axis=0)[::-1]
    out = np.empty_like(p)
    np.put_along_axis(out, order, np.minimum(falling, 1.0), axis=0)
    return np.where(np.isfinite(p), out, np.nan)


def two_sided(z: np.ndarray) -> np.ndarray:
    """Return the two-sided p of normal deviates."""
    return 2 * ndtr(-np.abs(z))


def local_g(values: np.ndarray, graph: Graph, *, star: bool, permutations: int = 0, seed: int = 0) -> Local:
    """Return Gi (or Gi*) with binary weights; z by the analytic moments of Ord & Getis (1995)."""
    if not len(values) or np.ptp(values) == 0:
        return _nothing(len(values))
    import esda  # here: it takes over a second to load, and only hot spots need it

    with quiet():
        found = esda.G_Local(
            values, graph, transform="B", permutations=permutations, star=star, n_jobs=1, seed=seed
        )
    z = np.where(np.isfinite(found.Zs) & (found.VGs > _NO_SPREAD), found.Zs, np.nan)
    p = _two_sided(z, found.p_sim if permutations else None)
    return Local(np.where(np.isnan(z), np.nan, found.Gs), z, p, np.full(len(values), ""))


def local_i(values: np.ndarray, graph: Graph, *, permutations: int = 0, seed: int = 0) -> Local:
    """Return local Moran's I with row-standardised weights; z by the conditional moments of Sokal et al. (1998)."""
    if not len(values) or np.ptp(values) == 0:
        return _nothing(len(values))
    import esda  # here: as above

    with quiet():
        found = esda.Moran_Local(values, graph, permutations=permutations, n_jobs=1, seed=seed)
        z = (found.Is - found.EIc) / np.sqrt(found.VIc)
    alone = np.isin(graph.unique_ids, graph.isolates)
    z = np.where(np.isfinite(z) & ~alone & (found.VIc > _NO_SPREAD), z, np.nan)
    p = _two_sided(z, found.p_sim if permutations else None)
    quadrant = np.array([_QUADRANTS[int(number)] for number in found.q])
    return Local(np.where(alone, np.nan, found.Is), z, p, np.where(alone, "", quadrant))


def standardised_share(count: np.ndarray, base: np.ndarray) -> np.ndarray:
    """Return each place's share of its base, standardised for how much a small base lets it vary.

    Parameters
    ----------
    count, base : array, shape (n,) or (n, draws)
        Events and what they are a share of, base > 0.

    Returns
    -------
    array
        Deviations from the overall share in units of their own spread, dimensionless.

    References
    ----------
    Assunção & Reis (1999), Statistics in Medicine 18 (also esda's ``assuncao_rate``, here for many draws).
    """
    base = base.reshape(-1, *[1] * (count.ndim - 1)).astype(float)
    total = base.sum()
    share = count / base
    overall = count.sum(axis=0) / total
    spread = (base * (share - overall) ** 2).sum(axis=0) / total
    between = spread - overall * len(base) / total if total else spread
    variance = between + overall / base
    variance = np.where(variance < 0, overall / base, variance)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num((share - overall) / np.sqrt(variance))


def _two_sided(z: np.ndarray, simulated: np.ndarray | None) -> np.ndarray:
    """Return two-sided p: normal, or twice the one-sided p of permutations."""
    if simulated is None:
        return two_sided(z)
    return np.where(np.isnan(z), np.nan, np.minimum(1.0, 2 * simulated))


def _nothing(n: int) -> Local:
    """Return no figure for any place: values that do not vary have no local concentration."""
    gap = np.full(n, np.nan)
    return Local(gap, gap.copy(), gap.copy(), np.full(n, ""))
