"""Opportunities: findings, scores, confidence, cautions, matrices, and the whole ranking on real data."""

from __future__ import annotations

import math
import random
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from geo.errors import ParameterError
from geo.linkage import cluster, confidence, eligibility, engine, material, matrix, model, score
from geo.linkage.confidence import DataContext
from geo.linkage.model import Finding, Member, Opportunity
from geo.measures.flows import FlowOptions
from geo.places import admin
from geo.store import catalog
from geo.store.filters import Filters
from geo.subjects import materials

NAMES = list(score.DEFAULT_WEIGHTS)


# ---- hand-made tables -------------------------------------------------------------------------------


ROAD = pd.DataFrame(
    [[0.0, 211.0, 350.0], [211.0, 0.0, 190.0], [350.0, 190.0, 0.0]],
    index=["66", "68", "75"],
    columns=["66", "68", "75"],
)


def planned_flows() -> pd.DataFrame:
    """Coffee of Lâm Đồng (68), Đắk Lắk (66) and a port to Đồng Nai (75)."""
    return pd.DataFrame(
        [
            ("coffee", "68", "province", "75", 600.0),
            ("coffee", "66", "province", "75", 5.0),
            ("coffee", "cat_lai", "gateway", "75", 5.0),
        ],
        columns=["material_code", "origin_code", "origin_kind", "destination_code", "flow_tonnes"],
    )


def stated_origins() -> pd.DataFrame:
    """What establishments say: Đồng Nai buys in both, Lâm Đồng buys in Đắk Lắk and at home."""
    return pd.DataFrame(
        [
            ("coffee", "68", "75", 120.0, 6),
            ("coffee", "66", "68", 50.0, 2),
            ("coffee", "68", "68", 30.0, 1),
        ],
        columns=[
            "material_code",
            "origin_code",
            "destination_code",
            "stated_tonnes",
            "stated_establishments",
        ],
    )


def material_tables() -> dict:
    """Coffee of Lâm Đồng (68) and Đắk Lắk (66) to processors of Đồng Nai (75) and Lâm Đồng."""
    balance = pd.DataFrame(
        [
            ("coffee", "68", 900.0, 100.0, 800.0, 0.0, True),
            ("coffee", "66", 600.0, 210.0, 390.0, 0.0, True),
            ("coffee", "75", math.nan, 1000.0, 0.0, 1000.0, False),
        ],
        columns=[
            "material_code", "province_code", "supply_tonnes", "demand_tonnes", "surplus_tonnes",
            "shortage_tonnes", "supply_known",
        ],
    )  # fmt: skip
    demand = pd.DataFrame(
        [("68", "coffee", 100.0, 100.0, 0.0, 3), ("75", "coffee", 1000.0, 250.0, 750.0, 44)],
        columns=[
            "province_code", "material_code", "demand_tonnes", "stated_tonnes", "estimated_tonnes",
            "establishments",
        ],
    )  # fmt: skip
    supply = pd.DataFrame(
        [("coffee", "68", 2024, 900.0, 900.0, "tonnes", False, False, "A", "Niên giám")],
        columns=[
            "material_code", "province_code", "year", "supply_tonnes", "native_quantity",
            "native_unit", "derived",
            "partial", "reliability", "source",
        ],
    )  # fmt: skip
    status = pd.DataFrame(
        [
            ("75", "coffee", "1077", "cited", 500.0, 30, 1, 10, "ICO"),
            ("75", "coffee", "1077", "assumption", 250.0, 4, 0, 4, ""),
        ],
        columns=[
            "province_code",
            "material_code",
            "sector_code",
            "status",
            "tonnes",
            "establishments",
            "large",
            "employees_unknown",
            "source",
        ],
    )
    return {
        "joined": material.links(planned_flows(), stated_origins(), ROAD),
        "balance": balance,
        "demand": demand,
        "supply": supply,
        "needs_by_status": status,
        "coverage": {"coffee": 0.91},
    }


