"""Hot spots on the map: outlines of clusters, and provinces tinted by the quadrants of their local Moran."""

from __future__ import annotations

from typing import Any

import folium
import numpy as np
import pandas as pd
import shapely

from geo import palette
from geo.measures.crossing import Cluster
from geo.palette import Classes
from ui import hotspot_views, legend, map_shapes, maps
from ui.context import Context
from ui.map_layers import ScriptLayer
from ui.text import Text

CROSSING = palette.OKABE_ITO["blue"]
INSIDE = palette.INK
#: Kinds of a province: quadrant, then whether it holds after the correction or is a hint (p ≤ 5 % by itself).
KINDS = ("HH_sure", "HH_hint", "HL_sure", "HL_hint", "LH_sure", "LH_hint", "LL_sure", "LL_hint", "none")
_COLOURS = ("#0c5260", "#a5d0cf", "#1c5c9c", "#cadeef", "#8a3f73", "#eccbe0", "#b4520a", "#f7dcb9", "#f2f2ef")
_LEVEL = 0.05
#: Holes in an outline up to four hexagons large (square degrees) only make it hard to read.
_LEAST_HOLE = 0.09


def outlines(context: Context, found: list[Cluster], selected: str = "") -> folium.FeatureGroup:
    """Outline clusters; those over a border in blue, the chosen one alone if there is one.

    A click answers ``flow_key``, the id of the cluster.
    """
    shown = [cluster for cluster in found if cluster.id == selected] or found
    drawn = [
        {
            "geometry": shapely.geometry.mapping(_light(cluster.outline)),
            "colour": CROSSING if cluster.crosses_province else INSIDE,
            "lines": hotspot_views.lines(context, cluster),
            "key": cluster.id,
        }
        for cluster in sorted(shown, key=lambda cluster: cluster.crosses_province)
    ]
    return ScriptLayer("outlines", {"outlines": drawn}, "hot_spots")


def outlines_legend(found: list[Cluster], t: Text) -> str:
    """Explain the outlines that are drawn."""
    marks = []
    if any(cluster.crosses_province for cluster in found):
        marks.append(legend.marks_legend("", {"outline": t("clusters.legend_crossing")}, colour=CROSSING))
    if any(not cluster.crosses_province for cluster in found):
        marks.append(legend.marks_legend("", {"outline": t("clusters.legend_inside")}, colour=INSIDE))
    return legend.join(*marks)


def fly_to(found: list[Cluster], selected: str) -> folium.FeatureGroup | None:
    """Fly once to the chosen cluster."""
    chosen = [cluster for cluster in found if cluster.id == selected]
    if not chosen:
        return None
    west, south, east, north = chosen[0].outline.bounds
    return maps.focus(((south - 0.3, west - 0.3), (north + 0.3, east + 0.3)), selected)


def kinds(table: pd.DataFrame) -> pd.Series:
    """Return the kind of every province: its quadrant where that is significant or nearly, else ``none``.

    Parameters
    ----------
    table : DataFrame
        ``quadrant``, ``moran_p``, ``moran_p_fdr`` indexed by province.

    Returns
    -------
    Series
        One of ``KINDS``; missing where the province has no figure.
    """
    sure, hint = table["moran_p_fdr"] <= _LEVEL, table["moran_p"] <= _LEVEL
    ending = np.where(sure, "_sure", "_hint")
    kind = pd.Series(table["quadrant"].to_numpy() + ending, table.index).where(sure | hint, "none")
    return kind.where(table["moran_p"].notna())


def kinds_layer(
    context: Context, kind: pd.Series, codes: tuple[str, ...], tooltips: pd.Series, picked: str
) -> tuple[folium.FeatureGroup, str]:
    """Tint provinces by kind; returns the layer and its legend."""
    t = context.t
    number = kind.map({name: place + 1 for place, name in enumerate(KINDS)}).astype(float)
    counts = tuple(int((kind == name).sum()) for name in KINDS)
    classes = Classes(
        tuple(float(edge) for edge in range(len(KINDS) + 1)), counts, int(kind.isna().sum()), "jenks"
    )
    layer = maps.choropleth(
        number, vintage=context.view.filters.vintage, classes=classes, palette=_COLOURS, tooltips=tooltips,
        selected=[picked] if picked else [], only=codes,
    )  # fmt: skip
    seen = [name for name in KINDS if (kind.reindex(list(codes)) == name).any()]
    names = {
        name: f"{t('clusters.moran_' + name)} ({(kind.reindex(list(codes)) == name).sum()})" for name in seen
    }
    return layer, legend.kinds_legend(
        t("clusters.moran_title"), names, dict(zip(KINDS, _COLOURS, strict=True))
    )


def _light(shape: Any) -> Any:
    """Make an outline quiet for the screen: no small holes, and 1 km and four decimals are enough."""
    parts = []
    for part in shapely.get_parts(shape):
        holes = [ring for ring in part.interiors if shapely.Polygon(ring).area > _LEAST_HOLE]
        parts.append(shapely.Polygon(part.exterior, holes))
    slim = shapely.simplify(shapely.union_all(parts), 0.01)
    return shapely.transform(slim, lambda xy: np.round(xy, map_shapes.DIGITS))
