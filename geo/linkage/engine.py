"""Ranked opportunities of a dataset: computed once for the country, narrowed and ranked in no time."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geo.errors import ParameterError
from geo.linkage import assemble, confidence, inputs, material, notes, score, stability
from geo.linkage.candidates import NARROWING, Basis, Candidates
from geo.linkage.confidence import Standing
from geo.linkage.kinds import TABLE, keeper
from geo.linkage.model import KINDS, STANDING, Finding, Opportunity
from geo.linkage.notes import Note
from geo.linkage.stability import Draws
from geo.measures.flows import FlowOptions
from geo.store.catalog import Dataset
from geo.store.filters import Filters
from geo.subjects.requirements import Overrides


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


def find(
    dataset: Dataset,
    filters: Filters,
    *,
    weights: Mapping[str, float] | None = None,
    flow_options: FlowOptions | None = None,
    requirement_overrides: Overrides | None = None,
    kinds: Sequence[str] = KINDS,
    between_regions: bool = False,
) -> Ranking:
    """Find and rank the linkages between provinces that are worth a joint proposal.

    Parameters
    ----------
    dataset : Dataset
        Establishments and stated needs.
    filters : Filters
        Sectors, sizes and years narrow the establishments. Regions and provinces narrow the result to
        opportunities with at least one province inside, materials to those about them: flows,
        specialisation and the scales of the score are always of the whole country.
    weights : mapping, optional
        Component -> weight ≥ 0 (dimensionless); see ``score.COMPONENTS``.
    flow_options : FlowOptions, optional
        Assumptions of the plan of flows; the defaults when left out.
    requirement_overrides : DataFrame or mapping, optional
        Coefficients of the user, as ``requirements.table`` takes them.
    kinds : sequence of str
        Any of ``model.KINDS``.
    between_regions : bool, default False
        Keep only opportunities that cross a region border.

    Returns
    -------
    Ranking
        The order of rows in the dataset changes nothing.

    Raises
    ------
    ParameterError
        If a weight, a kind, the detour factor or a filter is out of its range.
    """
    checked = score.check_weights(weights)
    found = candidates(
        dataset,
        filters,
        flow_options=flow_options,
        requirement_overrides=requirement_overrides,
        kinds=kinds,
    )
    return rank(found, checked, between_regions=between_regions)


def country(filters: Filters) -> Filters:
    """Return what of the filters decides what is computed: the places and materials chosen do not."""
    return filters.normalised().without(*NARROWING)


def candidates(
    dataset: Dataset,
    filters: Filters,
    *,
    flow_options: FlowOptions | None = None,
    requirement_overrides: Overrides | None = None,
    kinds: Sequence[str] = KINDS,
) -> Candidates:
    """Compute the opportunities without their ranking; arguments as for :func:`find`.

    Raises
    ------
    ParameterError
        If a kind, the detour factor or a filter is out of its range.
    """
    options = flow_options or FlowOptions()
    _check_kinds(kinds)
    _check_detour(options.detour_factor)
    filters = filters.normalised()
    whole = country(filters)
    data = inputs.gather(dataset, whole, options, requirement_overrides)
    findings, left = _findings(data, whole, kinds)
    built, judged = assemble.opportunities(findings, data, whole, dataset)
    asked = tuple(kind for kind in KINDS if kind in kinds)
    return _narrowed(Basis(data, asked, tuple(findings), judged, built, left, whole), filters)


def narrow(found: Candidates, filters: Filters) -> Candidates:
    """Pick the opportunities of chosen regions, provinces and materials; nothing is computed anew.

    Parameters
    ----------
    found : Candidates
        Of any choice of places and materials: the choice is made anew among those of the whole country.
    filters : Filters
        The same as those of ``found`` but for regions, provinces and materials.

    Raises
    ------
    ParameterError
        If another filter differs: what it changes must be computed by :func:`candidates`.
    """
    filters = filters.normalised()
    if country(filters) != found.basis.filters:
        raise ParameterError(
            vi="Chỉ lựa chọn vùng, tỉnh và nguyên liệu mới lọc được từ kết quả đã tính; bộ đơn vị hành "
            "chính, cách chia vùng, ngành, năm hoặc quy mô đã khác. Hãy tính lại với bộ lọc mới.",
            en="Only a choice of regions, provinces and materials can be picked from what was computed; the "
            "vintage, region set, sectors, years or sizes differ. Compute it again with the new filters.",
        )
    return _narrowed(found.basis, filters)


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
        _check_kinds(kinds)
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
    rows = zip(chosen, _records(whole.loc[ids]), _records(listed), strict=True)
    out = []
    for i, country_wide, here in rows:
        standing = Standing(int(place[i]), len(everyone), **country_wide)
        judged = confidence.with_standing(basis.judgements[i], standing)
        out.append({**here, "confidence": judged.letter, "confidence_reasons": judged.reasons})
    return out


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as mappings."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _with(opportunity: Opportunity, changes: Mapping[str, Any]) -> Opportunity:
    """Return a copy with some values changed; far quicker than building thousands of records anew."""
    out = copy.copy(opportunity)
    out.__dict__.update(changes)
    return out


def _check_kinds(kinds: Sequence[str]) -> None:
    """Refuse unknown kinds."""
    wrong = [k for k in kinds if k not in KINDS]
    if wrong or not kinds or isinstance(kinds, str):
        raise ParameterError(
            vi=f"Loại liên kết phải thuộc: {', '.join(KINDS)}; nhận được “{kinds}”. Hãy chọn ít nhất "
            "một loại.",
            en=f'The kinds of linkage are {", ".join(KINDS)}; got "{kinds}". Choose at least one of them.',
        )


def _check_detour(detour_factor: float) -> None:
    """Refuse impossible detours."""
    if not (isinstance(detour_factor, (int, float)) and 1.0 <= detour_factor <= 3.0):
        raise ParameterError(
            vi=f"Hệ số đường vòng phải từ 1 đến 3; nhận được “{detour_factor}”. Hãy nhập lại (mặc định "
            "1,33).",
            en=f'The detour factor must be 1 to 3; got "{detour_factor}". Enter it again (default 1.33).',
        )


def _findings(
    data: inputs.Inputs, filters: Filters, kinds: Sequence[str]
) -> tuple[list[Finding], dict[str, Mapping[str, int]]]:
    """Find linkages of the kinds asked for, in a fixed order, and count what each kind left out."""
    findings: list[Finding] = []
    left: dict[str, Mapping[str, int]] = {}
    keeps = keeper(filters)
    for name, kind in TABLE.items():
        if name in kinds:
            found, left[name] = kind.find(data)
            findings += [assemble.with_regions(f, data.region_of) for f in found if keeps(f)]
    return sorted(findings, key=lambda f: (f.kind, f.subject_code, f.codes)), left


def _narrowed(basis: Basis, filters: Filters) -> Candidates:
    """Pick the opportunities of the chosen places and materials and say what is left out."""
    data = inputs.of_materials(basis.data, filters)
    said = notes.of_inputs(data, basis.kinds)
    for name, counts in basis.left.items():
        if name == "material" and filters.materials:
            counts = material.left_out(material.sifted(data.links, data.demand))
        said += notes.of_counts(counts)
    keeps = keeper(filters)
    about = [i for i, f in enumerate(basis.findings) if keeps(f)]
    codes = filters.province_codes()
    inside = [i for i in about if codes is None or set(codes) & set(basis.findings[i].codes)]
    said += notes.note("outside_places", len(about) - len(inside))
    picked = tuple(basis.opportunities[i] for i in inside)
    return Candidates(picked, tuple(said), filters, basis, np.array(inside, dtype="int64"))
