"""What support the establishments behind an opportunity or a group ask for, from the rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from geo.linkage.eligibility import Cell
from geo.linkage.model import Asked
from geo.linkage.records import records
from geo.store import support_counts
from geo.store.catalog import Dataset
from geo.store.filters import Filters
from geo.subjects.establishments import SUPPORT_NEEDS

#: Table of the evidence.
TABLE = "support_needs"
#: Numbers of its rows, in the order of ``support_counts.VALUES``.
_FIELDS = ("in_sector", *support_counts.VALUES[1:])
Row = dict[str, Any]
#: What is asked for, and the rows behind it.
Sum = tuple[Asked | None, tuple[Row, ...]]


@lru_cache(maxsize=16)
def rows(dataset: Dataset, country: Filters) -> Mapping[Cell, Row]:
    """Return what is asked for by province and sector as rows of evidence, read once; never written to.

    Parameters
    ----------
    dataset : Dataset
    country : Filters
        Without places, sectors and materials.

    Returns
    -------
    mapping
        (province, class or division) -> row; empty where no establishment states what it needs.
    """
    table = support_counts.both_levels(support_counts.counts(dataset, country))
    if not table["stated"].any():
        return {}
    found: list[Row] = records(table)
    return {
        (row["province_code"], row["sector_code"]): _row(
            {name: row[name] for name in support_counts.KEYS},
            dict(zip(_FIELDS, (row[name] for name in support_counts.VALUES), strict=True)),
        )
        for row in found
    }


class Ledger:
    """Sums over provinces and sectors, each made once: several opportunities may be about the same ones."""

    def __init__(self, table: Mapping[Cell, Row]) -> None:
        self._table = table
        self._made: dict[tuple[Cell, ...], Sum] = {}

    def of(self, cells: tuple[Cell, ...]) -> Sum:
        """Return what is asked for in provinces and sectors, and the rows behind it; nothing where nobody says."""
        if not self._table:
            return None, ()
        made = self._made.get(cells)
        if made is None:
            made = self._made[cells] = total(self._table[c] for c in dict.fromkeys(cells) if c in self._table)
        return made


def total(found: Iterable[Row]) -> Sum:
    """Sum rows of provinces and sectors, each there once.

    A class counts once where its whole division is counted too. Returns the sum (``None`` where nobody states
    anything) and its rows, the row of the sum first.
    """
    parts = _apart(list(found))
    sums = [sum(column) for column in zip(*(row["values"].values() for row in parts), strict=True)]
    if not sums or not sums[1]:
        return None, ()
    every, stated, *kinds = sums
    asked = sorted(zip(SUPPORT_NEEDS, kinds, strict=True), key=lambda pair: -pair[1])
    told = Asked(every, stated, {kind: number for kind, number in asked if number})
    if len(parts) == 1:
        return told, tuple(parts)
    provinces, sectors = (
        "|".join(sorted({row["key"][name] for row in parts})) for name in support_counts.KEYS
    )
    key = {"province_codes": provinces, "sector_codes": sectors}
    return told, (_row(key, dict(zip(_FIELDS, sums, strict=True))), *parts)


def _apart(found: list[Row]) -> list[Row]:
    """Leave out the classes whose whole division is there too."""
    divisions = {tuple(row["key"].values()) for row in found if len(row["key"]["sector_code"]) == 2}
    if not divisions:
        return found
    return [
        row
        for row in found
        if len(sector := row["key"]["sector_code"]) == 2
        or (row["key"]["province_code"], sector[:2]) not in divisions
    ]


def of_evidence(evidence: Iterable[Row]) -> list[Row]:
    """Return the rows of provinces and sectors that stand in some evidence."""
    return [row for row in evidence if row["table"] == TABLE and "province_code" in row["key"]]


def by_province(evidence: Iterable[Row]) -> dict[str, Asked]:
    """Return what is asked for in each province of some evidence, sorted; without those where nobody says."""
    parts: dict[str, list[Row]] = {}
    for row in of_evidence(evidence):
        parts.setdefault(row["key"]["province_code"], []).append(row)
    sums = {code: total(rows)[0] for code, rows in sorted(parts.items())}
    return {code: asked for code, asked in sums.items() if asked is not None}


def _row(key: Mapping[str, str], values: Mapping[str, int]) -> Row:
    """Return one row of evidence."""
    return {
        "table": TABLE,
        "key": dict(key),
        "values": dict(values),
        "source": "geo.store.support_counts.counts",
        "status": "stated",
    }
