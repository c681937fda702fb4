"""Groups of provinces: size, one subject, no double counting, the same whatever the order, all numbers backed."""

from __future__ import annotations

import dataclasses
import random
import re
from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ranked_sets import SETS, grouped, ranked

from geo.errors import ParameterError
from geo.linkage import cluster, communities, families, group_sizes, groups
from geo.linkage.group_model import Group
from geo.linkage.model import Member, Opportunity
from geo.linkage.narrative import rounded
from geo.places import admin

NUMBER = re.compile(r"\d[\d.,]*\d|\d")


def inside(group: Group, dataset: str, vintage: str) -> list[Opportunity]:
    by_id = {o.id: o for o in ranked(dataset, vintage)}
    return [by_id[i] for i in group.opportunity_ids]


@pytest.mark.parametrize(("dataset", "vintage"), SETS)
def test_groups_have_two_to_six_members_and_one_subject(dataset, vintage):
    carried = frozenset(o.subject_code for o in ranked(dataset, vintage) if o.subject_kind == "material")
    listed = grouped(dataset, vintage)
    region_of = admin.province_regions(admin.default_region_set(vintage))
    assert listed
    assert len({g.id for g in listed}) == len(listed)
    for group in listed:
        items = inside(group, dataset, vintage)
        assert 2 <= len(group.provinces) <= 6
        assert len({families.subject_of(o, carried) for o in items}) == 1
        assert {c for o in items for c in o.province_codes} == set(group.province_codes)
        assert all(m.roles for m in group.provinces)
        assert group.confidence == max(o.confidence for o in items)
        assert all(o.distance_km <= groups.FARTHEST_KM for o in items)
        regions = {region_of[c] for c in group.province_codes}
        assert set(group.region_codes) == regions
        assert group.crosses_regions == (len(regions) > 1)


@pytest.mark.parametrize(("dataset", "vintage"), SETS)
def test_every_opportunity_between_members_on_the_subject_is_in_the_group(dataset, vintage):
    carried = frozenset(o.subject_code for o in ranked(dataset, vintage) if o.subject_kind == "material")
    for group in grouped(dataset, vintage)[:20]:
        subject = families.subject_of(inside(group, dataset, vintage)[0], carried)
        expected = {
            o.id
            for o in ranked(dataset, vintage)
            if families.subject_of(o, carried) == subject
            and set(o.province_codes) <= set(group.province_codes)
            and o.distance_km <= groups.FARTHEST_KM
        }
        assert set(group.opportunity_ids) == expected


@pytest.mark.parametrize(("dataset", "vintage"), SETS)
def test_contiguity_is_that_of_the_land_borders(dataset, vintage):
    borders = {frozenset(p) for p in cluster.neighbours(vintage)[["first", "second"]].to_numpy().tolist()}
    for group in grouped(dataset, vintage):
        reached, waiting = set(), [group.province_codes[0]]
        while waiting:
            code = waiting.pop()
            reached.add(code)
            waiting += [c for c in group.province_codes if c not in reached and {c, code} in borders]
        assert group.contiguous == (reached == set(group.province_codes)), group.id


@pytest.mark.parametrize(("dataset", "vintage"), SETS)
def test_the_order_of_the_opportunities_changes_nothing(dataset, vintage):
    shuffled = list(ranked(dataset, vintage))
    random.Random(7).shuffle(shuffled)
    neighbours = cluster.neighbours(vintage).sample(frac=1, random_state=3)
    assert groups.find(shuffled, neighbours) == list(grouped(dataset, vintage))


def _numbers(text: str, lang: str) -> list[float]:
    tokens = [token.rstrip(".,") for token in NUMBER.findall(text)]
    if lang == "vi":
        return [float(token.replace(".", "").replace(",", ".")) for token in tokens]
    return [float(token.replace(",", "")) for token in tokens]


@pytest.mark.parametrize(("dataset", "vintage"), SETS)
def test_every_number_of_the_sentence_is_in_the_evidence(dataset, vintage):
    for group in grouped(dataset, vintage):
        allowed = set()
        for row in group.evidence:
            for value in row["values"].values():
                if isinstance(value, (int, float)) and not isinstance(value, bool):
                    allowed |= {rounded(value, what) for what in ("quantity", "count")}
        for lang in ("vi", "en"):
            said = _numbers(group.sentence(lang), lang)
            assert len(said) >= 3
            assert not [n for n in said if n not in allowed], group.sentence(lang)
            planned = _numbers(re.sub("“[^”]*”", "", group.scheme(lang)), lang)
            assert bool(planned) == (group.support is not None), group.scheme(lang)
            assert set(planned) <= allowed, group.scheme(lang)
        assert _numbers(group.sentence("vi"), "vi") == _numbers(group.sentence("en"), "en")


