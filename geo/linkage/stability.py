"""How firm the places in a ranking are: establishments and weights drawn anew, and who then stands where.

``draw`` is the costly part: the values of every opportunity under establishments drawn with replacement (see
:mod:`geo.linkage.resample` for what is held). ``judge`` draws weights around the chosen ones and ranks every
resample; it takes milliseconds, so that it can follow a slider.

What is not drawn: proximity, the regions and the quality of the figures stay as they are, and only linkages
found in the data as they are can be found in a resample.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import gammaincinv

from geo.errors import ParameterError
from geo.linkage import resample, score
from geo.linkage.candidates import Basis, Candidates
from geo.linkage.kinds import TABLE
from geo.linkage.resample import Resampler, Sample

RESAMPLES = 200
#: Places that count as "the first ten".
TOP = 10
#: Concentration of the Dirichlet distribution of the weights around those chosen: at 50 a weight of 0.15 lies
#: between 0.07 and 0.26 in 95 % of the draws, about what two people weighing the same aims differ by. An
#: assumption of the product.
CONCENTRATION = 50.0
#: Quantiles of the rank that are told.
LOW, HIGH = 0.05, 0.95

Progress = Callable[[int, int], None]


class Stop(Exception):
    """Raised by ``progress`` to stop drawing: what was drawn so far is handed back."""


@dataclass(frozen=True, eq=False)
class Draws:
    """Values of every opportunity under establishments drawn anew.

    Attributes
    ----------
    ids : tuple of str
        Names of the opportunities of the whole country, in the order of the arrays.
    fixed : ndarray
        Opportunity × component as in the data, 0–1.
    varying : ndarray
        Resample × opportunity × ``score.VARYING``, 0–1.
    found : ndarray of bool
        Resample × opportunity: whether the linkage is found at all.
    asked, seed : int
        How many resamples were asked for (fewer were drawn when stopped), and their seed.
    """

    ids: tuple[str, ...]
    fixed: np.ndarray
    varying: np.ndarray
    found: np.ndarray
    asked: int
    seed: int

    @property
    def resamples(self) -> int:
        """Resamples drawn."""
        return len(self.found)


def draw(
    found: Candidates, *, resamples: int = RESAMPLES, seed: int = 0, progress: Progress | None = None
) -> Draws:
    """Draw the establishments anew and work out the components of every opportunity each time.

    Parameters
    ----------
    found : Candidates
        Any choice of places and materials: the draws are of the whole country.
    resamples : int, default 200
        At least 1.
    seed : int, default 0
        Each resample has its own seed made of this one and its number, so fewer resamples are the first of
        more.
    progress : callable, optional
        Called with resamples done and asked for after each; raising :class:`Stop` hands back what is done,
        any other exception goes through.

    Raises
    ------
    ParameterError
        If ``resamples`` is below 1 or ``seed`` negative.
    """
    if resamples < 1 or seed < 0:
        raise ParameterError(
            vi=f"Số lần lấy mẫu lại phải từ 1 và số khởi tạo từ 0, nhưng nhận được {resamples} và {seed}. Hãy "
            "nhập lại.",
            en=f"There must be at least 1 resample and a seed of 0 or more, but {resamples} and {seed} came. "
            "Enter them again.",
        )
    basis = found.basis
    shape = (resamples, len(basis.findings))
    varying, there = np.zeros((*shape, len(score.VARYING))), np.zeros(shape, dtype=bool)
    under = _follower(basis)
    source = resample.base(basis.data)
    done = 0
    try:
        for number in range(resamples):
            varying[number], there[number] = under(resample.sample(source, seed, number))
            done = number + 1
            if progress is not None:
                progress(done, resamples)
    except Stop:
        pass
    ids = tuple(o.id for o in basis.opportunities)
    return Draws(ids, basis.parts, varying[:done], there[:done], resamples, seed)


def _follower(basis: Basis) -> Callable[[Sample], tuple[np.ndarray, np.ndarray]]:
    """Return how the components of all findings, and which are found, follow a sample."""
    kinds = np.array([f.kind for f in basis.findings], dtype="str")
    source = resample.base(basis.data)
    rows = {kind: np.flatnonzero(kinds == kind) for kind in basis.kinds}
    followers: dict[str, Resampler] = {
        kind: TABLE[kind].resampler([basis.findings[i] for i in at], source) for kind, at in rows.items()
    }

    def under(sample: Sample) -> tuple[np.ndarray, np.ndarray]:
        magnitude, need, strength, gaining = np.zeros((4, len(kinds)))
        there = np.zeros(len(kinds), dtype=bool)
        for kind, at in rows.items():
            one = followers[kind](sample)
            magnitude[at], need[at], strength[at], gaining[at] = (
                one.magnitude,
                one.need,
                one.strength,
                one.gaining,
            )
            there[at] = one.found
        return score.varying(kinds, magnitude, need, strength, gaining, there), there

    return under


def judge(
    draws: Draws,
    weights: Mapping[str, float] | None = None,
    *,
    seed: int = 0,
    ids: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Say how often each opportunity stands in the top ten, and over which ranks it moves.

    Parameters
    ----------
    draws : Draws
        Of :func:`draw`.
    weights : mapping, optional
        Component -> weight ≥ 0; the defaults when left out.
    seed : int, default 0
        Seed of the weights drawn around them.
    ids : sequence of str, optional
        Rank only these against each other; all of the country when left out.

    Returns
    -------
    DataFrame
        Indexed by ``id`` in the order of ``ids``: ``top_ten_share`` and ``found_share`` (0–1 of the
        resamples), ``rank_low``, ``rank_high`` (5 % and 95 % quantile of the rank, 1 = first, over the
        resamples in which it is found; the last rank where it never is). Equal scores are ordered by id, as in
        the ranking; an opportunity not found in a resample is not in the top ten there.

    Raises
    ------
    ParameterError
        If a weight is out of its range or an opportunity was not drawn.
    """
    chosen = list(draws.ids if ids is None else ids)
    place = {name: i for i, name in enumerate(draws.ids)}
    if any(name not in place for name in chosen):
        raise ParameterError(
            vi="Có cơ hội không nằm trong lần lấy mẫu lại này; hãy lấy mẫu lại với bộ lọc hiện tại.",
            en="An opportunity is not among those resampled; draw again with the present filters.",
        )
    # Sorted by id, so that a stable sort settles equal scores as the ranking does.
    at = np.array(sorted((place[name] for name in chosen), key=lambda i: draws.ids[i]), dtype="int64")
    scores = _scores(draws, resampled_weights(weights, draws.resamples, seed), at)
    there = draws.found[:, at]
    order = np.argsort(np.where(there, -scores, np.inf), axis=1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(1, len(at) + 1)[None, :], axis=1)
    low, high = _quantiles(ranks, there)
    table = pd.DataFrame(
        {
            "top_ten_share": (there & (ranks <= TOP)).mean(axis=0),
            "found_share": there.mean(axis=0),
            "rank_low": low,
            "rank_high": high,
        },
        index=pd.Index([draws.ids[i] for i in at], name="id"),
    )
    return table.reindex(chosen).astype({"rank_low": "int64", "rank_high": "int64"})


