"""The words of kind ``experience``: its sentence, scheme, confidence, meanings and notes."""

from __future__ import annotations

from collections.abc import Mapping

from geo.linkage import subject_names
from geo.linkage.confidence import Aspects, DataContext
from geo.linkage.material_judge import GRADE
from geo.linkage.model import Finding, Text
from geo.linkage.narrative import (
    Names,
    percent,
    quotient,
    region_clause,
    say,
    short,
    upper_first,
)
from geo.subjects.own_supply import OWN

#: Establishments of the learner from which on its shares of sectors are counted as firm, and below which they
#: hold the letter to C. Assumptions.
_FIRM_TOTAL, _FEW_TOTAL = 300, 100
#: The same for the provinces specialised in the class, from which its nearness to other classes is read.
_FIRM_PROVINCES, _FEW_PROVINCES = 12, 6

MEANINGS: Mapping[str, Text] = {
    "magnitude": Text(
        "Số cơ sở của tỉnh học hỏi trong ngành này và trong các ngành gần mà tỉnh đã mạnh.",
        "Establishments of the learning province in the class and in the near classes it is strong in.",
    ),
    "need": Text(
        "1 − LQ của tỉnh học hỏi trong ngành (0 khi bằng mức cả nước, 1 khi chưa có cơ sở nào).",
        "1 − the learner's LQ in the class (0 at the national share, 1 when it has none).",
    ),
    "strength": Text(
        "Trung bình của 1 − 1/LQ ở tỉnh dẫn đầu (cận dưới) và mật độ ngành gần của tỉnh học hỏi.",
        "Mean of 1 − 1/LQ of the leader (lower bound) and the learner's density of related sectors.",
    ),
}

NOTES: Mapping[str, tuple[str, str]] = {
    "weak_ground": (
        "{n} hướng học hỏi bị bỏ vì tỉnh không nằm trong nửa trên cả nước về ngành gần và về nguyên liệu dư, "
        "có dưới 1 % lượng dư, hoặc đã có thương số vị trí trên 0,8 (giả định).",
        "{n} steps to learn are left out because the province is not in the upper half both by related "
        "sectors and by surplus, holds under 1% of the surplus, or has a location quotient above 0.8 already (assumptions).",
    ),
    "thin": (
        "{n} hướng học hỏi bị bỏ vì số liệu mỏng: tỉnh có ít cơ sở, ngành có ít tỉnh mạnh, hoặc nguyên liệu có "
        "ít tỉnh có số liệu.",
        "{n} steps to learn are left out for thin data: few establishments in the province, few provinces strong in "
        "the sector, or few provinces with a figure for the material.",
    ),
    "no_kin": (
        "{n} hướng học hỏi bị bỏ vì tỉnh chưa mạnh ở ngành nào cùng nhóm ngành cấp 3 hoặc cùng nguyên liệu.",
        "{n} steps to learn are left out because the province is strong in no class of the same VSIC group or the same "
        "material.",
    ),
    "no_leader": (
        "{n} hướng học hỏi chưa có tỉnh nào trong 800 km (giả định) chuyên môn hóa rõ với từ 10 cơ sở trở lên.",
        "{n} steps have no province within 800 km (an assumption) that is clearly specialised with 10 "
        "establishments or more.",
    ),
    "more_steps": (
        "{n} hướng học hỏi bị bỏ vì mỗi tỉnh chỉ giữ 2 ngành phù hợp nhất.",
        "{n} steps to learn are left out: each province keeps the 2 that suit it best.",
    ),
    "farther_leaders": (
        "{n} tỉnh dẫn đầu ở xa hơn bị bỏ vì mỗi hướng học hỏi chỉ giữ 2 tỉnh gần nhất.",
        "{n} farther leaders are left out: each step keeps the 2 nearest.",
    ),
}


def sentence(finding: Finding, names: Names) -> Text:
    """Say who leads the class, what ground the learner has for it, and who would take part."""
    m = finding.measures
    leader, learner = (names.provinces[c] for c in finding.codes)
    subject, material = short(names.subject), subject_names.material(m["material_code"])
    a, b = m["leader"], m["learner"]
    vi = (
        f"{upper_first(learner.vi)} dư {say(m['surplus_tonnes'], 'vi')} tấn {material.vi} mỗi năm, đã mạnh ở "
        f"ngành gần {_related(finding, 'vi')} (mật độ ngành gần {percent(m['density'], 'vi')}) nhưng "
        f"{_presence(b['establishments'], b['lq'], 'vi')} “{subject.vi}”; có thể học hỏi {leader.vi}, nơi chuyên "
        f"môn hóa rõ ngành này ({say(a['establishments'], 'vi', 'count')} cơ sở, {quotient(a, 'vi')}): "
        f"{say(m['establishments'], 'vi', 'count')} cơ sở công nghiệp nông thôn trong ngành và ngành gần ở "
        f"{learner.vi} có thể tham gia; quãng đường bộ ước tính {say(finding.distance_km, 'vi', 'count')} "
        f"km{region_clause(finding, names, 'vi')}."
    )
    en = (
        f"{learner.en} has {say(m['surplus_tonnes'], 'en')} tonnes of {material.en} left over a year and is "
        f"strong in the near {_related(finding, 'en')} (density of related sectors {percent(m['density'], 'en')}), "
        f"but {_presence(b['establishments'], b['lq'], 'en')} “{subject.en}”; it could learn from {leader.en}, "
        f"which is clearly specialised there ({say(a['establishments'], 'en', 'count')} establishments, "
        f"{quotient(a, 'en')}): {say(m['establishments'], 'en', 'count')} rural industrial establishments in the "
        f"class and the near ones in {learner.en} could take part; the way is an estimated "
        f"{say(finding.distance_km, 'en', 'count')} km by road{region_clause(finding, names, 'en')}."
    )
    return Text(vi, en)


