"""Linkages that rest on location quotients under a draw of establishments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

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


def strength(weakest: np.ndarray) -> np.ndarray:
    """Return 1 − 1/LQ where the lower bound is above 1, else 0."""
    return np.where(weakest > 1, 1 - 1 / np.maximum(weakest, 1.0), 0.0)


def resampler(findings: Sequence[Finding], base: Base) -> Resampler:
    """Return how the values of cluster findings follow a draw.

    Notes
    -----
    Counts, location quotients and the share of micro establishments are those of the draw; the relative width
    of each interval is held but for the number counted; that a hot spot crosses the border is held.
    """
    sectors = [f.subject_code for f in findings]
    sides = [
        Side(base, [f.codes[i] for f in findings], sectors, [f.measures[name] for f in findings])
        for i, name in enumerate(("first", "second"))
    ]

    def under(sample: Sample) -> Redrawn:
        counts = [side.count(sample) for side in sides]
        total = counts[0] + counts[1]
        weakest = np.minimum(*(side.low(sample) for side in sides))
        micro = sum(side.micro(sample) for side in sides)
        return Redrawn(
            magnitude=total,
            need=micro / np.maximum(total, 1.0),
            strength=strength(weakest),
            gaining=total,
            found=(weakest > 1) & (np.minimum(*counts) >= LQ_FLOOR),
        )

    return under
