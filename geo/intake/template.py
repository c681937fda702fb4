"""Templates to fill in: drop-down lists, filled examples, an explanation of every column, lists of codes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_range_abs

from geo.intake.fields import NEEDED, Field, fields
from geo.intake.model import Table
from geo.intake.template_words import (
    ABOUT,
    CHOICES,
    EXAMPLES,
    HOW,
    HOW_OF_TYPE,
    LIST_TITLES,
    MANY,
    SHEETS,
    WIDTHS,
)
from geo.places import admin
from geo.subjects import materials, sectors

#: Rows of the sheet for data that have their lists and forms.
ROWS = 2000
#: Columns of a template by kind: what an office can fill; the rest is read where a file has it.
COLUMNS = {
    "establishments": ("name", "tax_code", "sector_code", "product", "material", "need_tonnes", "origin_province", "employees",
                       "revenue_vnd_million", "vintage", "province", "district", "commune", "lat", "lon", "craft_village",
                       "owner_flags", "support_need", "year", "source"),
    "needs": ("name", "tax_code", "vintage", "province", "district", "commune", "material", "need_tonnes", "origin_province",
              "support_need"),
    "materials": ("material", "vintage", "province", "quantity_tonnes", "year", "source", "source_url"),
}  # fmt: skip
_UNITS = {"need_tonnes": ("tấn/năm", "tonnes a year"), "quantity_tonnes": ("tấn", "tonnes"),
          "revenue_vnd_million": ("triệu đồng", "million VND")}  # fmt: skip
#: Kept as text, so that zeros at the front stay.
_AS_TEXT = ("tax_code", "sector_code")
#: Limits that the program of the office asks about while the cell is filled in.
_LIMITS: dict[str, dict[str, Any]] = {
    "employees": {"validate": "integer", "criteria": ">=", "value": 1},
    "need_tonnes": {"validate": "decimal", "criteria": ">=", "value": 0},
    "quantity_tonnes": {"validate": "decimal", "criteria": ">=", "value": 0},
    "revenue_vnd_million": {"validate": "decimal", "criteria": ">=", "value": 0},
    "year": {"validate": "integer", "criteria": "between", "minimum": 1990, "maximum": 2100},
}


def title(field: Field, lang: str = "vi") -> str:
    """Return the title of a template column, with its unit."""
    unit = _UNITS.get(field.name)
    return f"{field.label(lang)} ({unit[lang == 'en']})" if unit else field.label(lang)


def workbook(kind: str, lang: str = "vi") -> bytes:
    """Return a template as XLSX: sheets for the data, for examples, for explanations and for lists.

    Parameters
    ----------
    kind : str
        ``establishments``, ``needs`` or ``materials``.
    lang : {"vi", "en"}

    Raises
    ------
    ParameterError
        If the kind is unknown.
    """
    known = {field.name: field for field in fields(kind)}
    chosen = [known[name] for name in COLUMNS[kind]]
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"in_memory": True, "strings_to_formulas": False}) as book:
        data, example, explanation, lists = (book.add_worksheet(name) for name in SHEETS[lang])
        for sheet in (data, example):
            _titles(book, sheet, chosen, kind, lang)
        for line, row in enumerate(EXAMPLES[kind], start=1):
            for column, field in enumerate(chosen):
                example.write(line, column, _in_language(field.name, row.get(field.name, ""), lang))
        ranges = _lists(book, lists, lang)
        _checks(data, chosen, ranges)
        _explain(book, explanation, chosen, kind, lang)
    return sink.getvalue()


def usable(tables: Sequence[Table]) -> list[Table]:
    """Return the tables that can hold data: in a template, all but its example and explanation."""
    aside = {name for names in SHEETS.values() for name in names[1:]}
    own = any(table.sheet in {names[0] for names in SHEETS.values()} for table in tables)
    return [table for table in tables if not (own and table.sheet in aside)]


def fullest(tables: Sequence[Table]) -> Table:
    """Return the table with most rows, the example and explanation of a template passed over.

    An example must never go in as data because the sheet for data was left empty or holds fewer rows.
    """
    return max(usable(tables), key=lambda table: len(table.cells))


def needed(kind: str) -> frozenset[str]:
    """Return the fields of a template that a row cannot do without, alone or in place of one another."""
    return frozenset(name for group in NEEDED[kind] for name in group if name in COLUMNS[kind])


def _titles(book: Any, sheet: Any, chosen: list[Field], kind: str, lang: str) -> None:
    """Write the titles, each with a comment that says how to fill the column in."""
    head = {"bold": True, "text_wrap": True, "valign": "top", "border": 1}
    plain = book.add_format({**head, "bg_color": "#DDEBF7"})
    must = book.add_format({**head, "bg_color": "#0B5C8A", "font_color": "#FFFFFF"})
    text = book.add_format({"num_format": "@"})
    for column, field in enumerate(chosen):
        sheet.set_column(column, column, WIDTHS.get(field.name, 18), text if field.name in _AS_TEXT else None)
        sheet.write_string(0, column, title(field, lang), must if field.name in needed(kind) else plain)
        sheet.write_comment(0, column, _how(field, lang), {"x_scale": 2, "y_scale": 1.2})
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _in_language(name: str, value: Any, lang: str) -> Any:
    """Return a value of an example in the words of the language, where it is one of a list."""
    if lang == "vi" or not isinstance(value, str):
        return value
    words = {vi: en for vi, en, _ in CHOICES.get(name, ())}
    return ", ".join(words.get(part, part) for part in value.split(", ")) if words else value


def _lists(book: Any, sheet: Any, lang: str) -> dict[str, str]:
    """Write the lists of allowed values; returns field → range of its list."""
    old, new = admin.provinces("pre2025")["name_vi"], admin.provinces("2025")["name_vi"]
    classes = sectors.sectors()
    names = classes["name_en" if lang == "en" else "name_vi"]
    goods = materials.catalogue()["name_en" if lang == "en" else "name_vi"]
    columns: list[tuple[tuple[str, ...], list[str]]] = [
        (("province", "origin_province"), sorted({*new, *old})),
        (("",), sorted(new)),
        (("material",), sorted(goods)),
        (("sector_code",), [str(code) for code in classes.index]),
        (("",), [str(name) for name in names]),
        *(((name,), [words[lang == "en"] for words in values]) for name, values in CHOICES.items()),
    ]  # fmt: skip
    head = book.add_format({"bold": True, "bg_color": "#DDEBF7", "text_wrap": True, "valign": "top"})
    ranges: dict[str, str] = {}
    for column, (served, values) in enumerate(columns):
        sheet.write_string(0, column, LIST_TITLES[column][lang == "en"], head)
        sheet.set_column(column, column, 52 if column == 4 else 26)
        for line, value in enumerate(values, start=1):
            sheet.write_string(line, column, value)
        where = xl_range_abs(1, column, len(values), column)
        ranges |= {name: f"='{sheet.name}'!{where}" for name in served if name}
    sheet.freeze_panes(1, 0)
    return ranges


def _checks(data: Any, chosen: list[Field], ranges: dict[str, str]) -> None:
    """Give columns their drop-down or their limits; another value is asked about, never refused.

    The import says what is wrong with every row anyway, and a list cannot hold several values in a cell.
    """
    for column, field in enumerate(chosen):
        rule = dict(_LIMITS.get(field.name, {}))
        if field.name in ranges:
            rule = {"validate": "list", "source": ranges[field.name], "show_error": field.name not in MANY}
        if rule:
            data.data_validation(1, column, ROWS, column, {**rule, "error_type": "warning"})


def _how(field: Field, lang: str) -> str:
    """Return how a column is filled in."""
    text = HOW.get(field.name) or HOW_OF_TYPE.get(field.type) or HOW_OF_TYPE["text"]
    return text[lang == "en"].format(", ".join(words[lang == "en"] for words in CHOICES.get(field.name, ())))


def _explain(book: Any, sheet: Any, chosen: list[Field], kind: str, lang: str) -> None:
    """Write how the template works, and what every column wants."""
    head = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
    large = book.add_format({"bold": True, "font_size": 14})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for column, width in enumerate((6, 32, 14, 70, 34)):
        sheet.set_column(column, column, width)
    about = ABOUT[kind][lang == "en"]
    sheet.write_string(0, 0, about[0], large)
    for line, text in enumerate(about[1:], start=1):
        sheet.merge_range(line, 0, line, 4, text, wrapped)
        sheet.set_row(line, 32)
    start = len(about) + 1
    words = LIST_TITLES["explanation"][lang == "en"]
    for column, text in enumerate(words):
        sheet.write_string(start, column, text, head)
    must, may = LIST_TITLES["must"][lang == "en"]
    for number, field in enumerate(chosen, start=1):
        line = start + number
        sheet.write_string(line, 0, xl_col_to_name(number - 1))
        sheet.write_string(line, 1, title(field, lang), bold)
        sheet.write_string(line, 2, must if field.name in needed(kind) else may, wrapped)
        sheet.write_string(line, 3, _how(field, lang), wrapped)
        sheet.write_string(line, 4, _example(field.name, EXAMPLES[kind], lang), wrapped)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _example(name: str, rows: Iterable[dict[str, Any]], lang: str) -> str:
    """Return the first value that an example has in a column."""
    return next(
        (str(_in_language(name, row[name], lang)) for row in rows if row.get(name) not in (None, "")), ""
    )
