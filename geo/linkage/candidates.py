"""Opportunities as computed for the whole country, and a choice among them; neither depends on weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from geo.linkage import score
from geo.linkage.confidence import Judgement
from geo.linkage.inputs import Inputs
from geo.linkage.model import Finding, Opportunity, to_frame
from geo.linkage.notes import Note
from geo.store.filters import Filters

#: Filters that pick among the opportunities of the country and change nothing in what is computed.
NARROWING = ("regions", "provinces", "materials")


@dataclass(frozen=True, eq=False)
class Basis:
    """All that was computed for the whole country; findings, judgements and opportunities are aligned."""

    data: Inputs
    kinds: tuple[str, ...]
    findings: tuple[Finding, ...]
    judgements: tuple[Judgement, ...]
    opportunities: tuple[Opportunity, ...]
    left: Mapping[str, Mapping[str, int]]
    filters: Filters

    @cached_property
    def table(self) -> pd.DataFrame:
        """The opportunities as a table without ranks and scores."""
        return to_frame(self.opportunities)

    @cached_property
    def parts(self) -> np.ndarray:
        """Components, opportunity × component in the order of ``score.COMPONENTS``."""
        names = list(score.DEFAULT_WEIGHTS)
        rows = [[o.components[name] for name in names] for o in self.opportunities]
        return np.array(rows, dtype="float64").reshape(len(rows), len(names))

    @cached_property
    def name_order(self) -> np.ndarray:
        """Place of each opportunity by its id, which decides between equal scores."""
        return np.argsort(np.argsort(np.array([o.id for o in self.opportunities], dtype=object)))


@dataclass(frozen=True, eq=False)
class Candidates:
    """Everything about the opportunities that does not depend on weights; ``score`` is not yet set.

    ``chosen`` are the places of the opportunities in those of the whole country (``basis``).
    """

    opportunities: tuple[Opportunity, ...]
    notes: tuple[Note, ...]
    filters: Filters
    basis: Basis
    chosen: np.ndarray
