"""Type on the sheet: the font with full Vietnamese, and lines broken to a width."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Literal

from matplotlib import font_manager
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

FAMILY = "Be Vietnam Pro"
_SHIPPED = ("Regular", "Bold", "Italic")
_STYLES: dict[str, tuple[int, Literal["normal", "italic"]]] = {
    "regular": (400, "normal"),
    "bold": (700, "normal"),
    "italic": (400, "italic"),
}
POINTS_PER_MM = 72 / 25.4


@lru_cache(maxsize=1)
def _register() -> None:
    """Make the font known to matplotlib under its family name."""
    for path in (files("fontpkg_be_vietnam_pro") / "files").iterdir():
        if path.name.removeprefix("BeVietnamPro-").removesuffix(".ttf") in _SHIPPED:
            font_manager.fontManager.addfont(str(path))


@lru_cache(maxsize=64)
def font(style: str = "regular", size_pt: float = 9.0) -> FontProperties:
    """Return the font of the product in a style (``regular``, ``bold``, ``italic``) and size.

    Signs that it lacks, such as arrows, come from the font that matplotlib brings.
    """
    _register()
    weight, slant = _STYLES[style]
    return FontProperties(family=[FAMILY, "DejaVu Sans"], weight=weight, style=slant, size=size_pt)


@lru_cache(maxsize=8192)
def width_mm(text: str, style: str, size_pt: float) -> float:
    """Return how wide a line of text is, in millimetres."""
    if not text.strip():
        return 0.0
    return float(TextPath((0, 0), text, prop=font(style, size_pt)).get_extents().x1) / POINTS_PER_MM


def broken(text: str, style: str, size_pt: float, most_mm: float, lines: int = 99) -> list[str]:
    """Break a text into lines no wider than ``most_mm``; what does not fit ``lines`` ends in an ellipsis."""
    out: list[str] = []
    line = ""
    for word in text.split():
        tried = f"{line} {word}".strip()
        if line and width_mm(tried, style, size_pt) > most_mm:
            out.append(line)
            line = word
        else:
            line = tried
    out.append(line)
    if len(out) <= lines:
        return out
    last = out[lines - 1]
    while last and width_mm(last + "…", style, size_pt) > most_mm:
        last = last.rsplit(" ", 1)[0] if " " in last else last[:-1]
    return [*out[: lines - 1], last + "…"]
