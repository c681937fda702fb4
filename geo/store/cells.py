"""What the map in the browser asks for: hexagons far out, single establishments near.

The answer depends on the part of the map in view and the zoom, never on how many establishments the
dataset holds: hexagons are bounded by the screen, points by a limit that the answer declares.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

import h3.api.basic_int as h3
import narwhals as nw
import pandas as pd

from geo.errors import ParameterError
from geo.store import engine
from geo.store.catalog import Dataset
from geo.store.filters import Filters, apply
from geo.subjects.establishments import H3_RESOLUTIONS, parent_cells

MAX_POINTS = 5_000
#: About 200 bytes a hexagon as JSON: keeps every answer well under 1.5 MB.
MAX_HEXAGONS = 6_000
#: Bytes of the points of one answer; long names make it hold fewer than ``MAX_POINTS`` (``cut`` says so).
MAX_POINT_BYTES = 1_400_000
_POINT_OVERHEAD_BYTES = 200  # keys, numbers and marks of one point as JSON
#: From here on single establishments if all in view fit the limit …
POINTS_IF_FEW_FROM = 8
#: … and from here on always, with ``cut`` when they do not fit: the finest hexagons are 33 px wide here.
POINTS_ALWAYS_FROM = 11
#: Hexagons are as fine as they can be while at least this wide: 19 px at zoom 6, 14.5 at 7, 29 at 8.
MIN_HEXAGON_PX = 14.0
_NOWHERE = 0  # no H3 cell has this number
_METRES_A_PIXEL = 156_543.03 * math.cos(math.radians(16.0))  # Web Mercator at zoom 0, middle of the country
_POINT_COLUMNS = (
    "establishment_id",
    "name",
    "sector_code",
    "product",
    "employees",
    "location_quality",
    "craft_village",
    "lat",
    "lon",
)


def resolution(zoom: float) -> int:
    """Return the H3 resolution whose hexagons read well at a zoom of the map."""
    pixel = _METRES_A_PIXEL / 2**zoom
    wide_enough = [
        r
        for r in H3_RESOLUTIONS
        if h3.average_hexagon_edge_length(r, "m") * math.sqrt(3) / pixel >= MIN_HEXAGON_PX
    ]
    return max(wide_enough, default=min(H3_RESOLUTIONS))


def answer(
    dataset: Dataset, filters: Filters, bbox: Sequence[float], zoom: float, limit: int = MAX_POINTS
) -> dict[str, Any]:
    """Return what the map shows in a box at a zoom, ready for JSON.

    Parameters
    ----------
    dataset, filters
        What to show.
    bbox : (west, south, east, north)
        Degrees.
    zoom : float
        Web map zoom, 0–22.
    limit : int
        Most points in an answer, 1–5,000.

    Returns
    -------
    dict
        ``kind`` (``hexagons`` or ``points``); ``resolution`` (H3, ``None`` for points); ``total``
        (establishments with a point in the box); ``cut`` (whether some of them are not drawn);
        ``no_coordinates`` (establishments that pass the filters and have no point, anywhere);
        ``features``: of hexagons ``{"id", "n", "employees", "boundary": [[lat, lon], …]}`` (boundary not
        closed, 4 decimals; ``employees`` the sum of the known), of points ``{"id", "name",
        "sector_code", "product", "employees", "location_quality", "craft_village", "lat", "lon"}``
        (5 decimals). Sorted; the same question always has the same answer.

    Raises
    ------
    ParameterError
        If the box, the zoom or the limit is out of its range.
    """
    filters = filters.normalised()
    box = _checked_box(bbox)
    _check_range("zoom", zoom, 0, 22)
    _check_range("limit", limit, 1, MAX_POINTS)
    if zoom < POINTS_IF_FEW_FROM:
        return _far(dataset, filters, box, resolution(zoom))
    inside = apply(engine.lazy(dataset), filters).filter(_in_box(box))
    head = {"no_coordinates": without_coordinates(dataset, filters)}
    if zoom < POINTS_ALWAYS_FROM:
        table = _by_hexagon(inside, resolution(zoom))
        total = int(table["n"].sum())
        if total > limit:
            return {**_hexagons(table, resolution(zoom)), **head}
    else:
        total = int(engine.collect(inside.select(nw.len().alias("n")))["n"].iloc[0])
    features = _points(inside, int(limit)) if total else []
    shown = {"kind": "points", "resolution": None, "total": total, "cut": total > len(features)}
    return {**shown, **head, "features": features}


def _far(
    dataset: Dataset, filters: Filters, box: tuple[float, float, float, float], level: int
) -> dict[str, Any]:
    """Answer a view of the country in one pass over the rows: those without a point come along as a cell."""
    rows = apply(engine.lazy(dataset), filters).filter(_in_box(box) | nw.col("lat").is_null())
    table = _by_hexagon(rows, level)
    nowhere = table["cell"] == _NOWHERE
    return {**_hexagons(table[~nowhere], level), "no_coordinates": int(table.loc[nowhere, "n"].sum())}


@lru_cache(maxsize=256)
def without_coordinates(dataset: Dataset, filters: Filters) -> int:
    """Count the establishments that pass the filters and have no point; no part of the map holds them."""
    kept = apply(engine.lazy(dataset), filters).filter(nw.col("lat").is_null())
    return int(engine.collect(kept.select(nw.len().alias("n")))["n"].iloc[0])


def _in_box(box: tuple[float, float, float, float]) -> nw.Expr:
    """Return the condition of a point in the box."""
    west, south, east, north = box
    lat, lon = nw.col("lat"), nw.col("lon")
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def _by_hexagon(rows: nw.LazyFrame, level: int) -> pd.DataFrame:
    """Count establishments and known employees by cell; rows without a point are the cell ``_NOWHERE``."""
    cell = nw.col(f"h3_{level}").fill_null(_NOWHERE).alias("cell")  # never empty: a float would lose digits
    grouped = (
        rows.select(cell, "employees")
        .group_by("cell")
        .agg(nw.len().alias("n"), nw.col("employees").sum().alias("employees"))
    )
    return engine.collect(grouped).fillna({"employees": 0}).astype("int64")


def _hexagons(table: pd.DataFrame, level: int) -> dict[str, Any]:
    """Write counts by cell as an answer; coarser cells where there are more than an answer may hold."""
    while len(table) > MAX_HEXAGONS and level > min(H3_RESOLUTIONS):
        level -= 1
        coarse = parent_cells(table["cell"].to_numpy(), level)
        table = table.assign(cell=coarse).groupby("cell", as_index=False).sum()
    shown = table.nlargest(MAX_HEXAGONS, "n").sort_values("cell")
    columns = (shown[name].tolist() for name in ("cell", "n", "employees"))
    features = [
        {"id": h3.int_to_str(cell), "n": n, "employees": employees, "boundary": _boundary(cell)}
        for cell, n, employees in zip(*columns, strict=True)
    ]
    total = int(table["n"].sum())
    cut = len(shown) < len(table)
    return {"kind": "hexagons", "resolution": level, "total": total, "cut": cut, "features": features}


@lru_cache(maxsize=200_000)
def _boundary(cell: int) -> list[list[float]]:
    """Return the corners of a hexagon as latitude, longitude with 4 decimals (11 m)."""
    return [[round(lat, 4), round(lon, 4)] for lat, lon in h3.cell_to_boundary(cell)]


def _points(inside: nw.LazyFrame, limit: int) -> list[dict[str, Any]]:
    """Choose at most ``limit`` establishments, the same ones at every pan, spread like all of them.

    The order is a hash of the coordinates in plain arithmetic, so that it is the same on every engine
    and favours no province, no sector and no age of record.
    """
    east = (nw.col("lon") * 100_000).round()
    north = (nw.col("lat") * 100_000).round()
    chosen = (
        inside.select(*_POINT_COLUMNS)
        .with_columns(((east * 7_919 + north * 104_729) % 1_000_003).alias("chance"))
        .sort("chance", "establishment_id")
        .head(limit)
    )
    table = engine.collect(chosen).sort_values(["chance", "establishment_id"])
    table["lat"], table["lon"] = table["lat"].round(5), table["lon"].round(5)
    plain = table[list(_POINT_COLUMNS)].astype(object).where(table[list(_POINT_COLUMNS)].notna(), None)
    room, features = MAX_POINT_BYTES, []
    for key, name, sector, product, employees, quality, craft, lat, lon in plain.to_numpy().tolist():
        room -= _POINT_OVERHEAD_BYTES + len(f"{key}{name}{product}".encode())
        if room < 0:
            break
        features.append(
            {
                "id": key,
                "name": name,
                "sector_code": sector,
                "product": product,
                "employees": None if employees is None else int(employees),
                "location_quality": quality,
                "craft_village": bool(craft),
                "lat": lat,
                "lon": lon,
            }
        )
    return sorted(features, key=itemgetter("id"))


def _checked_box(bbox: Sequence[float]) -> tuple[float, float, float, float]:
    """Check the box and cut it to the globe."""
    try:
        values = [float(value) for value in bbox] if len(bbox) == 4 else []
    except (TypeError, ValueError):
        values = []
    if not values or not all(map(math.isfinite, values)) or values[0] >= values[2] or values[1] >= values[3]:
        came = ", ".join(str(value) for value in bbox)
        raise ParameterError(
            vi="Khung nhìn phải gồm bốn số độ: tây, nam, đông, bắc, với tây < đông và nam < bắc, nhưng "
            f"nhận được “{came}”; hãy mở lại bản đồ.",
            en="The box must be four numbers in degrees: west, south, east, north, with west < east and "
            f'south < north, but "{came}" came; open the map again.',
        )
    west, south, east, north = values
    return max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0)


def _check_range(name: str, value: float, low: float, high: float) -> None:
    """Refuse a number outside its range."""
    if not (isinstance(value, int | float) and low <= value <= high):
        raise ParameterError(
            vi=f"Tham số “{name}” phải từ {low:g} đến {high:g}, nhưng nhận được “{value}”.",
            en=f'The parameter "{name}" must be from {low:g} to {high:g}, but "{value}" came.',
        )
