"""How numbers, names and clauses of a sentence are written; the sentences stand in the ``<kind>_words``.

A sentence says what was computed and nothing more: which places, how much, how far, how firm. Every
number in it is a value of the evidence, rounded by ``rounded``; a test reads the numbers back.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from geo.linkage.model import Finding, Text
from geo.numbers import number


@dataclass(frozen=True)
class Names:
    """Names needed to speak of one opportunity: provinces by code, regions by code, the subject."""

    provinces: Mapping[str, Text]
    regions: Mapping[str, Text]
    subject: Text


def rounded(value: float, what: str = "quantity") -> float:
    """Round a value as it is said aloud.

    Parameters
    ----------
    value : float
        Any unit.
    what : {"quantity", "count", "pct", "ratio"}
        Quantities keep three significant digits (whole from 100 up, one decimal from 10, two below);
        counts are whole; percentages are whole from 10 up, one decimal below; ratios two decimals.
    """
    if not math.isfinite(value):
        return math.nan
    return round(value, _digits(value, what))


def _digits(value: float, what: str) -> int:
    """Return the decimals to keep; negative digits round to tens, hundreds, thousands."""
    size = abs(value)
    if what == "count":
        return 0
    if what == "ratio":
        return 2
    if what == "pct":
        return 0 if size >= 9.95 else 1
    if size == 0:
        return 0
    return min(2, 2 - math.floor(math.log10(size)))


@lru_cache(maxsize=65536)
def say(value: float, lang: str, what: str = "quantity") -> str:
    """Write a rounded value in the number form of the language, without needless zeros.

    Remembered, because the figures of a province are told in many sentences.
    """
    number_ = rounded(value, what)
    if not math.isfinite(number_):
        return "—"
    digits = max(0, _digits(value, what))
    while what != "ratio" and digits > 0 and round(number_, digits - 1) == number_:
        digits -= 1
    return number(number_, digits, lang)


def percent(share: float, lang: str) -> str:
    """Write a share (0–1) as a percentage; what rounds to 100 without being whole is "more than 99"."""
    pct = share * 100
    if 99.5 <= pct < 99.95:
        return "hơn 99 %" if lang == "vi" else "more than 99%"
    return f"{say(pct, 'vi', 'pct')} %" if lang == "vi" else f"{say(pct, 'en', 'pct')}%"


def quotient(side: Mapping[str, float], lang: str) -> str:
    """Write a location quotient (``lq``, ``lq_low``, ``lq_high``) with its interval."""
    low, high = say(side["lq_low"], lang, "ratio"), say(side["lq_high"], lang, "ratio")
    value = say(side["lq"], lang, "ratio")
    if lang == "vi":
        return f"thương số vị trí {value}, khoảng tin cậy 95 % từ {low} đến {high}"
    return f"location quotient {value}, 95% interval {low} to {high}"


def region_clause(finding: Finding, names: Names, lang: str) -> str:
    """Name the two regions when the linkage crosses from one to the other."""
    m = finding.measures
    if not m.get("crosses_regions"):
        return ""
    first, second = (names.regions[c] for c in m["region_codes"][:2])
    if lang == "vi":
        return f"; đây là liên kết vùng giữa {first.vi} và {second.vi}"
    return f"; it links two regions, {first.en} and {second.en}"


def labelled(body: Text, label: Text | None) -> Text:
    """Open a sentence with a label, e.g. "Dữ liệu minh hoạ" for demonstration data."""
    if label is None:
        return body
    return Text(f"{label.vi}: {lower_first(body.vi)}", f"{label.en}: {lower_first(body.en)}")


def short(name: Text) -> Text:
    """Return the name of a subject up to its first remark or semicolon, in both languages."""
    vi, en = (text.split(" (")[0].split(";")[0].strip() for text in (name.vi, name.en))
    return Text(vi, en)


def upper_first(text: str) -> str:
    """Start with a capital."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Start in lower case unless the first word is a name or an abbreviation."""
    first = text.split(" ", 1)[0]
    common = first in {"Theo", "In", "Tỉnh", "Thành"} or first.startswith(("Sản", "Chế", "Manufacture"))
    return text[:1].lower() + text[1:] if common else text
