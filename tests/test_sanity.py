"""What is recovered of known plans, recomputed from the ranking; reasons read off the tables."""

from __future__ import annotations

import math
from functools import cache
from itertools import combinations

import pytest
from ranked_sets import SETS, grouped, ranked

from geo.linkage import material_tables, sanity
from geo.linkage.sanity import Facts, Recovery
from geo.linkage.sanity_reasons import MEANINGS, both_surplus, of_province
from geo.places import admin, names
from geo.store import catalog
from geo.store.filters import Filters
from geo.subjects import materials, sectors
from geo.subjects.known_plans import plans
from geo.subjects.shipped import table


@cache
def facts(dataset: str, vintage: str) -> Facts:
    opened, filters = catalog.open_dataset(dataset), Filters(vintage=vintage).normalised()
    rows = material_tables.aggregates(opened, filters)
    return Facts.of(material_tables.compute(opened, filters), rows.counts)


@cache
def recovered(dataset: str, vintage: str) -> tuple[Recovery, ...]:
    listed = ranked(dataset, vintage)
    found = sanity.check(listed, grouped(dataset, vintage), plans(), facts(dataset, vintage), vintage=vintage)
    return tuple(found)


def test_the_six_plans_have_thirteen_zone_provinces_and_known_codes():
    known = plans()
    zones = [p for p in known if p.plan_id.startswith("zone_2022")]
    assert (len(known), len(zones)) == (6, 5)
    assert sum(len(p.provinces) for p in zones) == len({c for p in zones for c in p.provinces}) == 13
    assert sum(p.provinces_planned for p in zones) == 13
    flagship = next(p for p in known if p.plan_id == "coffee_flagship_2018")
    assert (flagship.provinces_planned, flagship.provinces) == (5, ("68",))
    for plan in known:
        assert set(plan.materials) <= set(materials.catalogue().index)
        assert set(plan.sectors) <= set(sectors.sectors().index)
        assert set(plan.provinces) <= set(admin.provinces("pre2025").index)
        assert set(plan.codes("2025")) <= set(admin.provinces("2025").index)
        assert plan.status == "checked"
        assert plan.source_url.startswith("https://")
        assert bool(plan.missing_vi) == bool(plan.missing_en)


def test_names_of_the_source_are_those_of_the_codes():
    for row in table("known_plans.csv").to_dict("records"):
        assert names.resolve(row["province_vi"], "pre2025").province_code == row["province_code"]


def test_merged_provinces_become_one():
    rice = next(p for p in plans() if "rice" in p.plan_id)
    assert (len(rice.codes("pre2025")), rice.codes("2025")) == (2, ("91",))


@pytest.mark.parametrize(("dataset", "vintage"), SETS)
def test_shares_and_ranks_are_those_of_the_ranking(dataset, vintage):
    listed = ranked(dataset, vintage)
    every = len(admin.provinces(vintage))
    for item in recovered(dataset, vintage):
        plan, wanted = item.plan, set(item.planned)
        same = [
            (rank, o)
            for rank, o in enumerate(listed, 1)
            if (o.subject_kind == "material" and o.subject_code in plan.materials)
            or (o.subject_kind == "sector" and o.subject_code in plan.sectors)
        ]
        everywhere = {c for _, o in same for c in o.province_codes}
        assert set(item.touched) == wanted & everywhere
        assert item.province_recall == pytest.approx(len(wanted & everywhere) / len(wanted))
        assert item.province_chance == pytest.approx(len(everywhere) / every)
        ranks = [rank for rank, o in same if wanted & set(o.province_codes)]
        within = [rank for rank, o in same if set(o.province_codes) <= wanted]
        assert item.first_rank == (ranks[0] if ranks else None)
        assert item.first_rank_within == (within[0] if within else None)
        assert len(item.opportunity_ids) == len(ranks)
        linked = {frozenset(pair) for _, o in same for pair in combinations(o.province_codes, 2)}
        assert {frozenset(p) for p in item.pairs_found} == {frozenset(p) for p in item.pairs} & linked
        if item.pairs:
            assert item.pair_recall == pytest.approx(len(item.pairs_found) / len(item.pairs))
            assert item.pair_chance == pytest.approx(len(linked) / math.comb(every, 2))
        else:
            assert math.isnan(item.pair_recall)
        assert item.pairs_both_surplus <= len(item.pairs) - len(item.pairs_found)
        assert {m.province_code for m in item.missed} == wanted - everywhere


