"""Text of the years before Unicode: TCVN3 (fonts .Vn…) and VNI, recognised by what makes Vietnamese words.

A text is converted only when the reading gives more true Vietnamese syllables than the text as it stands,
so right text is never touched. The TCVN3 table is TCVN 5712:1993; in fonts of capitals (.VnTimeH) the same
codes show as capitals, so such text comes out in small letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd

from geo.intake.model import Remark
from geo.intake.pace import SILENT, Pace

_TCVN3_CODES = (
    "a1Ă a2Â a3Ê a4Ô a5Ơ a6Ư a7Đ a8ă a9â aaê abô acơ adư aeđ b5à b6ả b7ã b8á b9ạ bbằ bcẳ bdẵ beắ c6ặ c7ầ c8ẩ c9ẫ caấ "
    "cbậ ccè ceẻ cfẽ d0é d1ẹ d2ề d3ể d4ễ d5ế d6ệ d7ì d8ỉ dcĩ ddí deị dfò e1ỏ e2õ e3ó e4ọ e5ồ e6ổ e7ỗ e8ố e9ộ eaờ ebở "
    "ecỡ edớ eeợ efù f1ủ f2ũ f3ú f4ụ f5ừ f6ử f7ữ f8ứ f9ự faỳ fbỷ fcỹ fdý feỵ"
)
_TCVN3 = {int(pair[:2], 16): pair[2:] for pair in _TCVN3_CODES.split()}
_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
#: The second character of a VNI pair after a, e, o: circumflex with a tone; after a: breve with a tone.
_CIRCUMFLEX = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_BREVE = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_SINGLE = {"ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_RHYMES = frozenset(
    [
        "a",
        "ac",
        "ach",
        "ai",
        "am",
        "an",
        "ang",
        "anh",
        "ao",
        "ap",
        "at",
        "au",
        "ay",
        "ăc",
        "ăm",
        "ăn",
        "ăng",
        "ăp",
        "ăt",
        "âc",
        "âm",
        "ân",
        "âng",
        "âp",
        "ât",
        "âu",
        "ây",
        "e",
        "ec",
        "em",
        "en",
        "eng",
        "eo",
        "ep",
        "et",
        "ê",
        "êch",
        "êm",
        "ên",
        "ênh",
        "êp",
        "êt",
        "êu",
        "i",
        "ia",
        "ich",
        "iêc",
        "iêm",
        "iên",
        "iêng",
        "iêp",
        "iêt",
        "iêu",
        "im",
        "in",
        "inh",
        "ip",
        "it",
        "iu",
        "o",
        "oa",
        "oac",
        "oach",
        "oai",
        "oam",
        "oan",
        "oang",
        "oanh",
        "oao",
        "oap",
        "oat",
        "oay",
        "oăc",
        "oăm",
        "oăn",
        "oăng",
        "oăt",
        "oe",
        "oem",
        "oen",
        "oeo",
        "oet",
        "oi",
        "om",
        "on",
        "ong",
        "ooc",
        "oong",
        "op",
        "ot",
        "ô",
        "ôc",
        "ôi",
        "ôm",
        "ôn",
        "ông",
        "ôp",
        "ôt",
        "ơ",
        "ơi",
        "ơm",
        "ơn",
        "ơp",
        "ơt",
        "u",
        "ua",
        "uân",
        "uâng",
        "uât",
        "uây",
        "uc",
        "uê",
        "uêch",
        "uênh",
        "ui",
        "um",
        "un",
        "ung",
        "uôc",
        "uôi",
        "uôm",
        "uôn",
        "uông",
        "uôt",
        "up",
        "ut",
        "uy",
        "uya",
        "uych",
        "uyên",
        "uyêt",
        "uyn",
        "uynh",
        "uyt",
        "uyu",
        "uơ",
        "ưa",
        "ưc",
        "ưi",
        "ưm",
        "ưn",
        "ưng",
        "ươc",
        "ươi",
        "ươm",
        "ươn",
        "ương",
        "ươp",
        "ươt",
        "ươu",
        "ư",
        "ưt",
        "ưu",
        "y",
        "yêm",
        "yên",
        "yêng",
        "yêt",
        "yêu",
    ]
)
_ONSET = re.compile("(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx])?")
_UNICODE = re.compile(r"[^\W\d_\u0000-\u00ff]")
_MARKS = frozenset("\u0301\u0300\u0309\u0303\u0323")


def from_tcvn3(text: str) -> str:
    """Convert text typed in a TCVN3 (ABC) font and shown as Latin letters: "C¬ së" → "Cơ sở"."""
    return text.translate(_TCVN3)


def _vni_pairs() -> dict[str, str]:
    """Build the pairs of VNI: a letter and the character that carries its marks."""
    pairs: dict[str, str] = {}
    for letter in "aeiouy":
        for mark, tone in _TONES.items():
            pairs[letter + mark] = letter + tone
    for letter in "aeo":
        pairs.update({letter + mark: letter + "\u0302" + tone for mark, tone in _CIRCUMFLEX.items()})
    pairs.update({"a" + mark: "a\u0306" + tone for mark, tone in _BREVE.items()})
    for letter, horned in (("ô", "ơ"), ("ö", "ư")):
        pairs.update({letter + mark: horned + tone for mark, tone in _TONES.items()})
    composed = {}
    for pair, letters in pairs.items():
        value = unicodedata.normalize("NFC", letters)
        composed[pair] = value
        composed[pair.upper()] = composed[pair[0].upper() + pair[1]] = value.upper()
    singles = {**_SINGLE, **{k.upper(): v.upper() for k, v in _SINGLE.items()}}
    return {**composed, **singles}


_VNI = _vni_pairs()
_VNI_PATTERN = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))


def from_vni(text: str) -> str:
    """Convert text typed in a VNI font and shown as Latin letters: "Cô sôû" → "Cơ sở"."""
    return _VNI_PATTERN.sub(lambda found: _VNI[found.group()], text)


@lru_cache(maxsize=65536)
def _is_syllable(word: str) -> bool:
    """Tell whether a word is built like a Vietnamese syllable: onset, rhyme, at most one tone."""
    letters = unicodedata.normalize("NFD", word.lower())
    if sum(char in _MARKS for char in letters) > 1:
        return False
    plain = unicodedata.normalize("NFC", "".join(char for char in letters if char not in _MARKS))
    onset = _ONSET.match(plain)
    rest = plain[onset.end() :] if onset else plain
    return rest in _RHYMES or (plain.startswith("gi") and plain[1:] in _RHYMES) or (
        plain.startswith("qu") and plain[1:] in _RHYMES
    )  # fmt: skip


def likeness(text: str) -> float:
    """Return the share of the words with special letters that are Vietnamese syllables; 1 without such words."""
    words = [
        word for word in re.split(r"[\s\d.,;:()/\-+&\"'“”‘’_|*%!?]+", text) if word and not word.isascii()
    ]
    return sum(map(_is_syllable, words)) / len(words) if words else 1.0


_READINGS: tuple[tuple[str, Callable[[str], str]], ...] = (("TCVN3", from_tcvn3), ("VNI", from_vni))


def best_reading(text: str) -> tuple[str, str]:
    """Return the text as Unicode and the name of the code it was in (empty: it stands as it is)."""
    if text.isascii():
        return text, ""
    best = unicodedata.normalize("NFC", text)
    if _UNICODE.search(best):
        return best, ""  # letters beyond Latin-1 (ă, đ, ơ, ạ …) are Unicode already
    name, score = "", likeness(text)
    if score == 1.0:
        return best, ""
    for code, convert in _READINGS:
        other = convert(text)
        share = likeness(other)
        if share > score and share >= 0.5 and not (set(other) & set("§®¬ªµ¸")):
            best, name, score = other, code, share
    return best, name


def converted(cells: pd.DataFrame, pace: Pace = SILENT) -> tuple[pd.DataFrame, list[Remark]]:
    """Return cells with text as composed Unicode, old codes converted, and what was converted."""
    out = {}
    counts: dict[str, int] = {}
    for column in pace.over(cells.columns, cells.shape[1]):
        values = cells[column]
        codes, uniques = pd.factorize(values)
        changed: list[Any] = []
        names = []
        for value in uniques:
            text, name = (
                best_reading(value) if isinstance(value, str) and not value.isascii() else (value, "")
            )
            changed.append(text)
            names.append(name)
        table = pd.Series([*changed, None], dtype=object).to_numpy()
        out[column] = table[codes]
        for name in filter(None, set(names)):
            of_name = pd.Series([*(n == name for n in names), False], dtype=bool).to_numpy()
            counts[name] = counts.get(name, 0) + int(of_name[codes].sum())
    frame = pd.DataFrame(out, index=cells.index, columns=cells.columns, dtype=object)
    return frame, [_said(name, count) for name, count in sorted(counts.items())]


def _said(name: str, count: int) -> Remark:
    """Say that text was converted."""
    return Remark(
        "converted-text",
        f"{count} ô gõ bằng phông {name} cũ đã được chuyển sang Unicode; hãy xem lại vài dòng trước khi dùng.",
        f"{count} cells typed in an old {name} font were converted to Unicode; look over a few rows before using them.",
        count,
    )


def converted_rows(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Return a few rows (a header) with their text converted."""
    return [[best_reading(cell)[0] if isinstance(cell, str) else cell for cell in row] for row in rows]
