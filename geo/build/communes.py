"""Make ``data/communes.parquet`` and ``data/province_points.csv`` from the package of commune points.

The package (``vietnamadminunits``, MIT) holds one geocoded point for each of the 10,035 communes of
before 1 July 2025 and the 3,321 of today. Some points are wrong: geocoded to the district, to a
namesake, or to the wrong coast. They are found here by comparing the two vintages with each other,
and replaced by their relatives' position; the table says which and why.
"""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd

from geo.paths import DATA

VIEWPORT_KM = 0.6  # the geocoder answers a street address with a box of about 0.3 km
EARTH_RADIUS_KM = 6371.0088
ISLAND_GROUPS = {"20333": "Hoàng Sa", "22736": "Trường Sa"}  # special zones of 2025 in the open sea
MIN_KM = 6.0  # below this distance a point is never called wrong
STRAY_KM = 15.0  # a successor this far outside the district's reach is a namesake in the package's table
COLUMNS = [
    "vintage", "commune_code", "name_vi", "district_vi", "province_code", "lat", "lon", "area_km2",
    "code_2025", "split", "point_quality", "point_note",
]  # fmt: skip


def distance_km(lat_a, lon_a, lat_b, lon_b) -> np.ndarray:
    """Great-circle distance in km between points given in degrees (element by element)."""
    a, b, c, d = (np.radians(np.asarray(x, dtype=float)) for x in (lat_a, lon_a, lat_b, lon_b))
    half = np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half))


def _fold(text: str) -> str:
    """Lower case, no diacritics, no spaces or marks: for comparing names only."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(ch for ch in plain if ch.isalnum() and not unicodedata.combining(ch))


def _package_file(name: str) -> Path:
    """Path of a file in the package's data folder."""
    return Path(str(resources.files("vietnamadminunits"))) / "data" / name


def read_old() -> pd.DataFrame:
    """Communes of before July 2025 with point, extent (south, west, north, east) and geocoder's words.

    Five island districts had no commune; each stands as one row under its three-digit district code.
    """
    with sqlite3.connect(f"file:{_package_file('dataset.db')}?mode=ro", uri=True) as base:
        raw = pd.read_sql("select * from admin_units_legacy", base)
    alone = raw["wardCode"].isna()
    for ward, district in [
        ("wardCode", "districtCode"), ("ward", "district"), ("wardLat", "districtLat"),
        ("wardShort", "districtShort"), ("wardLon", "districtLon"), ("wardBounds", "districtBounds"),
        ("wardGeoAddress", "districtGeoAddress"),
    ]:  # fmt: skip
        raw[ward] = raw[ward].where(~alone, raw[district])
    key = raw["provinceKey"] + "_" + raw["districtKey"] + "_" + raw["wardKey"].where(~alone, "")
    corner = r"([-\d.]+),([-\d.]+)\D+([-\d.]+),([-\d.]+)"
    old = pd.DataFrame({
        "commune_code": raw["wardCode"], "name_vi": raw["ward"], "district_vi": raw["district"],
        "district_code": raw["districtCode"], "district_short": raw["districtShort"],
        "short": raw["wardShort"], "province_short": raw["provinceShort"],
        "province_code": raw["provinceCode"], "lat": raw["wardLat"], "lon": raw["wardLon"],
        "address": raw["wardGeoAddress"], "key": key,
    })  # fmt: skip
    old[["south", "west", "north", "east"]] = raw["wardBounds"].str.extract(corner).astype(float)
    return old.sort_values("commune_code", ignore_index=True)


def read_new() -> pd.DataFrame:
    """Communes since July 2025 with point and official area in km² (NaN where the package has none)."""
    with sqlite3.connect(f"file:{_package_file('dataset.db')}?mode=ro", uri=True) as base:
        raw = pd.read_sql("select * from admin_units", base)
    new = pd.DataFrame({
        "commune_code": raw["wardCode"], "name_vi": raw["ward"], "province_code": raw["provinceCode"],
        "lat": raw["wardLat"], "lon": raw["wardLon"],
        "area_km2": raw["wardAreaKm2"].where(raw["wardAreaKm2"] > 0),
        "key": raw["provinceKey"] + "_" + raw["wardKey"],
    })  # fmt: skip
    return new.sort_values("commune_code", ignore_index=True)