def cluster_tables() -> dict:
    """Tea in Thái Nguyên (19) and Phú Thọ (25), sure on both sides; Sơn La (14) not sure."""
    lq = pd.DataFrame(
        [
            ("19", "1076", 120, 6.1, 5.0, 7.3, True),
            ("25", "1076", 40, 2.4, 1.6, 3.3, True),
            ("14", "1076", 6, 1.9, 0.8, 3.1, False),
            ("19", "10", 150, 1.5, 1.3, 1.7, True),
            ("25", "10", 140, 1.4, 1.2, 1.6, True),
        ],
        columns=[
            "province_code",
            "sector_code",
            "establishments",
            "lq",
            "lq_low",
            "lq_high",
            "surely_specialised",
        ],
    )
    pairs = pd.DataFrame([("14", "25", 90.0), ("19", "25", 40.0)], columns=["first", "second", "border_km"])
    codes = ["14", "19", "25"]
    road = pd.DataFrame(150.0, index=codes, columns=codes)
    sizes = pd.DataFrame(
        [("19", "1076", 600, 60, 90, 0), ("25", "1076", 300, 40, 30, 1)],
        columns=["province_code", "sector_code", "employees", "employees_known", "micro", "large"],
    )
    return {"lq": lq, "pairs": pairs, "distance_km": road, "sizes": sizes}


def make_opportunity(**changes) -> Opportunity:
    """A small valid opportunity."""
    base = {
        "id": "material-coffee-68-75", "kind": "material", "vintage": "2025", "region_set": "2025_NQ306_34",
        "subject_code": "coffee", "subject_kind": "material", "subject_vi": "cà phê", "subject_en": "coffee",
        "provinces": (Member("68", "source"), Member("75", "processor")), "region_codes": ("DHNTBTN", "DNB"),
        "crosses_regions": True, "magnitude": 600.0, "unit": "tonnes_per_year", "distance_km": 190.0,
        "establishments_gaining": 44, "components": dict.fromkeys(NAMES, 0.5), "score": 0.5, "confidence": "B",
        "confidence_reasons": (), "evidence": (), "warnings": (),
        "sentence_vi": "", "sentence_en": "", "scheme_vi": "", "scheme_en": "",
    }  # fmt: skip
    return Opportunity(**(base | changes))


# ---- material ---------------------------------------------------------------------------------------


def test_links_join_what_is_planned_and_what_is_stated():
    joined = material.links(planned_flows(), stated_origins(), ROAD)
    keys = list(zip(joined["origin_code"], joined["destination_code"], strict=True))
    assert keys == [("66", "68"), ("66", "75"), ("68", "75")]
    assert joined["flow_tonnes"].tolist() == [0.0, 5.0, 600.0]
    assert joined["stated_tonnes"].tolist() == [50.0, 0.0, 120.0]
    assert joined["distance_km"].tolist() == [211.0, 350.0, 190.0]
    assert not joined.duplicated(["material_code", "origin_code", "destination_code"]).any()


def test_material_links_become_findings_and_noise_is_counted():
    found, left = material.find(**material_tables())
    assert [f.codes for f in found] == [("66", "68"), ("68", "75")]
    assert left == {"noise": 1, "single": 0}
    stated, planned = found
    assert planned.magnitude == 600.0
    assert planned.establishments_gaining == 44
    # The destination has no supply figure, so what is planned counts by the national coverage.
    assert planned.measures["need_share"] == pytest.approx(0.6 * 0.91)
    assert planned.measures["covered_share"] == pytest.approx(0.6)
    assert planned.measures["strength_share"] == pytest.approx(800 / 900)
    assert [m.role for m in planned.members] == ["source", "processor"]
    assert {row["table"] for row in planned.evidence} == {
        "material_flows", "stated_origins", "material_supply", "material_balance", "material_demand", "requirements",
    }  # fmt: skip
    assert stated.magnitude == 50.0
    assert stated.establishments_gaining == 2
    assert stated.measures["need_share"] == pytest.approx(0.5)


def test_one_establishments_statement_is_no_opportunity():
    tables = material_tables()
    alone = tables["joined"].assign(stated_establishments=1.0)
    found, left = material.find(**tables | {"joined": alone})
    assert [f.codes for f in found] == [("68", "75")]
    assert left == {"noise": 1, "single": 1}


