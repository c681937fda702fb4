"""Layers for the base map: each is a feature group whose script only hands over figures.

Outlines are already in the browser, so a tinted map of 34 provinces is a few kilobytes. All text given
here is plain: the browser sets it as text, never as HTML, so nothing a data file holds can run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import folium
import numpy as np
import pandas as pd
from folium.template import Template

from geo import palette
from geo.errors import ParameterError
from geo.palette import Classes
from ui import legend, map_shapes
from ui.map_base import js_json

Lines = Mapping[str, Sequence[str]] | pd.DataFrame | pd.Series | None


class ScriptLayer(folium.FeatureGroup):
    """A feature group made by one of our own script functions from one JSON value."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} = Atlas.{{ this.maker }}({{ this.payload }});"
        "{% endmacro %}"
    )

    def __init__(self, maker: str, payload: Mapping[str, Any], name: str | None = None) -> None:
        super().__init__(name=name or maker, control=False)
        self.maker = maker
        self.payload = js_json(payload)


def choropleth(
    values: pd.Series | None,
    *,
    vintage: str = "2025",
    classes: Classes | None = None,
    palette: Sequence[str] = palette.SEQUENTIAL,
    tooltips: Lines = None,
    selected: Iterable[str] = (),
    only: Iterable[str] | None = None,
    name: str = "choropleth",
    opacity: float = 0.92,
) -> folium.FeatureGroup:
    """Tint provinces by class; hatch those without a figure; a click answers ``province_code``.

    Parameters
    ----------
    values : Series or None
        Figures indexed by ``province_code``; NaN or absent means no figure (hatched, never white).
        None tints nothing and hatches nothing: provinces stay plain and can be clicked.
    vintage : {"2025", "pre2025"}
    classes : Classes, optional
        From ``class_breaks`` or ``diverging_breaks``; needed with ``values``.
    palette : sequence of str
        Colours from lowest to highest class.
    tooltips : mapping, DataFrame or Series of text, optional
        Plain lines by ``province_code`` under the province's name (a DataFrame gives one line a column).
    selected : iterable of str
        Provinces with a thick outline.
    only : iterable of str, optional
        Provinces the filters keep: the others are neither tinted nor hatched.

    Raises
    ------
    ParameterError
        If ``values`` come without ``classes``.
    """
    return _areas(
        "province", f"provinces_{vintage}", values, classes, palette, tooltips, selected, only, name, opacity
    )


def regions_layer(
    values: pd.Series | None,
    *,
    region_set: str,
    classes: Classes | None = None,
    palette: Sequence[str] = palette.SEQUENTIAL,
    tooltips: Lines = None,
    selected: Iterable[str] = (),
    only: Iterable[str] | None = None,
    name: str = "regions",
    opacity: float = 0.92,
) -> folium.FeatureGroup:
    """Tint regions by class, as ``choropleth`` does with provinces; a click answers ``region_code``."""
    return _areas(
        "region", f"regions_{region_set}", values, classes, palette, tooltips, selected, only, name, opacity
    )


def _areas(
    level: str, shapes: str, values: pd.Series | None, classes: Classes | None, colours: Sequence[str],
    tooltips: Lines, selected: Iterable[str], only: Iterable[str] | None, name: str, opacity: float,
) -> folium.FeatureGroup:  # fmt: skip
    """Hand tinted areas over to the script."""
    if values is not None and classes is None:
        raise ParameterError(
            vi="Bản đồ tô màu cần cách chia lớp; hãy gọi class_breaks(...) với chính các số liệu đó.",
            en="A tinted map needs classes; call class_breaks(...) with the same figures.",
        )
    tinted: dict[str, int | None] = {}
    if values is not None and classes is not None:
        tinted = {str(code): classes.index(value) for code, value in values.astype(float).items()}
    payload = {
        "level": level,
        "shapes": f"assets/shapes/{shapes}.json?v={map_shapes.version()}",
        "plain": values is None,
        "classes": {code: place for code, place in sorted(tinted.items()) if place is not None},
        "colours": list(classes.colours(colours)) if classes is not None else [],
        "lines": _lines(tooltips),
        "selected": sorted(map(str, selected)),
        "only": None if only is None else sorted(map(str, only)),
        "opacity": opacity,
    }
    return ScriptLayer("areas", payload, name)


