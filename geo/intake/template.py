"""Templates to fill in: a sheet with drop-down lists, one with filled examples, one that explains every column."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

from geo.intake.fields import Field, fields
from geo.places import admin
from geo.subjects import materials

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
_EXAMPLES: dict[str, Any] = {
    "name": "HTX chè Ví Dụ", "sector_code": "1076", "product": "Chè xanh", "material": "Chè búp tươi", "need_tonnes": 120,
    "origin_province": "Phú Thọ", "employees": 25, "revenue_vnd_million": 3500, "vintage": "pre2025", "province": "Thái Nguyên",
    "district": "Thành phố Thái Nguyên", "commune": "Xã Tân Cương", "craft_village": "có", "owner_flags": "phụ nữ",
    "support_need": "máy móc, đào tạo", "year": 2025, "source": "Khảo sát của Sở Công Thương", "quantity_tonnes": 1500,
}  # fmt: skip
_WORDS = {
    "quantity": ("Số không âm; có thể ghi kèm đơn vị trong ô.", "A number of 0 or more; a unit may stand in the cell."),
    "whole": ("Số nguyên.", "A whole number."),
    "year": ("Năm hoặc ngày.", "A year or a date."),
    "degree": ("Độ thập phân, độ phút giây, hoặc mét VN-2000.", "Decimal degrees, degrees-minutes-seconds or metres of VN-2000."),
    "flags": ("Một hoặc nhiều, cách nhau bằng dấu phẩy: {}.", "One or more, parted by commas: {}."),
    "choice": ("Một trong: {}.", "One of: {}."),
    "yes": ("“có” hoặc “không”.", '"yes" or "no".'),
    "tax": ("10 chữ số, 10 chữ số kèm “-001”, hoặc 12 chữ số.", 'Ten digits, ten digits with "-001", or twelve digits.'),
    "sector": ("Mã VSIC cấp 4 (hoặc cấp 2); để trống thì suy từ sản phẩm.", "A VSIC class (or division); empty: read from the product."),
    "place": ("Tên hoặc mã, có dấu hay không dấu đều được.", "A name or a code, with or without diacritics."),
}  # fmt: skip


def title(field: Field, lang: str = "vi") -> str:
    """Return the title of a template column, with its unit."""
    unit = _UNITS.get(field.name)
    return f"{field.label(lang)} ({unit[lang == 'en']})" if unit else field.label(lang)


def workbook(kind: str, lang: str = "vi") -> bytes:
    """Return a template as XLSX.

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
        head = book.add_format(
            {"bold": True, "bg_color": "#DDEBF7", "text_wrap": True, "valign": "top", "border": 1}
        )
        names = (
            ("Nhập liệu", "Ví dụ", "Giải thích", "Danh mục")
            if lang == "vi"
            else ("Data", "Example", "Explanation", "Lists")
        )
        data, example, explanation, lists = (book.add_worksheet(name) for name in names)
        for sheet in (data, example):
            for column, field in enumerate(chosen):
                sheet.write_string(0, column, title(field, lang), head)
            sheet.set_column(0, len(chosen) - 1, 20)
            sheet.freeze_panes(1, 1)
        for column, field in enumerate(chosen):
            example.write(1, column, _EXAMPLES.get(field.name, ""))
        _drop_downs(data, lists, chosen, names[3])
        _explain(explanation, chosen, lang, head)
        lists.hide()
    return sink.getvalue()


def _drop_downs(data: Any, lists: Any, chosen: list[Field], name: str) -> None:
    """Give the columns with a list of values their drop-down; other values stay allowed with a warning."""
    options = {
        "province": sorted({*admin.provinces("2025")["name_vi"], *admin.provinces("pre2025")["name_vi"]}),
        "material": sorted(materials.catalogue()["name_vi"]),
        "vintage": list(admin.VINTAGES),
        "craft_village": ["có", "không"],
    }
    options["origin_province"] = options["province"]
    for column, field in enumerate(chosen):
        values = options.get(field.name)
        if not values:
            continue
        for offset, value in enumerate(values):
            lists.write_string(column, offset, str(value))
        last = xlsxwriter.utility.xl_col_to_name(len(values) - 1)
        source = f"='{name}'!$A${column + 1}:${last}${column + 1}"
        data.data_validation(
            1, column, ROWS, column, {"validate": "list", "source": source, "error_type": "warning"}
        )


def _explain(sheet: Any, chosen: list[Field], lang: str, head: Any) -> None:
    """Write what every column wants."""
    for column, text in enumerate(("Cột", "Cách ghi") if lang == "vi" else ("Column", "How to fill it in")):
        sheet.write_string(0, column, text, head)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 90)
    for line, field in enumerate(chosen, start=1):
        text = _WORDS.get(field.type, ("Chữ.", "Text."))[lang == "en"]
        sheet.write_string(line, 0, title(field, lang))
        sheet.write_string(
            line, 1, text.format(", ".join(dict.fromkeys(stored for _, stored in field.values)))
        )
