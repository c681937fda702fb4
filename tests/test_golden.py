"""Published numbers the measures must reproduce; tolerance: the digits shown."""

from __future__ import annotations

import numpy as np
import ot
import pandas as pd
import pytest

from geo.measures.agglomeration import ellison_glaeser_parts
from geo.measures.change import shift_share
from geo.measures.flows import transport
from geo.measures.specialisation import (
    ellison_glaeser,
    gini_concentration,
    gini_specialisation,
    herfindahl,
    krugman_index,
    litzenberger_index,
    location_quotient,
)


def test_location_quotient_of_farhauer_and_kroell():
    # Region sector 1714 of 79006; nation sector 879213 of 15593224 (Farhauer & Kröll 2013).
    counts = pd.DataFrame(
        {
            "sector": [1714, 879213 - 1714],
            "rest": [79006 - 1714, (15593224 - 879213) - (79006 - 1714)],
        },
        index=["region", "elsewhere"],
    )
    assert location_quotient(counts).loc["region", "sector"] == pytest.approx(0.3847623, abs=5e-8)


def test_location_quotient_of_econgeo():
    counts = pd.DataFrame(
        [[100, 0, 0, 0, 0], [0, 15, 5, 70, 10], [0, 20, 10, 20, 50], [0, 25, 30, 5, 40], [0, 40, 55, 5, 0]],
        index=["R1", "R2", "R3", "R4", "R5"],
        columns=["I1", "I2", "I3", "I4", "I5"],
    )
    expected = [
        [5, 0, 0, 0, 0],
        [0, 0.75, 0.25, 3.5, 0.5],
        [0, 1, 0.5, 1, 2.5],
        [0, 1.25, 1.5, 0.25, 2],
        [0, 2, 2.75, 0.25, 0],
    ]
    found = location_quotient(counts)
    pd.testing.assert_frame_equal(found, pd.DataFrame(expected, counts.index, counts.columns, dtype=float))


def test_gini_of_specialisation_of_farhauer_and_kroell():
    region, country = [700, 600, 500, 10000, 40000], [30000, 15000, 10000, 60000, 50000]
    counts = pd.DataFrame([region, np.subtract(country, region)], index=["region", "elsewhere"])
    assert gini_specialisation(counts, "region") == pytest.approx(0.6222222, abs=5e-8)


def test_gini_of_concentration_of_farhauer_and_kroell():
    sector, regions = [500, 500, 1000, 7000, 1000], [20000, 15000, 20000, 40000, 5000]
    counts = pd.DataFrame({"sector": sector, "rest": np.subtract(regions, sector)}, index=list("ABCDE"))
    assert gini_concentration(counts, "sector") == pytest.approx(0.4068966, abs=5e-8)


def test_krugman_index_of_two_regions_without_a_common_sector():
    counts = pd.DataFrame([[20, 10, 70, 0, 0], [0, 0, 0, 60, 40]], index=["j", "l"])
    assert krugman_index(counts, "j") == 2


def test_krugman_index_of_sweden_against_the_mean_of_four_countries():
    # Farhauer & Kröll (2013) average the shares of the other countries; the default here adds these up.
    counts = pd.DataFrame(
        [
            [45000, 15000, 32000, 10000, 30000],
            [35000, 12000, 30000, 8000, 22000],
            [40000, 10000, 25000, 9000, 18000],
            [30000, 11000, 18000, 3000, 13000],
            [40000, 6000, 11000, 2000, 12000],
        ],
        index=["Sweden", "Norway", "Denmark", "Finland", "Iceland"],
    )
    assert krugman_index(counts, "Sweden", others="mean") == pytest.approx(0.1595, abs=5e-5)
    rest = counts.drop(index="Sweden").sum()
    two = pd.DataFrame([counts.loc["Sweden"], rest], index=["Sweden", "others"])
    assert krugman_index(counts, "Sweden") == pytest.approx(krugman_index(two, "Sweden", others="mean"))


def test_herfindahl_of_doersam():
    assert herfindahl([20, 50, 20, 10]) == pytest.approx(0.34)


