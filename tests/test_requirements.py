from __future__ import annotations

import pandas as pd
import pytest

from geo.errors import ParameterError
from geo.places import admin
from geo.subjects import gateways, materials, requirements, rules, sectors
from geo.subjects.shipped import table


def one(frame: pd.DataFrame, sector: str, size: str, material: str) -> pd.Series:
    keys = (
        (frame["sector_code"] == sector) & (frame["size_band"] == size) & (frame["material_code"] == material)
    )
    return frame[keys].iloc[0]


def test_every_row_has_bounds_a_standing_and_a_reason():
    rows = requirements.table()
    assert not rows.duplicated(requirements.KEYS).any()
    assert set(rows["status"]) <= {"cited", "derived", "assumption"}
    assert (rows["low"] <= rows["tonnes_per_employee"]).all()
    assert (rows["tonnes_per_employee"] <= rows["high"]).all()
    assert rows["reason_vi"].ne("").all()
    assert rows["reason_en"].ne("").all()
    assert rows.loc[rows["status"] != "assumption", "source"].ne("").all()
    assert set(rows["sector_code"]) <= set(sectors.sectors().index)
    assert set(rows["material_code"]) <= set(materials.catalogue().index)
    assert (rows.groupby(["sector_code", "material_code"])["size_band"].nunique() == 4).all()


def test_arithmetic_of_some_rows():
    rows = requirements.table()
    assert one(rows, "1061", "micro", "paddy_rice")["tonnes_per_employee"] == pytest.approx(
        175 / 1.745, rel=0.01
    )
    assert one(rows, "1062", "medium", "cassava")["tonnes_per_employee"] == pytest.approx(
        10811 * 4 / 100, rel=0.01
    )
    assert one(rows, "1079", "small", "cashew")["tonnes_per_employee"] == 14
    assert one(rows, "1610", "small", "harvested_wood")["tonnes_per_employee"] == pytest.approx(
        77 / 1.01, rel=0.01
    )
    oil = one(rows, "2029", "micro", "cinnamon")
    assert oil["tonnes_per_employee"] == pytest.approx(0.55 * 143.3 / 1.745, rel=0.01)
    assert oil["status"] == "derived"


def test_a_large_plant_never_speaks_for_a_household():
    rows = requirements.table()
    scale = table("throughput.csv").set_index("throughput_id")["scale"]
    used = rows[rows["throughput_id"] != ""]
    micro = used[used["size_band"].isin(["micro", "small"])]
    large = micro[micro["throughput_id"].map(scale) == "large"]
    # Only the threshold above which a mill counts as large, used as a small mill's figure.
    assert set(large["throughput_id"]) <= {"1061-large-1"}
    assert "1061-large-1" not in set(micro.loc[micro["size_band"] == "micro", "throughput_id"])


def test_by_products_add_nothing():
    factors = "|".join(requirements.table()["factor_ids"])
    assert "by_product" not in factors
    assert "husk" not in factors.replace("husked", "")


def test_unchecked_parts_make_an_assumption():
    rows = requirements.table()
    status = table("conversion_factors.csv").set_index("factor_id")["status"]
    for row in rows.itertuples():
        parts = [part for part in str(row.factor_ids).split("|") if part]
        if any(status[part] == "unchecked" for part in parts):
            assert row.status == "assumption"


def test_the_user_may_edit():
    edited = requirements.table({("1077", "micro", "coffee"): 25.0, ("1075", "small", "paddy_rice"): 3.0})
    row = one(edited, "1077", "micro", "coffee")
    assert (row["tonnes_per_employee"], row["status"]) == (25.0, "user")
    assert one(edited, "1075", "small", "paddy_rice")["tonnes_per_employee"] == 3.0
    assert one(requirements.table(), "1077", "micro", "coffee")["tonnes_per_employee"] != 25.0
    frame = pd.DataFrame(
        {
            "sector_code": ["1077"],
            "size_band": ["micro"],
            "material_code": ["coffee"],
            "tonnes_per_employee": [25.0],
        }
    )
    again = one(requirements.table(frame), "1077", "micro", "coffee")
    pd.testing.assert_series_equal(again, row, check_names=False)


