"""The words of kind ``material``: its sentence, the scheme it suggests, its meanings and its notes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from geo.linkage.model import Finding, Text
from geo.linkage.narrative import Names, percent, region_clause, say, short

MEANINGS: Mapping[str, Text] = {
    "magnitude": Text(
        "Lượng nguyên liệu, tấn mỗi năm: dòng của phương án vận chuyển hoặc lượng khai báo đã mua, lấy số lớn "
        "hơn.",
        "Tonnes a year: the planned flow or what is stated to be bought already, whichever is larger.",
    ),
    "need": Text(
        "Tỷ lệ nhu cầu của nơi đến được đáp ứng, nhân với độ phủ cả nước của số liệu (0,5 nếu chưa biết) khi "
        "nơi đến chưa có số liệu sản lượng.",
        "Share of the destination's need that is covered, times the national coverage of the figures (0.5 if "
        "unknown) where the destination has no supply figure.",
    ),
    "strength": Text(
        "Phần sản lượng nơi đi còn dư sau khi đáp ứng nhu cầu tại chỗ.",
        "Share of the origin's supply that is left after its own need.",
    ),
}

NOTES: Mapping[str, tuple[str, str]] = {
    "noise": (
        "{n} dòng dưới 1 tấn/năm hoặc dưới 1 % nhu cầu nơi đến bị bỏ vì nhỏ hơn sai số ước tính.",
        "{n} flows under 1 tonne a year or under 1% of the destination's need are left out as noise.",
    ),
    "single": (
        "{n} nơi mua chỉ do một cơ sở khai báo nên chưa đủ để thành cơ hội liên kết.",
        "{n} origins are stated by one establishment only, too little to make an opportunity.",
    ),
}


def sentence(finding: Finding, names: Names) -> Text:
    """Say what is carried, from where to whom, how far, and how firm it is."""
    m = finding.measures
    body = _planned(finding, names) if m["planned_tonnes"] > 0 else _stated(finding, names)
    vi, en = (say(finding.distance_km, lang, "count") for lang in ("vi", "en"))
    return Text(
        f"{body.vi}; quãng đường bộ ước tính {vi} km{region_clause(finding, names, 'vi')}.",
        f"{body.en}; the way is an estimated {en} km by road{region_clause(finding, names, 'en')}.",
    )


def scheme(finding: Finding, names: Names) -> Text:
    """Return the joint scheme that the link suggests, in both languages; it holds no numbers."""
    origin, destination = (names.provinces[c] for c in finding.codes)
    subject = short(names.subject)
    return Text(
        f"Đề án liên kết vùng nguyên liệu {subject.vi}: {origin.vi} xây dựng vùng nguyên liệu có hợp đồng "
        f"tiêu thụ và sơ chế tại nơi trồng, khai thác; {destination.vi} hỗ trợ cơ sở công nghiệp nông thôn "
        "đổi mới máy móc chế biến và cam kết thu mua.",
        f"A joint raw-material scheme for {subject.en}: {origin.en} builds a contracted material zone with "
        f"first processing at the source; {destination.en} helps its rural industrial establishments renew "
        "processing machinery and commit to buying.",
    )


def _planned(finding: Finding, names: Names) -> Text:
    """Say what the plan carries and what of it is bought already."""
    m = finding.measures
    origin, destination = (names.provinces[c] for c in finding.codes)
    count = m["establishments"]
    vi = (
        f"Theo phương án vận chuyển ít tấn-km nhất, {origin.vi} (dư {say(m['surplus_tonnes'], 'vi')} tấn/năm) "
        f"có thể cung cấp {say(m['planned_tonnes'], 'vi')} tấn {names.subject.vi} mỗi năm cho "
        f"{destination.vi}, nơi {say(count, 'vi', 'count')} cơ sở công nghiệp nông thôn cần nguyên liệu này"
        f"{_share_clause(m, 'vi')}{_unknown(m, 'vi')}"
    )
    en = (
        f"In the plan with the fewest tonne-kilometres, {origin.en} (surplus {say(m['surplus_tonnes'], 'en')} "
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
        f"{percent(m['covered_share'], 'vi')} nhu cầu của {say(count, 'vi', 'count')} cơ sở cần nguyên liệu "
        f"này ở nơi đến{_estimate(m, 'vi')}"
    )
    en = (
        f"{say(buyers, 'en', 'count')} rural industrial "
        f"{'establishment' if buyers == 1 else 'establishments'} in {destination.en} "
        f"{'reports' if buyers == 1 else 'report'} buying {say(m['stated_tonnes'], 'en')} tonnes of "
        f"{names.subject.en} a year from {origin.en} "
        f"({f'output {output[1]} tonnes a year' if known else 'no supply figure'}), "
        f"{percent(m['covered_share'], 'en')} of the need of the {say(count, 'en', 'count')} "
        f"{'establishment' if count == 1 else 'establishments'} there that "
        f"{'uses' if count == 1 else 'use'} it{_estimate(m, 'en')}"
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
