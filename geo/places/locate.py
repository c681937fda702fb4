"""From an address or a point to a commune.

Addresses of before July 2025 name province, district and commune; those of today province and commune.
Everything is looked up in the shipped tables: no address and no coordinate leaves the machine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from rapidfuzz.distance import OSA

from geo import paths
from geo.errors import DataError
from geo.places import admin
from geo.places.spelling import key, tone_form

NEAREST_KM = 5.0
# Metres, true to 0.3 % from the western border to the eastern coast; only short distances are measured.
METRIC_CRS = "EPSG:32648"
_COMMUNE_TYPES = {"xa": "xã", "x": "xã", "phuong": "phường", "p": "phường", "thi tran": "thị trấn",
                  "tt": "thị trấn", "dac khu": "đặc khu"}  # fmt: skip
_DISTRICT_TYPES = {"huyen": "huyện", "h": "huyện", "quan": "quận", "q": "quận", "thi xa": "thị xã",
                   "tx": "thị xã", "thanh pho": "thành phố", "tp": "thành phố"}  # fmt: skip


@dataclass(frozen=True)
class CommuneMatch:
    """A commune found from an address; ``lat``, ``lon`` in degrees are its point (None when unknown).

    ``how``: ``name``; ``former name`` (the commune or district was merged before July 2025); ``district
    unknown`` (the only commune so called in the province); ``typo``. ``split`` tells that an old commune
    was divided in 2025, so that ``commune_code_2025`` is only its main part.
    """

    commune_code: str
    vintage: str
    name_vi: str
    province_code: str
    lat: float | None
    lon: float | None
    commune_code_2025: str
    split: bool
    how: str


@cache
def communes(vintage: str) -> pd.DataFrame:
    """Return the communes of a vintage, indexed by ``commune_code``; not to be written to."""
    admin.check_vintage(vintage)
    table = pd.read_parquet(paths.DATA / "communes.parquet")
    return table[table["vintage"] == vintage].set_index("commune_code").sort_index()


@dataclass(frozen=True)
class _Commune:
    """What the look-up needs of one commune."""

    name: str
    district: str
    province_code: str
    lat: float | None
    lon: float | None
    code_2025: str
    split: bool


@cache
def _records(vintage: str) -> dict[str, _Commune]:
    """Return the communes of a vintage by code."""
    table = communes(vintage)
    district = table["district_vi"].fillna("")
    successor = pd.Series(table.index, table.index) if vintage == "2025" else table["code_2025"]
    split = table["split"].fillna(False).astype(bool)
    columns = (
        table["name_vi"],
        district,
        table["province_code"],
        table["lat"],
        table["lon"],
        successor,
        split,
    )
    return {
        str(code): _Commune(str(name), str(home), str(province), *_point(lat, lon), str(new), bool(divided))
        for code, name, home, province, lat, lon, new, divided in zip(table.index, *columns, strict=True)
    }


def _point(lat: float, lon: float) -> tuple[float | None, float | None]:
    """Return a point, or nothing when a coordinate is missing."""
    return (None, None) if np.isnan(lat) or np.isnan(lon) else (float(lat), float(lon))


def find_commune(
    province_code: str, commune: str, district: str = "", vintage: str = "pre2025"
) -> CommuneMatch | None:
    """Return the one commune that an address names, or None when none or several fit.

    Parameters
    ----------
    province_code : str
        Province in ``vintage``.
    commune, district : str
        Their names in any spelling, with or without type; a longer address may stand before the
        commune ("KCN Hòa Phú, xã Hòa Phú"). Without a district the commune's name must be the only
        one in the province.
    vintage : str
        ``pre2025`` (10,035 communes in districts) or ``2025`` (3,321, no districts).

    Raises
    ------
    PlaceError
        If the province is not of the vintage.
    """
    admin.check_codes([province_code], vintage)
    wanted = _last_part(commune)
    forms = _forms(wanted, _COMMUNE_TYPES)
    if not forms:
        return None
    by_name, by_former, districts = _index(vintage)
    homes: set[str] = set()
    if vintage == "pre2025":
        for form in _forms(district, _DISTRICT_TYPES):
            homes |= districts.get((province_code, form), set())
    for how, table in (("name", by_name), ("former name", by_former)):
        found = {code for form in forms for code in table.get((province_code, form), ())}
        inside = {code for code in found if _records(vintage)[code].district in homes}
        if not homes and district and vintage == "pre2025":
            how = "district unknown"
        fitting = inside if homes else found
        if fitting:
            code = _only(fitting, wanted, district, vintage)
            return _match(code, vintage, how) if code else None
    if homes:
        code = _near(forms, province_code, homes, by_name)
        return _match(code, vintage, "typo") if code else None
    return None


def _match(code: str, vintage: str, how: str) -> CommuneMatch:
    """Return the match of a commune code."""
    at = _records(vintage)[code]
    return CommuneMatch(code, vintage, at.name, at.province_code, at.lat, at.lon, at.code_2025, at.split, how)


def _last_part(text: str) -> str:
    """Return the part of an address that holds the commune: the last one, without what is in brackets."""
    parts = [part.strip() for part in re.sub(r"\(.*?\)", " ", str(text)).split(",")]
    return next((part for part in reversed(parts) if part), "")


def _forms(text: str, types: dict[str, str]) -> list[str]:
    """Return the compact forms a unit's name is looked up by: as it stands, and without its type."""
    whole = key(re.sub(r"[()]", " ", str(text)))
    forms = [whole]
    for kind in types:
        if whole.startswith(kind + " "):
            forms.append(whole.removeprefix(kind + " "))
        if whole.endswith(" " + kind) and len(kind) > 2:
            forms.append(whole.removesuffix(" " + kind))
    return [re.sub(r"^0+(?=\d)", "", form).replace(" ", "") for form in dict.fromkeys(forms) if form]