@pytest.mark.parametrize(("dataset", "vintage"), SETS)
def test_the_closest_group_is_on_the_subject(dataset, vintage):
    by_id = {g.id: g for g in grouped(dataset, vintage)}
    for item in recovered(dataset, vintage):
        if not item.group_id:
            continue
        group = by_id[item.group_id]
        assert sanity.on_subject(group.subject_kind, group.subject_code, item.plan)
        assert item.group_planned == len(set(group.province_codes) & set(item.planned)) > 0
        assert item.group_size == len(group.provinces)


@pytest.mark.parametrize(("dataset", "vintage"), SETS)
def test_every_missed_province_has_reasons_that_the_tables_bear_out(dataset, vintage):
    known = facts(dataset, vintage)
    for item in recovered(dataset, vintage):
        for missed in item.missed:
            assert missed.reasons, (item.plan.plan_id, missed.province_code)
            for reason in missed.reasons:
                assert reason.code in MEANINGS
                assert "{" not in reason.vi + reason.en
            codes = {r.code for r in missed.reasons}
            rows = [known.rows(m).get(missed.province_code) for m in item.plan.materials]
            supply = [row["supply_tonnes"] if row else math.nan for row in rows]
            assert ("no_figure" in codes) == any(math.isnan(value) for value in supply)
            needs = [row for row in rows if row and row["demand_tonnes"] > 0]
            if "no_establishments" in codes:
                assert not needs
            if "self_sufficient" in codes:
                assert any(row["shortage_tonnes"] == 0 for row in needs)
            if codes & {"nearer", "no_need"}:
                assert any(row and row["surplus_tonnes"] > 0 for row in rows)


def test_the_real_list_misses_rice_for_want_of_mills_and_says_so():
    rice = next(r for r in recovered("real", "pre2025") if "rice" in r.plan.plan_id)
    assert rice.touched == ()
    assert {r.code for m in rice.missed for r in m.reasons} >= {"no_establishments", "no_need"}
    assert rice.pairs_both_surplus == 1
    assert both_surplus(rice.pairs[0], rice.plan, facts("real", "pre2025"))


def test_the_demonstration_set_links_the_highlands():
    coffee = next(r for r in recovered("demo", "pre2025") if "highlands" in r.plan.plan_id)
    assert coffee.province_recall == 1
    assert coffee.pair_recall > coffee.pair_chance
    assert coffee.first_rank_within is not None


def test_reasons_name_the_material_and_the_amount():
    known, coffee = facts("real", "2025"), next(p for p in plans() if "highlands" in p.plan_id)
    reasons = of_province("52", coffee, known)
    surplus = known.rows("coffee")["52"]["surplus_tonnes"]
    told = next(r for r in reasons if r.code in ("nearer", "no_need", "small"))
    assert surplus > 0
    assert "cà phê" in told.vi
    assert "coffee" in told.en


@pytest.mark.parametrize(("dataset", "vintage"), SETS)
def test_frame_has_a_row_a_plan_and_sentences_in_both_languages(dataset, vintage):
    found = recovered(dataset, vintage)
    frame = sanity.to_frame(found)
    assert list(frame["plan_id"]) == [p.plan_id for p in plans()]
    for item in found:
        said = item.sentence()
        assert said.vi.endswith(".")
        assert said.en.endswith(".")
        assert f"{len(item.touched)}/{len(item.planned)}" in said.vi
        assert f"{len(item.touched)} of {len(item.planned)}" in said.en


def test_one_call_gives_the_same():
    again = sanity.of_dataset(catalog.open_dataset("real"), "2025")
    assert sanity.to_frame(again).equals(sanity.to_frame(recovered("real", "2025")))
