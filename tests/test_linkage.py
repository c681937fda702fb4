"""The engine: the whole ranking on the shipped data."""

from __future__ import annotations

import pandas as pd
import pytest
from linkage_tables import NAMES, whole_country

from geo.errors import ParameterError
from geo.linkage import engine
from geo.linkage.model import KINDS
from geo.measures.flows import FlowOptions
from geo.places import admin
from geo.store import catalog
from geo.store.filters import Filters
from geo.subjects import materials


@pytest.fixture(scope="module")
def demo():
    return catalog.open_dataset("demo")


@pytest.fixture(scope="module")
def country():
    """Candidates of the whole country."""
    return whole_country("demo", "2025")


@pytest.mark.parametrize("vintage", ["2025", "pre2025"])
@pytest.mark.parametrize("name", ["real", "demo"])
def test_every_opportunity_is_whole(name, vintage):
    ranking = engine.rank(whole_country(name, vintage))
    opportunities = ranking.opportunities
    assert opportunities
    codes = set(admin.provinces(vintage).index)
    regions = admin.province_regions(admin.default_region_set(vintage))
    scores = [(-o.score, o.id) for o in opportunities]
    assert scores == sorted(scores)
    assert len({o.id for o in opportunities}) == len(opportunities)
    pairs = {(o.kind, o.subject_code, o.province_codes) for o in opportunities}
    assert len(pairs) == len(opportunities)
    assert list(ranking.table["id"]) == [o.id for o in opportunities]
    for o in opportunities:
        assert set(o.province_codes) <= codes
        assert len(set(o.province_codes)) == 2
        assert o.crosses_regions == (len({regions[c] for c in o.province_codes}) > 1)
        assert o.magnitude > 0
        assert o.distance_km > 0
        assert o.establishments_gaining >= 1
        assert set(o.components) == set(NAMES)
        assert all(0 <= v <= 1 for v in o.components.values())
        assert 0 <= o.score <= 1
        assert o.confidence in "ABC"
        assert o.confidence_reasons
        assert o.evidence
        assert o.scheme_vi
        assert o.data_label_vi
        assert o.dataset_kind == name


def test_scores_are_the_weighted_mean(country):
    ranking = engine.rank(country)
    for o in ranking.opportunities[:50]:
        mean = sum(ranking.weights[n] * o.components[n] for n in NAMES)
        assert o.score == pytest.approx(mean, abs=1e-6)


def test_weights_change_the_order_and_nothing_else(country):
    near = engine.rank(country, {**dict.fromkeys(NAMES, 0.0), "proximity": 1.0})
    usual = engine.rank(country)
    assert {o.id for o in near.opportunities} == {o.id for o in usual.opportunities}
    values = [o.components["proximity"] for o in near.opportunities]
    assert values == sorted(values, reverse=True)
    assert [o.id for o in near.opportunities] != [o.id for o in usual.opportunities]


def test_a_choice_of_places_only_picks(demo, country):
    picked = engine.candidates(demo, Filters(provinces=("68",)))
    expected = {o.id: o for o in country.opportunities if "68" in o.province_codes}
    assert {o.id for o in picked.opportunities} == set(expected)
    for o in picked.opportunities:
        assert o.components == expected[o.id].components
    assert any(n.code == "outside_places" for n in picked.notes)


def test_materials_and_sectors_narrow_the_subjects(demo):
    coffee = engine.find(demo, Filters(materials=("coffee",)))
    assert coffee.opportunities
    assert {o.subject_code for o in coffee.opportunities if o.kind == "material"} == {"coffee"}
    food = engine.find(demo, Filters(sectors=("10",)), kinds=("cluster",))
    assert food.opportunities
    assert {o.subject_code[:2] for o in food.opportunities} == {"10"}


def test_between_regions_keeps_only_those(country):
    kept = engine.rank(country, between_regions=True).opportunities
    assert kept
    assert all(o.crosses_regions for o in kept)
    assert len(kept) == sum(o.crosses_regions for o in country.opportunities)


def test_other_region_set_changes_only_the_regions(demo, country):
    other = engine.candidates(demo, Filters(region_set="khuyen_cong_conference_from_2025_34"))
    assert {o.id for o in other.opportunities} == {o.id for o in country.opportunities}
    crossing = sum(o.crosses_regions for o in other.opportunities)
    assert crossing < sum(o.crosses_regions for o in country.opportunities)


def test_an_empty_choice_gives_an_empty_ranking(demo):
    ranking = engine.find(demo, Filters(years=(1991,)))
    assert ranking.opportunities == []
    assert ranking.table.empty
    assert "id" in ranking.table.columns


@pytest.mark.parametrize(
    "options", [{"kinds": ("trade",)}, {"kinds": ()}, {"flow_options": FlowOptions(detour_factor=0.5)}]
)
def test_wrong_options_are_refused(demo, options):
    with pytest.raises(ParameterError):
        engine.find(demo, Filters(), **options)


def test_row_order_of_the_dataset_changes_nothing(tmp_path, demo):
    establishments = pd.concat(pd.read_parquet(p) for p in demo.files()).head(4000)
    needs = pd.concat(pd.read_parquet(p) for p in demo.files("needs"))
    needs = needs[needs["establishment_id"].isin(establishments["establishment_id"])]
    results = []
    for order in ("given", "mixed"):
        rows = [establishments, needs]
        if order == "mixed":
            rows = [frame.sample(frac=1, random_state=1) for frame in rows]
        words = {"label_vi": "thử", "label_en": "trial", "provenance": {"source": "trial"}}
        dataset = catalog.write_dataset(tmp_path / order, "trial", *rows, kind="user", **words)
        ranking = engine.find(dataset, Filters())
        results.append([o.to_dict() for o in ranking.opportunities])
    assert results[0] == results[1]
    assert {row["kind"] for row in results[0]} == set(KINDS)


@pytest.mark.parametrize("material_code", ["coffee", "harvested_wood", "paddy_rice", "sugarcane", "cassava"])
def test_flows_run_from_known_growing_provinces(country, material_code):
    """All sources have a published figure, and most of the tonnes come from the larger growers."""
    supply = materials.supply("2025")
    grown = supply[supply["material_code"] == material_code].set_index("province_code")["supply_tonnes"]
    found = [o for o in country.opportunities if o.subject_code == material_code]
    assert found
    assert {o.province_codes[0] for o in found} <= set(grown.index)
    larger = set(grown.index[grown >= grown.median()])
    tonnes = sum(o.magnitude for o in found)
    assert sum(o.magnitude for o in found if o.province_codes[0] in larger) >= 0.6 * tonnes
