"""What if: scenarios as text and tables, what they change and what they must not, in numbers and in words."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.cli.main import main
from geo.errors import ParameterError
from geo.linkage import material_tables, what_if_words
from geo.linkage.narrative import rounded
from geo.measures import flow_problem, sensitivity, what_if, what_if_effects, what_if_table
from geo.measures.flows import FlowOptions, MaterialPlan, problems
from geo.measures.what_if import KINDS, Change, Scenario
from geo.places import admin, distances
from geo.store import catalog
from geo.store.filters import Filters
from geo.subjects import gateways, materials

MATERIALS = ["coffee", "cassava", "tea_fresh_leaf", "cashew"]
EVERY = Filters().normalised()
PROVINCES = {vintage: list(admin.provinces(vintage).index) for vintage in admin.VINTAGES}
GATEWAYS = list(gateways.gateways().index)


def tables(scenario: Scenario | None = None, filters: Filters = EVERY, options: FlowOptions | None = None):
    return material_tables.compute(
        catalog.open_dataset("demo"), filters, None, options or FlowOptions(), scenario=scenario
    )


@pytest.fixture(scope="module")
def before():
    return tables()


def of(code: str) -> Filters:
    return Filters(materials=(code,)).normalised()


@st.composite
def changes(draw: st.DrawFn, vintage: str = "2025") -> Change:
    kind = draw(st.sampled_from(sorted(KINDS)))
    rule = KINDS[kind]
    low, high = rule.limits or (0.0, 0.0)
    return Change(
        kind,
        draw(st.sampled_from(MATERIALS)) if rule.material else "",
        draw(
            st.sampled_from(
                GATEWAYS if rule.place == "gateway" else PROVINCES[vintage] if rule.place else [""]
            )
        ),
        draw(st.floats(max(low, -1e6), min(high, 1e6))) if rule.limits else 0.0,
    )


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    vintage = draw(st.sampled_from(admin.VINTAGES))
    scenario = Scenario(vintage=vintage)
    for change in draw(st.lists(changes(vintage), max_size=4)):
        scenario = scenario.with_change(change)
    return scenario


@settings(max_examples=60, deadline=None)
@given(scenarios())
def test_a_scenario_survives_the_address(scenario: Scenario) -> None:
    text = what_if.text_of(scenario)
    assert re.fullmatch(r"[A-Za-z0-9_.,+-]*", text)
    again = what_if.parse(text)
    assert again.changes == scenario.changes
    assert not scenario or again == scenario
    assert what_if.read(text) == (again, ())
    assert hash(again) == hash(what_if.parse(text))


@settings(max_examples=30, deadline=None)
@given(scenarios(), st.randoms())
def test_the_order_of_changes_is_nothing(scenario: Scenario, random) -> None:
    shuffled = list(scenario.changes)
    random.shuffle(shuffled)
    assert Scenario(tuple(shuffled), scenario.vintage) == scenario


@pytest.mark.parametrize(
    "part",
    [
        "fail.coffee.68", "fail.coffee.68.2", "fail.coffee.68.-1", "fail.coffee.68.x", "fail.coffee.99.1", "fail.gold.68.1",
        "gate.atlantis", "gate.moc_bai.3", "detour.0.5", "detour", "open.coffee.68.nan", "burn.coffee.68.1", "open.coffee.68.1e+30",
        "fail", "", ".", "fail..68.1",
    ],
)  # fmt: skip
def test_a_part_that_cannot_be_used_is_named_or_handed_back(part: str) -> None:
    text = f"{part},supply.coffee.66.-5"
    scenario, ignored = what_if.read(text)
    assert [change.text() for change in scenario.changes] == ["supply.coffee.66.-5"]
    assert ignored == ((part,) if part.strip() else ())
    if part:
        with pytest.raises(ParameterError, match=re.escape(part)):
            what_if.parse(text)


def test_a_change_stands_once() -> None:
    with pytest.raises(ParameterError, match="once"):
        what_if.parse("fail.coffee.68.1,fail.coffee.68.0.5")
    scenario = what_if.parse("fail.coffee.68.1").with_change(Change("fail", "coffee", "68", 0.5))
    assert what_if.text_of(scenario) == "fail.coffee.68.0.5"
    assert not scenario.without(scenario.changes[0])


def test_codes_of_another_vintage_are_never_read_as_ones_own() -> None:
    scenario = what_if.parse("pre2025,fail.coffee.24.1")
    with pytest.raises(ParameterError, match="pre2025"):
        tables(scenario)
    assert tables(Scenario(vintage="pre2025")).plan.flows.equals(tables().plan.flows)


def test_a_scenario_that_changes_nothing_changes_nothing(before) -> None:
    idle = what_if.parse("fail.coffee.68.0,open.cassava.80.0,supply.coffee.66.0,close.tea_fresh_leaf.96.0")
    found = what_if_effects.compare(before.plan, tables(idle).plan)
    assert not found
    assert found.places.empty
    assert (found.totals.filter(like="difference").to_numpy() == 0).all()


def test_other_materials_stay_as_they_are(before) -> None:
    after = tables(what_if.parse("fail.coffee.68.1,open.cassava.01.3000000"))
    for name in ("flows", "unmet"):
        sides = [getattr(side.plan, name) for side in (before, after)]
        rest = [
            side[~side["material_code"].isin(["coffee", "cassava"])].reset_index(drop=True) for side in sides
        ]
        pd.testing.assert_frame_equal(*rest)
    found = what_if_effects.compare(before.plan, after.plan)
    assert set(found.flows["material_code"]) == {"coffee", "cassava"}
    kept = ~before.balance["material_code"].isin(["coffee", "cassava"])
    pd.testing.assert_frame_equal(before.balance[kept], after.balance[kept])


def test_a_source_that_sends_nothing_may_go(before) -> None:
    balance, sent = (
        before.balance,
        before.plan.flows.groupby(["material_code", "origin_code"])["flow_tonnes"].sum(),
    )
    keys = pd.MultiIndex.from_frame(balance[["material_code", "province_code"]])
    idle = balance[(balance["supply_tonnes"] > 0) & (balance["demand_tonnes"] == 0) & ~keys.isin(sent.index)]
    assert len(idle) > 3
    lost = tuple(
        Change("fail", m, p, 1.0) for m, p in zip(idle["material_code"], idle["province_code"], strict=True)
    )
    assert not what_if_effects.compare(before.plan, tables(Scenario(lost)).plan)


def test_apply_touches_only_what_is_named() -> None:
    supply, imports = materials.supply("2025"), gateways.import_options("2025")
    demand = pd.DataFrame(
        {"province_code": ["68"], "material_code": ["coffee"], "demand_tonnes": [10.0], "establishments": [2]}
    )
    copies = supply.copy(), demand.copy(), imports.copy()
    scenario = what_if.parse(
        "fail.coffee.68.0.25,supply.coffee.01.7,supply.coffee.66.-1e9,supply.coffee.04.-3,open.coffee.01.5,"
        "close.coffee.68.99,gate.moc_bai,limit.cassava.xa_mat.5"
    )
    new_supply, new_demand, new_imports = what_if_effects.apply(scenario, supply, demand, imports)
    for now, then in zip((supply, demand, imports), copies, strict=True):
        pd.testing.assert_frame_equal(now, then)
    at = new_supply.set_index(["material_code", "province_code"])["supply_tonnes"]
    was = supply.set_index(["material_code", "province_code"])["supply_tonnes"]
    assert at["coffee", "68"] == pytest.approx(0.75 * was["coffee", "68"])
    assert (at["coffee", "01"], at["coffee", "66"]) == (7.0, 0.0)
    assert ("coffee", "04") not in at.index  # no figure: nothing to take away, and never a zero
    rest = was.index.difference([("coffee", "68"), ("coffee", "66")])
    pd.testing.assert_series_equal(at[rest], was[rest])
    assert new_demand.set_index("province_code")["demand_tonnes"].to_dict() == {"68": 0.0, "01": 5.0}
    assert new_demand["establishments"].tolist() == [2, 0]
    assert "moc_bai" not in set(new_imports["gateway_code"])
    limited = new_imports[new_imports["capacity_tonnes"].notna()]
    assert set(limited["gateway_code"]) == {"xa_mat"}
    assert set(limited["material_code"]) == {"cassava"}


def least(code: str, balance: pd.DataFrame) -> tuple[float, float]:
    """Unmet tonnes, then counted tonne-km of one material."""
    problem = problems(balance, distances.matrix_km("2025"), material_tables._imports("2025"))[code]
    solution = flow_problem.solve(problem)
    used = solution.flow > 0
    return solution.unmet.sum(), (solution.flow[used] * problem.counted[used]).sum()


@settings(max_examples=6, deadline=None)
@given(st.sampled_from(MATERIALS), st.data())
def test_more_supply_never_hurts_and_more_need_never_helps(code: str, data: st.DataObject) -> None:
    province = data.draw(st.sampled_from(PROVINCES["2025"]))
    tonnes = data.draw(st.floats(1, 1e6))
    kind = data.draw(st.sampled_from(["supply", "open"]))
    base, after = (
        tables(scenario, of(code)).balance
        for scenario in (None, Scenario((Change(kind, code, province, tonnes),)))
    )
    (unmet, cost), (unmet_after, cost_after) = (least(code, balance) for balance in (base, after))
    sign = 1 if kind == "supply" else -1
    assert sign * (unmet_after - unmet) <= 1e-6 * max(1.0, unmet)
    if abs(unmet_after - unmet) <= 1e-6:
        assert sign * (cost_after - cost) <= 1e-6 * max(1.0, cost)


def test_a_comparison_adds_up(before) -> None:
    after = tables(what_if.parse("fail.coffee.68.1,open.cassava.01.9000000,gate.xa_mat"))
    found = what_if_effects.compare(before.plan, after.plan)
    for code in ("coffee", "cassava"):
        flows, totals = (t[t["material_code"] == code] for t in (found.flows, found.totals))
        one = totals.iloc[0]
        assert flows["difference_tonnes"].sum() == pytest.approx(one["difference_moved_tonnes"], abs=1e-3)
        for side, plan in (("before", before.plan), ("after", after.plan)):
            own = plan.flows[plan.flows["material_code"] == code]
            assert own["tonne_km"].sum() == pytest.approx(one[f"{side}_tonne_km"])
        places = found.places[found.places["material_code"] == code]
        received = places["received_difference_tonnes"].sum()
        assert received == pytest.approx(one["difference_moved_tonnes"], abs=0.1)
        assert places["unmet_difference_tonnes"].sum() == pytest.approx(
            one["difference_unmet_tonnes"], abs=0.1
        )
    back = what_if_effects.compare(after.plan, before.plan)
    pd.testing.assert_series_equal(
        -back.flows["difference_tonnes"], found.flows["difference_tonnes"], check_names=False
    )


@pytest.mark.parametrize("code", ["coffee", "cassava", "cashew"])
def test_sensitivity_is_what_each_failure_does(code: str) -> None:
    base = tables(filters=of(code))
    table = material_tables.sensitivity(catalog.open_dataset("demo"), of(code))
    assert list(table.columns) == sensitivity.SENSITIVITY_COLUMNS
    assert set(table.loc[table["source_kind"] == "province", "source_code"]) == set(
        base.balance.loc[base.balance["supply_tonnes"] > 0, "province_code"]
    )
    order = table[["extra_unmet_tonnes", "extra_counted_tonne_km"]].apply(tuple, axis=1).tolist()
    assert order == sorted(order, reverse=True)
    assert (table["extra_counted_tonne_km"] >= 0).all() or table["extra_unmet_tonnes"].any()
    for row in table[table["source_kind"] == "province"].head(2).to_dict("records"):
        scenario = Scenario((Change("fail", code, row["source_code"], 1.0),))
        totals = what_if_effects.compare(base.plan, tables(scenario, of(code)).plan).totals.iloc[0]
        assert row["extra_tonne_km"] == pytest.approx(totals["difference_tonne_km"], rel=1e-6)
        assert row["extra_unmet_tonnes"] == pytest.approx(totals["difference_unmet_tonnes"], abs=1e-3)


def test_a_gateway_can_be_the_critical_source() -> None:
    rows = pd.DataFrame(
        {
            "material_code": "coffee", "province_code": ["a", "b"], "surplus_tonnes": 0.0, "shortage_tonnes": [0.0, 9.0],
            "supply_known": [False, False], "supply_tonnes": np.nan, "demand_tonnes": [0.0, 9.0],
        }
    )  # fmt: skip
    km = pd.DataFrame(np.array([[0.0, 10.0], [10.0, 0.0]]), index=["a", "b"], columns=["a", "b"])
    gate = pd.DataFrame(
        {"material_code": "coffee", "gateway_code": "a", "destination_code": ["b"], "straight_km": [5.0]}
    )
    found = sensitivity.sensitivity(rows, km, imports=gate)
    assert found[["source_kind", "source_code", "lost_tonnes", "extra_unmet_tonnes"]].to_numpy().tolist() == [
        ["gateway", "a", 9.0, 9.0]
    ]


def numbers(text: str, lang: str) -> list[float]:
    """Numbers of a sentence, in the form of the language."""
    point, comma = (",", ".") if lang == "vi" else (".", ",")
    found = re.findall(r"\d[\d.,]*\d|\d", text)
    return [float(item.replace(comma, "").replace(point, ".")) for item in found]


@pytest.mark.parametrize(
    "text", ["fail.coffee.68.1", "open.cassava.01.30000000", "supply.coffee.51.-50000", "fail.coffee.68.0.5"]
)
def test_every_number_of_a_sentence_stands_in_a_table(before, text: str) -> None:
    scenario = what_if.parse(text)
    found = what_if_effects.compare(before.plan, tables(scenario).plan)
    code = scenario.changes[0].material_code
    said = what_if_words.comparison_text(found, code, "2025")
    known = {float(len(found.flows[found.flows["material_code"] == code]))}
    for table in (found.flows, found.unmet, found.places, found.totals):
        values = table[table["material_code"] == code].select_dtypes("float64").to_numpy().ravel()
        known |= {rounded(abs(value)) for value in values}
    for lang in ("vi", "en"):
        for value in numbers(getattr(said, lang), lang):
            assert value in known, (value, getattr(said, lang))
    assert bool(numbers(said.vi, "vi")) == bool(found)
    told = what_if_words.scenario_text(scenario)
    amount = scenario.changes[0].amount
    assert set(numbers(told.vi, "vi")) <= {rounded(abs(amount)), 100 * amount}


def test_every_number_of_a_price_stands_in_its_row(before) -> None:
    prices = material_tables.compute(
        catalog.open_dataset("demo"), EVERY, None, FlowOptions(), prices=True
    ).plan.prices
    assert set(prices["material_code"]) == set(before.demand["material_code"])
    for row in prices.iloc[:: max(1, len(prices) // 150)].to_dict("records"):
        said = what_if_words.price_text({str(k): v for k, v in row.items()}, "2025")
        for lang in ("vi", "en"):
            for value in numbers(getattr(said, lang), lang):
                assert value in {1.0, rounded(abs(row["road_km"]))}, getattr(said, lang)


def test_a_table_gives_the_same_scenario_as_the_text() -> None:
    rows = pd.DataFrame(
        [
            {"change": "fail", "material": "Cà phê", "province": "Lâm Đồng"},
            {"change": "open", "material": "cassava", "province": "80", "tonnes": "50000"},
            {"change": "gate", "gateway": "moc_bai"},
            {"change": "detour", "factor": "1.6"},
        ]
    )
    text = "fail.coffee.68.1,open.cassava.80.50000,gate.moc_bai,detour.1.6"
    assert what_if_table.from_table(rows) == what_if.parse(text)


def test_a_plant_by_its_employees_needs_what_its_class_needs() -> None:
    tonnes = what_if_table.plant_tonnes("1610", 150, "harvested_wood")
    rows = pd.DataFrame(
        [
            {
                "change": "open",
                "material": "harvested_wood",
                "province": "52",
                "sector": "1610",
                "employees": 150,
            }
        ]
    )
    assert what_if_table.from_table(rows).changes[0].amount == pytest.approx(tonnes)
    assert what_if_table.plant_tonnes("1610", 151, "harvested_wood") == pytest.approx(tonnes * 151 / 150)


@pytest.mark.parametrize(
    ("row", "part"),
    [
        ({"change": "burn"}, "burn"),
        ({"change": "fail", "material": "gold", "province": "68"}, "gold"),
        ({"change": "fail", "material": "coffee", "province": "Atlantis"}, "Atlantis"),
        ({"change": "fail", "material": "coffee", "province": "Vĩnh Phúc"}, "Vĩnh Phúc"),
        ({"change": "fail", "material": "coffee", "province": "68", "share": "2"}, "fail.coffee.68.2"),
        ({"change": "open", "material": "coffee", "province": "68", "tonnes": "nhiều"}, "nhiều"),
        ({"change": "open", "material": "coffee", "province": "68"}, "tonnes"),
        ({"change": "open", "material": "coffee", "province": "68", "sector": "2599", "employees": "5"}, "2599"),
        ({"change": "gate"}, "gateway"),
    ],
)  # fmt: skip
def test_errors_of_a_table_name_the_row(row: dict[str, str], part: str) -> None:
    good = {"change": "detour", "factor": "1.5"}
    with pytest.raises(ParameterError) as error:
        what_if_table.from_table(pd.DataFrame([good, row]))
    assert error.value.vi.startswith("Dòng 2")
    assert part in error.value.vi
    assert part in error.value.en


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_the_command_line_reads_files_and_texts(tmp_path, capsys) -> None:
    sheet, listing = tmp_path / "s.csv", tmp_path / "s.json"
    sheet.write_text("change,material,province,share\nfail,coffee,68,1\n", encoding="utf-8-sig")
    listing.write_text('[{"change": "fail", "material": "coffee", "province": "68", "share": 1}]')
    answers = []
    for given_ in (str(sheet), str(listing), "fail.coffee.68.1"):
        code, out, _ = run(capsys, "flows", "--what-if", given_, "--dataset", "demo", "--format", "json")
        assert code == 0
        answers.append(json.loads(out)[0])
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["scenario"] == "fail.coffee.68.1"
    assert answers[0]["flows"]
    assert "Lâm Đồng" in answers[0]["sentences"][0]


def test_the_command_line_shows_prices_and_critical_sources(capsys) -> None:
    _, out, _ = run(
        capsys, "flows", "--material", "coffee", "--sensitivity", "--dataset", "demo", "--format", "json"
    )
    assert json.loads(out)[0]["source_code"] == "68"
    _, out, _ = run(
        capsys, "flows", "--material", "coffee", "--prices", "--dataset", "demo", "--format", "json"
    )
    assert {row["side"] for row in json.loads(out)} == {"origin", "destination"}
    _, out, _ = run(
        capsys,
        "flows",
        "--material",
        "coffee",
        "--between-regions-km",
        "300",
        "--import-penalty-km",
        "0",
        "--format",
        "json",
    )
    assert json.loads(out)


@pytest.mark.parametrize(
    "arguments", [(), ("--what-if", "nowhere.csv"), ("--what-if", "fail.coffee.99.1"), ("--material", "gold")]
)
def test_the_command_line_refuses_in_one_sentence(arguments, capsys) -> None:
    code, out, err = run(capsys, "flows", *arguments)
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1


def test_an_empty_plan_compares_with_itself() -> None:
    flows = pd.DataFrame(columns=["material_code", "origin_code", "origin_kind", "destination_code", "flow_tonnes", "distance_km", "tonne_km"])  # fmt: skip
    unmet = pd.DataFrame(columns=["material_code", "destination_code", "unmet_tonnes"])
    plan = MaterialPlan(flows, unmet)
    found = what_if_effects.compare(plan, plan)
    assert not found
    assert found.totals.empty
