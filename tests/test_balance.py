from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.errors import DataError
from geo.measures import balance
from geo.places import admin
from geo.subjects import materials, requirements


def base(**changes) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "province_code": ["66", "66", "68"],
            "sector_code": ["1077", "1079", "1077"],
            "material_code": [None, None, "coffee"],
            "size_band": ["micro", "micro", "unknown"],
            "establishments": [4, 3, 2],
            "employees": [10.0, 9.0, 0.0],
            "employees_unknown": [1, 0, 2],
        }
    )
    return rows.assign(**changes)


NEEDS = pd.DataFrame(
    {"province_code": ["66"], "material_code": ["coffee"], "establishments": [2], "need_tonnes": [500.0]}
)
SUPPLY = pd.DataFrame(
    {"province_code": ["66", "51"], "material_code": "coffee", "supply_tonnes": [550.0, 10.0]}
)


def test_stated_and_estimated_demand_add_up():
    found = balance.demand(base(), NEEDS).set_index("province_code")
    house = requirements.employees_assumed().loc["household", "employees"]
    assert found.loc["66", "stated_tonnes"] == 500.0
    assert found.loc["66", "estimated_tonnes"] == pytest.approx((10 + house) * 10.0)
    assert found.loc["68", "estimated_tonnes"] == pytest.approx(2 * house * 10.0)
    np.testing.assert_allclose(found["demand_tonnes"], found["stated_tonnes"] + found["estimated_tonnes"])
    assert found["establishments"].to_dict() == {"66": 6, "68": 2}
    assert found["establishments_stated"].to_dict() == {"66": 2, "68": 0}
    assert (found["assumed_tonnes"] <= found["estimated_tonnes"]).all()


def test_what_cannot_be_estimated_is_told():
    left = balance.not_estimated(base())
    assert left.to_dict("records") == [{"sector_code": "1079", "establishments": 3}]


def test_edited_requirements_count():
    edited = requirements.table({("1077", "micro", "coffee"): 20.0})
    plain, doubled = (balance.demand(base(), NEEDS, table) for table in (None, edited))
    np.testing.assert_allclose(doubled["estimated_tonnes"], 2 * plain["estimated_tonnes"])


def test_no_figure_is_no_balance():
    demand = balance.demand(base(), NEEDS)
    found = balance.balance(SUPPLY, demand, ["51", "66", "68"]).set_index("province_code")
    assert not found.loc["68", "supply_known"]
    assert found.loc["68", ["supply_tonnes", "balance_tonnes", "self_sufficiency_share"]].isna().all()
    assert found.loc["68", "shortage_tonnes"] == found.loc["68", "demand_tonnes"] > 0
    assert found.loc["68", "surplus_tonnes"] == 0
    assert found.loc["51", "surplus_tonnes"] == 10.0
    assert np.isnan(found.loc["51", "self_sufficiency_share"])
    assert found.loc["66", "self_sufficiency_share"] == pytest.approx(550 / found.loc["66", "demand_tonnes"])
    assert list(found.columns) == [c for c in balance.BALANCE_COLUMNS if c != "province_code"]


def test_whole_country_adds_up():
    demand = balance.demand(base(), NEEDS)
    supply = materials.supply("2025")
    found = balance.balance(supply, demand, admin.provinces("2025").index)
    assert found["supply_tonnes"].sum() == pytest.approx(supply["supply_tonnes"].sum())
    assert found["demand_tonnes"].sum() == pytest.approx(demand["demand_tonnes"].sum())
    known = found[found["supply_known"]]
    np.testing.assert_allclose(known["balance_tonnes"], known["surplus_tonnes"] - known["shortage_tonnes"])
    assert (found.groupby("material_code")["province_code"].nunique() == 34).all()


def test_row_order_changes_nothing_and_arguments_are_not_written():
    supply, rows = SUPPLY.copy(), base()
    demand = balance.demand(rows, NEEDS)
    pd.testing.assert_frame_equal(balance.demand(rows.iloc[::-1], NEEDS), demand)
    found = balance.balance(supply, demand, ["51", "66", "68"])
    pd.testing.assert_frame_equal(
        balance.balance(supply.iloc[::-1], demand.iloc[::-1], ["68", "66", "51"]), found
    )
    pd.testing.assert_frame_equal(supply, SUPPLY)
    pd.testing.assert_frame_equal(rows, base())


def test_negative_quantities_name_the_row():
    demand = balance.demand(base(), NEEDS)
    with pytest.raises(DataError, match="coffee – 66") as error:
        balance.balance(SUPPLY.assign(supply_tonnes=[-1.0, 2.0]), demand, ["51", "66", "68"])
    assert "coffee – 66" in error.value.vi
    with pytest.raises(DataError, match="coffee – 66"):
        balance.demand(base(), NEEDS.assign(need_tonnes=-3.0))
    with pytest.raises(DataError):
        balance.demand(base(employees=[-1.0, 0, 0]), NEEDS)


def test_broken_tables_are_refused():
    demand = balance.demand(base(), NEEDS)
    with pytest.raises(DataError, match="supply_tonnes"):
        balance.balance(SUPPLY.drop(columns="supply_tonnes"), demand, ["66"])
    with pytest.raises(DataError, match="68"):
        balance.balance(SUPPLY, demand, ["51", "66"])
    with pytest.raises(DataError, match="repeats"):
        balance.balance(pd.concat([SUPPLY, SUPPLY]), demand, ["51", "66", "68"])
    with pytest.raises(DataError, match="size_band"):
        balance.demand(base().drop(columns="size_band"), NEEDS)


def test_nothing_in_nothing_out():
    demand = balance.demand(base().iloc[:0], NEEDS.iloc[:0])
    assert demand.empty
    assert balance.balance(SUPPLY.iloc[:0], demand, ["66"]).empty
