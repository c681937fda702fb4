"""What the name of an establishment says: its legal form, its trade, and the words that are its own.

Offices write one name in many ways: with abbreviations (Cty, HTX, HKD, SX & TM), in capitals without
diacritics, with the tone on either letter (hóa, hoá), with y for i (Mỹ, Mĩ). What is the same for every
establishment of a kind or of a trade does not tell one from another; what is left does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from geo.intake import personal
from geo.intake.model import KEPT
from geo.places.spelling import fold, key, tone_form
from geo.subjects import product_words
from geo.subjects.shipped import table

_LONG = {
    "htx": "hop tac xa", "htxnn": "hop tac xa nong nghiep", "tht": "to hop tac", "hkd": "ho kinh doanh",
    "cty": "cong ty", "ctcp": "cong ty co phan", "cp": "co phan", "mtv": "mot thanh vien", "1tv": "mot thanh vien", "1thanhvien": "mot thanh vien", "cti": "cong ty",
    "tnhh": "trach nhiem huu han", "dntn": "doanh nghiep tu nhan", "dn": "doanh nghiep", "xn": "xi nghiep",
    "nm": "nha may", "cs": "co so", "cssx": "co so san xuat", "sx": "san xuat", "cb": "che bien",
    "kd": "kinh doanh", "sxkd": "san xuat kinh doanh", "tm": "thuong mai", "sxtm": "san xuat thuong mai",
    "dv": "dich vu", "tmdv": "thuong mai dich vu", "sxtmdv": "san xuat thuong mai dich vu", "nn": "nong nghiep",
    "dvnn": "dich vu nong nghiep", "xnk": "xuat nhap khau", "xk": "xuat khau", "nk": "nhap khau", "dt": "dau tu",
    "ttcn": "tieu thu cong nghiep", "tcmn": "thu cong my nghe", "vlxd": "vat lieu xay dung", "xd": "xay dung",
    "vn": "viet nam",
}  # fmt: skip
#: Legal forms; two of which neither begins the other are two enterprises in law.
_FORMS = {
    "company limited": ("cong ty trach nhiem huu han", "trach nhiem huu han", "co ltd", "company limited"),
    "company stock": ("cong ty co phan", "jsc"),
    "company private": ("doanh nghiep tu nhan",),
    "company": ("cong ty hop danh", "cong ty", "doanh nghiep", "company"),
    "cooperative": ("lien hiep hop tac xa", "hop tac xa", "to hop tac"),
    "household": ("ho kinh doanh ca the", "ho kinh doanh", "ho ca the", "ho san xuat", "ho gia dinh"),
    "village": ("lang nghe truyen thong", "lang nghe", "lang co", "craft village"),
}  # fmt: skip
#: Words that any name may have. Whole phrases: Hữu, Thành or Công alone are names of people.
_ANY = (
    "mot thanh vien", "hai thanh vien tro len", "hai thanh vien", "co phan", "co so", "xuong", "nha may", "xi nghiep",
    "chi nhanh", "to hop", "san xuat", "che bien", "gia cong", "kinh doanh", "thuong mai", "dich vu",
    "xuat nhap khau", "xuat khau", "nhap khau", "dau tu", "phat trien", "va", "cua", "cac",
)  # fmt: skip
#: Words of trades that the tables of sectors do not hold.
_TRADE = (
    "mỹ nghệ", "thủ công", "truyền thống", "cao cấp", "đặc sản", "làng", "nghề", "thôn", "đồ", "số", "lò", "gỗ", "mộc",
    "sắt", "inox", "đá", "bánh", "mì", "cơ khí", "nông sản", "lâm sản", "hải sản", "thủy sản", "thực phẩm", "dược liệu",
    "mật ong", "cao su", "rau", "quả", "đúc", "đồng", "miến dong", "nông nghiệp", "tổng hợp", "đồ gỗ", "đồ mộc", "đồ sắt", "đồ gốm", "đồ da",
)  # fmt: skip
#: How people are addressed in names of shops; an owner's full name has it not.
_ADDRESS = frozenset(["ba", "ong", "co", "chu", "anh", "chi", "di", "bac", "thay", "me"])
_WORD = re.compile(r"\d+|[^\W\d_]+")
_APOSTROPHES = re.compile("['’‘`]")
#: Abbreviations written letter by letter.
_LETTERS = (
    ("t", "n", "h", "h"),
    ("c", "ti"),
    ("m", "t", "v"),
    ("h", "t", "x"),
    ("1", "tv"),
    ("1", "thanh", "vien"),
)
#: Mỹ and Mĩ, kỹ and kĩ are one word.
_Y = re.compile(r"^(h|k|l|m|s|t|qu|v)y(\d?)$")
#: First word → phrases that begin with it, as words, the longest first.
Phrases = dict[str, list[tuple[str, ...]]]


class Name(NamedTuple):
    """A name read for comparison.

    Attributes
    ----------
    plain : str
        Folded, abbreviations written out, without the words any name has.
    own : frozenset of str
        Words of ``plain`` that tell neither the trade nor how the owner is addressed.
    numbers : frozenset of int
        Numbers in it.
    form : str
        ``company`` (``limited``, ``stock``, ``private`` after it where told), ``cooperative``, ``household``,
        ``village``, or empty.
    person : bool
        The name is a person's full name.
    last : str
        The last own word: of a person the given name.
    marked : str
        The own words with their diacritics, empty when the name is written without.
    """

    plain: str
    own: frozenset[str]
    numbers: frozenset[int]
    form: str
    person: bool
    last: str
    marked: str


class _Word(NamedTuple):
    """A word folded, and with its tone where the name is written with diacritics (else empty)."""

    plain: str
    toned: str


@lru_cache(maxsize=KEPT)
def read(text: str) -> Name:
    """Return what a name says."""
    words = _words(text)
    form, told = _without_form(words)
    told = _without(told, _any()) or told or words
    own = [word for word in _without(told, _trades()) if not word.plain.isdigit()]
    # A given name may be a word of a trade (Trọng): a full name is looked for before and after these go.
    whole = next((part for part in (told, own) if _is_person(part)), None)
    own = whole or [word for word in own if word.plain not in _ADDRESS]
    return Name(
        plain=" ".join(word.plain for word in told),
        own=frozenset(word.plain for word in own),
        numbers=frozenset(int(word.plain) for word in words if word.plain.isdigit() and len(word.plain) < 12),
        form=form,
        person=whole is not None,
        last=own[-1].plain if own else "",
        marked=" ".join(sorted(word.toned for word in own)) if all(word.toned for word in own) else "",
    )


def _is_person(words: list[_Word]) -> bool:
    """Tell whether words are a full name: three or four from a family name on, none of them a trade's phrase."""
    if not 2 < len(words) < 5 or words[0].plain not in _families():
        return False
    if any(word.plain.isdigit() for word in words) or _without(words, _longer_trades()) != words:
        return False
    return not (words[0].toned and _phrase(words, _plain(words), 0, _trades()))  # "Đồ" is no "Đỗ"


