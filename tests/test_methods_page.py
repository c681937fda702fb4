"""The methods page: every family draws with live numbers, and every card has all its texts."""

from __future__ import annotations

import re

import pytest
from test_app import run

from geo.measures.specialisation import location_quotient
from geo.store import aggregate, catalog
from geo.store.filters import Filters
from ui import method_flows, method_places, method_ranking, method_specialisation
from ui.method_cards import _safe
from ui.text import LANGUAGES, Text, catalogue

FAMILIES = {
    "specialisation": method_specialisation.SPECIALISATION,
    "hot_spots": method_places.HOT_SPOTS,
    "relatedness": method_places.RELATEDNESS,
    "value_chain": method_places.VALUE_CHAIN,
    "balance": method_flows.BALANCE,
    "change": method_specialisation.CHANGE,
    "ranking": method_ranking.RANKING,
    "groups": method_ranking.GROUPS,
}
CARDS = [card for cards in FAMILIES.values() for card in cards]


def test_every_card_has_its_texts_and_its_own_name():
    assert len({card.name for card in CARDS}) == len(CARDS)
    for lang in LANGUAGES:
        known = catalogue(lang)
        for card in CARDS:
            for part in ("title", "says", "source", "limits"):
                assert known[f"method.{card.name}.{part}"], (card.name, part)
    parts = {"method." + card.name for card in CARDS}
    orphans = {
        key for key in catalogue("vi") if key.startswith("method.") and key.rsplit(".", 1)[0] not in parts
    }
    assert not orphans


@pytest.mark.parametrize(
    ("parameters", "families"),
    [
        ({}, tuple(FAMILIES)),
        ({"lang": "en", "data": "demo", "vintage": "pre2025"}, ("specialisation", "hot_spots", "groups")),
        ({"sector": "10", "province": "01"}, ("specialisation", "ranking")),
    ],
    ids=["real", "demo", "narrow"],
)
def test_every_family_draws_with_its_numbers(parameters, families):
    app = run("methods", **parameters)
    for family in families:
        cards = FAMILIES[family]
        app.query_params["view"] = family
        app.run()
        assert not app.exception, family
        assert not app.error, family
        assert len(app.latex) == sum(bool(card.formula) for card in cards)
        worked = [block.value for block in app.success]
        asked = sum(card.example is not None for card in cards)
        assert len(worked) + len(app.info) == asked, family
        assert all(re.search(r"\d", text) for text in worked)
        if "province" not in parameters:
            assert not app.info, family


def test_the_worked_quotient_is_that_of_the_data():
    app = run("methods", data="demo", province="66", sector="10")
    text = app.success[0].value
    matrix = aggregate.matrix(aggregate.counts(catalog.open_dataset("demo"), Filters()))
    expected = location_quotient(matrix).loc["66", "10"]
    assert f"= {Text('vi').number(expected, 2)};" in text
    assert Text("vi").number(matrix.loc["66", "10"]) in text


def test_assumptions_are_one_choice_away():
    app = run("methods", view="assumptions")
    assert app.slider
    assert not app.latex
    assert not app.error


def test_signs_of_the_text_are_not_read_as_markdown():
    assert _safe("x_rs = 5 * 3 | a") == "$x_{rs}$ = 5 \\* 3 \\| a"
    assert _safe("no symbol") == "no symbol"