@pytest.mark.parametrize(("dataset", "vintage"), SETS)
def test_tonnes_are_added_by_material_and_establishments_counted_once_a_province(dataset, vintage):
    for group in grouped(dataset, vintage):
        items = inside(group, dataset, vintage)
        for m in group.magnitudes:
            same = [o for o in items if (o.kind, o.subject_code, o.unit) == (m.kind, m.subject_code, m.unit)]
            assert same
            if m.unit == "tonnes_per_year":
                assert m.value == pytest.approx(sum(o.magnitude for o in same))
            else:
                assert m.value <= sum(o.establishments_gaining for o in same)
        assert group.establishments_gaining <= sum(o.establishments_gaining for o in items)
        assert group.establishments_gaining >= max(o.establishments_gaining for o in items) or any(
            len(group_sizes.gains(o)) > 1 for o in items
        )


@pytest.mark.parametrize("vintage", ["2025", "pre2025"])
def test_counts_of_both_sides_are_told_apart(vintage):
    for item in ranked("demo", vintage):
        counted = group_sizes.gains(item)
        assert sum(counted.values()) == item.establishments_gaining
        assert set(counted) <= set(item.province_codes)
        if item.kind in ("cluster", "chain"):
            assert len(counted) == 2, item.id


def test_a_province_in_two_clusters_counts_once():
    base = next(o for o in ranked("demo", "2025") if o.kind == "cluster" and len(o.subject_code) == 4)
    core = base.provinces[0].province_code
    again = dataclasses.replace(base, id=base.id + "-again")
    assert group_sizes.by_province([base, again]) == group_sizes.by_province([base])
    assert core in group_sizes.by_province([base])


@pytest.mark.parametrize(("dataset", "vintage"), SETS)
def test_the_score_is_the_weighted_mean_of_its_components(dataset, vintage):
    assert sum(groups.WEIGHTS.values()) == pytest.approx(1)
    listed = grouped(dataset, vintage)
    for group in listed:
        assert set(group.components) == set(groups.WEIGHTS)
        assert all(0 <= value <= 1 for value in group.components.values())
        mean = sum(groups.WEIGHTS[n] * v for n, v in group.components.items())
        assert group.score == pytest.approx(mean, abs=1e-6)
    assert [g.score for g in listed] == sorted((g.score for g in listed), reverse=True)


def test_sizes_can_be_narrowed_and_are_checked():
    assert {len(g.provinces) for g in groups.find(ranked("demo", "2025"), sizes=(3, 4))} <= {3, 4}
    for sizes in ((1, 6), (2, 7), (5, 4)):
        with pytest.raises(ParameterError):
            groups.find(ranked("demo", "2025"), sizes=sizes)
    assert groups.find([]) == []


def test_mixed_vintages_and_unscored_opportunities_are_refused():
    first, other = ranked("demo", "2025")[0], ranked("demo", "pre2025")[0]
    with pytest.raises(ParameterError, match="2025"):
        groups.find([first, other])
    with pytest.raises(ParameterError, match=first.id):
        groups.find([dataclasses.replace(first, score=float("nan"))])


def test_kinds_unknown_today_make_groups_too():
    base = ranked("demo", "2025")[0]
    made = [
        dataclasses.replace(
            base,
            id=f"visit-3100-{a}-{b}",
            kind="visit",
            subject_kind="sector",
            subject_code="3100",
            unit="employees",
            magnitude=10.0,
            distance_km=50.0,
            provinces=(Member(a, "host"), Member(b, "guest")),
            evidence=(),
        )
        for a, b in (("66", "68"), ("68", "75"))
    ]
    (group,) = groups.find(made)
    assert group.province_codes == ("66", "68", "75")
    assert "3100" in group.id


def test_frame_and_plain_types_hold_every_group():
    listed = grouped("demo", "2025")
    table = groups.to_frame(listed)
    assert list(table["id"]) == [g.id for g in listed]
    assert list(groups.to_frame([]).columns) == list(table.columns)
    assert listed[0].to_dict()["provinces"][0]["province_code"] == listed[0].province_codes[0]


PAIRS = list(combinations([f"{n:02d}" for n in range(14)], 2))


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(PAIRS), st.floats(0.05, 3), min_size=1, max_size=40),
    st.sets(st.sampled_from(PAIRS), max_size=30),
    st.integers(2, 6),
)
def test_communities_are_small_apart_and_hang_together(links, borders, largest):
    net = communities.graph(links, borders)
    parts = communities.find(net, 2, largest)
    assert len({code for part in parts for code in part}) == sum(map(len, parts))
    for part in parts:
        assert 2 <= len(part) <= largest
        assert nx.is_connected(net.subgraph(part))
        for code in part:
            assert any(net.has_edge(code, other) and net[code][other]["linked"] for other in part)
    turned = communities.graph(dict(reversed(links.items())), frozenset(borders))
    assert communities.find(turned, 2, largest) == parts
    if len(net) <= largest and nx.is_connected(net):
        assert parts == [tuple(sorted(net.nodes))]
