"""The words of kind ``chain``: its sentence, scheme, confidence, meanings and notes."""

from __future__ import annotations

from collections.abc import Mapping

from geo.linkage import subject_names
from geo.linkage.confidence import Aspects, DataContext
from geo.linkage.model import Finding, Text
from geo.linkage.narrative import Names, quotient, region_clause, say, upper_first

#: How far a link between sectors is trusted: read from a sourced table of the country, or from another
#: country's structure. Conventions of the product.
_TABLE_TRUST = {"own": 0.8, "foreign": 0.3}
#: Below this standing among all pairs a link of another country's table is held to C.
_FIRM_PERCENTILE = 0.95

MEANINGS: Mapping[str, Text] = {
    "magnitude": Text(
        "Số cơ sở ngành thượng nguồn ở tỉnh cung ứng cộng số cơ sở ngành hạ nguồn ở tỉnh tiêu thụ.",
        "Establishments of the upstream sector in the supplying province plus those of the downstream sector in "
        "the buying one.",
    ),
    "need": Text(
        "Ngành thượng nguồn của tỉnh tiêu thụ thua tỉnh cung ứng bao nhiêu: 1 − LQ tỉnh tiêu thụ / LQ tỉnh "
        "cung ứng.",
        "How far the buying province's own upstream sector lags behind: 1 − its LQ / the supplier's LQ.",
    ),
    "strength": Text(
        "1 − 1/LQ, lấy cận dưới của đầu yếu hơn trong hai đầu chuỗi.",
        "1 − 1/LQ at the lower bound of the weaker end of the chain.",
    ),
}

NOTES: Mapping[str, tuple[str, str]] = {
    "too_far": (
        "{n} cặp tỉnh cung ứng – tiêu thụ cách nhau hơn 300 km đường bộ ước tính (giả định) nên không coi là "
        "chuỗi cung ứng.",
        "{n} supplier–buyer pairs of provinces lie more than 300 estimated road km apart (an assumption) and are "
        "not counted as chains.",
    ),
    "too_few": (
        "{n} cặp bị bỏ vì một đầu có dưới 10 cơ sở (giả định), quá ít cho một chương trình nhà cung ứng.",
        "{n} pairs are left out because one end has under 10 establishments (an assumption), too few for a "
        "supplier programme.",
    ),
    "no_lead": (
        "{n} cặp tỉnh mạnh cả hai khâu nhưng không tỉnh nào hơn hẳn ở khâu của mình nên không thành chuỗi; xem "
        "loại liên kết cụm ngành.",
        "{n} pairs are strong in both parts with neither clearly ahead in its own, so they make no chain; see the "
        "cluster linkages.",
    ),
    "farther_suppliers": (
        "{n} nguồn cung xa hơn được bỏ vì mỗi tỉnh tiêu thụ chỉ giữ 2 tỉnh cung ứng gần nhất cho một cặp ngành.",
        "{n} farther suppliers are left out: a buying province keeps the 2 nearest for each pair of sectors.",
    ),
}


def sentence(finding: Finding, names: Names) -> Text:
    """Say who could supply whom with what, how surely both are strong, and what the link rests on."""
    m = finding.measures
    origin, destination = (names.provinces[c] for c in finding.codes)
    sells, buys = (subject_names.sector(m[f"{end}_code"]) for end in ("upstream", "downstream"))
    supplier, buyer, own = m["supplier"], m["buyer"], m["own"]
    vi = (
        f"{upper_first(origin.vi)} chuyên môn hóa rõ ngành “{sells.vi}” "
        f"({say(supplier['establishments'], 'vi', 'count')} cơ sở, {quotient(supplier, 'vi')}), còn "
        f"{destination.vi} chuyên môn hóa rõ ngành “{buys.vi}” ({say(buyer['establishments'], 'vi', 'count')} cơ "
        f"sở, {quotient(buyer, 'vi')}) nhưng {_own(own['establishments'], own['lq'], 'vi')}: có thể kết nối "
        f"{say(m['establishments'], 'vi', 'count')} cơ sở công nghiệp nông thôn thành chuỗi cung ứng; "
        f"{_basis(finding, 'vi')}; quãng đường bộ ước tính {say(finding.distance_km, 'vi', 'count')} "
        f"km{region_clause(finding, names, 'vi')}."
    )
    en = (
        f"{origin.en} is clearly specialised in “{sells.en}” ({say(supplier['establishments'], 'en', 'count')} "
        f"establishments, {quotient(supplier, 'en')}) and {destination.en} in “{buys.en}” "
        f"({say(buyer['establishments'], 'en', 'count')} establishments, {quotient(buyer, 'en')}) but "
        f"{_own(own['establishments'], own['lq'], 'en')}: {say(m['establishments'], 'en', 'count')} rural "
        f"industrial establishments could be joined in a supply chain; {_basis(finding, 'en')}; the way is an "
        f"estimated {say(finding.distance_km, 'en', 'count')} km by road{region_clause(finding, names, 'en')}."
    )
    return Text(vi, en)


