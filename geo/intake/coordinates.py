"""Coordinates as people write them: degrees, degrees and minutes, metres of VN-2000, swapped or lost signs.

The zone of a province in VN-2000 is read from the EPSG dataset that comes with pyproj (the areas of use of
EPSG 5897–5899 and 9205–9218, VN-2000 / TM-3).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from pyproj import Transformer
from pyproj.database import query_crs_info

from geo.errors import PlaceError
from geo.intake.values import by_value
from geo.places import names
from geo.places.spelling import merged_into

#: Degrees within which a point can be Viet Nam's, the archipelagos with it: (low, high).
LAT, LON = (6.0, 23.6), (102.0, 118.0)
_NORTHING, _EASTING = (600_000.0, 2_700_000.0), (150_000.0, 900_000.0)
_PARTS = re.compile(
    r"^\s*(?P<before>[NSEWBĐD]?)\s*(?P<sign>-?)(?P<degrees>\d{1,3})\s*(?:°|º|˚|độ|do|d|:|\s)\s*(?P<minutes>\d{1,2}(?:[.,]\d+)?)\s*"
    r"(?:'|’|′|phút|phut|m|:|\s|$)\s*(?:(?P<seconds>\d{1,2}(?:[.,]\d+)?)\s*(?:\"|”|″|''|giây|giay|s|\s)?)?\s*(?P<after>[NSEWBĐDOT]?)\s*$",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"^\s*[NSEWBĐ]?\s*(-?\d{1,12}(?:[.,]\d+)?)\s*[°º˚]?\s*[NSEWBĐ]?\s*$", re.IGNORECASE)


def number(value: Any) -> float | None:
    """Return a coordinate as a number: degrees of degrees-minutes(-seconds), else the number itself.

    Examples
    --------
    >>> round(number("21°01'42.5\\"N"), 5), number("105,8542"), number("abc")
    (21.02847, 105.8542, None)
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float | np.number):
        return float(value) if np.isfinite(value) else None
    text = str(value).strip()
    plain = _PLAIN.match(text)
    if plain:
        return float(plain[1].replace(",", "."))
    metres = re.sub(r"[\s,.](?=\d{3}(?:\D|$))", "", text)
    if re.fullmatch(r"\d{6,7}(?:[.,]\d+)?", metres):
        return float(metres.replace(",", "."))
    parts = _PARTS.match(text)
    if not parts:
        return None
    minutes = float(parts["minutes"].replace(",", "."))
    seconds = float((parts["seconds"] or "0").replace(",", "."))
    if minutes >= 60 or seconds >= 60:
        return None
    return float(parts["sign"] + parts["degrees"]) + minutes / 60 + seconds / 3600


def numbers(values: pd.Series) -> pd.Series:
    """Return a column of coordinates as numbers, NaN where there is none or it cannot be read."""
    return pd.to_numeric(by_value(values, number), errors="coerce").astype(float)


def pairs(values: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Part cells that hold both coordinates ("21.0285, 105.8542") into two columns of text."""

    def halves(value: Any) -> tuple[str, str]:
        text = str(value)
        for pattern in (
            r"[;|\n]",
            r",\s+",
            r"(?<=[NSEWBĐ\"”″])\s*,?\s*(?=\d|[NSEWBĐ])",
            r"(?<=\d)\s+(?=\d{3})",
            ",",
        ):
            parts = [part for part in re.split(pattern, text) if part.strip()]
            if len(parts) == 2:
                return parts[0], parts[1]
        return text, ""

    both = by_value(values, halves)
    return both.map(lambda pair: pair and pair[0]), both.map(lambda pair: pair and (pair[1] or None))


def classify(lat: pd.Series, lon: pd.Series) -> pd.Series:
    """Return what every pair of numbers is.

    Returns
    -------
    Series
        ``none`` (a part is missing), ``degrees``, ``swapped``, ``plane`` (VN-2000 northing, easting),
        ``plane-swapped``, ``no-point`` (decimal point lost), ``zero``, ``outside``.
    """
    kind = pd.Series("outside", index=lat.index, dtype=object)
    rules = {
        "no-point": _scaled(lat, LAT).notna() & _scaled(lon, LON).notna(),
        "plane-swapped": lon.between(*_NORTHING) & lat.between(*_EASTING) & (lon > lat),
        "plane": lat.between(*_NORTHING) & lon.between(*_EASTING) & (lat > lon),
        "swapped": lat.between(*LON) & lon.between(*LAT),
        "degrees": lat.between(*LAT) & lon.between(*LON),
        "zero": (lat == 0) & (lon == 0),
        "none": lat.isna() | lon.isna(),
    }
    for name, rule in rules.items():
        kind = kind.mask(rule, name)
    return kind


def _scaled(values: pd.Series, limits: tuple[float, float]) -> pd.Series:
    """Return whole numbers brought back between limits by a power of ten; NaN where that cannot be."""
    whole = values.where((values % 1 == 0) & (values > 10_000))
    digits = 2 if limits[1] < 100 else 3
    size = np.floor(np.log10(whole)) + 1
    return (whole / 10.0 ** (size - digits)).pipe(lambda v: v.where(v.between(*limits)))


def with_point(lat: pd.Series, lon: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Put back the lost decimal point of coordinates."""
    return _scaled(lat, LAT), _scaled(lon, LON)


@cache
def zones() -> dict[str, str]:
    """Return the code of each of the 63 provinces → EPSG code of its VN-2000 zone (3 degrees)."""
    found: dict[str, str] = {}
    for about in query_crs_info(auth_name="EPSG"):
        if not about.name.startswith("VN-2000 / TM-3") or about.area_of_use is None:
            continue
        area = str(about.area_of_use.name).removeprefix("Vietnam - ").rstrip(".")
        for word in re.split(r",|;| and ", area):
            name = re.sub(r"\b(cities|city|municipality|provinces|province)\b", "", word).strip()
            try:
                found[names.resolve(name, "pre2025").province_code] = about.code
            except PlaceError:
                continue
    return found


def candidate_zones(province_2025: str | None, province_pre2025: str | None) -> tuple[str, ...]:
    """Return the zones a point of a province can be in: one of an old province, perhaps several of a new one."""
    if province_pre2025:
        return tuple(filter(None, [zones().get(province_pre2025)]))
    parts = [old for old, new in merged_into().items() if new == province_2025]
    return tuple(dict.fromkeys(zones()[old] for old in parts if old in zones()))


def from_plane(northing: np.ndarray, easting: np.ndarray, zone: str) -> tuple[np.ndarray, np.ndarray]:
    """Turn metres of a VN-2000 zone into latitude and longitude in degrees (WGS 84)."""
    turn = Transformer.from_crs(f"EPSG:{zone}", "EPSG:4326", always_xy=True)
    lon, lat = turn.transform(easting, northing)
    return np.round(lat, 7), np.round(lon, 7)
