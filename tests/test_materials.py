from __future__ import annotations

import pandas as pd
import pytest

from geo.errors import ParameterError
from geo.places import admin
from geo.subjects import materials
from geo.subjects.shipped import table

NATIONWIDE = {
    # National totals of 2024, thousand tonnes (General Statistics Office); cassava holds 40 provinces.
    "paddy_rice": (43446.1, 0.001),
    "maize": (4402.2, 0.001),
    "sugarcane": (12674.6, 0.001),
    "groundnut": (397.2, 0.001),
    "sweet_potato": (972.9, 0.001),
    "cassava": (10534.0, 0.016),
}


@pytest.mark.parametrize("code", NATIONWIDE)
@pytest.mark.parametrize("vintage", admin.VINTAGES)
def test_national_totals(code, vintage):
    rows = materials.supply(vintage)
    total, tolerance = NATIONWIDE[code]
    found = rows.loc[rows["material_code"] == code, "supply_tonnes"].sum() / 1000
    assert found == pytest.approx(total, rel=tolerance)
    assert set(rows.loc[rows["material_code"] == code, "year"]) == {2024}


def test_63_to_34_keeps_every_total_of_nationwide_tables():
    old, new = (materials.supply(vintage) for vintage in ("pre2025", "2025"))
    wide = old.loc[old["reliability"].isin(["A", "B"]), "material_code"].unique()
    assert len(wide) >= 12
    for code in wide:
        rows = old[(old["material_code"] == code) & ~old["derived"]]
        # m³ turned into tonnes is no round number: compared below in its own unit
        before, after = (frame.loc[frame["material_code"] == code] for frame in (old, new))
        if len(rows):
            assert round(before["supply_tonnes"].sum(), 3) == round(after["supply_tonnes"].sum(), 3)
        assert round(before["native_quantity"].sum(), 3) == round(after["native_quantity"].sum(), 3)


def test_no_figure_is_never_zero():
    cassava = materials.supply("pre2025")
    cassava = cassava[cassava["material_code"] == "cassava"]
    assert len(cassava) == 40
    assert cassava["supply_tonnes"].notna().all()
    # Cà Mau, Đà Nẵng, Quảng Ninh: no figure, so no row, rather than a zero
    assert not set(cassava["province_code"]) & {"96", "48", "22"}


def test_partial_sums_are_marked():
    rows = materials.supply("2025").set_index(["material_code", "province_code"])
    # Đắk Lắk of 2025 is old Đắk Lắk and Phú Yên: both have coffee; Lâm Đồng took in Bình Thuận, which has none.
    assert not rows.loc[("coffee", "66"), "partial"]
    assert rows.loc[("coffee", "68"), "partial"]
    assert not materials.supply("pre2025")["partial"].any()


def test_areas_and_wood_are_derived_with_both_sources():
    rows = materials.supply("pre2025").set_index(["material_code", "province_code"])
    dak_nong = rows.loc[("coffee", "67")]
    assert dak_nong["derived"]
    assert dak_nong["supply_tonnes"] == pytest.approx(140_000 * 2.6)
    assert "×" in dak_nong["source"]
    pepper = rows.loc[("pepper", "66")]
    assert pepper["supply_tonnes"] == pytest.approx(28_000 * 1.65)
    wood = rows.loc["harvested_wood"]
    assert wood["derived"].all()
    assert wood["supply_tonnes"].sum() == pytest.approx(9_653_100 / 1.01)


def test_measured_tonnes_come_before_areas():
    rows = materials.supply("pre2025").set_index(["material_code", "province_code"])
    assert rows.loc[("coffee", "66"), "supply_tonnes"] == 561_000
    assert rows.loc[("pepper", "67"), "supply_tonnes"] == 70_685
    assert rows.loc[("cashew", "70"), "supply_tonnes"] == 170_000


def test_figures_of_the_34_are_not_split_back():
    new, old = (materials.supply(vintage) for vintage in ("2025", "pre2025"))
    durian = new[new["material_code"] == "durian"]
    assert durian["province_code"].tolist() == ["66", "68", "82"]
    assert old.loc[old["material_code"] == "durian", "province_code"].tolist() == ["66"]


def test_what_is_left_out_says_why():
    out = materials.excluded()
    assert set(out["reason"]) == set(materials.REASONS)
    assert out["reason_vi"].ne("").all()
    assert out["reason_en"].ne("").all()
    kept = materials.supply("pre2025")
    assert not set(kept["material_code"]) & {"cattle", "pigs", "cement_design_capacity", "macadamia"}


def test_every_published_row_is_carried_with_a_source():
    rows = table("material_supply.csv")
    assert len(rows) == 5665
    assert rows["source"].ne("").all()
    unknown = set(rows["material_code"]) - set(materials.catalogue().index)
    assert unknown == set()
    for vintage, part in rows.groupby("vintage"):
        admin.check_codes(part["province_code"], vintage)


def test_short_addresses_are_marked():
    rows = table("material_supply.csv", flags=("source_address_complete",))
    short = rows[
        rows["source_url"].str.contains("2433181|2490982|thitruonghanghoa|post255705|thuannong|lamdongtv")
    ]
    assert len(short) > 0
    assert not short["source_address_complete"].any()


def test_a_year_can_be_asked_for():
    rows = materials.supply("pre2025", 2018)
    assert set(rows["year"]) == {2018}
    paddy = rows[rows["material_code"] == "paddy_rice"]["supply_tonnes"].sum()
    assert paddy == pytest.approx(44_044_400)
    assert materials.supply("2025", 1990).empty


def test_supply_is_a_fresh_sorted_frame():
    rows = materials.supply("2025")
    keys = rows[["material_code", "province_code"]]
    assert not keys.duplicated().any()
    pd.testing.assert_frame_equal(keys, keys.sort_values(list(keys.columns), ignore_index=True))
    rows.loc[0, "supply_tonnes"] = -1
    assert materials.supply("2025").loc[0, "supply_tonnes"] != -1


def test_coverage_is_said():
    cover = materials.coverage("2025")
    assert cover.loc["coffee", "coverage_share"] == pytest.approx(0.91)
    assert cover.loc["paddy_rice", "provinces"] == 34
    assert cover.loc["cattle", "provinces"] == 0
    assert pd.isna(cover.loc["cattle", "supply_tonnes"])
    assert materials.catalogue()["coverage_note_vi"].ne("").all()


def test_unknown_names_are_refused():
    with pytest.raises(ParameterError):
        materials.supply("1975")
    with pytest.raises(ParameterError, match="gold"):
        materials.label("gold")
    assert materials.label("cashew") == "Điều"
