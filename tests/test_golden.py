"""Published numbers the measures must reproduce; tolerance: the digits shown."""

from __future__ import annotations

import numpy as np
import ot
import pandas as pd
import pytest

from geo.measures.flows import transport
from geo.measures.specialisation import location_quotient


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