def plain_name(text: str) -> str:
    """Return a name for comparison: folded, abbreviations written out, words every name has left out.

    Examples
    --------
    >>> plain_name("Cty TNHH MTV SX & TM Hoàng Long"), plain_name("HỘ KINH DOANH HỒ HỮU BÌNH")
    ('hoang long', 'ho huu binh')
    """
    return read(text).plain


def _words(text: str) -> list[_Word]:
    """Return the words of a name, abbreviations written out, digits apart from letters."""
    marked = not text.isascii()
    raw = _WORD.findall(_APOSTROPHES.sub("", unicodedata.normalize("NFC", text)))
    out: list[_Word] = []
    for word in _joined([_word(part, marked) for part in raw]):
        out += _long_forms().get(word.plain) or [word]
    return out


@lru_cache(maxsize=KEPT)
def _word(raw: str, marked: bool) -> _Word:
    """Return a word of a name, y after a consonant as i."""
    return _Word(_Y.sub(r"\1i\2", fold(raw)), _Y.sub(r"\1i\2", tone_form(raw)) if marked else "")


def _joined(words: list[_Word]) -> list[_Word]:
    """Return the words with abbreviations written letter by letter (C.ty, T.N.H.H) as one."""
    if all(len(word.plain) > 1 for word in words):
        return words
    out, at = [], 0
    while at < len(words):
        plain = tuple(word.plain for word in words[at : at + 4])
        hit = next((letters for letters in _LETTERS if plain[: len(letters)] == letters), ())
        out.append(_Word("".join(hit), "") if hit else words[at])
        at += len(hit) or 1
    return out


@cache
def _long_forms() -> dict[str, list[_Word]]:
    """Return abbreviation → the words it stands for."""
    return {_spelled(short)[0]: [_Word(word, "") for word in _spelled(long)] for short, long in _LONG.items()}


