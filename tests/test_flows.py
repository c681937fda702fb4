from __future__ import annotations

import numpy as np
import ot
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DataError, ParameterError
from geo.measures import flow_problem
from geo.measures.flows import FlowOptions, material_flows, problems, transport

amounts = st.lists(st.floats(0, 1000, allow_nan=False).map(lambda x: round(x, 3)), min_size=1, max_size=5)


def problem(supply, demand, seed=0):
    random = np.random.default_rng(seed)
    s = pd.Series(supply, index=[f"o{k}" for k in range(len(supply))], dtype=float)
    d = pd.Series(demand, index=[f"d{k}" for k in range(len(demand))], dtype=float)
    return s, d, pd.DataFrame(random.uniform(1, 50, (len(s), len(d))), index=s.index, columns=d.index)


@settings(max_examples=60, deadline=None)
@given(amounts, amounts, st.integers(0, 100))
def test_what_goes_in_comes_out(supply, demand, seed):
    s, d, cost = problem(supply, demand, seed)
    plan = transport(s, d, cost)
    arrived = plan.flows.groupby("destination")["flow"].sum().reindex(d.index, fill_value=0.0)
    left = plan.flows.groupby("origin")["flow"].sum().reindex(s.index, fill_value=0.0)
    np.testing.assert_allclose(arrived + plan.unmet, d, atol=1e-6)
    assert (left <= s + 1e-6).all()
    assert plan.unmet.sum() == pytest.approx(max(d.sum() - s.sum(), 0.0), abs=1e-5)
    costs = sum(row.flow * cost.loc[row.origin, row.destination] for row in plan.flows.itertuples())
    assert plan.cost == pytest.approx(costs)


@settings(max_examples=40, deadline=None)
@given(amounts, amounts, st.integers(0, 100))
def test_prices_explain_the_cost(supply, demand, seed):
    s, d, cost = problem(supply, demand, seed)
    plan = transport(s, d, cost)
    served = d - plan.unmet
    value = (plan.origin_price.fillna(0) * s).sum() + (plan.destination_price.fillna(0) * served).sum()
    assert value == pytest.approx(plan.cost, rel=1e-6, abs=1e-4)
    assert (plan.origin_price.dropna() <= 0).all()
    for row in plan.flows.itertuples():
        price = plan.destination_price[row.destination] + plan.origin_price[row.origin]
        assert price == pytest.approx(cost.loc[row.origin, row.destination], abs=1e-6)


def test_a_price_is_the_cost_of_one_more_unit():
    s, d, cost = problem([40, 60], [30, 20], 5)
    plan = transport(s, d, cost)
    more = transport(s, d + pd.Series({"d0": 1.0, "d1": 0.0}), cost)
    assert more.cost - plan.cost == pytest.approx(plan.destination_price["d0"])


def test_row_order_changes_nothing_and_arguments_are_not_written():
    s, d, cost = problem([10, 20, 30], [25, 5, 40], 3)
    copies = s.copy(), d.copy(), cost.copy()
    plan = transport(s, d, cost)
    back = transport(s.iloc[::-1], d.iloc[::-1], cost.iloc[::-1, ::-1])
    pd.testing.assert_frame_equal(plan.flows, back.flows)
    assert plan.cost == back.cost
    for now, before in zip((s, d, cost), copies, strict=True):
        assert now.equals(before)


def test_no_route_means_unmet():
    cost = pd.DataFrame([[1.0, np.nan]], index=["o"], columns=["near", "cut off"])
    plan = transport(pd.Series({"o": 10.0}), pd.Series({"near": 4.0, "cut off": 3.0}), cost)
    assert plan.unmet.to_dict() == {"near": 0.0, "cut off": 3.0}
    assert plan.cost == 4.0
    assert np.isnan(plan.destination_price["cut off"])


def test_nothing_to_carry():
    s, d, cost = problem([0, 0], [5], 1)
    plan = transport(s, d, cost)
    assert plan.flows.empty
    assert plan.cost == 0
    assert plan.unmet.tolist() == [5.0]


@pytest.mark.parametrize(("supply", "named"), [([-1.0, 2.0], "o0"), ([1.0, np.nan], "o1")])
def test_bad_amounts_name_the_row(supply, named):
    _, d, cost = problem([1, 1], [1], 1)
    with pytest.raises(DataError, match=named):
        transport(pd.Series(supply, index=["o0", "o1"]), d, cost)


def test_bad_costs_are_refused():
    s, d, cost = problem([1], [1], 1)
    with pytest.raises(DataError):
        transport(s, d, -cost)
    with pytest.raises(DataError, match="d0"):
        transport(s, d, cost.rename(columns={"d0": "x"}))
    with pytest.raises(DataError):
        transport(pd.concat([s, s]), d, cost)


def small_balance(**changes):
    rows = pd.DataFrame(
        {
            "material_code": "coffee",
            "province_code": ["a", "b", "c", "d"],
            "surplus_tonnes": [100.0, 0.0, 0.0, 0.0],
            "shortage_tonnes": [0.0, 60.0, 70.0, 0.0],
            "supply_known": [True, True, False, False],
        }
    )
    return rows.assign(**changes)


