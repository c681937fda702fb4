"""Tables with geometry or types of their own: GeoPackage, GeoJSON, zipped Shapefile, Parquet."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.errors import DataError
from geo.intake import legacy
from geo.intake.layout import unique
from geo.intake.model import Remark, Table
from geo.intake.workbook import damaged

#: Titles of the coordinates taken from a geometry.
LAT, LON = "lat", "lon"


def tables(path: Path, digest: str) -> list[Table]:
    """Return the layers of a file; points become the columns ``lat`` and ``lon`` (degrees, WGS 84).

    Raises
    ------
    DataError
        If the file is damaged, has no layer, or its coordinate system is not stated.
    """
    if path.suffix.lower() in (".parquet", ".geoparquet"):
        return [_parquet(path, digest)]
    import pyogrio

    source = _shapefile(path) if path.suffix.lower() == ".zip" else str(path)
    if path.suffix.lower() in (".geojson", ".json"):
        _check_json(path)
    try:
        names = [str(name) for name, _ in pyogrio.list_layers(source)]
        found = [_layer(path, digest, pyogrio.read_dataframe(source, layer=name), name) for name in names]
    except (OSError, ValueError, RuntimeError) as error:
        raise damaged(path) from error
    found = [table for table in found if len(table.cells)]
    if not found:
        raise _no_rows(path)
    return found


def _check_json(path: Path) -> None:
    """Refuse JSON that is no feature collection."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            body = json.load(file)
    except (ValueError, RecursionError) as error:
        raise damaged(path) from error
    if not isinstance(body, dict) or body.get("type") != "FeatureCollection":
        raise DataError(
            vi=f"“{path.name}” không phải GeoJSON: cần một FeatureCollection; hãy xuất lại từ phần mềm bản đồ.",
            en=f'"{path.name}" is no GeoJSON: a FeatureCollection is expected; export it again from the map program.',
        )


def _shapefile(path: Path) -> str:
    """Return how GDAL opens the one Shapefile of an archive."""
    with zipfile.ZipFile(path) as archive:
        shapes = [
            name
            for name in archive.namelist()
            if name.lower().endswith(".shp") and not name.startswith("__MACOSX")
        ]
        packed = {name.lower() for name in archive.namelist()}
    if len(shapes) != 1:
        raise _not_one(path, len(shapes))
    stem = shapes[0][:-4].lower()
    lacking = [part for part in (".shx", ".dbf") if stem + part not in packed]
    if lacking:
        listed = ", ".join(lacking)
        raise DataError(
            vi=f"Shapefile trong “{path.name}” thiếu phần {listed}; hãy nén cả bộ (.shp, .dbf, .shx, .prj) rồi nhập lại.",
            en=f'The Shapefile in "{path.name}" lacks its {listed}; zip the whole set (.shp, .dbf, .shx, .prj) and import '
            "it again.",
        )
    return f"/vsizip/{path.resolve()}/{shapes[0]}"


def _not_one(path: Path, count: int) -> DataError:
    """Say that an archive holds no Shapefile, or several."""
    if count:
        return DataError(
            vi=f"“{path.name}” phải chứa đúng một Shapefile (.shp, .dbf, .shx, .prj), nhưng có {count}; hãy nén riêng "
            "từng bộ.",
            en=f'"{path.name}" must hold exactly one Shapefile (.shp, .dbf, .shx, .prj), but has {count}; zip each set by '
            "itself.",
        )
    return DataError(
        vi=f"“{path.name}” không chứa Shapefile nào: tệp .zip chỉ dùng cho Shapefile (.shp, .dbf, .shx, .prj); bảng hay tệp "
        "khác bên trong thì hãy giải nén rồi nhập từng tệp.",
        en=f'"{path.name}" holds no Shapefile: a .zip is for Shapefiles (.shp, .dbf, .shx, .prj); unpack what else is in it '
        "and import the files one by one.",
    )


def _layer(path: Path, digest: str, frame: Any, name: str) -> Table:
    """Return a layer as a table, its points in degrees."""
    import geopandas as gpd

    remarks: list[Remark] = []
    if isinstance(frame, gpd.GeoDataFrame):
        remarks = _add_points(path, frame)
        frame = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    return _table(path, digest, frame, name, remarks)


def _add_points(path: Path, frame: Any) -> list[Remark]:
    """Add ``lat`` and ``lon`` from the geometry, in place; larger shapes give a point inside them."""
    if frame.crs is None and frame.geometry.notna().any():
        raise DataError(
            vi=f"“{path.name}” không nói hệ tọa độ của mình; hãy xuất lại kèm hệ tọa độ (với Shapefile: kèm tệp .prj).",
            en=f'"{path.name}" does not state its coordinate system; export it again with one (a Shapefile needs its '
            ".prj file).",
        )
    shapes = frame.geometry
    wide = shapes.notna() & ~shapes.geom_type.isin(["Point"])
    points = shapes.where(~wide, shapes.representative_point())
    points = points.to_crs(4326) if points.crs is not None else points
    for title in (LAT, LON):
        if title in frame.columns:
            frame.drop(columns=title, inplace=True)
    empty = points.isna() | points.is_empty
    frame[LAT] = np.where(empty, np.nan, points.y)
    frame[LON] = np.where(empty, np.nan, points.x)
    if not wide.any():
        return []
    count = int(wide.sum())
    return [
        Remark("shapes", f"{count} hình không phải điểm: lấy một điểm nằm trong hình.",
               f"{count} shapes are no points: a point inside each is taken.", count)
    ]  # fmt: skip


def _parquet(path: Path, digest: str) -> Table:
    """Return a Parquet file as a table; GeoParquet with its points."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        about = pq.read_schema(path)
        if about.metadata and b"geo" in about.metadata:
            import geopandas as gpd

            return _layer(path, digest, gpd.read_parquet(path), "")
        return _table(path, digest, pq.read_table(path).to_pandas(), "", [])
    except (pa.ArrowException, OSError, ValueError) as error:
        raise damaged(path) from error


def _table(path: Path, digest: str, frame: pd.DataFrame, name: str, remarks: list[Remark]) -> Table:
    """Return a frame as a table of objects."""
    if frame.empty:
        raise _no_rows(path)
    header = unique([" ".join(str(column).split()) for column in frame.columns])
    cells = pd.DataFrame(
        {place: _objects(frame.iloc[:, place]) for place in range(frame.shape[1])},
        index=pd.RangeIndex(1, len(frame) + 1, name="row"), dtype=object,
    )  # fmt: skip
    cells = cells[cells.notna().any(axis=1)]
    cells, said = legacy.converted(cells)
    aside = pd.DataFrame(columns=["row", "reason", "text"])
    return Table(path.name, name, digest, header, cells, aside, (*remarks, *said))


def _objects(values: pd.Series) -> np.ndarray:
    """Return plain Python values, missing ones None."""
    plain = values.astype(object).map(_plain_cell)
    return plain.where(plain.notna(), None).to_numpy(dtype=object)


def _plain_cell(value: Any) -> Any:
    """Return a cell as one plain value: lists joined by commas, records as text, empty text as None."""
    if isinstance(value, list | tuple | set | np.ndarray):
        return ", ".join(str(part) for part in value if part is not None) or None
    if isinstance(value, dict | bytes):
        return str(value)
    return None if isinstance(value, str) and not value.strip() else value


def _no_rows(path: Path) -> DataError:
    """Say that a file holds no rows."""
    return DataError(
        vi=f"“{path.name}” không có dòng dữ liệu nào; hãy kiểm tra lại tệp đã xuất.",
        en=f'"{path.name}" holds no rows; check the exported file.',
    )
