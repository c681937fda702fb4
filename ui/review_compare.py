"""Two records side by side: what is compared, how it is written, and where they differ."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from geo.places import admin, locate
from geo.places.spelling import key
from geo.subjects import sectors
from ui.text import Text

_DIFFERS = "≠"
_NONE = "—"


@dataclass(frozen=True)
class Line:
    """One compared property of both records, as text; ``differs`` only where both say something."""

    field: str
    one: str
    other: str
    differs: bool

    def cell(self) -> str:
        """Return both in one cell of a table: once where they agree."""
        if self.one == self.other:
            return self.one
        return f"{self.one} {_DIFFERS if self.differs else '/'} {self.other}"


def lines(row: Mapping[str, Any], t: Text) -> list[Line]:
    """Return the properties of both records of a question; those that neither record has are left out."""
    out = [
        _line("name", row, lambda side: _text(row, side, "name")),
        _line("product", row, lambda side: _text(row, side, "product")),
        _line("province", row, lambda side: _province(_text(row, side, "province_code_2025"), t)),
        _line("commune", row, lambda side: _commune(row, side, t)),
        _line("address", row, lambda side: _text(row, side, "address")),
        _line("tax_code", row, lambda side: _text(row, side, "tax_code")),
        _line("id", row, lambda side: _id(_text(row, side, "establishment_id"))),
        _line("sector", row, lambda side: _sector(_text(row, side, "sector_code"), t)),
        _line("employees", row, lambda side: _number(row, side, "employees", t)),
        _line("year", row, lambda side: _year(row, side)),
    ]
    return [line for line in out if line.one != _NONE or line.other != _NONE]


def table(row: Mapping[str, Any], t: Text) -> str:
    """Return both records as a table for the page, everything from the file escaped, differences marked."""
    head = "".join(
        f"<th>{html.escape(text)}</th>" for text in ("", origin(row, "", t), origin(row, "other_", t))
    )
    body = []
    for line in lines(row, t):
        mark = ' class="differs"' if line.differs else ""
        sign = f"{_DIFFERS} " if line.differs else ""
        body.append(
            f"<tr{mark}><th>{html.escape(t(f'review.field.{line.field}'))}</th>"
            f"<td>{html.escape(line.one)}</td><td>{sign}{html.escape(line.other)}</td></tr>"
        )
    km = distance(row, t)
    if km:
        body.append(
            f"<tr><th>{html.escape(t('review.field.distance'))}</th><td colspan=2>{html.escape(km)}</td></tr>"
        )
    return f'<table class="pair"><thead><tr>{head}</tr></thead><tbody>{"".join(body)}</tbody></table>'


def origin(row: Mapping[str, Any], side: str, t: Text) -> str:
    """Say where a record comes from: a row of the file, or what is in already."""
    number = row[f"{side}row"]
    return t("review.of_row", row=int(number)) if _there(number) else t("review.stored")


def rows(row: Mapping[str, Any], t: Text) -> str:
    """Name both records shortly: by the row of the file, or as stored."""
    numbers = (row["row"], row["other_row"])
    return " ↔ ".join(str(int(number)) if _there(number) else t("review.in") for number in numbers)


def distance(row: Mapping[str, Any], t: Text) -> str:
    """Return the distance of the points of both records, in metres or kilometres; empty without both."""
    km = row["distance_km"]
    if not _there(km):
        return ""
    return f"{t.number(1000 * float(km))} m" if float(km) < 1 else f"{t.number(float(km), 1)} km"


def _line(field: str, row: Mapping[str, Any], text: Any) -> Line:
    """Return one property of both records."""
    one, other = text(""), text("other_")
    differs = one != _NONE and other != _NONE and key(one) != key(other)
    return Line(field, one, other, differs)


def _text(row: Mapping[str, Any], side: str, column: str) -> str:
    """Return a value as text, a dash where there is none."""
    value = row.get(side + column)
    return str(value) if _there(value) and str(value) else _NONE


def _there(value: Any) -> bool:
    """Tell whether there is a value."""
    return value is not None and not pd.isna(value)


def _number(row: Mapping[str, Any], side: str, column: str, t: Text) -> str:
    """Return a number in the form of the language."""
    value = row[side + column]
    return t.number(float(value)) if _there(value) else _NONE


def _year(row: Mapping[str, Any], side: str) -> str:
    """Return a year, which is written without separators."""
    value = row[f"{side}year"]
    return str(int(value)) if _there(value) else _NONE


def _id(text: str) -> str:
    """Return an id that somebody gave; one made of the words of the record tells nothing."""
    return _NONE if text.startswith("dv-") else text


def _province(code: str, t: Text) -> str:
    """Return the name of a province of 2025."""
    return _provinces(t.lang).get(code, code)


def _commune(row: Mapping[str, Any], side: str, t: Text) -> str:
    """Return the name of the commune, the present one where it is known."""
    now, before = _text(row, side, "commune_code_2025"), _text(row, side, "commune_code_pre2025")
    if now != _NONE:
        return _communes("2025").get(now, now)
    return (
        _NONE if before == _NONE else t("review.old_commune", name=_communes("pre2025").get(before, before))
    )


def _sector(code: str, t: Text) -> str:
    """Return a sector as code and name."""
    return sector_labels(t.lang).get(code, code)


@lru_cache(maxsize=2)
def sector_labels(lang: str) -> dict[str, str]:
    """Return code → "1077 Sản xuất cà phê" of every class and division in the list."""
    names = sectors.sectors()["name_en" if lang == "en" else "name_vi"]
    return {str(code): f"{code} {name}" for code, name in names.items()}


@lru_cache(maxsize=2)
def _provinces(lang: str) -> dict[str, str]:
    """Return province code → name."""
    names = admin.provinces("2025")["name_en" if lang == "en" else "name_vi"]
    return {str(code): str(name) for code, name in names.items()}


@lru_cache(maxsize=2)
def _communes(vintage: str) -> dict[str, str]:
    """Return commune code → name."""
    return {str(code): str(name) for code, name in locate.communes(vintage)["name_vi"].items()}
