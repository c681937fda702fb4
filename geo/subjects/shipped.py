"""Read the shipped tables of ``data/`` once, as text, so that codes keep their leading zeros."""

from __future__ import annotations

from functools import cache

import pandas as pd

from geo import paths
from geo.errors import DataError


@cache
def _read(name: str) -> pd.DataFrame:
    """Read one table as text; kept for the life of the process."""
    path = paths.DATA / name
    if not path.exists():
        raise DataError(
            vi=f"Thiếu bảng {name} trong thư mục data/; hãy chạy lại “python -m geo build” "
            "hoặc cài lại sản phẩm.",
            en=f'The table {name} is missing from data/; run "python -m geo build" again or reinstall.',
        )
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def table(name: str, *, numbers: tuple[str, ...] = (), flags: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return a fresh copy of one shipped table, codes as text.

    Parameters
    ----------
    name : str
        File name in ``data/``.
    numbers : tuple of str
        Columns to turn into floats; an empty cell becomes NaN ("no figure").
    flags : tuple of str
        Columns of ``true`` / ``false`` to turn into bool.

    Raises
    ------
    DataError
        If the file is missing, or a number column holds something else.
    """
    return _typed(name, numbers, flags).copy()


@cache
def _typed(name: str, numbers: tuple[str, ...], flags: tuple[str, ...]) -> pd.DataFrame:
    """Read the numbers and flags of one table; kept, since pages look into small tables row by row."""
    frame = _read(name).copy()
    for column in numbers:
        text = frame[column]
        value = pd.to_numeric(text.where(text != ""), errors="coerce")
        bad = text[(text != "") & value.isna()]
        if len(bad):
            raise DataError(
                vi=f"Cột {column} của bảng {name} phải là số, nhưng dòng {bad.index[0] + 2} ghi "
                f"“{bad.iloc[0]}”; hãy sửa ô đó.",
                en=f"Column {column} of {name} must hold numbers, but line {bad.index[0] + 2} says "
                f'"{bad.iloc[0]}"; correct that cell.',
            )
        frame[column] = value.astype("float64")
    for column in flags:
        frame[column] = frame[column] == "true"
    return frame
