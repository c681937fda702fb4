"""Addresses: every view comes back from its own address, and nothing unknown gets in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.linkage import weights
from geo.places import admin
from geo.store.filters import SIZE_BANDS, Filters
from geo.subjects import materials, sectors
from ui.url_state import DEFAULT_DETOUR, View, change_vintage, read, write

DATASETS = ("real", "demo")


def _some(values: list) -> st.SearchStrategy:
    return st.lists(st.sampled_from(values), unique=True, max_size=4).map(tuple)


@st.composite
def views(draw: st.DrawFn) -> View:
    vintage = draw(st.sampled_from(admin.VINTAGES))
    region_set = draw(st.sampled_from(admin.region_sets(vintage)))
    filters = Filters(
        vintage=vintage,
        region_set=region_set,
        regions=draw(_some(list(admin.regions(region_set).index))),
        provinces=draw(_some(list(admin.provinces(vintage).index))),
        sectors=draw(_some(list(sectors.sectors().index))),
        materials=draw(_some(list(materials.catalogue().index))),
        years=draw(_some([2015, 2023, 2025])),
        sizes=draw(_some(list(SIZE_BANDS))),
    )
    detour = draw(st.sampled_from([1.0, DEFAULT_DETOUR, 2.25]))
    return View(
        draw(st.sampled_from(["vi", "en"])),
        draw(st.sampled_from(DATASETS)),
        filters,
        detour,
        draw(st.sampled_from([0.0, 500.0, 1250.0])),
        draw(st.sampled_from([0.0, 100.0])),
        draw(st.sampled_from([0.5, 1.0])),
        weights=draw(st.sampled_from(["", weights.format_weights({"need": 0.6})])),
    )


@given(views())
@settings(max_examples=60, deadline=None)
def test_a_view_comes_back_from_its_address(view: View) -> None:
    back, ignored = read(write(view), DATASETS)
    assert back == view
    assert not ignored


def test_the_default_view_has_an_empty_address() -> None:
    view, ignored = read({}, DATASETS)
    assert write(view) == {}
    assert not ignored


@pytest.mark.parametrize(
    ("name", "value"),
    [("vintage", "1990"), ("set", "x"), ("region", "XX"), ("province", "99"), ("sector", "9999"), ("material", "gold"),
     ("year", "soon"), ("size", "huge"), ("lang", "fr"), ("data", "/etc"), ("detour", "abc"), ("detour", "9"), ("import_km", "-1"), ("import_km", "x"), ("region_km", "1e9"), ("available", "0"), ("weights", "magnitude.x"), ("weights", "beauty.3"),
     ("need", "1077.small.coffee.-1"), ("need", "nonsense")],
)  # fmt: skip
def test_an_unknown_value_is_left_out_and_said(name: str, value: str) -> None:
    view, ignored = read({name: value}, DATASETS)
    assert view == read({}, DATASETS)[0]
    assert [(item.parameter, item.value) for item in ignored] == [(name, value)]


def test_changed_requirements_travel_in_the_address() -> None:
    from geo.subjects import requirements

    row = requirements.table().iloc[0]
    override = (row["sector_code"], row["size_band"], row["material_code"], 12.5)
    view = replace(read({}, DATASETS)[0], overrides=(override,))
    assert read(write(view), DATASETS) == (view, [])


def test_provinces_are_carried_to_the_other_vintage() -> None:
    old = Filters(vintage="pre2025", provinces=("26",))
    assert change_vintage(old, "2025").provinces == ("25",)
    new = change_vintage(Filters(provinces=("25",)), "pre2025")
    assert new.provinces == ("17", "25", "26")
    assert new.region_set == admin.default_region_set("pre2025")
