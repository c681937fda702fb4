"""Great-circle distances between provinces and to points."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DataError, ParameterError
from geo.places import admin, distances

VINTAGES = ("2025", "pre2025")


@pytest.mark.parametrize("vintage", VINTAGES)
def test_every_province_has_a_point_on_the_mainland(vintage: str) -> None:
    points = distances.province_points(vintage)
    assert list(points.index) == list(admin.provinces(vintage).index)
    assert points["lat"].between(8.5, 23.4).all()
    assert points["lon"].between(102.1, 109.5).all()


@pytest.mark.parametrize("vintage", VINTAGES)
def test_the_matrix_is_symmetric_zero_on_the_diagonal_and_keeps_the_triangle(vintage: str) -> None:
    km = distances.matrix_km(vintage).to_numpy()
    assert (km == km.T).all()
    assert (np.diag(km) == 0).all()
    assert (km + np.eye(len(km)) > 0).all()
    shortest = (km[:, :, None] + km[None, :, :]).min(axis=1)
    assert (km <= shortest + 1e-6).all()


def test_known_distances() -> None:
    """Hà Nội to Hồ Chí Minh City: about 1,140 km as the crow flies between the cities."""
    km = distances.matrix_km("pre2025")
    assert km.loc["01", "79"] == pytest.approx(1140, abs=30)
    assert km.loc["01", "27"] == pytest.approx(35, abs=15)  # Bắc Ninh


@settings(max_examples=40, deadline=None)
@given(lat=st.floats(-89, 89), lon=st.floats(-180, 180))
def test_no_distance_is_longer_than_half_the_globe(lat: float, lon: float) -> None:
    points = pd.DataFrame({"lat": [lat], "lon": [lon]}, index=["p"])
    km = distances.to_points_km("2025", points)
    assert ((km >= 0) & (km <= 20_016)).all().all()


def test_a_point_at_a_province_is_at_no_distance() -> None:
    points = distances.province_points("2025")
    km = distances.to_points_km("2025", points)
    assert list(km.columns) == list(points.index)
    assert np.allclose(np.diag(km), 0)
    assert np.allclose(km, distances.matrix_km("2025"), atol=1e-6)


def test_the_points_given_are_not_written() -> None:
    points = pd.DataFrame({"lat": [10.0], "lon": [106.0]}, index=["x"])
    before = points.copy()
    distances.to_points_km("2025", points)
    pd.testing.assert_frame_equal(points, before)


def test_a_coordinate_off_the_globe_is_refused_by_name() -> None:
    points = pd.DataFrame({"lat": [106.0], "lon": [210.0]}, index=["Lạng Sơn gate"])
    with pytest.raises(DataError, match="Lạng Sơn gate"):
        distances.to_points_km("2025", points)


def test_an_unknown_vintage_is_refused() -> None:
    with pytest.raises(ParameterError):
        distances.matrix_km("1976")