def _own(count: int, lq: float, lang: str) -> str:
    """Say how much of the upstream sector the buying province has itself."""
    if count == 0:
        return "chưa có cơ sở nào ở khâu cung ứng" if lang == "vi" else "has no supplier of its own"
    if lang == "vi":
        return f"khâu cung ứng tại chỗ còn mỏng hơn (thương số vị trí {say(lq, 'vi', 'ratio')})"
    return f"has fewer suppliers of its own (location quotient {say(lq, 'en', 'ratio')})"


def _basis(finding: Finding, lang: str) -> str:
    """Say from which table the link comes; a link inside one code of the table is an assumption."""
    m = finding.measures
    if m["within"]:
        if lang == "vi":
            return "bảng liên ngành gộp hai ngành này làm một nên chiều cung ứng là giả định"
        return "the input–output table holds the two sectors in one, so the direction is an assumption"
    rank, pairs = (m["link_rank"], m["link_pairs"])
    if lang == "vi":
        whose = (
            f"cơ cấu liên ngành của Trung Quốc năm {m['table_year']} (chưa có bảng công khai của Việt Nam)"
            if m["shipped"]
            else "bảng cân đối liên ngành đã nạp"
        )
        return (
            f"theo {whose}, liên kết này đứng thứ {say(rank, 'vi', 'count')} trong "
            f"{say(pairs, 'vi', 'count')} cặp ngành"
        )
    whose = (
        f"the structure of China in {m['table_year']} (no table of Viet Nam is public)"
        if m["shipped"]
        else "the input–output table brought in"
    )
    return f"by {whose} the link ranks {say(rank, 'en', 'count')} of {say(pairs, 'en', 'count')} pairs of sectors"


def scheme(finding: Finding, names: Names) -> Text:
    """Return the joint scheme that the chain suggests, in both languages; it holds no numbers."""
    origin, destination = (names.provinces[c] for c in finding.codes)
    m = finding.measures
    sells, buys = (subject_names.sector(m[f"{end}_code"]) for end in ("upstream", "downstream"))
    return Text(
        f"Chương trình kết nối nhà cung ứng {subject_names.common(sells).vi} – {subject_names.common(buys).vi}: {origin.vi} "
        "hỗ trợ cơ sở công nghiệp nông thôn nâng chất lượng, đạt tiêu chuẩn của bên mua; "
        f"{destination.vi} lập danh mục nhu cầu, tổ chức kết nối cung – cầu và hợp đồng mua dài hạn.",
        f"A supplier programme, {subject_names.common(sells).en} for {subject_names.common(buys).en}: {origin.en} helps its "
        f"rural industrial establishments reach the buyers' standards; {destination.en} lists what its "
        "establishments need, brings both sides together and backs longer contracts.",
    )


def judge(finding: Finding, context: DataContext) -> Aspects:
    """Judge the significance of both ends and how far the link between the sectors can be trusted."""
    m = finding.measures
    low = m["lq_low_weakest"]
    fewest = min(m["supplier"]["establishments"], m["buyer"]["establishments"])
    own = not m["foreign"] and m["sourced"]
    aspects = [
        min(1.0, max(0.0, low - 1.0)),
        min(1.0, fewest / 30.0),
        _TABLE_TRUST["own" if own else "foreign"],
    ]
    limits = [] if own else ["B"]
    if m["within"] or (not own and m["link_percentile"] < _FIRM_PERCENTILE):
        limits.append("C")
    reasons = [
        Text(
            f"Cận dưới của thương số vị trí ở đầu yếu hơn là {say(low, 'vi', 'ratio')} (trên 1 là chuyên môn hóa).",
            f"The lower bound of the weaker location quotient is {say(low, 'en', 'ratio')} (above 1 means "
            "specialised).",
        ),
        Text(
            f"Đầu ít cơ sở hơn có {say(fewest, 'vi', 'count')} cơ sở trong ngành.",
            f"The end with fewer has {say(fewest, 'en', 'count')} establishments in its sector.",
        ),
        _table_reason(m["foreign"], m["sourced"]),
        Text(
            "Chưa có số liệu giao dịch giữa hai tỉnh: đây là khả năng, cần khảo sát cơ sở hai bên.",
            "No trade between the two provinces is on record: this is a possibility; ask establishments on both "
            "sides.",
        ),
    ]
    if m["shared"] and not m["within"]:
        reasons.append(
            Text(
                "Bảng gộp nhiều ngành cấp 2 làm một nên hệ số là của cả nhóm ngành.",
                "The table holds several divisions in one, so the coefficient is that of the group.",
            )
        )
    return aspects, limits, reasons


def _table_reason(foreign: bool, sourced: bool) -> Text:
    """Say what the table of links is worth."""
    if foreign:
        return Text(
            "Liên kết giữa hai ngành lấy theo cơ cấu của nước khác, chỉ dùng để xếp thứ bậc.",
            "The link between the sectors is that of another country's structure and only ranks links.",
        )
    if not sourced:
        return Text(
            "Bảng liên ngành đã nạp chưa ghi nguồn.",
            "The input–output table brought in states no source.",
        )
    return Text(
        "Liên kết giữa hai ngành lấy từ bảng cân đối liên ngành có ghi nguồn.",
        "The link between the sectors comes from a sourced input–output table.",
    )
