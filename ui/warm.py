"""What a server makes ready: the first page before anyone asks, the rest when that page has been drawn."""

from __future__ import annotations

import logging
import threading
import time
from importlib import import_module

from geo.places import admin
from geo.store import catalog
from geo.store.filters import Filters
from ui import cached, map_shapes, views
from ui.context import Context
from ui.text import Text
from ui.url_state import DEFAULT_DATASET, read

#: What the script of the first page imports. Not ``ui.maps``: a component is served only when it is
#: declared in the run of a page; ``folium.plugins`` is what takes long of it.
_FIRST_PAGE = ("ui.shell", "folium.plugins", "ui.map_layers", "ui.cards", "ui.legend")
#: Modules that take a second together and wait for the first hot spot, the first dense groups, the first groups
#: of provinces, the first chart, and the first choice by buttons (a pattern of all emojis).
_FURTHER = ("esda", "sklearn.cluster", "networkx", "altair", "streamlit.emojis", "xlsxwriter")
#: Seconds after the first page: its map is then drawn, and nobody waits.
_LATER = 10.0

_LOG = logging.getLogger("product")
_drawn = threading.Event()


def prepare() -> None:
    """Fill the caches that the first page reads; a failure here only makes that page slower.

    What other pages need follows beside the readers, once the first page has been drawn.
    """
    threading.Thread(target=_prepare_the_rest, daemon=True).start()
    try:
        dataset = catalog.open_dataset(DEFAULT_DATASET)
        view = read({}, [DEFAULT_DATASET])[0]
        context = Context(view=view, t=Text(view.lang), dataset=dataset)
        views.stability_job(context)
        for module in _FIRST_PAGE:
            import_module(module)
        for name in _first_shapes(view.filters):
            map_shapes.shape_bytes(name)
        cached.years(dataset.name, dataset.version)
        cached.counts(dataset.name, dataset.version, view.filters)
        cached.summary(dataset.name, dataset.version, view.filters)
        cached.supply(dataset.name, dataset.version, view.filters.vintage)
        views.ranking(context)
    except Exception:
        _LOG.exception("warming up failed")


def page_drawn() -> None:
    """Take notice that a page has been drawn."""
    _drawn.set()


def _prepare_the_rest() -> None:
    """Make the other outlines and import the heavy modules of other pages."""
    _drawn.wait()
    time.sleep(_LATER)
    try:
        for name in map_shapes.shape_names():
            map_shapes.shape_bytes(name)
        for module in _FURTHER:
            import_module(module)
    except Exception:
        _LOG.exception("warming up failed")


def _first_shapes(filters: Filters) -> tuple[str, ...]:
    """Return the outlines that the map of the first page fetches."""
    regions = admin.default_region_set(filters.vintage)
    return f"provinces_{filters.vintage}", f"regions_{regions}", "context", "islands"
