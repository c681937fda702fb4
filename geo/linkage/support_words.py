"""The words for the support that establishments ask for: what a scheme should hold, by how many ask for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from geo.linkage.model import Asked, Text
from geo.linkage.narrative import say

#: Kind of support -> the activity of a scheme that answers it.
ACTIVITIES: Mapping[str, Text] = {
    "machinery": Text("máy móc thiết bị", "machinery"),
    "training": Text("đào tạo nghề", "training"),
    "market": Text("thị trường tiêu thụ", "access to markets"),
    "materials": Text("nguồn nguyên liệu", "raw materials"),
    "space": Text("mặt bằng sản xuất", "production space"),
}
#: Kinds that a sentence names, and those asked for as often as the last of them.
_NAMED = 2


def with_support(scheme: Text, asked: Asked | None) -> Text:
    """Let a scheme name the activities asked for most; it stays as it is where nobody states anything."""
    if asked is None or not asked.counts:
        return scheme
    return Text(f"{scheme.vi} {_clause(asked, 'vi')}", f"{scheme.en} {_clause(asked, 'en')}")


def _clause(asked: Asked, lang: str) -> str:
    """Say what most of them ask for and how many answered."""
    counts = list(asked.counts.items())
    least = counts[min(_NAMED, len(counts)) - 1][1]
    named = _listed([_named(kind, number, lang) for kind, number in counts if number >= least], lang)
    stated, every = say(asked.stated, lang, "count"), say(asked.establishments, lang, "count")
    if lang == "vi":
        return (
            f"Nên ưu tiên nội dung cơ sở đề nghị nhiều nhất: {named}; {stated} trên {every} cơ sở thuộc các ngành liên "
            "quan ở các tỉnh tham gia đã nêu nhu cầu hỗ trợ."
        )
    return (
        f"Put first what establishments ask for most: {named}; {stated} of the {every} establishments of these trades "
        f"in the provinces taking part {'has' if asked.stated == 1 else 'have'} stated what support they need."
    )


@lru_cache(maxsize=4096)
def _named(kind: str, number: int, lang: str) -> str:
    """Name an activity with the number of establishments that ask for it."""
    if lang == "vi":
        return f"{ACTIVITIES[kind].vi} ({say(number, 'vi', 'count')} cơ sở)"
    noun = "establishment" if number == 1 else "establishments"
    return f"{ACTIVITIES[kind].en} ({say(number, 'en', 'count')} {noun})"


def _listed(words: Sequence[str], lang: str) -> str:
    """Join words with commas and a last "and"."""
    if len(words) == 1:
        return words[0]
    return ", ".join(words[:-1]) + (" và " if lang == "vi" else " and ") + words[-1]
