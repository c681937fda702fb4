"""Read a file of provinces: its shapes in EPSG:4326, and which province each row is."""

from __future__ import annotations

import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.errors import DataError, PlaceError
from geo.places import admin, names

SUFFIXES = (".gpkg", ".geojson", ".json", ".shp", ".zip", ".parquet", ".geoparquet")
COUNTS = {"2025": 34, "pre2025": 63}
MANY = 45  # a file with more provinces than this is of the 63
LOST_SHARE = 0.01  # a repair that changes the area by more than this is no repair
ISLANDS = {"hoang sa": "48", "truong sa": "56"}  # both vintages: rows of the archipelagos alone


def read_file(path: Path) -> tuple[gpd.GeoDataFrame, str, list[tuple[str, str]]]:
    """Read polygons and bring them to EPSG:4326.

    Returns
    -------
    frame : GeoDataFrame
        In EPSG:4326, index 0…n−1.
    crs : str
        Name of the coordinate system of the file.
    notes : list
        Sentences (Vietnamese, English) on what was done.

    Raises
    ------
    DataError
        If the file is missing, of another kind, unreadable, without polygons or coordinate system.
    """
    if not path.exists():
        raise DataError(
            vi=f"Không tìm thấy tệp {path}; hãy kiểm tra lại đường dẫn.",
            en=f"The file {path} does not exist; check the path.",
        )
    if path.suffix.lower() not in SUFFIXES:
        raise DataError(
            vi=f"Tệp ranh giới phải là GeoPackage (.gpkg), GeoJSON, Shapefile (.shp, .zip) hoặc GeoParquet "
            f"(.parquet), nhưng nhận được “{path.name}”; hãy chuyển sang một trong các định dạng đó.",
            en=f"A boundary file must be GeoPackage (.gpkg), GeoJSON, Shapefile (.shp, .zip) or GeoParquet "
            f'(.parquet), but "{path.name}" came; convert it to one of these.',
        )
    try:
        parquet = path.suffix.lower() in (".parquet", ".geoparquet")
        frame = gpd.read_parquet(path) if parquet else gpd.read_file(path, layer=_layer(path))
    except Exception as why:
        raise DataError(
            vi=f"Không đọc được tệp {path.name} như một tệp ranh giới ({why}); tệp có thể hỏng hoặc thiếu phần "
            "(Shapefile cần .shp, .shx, .dbf, .prj; nên nén thành .zip). Hãy xuất lại tệp.",
            en=f"{path.name} cannot be read as a boundary file ({why}); it may be damaged or incomplete (a "
            "Shapefile needs .shp, .shx, .dbf, .prj; best zipped). Export it again.",
        ) from why
    return _to_degrees(path, frame)


def _layer(path: Path) -> str | None:
    """The layer that looks most like provinces: polygons, 34 or 63 rows."""
    import pyogrio

    listed = pyogrio.list_layers(path)
    polygons = [str(name) for name, kind in listed if kind and "Polygon" in str(kind)]
    if len(polygons) < 2:
        return polygons[0] if polygons else None
    rows = {name: pyogrio.read_info(path, layer=name)["features"] for name in polygons}
    return min(polygons, key=lambda name: min(abs(rows[name] - n) for n in COUNTS.values()))


