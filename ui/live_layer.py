"""Establishments by viewport: hexagons far out, single establishments near, fetched by the map itself.

The layer asks ``/api/cells`` when the view moves; the page is never rerun for it. A change of filters
changes the layer's question, and the map swaps the layer without touching the view.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from geo import palette
from geo.store.catalog import Dataset
from geo.store.filters import Filters
from ui.api_cells import cells_query
from ui.map_layers import ScriptLayer
from ui.map_words import words

_WORDS = (
    "loading", "failed", "retry", "hexagons", "points", "cut", "none", "no_coordinates", "cell_unit", "cell",
    "cell_employees", "place_point", "place_commune", "commune_mark", "close",
)  # fmt: skip


class LiveCells(ScriptLayer):
    """A feature group that fills itself from ``/api/cells`` whenever the map comes to rest.

    Parameters
    ----------
    url : str
        Address below the root of the server with the filters in its query, such as
        ``api/cells?dataset=demo&vintage=2025``; the layer adds ``bbox`` and ``zoom``.
    options : mapping, optional
        ``lang`` (``vi`` or ``en``), ``colours`` of hexagons (light to dark), ``point_colour``,
        ``opacity`` of hexagons (0–1).
    """

    def __init__(self, url: str, options: Mapping[str, Any] | None = None) -> None:
        chosen = dict(options or {})
        lang = "en" if chosen.get("lang") == "en" else "vi"
        colours: Sequence[str] = chosen.get("colours") or palette.SEQUENTIAL_OVER
        say = words(lang)
        payload = {
            "url": url.lstrip("/"),
            "lang": lang,
            "colours": list(colours),
            "pointColour": str(chosen.get("point_colour") or palette.OKABE_ITO["blue"]),
            "opacity": float(chosen.get("opacity", 0.92)),
            "words": {key: say[key] for key in _WORDS},
        }
        super().__init__("liveCells", payload, "live_cells")
        self.url = payload["url"]


def live_cells(dataset: Dataset, filters: Filters, lang: str = "vi", **options: Any) -> LiveCells:
    """Return the live layer of a data set under filters.

    Parameters
    ----------
    dataset : Dataset
    filters : Filters
    lang : {"vi", "en"}
    **options
        As in ``LiveCells``.
    """
    return LiveCells(f"api/cells?{cells_query(dataset, filters, lang)}", {"lang": lang, **options})
