"""A server that is warm: what it makes ready is what the first page reads, and nothing fails on the way."""

from __future__ import annotations

import logging
import subprocess
import sys
from importlib.util import find_spec

import pytest

from ui import map_base, warm
from ui.url_state import DEFAULT_DATASET, read


def test_warming_up_does_not_fail(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="product"):
        warm.prepare()
    assert caplog.records == []


def test_the_outlines_made_first_are_those_of_the_first_map() -> None:
    view = read({}, [DEFAULT_DATASET])[0]
    ground = map_base.Ground(
        map_base._ground_options(view.filters.vintage, view.region_set, view.lang, whole=True)
    )
    for name in warm._first_shapes(view.filters):
        assert map_base.js_json(f"assets/shapes/{name}.json").strip('"') in ground.options


def test_no_component_is_declared_before_a_page_runs() -> None:
    """Streamlit serves the files of a component only when it was declared in the run of a page."""
    code = "import sys\nfrom importlib import import_module\nfrom ui import warm\n"
    code += "[import_module(name) for name in warm._FIRST_PAGE]\nassert 'streamlit_folium' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=map_base.STATIC.parent.parent)


@pytest.mark.parametrize("module", [*warm._FIRST_PAGE, *warm._FURTHER])
def test_what_is_loaded_ahead_exists(module: str) -> None:
    assert find_spec(module) is not None
