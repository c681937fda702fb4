"""Quality of the data: counts, shares, coverage, and what each gap does to the letters of confidence."""

from __future__ import annotations

import ast
import dataclasses
import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linkage_tables import whole_country

from geo.cli.main import main
from geo.intake import fault_words, left_duplicates
from geo.linkage import engine, quality_actions, quality_effects, quality_gaps, stability
from geo.linkage.kinds import TABLE
from geo.measures import quality
from geo.places import admin
from geo.store import aggregate, catalog, import_history, quality_counts
from geo.store.catalog import Dataset
from geo.store.filters import Filters
from geo.subjects import establishments as schema
from geo.subjects import statistics

ROOT = Path(__file__).resolve().parent.parent
NAMES = list(quality_counts.KNOWN)
VINTAGES = ("2025", "pre2025")


@cache
def rows(name: str) -> pd.DataFrame:
    """All rows of a shipped data set."""
    return pd.concat(
        [pd.read_parquet(path) for path in catalog.open_dataset(name).files()], ignore_index=True
    )


def small(tmp_path: Path, table: list[dict], provenance: dict | None = None, name: str = "small") -> Dataset:
    """A data set of a few rows, all in Ha Noi unless they say otherwise."""
    usual = {
        "vintage": "2025", "province_code": "01", "province_code_2025": "01", "province_code_pre2025": "01",
        "location_quality": "province", "source": "test", "licence": "test", "sector_code": "1077",
    }  # fmt: skip
    frame = pd.DataFrame(
        [{**usual, "establishment_id": f"e{i}", "name": f"e{i}", **row} for i, row in enumerate(table)]
    )
    if not table:
        frame = pd.DataFrame({column.name: pd.Series(dtype=object) for column in schema.ESTABLISHMENTS})
    return catalog.write_dataset(
        tmp_path, name, frame, kind="user", provenance=provenance or {}, label_vi="Thử", label_en="Test"
    )


# --- counts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vintage", VINTAGES)
@pytest.mark.parametrize("name", ["real", "demo"])
def test_counts_are_those_of_the_rows(name: str, vintage: str) -> None:
    table = rows(name)
    counts = quality_counts.by_province(catalog.open_dataset(name), Filters(vintage=vintage))
    home = table[f"province_code_{vintage}"]
    told = {
        "employees": table["employees"].notna(),
        "sector_class": table["sector_code"].str.len() == 4,
        "division": table["division_code"].notna(),
        "commune": table[f"commune_code_{vintage}"].notna(),
        "place": table["location_quality"] != "province",
        "point": table["location_quality"] == "point",
        "stated_need": table["states_need"],
        "year": table["year"].notna(),
        "owner": table["owner_flags"].fillna("") != "",
    }
    expected = pd.DataFrame(told).groupby(home).sum().sort_index()
    assert counts["province_code"].tolist() == expected.index.tolist()
    assert counts["establishments"].tolist() == home.value_counts().sort_index().tolist()
    for column in told:
        assert counts[column].tolist() == expected[column].tolist(), column


def test_counts_follow_the_filters() -> None:
    dataset = catalog.open_dataset("demo")
    chosen = Filters(provinces=("66",), sectors=("10",), sizes=("micro",))
    counts = quality_counts.by_province(dataset, chosen)
    assert counts["province_code"].tolist() == ["66"]
    assert counts["establishments"].sum() == aggregate.summary(dataset, chosen)["kept"]


def test_the_same_name_in_the_same_commune_is_counted(tmp_path: Path) -> None:
    at = {"commune_code_2025": "00004"}
    table = [
        {"name": "HTX Chè", **at},
        {"name": " htx chè ", **at},
        {"name": "HTX Chè"},
        {"name": "Khác", **at},
    ]
    found = quality_counts.same_names(small(tmp_path, table), Filters())
    assert found.to_dict("records") == [{"province_code": "01", "same_name": 2, "names": 1}]


def test_points_stand_in_fine_cells() -> None:
    cells = quality_counts.fine_cells(catalog.open_dataset("real"), Filters())
    assert cells["establishments"].sum() == (rows("real")["location_quality"] == "point").sum()
    assert cells["lat"].between(8, 24).all()


def test_an_empty_data_set_has_no_counts_and_no_shares(tmp_path: Path) -> None:
    dataset = small(tmp_path, [])
    counts = quality_counts.by_province(dataset, Filters())
    assert counts.empty
    assert quality_counts.same_names(dataset, Filters()).empty
    assert quality.columns(counts, NAMES)["known_share"].isna().all()
    assert quality.by_province(counts, NAMES, ["01"]).loc["01", "establishments"] == 0
    assert quality.far_outside(quality_counts.fine_cells(dataset, Filters()), "2025").empty
    assert quality.ages(aggregate.counts(dataset, Filters())).empty
    assert left_duplicates.find(dataset, Filters()).empty


