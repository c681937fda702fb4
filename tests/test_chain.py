"""Linkages of kind ``chain``: who could supply whom, with what is said of it."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from test_narrative import NUMBER, numbers, sayable

from geo.linkage import chain, chain_words, inputs, subject_names
from geo.linkage.confidence import DataContext
from geo.linkage.model import Finding
from geo.linkage.narrative import Names
from geo.measures.flows import FlowOptions
from geo.store import catalog
from geo.store.filters import Filters
from geo.subjects import io_table

#: province, division, establishments, LQ, lower, upper bound. A sells wood, B and C make furniture of it.
ROWS = [
    ("A", "16", 80, 3.0, 2.5, 3.5),
    ("A", "31", 5, 0.5, 0.2, 0.9),
    ("B", "16", 20, 0.9, 0.6, 1.2),
    ("B", "31", 60, 2.0, 1.6, 2.4),
    ("C", "31", 30, 4.0, 2.0, 5.0),
    ("D", "16", 40, 2.0, 1.5, 2.5),
]
KM = pd.DataFrame(
    [[0, 100, 250, 50], [100, 0, 120, 90], [250, 120, 0, 310], [50, 90, 310, 0]],
    index=list("ABCD"),
    columns=list("ABCD"),
    dtype="float64",
)


def quotients(rows=ROWS) -> pd.DataFrame:
    columns = ["province_code", "sector_code", "establishments", "lq", "lq_low", "lq_high"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(surely_specialised=(frame["lq_low"] > 1) & (frame["establishments"] >= 5))


def sizes() -> pd.DataFrame:
    frame = quotients()[["province_code", "sector_code", "establishments"]]
    return frame.assign(employees_known=frame["establishments"] // 2, large=1).drop(columns="establishments")


def shipped() -> pd.DataFrame:
    return chain.links(io_table.load())


def whole(name: str, vintage: str = "2025") -> inputs.Inputs:
    filters = Filters(vintage=vintage).normalised()
    return inputs.gather(catalog.open_dataset(name), filters, FlowOptions(), None)


@pytest.fixture(scope="module")
def demo() -> inputs.Inputs:
    return whole("demo")


@pytest.fixture(scope="module")
def found(demo) -> list[Finding]:
    return chain.find(demo.lq, demo.sizes, demo.road_km, shipped())[0]


def told(finding: Finding, data: inputs.Inputs):
    regions = tuple(dict.fromkeys(data.region_of[c] for c in finding.codes))
    measures = {**finding.measures, "region_codes": regions, "crosses_regions": len(regions) > 1}
    finding = dataclasses.replace(finding, measures=measures)
    names = Names(data.province_names, data.region_names, subject_names.pair(finding.subject_code))
    return chain_words.sentence(finding, names), chain_words.scheme(finding, names)


def test_the_strong_supply_the_strong_nearby():
    rows, left = chain.table(quotients(), KM, shipped())
    pairs = rows[["upstream_code", "downstream_code", "origin_code", "destination_code"]].to_numpy().tolist()
    assert pairs == [["16", "31", "A", "B"], ["16", "31", "A", "C"], ["16", "31", "D", "B"]]
    assert left == {"too_far": 1, "too_few": 0, "no_lead": 0, "farther_suppliers": 0}
    first = rows.iloc[0]
    assert first["magnitude"] == 140
    assert first["need_share"] == pytest.approx(1 - 0.9 / 3.0)
    assert first["strength_share"] == pytest.approx(1 - 1 / 1.6)
    assert first["distance_km"] == 100
    # C has no sawmill at all.
    assert rows.iloc[1]["need_share"] == 1.0


def test_neither_clearly_ahead_makes_no_chain():
    rows = [("A", "16", 50, 2.0, 1.5, 2.5), ("B", "16", 50, 1.8, 1.4, 2.2), ("B", "31", 50, 2.0, 1.5, 2.5)]
    table, left = chain.table(quotients(rows), KM, shipped())
    assert table.empty
    assert left["no_lead"] == 1


def test_few_establishments_make_no_programme_and_the_nearest_suppliers_are_kept():
    few = [("A", "16", 9, 3.0, 2.5, 3.5), ("B", "31", 60, 2.0, 1.6, 2.4)]
    assert chain.table(quotients(few), KM, shipped())[1]["too_few"] == 1
    many = [(p, "16", 50, 3.0, 2.5, 3.5) for p in "ACD"] + [("B", "31", 60, 2.0, 1.6, 2.4)]
    table, left = chain.table(quotients(many), KM, shipped())
    assert table["origin_code"].tolist() == ["A", "D"]
    assert left["farther_suppliers"] == 1


def test_links_are_the_strongest_tenth_and_sensible():
    links = shipped()
    assert (links["percentile"] >= chain.STRONG_PERCENTILE).all()
    assert not links["upstream_code"].isin(chain.NOT_SUPPLIERS).any()
    assert not (links["shared"] & links["downstream_code"].isin(chain.TOO_MIXED)).any()
    assert {("16", "31"), ("13", "14"), ("24", "25")} <= set(
        zip(links["upstream_code"], links["downstream_code"], strict=True)
    )
    pd.testing.assert_frame_equal(chain.links_in_force(), links)


def test_a_table_of_ones_own_comes_into_force_at_once(tmp_path, monkeypatch):
    monkeypatch.setenv("PRODUCT_HOME", str(tmp_path))
    assert chain.links_in_force()["foreign"].all()
    path = tmp_path / "vn.csv"
    path.write_text("upstream,downstream,coefficient\n16,31,0.2\n", encoding="utf-8")
    io_table.use(path, source="GSO", year=2019)
    links = chain.links_in_force()
    assert links[["upstream_code", "downstream_code"]].to_numpy().tolist() == [["16", "31"]]
    finding = chain.find(quotients(), sizes(), KM, links)[0][0]
    aspects, limits, reasons = chain_words.judge(finding, DataContext("user", 1.0, 2024))
    assert limits == []
    assert "có ghi nguồn" in reasons[2].vi
    assert finding.evidence[3]["source"] == "GSO"


def test_a_finding_holds_what_it_says():
    finding = chain.find(quotients(), sizes(), KM, shipped())[0][0]
    assert finding.subject_kind == "sector_pair"
    assert finding.subject_code == "16-31"
    assert [m.role for m in finding.members] == ["upstream", "downstream"]
    assert finding.codes == ("A", "B")
    assert (finding.magnitude, finding.unit, finding.establishments_gaining) == (140.0, "establishments", 140)
    assert finding.measures["employees_known_share"] == 0.5
    assert finding.measures["large"] == 2
    assert finding.evidence[3]["status"] == "assumption"
    assert "China" in finding.evidence[3]["source"]


def test_another_countrys_structure_limits_the_letter():
    finding = chain.find(quotients(), sizes(), KM, shipped())[0][0]
    context = DataContext("user", 1.0, 2024)
    aspects, limits, reasons = chain_words.judge(finding, context)
    assert all(0 <= aspect <= 1 for aspect in aspects)
    assert limits == ["B"]
    assert any("nước khác" in reason.vi for reason in reasons)
    assumed = dataclasses.replace(finding, measures={**finding.measures, "within": True})
    assert max(chain_words.judge(assumed, context)[1]) == "C"
    weak = dataclasses.replace(finding, measures={**finding.measures, "link_percentile": 0.91})
    assert max(chain_words.judge(weak, context)[1]) == "C"


def test_findings_of_the_demonstration_set_are_few_and_near(demo, found):
    assert 5 <= len(found) <= 60
    for finding in found:
        upstream, downstream = finding.subject_code.split("-")
        origin, destination = finding.codes
        assert upstream != downstream
        assert origin != destination
        assert finding.distance_km <= chain.MOST_KM
        assert 0 <= finding.measures["need_share"] <= 1
        assert 0 < finding.measures["strength_share"] < 1
    assert len({(f.subject_code, f.codes) for f in found}) == len(found)


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
        within = finding.measures["within"]
        assert ("giả định" in said.vi) == within
        assert ("Trung Quốc" in said.vi) != within
        assert ("liên kết vùng" in said.vi) == (len({demo.region_of[c] for c in finding.codes}) > 1)


def test_sentence_reads_as_written(demo):
    rows = [("38", *ROWS[0][1:]), ("25", *ROWS[3][1:])]
    finding = chain.find(quotients(rows), sizes(), demo.road_km, shipped())[0][0]
    said, plan = told(finding, demo)
    assert said.vi == (
        "Tỉnh Thanh Hóa chuyên môn hóa rõ ngành “Chế biến gỗ và sản xuất sản phẩm từ gỗ, tre, nứa” (80 cơ sở, "
        "thương số vị trí 3,00, khoảng tin cậy 95 % từ 2,50 đến 3,50), còn tỉnh Phú Thọ chuyên môn hóa rõ ngành "
        "“Sản xuất giường, tủ, bàn, ghế” (60 cơ sở, thương số vị trí 2,00, khoảng tin cậy 95 % từ 1,60 đến 2,40) "
        "nhưng chưa có cơ sở nào ở khâu cung ứng: có thể kết nối 140 cơ sở công nghiệp nông thôn thành chuỗi "
        "cung ứng; theo cơ cấu liên ngành của Trung Quốc năm 2018 (chưa có bảng công khai của Việt Nam), liên "
        "kết này đứng thứ 8 trong 342 cặp ngành; quãng đường bộ ước tính 174 km; đây là liên kết vùng giữa Bắc "
        "Trung Bộ và Trung du và miền núi phía Bắc."
    )
    assert plan.vi.startswith("Chương trình kết nối nhà cung ứng chế biến gỗ")


@pytest.mark.parametrize("name", ["demo", "real"])
@pytest.mark.parametrize("vintage", ["2025", "pre2025"])
def test_every_set_and_vintage_works_and_order_changes_nothing(name, vintage):
    data = whole(name, vintage)
    first, left = chain.find(data.lq, data.sizes, data.road_km, shipped())
    again, _ = chain.find(
        data.lq.sample(frac=1, random_state=1),
        data.sizes.iloc[::-1],
        data.road_km.iloc[::-1, ::-1],
        shipped().iloc[::-1],
    )
    assert [(f.subject_code, f.codes, f.magnitude) for f in first] == [
        (f.subject_code, f.codes, f.magnitude) for f in again
    ]
    assert set(left) == set(chain_words.NOTES)
    assert all(count >= 0 for count in left.values())


def test_notes_and_meanings_are_whole():
    for vi, en in chain_words.NOTES.values():
        assert "{n}" in vi
        assert "{n}" in en
    assert set(chain_words.MEANINGS) == {"magnitude", "need", "strength"}


def test_nothing_in_gives_nothing_out():
    none = quotients([])
    found, left = chain.find(none, sizes(), KM, shipped())
    assert found == []
    assert set(left.values()) == {0}
    assert chain.find(quotients(), sizes(), KM, shipped().iloc[:0])[0] == []
