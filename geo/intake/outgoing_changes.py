"""Rows of a comparison as they leave the house: names of persons shortened, phone numbers blanked."""

from __future__ import annotations

import pandas as pd

from geo.intake import personal


def masked(table: pd.DataFrame) -> pd.DataFrame:
    """Return rows of :mod:`geo.store.compare_rows` without personal data; other tables as they are.

    Parameters
    ----------
    table : DataFrame
        Establishments (``name``, ``product``, ``source``), or changed values (``name``, ``column``, ``old``, ``new``).
    """
    if "name" not in table:
        return table
    out = table.assign(name=personal.mask(table["name"]))
    for column in ("product", "source"):
        if column in out:
            out[column] = personal.blank(out[column])
    if "column" in out:
        for column, hide in (
            ("name", personal.mask),
            ("product", personal.blank),
            ("source", personal.blank),
        ):
            rows = out["column"] == column
            for side in ("old", "new"):
                out.loc[rows, side] = hide(out.loc[rows, side])
    return out