def _quantiles(ranks: np.ndarray, there: np.ndarray) -> list[np.ndarray]:
    """Return the low and high quantile of the ranks of each column, over the rows in which it is there."""
    last = ranks.shape[1]
    rising = np.sort(np.where(there, ranks, last + 1), axis=0)
    count = there.sum(axis=0)
    out = []
    for share in (LOW, HIGH):
        at = np.maximum(np.ceil(share * count).astype("int64") - 1, 0)
        out.append(np.minimum(np.take_along_axis(rising, at[None, :], axis=0)[0], last))
    return out


def resampled_weights(weights: Mapping[str, float] | None, resamples: int, seed: int = 0) -> np.ndarray:
    """Return weights drawn around those chosen.

    Returns
    -------
    ndarray
        Resample × component in the order of ``score.COMPONENTS``; each row sums to 1 and is a draw of the
        Dirichlet distribution with :data:`CONCENTRATION` times the chosen weights. A weight of 0 stays 0.

    Notes
    -----
    Gamma variates by inversion from the same uniform numbers: a weight moved a little moves every draw a
    little, so nothing flickers while a slider is pulled; and fewer resamples are the first of more.
    """
    chosen = score.check_weights(weights)
    shape = CONCENTRATION * np.array([chosen[c.name] for c in score.COMPONENTS])
    uniform = np.random.default_rng([seed, 1]).random((resamples, len(shape)))
    variates = np.where(shape > 0, gammaincinv(np.maximum(shape, 1e-9), uniform), 0.0)
    return variates / variates.sum(axis=1, keepdims=True)


def _scores(draws: Draws, weights: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return the scores of the chosen opportunities, resample × opportunity."""
    total = np.zeros((draws.resamples, len(at)))
    for place, component in enumerate(score.COMPONENTS):
        moving = component.name in score.VARYING
        values = (
            draws.varying[:, at, score.VARYING.index(component.name)] if moving else draws.fixed[at, place]
        )
        total += values * weights[:, place, None]
    return np.round(total, 6)
