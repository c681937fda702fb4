"""The evidence of an opportunity or group laid out flat, with tables, places and fields in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from geo.subjects import materials
from ui import views
from ui.context import Context
from ui.text import catalogue

COLUMNS = ("table", "about", "field", "value", "status", "source")
#: Parts of a key that name a place.
_PLACES = frozenset(
    ("province_code", "origin_code", "destination_code", "first", "second", "leader_code", "learner_code")
)
_SECTORS = frozenset(("sector_code", "upstream_code", "downstream_code"))


def evidence_table(context: Context, evidence: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return one row a value: ``table``, ``about``, ``field``, ``value``, ``status``, ``source``."""
    rows = [
        {
            "table": _word(context, "evidence", row["table"]),
            "about": _about(context, row["key"]),
            "field": _word(context, "field", name),
            "value": value,
            "status": _word(context, "status", row.get("status", "")),
            "source": row.get("source", ""),
        }
        for row in evidence
        for name, value in row["values"].items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _about(context: Context, key: Mapping[str, Any]) -> str:
    """Say what a row is about: subject first, then the places in the order of the key."""
    places = [views.province_name(context, str(code)) for name, code in key.items() if name in _PLACES]
    sectors = [
        f"{code} {views.sector_name(context, str(code))}" for name, code in key.items() if name in _SECTORS
    ]
    goods = [
        context.t.name(materials.catalogue().loc[code])
        for name, code in key.items()
        if name == "material_code"
    ]
    rest = [
        f"{name}={code}" for name, code in key.items() if name not in _PLACES | _SECTORS | {"material_code"}
    ]
    return "; ".join([*goods, *sectors, " → ".join(places), *rest]).strip("; ")


def _word(context: Context, group: str, name: str) -> str:
    """Return the word for a table, field or status; a name without one stays as it is."""
    key = f"{group}.{name}"
    return context.t(key) if key in catalogue(context.t.lang) else str(name)