def test_material_row_order_changes_nothing_and_arguments_stay():
    tables = material_tables()
    before = {k: v.copy() for k, v in tables.items() if isinstance(v, pd.DataFrame)}
    first, _ = material.find(**tables)
    mixed = {
        k: v.sample(frac=1, random_state=3) if isinstance(v, pd.DataFrame) else v for k, v in tables.items()
    }
    second, _ = material.find(**mixed)
    assert first == second
    for name, frame in before.items():
        pd.testing.assert_frame_equal(frame, tables[name])


# ---- cluster ----------------------------------------------------------------------------------------


def test_cluster_needs_both_sides_sure_and_class_wins_over_division():
    found, counts = cluster.find(**cluster_tables())
    assert [(f.subject_code, f.codes) for f in found] == [("1076", ("19", "25"))]
    assert counts == {"within_class": 1}
    tea = found[0]
    assert tea.magnitude == tea.establishments_gaining == 160
    assert tea.measures["need_share"] == pytest.approx(120 / 160)
    assert tea.measures["strength_share"] == pytest.approx(1 - 1 / 1.6)
    assert tea.members[0] == Member("19", "core")


def test_common_borders_need_length_not_a_corner():
    squares = gpd.GeoSeries(
        {
            "01": box(105, 20, 106, 21),
            "02": box(106, 20, 107, 21),
            "03": box(106, 21, 107, 22),
            "04": box(110, 20, 111, 21),
        },
        crs=4326,
    )
    pairs = cluster.common_borders(squares)
    assert list(zip(pairs["first"], pairs["second"], strict=True)) == [("01", "02"), ("02", "03")]
    assert pairs["border_km"].iloc[0] == pytest.approx(110.8, abs=1.5)
    mixed = cluster.common_borders(squares.iloc[::-1])
    pd.testing.assert_frame_equal(pairs, mixed)


@pytest.mark.parametrize(("vintage", "count"), [("2025", 34), ("pre2025", 63)])
def test_neighbours_on_the_map(vintage, count):
    pairs = cluster.neighbours(vintage)
    assert (pairs["first"] < pairs["second"]).all()
    assert pairs["border_km"].ge(1).all()
    known = set(map(tuple, pairs[["first", "second"]].to_numpy()))
    touched = set(pairs["first"]) | set(pairs["second"])
    assert len(touched) == count
    if vintage == "2025":
        assert {("66", "68"), ("68", "75"), ("01", "19")} <= known
        assert ("01", "79") not in known


# ---- score ------------------------------------------------------------------------------------------


@given(st.dictionaries(st.sampled_from(NAMES), st.floats(0, 100), min_size=1))
def test_weights_are_normalised(weights):
    if all(weights.get(n, score.DEFAULT_WEIGHTS[n]) == 0 for n in NAMES):
        return
    checked = score.check_weights(weights)
    assert sum(checked.values()) == pytest.approx(1.0)
    assert set(checked) == set(NAMES)


@pytest.mark.parametrize(
    "weights",
    [
        {"magnitude": -0.1},
        {"price": 1.0},
        dict.fromkeys(NAMES, 0.0),
        {"need": math.nan},
        {"need": "nhiều"},
        {"need": math.inf},
    ],
)
def test_bad_weights_are_refused_with_a_sentence(weights):
    with pytest.raises(ParameterError) as error:
        score.check_weights(weights)
    assert error.value.vi.endswith(".")
    assert error.value.en.endswith(".")


def test_default_weights_sum_to_one_and_have_reasons():
    assert sum(score.DEFAULT_WEIGHTS.values()) == pytest.approx(1.0)
    for part in score.COMPONENTS:
        assert part.reason_vi.endswith(".")
        assert part.reason_en.endswith(".")


@given(st.floats(0, 3000), st.floats(0, 3000))
def test_proximity_falls_with_distance(a, b):
    near, far = sorted((a, b))
    assert 0 <= score.proximity(far) <= score.proximity(near) <= 1


