from __future__ import annotations

import pytest

from geo.errors import ParameterError
from geo.subjects import statistics


def test_indicators_say_unit_year_and_provinces():
    found = statistics.indicators()
    assert found.loc["population", ["year", "unit", "provinces"]].tolist() == [2016, "persons", 63]
    assert found["label_vi"].ne("").all()
    assert found.loc["industrial_clusters_ccn_established", "provinces"] == 14


@pytest.mark.parametrize("vintage", ["2025", "pre2025"])
def test_national_counts_are_those_published(vintage):
    households = statistics.values("household_individual_non_farm_establishments", vintage)
    assert households.sum() == 5_169_722
    assert statistics.values("enterprises_active_at_31_12", vintage).sum() == 895_876
    assert len(households) == (34 if vintage == "2025" else 63)


def test_half_a_province_is_no_figure():
    workers = statistics.values("workers_in_enterprises")
    # Old Vĩnh Phúc has no figure, so Phú Thọ of 2025 (which took it in) has none.
    assert "25" not in workers.index
    assert len(workers) == 33


def test_what_cannot_be_turned_is_refused():
    assert len(statistics.values("area_nq_202_2025_qh15")) == 34
    for indicator, vintage in (
        ("area_nq_202_2025_qh15", "pre2025"),
        ("index_of_industrial_production_previous_year_100", "2025"),
        ("happiness", "2025"),
        ("area", "1975"),
    ):
        with pytest.raises(ParameterError):
            statistics.values(indicator, vintage)
