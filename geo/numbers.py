"""Numbers as people read them: 1.234,5 in Vietnamese text, 1,234.5 in English text."""

from __future__ import annotations

import math

_SWAP = str.maketrans({",": ".", ".": ","})


def number(value: float | int | None, digits: int = 0, lang: str = "vi") -> str:
    """Write a number in the form of the language.

    Parameters
    ----------
    value : float, int or None
        The number; ``None``, NaN and infinities give an em dash.
    digits : int, default 0
        Decimal places.
    lang : {"vi", "en"}
        Vietnamese swaps the two separators.
    """
    if value is None or not math.isfinite(value):
        return "—"
    text = f"{value:,.{digits}f}"
    return text.translate(_SWAP) if lang == "vi" else text


def short_number(value: float | int | None, lang: str = "vi") -> str:
    """Write a number with about three significant digits, large ones in thousands or millions."""
    if value is None or not math.isfinite(value):
        return "—"
    size = abs(value)
    if size >= 1e6:
        unit = " triệu" if lang == "vi" else " million"
        return number(value / 1e6, 1 if size < 1e8 else 0, lang) + unit
    if size >= 100 or float(value).is_integer():
        return number(value, 0, lang)
    return number(value, 1 if size >= 1 else 2, lang)