def _to_degrees(path: Path, frame: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, str, list[tuple[str, str]]]:
    """Check that there are polygons in a known coordinate system, and reproject them."""
    kinds = set(frame.geometry.geom_type.dropna()) if isinstance(frame, gpd.GeoDataFrame) else set()
    if not kinds & {"Polygon", "MultiPolygon"}:
        raise DataError(
            vi=f"Tệp {path.name} phải chứa vùng (Polygon, MultiPolygon), mỗi tỉnh một hàng, nhưng chỉ có: "
            f"{', '.join(sorted(kinds)) or 'không có hình nào'}. Hãy xuất lớp ranh giới tỉnh dạng vùng.",
            en=f"{path.name} should hold areas (Polygon, MultiPolygon), one row a province, but has only: "
            f"{', '.join(sorted(kinds)) or 'no shapes'}. Export the province layer as areas.",
        )
    if frame.crs is None:
        raise DataError(
            vi=f"Tệp {path.name} không ghi hệ tọa độ nên không biết hình nằm ở đâu. Hãy gán hệ tọa độ (ví dụ "
            "VN-2000 hoặc WGS 84 – EPSG:4326; với Shapefile là tệp .prj) rồi thử lại.",
            en=f"{path.name} does not state its coordinate system, so nobody knows where it lies. Assign one "
            "(such as VN-2000 or WGS 84, EPSG:4326; for a Shapefile the .prj file) and try again.",
        )
    west, south, east, north = frame.total_bounds
    if frame.crs.is_geographic and (min(west, -east) < -180.1 or min(south, -north) < -90.1):
        raise DataError(
            vi=f"Tệp {path.name} ghi hệ tọa độ theo độ ({frame.crs.name}) nhưng tọa độ là {west:.0f}…{east:.0f}, "
            f"{south:.0f}…{north:.0f}, có lẽ là mét. Hãy gán đúng hệ tọa độ (ví dụ VN-2000 múi của tỉnh).",
            en=f"{path.name} states a system in degrees ({frame.crs.name}), but its coordinates run "
            f"{west:.0f}…{east:.0f}, {south:.0f}…{north:.0f}, probably metres. Assign the right system "
            "(such as the VN-2000 zone used).",
        )
    name, notes = str(frame.crs.name), []
    if frame.crs != "EPSG:4326":
        notes.append((f"Đã chuyển từ {name} sang WGS 84.", f"Reprojected from {name} to WGS 84."))
    turned = gpd.GeoDataFrame(frame.to_crs("EPSG:4326").reset_index(drop=True))
    turned.geometry = shapely.force_2d(turned.geometry.to_numpy())
    return turned, name, notes


def _resolved(values: pd.Series, vintage: str) -> pd.Series:
    """Province code of each value of a column, None where it names no province of the vintage."""
    known: dict[str, str | None] = {}
    for value in values.dropna().astype(str).str.strip().unique():
        text = re.sub(r"\.0$", "", value)
        island = next((code for words, code in ISLANDS.items() if words in names.fold(text)), None)
        try:
            match = names.resolve(text, vintage)
            known[value] = None if match.how == "merged" else match.province_code
        except PlaceError:
            known[value] = island
    return values.astype(str).str.strip().map(known)


def match_provinces(
    path: Path, frame: gpd.GeoDataFrame
) -> tuple[str, str, np.ndarray, list[tuple[str, str]]]:
    """Tell the vintage, the column of names or codes, and the province code of each row.

    Raises
    ------
    DataError
        If no column names provinces, or provinces are missing, unknown or doubled.
    """
    columns = [c for c in frame.columns if c != frame.geometry.name and frame[c].nunique() > 1]
    tries = []
    for vintage in admin.VINTAGES:
        for column in columns:
            codes = _resolved(frame[column], vintage)
            text = not pd.to_numeric(frame[column], errors="coerce").notna().all()
            tries.append((codes.nunique(), text, vintage, column, codes))
    best = max(tries, key=lambda t: (t[0], t[1], t[2] == "2025"), default=None)
    if best is None or best[0] < 5:
        raise DataError(
            vi=f"Tệp {path.name} phải có một cột tên hoặc mã tỉnh của Việt Nam; các cột hiện có: "
            f"{', '.join(map(str, columns)) or 'không có'} không nhận ra được. Hãy thêm cột tên tỉnh.",
            en=f"{path.name} should have a column with names or codes of Viet Nam's provinces; the present "
            f"columns ({', '.join(map(str, columns)) or 'none'}) name none. Add a column of province names.",
        )
    vintage = "pre2025" if best[0] > MANY else _nearer(tries)
    mine = [t for t in tries if t[2] == vintage]
    _, _, _, column, codes = max(mine, key=lambda t: (t[0], t[1]))
    _refuse_unknown(path, frame[column], codes, vintage)
    notes = _refuse_incomplete(path, frame[column], codes, vintage)
    return vintage, str(column), codes.to_numpy(dtype=object), notes


def _nearer(tries: list[tuple[int, bool, str, str, pd.Series]]) -> str:
    """The vintage of which the smaller share of provinces is missing."""
    found = {v: max(t[0] for t in tries if t[2] == v) for v in admin.VINTAGES}
    return max(admin.VINTAGES, key=lambda v: (found[v] / COUNTS[v], v == "2025"))