# --- measures -------------------------------------------------------------------------------------------------


def test_no_establishments_is_not_nothing_known() -> None:
    counts = quality_counts.by_province(catalog.open_dataset("real"), Filters(vintage="pre2025"))
    table = quality.by_province(counts, NAMES, list(admin.provinces("pre2025").index))
    assert len(table) == 63
    empty = table[table["establishments"] == 0]
    assert len(empty) == 4
    assert empty[NAMES].isna().all(axis=None)
    assert (table.loc[table["establishments"] > 0, "employees"] == 0).all()


def test_completeness_is_the_mean_of_the_core() -> None:
    counts = quality_counts.by_province(catalog.open_dataset("demo"), Filters())
    table = quality.by_province(counts, ["year"], counts["province_code"].tolist())
    first = counts.iloc[0]
    mean = np.mean([first[name] / first["establishments"] for name in quality.CORE])
    assert table["completeness"].iloc[0] == pytest.approx(mean)
    assert "employees" not in table.columns


def test_a_point_in_another_province_is_far_outside() -> None:
    hanoi = {"province_code": "01", "lat": 21.03, "lon": 105.85, "establishments": 3}
    in_hue = {"province_code": "01", "lat": 16.46, "lon": 107.59, "establishments": 2}
    found = quality.far_outside(pd.DataFrame([hanoi, in_hue]), "2025")
    assert found.to_dict("records") == [{"province_code": "01", "far_outside": 2}]
    assert quality.far_outside(pd.DataFrame([hanoi]), "2025").empty


def test_coverage_rests_on_the_official_counts_of_either_vintage() -> None:
    listed = pd.Series({"01": 10, "79": 20})
    new, old = (quality.coverage(listed, vintage) for vintage in VINTAGES)
    assert (len(new), len(old)) == (34, 63)
    assert new["official"].sum() == old["official"].sum() == 5_169_722 + 895_876
    households = statistics.values(quality.OFFICIAL[0], "2025")["01"]
    assert new.at["01", "households"] == households
    ratio = 30 / new["official"].sum()
    assert new.at["01", "relative"] == pytest.approx(10 / new.at["01", "official"] / ratio)
    assert (new.drop(index=["01", "79"])["relative"] == 0).all()


def test_coverage_of_nothing_is_not_a_number() -> None:
    assert quality.coverage(pd.Series(dtype="int64"), "2025")["relative"].isna().all()


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(1990, 2030), st.integers(1, 5)), min_size=1, max_size=12))
def test_the_middle_year_is_a_median(records: list[tuple[int, int]]) -> None:
    table = pd.DataFrame(records, columns=["year", "establishments"]).assign(province_code="01")
    one = quality.ages(table.astype({"year": "Int64"})).loc["01"]
    years = np.repeat(table["year"].to_numpy(), table["establishments"].to_numpy())
    assert (one["oldest"], one["newest"]) == (years.min(), years.max())
    assert (years <= one["median"]).mean() >= 0.5
    assert (years >= one["median"]).mean() >= 0.5
    assert one["old"] == (years < years.max() - quality.OLD_YEARS).sum()


def test_records_without_a_year_are_counted_apart() -> None:
    table = aggregate.counts(catalog.open_dataset("real"), Filters())
    ages, years = quality.ages(table), quality.by_year(table)
    assert ages["year_known"].sum() == rows("real")["year"].notna().sum()
    assert years["establishments"].sum() == 494
    assert pd.isna(years["year"].iloc[-1])


# --- what to collect ------------------------------------------------------------------------------------------


@cache
def listed(name: str, draws: bool = False) -> tuple[list[quality_effects.Case], engine.Candidates]:
    """The opportunities of a shipped set, with their standing if asked for."""
    found = whole_country(name, "2025")
    ranking = engine.rank(found, draws=stability.draw(found, resamples=20) if draws else None)
    return quality_effects.cases(found, ranking, ranking), found


@pytest.mark.parametrize(
    ("name", "draws"), [("real", False), ("real", True), ("demo", False), ("demo", True)]
)
def test_nothing_collected_leaves_each_letter_as_the_ranking_has_it(name: str, draws: bool) -> None:
    every, found = listed(name, draws)
    context = found.basis.data.context
    assert every
    assert all((case.standing is not None) == draws for case in every)
    assert all(quality_effects.letter(case, context) == case.letter for case in every)


