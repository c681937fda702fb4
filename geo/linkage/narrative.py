"""Sentences about opportunities, written only from the values in their evidence.

A sentence says what was computed and nothing more: which places, how much, how far, how firm. Every
number in it is a value of the evidence, rounded by ``rounded``; a test reads the numbers back.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

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


def sentence(finding: Finding, names: Names, label: Text | None) -> Text:
    """Return the sentence of a finding in both languages, opened by the data label where there is one.

    Parameters
    ----------
    finding : Finding
        Kind ``material`` or ``cluster``.
    names : Names
        Official names of its provinces and regions and of its subject.
    label : Text or None
        Said first, e.g. "Dữ liệu minh hoạ" for demonstration data.
    """
    body = _material(finding, names) if finding.kind == "material" else _cluster(finding, names)
    if label is None:
        return body
    return Text(f"{label.vi}: {_lower_first(body.vi)}", f"{label.en}: {_lower_first(body.en)}")


def scheme(finding: Finding, names: Names) -> Text:
    """Return the joint scheme that a finding suggests, in both languages; it holds no numbers."""
    first, second = (names.provinces[c] for c in finding.codes[:2])
    subject = Text(_short(names.subject.vi), _short(names.subject.en))
    if finding.kind == "material":
        return Text(
            f"Đề án liên kết vùng nguyên liệu {subject.vi}: {first.vi} xây dựng vùng nguyên liệu có hợp đồng "
            f"tiêu thụ và sơ chế tại nơi trồng, khai thác; {second.vi} hỗ trợ cơ sở công nghiệp nông thôn "
            "đổi mới máy móc chế biến và cam kết thu mua.",
            f"A joint raw-material scheme for {subject.en}: {first.en} builds a contracted material "
            "zone with "
            f"first processing at the source; {second.en} helps its rural industrial establishments renew "
            "processing machinery and commit to buying.",
        )
    return Text(
        f"Đề án cụm liên kết ngành {_lower_first(subject.vi)}: {first.vi} và {second.vi} dùng chung cơ sở "
        "kỹ thuật, đào tạo nghề, thương hiệu và xúc tiến thương mại.",
        f"A joint cluster scheme for {_lower_first(subject.en)}: {first.en} and {second.en} share technical "
        "facilities, training, a brand and trade promotion.",
    )


def _material(finding: Finding, names: Names) -> Text:
    """Say what is carried, from where to whom, how far, and how firm it is."""
    m = finding.measures
    body = _planned(finding, names) if m["planned_tonnes"] > 0 else _stated(finding, names)
    vi, en = (say(finding.distance_km, lang, "count") for lang in ("vi", "en"))
    return Text(
        f"{body.vi}; quãng đường bộ ước tính {vi} km{_region_clause(finding, names, 'vi')}.",
        f"{body.en}; the way is an estimated {en} km by road{_region_clause(finding, names, 'en')}.",
    )


def _planned(finding: Finding, names: Names) -> Text:
    """Say what the plan carries and what of it is bought already."""
    m = finding.measures
    origin, destination = (names.provinces[c] for c in finding.codes)
    count = m["establishments"]
    vi = (
        f"Theo phương án vận chuyển ít tấn-km nhất, {origin.vi} (dư {say(m['surplus_tonnes'], 'vi')} "
        "tấn/năm) "
        f"có thể cung cấp {say(m['planned_tonnes'], 'vi')} tấn {names.subject.vi} mỗi năm cho "
        f"{destination.vi}, nơi {say(count, 'vi', 'count')} cơ sở công nghiệp nông thôn cần nguyên liệu này"
        f"{_share_clause(m, 'vi')}{_unknown(m, 'vi')}"
    )
    en = (
        f"In the plan with the fewest tonne-kilometres, {origin.en} (surplus "
        f"{say(m['surplus_tonnes'], 'en')} "
        f"tonnes a year) can supply {say(m['planned_tonnes'], 'en')} tonnes of {names.subject.en} a year to "
        f"{destination.en}, where {say(count, 'en', 'count')} rural industrial "
        f"{'establishment needs' if count == 1 else 'establishments need'} it"
        f"{_share_clause(m, 'en')}{_unknown(m, 'en')}"
    )
    if m["stated_tonnes"] > 0:
        buyers, tonnes = m["stated_establishments"], m["stated_tonnes"]
        vi += (
            f"; {say(buyers, 'vi', 'count')} cơ sở ở đó khai báo đã mua {say(tonnes, 'vi')} tấn mỗi năm từ "
            f"{origin.vi}"
        )
        en += (
            f"; {say(buyers, 'en', 'count')} of them {'reports' if buyers == 1 else 'report'} buying "
            f"{say(tonnes, 'en')} tonnes a year from {origin.en}"
        )
    return Text(vi, en)


def _share_clause(m: Mapping[str, Any], lang: str) -> str:
    """Say what part of the destination's need the planned flow is."""
    share = m["planned_tonnes"] / m["demand_tonnes"]
    if lang == "vi":
        return f"; lượng đó bằng {percent(share, 'vi')} nhu cầu của nơi đến{_estimate(m, 'vi')}"
    return f"; that is {percent(share, 'en')} of the destination's need{_estimate(m, 'en')}"


