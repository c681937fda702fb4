"""Cells as clean text and choices, each distinct value looked at once."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from geo.intake.fields import Field
from geo.intake.pace import SILENT, Pace
from geo.places.spelling import key

_UNSEEN = re.compile("[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]+")
_DATE = re.compile(
    r"(?:\d{1,2}[/.-]){1,2}((?:19|20)\d{2})|((?:19|20)\d{2})[/.-]\d{1,2}(?:[/.-]\d{1,2})?(?:[T ].*)?"
)
_YEAR = re.compile(r"(?:nam |year )?((?:19|20)\d{2})(?:\.0)?")
_YES = {"x", "co", "yes", "true", "1", "dung", "y", "v", "thuoc", "co thuoc"}
_NO = {"", "khong", "no", "false", "0", "sai", "n", "k", "ko"}


def by_value(values: pd.Series, function: Callable[[Any], Any], pace: Pace = SILENT) -> pd.Series:
    """Apply a function to every distinct value once; missing values stay None."""
    codes, uniques = pd.factorize(values)
    table = np.empty(len(uniques) + 1, dtype=object)
    for place, value in enumerate(pace.over(uniques, len(uniques))):
        table[place] = function(value)
    return pd.Series(table[codes], index=values.index, dtype=object)


def empty(index: pd.Index) -> pd.Series:
    """Return a column without any value."""
    return pd.Series([None] * len(index), index=index, dtype=object)


def zipped(*columns: pd.Series) -> pd.Series:
    """Return columns of objects as one column of tuples, missing values None."""
    plain = [column.astype(object).where(column.notna(), None) for column in columns]
    return pd.Series(list(zip(*plain, strict=True)), index=columns[0].index, dtype=object)


def text(values: pd.Series) -> pd.Series:
    """Return cells as text: Unicode composed, unseen characters out, single spaces; empty ones None."""
    return by_value(values, plain_text)


def plain_text(value: Any) -> str | None:
    """Return one cell as clean text, or None when nothing is left."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float | np.floating) and float(value).is_integer():
        value = int(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    words = unicodedata.normalize("NFC", str(value)).replace("\n", " ").replace("\t", " ")
    words = " ".join(_UNSEEN.sub("", words).split())
    # A spreadsheet-safe export puts an apostrophe before what would run as a formula.
    return (words[1:] if words[:1] == "'" and words[1:2] in ("=", "+", "-", "@") else words) or None


def years(values: pd.Series) -> pd.Series:
    """Return the year of years, dates and dates written as text (31/12/2024, 2024-12-31); 0 when it is none."""
    return by_value(values, _year)


def _year(value: Any) -> int:
    """Return the year of one cell, 0 when there is none."""
    if isinstance(value, dt.date):
        return value.year
    words = plain_text(value) or ""
    match = _DATE.fullmatch(words)
    if match:
        return int(match[1] or match[2])
    match = _YEAR.fullmatch(key(words) if not words.replace(".", "").isdigit() else words)
    return int(match[1]) if match else 0


def choices(values: pd.Series, field: Field) -> pd.Series:
    """Return the stored value of each choice; an empty text for one that is not in the list."""
    table = dict(field.values)
    return by_value(values, lambda value: table.get(key(str(value)), ""))


def flags(values: pd.Series, field: Field) -> pd.Series:
    """Return several choices in one cell joined by ``|`` in the order of the list; empty when one is unknown."""
    table = dict(field.values)
    order = list(dict.fromkeys(table.values()))

    def joined(value: Any) -> str:
        whole = table.get(key(str(value)))
        parts = (
            [whole]
            if whole
            else [table.get(key(part), "") for part in re.split(r"[,;|+/]| và ", str(value)) if key(part)]
        )
        return "" if not parts or "" in parts else "|".join(sorted(set(parts), key=order.index))

    return by_value(values, joined)


def yes(values: pd.Series) -> pd.Series:
    """Return True, False, or None for a word that is neither."""

    def told(value: Any) -> bool | None:
        word = key(str(plain_text(value) or ""))
        return True if word in _YES else False if word in _NO else None

    return by_value(values, told)