def test_proximity_anchor_values():
    assert score.proximity(0) == 1
    assert score.proximity(score.HALF_DISTANCE_KM) == 0.5
    assert score.proximity(math.nan) == 0


def test_components_are_shares_and_the_largest_has_one():
    found, _ = material.find(**material_tables())
    more, _ = cluster.find(**cluster_tables())
    parts = score.components([*found, *more], [0.5] * 3)
    assert all(set(p) == set(NAMES) for p in parts)
    assert all(0 <= v <= 1 for p in parts for v in p.values())
    assert max(p["magnitude"] for p in parts[:2]) == 1.0
    assert parts[2]["magnitude"] == 1.0
    assert max(p["beneficiaries"] for p in parts) == 1.0


@settings(max_examples=50)
@given(
    st.lists(st.floats(0, 1), min_size=7, max_size=7), st.lists(st.floats(0.01, 5), min_size=7, max_size=7)
)
def test_score_lies_between_its_components(values, weights):
    parts = dict(zip(NAMES, values, strict=True))
    result = score.score(parts, score.check_weights(dict(zip(NAMES, weights, strict=True))))
    assert min(values) - 1e-6 <= result <= max(values) + 1e-6


# ---- confidence -------------------------------------------------------------------------------------


def judge(finding: Finding, kind: str = "user", **changes) -> confidence.Judgement:
    """Judge a finding with some measures changed."""
    changed = Finding(**{**vars(finding), "measures": {**finding.measures, **changes}})
    return confidence.judge(changed, DataContext(kind, 1.0, 2025))


def test_confidence_follows_the_figures():
    found, _ = material.find(**material_tables())
    only_stated = {"planned_tonnes": 0.0, "reliability": "A", "coverage_share": 1.0}
    assert judge(found[1], **only_stated | {"stated_establishments": 9}).letter == "A"
    assert judge(found[1], **only_stated | {"stated_establishments": 2}).letter == "B"
    firm = {"estimated_share": 0.0, "destination_known": True, "coverage_share": 1.0, "reliability": "A"}
    assert judge(found[1], **firm).letter == "A"
    assert judge(found[1], "real", **firm).letter == "B"
    assert judge(found[1], "demo", **firm).letter == "B"
    assert judge(found[1], **firm | {"destination_known": False}).letter == "B"
    assert judge(found[1], **firm | {"supply_year": 2016}).letter == "B"
    assert judge(found[1], **firm | {"reliability": "C"}).letter in "BC"
    weak = judge(found[1], estimated_share=1.0, reliability="C", coverage_share=math.nan)
    assert weak.letter == "C"
    assert weak.quality < judge(found[1], **firm).quality


def test_more_stated_need_never_lowers_quality():
    found, _ = material.find(**material_tables())
    values = [judge(found[1], estimated_share=s).quality for s in np.linspace(1, 0, 11)]
    assert values == sorted(values)


def test_cluster_confidence_is_c_on_a_list_that_is_no_sample():
    found, _ = cluster.find(**cluster_tables())
    assert judge(found[0], "real").letter == "C"
    assert any("mẫu đại diện" in r.vi for r in judge(found[0], "real").reasons)


# ---- cautions ---------------------------------------------------------------------------------------


def test_cautions_name_the_law_only_where_it_was_read():
    found, _ = material.find(**material_tables())
    cautions = eligibility.cautions(found[1], "2025", frozenset({"10", "19"}), 2)
    by_code = {c.code: c for c in cautions}
    assert set(by_code) == {"city_ward_75", "sector_outside", "large_establishments"}
    assert by_code["city_ward_75"].legal_basis == "Nghị định 235/2025/NĐ-CP"
    assert "30/4/2026" in by_code["city_ward_75"].vi
    assert by_code["large_establishments"].legal_basis == ""
    assert {c.status for c in cautions} <= {"checked", "derived", "advice"}


