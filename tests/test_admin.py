"""Provinces, regions and the exact conversion 63 → 34."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import paths
from geo.build import provinces as build
from geo.errors import DataError, ParameterError, PlaceError
from geo.places import admin

OLD_CODES = list(admin.provinces("pre2025").index)
REUSED = {"15", "24", "44", "52", "80", "82", "91"}


def test_counts_of_provinces():
    assert len(admin.provinces("2025")) == 34
    assert len(admin.provinces("pre2025")) == 63
    assert all(len(code) == 2 and code.isdigit() for code in OLD_CODES)


def test_types_today_and_at_the_merger():
    current = admin.provinces("2025")
    assert current["province_type"].value_counts().to_dict() == {"tỉnh": 25, "thành phố": 9}
    assert current["province_type_2025_07_01"].value_counts().to_dict() == {"tỉnh": 28, "thành phố": 6}
    changed = current[current["type_changed_on"] != ""]
    assert changed["type_changed_on"].to_dict() == {
        "22": "2026-09-01",
        "24": "2026-09-20",
        "75": "2026-04-30",
    }
    assert changed["type_legal_basis"].str.startswith("Nghị quyết").all()


def test_seven_codes_were_reused_under_another_name():
    old, new = admin.provinces("pre2025"), admin.provinces("2025")
    differ = {code for code in new.index if new.at[code, "name_vi"] != old.at[code, "name_vi"]}
    assert differ == REUSED
    for table in (old, new):
        assert set(table.index[table["code_reused"]]) == REUSED


@pytest.mark.parametrize(
    ("region_set", "expected"),
    [
        ("2025_NQ306_34", [9, 6, 5, 6, 3, 5]),
        ("2023_NQ81_63", [14, 11, 14, 5, 6, 13]),
        ("khuyen_cong_conference_from_2025_34", [15, 11, 8]),
    ],
)
def test_counts_of_regions(region_set, expected):
    counts = admin.province_regions(region_set).value_counts()
    assert [counts[code] for code in admin.regions(region_set).index] == expected
    assert counts.sum() == len(admin.provinces(admin.region_set_vintage(region_set)))


def test_a_province_may_straddle_two_of_the_old_regions():
    walk = admin.crosswalk().set_index("pre2025_code")["code_2025"]
    old = admin.province_regions("2023_NQ81_63")
    straddling = old.groupby(walk).nunique()
    assert (straddling > 1).sum() == 7


def test_region_sets_without_sourced_members_are_refused():
    assert admin.region_sets("2025")[0] == admin.default_region_set("2025")
    assert admin.region_sets("pre2025") == ["2023_NQ81_63"]
    with pytest.raises(ParameterError, match="no sourced list"):
        admin.province_regions("khuyen_cong_conference_to_2024_63")
    with pytest.raises(ParameterError, match="no region set"):
        admin.regions("bậy")


def test_unknown_vintage_is_refused_in_both_languages():
    with pytest.raises(ParameterError) as caught:
        admin.provinces("2024")
    assert "2024" in caught.value.text("vi")
    assert "pre2025" in caught.value.text("en")


def test_crosswalk_is_whole_and_agrees_with_merged_from():
    walk = admin.crosswalk()
    assert list(walk["pre2025_code"]) == OLD_CODES
    new = admin.provinces("2025")
    for code, group in walk.groupby("code_2025"):
        assert new.at[code, "merged_from_codes"] == "|".join(sorted(group["pre2025_code"]))


figures = st.one_of(
    st.none(),
    st.integers(-(10**12), 10**12),
    st.decimals(-(10**9), 10**9, places=3).map(float),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(OLD_CODES), figures), min_size=1, max_size=80))
def test_conversion_keeps_totals_to_the_last_digit(rows):
    frame = pd.DataFrame(rows, columns=["province_code", "x"]).astype({"x": object})
    before = frame.copy()
    out = admin.to_2025(frame, sum_columns=["x"])
    pd.testing.assert_frame_equal(frame, before)

    def total(values):
        return sum(
            (Fraction(repr(value)) for value in values if value is not None and value == value), Fraction(0)
        )

    assert total(out["x"]) == total(frame["x"])
    assert set(out["province_code"]) <= set(admin.provinces("2025").index)


@settings(max_examples=30, deadline=None)
@given(st.permutations(OLD_CODES), st.randoms(use_true_random=False))
def test_conversion_does_not_depend_on_row_order(codes, random):
    values = {code: random.randint(0, 10**6) / 100 for code in OLD_CODES}
    frame = pd.DataFrame({"province_code": codes, "x": [values[code] for code in codes]})
    sorted_frame = frame.sort_values("province_code")
    pd.testing.assert_frame_equal(
        admin.to_2025(frame, sum_columns=["x"]), admin.to_2025(sorted_frame, sum_columns=["x"])
    )


def test_a_missing_figure_is_no_figure_and_never_zero():
    frame = pd.DataFrame({"province_code": ["02", "08", "01"], "x": [math.nan, 5.0, math.nan]})
    out = admin.to_2025(frame, sum_columns=["x"], count_known=True).set_index("province_code")
    assert out.at["08", "x"] == 5.0
    assert out.at["08", "x_known"] == 1
    assert out.at["08", "provinces_merged"] == 2
    assert math.isnan(out.at["01", "x"])


def test_groups_stay_apart_and_the_vintage_is_renamed():
    frame = pd.DataFrame(
        {
            "province_code": ["02", "08", "02"],
            "vintage": "pre2025",
            "material_code": ["maize", "maize", "coffee"],
            "x": [1, 2, 4],
        }
    )
    out = admin.to_2025(frame, sum_columns=["x"], by=["material_code"])
    assert out.to_dict("records") == [
        {"material_code": "coffee", "province_code": "08", "vintage": "2025", "x": 4},
        {"material_code": "maize", "province_code": "08", "vintage": "2025", "x": 3},
    ]


def test_decimals_stay_decimals():
    frame = pd.DataFrame({"province_code": ["02", "08"], "x": [Decimal("0.1"), Decimal("0.2")]})
    assert admin.to_2025(frame, sum_columns=["x"])["x"].tolist() == [Decimal("0.3")]


def test_wrong_frames_are_refused():
    good = pd.DataFrame({"province_code": ["02"], "x": [1]})
    with pytest.raises(DataError, match="needs the columns y"):
        admin.to_2025(good, sum_columns=["y"])
    with pytest.raises(DataError, match="must hold numbers"):
        admin.to_2025(good.assign(x="nhiều"), sum_columns=["x"])
    with pytest.raises(PlaceError, match="03"):
        admin.to_2025(good.assign(province_code="03"), sum_columns=["x"])
    with pytest.raises(ParameterError, match="another vintage"):
        admin.to_2025(good.assign(vintage="2025"), sum_columns=["x"])


def test_34_to_63_is_refused():
    frame = pd.DataFrame({"province_code": ["01"], "x": [1]})
    with pytest.raises(ParameterError, match="inventing"):
        admin.convert(frame, vintage="2025", to="pre2025", sum_columns=["x"])
    same = admin.convert(frame, vintage="2025", to="2025", sum_columns=["x"])
    pd.testing.assert_frame_equal(same, frame)


def test_build_makes_the_shipped_tables_byte_for_byte(tmp_path):
    for made in build.build(tmp_path):
        assert made.read_bytes() == (paths.DATA / made.name).read_bytes()
