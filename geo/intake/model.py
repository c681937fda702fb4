"""What an import passes along: the table read, the mapping of its columns, the options, the outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from geo.store.catalog import Dataset

KINDS = ("establishments", "needs", "materials")
#: What a user may consent to; nothing is repaired without.
REPAIRS = {
    "swap": ("đổi chỗ vĩ độ và kinh độ bị đảo", "exchange latitude and longitude that were swapped"),
    "drop-point": (
        "bỏ tọa độ sai (ngoài nước, ngoài tỉnh), giữ địa chỉ",
        "drop a wrong point (outside the country or the province) and keep the address",
    ),
    "decimal-point": (
        "đặt lại dấu thập phân bị mất của tọa độ (21028511 → 21,028511)",
        "put back the lost decimal point of coordinates (21028511 → 21.028511)",
    ),
}
Progress = Callable[[int, int], None]
#: Distinct texts that a look-up remembers: a server reads files of many users and must not keep them all.
KEPT = 20_000


@dataclass(frozen=True)
class Remark:
    """A sentence for the user about the file or the result, with a code and a count for the machine."""

    code: str
    vi: str
    en: str
    count: int = 0

    def text(self, lang: str = "vi") -> str:
        """Return the sentence in ``lang`` (``vi`` or ``en``)."""
        return self.en if lang == "en" else self.vi


@dataclass(frozen=True)
class Table:
    """One table of a file: titles, data rows, and what stands around them.

    Attributes
    ----------
    file, sheet, sha256 : str
        File name, sheet (or layer; empty for text files) and checksum of the file.
    header : tuple of str
        Column titles in order; a title of two levels is joined by `` / ``; never twice the same.
    cells : DataFrame
        Data rows: columns 0 … n-1, object values as stored (text, number, bool, date; None for empty),
        index = row number in the file, from 1.
    aside : DataFrame
        Rows below the header that are no data: ``row``, ``reason`` (``total``, ``heading``, ``note``,
        ``numbering``), ``text``.
    remarks : tuple of Remark
        What the reader has to say (hidden rows, formulas, converted text, …).
    """

    file: str
    sheet: str
    sha256: str
    header: tuple[str, ...]
    cells: pd.DataFrame = field(repr=False)
    aside: pd.DataFrame = field(repr=False)
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class ColumnMapping:
    """Which column holds which field, and in which unit; reusable for files of the same shape.

    Attributes
    ----------
    kind : str
        ``establishments``, ``needs`` or ``materials``.
    columns : mapping
        Field → column title.
    units : mapping
        Field → unit code, for fields with a unit; a field without an entry is not stated.
    confidence : mapping
        Field → 0–1, how surely the title was understood (1 = confirmed or the very words).
    ignored : tuple of str
        Titles that are not read.
    """

    kind: str
    columns: Mapping[str, str]
    units: Mapping[str, str] = field(default_factory=dict)
    confidence: Mapping[str, float] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True)
class Options:
    """What the user decides about an import.

    Attributes
    ----------
    vintage : str, optional
        ``2025``, ``pre2025``, or ``each`` (every row by what it says itself; the others come back).
    vsic_version : str, optional
        ``2018`` or ``2025``, for codes that mean another class in each.
    decimal : str, optional
        ``comma`` or ``point``, for numbers written as text that could be either.
    repairs : frozenset of str
        Keys of :data:`REPAIRS` consented to.
    mask_personal : bool
        Shorten the names of household owners and blank phone numbers.
    dataset : Dataset, optional
        What is in already: duplicates are looked for there, and the result is added to it.
    replace : bool
        Begin anew instead of adding (``dataset`` then only numbers the versions).
    decisions : mapping
        Kept answers to the review queue: pair of keys (sorted, joined by ``|``) → ``same`` / ``different``.
    source, licence : str
        For rows that do not say their own.
    """

    vintage: str | None = None
    vsic_version: str | None = None
    decimal: str | None = None
    repairs: frozenset[str] = frozenset()
    mask_personal: bool = False
    dataset: Dataset | None = None
    replace: bool = False
    decisions: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    licence: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of every row: counts always add up to ``rows_in``.

    Attributes
    ----------
    table, mapping, options
        What was checked.
    accepted : DataFrame
        Rows that go in as records of their own, in the columns of their contract, and ``row``.
    merged : DataFrame
        ``row``, ``into`` (id of the record it was merged into), ``into_row`` (NA: a stored one), ``score``
        (0–1), ``reason`` (``id``, ``tax code``, ``likeness``, ``decision``).
    returned : DataFrame
        Index: row numbers; the original cells under their titles.
    faults : DataFrame
        ``row``, ``column``, ``field``, ``value``, ``code``, ``severity`` (``error`` returns the row,
        ``warning`` does not), ``vi``, ``en`` (what was expected), ``proposal``.
    review : DataFrame
        Questions for people: ``question`` (``duplicate`` / ``sector``), ``key``, ``row``, ``score``, and both
        records side by side (``name``, ``place``, ``product``, ``other_id``, ``other_name``, …).
    result : dict of str → DataFrame
        The tables as they will be stored.
    counts : dict
        ``rows_in``, ``accepted``, ``merged``, ``returned``, and what stood aside (``totals``, …).
    messages : tuple of Remark
    """

    table: Table = field(repr=False)
    mapping: ColumnMapping
    options: Options
    accepted: pd.DataFrame = field(repr=False)
    merged: pd.DataFrame = field(repr=False)
    returned: pd.DataFrame = field(repr=False)
    faults: pd.DataFrame = field(repr=False)
    review: pd.DataFrame = field(repr=False)
    result: dict[str, pd.DataFrame] = field(repr=False)
    counts: dict[str, int]
    messages: tuple[Remark, ...]

    def summary(self) -> dict[str, Any]:
        """Return the counts, and the number of faults by code, as plain values."""
        by_code = self.faults["code"].value_counts().sort_index()
        return {"counts": dict(self.counts), "faults": {str(k): int(v) for k, v in by_code.items()}}
