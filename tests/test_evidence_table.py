"""The evidence on screen: every table, field and status has its words, every value its row."""

from __future__ import annotations

import pytest

from geo.linkage import engine, groups
from geo.store import catalog
from geo.store.filters import Filters
from ui.context import Context
from ui.evidence_table import evidence_table
from ui.text import Text, catalogue
from ui.url_state import View


@pytest.mark.parametrize("name", ["real", "demo"])
def test_every_table_and_field_of_the_evidence_has_its_words(name: str) -> None:
    dataset = catalog.open_dataset(name)
    ranking = engine.find(dataset, Filters())
    # The best of every kind, and of the groups, whose rows hold everything that evidence can.
    best = {item.kind: item for item in reversed(ranking.opportunities)}.values()
    for lang in ("vi", "en"):
        context = Context(view=View(lang=lang, dataset=name), t=Text(lang), dataset=dataset)
        known = set(catalogue(lang).values())
        for item in [*ranking.opportunities[:10], *best, *groups.find(ranking.opportunities)[:3]]:
            table = evidence_table(context, item.evidence)
            assert len(table) == sum(len(row["values"]) for row in item.evidence)
            for column in ("table", "field", "status"):
                assert set(table[column]) <= known, (column, set(table[column]) - known)
            assert not table["about"].str.contains("_code").any()
