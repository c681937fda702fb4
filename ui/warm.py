"""What a cold server makes ready before anyone asks: outlines of the maps and the first ranking."""

from __future__ import annotations

import logging

from geo.linkage import engine
from geo.store import catalog
from ui import cached, map_shapes
from ui.url_state import DEFAULT_DATASET, read

_LOG = logging.getLogger("product")


def prepare() -> None:
    """Fill the caches that the first page reads; a failure here only makes that page slower."""
    try:
        for name in map_shapes.shape_names():
            map_shapes.shape_bytes(name)
        dataset = catalog.open_dataset(DEFAULT_DATASET)
        view = read({}, [DEFAULT_DATASET])[0]
        figures = (dataset.name, dataset.version, engine.country(view.filters), (), view.flow_options)
        cached.stability_job(*figures)
    except Exception:
        _LOG.exception("warming up failed")