@pytest.mark.parametrize(
    "edit",
    [
        {("1077", "micro", "coffee"): -1.0},
        {("1077", "micro", "coffee"): float("nan")},
        {("1077", "huge", "coffee"): 1.0},
        {("1077", "micro", "gold"): 1.0},
        {("0000", "micro", "coffee"): 1.0},
        pd.DataFrame({"sector_code": ["1077"]}),
    ],
)
def test_bad_edits_are_refused(edit):
    with pytest.raises(ParameterError) as error:
        requirements.table(edit)
    assert error.value.vi != error.value.en


def test_match_uses_own_material_then_the_main_one_then_the_usual_class():
    base = pd.DataFrame(
        {
            "sector_code": ["1061", "1079", "1079", "31", "10", "10", "2821"],
            "size_band": ["unknown", "small", "small", "micro", "micro", "micro", "micro"],
            "material_code": [None, "cashew", None, "harvested_wood", None, "coffee", None],
        },
        index=list("abcdefg"),
    )
    found = requirements.match(base)
    assert found.index.tolist() == list("abcdefg")
    assert found.loc["a", "material_code"] == "paddy_rice"
    assert found.loc["b", "tonnes_per_employee"] == 14
    assert found.loc[["c", "e", "g"], "tonnes_per_employee"].isna().all()
    carpenter = requirements.for_material("harvested_wood", division_code="31")
    assert carpenter["sector_code"] == "3100"
    assert found.loc["d", "tonnes_per_employee"] == carpenter["tonnes_per_employee"]
    assert found.loc["f", "material_code"] == "coffee"
    assert requirements.for_material("pigs") is None
    assert requirements.for_material("coconut")["sector_code"] == "1040"
    with pytest.raises(ParameterError):
        requirements.for_material("coffee", "huge")


def test_coir_ropes_do_not_ask_for_coconuts():
    base = pd.DataFrame(
        {
            "sector_code": ["1394", None],
            "size_band": ["micro", "micro"],
            "material_code": ["coconut", "coconut"],
        }
    )
    found = requirements.match(base)
    assert found["tonnes_per_employee"].isna().tolist() == [True, False]


def test_employees_assumed_are_official_means():
    found = requirements.employees_assumed()
    assert found.loc["household", "employees"] == pytest.approx(9_020_899 / 5_169_722, rel=1e-6)
    assert found.loc["enterprise", "employees"] == pytest.approx(20.1, abs=0.1)
    assert found.loc["micro", "employees"] == found.loc["household", "employees"]
    assert found["reason_vi"].ne("").all()
    with pytest.raises(ParameterError):
        requirements.band_employees("huge")


def test_gateways_have_provinces_of_both_vintages():
    found = gateways.gateways()
    assert len(found) == 36
    admin.check_codes(found["province_code_2025"], "2025")
    admin.check_codes(found["province_code_pre2025"], "pre2025")
    assert found.loc["quy_nhon", ["province_code_2025", "province_code_pre2025"]].tolist() == ["52", "52"]
    assert found.loc["le_thanh", ["province_code_2025", "province_code_pre2025"]].tolist() == ["52", "64"]
    assert found.loc["xa_mat", "material_codes_in"] == ("cashew", "cassava", "rubber", "sugarcane")
    assert found.loc["la_lay", "material_codes_in"] == ()
    codes = {code for row in found["material_codes_in"] for code in row}
    assert codes <= set(materials.catalogue().index)


def test_import_options_reach_every_province():
    options = gateways.import_options("2025")
    per_gate = options.groupby(["material_code", "gateway_code"])["destination_code"].nunique()
    assert (per_gate == 34).all()
    assert options["straight_km"].gt(0).all()
    checked = gateways.import_options("2025", include_unchecked=False)
    assert set(checked["materials_status"]) == {"checked"}
    near = options[(options["gateway_code"] == "xa_mat") & (options["material_code"] == "cashew")]
    assert near.set_index("destination_code")["straight_km"].idxmin() == "80"
    with pytest.raises(ParameterError):
        gateways.import_options("1975")


def test_support_rules_keep_their_standing():
    found = rules.support_rules()
    assert len(found) == 20
    assert found.loc["advanced_machinery", ["max_share", "max_vnd_million"]].tolist() == [0.5, 300.0]
    assert found["name_en"].ne("").all()
    assert set(rules.support_rules("unchecked")["status"]) == {"unchecked"}
    with pytest.raises(ParameterError):
        rules.support_rules("perhaps")
