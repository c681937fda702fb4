"""Data sets made for tests of hot spots: establishments scattered over the land, and planted clusters."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.places import boundaries
from geo.store import catalog
from geo.store.catalog import Dataset

#: Half of the classes of a scatter; more would only make the tests slower.
SECTORS = ("1010", "1020", "1040", "1050", "1061", "1077", "1104", "1322", "1629", "2392", "2591", "3100")


def scattered(n: int, seed: int) -> pd.DataFrame:
    """Scatter establishments evenly over the land, each with a sector drawn at random."""
    random = np.random.default_rng(seed)
    land = boundaries.load("province", "2025", detail="screen")
    west, south, east, north = land.total_bounds
    found = located(
        pd.DataFrame({"lon": random.uniform(west, east, 6 * n), "lat": random.uniform(south, north, 6 * n)})
    )
    assert len(found) >= n
    return found.head(n).assign(sector_code=random.choice(SECTORS, n))


def planted(lon: float, lat: float, n: int, sector: str, seed: int, spread: float = 0.06) -> pd.DataFrame:
    """Put establishments of one sector closely around a place (spread in degrees, about 6 km)."""
    random = np.random.default_rng(seed)
    near = pd.DataFrame({"lon": random.normal(lon, spread, n), "lat": random.normal(lat, spread, n)})
    return located(near).assign(sector_code=sector)


def border(first: str, second: str, vintage: str = "2025") -> tuple[float, float]:
    """Return a place in the middle of the common border of two provinces (longitude, latitude)."""
    shapes = boundaries.load("province", vintage, detail="screen").set_index("province_code").geometry
    lines = shapely.get_parts(shapes[first].intersection(shapes[second]))
    joined = shapely.line_merge(shapely.multilinestrings([line for line in lines if line.length > 0]))
    longest = max(shapely.get_parts(joined), key=lambda line: line.length)
    middle = longest.interpolate(0.5, normalized=True)
    return middle.x, middle.y


def located(points: pd.DataFrame) -> pd.DataFrame:
    """Add the provinces of both vintages; points off the land are left out."""
    frame = gpd.GeoDataFrame(points, geometry=gpd.points_from_xy(points["lon"], points["lat"]), crs=4326)
    for vintage in ("2025", "pre2025"):
        shapes = boundaries.load("province", vintage, detail="screen")[["province_code", "geometry"]]
        shapes = shapes.rename(columns={"province_code": f"province_code_{vintage}"})
        frame = frame.sjoin(shapes, predicate="within").drop(columns="index_right")
    table = pd.DataFrame(frame.drop(columns="geometry"))
    return table[~table.index.duplicated()].sort_index().reset_index(drop=True)


def write(folder: Path, *parts: pd.DataFrame) -> Dataset:
    """Write parts as one data set."""
    rows = pd.concat(parts, ignore_index=True)
    rows = rows.assign(
        establishment_id=[f"T{number:06d}" for number in range(len(rows))],
        name="Cơ sở thử",
        vintage="2025",
        province_code=rows["province_code_2025"],
        location_quality="point",
        source="test",
        licence="CC0-1.0",
    )
    return catalog.write_dataset(
        folder, "spots", rows, kind="user", provenance={}, label_vi="Thử", label_en="Test"
    )
