"""Outlines for the screen as compact GeoJSON: made once per version of the boundaries, fetched once per browser."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo.errors import ParameterError
from geo.places import admin, boundaries

#: Decimal places of a degree kept on screen: about 11 m, so shared borders still coincide.
DIGITS = 4
VINTAGES = ("2025", "pre2025")


def shape_names() -> tuple[str, ...]:
    """Return the names that ``shape_bytes`` knows."""
    sets = [name for vintage in VINTAGES for name in admin.region_sets(vintage)]
    return (
        *(f"provinces_{vintage}" for vintage in VINTAGES),
        *(f"regions_{name}" for name in sets),
        "context",
        "islands",
    )


def version() -> str:
    """Return the version of the boundaries, part of every address that serves them."""
    return str(boundaries.data_version())


def shape_bytes(name: str) -> bytes:
    """Return one set of outlines as UTF-8 GeoJSON.

    Parameters
    ----------
    name : str
        ``provinces_<vintage>``, ``regions_<region set>``, ``context`` or ``islands``.

    Raises
    ------
    ParameterError
        If the name is none of these.
    """
    if name not in shape_names():
        raise ParameterError(
            vi=f"Không có lớp ranh giới “{name}”. Hãy chọn một trong: {', '.join(shape_names())}.",
            en=f"There are no outlines called “{name}”. Choose one of: {', '.join(shape_names())}.",
        )
    return _shape_bytes(name, version())


@lru_cache(maxsize=16)
def _shape_bytes(name: str, data_version: str) -> bytes:
    """Build the outlines; ``data_version`` is only there to forget them when the boundaries change."""
    level, _, rest = name.partition("_")
    makers = {"provinces": _provinces, "regions": _regions, "context": _context, "islands": _islands}
    features = makers[level](rest)
    text = json.dumps(
        {"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":")
    )
    return text.encode("utf-8")


@lru_cache(maxsize=256)
def _outline(vintage: str, codes: frozenset[str], data_version: str) -> str:
    """Dissolve provinces into one outline, as GeoJSON text."""
    frame = boundaries.load("province", vintage, detail="screen")
    chosen = frame[frame["province_code"].isin(codes)]
    whole = shapely.union_all(shapely.buffer(chosen.geometry.to_numpy(), 0.0015))
    return json.dumps(_geometry(shapely.simplify(whole, 0.003)), separators=(",", ":"))


def outline(vintage: str, codes: Iterable[str]) -> dict[str, Any]:
    """Return the common outline of some provinces as a GeoJSON geometry.

    Parameters
    ----------
    vintage : {"2025", "pre2025"}
    codes : iterable of str
        Province codes of that vintage; unknown ones are left out.
    """
    return json.loads(_outline(vintage, frozenset(codes), version()))


@lru_cache(maxsize=8)
def _bounds(vintage: str, data_version: str) -> dict[str, tuple[float, float, float, float]]:
    """Bounding box of every province on the screen, for flying there."""
    frame = boundaries.load("province", vintage, detail="screen")
    boxes = frame.geometry.bounds.to_numpy()
    return {
        str(code): (float(west), float(south), float(east), float(north))
        for code, (west, south, east, north) in zip(frame["province_code"], boxes, strict=True)
    }


def bounds_of(vintage: str, codes: Iterable[str]) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Return ((south, west), (north, east)) around some provinces, or None when none is known."""
    every = _bounds(vintage, version())
    boxes = np.array([every[code] for code in codes if code in every])
    if not boxes.size:
        return None
    west, south = boxes[:, 0].min(), boxes[:, 1].min()
    east, north = boxes[:, 2].max(), boxes[:, 3].max()
    return (float(south), float(west)), (float(north), float(east))


def _geometry(geometry: Any) -> dict[str, Any]:
    """Round a geometry for the screen."""
    return shapely.geometry.mapping(shapely.transform(geometry, lambda xy: np.round(xy, DIGITS)))


def _feature(geometry: Any, properties: dict[str, Any]) -> dict[str, Any]:
    """Make one GeoJSON feature."""
    return {"type": "Feature", "properties": properties, "geometry": _geometry(geometry)}


def _provinces(vintage: str) -> list[dict[str, Any]]:
    """Provinces with both names, the point of the name and who keeps it first (rank 0)."""
    frame = boundaries.load("province", vintage, detail="screen").sort_values("province_code")
    table = admin.provinces(vintage)
    place = {name: number for number, name in enumerate(boundaries.NAMED_FIRST)}
    first = [place.get(str(table.at[code, "name_vi"]), len(place)) for code in frame["province_code"]]
    order = frame.assign(first=first).sort_values(
        ["first", "area_km2", "province_code"], ascending=[True, False, True]
    )
    rank = {code: number for number, code in enumerate(order["province_code"])}
    return [
        _feature(
            row.geometry,
            {
                "province_code": row.province_code,
                "name_vi": str(table.at[row.province_code, "name_vi"]),
                "name_en": str(table.at[row.province_code, "name_en"]),
                "rank": rank[row.province_code],
                "label": [round(float(row.label_lat), DIGITS), round(float(row.label_lon), DIGITS)],
            },
        )
        for row in frame.itertuples()
    ]


def _regions(region_set: str) -> list[dict[str, Any]]:
    """Regions with both names and a point inside for the name."""
    vintage = next(v for v in VINTAGES if region_set in admin.region_sets(v))
    frame = boundaries.load("region", vintage, detail="screen", region_set=region_set).sort_values(
        "region_code"
    )
    features: list[dict[str, Any]] = []
    for row in frame.itertuples():
        point = shapely.point_on_surface(_largest(row.geometry))
        features.append(
            _feature(
                row.geometry,
                {
                    "region_code": row.region_code,
                    "name_vi": row.name_vi,
                    "name_en": row.name_en,
                    "rank": len(features),
                    "label": [round(point.y, DIGITS), round(point.x, DIGITS)],
                },
            )
        )
    return features


def _context(_: str) -> list[dict[str, Any]]:
    """Neighbouring land, without names."""
    return [_feature(geometry, {}) for geometry in boundaries.context().geometry]


def _islands(_: str) -> list[dict[str, Any]]:
    """Islands, and the names of the two archipelagos with the province each belongs to."""
    frame: gpd.GeoDataFrame = boundaries.islands()
    provinces = admin.provinces("2025")
    features: list[dict[str, Any]] = []
    for row in frame.itertuples():
        names = {"name_vi": str(row.name_vi), "name_en": str(row.name_en)}
        if row.kind == "label":
            owner = provinces.loc[row.province_code_2025]
            names = {key: f"{name} ({owner[key]})" for key, name in names.items()}
        features.append(_feature(row.geometry, {**names, "group": row.group, "kind": row.kind}))
    return features


def _largest(geometry: Any) -> Any:
    """Return the largest part of a geometry, where its name belongs."""
    parts = shapely.get_parts(geometry)
    return parts[int(np.argmax(shapely.area(parts)))]
