"""Linkages that rest on location quotients (cluster, chain, experience) under a draw of establishments.

Counts, location quotients and the share of micro establishments are those of the draw; the relative width of
each interval is held but for the number counted. With the draw that is the data itself the values are those of
the findings.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from geo.linkage import chain, experience
from geo.linkage.inputs import LQ_FLOOR
from geo.linkage.model import Finding
from geo.linkage.resample import Base, Redrawn, Resampler, Sample


class Side:
    """One province's place in one sector for many findings, with the interval of its quotient as it is.

    Parameters
    ----------
    base : Base
        Groups that are drawn.
    provinces, sectors : sequence of str
        Where to look, one a finding.
    figures : sequence of mapping
        ``establishments``, ``lq``, ``lq_low`` as they are.
    """

    def __init__(
        self, base: Base, provinces: Sequence[str], sectors: Sequence[str], figures: Sequence
    ) -> None:
        self.at = base.cells(provinces, sectors)
        self.establishments = np.array([f["establishments"] for f in figures], dtype="float64")
        level = np.array([f["lq"] for f in figures], dtype="float64")
        low = np.array([f["lq_low"] for f in figures], dtype="float64")
        positive = (level > 0) & (low > 0)
        # The interval is narrow on the scale of logarithms and shrinks with the root of the number counted.
        self.width = np.full(len(level), np.inf)
        self.width[positive] = np.log(level[positive] / low[positive])

    def count(self, sample: Sample) -> np.ndarray:
        """Establishments drawn."""
        return sample.counts[self.at]

    def micro(self, sample: Sample) -> np.ndarray:
        """Establishments drawn with under 10 employees."""
        return sample.micro[self.at]

    def quotient(self, sample: Sample) -> np.ndarray:
        """Location quotient under the draw."""
        return sample.quotients[self.at]

    def low(self, sample: Sample) -> np.ndarray:
        """Lower bound under the draw: the width of the interval is held, but for the number counted."""
        count = np.maximum(self.count(sample), 1.0)
        with np.errstate(over="ignore", invalid="ignore"):
            low = self.quotient(sample) * np.exp(-self.width * np.sqrt(self.establishments / count))
        return np.nan_to_num(low)


def _strength(weakest: np.ndarray) -> np.ndarray:
    """Return 1 − 1/LQ where the lower bound is above 1, else 0."""
    return np.where(weakest > 1, 1 - 1 / np.maximum(weakest, 1.0), 0.0)


def cluster_resampler(findings: Sequence[Finding], base: Base) -> Resampler:
    """Return how the values of cluster findings follow a draw.

    Notes
    -----
    That a hot spot crosses the border, and how dense the sector is in it, is held; its establishments follow
    those of the two provinces.
    """
    sectors = [f.subject_code for f in findings]
    sides = [
        Side(base, [f.codes[i] for f in findings], sectors, [f.measures[name] for f in findings])
        for i, name in enumerate(("first", "second"))
    ]
    sure, hot = (
        np.array([bool(f.measures[name]) for f in findings], dtype=bool) for name in ("sure", "hot_spot")
    )
    held = np.array([f.measures["strength_share"] for f in findings], dtype="float64")
    # Part of the sector's establishments that the linkage is about: all of them, or those in the hot spot.
    whole = sides[0].establishments + sides[1].establishments
    part = np.array([f.magnitude for f in findings], dtype="float64") / np.maximum(whole, 1.0)

    def under(sample: Sample) -> Redrawn:
        first, second = (side.count(sample) for side in sides)
        total = first + second
        weakest = np.minimum(*(side.low(sample) for side in sides))
        micro = sides[0].micro(sample) + sides[1].micro(sample)
        enough = np.minimum(first, second) >= LQ_FLOOR
        return Redrawn(
            magnitude=total * part,
            need=micro / np.maximum(total, 1.0),
            strength=np.where(sure, _strength(weakest), held),
            gaining=total * part,
            found=enough & (hot | (sure & (weakest > 1))),
        )

    return under


def chain_resampler(findings: Sequence[Finding], base: Base) -> Resampler:
    """Return how the values of chain findings follow a draw; which suppliers are the nearest is held."""
    up, down = ([f.measures[f"{end}_code"] for f in findings] for end in ("upstream", "downstream"))
    origins, destinations = ([f.codes[i] for f in findings] for i in (0, 1))
    supplier = Side(base, origins, up, [f.measures["supplier"] for f in findings])
    buyer = Side(base, destinations, down, [f.measures["buyer"] for f in findings])
    own, other = base.cells(destinations, up), base.cells(origins, down)

    def under(sample: Sample) -> Redrawn:
        counts = supplier.count(sample), buyer.count(sample)
        low, low_buyer = supplier.low(sample), buyer.low(sample)
        weakest = np.minimum(low, low_buyer)
        rival, level = sample.quotients[own], supplier.quotient(sample)
        ahead = (low > rival) & (low_buyer > sample.quotients[other])
        return Redrawn(
            magnitude=counts[0] + counts[1],
            need=np.clip(1 - rival / np.where(level > 0, level, np.inf), 0.0, 1.0),
            strength=_strength(weakest),
            gaining=counts[0] + counts[1],
            found=ahead & (weakest > 1) & (np.minimum(*counts) >= chain.LEAST_ESTABLISHMENTS),
        )

    return under


def experience_resampler(findings: Sequence[Finding], base: Base) -> Resampler:
    """Return how the values of experience findings follow a draw; surplus, density and kindred classes are held."""
    sectors = [f.subject_code for f in findings]
    learners = [f.codes[1] for f in findings]
    leader = Side(base, [f.codes[0] for f in findings], sectors, [f.measures["leader"] for f in findings])
    here = base.cells(learners, sectors)
    density = np.array([f.measures["density"] for f in findings], dtype="float64")
    classes = [(i, code) for i, f in enumerate(findings) for code in (f.subject_code, *f.measures["related"])]
    which = np.array([i for i, _ in classes], dtype="int64")
    near = base.cells([learners[i] for i, _ in classes], [code for _, code in classes])

    def under(sample: Sample) -> Redrawn:
        low, level = leader.low(sample), sample.quotients[here]
        ready = np.bincount(which, weights=sample.counts[near], minlength=len(findings))
        sure = (low > 1) & (leader.count(sample) >= experience.LEAST_LEADER)
        return Redrawn(
            magnitude=ready,
            need=np.clip(1 - level, 0.0, 1.0),
            strength=np.where(low > 0, (1 - 1 / np.maximum(low, 1e-9) + density) / 2, 0.0),
            gaining=ready,
            found=sure & (level <= experience.MOST_LQ),
        )

    return under
