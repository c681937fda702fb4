"""Spreadsheets: XLSX, XLSM, XLSB, XLS, ODS through calamine, and what only the file itself tells."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from geo.errors import DataError
from geo.intake import layout, legacy
from geo.intake.model import Remark, Table


def tables(path: Path, digest: str, wanted: tuple[str, ...] = ()) -> list[Table]:
    """Return the sheets of a workbook that hold a table; sheets without one are named in a remark.

    Raises
    ------
    DataError
        If the workbook is locked or damaged, or no sheet has a header that can be recognised.
    """
    found, skipped = [], []
    try:
        with CalamineWorkbook.from_path(path) as book:
            for number, about in enumerate(book.sheets_metadata):
                if "chart" in str(about.typ).lower():
                    continue
                sheet = book.get_sheet_by_index(number)
                table = _table(path, digest, sheet, about.visible != SheetVisibleEnum.Visible, wanted, number)
                if table is None:
                    skipped.append(about.name)
                else:
                    found.append(table)
    except PasswordError as error:
        raise locked(path) from error
    except (CalamineError, OSError, ValueError) as error:
        if "password" in str(error).lower() or "encrypt" in str(error).lower():
            raise locked(path) from error
        raise damaged(path) from error
    if not found:
        raise no_header(path.name)
    return found


def _table(
    path: Path, digest: str, sheet: CalamineSheet, hidden: bool, wanted: tuple[str, ...], number: int
) -> Table | None:
    """Return the table of one sheet, or None when it has no header."""
    rows = sheet.to_python(skip_empty_area=False)
    merges = [] if sheet.merged_cell_ranges is None else list(sheet.merged_cell_ranges)
    top = legacy.converted_rows(rows[: layout.HEADER_WITHIN])
    where = layout.find(top, merges, wanted)
    if where is None:
        return None
    cells = frame_of(rows[where.last + 1 :], len(where.titles), where.last + 2)
    _fill_down(cells, merges, where.last + 1)
    cells, remarks = legacy.converted(cells)
    data, aside = layout.split(cells)
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        remarks += _inner_remarks(path, number, where.last + 1)
    if hidden:
        remarks.append(
            Remark(
                "hidden-sheet",
                f"Trang tính “{sheet.name}” đang bị ẩn trong tệp.",
                f'Sheet "{sheet.name}" is hidden.',
            )
        )
    return Table(path.name, sheet.name, digest, where.titles, data, aside, tuple(remarks))


def frame_of(rows: Sequence[Sequence[Any]], width: int, first: int) -> pd.DataFrame:
    """Return rows as a frame of objects, empty cells None, index from the row number ``first``."""
    columns = {}
    for place in range(width):
        values = np.empty(len(rows), dtype=object)
        values[:] = [_plain(row[place]) if place < len(row) else None for row in rows]
        columns[place] = values
    return pd.DataFrame(columns, index=pd.RangeIndex(first, first + len(rows), name="row"), dtype=object)


def _plain(value: Any) -> Any:
    """Return a cell as it is kept: blank text as None, whole numbers as int, times of day left as text."""
    if value == "" or value is None:
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, dt.time | dt.timedelta):
        return str(value)
    return value


def _fill_down(cells: pd.DataFrame, merges: list[Any], first: int) -> None:
    """Give every row of a vertically merged cell its value: one province written beside five rows."""
    for (top, left), (bottom, right) in merges:
        if top >= first and bottom > top and left == right and left in cells.columns:
            cells.iloc[top - first : bottom - first + 1, left] = cells.iloc[top - first, left]


def _inner_remarks(path: Path, number: int, header_rows: int) -> list[Remark]:
    """Say how many rows are hidden, how many cells are formulas, and which have no saved value."""
    text = _sheet_text(path, number)
    if text is None:
        return []
    remarks = []
    hidden = [int(n) for n in re.findall(rb'<row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*\br="(\d+)"', text)]
    below = sum(row > header_rows for row in hidden)
    if below:
        remarks.append(
            Remark("hidden-rows", f"{below} dòng đang bị ẩn hoặc lọc trong tệp vẫn được đọc.",
                   f"{below} rows hidden or filtered out in the file are read all the same.", below)
        )  # fmt: skip
    formulas = len(re.findall(rb"<f[\s>/]", text))
    unsaved = len(re.findall(rb"</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>", text))
    errors = len(re.findall(rb'<c\b[^>]*\bt="e"', text))
    if formulas:
        remarks.append(
            Remark("formulas", f"{formulas} ô là công thức: lấy giá trị đã lưu trong tệp, không tính lại.",
                   f"{formulas} cells are formulas: the value saved in the file is taken, nothing is calculated.", formulas)
        )  # fmt: skip
    if unsaved or errors:
        remarks.append(
            Remark("formulas-empty",
                   f"{unsaved} ô công thức chưa có giá trị lưu và {errors} ô báo lỗi được đọc là ô trống; nếu cần, hãy mở "
                   "tệp bằng phần mềm bảng tính, tính lại rồi lưu.",
                   f"{unsaved} formula cells without a saved value and {errors} error cells are read as empty; where needed, "
                   "open the file in a spreadsheet program, recalculate and save.", unsaved + errors)
        )  # fmt: skip
    return remarks


def _sheet_text(path: Path, number: int) -> bytes | None:
    """Return the XML of a sheet by its place in the workbook."""
    with zipfile.ZipFile(path) as archive:
        book = archive.read("xl/workbook.xml")
        links = archive.read("xl/_rels/workbook.xml.rels")
        ids = re.findall(rb'<sheet\b[^>]*\br:id="([^"]+)"', book)
        if number >= len(ids):
            return None
        for link in re.findall(rb"<Relationship\b[^>]*>", links):
            if b'Id="' + ids[number] + b'"' in link:
                target = re.search(rb'Target="/?(?:xl/)?([^"]+)"', link)
                name = "xl/" + target[1].decode() if target else ""
                return archive.read(name) if name in archive.namelist() else None
    return None


def locked(path: Path) -> DataError:
    """Say that a file is locked by a password."""
    return DataError(
        vi=f"Tệp “{path.name}” được đặt mật khẩu nên không đọc được; hãy mở tệp, bỏ mật khẩu rồi lưu lại.",
        en=f'The file "{path.name}" is locked by a password; open it, remove the password and save it again.',
    )


def damaged(path: Path) -> DataError:
    """Say that a file is damaged."""
    return DataError(
        vi=f"Không đọc được “{path.name}”: tệp bị hỏng hoặc không đúng định dạng; hãy mở bằng phần mềm bảng tính rồi "
        "lưu lại thành tệp mới.",
        en=f'"{path.name}" cannot be read: it is damaged or not of the form its name says; open it in a spreadsheet '
        "program and save it as a new file.",
    )


def no_header(name: str) -> DataError:
    """Say that no header row was recognised."""
    return DataError(
        vi=f"Không tìm thấy dòng tiêu đề cột trong “{name}”: cần một dòng có tên các cột, ví dụ “Tên cơ sở”, “Tỉnh”, "
        "“Sản phẩm”; hãy đặt tên cột theo mẫu tải về hoặc kèm tệp ghép cột (--mapping).",
        en=f'No header row was found in "{name}": a row with the titles of the columns is needed, such as "Name", '
        '"Province", "Product"; name the columns as in the template, or give a mapping (--mapping).',
    )
