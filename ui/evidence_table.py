"""The evidence of an opportunity or group laid out flat, with tables, places and fields in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from geo.subjects import materials
from geo.subjects.own_supply import OWN
from ui import views
from ui.context import Context
from ui.text import catalogue

COLUMNS = ("table", "about", "field", "value", "status", "source")
#: Parts of a key that name a place.
_PLACES = frozenset(
    ("province_code", "origin_code", "destination_code", "first", "second", "leader_code", "learner_code")
)
_LISTS = frozenset(("province_codes", "sector_codes"))
_SUBJECTS = frozenset(("material_code", "sector_code", "upstream_code", "downstream_code", "subject_code"))


def evidence_table(context: Context, evidence: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return one row a value: ``table``, ``about``, ``field``, ``value``, ``status``, ``source``."""
    rows = [
        {
            "table": _word(context, "evidence", row["table"]),
            "about": _about(context, row["key"]),
            "field": _word(context, "field", name),
            "value": _value(context, name, value),
            "status": _word(context, "status", row.get("status", "")),
            "source": row.get("source", ""),
        }
        for row in evidence
        for name, value in row["values"].items()
    ]
    # Counts, shares and words stand in one column: each is written in its own form.
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"value": object})


def _value(context: Context, name: str, value: Any) -> Any:
    """Say yes or no and grades in words; numbers and the letters of grades stay."""
    if isinstance(value, bool):
        return context.t("word.yes" if value else "word.no")
    return context.t("grade.own") if name == "reliability" and value == OWN else value


def _about(context: Context, key: Mapping[str, Any]) -> str:
    """Say what a row is about: subjects first, then the places in the order of the key."""
    places = [views.province_name(context, str(code)) for name, code in key.items() if name in _PLACES]
    subjects = [_subject(context, str(code)) for name, code in key.items() if name in _SUBJECTS]
    # A sum over provinces and sectors names them all, joined by |.
    places += [views.province_name(context, c) for c in str(key.get("province_codes", "")).split("|") if c]
    if codes := str(key.get("sector_codes", "")):
        subjects.append(context.t("evidence.sectors", codes=codes.replace("|", ", ")))
    rest = [f"{name}={code}" for name, code in key.items() if name not in _PLACES | _SUBJECTS | _LISTS]
    between = ", " if "province_codes" in key else " → "
    return "; ".join(part for part in (*subjects, between.join(places), *rest) if part)


def _subject(context: Context, code: str) -> str:
    """Name a material, a sector or a pair of sectors by its code."""
    goods = materials.catalogue()
    if code in goods.index:
        return context.t.name(goods.loc[code])
    return " → ".join(f"{part} {views.sector_name(context, part)}" for part in code.split("-"))


def _word(context: Context, group: str, name: str) -> str:
    """Return the word for a table, field or status; a name without one stays as it is."""
    key = f"{group}.{name}"
    return context.t(key) if key in catalogue(context.t.lang) else str(name)
