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
        "Số cơ sở trong ngành ở cả hai tỉnh; khi chỉ dựa vào điểm nóng vắt qua ranh giới thì là số cơ sở của "
        "hai tỉnh trong điểm nóng.",
        "Establishments of the sector in both provinces; where only a hot spot across the border is the ground, "
        "those of the two in it.",
    ),
    "need": Text(
        "Tỷ lệ cơ sở dưới 10 lao động.",
        "Share of establishments with under 10 employees.",
    ),
    "strength": Text(
        "1 − 1/LQ, lấy cận dưới của thương số vị trí ở tỉnh yếu hơn; với điểm nóng, LQ là tỷ trọng của ngành "
        "trong đó so với cả nước.",
        "1 − 1/LQ at the lower bound of the weaker province's location quotient; for a hot spot, at how many "
        "times as frequent the sector is in it.",
    ),
}

NOTES: Mapping[str, tuple[str, str]] = {
    "within_class": (
        "{n} cụm theo ngành cấp 2 được thay bằng cụm theo ngành cấp 4 của cùng hai tỉnh.",
        "{n} clusters of a division gave way to clusters of its classes in the same two provinces.",
    ),
    "thin_side": (
        "{n} điểm nóng vắt qua ranh giới có dưới 5 cơ sở ở một bên nên không được tính.",
        "{n} hot spots across a border have fewer than 5 establishments on one side and are not counted.",
    ),
}


def sentence(finding: Finding, names: Names) -> Text:
    """Say how many establishments stand on both sides and on which grounds they make one cluster."""
    m = finding.measures
    body = _specialised(finding, names) if m["sure"] else _hot_spot(finding, names)
    vi = f"{body.vi}; hai tỉnh, thành phố cách nhau {say(finding.distance_km, 'vi', 'count')} km đường bộ ước tính"
    en = f"{body.en}; the two lie {say(finding.distance_km, 'en', 'count')} km apart by estimated road"
    return Text(f"{vi}{region_clause(finding, names, 'vi')}.", f"{en}{region_clause(finding, names, 'en')}.")


def _specialised(finding: Finding, names: Names) -> Text:
    """Say how surely both are specialised, and add the hot spot where there is one."""
    m = finding.measures
    first, second = (names.provinces[c] for c in finding.codes)
    a, b, hot = m["first"], m["second"], m["hot_spot"]
    subject = short(names.subject)
    vi = (
        f"{upper_first(first.vi)} ({say(a['establishments'], 'vi', 'count')} cơ sở, {quotient(a, 'vi')}) và "
        f"{second.vi} ({say(b['establishments'], 'vi', 'count')} cơ sở, {quotient(b, 'vi')}) giáp nhau và "
        f"cùng chuyên môn hóa rõ trong ngành “{subject.vi}”: là tiền đề cho một cụm liên kết ngành gồm "
        f"{say(m['establishments'], 'vi', 'count')} cơ sở công nghiệp nông thôn"
    )
    en = (
        f"{first.en} ({say(a['establishments'], 'en', 'count')} establishments, {quotient(a, 'en')}) and "
        f"{second.en} ({say(b['establishments'], 'en', 'count')} establishments, {quotient(b, 'en')}) share a "
        f"border and are both clearly specialised in “{subject.en}”: ground for a cluster of "
        f"{say(m['establishments'], 'en', 'count')} rural industrial establishments"
    )
    if hot is not None:
        vi += f"; một điểm nóng của ngành vắt qua ranh giới chung, có {_in_spot(finding, names, 'vi')}"
        en += f"; a hot spot of the sector lies across the border, with {_in_spot(finding, names, 'en')}"
    return Text(vi, en)


def _hot_spot(finding: Finding, names: Names) -> Text:
    """Say that a hot spot crosses the border although not both provinces are surely specialised."""
    m = finding.measures
    first, second = (names.provinces[c] for c in finding.codes)
    a, b, subject = m["first"], m["second"], short(names.subject)
    vi = (
        f"{upper_first(first.vi)} và {second.vi} có chung một điểm nóng của ngành “{subject.vi}” vắt qua ranh "
        f"giới, có {_in_spot(finding, names, 'vi')}: là tiền đề cho một cụm liên kết ngành gồm "
        f"{say(m['establishments'], 'vi', 'count')} cơ sở công nghiệp nông thôn; tính cả tỉnh thì thương số vị "
        f"trí là {say(a['lq'], 'vi', 'ratio')} và {say(b['lq'], 'vi', 'ratio')}, chưa cùng chuyên môn hóa rõ"
    )
    en = (
        f"{first.en} and {second.en} share a hot spot of “{subject.en}” across their border, with "
        f"{_in_spot(finding, names, 'en')}: ground for a cluster of {say(m['establishments'], 'en', 'count')} "
        f"rural industrial establishments; over the whole provinces the location quotients are "
        f"{say(a['lq'], 'en', 'ratio')} and {say(b['lq'], 'en', 'ratio')}, not both clearly specialised"
    )
    return Text(vi, en)


def _in_spot(finding: Finding, names: Names, lang: str) -> str:
    """Say how many establishments the hot spot has on each side and how dense the sector is in it."""
    hot = finding.measures["hot_spot"]
    first, second = (names.provinces[c] for c in finding.codes)
    one, two = (say(hot[f"establishments_{side}"], lang, "count") for side in ("first", "second"))
    ratio = say(hot["ratio"], lang, "ratio")
    if lang == "vi":
        return f"{one} cơ sở ở {first.vi} và {two} ở {second.vi}, tỷ trọng của ngành gấp {ratio} lần cả nước"
    return (
        f"{one} establishments in {first.en} and {two} in {second.en}, the sector {ratio} times as frequent as in "
        "the country"
    )


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
    """Judge the significance of the ground, the smaller side and how much is known of the sizes."""
    m, hot = finding.measures, finding.measures["hot_spot"]
    low = m["lq_low_weakest"]
    if m["sure"]:
        above, fewest = low, min(m["first"]["establishments"], m["second"]["establishments"])
        reasons = [
            Text(
                f"Cận dưới của thương số vị trí ở tỉnh yếu hơn là {say(low, 'vi', 'ratio')} (trên 1 là chuyên "
                "môn hóa).",
                f"The lower bound of the weaker location quotient is {say(low, 'en', 'ratio')} (above 1 means "
                "specialised).",
            )
        ]
    else:
        above, fewest = hot["ratio"], min(hot["establishments_first"], hot["establishments_second"])
        reasons = []
    if hot is not None:
        reasons.append(_SIGNIFICANT)
    where = Text("trong ngành", "in the sector") if m["sure"] else Text("trong điểm nóng", "in the hot spot")
    reasons += [
        Text(
            f"Tỉnh ít cơ sở hơn có {say(fewest, 'vi', 'count')} cơ sở {where.vi}.",
            f"The province with fewer has {say(fewest, 'en', 'count')} establishments {where.en}.",
        ),
        Text(
            f"{percent(m['employees_known_share'], 'vi')} cơ sở có số lao động.",
            f"{percent(m['employees_known_share'], 'en')} of the establishments state their employees.",
        ),
    ]
    significance = min(1.0, max(0.0, above - 1.0))
    aspects = [significance, min(1.0, fewest / 30.0), m["employees_known_share"]]
    return aspects, ["B"] if fewest < 10 else [], reasons


_SIGNIFICANT = Text(
    "Điểm nóng vắt qua ranh giới có ý nghĩa thống kê sau khi hiệu chỉnh cho nhiều phép kiểm định.",
    "The hot spot across the border is significant after correction for many tests.",
)
