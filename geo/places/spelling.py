"""The forms in which province names are written, and the index of all of them.

Names are compared without diacritics, case, punctuation, spaces and prefix, so composed and decomposed
Unicode, both tone placements (Hoà Bình, Hòa Bình) and "TP.HCM" all meet.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache

from geo.places import admin

# Other names in use, by official name. Only what is written in documents and addresses.
ALIASES = {
    "Hồ Chí Minh": ("HCM", "HCMC", "TPHCM", "Sài Gòn", "SG", "TPSG"),
    "Hà Nội": ("HN", "TPHN", "Hà Tây"),
    "Huế": ("Thừa Thiên Huế", "Thừa Thiên", "TT Huế", "TTH"),
    "Bà Rịa - Vũng Tàu": ("BRVT", "Bà Rịa", "Vũng Tàu"),
    "Đắk Lắk": ("Đắc Lắc", "Đắk Lắc", "Đắc Lắk", "Darlac"),
    "Đắk Nông": ("Đắc Nông",),
    "Bắc Kạn": ("Bắc Cạn",),
    "Kon Tum": ("Công Tum", "Con Tum"),
}
ALIAS_NOTES = {
    "hatay": (
        "Tỉnh Hà Tây nhập vào Hà Nội từ ngày 01/8/2008.",
        "Ha Tay province was merged into Ha Noi on 1 August 2008.",
    ),
    "thuathienhue": (
        "Tỉnh Thừa Thiên Huế là thành phố Huế từ ngày 01/01/2025.",
        "Thua Thien Hue province became Hue city on 1 January 2025.",
    ),
}
_PREFIXES = ("tinh thanh pho", "thanh pho", "thu do", "tinh", "t p", "tp", "province of", "city of")
_SUFFIXES = ("viet nam", "vietnam", "province", "city")


@dataclass(frozen=True)
class ProvinceName:
    """One province name with its code in each vintage (``new_code`` empty when the name has gone).

    ``changed`` tells that the province of 2025 under this name is larger than the old one.
    """

    name_vi: str
    old_code: str
    new_code: str
    changed: bool
    how: str = "spelling"
    note: tuple[str, str] = ("", "")

    def code(self, vintage: str) -> str:
        """Return the code under this name in the vintage, else an empty text."""
        return self.new_code if vintage == "2025" else self.old_code


class _Plain(dict[int, str]):
    """Character → itself without diacritics, for ``str.translate``; each character is looked at once."""

    def __missing__(self, code: int) -> str:
        char = {"Đ": "D", "đ": "d"}.get(chr(code), chr(code))
        decomposed = unicodedata.normalize("NFD", char)
        self[code] = "".join(part for part in decomposed if not unicodedata.combining(part))
        return self[code]


_PLAIN = _Plain()
_APOSTROPHES, _NO_WORD = re.compile("['’‘`]"), re.compile(r"[^0-9a-z]+")


def fold(text: str) -> str:
    """Return the text in lower case without diacritics, đ as d, spaces single: "Đắk  Lắk" → "dak lak"."""
    plain = str(text)
    return " ".join((plain if plain.isascii() else plain.translate(_PLAIN)).lower().split())


def key(text: str) -> str:
    """Return the text folded, punctuation as spaces, apostrophes dropped: "Cư M'gar" → "cu mgar"."""
    return _NO_WORD.sub(" ", _APOSTROPHES.sub("", fold(text))).strip()


def bare(text: str) -> str:
    """Return the key without the words for province or city before and after the name."""
    words, before = key(text), ""
    while words != before:
        before = words
        for prefix in _PREFIXES:
            words = words.removeprefix(prefix + " ")
        for suffix in _SUFFIXES:
            words = words.removesuffix(" " + suffix)
    return words


def compact(text: str) -> str:
    """Return the bare key without spaces, so that "Daklak" and "Đắk Lắk" meet."""
    return bare(text).replace(" ", "")


@cache
def names(vintage: str) -> dict[str, str]:
    """Return province code → Vietnamese name of a vintage."""
    table = admin.provinces(vintage)["name_vi"]
    return {str(code): str(name) for code, name in table.items()}


@cache
def merged_into() -> dict[str, str]:
    """Return old code → code of the province of 2025 it went into."""
    walk = admin.crosswalk()
    return dict(zip(walk["pre2025_code"], walk["code_2025"], strict=True))


def label(code: str, vintage: str, lang: str = "vi") -> str:
    """Return a province that cannot be mistaken: "Bắc Ninh (mã 24, bộ 34 tỉnh)"."""
    count = 34 if vintage == "2025" else 63
    about = f"code {code}, of the {count}" if lang == "en" else f"mã {code}, bộ {count} tỉnh"
    return f"{names(vintage)[code]} ({about})"


@cache
def index() -> dict[str, ProvinceName]:
    """Return every compact name and alias with the province it stands for."""
    new_codes = {name: code for code, name in names("2025").items()}
    merged = admin.provinces("2025")
    changed = set(merged.loc[merged["merged_from_codes"].str.contains("|", regex=False), "name_vi"])
    found = {}
    for code, name in names("pre2025").items():
        place = ProvinceName(name, code, new_codes.get(name, ""), name in changed)
        found[compact(name)] = place
        for alias in ALIASES.get(name, ()):
            short = compact(alias)
            found[short] = replace(place, how="alias", note=ALIAS_NOTES.get(short, ("", "")))
    return found


def tone_form(text: str) -> str:
    """Return lower-case text with each word's tone after it, so that "Hoà" and "Hòa" meet but "hoa" differs.

    Letters keep their own marks (ă, â, đ, ê, ô, ơ, ư); punctuation becomes spaces: "Chè, mía" → "che2 mia1".
    Use it where :func:`fold` would confuse words: chè (tea) and che, sắn (cassava) and săn.
    """
    tones = {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
    words = []
    for word in re.split(r"[\W_]+", unicodedata.normalize("NFC", str(text)).lower()):
        plain = unicodedata.normalize("NFD", word)
        tone = "".join(tones[char] for char in plain if char in tones)
        words.append("".join(char for char in plain if char not in tones) + tone)
    return unicodedata.normalize("NFC", " ".join(word for word in words if word))
