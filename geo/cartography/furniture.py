"""What makes a map readable away from the application: scale, north, key, facts, inset of the whole country."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Polygon, Rectangle

from geo import palette
from geo.cartography import frame as frames
from geo.cartography import ground, plane
from geo.cartography.frame import Box, Frame
from geo.cartography.lettering import POINTS_PER_MM, broken, font
from geo.cartography.model import KeyBlock, KeyRow, Picture
from geo.cartography.sheets import Sheet
from geo.cartography.words import words
from geo.numbers import number

_ROUND = (1, 2, 5)
#: Lengths of a mark of the key, millimetres.
_SWATCH = (6.5, 3.6)


def scale_bar(frame: Frame, size_pt: float, lang: str) -> float:
    """Draw a scale bar of a round length at the lower left; returns that length in km."""
    most = 0.26 * frame.box.width * frame.metres_per_mm / 1000
    length = max(
        step * 10**power for step in _ROUND for power in range(5) if step * 10**power <= max(most, 1)
    )
    mm = frame.metres_per_mm
    x0, y0 = frame.extent[0] + 4 * mm, frame.extent[1] + 4 * mm
    wide, high = length * 1000, 1.1 * mm
    for half, face in ((0, palette.INK), (1, "white")):
        frame.axes.add_artist(
            Rectangle(
                (x0 + half * wide / 2, y0), wide / 2, high, facecolor=face, edgecolor=palette.INK, linewidth=0.5,
                zorder=ground.NAMES,
            )
        )  # fmt: skip
    for share in (0.0, 0.5, 1.0):
        text = number(length * share, 0 if length * share == int(length * share) else 1, lang)
        frame.axes.text(
            x0 + wide * share, y0 + high * 1.5, f"{text} km" if share == 1 else text, ha="center", va="bottom",
            fontproperties=font("regular", size_pt), color=palette.INK, zorder=ground.NAMES,
        )  # fmt: skip
    return float(length)


def north(frame: Frame, size_pt: float, lang: str) -> None:
    """Draw the arrow to the north at the upper left."""
    mm = frame.metres_per_mm
    x, y = frame.extent[0] + 6 * mm, frame.extent[3] - 13 * mm
    for side, face in ((-1, palette.INK), (1, "white")):
        frame.axes.add_artist(
            Polygon(
                np.array([[x, y + 7 * mm], [x + side * 2.2 * mm, y], [x, y + 1.6 * mm]]), closed=True, facecolor=face,
                edgecolor=palette.INK, linewidth=0.6, zorder=ground.NAMES,
            )
        )  # fmt: skip
    frame.axes.text(
        x, y + 7.6 * mm, words(lang)["north"], ha="center", va="bottom", zorder=ground.NAMES, color=palette.INK,
        fontproperties=font("bold", size_pt),
    )  # fmt: skip


def inset(figure: Figure, sheet: Sheet, frame: Frame, picture: Picture, size_pt: float) -> Frame:
    """Draw the whole country with both archipelagos in a corner, and where the frame lies in it."""
    side = 0.3 * min(frame.box.width, frame.box.height)
    box = Box(frame.box.right - side - 2, frame.box.bottom + 2, side, side * 1.08)
    small = frames.opened(figure, sheet, box, plane.country())
    small.axes.set_zorder(frame.axes.get_zorder() + 1)
    ground.draw(
        small, Picture("", "", "", "", (), vintage=picture.vintage, region_set=picture.region_set), "screen"
    )
    ground.islands(small, picture, size_pt, small=True)
    west, south, east, north_ = frame.extent
    small.axes.add_artist(
        Rectangle((west, south), east - west, north_ - south, facecolor="none", edgecolor="#b3261e", linewidth=1.2,
                  zorder=ground.NAMES)
    )  # fmt: skip
    return small


def key(
    axes: Axes, blocks: tuple[KeyBlock, ...], size_pt: float, left: float, top: float, width: float
) -> float:
    """Draw the key downwards from ``top`` (millimetres of the axes); returns where it ended."""
    line = size_pt / POINTS_PER_MM * 1.45
    # Counts stand near what they count.
    width = min(width, 34 * size_pt / POINTS_PER_MM)
    for block in blocks:
        for text in broken(block.title, "bold", size_pt, width):
            top -= line
            axes.text(left, top, text, fontproperties=font("bold", size_pt), color=palette.INK, va="baseline")
        for row in block.rows:
            label_left = left + _SWATCH[0] + 2
            room = width - _SWATCH[0] - 2 - (9 if row.count else 0)
            lines = broken(row.label, "regular", size_pt, room)
            top -= line * 1.04
            _mark(axes, row, left, top + 0.32 * line)
            if row.count:
                axes.text(left + width, top, row.count, ha="right", color=palette.NAMES,
                          fontproperties=font("regular", size_pt))  # fmt: skip
            for place, text in enumerate(lines):
                top -= line * 0.92 if place else 0
                axes.text(label_left, top, text, color=palette.INK, fontproperties=font("regular", size_pt))
        for text in broken(block.note, "italic", size_pt * 0.86, width) if block.note else ():
            top -= line * 0.9
            axes.text(left, top, text, color=palette.NAMES, fontproperties=font("italic", size_pt * 0.86))
        top -= line * 0.55
    return top


def facts(axes: Axes, picture: Picture, size_pt: float, left: float, top: float, width: float) -> float:
    """Write the ranked list beside the map as far as there is room; returns where it ended."""
    line = size_pt / POINTS_PER_MM * 1.45
    if not picture.facts or top < 3 * line:
        return top
    for text in broken(picture.facts_title, "bold", size_pt, width):
        top -= line
        axes.text(left, top, text, color=palette.INK, fontproperties=font("bold", size_pt))
    for rank, (what, much) in enumerate(picture.facts, 1):
        room = width - 5.5
        lines = broken(what, "regular", size_pt, room, 2)
        if top - line * (len(lines) + 1.2) < 0:
            break
        top -= line * 1.08
        axes.text(left, top, f"{rank}.", color=palette.NAMES, fontproperties=font("regular", size_pt))
        for place, text in enumerate(lines):
            top -= line * 0.92 if place else 0
            axes.text(left + 5.5, top, text, color=palette.INK, fontproperties=font("regular", size_pt))
        top -= line * 0.92
        axes.text(left + 5.5, top, much, color=palette.NAMES, fontproperties=font("regular", size_pt * 0.92))
    return top


def _mark(axes: Axes, row: KeyRow, left: float, middle: float) -> None:
    """Draw the mark of one line of the key."""
    wide, high = _SWATCH
    faces = {
        "fill": {"facecolor": row.colour, "edgecolor": palette.REGION_BORDER, "linewidth": 0.4},
        "hatch": {"facecolor": palette.HATCH_GROUND, "edgecolor": palette.HATCH_LINE, "linewidth": 0.4, "hatch": "////"},
        "outline": {"facecolor": "none", "edgecolor": row.colour, "linewidth": 1.6},
    }  # fmt: skip
    if row.mark in faces:
        corner = (left, middle - high / 2)
        axes.add_artist(Rectangle(corner, wide, high, **faces[row.mark]))  # type: ignore[arg-type]
    elif row.mark in ("circle", "diamond", "hexagon"):
        _spot(axes, row, left + wide / 2, middle)
    else:
        _bar(axes, row, left, middle)


def _spot(axes: Axes, row: KeyRow, x: float, y: float) -> None:
    """Draw a circle, a diamond or a hexagon."""
    reach = row.size_mm / 2
    if row.mark == "circle":
        axes.add_artist(Circle((x, y), reach, facecolor=row.colour, edgecolor="white", linewidth=0.4))
        return
    corners = 4 if row.mark == "diamond" else 6
    turn = np.linspace(0, 2 * np.pi, corners, endpoint=False) + np.pi / 2
    shape = np.column_stack([x + reach * np.cos(turn), y + reach * np.sin(turn)])
    axes.add_artist(Polygon(shape, closed=True, facecolor=row.colour, edgecolor="white", linewidth=0.4))


def _bar(axes: Axes, row: KeyRow, left: float, middle: float) -> None:
    """Draw a line, or an arrow to the right."""
    wide = _SWATCH[0]
    half = min(row.size_mm, 3.4) / 2
    head = min(2.6, max(1.2, 2.2 * half)) if row.mark == "arrow" else 0.0
    shape = [(left, middle - half), (left + wide - head, middle - half)]
    if head:
        wing = max(1.5 * half, 0.9)
        shape += [
            (left + wide - head, middle - wing),
            (left + wide, middle),
            (left + wide - head, middle + wing),
        ]
    shape += [(left + wide - head, middle + half), (left, middle + half)]
    axes.add_artist(Polygon(np.array(shape), closed=True, facecolor=row.colour, edgecolor="none"))
