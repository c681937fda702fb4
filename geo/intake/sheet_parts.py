"""What only the parts of a packed workbook tell: hidden rows and columns, formulas, and values astray.

A spreadsheet program keeps every value with its address, so one forgotten value in the last cell makes a sheet of
seventeen thousand million cells; such a sheet is refused before it is unrolled.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from geo.errors import DataError
from geo.intake.model import Remark

#: A sheet may reach over so many cells: a million rows of fifty columns and some.
MAX_CELLS = 60_000_000
_CHUNK, _OVERLAP = 1024**2, 2048
_ROWS = re.compile(rb'<row\b[^>]*?\br="(\d+)"')
_FAR_COLUMNS = re.compile(rb' r="([A-Z]{2,3})\d')
_FILLED = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>')
_REPEATED_ROW = re.compile(
    rb'<table:table-row\b[^>]*rows-repeated="(\d{4,7})"[^>]*(?<!/)>(.*?)</table:table-row>', re.DOTALL
)
_REPEATED_CELL = re.compile(rb'<table:table-cell\b(?=[^>]*value-type=)[^>]*columns-repeated="(\d{4,7})"')


def check_reach(path: Path, number: int) -> None:
    """Refuse a sheet whose values lie so far apart that it could not be held.

    Parameters
    ----------
    path : path
        XLSX or XLSM; other forms are not looked at.
    number : int
        Place of the sheet in the workbook, from 0.

    Raises
    ------
    DataError
        If the rectangle around the values has more than :data:`MAX_CELLS` cells.
    """
    if path.suffix.lower() not in (".xlsx", ".xlsm") or (name := _part(path, number)) is None:
        return
    rows, columns = 1, 26
    for text in _chunks(path, name):
        rows = max(rows, max(map(int, _ROWS.findall(text)), default=1))
        columns = max(columns, max(map(_column, set(_FAR_COLUMNS.findall(text))), default=1))
    if rows * columns <= MAX_CELLS:
        return
    # Formats reach far in many sheets and cost nothing; only values count.
    rows = columns = 1
    for text in _chunks(path, name):
        for letters, line in _FILLED.findall(text):
            rows, columns = max(rows, int(line)), max(columns, _column(letters))
    if rows * columns > MAX_CELLS:
        raise _astray(path, f"{_letters(columns)}{rows}")


def check_repeats(path: Path) -> None:
    """Refuse an OpenDocument workbook that repeats a value over thousands of rows and columns.

    Raises
    ------
    DataError
        If a value stands in more than :data:`MAX_CELLS` cells.
    """
    if path.suffix.lower() != ".ods":
        return
    with zipfile.ZipFile(path) as archive:
        text = archive.read("content.xml") if "content.xml" in archive.namelist() else b""
    across = max((int(times) for times in _REPEATED_CELL.findall(text)), default=1)
    down = max((int(times) for times, row in _REPEATED_ROW.findall(text) if b"value-type=" in row), default=1)
    if across * down > MAX_CELLS or across > 16_384 or down > 1_048_576:
        raise _astray(path, f"{_letters(min(across, 16_384))}{down}")


def _chunks(path: Path, name: str) -> Iterator[bytes]:
    """Give the text of a part piece by piece, each with the end of the one before."""
    with zipfile.ZipFile(path) as archive, archive.open(name) as part:
        kept = b""
        while piece := part.read(_CHUNK):
            yield kept + piece
            kept = piece[-_OVERLAP:]


def _column(letters: bytes) -> int:
    """Return the number of a column by its letters: A is 1, XFD 16384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _letters(column: int) -> str:
    """Return the letters of a column."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _astray(path: Path, cell: str) -> DataError:
    """Say that a value stands far from the table."""
    return DataError(
        vi=f"“{path.name}” có giá trị nằm quá xa bảng (vùng dữ liệu kéo đến ô {cell}), nên không mở được an toàn; hãy xóa các "
        "dòng và cột thừa bên dưới, bên phải bảng rồi lưu lại.",
        en=f'In "{path.name}" a value stands far from the table (the used range reaches cell {cell}), so that it cannot be '
        "opened safely; delete the spare rows and columns below and beside the table and save it again.",
    )


def remarks(path: Path, number: int, header_rows: int, width: int) -> list[Remark]:
    """Say how many rows and columns are hidden, how many cells are formulas, and which have no saved value.

    Parameters
    ----------
    path : path
        XLSX or XLSM.
    number : int
        Place of the sheet in the workbook, from 0.
    header_rows : int
        Rows down to the end of the header.
    width : int
        Columns of the table.
    """
    name = _part(path, number)
    if name is None:
        return []
    with zipfile.ZipFile(path) as archive:
        text = archive.read(name)
    said = []
    hidden = [
        int(n) for n in _found(rb'<row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*\br="(\d+)"', text, b"hidden=")
    ]
    below = sum(row > header_rows for row in hidden)
    if below:
        said.append(
            Remark("hidden-rows", f"{below} dòng đang bị ẩn hoặc lọc trong tệp vẫn được đọc.",
                   f"{below} rows hidden or filtered out in the file are read all the same.", below)
        )  # fmt: skip
    columns = _hidden_columns(text, width)
    if columns:
        listed, count = ", ".join(map(_letters, columns[:12])), len(columns)
        said.append(
            Remark("hidden-columns", f"{count} cột đang bị ẩn trong tệp vẫn được đọc: {listed}.",
                   f"{count} columns hidden in the file are read all the same: {listed}.", count)
        )  # fmt: skip
    return said + _formulas(text)


def _found(pattern: bytes, text: bytes, mark: bytes) -> list[bytes]:
    """Return what a pattern finds; a text without the mark, as most are, is not looked through by the pattern."""
    return re.findall(pattern, text) if mark in text else []


def _hidden_columns(text: bytes, width: int) -> list[int]:
    """Return the numbers of the hidden columns of the table."""
    found: set[int] = set()
    for column in _found(rb'<col\b(?=[^>]*\bhidden="(?:1|true)")[^>]*>', text, b"hidden="):
        first, last = (re.search(rb'\b%s="(\d+)"' % side, column) for side in (b"min", b"max"))
        if first and last:
            found |= set(range(int(first[1]), min(int(last[1]), width) + 1))
    return sorted(found)


def _formulas(text: bytes) -> list[Remark]:
    """Say how many cells are formulas, and which have no saved value."""
    said = []
    formulas = len(_found(rb"<f[\s>/]", text, b"<f"))
    unsaved = len(_found(rb"(?:</f>|<f\b[^>]*/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>", text, b"<f"))
    errors = len(_found(rb'<c\b[^>]*\bt="e"', text, b' t="e"'))
    if formulas:
        said.append(
            Remark("formulas", f"{formulas} ô là công thức: lấy giá trị đã lưu trong tệp, không tính lại.",
                   f"{formulas} cells are formulas: the value saved in the file is taken, nothing is calculated.", formulas)
        )  # fmt: skip
    if unsaved or errors:
        said.append(
            Remark("formulas-empty",
                   f"{unsaved} ô công thức chưa có giá trị lưu và {errors} ô báo lỗi được đọc là ô trống; nếu cần, hãy mở "
                   "tệp bằng phần mềm bảng tính, tính lại rồi lưu.",
                   f"{unsaved} formula cells without a saved value and {errors} error cells are read as empty; where needed, "
                   "open the file in a spreadsheet program, recalculate and save.", unsaved + errors)
        )  # fmt: skip
    return said


def _part(path: Path, number: int) -> str | None:
    """Return the name of the part that holds a sheet, by its place in the workbook."""
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            return None
        book = archive.read("xl/workbook.xml")
        links = archive.read("xl/_rels/workbook.xml.rels")
    ids = re.findall(rb'<sheet\b[^>]*\br:id="([^"]+)"', book)
    if number >= len(ids):
        return None
    for link in re.findall(rb"<Relationship\b[^>]*>", links):
        if b'Id="' + ids[number] + b'"' in link:
            target = re.search(rb'Target="/?(?:xl/)?([^"]+)"', link)
            name = "xl/" + target[1].decode() if target else ""
            return name if name in names else None
    return None
