"""A matrix as a table with tinted cells: readable by eye, keyboard and screen reader alike."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import pandas as pd

from ui.text import Text

_LIGHT, _DARK = (241, 246, 246), (50, 129, 139)
#: With more columns than this their names stand upright.
_UPRIGHT = 10


def heat_table(square: pd.DataFrame, names: Mapping[str, str], t: Text, *, caption: str) -> str:
    """Return a square matrix as escaped HTML.

    Parameters
    ----------
    square : DataFrame
        Codes × codes, values of 0 and more; 0 is left empty.
    names : mapping
        Code → name in the language.
    caption : str
        What the numbers are, with their unit.
    """
    most = float(square.to_numpy().max()) if square.size else 0.0
    digits = 0 if (square.to_numpy() % 1 == 0).all() or most >= 100 else 1
    upright = " upright" if len(square.columns) > _UPRIGHT else ""
    head = "".join(f'<th scope="col"><span>{escape(names[str(code)])}</span></th>' for code in square.columns)
    rows = []
    for code, values in square.iterrows():
        cells = "".join(_cell(float(value), most, digits, t) for value in values)
        rows.append(f'<tr><th scope="row">{escape(names[str(code)])}</th>{cells}</tr>')
    return (
        f'<div class="heat{upright}"><table><caption>{escape(caption)}</caption>'
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _cell(value: float, most: float, digits: int, t: Text) -> str:
    """One cell: the square root of its share of the largest value is its tint."""
    if value <= 0:
        return "<td></td>"
    share = (value / most) ** 0.5
    colour = ",".join(str(round(a + (b - a) * share)) for a, b in zip(_LIGHT, _DARK, strict=True))
    ink = "#fff" if share > 0.86 else "#1c2b36"
    return f'<td style="background:rgb({colour});color:{ink}">{t.number(value, digits)}</td>'
