"""Colours of maps and legends, and the classes that figures fall into.

All colours are safe for colour-blind eyes: one hue light to dark for amounts, blue against orange for
shortage and surplus, the Okabe–Ito set for kinds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from geo.errors import ParameterError

#: Ground of every map: quiet, so that the figures speak.
SEA = "#e9f0f4"
LAND = "#fbfaf6"
NEIGHBOURS = "#e3e5e6"
COAST = "#b9c4ca"
PROVINCE_BORDER = "#a9b0b5"
REGION_BORDER = "#4d5b66"
INK = "#1d2b36"
NAMES = "#33414c"
SEA_NAMES = "#2f5f86"
SELECTION = "#1d2b36"
HATCH_LINE = "#8c949a"
HATCH_GROUND = "#f1f0ec"

#: Amounts, light to dark (teal) and a second hue (amber) for what lies above a tinted map.
SEQUENTIAL = ("#d9ecea", "#a5d0cf", "#68abb0", "#32818b", "#0c5260")
SEQUENTIAL_OVER = ("#fde3b8", "#f9bd6b", "#ee8f2f", "#c5620f", "#853708")
#: Shortage (orange) to surplus (blue), with a neutral middle.
DIVERGING = ("#b4520a", "#e29a4f", "#f7dcb9", "#f2f2ef", "#cadeef", "#74a9d3", "#1c5c9c")
#: Okabe and Ito (2008), the colours of kinds.
OKABE_ITO = {
    "orange": "#E69F00",
    "sky_blue": "#56B4E9",
    "bluish_green": "#009E73",
    "yellow": "#F0E442",
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "reddish_purple": "#CC79A7",
    "black": "#000000",
}
KINDS = {
    "material": OKABE_ITO["vermillion"],
    "cluster": OKABE_ITO["blue"],
    "chain": OKABE_ITO["bluish_green"],
    "experience": OKABE_ITO["reddish_purple"],
    "import": "#6b7680",
}

SCHEMES = ("quantiles", "jenks")


@dataclass(frozen=True)
class Classes:
    """Classes of one map: ``len(breaks) - 1`` classes, each from its lower to its upper break.

    The first class holds its lower break too; every other class begins just above it.

    Parameters
    ----------
    breaks : tuple of float
        Ascending edges, in the unit of the figures; empty when there is no figure.
    counts : tuple of int
        How many areas fall into each class.
    missing : int
        How many areas have no figure.
    scheme : str
        ``quantiles``, ``jenks`` or ``diverging``.
    """

    breaks: tuple[float, ...]
    counts: tuple[int, ...]
    missing: int
    scheme: str

    def index(self, value: float | None) -> int | None:
        """Return the class of ``value`` (0 is the lowest), or None when there is no figure."""
        if value is None or not np.isfinite(value) or not self.counts:
            return None
        place = int(np.searchsorted(self.breaks, value, side="left")) - 1
        return min(max(place, 0), len(self.counts) - 1)

    def colours(self, palette: Sequence[str]) -> tuple[str, ...]:
        """Pick one colour a class from ``palette``, spread over its whole range."""
        if self.scheme == "diverging":
            return _diverging_colours(self.breaks, palette)
        wanted = len(self.counts)
        if wanted <= 1:
            return (palette[len(palette) // 2],) * wanted
        steps = np.linspace(0, len(palette) - 1, wanted).round().astype(int)
        return tuple(palette[step] for step in steps)


def class_breaks(values: Iterable[float], k: int = 5, scheme: str = "quantiles") -> Classes:
    """Cut figures into at most ``k`` classes and count what falls into each.

    Parameters
    ----------
    values : iterable of float
        One figure an area, any unit; NaN means no figure and is counted apart.
    k : int, default 5
        Most classes wanted, 1–9; fewer come out when there are fewer different figures.
    scheme : {"quantiles", "jenks"}
        Equal numbers of areas in each class, or the natural breaks of Jenks (1967) by the exact
        dynamic programme of Fisher (1958).

    Returns
    -------
    Classes

    Raises
    ------
    ParameterError
        If ``k`` or ``scheme`` is not one of the above.
    """
    if scheme not in SCHEMES or not 1 <= k <= 9:
        raise ParameterError(
            vi=f"Cách chia lớp phải là một trong {', '.join(SCHEMES)} với 1–9 lớp; nhận được “{scheme}”, {k} lớp. "
            "Hãy chọn lại cách chia lớp.",
            en=f"The scheme must be one of {', '.join(SCHEMES)} with 1–9 classes; got “{scheme}” with {k}. "
            "Choose another scheme.",
        )
    figures, missing = _figures(values)
    if not figures.size:
        return Classes((), (), missing, scheme)
    distinct = np.unique(figures)
    if distinct.size <= 1:
        return Classes((float(distinct[0]), float(distinct[0])), (int(figures.size),), missing, scheme)
    k = min(k, int(distinct.size))
    edges = np.quantile(figures, np.linspace(0, 1, k + 1)) if scheme == "quantiles" else _jenks(figures, k)
    edges = np.unique(edges)
    return Classes(tuple(map(float, edges)), _counts(figures, edges), missing, scheme)


def diverging_breaks(values: Iterable[float], k: int = 3) -> Classes:
    """Cut balances into shortage and surplus classes that meet at zero.

    Parameters
    ----------
    values : iterable of float
        Balances, any unit: below zero a shortage, above a surplus; NaN means no figure.
    k : int, default 3
        Most classes on either side of zero, by quantiles of that side.

    Returns
    -------
    Classes
        Zero is one of the breaks unless all figures lie on one side.
    """
    figures, missing = _figures(values)
    if not figures.size:
        return Classes((), (), missing, "diverging")
    edges: list[float] = [0.0]
    for side in (figures[figures < 0], figures[figures > 0]):
        if side.size:
            steps = np.linspace(0, 1, min(k, np.unique(side).size) + 1)
            cuts = np.quantile(np.abs(side), steps)[1:] * np.sign(side[0])
            edges.extend(float(cut) for cut in cuts)
    found = np.unique(edges)
    if found.size == 1:
        found = np.array([0.0, 0.0])
        return Classes((0.0, 0.0), (int(figures.size),), missing, "diverging")
    return Classes(tuple(map(float, found)), _counts(figures, found), missing, "diverging")


def _figures(values: Iterable[float]) -> tuple[np.ndarray, int]:
    """Split figures from gaps; infinities count as gaps."""
    every = np.asarray(list(values), dtype=float)
    known = np.isfinite(every)
    return every[known], int((~known).sum())


def _counts(figures: np.ndarray, edges: np.ndarray) -> tuple[int, ...]:
    """Count the figures of each class with the same rule as ``Classes.index``."""
    place = np.clip(np.searchsorted(edges, figures, side="left") - 1, 0, len(edges) - 2)
    return tuple(int(n) for n in np.bincount(place, minlength=len(edges) - 1))


def _diverging_colours(breaks: Sequence[float], palette: Sequence[str]) -> tuple[str, ...]:
    """Give classes below zero the first half of the palette and those above the second, strongest outermost."""
    middle = len(palette) // 2
    if len(breaks) == 2 and breaks[0] == breaks[1]:
        return (palette[middle],)
    below = sum(1 for low, high in zip(breaks, breaks[1:], strict=False) if high <= 0)
    above = len(breaks) - 1 - below
    low = [palette[middle - 1 - step] for step in _spread(below, middle)][::-1]
    high = [palette[middle + 1 + step] for step in _spread(above, middle)]
    return tuple(low + high)


def _spread(wanted: int, room: int) -> list[int]:
    """Choose ``wanted`` steps out of ``room``, the last one always the strongest."""
    if wanted <= 1:
        return [room - 1] * wanted
    return [int(step) for step in np.linspace(0, room - 1, wanted).round()]


def _jenks(figures: np.ndarray, k: int) -> np.ndarray:
    """Natural breaks: least sum of squared distances from the class means, found exactly."""
    x = np.sort(figures)
    n = x.size
    total, squares = np.r_[0.0, x.cumsum()], np.r_[0.0, (x * x).cumsum()]

    def spread(i: np.ndarray, j: int) -> np.ndarray:
        """Squared spread of x[i:j] for every start i."""
        part = total[j] - total[i]
        return squares[j] - squares[i] - part * part / (j - i)

    best = np.full((k + 1, n + 1), np.inf)
    best[0, 0] = 0.0
    start = np.zeros((k + 1, n + 1), dtype=int)
    for classes in range(1, k + 1):
        for j in range(classes, n + 1):
            i = np.arange(classes - 1, j)
            cost = best[classes - 1, i] + spread(i, j)
            choice = int(cost.argmin())
            best[classes, j], start[classes, j] = cost[choice], i[choice]
    edges, j = [x[-1]], n
    for classes in range(k, 0, -1):
        j = start[classes, j]
        edges.append(x[j - 1] if j else x[0])
    return np.array(edges[::-1])
