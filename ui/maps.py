"""Maps of the pages: the constant base map, the layers over it, and what a click answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import folium
import streamlit as st
from folium.template import Template
from streamlit_folium import st_folium

from ui.map_base import COUNTRY, base_map, js_json
from ui.map_layers import (
    choropleth,
    circles_layer,
    diamonds_layer,
    flows_layer,
    focus,
    focus_on,
    hexagons_layer,
    legend_control,
    outline_layer,
    regions_layer,
)

__all__ = [
    "COUNTRY", "base_map", "choropleth", "circles_layer", "clicked", "diamonds_layer", "flows_layer", "focus",
    "focus_on", "hexagons_layer", "js_json", "legend_control", "new_click", "outline_layer", "regions_layer", "show",
]  # fmt: skip


class _Forget(folium.FeatureGroup):
    """Empties the list of past groups that streamlit-folium keeps in the browser and never shortens."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "window.feature_group = []; var {{ this.get_name() }} = L.featureGroup();"
        "{% endmacro %}"
    )


def show(
    drawn: folium.Map, groups: Iterable[folium.FeatureGroup], key: str, height: int = 640
) -> dict[str, Any] | None:
    """Show a map; panning and zooming never rerun the page, a click reruns it once.

    Parameters
    ----------
    drawn : folium.Map
        From ``base_map``.
    groups : iterable of FeatureGroup
        From this module and ``ui.live_layer``; a change of them leaves the view as it is.
    key : str
        One a map on a page.
    height : int, default 640
        Pixels; narrow windows get a lower map.

    Returns
    -------
    dict or None
        What streamlit-folium answers; read it with ``clicked`` or ``new_click``.
    """
    return st_folium(
        drawn,
        key=key,
        height=height,
        use_container_width=True,
        returned_objects=["last_active_drawing"],
        feature_group_to_add=[_Forget(control=False), *groups],
    )


def clicked(result: dict[str, Any] | None, name: str) -> str | None:
    """Return a property of what was last clicked: ``province_code``, ``region_code``, ``flow_key``, ``point_key``.

    The answer stays the same over reruns; use ``new_click`` to act once.
    """
    value = _properties(result).get(name)
    return value if isinstance(value, str) else None


def new_click(result: dict[str, Any] | None, key: str) -> dict[str, Any]:
    """Return the properties of a click the first time it is seen, afterwards (and without a click) nothing.

    Parameters
    ----------
    result : dict or None
        From ``show``.
    key : str
        The key given to ``show``.
    """
    properties = _properties(result)
    serial = properties.get("click")
    seen = f"_{key}_click"
    if serial is None or st.session_state.get(seen) == serial:
        return {}
    st.session_state[seen] = serial
    return properties


def _properties(result: dict[str, Any] | None) -> dict[str, Any]:
    """Properties of the last clicked shape."""
    shape = (result or {}).get("last_active_drawing") or {}
    return dict(shape.get("properties") or {})
