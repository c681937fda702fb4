"""The words of a group: its sentence, the flagship scheme it suggests, the reasons of its confidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from geo.linkage.group_model import Group, Magnitude
from geo.linkage.model import Opportunity, Text
from geo.linkage.narrative import say, short
from geo.linkage.support_words import with_support
from geo.places import admin

#: Part of a province -> what it is called in a list of members.
ROLE_NAMES: Mapping[str, Text] = {
    "source": Text("nguồn nguyên liệu", "source of raw material"),
    "processor": Text("nơi chế biến", "processor"),
    "core": Text("hạt nhân cụm ngành", "core of the cluster"),
    "partner": Text("thành viên cụm ngành", "partner in the cluster"),
    "upstream": Text("cung ứng đầu vào", "supplier of inputs"),
    "downstream": Text("sử dụng đầu vào", "user of inputs"),
    "leader": Text("đi đầu về ngành", "leader in the trade"),
    "learner": Text("tiếp nhận kinh nghiệm", "learner of the trade"),
}
#: Part of a province -> the activity a scheme would hold because the group has it.
_ACTIVITIES: Mapping[str, Text] = {
    "source": Text(
        "xây dựng vùng nguyên liệu có hợp đồng tiêu thụ, sơ chế tại nơi trồng, khai thác",
        "a contracted raw-material zone with first processing at the source",
    ),
    "processor": Text(
        "hỗ trợ ứng dụng máy móc, thiết bị tiên tiến trong chế biến",
        "support for advanced processing machinery",
    ),
    "core": Text(
        "dùng chung cơ sở kỹ thuật, đào tạo nghề, thương hiệu và xúc tiến thương mại",
        "shared technical facilities, training, a brand and trade promotion",
    ),
    "upstream": Text(
        "kết nối cung ứng giữa cơ sở cung cấp và cơ sở sử dụng đầu vào",
        "a supplier programme between makers and users of inputs",
    ),
    "leader": Text(
        "trao đổi kinh nghiệm, chuyển giao kỹ thuật và tập huấn",
        "exchange of experience, technology transfer and training",
    ),
}

#: Kind -> what its establishments are.
_COUNTED: Mapping[str, Text] = {
    "cluster": Text("{n} cơ sở thuộc “{subject}”", "{n} establishments of “{subject}”"),
    "chain": Text("{n} cơ sở ở hai đầu chuỗi “{subject}”", "{n} establishments at both ends of “{subject}”"),
    "experience": Text(
        "{n} cơ sở có thể tham gia trao đổi kinh nghiệm về “{subject}”",
        "{n} establishments that can take part in an exchange on “{subject}”",
    ),
}


def sentence(group: Group) -> Text:
    """Say who is in the group and as what, how much it is about, who gains and where it lies."""
    vi = (
        f"Nhóm {say(len(group.provinces), 'vi', 'count')} tỉnh, thành phố {_subject(group, 'vi')}: "
        f"{_members(group, 'vi')}. Giữa các thành viên có {_number(len(group.opportunity_ids), 'vi')} cơ hội "
        f"liên kết{_sizes(group, 'vi')}; ít nhất {_number(group.establishments_gaining, 'vi')} cơ sở công "
        f"nghiệp nông thôn hưởng lợi. {_place(group, 'vi')}"
    )
    gaining = group.establishments_gaining
    en = (
        f"A group of {say(len(group.provinces), 'en', 'count')} provinces {_subject(group, 'en')}: "
        f"{_members(group, 'en')}. Between its members {_links(group)}{_sizes(group, 'en')}; at least "
        f"{_number(gaining, 'en')} rural industrial {'establishment gains' if gaining == 1 else 'establishments gain'}. "
        f"{_place(group, 'en')}"
    )
    if group.dataset_kind == "demo":
        return Text(
            f"Dữ liệu minh hoạ: {vi[0].lower()}{vi[1:]}", f"Demonstration data: {en[0].lower()}{en[1:]}"
        )
    return Text(vi, en)


def scheme(group: Group) -> Text:
    """Return how the group fits a flagship scheme: one product, several activities, many establishments,
    several years, spill-over. Its only numbers are of the establishments that ask for support.
    """
    played = [role for role in _ACTIVITIES if any(role in m.roles for m in group.provinces)]
    played = played or ["core"]
    vi = "; ".join(_ACTIVITIES[role].vi for role in played)
    en = "; ".join(_ACTIVITIES[role].en for role in played)
    lead = group.province_names[_lead(group)]
    name = _subject_name(group)
    spill = Text(
        "lan toả giữa các vùng" if group.crosses_regions else "lan toả trong vùng",
        "spilling over between regions" if group.crosses_regions else "spilling over within its region",
    )
    plan = Text(
        f"Đề án điểm về {name.vi}: một ngành, sản phẩm có lợi thế chung; nhiều hoạt động ({vi}); nhiều cơ sở ở "
        f"các tỉnh, thành phố thành viên, gợi ý {lead.vi} chủ trì vì có nhiều cơ sở hưởng lợi nhất; chia theo "
        f"nhiều năm, bắt đầu từ liên kết có điểm cao nhất; {spill.vi}.",
        f"A flagship scheme on {name.en}: one trade or product with a shared advantage; several activities "
        f"({en}); many establishments in the member provinces, with {lead.en} suggested to lead as most of those "
        f"who gain are there; spread over several years, beginning with the best linkage; {spill.en}.",
    )
    return with_support(plan, group.support)


def reasons(inside: Sequence[Opportunity]) -> tuple[Text, ...]:
    """Return why a group has its letter: that of its weakest opportunity, and what all of them share."""
    letters = sorted({o.confidence for o in inside})
    counts = {letter: sum(o.confidence == letter for o in inside) for letter in letters}
    listed = ", ".join(f"{letter}: {counts[letter]}" for letter in letters)
    out = [
        Text(
            f"Mức tin cậy của nhóm là mức thấp nhất trong các cơ hội hợp thành ({listed}).",
            f"The confidence of a group is that of its weakest opportunity ({listed}).",
        )
    ]
    shared = [r for r in inside[0].confidence_reasons if all(r in o.confidence_reasons for o in inside)]
    return (*out, *shared)


@cache
def _region_names(region_set: str) -> Mapping[str, Text]:
    """Return the names of the regions of a set, north to south; read once."""
    table = admin.regions(region_set)[["name_vi", "name_en"]]
    return {str(code): Text(vi, en) for code, vi, en in table.itertuples(name=None)}


def _number(value: float, lang: str) -> str:
    """Write a count."""
    return say(value, lang, "count")


def _lead(group: Group) -> str:
    """Return the province with the most establishments that gain."""
    counts = {
        str(row["key"]["province_code"]): int(row["values"]["establishments"])
        for row in group.evidence
        if row["table"] == "group_members"
    }
    return min(counts, key=lambda code: (-counts[code], code))


def _subject_name(group: Group) -> Text:
    """Name the shared subject: a material by its noun, a sector by its title up to the first remark."""
    name = short(Text(group.subject_vi, group.subject_en))
    if group.subject_kind == "material":
        return name
    return Text(f"ngành “{name.vi}”", f"“{name.en}”")


def _subject(group: Group, lang: str) -> str:
    """Say what the provinces share."""
    name = _subject_name(group)
    if group.subject_kind == "material":
        return f"cùng ngành hàng {name.vi}" if lang == "vi" else f"that share {name.en}"
    if group.subject_kind == "sector_pair":
        return f"cùng chuỗi {name.vi}" if lang == "vi" else f"that share the chain {name.en}"
    return f"cùng {name.vi}" if lang == "vi" else f"that share {name.en}"


def _members(group: Group, lang: str) -> str:
    """List the members under the parts they play."""
    parts: dict[tuple[str, ...], list[str]] = {}
    for member in group.provinces:
        name = group.province_names[member.province_code]
        parts.setdefault(member.roles, []).append(name.en if lang == "en" else name.vi)
    out = []
    order = {role: rank for rank, role in enumerate(ROLE_NAMES)}
    for roles, names in sorted(parts.items(), key=lambda part: (order.get(part[0][0], len(order)), part[0])):
        played = [getattr(ROLE_NAMES.get(role, Text(role, role)), lang) for role in roles]
        out.append(f"{_listed(names, lang)} ({_listed(played, lang)})")
    return "; ".join(out)


def _listed(words: Sequence[str], lang: str) -> str:
    """Join words with commas and a last "and"."""
    if len(words) == 1:
        return words[0]
    last = " và " if lang == "vi" else " and "
    return ", ".join(words[:-1]) + last + words[-1]


def _links(group: Group) -> str:
    """Say how many opportunities there are."""
    count = len(group.opportunity_ids)
    return (
        f"there is {_number(count, 'en')} opportunity"
        if count == 1
        else (f"there are {_number(count, 'en')} opportunities")
    )


def _sizes(group: Group, lang: str) -> str:
    """Say the magnitudes, each subject by itself."""
    # Establishments of the one sector are those who gain; that number is said anyway.
    told = [m for m in group.magnitudes if m.value != group.establishments_gaining]
    if not told:
        return ""
    return (", với " if lang == "vi" else ", with ") + _listed([_size(m, lang) for m in told], lang)


def _size(magnitude: Magnitude, lang: str) -> str:
    """Say one magnitude and what it counts."""
    name = short(Text(magnitude.subject_vi, magnitude.subject_en))
    if magnitude.unit == "tonnes_per_year":
        if lang == "vi":
            return f"{say(magnitude.value, 'vi')} tấn {name.vi} mỗi năm đi từ nơi dư đến nơi cần"
        return f"{say(magnitude.value, 'en')} tonnes of {name.en} a year from surplus to need"
    words = _COUNTED.get(magnitude.kind, _COUNTED["cluster"])
    text, subject = (words.vi, name.vi) if lang == "vi" else (words.en, name.en)
    return text.format(n=_number(magnitude.value, lang), subject=subject)


def _place(group: Group, lang: str) -> str:
    """Say whether the members hang together on the map and which regions they lie in."""
    inside = set(group.region_codes)
    names = [getattr(name, lang) for code, name in _region_names(group.region_set).items() if code in inside]
    if lang == "vi":
        land = (
            "Các thành viên liền nhau trên đất liền"
            if group.contiguous
            else ("Các thành viên không liền nhau trên đất liền")
        )
        if len(names) == 1:
            return f"{land} và cùng thuộc {names[0]}."
        return f"{land} và thuộc {_number(len(names), 'vi')} vùng: {'; '.join(names)}."
    land = (
        "The members are joined by land borders"
        if group.contiguous
        else ("The members are not all joined by land borders")
    )
    if len(names) == 1:
        return f"{land} and lie in one region, {names[0]}."
    return f"{land} and lie in {_number(len(names), 'en')} regions: {'; '.join(names)}."
