"""Ranked opportunities of a dataset: candidates are computed once, rankings from them in no time."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from geo.errors import ParameterError
from geo.linkage import cluster, confidence, eligibility, inputs, material, narrative, score
from geo.linkage.model import KINDS, Finding, Opportunity, Text, opportunity_id, to_frame
from geo.linkage.notes import Note, note, of_inputs
from geo.measures.flows import FlowOptions
from geo.store.catalog import Dataset
from geo.store.filters import Filters
from geo.subjects.requirements import Overrides

_DEMO_LABEL = Text("Dữ liệu minh hoạ", "Demonstration data")


@dataclass(frozen=True)
class Candidates:
    """Everything about the opportunities that does not depend on weights; ``score`` is not yet set."""

    opportunities: tuple[Opportunity, ...]
    notes: tuple[Note, ...]
    filters: Filters


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
        opportunities with at least one province inside: flows and specialisation are always computed
        over the whole country. Materials narrow the subjects.
    weights : mapping, optional
        Component -> weight ≥ 0 (dimensionless); see ``score.COMPONENTS``.
    flow_options : FlowOptions, optional
        Assumptions of the plan of flows; the defaults when left out.
    requirement_overrides : DataFrame or mapping, optional
        Coefficients of the user, as ``requirements.table`` takes them.
    kinds : sequence of str
        Any of ``material``, ``cluster``.
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


def rank(
    found: Candidates, weights: Mapping[str, float] | None = None, *, between_regions: bool = False
) -> Ranking:
    """Score and sort candidates; nothing is computed anew.

    Raises
    ------
    ParameterError
        If a weight is out of its range.
    """
    checked = score.check_weights(weights)
    kept = [o for o in found.opportunities if o.crosses_regions or not between_regions]
    scored = [dataclasses.replace(o, score=score.score(o.components, checked)) for o in kept]
    scored.sort(key=lambda o: (-o.score, o.id))
    return Ranking(scored, to_frame(scored), found.notes, checked, found.filters)


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
    _check(kinds, options.detour_factor)
    filters = filters.normalised()
    data = inputs.gather(dataset, filters, options, requirement_overrides)
    findings, notes = _findings(data, filters, kinds)
    findings = [_with_regions(item, data.region_of) for item in findings]
    judged = [confidence.judge(item, data.context) for item in findings]
    parts = score.components(findings, [j.quality for j in judged])
    built: dict[str, Opportunity] = {}
    for item, judgement, part in zip(findings, judged, parts, strict=True):
        opportunity = _opportunity(item, judgement, part, data, filters, dataset)
        built.setdefault(opportunity.id, opportunity)
    wanted = _inside(list(built.values()), filters)
    notes += note("outside_places", len(built) - len(wanted))
    return Candidates(tuple(wanted), tuple(notes), filters)


def _check(kinds: Sequence[str], detour_factor: float) -> None:
    """Refuse unknown kinds and impossible detours."""
    wrong = [k for k in kinds if k not in KINDS]
    if wrong or not kinds or isinstance(kinds, str):
        raise ParameterError(
            vi=f"Loại liên kết phải thuộc: {', '.join(KINDS)}; nhận được “{kinds}”. Hãy chọn ít nhất "
            "một loại.",
            en=f'The kinds of linkage are {", ".join(KINDS)}; got "{kinds}". Choose at least one of them.',
        )
    if not (isinstance(detour_factor, (int, float)) and 1.0 <= detour_factor <= 3.0):
        raise ParameterError(
            vi=f"Hệ số đường vòng phải từ 1 đến 3; nhận được “{detour_factor}”. Hãy nhập lại (mặc định "
            "1,33).",
            en=f'The detour factor must be 1 to 3; got "{detour_factor}". Enter it again (default 1.33).',
        )


def _findings(
    data: inputs.Inputs, filters: Filters, kinds: Sequence[str]
) -> tuple[list[Finding], list[Note]]:
    """Find linkages of the kinds asked for, in a fixed order, with notes."""
    findings: list[Finding] = []
    notes = of_inputs(data, kinds)
    if "material" in kinds:
        found, left = material.find(
            data.links, data.balance, data.demand, data.supply, data.needs_by_status, data.coverage
        )
        findings += [f for f in found if not filters.materials or f.subject_code in filters.materials]
        notes += note("noise", left["noise"]) + note("single", left["single"])
    if "cluster" in kinds:
        found, counts = cluster.find(data.lq, data.pairs, data.road_km, data.sizes)
        wanted = inputs.wanted_sectors(filters)
        findings += [f for f in found if wanted is None or f.subject_code in wanted]
        notes += note("within_class", counts["within_class"])
    return sorted(findings, key=lambda f: (f.kind, f.subject_code, f.codes)), notes


def _with_regions(finding: Finding, region_of: Mapping[str, str]) -> Finding:
    """Say which regions a finding touches and whether it crosses from one to another."""
    codes = tuple(dict.fromkeys(region_of[c] for c in finding.codes))
    measures = {**finding.measures, "region_codes": codes, "crosses_regions": len(codes) > 1}
    return dataclasses.replace(finding, measures=measures)


def _opportunity(
    item: Finding,
    judgement: confidence.Judgement,
    parts: Mapping[str, float],
    data: inputs.Inputs,
    filters: Filters,
    dataset: Dataset,
) -> Opportunity:
    """Put one finding into words and hand it out whole."""
    subject = data.subjects[(item.subject_kind, item.subject_code)]
    names = narrative.Names(data.province_names, data.region_names, subject)
    opening = _DEMO_LABEL if dataset.kind == "demo" else None
    said, plan = narrative.sentence(item, names, opening), narrative.scheme(item, names)
    divisions, large = inputs.gaining(item, data)
    # Undirected kinds are named by sorted codes, so that the name stays when the larger side changes.
    codes = item.codes if item.kind == "material" else tuple(sorted(item.codes))
    return Opportunity(
        id=opportunity_id(item.kind, item.subject_code, codes, filters.vintage),
        kind=item.kind,
        vintage=filters.vintage,
        region_set=str(filters.region_set),
        subject_code=item.subject_code,
        subject_kind=item.subject_kind,
        subject_vi=subject.vi,
        subject_en=subject.en,
        provinces=item.members,
        region_codes=item.measures["region_codes"],
        crosses_regions=item.measures["crosses_regions"],
        magnitude=item.magnitude,
        unit=item.unit,
        distance_km=item.distance_km,
        establishments_gaining=item.establishments_gaining,
        components=dict(parts),
        score=math.nan,
        confidence=judgement.letter,
        confidence_reasons=judgement.reasons,
        evidence=item.evidence,
        warnings=eligibility.cautions(item, filters.vintage, divisions, large),
        sentence_vi=said.vi,
        sentence_en=said.en,
        scheme_vi=plan.vi,
        scheme_en=plan.en,
        dataset_kind=dataset.kind,
        data_label_vi=dataset.label("vi"),
        data_label_en=dataset.label("en"),
        province_names={c: data.province_names[c] for c in item.codes},
    )


def _inside(opportunities: list[Opportunity], filters: Filters) -> list[Opportunity]:
    """Keep opportunities with at least one province inside the chosen ones."""
    codes = filters.province_codes()
    if codes is None:
        return opportunities
    chosen = set(codes)
    return [o for o in opportunities if chosen & set(o.province_codes)]
