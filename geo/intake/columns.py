"""The mapped columns of a table as typed series, with the faults of each cell."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.errors import ParameterError
from geo.intake import quantities, values
from geo.intake.faults import Faults
from geo.intake.fields import Field, fields
from geo.intake.model import ColumnMapping, Options, Table
from geo.intake.pace import SILENT, Pace
from geo.intake.template_words import CHOICES
from geo.numbers import number

_UNIT_COLUMN = "unit"
#: What the first nine digits of a tax code weigh in its check digit.
TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def typed(
    table: Table, mapping: ColumnMapping, options: Options, faults: Faults, pace: Pace = SILENT
) -> dict[str, pd.Series]:
    """Return field → values of its type, None or NaN where empty or at fault.

    Places stay clean text and coordinates stay raw cells: other modules read them. Columns of personal
    data are left out.

    Raises
    ------
    ParameterError
        If a quantity has no unit, or written numbers could be read in two ways and ``decimal`` is not given.
    """
    place = {title: number for number, title in enumerate(table.header)}
    raw = {name: table.cells[place[title]] for name, title in mapping.columns.items()}
    decimal = options.decimal or _decimal_of(raw, mapping)
    out: dict[str, pd.Series] = {}
    read = [field for field in fields(mapping.kind) if field.name in raw and field.type != "private"]
    for field in pace.over(read, len(read)):
        cells = raw[field.name]
        if field.type == "quantity":
            out[field.name] = _quantity(cells, field, mapping, decimal, raw.get(_UNIT_COLUMN), faults)
        elif field.type == "whole":
            out[field.name] = _whole(cells, field, decimal, faults)
        else:
            out[field.name] = _other(cells, field, faults)
    return out


def _decimal_of(raw: Mapping[str, pd.Series], mapping: ColumnMapping) -> str | None:
    """Return the decimal sign that the numbers of the file prove, if they agree."""
    found: set[str] = set()
    for field in fields(mapping.kind):
        if field.name in raw and field.type in ("quantity", "degree"):
            found |= quantities.decimal_evidence(raw[field.name])
    return found.pop() if len(found) == 1 else None


def _other(cells: pd.Series, field: Field, faults: Faults) -> pd.Series:
    """Return a column of text, choices, flags, yes/no or years."""
    if field.type == "degree":
        return cells
    text = values.text(cells)
    if field.type == "tax":
        return _tax_codes(text, field, faults)
    if field.type == "year":
        return _years(cells, field, faults)
    if field.type == "yes":
        told = values.yes(cells)
        faults.add(
            cells.index[text.notna() & told.isna()], field.name, "yes-no", text,
            "Cần ghi “có” hoặc “không” (hay x và để trống).", 'Write "yes" or "no" (or x and empty).',
        )  # fmt: skip
        return told
    if field.type in ("choice", "flags"):
        read = values.choices(text, field) if field.type == "choice" else values.flags(text, field)
        vi, en = _allowed(field)
        several = field.type == "flags"
        faults.add(
            cells.index[(read == "").fillna(False).astype(bool)], field.name, "choice", text,
            f"Giá trị phải là một{' hoặc nhiều giá trị (cách nhau bằng dấu phẩy)' if several else ''} trong: {vi}.",
            f"The value must be one{' or more (parted by commas)' if several else ''} of: {en}.",
        )  # fmt: skip
        return read.where(read != "", None)
    return text


def _allowed(field: Field) -> tuple[str, str]:
    """Return the values of a list as people write them, in Vietnamese and in English; stored ones where none are."""
    stored = list(dict.fromkeys(value for _, value in field.values))
    listed = CHOICES.get(field.name) or [(value, value, value) for value in stored]
    vi, en = (", ".join(words[place] for words in listed) for place in (0, 1))
    return vi, en


def _tax_codes(text: pd.Series, field: Field, faults: Faults) -> pd.Series:
    """Return tax codes as 10 digits, 10-3 or 12 digits; a zero lost at the front is put back and told."""

    def form(value: str) -> str:
        if "E+" in value.upper():  # 3.00588569E+8: digits are lost, or moved
            return ""
        digits = "".join(char for char in value if char.isdigit())
        if len(digits) in (9, 12, 13) and not digits.startswith("0") and len(digits) == 9:
            digits = "0" + digits
        if len(digits) == 13:
            return f"{digits[:10]}-{digits[10:]}"
        return digits if len(digits) in (10, 12) else ""

    codes = values.by_value(text, form)
    faults.add(
        text.index[(codes == "").fillna(False).astype(bool)], field.name, "tax-code", text,
        "Mã số thuế gồm 10 chữ số, 10 chữ số kèm “-001”, hoặc 12 chữ số.",
        'A tax code has 10 digits, 10 digits with "-001", or 12 digits.',
    )  # fmt: skip
    wrong = codes.map(lambda code: isinstance(code, str) and len(code) in (10, 14) and not _checks(code))
    faults.warn(
        text.index[wrong.astype(bool)], field.name, "tax-check", text, "Chữ số kiểm tra của mã số thuế không khớp: hãy xem lại.",
        "The check digit of the tax code does not agree: look at it again.",
    )  # fmt: skip
    return codes.where(codes != "", None)


def _checks(code: str) -> bool:
    """Tell whether the tenth digit of a tax code agrees with the nine before it."""
    return 10 - sum(w * int(d) for w, d in zip(TAX_WEIGHTS, code, strict=False)) % 11 == int(code[9])


def _years(cells: pd.Series, field: Field, faults: Faults) -> pd.Series:
    """Return years within bounds."""
    read = pd.to_numeric(values.years(cells), errors="coerce").astype(float)
    bad = cells.notna() & ~read.between(field.low or 0, field.high or np.inf)
    faults.add(
        cells.index[bad], field.name, "year", cells, f"Năm phải từ {field.low:g} đến {field.high:g} (hoặc một ngày).",
        f"The year must be from {field.low:g} to {field.high:g} (or a date).",
    )  # fmt: skip
    return read.where(~bad)


def _whole(cells: pd.Series, field: Field, decimal: str | None, faults: Faults) -> pd.Series:
    """Return counts."""
    read = quantities.read(cells, decimal, whole=True)
    known = read.value.notna()
    low, high = field.low or 0, field.high or np.inf
    bad = (cells.notna() & read.bad) | (known & ~(read.value.between(low, high) & (read.value % 1 == 0)))
    faults.add(
        cells.index[bad], field.name, "whole", cells,
        f"Cần một số nguyên từ {number(low)} đến {number(high)}; không rõ thì để trống.",
        f"A whole number from {number(low, lang='en')} to {number(high, lang='en')} is needed; leave it empty where not known.",
    )  # fmt: skip
    return read.value.where(~bad)


def _quantity(
    cells: pd.Series,
    field: Field,
    mapping: ColumnMapping,
    decimal: str | None,
    unit: pd.Series | None,
    faults: Faults,
) -> pd.Series:
    """Return a quantity in its stored unit; the unit of a cell or of the row's unit column comes first."""
    read = quantities.read(cells, decimal)
    if read.open.any():
        raise _ask_decimal(cells[read.open].iloc[0], mapping.columns[field.name])
    own = read.unit.where(read.unit != "", None)
    if unit is not None:
        own = own.where(own.notna(), values.text(unit))
    codes = values.by_value(own, lambda text: quantities.unit_code(str(text), field.unit))
    strange = codes == ""
    faults.add(
        cells.index[(strange & read.value.notna()).fillna(False)], field.name, "unit", own,
        "Không nhận ra đơn vị này.", "This unit is not known.",
    )  # fmt: skip
    codes = codes.where(codes.notna(), mapping.units.get(field.name))
    if (codes.isna() & read.value.notna() & (read.value != 0)).any():
        raise _ask_unit(field, mapping.columns[field.name])
    out = pd.Series(np.nan, index=cells.index)
    for code in [code for code in codes.dropna().unique() if code]:
        rows = codes == code
        out[rows] = quantities.convert(read.value[rows].to_numpy(), code, field.unit)
    out = out.where(read.value != 0, 0.0)
    bad = (cells.notna() & read.bad) | (out < (field.low or 0))
    faults.add(
        cells.index[bad], field.name, "number", cells, "Cần một con số không âm (ví dụ 1.234,5); không rõ thì để trống.",
        "A number of 0 or more is needed (such as 1,234.5); leave it empty where not known.",
    )  # fmt: skip
    return out.where(~bad & ~strange.fillna(False).astype(bool))


def _ask_decimal(value: object, title: str) -> ParameterError:
    """Ask what the one sign in a number means."""
    return ParameterError(
        vi=f"Số “{value}” ở cột “{title}” có thể hiểu hai cách (dấu phân cách hàng nghìn hay dấu thập phân). Hãy chọn dấu thập "
        "phân (--decimal): “comma” (1.234,5) hoặc “point” (1,234.5).",
        en=f'The number "{value}" in the column "{title}" can be read in two ways. Choose the decimal sign (--decimal): '
        '"comma" (1.234,5) or "point" (1,234.5).',
    )


def _ask_unit(field: Field, title: str) -> ParameterError:
    """Ask for the unit of a quantity."""
    words = [names[0] for _, names in quantities.UNITS[field.unit].values()]
    vi = {"mass": "tấn, tạ, kg", "money": "đồng, triệu đồng, tỷ đồng"}[field.unit]
    return ParameterError(
        vi=f"Cột “{title}” không ghi đơn vị. Hãy chọn đơn vị (--unit {field.name}=…): {vi}.",
        en=f'The column "{title}" states no unit. Choose it (--unit {field.name}=…): one of {", ".join(words)}.',
    )
