"""Sentences: every number is in the evidence and in the form of the language; nothing more is said."""

from __future__ import annotations

import math
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from linkage_tables import cluster_tables, crossings, material_tables, whole_country

from geo.linkage import cluster, kinds, material
from geo.linkage.model import KINDS, Finding, Opportunity, Text
from geo.linkage.narrative import Names, labelled, percent, rounded, say

NUMBER = re.compile(r"\d[\d.,]*\d|\d")
PROVINCES = {
    "66": Text("tỉnh Đắk Lắk", "Dak Lak"),
    "68": Text("tỉnh Lâm Đồng", "Lam Dong"),
    "75": Text("thành phố Đồng Nai", "Dong Nai"),
    "14": Text("tỉnh Sơn La", "Son La"),
    "19": Text("tỉnh Thái Nguyên", "Thai Nguyen"),
    "25": Text("tỉnh Phú Thọ", "Phu Tho"),
}
REGIONS = {"TN": Text("Tây Nguyên", "Central Highlands"), "DNB": Text("Đông Nam Bộ", "Southeast")}


def numbers(text: str, lang: str) -> list[float]:
    """Read the numbers of a sentence back in the form of its language."""
    found = [token.rstrip(".,") for token in NUMBER.findall(text)]
    if lang == "vi":
        return [float(token.replace(".", "").replace(",", ".")) for token in found]
    return [float(token.replace(",", "")) for token in found]


def sayable(finding: Finding | Opportunity) -> set[float]:
    """Every way a value of the evidence may be written; 99 stands for "more than 99 %"."""
    values = {99.0}
    for row in finding.evidence:
        for value in row["values"].values():
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                values |= {rounded(value, what) for what in ("quantity", "count", "ratio")}
                values.add(rounded(value * 100, "pct"))
    return values


def findings() -> list[Finding]:
    """Findings of both kinds, within and between regions."""
    found, _ = material.find(**material_tables())
    more, _ = cluster.find(**cluster_tables(), crossings=crossings())
    crossing = {"region_codes": ("TN", "DNB"), "crosses_regions": True}
    return [
        *more,
        *(Finding(**{**vars(f), "measures": {**f.measures, **crossing}}) for f in found),
        *found,
    ]


def names(finding: Finding) -> Names:
    """Names for a finding."""
    subject = (
        Text("cà phê", "coffee") if finding.kind == "material" else Text("Sản xuất chè", "Manufacture of tea")
    )
    return Names(PROVINCES, REGIONS, subject)


def sentence(finding: Finding) -> Text:
    """The sentence of a finding, without the label of the data."""
    return kinds.TABLE[finding.kind].sentence(finding, names(finding))


@pytest.mark.parametrize("finding", findings(), ids=lambda f: f"{f.kind}-{'-'.join(f.codes)}")
def test_every_number_of_the_sentence_is_in_the_evidence(finding):
    said = sentence(finding)
    allowed = sayable(finding)
    for lang, text in (("vi", said.vi), ("en", said.en)):
        found = numbers(text, lang)
        assert len(found) >= 4
        missing = [n for n in found if n not in allowed]
        assert not missing, text


@pytest.mark.parametrize("finding", findings(), ids=lambda f: f"{f.kind}-{'-'.join(f.codes)}")
def test_both_languages_say_the_same_numbers(finding):
    said = sentence(finding)
    assert sorted(numbers(said.vi, "vi")) == sorted(numbers(said.en, "en"))


def test_sentence_reads_as_written():
    found, _ = material.find(**material_tables())
    text = sentence(found[1])
    assert text.vi == (
        "Theo phương án vận chuyển ít tấn-km nhất, tỉnh Lâm Đồng (dư 800 tấn/năm) có thể cung cấp 600 tấn "
        "cà phê mỗi năm cho thành phố Đồng Nai, nơi 44 cơ sở công nghiệp nông thôn cần nguyên liệu này; "
        "lượng đó bằng 60 % nhu cầu của nơi đến (trong đó 75 % là ước tính); nơi đến chưa có số liệu sản "
        "lượng nên có thể tự đáp ứng một phần; 6 cơ sở ở đó khai báo đã mua 120 tấn mỗi năm từ tỉnh "
        "Lâm Đồng; "
        "quãng đường bộ ước tính 190 km."
    )
    assert "60% of the destination's need (75% of it estimated)" in text.en


def test_a_stated_purchase_is_told_as_such():
    found, _ = material.find(**material_tables())
    text = sentence(found[0])
    assert text.vi == (
        "2 cơ sở công nghiệp nông thôn ở tỉnh Lâm Đồng khai báo mua 50 tấn cà phê mỗi năm từ tỉnh Đắk Lắk "
        "(sản lượng 600 tấn/năm), bằng 50 % nhu cầu của 3 cơ sở cần nguyên liệu này ở nơi đến (do cơ sở khai "
        "báo); quãng đường bộ ước tính 211 km."
    )
    assert "phương án" not in text.vi


