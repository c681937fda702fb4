from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DataError, ParameterError
from geo.measures.flows import FlowOptions, material_flows, transport

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


def test_speed_at_the_size_of_the_country():
    random = np.random.default_rng(1)
    s = pd.Series(random.uniform(0, 1e6, 34))
    d = pd.Series(random.uniform(0, 1e6, 70))
    cost = pd.DataFrame(random.uniform(10, 1500, (34, 70)))
    transport(s, d, cost)
    start = time.perf_counter()
    transport(s, d, cost)
    assert time.perf_counter() - start < 0.5  # about 0.05 s alone on the machine


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
