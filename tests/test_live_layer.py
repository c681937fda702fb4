"""The layer that fills itself from ``/api/cells``: its question and its script."""

from __future__ import annotations

import json
from types import SimpleNamespace
from urllib.parse import parse_qs

import pytest

from geo import palette
from geo.errors import ParameterError
from geo.store.filters import Filters
from ui.live_layer import LiveCells, live_cells
from ui.maps import base_map

DATASET = SimpleNamespace(name="demo", version="0123456789ab")


def test_the_question_holds_every_filter_and_the_version():
    filters = Filters(
        vintage="pre2025",
        provinces=("68", "66"),
        sectors=("10", "1077"),
        years=(2024, 2023),
        sizes=("micro",),
    )
    layer = live_cells(DATASET, filters, "en")
    path, _, query = layer.url.partition("?")
    asked = {name: values[0] for name, values in parse_qs(query).items()}
    assert path == "api/cells"
    assert asked == {
        "dataset": "demo",
        "version": "0123456789ab",
        "vintage": "pre2025",
        "region_set": "2023_NQ81_63",
        "provinces": "66,68",
        "sectors": "10,1077",
        "years": "2023,2024",
        "sizes": "micro",
        "lang": "en",
    }


def test_the_same_view_gives_the_same_script_and_another_view_another():
    one = live_cells(DATASET, Filters(sectors=("10", "16")))
    same = live_cells(DATASET, Filters(sectors=("16", "10")))
    other = live_cells(DATASET, Filters(sectors=("10",)))
    assert one.payload == same.payload
    assert one.payload != other.payload


def test_unknown_filters_never_become_a_question():
    with pytest.raises(ParameterError):
        live_cells(DATASET, Filters(sectors=("9999x",)))


def test_the_script_is_small_and_its_words_are_in_the_language():
    layer = LiveCells("/api/cells?dataset=demo", {"lang": "en", "colours": ["#111111", "#222222"]})
    payload = json.loads(layer.payload)
    assert payload["url"] == "api/cells?dataset=demo"
    assert payload["colours"] == ["#111111", "#222222"]
    assert payload["pointColour"] == palette.OKABE_ITO["blue"]
    assert payload["words"]["retry"] == "Try again"
    assert json.loads(LiveCells("api/cells").payload)["words"]["retry"] == "Thử lại"
    assert len(layer.payload) < 3_000


def test_the_logic_is_loaded_with_the_base_map():
    page = base_map().get_root().render()
    assert "../../assets/app/atlas.js?v=" in page
    drawn = base_map()
    LiveCells("api/cells?dataset=</script>").add_to(drawn)
    text = drawn.get_root().render()
    assert "Atlas.liveCells(" in text
    assert "dataset=</script>" not in text