@pytest.mark.parametrize("name", ["real", "demo"])
def test_collecting_never_makes_a_letter_worse_and_changes_only_what_is_measured(name: str) -> None:
    every, found = listed(name)
    context = found.basis.data.context
    for action in quality_actions.ACTIONS:
        for case in every:
            changed = action.measures(case.finding, context)
            assert set(changed) <= set(case.finding.measures), action.code
            assert set(action.where(case.finding)) <= set(case.finding.codes)
            assert quality_effects.letter(case, context, [action]) <= case.letter, action.code


@pytest.mark.parametrize("name", ["real", "demo"])
def test_steps_add_up_and_the_first_stands_alone(name: str) -> None:
    every, found = listed(name)
    steps = quality_effects.first(every, found.basis.data.context)
    assert steps[0].further == steps[0].alone > 0
    assert steps[0].further == max(step.alone for step in steps)
    for step in steps:
        assert sum(step.letters.values()) == len(every)
        assert step.alone_top <= step.alone
        assert step.further_top <= step.further
        assert step.alone_from_c <= step.alone
    context, done = found.basis.data.context, [step.action for step in steps]
    for case in every[:50]:
        whole = quality_effects.letter(case, context, quality_actions.ACTIONS)
        assert quality_effects.letter(case, context, done) == whole


def test_stated_needs_come_first_where_all_needs_are_estimated() -> None:
    every, found = listed("real")
    step = quality_effects.first(every, found.basis.data.context)[0]
    assert step.action.code == "needs"
    planned = [case for case in every if case.finding.kind == "material" and case.letter == "C"]
    assert step.further == step.alone_from_c == len(planned)
    assert dict(step.provinces).keys() <= {case.finding.codes[1] for case in planned}


def test_the_list_follows_the_filters_and_the_letters_do_not() -> None:
    found = whole_country("demo", "2025")
    chosen = found.filters.__class__(vintage="2025", provinces=("66",))
    part = quality_effects.collecting(found, chosen)
    assert 0 < len(part.listed) < len(found.basis.opportunities)
    assert all("66" in case.finding.codes for case in part.listed)
    assert sum(part.letters.values()) == len(part.listed)


def test_nothing_to_list_has_nothing_to_collect() -> None:
    context = whole_country("real", "2025").basis.data.context
    assert quality_effects.first([], context) == []


def test_progress_ends_a_search_that_is_stopped() -> None:
    every, found = listed("real")

    class Stop(Exception):
        pass

    def stop(done: int, total: int) -> None:
        assert 0 <= done < total
        raise Stop

    with pytest.raises(Stop):
        quality_effects.first(every, found.basis.data.context, stop)


# --- what gaps do ---------------------------------------------------------------------------------------------


def gaps(name: str, vintage: str = "2025") -> dict[str, quality_gaps.Gap]:
    """The gaps of a shipped set, by code."""
    found = whole_country(name, vintage)
    ranking = engine.rank(found)
    found_gaps = quality_gaps.find(
        quality_counts.by_province(catalog.open_dataset(name), Filters(vintage=vintage)),
        int(found.basis.data.summary["without_place"]),
        quality_gaps.chosen(found),
        quality_effects.cases(found, ranking, ranking),
        list(admin.provinces(vintage).index),
    )
    return {gap.code: gap for gap in found_gaps}


def test_gaps_of_the_real_list() -> None:
    found = gaps("real", "pre2025")
    assert found["employees"].count == 494
    assert found["employees"].share == 1.0
    assert found["employees"].top == found["estimated_need"].top == 20
    assert found["empty_province"].named == ("15", "24", "51", "96")
    assert found["year"].count == 337
    assert found["year"].top is None
    assert all(gap.count > 0 and gap.unit in quality_gaps.UNITS for gap in found.values())


def test_gaps_of_the_demonstration_set() -> None:
    found = gaps("demo")
    assert "employees" not in found
    assert "year" not in found
    assert found["class"].count == (rows("demo")["sector_code"].str.len() == 2).sum()
    assert found["no_coefficient"].total == (~rows("demo")["states_need"]).sum()


def test_a_province_without_establishments_only_supplies() -> None:
    empty = set(gaps("real", "pre2025")["empty_province"].named)
    roles = {
        member.role
        for item in whole_country("real", "pre2025").opportunities
        for member in item.provinces
        if member.province_code in empty
    }
    assert roles <= {"source"}


def test_thin_sectors_are_never_sure() -> None:
    lq = whole_country("demo", "2025").basis.data.lq
    assert not lq.loc[lq["establishments"] < quality_gaps.LQ_FLOOR, "surely_specialised"].any()


