"""Opportunities on the map: every kind is drawn, and looks at establishments that the filters can hold."""

from __future__ import annotations

import pytest

from geo.linkage import engine
from geo.linkage.model import KINDS, Opportunity
from geo.store import aggregate, catalog
from geo.store.filters import Filters
from ui import opportunity_map
from ui.text import Text


@pytest.fixture(scope="module")
def best() -> dict[str, Opportunity]:
    """The best opportunity of each kind on the demonstration set."""
    ranking = engine.find(catalog.open_dataset("demo"), Filters())
    return {item.kind: item for item in reversed(ranking.opportunities)}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn_and_finds_its_establishments(best: dict[str, Opportunity], kind: str) -> None:
    item = best[kind]
    assert len(opportunity_map.layers([item], "2025", Text("vi"), selected=item.id)) == 1
    about = opportunity_map.establishments(item, Filters()).normalised()
    assert set(about.provinces) == set(item.province_codes)
    kept = aggregate.summary(catalog.open_dataset("demo"), about)["kept"]
    assert kept > 0
    assert kept < 20_000


def test_kinds_that_go_one_way_are_arrows(best: dict[str, Opportunity]) -> None:
    drawn = opportunity_map.layers(list(best.values()), "2025", Text("en"))
    assert [layer.layer_name for layer in drawn] == ["outlines", "arrows", "flows"]
