"""Read an input–output table from a CSV file, in long form or as a square matrix."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd

from geo.errors import DataError

_NAMES = {
    "upstream_code": ("upstream_code", "upstream", "from"),
    "downstream_code": ("downstream_code", "downstream", "to"),
    "coefficient": ("coefficient", "value"),
}


def read(path: Path) -> pd.DataFrame:
    """Return the coefficients above 0 of a file.

    Parameters
    ----------
    path : Path
        CSV with commas, or with semicolons and decimal commas; UTF-8.

    Returns
    -------
    DataFrame
        ``upstream_code``, ``downstream_code`` (text, upper case), ``coefficient`` (> 0).

    Raises
    ------
    DataError
        If the file is neither form, or a cell is no number of 0 or more (its line is named).
    FileNotFoundError
        If there is no such file.
    """
    cells, comma = _cells(path)
    header = [name.strip().lower() for name in cells[0]]
    found = [next((i for i, name in enumerate(header) if name in known), None) for known in _NAMES.values()]
    rows = _matrix(cells, comma) if None in found else _long(cells, [i or 0 for i in found], comma)
    table = pd.DataFrame(rows, columns=[*_NAMES])
    table = table[table["coefficient"] > 0].reset_index(drop=True)
    if table.empty:
        raise _neither(path)
    return table


def _cells(path: Path) -> tuple[list[list[str]], bool]:
    """Return the cells of the file and whether numbers have a decimal comma."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (UnicodeDecodeError, IsADirectoryError) as error:
        raise _neither(path) from error
    first = text.partition("\n")[0]
    semicolons = first.count(";") > first.count(",")
    reader = csv.reader(text.splitlines(), delimiter=";" if semicolons else ",")
    cells = [row for row in reader if any(cell.strip() for cell in row)]
    if len(cells) < 2:
        raise _neither(path)
    return cells, semicolons


def _long(cells: list[list[str]], at: list[int], comma: bool) -> list[tuple[str, str, float]]:
    """Read one pair a row."""
    out = []
    for line, row in enumerate(cells[1:], start=2):
        upstream, downstream, value = (row[i] if i < len(row) else "" for i in at)
        out.append((_code(upstream), _code(downstream), _number(value, line, comma)))
    return out


def _matrix(cells: list[list[str]], comma: bool) -> list[tuple[str, str, float]]:
    """Read a square matrix: upstream down the side, downstream along the top."""
    across = [_code(name) for name in cells[0][1:] if name.strip()]
    down = [_code(row[0]) for row in cells[1:]]
    if not across or sorted(across) != sorted(down):
        odd = sorted(set(across) ^ set(down))[:5]
        raise DataError(
            vi="Bảng liên ngành phải có ba cột upstream, downstream, coefficient, hoặc là ma trận vuông có cùng "
            f"các mã ngành ở cột đầu và dòng đầu; các mã không khớp: {', '.join(odd) or '—'}. Hãy sửa lại tệp.",
            en="The table must have the columns upstream, downstream, coefficient, or be a square matrix with the "
            f"same codes in the first column and the first row; codes that do not match: {', '.join(odd) or '—'}."
            " Correct the file.",
        )
    out = []
    for line, row in enumerate(cells[1:], start=2):
        for place, downstream in enumerate(across, start=1):
            value = row[place] if place < len(row) else ""
            out.append((_code(row[0]), downstream, _number(value, line, comma)))
    return out


def _code(text: str) -> str:
    """Tidy a code as people write it."""
    return text.strip().upper().replace("–", "-").replace(" ", "")


def _number(text: str, line: int, comma: bool) -> float:
    """Return the coefficient of a cell; an empty one means no link."""
    cell = text.strip().replace(",", ".") if comma else text.strip()
    try:
        value = float(cell) if cell else 0.0
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise DataError(
            vi=f"Hệ số phải là số từ 0 trở lên, nhưng dòng {line} ghi “{text}”; hãy sửa ô đó.",
            en=f'A coefficient must be a number of 0 or more, but line {line} says "{text}"; correct that cell.',
        )
    return value


def _neither(path: Path) -> DataError:
    """Say what a file must hold."""
    return DataError(
        vi=f"Tệp {path.name} phải là CSV (UTF-8) chứa hệ số liên ngành lớn hơn 0: ba cột upstream, downstream, "
        "coefficient, hoặc ma trận vuông; hãy kiểm tra và lưu lại tệp.",
        en=f"{path.name} must be a CSV (UTF-8) with input–output coefficients above 0: the columns upstream, "
        "downstream, coefficient, or a square matrix; check the file and save it again.",
    )
