"""Rankings of the bundled data sets, computed once for all tests that read them."""

from __future__ import annotations

from functools import cache

from geo.linkage import engine, groups
from geo.linkage.group_model import Group
from geo.linkage.model import Opportunity
from geo.store import catalog
from geo.store.filters import Filters

SETS = [("demo", "2025"), ("demo", "pre2025"), ("real", "2025"), ("real", "pre2025")]


@cache
def ranked(dataset: str, vintage: str) -> tuple[Opportunity, ...]:
    """Ranked opportunities under the default assumptions."""
    found = engine.find(catalog.open_dataset(dataset), Filters(vintage=vintage).normalised())
    return tuple(found.opportunities)


@cache
def grouped(dataset: str, vintage: str) -> tuple[Group, ...]:
    """Groups of these opportunities."""
    return tuple(groups.find(ranked(dataset, vintage)))
