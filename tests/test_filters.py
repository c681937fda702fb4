"""Filters: checked values, regions that narrow provinces, one meaning whatever the order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import ParameterError
from geo.places import admin
from geo.store.filters import Filters
from geo.subjects import sectors

SECTORS = set(sectors.sectors().index)
CODES = sorted(admin.provinces("2025").index)


def test_default_is_everything_in_the_vintage_of_2025() -> None:
    filters = Filters().normalised()
    assert filters.vintage == "2025"
    assert filters.region_set == "2025_NQ306_34"
    assert filters.province_codes() is None
    assert dict(filters.steps()) == {}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"vintage": "1975"}, "1975"),
        ({"region_set": "seven_regions"}, "seven_regions"),
        ({"region_set": "2023_NQ81_63"}, "2023_NQ81_63"),  # of the other vintage
        ({"regions": ("XX",)}, "XX"),
        ({"provinces": ("02",)}, "02"),  # Hà Giang: not among the 34
        ({"provinces": ("1",)}, "1"),
        ({"sectors": ("9999",)}, "9999"),
        ({"materials": ("gold",)}, "gold"),
        ({"years": (1066,)}, "1066"),
        ({"years": ("soon",)}, "soon"),
        ({"sizes": ("huge",)}, "huge"),
        ({"provinces": "01"}, "01"),  # a text is not a list of codes
        ({"provinces": (1,)}, "1"),
    ],
)
def test_bad_value_is_named(changes: dict, named: str) -> None:
    with pytest.raises(ParameterError) as caught:
        Filters(**changes).normalised()
    assert named in caught.value.vi
    assert named in caught.value.en


def test_old_code_is_good_in_the_old_vintage() -> None:
    assert Filters(vintage="pre2025", provinces=("02",)).normalised().province_codes() == ("02",)


def test_regions_narrow_provinces() -> None:
    region_of = admin.province_regions("2025_NQ306_34")
    delta = Filters(regions=("DBSH",)).normalised()
    assert delta.province_codes() == tuple(sorted(region_of.index[region_of == "DBSH"]))
    assert Filters(regions=("DBSH",), provinces=("01", "04")).normalised().province_codes() == ("01",)
    assert Filters(regions=("DBSH",), provinces=("04",)).normalised().province_codes() == ()


def test_without_opens_a_filter_again() -> None:
    filters = Filters(sectors=("1076",), provinces=("19",)).normalised()
    assert filters.without("sectors") == Filters(provinces=("19",)).normalised()


@given(st.lists(st.sampled_from(CODES)), st.lists(st.integers(1990, 2100)))
def test_order_and_repeats_mean_nothing(provinces: list[str], years: list[int]) -> None:
    one = Filters(provinces=tuple(provinces), years=tuple(years)).normalised()
    two = Filters(provinces=tuple(reversed(provinces * 2)), years=tuple(reversed(years))).normalised()
    assert one == two
    assert hash(one) == hash(two)
    assert one.normalised() == one


@given(st.text(max_size=8).filter(lambda text: text not in SECTORS))
def test_any_other_text_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ParameterError) as caught:
        Filters(sectors=(text,)).normalised()
    assert caught.value.vi.endswith(".")
    assert caught.value.en.endswith(".")
