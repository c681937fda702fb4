"""Score and sort opportunities, and say how firm their places are; nothing is computed anew."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geo.errors import ParameterError
from geo.linkage import confidence, score, stability
from geo.linkage.candidates import Basis, Candidates
from geo.linkage.confidence import Standing
from geo.linkage.model import KINDS, STANDING, Opportunity
from geo.linkage.notes import Note
from geo.linkage.records import records
from geo.linkage.stability import Draws
from geo.store.filters import Filters


@dataclass(frozen=True)
class Ranking:
    """Opportunities by score (highest first, then id), the same as a table, and what was left out.

    ``weights`` are normalised to the sum 1.
    """

    opportunities: list[Opportunity]
    table: pd.DataFrame
    notes: tuple[Note, ...]
    weights: Mapping[str, float]
    filters: Filters


def rank(
    found: Candidates,
    weights: Mapping[str, float] | None = None,
    *,
    between_regions: bool = False,
    kinds: Sequence[str] | None = None,
    draws: Draws | None = None,
    seed: int = 0,
) -> Ranking:
    """Score and sort candidates; nothing is computed anew.

    Parameters
    ----------
    found : Candidates
        As :func:`candidates` or :func:`narrow` returns them.
    weights : mapping, optional
        Component -> weight ≥ 0; the defaults when left out.
    between_regions : bool, default False
        Keep only opportunities that cross a region border.
    kinds : sequence of str, optional
        Keep only these kinds; the scales of the score stay as computed.
    draws : Draws, optional
        Of ``stability.draw`` for the same country: how firm each place is then stands on the opportunities
        (within the list ranked here) and counts for their confidence (within the whole country, so that a
        choice of places changes no letter).
    seed : int, default 0
        Seed of the weights drawn around the chosen ones.

    Raises
    ------
    ParameterError
        If a weight is out of its range, a kind is unknown or the draws are of something else.
    """
    checked = score.check_weights(weights)
    basis, chosen = found.basis, found.chosen
    if kinds is not None:
        check_kinds(kinds)
        chosen = chosen[basis.table["kind"].isin(list(kinds)).to_numpy(dtype=bool)[chosen]]
    if between_regions:
        chosen = chosen[basis.table["crosses_regions"].to_numpy(dtype=bool)[chosen]]
    chosen, scores = _ordered(basis, chosen, checked)
    table = basis.table.iloc[chosen].reset_index(drop=True)
    table["rank"], table["score"] = np.arange(1, len(chosen) + 1), scores
    changes: list[dict[str, Any]] = [{"score": value} for value in scores.tolist()]
    if draws is not None:
        for change, standing in zip(changes, _standings(basis, chosen, checked, draws, seed), strict=True):
            change.update(standing)
        for name in ("confidence", *STANDING):
            table[name] = [change[name] for change in changes]
    ranked = [_with(basis.opportunities[i], change) for i, change in zip(chosen, changes, strict=True)]
    return Ranking(ranked, table, found.notes, checked, found.filters)


def _ordered(basis: Basis, chosen: np.ndarray, weights: Mapping[str, float]) -> tuple[np.ndarray, np.ndarray]:
    """Sort opportunities by score and id; return their places and scores."""
    scores = score.scores(basis.parts[chosen], weights)
    order = np.lexsort((basis.name_order[chosen], -scores))
    return chosen[order], scores[order]


def _standings(
    basis: Basis, chosen: np.ndarray, weights: Mapping[str, float], draws: Draws, seed: int
) -> list[dict[str, Any]]:
    """Return how firm the place of each chosen opportunity is, with the letter and reasons that follow."""
    whole = stability.judge(draws, weights, seed=seed)
    ids = [basis.opportunities[i].id for i in chosen]
    listed = whole.loc[ids] if len(ids) == len(whole) else stability.judge(draws, weights, seed=seed, ids=ids)
    everyone, _ = _ordered(basis, np.arange(len(basis.opportunities)), weights)
    place = np.empty_like(everyone)
    place[everyone] = np.arange(1, len(everyone) + 1)
    rows = zip(chosen, records(whole.loc[ids]), records(listed), strict=True)
    out = []
    for i, country_wide, here in rows:
        standing = Standing(int(place[i]), len(everyone), **country_wide)
        judged = confidence.with_standing(basis.judgements[i], standing)
        out.append({**here, "confidence": judged.letter, "confidence_reasons": judged.reasons})
    return out


def _with(opportunity: Opportunity, changes: Mapping[str, Any]) -> Opportunity:
    """Return a copy with some values changed; far quicker than building thousands of records anew."""
    out = copy.copy(opportunity)
    out.__dict__.update(changes)
    return out


def check_kinds(kinds: Sequence[str]) -> None:
    """Refuse unknown kinds."""
    wrong = [k for k in kinds if k not in KINDS]
    if wrong or not kinds or isinstance(kinds, str):
        raise ParameterError(
            vi=f"Loại liên kết phải thuộc: {', '.join(KINDS)}; nhận được “{kinds}”. Hãy chọn ít nhất "
            "một loại.",
            en=f'The kinds of linkage are {", ".join(KINDS)}; got "{kinds}". Choose at least one of them.',
        )
