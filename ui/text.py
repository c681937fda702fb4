"""Text of the screens from the two catalogues, Vietnamese first."""

from __future__ import annotations

import datetime as dt
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from geo.numbers import number, short_number

LANGUAGES = ("vi", "en")
DEFAULT_LANGUAGE = "vi"
_LOCALES = Path(__file__).parent / "locales"


@lru_cache(maxsize=4)
def catalogue(lang: str) -> dict[str, str]:
    """Return the whole text catalogue of a language."""
    return json.loads((_LOCALES / f"{lang}.json").read_text(encoding="utf-8"))


def literal(text: str) -> str:
    """Keep a text that came from outside from being read as Markdown (links, pictures, formulas, HTML)."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


class Said(Protocol):
    """Anything told in both languages."""

    @property
    def vi(self) -> str:
        """The Vietnamese text."""

    @property
    def en(self) -> str:
        """The English text."""


class Text:
    """Text, numbers and names in one language.

    Call it with a key and the values of its placeholders; ``number`` and ``short`` write numbers.
    """

    def __init__(self, lang: str = DEFAULT_LANGUAGE) -> None:
        self.lang = lang if lang in LANGUAGES else DEFAULT_LANGUAGE

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of ``key`` with its placeholders filled; a missing key is a bug and raises."""
        template = catalogue(self.lang)[key]
        return template.format(**values) if values else template

    def number(self, value: float | int | None, digits: int = 0) -> str:
        """Write a number in the form of the language."""
        return number(value, digits, self.lang)

    def short(self, value: float | int | None) -> str:
        """Write a large number shortly, in the form of the language."""
        return short_number(value, self.lang)

    def date(self, day: dt.date) -> str:
        """Write a day in the form of the language: 24/11/2026 or 24 November 2026."""
        return f"{day:%d/%m/%Y}" if self.lang == "vi" else f"{day.day} {day:%B %Y}"

    def said(self, statement: Said) -> str:
        """Return a statement made in both languages (its ``vi`` or ``en``) in this one."""
        return statement.en if self.lang == "en" else statement.vi

    def name(self, row: object, field: str = "name") -> str:
        """Return the name of a table row in the language (its ``name_vi`` or ``name_en``)."""
        if self.lang == "en":
            english = getattr(row, f"{field}_en", None)
            if isinstance(english, str) and english:
                return english
        return str(getattr(row, f"{field}_vi"))
