"""What a picture shows over the ground: ribbons, circles, hexagons, outlines."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from geo import palette
from geo.cartography import ground, plane
from geo.cartography.frame import Frame
from geo.cartography.lettering import font
from geo.cartography.model import Flows, Marks, Picture, Shapes, Tint

#: How far a ribbon bows out, as a share of its length, and how thin it begins.
_BOW, _TAIL = 0.16, 0.28
_STEPS = 40


def draw(frame: Frame, picture: Picture, size_pt: float) -> None:
    """Draw every layer but the tint, in order."""
    for step, layer in enumerate(picture.layers):
        order = ground.OVER + step / 100
        if isinstance(layer, Flows):
            _flows(frame, layer, size_pt, order)
        elif isinstance(layer, Marks):
            _marks(frame, layer, size_pt, order)
        elif isinstance(layer, Shapes):
            _shapes(frame, layer, size_pt, order)
        else:
            assert isinstance(layer, Tint), "a tint belongs to the ground"


def ribbon(start: np.ndarray, end: np.ndarray, width: float, *, arrow: bool) -> np.ndarray:
    """Return the outline of a curved ribbon from ``start`` to ``end``, in the unit of the points.

    Parameters
    ----------
    start, end : array, shape (2,)
    width : float
        At the receiver; the ribbon begins with a part of it.
    arrow : bool
        End in a head, whose tip is ``end``.

    Returns
    -------
    array, shape (n, 2)
        A closed polygon; the ribbon bows to the right of its direction, so that there and back part.
    """
    along = end - start
    length = float(np.hypot(*along))
    side = np.array([along[1], -along[0]]) / length
    control = (start + end) / 2 + side * _BOW * length
    head = min(max(1.9 * width, 0.02 * length), 0.35 * length) if arrow else 0.0
    steps = np.linspace(0, 1 - head / length, _STEPS)[:, None]
    line = (1 - steps) ** 2 * start + 2 * steps * (1 - steps) * control + steps**2 * end
    tangent = 2 * (1 - steps) * (control - start) + 2 * steps * (end - control)
    normal = (
        np.column_stack([tangent[:, 1], -tangent[:, 0]]) / np.hypot(tangent[:, 0], tangent[:, 1])[:, None]
    )
    swell = np.linspace(_TAIL, 1, _STEPS)[:, None] if arrow else np.ones((_STEPS, 1))
    half = normal * swell * width / 2
    left, right = line - half, line + half
    if not arrow:
        return np.vstack([left, right[::-1], left[:1]])
    wing = normal[-1] * max(width * 0.95, head * 0.42)
    return np.vstack([left, line[-1] - wing, end, line[-1] + wing, right[::-1], left[:1]])


def _flows(frame: Frame, layer: Flows, size_pt: float, order: float) -> None:
    """Draw ribbons with a light edge, so that forty that cross stay apart."""
    table = layer.table.reset_index(drop=True)
    starts = plane.points(table["origin_lon"].to_numpy(), table["origin_lat"].to_numpy())
    ends = plane.points(table["dest_lon"].to_numpy(), table["dest_lat"].to_numpy())
    for place, row in enumerate(table.to_dict("records")):
        if np.allclose(starts[place], ends[place]):
            continue
        width = row["width_mm"] * frame.metres_per_mm
        body = ribbon(starts[place], ends[place], width, arrow=layer.directed)
        frame.axes.add_artist(
            PathPatch(
                Path(body, closed=True), facecolor=row["colour"], edgecolor="white", linewidth=0.5, alpha=0.88,
                zorder=order + place / 1e4, joinstyle="round",
            )
        )  # fmt: skip
        if isinstance(row.get("label"), str) and row["label"]:
            middle = body[_STEPS // 2]
            _label(frame, middle[0], middle[1], row["label"], size_pt)


def _marks(frame: Frame, layer: Marks, size_pt: float, order: float) -> None:
    """Draw circles or diamonds, small ones over large ones."""
    table = layer.table.sort_values("radius_mm", ascending=False, kind="stable").reset_index(drop=True)
    xy = plane.points(table["lon"].to_numpy(), table["lat"].to_numpy())
    unit = Path.unit_circle() if layer.shape == "circle" else Path([(0, 1), (1, 0), (0, -1), (-1, 0), (0, 1)])
    for place, row in enumerate(table.to_dict("records")):
        reach = row["radius_mm"] * frame.metres_per_mm
        frame.axes.add_artist(
            PathPatch(
                Path(unit.vertices * reach + xy[place], unit.codes), facecolor=row["colour"], edgecolor="white",
                linewidth=0.5, alpha=0.9, zorder=order + place / 1e5,
            )
        )  # fmt: skip
        if isinstance(row.get("label"), str) and row["label"]:
            _label(frame, xy[place][0], xy[place][1] + reach * 1.2, row["label"], size_pt)


def _shapes(frame: Frame, layer: Shapes, size_pt: float, order: float) -> None:
    """Draw areas of their own, filled or as outlines."""
    table = layer.table.to_crs(plane.CRS_PLANE)
    for row in table.to_dict("records"):
        frame.axes.add_artist(
            PathPatch(
                ground.outline(row["geometry"]),
                facecolor=row["colour"] if layer.filled else "none",
                edgecolor="white" if layer.filled else row["colour"],
                linewidth=0.3 if layer.filled else 1.8,
                alpha=0.9,
                zorder=order,
                joinstyle="round",
            )
        )
        if isinstance(row.get("label"), str) and row["label"]:
            top = row["geometry"].bounds
            _label(frame, (top[0] + top[2]) / 2, top[3], row["label"], size_pt)


def _label(frame: Frame, x: float, y: float, text: str, size_pt: float) -> None:
    """Write a label that keeps clear of what lies under it."""
    effects: list[Any] = [withStroke(linewidth=2.2, foreground="white")]
    frame.axes.text(
        x, y, text, ha="center", va="bottom", zorder=ground.NAMES + 1, color=palette.INK,
        fontproperties=font("bold", size_pt), path_effects=effects, clip_on=True,
    )  # fmt: skip
