"""Boundaries of communes, provinces and regions of both vintages, and the islands and land around them.

Shipped are cells built from commune points and a coastline of about 1 km. A user's official provinces,
once installed with :func:`use`, take their place (regions follow them); communes stay the shipped ones.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import paths
from geo.errors import DataError, ParameterError
from geo.places import admin, official, plane

LEVELS = ("commune", "province", "region")
DETAILS = ("full", "screen")
#: South, west, north, east of the whole country on a map: the mainland and both archipelagos, in degrees.
COUNTRY = (6.8, 101.9, 23.55, 117.4)
#: Where names on a map would overlap, these keep theirs, in this order; then provinces by size.
NAMED_FIRST = ("Hà Nội", "Hồ Chí Minh", "Đà Nẵng", "Hải Phòng", "Cần Thơ", "Huế", "Thừa Thiên Huế")
AREA_INDICATOR = "area_nq_202_2025_qh15"


def _shipped_folder() -> Path:
    """Folder of the boundaries that come with the product."""
    return paths.DATA / "boundaries"


def data_version() -> str:
    """Return a short hash of the boundaries in use; it changes when official ones come or go."""
    files = [*sorted(_shipped_folder().glob("*.parquet")), official.pointer()]
    stamps = tuple((str(f), f.stat().st_mtime_ns, f.stat().st_size) for f in files if f.exists())
    return _hash(stamps)


@lru_cache(maxsize=8)
def _hash(stamps: tuple[tuple[str, int, int], ...]) -> str:
    """Hash of the content of files; the stamps only tell when to read them again."""
    digest = hashlib.sha256()
    for name, _, _ in stamps:
        digest.update(Path(name).name.encode() + Path(name).read_bytes())
    return digest.hexdigest()[:12]


def _province_file(vintage: str, detail: str) -> Path:
    """The installed official provinces of a vintage, else the shipped ones."""
    name = f"provinces_{vintage}{'_screen' if detail == 'screen' else ''}.parquet"
    installed = official.installed_folder(vintage)
    return (installed or _shipped_folder()) / name


@lru_cache(maxsize=24)
def _read(path: Path, version: str) -> gpd.GeoDataFrame:
    """Read a layer once for every version of the boundaries."""
    if not path.exists():
        raise DataError(
            vi=f"Thiếu tệp ranh giới {path}; hãy dựng lại bằng lệnh: python -m geo build boundaries, hoặc bỏ "
            "ranh giới đã cài bằng lệnh: python -m geo boundaries reset.",
            en=f"The boundary file {path} is missing; build it again with: python -m geo build boundaries, or "
            "remove installed boundaries with: python -m geo boundaries reset.",
        )
    return gpd.read_parquet(path)


@lru_cache(maxsize=12)
def _regions(vintage: str, detail: str, region_set: str, version: str) -> gpd.GeoDataFrame:
    """Regions dissolved from the provinces in use."""
    provinces = _read(_province_file(vintage, detail), version)
    home = admin.province_regions(region_set)
    provinces = provinces[provinces["province_code"].isin(home.index)]
    keys = provinces["province_code"].map(home).to_numpy(dtype=object)
    shapes = provinces.geometry.to_numpy()
    if official.installed_folder(vintage) is None:
        codes, joined = plane.dissolve(shapes, keys)
    else:  # official shapes may have hairline gaps: a true union is slower but closes them
        codes = np.unique(keys)
        joined = np.array([shapely.union_all(shapes[keys == code]) for code in codes])
    names = admin.regions(region_set).loc[codes]
    table = pd.DataFrame({
        "region_set": region_set, "region_code": codes, "name_vi": names["name_vi"].to_numpy(),
        "name_en": names["name_en"].to_numpy(), "area_km2": plane.area_km2(joined),
    })  # fmt: skip
    return plane.with_label_points(gpd.GeoDataFrame(table, geometry=joined, crs="EPSG:4326"))


def load(
    level: str, vintage: str = admin.DEFAULT_VINTAGE, detail: str = "full", *, region_set: str | None = None
) -> gpd.GeoDataFrame:
    """Return the areas of one level in EPSG:4326.

    Parameters
    ----------
    level : str
        ``commune``, ``province`` or ``region``.
    vintage : str
        ``2025`` or ``pre2025``.
    detail : str
        ``full``, or ``screen`` for lighter provinces and regions (communes have one detail).
    region_set : str, optional
        For ``region``; default the default set of the vintage.

    Returns
    -------
    GeoDataFrame
        Sorted by code. Communes: ``commune_code``, ``province_code``, ``area_km2`` (of the shape).
        Provinces: ``province_code``, ``name_vi``, ``area_km2``, ``label_lat``, ``label_lon`` (degrees).
        Regions: ``region_set``, ``region_code``, ``name_vi``, ``name_en``, ``area_km2``, label as above.
        A new frame at each call.

    Raises
    ------
    ParameterError
        If level, vintage, detail or region set is unknown.
    DataError
        If a boundary file is missing.
    """
    admin.check_vintage(vintage)
    _check_choice(level, LEVELS)
    _check_choice(detail, DETAILS)
    version = data_version()
    if level == "commune":
        return _read(_shipped_folder() / f"communes_{vintage}.parquet", version).copy()
    if level == "province":
        return _read(_province_file(vintage, detail), version).copy()
    chosen = region_set or admin.default_region_set(vintage)
    if chosen not in admin.region_sets(vintage):
        _check_choice(chosen, tuple(admin.region_sets(vintage)))
    return _regions(vintage, detail, chosen, version).copy()


def _check_choice(value: str, allowed: tuple[str, ...]) -> None:
    """Refuse a value that is not one of the allowed."""
    if value not in allowed:
        raise ParameterError(
            vi=f"Giá trị phải là một trong: {', '.join(allowed)}, nhưng nhận được “{value}”; hãy chọn lại.",
            en=f'The value must be one of {", ".join(allowed)}, but "{value}" came; choose one of these.',
        )


def islands() -> gpd.GeoDataFrame:
    """Return named island points, Hoàng Sa and Trường Sa first among them.

    Returns
    -------
    GeoDataFrame
        ``name_vi``, ``name_en``, ``group`` (Hoàng Sa, Trường Sa, khác), ``kind`` (``island``; ``label``: the
        archipelago's name, to be written across the group), ``province_code_2025``,
        ``province_code_pre2025``, geometry (point, EPSG:4326; to about a minute).
    """
    return _read(_shipped_folder() / "islands.parquet", data_version()).copy()


def context() -> gpd.GeoDataFrame:
    """Return the land of the neighbours, without names (EPSG:4326, about 1.5 km)."""
    return _read(_shipped_folder() / "context.parquet", data_version()).copy()


def report() -> pd.DataFrame:
    """Compare the area of each of the 34 provinces in use with the official one.

    Returns
    -------
    DataFrame
        ``province_code``, ``name_vi``, ``area_km2`` (of the shape), ``official_km2`` (Resolution
        202/2025/QH15; NaN: no figure), ``error_pct`` ((shape − official) / official × 100), sorted by code.
    """
    table = pd.DataFrame(load("province", "2025")[["province_code", "name_vi", "area_km2"]])
    figures = pd.read_csv(paths.DATA / "province_stats.csv", dtype={"province_code": str})
    figures = figures[figures["indicator"] == AREA_INDICATOR].set_index("province_code")
    table["official_km2"] = table["province_code"].map(figures["value"])
    table["error_pct"] = ((table["area_km2"] / table["official_km2"] - 1) * 100).round(2)
    return table


def check(path: str | Path) -> pd.DataFrame:
    """Examine a file of official provinces without installing it.

    Parameters
    ----------
    path : str or Path
        GeoPackage, GeoJSON, Shapefile (``.shp`` or zipped) or GeoParquet with 34 or 63 provinces and a
        column of names or codes.

    Returns
    -------
    DataFrame
        A row a province: ``province_code``, ``name_vi``, ``area_km2`` (of the file), ``shipped_km2``,
        ``difference_pct``, ``overlap_share`` (common area over joint area with the shipped shape, 0–1),
        ``repaired``; ``attrs``: ``vintage``, ``crs``, ``column``, ``notes_vi``, ``notes_en``.

    Raises
    ------
    DataError
        If the file cannot stand for the provinces: the sentence says why and how to repair it.
    """
    return official.compare(official.read(Path(path), _shipped_provinces()), _shipped_provinces())


def use(path: str | Path) -> pd.DataFrame:
    """Install a file of official provinces, so that :func:`load` prefers it; returns :func:`check`'s report.

    A file of the 63 replaces both vintages (the 34 are joined from it); one of the 34 replaces the 34.
    Nothing changes for readers until all is written.

    Raises
    ------
    DataError
        As for :func:`check`; nothing is installed then.
    """
    found = official.read(Path(path), _shipped_provinces())
    table = official.compare(found, _shipped_provinces())
    official.install(found)
    return table


def reset() -> bool:
    """Go back to the shipped boundaries; returns whether official ones were in use."""
    return official.remove()


def in_use() -> dict[str, dict[str, str]]:
    """Return, by vintage, the installed official file (``source``, ``sha256``); empty when shipped only."""
    where = official.pointer()
    return json.loads(where.read_text(encoding="utf-8")) if where.exists() else {}


def _shipped_provinces() -> dict[str, gpd.GeoDataFrame]:
    """Shipped provinces of both vintages, against which a file is judged."""
    version = data_version()
    return {v: _read(_shipped_folder() / f"provinces_{v}.parquet", version) for v in admin.VINTAGES}
