"""Resolution of province names and codes in any spelling, for both vintages.

What cannot be told is refused with the candidates named: a wrong province is worse than a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from geo.errors import PlaceError
from geo.places import admin
from geo.places.spelling import ProvinceName, bare, compact, fold, index, key, label, merged_into, names

__all__ = ["Match", "fold", "infer_vintage", "key", "resolve", "search"]

_SURE_SIMILARITY = 0.55  # below this a suggestion would only confuse


@dataclass(frozen=True)
class Match:
    """A province found, and how: ``exact``, ``spelling``, ``alias``, ``code``, ``typo`` or ``merged``.

    ``score`` is 0–1 (dimensionless; 1 = the very name). ``note`` says in a sentence what the user should
    know, in Vietnamese; ``note_text("en")`` in English; empty when there is nothing to say.
    """

    province_code: str
    vintage: str
    name_vi: str
    how: str
    score: float = 1.0
    note: str = ""
    note_en: str = ""

    def note_text(self, lang: str = "vi") -> str:
        """Return the note in ``lang`` (``vi`` or ``en``)."""
        return self.note_en if lang == "en" else self.note

    def _with_note(self, vi: str, en: str) -> Match:
        """Return the match with a further sentence in its note."""
        return replace(self, note=f"{self.note} {vi}".strip(), note_en=f"{self.note_en} {en}".strip())


def resolve(text: str, vintage: str | None = None) -> Match:
    """Return the one province that a name or a code stands for.

    Parameters
    ----------
    text : str
        Name in any spelling, Vietnamese or English, old or new; a code; or both ("24 - Bắc Giang").
    vintage : str, optional
        ``2025`` or ``pre2025``. With ``2025`` an old name leads to the province it was merged into.

    Returns
    -------
    Match
        The province in the vintage asked. Without a vintage: ``pre2025`` for a name that has gone,
        ``2025`` for one whose territory did not change.

    Raises
    ------
    PlaceError
        If the text is unknown, could be several provinces, is a code without a vintage, or is a name
        both of an old province and of a larger new one and no vintage is given.
    ParameterError
        If the vintage is not known.
    """
    if vintage is not None:
        admin.check_vintage(vintage)
    shown = " ".join(str(text).split())
    if re.fullmatch(r"\d{1,2}", shown):
        return _resolve_code(shown, vintage)
    code, name = _split_code(shown)
    short = compact(name)
    place = index().get(short)
    if place is not None:
        how = "exact" if shown == place.name_vi else place.how
        match = Match("", "", place.name_vi, how, 1.0, *place.note)
    else:
        place, score = _slip(shown, short)
        match = Match("", "", place.name_vi, "typo", score, *place.note)._with_note(
            f"Hiểu “{shown}” là {place.name_vi}.", f'"{shown}" is taken as {place.name_vi}.'
        )
    if code:
        agreed = _vintage_of_pair(shown, code, place, vintage)
        if vintage == "2025" and agreed == "pre2025":
            return _through_merger(match, place)
        vintage = vintage or agreed
    return _without_vintage(shown, match, place) if vintage is None else _in_vintage(match, place, vintage)


def _resolve_code(text: str, vintage: str | None) -> Match:
    """Resolve a bare code, which means nothing without its vintage."""
    code = text.zfill(2)
    meanings = [name for name in ("pre2025", "2025") if code in names(name)]
    if not meanings:
        raise _unknown(text, [])
    vi, en = ("; ".join(label(code, name, lang) for name in meanings) for lang in ("vi", "en"))
    if vintage is None:
        reused = len({names(name)[code] for name in meanings}) > 1
        why_vi = "đã được dùng lại cho tỉnh khác tên" if reused else "chưa nói thuộc bộ tỉnh nào"
        why_en = "was re-used for a province of another name" if reused else "does not say its vintage"
        raise PlaceError(
            vi=f"Mã “{code}” {why_vi}: {vi}. Hãy ghi thêm bộ đơn vị hành chính: “pre2025” (63 tỉnh) "
            "hoặc “2025” (34 tỉnh).",
            en=f'Code "{code}" {why_en}: {en}. Add the vintage: "pre2025" (63 provinces) or '
            '"2025" (34 provinces).',
            candidates=tuple(label(code, name) for name in meanings),
        )
    if vintage not in meanings:
        new = merged_into()[code]
        raise PlaceError(
            vi=f"Mã “{code}” không có trong 34 tỉnh; đó là mã cũ của {vi}, nay thuộc {label(new, '2025')}. "
            "Hãy dùng mã mới hoặc chọn bộ “pre2025”.",
            en=f'Code "{code}" is not among the 34 provinces; it is the old code of {en}, '
            f'now part of {label(new, "2025", "en")}. Use the new code or the vintage "pre2025".',
            candidates=(label(new, "2025"),),
        )
    match = Match(code, vintage, names(vintage)[code], "code")
    if code == text:
        return match
    return match._with_note(
        f"Mã “{text}” được hiểu là “{code}” (mã có số 0 đứng đầu).",
        f'Code "{text}" is taken as "{code}" (codes have a leading zero).',
    )


def _in_vintage(match: Match, place: ProvinceName, vintage: str) -> Match:
    """Return the match of a known name in a stated vintage, through the merger if the name has gone."""
    code = place.code(vintage)
    return replace(match, province_code=code, vintage=vintage) if code else _through_merger(match, place)


def _through_merger(match: Match, place: ProvinceName) -> Match:
    """Return the province of 2025 that an old province became part of."""
    code = merged_into()[place.old_code]
    name = names("2025")[code]
    return replace(match, province_code=code, vintage="2025", name_vi=name, how="merged")._with_note(
        f"{place.name_vi} (tỉnh cũ, mã {place.old_code}) nay thuộc {name} từ ngày 01/7/2025.",
        f"{place.name_vi} (former province, code {place.old_code}) is part of {name} since 1 July 2025.",
    )


def _without_vintage(text: str, match: Match, place: ProvinceName) -> Match:
    """Decide the vintage from the name alone, or refuse."""
    if not place.new_code:
        return _in_vintage(match, place, "pre2025")
    if not place.changed:
        return _in_vintage(match, place, "2025")._with_note(
            f"{place.name_vi} không đổi địa giới khi sắp xếp năm 2025, hiểu theo bộ 34 tỉnh.",
            f"{place.name_vi} kept its territory in 2025; taken as one of the 34 provinces.",
        )
    parts = ", ".join(names("pre2025")[old] for old, new in merged_into().items() if new == place.new_code)
    vi, en = (
        f"{label(place.old_code, 'pre2025', lang)}; {label(place.new_code, '2025', lang)}"
        for lang in ("vi", "en")
    )
    raise PlaceError(
        vi=f"“{text}” là tên của cả tỉnh cũ lẫn tỉnh mới rộng hơn (gộp từ {parts}): {vi}. "
        "Hãy ghi thêm bộ đơn vị hành chính: “pre2025” (63 tỉnh) hoặc “2025” (34 tỉnh).",
        en=f'"{text}" names both an old province and a larger new one (merged from {parts}): {en}. '
        'Add the vintage: "pre2025" (63 provinces) or "2025" (34 provinces).',
        candidates=(label(place.old_code, "pre2025"), label(place.new_code, "2025")),
    )


def _split_code(text: str) -> tuple[str, str]:
    """Return (code, name) of "24 - Bắc Giang" or "Bắc Giang (24)"; an empty code when there is none."""
    words = key(text)
    found = re.fullmatch(r"(\d{1,2}) (\D+)|(\D+) (\d{1,2})", words)
    if not found:
        return "", words
    return (found[1] or found[4]).zfill(2), (found[2] or found[3])


def _vintage_of_pair(text: str, code: str, place: ProvinceName, vintage: str | None) -> str | None:
    """Return the vintage in which code and name agree (None: in both); refuse a pair that never agrees."""
    agree = [name for name in ("pre2025", "2025") if place.code(name) == code]
    if not agree or (vintage == "pre2025" and vintage not in agree):
        known = [name for name in ("pre2025", "2025") if place.code(name)]
        vi, en = ("; ".join(label(place.code(name), name, lang) for name in known) for lang in ("vi", "en"))
        raise PlaceError(
            vi=f"Mã và tên trong “{text}” không khớp nhau trong bộ {vintage or 'nào'}; đúng là: {vi}. "
            "Hãy sửa mã hoặc tên.",
            en=f'Code and name in "{text}" do not agree; right are: {en}. Repair the code or the name.',
            candidates=tuple(label(place.code(name), name) for name in known),
        )
    return agree[0] if len(agree) == 1 else None


def _slip(text: str, short: str) -> tuple[ProvinceName, float]:
    """Return the province a slip of the keyboard meant and its similarity, if only one can be meant.

    One edit in five letters or more (two in nine or more) is a slip when every other province is two
    edits further; a letter left out, doubled or swapped in six or more, when it is one edit further.
    """
    if not re.search("[a-z]{2}", short):
        raise _unknown(text, [])
    ranked = _ranked(short)
    (edits, similarity, name, place), (next_edits, *_) = ranked[:2]
    margin = next_edits - edits
    shifted = len(short) != len(name) or sorted(short) == sorted(name)
    allowed = 0 if len(short) < 5 else 1 if len(short) < 9 else 2
    if edits <= allowed and (margin >= 2 or (margin == 1 and edits == 1 and shifted and len(short) > 5)):
        return place, similarity
    starts = [row[3].name_vi for row in ranked if len(short) >= 2 and row[2].startswith(short)]
    near = [row[3].name_vi for row in ranked if row[1] >= _SURE_SIMILARITY]
    raise _unknown(text, list(dict.fromkeys([*starts, *near]))[:6])


def _ranked(short: str) -> list[tuple[int, float, str, ProvinceName]]:
    """Return (edits, similarity, compact name, place) of every province, nearest first, one a province."""
    best: dict[str, tuple[int, float, str, ProvinceName]] = {}
    for other, place in index().items():
        row = (OSA.distance(short, other), OSA.normalized_similarity(short, other), other, place)
        if place.name_vi not in best or row[0] < best[place.name_vi][0]:
            best[place.name_vi] = row
    return sorted(best.values(), key=lambda row: (row[0], -row[1], row[3].old_code))


def _unknown(text: str, near: list[str]) -> PlaceError:
    """Return the refusal of a name that is none, or could be several."""
    if not near:
        return PlaceError(
            vi=f"Không nhận ra tỉnh, thành phố “{text}”; hãy ghi tên đầy đủ (ví dụ “Phú Thọ”), hoặc mã hai "
            "chữ số kèm bộ đơn vị hành chính (2025 hoặc pre2025).",
            en=f'The province "{text}" is not known; write its full name (such as "Phu Tho"), or its '
            "two-digit code together with the vintage (2025 or pre2025).",
        )
    listed = ", ".join(near)
    return PlaceError(
        vi=f"“{text}” không rõ là tỉnh nào; có thể là: {listed}. Hãy ghi đầy đủ tên tỉnh.",
        en=f'"{text}" does not say which province; it could be: {listed}. Write the full name.',
        candidates=tuple(near),
    )


def search(text: str, vintage: str = admin.DEFAULT_VINTAGE, limit: int = 8) -> list[Match]:
    """Return the provinces of a vintage that a few typed letters may mean, best first.

    For a search box: beginnings, inner words and slips count, with or without diacritics; old names
    lead to the province of 2025 they went into (``how`` is ``merged``, the note says so).

    Parameters
    ----------
    text : str
        What has been typed so far; nothing typed gives nothing.
    vintage : str
        ``2025`` or ``pre2025``.
    limit : int
        At most so many matches, one a province.

    Raises
    ------
    ParameterError
        If the vintage is unknown.
    """
    admin.check_vintage(vintage)
    typed = bare(text)
    if re.fullmatch(r"\d{1,2}", typed) and typed.zfill(2) in names(vintage):
        return [_resolve_code(typed, vintage)]
    if not typed:
        return []
    found: dict[str, Match] = {}
    for name, place in index().items():
        score = _nearness(typed, name, key(place.name_vi))
        how = "exact" if score == 1.0 else place.how if score >= 0.8 else "typo"
        match = _in_vintage(Match("", "", place.name_vi, how, round(score, 3), *place.note), place, vintage)
        held = found.get(match.province_code)
        if held is None or _order(match) < _order(held):
            found[match.province_code] = match
    best = max(match.score for match in found.values())
    floor = 0.8 if best >= 0.8 else _SURE_SIMILARITY  # slips only where nothing begins so
    return sorted((match for match in found.values() if match.score >= floor), key=_order)[:limit]


def _order(match: Match) -> tuple[float, bool, str]:
    """Return what puts the better match first: score, own name before an old one, code."""
    return -match.score, match.how == "merged", match.province_code


def _nearness(typed: str, name: str, words: str) -> float:
    """Return how near typed letters are: 1 the name, 0.9 its beginning, 0.8 a later word, else a slip."""
    short = typed.replace(" ", "")
    if short == name:
        return 1.0
    if name.startswith(short):
        return 0.9
    if f" {typed}" in words:
        return 0.8
    return 0.79 * OSA.normalized_similarity(short, name) if len(short) >= 4 else 0.0


def infer_vintage(listed: Iterable[str], codes: Iterable[str] | None = None) -> str | None:
    """Return the vintage of a list of provinces when the list itself gives it away, else None.

    A name or a code that no longer exists means ``pre2025``; a re-used code with its name tells either.
    Names that all survive could be of both, and contradictions of neither: None, and the user must say.

    Parameters
    ----------
    listed : iterable of str
        Province names as they stand in the file; unknown ones are passed over.
    codes : iterable of str, optional
        Their codes, in the same order.
    """
    texts = [str(text) for text in listed]
    paired = [str(code).strip() for code in codes] if codes is not None else [""] * len(texts)
    seen: set[str] = set()
    for text, code in zip(texts, paired, strict=True):
        own_code, name = _split_code(text)
        code = code.zfill(2) if code else own_code
        place = index().get(compact(name))
        if (place and not place.new_code) or (code in names("pre2025") and code not in names("2025")):
            seen.add("pre2025")
        elif place and place.new_code != place.old_code:
            seen.update(vintage for vintage in admin.VINTAGES if place.code(vintage) == code)
    return seen.pop() if len(seen) == 1 else None
