"""Which column holds what: guessed from the titles, confirmed by people, kept for the next file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
from rapidfuzz import fuzz

from geo.errors import DataError, ParameterError
from geo.intake import quantities
from geo.intake.fields import NEEDED, Field, fields, titles
from geo.intake.layout import title_key
from geo.intake.model import ColumnMapping, Table
from geo.places.spelling import key
from geo.store import files

#: Below this a title is not taken for a field.
BELIEVED = 0.6
_FUZZY = 88
#: Titles of the columns that a returned workbook adds.
RETURNED_TITLES = ("Dòng gốc", "Lỗi cần sửa", "Original row", "Faults to repair")
_PLANE_TITLES = {"x", "y", "toa do x", "toa do y", "x m", "y m"}


def guess(table: Table, kind: str) -> ColumnMapping:
    """Guess the field of every column from its title, and the unit from the title's brackets.

    Each column gives at most one field and each field has at most one column: the surest pair first.

    Parameters
    ----------
    table : Table
        As :func:`geo.intake.read.tables` returns it.
    kind : str
        ``establishments``, ``needs`` or ``materials``.
    """
    known = titles(kind)
    pairs = [
        (score, -place, name, title)
        for place, title in enumerate(table.header)
        if title not in RETURNED_TITLES
        for name, score in _scores(title, known).items()
    ]
    columns: dict[str, str] = {}
    confidence: dict[str, float] = {}
    for score, _, name, title in sorted(pairs, reverse=True):
        if score >= BELIEVED and name not in columns and title not in columns.values():
            columns[name], confidence[name] = title, round(score, 2)
    _turn_plane_axes(table, columns)
    units = {f.name: _unit(columns[f.name], f.unit) for f in fields(kind) if f.unit and f.name in columns}
    ignored = tuple(title for title in table.header if title not in columns.values())
    order = {f.name: place for place, f in enumerate(fields(kind))}
    columns = dict(sorted(columns.items(), key=lambda item: order[item[0]]))
    return ColumnMapping(kind, columns, {k: v for k, v in units.items() if v}, confidence, ignored)


def _scores(title: str, known: Mapping[str, str]) -> dict[str, float]:
    """Return field → likeness (0–1) of one title."""
    found: dict[str, float] = {}
    parts = title.split(" / ")
    weights = [*((title_key(part), 0.8) for part in parts[:-1]), (title_key(parts[-1]), 0.95)]
    forms = dict([*weights, (key(title), 1.0), (title_key(title), 1.0)])
    for form, weight in forms.items():
        if not form:
            continue
        if form in known:
            found[known[form]] = max(found.get(known[form], 0.0), weight)
            continue
        for other, name in known.items():
            if len(other) < 4:
                continue
            score = 0.0
            if re.search(rf"\b{re.escape(other)}\b", form):
                score = 0.6 + 0.3 * len(other) / len(form)
            elif len(form) > 5 and fuzz.ratio(form, other) >= _FUZZY:
                score = 0.75
            if score * weight > found.get(name, 0.0):
                found[name] = score * weight
    return found


def _unit(title: str, family: str) -> str:
    """Return the unit a title states, in brackets or at its end; empty when it states none."""
    inside = re.findall(r"[(\[](.*?)[)\]]", title)
    for text in [
        *inside,
        *(part for piece in inside for part in piece.split(",")),
        *re.split(r"[,:/]", title),
    ]:
        code = quantities.unit_code(text.replace("ĐVT", "").replace("đvt", ""), family)
        if code:
            return code
    words = key(title).split()
    for count in (3, 2, 1):
        code = quantities.unit_code(" ".join(words[-count:]), family) if len(words) > count else ""
        if code and (count > 1 or len(words[-1]) > 1):
            return code
    return ""


def _turn_plane_axes(table: Table, columns: dict[str, str]) -> None:
    """Exchange columns titled X and Y that hold degrees: maps call the longitude X, surveys the northing."""
    if not all(title_key(columns.get(name, "")) in _PLANE_TITLES for name in ("lat", "lon")):
        return
    place = {title: number for number, title in enumerate(table.header)}
    middle = [
        pd.to_numeric(table.cells[place[columns[name]]], errors="coerce").median() for name in ("lat", "lon")
    ]
    if 100 <= middle[0] <= 120 and 5 <= middle[1] <= 25:
        columns["lat"], columns["lon"] = columns["lon"], columns["lat"]


def changed(
    mapping: ColumnMapping,
    columns: Mapping[str, str | None] | None = None,
    units: Mapping[str, str] | None = None,
) -> ColumnMapping:
    """Return a mapping with columns confirmed, changed or taken out (None), and units stated.

    Raises
    ------
    ParameterError
        If a field or a unit is unknown.
    """
    known = {f.name: f for f in fields(mapping.kind)}
    chosen, sure = dict(mapping.columns), dict(mapping.confidence)
    for name, title in (columns or {}).items():
        _field(name, known)
        chosen.pop(name, None)
        if title is not None:
            chosen = {other: held for other, held in chosen.items() if held != title}
            chosen[name], sure[name] = title, 1.0
    stated = dict(mapping.units)
    for name, unit in (units or {}).items():
        family = _field(name, known).unit
        code = quantities.unit_code(unit, family)
        if not code:
            allowed = ", ".join(words[0] for _, words in quantities.UNITS.get(family, {}).values()) or "—"
            raise ParameterError(
                vi=f"Đơn vị của “{known[name].vi}” phải là một trong: {allowed}; nhưng nhận được “{unit}”.",
                en=f'The unit of "{known[name].en}" must be one of: {allowed}; but "{unit}" came.',
            )
        stated[name] = code
    return replace(
        mapping, columns=chosen, units=stated, confidence={k: sure[k] for k in chosen if k in sure}
    )


def _field(name: str, known: Mapping[str, Field]) -> Field:
    """Return a field by name, or refuse the name."""
    if name not in known:
        raise ParameterError(
            vi=f"Không có trường “{name}”; các trường: {', '.join(known)}.",
            en=f'There is no field "{name}"; the fields are: {", ".join(known)}.',
        )
    return known[name]


def check(mapping: ColumnMapping, table: Table) -> None:
    """Refuse a mapping that names columns the table does not have, or lacks what is needed.

    Raises
    ------
    DataError
        If a column is not there, or a needed field has none.
    """
    absent = [title for title in mapping.columns.values() if title not in table.header]
    if absent:
        raise DataError(
            vi=f"Ghép cột nhắc đến cột {', '.join(f'“{t}”' for t in absent)}, nhưng tệp chỉ có: {', '.join(table.header)}.",
            en=f"The mapping names the columns {', '.join(absent)}, but the file has: {', '.join(table.header)}.",
        )
    known = {f.name: f for f in fields(mapping.kind)}
    for group in NEEDED[mapping.kind]:
        if not any(name in mapping.columns for name in group):
            vi = " hoặc ".join(f"“{known[name].vi}”" for name in group)
            en = " or ".join(f'"{known[name].en}"' for name in group)
            raise DataError(
                vi=f"Chưa nhận ra cột {vi} trong “{table.file}”; các cột của tệp: {', '.join(table.header)}. Hãy đổi tên "
                "cột hoặc chỉ rõ bằng ghép cột.",
                en=f'No column was recognised as {en} in "{table.file}"; its columns: {", ".join(table.header)}. Rename the '
                "column or state it in the mapping.",
            )


def to_text(mapping: ColumnMapping, name: str = "") -> str:
    """Return a mapping as JSON, with the name it is kept by where it has one."""
    body = {"kind": mapping.kind, "columns": dict(mapping.columns), "units": dict(mapping.units)}
    return json.dumps({"name": name, **body} if name else body, ensure_ascii=False, indent=2) + "\n"


def from_text(text: str, origin: str) -> ColumnMapping:
    """Read a mapping from its JSON; ``origin`` names it in an error.

    Raises
    ------
    DataError, ParameterError
        If the text is no mapping, or names an unknown field or unit.
    """
    try:
        body = json.loads(text)
        kept = ColumnMapping(str(body["kind"]), {}, {})
        columns = {str(k): str(v) for k, v in body["columns"].items()}
        units = {str(k): str(v) for k, v in body.get("units", {}).items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            vi=f"“{origin}” không phải tệp ghép cột: cần JSON có “kind” và “columns”; hãy lưu lại từ lần nhập trước.",
            en=f'"{origin}" is no mapping: JSON with "kind" and "columns" is expected; save it anew from an import.',
        ) from error
    return changed(kept, columns, units)


def save(mapping: ColumnMapping, path: str | Path) -> None:
    """Keep a mapping as JSON, to be used with the next file of the same shape."""
    files.write_text(Path(path), to_text(mapping))


def load(path: str | Path) -> ColumnMapping:
    """Read a mapping that was kept.

    Raises
    ------
    DataError, ParameterError
        If the file is no mapping.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        text = ""
    return from_text(text, str(path))
