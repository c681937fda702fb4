"""Distances between provinces: great-circle kilometres between the mean points of their communes."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from geo import paths
from geo.errors import DataError
from geo.places import admin

EARTH_RADIUS_KM = 6371.0088  # mean radius of the WGS 84 ellipsoid (Moritz 1980)


@cache
def _points() -> pd.DataFrame:
    """Read the shipped points of both vintages, once."""
    return pd.read_csv(paths.DATA / "province_points.csv", dtype={"vintage": str, "province_code": str})


def province_points(vintage: str = admin.DEFAULT_VINTAGE) -> pd.DataFrame:
    """Return the mean point of the mainland communes of each province.

    Returns
    -------
    DataFrame
        Indexed by ``province_code``, sorted: ``lat``, ``lon`` (degrees).

    Raises
    ------
    ParameterError
        If the vintage is unknown.
    """
    points = _points()
    points = points[points["vintage"] == admin.check_vintage(vintage)]
    return points.set_index("province_code")[["lat", "lon"]].sort_index()


def matrix_km(vintage: str = admin.DEFAULT_VINTAGE) -> pd.DataFrame:
    """Return the great-circle distance in km between every two provinces.

    Returns
    -------
    DataFrame
        ``province_code`` × ``province_code``; symmetric, zero on the diagonal.

    Raises
    ------
    ParameterError
        If the vintage is unknown.
    """
    points = province_points(vintage)
    km = _haversine(points, points)
    np.fill_diagonal(km, 0.0)
    return pd.DataFrame((km + km.T) / 2, index=points.index, columns=points.index)


def to_points_km(vintage: str, points: pd.DataFrame) -> pd.DataFrame:
    """Return the great-circle distance in km from every province to some points.

    Parameters
    ----------
    points : DataFrame
        ``lat``, ``lon`` in degrees, any index.

    Returns
    -------
    DataFrame
        ``province_code`` × index of ``points``.

    Raises
    ------
    DataError
        If a coordinate is missing or outside the globe.
    ParameterError
        If the vintage is unknown.
    """
    wrong = ~(points["lat"].between(-90, 90) & points["lon"].between(-180, 180))
    if wrong.any():
        first = points.index[wrong.to_numpy()][0]
        raise DataError(
            vi=f"Tọa độ phải là vĩ độ −90…90 và kinh độ −180…180, nhưng điểm “{first}” thì không; hãy sửa tọa độ.",
            en=f'Coordinates must be latitudes -90…90 and longitudes -180…180, but point "{first}" is not; '
            "repair its coordinates.",
        )
    provinces = province_points(vintage)
    return pd.DataFrame(_haversine(provinces, points), index=provinces.index, columns=points.index)


def _haversine(first: pd.DataFrame, second: pd.DataFrame) -> np.ndarray:
    """Great-circle km between every row of one frame and every row of the other."""
    lat1, lon1 = (np.radians(first[name].to_numpy(dtype=float))[:, None] for name in ("lat", "lon"))
    lat2, lon2 = (np.radians(second[name].to_numpy(dtype=float))[None, :] for name in ("lat", "lon"))
    half = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
