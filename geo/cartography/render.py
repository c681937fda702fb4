"""A picture on a sheet, as PNG, SVG or PDF: title, map, key, facts, sources."""

from __future__ import annotations

import io
import threading
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from geo import palette
from geo.cartography import frame as frames
from geo.cartography import furniture, ground, layers, plane
from geo.cartography.frame import Box
from geo.cartography.lettering import POINTS_PER_MM, broken, font, width_mm
from geo.cartography.model import Picture
from geo.cartography.sheets import Sheet, sheet
from geo.cartography.words import words
from geo.errors import ParameterError

FORMATS = ("png", "svg", "pdf")
#: Text of vectors stays text: it can be searched, and a printer has the font embedded. No time of
#: writing, so that the same picture gives the same file.
_SETTINGS: dict[Any, Any] = {"pdf.fonttype": 42, "svg.fonttype": "path", "svg.hashsalt": "atlas", "hatch.linewidth": 0.5,
             "hatch.color": palette.HATCH_LINE}  # fmt: skip
#: Settings of the drawing library belong to the process: one picture at a time.
_LOCK = threading.Lock()


def render(picture: Picture, sheet_name: str = "screen", form: str = "png") -> bytes:
    """Draw a picture on a sheet.

    Parameters
    ----------
    picture : Picture
    sheet_name : str
        One of :data:`geo.cartography.sheets.SHEETS`.
    form : {"png", "svg", "pdf"}

    Returns
    -------
    bytes
        The file; the same for the same picture.

    Raises
    ------
    ParameterError
        If the sheet or the form is unknown.
    """
    paper = sheet(sheet_name)
    if form not in FORMATS:
        raise ParameterError(
            vi=f"Định dạng ảnh phải là một trong: {', '.join(FORMATS)}; nhưng nhận được “{form}”.",
            en=f'The format must be one of {", ".join(FORMATS)}, but "{form}" came.',
        )
    with _LOCK, mpl.rc_context(_SETTINGS):
        # A picture of paper size shows the full detail; in vectors it would only weigh.
        figure = _figure(picture, paper, "full" if form == "png" and paper.dpi >= 300 else "screen")
        out = io.BytesIO()
        blank = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}[form]
        figure.savefig(out, format=form, dpi=paper.dpi, metadata={"Title": picture.title, **blank})
        return out.getvalue()


def _figure(picture: Picture, paper: Sheet, detail: str) -> Figure:
    """Lay the sheet out and draw every part."""
    figure = Figure(figsize=paper.inches, facecolor="white")
    FigureCanvasAgg(figure)
    margin = 0.028 * max(paper.width_mm, paper.height_mm)
    whole = frames.blank(figure, paper, Box(0, 0, paper.width_mm, paper.height_mm))
    size = paper.text_pt
    top = _head(whole, picture, paper, margin)
    bottom = _foot(whole, picture, paper, margin)
    room = Box(margin, bottom, paper.width_mm - 2 * margin, top - bottom)
    map_box, side = _parts(room, paper)
    extent = plane.around(picture.vintage, picture.focus) if picture.focus else plane.country()
    frame = frames.opened(figure, paper, map_box, extent)
    ground.draw(frame, picture, detail)
    ground.islands(frame, picture, size * 0.8)
    layers.draw(frame, picture, size * 0.82)
    ground.names(frame, picture, size * (0.72 if picture.focus else 0.62))
    furniture.north(frame, size * 0.85, picture.lang)
    furniture.scale_bar(frame, size * 0.75, picture.lang)
    if picture.focus:
        furniture.inset(figure, paper, frame, picture, size * 0.5)
    beside = frames.blank(figure, paper, side)
    if paper.wide:
        ended = furniture.key(beside, picture.key, size * 0.88, 0, side.height, side.width)
        furniture.facts(beside, picture, size * 0.88, 0, ended, side.width)
    else:
        half = side.width / 2 - 3
        furniture.key(beside, picture.key, size * 0.88, 0, side.height, half)
        furniture.facts(beside, picture, size * 0.88, half + 6, side.height, half)
    return figure


def _parts(room: Box, paper: Sheet) -> tuple[Box, Box]:
    """Part the room between head and foot: the map, and the key beside or below it."""
    gap = 4.0
    if paper.wide:
        wide = min(room.width * 0.72, room.height * 1.22)
        return (
            Box(room.left, room.bottom, wide, room.height),
            Box(room.left + wide + gap, room.bottom, room.width - wide - gap, room.height),
        )
    below = room.height * 0.27
    return (
        Box(room.left, room.bottom + below + gap, room.width, room.height - below - gap),
        Box(room.left, room.bottom, room.width, below),
    )


def _head(axes: Axes, picture: Picture, paper: Sheet, margin: float) -> float:
    """Write title, filters and the mark of demonstration data; returns where the map may begin."""
    size, width = paper.text_pt, paper.width_mm - 2 * margin
    top = paper.height_mm - margin * 0.8
    mark = words(picture.lang)["demo"] if picture.demo else ""
    mark_mm = width_mm(mark, "bold", size) + 6 if mark else 0.0
    if mark:
        high = size / POINTS_PER_MM * 1.7
        axes.add_artist(
            FancyBboxPatch(
                (paper.width_mm - margin - mark_mm + 1, top - high), mark_mm - 2, high, boxstyle="round,pad=0.6",
                facecolor="#fdf1e3", edgecolor="#b35806", linewidth=0.9,
            )
        )  # fmt: skip
        axes.text(paper.width_mm - margin - mark_mm / 2, top - high / 2, mark, ha="center", va="center",
                  color="#7a3c04", fontproperties=font("bold", size))  # fmt: skip
    line = 1.55 * size / POINTS_PER_MM * 1.3
    for text in broken(picture.title, "bold", 1.55 * size, width - mark_mm - 2, 3):
        top -= line
        axes.text(
            margin, top + 0.28 * line, text, color=palette.INK, fontproperties=font("bold", 1.55 * size)
        )
    line = size / POINTS_PER_MM * 1.4
    for text in broken(picture.filters, "regular", size, width, 2) if picture.filters else ():
        top -= line
        axes.text(margin, top + 0.1 * line, text, color=palette.NAMES, fontproperties=font("regular", size))
    return top - 1.5


def _foot(axes: Axes, picture: Picture, paper: Sheet, margin: float) -> float:
    """Write the data set and the sources; returns where the map may end."""
    size, width = 0.78 * paper.text_pt, paper.width_mm - 2 * margin
    line = size / POINTS_PER_MM * 1.4
    lines = [("bold", text) for text in broken(picture.data_label, "bold", size, width, 2)]
    lines += [("regular", text) for text in broken(picture.source, "regular", size, width, 3)]
    bottom = margin * 0.7
    for place, (style, text) in enumerate(reversed(lines)):
        axes.text(margin, bottom + place * line, text, color=palette.NAMES, fontproperties=font(style, size))
    return bottom + len(lines) * line + 1.0
