"""Official province boundaries brought by the user: read, judged, installed, removed.

Kept apart from the shipped ones, under the user's own folder; a small pointer file says which are in
use, and is replaced in one step.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import paths
from geo.errors import DataError
from geo.places import admin, plane
from geo.places.official_file import match_provinces, read_file, repair

OVERLAP_SHARE = 0.005  # of the smaller of two provinces
SAME_PLACE_SHARE = 0.35  # common over joint area with the shipped province of that name
COUNTRY_SHARE = 0.5
SCREEN_M, SCREEN_DIGITS = 1100.0, 4


@dataclass
class Official:
    """Provinces of a file, judged: ``provinces`` as :func:`geo.places.boundaries.load` gives them."""

    provinces: gpd.GeoDataFrame
    vintage: str
    source: Path
    crs: str
    column: str
    notes: list[tuple[str, str]] = field(default_factory=list)


def _folder() -> Path:
    """Folder of installed boundaries."""
    return paths.home() / "boundaries"


def pointer() -> Path:
    """File that says which installed boundaries are in use (it need not exist)."""
    return _folder() / "current.json"


def installed_folder(vintage: str) -> Path | None:
    """Folder of the installed official provinces of a vintage, None when the shipped ones are in use."""
    where = pointer()
    if not where.exists():
        return None
    entry = json.loads(where.read_text(encoding="utf-8")).get(vintage)
    return _folder() / entry["folder"] if entry else None


def read(path: Path, shipped: dict[str, gpd.GeoDataFrame]) -> Official:
    """Read and judge a file of provinces.

    Parameters
    ----------
    path : Path
        GeoPackage, GeoJSON, Shapefile (``.shp`` or zipped) or GeoParquet.
    shipped : dict
        Shipped provinces by vintage, to tell another country or a mislabelled province.

    Raises
    ------
    DataError
        If the file cannot be read, has no or a wrong coordinate system, is of another country, lacks or
        doubles provinces, has shapes beyond repair, or provinces overlap.
    """
    frame, crs, notes = read_file(path)
    _check_country(path, frame, shipped["2025"])
    vintage, column, codes, more = match_provinces(path, frame)
    shapes, mended = repair(frame.geometry.to_numpy(), codes, vintage)
    names = admin.provinces(vintage)["name_vi"]
    listed = sorted(set(codes))
    joined = np.array([shapely.union_all(shapes[codes == code]) for code in listed])
    provinces = gpd.GeoDataFrame(
        {
            "province_code": listed,
            "name_vi": [names[code] for code in listed],
            "area_km2": plane.area_km2(joined),
            "repaired": [bool(mended[codes == code].any()) for code in listed],
        },
        geometry=joined,
        crs="EPSG:4326",
    )
    _check_overlaps(path, provinces)
    _check_places(path, provinces, shipped[vintage])
    if provinces["repaired"].any():
        who = ", ".join(provinces.loc[provinces["repaired"], "name_vi"])
        more.append((f"Đã sửa hình lỗi của: {who}.", f"Invalid shapes were repaired: {who}."))
    return Official(plane.with_label_points(provinces), vintage, path, crs, column, notes + more)


def _check_country(path: Path, frame: gpd.GeoDataFrame, shipped: gpd.GeoDataFrame) -> None:
    """Refuse a file that lies elsewhere than Viet Nam."""
    shapes = frame.geometry.dropna().to_numpy()
    shapes = shapely.make_valid(shapely.simplify(shapes, 0.02), method="structure", keep_collapsed=False)
    country = shapely.union_all(shapely.buffer(shapely.simplify(shipped.geometry.to_numpy(), 0.02), 0.02))
    shared = shapely.area(shapely.intersection(shapes, country)).sum()
    if shared <= COUNTRY_SHARE * shapely.area(shapes).sum():
        west, south, east, north = (round(float(v), 1) for v in frame.total_bounds)
        raise DataError(
            vi=f"Tệp {path.name} phải là ranh giới các tỉnh của Việt Nam, nhưng dữ liệu nằm ở kinh độ "
            f"{west}…{east}, vĩ độ {south}…{north}, tức là của nước khác hoặc sai hệ tọa độ. Hãy chọn đúng tệp.",
            en=f"{path.name} should hold the provinces of Viet Nam, but it lies at longitude {west}…{east}, "
            f"latitude {south}…{north}: another country, or a wrong coordinate system. Choose the right file.",
        )


def _check_overlaps(path: Path, provinces: gpd.GeoDataFrame) -> None:
    """Refuse provinces that lie on each other by more than a hairline."""
    shapes = plane.to_plane(provinces.geometry.to_numpy())
    one, two = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    one, two = one[one < two], two[one < two]
    common = shapely.area(shapely.intersection(shapes[one], shapes[two]))
    area = shapely.area(shapes)
    share = common / np.minimum(area[one], area[two])
    if len(share) and share.max() > OVERLAP_SHARE:
        worst = int(np.argmax(share))
        a, b = (provinces["name_vi"].iloc[k] for k in (one[worst], two[worst]))
        raise DataError(
            vi=f"Trong tệp {path.name}, hai tỉnh {a} và {b} chồng lên nhau {share[worst]:.1%} diện tích tỉnh nhỏ "
            f"(cho phép {OVERLAP_SHARE:.1%}). Hãy sửa ranh giới cho khít rồi thử lại.",
            en=f"In {path.name}, {a} and {b} overlap by {share[worst]:.1%} of the smaller one's area "
            f"({OVERLAP_SHARE:.1%} is allowed). Make the borders meet and try again.",
        )


def _check_places(path: Path, provinces: gpd.GeoDataFrame, shipped: gpd.GeoDataFrame) -> None:
    """Refuse a province that lies where another one is."""
    share = overlap_share(provinces, shipped)
    if (share < SAME_PLACE_SHARE).any():
        wrong = ", ".join(provinces.loc[(share < SAME_PLACE_SHARE).to_numpy(), "name_vi"])
        raise DataError(
            vi=f"Trong tệp {path.name}, hình của {wrong} không nằm ở vị trí của tỉnh đó (trùng dưới "
            f"{SAME_PLACE_SHARE:.0%} với ranh giới có sẵn). Hãy kiểm tra cột tên hoặc mã và hệ tọa độ.",
            en=f"In {path.name}, the shape of {wrong} is not where that province lies (less than "
            f"{SAME_PLACE_SHARE:.0%} in common with the shipped boundary). Check the column of names or codes "
            "and the coordinate system.",
        )


def overlap_share(provinces: gpd.GeoDataFrame, shipped: gpd.GeoDataFrame) -> pd.Series:
    """Return common area over joint area (0–1) of each province with the shipped one, in the given order."""
    known = shipped.set_index("province_code").geometry
    mine = plane.to_plane(provinces.geometry.to_numpy())
    theirs = plane.to_plane(np.array([known[code] for code in provinces["province_code"]]))
    common = shapely.area(shapely.intersection(mine, theirs))
    return pd.Series(common / (shapely.area(mine) + shapely.area(theirs) - common), index=provinces.index)


def compare(found: Official, shipped: dict[str, gpd.GeoDataFrame]) -> pd.DataFrame:
    """Return the report that :func:`geo.places.boundaries.check` promises."""
    base = shipped[found.vintage]
    table = pd.DataFrame(found.provinces[["province_code", "name_vi", "area_km2"]])
    table["shipped_km2"] = table["province_code"].map(base.set_index("province_code")["area_km2"])
    table["difference_pct"] = ((table["area_km2"] / table["shipped_km2"] - 1) * 100).round(2)
    table["overlap_share"] = overlap_share(found.provinces, base).round(4)
    table["repaired"] = found.provinces["repaired"]
    table.attrs = {
        "vintage": found.vintage, "crs": found.crs, "column": found.column,
        "notes_vi": [vi for vi, _ in found.notes], "notes_en": [en for _, en in found.notes],
    }  # fmt: skip
    return table


def install(found: Official) -> None:
    """Write the provinces (and a lighter copy) beside the shipped ones, then point to them in one step."""
    frames = {found.vintage: found.provinces.drop(columns="repaired")}
    if found.vintage == "pre2025":
        frames["2025"] = _joined_34(frames["pre2025"])
    digest = hashlib.sha256(
        b"".join(f.geometry.to_wkb().sum() for _, f in sorted(frames.items()))
    ).hexdigest()
    name = f"official-{found.vintage}-{digest[:12]}"
    target = _folder() / name
    _folder().mkdir(parents=True, exist_ok=True)
    if not target.exists():
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=_folder()))
        try:
            for vintage, frame in frames.items():
                frame.to_parquet(draft / f"provinces_{vintage}.parquet", index=False, compression="zstd")
                light = plane.lightened(frame.geometry.to_numpy(), SCREEN_M, SCREEN_DIGITS)
                light = frame.set_geometry(light, crs="EPSG:4326")
                light.to_parquet(
                    draft / f"provinces_{vintage}_screen.parquet", index=False, compression="zstd"
                )
            os.replace(draft, target)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
    entry = {"folder": name, "source": found.source.name, "sha256": digest, "crs": found.crs}
    current = json.loads(pointer().read_text(encoding="utf-8")) if pointer().exists() else {}
    _point(current | dict.fromkeys(frames, entry))


def _joined_34(provinces: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The 34 joined from official shapes of the 63."""
    table = admin.crosswalk().set_index("pre2025_code")["code_2025"]
    home = provinces["province_code"].map(table)
    shapes = provinces.geometry.to_numpy()
    codes = np.unique(home.to_numpy(dtype=object))
    joined = np.array([shapely.union_all(shapes[(home == code).to_numpy()]) for code in codes])
    names = admin.provinces("2025")["name_vi"].loc[codes].to_numpy()
    frame = pd.DataFrame({"province_code": codes, "name_vi": names, "area_km2": plane.area_km2(joined)})
    return plane.with_label_points(gpd.GeoDataFrame(frame, geometry=joined, crs="EPSG:4326"))


def _point(current: dict[str, dict[str, str]]) -> None:
    """Replace the pointer file in one step."""
    draft = pointer().with_suffix(f".{os.getpid()}.tmp")
    draft.write_text(json.dumps(current, ensure_ascii=False, indent=2, sort_keys=True), encoding="utf-8")
    os.replace(draft, pointer())


def remove() -> bool:
    """Remove the pointer, so that the shipped boundaries are in use; returns whether it was there."""
    try:
        pointer().unlink()
    except FileNotFoundError:
        return False
    return True