KM = pd.DataFrame(
    [[0, 100, 200, 300], [100, 0, 100, 200], [200, 100, 0, 100], [300, 200, 100, 0]],
    index=list("abcd"),
    columns=list("abcd"),
    dtype=float,
)
GATE = pd.DataFrame(
    {"material_code": "coffee", "gateway_code": "a", "destination_code": list("abcd"), "straight_km": 10.0}
)


def test_flows_leave_surplus_and_unmet_is_told():
    plan = material_flows(small_balance(), KM)
    assert plan.flows["flow_tonnes"].tolist() == [60.0, 40.0]
    assert plan.flows["destination_code"].tolist() == ["b", "c"]
    np.testing.assert_allclose(plan.flows["distance_km"], [133.0, 266.0])
    np.testing.assert_allclose(plan.flows["tonne_km"], [60 * 133.0, 40 * 266.0])
    assert plan.unmet.to_dict("records") == [
        {"material_code": "coffee", "destination_code": "c", "unmet_tonnes": 30.0}
    ]


def test_unknown_supply_never_sends():
    plan = material_flows(small_balance(surplus_tonnes=[100.0, 0, 0, 999.0]), KM)
    assert set(plan.flows["origin_code"]) == {"a"}


def test_imports_fill_the_gap_only_where_home_supply_is_far():
    plan = material_flows(small_balance(), KM, imports=GATE)
    by_kind = plan.flows.groupby("origin_kind")["flow_tonnes"].sum()
    assert by_kind.to_dict() == {"gateway": 30.0, "province": 100.0}
    assert plan.unmet.empty
    cheap = material_flows(small_balance(), KM, imports=GATE, options=FlowOptions(import_penalty_km=0.0))
    assert set(cheap.flows["origin_kind"]) == {"gateway"}
    assert cheap.flows["distance_km"].max() == pytest.approx(13.3)


def test_a_material_without_shortage_moves_nothing():
    plan = material_flows(small_balance(shortage_tonnes=0.0), KM)
    assert plan.flows.empty
    assert plan.unmet.empty
    assert plan.flows["tonne_km"].dtype == float


def test_parameters_are_checked():
    with pytest.raises(ParameterError):
        material_flows(small_balance(), KM, options=FlowOptions(detour_factor=0.9))
    with pytest.raises(ParameterError):
        material_flows(small_balance(), KM, options=FlowOptions(import_penalty_km=-1))
    with pytest.raises(DataError, match="d"):
        material_flows(small_balance(), KM.drop(index="d"))


def test_golden_minimum_cost_flow():
    """Five nodes and nine arcs of the OR-Tools documentation: cost 150.

    An arc with a capacity is an origin that sends its capacity either to its head, at the cost of the arc, or
    back to its tail at none; a node asks for the capacity that leaves it less what it supplies.
    """
    arcs = [
        (0, 1, 15, 4), (0, 2, 8, 4), (1, 2, 20, 2), (1, 3, 4, 2), (1, 4, 10, 6), (2, 3, 15, 1), (2, 4, 4, 3),
        (3, 4, 20, 2), (4, 2, 5, 3),
    ]  # fmt: skip
    names = [f"{tail}-{head}" for tail, head, _, _ in arcs]
    supply = pd.Series([capacity for _, _, capacity, _ in arcs], index=names, dtype=float)
    demand = pd.Series([-20.0, 0.0, 0.0, 5.0, 15.0])
    cost = pd.DataFrame(np.nan, index=names, columns=demand.index)
    for name, (tail, head, capacity, price) in zip(names, arcs, strict=True):
        demand[tail] += capacity
        cost.loc[name, tail], cost.loc[name, head] = 0.0, price
    plan = transport(supply, demand, cost)
    assert plan.cost == pytest.approx(150.0)
    assert plan.unmet.sum() == 0


@pytest.mark.parametrize("seed", range(100))
def test_a_second_solver_finds_the_same_cost(seed):
    random = np.random.default_rng(seed)
    n, m = random.integers(2, 30, 2)
    s = pd.Series(random.uniform(1, 1000, n))
    d = pd.Series(random.uniform(1, 1000, m))
    d *= s.sum() / d.sum()
    cost = pd.DataFrame(random.uniform(1, 2000, (n, m)))
    # Whole problems scale with the amounts: the second solver wants shares that sum to one.
    other = ot.emd2((s / s.sum()).to_numpy(), (d / d.sum()).to_numpy(), cost.to_numpy(), numItermax=1_000_000)
    assert transport(s, d, cost).cost == pytest.approx(other * s.sum(), rel=1e-9)


REGIONS = {"a": "north", "b": "south", "c": "south", "d": "south"}