def outline_layer(
    groups: Iterable[Mapping[str, Any]] | Iterable[str],
    *,
    vintage: str = "2025",
    colour: str = palette.KINDS["cluster"],
    name: str = "outlines",
) -> folium.FeatureGroup:
    """Draw a thick outline around provinces, or around groups of provinces as one area.

    Parameters
    ----------
    groups : iterable
        Province codes (one common outline), or mappings with ``codes`` and, if wanted, ``colour``,
        ``label`` (plain text or lines for the tooltip) and ``key`` (answered on a click as ``flow_key``).
    """
    given: list[Any] = list(groups)
    listed: list[Mapping[str, Any]] = given
    if given and all(isinstance(item, str) for item in given):
        listed = [{"codes": given}]
    outlines = []
    for group in listed:
        codes = [str(code) for code in group["codes"]]
        outlines.append(
            {
                "geometry": map_shapes.outline(vintage, codes),
                "colour": str(group.get("colour", colour)),
                "lines": _as_lines(group.get("label")),
                "key": None if group.get("key") is None else str(group["key"]),
            }
        )
    return ScriptLayer("outlines", {"outlines": outlines}, name)


def flows_layer(
    flows: pd.DataFrame,
    *,
    colour: str = palette.KINDS["material"],
    largest: float | None = None,
    selected: str | None = None,
    most_px: float = 14.0,
    directed: bool = True,
    name: str = "flows",
) -> folium.FeatureGroup:
    """Draw curved flows that swell towards the receiver and end in an arrow.

    Parameters
    ----------
    flows : DataFrame
        ``origin_lat``, ``origin_lon``, ``dest_lat``, ``dest_lon`` (degrees), ``value`` (any one unit,
        > 0) and, if wanted, ``key`` (answered on a click as ``flow_key``), ``colour`` or ``kind``,
        ``label_lines`` (plain text or list of lines for the tooltip). Rows without a place are left out.
    largest : float, optional
        The amount drawn at full width; by default the largest of ``flows``.
    selected : str, optional
        Key of the flow to bring out; the others step back.
    directed : bool, default True
        False draws plain ribbons without an arrow, for ties that have no direction.
    """
    places = ["origin_lat", "origin_lon", "dest_lat", "dest_lon", "value"]
    table = flows.dropna(subset=places)
    table = table.assign(_row=np.arange(len(table))).sort_values(["value", "_row"], ascending=[False, True])
    top = float(largest if largest is not None else (table["value"].max() if len(table) else 0.0))
    lines = []
    for row in table.to_dict("records"):
        lines.append(
            {
                "a": [round(float(row["origin_lat"]), 4), round(float(row["origin_lon"]), 4)],
                "b": [round(float(row["dest_lat"]), 4), round(float(row["dest_lon"]), 4)],
                "w": round(legend.flow_width(float(row["value"]), top, most_px), 2),
                "c": _colour(row, colour),
                "k": None if row.get("key") is None else str(row["key"]),
                "t": _as_lines(row.get("label_lines")),
            }
        )
    return ScriptLayer("flows", {"flows": lines, "selected": selected, "plain": not directed}, name)


def circles_layer(
    points: pd.DataFrame,
    *,
    colour: str = palette.OKABE_ITO["orange"],
    largest: float | None = None,
    most_px: float = 18.0,
    name: str = "circles",
) -> folium.FeatureGroup:
    """Draw circles whose area stands for an amount.

    Parameters
    ----------
    points : DataFrame
        ``lat``, ``lon`` (degrees), ``value`` and, if wanted, ``key`` (answered as ``point_key``),
        ``colour`` or ``kind``, ``label_lines``. Rows without a place or amount are left out.
    """
    table = points.dropna(subset=["lat", "lon", "value"]).sort_values("value", ascending=False, kind="stable")
    top = float(largest if largest is not None else (table["value"].max() if len(table) else 0.0))
    marks = [
        _mark(row, colour) | {"r": round(legend.circle_radius(float(row["value"]), top, most_px), 2)}
        for row in table.to_dict("records")
    ]
    return ScriptLayer("circles", {"points": marks}, name)