def _short(name: str, types: dict[str, str]) -> str:
    """Return an official name without its type: "Xã Tân Cương" → "Tân Cương"."""
    for kind in dict.fromkeys(types.values()):
        if name.lower().startswith(kind + " "):
            return name[len(kind) + 1 :]
    return name


_Names = dict[tuple[str, str], set[str]]


@cache
def _index(vintage: str) -> tuple[_Names, _Names, _Names]:
    """Return (province, compact name) → commune codes by name, by former name, and → districts."""
    by_name: _Names = {}
    by_former: _Names = {}
    districts: _Names = {}
    for code, at in _records(vintage).items():
        for form in _forms(_short(at.name, _COMMUNE_TYPES), {}) + _forms(at.name, {}):
            by_name.setdefault((at.province_code, form), set()).add(code)
        for form in _forms(_short(at.district, _DISTRICT_TYPES), {}) + _forms(at.district, {}):
            districts.setdefault((at.province_code, form), set()).add(at.district)
    if vintage == "pre2025":
        former = pd.read_csv(paths.DATA / "commune_aliases.csv", dtype=str)
        for row in former.to_dict("records"):
            target = by_former if row["level"] == "commune" else districts
            target.setdefault((row["province_code"], row["alias"]), set()).add(row["code"])
    return by_name, by_former, districts


def _only(found: set[str], commune: str, district: str, vintage: str) -> str | None:
    """Return the one candidate, told apart by diacritics, then by the stated types of unit."""
    at = _records(vintage)
    left = sorted(found)
    if len(left) > 1:
        spelled = tone_form(commune)
        forms = {
            code: (tone_form(at[code].name), tone_form(_short(at[code].name, _COMMUNE_TYPES)))
            for code in left
        }
        left = [code for code in left if spelled in forms[code]] or left
    kind = _stated_type(commune, _COMMUNE_TYPES)
    if len(left) > 1 and kind:
        left = [code for code in left if at[code].name.lower().startswith(kind + " ")]
    kind = _stated_type(district, _DISTRICT_TYPES)
    if len(left) > 1 and kind:
        left = [code for code in left if at[code].district.lower().startswith(kind + " ")]
    return left[0] if len(left) == 1 else None


