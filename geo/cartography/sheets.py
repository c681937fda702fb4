"""Sheets of paper and screens: their size, resolution and how large text on them must be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from geo.errors import ParameterError

MM_PER_INCH = 25.4


@dataclass(frozen=True)
class Sheet:
    """One size of sheet.

    Attributes
    ----------
    width_mm, height_mm : float
    dpi : int
        Of a PNG; vectors have none.
    text_pt : float
        Size of running text. Screens stand farther away than paper lies.
    """

    width_mm: float
    height_mm: float
    dpi: int
    text_pt: float

    @property
    def wide(self) -> bool:
        """Whether the key stands beside the map (else below it)."""
        return self.width_mm > self.height_mm

    @property
    def inches(self) -> tuple[float, float]:
        """Width and height in inches, as drawing libraries want them."""
        return self.width_mm / MM_PER_INCH, self.height_mm / MM_PER_INCH


#: A screen is drawn at 144 points of 13⅓ × 7½ inches: 1920 × 1080, and running text of 26 pixels.
SHEETS: Mapping[str, Sheet] = MappingProxyType(
    {
        "screen": Sheet(13 * MM_PER_INCH + MM_PER_INCH / 3, 7.5 * MM_PER_INCH, 144, 13.0),
        "a4": Sheet(297, 210, 300, 9.0),
        "a4-portrait": Sheet(210, 297, 300, 9.0),
        "a3": Sheet(420, 297, 300, 12.0),
        "a3-portrait": Sheet(297, 420, 300, 12.0),
    }
)


def sheet(name: str) -> Sheet:
    """Return a sheet by its name.

    Raises
    ------
    ParameterError
        If there is none of that name.
    """
    if name not in SHEETS:
        raise ParameterError(
            vi=f"Khổ giấy phải là một trong: {', '.join(SHEETS)}; nhưng nhận được “{name}”.",
            en=f'The sheet must be one of {", ".join(SHEETS)}, but "{name}" came.',
        )
    return SHEETS[name]