def diamonds_layer(
    points: pd.DataFrame, *, colour: str = palette.INK, names: bool = True, name: str = "diamonds"
) -> folium.FeatureGroup:
    """Draw diamonds (ports and border gates) with a short name beside them.

    Parameters
    ----------
    points : DataFrame
        ``lat``, ``lon`` and, if wanted, ``name`` (shown from zoom 7), ``key``, ``label_lines``.
    """
    table = points.dropna(subset=["lat", "lon"])
    marks = [
        _mark(row, colour) | {"n": str(row["name"]) if names and row.get("name") else ""}
        for row in table.to_dict("records")
    ]
    return ScriptLayer("diamonds", {"points": marks}, name)


def hexagons_layer(
    cells: Iterable[Mapping[str, Any]], *, opacity: float = 0.85, name: str = "hexagons"
) -> folium.FeatureGroup:
    """Draw given cells: mappings with ``boundary`` ([[lat, lon], …]), ``colour`` and ``label`` (plain lines)."""
    drawn = [
        {
            "b": [[round(float(lat), 4), round(float(lon), 4)] for lat, lon in cell["boundary"]],
            "c": str(cell["colour"]),
            "t": _as_lines(cell.get("label")),
            "k": None if cell.get("key") is None else str(cell["key"]),
        }
        for cell in cells
    ]
    return ScriptLayer("hexagons", {"cells": drawn, "opacity": opacity}, name)


def focus(
    bounds: tuple[tuple[float, float], tuple[float, float]] | None, token: str, *, name: str = "focus"
) -> folium.FeatureGroup:
    """Fly once to ((south, west), (north, east)); again only when ``token`` changes. None: the whole country."""
    box = None if bounds is None else [[round(v, 4) for v in corner] for corner in bounds]
    return ScriptLayer("focus", {"bounds": box, "token": str(token)}, name)


def focus_on(vintage: str, codes: Iterable[str], token: str) -> folium.FeatureGroup:
    """Fly once to some provinces."""
    return focus(map_shapes.bounds_of(vintage, codes), token)


def legend_control(html: str, *, position: str = "topright", name: str = "legend") -> folium.FeatureGroup:
    """Put a legend made by ``ui.legend`` (escaped there) on the map; it folds, and starts folded on phones."""
    return ScriptLayer("legend", {"html": html, "position": position}, name)


def _mark(row: Mapping[Any, Any], colour: str) -> dict[str, Any]:
    """Hand over the place, colour, key and lines of one mark."""
    return {
        "p": [round(float(row["lat"]), 4), round(float(row["lon"]), 4)],
        "c": _colour(row, colour),
        "k": None if row.get("key") is None else str(row["key"]),
        "t": _as_lines(row.get("label_lines")),
    }


def _colour(row: Mapping[Any, Any], default: str) -> str:
    """Colour of a row: its own, else that of its kind, else the layer's."""
    own = row.get("colour")
    if isinstance(own, str) and own:
        return own
    return palette.KINDS.get(str(row.get("kind")), default)


def _as_lines(label: Any) -> list[str]:
    """Bring a label (None, text or lines) to a list of plain lines."""
    if label is None or (isinstance(label, float) and np.isnan(label)):
        return []
    if isinstance(label, str):
        return label.split("\n")
    return [str(line) for line in label]


def _lines(tooltips: Lines) -> dict[str, list[str]]:
    """Bring tooltips to code → plain lines."""
    if tooltips is None:
        return {}
    if isinstance(tooltips, pd.DataFrame):
        return {
            str(code): [str(v) for v in row if v is not None]
            for code, row in zip(tooltips.index, tooltips.to_numpy(), strict=True)
        }
    return {str(code): _as_lines(label) for code, label in tooltips.items()}