def test_cluster_index_of_litzenberger_and_sternberg():
    # Farhauer & Kröll (2014).
    found = litzenberger_index(
        sector_employees=1743,
        sector_employees_total=5740,
        area_km2=50,
        area_km2_total=576,
        population=488,
        population_total=4621,
        establishments=35,
        establishments_total=53,
    )
    assert found == pytest.approx(21.87491, abs=5e-6)


def test_ellison_glaeser_of_farhauer_and_kroell():
    employees = {"Wien": [200, 650, 12000, 100, 50], "Linz": [16000, 13000, 1500, 1500], "Graz": [25000]}
    plants = pd.DataFrame(
        [(region, size) for region, sizes in employees.items() for size in sizes],
        columns=["region", "employees"],
    )
    totals = pd.Series({"Wien": 500000, "Linz": 400000, "Graz": 100000})
    assert ellison_glaeser(plants, totals) == pytest.approx(0.05990628, abs=5e-9)
    parts = ellison_glaeser_parts(plants, totals)
    assert parts.raw == pytest.approx(0.1681632653, abs=5e-11)
    assert parts.plants == pytest.approx(0.2446887755, abs=5e-11)


@pytest.mark.parametrize(
    ("region", "expected"), [("A", (27, 1, -3, 25)), ("B", (24, -1, 32, 55)), ("C", (114, 0, -29, 85))]
)
def test_shift_share_of_farhauer_and_kroell(region, expected):
    # The parts of A are printed; those of B and C follow from the same tables by hand.
    before = pd.DataFrame(
        {"A": [90, 20, 10, 60], "B": [60, 30, 30, 40], "C": [250, 100, 110, 300]}, index=list("1234")
    ).T
    after = pd.DataFrame(
        {"A": [100, 40, 10, 55], "B": [85, 55, 40, 35], "C": [255, 115, 85, 390]}, index=list("1234")
    ).T
    assert before.sum().tolist() == [400, 150, 150, 400]
    assert after.sum().tolist() == [440, 210, 135, 480]
    found = shift_share(before, after, region)
    assert found[["national", "mix", "regional", "total"]].tolist() == pytest.approx(expected, abs=1e-9)


def test_min_cost_flow_of_or_tools_as_a_transportation_case():
    """Every arc becomes an origin whose supply is its capacity.

    It may serve its head at the arc's cost, or its tail at no cost (capacity not used). A node asks for the
    capacities of all arcs that leave it, less its own supply; that balances exactly when the flow does.
    """
    arcs = [
        (0, 1, 15, 4),
        (0, 2, 8, 4),
        (1, 2, 20, 2),
        (1, 3, 4, 2),
        (1, 4, 10, 6),
        (2, 3, 15, 1),
        (2, 4, 4, 3),
        (3, 4, 20, 2),
        (4, 2, 5, 3),
    ]
    node_supply = [20, 0, 0, -5, -15]
    supply = pd.Series({f"arc {k}": capacity for k, (_, _, capacity, _) in enumerate(arcs)})
    demand = pd.Series(
        {node: sum(arc[2] for arc in arcs if arc[0] == node) - node_supply[node] for node in range(5)}
    )
    cost = pd.DataFrame(np.nan, index=supply.index, columns=demand.index)
    for k, (start, end, _, unit_cost) in enumerate(arcs):
        cost.loc[f"arc {k}", start] = 0.0
        cost.loc[f"arc {k}", end] = unit_cost
    plan = transport(supply, demand, cost)
    assert plan.cost == pytest.approx(150)
    assert plan.unmet.sum() == 0


def test_highs_and_pot_agree():
    random = np.random.default_rng(20260)
    for _ in range(100):
        origins, places = random.integers(2, 8, size=2)
        cost = random.uniform(0, 10, (origins, places))
        supply, demand = random.uniform(1, 100, origins), random.uniform(1, 100, places)
        plan = transport(pd.Series(supply), pd.Series(demand), pd.DataFrame(cost))
        spare = supply.sum() - demand.sum()
        if spare > 0:
            demand, cost = np.append(demand, spare), np.c_[cost, np.zeros(origins)]
        else:
            supply, cost = np.append(supply, -spare), np.r_[cost, np.zeros((1, places))]
        assert plan.cost == pytest.approx((ot.emd(supply, demand, cost) * cost).sum(), rel=1e-9, abs=1e-9)
