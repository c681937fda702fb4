"""Does the ranking recover what the state already did or planned? Shown with its failures and their reasons.

A plan counts as found where opportunities on the same subject touch its provinces. Since many provinces are
touched anyway, the share that chance alone would give stands beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

import pandas as pd

from geo.linkage import engine, groups, material_tables
from geo.linkage.group_model import Group
from geo.linkage.model import Opportunity
from geo.linkage.sanity_model import Missed, Recovery
from geo.linkage.sanity_reasons import Facts, Reason, both_surplus, of_province
from geo.places import admin
from geo.store.catalog import Dataset
from geo.store.filters import Filters
from geo.subjects.known_plans import Plan, plans

__all__ = ["Facts", "Missed", "Reason", "Recovery", "check", "of_dataset", "to_frame"]


def of_dataset(dataset: Dataset, vintage: str = admin.DEFAULT_VINTAGE) -> list[Recovery]:
    """Hold the ranking of a dataset, under the default assumptions and weights, against the known plans.

    Raises
    ------
    ParameterError
        If the vintage is unknown.
    """
    filters = Filters(vintage=vintage).normalised()
    ranking = engine.find(dataset, filters)
    rows = material_tables.aggregates(dataset, filters)
    facts = Facts.of(material_tables.compute(dataset, filters), rows.counts)
    found = groups.find(ranking.opportunities)
    return check(ranking.opportunities, found, plans(), facts, vintage=vintage)


def check(
    opportunities: Sequence[Opportunity],
    found_groups: Sequence[Group],
    known: Sequence[Plan],
    facts: Facts,
    *,
    vintage: str = admin.DEFAULT_VINTAGE,
) -> list[Recovery]:
    """Hold a ranking and its groups against plans.

    Parameters
    ----------
    opportunities : sequence of Opportunity
        Ranked, best first, of ``vintage``.
    found_groups : sequence of Group
        Ranked, of the same opportunities.
    known : sequence of Plan
        As ``known_plans.plans`` returns them.
    facts : Facts
        Tables of the same dataset and vintage, for the reasons.

    Returns
    -------
    list of Recovery
        One a plan, in the order given.
    """
    return [_recover(plan, opportunities, found_groups, facts, vintage) for plan in known]


def to_frame(recoveries: Sequence[Recovery]) -> pd.DataFrame:
    """Return one row a plan: shares (0–1, NaN where there is nothing to share), ranks, group and sentence.

    Returns
    -------
    DataFrame
        ``plan_id``, ``plan_vi``, ``plan_en``, ``period``, ``vintage``, ``provinces_planned``, ``planned`` and
        ``touched`` (codes joined by ``|``), ``province_recall``, ``province_chance``, ``pairs``,
        ``pairs_found``, ``pair_recall``, ``pair_chance``, ``first_rank``, ``first_rank_within``, ``ranked``,
        ``group_id``, ``group_planned``, ``group_size``, ``missed``, sentences, ``legal_basis``, ``source``,
        ``source_url``, ``status``.
    """
    rows = []
    for item in recoveries:
        plan, said = item.plan, item.sentence()
        rows.append(
            {
                "plan_id": plan.plan_id,
                "plan_vi": plan.name_vi,
                "plan_en": plan.name_en,
                "period": plan.period,
                "vintage": item.vintage,
                "provinces_planned": plan.provinces_planned,
                "planned": "|".join(item.planned),
                "touched": "|".join(item.touched),
                "province_recall": item.province_recall,
                "province_chance": item.province_chance,
                "pairs": len(item.pairs),
                "pairs_found": len(item.pairs_found),
                "pair_recall": item.pair_recall,
                "pair_chance": item.pair_chance,
                "first_rank": item.first_rank,
                "first_rank_within": item.first_rank_within,
                "ranked": item.ranked,
                "group_id": item.group_id,
                "group_planned": item.group_planned,
                "group_size": item.group_size,
                "missed": "|".join(m.province_code for m in item.missed),
                "sentence_vi": said.vi,
                "sentence_en": said.en,
                "legal_basis": plan.legal_basis,
                "source": plan.source,
                "source_url": plan.source_url,
                "status": plan.status,
            }
        )
    table = pd.DataFrame(rows)
    ranks = ["first_rank", "first_rank_within"]
    return table.astype(dict.fromkeys(ranks, "Int64")) if rows else table


def on_subject(kind: str, code: str, plan: Plan) -> bool:
    """Whether a subject (a material or a sector) is that of a plan."""
    return code in plan.materials if kind == "material" else kind == "sector" and code in plan.sectors


def _recover(
    plan: Plan,
    opportunities: Sequence[Opportunity],
    found_groups: Sequence[Group],
    facts: Facts,
    vintage: str,
) -> Recovery:
    """Hold one plan against the ranking."""
    planned = plan.codes(vintage)
    wanted = set(planned)
    same = [
        (rank, o)
        for rank, o in enumerate(opportunities, start=1)
        if on_subject(o.subject_kind, o.subject_code, plan)
    ]
    touching = [(rank, o) for rank, o in same if wanted & set(o.province_codes)]
    within = [rank for rank, o in touching if set(o.province_codes) <= wanted]
    everywhere = {code for _, o in same for code in o.province_codes}
    linked = {pair for _, o in same for pair in combinations(sorted(set(o.province_codes)), 2)}
    every = len(admin.provinces(vintage))
    pairs = tuple(combinations(planned, 2))
    unlinked = [pair for pair in pairs if pair not in linked]
    best = _closest(plan, wanted, found_groups)
    return Recovery(
        plan=plan,
        vintage=vintage,
        planned=planned,
        touched=tuple(code for code in planned if code in everywhere),
        province_recall=_share(len(wanted & everywhere), len(planned)),
        province_chance=_share(len(everywhere), every),
        pairs=pairs,
        pairs_found=tuple(pair for pair in pairs if pair in linked),
        pair_recall=_share(len(pairs) - len(unlinked), len(pairs)),
        pair_chance=_share(len(linked), math.comb(every, 2)) if pairs else math.nan,
        pairs_both_surplus=sum(both_surplus(pair, plan, facts) for pair in unlinked),
        opportunity_ids=tuple(o.id for _, o in touching),
        first_rank=touching[0][0] if touching else None,
        first_rank_within=within[0] if within else None,
        ranked=len(opportunities),
        group_id=best.id if best else "",
        group_planned=len(wanted & set(best.province_codes)) if best else 0,
        group_size=len(best.provinces) if best else 0,
        missed=tuple(
            Missed(code, of_province(code, plan, facts)) for code in planned if code not in everywhere
        ),
    )


def _closest(plan: Plan, wanted: set[str], found_groups: Sequence[Group]) -> Group | None:
    """Return the group on the subject with the largest overlap (Jaccard) with the planned provinces."""
    best, most = None, 0.0
    for group in found_groups:
        members = set(group.province_codes)
        shared = _share(len(wanted & members), len(wanted | members))
        if on_subject(group.subject_kind, group.subject_code, plan) and shared > most:
            best, most = group, shared
    return best


def _share(part: int, whole: int) -> float:
    """Return part / whole, NaN when there is no whole."""
    return part / whole if whole else math.nan