def _related(finding: Finding, lang: str) -> str:
    """Name the near classes in which the learner is strong."""
    near = [subject_names.common(subject_names.sector(code)) for code in finding.measures["related"]]
    return ", ".join(f"“{name.vi if lang == 'vi' else name.en}”" for name in near)


def _presence(count: int, lq: float, lang: str) -> str:
    """Say how little of the class the learner has itself; the name of the class follows."""
    if count == 0:
        return "chưa có cơ sở nào trong ngành" if lang == "vi" else "has no establishment in"
    value = say(lq, lang, "ratio")
    if lang == "vi":
        return f"mới có {say(count, 'vi', 'count')} cơ sở (thương số vị trí {value}, dưới mức cả nước) trong ngành"
    noun = "establishment" if count == 1 else "establishments"
    return f"has only {say(count, 'en', 'count')} {noun} (location quotient {value}, below the national share) in"


def scheme(finding: Finding, names: Names) -> Text:
    """Return the joint scheme that the exchange suggests, in both languages; it holds no numbers."""
    leader, learner = (names.provinces[c] for c in finding.codes)
    subject = short(names.subject)
    return Text(
        f"Đề án trao đổi kinh nghiệm, chuyển giao kỹ thuật ngành {subject_names.common(subject).vi}: {leader.vi} tiếp đoàn "
        f"học tập, cử nghệ nhân và chuyên gia; {learner.vi} xây dựng mô hình trình diễn kỹ thuật, đào tạo nghề "
        "và hỗ trợ máy móc cho cơ sở tiếp nhận.",
        f"An exchange and technology-transfer scheme for {subject_names.common(subject).en}: {leader.en} hosts study "
        f"visits and sends masters and experts; {learner.en} sets up demonstration models, training and "
        "machinery support for those who take it up.",
    )


def judge(finding: Finding, context: DataContext) -> Aspects:
    """Judge the leader's significance, the size of the learner and the figure behind the surplus."""
    m = finding.measures
    low, total, grade = m["lq_low_weakest"], m["learner_total"], m["reliability"]
    provinces = m["specialised_provinces"]
    kind = Text(f"loại {grade or 'chưa xếp'}", f"grade {grade or 'none'}")
    if grade == OWN:
        kind = Text("khai báo của đơn vị", "stated by the user's own office")
    aspects = [
        min(1.0, max(0.0, low - 1.0)),
        min(1.0, total / _FIRM_TOTAL),
        min(1.0, provinces / _FIRM_PROVINCES),
        GRADE.get(grade, 0.0),
    ]
    # Related sectors found in one place are a sign of skills, not a survey of them.
    limits = ["B"]
    if total < _FEW_TOTAL or provinces < _FEW_PROVINCES or grade not in ("A", "B"):
        limits.append("C")
    reasons = [
        Text(
            f"Cận dưới của thương số vị trí ở tỉnh dẫn đầu là {say(low, 'vi', 'ratio')} (trên 1 là chuyên môn hóa).",
            f"The lower bound of the leader's location quotient is {say(low, 'en', 'ratio')} (above 1 means "
            "specialised).",
        ),
        Text(
            f"Mật độ ngành gần tính từ {say(total, 'vi', 'count')} cơ sở của tỉnh học hỏi và "
            f"{say(provinces, 'vi', 'count')} tỉnh mạnh ngành này; các ngành cùng có mặt ở một nơi là dấu hiệu của "
            "kỹ năng liên quan, chưa phải kết quả khảo sát.",
            f"The density of related sectors is read from {say(total, 'en', 'count')} establishments of the learner "
            f"and {say(provinces, 'en', 'count')} provinces strong in the class; sectors found in one place are a "
            "sign of related skills, not a survey of them.",
        ),
        Text(
            f"Số liệu sản lượng nguyên liệu: {kind.vi}; {m['figures']} tỉnh có số liệu để so sánh.",
            f"Supply figure of the material: {kind.en}; {m['figures']} provinces have one to compare.",
        ),
        Text(
            "Lượng dư là sản lượng trừ nhu cầu của các cơ sở trong bộ dữ liệu; người mua ngoài bộ dữ liệu chưa "
            "được trừ.",
            "The surplus is output less the need of the establishments in the data set; buyers outside it are not "
            "deducted.",
        ),
    ]
    return aspects, limits, reasons