def test_demonstration_data_is_said_first():
    found = next(f for f in findings() if f.codes == ("19", "25"))
    label = Text("Dữ liệu minh hoạ", "Demonstration data")
    said = labelled(sentence(found), label)
    assert said.vi.startswith("Dữ liệu minh hoạ: tỉnh Thái Nguyên")
    assert said.en.startswith("Demonstration data: Thai Nguyen")


def test_regions_are_named_only_when_crossed():
    for finding in findings():
        said = sentence(finding)
        assert ("liên kết vùng" in said.vi) == bool(finding.measures.get("crosses_regions"))


def test_a_wholly_estimated_need_is_said_so():
    found, _ = material.find(**material_tables())
    changed = Finding(**{**vars(found[1]), "measures": {**found[1].measures, "estimated_share": 1.0}})
    said = sentence(changed)
    assert "(toàn bộ là ước tính)" in said.vi
    assert "(all of it estimated)" in said.en


def test_schemes_hold_no_numbers():
    for finding in findings():
        plan = kinds.TABLE[finding.kind].scheme(finding, names(finding))
        assert not NUMBER.findall(plan.vi + plan.en)


@pytest.mark.parametrize(
    ("value", "what", "vi", "en"),
    [
        (1234567, "quantity", "1.230.000", "1,230,000"),
        (1234.5, "quantity", "1.230", "1,230"),
        (99.96, "quantity", "100", "100"),
        (23.45, "quantity", "23,4", "23.4"),
        (1.5, "quantity", "1,5", "1.5"),
        (12345, "count", "12.345", "12,345"),
        (2.345, "ratio", "2,35", "2.35"),
        (4.0, "ratio", "4,00", "4.00"),
        (34.6, "pct", "35", "35"),
        (3.44, "pct", "3,4", "3.4"),
        (0, "quantity", "0", "0"),
        (math.nan, "quantity", "—", "—"),
    ],
)
def test_number_forms(value, what, vi, en):
    assert say(value, "vi", what) == vi
    assert say(value, "en", what) == en


def test_nearly_all_is_not_said_to_be_all():
    assert percent(1.0, "vi") == "100 %"
    assert percent(0.997, "vi") == "hơn 99 %"
    assert percent(0.997, "en") == "more than 99%"


@given(st.floats(1, 1e9))
def test_rounding_keeps_three_significant_digits(value):
    assert abs(rounded(value) - value) <= 0.0051 * value


@given(st.floats(0.01, 1e9), st.sampled_from(["quantity", "count", "ratio", "pct"]))
def test_what_is_said_reads_back_as_what_was_rounded(value, what):
    for lang in ("vi", "en"):
        assert numbers(say(value, lang, what), lang) == [pytest.approx(rounded(value, what))]


# ---- twenty at random, of all kinds -------------------------------------------------------------------


def twenty(dataset: str, vintage: str) -> list[Opportunity]:
    """Twenty opportunities picked at random with a fixed seed, each kind that there is at least twice."""
    random_ = random.Random(20)
    every = list(whole_country(dataset, vintage).opportunities)
    by_kind = {kind: [o for o in every if o.kind == kind] for kind in KINDS}
    picked = [o for some in by_kind.values() for o in random_.sample(some, min(2, len(some)))]
    rest = [o for o in every if o not in picked]
    return picked + random_.sample(rest, 20 - len(picked))


@pytest.mark.parametrize(
    ("dataset", "vintage"), [("real", "2025"), ("real", "pre2025"), ("demo", "2025"), ("demo", "pre2025")]
)
def test_every_number_of_twenty_picked_at_random_is_in_the_evidence(dataset, vintage):
    picked = twenty(dataset, vintage)
    assert len({o.id for o in picked}) == 20
    if dataset == "demo":
        assert {o.kind for o in picked} == set(KINDS)
    for opportunity in picked:
        allowed = sayable(opportunity)
        vi, en = (numbers(opportunity.sentence(lang), lang) for lang in ("vi", "en"))
        assert len(vi) >= 4
        assert set(vi) <= allowed, (opportunity.id, set(vi) - allowed, opportunity.sentence_vi)
        assert set(en) <= allowed, (opportunity.id, set(en) - allowed, opportunity.sentence_en)


# ---- every sentence of the shipped data sets --------------------------------------------------------


@pytest.mark.parametrize(("dataset", "vintage"), [("real", "2025"), ("demo", "2025"), ("demo", "pre2025")])
def test_sentences_of_the_shipped_data_rest_on_their_evidence(dataset, vintage):
    opportunities = whole_country(dataset, vintage).opportunities
    assert opportunities
    for opportunity in opportunities:
        allowed = sayable(opportunity)
        assert opportunity.sentence_vi.startswith("Dữ liệu minh hoạ: ") == (dataset == "demo")
        for lang in ("vi", "en"):
            text = opportunity.sentence(lang)
            missing = [n for n in numbers(text, lang) if n not in allowed]
            assert not missing, (opportunity.id, missing, text)
            assert "nan" not in text.lower().split()
            assert "—" not in text
