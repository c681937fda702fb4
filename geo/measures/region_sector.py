"""Region × sector tables of counts: the check on entry and the quotients that several measures start from."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pandas as pd

from geo.errors import DataError, ParameterError


def checked(counts: pd.DataFrame) -> np.ndarray:
    """Return the counts as floats; a missing cell is "none counted".

    Raises
    ------
    DataError
        If a cell is negative or not a number.
    """
    try:
        values = counts.to_numpy(dtype="float64", na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise DataError(
            vi="Bảng vùng × ngành phải toàn là số (số cơ sở hoặc số lao động), nhưng có ô không phải số; "
            "hãy sửa ô đó.",
            en="The region × sector table must hold numbers only (establishments or employees), but a cell "
            "is not a number; correct that cell.",
        ) from error
    values = np.nan_to_num(values, nan=0.0)
    if (values < 0).any():
        row, column = (int(place[0]) for place in np.nonzero(values < 0))
        where = f"{counts.index[row]} × {counts.columns[column]}"
        raise DataError(
            vi=f"Số đếm phải từ 0 trở lên, nhưng ô {where} là {values[row, column]:g}; hãy sửa số âm.",
            en=f"Counts must be 0 or more, but the cell {where} is {values[row, column]:g}; correct it.",
        )
    return values


def quotients(values: np.ndarray) -> np.ndarray:
    """Return location quotients of an array whose last two axes are region × sector.

    NaN where the region or the sector has nothing at all.
    """
    region = values.sum(axis=-1, keepdims=True)
    sector = values.sum(axis=-2, keepdims=True)
    total = values.sum(axis=(-2, -1), keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((region > 0) & (sector > 0), values * total / (region * sector), np.nan)


def position(labels: pd.Index, label: Hashable, vi: str, en: str) -> int:
    """Return where a region or a sector stands in the table.

    Raises
    ------
    ParameterError
        If it is not there, or stands there more than once.
    """
    found = np.flatnonzero(labels == label)
    if len(found) != 1:
        some = ", ".join(str(known) for known in labels[:8]) + ("…" if len(labels) > 8 else "")
        raise ParameterError(
            vi=f"Bảng phải có đúng một {vi} “{label}”, nhưng có {len(found)}; các mã trong bảng: {some} "
            "Hãy chọn mã có trong bảng và gộp các dòng trùng.",
            en=f'The table must hold the {en} "{label}" exactly once, but holds it {len(found)} times; it '
            f"has: {some} Choose one of these and add up repeated rows.",
        )
    return int(found[0])
