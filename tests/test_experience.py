"""Linkages of kind ``experience``: who could learn what from whom, with what is said of it."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from test_chain import whole
from test_narrative import NUMBER, numbers, sayable

from geo.linkage import experience, experience_words, inputs, subject_names
from geo.linkage.confidence import DataContext
from geo.linkage.model import Finding
from geo.linkage.narrative import Names
from geo.measures.relatedness import density
from geo.store import aggregate


@pytest.fixture(scope="module")
def demo() -> inputs.Inputs:
    return whole("demo")


def find(data: inputs.Inputs) -> tuple[list[Finding], dict[str, int]]:
    return experience.find(data.lq, data.counts, data.sizes, data.balance, data.supply, data.road_km)


@pytest.fixture(scope="module")
def found(demo) -> list[Finding]:
    return find(demo)[0]


def told(finding: Finding, data: inputs.Inputs):
    regions = tuple(dict.fromkeys(data.region_of[c] for c in finding.codes))
    measures = {**finding.measures, "region_codes": regions, "crosses_regions": len(regions) > 1}
    finding = dataclasses.replace(finding, measures=measures)
    names = Names(data.province_names, data.region_names, subject_names.sector(finding.subject_code))
    return experience_words.sentence(finding, names), experience_words.scheme(finding, names)


def test_findings_of_the_demonstration_set_are_few_and_grounded(demo, found):
    assert 5 <= len(found) <= 60
    quotients = demo.lq.set_index(["province_code", "sector_code"])
    surplus = demo.balance.set_index(["province_code", "material_code"])["surplus_tonnes"]
    near = density(aggregate.matrix(demo.counts, level="class"))
    for finding in found:
        leader, learner = finding.codes
        sector, m = finding.subject_code, finding.measures
        assert [member.role for member in finding.members] == ["leader", "learner"]
        assert leader != learner
        assert quotients.loc[(leader, sector), "surely_specialised"]
        assert m["leader"]["establishments"] >= experience.LEAST_LEADER
        assert m["learner"]["lq"] <= experience.MOST_LQ
        assert m["surplus_tonnes"] == surplus[learner, m["material_code"]] > 0
        assert m["density"] == pytest.approx(near.at[learner, sector])
        assert m["density_standing"] >= experience.LEAST_STANDING
        assert finding.distance_km <= experience.MOST_KM
        assert 0 <= m["need_share"] <= 1
        assert 0 <= m["strength_share"] <= 1
        assert m["related"]
        assert sector not in m["related"]


def test_magnitude_counts_the_class_and_its_kin(demo, found):
    matrix = aggregate.matrix(demo.counts, level="class")
    for finding in found:
        codes = [finding.subject_code, *finding.measures["related"]]
        assert finding.magnitude == matrix.loc[finding.codes[1], codes].sum()
        assert finding.establishments_gaining == finding.magnitude
        assert finding.unit == "establishments"
        assert finding.measures["gaining_divisions"] == tuple(sorted({code[:2] for code in codes}))


def test_learners_and_leaders_are_capped(found):
    learners = pd.DataFrame([(f.codes[1], f.subject_code, f.codes[0]) for f in found])
    assert learners.groupby(0)[1].nunique().max() <= experience.MOST_STEPS
    assert learners.groupby([0, 1]).size().max() <= experience.MOST_LEADERS
    assert not learners.duplicated().any()


def test_kin_share_a_group_or_a_material():
    codes = ("1062", "1071", "1077", "1610", "3100")
    kin = pd.DataFrame(experience._kin(codes), codes, codes)
    assert kin.at["1071", "1077"]
    assert kin.at["1610", "3100"]
    assert not kin.at["1062", "1610"]
    assert not any(kin.at[code, code] for code in codes)
    assert (kin == kin.T).all(axis=None)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_number_of_the_sentence_is_in_the_evidence(demo, found, lang):
    for finding in found:
        said = getattr(told(finding, demo)[0], lang)
        missing = [n for n in numbers(said, lang) if n not in sayable(finding)]
        assert not missing, said


def test_both_languages_say_the_same_and_schemes_no_numbers(demo, found):
    for finding in found:
        said, plan = told(finding, demo)
        assert sorted(numbers(said.vi, "vi")) == sorted(numbers(said.en, "en"))
        assert not NUMBER.findall(plan.vi + plan.en)
        assert ("liên kết vùng" in said.vi) == (len({demo.region_of[c] for c in finding.codes}) > 1)


def test_a_province_without_the_class_is_told_so(demo, found):
    learner = {"establishments": 0, "lq": 0.0}
    finding = dataclasses.replace(found[0], measures={**found[0].measures, "learner": learner})
    said, _ = told(finding, demo)
    assert "chưa có cơ sở nào trong ngành" in said.vi
    assert "has no establishment in" in said.en


def test_small_numbers_limit_the_letter(found):
    context = DataContext("user", 1.0, 2024)
    firm = {"learner_total": 500, "specialised_provinces": 12, "reliability": "A"}
    finding = dataclasses.replace(found[0], measures={**found[0].measures, **firm})
    aspects, limits, reasons = experience_words.judge(finding, context)
    assert all(0 <= aspect <= 1 for aspect in aspects)
    assert limits == ["B"]
    assert len(reasons) == 4
    for weak in (
        {"learner_total": 50},
        {"specialised_provinces": 3},
        {"reliability": "C"},
        {"reliability": ""},
    ):
        held = dataclasses.replace(finding, measures={**finding.measures, **weak})
        assert max(experience_words.judge(held, context)[1]) == "C"


@pytest.mark.parametrize("name", ["demo", "real"])
@pytest.mark.parametrize("vintage", ["2025", "pre2025"])
def test_every_set_and_vintage_works_and_order_changes_nothing(name, vintage):
    data = whole(name, vintage)
    first, left = find(data)
    turned = dataclasses.replace(
        data,
        lq=data.lq.sample(frac=1, random_state=1),
        counts=data.counts.sample(frac=1, random_state=2),
        sizes=data.sizes.iloc[::-1],
        balance=data.balance.iloc[::-1],
        supply=data.supply.iloc[::-1],
        road_km=data.road_km.iloc[::-1, ::-1],
    )
    again, counted = find(turned)
    assert first == again
    assert left == counted
    assert set(left) == set(experience_words.NOTES)
    assert all(count >= 0 for count in left.values())


def test_thin_data_is_counted_and_not_told(demo):
    data = whole("real")
    found, left = find(data)
    assert left["thin"] > 0
    assert len(found) < 20


def test_notes_and_meanings_are_whole():
    for vi, en in experience_words.NOTES.values():
        assert "{n}" in vi
        assert "{n}" in en
    assert set(experience_words.MEANINGS) == {"magnitude", "need", "strength"}


def test_nothing_in_gives_nothing_out(demo):
    empty = dataclasses.replace(demo, lq=demo.lq.iloc[:0], counts=demo.counts.iloc[:0])
    found, left = find(empty)
    assert found == []
    assert set(left.values()) == {0}
    found, _ = find(dataclasses.replace(demo, balance=demo.balance.iloc[:0]))
    assert found == []
    found, _ = find(dataclasses.replace(demo, lq=demo.lq.iloc[:0]))
    assert found == []
