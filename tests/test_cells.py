"""The map's answers: complete counts, stable choice, bounded size."""

from __future__ import annotations

import json
import time

import h3
import pytest

from geo.build import demo
from geo.errors import ParameterError
from geo.store import aggregate, catalog, cells
from geo.store.filters import Filters

COUNTRY = (100.0, 6.0, 120.0, 25.0)
HANOI = (105.6, 20.9, 106.1, 21.2)


@pytest.fixture(scope="module")
def dataset():
    return catalog.open_dataset("demo")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory):
    return demo.write(120_000, 1, tmp_path_factory.mktemp("Large set"))


def size(answer: dict) -> int:
    return len(json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode())


@pytest.mark.parametrize("zoom", [3, 5, 6, 7, 8, 8.5, 9])
def test_hexagons_hold_every_establishment_with_a_point(dataset, zoom: float) -> None:
    answer = cells.answer(dataset, Filters(), COUNTRY, zoom)
    counted = aggregate.summary(dataset, Filters())
    assert answer["kind"] == "hexagons"
    assert answer["total"] == counted["kept"] - counted["without_coordinates"]
    assert sum(cell["n"] for cell in answer["features"]) == answer["total"]
    assert answer["no_coordinates"] == counted["without_coordinates"]
    assert not answer["cut"]
    assert {h3.get_resolution(cell["id"]) for cell in answer["features"]} == {answer["resolution"]}


def test_hexagons_get_finer_with_the_zoom_and_keep_a_readable_width() -> None:
    found = [cells.resolution(zoom / 2) for zoom in range(6, 24)]
    assert found == sorted(found)
    assert (found[0], found[-1]) == (4, 7)
    for zoom in (6, 7, 8, 9, 10):
        edge = h3.average_hexagon_edge_length(cells.resolution(zoom), unit="m")
        assert 14 <= edge * 3**0.5 / (156_543 * 0.96 / 2**zoom) <= 50


def test_boundary_is_the_hexagon_of_the_cell(dataset) -> None:
    for cell in cells.answer(dataset, Filters(), HANOI, 7)["features"]:
        corners = h3.cell_to_boundary(cell["id"])
        assert cell["boundary"] == [[round(lat, 4), round(lon, 4)] for lat, lon in corners]


def test_points_near_hold_all_when_they_fit(dataset) -> None:
    answer = cells.answer(dataset, Filters(), HANOI, 12)
    assert answer["kind"] == "points"
    assert answer["total"] == len(answer["features"]) > 100
    assert not answer["cut"]
    assert set(answer["features"][0]) == {
        "id", "name", "sector_code", "product", "employees", "location_quality", "craft_village", "lat", "lon",
    }  # fmt: skip
    west, south, east, north = HANOI
    for point in answer["features"]:
        assert west <= point["lon"] <= east
        assert south <= point["lat"] <= north
    near = cells.answer(dataset, Filters(sectors=("1076",)), HANOI, 12)
    assert {point["sector_code"] for point in near["features"]} == {"1076"}


def test_few_points_show_earlier_than_many(dataset, large) -> None:
    assert cells.answer(dataset, Filters(), HANOI, 9)["kind"] == "points"
    assert cells.answer(large, Filters(), HANOI, 9)["kind"] == "hexagons"


def test_a_cut_is_said_and_the_choice_is_stable(large) -> None:
    one = cells.answer(large, Filters(), COUNTRY, 11)
    assert one["cut"]
    assert one["total"] > len(one["features"])
    assert one == cells.answer(large, Filters(), COUNTRY, 11)
    fewer = cells.answer(large, Filters(), COUNTRY, 11, limit=500)
    assert len(fewer["features"]) == 500
    assert {point["id"] for point in fewer["features"]} <= {point["id"] for point in one["features"]}
    # The choice favours no part: each third of the country keeps its share.
    middle = cells.answer(large, Filters(), (100, 13, 120, 18), 11, limit=1)["total"] / one["total"]
    drawn = sum(13 <= point["lat"] <= 18 for point in one["features"]) / len(one["features"])
    assert drawn == pytest.approx(middle, abs=0.03)


@pytest.mark.parametrize("zoom", [0, 5, 7, 8, 9, 10, 11, 14, 19])
def test_answers_are_bounded_whatever_the_data(dataset, large, zoom: int) -> None:
    for source in (dataset, large):
        for box in (COUNTRY, HANOI):
            assert size(cells.answer(source, Filters(), box, zoom)) <= 1_500_000


def test_hexagon_answer_does_not_grow_with_the_rows(dataset, large) -> None:
    small, big = (size(cells.answer(source, Filters(), COUNTRY, 6)) for source in (dataset, large))
    assert big < 1.2 * small + 10_000


def test_answers_are_quick(large) -> None:
    seconds = []
    for sector in ("10", "16", "31", "14"):  # another filter each time: nothing comes from a cache
        start = time.perf_counter()
        cells.answer(large, Filters(sectors=(sector,)), COUNTRY, 6)
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.5


def test_empty_place_is_an_empty_answer(dataset) -> None:
    assert cells.answer(dataset, Filters(), (0, 0, 1, 1), 6)["features"] == []
    near = cells.answer(dataset, Filters(), (0, 0, 1, 1), 14)
    assert (near["kind"], near["total"], near["cut"], near["features"]) == ("points", 0, False, [])


@pytest.mark.parametrize(
    ("box", "zoom", "limit"),
    [
        ((110, 10, 105, 20), 6, 10),
        ((105, 20, 110, 10), 6, 10),
        ((float("nan"), 10, 110, 20), 6, 10),
        ((100, 10, 110), 6, 10),
        (("a", 10, 110, 20), 6, 10),
        (COUNTRY, -1, 10),
        (COUNTRY, 99, 10),
        (COUNTRY, float("nan"), 10),
        (COUNTRY, 6, 0),
        (COUNTRY, 6, 1_000_000),
    ],
)
def test_bad_questions_are_refused(dataset, box: tuple, zoom: float, limit: int) -> None:
    with pytest.raises(ParameterError):
        cells.answer(dataset, Filters(), box, zoom, limit)
