"""The rows that come back, as a workbook: the faults beside the original cells, ready to be corrected."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pandas as pd
import xlsxwriter

from geo.intake.mapping import RETURNED_TITLES
from geo.intake.model import Outcome

_FAULT, _WARNING, _HEAD = "#F8CBAD", "#FFF2CC", "#DDEBF7"
#: Remarks of one kind that the list of all faults shows.
_REMARKS_SHOWN = 1000
_SHEETS = {"vi": ("Dòng trả lại", "Mọi lưu ý"), "en": ("Returned rows", "All remarks")}


def workbook(outcome: Outcome, lang: str = "vi") -> bytes:
    """Return an XLSX of the returned rows, each faulty cell coloured with a comment, and a list of all faults.

    Text is written as text: nothing in it can become a formula or a link. After correction the same file
    can be imported: the two added columns are passed over.

    Parameters
    ----------
    outcome : Outcome
    lang : {"vi", "en"}
    """
    sink = io.BytesIO()
    book = xlsxwriter.Workbook(
        sink, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
               "nan_inf_to_errors": True, "remove_timezone": True},
    )  # fmt: skip
    _rows_sheet(book, outcome, lang)
    _faults_sheet(book, outcome, lang)
    book.close()
    return sink.getvalue()


def _rows_sheet(book: Any, outcome: Outcome, lang: str) -> None:
    """Write the returned rows."""
    sheet = book.add_worksheet(_SHEETS[lang][0])
    head = book.add_format({"bold": True, "bg_color": _HEAD, "text_wrap": True, "valign": "top", "border": 1})
    plain = book.add_format({"valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#9C0006"})
    shades = {"error": book.add_format({"bg_color": _FAULT, "valign": "top"}),
              "warning": book.add_format({"bg_color": _WARNING, "valign": "top"})}  # fmt: skip
    titles = [*(RETURNED_TITLES[:2] if lang == "vi" else RETURNED_TITLES[2:]), *outcome.returned.columns]
    for column, title in enumerate(titles):
        sheet.write_string(0, column, str(title), head)
    sheet.freeze_panes(1, 2)
    sheet.set_column(0, 0, 8)
    sheet.set_column(1, 1, 60)
    sheet.set_column(2, len(titles) - 1, 18)
    by_row = _by_row(outcome, lang)
    rows = zip(outcome.returned.index, outcome.returned.to_numpy(dtype=object), strict=True)
    for line, (row, cells) in enumerate(rows, start=1):
        said = by_row[row]
        sheet.write_number(line, 0, int(row), plain)
        sheet.write_string(line, 1, "\n".join(text for _, _, text in said), wrapped)
        for column, (title, value) in enumerate(zip(outcome.returned.columns, cells, strict=True), start=2):
            here = [(severity, text) for name, severity, text in said if name == title]
            severity = min((severity for severity, _ in here), default="")  # "error" before "warning"
            _write(sheet, line, column, value, shades.get(severity, plain))
            if here:
                comment = "\n".join(text for _, text in here)[:1000]
                sheet.write_comment(line, column, comment, {"x_scale": 2, "y_scale": 1.5})


def _by_row(outcome: Outcome, lang: str) -> dict[int, list[tuple[str, str, str]]]:
    """Return returned row → (column, severity, what is said) of each of its faults."""
    out: dict[int, list[tuple[str, str, str]]] = {}
    faults = outcome.faults[outcome.faults["row"].isin(outcome.returned.index)]
    for fault in faults.itertuples():
        out.setdefault(int(str(fault.row)), []).append(
            (str(fault.column), str(fault.severity), _said(fault, lang))
        )
    return out


def _said(fault: Any, lang: str) -> str:
    """Return a fault as a line: column, what was expected, proposal."""
    text = fault.en if lang == "en" else fault.vi
    hint = (
        (f" Proposal: {fault.proposal}." if lang == "en" else f" Đề xuất: {fault.proposal}.")
        if fault.proposal
        else ""
    )
    return f"{fault.column}: {text}{hint}" if fault.column else f"{text}{hint}"


def _write(sheet: Any, row: int, column: int, value: Any, form: Any) -> None:
    """Write one cell as what it is: text stays text."""
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        sheet.write_blank(row, column, None, form)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, form)
    elif isinstance(value, int | float) and abs(value) < 1e15:
        sheet.write_number(row, column, value, form)
    elif isinstance(value, dt.datetime | dt.date):
        sheet.write_string(row, column, value.isoformat(), form)
    else:
        sheet.write_string(row, column, str(value)[:32_000], form)


def _faults_sheet(book: Any, outcome: Outcome, lang: str) -> None:
    """Write the list of all faults and warnings."""
    sheet = book.add_worksheet(_SHEETS[lang][1])
    names = {"vi": ("Dòng", "Mức", "Cột", "Giá trị", "Yêu cầu", "Đề xuất"),
             "en": ("Line", "Level", "In column", "Value", "Expected", "Proposal")}[lang]  # fmt: skip
    level = {
        "vi": {"error": "trả lại", "warning": "lưu ý"},
        "en": {"error": "returned", "warning": "remark"},
    }[lang]
    head = book.add_format({"bold": True, "bg_color": _HEAD})
    for column, title in enumerate(names):
        sheet.write_string(0, column, title, head)
    sheet.set_column(2, 5, 30)
    for line, fault in enumerate(_listed(outcome.faults).itertuples(), start=1):
        sheet.write_number(line, 0, int(str(fault.row)))
        said = (
            level[str(fault.severity)],
            fault.column,
            fault.value,
            fault.en if lang == "en" else fault.vi,
            fault.proposal,
        )
        for column, text in enumerate(said, start=1):
            sheet.write_string(line, column, str(text)[:32_000])


def _listed(faults: pd.DataFrame) -> pd.DataFrame:
    """Return what the list shows: every error, and of each kind of remark the first ones."""
    remarks = faults[faults["severity"] != "error"].groupby("code", sort=False).head(_REMARKS_SHOWN)
    return pd.concat([faults[faults["severity"] == "error"], remarks])