def _stated(finding: Finding, names: Names) -> Text:
    """Say what establishments state to buy from the other province."""
    m = finding.measures
    origin, destination = (names.provinces[c] for c in finding.codes)
    buyers, count = m["stated_establishments"], m["establishments"]
    known = math.isfinite(m["supply_tonnes"])
    output = say(m["supply_tonnes"], "vi"), say(m["supply_tonnes"], "en")
    vi = (
        f"{say(buyers, 'vi', 'count')} cơ sở công nghiệp nông thôn ở {destination.vi} khai báo mua "
        f"{say(m['stated_tonnes'], 'vi')} tấn {names.subject.vi} mỗi năm từ {origin.vi} "
        f"({f'sản lượng {output[0]} tấn/năm' if known else 'chưa có số liệu sản lượng'}), bằng "
        f"{percent(m['covered_share'], 'vi')} nhu cầu của {say(count, 'vi', 'count')} cơ sở cần nguyên "
        "liệu này ở "
        f"nơi đến{_estimate(m, 'vi')}"
    )
    en = (
        f"{say(buyers, 'en', 'count')} rural industrial "
        f"{'establishment' if buyers == 1 else 'establishments'} in "
        f"{destination.en} {'reports' if buyers == 1 else 'report'} buying "
        f"{say(m['stated_tonnes'], 'en')} tonnes of "
        f"{names.subject.en} a year from {origin.en} "
        f"({f'output {output[1]} tonnes a year' if known else 'no supply figure'}), "
        f"{percent(m['covered_share'], 'en')} of the need of the {say(count, 'en', 'count')} "
        f"{'establishment' if count == 1 else 'establishments'} there that "
        f"{'uses' if count == 1 else 'use'} it"
        f"{_estimate(m, 'en')}"
    )
    return Text(vi, en)


def _estimate(m: Mapping[str, Any], lang: str) -> str:
    """Say how much of the need is an estimate and not stated by the establishments."""
    share = m["estimated_share"]
    if share >= 0.9995:
        return " (toàn bộ là ước tính)" if lang == "vi" else " (all of it estimated)"
    if share <= 0.0005:
        return " (do cơ sở khai báo)" if lang == "vi" else " (as the establishments state)"
    if lang == "vi":
        return f" (trong đó {percent(share, 'vi')} là ước tính)"
    return f" ({percent(share, 'en')} of it estimated)"


def _unknown(m: Mapping[str, Any], lang: str) -> str:
    """Say when the destination's own supply has no figure: its shortage is then the whole need."""
    if m["destination_known"]:
        return ""
    if lang == "vi":
        return "; nơi đến chưa có số liệu sản lượng nên có thể tự đáp ứng một phần"
    return "; it has no supply figure of its own and may meet a part itself"


def _cluster(finding: Finding, names: Names) -> Text:
    """Say how many establishments stand on both sides and how surely both are specialised."""
    m = finding.measures
    first, second = (names.provinces[c] for c in finding.codes)
    a, b = m["first"], m["second"]
    subject = Text(_short(names.subject.vi), _short(names.subject.en))
    vi = (
        f"{_upper_first(first.vi)} ({say(a['establishments'], 'vi', 'count')} cơ sở, "
        f"{_lq(a, 'vi')}) và {second.vi} "
        f"({say(b['establishments'], 'vi', 'count')} cơ sở, {_lq(b, 'vi')}) giáp nhau và cùng chuyên môn hóa "
        f"rõ trong ngành “{subject.vi}”: là tiền đề cho một cụm liên kết ngành gồm "
        f"{say(m['establishments'], 'vi', 'count')} cơ sở công nghiệp nông thôn; hai tỉnh, thành phố "
        "cách nhau "
        f"{say(finding.distance_km, 'vi', 'count')} km đường bộ ước "
        f"tính{_region_clause(finding, names, 'vi')}."
    )
    en = (
        f"{first.en} ({say(a['establishments'], 'en', 'count')} establishments, {_lq(a, 'en')}) and "
        f"{second.en} "
        f"({say(b['establishments'], 'en', 'count')} establishments, {_lq(b, 'en')}) share a border "
        "and are both "
        f"clearly specialised in “{subject.en}”: ground for a cluster of "
        f"{say(m['establishments'], 'en', 'count')} rural industrial establishments; the two lie "
        f"{say(finding.distance_km, 'en', 'count')} km apart by estimated "
        f"road{_region_clause(finding, names, 'en')}."
    )
    return Text(vi, en)


def _lq(side: Mapping[str, float], lang: str) -> str:
    """Write the location quotient with its interval."""
    low, high = say(side["lq_low"], lang, "ratio"), say(side["lq_high"], lang, "ratio")
    value = say(side["lq"], lang, "ratio")
    if lang == "vi":
        return f"thương số vị trí {value}, khoảng tin cậy 95 % từ {low} đến {high}"
    return f"location quotient {value}, 95% interval {low} to {high}"


def _region_clause(finding: Finding, names: Names, lang: str) -> str:
    """Name the two regions when the linkage crosses from one to the other."""
    m = finding.measures
    if not m.get("crosses_regions"):
        return ""
    first, second = (names.regions[c] for c in m["region_codes"][:2])
    if lang == "vi":
        return f"; đây là liên kết vùng giữa {first.vi} và {second.vi}"
    return f"; it links two regions, {first.en} and {second.en}"


def _short(name: str) -> str:
    """Return the name of a subject up to its first remark or semicolon."""
    return name.split(" (")[0].split(";")[0].strip()


def _upper_first(text: str) -> str:
    """Start with a capital."""
    return text[:1].upper() + text[1:]


def _lower_first(text: str) -> str:
    """Start in lower case unless the first word is a name or an abbreviation."""
    first = text.split(" ", 1)[0]
    common = first in {"Theo", "In", "Tỉnh", "Thành"} or first.startswith(("Sản", "Chế", "Manufacture"))
    return text[:1].lower() + text[1:] if common else text