def test_a_long_way_for_what_does_not_keep_is_advised_against():
    found, _ = material.find(**material_tables())
    fresh = Finding(**{**vars(found[1]), "measures": {**found[1].measures, "perishable": True}})
    codes = [c.code for c in eligibility.cautions(fresh, "2025", frozenset(), 0)]
    assert "perishable_far" in codes
    assert (
        score.components([fresh], [1.0])[0]["proximity"] < score.components([found[1]], [1.0])[0]["proximity"]
    )


def test_old_province_now_in_a_city_is_warned_once():
    found, _ = cluster.find(**cluster_tables())
    moved = Finding(**{**vars(found[0]), "members": (Member("74", "core"), Member("77", "partner"))})
    cautions = eligibility.cautions(moved, "pre2025", frozenset(), 0)
    assert [c.code for c in cautions] == ["city_ward_79"]


# ---- model and matrices -----------------------------------------------------------------------------


def test_ids_are_stable_slugs_and_old_codes_are_marked():
    assert (
        model.opportunity_id("material", "tea_fresh_leaf", ("19", "25"), "2025")
        == "material-tea-fresh-leaf-19-25"
    )
    assert model.opportunity_id("cluster", "1076", ("19", "25"), "pre2025") == "cluster-1076-19-25-pre2025"


def test_to_dict_is_plain():
    import json

    opp = make_opportunity(
        evidence=(
            {"table": "t", "key": {}, "values": {"a": np.float64(1.5), "b": math.nan, "c": np.int64(2)}},
        )
    )
    out = opp.to_dict()
    assert out["evidence"][0]["values"] == {"a": 1.5, "b": None, "c": 2}
    assert out["provinces"] == [
        {"province_code": "68", "role": "source"},
        {"province_code": "75", "role": "processor"},
    ]
    json.dumps(out, allow_nan=False)


def test_empty_frame_has_all_columns():
    assert list(model.to_frame([])) == list(model.to_frame([make_opportunity()]))


def test_matrices_conserve_what_they_add():
    opps = [
        make_opportunity(),
        make_opportunity(id="b", provinces=(Member("66", "source"), Member("68", "processor")), score=0.25),
        make_opportunity(
            id="c",
            kind="cluster",
            unit="establishments",
            provinces=(Member("19", "core"), Member("25", "partner")),
        ),
    ]
    count = matrix.province_matrix(opps)
    assert count.shape == (34, 34)
    assert (count.to_numpy() == count.to_numpy().T).all()
    assert np.triu(count.to_numpy()).sum() == 3
    tonnes = matrix.province_matrix(opps, "tonnes")
    assert tonnes.at["68", "75"] == 600
    assert tonnes.at["75", "68"] == 0
    assert tonnes.to_numpy().sum() == 1200
    regions = matrix.region_matrix(opps, value="score")
    assert regions.shape == (6, 6)
    assert np.triu(regions.to_numpy()).sum() == pytest.approx(1.25)
    assert regions.at["DNB", [r for r in regions.columns if r != "DNB"][0]] >= 0


def test_matrix_refuses_wrong_value_and_vintage():
    with pytest.raises(ParameterError):
        matrix.province_matrix([make_opportunity()], "money")
    with pytest.raises(ParameterError):
        matrix.province_matrix([make_opportunity()], vintage="pre2025")
    with pytest.raises(ParameterError):
        matrix.region_matrix([make_opportunity()], "2023_NQ81_63")


def test_matrix_row_order_changes_nothing():
    opps = [make_opportunity(id=str(i), score=i / 10) for i in range(6)]
    mixed = random.Random(1).sample(opps, k=6)
    pd.testing.assert_frame_equal(
        matrix.province_matrix(opps, "score"), matrix.province_matrix(mixed, "score")
    )


# ---- the whole ranking on the shipped data ----------------------------------------------------------


@cache
def whole_country(name: str, vintage: str) -> engine.Candidates:
    """Candidates of a shipped data set over the whole country, computed once for all tests."""
    return engine.candidates(catalog.open_dataset(name), Filters(vintage=vintage))


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
    "options", [{"kinds": ("chain",)}, {"kinds": ()}, {"flow_options": FlowOptions(detour_factor=0.5)}]
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
    assert results[0]


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