def test_planned_flows_by_estimate_are_never_above_b() -> None:
    context = dataclasses.replace(
        whole_country("demo", "2025").basis.data.context, kind="user", place_share=1.0
    )
    for case in listed("demo")[0]:
        measures = case.finding.measures
        if case.finding.kind != "material" or not measures["planned_tonnes"] > 0:
            continue
        if measures["estimated_share"] > 0.5 or not measures["destination_known"]:
            assert quality_effects.letter(case, context) > "A"


def test_every_kind_of_linkage_has_something_to_collect() -> None:
    every, found = listed("demo")
    for kind in TABLE:
        cases = [case for case in every if case.finding.kind == kind]
        assert any(
            a.measures(c.finding, found.basis.data.context) for c in cases for a in quality_actions.ACTIONS
        )


# --- imports, faults, duplicates --------------------------------------------------------------------------------


def codes_in_the_import() -> set[str]:
    """Codes of faults that the modules of the import name."""
    found = set()
    for path in (ROOT / "geo" / "intake").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if called and node.func.attr in ("add", "warn") and len(node.args) >= 5:
                found.update(_text(node.args[2]))
            if isinstance(node, ast.Tuple) and len(node.elts) == 5 and _text(node.elts[0]):
                found.update(code for code in _text(node.elts[1]) if "-" in code)
    return found


def _text(node: ast.expr) -> list[str]:
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def test_every_kind_of_fault_has_words() -> None:
    codes = codes_in_the_import()
    assert {"sector-unknown", "commune-spelling", "tax-check"} <= codes
    assert codes <= set(fault_words.WORDS), codes - set(fault_words.WORDS)
    assert fault_words.words("whole", "en") != fault_words.words("whole", "vi")
    assert fault_words.words("not-known-yet") == "not-known-yet"


def test_imports_are_told_back_to_the_first_that_is_still_there(tmp_path: Path) -> None:
    def said(previous: str | None, faults: dict[str, int]) -> dict:
        counts = {"rows_in": 3, "accepted": 1, "merged": 1, "returned": 1}
        when = f"2026-01-0{1 + len(faults)}T00:00:00+00:00"
        return {
            "imported_at": when,
            "file": "a.xlsx",
            "counts": counts,
            "faults": faults,
            "previous": previous,
        }

    first = small(tmp_path, [{}], said("0123456789ab", {"whole": 2}))
    second = small(tmp_path, [{}, {}], said(first.version, {"year": 1, "whole": 3}))
    history = import_history.imports(second)
    assert history["version"].tolist() == [second.version, first.version]
    assert (history["rows_in"] == history[["accepted", "merged", "returned"]].sum(axis=1)).all()
    faults = import_history.faults(second)
    assert faults[["code", "faults"]].to_numpy().tolist() == [["whole", 3], ["year", 1], ["whole", 2]]


@pytest.mark.parametrize("name", ["real", "demo"])
def test_shipped_sets_were_not_imported(name: str) -> None:
    dataset = catalog.open_dataset(name)
    assert import_history.imports(dataset).empty
    assert import_history.faults(dataset).empty


def test_pairs_left_in_the_real_list_are_found_with_progress() -> None:
    told: list[tuple[int, int]] = []
    found = left_duplicates.find(
        catalog.open_dataset("real"), Filters(), lambda done, total: told.append((done, total))
    )
    assert told[-1] == (494, 494)
    assert told == sorted(told)
    assert found["likeness"].between(0.5, 1).all()
    assert (found["first_id"] != found["second_id"]).all()
    assert "Công ty TNHH SX và KD nước mắm Thanh Quốc" in set(found["first_name"]) | set(found["second_name"])
    one = left_duplicates.find(catalog.open_dataset("real"), Filters(provinces=("01",)))
    assert set(one["province_code"]) == {"01"}
    assert len(one) == (found["province_code"] == "01").sum()


# --- the command line -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["columns", "provinces", "places", "coverage", "years", "gaps", "collect"])
def test_the_command_tells_each_table(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "quality", "--what", what, "--format", "json"]) == 0
    table = json.loads(capsys.readouterr().out)
    assert table
    if what == "columns":
        assert {row["column"]: row["known"] for row in table}["employees"] == 0
    if what == "coverage":
        assert len(table) == 34
        assert {row["province_name"] for row in table} >= {"Ha Noi"}
    if what == "collect":
        assert table[0]["collect"] == "needs"


@pytest.mark.parametrize("what", ["imports", "faults", "duplicates"])
def test_the_command_tells_of_records(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quality", "--what", what, "--format", "csv", "--province", "33"]) == 0
    assert capsys.readouterr().out.startswith("province_code" if what == "duplicates" else "\n")
