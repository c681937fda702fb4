"""What a cold server makes ready before anyone asks: outlines of the maps and the first ranking."""

from __future__ import annotations

import logging

from geo.store import catalog
from ui import map_shapes, views
from ui.context import Context
from ui.text import Text
from ui.url_state import DEFAULT_DATASET, read

_LOG = logging.getLogger("product")


def prepare() -> None:
    """Fill the caches that the first page reads; a failure here only makes that page slower."""
    try:
        for name in map_shapes.shape_names():
            map_shapes.shape_bytes(name)
        dataset = catalog.open_dataset(DEFAULT_DATASET)
        view = read({}, [DEFAULT_DATASET])[0]
        views.stability_job(Context(view=view, t=Text(view.lang), dataset=dataset))
    except Exception:
        _LOG.exception("warming up failed")
