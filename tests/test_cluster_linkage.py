"""Linkages of clusters: both sides sure, common borders, neighbours on the map."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from linkage_tables import cluster_tables, crossings
from shapely.geometry import box

from geo.linkage import cluster
from geo.linkage.model import Member


def test_cluster_needs_both_sides_sure_and_class_wins_over_division():
    found, counts = cluster.find(**cluster_tables())
    assert [(f.subject_code, f.codes) for f in found] == [("1076", ("19", "25"))]
    assert counts == {"within_class": 1, "thin_side": 0}
    tea = found[0]
    assert tea.magnitude == tea.establishments_gaining == 160
    assert tea.measures["need_share"] == pytest.approx(120 / 160)
    assert tea.measures["strength_share"] == pytest.approx(1 - 1 / 1.6)
    assert tea.members[0] == Member("19", "core")


def test_a_hot_spot_across_the_border_is_a_second_ground():
    found, counts = cluster.find(**cluster_tables(), crossings=crossings())
    by_codes = {f.codes: f for f in found}
    assert set(by_codes) == {("19", "25"), ("25", "14")}
    assert counts == {"within_class": 1, "thin_side": 1}
    both, hot = by_codes["19", "25"], by_codes["25", "14"]
    alone, _ = cluster.find(**cluster_tables())
    for name in ("magnitude", "establishments_gaining"):
        assert getattr(both, name) == getattr(alone[0], name)
    assert both.measures["strength_share"] == alone[0].measures["strength_share"]
    assert both.measures["hot_spot"]["establishments_first"] == 80
    assert not hot.measures["sure"]
    assert hot.magnitude == hot.establishments_gaining == 26
    # Phú Thọ has more establishments of tea, so it is the core and its side of the hot spot comes first.
    assert hot.measures["hot_spot"]["establishments_first"] == 20
    assert hot.measures["strength_share"] == pytest.approx(1 - 1 / 3.25)
    for finding in (both, hot):
        assert "hot_spots" in {row["table"] for row in finding.evidence}


def test_common_borders_need_length_not_a_corner():
    squares = gpd.GeoSeries(
        {
            "01": box(105, 20, 106, 21),
            "02": box(106, 20, 107, 21),
            "03": box(106, 21, 107, 22),
            "04": box(110, 20, 111, 21),
        },
        crs=4326,
    )
    pairs = cluster.common_borders(squares)
    assert list(zip(pairs["first"], pairs["second"], strict=True)) == [("01", "02"), ("02", "03")]
    assert pairs["border_km"].iloc[0] == pytest.approx(110.8, abs=1.5)
    mixed = cluster.common_borders(squares.iloc[::-1])
    pd.testing.assert_frame_equal(pairs, mixed)


@pytest.mark.parametrize(("vintage", "count"), [("2025", 34), ("pre2025", 63)])
def test_neighbours_on_the_map(vintage, count):
    pairs = cluster.neighbours(vintage)
    assert (pairs["first"] < pairs["second"]).all()
    assert pairs["border_km"].ge(1).all()
    known = set(map(tuple, pairs[["first", "second"]].to_numpy()))
    touched = set(pairs["first"]) | set(pairs["second"])
    assert len(touched) == count
    if vintage == "2025":
        assert {("66", "68"), ("68", "75"), ("01", "19")} <= known
        assert ("01", "79") not in known
