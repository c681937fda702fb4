"""Personal data: names of household owners shortened, phone numbers blanked."""

from __future__ import annotations

import re

import pandas as pd

from geo.intake.values import by_value
from geo.places.spelling import fold

_PHONE = re.compile(r"(?<!\d)(?:\+?84|0)(?:[\s.\-]?\d){8,10}(?!\d)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
#: What stands before a person's name, folded, and family names common enough to know one by.
_BEFORE = re.compile(
    r"^((ho kinh doanh|hkd|ho gia dinh|ho san xuat|ho|co so san xuat|co so|chu ho|xuong|nghe nhan|lo|lo gach|ong|ba|anh|chi)\s*:?\s+)+"
)
_PERSON = re.compile(r"\b(ho|hkd|ong|ba|anh|chi|nghe nhan)\b")
FAMILIES = frozenset(
    [
        "nguyen",
        "tran",
        "le",
        "pham",
        "hoang",
        "huynh",
        "phan",
        "vu",
        "vo",
        "dang",
        "bui",
        "do",
        "ho",
        "ngo",
        "duong",
        "ly",
        "dinh",
        "trinh",
        "doan",
        "luong",
        "mai",
        "dao",
        "truong",
        "ha",
        "cao",
        "lam",
        "phung",
        "to",
        "ta",
        "quach",
        "thai",
        "chu",
        "luu",
        "vuong",
        "kieu",
        "la",
        "lo",
        "vi",
        "ma",
        "nong",
        "be",
        "than",
        "giang",
        "trieu",
        "quang",
        "tong",
        "dam",
        "cu",
        "khuc",
        "nghiem",
        "ninh",
    ]
)


def masked(text: str) -> str:
    """Return a text with a person's name as initials, phone numbers and e-mail addresses blanked.

    Examples
    --------
    >>> masked("Hộ kinh doanh Nguyễn Văn An"), masked("HTX chè Hảo Đạt, ĐT 0912 345 678")
    ('Hộ kinh doanh N.V.A.', 'HTX chè Hảo Đạt, ĐT •••')
    """
    text = blanked(text)
    folded = fold(text)
    if len(folded) != len(text):
        return text
    before = _BEFORE.match(folded)
    start = before.end() if before else 0
    words = text[start:].split()
    person = (
        (2 if before and _PERSON.search(before.group()) else 3) <= len(words) <= 4
        and fold(words[0]) in FAMILIES
        and all(word.istitle() and word.isalpha() for word in words)
    )
    return text[:start] + "".join(f"{word[0]}." for word in words) if person else text


def blanked(text: str) -> str:
    """Return a text with phone numbers and e-mail addresses blanked."""
    return _EMAIL.sub("•••", _PHONE.sub("•••", text))


def mask(values: pd.Series) -> pd.Series:
    """Return a column of text masked; missing values stay None."""
    return by_value(values, lambda value: masked(str(value)))


def blank(values: pd.Series) -> pd.Series:
    """Return a column of text without phone numbers and e-mail addresses; missing values stay None."""
    return by_value(values, lambda value: blanked(str(value)))
