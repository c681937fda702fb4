"""The ground of every map: sea, neighbours, provinces, regions, islands and their names."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
from matplotlib.collections import PatchCollection
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from geo import palette
from geo.cartography import plane
from geo.cartography.frame import Frame
from geo.cartography.lettering import POINTS_PER_MM, font, width_mm
from geo.cartography.model import Picture, Tint
from geo.places import admin, boundaries

#: Drawn from the bottom: tints, borders, what the picture is about, names.
BELOW, TINTS, BORDERS, OVER, NAMES = 1, 2, 3, 5, 8


def draw(frame: Frame, picture: Picture, detail: str) -> None:
    """Draw sea and land without names, and the tint of the picture when it has one."""
    version = boundaries.data_version()
    land = plane.areas("province", picture.vintage, None, detail, version)
    fill(frame, plane.neighbours(version), palette.NEIGHBOURS, palette.NEIGHBOURS, 0.2, BELOW)
    fill(frame, land, palette.LAND, "none", 0.0, BELOW)
    for layer in picture.layers:
        if isinstance(layer, Tint):
            _tint(frame, picture, layer, detail)
    fill(frame, land, "none", palette.PROVINCE_BORDER, 0.4, BORDERS)
    regions = plane.areas("region", picture.vintage, picture.region_set, detail, version)
    fill(frame, regions, "none", palette.REGION_BORDER, 0.8, BORDERS)


def fill(frame: Frame, table: gpd.GeoDataFrame, face: Any, edge: str, width: float, order: float) -> None:
    """Draw areas; ``face`` is one colour or one an area."""
    patches = [PathPatch(outline(shape)) for shape in table.geometry]
    frame.axes.add_collection(
        PatchCollection(
            patches, facecolor=face, edgecolor=edge, linewidth=width, zorder=order, joinstyle="round"
        ),
        autolim=False,
    )


def outline(shape: Any) -> Path:
    """Return an area (with its holes) as one path."""
    parts = getattr(shape, "geoms", [shape])
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    vertices = [np.asarray(ring.coords)[:, :2] for ring in rings]
    codes = [
        np.r_[Path.MOVETO, np.full(len(ring) - 2, Path.LINETO), Path.CLOSEPOLY].astype(Path.code_type)
        for ring in vertices
    ]
    return Path(np.concatenate(vertices), np.concatenate(codes))


def _tint(frame: Frame, picture: Picture, tint: Tint, detail: str) -> None:
    """Fill areas with their colours; hatch those without a figure."""
    table = plane.areas(tint.level, picture.vintage, picture.region_set, detail, boundaries.data_version())
    code = table[f"{tint.level}_code"]
    coloured = table[code.isin(tint.colours.keys())]
    fill(frame, coloured, [tint.colours[c] for c in coloured[f"{tint.level}_code"]], "none", 0.0, TINTS)
    empty = table[code.isin(tint.hatched)]
    frame.axes.add_collection(
        PatchCollection(
            [PathPatch(outline(shape)) for shape in empty.geometry], facecolor=palette.HATCH_GROUND,
            edgecolor=palette.HATCH_LINE, hatch="////", linewidth=0.0, zorder=TINTS,
        ),
        autolim=False,
    )  # fmt: skip


def islands(frame: Frame, picture: Picture, size_pt: float, *, small: bool = False) -> None:
    """Draw the islands as dots and write the names of both archipelagos.

    A small map writes the names alone; a large one their provinces too.
    """
    table = plane.islands(boundaries.data_version())
    dots = table[table["kind"] == "island"]
    frame.axes.scatter(
        dots.geometry.x,
        dots.geometry.y,
        s=1.0 if small else 4.0,
        color=palette.SEA_NAMES,
        linewidths=0,
        zorder=BORDERS,
    )
    field = "name_en" if picture.lang == "en" else "name_vi"
    provinces = admin.provinces(picture.vintage)
    for row in table[table["kind"] == "label"].to_dict("records"):
        owner = str(provinces.at[row[f"province_code_{picture.vintage}"], field])
        text = str(row[field]) if small else f"{row[field]}\n({owner})"
        x, y = row["geometry"].x, row["geometry"].y
        half = max(width_mm(part, "italic", size_pt) for part in text.split("\n")) / 2
        if frame.holds(x, y):
            # Above the islands themselves, whole inside the frame.
            reach = (half + 1.0) * frame.metres_per_mm
            at = min(max(x, frame.extent[0] + reach), frame.extent[2] - reach)
            frame.axes.text(
                at, y + (2.0 if small else 6.0) * frame.metres_per_mm, text, ha="center", va="bottom", zorder=NAMES, linespacing=1.2,
                color=palette.SEA_NAMES, fontproperties=font("italic", size_pt),
                path_effects=[withStroke(linewidth=1.6, foreground=palette.SEA)],
            )  # fmt: skip


def names(frame: Frame, picture: Picture, size_pt: float) -> None:
    """Write the names of provinces where they do not overlap, cities and large ones first."""
    table = plane.areas("province", picture.vintage, None, "screen", boundaries.data_version())
    known = admin.provinces(picture.vintage)
    place = {name: number for number, name in enumerate(boundaries.NAMED_FIRST)}
    at = plane.points(table["label_lon"].to_numpy(), table["label_lat"].to_numpy())
    wanted = set(picture.focus)
    table = table.assign(
        x=at[:, 0], y=at[:, 1],
        asked=[code not in wanted for code in table["province_code"]],
        first=[place.get(str(known.at[code, "name_vi"]), len(place)) for code in table["province_code"]],
    )  # fmt: skip
    taken: list[tuple[float, float, float, float]] = []
    high = size_pt / POINTS_PER_MM * 1.15
    for row in table.sort_values(["asked", "first", "area_km2"], ascending=[True, True, False]).to_dict(
        "records"
    ):
        name = str(known.at[row["province_code"], "name_en" if picture.lang == "en" else "name_vi"])
        wide = width_mm(name, "regular", size_pt) + 1.0
        x = (row["x"] - frame.extent[0]) / frame.metres_per_mm
        y = (row["y"] - frame.extent[1]) / frame.metres_per_mm
        box = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
        inside = box[0] > 1 and box[1] > 1 and box[2] < frame.box.width - 1 and box[3] < frame.box.height - 1
        if inside and not any(_overlap(box, other) for other in taken):
            taken.append(box)
            frame.axes.text(
                row["x"], row["y"], name, ha="center", va="center", zorder=NAMES, color=palette.NAMES,
                fontproperties=font("regular", size_pt),
                path_effects=[withStroke(linewidth=1.8, foreground="#ffffffcc")],
            )  # fmt: skip


def _overlap(one: tuple[float, float, float, float], two: tuple[float, float, float, float]) -> bool:
    """Whether two boxes (left, bottom, right, top) overlap."""
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]
