"""Numbers and units as people write them: 1.234,5; 1,234.5; 3,5 tỷ; 12 tạ.

What could be read in two ways is asked, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geo.places.spelling import key

#: Family → unit code → (factor to the stored unit as a fraction, words). Stored: tonnes; million VND.
UNITS: dict[str, dict[str, tuple[tuple[int, int], tuple[str, ...]]]] = {
    "mass": {
        "tonne": ((1, 1), ("tan", "t", "ton", "tons", "tonne", "tonnes")),
        "thousand_tonnes": ((1000, 1), ("nghin tan", "ngan tan", "1000 tan", "1 000 tan", "thousand tonnes")),
        "quintal": ((1, 10), ("ta", "quintal", "quintals")),
        "yen": ((1, 100), ("yen",)),
        "kg": ((1, 1000), ("kg", "kgs", "kilogam", "kilogram", "ky", "can")),
    },
    "money": {
        "vnd": ((1, 1_000_000), ("dong", "vnd", "d", "vnđ")),
        "thousand_vnd": ((1, 1000), ("nghin dong", "ngan dong", "1000 dong", "1 000 dong", "1000d", "nghin d", "thousand vnd")),
        "million_vnd": ((1, 1), ("trieu dong", "trieu", "trd", "tr d", "tr dong", "tr", "trieu vnd", "million vnd", "vnd million",
                                 "trieu d")),
        "billion_vnd": ((1000, 1), ("ty dong", "ty", "ti dong", "ti", "ty vnd", "billion vnd", "ty d")),
    },
}  # fmt: skip
_PER_YEAR = re.compile(r"\b(mot nam|1 nam|nam|year|a year|per year)$")
_NUMBER = re.compile(r"[-+]?\d[\d.,\s'’]*")
_GROUPED = {",": re.compile(r"[-+]?\d{1,3}(,\d{3})+"), ".": re.compile(r"[-+]?\d{1,3}(\.\d{3})+")}


def unit_code(text: str, family: str) -> str:
    """Return the unit a piece of text names, else an empty text.

    Examples
    --------
    >>> unit_code("tấn/năm", "mass"), unit_code("tỷ đồng", "money")
    ('tonne', 'billion_vnd')
    """
    words = _PER_YEAR.sub("", key(text)).strip()
    for code, (_, names) in UNITS.get(family, {}).items():
        if words in names or words == key(code):
            return code
    return ""


def convert(values: np.ndarray, code: str, family: str) -> np.ndarray:
    """Turn values of a unit into the stored unit (tonnes, million VND)."""
    times, by = UNITS[family][code][0]
    return values * times / by


@dataclass(frozen=True)
class Reading:
    """Numbers read from a column: ``value`` (float, NaN where none), ``unit`` (text after the number),
    ``bad`` (not a number), ``open`` (could be 1.234 or 1234)."""

    value: pd.Series
    unit: pd.Series
    bad: pd.Series
    open: pd.Series


def decimal_evidence(values: pd.Series) -> set[str]:
    """Return which decimal sign the written numbers of a column prove: ``comma``, ``point``, both or none."""
    found = set()
    for text in pd.unique(values[values.map(lambda value: isinstance(value, str)).astype(bool)]):
        match = _NUMBER.fullmatch(str(text).strip()) or _NUMBER.match(str(text).strip())
        if match:
            found.add(_proof(match.group().strip()))
    return found - {""}


def _proof(digits: str) -> str:
    """Return the decimal sign one written number proves, else an empty text."""
    last = max(digits.rfind(","), digits.rfind("."))
    if last < 0:
        return ""
    sign, other = digits[last], "," if digits[last] == "." else "."
    name, opposite = ("comma", "point") if sign == "," else ("point", "comma")
    if other in digits:
        return name
    if digits.count(sign) > 1:
        return opposite
    head, tail = digits[:last].lstrip("+-"), digits[last + 1 :]
    return name if len(tail) != 3 or not 1 <= len(head) <= 3 or head.startswith("0") else ""


def read(values: pd.Series, decimal: str | None = None, *, whole: bool = False) -> Reading:
    """Read a column of numbers, numbers stored as such and numbers written as text.

    Parameters
    ----------
    values : Series
        Objects as stored; None for empty.
    decimal : {"comma", "point"}, optional
        The decimal sign where a written number does not prove it.
    whole : bool
        The field counts things: a group of three digits after one sign is then thousands.
    """
    codes, uniques = pd.factorize(values, use_na_sentinel=True)
    rows = [_one(value, decimal, whole) for value in uniques] + [(np.nan, "", False, False)]
    number, unit, bad, unsure = (np.array(column, dtype=object)[codes] for column in zip(*rows, strict=True))
    frame = {
        "value": number.astype(float),
        "unit": unit,
        "bad": bad.astype(bool),
        "open": unsure.astype(bool),
    }
    return Reading(**{name: pd.Series(column, index=values.index) for name, column in frame.items()})


def _one(value: Any, decimal: str | None, whole: bool) -> tuple[float, str, bool, bool]:
    """Read one value: number, unit text, whether it is no number, whether it could be two."""
    if isinstance(value, bool):
        return np.nan, "", True, False
    if isinstance(value, int | float | np.number):
        return (float(value), "", False, False) if np.isfinite(value) else (np.nan, "", True, False)
    text = str(value).replace("\u00a0", " ").replace("\u202f", " ").strip()
    match = _NUMBER.match(text)
    if not match:
        return np.nan, "", True, False
    digits = re.sub(r"[\s'’]", "", match.group())
    rest = text[match.end() :].strip()
    if re.search(r"\d", rest.replace("1000", "").replace("1.000", "")):
        return np.nan, "", True, False  # a range or two numbers
    digits = digits.rstrip(".,") if not rest else digits
    proof = _proof(digits)
    sign = {"comma": ",", "point": "."}.get(proof or "", "")
    grouped = any(pattern.fullmatch(digits) for pattern in _GROUPED.values())
    if not sign and grouped and not whole and decimal is None:
        return np.nan, rest, False, True
    if not sign:
        sign = (
            ","
            if (whole and "." in digits)
            else "."
            if whole
            else {"comma": ",", "point": "."}.get(decimal or "", "")
        )
    thousands = "." if sign == "," else ","
    plain = digits.replace(thousands, "").replace(sign, ".") if sign else digits
    try:
        return float(plain), rest, False, False
    except ValueError:
        return np.nan, "", True, False
