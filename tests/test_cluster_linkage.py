"""Linkages of clusters: both sides sure, common borders, neighbours on the map."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from linkage_tables import cluster_tables
from shapely.geometry import box

from geo.linkage import cluster
from geo.linkage.model import Member


def test_cluster_needs_both_sides_sure_and_class_wins_over_division():
    found, counts = cluster.find(**cluster_tables())
    assert [(f.subject_code, f.codes) for f in found] == [("1076", ("19", "25"))]
    assert counts == {"within_class": 1}
    tea = found[0]
    assert tea.magnitude == tea.establishments_gaining == 160
    assert tea.measures["need_share"] == pytest.approx(120 / 160)
    assert tea.measures["strength_share"] == pytest.approx(1 - 1 / 1.6)
    assert tea.members[0] == Member("19", "core")


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
