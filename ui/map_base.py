"""The constant base map: our own vectors, nothing from outside, the same for a whole session.

The map holds no data. Outlines are fetched once by the browser from ``/assets/shapes``; what a page
shows comes in feature groups (``ui.map_layers``), so the view stays put when filters change.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template

from geo import palette
from geo.places import admin, boundaries
from ui import map_shapes
from ui.map_words import words

STATIC = Path(__file__).resolve().parent / "static"
LEAFLET_VERSION = "1.9.4"
#: Our scripts in the order they need each other. They are sent as one file with Leaflet before them: the frame of
#: the map fetches one after the other, and each would be a round trip before the first map.
MAP_SCRIPTS = ("map", "layers", "flows", "live_cells")
MAP_BUNDLE = "atlas.js"
#: South-west and north-east of the first view: the mainland and both archipelagos.
COUNTRY = (boundaries.COUNTRY[:2], boundaries.COUNTRY[2:])
#: The map cannot be dragged out of sight.
LIMITS = ((-4.0, 88.0), (33.0, 132.0))
MIN_ZOOM, MAX_ZOOM = 4, 14

_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"')
#: Written as \\uXXXX inside strings: what could end a script, open a template of JavaScript or of Jinja
#: (branca compiles every finished script once more as a template), or look like a variable to rename.
_ESCAPES = str.maketrans({mark: f"\\u{ord(mark):04x}" for mark in "<>&'`$_{}%#"})


def js_json(value: Any) -> str:
    """Write a value as JSON that is safe inside a script of folium.

    Besides the characters that could end the script or open a template, the underscore is escaped:
    streamlit-folium rewrites every ``_name`` it finds in the script.

    Raises
    ------
    ValueError
        If the value holds NaN or an infinity; JSON has neither.
    """
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return _STRINGS.sub(lambda match: match.group().translate(_ESCAPES), text)


@lru_cache(maxsize=1)
def static_version() -> str:
    """Return a short hash of our scripts and styles: a new one makes browsers fetch them again."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.glob("*.*")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def asset(path: str, version: str) -> str:
    """Return the address of an asset as the map's frame sees it (two folders down), whatever the base path."""
    return f"../../assets/{path}?v={version}"


def tile_url() -> str:
    """Return the tile address configured by ``MAP_TILE_URL``; empty (the default) means our own vectors only."""
    return os.environ.get("MAP_TILE_URL", "").strip()


class OfflineMap(folium.Map):
    """A folium map that asks this server alone for Leaflet and for our scripts."""

    def __init__(self, **options: Any) -> None:
        ours = static_version()
        self.default_js = [("leaflet", asset(f"app/{MAP_BUNDLE}", f"{LEAFLET_VERSION}-{ours}"))]
        self.default_css = [
            ("leaflet_css", asset("leaflet/leaflet.css", LEAFLET_VERSION)),
            ("map_css", asset("app/map.css", ours)),
        ]
        super().__init__(**options)


class Ground(MacroElement):
    """Draws sea, land, borders, names, islands and the map's own controls."""

    _template = Template(
        "{% macro script(this, kwargs) %}Atlas.ground({{ this._parent.get_name() }}, {{ this.options }});{% endmacro %}"
    )

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__()
        self._name = "Ground"
        self.options = js_json(options)


def base_map(
    vintage: str = "2025",
    region_set: str | None = None,
    lang: str = "vi",
    *,
    center: tuple[float, float] | None = None,
    zoom: float | None = None,
) -> folium.Map:
    """Build the base map; it is the same for the same vintage, region set and language.

    Parameters
    ----------
    vintage : {"2025", "pre2025"}
    region_set : str, optional
        Whose borders are drawn thicker; the default of the vintage.
    lang : {"vi", "en"}
        Language of the names and controls.
    center, zoom : optional
        A first view other than the whole country: (lat, lon) and zoom level.

    Returns
    -------
    folium.Map
        A new one each time: streamlit-folium changes the map it is given, so a map is never cached.
    """
    admin.check_vintage(vintage)
    chosen = region_set or admin.default_region_set(vintage)
    whole = center is None or zoom is None
    drawn = OfflineMap(
        location=center or (14.8, 109.9),
        zoom_start=zoom or 5,
        tiles=None,
        min_zoom=MIN_ZOOM,
        max_zoom=MAX_ZOOM,
        min_lat=LIMITS[0][0],
        min_lon=LIMITS[0][1],
        max_lat=LIMITS[1][0],
        max_lon=LIMITS[1][1],
        max_bounds=True,
        zoom_control=False,
        attribution_control=False,
        prefer_canvas=False,
        zoom_snap=0.1,
        zoom_delta=0.8,
        wheel_px_per_zoom_level=110,
        max_bounds_viscosity=0.7,
        font_size="14px",
    )
    Ground(_ground_options(vintage, chosen, lang, whole)).add_to(drawn)
    return drawn


def _ground_options(vintage: str, region_set: str, lang: str, whole: bool) -> dict[str, Any]:
    """Collect what the script needs to draw the ground."""
    version = map_shapes.version()

    def shapes(name: str) -> str:
        """Address below the root of the server."""
        return f"assets/shapes/{name}.json?v={version}"

    say = words(lang)
    return {
        "lang": "en" if lang == "en" else "vi",
        "country": COUNTRY,
        "fit": whole,
        "shapes": {
            "context": shapes("context"),
            "province": shapes(f"provinces_{vintage}"),
            "region": shapes(f"regions_{region_set}"),
            "islands": shapes("islands"),
        },
        "colours": {
            "sea": palette.SEA,
            "land": palette.LAND,
            "neighbours": palette.NEIGHBOURS,
            "coast": palette.COAST,
            "province": palette.PROVINCE_BORDER,
            "region": palette.REGION_BORDER,
            "ink": palette.INK,
            "selection": palette.SELECTION,
            "hatchLine": palette.HATCH_LINE,
            "hatchGround": palette.HATCH_GROUND,
        },
        "tiles": tile_url(),
        "words": {key: say[key] for key in _GROUND_WORDS} | _credit(lang, vintage),
    }


_GROUND_WORDS = (
    "legend", "fullscreen", "leave_fullscreen", "home", "zoom_in", "zoom_out", "map", "shapes_failed", "retry", "close",
)  # fmt: skip


def _credit(lang: str, vintage: str) -> dict[str, str]:
    """Say where the outlines come from, and that the shipped ones have no legal force."""
    say = words(lang)
    if vintage in boundaries.in_use():
        return {"credit": say["credit_own"], "credit_note": ""}
    return {"credit": say["credit"], "credit_note": say["credit_note"]}
