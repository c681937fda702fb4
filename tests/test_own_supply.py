"""Own figures of raw materials: which of them count, what they change, and what they leave alone."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from geo.cli.main import main
from geo.errors import DataError, ParameterError, PlaceError
from geo.linkage import engine, material_tables
from geo.places import admin
from geo.store import catalog, own_supply
from geo.store.filters import Filters
from geo.subjects import materials
from geo.subjects import own_supply as contract
from ui.navigation import PAGES
from ui.text import catalogue

SHELL = Path(__file__).resolve().parent.parent / "pages" / "shell.py"
#: Materials whose figures are nationwide and of old provinces only.
NATIONWIDE = ("paddy_rice", "maize", "sugarcane", "harvested_wood")
PLACE = ["material_code", "province_code"]


def own(*rows: tuple[str, str, str, int, float]) -> pd.DataFrame:
    names = ["material_code", "vintage", "province_code", "year", "supply_tonnes"]
    return contract.complete(pd.DataFrame(rows, columns=names).assign(source="Sở Nông nghiệp"))


def of_published(vintage: str) -> pd.DataFrame:
    return contract.complete(materials.supply(vintage).assign(vintage=vintage))


def at(rows: pd.DataFrame, material: str, province: str) -> pd.Series:
    return rows.set_index(PLACE).loc[(material, province)]


def stored(folder: Path, supply: pd.DataFrame | None, of: str = "real") -> catalog.Dataset:
    """A data set with the establishments of another and own figures."""
    files = [pd.read_parquet(path) for path in catalog.open_dataset(of).files()]
    return catalog.write_dataset(
        folder, "user", pd.concat(files, ignore_index=True), None, supply, kind="user", provenance={},
        label_vi="Của đơn vị", label_en="Own",
    )  # fmt: skip


@pytest.mark.parametrize("vintage", admin.VINTAGES)
def test_own_figures_equal_to_the_published_ones_change_no_figure(vintage: str) -> None:
    published = materials.supply(vintage)
    names = ["material_code", "province_code", "year", "supply_tonnes"]
    shown = materials.supply(vintage, own=of_published(vintage))
    pd.testing.assert_frame_equal(shown[names], published[names])
    assert shown["own"].all()
    assert set(shown["reliability"]) == {contract.OWN}


def test_own_figures_equal_to_the_published_ones_change_nothing_in_the_plan(tmp_path: Path) -> None:
    filters = Filters(vintage="pre2025").normalised()
    before = material_tables.compute(catalog.open_dataset("real"), filters)
    after = material_tables.compute(stored(tmp_path, of_published("pre2025")), filters)
    pd.testing.assert_frame_equal(
        after.balance.drop(columns="supply_partial"), before.balance.drop(columns="supply_partial")
    )
    pd.testing.assert_frame_equal(after.plan.flows, before.plan.flows)
    pd.testing.assert_frame_equal(after.plan.unmet, before.plan.unmet)


_FIGURES = st.dictionaries(
    st.tuples(st.sampled_from(NATIONWIDE), st.sampled_from(sorted(admin.provinces("pre2025").index))),
    st.tuples(st.integers(2015, 2026), st.integers(0, 10**6)),
    min_size=1,
    max_size=15,
)


@settings(max_examples=8)
@given(_FIGURES, st.randoms(use_true_random=False))
def test_sums_over_the_63_are_sums_over_the_34(figures: dict, random: object) -> None:
    rows = [(m, "pre2025", code, year, float(tonnes)) for (m, code), (year, tonnes) in figures.items()]
    stated = own(*rows)
    kept = stated.copy()
    old, new = (materials.supply(vintage, own=stated) for vintage in ("pre2025", "2025"))
    pd.testing.assert_frame_equal(stated, kept)
    for code in NATIONWIDE:
        sums = [frame.loc[frame["material_code"] == code, "supply_tonnes"].sum() for frame in (old, new)]
        assert sums[0] == pytest.approx(sums[1], rel=1e-12)
    for (material, province), (year, tonnes) in figures.items():
        row = at(old, material, province)
        assert (row["supply_tonnes"], row["year"], row["own"]) == (tonnes, year, True)
    untouched = ~pd.MultiIndex.from_frame(old[PLACE]).isin(list(figures))
    published = materials.supply("pre2025")
    pd.testing.assert_frame_equal(
        old[untouched].reset_index(drop=True),
        published[~pd.MultiIndex.from_frame(published[PLACE]).isin(list(figures))].reset_index(drop=True),
    )
    shuffled = stated.sample(frac=1, random_state=random.randint(0, 99))  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(materials.supply("2025", own=shuffled), new)


def test_the_latest_own_figure_counts_whatever_the_year_of_the_published_one() -> None:
    rows = materials.supply(
        "pre2025", own=own(("coffee", "pre2025", "66", 2016, 5.0), ("coffee", "pre2025", "66", 2018, 7.0))
    )
    coffee = at(rows, "coffee", "66")
    assert (coffee["supply_tonnes"], coffee["year"], coffee["source"]) == (7.0, 2018, "Sở Nông nghiệp")
    assert not coffee["derived"]
    only = materials.supply("pre2025", 2016, own=own(("coffee", "pre2025", "66", 2016, 5.0)))
    assert at(only, "coffee", "66")["supply_tonnes"] == 5.0


def test_a_sum_holds_own_and_published_parts_and_names_both_sources() -> None:
    published = at(materials.supply("pre2025"), "coffee", "54")["supply_tonnes"]
    rows = materials.supply("2025", own=own(("coffee", "pre2025", "66", 2024, 1000.0)))
    mixed = at(rows, "coffee", "66")
    assert mixed["supply_tonnes"] == 1000.0 + published
    assert mixed["own"]
    assert mixed["reliability"] == contract.OWN
    assert "Sở Nông nghiệp | " in mixed["source"] or " | Sở Nông nghiệp" in mixed["source"]
    assert not mixed["partial"]


def test_a_part_never_takes_the_place_of_a_figure_of_the_whole_province() -> None:
    # Durian of Đắk Lắk (2025) is published as a whole, of old Phú Yên there is no figure; pineapple has neither.
    stated = own(("durian", "pre2025", "54", 2024, 500.0), ("pineapple", "pre2025", "54", 2024, 500.0))
    before, after = materials.supply("2025"), materials.supply("2025", own=stated)
    pd.testing.assert_series_equal(at(after, "durian", "66"), at(before, "durian", "66"))
    assert materials.own_set_aside("2025", stated)["material_code"].tolist() == ["durian"]
    both = own(("durian", "pre2025", "54", 2020, 500.0), ("durian", "pre2025", "66", 2020, 400.0))
    assert at(materials.supply("2025", own=both), "durian", "66")["supply_tonnes"] == 900.0
    pineapple = at(after, "pineapple", "66")
    assert pineapple["own"]
    assert pineapple["partial"]


def test_a_whole_province_comes_before_the_sum_unless_all_its_parts_are_newer() -> None:
    whole = ("coffee", "2025", "66", 2023, 9.0)
    one, other = ("coffee", "pre2025", "66", 2024, 4.0), ("coffee", "pre2025", "54", 2024, 3.0)
    assert at(materials.supply("2025", own=own(whole, one)), "coffee", "66")["supply_tonnes"] == 9.0
    assert at(materials.supply("2025", own=own(whole, one, other)), "coffee", "66")["supply_tonnes"] == 7.0
    older = ("coffee", "pre2025", "54", 2022, 3.0)
    assert at(materials.supply("2025", own=own(whole, one, older)), "coffee", "66")["supply_tonnes"] == 9.0


def test_nothing_is_split_back_and_what_cannot_be_shown_is_told() -> None:
    stated = own(("coffee", "2025", "66", 2026, 9.0), ("tea_fresh_leaf", "2025", "11", 2026, 8.0))
    before, after = materials.supply("pre2025"), materials.supply("pre2025", own=stated)
    # Điện Biên was not merged: its figure is the old one's too. Đắk Lắk was.
    assert at(after, "tea_fresh_leaf", "11")["supply_tonnes"] == 8.0
    coffee = [frame[frame["material_code"] == "coffee"].reset_index(drop=True) for frame in (before, after)]
    pd.testing.assert_frame_equal(*coffee)
    aside = materials.own_set_aside("pre2025", stated)
    assert aside[PLACE].to_numpy().tolist() == [["coffee", "66"]]
    assert materials.own_set_aside("2025", stated).empty


def test_coverage_counts_own_figures() -> None:
    before = materials.coverage("pre2025")
    after = materials.coverage("pre2025", own=own(("durian", "pre2025", "54", 2024, 500.0)))
    assert after.loc["durian", "provinces"] == before.loc["durian", "provinces"] + 1
    assert after["own"].sum() == 1
    assert not before["own"].any()


def test_rows_that_break_the_contract_are_refused() -> None:
    with pytest.raises(ParameterError, match="gold"):
        own(("gold", "2025", "66", 2024, 1.0))
    with pytest.raises(PlaceError):
        own(("coffee", "2025", "67", 2024, 1.0))
    with pytest.raises(DataError, match="repeats"):
        own(("coffee", "2025", "66", 2024, 1.0), ("coffee", "2025", "66", 2024, 2.0))
    with pytest.raises(DataError, match="supply_tonnes"):
        own(("coffee", "2025", "66", 2024, -1.0))


def test_own_figures_reach_flows_letters_and_evidence(tmp_path: Path) -> None:
    before = engine.find(catalog.open_dataset("real"), Filters()).opportunities
    link = next(o for o in before if o.kind == "material")
    source = link.province_codes[0]
    figure = at(materials.supply("2025"), link.subject_code, source)
    stated = own((link.subject_code, "2025", source, 2026, float(figure["supply_tonnes"])))
    dataset = stored(tmp_path, stated)
    assert own_supply.read(dataset) is not None
    after = engine.find(dataset, Filters()).opportunities
    same = next(o for o in after if o.id == link.id)
    row = next(row for row in same.evidence if row["table"] == "material_supply")
    assert (row["status"], row["source"], row["values"]["reliability"]) == (
        "own",
        "Sở Nông nghiệp",
        contract.OWN,
    )
    assert any("khai báo của đơn vị" in reason.vi for reason in same.confidence_reasons)
    assert same.confidence >= link.confidence  # a later letter is a weaker one
    halved = stored(tmp_path / "half", stated.assign(supply_tonnes=0.0))
    flows = material_tables.compute(halved, Filters().normalised()).plan.flows
    assert not ((flows["material_code"] == link.subject_code) & (flows["origin_code"] == source)).any()


def test_a_dataset_without_own_figures_has_no_third_table(tmp_path: Path) -> None:
    dataset = stored(tmp_path, None)
    assert own_supply.read(dataset) is None
    assert catalog.SUPPLY not in dataset.manifest["tables"]
    assert dataset.rows(catalog.SUPPLY) == 0
    assert own_supply.read(catalog.open_dataset("real")) is None


def test_the_command_line_tells_own_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setenv("PRODUCT_HOME", str(tmp_path))
    _own_sets()
    for command in ("balance", "flows"):
        assert main([command, "--material", "coffee", "--dataset", "supply", "--format", "csv"]) == 0
        printed = capsys.readouterr().out
        assert ("Sở Nông nghiệp" in printed) == (command == "balance")


def _own_sets() -> None:
    """One data set of own figures alone, one of 20 establishments and the same figures."""
    figures = own(("coffee", "pre2025", "67", 2024, 400_000.0), ("durian", "2025", "66", 2023, 500.0))
    none = pd.DataFrame(
        columns=[
            "establishment_id",
            "name",
            "sector_code",
            "vintage",
            "location_quality",
            "source",
            "licence",
        ],
        dtype=object,
    )
    real = pd.concat([pd.read_parquet(path) for path in catalog.open_dataset("real").files()])
    for name, rows in (("supply", none), ("twenty", real.sort_values("establishment_id").head(20))):
        catalog.write_dataset(
            catalog.user_root(), name, rows, None, figures, kind="user",
            provenance={"imported_at": "2026-01-02T03:04:05+00:00"}, label_vi="Của đơn vị", label_en="Own",
        )  # fmt: skip


@pytest.mark.parametrize(("name", "lang", "vintage"), [("supply", "vi", "2025"), ("twenty", "en", "pre2025")])
def test_every_page_stands_small_own_sets(
    name: str, lang: str, vintage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRODUCT_HOME", str(tmp_path))
    _own_sets()
    app = AppTest.from_file(str(SHELL), default_timeout=60)
    views = [(page.slug, "") for page in PAGES] + [("data", "quality"), ("data", "versions")]
    for slug, mode in views:
        asked = {"data": name, "lang": lang, "vintage": vintage} | ({"mode": mode} if mode else {})
        if slug != "overview":
            app.switch_page(str(SHELL.parent / f"{slug}_page.py"))
        app.query_params.update(asked)
        app.run()
        assert not app.exception, (slug, mode)
        assert not app.error, (slug, mode, [error.value for error in app.error])
        assert app.title[0].value == catalogue(lang)[f"page.{slug}.question"]
        shown = " ".join(block.proto.body for block in app.get("html"))
        word = "2 số liệu nguyên liệu" if lang == "vi" else "2 figures of raw materials"
        assert word in shown, (slug, mode)
