"""Cells of rows: numbers and units, sectors, duplicates and their review, personal data."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from geo.errors import ParameterError
from geo.intake import (
    check,
    commit,
    decisions,
    duplicates,
    mapping,
    outgoing,
    personal,
    quantities,
    read,
    trades,
)
from geo.intake.model import Options, Outcome, Table
from geo.places import locate
from geo.store import catalog


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PRODUCT_HOME", str(tmp_path / "home"))
    return tmp_path


def table(folder: Path, header: str, rows: list[str]) -> Table:
    path = folder / "a.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return read.tables(path)[0]


def outcome(folder: Path, header: str, rows: list[str], **options: object) -> Outcome:
    held = table(folder, header, rows)
    return check.run(held, mapping.guess(held, "establishments"), Options(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cells", "decimal", "expected"),
    [
        (["1.234,5"], None, [1234.5]), (["1,234.5"], None, [1234.5]), (["1.234.567"], None, [1234567.0]),
        (["12,5"], None, [12.5]), (["0,125"], None, [0.125]), (["1 234,5"], None, [1234.5]), ([7, 7.25], None, [7.0, 7.25]),
        (["1.234"], "comma", [1234.0]), (["1.234"], "point", [1.234]), (["3,5 tỷ"], None, [3.5]),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(
    cells: list[object], decimal: str | None, expected: list[float]
) -> None:
    got = quantities.read(pd.Series(cells, dtype=object), decimal)
    assert got.value.tolist() == expected
    assert not got.bad.any()


@pytest.mark.parametrize("cell", ["khoảng 5", "10-15", "12/5", "abc", True])
def test_what_is_no_number(cell: object) -> None:
    assert quantities.read(pd.Series([cell], dtype=object), "comma").bad.tolist() == [True]


def test_a_number_of_two_readings_is_asked_unless_the_file_tells(home: Path) -> None:
    header = "Tên cơ sở;Tỉnh;Doanh thu (triệu đồng)"
    with pytest.raises(ParameterError, match="--decimal"):
        outcome(home, header, ["A;Cao Bằng;1.234"])
    done = outcome(home, header, ["A;Cao Bằng;1.234", "B;Cao Bằng;12,5"])
    assert done.accepted["revenue_vnd_million"].tolist() == [1234.0, 12.5]


@pytest.mark.parametrize(
    ("title", "cell", "million"),
    [("Doanh thu (tỷ đồng)", "1,5", 1500.0), ("Doanh thu (đồng)", "2500000", 2.5), ("Doanh thu, nghìn đồng", "500", 0.5),
     ("Doanh thu", "1,5 tỷ", 1500.0), ("Doanh thu (tỷ đồng)", "300 triệu", 300.0)],
)  # fmt: skip
def test_units_of_title_and_cell(home: Path, title: str, cell: str, million: float) -> None:
    done = outcome(home, f"Tên cơ sở;Tỉnh;{title}", [f"A;Cao Bằng;{cell}"])
    assert done.accepted["revenue_vnd_million"].tolist() == [million]


def test_units_are_exact() -> None:
    import numpy as np

    assert quantities.convert(np.array([35.0]), "quintal", "mass").tolist() == [3.5]
    assert quantities.convert(np.array([1.0]), "kg", "mass").tolist() == [0.001]


def test_columns_are_known_with_and_without_diacritics_in_both_languages(home: Path) -> None:
    for header in (
        "Ten co so;SO LAO DONG;Tinh/TP;San pham chu yeu;Nganh nghe",
        "Name;Employees;Province;Main product;Other",
    ):
        held = mapping.guess(
            table(home, header, ["A;1;Cao Bằng;Gốm;x", "B;2;Cao Bằng;Gốm;x"]), "establishments"
        )
        assert set(held.columns) >= {"name", "employees", "province", "product"}, header


def test_sector_codes_of_both_versions(home: Path) -> None:
    header = "Tên cơ sở;Tỉnh;Mã ngành"
    codes = ["1077", "C1077", "10770", "10", "3101", "1104", "9999", "1103"]
    rows = [f"Xưởng {chr(65 + n)};Cao Bằng;{code}" for n, code in enumerate(codes)]
    done = outcome(home, header, rows)
    assert done.accepted["sector_code"].tolist() == ["1077", "1077", "1077", "10", "3100", "1103"]
    assert done.accepted["sector_status"].tolist() == ["stated"] * 3 + ["division only", "stated", "stated"]
    errors = done.faults[done.faults["severity"] == "error"]
    assert errors["code"].tolist() == ["sector-version", "sector-unknown"]  # 1104 was re-used, 1103 was not
    by_2025 = outcome(home, header, ["A;Cao Bằng;1104"], vsic_version="2025")
    by_2018 = outcome(home, header, ["A;Cao Bằng;1104"], vsic_version="2018")
    assert by_2018.accepted["sector_code"].tolist() == ["1104"]
    assert by_2025.accepted["sector_code"].tolist() == ["1103"]


def test_products_become_classes_where_the_words_leave_no_doubt(home: Path) -> None:
    assert trades.guess("Cà phê rang xay").code == "1077"
    assert trades.guess("Sản xuất cà phê").confidence >= trades.SURE
    assert (
        trades.guess("Dịch vụ khác") == trades.Guess()
        or trades.guess("Dịch vụ khác").confidence < trades.SURE
    )
    done = outcome(home, "Tên cơ sở;Tỉnh;Sản phẩm", ["A;Cao Bằng;Bún, phở và rượu", "B;Cao Bằng;Chè xanh"])
    asked = done.review[done.review["question"] == "sector"]
    assert asked["name"].tolist() == ["A"]
    assert done.accepted.set_index("name").loc["B", ["sector_code", "sector_status", "material_code"]].tolist() == [
        "1076", "inferred", "tea_fresh_leaf"]  # fmt: skip


def test_words_agree_with_the_divisions_of_the_real_list() -> None:
    rows = check.read(catalog.open_dataset("real"), "establishments")
    rows = rows[rows["product"].notna() & rows["sector_code"].notna()]
    found = rows["product"].map(trades.guess)
    sure = found.map(lambda guess: guess.confidence >= trades.SURE)
    right = found[sure].map(lambda guess: guess.code[:2]) == rows.loc[sure, "division_code"]
    assert sure.sum() > 100
    assert right.mean() > 0.95


def test_duplicates_within_a_file_and_against_what_is_in(home: Path) -> None:
    header = "Tên cơ sở;MST;Tỉnh;Huyện;Xã;Sản phẩm;Số lao động"
    place = "Thái Nguyên;TP Thái Nguyên;Tân Cương"
    first = outcome(
        home,
        header,
        [f"HTX chè Hảo Đạt;0300588569;{place};Chè;", f"Hợp tác xã Chè Hảo Đạt;;{place};Chè móc câu;20"],
    )
    assert first.merged[["row", "into_row", "reason"]].to_numpy().tolist() == [[3, 2, "likeness"]]
    assert first.accepted[["establishment_id", "employees"]].to_numpy().tolist() == [["mst-0300588569", 20]]
    stored = commit.write(first, "user")
    second = outcome(
        home, header,
        ["Chè Hảo Đạt;0300588569;Thái Nguyên;;;;25", "HTX chè Hảo Đạt;0101248141;Thái Nguyên;;;Chè;", f"Chè Hảo Phát;;{place};Chè;"],
        dataset=stored, vintage="pre2025",
    )  # fmt: skip
    assert second.merged["into"].tolist() == ["mst-0300588569"]
    assert second.counts["accepted"] == 2  # another tax code is another firm; a name half alike is asked
    asked = second.review[second.review["question"] == "duplicate"]
    assert asked["name"].tolist() == ["Chè Hảo Phát"]
    row = second.result["establishments"].set_index("establishment_id").loc["mst-0300588569"]
    assert (row["employees"], row["location_quality"]) == (25, "commune")


def test_answers_to_the_review_are_kept_and_followed(home: Path) -> None:
    header, rows = (
        "Tên cơ sở;Tỉnh;Sản phẩm",
        ["Cơ sở Gốm Hương Sen;Cao Bằng;Gốm", "Gốm Hương Sơn;Cao Bằng;Gốm"],
    )
    first = outcome(home, header, rows)
    (pair,) = first.review["key"]
    assert first.counts["merged"] == 0
    kept = decisions.keep("user", {pair: "same"})
    assert decisions.kept("user") == kept
    again = outcome(home, header, rows, decisions=kept)
    assert again.counts["merged"] == 1
    assert again.merged["reason"].tolist() == ["decision"]
    assert again.review.empty
    assert outcome(home, header, rows, decisions={pair: "different"}).review.empty


#: Awkward pairs in one commune: at least 0.8 is one record, 0.5–0.8 is asked, below two records.
ALIKE = [
    (
        "Cty TNHH MTV SX & TM Hoàng Long",
        "CÔNG TY TRÁCH NHIỆM HỮU HẠN MỘT THÀNH VIÊN SẢN XUẤT VÀ THƯƠNG MẠI HOÀNG LONG",
    ),
    ("C.ty T.N.H.H Mỹ Hương", "Công ty TNHH Mĩ Hương"),
    ("HTX chè Hảo Đạt", "Hợp tác xã Chè Hảo Đạt"),
    ("Hộ kinh doanh Hồ Hữu Bình", "HKD HO HUU BINH"),
    ("Hộ Nguyễn Văn An", "HỘ KINH DOANH NGUYỄN VĂN AN"),
    ("DNTN Hoá Mỹ", "Doanh nghiệp tư nhân Hóa Mỹ"),
    ("CSSX bánh tráng Thúy Hằng", "Cơ sở sản xuất bánh tráng Thuý Hằng"),
    ("CTCP Cư M'gar", "Công ty cổ phần Cư M’gar"),
    ("Xưởng gỗ Tân Tiến số 02", "Xưởng gỗ Tân Tiến số 2"),
]
ASKED = [
    ("HTX NN Sông Công", "Hợp tác xã nông nghiệp SôngCông"),
    ("Công ty TNHH Vạn Phúc", "Công ty TNHH Vạn Phc"),  # a slip of the pen, or another firm
    ("Công ty TNHH Phú Tâm", "Công ty TNHH Phúc Tâm"),
    ("Hợp tác xã Hảo Đạt", "Công ty TNHH Hảo Đạt"),  # two legal forms
    ("Công ty TNHH Hoàng Long", "Công ty cổ phần Hoàng Long"),
    ("Hộ kinh doanh Trần Thị Hoa", "Hộ kinh doanh Trần Thị Hòa"),  # the same without diacritics
    ("Cơ sở chế biến chè", "Cơ sở sản xuất chè"),  # nothing but the trade
    ("Cơ sở đồ gỗ Minh Phát", "Cơ sở mộc Minh Phát"),
]
APART = [
    ("Hộ kinh doanh Hồ Hữu Bình", "Công ty TNHH MTV Thanh Bình"),
    ("Xưởng mộc số 1", "Xưởng mộc số 11"),
    ("Cơ sở minh hoạ 013577 – Chế biến dược liệu", "Cơ sở minh hoạ 014017 – Chế biến dược liệu"),
    ("Hộ kinh doanh Nguyễn Văn Khánh", "Hộ kinh doanh Nguyễn Văn Long"),
    ("Đồ Đồng Mỹ Nghệ Tâm Tuệ Đức", "Đồ Đồng Mỹ Nghệ Dũng Thư"),
    ("Làng khảm trai Thôn Ngọ", "Làng nghề khảm trai thôn Hạ"),
    ("Cơ sở dệt thổ cẩm", "Cơ sở dệt thổ cẩm Mỹ Hương"),
]


def score(one: str, two: str, **of_second: str | None) -> float:
    """Return the likeness of two names in one commune, in either order."""
    first = {"name": one, "product": None, "commune": "00001", "division": "10"}
    rows = pd.DataFrame([first, {**first, "name": two, **of_second}], dtype=object).assign(
        lat=float("nan"), lon=float("nan")
    )
    there, back = (
        duplicates.likeness(rows, pd.DataFrame({"first": [a], "second": [1 - a]}))[0] for a in (0, 1)
    )
    assert there == back
    return there


def test_names_as_offices_write_them() -> None:
    got = {pair: score(*pair) for pair in [*ALIKE, *ASKED, *APART]}
    assert {pair for pair in ALIKE if got[pair] < duplicates.MERGED} == set()
    assert {pair for pair in ASKED if not duplicates.ASKED <= got[pair] < duplicates.MERGED} == set()
    assert {pair for pair in APART if got[pair] >= duplicates.ASKED} == set()


def test_names_recur_elsewhere() -> None:
    person, firm = "Hộ kinh doanh Nguyễn Văn An", "Công ty TNHH Vạn Phúc"
    assert score(person, person) >= duplicates.MERGED
    assert duplicates.ASKED <= score(person, person, commune=None) < duplicates.MERGED
    assert score(person, person, commune="00002") < duplicates.ASKED
    assert duplicates.ASKED <= score(firm, firm, commune="00002") < duplicates.MERGED  # it may have moved
    assert score(firm, firm, commune="00002", division="23") < duplicates.ASKED
    assert duplicates.ASKED <= score(firm, firm, division="23") < duplicates.MERGED


def test_old_and_new_names_of_a_commune_are_one_place(home: Path) -> None:
    old = locate.communes("pre2025").loc["05485"]
    new = locate.communes("2025").loc[old["code_2025"]]
    assert old["name_vi"] != new["name_vi"]
    header = "Tên cơ sở;Tỉnh;Huyện;Xã;Sản phẩm"
    before = f"HTX chè Hảo Đạt;Thái Nguyên;{old['district_vi']};{old['name_vi']};Chè"
    stored = commit.write(outcome(home, header, [before], vintage="pre2025"), "user")
    now = f"Hợp tác xã Chè Hảo Đạt;Thái Nguyên;;{new['name_vi']};"
    assert outcome(home, header, [now], vintage="2025", dataset=stored).counts["merged"] == 1


def test_a_commune_that_was_split_is_not_elsewhere() -> None:
    name = "Hộ kinh doanh Nguyễn Văn An"
    assert score(name, name, commune="pre2025 00007") == score(name, name, commune=None)


def test_the_lists_of_the_product_ask_no_useless_questions() -> None:
    for name, most in (("real", 60), ("demo", 0)):
        rows = check.read(catalog.open_dataset(name), "establishments").head(4000)
        rows = rows.astype(object).where(rows.notna(), None)
        table = rows.rename(columns={"province_code_2025": "province", "commune_code_2025": "commune",
                                     "division_code": "division"}).assign(fresh=True)  # fmt: skip
        pairs = duplicates.candidates(table)
        scores = duplicates.likeness(table, pairs)
        asked = pairs[scores.between(duplicates.ASKED, duplicates.MERGED, inclusive="left")]
        assert asked["second"].nunique() <= most, name
        assert (scores >= duplicates.MERGED).sum() <= (15 if name == "real" else 0), name


def test_likeness_needs_more_than_a_common_name() -> None:
    rows = pd.DataFrame(
        {"name": ["Cơ sở bánh đa", "Cơ sở bánh đa", "Cơ sở bánh đa", "Cơ sở nem chua"], "product": None, "province": "24",
         "commune": ["00001", "00002", None, "00001"], "lat": float("nan"), "lon": float("nan"), "fresh": True}
    )  # fmt: skip
    pairs = pd.DataFrame({"first": [0, 0, 0], "second": [1, 2, 3]})
    apart, unknown, other = duplicates.likeness(rows, pairs)
    assert apart < duplicates.MERGED
    assert unknown < duplicates.MERGED
    assert other < duplicates.ASKED


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hộ kinh doanh Nguyễn Văn An", "Hộ kinh doanh N.V.A."), ("Nguyễn Thị Bình", "N.T.B."),
        ("HTX chè Hảo Đạt, ĐT 0912 345 678", "HTX chè Hảo Đạt, ĐT •••"), ("Công ty TNHH Hoàng Long", "Công ty TNHH Hoàng Long"),
        ("Làng nghề gốm Phù Lãng", "Làng nghề gốm Phù Lãng"), ("Hộ Trần Lan", "Hộ T.L."), ("Gốm a@b.vn", "Gốm •••"),
    ],
)  # fmt: skip
def test_masks(text: str, shown: str) -> None:
    assert personal.masked(text) == shown
    assert personal.masked(shown) == shown


def test_personal_columns_are_not_stored_and_exports_are_masked(home: Path) -> None:
    done = outcome(
        home,
        "Tên cơ sở;Tỉnh;Chủ hộ;Điện thoại",
        ["Hộ kinh doanh Nguyễn Văn An;Cao Bằng;Nguyễn Văn An;0912345678"],
    )
    assert {remark.code for remark in done.messages} == {"private-columns"}
    stored = commit.write(done, "user")
    assert outgoing.frame(stored)["Tên cơ sở"].tolist() == ["Hộ kinh doanh N.V.A."]
    assert outgoing.frame(stored, masked=False)["Tên cơ sở"].tolist() == ["Hộ kinh doanh Nguyễn Văn An"]
    masked = outcome(home, "Tên cơ sở;Tỉnh", ["Hộ kinh doanh Nguyễn Văn An;Cao Bằng"], mask_personal=True)
    assert masked.accepted["name"].tolist() == ["Hộ kinh doanh N.V.A."]


def test_a_masked_export_gives_no_names_away_and_takes_none(home: Path) -> None:
    stored = commit.write(outcome(home, "Tên cơ sở;Tỉnh", ["Hộ kinh doanh Nguyễn Văn An;Cao Bằng"]), "user")
    path = home / "export.xlsx"
    path.write_bytes(outgoing.workbook(stored))
    held = read.tables(path)[0]
    back = check.run(held, mapping.guess(held, "establishments"), Options(dataset=stored))
    assert back.result["establishments"]["name"].tolist() == ["Hộ kinh doanh Nguyễn Văn An"]
    assert commit.write(back, "user").version == stored.version
