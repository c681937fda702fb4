"""Spreadsheets: XLSX, XLSM, XLSB, XLS, ODS through calamine, and what only the file itself tells."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from geo.errors import DataError
from geo.intake import layout, legacy, sheet_parts
from geo.intake.model import Progress, Remark, Table
from geo.intake.pace import SILENT, Pace
from geo.intake.template_words import SHEETS

#: Sheets of the product's own templates beside the one for data.
_EXPLAINING = frozenset(name for names in SHEETS.values() for name in names[1:])
#: What people and programs write where there is nothing.
_NOTHING = re.compile(r"\s*(?:[-–—_.…/\s]*|'|#N/A|#REF!|#VALUE!|#DIV/0!|#NAME\?|#NUM!|#NULL!|NULL|NaN)\s*")
#: A number behind the apostrophe that kept its zeros.
_KEPT_AS_TEXT = re.compile(r"'[\d.,\s+\-]+")


def tables(
    path: Path, digest: str, wanted: tuple[str, ...] = (), progress: Progress | None = None
) -> list[Table]:
    """Return the sheets of a workbook that hold a table; sheets without one are named in a remark.

    Raises
    ------
    DataError
        If the workbook is locked or damaged, or no sheet has a header that can be recognised.
    """
    found, skipped = [], []
    sheet_parts.check_repeats(path)
    try:
        with CalamineWorkbook.from_path(path) as book:
            for number, about in enumerate(book.sheets_metadata):
                if "chart" in str(about.typ).lower():
                    continue
                Pace(progress).at(0)
                sheet_parts.check_reach(path, number)
                Pace(progress).at(0)
                sheet = book.get_sheet_by_index(number)
                hidden = about.visible != SheetVisibleEnum.Visible
                table = _table(path, digest, sheet, hidden, wanted, number, Pace(progress, sheet.height))
                if table is not None:
                    found.append(table)
                elif sheet.height and about.name not in _EXPLAINING:
                    skipped.append(about.name)
    except DataError:
        raise
    except PasswordError as error:
        raise locked(path) from error
    except (CalamineError, OSError, ValueError) as error:
        if "password" in str(error).lower() or "encrypt" in str(error).lower():
            raise locked(path) from error
        raise damaged(path) from error
    if not found:
        raise no_header(path.name)
    return [_with_skipped(table, skipped) for table in found]


def _with_skipped(table: Table, sheets: list[str]) -> Table:
    """Return a table that also tells which filled sheets of its workbook hold none."""
    if not sheets:
        return table
    vi, en = (", ".join(f"{a}{name}{b}" for name in sheets[:12]) for a, b in ("“”", '""'))
    said = Remark(
        "skipped-sheets",
        f"Không tìm thấy bảng ở các trang tính: {vi}.",
        f"No table was found in the sheets: {en}.",
        len(sheets),
    )
    return replace(table, remarks=(*table.remarks, said))


def _table(
    path: Path,
    digest: str,
    sheet: CalamineSheet,
    hidden: bool,
    wanted: tuple[str, ...],
    number: int,
    pace: Pace,
) -> Table | None:
    """Return the table of one sheet, or None when it has no header."""
    pace.at(0)
    rows = sheet.to_python(skip_empty_area=False)
    pace.at(0.1)
    merges = [] if sheet.merged_cell_ranges is None else list(sheet.merged_cell_ranges)
    top = legacy.converted_rows(rows[: layout.HEADER_WITHIN])
    where = layout.find(top, merges, wanted)
    if where is None:
        return None
    cells = frame_of(rows[where.last + 1 :], len(where.titles), where.last + 2, pace.part(0.1, 0.5))
    rows.clear()  # a large file is held once, not twice
    _fill_down(cells, merges, where.last + 1)
    cells, remarks = legacy.converted(cells, pace.part(0.5, 0.8))
    pace.at(0.8)
    titles, cells = layout.trimmed(where.titles, cells)
    data, aside = layout.split(cells)
    remarks += no_rows(data)
    pace.at(0.9)
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        remarks += sheet_parts.remarks(path, number, where.last + 1, len(titles))
    if hidden:
        remarks.append(
            Remark(
                "hidden-sheet",
                f"Trang tính “{sheet.name}” đang bị ẩn trong tệp.",
                f'Sheet "{sheet.name}" is hidden.',
            )
        )
    return Table(path.name, sheet.name, digest, titles, data, aside, tuple(remarks))


def frame_of(rows: Sequence[Sequence[Any]], width: int, first: int, pace: Pace = SILENT) -> pd.DataFrame:
    """Return rows as a frame of objects, empty cells None, index from the row number ``first``."""
    columns = {}
    for place in pace.over(range(width), width):
        values = np.empty(len(rows), dtype=object)
        values[:] = [_plain(row[place]) if place < len(row) else None for row in rows]
        columns[place] = values
    return pd.DataFrame(columns, index=pd.RangeIndex(first, first + len(rows), name="row"), dtype=object)


def no_rows(data: pd.DataFrame) -> list[Remark]:
    """Say that nothing stands below a header."""
    if len(data):
        return []
    return [
        Remark("no-rows", "Bảng chỉ có dòng tiêu đề, chưa có dòng dữ liệu nào; hãy kiểm tra lại tệp hoặc trang tính đã chọn.",
               "The table has only its titles and no row; check the file or the sheet that was chosen.")
    ]  # fmt: skip


def _plain(value: Any) -> Any:
    """Return a cell as it is kept: text that says nothing as None, whole numbers as int, times of day as text."""
    if value == "" or value is None:
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, str):
        if len(value) < 10 and _NOTHING.fullmatch(value):
            return None
        return value[1:] if value[0] == "'" and _KEPT_AS_TEXT.fullmatch(value) else value
    if isinstance(value, dt.time | dt.timedelta):
        return str(value)
    return value


def _fill_down(cells: pd.DataFrame, merges: list[Any], first: int) -> None:
    """Give every row of a vertically merged cell its value: one province written beside five rows."""
    for (top, left), (bottom, right) in merges:
        if top >= first and bottom > top and left == right and left in cells.columns:
            cells.iloc[top - first : bottom - first + 1, left] = cells.iloc[top - first, left]


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
