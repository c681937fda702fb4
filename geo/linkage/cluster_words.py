"""The words of kind ``cluster``: its sentence, scheme, confidence, meanings and notes."""

from __future__ import annotations

from collections.abc import Mapping

from geo.linkage.confidence import Aspects, DataContext
from geo.linkage.model import Finding, Text
from geo.linkage.narrative import (
    Names,
    lower_first,
    percent,
    quotient,
    region_clause,
    say,
    short,
    upper_first,
)

MEANINGS: Mapping[str, Text] = {
    "magnitude": Text(
        "Số cơ sở trong ngành ở cả hai tỉnh.",
        "Establishments of the sector in both provinces.",
    ),
    "need": Text(
        "Tỷ lệ cơ sở dưới 10 lao động.",
        "Share of establishments with under 10 employees.",
    ),
    "strength": Text(
        "1 − 1/LQ, lấy cận dưới của thương số vị trí ở tỉnh yếu hơn.",
        "1 − 1/LQ at the lower bound of the weaker province's location quotient.",
    ),
}

NOTES: Mapping[str, tuple[str, str]] = {
    "within_class": (
        "{n} cụm theo ngành cấp 2 được thay bằng cụm theo ngành cấp 4 của cùng hai tỉnh.",
        "{n} clusters of a division gave way to clusters of its classes in the same two provinces.",
    ),
}


def sentence(finding: Finding, names: Names) -> Text:
    """Say how many establishments stand on both sides and how surely both are specialised."""
    m = finding.measures
    first, second = (names.provinces[c] for c in finding.codes)
    a, b = m["first"], m["second"]
    subject = short(names.subject)
    vi = (
        f"{upper_first(first.vi)} ({say(a['establishments'], 'vi', 'count')} cơ sở, {quotient(a, 'vi')}) và "
        f"{second.vi} ({say(b['establishments'], 'vi', 'count')} cơ sở, {quotient(b, 'vi')}) giáp nhau và "
        f"cùng chuyên môn hóa rõ trong ngành “{subject.vi}”: là tiền đề cho một cụm liên kết ngành gồm "
        f"{say(m['establishments'], 'vi', 'count')} cơ sở công nghiệp nông thôn; hai tỉnh, thành phố cách "
        f"nhau {say(finding.distance_km, 'vi', 'count')} km đường bộ ước tính"
        f"{region_clause(finding, names, 'vi')}."
    )
    en = (
        f"{first.en} ({say(a['establishments'], 'en', 'count')} establishments, {quotient(a, 'en')}) and "
        f"{second.en} ({say(b['establishments'], 'en', 'count')} establishments, {quotient(b, 'en')}) share a "
        f"border and are both clearly specialised in “{subject.en}”: ground for a cluster of "
        f"{say(m['establishments'], 'en', 'count')} rural industrial establishments; the two lie "
        f"{say(finding.distance_km, 'en', 'count')} km apart by estimated road"
        f"{region_clause(finding, names, 'en')}."
    )
    return Text(vi, en)


def scheme(finding: Finding, names: Names) -> Text:
    """Return the joint scheme that the cluster suggests, in both languages; it holds no numbers."""
    first, second = (names.provinces[c] for c in finding.codes)
    subject = short(names.subject)
    return Text(
        f"Đề án cụm liên kết ngành {lower_first(subject.vi)}: {first.vi} và {second.vi} dùng chung cơ sở "
        "kỹ thuật, đào tạo nghề, thương hiệu và xúc tiến thương mại.",
        f"A joint cluster scheme for {lower_first(subject.en)}: {first.en} and {second.en} share technical "
        "facilities, training, a brand and trade promotion.",
    )


def judge(finding: Finding, context: DataContext) -> Aspects:
    """Judge the significance of both location quotients and how much is known of the sizes."""
    m = finding.measures
    low = m["lq_low_weakest"]
    fewest = min(m["first"]["establishments"], m["second"]["establishments"])
    significance = min(1.0, max(0.0, low - 1.0))
    aspects = [significance, min(1.0, fewest / 30.0), m["employees_known_share"]]
    limits = ["B"] if fewest < 10 else []
    reasons = [
        Text(
            f"Cận dưới của thương số vị trí ở tỉnh yếu hơn là {say(low, 'vi', 'ratio')} (trên 1 là chuyên "
            "môn hóa).",
            f"The lower bound of the weaker location quotient is {say(low, 'en', 'ratio')} (above 1 means "
            "specialised).",
        ),
        Text(
            f"Tỉnh ít cơ sở hơn có {say(fewest, 'vi', 'count')} cơ sở trong ngành.",
            f"The province with fewer has {say(fewest, 'en', 'count')} establishments in the sector.",
        ),
        Text(
            f"{percent(m['employees_known_share'], 'vi')} cơ sở có số lao động.",
            f"{percent(m['employees_known_share'], 'en')} of the establishments state their employees.",
        ),
    ]
    return aspects, limits, reasons
