"""Narrowing: a choice of places and materials picks from what was computed and changes no score."""

from __future__ import annotations

import pytest
from linkage_tables import whole_country

from geo.errors import ParameterError
from geo.linkage import engine, inputs, material, material_tables
from geo.measures.flows import FlowOptions
from geo.store import catalog
from geo.store.filters import Filters

CHOICES = [
    {"provinces": ("68",)},
    {"provinces": ("01", "25")},
    {"regions": ("DNB",)},
    {"materials": ("coffee",)},
    {"materials": ("harvested_wood", "rubber"), "provinces": ("25",)},
    {"regions": ("DNB",), "materials": ("cashew",)},
    {},
]


@pytest.mark.parametrize("name", ["real", "demo"])
@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_narrowing_gives_what_computing_gives(name, choice):
    filters = Filters(**choice)
    picked = engine.narrow(whole_country(name, "2025"), filters)
    computed = engine.candidates(catalog.open_dataset(name), filters)
    one, other = engine.rank(picked), engine.rank(computed)
    assert [(o.id, o.score) for o in one.opportunities] == [(o.id, o.score) for o in other.opportunities]
    assert [o.to_dict() for o in one.opportunities] == [o.to_dict() for o in other.opportunities]
    assert one.notes == other.notes


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_narrowing_keeps_the_order_and_scores_of_the_country(choice):
    country = whole_country("demo", "2025")
    filters = Filters(**choice).normalised()
    codes = filters.province_codes()
    here = engine.rank(engine.narrow(country, filters)).opportunities
    by_hand = [
        o for o in engine.rank(country).opportunities if codes is None or set(codes) & set(o.province_codes)
    ]
    if not filters.materials:
        assert [(o.id, o.score) for o in here] == [(o.id, o.score) for o in by_hand]
    carried = [o for o in here if o.kind == "material"]
    expected = [
        o
        for o in by_hand
        if o.kind == "material" and (not filters.materials or o.subject_code in filters.materials)
    ]
    assert [(o.id, o.score) for o in carried] == [(o.id, o.score) for o in expected]


def test_a_material_alone_has_the_flows_it_has_among_all():
    """The tables of one material computed alone give the findings that narrowing picks."""
    dataset, filters = catalog.open_dataset("demo"), Filters(materials=("coffee",)).normalised()
    alone = material_tables.compute(dataset, filters)
    rows = material_tables.aggregates(dataset, engine.country(filters))
    data = inputs.gather(dataset, engine.country(filters), FlowOptions(), None)
    stated = material_tables.of_materials(rows.stated_from, filters)
    joined = material.links(alone.plan.flows, stated, data.road_km)
    found, left = material.find(
        joined, alone.balance, alone.demand, alone.supply, data.needs_by_status, data.coverage
    )
    picked = engine.narrow(whole_country("demo", "2025"), filters)
    carried = {o.province_codes: o.magnitude for o in picked.opportunities if o.kind == "material"}
    assert carried == pytest.approx({f.codes: f.magnitude for f in found})
    said = {note.code: note.count for note in picked.notes}
    assert {code: said.get(code, 0) for code in left} == left


def test_a_choice_is_made_anew_each_time():
    country = whole_country("demo", "2025")
    narrow = engine.narrow(engine.narrow(country, Filters(provinces=("68",))), Filters(provinces=("01",)))
    assert {o.id for o in narrow.opportunities} == {
        o.id for o in country.opportunities if "01" in o.province_codes
    }


@pytest.mark.parametrize(
    "other", [{"sectors": ("10",)}, {"years": (2024,)}, {"sizes": ("micro",)}, {"vintage": "pre2025"}]
)
def test_what_must_be_computed_anew_is_refused(other):
    with pytest.raises(ParameterError) as error:
        engine.narrow(whole_country("demo", "2025"), Filters(**other))
    assert error.value.vi.endswith(".")


def test_kinds_are_picked_without_changing_a_score():
    country = whole_country("demo", "2025")
    every = {o.id: o.score for o in engine.rank(country).opportunities}
    for kind in ("material", "cluster", "chain", "experience"):
        some = engine.rank(country, kinds=(kind,)).opportunities
        assert some
        assert {o.kind for o in some} == {kind}
        assert all(every[o.id] == o.score for o in some)
    with pytest.raises(ParameterError):
        engine.rank(country, kinds=("trade",))
