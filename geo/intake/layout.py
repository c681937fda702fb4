"""Where in a sheet the table is: titles above, header of one or two levels, data, totals and notes below."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo.intake.fields import all_titles
from geo.places.spelling import key

Rows = Sequence[Sequence[Any]]
Merge = tuple[tuple[int, int], tuple[int, int]]
#: The header stands among the first rows of a sheet.
HEADER_WITHIN = 40
#: Words a totals row consists of, folded; more words make it a name ("Tổng công ty …").
_TOTAL = re.compile(
    r"(tong|tong cong|tong so|cong|total|grand total|sub ?total|binh quan|trung binh|average|sum)"
    r"( (toan|ca|chung|cua|theo|cac|so|co so|tinh|huyen|xa|vung|nuoc|doanh nghiep|nhom|muc|[ivx]+|[a-h]|[0-9]+))*"
    r"|(tong|tong cong|tong so|cong)( (cua|theo))? (huyen|quan|thi xa|thanh pho|tp|xa|phuong|thi tran|tinh|nhom|nganh|linh vuc) .+"
)
#: What a totals row can begin with, before folding is worth its time.
_TOTAL_START = re.compile(r"\W*(t[oôổỏốồộ]|c[oôộ]|gr|su|b[iì]|tr|av)", re.IGNORECASE)
_HEADING = re.compile(r"([ivx]+|[a-h]|[0-9]+)|(([ivx]+|[a-h]|[0-9]+) )?(huyen|quan|thi xa|thanh pho|tp|xa|phuong|thi tran|"
                      r"tinh|dac khu|nhom|nganh|linh vuc|vung) .+")  # fmt: skip
_NOTE = re.compile(r"(ghi chu|nguon|nguoi lap|luu y|ngay|chu thich|note|source|ha noi ngay|thu truong|ky ten|noi nhan|"
                   r"xac nhan|truong phong|giam doc|lap bieu|don vi tinh|noi dung|i nguoi)( .*)?|"
                   r"(tm|kt|tl|tuq)( (uy ban|ubnd|chu tich|hoi dong|ban|bo|so|cuc|chi cuc|giam doc|truong|pho|thu truong)( .*)?)?|.* ngay( \d+)? thang.*")  # fmt: skip
#: Where the signatures begin: below it stand offices and names of people, no data.
_SIGNED = re.compile(r"(nguoi lap|lap bieu|ke toan|thu truong|truong phong|giam doc|chu tich|pho chu tich|xac nhan)( .*)?|"
                     r"(tm|kt|tl|tuq)( .*)?|(.* )?ngay( \d+)? thang( .*)?")  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """Header rows (from, to; 0-based, both inside), column titles, and how many titles were known."""

    first: int
    last: int
    titles: tuple[str, ...]
    known: int


def blank(value: Any) -> bool:
    """Tell an empty cell."""
    return value is None or value == "" or (isinstance(value, float) and value != value) or (
        isinstance(value, str) and not value.strip()
    )  # fmt: skip


def title_key(title: Any) -> str:
    """Return a title folded, without what stands in brackets (a unit, a remark)."""
    return key(re.sub(r"[(\[].*?[)\]]", " ", str(title)))


def find(rows: Rows, merges: Iterable[Merge] = (), wanted: Iterable[str] = ()) -> Layout | None:
    """Return where the header is, or None when no row reads like one.

    Parameters
    ----------
    rows : sequence of sequences
        The first rows of the sheet (the header is looked for in the first 40).
    merges : iterable
        Merged ranges ((row, column), (row, column)), 0-based, both inside.
    wanted : iterable of str
        Titles of a saved mapping: they count as known.
    """
    words = all_titles() | {title_key(title) for title in wanted}
    merges = list(merges)
    best: Layout | None = None
    for index in range(min(len(rows), HEADER_WITHIN)):
        known = sum(title_key(cell) in words for cell in rows[index] if isinstance(cell, str))
        # A sub-header counts with the row above it, so a single-row header wins ties by standing first.
        if known >= (1 if wanted else 2) and (best is None or known > best.known):
            best = Layout(index, index, (), known)
    if best is None:
        return None
    first, last = _levels(rows, merges, best.first, words)
    return Layout(first, last, _titles(rows[first : last + 1], merges, first), best.known)


def _levels(rows: Rows, merges: list[Merge], at: int, words: frozenset[str] | set[str]) -> tuple[int, int]:
    """Widen a header row to the group row above it and the sub-header below it."""
    first = last = at
    if any(top == at - 1 and bottom == at - 1 and right > left for (top, left), (bottom, right) in merges):
        above = [cell for cell in rows[at - 1] if not blank(cell)]
        if len(above) > 1:
            first = at - 1
    if any(top < at <= bottom for (top, _), (bottom, _) in merges):
        first = min(top for (top, _), (bottom, _) in merges if top < at <= bottom)
    if any(top == at and bottom > at for (top, _), (bottom, _) in merges):
        last = max(bottom for (top, _), (bottom, _) in merges if top == at)
    elif any(top == at == bottom and right > left for (top, left), (bottom, right) in merges):
        last = at + 1 if at + 1 < len(rows) and _text_only(rows[at + 1]) else at
    return first, min(last, len(rows) - 1)


def _text_only(row: Sequence[Any]) -> bool:
    """Tell a row that holds words only, as a header does."""
    return all(blank(cell) or (isinstance(cell, str) and not re.search(r"\d{2}", cell)) for cell in row)


def _titles(rows: Rows, merges: list[Merge], first: int) -> tuple[str, ...]:
    """Join the levels of a header; a title merged over several columns stands above each of them."""
    width = max(len(row) for row in rows)
    grid = [
        [("" if blank(cell) else " ".join(str(cell).split())) for cell in row] + [""] * (width - len(row))
        for row in rows
    ]
    for (top, left), (bottom, right) in merges:
        if first <= top < first + len(grid) and left < width:
            for row in range(top, min(bottom, first + len(grid) - 1) + 1):
                for column in range(left, min(right, width - 1) + 1):
                    grid[row - first][column] = grid[top - first][left]
    names: list[str] = []
    for column in range(width):
        parts = list(dict.fromkeys(row[column] for row in grid if row[column]))
        names.append(" / ".join(parts))
    return unique(names)


def unique(names: Sequence[str]) -> tuple[str, ...]:
    """Return titles that differ: empty ones become "Cột 3", repeated ones get a number."""
    seen: dict[str, int] = {}
    out = []
    for place, name in enumerate(names, start=1):
        name = name or f"Cột {place}"
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(out)


def trimmed(titles: tuple[str, ...], cells: pd.DataFrame) -> tuple[tuple[str, ...], pd.DataFrame]:
    """Return titles and cells without the last columns that have neither a title nor a value."""
    width = len(titles)
    while width > 1 and titles[width - 1] == f"Cột {width}" and cells[width - 1].isna().all():
        width -= 1
    return titles[:width], cells.iloc[:, :width]


def split(cells: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Part the rows below a header into data and what is none: blank rows go without a word.

    Returns
    -------
    (DataFrame, DataFrame)
        The data rows (index kept); ``row``, ``reason``, ``text`` of the others.
    """
    filled = cells.notna()
    count = filled.sum(axis=1)
    cells, count = cells[count > 0], count[count > 0]
    width = max(int(filled.any().sum()), 1)
    # Only thin rows and short texts can be something else than data; the others need no closer look.
    thin = count <= max(2, width // 3)
    full = count.index[~thin]
    last_full = full.max() if len(full) else -1
    reasons: dict[Any, tuple[str, str]] = {}
    signed = False
    for row in cells.index[thin | _starts_like_total(cells)]:
        values = cells.loc[row].dropna().tolist()
        below = row > last_full
        reason = _reason(values, bool(thin[row]), width, below)
        signed |= (
            below
            and len(full) > 0
            and reason == "note"
            and any(_SIGNED.fullmatch(key(v)) for v in values if isinstance(v, str))
        )
        if reason or (signed and below):
            reason = reason or "note"
            reasons[row] = (reason, " · ".join(str(v) for v in values)[:200])
    numbering = _numbering(cells)
    if numbering is not None:
        reasons[numbering] = ("numbering", "1, 2, 3 …")
    aside = pd.DataFrame(
        [(row, *said) for row, said in sorted(reasons.items())], columns=["row", "reason", "text"]
    )
    return cells.drop(index=list(reasons)), aside


def _starts_like_total(cells: pd.DataFrame) -> pd.Series:
    """Tell the rows with a short text of a totals row in one of the first four columns."""
    found = pd.Series(False, index=cells.index)
    for column in cells.columns[:4]:
        codes, uniques = pd.factorize(cells[column])
        hits = [isinstance(v, str) and _is_total(v) for v in uniques]
        found |= pd.Series([*hits, False], dtype=bool).to_numpy()[codes]
    return found


def _is_total(text: str) -> bool:
    """Tell a text that consists of the words of a totals row."""
    return len(text) < 60 and bool(_TOTAL_START.match(text)) and bool(_TOTAL.fullmatch(key(text)))


def _reason(values: list[Any], thin: bool, width: int, after: bool) -> str:
    """Return why a row is no data, else an empty text."""
    texts = [key(value) for value in values if isinstance(value, str) and key(value)]
    words = [text for text in texts if not re.fullmatch(r"[ivx]+|[a-h]|[0-9 ]+", text)]
    numbers = sum(not isinstance(value, str) for value in values[1:])  # the first may number the rows
    if words and _TOTAL.fullmatch(words[0]) and len(words) <= 2:
        return "total"
    if not thin or width < 3:
        return ""
    if after and words and _NOTE.fullmatch(words[0]):
        return "note"
    if words and not numbers and len(words) == 1 and _HEADING.fullmatch(" ".join(texts)):
        return "heading"
    return "note" if after and len(values) == 1 and words and width > 3 else ""


def _numbering(cells: pd.DataFrame) -> Any:
    """Return the row under the header that only numbers the columns: (1), (2), (3) or A, B, 1, 2."""
    if cells.empty:
        return None
    values = [key(re.sub(r"\.0$", "", str(value))) for value in cells.iloc[0].dropna()]
    if len(values) < 3 or not all(re.fullmatch(r"\d{1,2}|[a-e]", value) for value in values):
        return None
    digits = [int(value) for value in values if value.isdigit()]
    return (
        cells.index[0]
        if len(digits) >= 2 and digits == list(range(digits[0], digits[0] + len(digits)))
        else None
    )
