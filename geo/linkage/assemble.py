"""From a finding to the opportunity that is shown: judged, scored in parts, cautioned and put into words."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence

from geo.linkage import eligibility, kinds, score, support
from geo.linkage.confidence import Judgement
from geo.linkage.inputs import Inputs
from geo.linkage.model import Finding, Opportunity, Text, opportunity_id
from geo.linkage.narrative import Names, labelled
from geo.linkage.support_words import with_support
from geo.store.catalog import Dataset
from geo.store.filters import Filters

_DEMO_LABEL = Text("Dữ liệu minh hoạ", "Demonstration data")


def opportunities(
    findings: Sequence[Finding], data: Inputs, filters: Filters, dataset: Dataset
) -> tuple[tuple[Opportunity, ...], tuple[Judgement, ...]]:
    """Return the opportunities of all findings of the country, without a score, and their judgements.

    Parameters
    ----------
    findings : sequence of Finding
        All of them, because the scales of the components are taken from the whole country.
    data : Inputs
        Tables they were found in.
    filters : Filters
        Normalised; name the vintage and the region set.
    dataset : Dataset
        Gives its kind and label.
    """
    judged = tuple(kinds.judge(item, data.context) for item in findings)
    parts = score.components(findings, [j.quality for j in judged])
    asked = support.Ledger(support.rows(dataset, filters.without("sectors")))
    built = (
        _opportunity(item, judgement, part, data, filters, dataset, asked)
        for item, judgement, part in zip(findings, judged, parts, strict=True)
    )
    return tuple(built), judged


def with_regions(finding: Finding, region_of: Mapping[str, str]) -> Finding:
    """Say which regions a finding touches and whether it crosses from one to another."""
    codes = tuple(dict.fromkeys(region_of[c] for c in finding.codes))
    measures = {**finding.measures, "region_codes": codes, "crosses_regions": len(codes) > 1}
    return dataclasses.replace(finding, measures=measures)


def _opportunity(
    item: Finding,
    judgement: Judgement,
    parts: Mapping[str, float],
    data: Inputs,
    filters: Filters,
    dataset: Dataset,
    asked: support.Ledger,
) -> Opportunity:
    """Put one finding into words and hand it out whole."""
    kind = kinds.TABLE[item.kind]
    subject = kind.subject(item.subject_code, item.subject_kind, data.subjects)
    names = Names(data.province_names, data.region_names, subject)
    said = labelled(kind.sentence(item, names), _DEMO_LABEL if dataset.kind == "demo" else None)
    wanted, rows = asked.of(kind.asking(item))
    plan = with_support(kind.scheme(item, names), wanted)
    cells, large = kind.gaining(item)
    # Undirected kinds are named by sorted codes, so that the name stays when the larger side changes.
    codes = item.codes if kind.directed else tuple(sorted(item.codes))
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
        evidence=item.evidence + rows,
        warnings=eligibility.cautions(item, filters.vintage, cells, large, data.people),
        sentence_vi=said.vi,
        sentence_en=said.en,
        scheme_vi=plan.vi,
        scheme_en=plan.en,
        dataset_kind=dataset.kind,
        data_label_vi=dataset.label("vi"),
        data_label_en=dataset.label("en"),
        support=wanted,
        province_names={c: data.province_names[c] for c in item.codes},
    )
