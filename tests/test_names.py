"""Province names and codes in any spelling."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geo.errors import GeoError, ParameterError, PlaceError
from geo.places import admin, names

OLD = admin.provinces("pre2025")
NEW = admin.provinces("2025")
UNCHANGED = {"Hà Nội", "Cao Bằng", "Điện Biên", "Lai Châu", "Sơn La", "Lạng Sơn", "Quảng Ninh"}
UNCHANGED |= {"Thanh Hóa", "Nghệ An", "Hà Tĩnh", "Huế"}


@pytest.mark.parametrize(("vintage", "table"), [("pre2025", OLD), ("2025", NEW)])
def test_every_official_name_in_every_form(vintage, table):
    for code, row in table.iterrows():
        name = row["name_vi"]
        forms = [
            name,
            row["name_en"],
            names.fold(name),
            name.upper(),
            name.replace(" ", ""),
            unicodedata.normalize("NFD", name),
            f"Tỉnh {name}",
            f"TP. {name}",
            f"T.P {name}",
            f"TP.{name}",
            f"Thành phố {name}",
            f"thanh pho {names.fold(name)}",
            f"{row['name_en']} Province",
            f"{row['name_en']} City, Viet Nam",
            f"  {name}\t",
        ]
        for form in forms:
            match = names.resolve(form, vintage)
            assert (match.province_code, match.name_vi) == (code, name), form
            assert match.vintage == vintage
            assert match.score == 1.0
        assert names.resolve(name, vintage).how == "exact"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ho Chi Minh City", "79"),
        ("Saigon", "79"),
        ("Sài Gòn", "79"),
        ("HCM", "79"),
        ("TPHCM", "79"),
        ("TP.HCM", "79"),
        ("Tp. Hồ Chí Minh", "79"),
        ("Hue", "46"),
        ("Thừa Thiên Huế", "46"),
        ("Thừa Thiên - Huế", "46"),
        ("Thua Thien–Hue", "46"),
        ("Bà Rịa – Vũng Tàu", "77"),
        ("Bà Rịa-Vũng Tàu", "77"),
        ("BRVT", "77"),
        ("BR-VT", "77"),
        ("Dak Lak", "66"),
        ("Đăk Lăk", "66"),
        ("Đắc Lắc", "66"),
        ("Dac Lac", "66"),
        ("Daklak", "66"),
        ("Hoà Bình", "17"),
        ("Hòa Bình", "17"),
        ("Thanh Hoá", "38"),
        ("Khánh Hoà", "56"),
        ("Hanoi", "01"),
        ("Haiphong", "31"),
        ("Kontum", "62"),
        ("Bắc Cạn", "06"),
        ("Hà Tây", "01"),
    ],
)
def test_other_names(text, code):
    assert names.resolve(text, "pre2025").province_code == code


@pytest.mark.parametrize("code", ["15", "24", "44", "52", "80", "82", "91"])
def test_reused_code_needs_its_vintage(code):
    with pytest.raises(PlaceError) as caught:
        names.resolve(code)
    old, new = OLD.at[code, "name_vi"], NEW.at[code, "name_vi"]
    assert old != new
    for lang in ("vi", "en"):
        assert old in caught.value.text(lang)
        assert new in caught.value.text(lang)
    assert "re-used" in caught.value.text("en")
    assert "dùng lại" in caught.value.text("vi")
    assert len(caught.value.candidates) == 2
    assert names.resolve(code, "pre2025").name_vi == old
    assert names.resolve(code, "2025").name_vi == new


@pytest.mark.parametrize("code", sorted(OLD.index))
def test_no_code_is_taken_without_a_vintage(code):
    with pytest.raises(PlaceError):
        names.resolve(code)
    assert names.resolve(code, "pre2025").how == "code"
    if code not in NEW.index:
        with pytest.raises(PlaceError) as caught:
            names.resolve(code, "2025")
        assert OLD.at[code, "name_vi"] in caught.value.text("vi")


def test_a_code_that_lost_its_zero_is_taken_and_said():
    match = names.resolve("1", "2025")
    assert match.province_code == "01"
    assert "01" in match.note
    assert "01" in match.note_text("en")


@pytest.mark.parametrize(
    "name", ["Bắc Ninh", "Lào Cai", "Quảng Trị", "Gia Lai", "Tây Ninh", "Đồng Tháp", "An Giang"]
)
def test_name_of_two_provinces_needs_its_vintage(name):
    with pytest.raises(PlaceError) as caught:
        names.resolve(name)
    assert len(caught.value.candidates) == 2
    assert "pre2025" in caught.value.text("vi")
    old, new = names.resolve(name, "pre2025"), names.resolve(name, "2025")
    assert old.province_code != new.province_code
    assert old.name_vi == new.name_vi == name


def test_without_vintage_every_name_follows_its_history():
    for name in OLD["name_vi"]:
        if name in UNCHANGED:
            match = names.resolve(name)
            assert match.vintage == "2025"
            assert "không đổi địa giới" in match.note
        elif name in set(NEW["name_vi"]):
            with pytest.raises(PlaceError):
                names.resolve(name)
        else:
            assert names.resolve(name).vintage == "pre2025"


def test_old_name_finds_the_new_province():
    match = names.resolve("Vĩnh Phúc", "2025")
    assert (match.province_code, match.name_vi, match.how) == ("25", "Phú Thọ", "merged")
    assert "nay thuộc Phú Thọ" in match.note
    assert "part of Phú Thọ" in match.note_text("en")
    walk = admin.crosswalk()
    for row in walk.itertuples():
        assert names.resolve(row.pre2025_name_vi, "2025").name_vi in (row.name_vi_2025, row.pre2025_name_vi)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ha Noii", "01"),
        ("Vinh Phuk", "26"),
        ("Bac Gaing", "24"),
        ("Quang Nin", "22"),
        ("Khanh Hao", "56"),
        ("Nghê Ann", "40"),
        ("Bin Duong", "74"),
        ("Lạng Sơnn", "20"),
        ("Thai Ngyuen", "19"),
    ],
)
def test_slips_of_the_keyboard(text, code):
    match = names.resolve(text, "pre2025")
    assert match.province_code == code
    assert match.how == "typo"
    assert match.score < 1
    assert text in match.note


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        ("Quang N", {"Quảng Nam", "Quảng Ninh", "Quảng Ngãi"}),
        ("Quảng", {"Quảng Nam", "Quảng Ninh", "Quảng Trị"}),
        ("Ha Nan", {"Hà Nam", "Hà Nội"}),
        ("Quang Nim", {"Quảng Nam", "Quảng Ninh"}),
        ("Đắk", {"Đắk Lắk", "Đắk Nông"}),
    ],
)
def test_ambiguous_slips_are_refused_with_candidates(text, possible):
    with pytest.raises(PlaceError) as caught:
        names.resolve(text, "pre2025")
    assert possible <= set(caught.value.candidates)
    assert all(name in caught.value.text("vi") for name in possible)


@pytest.mark.parametrize("text", ["", "   ", "99", "xyz", "Atlantis", "Việt Nam", "123", "-", "Tokyo"])
def test_unknown_is_refused_without_guessing(text):
    with pytest.raises(PlaceError) as caught:
        names.resolve(text, "2025")
    assert caught.value.candidates == ()


def test_code_and_name_together_tell_the_vintage():
    assert names.resolve("24 - Bắc Giang").vintage == "pre2025"
    assert names.resolve("Bắc Ninh (24)").vintage == "2025"
    assert names.resolve("27 Bắc Ninh").vintage == "pre2025"
    assert names.resolve("27 Bắc Ninh", "2025").how == "merged"
    with pytest.raises(PlaceError, match="do not agree"):
        names.resolve("30 Bắc Ninh")
    with pytest.raises(PlaceError, match="do not agree"):
        names.resolve("24 Bắc Ninh", "pre2025")


def test_unknown_vintage_is_refused():
    with pytest.raises(ParameterError):
        names.resolve("Hà Nội", "1997")
    with pytest.raises(ParameterError):
        names.search("Hà Nội", "1997")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30), st.sampled_from([None, "2025", "pre2025"]))
def test_any_text_gives_a_province_or_a_sentence(text, vintage):
    try:
        match = names.resolve(text, vintage)
    except GeoError as error:
        sentences = [error.text("vi"), error.text("en")]
    else:
        sentences = [admin.provinces(match.vintage).at[match.province_code, "name_vi"]]
        assert sentences == [match.name_vi]
    assert all(sentences)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(OLD["name_vi"])), st.data())
def test_one_letter_left_out_never_gives_another_province(name, data):
    position = data.draw(st.integers(0, len(name) - 1))
    slipped = name[:position] + name[position + 1 :]
    # "Hậ Giang" reads as Hà Giang without diacritics: a name of its own, not a slip.
    assume(names.fold(slipped) not in {names.fold(other) for other in OLD["name_vi"]})
    try:
        meant = {names.resolve(slipped, "pre2025").name_vi}
    except PlaceError as error:
        meant = set(error.candidates)
    assert not meant or name in meant


def test_search_box():
    def found(text, vintage="2025"):
        return [(match.name_vi, match.how) for match in names.search(text, vintage)]

    assert found("vĩnh phúc") == [("Phú Thọ", "merged")]
    assert found("vinh")[:2] == [("Vĩnh Long", "spelling"), ("Phú Thọ", "merged")]
    assert found("hanoi")[0] == ("Hà Nội", "exact")
    assert found("sai gon")[0][0] == "Hồ Chí Minh"
    assert found("24") == [("Bắc Ninh", "code")]
    assert found("24", "pre2025") == [("Bắc Giang", "code")]
    assert found("thai ngyuen")[0] == ("Thái Nguyên", "typo")
    assert found("") == []
    assert found("zzzz") == []
    assert len(names.search("a", limit=3)) <= 3


def test_every_name_is_found_by_its_first_letters():
    for vintage, table in (("pre2025", OLD), ("2025", NEW)):
        for code, name in table["name_vi"].items():
            assert code in [match.province_code for match in names.search(names.fold(name)[:6], vintage)], (
                name
            )


def test_infer_vintage():
    assert names.infer_vintage(["Bắc Ninh", "Vĩnh Phúc"]) == "pre2025"
    assert names.infer_vintage(["Tỉnh Bắc Ninh", "Hà Nội"]) is None
    assert names.infer_vintage(list(NEW["name_vi"])) is None
    assert names.infer_vintage(["Bắc Ninh"], ["24"]) == "2025"
    assert names.infer_vintage(["Bắc Ninh"], ["27"]) == "pre2025"
    assert names.infer_vintage(["24 - Bắc Ninh"]) == "2025"
    assert names.infer_vintage(["Vĩnh Phúc", "24 - Bắc Ninh"]) is None
    assert names.infer_vintage([]) is None
