"""Groups of two to six provinces with one shared subject: candidates for a flagship scheme (đề án điểm).

For each subject the provinces make a graph: an edge is as heavy as the scores of the linkages of the pair
together, a common border adds a little. Its communities are the groups. Linkages over a very long road make
no group; they stay opportunities of their pair.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import networkx as nx
import pandas as pd

from geo.errors import ParameterError
from geo.linkage import cluster, communities, families, group_sizes, group_words, support
from geo.linkage.communities import Pair
from geo.linkage.families import Subject
from geo.linkage.group_model import Group, GroupMember, Magnitude, to_frame
from geo.linkage.model import ROLES, Opportunity, Text, opportunity_id
from geo.linkage.score import HALF_DISTANCE_KM

__all__ = ["WEIGHTS", "find", "to_frame"]

#: Weights of the score of a group, an assumption of the product. ``links``: mean over the members of the best
#: score a member has inside the group; ``beneficiaries``: establishments on a log scale, relative to the group
#: with the most; ``cohesion``: share of the pairs that are linked or share a border; ``reach``: members beyond
#: the first, relative to the largest size. A flagship is one strong subject (links), many establishments
#: (beneficiaries), and spills over (reach), among provinces that can work together (cohesion).
WEIGHTS: Mapping[str, float] = {"links": 0.4, "beneficiaries": 0.3, "cohesion": 0.15, "reach": 0.15}
#: Linkages over a longer road (estimated km) stay with their pair: a group has to meet and share facilities.
#: Twice the distance at which the proximity of an opportunity has halved; an assumption of the product.
FARTHEST_KM = 2 * HALF_DISTANCE_KM
SMALLEST, LARGEST = 2, 6
SEED = 0


def find(
    opportunities: Sequence[Opportunity],
    neighbours: pd.DataFrame | None = None,
    *,
    sizes: tuple[int, int] = (SMALLEST, LARGEST),
    seed: int = SEED,
) -> list[Group]:
    """Find groups of provinces that share a subject.

    Parameters
    ----------
    opportunities : sequence of Opportunity
        Ranked (with a score), all of one vintage, of any kinds.
    neighbours : DataFrame, optional
        ``first``, ``second``, ``border_km`` as ``cluster.neighbours`` returns; that of the vintage when
        left out.
    sizes : (int, int), default (2, 6)
        Fewest and most provinces of a group.
    seed : int, default 0
        Of the community detection.

    Returns
    -------
    list of Group
        By score (highest first), then id. The order of the opportunities changes nothing.

    Raises
    ------
    ParameterError
        If sizes are impossible, vintages are mixed or an opportunity has no score.
    """
    _check(opportunities, sizes)
    if not opportunities:
        return []
    vintage = opportunities[0].vintage
    frame = cluster.neighbours(vintage) if neighbours is None else neighbours
    borders = {
        (min(a, b), max(a, b)): float(km)
        for a, b, km in frame[["first", "second", "border_km"]].itertuples(index=False, name=None)
    }
    near = [o for o in opportunities if o.distance_km <= FARTHEST_KM]
    found = []
    for subject, items in families.gather(near).items():
        net = communities.graph(_links(items), set(borders))
        for codes in communities.find(net, *sizes, seed=seed):
            found.append(_draft(subject, codes, items, borders, net))
    most = max((draft.establishments_gaining for draft in found), default=0)
    ranked = [_scored(draft, most, sizes[1]) for draft in found]
    return sorted(ranked, key=lambda g: (-g.score, g.id))


def _check(opportunities: Sequence[Opportunity], sizes: tuple[int, int]) -> None:
    """Refuse impossible sizes, mixed vintages and opportunities without a score."""
    if not SMALLEST <= sizes[0] <= sizes[1] <= LARGEST:
        raise ParameterError(
            vi=f"Nhóm tỉnh phải có từ {SMALLEST} đến {LARGEST} tỉnh; nhận được “{sizes[0]}-{sizes[1]}”. "
            "Hãy nhập lại, ví dụ 2-6.",
            en=f'A group has {SMALLEST} to {LARGEST} provinces; got "{sizes[0]}-{sizes[1]}". Enter it again, '
            "for example 2-6.",
        )
    vintages = sorted({o.vintage for o in opportunities})
    if len(vintages) > 1:
        raise ParameterError(
            vi=f"Nhóm tỉnh chỉ tìm được trong một bộ đơn vị hành chính; nhận được: {', '.join(vintages)}. "
            "Hãy chọn cơ hội của một bộ.",
            en=f"Groups are of one vintage; got {', '.join(vintages)}. Choose opportunities of one vintage.",
        )
    unscored = next((o.id for o in opportunities if not math.isfinite(o.score)), None)
    if unscored is not None:
        raise ParameterError(
            vi=f"Cần các cơ hội đã xếp hạng; cơ hội “{unscored}” chưa có điểm. Hãy dùng engine.rank trước.",
            en=f'Ranked opportunities are expected, but "{unscored}" has no score. Use engine.rank first.',
        )


def _links(items: Sequence[Opportunity]) -> dict[Pair, float]:
    """Return the sum of the scores of the linkages of each pair of provinces."""
    out: dict[Pair, float] = {}
    for item in items:
        for first, second in combinations(sorted(set(item.province_codes)), 2):
            out[first, second] = out.get((first, second), 0.0) + item.score
    return out


def _draft(
    subject: Subject,
    codes: tuple[str, ...],
    items: Sequence[Opportunity],
    borders: Mapping[Pair, float],
    net: nx.Graph,
) -> Group:
    """Describe one group; beneficiaries, score and texts follow when all groups are known."""
    members = set(codes)
    inside = sorted((o for o in items if set(o.province_codes) <= members), key=lambda o: (-o.score, o.id))
    first = inside[0]
    regions = tuple(dict.fromkeys(code for o in inside for code in o.region_codes))
    named = next((o for o in inside if (o.subject_kind, o.subject_code) == subject), first)
    touching = [pair for pair in combinations(codes, 2) if pair in borders]
    land = nx.Graph(touching)
    gains = group_sizes.by_province(inside)
    rows = _evidence(codes, inside, gains, touching, borders)
    asked, told = support.total(support.of_evidence(rows))
    return Group(
        id=opportunity_id("group", named.subject_code, codes, first.vintage),
        vintage=first.vintage,
        region_set=first.region_set,
        subject_kind=named.subject_kind,
        subject_code=named.subject_code,
        subject_vi=named.subject_vi,
        subject_en=named.subject_en,
        provinces=tuple(GroupMember(code, _roles(code, inside)) for code in codes),
        region_codes=tuple(sorted(regions)),
        crosses_regions=len(regions) > 1,
        contiguous=len(land) == len(codes) and nx.is_connected(land),
        opportunity_ids=tuple(o.id for o in inside),
        magnitudes=group_sizes.magnitudes(inside),
        establishments_gaining=sum(gains.values()),
        components=_components(codes, inside, net),
        score=math.nan,
        confidence=max(o.confidence for o in inside),
        confidence_reasons=group_words.reasons(inside),
        evidence=_once((*rows, *told)),
        warnings=tuple({w.code: w for o in inside for w in o.warnings}.values()),
        sentence_vi="",
        sentence_en="",
        scheme_vi="",
        scheme_en="",
        dataset_kind=first.dataset_kind,
        data_label_vi=first.data_label_vi,
        data_label_en=first.data_label_en,
        province_names={code: _name(code, inside) for code in codes},
        support=asked,
    )


def _roles(code: str, inside: Sequence[Opportunity]) -> tuple[str, ...]:
    """Return every part a province plays in the opportunities of the group."""
    played = {m.role for o in inside for m in o.provinces if m.province_code == code}
    return tuple(sorted(played, key=lambda role: ROLES.index(role) if role in ROLES else len(ROLES)))


def _name(code: str, inside: Sequence[Opportunity]) -> Text:
    """Return the name of a province."""
    return next((o.province_names[code] for o in inside if code in o.province_names), Text(code, code))


def _components(codes: Sequence[str], inside: Sequence[Opportunity], net: nx.Graph) -> dict[str, float]:
    """Return the components that one group has by itself."""
    best = [max(o.score for o in inside if code in o.province_codes) for code in codes]
    pairs = list(combinations(codes, 2))
    joined = sum(net.has_edge(*pair) for pair in pairs)
    return {"links": round(math.fsum(best) / len(best), 6), "cohesion": round(joined / len(pairs), 6)}


def _scored(draft: Group, most: int, largest: int) -> Group:
    """Complete components, score, graph row and texts of a group."""
    gaining = draft.establishments_gaining
    components = {
        **draft.components,
        "beneficiaries": round(math.log1p(gaining) / math.log1p(most), 6) if most > 0 else 0.0,
        "reach": round((len(draft.provinces) - 1) / (largest - 1), 6),
    }
    score = round(math.fsum(WEIGHTS[name] * components[name] for name in WEIGHTS), 6)
    summary = _row("linkage_groups", _subject_key(draft), _summary(draft) | components | {"score": score})
    sizes = [
        _row("group_magnitudes", {"kind": m.kind} | _subject_key(m), {m.unit: m.value})
        for m in draft.magnitudes
    ]
    group = dataclasses.replace(
        draft,
        components={name: components[name] for name in WEIGHTS},
        score=score,
        evidence=(summary, *sizes, *draft.evidence),
    )
    said, plan = group_words.sentence(group), group_words.scheme(group)
    return dataclasses.replace(
        group, sentence_vi=said.vi, sentence_en=said.en, scheme_vi=plan.vi, scheme_en=plan.en
    )


def _subject_key(item: Group | Magnitude) -> dict[str, str]:
    """Return the key of a subject as other evidence rows write it."""
    if item.subject_kind == "sector_pair":
        upstream, downstream = item.subject_code.split("-")
        return {"upstream_code": upstream, "downstream_code": downstream}
    return {f"{item.subject_kind}_code": item.subject_code}


def _summary(draft: Group) -> dict[str, Any]:
    """Return the counts that describe a group as a whole."""
    return {
        "provinces": len(draft.provinces),
        "regions": len(draft.region_codes),
        "opportunities": len(draft.opportunity_ids),
        "establishments": draft.establishments_gaining,
        "contiguous": draft.contiguous,
    }


def _evidence(
    codes: Sequence[str],
    inside: Sequence[Opportunity],
    gains: Mapping[str, int],
    touching: Sequence[Pair],
    borders: Mapping[Pair, float],
) -> tuple[dict[str, Any], ...]:
    """Return the rows of the graph (members, links, borders) and those of the opportunities, once each."""
    rows = [_row("group_members", {"province_code": c}, {"establishments": gains.get(c, 0)}) for c in codes]
    for pair, weight in sorted(_links(inside).items()):
        key = {"first": pair[0], "second": pair[1]}
        rows.append(_row("group_links", key, {"score_total": round(weight, 6)}))
    for pair in touching:
        key = {"first": pair[0], "second": pair[1]}
        rows.append(_row("neighbours", key, {"border_km": borders[pair]}, "geo.linkage.cluster.neighbours"))
    return _once((*rows, *(row for item in inside for row in item.evidence)))


def _once(rows: Sequence[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Return each row once: one table and key name one row, whichever opportunities it is behind."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        found.setdefault(repr((row["table"], row["key"])), row)
    return tuple(found.values())


def _row(
    table: str, key: Mapping[str, Any], values: Mapping[str, Any], source: str = "geo.linkage.groups.find"
) -> dict[str, Any]:
    """Return one evidence row."""
    return {"table": table, "key": dict(key), "values": dict(values), "source": source, "status": "computed"}
