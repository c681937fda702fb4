"""A frame on the sheet in which one extent of the plane is drawn."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from geo import palette
from geo.cartography.plane import Extent, fitted
from geo.cartography.sheets import Sheet


@dataclass(frozen=True)
class Box:
    """A rectangle of the sheet in millimetres from its lower left corner."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge, millimetres."""
        return self.left + self.width

    @property
    def top(self) -> float:
        """Upper edge, millimetres."""
        return self.bottom + self.height


@dataclass(frozen=True)
class Frame:
    """Axes of one map: ``box`` on the sheet, ``extent`` on the plane (metres)."""

    axes: Axes
    box: Box
    extent: Extent

    @property
    def metres_per_mm(self) -> float:
        """How many metres of ground one millimetre of the sheet shows."""
        return (self.extent[2] - self.extent[0]) / self.box.width

    def holds(self, x: float, y: float) -> bool:
        """Whether a place of the plane lies in the frame."""
        west, south, east, north = self.extent
        return west <= x <= east and south <= y <= north


def opened(figure: Figure, sheet: Sheet, box: Box, extent: Extent) -> Frame:
    """Open a frame on a figure; the extent is widened to the proportions of the box."""
    axes = blank(figure, sheet, box)
    axes.set_facecolor(palette.SEA)
    axes.patch.set_visible(True)
    held = fitted(extent, box.width, box.height)
    axes.set_xlim(held[0], held[2])
    axes.set_ylim(held[1], held[3])
    for spine in axes.spines.values():
        spine.set(visible=True, color=palette.COAST, linewidth=0.6)
    return Frame(axes, box, held)


def blank(figure: Figure, sheet: Sheet, box: Box) -> Axes:
    """Open axes without scales or ground, one unit a millimetre."""
    axes = figure.add_axes(
        (
            box.left / sheet.width_mm,
            box.bottom / sheet.height_mm,
            box.width / sheet.width_mm,
            box.height / sheet.height_mm,
        )
    )
    axes.set_xlim(0, box.width)
    axes.set_ylim(0, box.height)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.patch.set_visible(False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return axes