def read_links(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Old commune to new commune: ``old_code``, ``new_code``, ``default``, ``split``."""
    table = json.loads(_package_file("converter_2025.json").read_text(encoding="utf-8"))
    rows: list[tuple[str, str, bool, bool]] = []
    for province, wards in table["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        rows += [(k, f"{province}_{w}", True, False) for w, keys in wards.items() for k in keys]
    for province, wards in table["DICT_PROVINCE_WARD_DIVIDED"].items():
        for k, parts in wards.items():
            rows += [(k, f"{province}_{p['newWardKey']}", p["isDefaultNewWard"], True) for p in parts]
    links = pd.DataFrame(rows, columns=["old_key", "new_key", "default", "split"])
    links["old_code"] = links["old_key"].map(old.set_index("key")["commune_code"])
    links["new_code"] = links["new_key"].map(new.set_index("key")["commune_code"])
    links = links[["old_code", "new_code", "default", "split"]].dropna()
    return links.sort_values(["old_code", "new_code"], ignore_index=True)


def _far(distance: pd.Series, area_km2: pd.Series) -> pd.Series:
    """True where two points of one commune lie further apart than its size allows."""
    radius = np.sqrt(area_km2.fillna(100.0).clip(lower=4.0) / np.pi)
    return distance > (2.5 * radius).clip(lower=MIN_KM)


def _read_address(old: pd.DataFrame) -> pd.DataFrame:
    """What the geocoder's words say of each old commune, as four truth columns.

    ``named``: the commune's own name comes first; ``home``: its district is in; ``generic`` is an answer for the district, the province or another commune's very point;
    ``elsewhere`` names neither the commune's own district nor its province.
    """
    words = old["address"].map(_fold)
    first = old["address"].str.split(",").str[0].map(_fold)
    own, district, province = (old[c].map(_fold) for c in ("short", "district_short", "province_short"))
    pairs = {"named": (own, first), "home": (district, words), "province": (province, words)}
    said = pd.DataFrame(
        {k: [a in b for a, b in zip(*v, strict=True)] for k, v in pairs.items()}, index=old.index
    )
    said["elsewhere"] = ~said["home"] & ~said["province"] & ~words.str.contains("hanoi|hue")
    general = (first.str.removesuffix("district") == district) | (old["address"].str.count(",") <= 1)
    order = old.assign(far=said["elsewhere"], home=~said["home"])[said["named"]]
    order = order.sort_values(["lat", "lon", "far", "home", "commune_code"])
    best = ~order.duplicated(["lat", "lon"]).reindex(old.index, fill_value=True)
    shared = old.groupby(["lat", "lon"])["commune_code"].transform("size") > 1
    alone = old["commune_code"].str.len() == 3
    said["generic"] = ~alone & ((general & ~said["named"]) | (shared & ~best))
    return said


def _centre(old: pd.DataFrame) -> pd.DataFrame:
    """Median point of each district's trusted communes: ``clat``, ``clon`` by ``district_code``."""
    good = old[old["point_note"] == ""]
    return good.groupby("district_code")[["lat", "lon"]].median().set_axis(["clat", "clon"], axis=1)


def _judge_new(old: pd.DataFrame, new: pd.DataFrame, links: pd.DataFrame) -> pd.Series:
    """True for new communes whose point contradicts the communes they were made of."""
    whole = links[~links["split"]].merge(old, left_on="old_code", right_on="commune_code")
    whole = whole[whole["point_note"] == ""].join(_centre(old), on="district_code")
    group = whole.groupby("new_code")[["lat", "lon", "clat", "clon"]].median()
    both = new.join(group.rename(columns={"lat": "mlat", "lon": "mlon"}), on="commune_code")
    apart = pd.Series(distance_km(both.lat, both.lon, both.mlat, both.mlon), index=new.index)
    new_off = distance_km(both.lat, both.lon, both.clat, both.clon)
    old_off = distance_km(both.mlat, both.mlon, both.clat, both.clon)
    return _far(apart, new["area_km2"]) & (new_off > old_off)


def _judge_old(old: pd.DataFrame, new: pd.DataFrame, links: pd.DataFrame, said: pd.DataFrame) -> pd.Series:
    """True for old communes whose point contradicts both its successor and its district.

    A point whose address names the commune and its own district is believed (islands lie far out).
    """
    target = new.loc[new["point_note"] == "", ["commune_code", "lat", "lon", "area_km2"]]
    pair = links.merge(old, left_on="old_code", right_on="commune_code").join(
        target.set_index("commune_code").add_suffix("_n"), on="new_code"
    )
    pair = pair.join(_centre(old), on="district_code")
    pair["apart"] = distance_km(pair.lat, pair.lon, pair.lat_n, pair.lon_n)
    pair["old_off"] = distance_km(pair.lat, pair.lon, pair.clat, pair.clon)
    pair["new_off"] = distance_km(pair.lat_n, pair.lon_n, pair.clat, pair.clon)
    told = said.set_index(old["commune_code"]).loc[pair["old_code"]].reset_index(drop=True)
    radius = np.sqrt(pair["area_km2_n"].fillna(100.0) / np.pi)
    wrong = _far(pair["apart"], pair["area_km2_n"]) & (pair["old_off"] > pair["new_off"])
    wrong &= ~(told["named"] & told["home"])
    wrong |= told["elsewhere"] & (pair["apart"] > 1.5 * radius)
    every = wrong.groupby(pair["old_code"]).all()
    return old["commune_code"].map(every).fillna(False).astype(bool) & (old["point_note"] == "")


def _choose_successor(old: pd.DataFrame, new: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """One new commune per old one: the package's default, unless it is impossibly far and another is not."""
    point = new.set_index("commune_code")[["lat", "lon", "area_km2"]]
    pair = links.join(point, on="new_code").merge(
        old[["commune_code", "lat", "lon", "point_note"]].rename(columns={"commune_code": "old_code"}),
        on="old_code",
        suffixes=("", "_o"),
    )
    pair["apart"] = distance_km(pair.lat, pair.lon, pair.lat_o, pair.lon_o)
    trusted = pair["point_note"] == ""
    pair["impossible"] = _far(pair["apart"], pair["area_km2"]) & trusted & pair["split"]
    pair["later"] = ~pair["default"]
    pair = pair.sort_values(["old_code", "impossible", "later", "apart", "new_code"])
    return pair.drop_duplicates("old_code").set_index("old_code")[["new_code", "split"]]


def _repair_new(old: pd.DataFrame, new: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Give each doubtful new commune the point of its most central trusted part."""
    new = new.copy()
    good = old[old["point_note"] == ""].set_index("commune_code")
    for row in new.index[new["point_note"] != ""]:
        parts = links.loc[links["new_code"] == new.at[row, "commune_code"], "old_code"]
        part = good.loc[good.index.isin(parts)].sort_index()
        off = distance_km(part.lat, part.lon, part.lat.median(), part.lon.median())
        new.loc[row, ["lat", "lon"]] = part.iloc[int(np.argmin(off))][["lat", "lon"]].to_numpy()
    return new


def _stand_in(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Position for a doubtful old commune: its successor's, or its district's when that is far off."""
    point = new.set_index("commune_code")[["lat", "lon"]].add_prefix("n")
    spare = old.join(point, on="code_2025").join(_centre(old), on="district_code")
    reach = pd.Series(distance_km(spare["lat"], spare["lon"], spare["clat"], spare["clon"]), index=old.index)
    reach = reach.where(old["point_note"] == "").groupby(old["district_code"]).transform("median")
    off = distance_km(spare["nlat"], spare["nlon"], spare["clat"], spare["clon"])
    namesake = off > 2.5 * reach + STRAY_KM
    return pd.DataFrame({
        "lat": spare["nlat"].where(~namesake, spare["clat"]),
        "lon": spare["nlon"].where(~namesake, spare["clon"]),
    })  # fmt: skip


def judge_points() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return old communes, new communes and their links, with wrong points found and replaced.

    Returns
    -------
    old, new : DataFrame
        As read, plus ``point_note`` (empty when the geocoder's own point is kept) and
        ``point_quality``: ``ok``, ``substituted`` (position of a relative) or ``missing`` (no lat, lon).
    links : DataFrame
        ``old_code``, ``new_code``, ``default``, ``split``.
    """
    old, new = read_old(), read_new()
    links = read_links(old, new)
    at_sea = links.loc[links["new_code"].isin(ISLAND_GROUPS), "old_code"]
    said = _read_address(old)
    old["point_note"] = np.where(said["generic"], "geocoded to the district or to another commune", "")
    old.loc[old["commune_code"].isin(at_sea), "point_note"] = "island group geocoded to the mainland"
    new["point_note"] = ""
    wrong_new = _judge_new(old, new, links) & ~new["commune_code"].isin(ISLAND_GROUPS)
    new.loc[wrong_new, "point_note"] = "far from the communes it was made of"
    old.loc[_judge_old(old, new, links, said), "point_note"] = "far from its district and its successor"
    new = _repair_new(old, new, links)
    successor = _choose_successor(old, new, links)
    old = old.join(successor.rename(columns={"new_code": "code_2025"}), on="commune_code")
    spare = _stand_in(old, new)
    doubt = old["point_note"] != ""
    old["lat"], old["lon"] = old["lat"].where(~doubt, spare["lat"]), old["lon"].where(~doubt, spare["lon"])
    gone = old["commune_code"].isin(at_sea)
    old.loc[gone, ["lat", "lon"]] = np.nan
    for frame in (old, new):
        frame["point_quality"] = np.where(frame["point_note"] == "", "ok", "substituted")
    old.loc[gone, "point_quality"] = "missing"
    return old, new, links


def build_communes() -> pd.DataFrame:
    """Table of the communes of both vintages with their points (see ``COLUMNS``), sorted."""
    old, new, _ = judge_points()
    both = [old.assign(vintage="pre2025"), new.assign(vintage="2025")]
    table = pd.concat([f.reindex(columns=COLUMNS) for f in both])
    table["split"] = table["split"].astype("boolean")
    table[["lat", "lon"]] = table[["lat", "lon"]].round(6)
    return table.sort_values(["vintage", "commune_code"], ignore_index=True)


def build_province_points(communes: pd.DataFrame) -> pd.DataFrame:
    """Mean of the mainland commune points of each province, in degrees: where distances start.

    Special zones (đặc khu) and the old island districts are left out: they would draw Khánh Hòa's
    and Đà Nẵng's points into the sea.
    """
    island = communes["name_vi"].str.startswith("Đặc khu") | (communes["commune_code"].str.len() == 3)
    zones = communes.loc[communes["name_vi"].str.startswith("Đặc khu"), "commune_code"]
    mainland = communes[~island & ~communes["code_2025"].isin(zones)].dropna(subset=["lat", "lon"])
    points = mainland.groupby(["vintage", "province_code"])[["lat", "lon"]].mean().round(5)
    return points.reset_index().sort_values(["vintage", "province_code"], ignore_index=True)


def build(folder: Path = DATA) -> list[Path]:
    """Write both tables into ``folder`` and return their paths."""
    communes = build_communes()
    table, points = folder / "communes.parquet", folder / "province_points.csv"
    folder.mkdir(parents=True, exist_ok=True)
    communes.to_parquet(table, index=False, compression="zstd")
    build_province_points(communes).to_csv(points, index=False, lineterminator="\n")
    return [table, points]