def _stated_type(text: str, types: dict[str, str]) -> str:
    """Return the type of unit an address states, before the name or after it: "Kỳ Anh (Huyện)"."""
    words = f" {key(re.sub(r'[()]', ' ', str(text)))} "
    for kind, name in types.items():
        if words.startswith(f" {kind} ") or (words.endswith(f" {kind} ") and len(kind) > 2):
            return name
    return ""


def _near(forms: list[str], province_code: str, homes: set[str], by_name: _Names) -> str | None:
    """Return the only commune of the district within one slip of a name of six letters or more."""
    at = _records("pre2025")
    near = {
        code
        for (province, name), codes in by_name.items()
        if province == province_code
        and any(len(form) >= 6 and OSA.distance(form, name, score_cutoff=1) <= 1 for form in forms)
        for code in codes
        if at[code].district in homes
    }
    return near.pop() if len(near) == 1 else None


def assign_communes(frame: pd.DataFrame, *, nearest_km: float = NEAREST_KM) -> pd.DataFrame:
    """Return the commune and the province of every point, in both vintages.

    Parameters
    ----------
    frame : DataFrame
        ``lat``, ``lon`` in degrees (WGS 84); missing coordinates stay without a commune. Not written to.
    nearest_km : float, default 5
        A point in no commune (slightly off the coast) takes the nearest one within so many km.

    Returns
    -------
    DataFrame
        Same index: ``commune_code_2025``, ``province_code_2025``, ``commune_code_pre2025``,
        ``province_code_pre2025``; None where no commune is near enough.

    Raises
    ------
    DataError
        If ``lat`` or ``lon`` is missing from the frame.
    """
    absent = {"lat", "lon"} - set(frame.columns)
    if absent:
        raise DataError(
            vi=f"Bảng điểm cần có cột lat và lon (độ thập phân), nhưng thiếu: {', '.join(sorted(absent))}.",
            en=f"The points need the columns lat and lon (decimal degrees); missing: {', '.join(absent)}.",
        )
    columns = {}
    for vintage in admin.VINTAGES:
        found = _communes_of_points(frame, vintage, nearest_km)
        columns[f"commune_code_{vintage}"] = found["commune_code"]
        columns[f"province_code_{vintage}"] = found["province_code"]
    return pd.DataFrame(columns, index=frame.index)


def _communes_of_points(frame: pd.DataFrame, vintage: str, nearest_km: float) -> pd.DataFrame:
    """Return ``commune_code`` and ``province_code`` of the points in one vintage, by position."""
    import geopandas as gpd  # heavy, and not needed to read an address

    from geo.places import boundaries

    lat = pd.to_numeric(frame["lat"], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    lon = pd.to_numeric(frame["lon"], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    known = np.flatnonzero(np.isfinite(lat) & np.isfinite(lon))
    if not len(known):
        return pd.DataFrame(None, index=frame.index, columns=["commune_code", "province_code"], dtype=object)
    areas = boundaries.load("commune", vintage)[["commune_code", "province_code", "geometry"]]
    areas = areas.sort_values("commune_code", ignore_index=True)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon[known], lat[known]), index=known, crs=4326)
    codes = _first_code(gpd.sjoin(points, areas, predicate="intersects", how="inner"))
    outside = points.loc[points.index.difference(codes.index)]
    if len(outside):
        reach = nearest_km * 1000
        near = gpd.sjoin_nearest(outside.to_crs(METRIC_CRS), areas.to_crs(METRIC_CRS), max_distance=reach)
        codes = pd.concat([codes, _first_code(near)])
    out = codes.reindex(range(len(frame))).astype(object)
    return out.where(out.notna(), None).set_axis(frame.index)


def _first_code(joined: pd.DataFrame) -> pd.DataFrame:
    """Return one commune a point: on a border the first code."""
    plain = pd.DataFrame(joined)[["commune_code", "province_code"]]
    return plain.sort_values("commune_code").groupby(level=0).first()
