"""Rows of a frame as mappings: the engine walks over thousands of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as dicts of plain values, as ``to_dict("records")`` does.

    Column by column: a column of texts is turned into Python's own at once, which is several times faster.

    Returns
    -------
    list of dict
        Column -> value; ``None`` for what is missing in a nullable column, NaN in one of floats or texts.
    """
    names = [str(name) for name in frame.columns]
    columns = [_values(frame.iloc[:, place]) for place in range(len(names))]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _values(column: pd.Series) -> list[Any]:
    """Return the values of one column as Python's own."""
    if isinstance(column.dtype, np.dtype):
        return column.tolist()
    missing = np.nan if pd.api.types.is_string_dtype(column.dtype) else None
    return column.to_numpy(dtype=object, na_value=missing).tolist()  # type: ignore[arg-type]
