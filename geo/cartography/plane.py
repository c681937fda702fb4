"""The plane that maps are drawn on: one conformal projection for the country and its seas."""

from __future__ import annotations

from functools import lru_cache

import geopandas as gpd
import numpy as np
from numpy.typing import ArrayLike
from pyproj import CRS, Transformer

from geo.places import admin, boundaries

#: Lambert's conformal conic with its true parallels at a quarter and three quarters of the country: between
#: 7° and 24° north lengths are within 1 %, so one scale bar holds for the sheet.
CRS_PLANE = CRS.from_proj4("+proj=lcc +lat_1=11 +lat_2=20 +lat_0=15.5 +lon_0=109 +datum=WGS84 +units=m")
Extent = tuple[float, float, float, float]


@lru_cache(maxsize=1)
def _transformer() -> Transformer:
    """Degrees to metres of the plane."""
    return Transformer.from_crs("EPSG:4326", CRS_PLANE, always_xy=True)


def points(lon: ArrayLike, lat: ArrayLike) -> np.ndarray:
    """Return places on the plane, shape (n, 2), in metres."""
    x, y = _transformer().transform(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
    return np.column_stack([x, y])


def country() -> Extent:
    """Return west, south, east, north of the whole country on the plane, in metres."""
    south, west, north, east = boundaries.COUNTRY
    lon, lat = np.meshgrid(np.linspace(west, east, 12), np.linspace(south, north, 12))
    return _box(points(lon.ravel(), lat.ravel()))


def around(vintage: str, codes: tuple[str, ...], share: float = 0.12) -> Extent:
    """Return the extent of some provinces with a margin (a share of the larger side), in metres."""
    table = areas("province", vintage, None, "screen", boundaries.data_version())
    west, south, east, north = table[table["province_code"].isin(codes)].total_bounds
    margin = share * max(east - west, north - south)
    return west - margin, south - margin, east + margin, north + margin


def fitted(extent: Extent, width: float, height: float) -> Extent:
    """Widen an extent to the proportions of a frame of this width and height."""
    west, south, east, north = extent
    wide, high = east - west, north - south
    if wide / high < width / height:
        more = (high * width / height - wide) / 2
        return west - more, south, east + more, north
    more = (wide * height / width - high) / 2
    return west, south - more, east, north + more


@lru_cache(maxsize=24)
def areas(level: str, vintage: str, region_set: str | None, detail: str, version: str) -> gpd.GeoDataFrame:
    """Return areas on the plane, kept by version of the boundaries; never written to."""
    if level == "region":
        chosen = region_set or admin.default_region_set(vintage)
        return boundaries.load("region", vintage, detail, region_set=chosen).to_crs(CRS_PLANE)
    return boundaries.load("province", vintage, detail).to_crs(CRS_PLANE)


@lru_cache(maxsize=2)
def neighbours(version: str) -> gpd.GeoDataFrame:
    """Return the land of the neighbours on the plane; never written to."""
    return boundaries.context().to_crs(CRS_PLANE)


@lru_cache(maxsize=2)
def islands(version: str) -> gpd.GeoDataFrame:
    """Return the islands and the names of the archipelagos on the plane; never written to."""
    return boundaries.islands().to_crs(CRS_PLANE)


def _box(xy: np.ndarray) -> Extent:
    """Return west, south, east, north of points."""
    (west, south), (east, north) = xy.min(axis=0), xy.max(axis=0)
    return float(west), float(south), float(east), float(north)