def test_a_region_keeps_its_own_where_that_is_preferred():
    two = small_balance(
        surplus_tonnes=[100.0, 0, 0, 80.0], supply_known=True, shortage_tonnes=[0, 60.0, 0, 0]
    )
    near = material_flows(two, KM, regions=REGIONS)
    assert near.flows["origin_code"].tolist() == ["a"]
    own = material_flows(two, KM, regions=REGIONS, options=FlowOptions(between_regions_km=200.0))
    assert own.flows["origin_code"].tolist() == ["d"]
    # The extra kilometres are in the choice alone.
    assert own.flows["distance_km"].tolist() == pytest.approx([266.0])
    with pytest.raises(DataError, match="region"):
        material_flows(two, KM, options=FlowOptions(between_regions_km=1.0))


def test_a_gateway_belongs_to_the_region_it_stands_in():
    doors = pd.concat([GATE.assign(gateway_code=code, gateway_province_code=code) for code in "ad"])
    doors.loc[doors["gateway_code"] == "d", "straight_km"] = 50.0
    short = small_balance(surplus_tonnes=0.0)
    near = material_flows(short, KM, imports=doors, regions=REGIONS)
    own = material_flows(
        short, KM, imports=doors, regions=REGIONS, options=FlowOptions(between_regions_km=200.0)
    )
    assert set(near.flows["origin_code"]) == {"a"}
    assert set(own.flows["origin_code"]) == {"d"}


def test_only_what_can_be_contracted_leaves():
    plan = material_flows(small_balance(), KM, options=FlowOptions(available_share=0.25))
    assert plan.flows["flow_tonnes"].sum() == pytest.approx(25.0)
    assert plan.unmet["unmet_tonnes"].sum() == pytest.approx(105.0)


def test_a_gateway_with_a_capacity_brings_no_more():
    plan = material_flows(small_balance(), KM, imports=GATE.assign(capacity_tonnes=12.0))
    assert plan.flows.groupby("origin_kind")["flow_tonnes"].sum()["gateway"] == pytest.approx(12.0)
    assert plan.unmet["unmet_tonnes"].sum() == pytest.approx(18.0)


@pytest.mark.parametrize(
    "wrong", [{"between_regions_km": -1.0}, {"available_share": 0.0}, {"available_share": 1.1}]
)
def test_assumptions_out_of_range_are_refused(wrong):
    with pytest.raises(ParameterError):
        material_flows(small_balance(), KM, options=FlowOptions(**wrong))


def random_balance(seed, places=6):
    random = np.random.default_rng(seed)
    codes = [f"p{k}" for k in range(places)]
    point = random.uniform(0, 500, (places, 2))
    km = np.hypot(*(point[:, None] - point[None]).transpose(2, 0, 1))
    balance = random.integers(-40, 40, places) * 1.0
    rows = pd.DataFrame(
        {
            "material_code": "tea",
            "province_code": codes,
            "surplus_tonnes": np.clip(balance, 0, None),
            "shortage_tonnes": np.clip(-balance, 0, None),
            "supply_known": True,
        }
    )
    gate = pd.DataFrame(
        {"material_code": "tea", "gateway_code": "g", "destination_code": codes, "straight_km": point[:, 0]}
    )
    return rows, pd.DataFrame(km, index=codes, columns=codes), gate.assign(capacity_tonnes=20.0)


def least(rows, km, gate):
    """Least counted tonne-km, and tonnes unmet."""
    problem = problems(rows, km, gate)["tea"]
    solution = flow_problem.solve(problem)
    used = solution.flow > 0
    return (solution.flow[used] * problem.counted[used]).sum(), solution.unmet.sum()


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_a_price_is_what_planning_anew_with_one_part_more_gives(seed):
    rows, km, gate = random_balance(seed)
    prices = material_flows(rows, km, imports=gate, prices=True).prices
    cost, unmet = least(rows, km, gate)
    part = 0.25
    for row in prices.to_dict("records"):
        changed = rows.set_index("province_code")
        # One part more of supply first fills the shortage of the place itself, and the other way round.
        balance = (
            changed.at[row["province_code"], "surplus_tonnes"]
            - changed.at[row["province_code"], "shortage_tonnes"]
        )
        balance += part if row["side"] == "origin" else -part
        changed.at[row["province_code"], "surplus_tonnes"] = max(balance, 0.0)
        changed.at[row["province_code"], "shortage_tonnes"] = max(-balance, 0.0)
        cost_after, unmet_after = least(changed.reset_index(), km, gate)
        sign = -1.0 if row["side"] == "origin" else 1.0
        assert row["unmet_tonnes"] == pytest.approx(sign * (unmet_after - unmet) / part, abs=1e-6)
        assert row["price_km"] == pytest.approx(sign * (cost_after - cost) / part, abs=1e-4)


def test_prices_tell_haulage_from_imports():
    short = small_balance(surplus_tonnes=[50.0, 0.0, 0.0, 0.0])
    prices = material_flows(short, KM, imports=GATE, prices=True).prices
    row = prices[(prices["province_code"] == "a") & (prices["side"] == "origin")].iloc[0]
    # A tonne more at a goes to b or c in place of an imported one: 500 km of penalty and the way of the gateway.
    assert row["import_tonnes"] == 1.0
    assert row["price_km"] == pytest.approx(500.0 + 13.3 - 133.0)
    assert row["road_km"] == pytest.approx(13.3 - 133.0)
    assert material_flows(short, KM, imports=GATE).prices.empty