def _refuse_unknown(path: Path, values: pd.Series, codes: pd.Series, vintage: str) -> None:
    """Refuse rows that name no province of the vintage."""
    unknown = values[codes.isna()]
    if len(unknown):
        shown = ", ".join(f"“{v}”" for v in unknown.astype(str).head(8))
        raise DataError(
            vi=f"Trong tệp {path.name}, {len(unknown)} hàng không phải tỉnh nào của bộ {COUNTS[vintage]} tỉnh, "
            f"thành phố: {shown}. Hãy sửa tên hoặc bỏ các hàng đó.",
            en=f"In {path.name}, {len(unknown)} rows are none of the {COUNTS[vintage]} provinces: {shown}. "
            "Repair the names or remove these rows.",
        )


def _refuse_incomplete(
    path: Path, values: pd.Series, codes: pd.Series, vintage: str
) -> list[tuple[str, str]]:
    """Refuse missing or doubled provinces; rows of the archipelagos join their province."""
    known = admin.provinces(vintage)["name_vi"]
    missing = [known[code] for code in known.index if code not in set(codes)]
    if missing:
        raise DataError(
            vi=f"Tệp {path.name} phải có đủ {COUNTS[vintage]} tỉnh, thành phố, nhưng thiếu {len(missing)}: "
            f"{', '.join(missing)}. Hãy bổ sung rồi thử lại.",
            en=f"{path.name} should hold all {COUNTS[vintage]} provinces, but {len(missing)} are missing: "
            f"{', '.join(missing)}. Add them and try again.",
        )
    folded = values.astype(str).map(names.fold)
    island = pd.Series([any(words in text for words in ISLANDS) for text in folded], index=values.index)
    twice = codes[~island & codes.where(~island).duplicated(keep=False)]
    if len(twice):
        shown = ", ".join(sorted({known[code] for code in twice}))
        raise DataError(
            vi=f"Trong tệp {path.name}, mỗi tỉnh chỉ được có một hàng, nhưng có tỉnh lặp lại: {shown}. Hãy gộp "
            "các hàng của cùng một tỉnh.",
            en=f"In {path.name} each province should have one row, but these come more than once: {shown}. "
            "Join the rows of one province.",
        )
    if island.any():
        return [(
            "Các hàng quần đảo Hoàng Sa, Trường Sa được gộp vào Đà Nẵng, Khánh Hòa.",
            "Rows of the archipelagos Hoàng Sa and Trường Sa were joined to Đà Nẵng and Khánh Hòa.",
        )]  # fmt: skip
    return []


def repair(shapes: np.ndarray, codes: np.ndarray, vintage: str) -> tuple[np.ndarray, np.ndarray]:
    """Repair invalid shapes; returns the shapes and which were repaired.

    Raises
    ------
    DataError
        If a province has no shape, or its repair would change its area by more than 1 %.
    """
    known = admin.provinces(vintage)["name_vi"]
    result, mended = shapes.copy(), np.zeros(len(shapes), dtype=bool)
    for row, shape in enumerate(shapes):
        if shape is None or shape.is_empty:
            raise _beyond_repair(known[codes[row]], "không có hình", "it has no shape")
        if shape.is_valid:
            continue
        why = shapely.is_valid_reason(shape)
        made = shapely.make_valid(shape, method="structure", keep_collapsed=False)
        before = abs(shape.area)
        if made.is_empty or before == 0 or abs(made.area - before) > LOST_SHARE * before:
            raise _beyond_repair(known[codes[row]], why, why)
        result[row], mended[row] = made, True
    return result, mended


def _beyond_repair(name: str, vi: str, en: str) -> DataError:
    """The sentence for a shape that cannot be used."""
    return DataError(
        vi=f"Hình của {name} bị lỗi không tự sửa được ({vi}). Hãy sửa bằng công cụ kiểm tra hình học của phần "
        "mềm GIS rồi xuất lại.",
        en=f"The shape of {name} is invalid beyond repair ({en}). Repair it with the geometry checker of a GIS "
        "program and export again.",
    )
