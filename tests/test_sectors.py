from __future__ import annotations

import pytest

from geo.errors import ParameterError
from geo.subjects import materials, sectors


def test_divisions_and_classes():
    frame = sectors.sectors()
    assert set(frame["level"]) == {"division", "class"}
    assert frame.index.is_monotonic_increasing
    assert (frame["division_code"] == frame.index.str[:2]).all()
    assert set(frame["division_code"]) <= set(frame.index[frame["level"] == "division"]) | {"12", "19"}
    assert frame[["name_vi", "name_en"]].ne("").all().all()


def test_codes_are_text_and_both_versions_are_known():
    assert sectors.to_2018("3101") == "3100"
    assert sectors.to_2018("1105") == "1104"
    assert sectors.to_2018("1077") == "1077"
    assert sectors.to_2018("9999") is None


def test_materials_of_a_sector_are_of_the_catalogue():
    frame = sectors.sectors()
    assert frame.loc["1077", "materials"] == ("coffee",)
    known = set(materials.catalogue().index)
    assert {code for codes in frame["materials"] for code in codes} <= known


def test_label_in_two_languages_and_unknown_code():
    assert sectors.label("1076") == "1076 Sản xuất chè"
    assert sectors.label("1076", "en") == "1076 Manufacture of tea"
    with pytest.raises(ParameterError, match="0000") as error:
        sectors.label("0000")
    assert "0000" in error.value.vi