def _without_form(words: list[_Word]) -> tuple[str, list[_Word]]:
    """Return the legal form that comes first, and the words without forms."""
    plain = _plain(words)
    if plain[:1] == ("ho",) and not _phrase(words, plain, 0, _forms()) and _is_household(words):
        return "household", words[1:]
    first = next((found for at in range(len(words)) if (found := _phrase(words, plain, at, _forms()))), ())
    form = _form_of().get(first, "")
    if not form and plain[:1] == ("lang",) and _phrase(words, plain, 0, _trades()):
        form = "village"  # "Làng đúc đồng", without "nghề"
    return form, _without(words, _forms())


def _is_household(words: list[_Word]) -> bool:
    """Tell whether a first "ho" is "hộ" (a household), not the family Hồ."""
    return words[0].toned == "hô5" or (
        not words[0].toned and {word.plain for word in words[1:2]} <= _families()
    )


def _without(words: list[_Word], phrases: Phrases) -> list[_Word]:
    """Return the words that stand in none of the phrases, the longest phrase first."""
    plain = _plain(words)
    out, at = [], 0
    while at < len(words):
        found = _phrase(words, plain, at, phrases) if plain[at] in phrases else ()
        if not found:
            out.append(words[at])
        at += len(found) or 1
    return out


def _plain(words: list[_Word]) -> tuple[str, ...]:
    """Return words folded, to be held against phrases."""
    return tuple([word.plain for word in words])


def _phrase(words: list[_Word], plain: tuple[str, ...], at: int, phrases: Phrases) -> tuple[str, ...]:
    """Return the longest phrase that begins at a place, an empty one for none.

    A phrase of one word must agree in its diacritics where both have them: "làng" is none of "Phù Lãng".
    """
    first = words[at]
    for phrase in phrases.get(first.plain, ()):
        if len(phrase) == 1:
            return phrase if not first.toned or _agrees(first.plain, first.toned) else ()
        if plain[at : at + len(phrase)] == phrase:
            return phrase
    return ()


def _agrees(plain: str, toned: str) -> bool:
    """Tell whether a marked word is one of the trade words written so."""
    known = _marked_words().get(plain)
    return known is None or toned in known


@cache
def _families() -> frozenset[str]:
    """Return the family names, spelled as names are."""
    return frozenset(_Y.sub(r"\1i\2", name) for name in personal.FAMILIES)


@cache
def _forms() -> Phrases:
    """Return the phrases of all legal forms."""
    return _phrases(phrase for phrases in _FORMS.values() for phrase in phrases)


@cache
def _form_of() -> dict[tuple[str, ...], str]:
    """Return phrase → legal form."""
    return {_spelled(phrase): form for form, phrases in _FORMS.items() for phrase in phrases}


@cache
def _any() -> Phrases:
    """Return the phrases that any name may have."""
    return _phrases(_ANY)


@cache
def _trades() -> Phrases:
    """Return the phrases that tell a trade."""
    return _phrases(_trade_texts())


@cache
def _longer_trades() -> Phrases:
    """Return the phrases of several words; one word alone may be a given name (Hương, Trọng)."""
    return _phrases(text for text in _trade_texts() if " " in text)


def _phrases(texts: Iterable[str]) -> Phrases:
    """Return phrases by their first word."""
    out: Phrases = {}
    for phrase in sorted({_spelled(text) for text in texts} - {()}, key=lambda words: (-len(words), words)):
        out.setdefault(phrase[0], []).append(phrase)
    return out


def _spelled(text: str) -> tuple[str, ...]:
    """Return a phrase as folded words, spelled as names are."""
    return tuple(_Y.sub(r"\1i\2", word) for word in key(text).split())


@cache
def _marked_words() -> dict[str, frozenset[str]]:
    """Return the trades told by one word: folded → the forms with diacritics it is known in."""
    known: dict[str, set[str]] = {}
    for text in _trade_texts():
        if " " not in text:
            known.setdefault(_spelled(text)[0], set()).add(_Y.sub(r"\1i\2", tone_form(text)))
    return {plain: frozenset(forms) for plain, forms in known.items()}


@cache
def _trade_texts() -> frozenset[str]:
    """Return the words of classes, activities and products that are known, with their diacritics."""
    texts = {phrase.lstrip("^") for rule in product_words.CLASSES for phrase in rule.phrases} | set(_TRADE)
    profile = table("demo_profile.csv")
    for column in ("activity_vi", "product_vi"):
        texts |= {part.strip().lower() for text in profile[column] for part in str(text).split(",")}
    made = {text.split(" ", 1)[1] for text in texts if text.startswith(("làm ", "nấu ", "đan ", "ép "))}
    return frozenset((texts | made) - {"", "hương"})  # alone it is a name more often than incense
