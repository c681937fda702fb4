"""Versions of own datasets: listed whatever their state, gone back to, deleted, compared; their panel and command."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import shutil
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from geo.cli.main import main
from geo.errors import ParameterError, StoreError
from geo.intake import check, commit, mapping, outgoing_changes, read
from geo.intake.model import Options
from geo.store import aggregate, catalog, compare, compare_rows, compare_tables, engine, lock, versions
from geo.store.catalog import Dataset
from geo.store.filters import Filters
from ui.text import Text, catalogue

ROOT = Path(__file__).resolve().parent.parent
TITLES = ("Tên cơ sở", "Sản phẩm", "Mã ngành", "Tỉnh", "Số lao động", "Năm")
PLACES = ("Cao Bằng", "Lạng Sơn", "Hà Tĩnh")


def imported(root: Path, number: int, who: str = "") -> Dataset:
    """Import a list that holds the one before and two establishments more; the first row changes each time."""
    rows = [
        (f"Xưởng {n} {n * 7919}", "Gốm", "2393", PLACES[n % 3], 10 + number if n == 0 else 5, 2024)
        for n in range(2 * number)
    ]
    rows.append(("Xưởng hỏng", "Gốm", "2393", "Atlantis", 5, 2024))
    path = root / f"list-{number}.csv"
    pd.DataFrame(rows, columns=list(TITLES)).to_csv(path, index=False)
    table = read.tables(path)[0]
    options = Options(vintage="2025", dataset=commit.opened("user", root))
    outcome = check.run(table, mapping.guess(table, "establishments"), options)
    return commit.write(
        outcome, "user", root=root, who=who, when=dt.datetime(2026, 11, number, 20, 30, tzinfo=dt.UTC)
    )


@pytest.fixture(scope="session")
def three(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A home with three versions, never written to, and the versions, oldest first."""
    home = tmp_path_factory.mktemp("home")
    root = home / "datasets"
    root.mkdir()
    return home, [imported(root, n, "lan@example.vn" if n == 2 else "").version for n in (1, 2, 3)]


@pytest.fixture
def home(three: tuple[Path, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that home, in force."""
    copied = shutil.copytree(three[0], tmp_path / "home")
    monkeypatch.setenv("PRODUCT_HOME", str(copied))
    return copied


@pytest.fixture
def made(three: tuple[Path, list[str]]) -> list[str]:
    return three[1]


def folder(home: Path, version: str = "") -> Path:
    return home / "datasets" / "user" / version


def damage(home: Path, version: str) -> None:
    with next(folder(home, version).glob("establishments/*.parquet")).open("r+b") as file:
        file.write(b"no parquet")


def test_versions_are_listed_newest_first_and_their_rows_add_up(home: Path, made: list[str]) -> None:
    table = versions.listed("user")
    assert list(table["version"]) == made[::-1]
    assert list(table["current"]) == [True, False, False]
    assert list(table["previous"]) == [made[1], made[0], ""]
    assert list(table["establishments"]) == [6, 4, 2]
    assert (table["rows"] == table["accepted"] + table["merged"] + table["returned"]).all()
    assert list(table["merged"]) == [4, 2, 0]
    assert list(table["imported_by"]) == ["", "lan@example.vn", ""]
    assert (table["sha256"].str.len() == 64).all()
    assert (table["bytes"] > 1000).all()
    assert versions.own() == ["user"]


def test_shipped_datasets_are_listed_and_fixed() -> None:
    for name in versions.SHIPPED:
        row = versions.listed(name).iloc[0]
        assert row["current"]
        assert pd.isna(row["rows"])
        for change in (
            lambda name=name, row=row: versions.restore(name, row["version"]),
            lambda name=name, row=row: versions.delete(name, row["version"], confirm=row["version"]),
            lambda name=name: versions.delete_dataset(name, confirm=name),
        ):
            with pytest.raises(ParameterError, match="of the product itself"):
                change()
    with pytest.raises(ParameterError):
        versions.listed("../real")


def test_going_back_moves_the_pointer_and_loses_nothing(home: Path, made: list[str]) -> None:
    assert versions.restore("user", made[0]).rows() == 2
    assert catalog.open_dataset("user").version == made[0]
    assert sorted(versions.listed("user")["version"]) == sorted(made)
    assert versions.restore("user", made[2]) == catalog.open_dataset("user")
    with pytest.raises(StoreError, match="has no version"):
        versions.restore("user", "0" * 12)
    with pytest.raises(StoreError, match="has no version"):
        versions.restore("user", "../real")
    # An import that was checked against the version before is refused.
    table = read.tables(home / "datasets" / "list-1.csv")[0]
    columns = mapping.guess(table, "establishments")
    outcome = check.run(table, columns, Options(vintage="2025", dataset=commit.opened("user")))
    versions.restore("user", made[1])
    with pytest.raises(StoreError, match="has changed"):
        commit.write(outcome, "user")


def test_deleting_needs_a_confirmation_and_never_takes_the_current_one(home: Path, made: list[str]) -> None:
    with pytest.raises(ParameterError, match="needs the confirmation"):
        versions.delete("user", made[0], confirm="yes")
    with pytest.raises(ParameterError, match="is the current one"):
        versions.delete("user", made[2], confirm=made[2])
    assert len(versions.listed("user")) == 3
    versions.delete("user", made[0], confirm=made[0])
    assert list(versions.listed("user")["version"]) == [made[2], made[1]]
    assert catalog.open_dataset("user").rows() == 6
    assert not list(folder(home).glob(".*"))
    with pytest.raises(ParameterError, match="needs the confirmation"):
        versions.delete_dataset("user", confirm="")
    versions.delete_dataset("user", confirm="user")
    assert versions.own() == []
    assert not folder(home).exists()
    with pytest.raises(StoreError, match="There is no dataset"):
        versions.listed("user")
    # A name is free again after that.
    assert imported(home / "datasets", 1).rows() == 2


def test_damaged_versions_are_listed_as_damaged(home: Path, made: list[str]) -> None:
    damage(home, made[0])
    (folder(home, made[1]) / "manifest.json").write_text('{"tables": 3, "provenance": {"counts": []}}')
    (folder(home, "0123456789ab") / "establishments").mkdir(parents=True)
    table = versions.listed("user").set_index("version")
    assert table.loc[made[2], "damage_en"] == ""
    assert "differs from the manifest" in table.loc[made[0], "damage_en"]
    assert "cannot be read" in table.loc[made[1], "damage_en"]
    assert "missing" in table.loc["0123456789ab", "damage_en"]
    assert table.loc[made[0], "establishments"] == 2  # its manifest still says so
    assert pd.isna(table.loc[made[1], "establishments"])
    with pytest.raises(StoreError, match="damaged"):
        versions.restore("user", made[0])
    versions.delete("user", made[0], confirm=made[0])
    assert made[0] not in set(versions.listed("user")["version"])


def test_a_broken_pointer_is_repaired_by_going_back(home: Path, made: list[str]) -> None:
    (folder(home) / catalog.POINTER).write_bytes(b"\xff\x00 half")
    assert not versions.listed("user")["current"].any()
    with pytest.raises(StoreError):
        catalog.open_dataset("user")
    versions.restore("user", made[1])
    assert catalog.open_dataset("user").rows() == 4


def test_the_next_import_sweeps_what_killed_ones_left(home: Path, made: list[str]) -> None:
    (folder(home, ".writing-x1") / "version").mkdir(parents=True)
    (folder(home, ".deleting-0123456789ab.9") / "needs").mkdir(parents=True)
    folder(home, ".current-77").write_text(made[0])
    folder(home, "decisions.json").write_text("{}")
    (home / "datasets" / ".deleting-user.1").mkdir()
    (home / "datasets" / ".deleting-other.1").mkdir()
    imported(home / "datasets", 4)
    assert not [path for path in folder(home).iterdir() if path.name.startswith(".")]
    assert folder(home, "decisions.json").is_file()
    assert [path.name for path in (home / "datasets").glob(".deleting*")] == [".deleting-other.1"]
    assert len(versions.listed("user")) == 4


def test_changes_wait_for_nobody(home: Path, made: list[str]) -> None:
    with lock.held(home / "datasets", "user"):
        for change in (
            lambda: versions.restore("user", made[0]),
            lambda: versions.delete("user", made[0], confirm=made[0]),
            lambda: versions.delete_dataset("user", confirm="user"),
        ):
            with pytest.raises(StoreError, match="is running"):
                change()
    assert catalog.open_dataset("user").version == made[2]


def test_a_reader_keeps_its_version_during_an_import_and_hears_of_a_delete(
    home: Path, made: list[str]
) -> None:
    held = catalog.open_dataset("user", version=made[1])
    begun = engine.lazy(held)
    imported(home / "datasets", 4)
    assert aggregate.counts(held, Filters())["establishments"].sum() == 4
    if os.name == "posix":
        with pq.ParquetFile(held.files()[0]) as open_file:
            versions.delete("user", made[1], confirm=made[1])
            assert open_file.read().num_rows == 4
    else:
        versions.delete("user", made[1], confirm=made[1])
    for query in (lambda: engine.collect(begun), lambda: aggregate.counts(held, Filters())):
        with pytest.raises(StoreError, match="just have been deleted"):
            query()
    with pytest.raises(StoreError, match="may have been deleted"):
        catalog.open_dataset("user", version=made[1])


# Comparing


def frame(**columns: list) -> pd.DataFrame:
    """Establishments with little but their ids."""
    count = len(columns["establishment_id"])
    fixed = {"name": "Cơ sở", "sector_code": "2393", "vintage": "2025", "location_quality": "province", "source": "s",
             "licence": "x", "province_code_2025": "04", "province_code_pre2025": "04"}  # fmt: skip
    return pd.DataFrame({**{name: [value] * count for name, value in fixed.items()}, **columns})


def stored(root: Path, name: str, rows: pd.DataFrame, needs: pd.DataFrame | None = None) -> Dataset:
    return catalog.write_dataset(
        root, name, rows, needs, kind="user", provenance={}, label_vi="Của đơn vị", label_en="Own"
    )


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Dataset, Dataset]:
    """Two datasets: b changes, c moves to another province, d goes, e comes, f has only another source."""
    root = tmp_path_factory.mktemp("pair")
    old = frame(
        establishment_id=list("abcdf"), employees=[5, 10, None, 7, 1], revenue_vnd_million=[None, 1.5, 2, 3, 4],
        support_need=["machinery|space", None, "machinery", None, None], source=["s", "s", "s", "s", "old"],
    )  # fmt: skip
    new = frame(
        establishment_id=list("abcef"), employees=[5, 12, None, 9, 1], revenue_vnd_million=[None, None, 2, 3, 4],
        name=["Cơ sở", "Hộ kinh doanh Nguyễn Văn An", "Cơ sở", "Cơ sở", "Cơ sở"],
        province_code_2025=["04", "04", "20", "04", "04"], sector_code=["2393", "2393", "2393", None, "2393"],
        support_need=["machinery|space", "market", "machinery", None, None], source=["s", "s", "s", "s", "new"],
    )  # fmt: skip
    needs = pd.DataFrame(
        {"establishment_id": ["a", "b", "d"], "material_code": ["clay", "clay", "coffee"], "need_tonnes": [1.0, 2, 5],
         "origin_province_code": [None, "04", None], "origin_vintage": [None, "2025", None]}
    )  # fmt: skip
    later = needs.iloc[:2].assign(need_tonnes=[1.0, 4])
    return stored(root, "old", old, needs), stored(root, "new", new, later)


@pytest.fixture(scope="session")
def found(pair: tuple[Dataset, Dataset]) -> compare.Comparison:
    return compare.versions(*pair)


def test_counts_and_totals_say_what_came_went_and_changed(
    pair: tuple[Dataset, Dataset], found: compare.Comparison
) -> None:
    assert found.counts == {
        "before": 5, "after": 5, "added": 1, "removed": 1, "changed": 2, "same": 2, "confirmed": 1,
    }  # fmt: skip
    assert not found.nothing_changed
    assert dict(found.columns.itertuples(index=False)) == {
        "name": 1, "employees": 1, "revenue_vnd_million": 1, "province_code_2025": 1, "support_need": 1, "source": 1,
    }  # fmt: skip
    places = found.provinces.set_index("province_code")
    assert places.loc["04", ["before", "after", "difference", "added", "removed", "changed"]].tolist() == [
        5, 4, -1, 1, 2, 1,
    ]  # fmt: skip
    assert places.loc["20", ["before", "after", "added", "removed"]].tolist() == [0, 1, 1, 0]
    assert (places.loc["04", "employees_before"], places.loc["04", "employees_after"]) == (23, 27)
    assert pd.isna(places.loc["20", "employees_after"])  # nobody's are known there
    kinds = found.sectors.set_index("sector_code")
    assert kinds.loc["2393", "difference"] == -1
    assert kinds[kinds.index.isna()]["added"].tolist() == [1]
    assert len(compare.versions(*pair, vintage="pre2025").provinces) == 1


def test_needs_support_and_supply_are_compared(found: compare.Comparison) -> None:
    needs = found.needs.set_index("material_code")
    assert needs.loc["clay"].tolist() == [3, 5, 0, 0, 1, 1]
    assert needs.loc["coffee", "removed"] == 1
    assert pd.isna(needs.loc["coffee", "tonnes_after"])
    assert found.support.set_index("support_need")["difference"].to_dict() == {
        "machinery": 0, "market": 1, "space": 0,
    }  # fmt: skip
    assert found.supply.empty


def test_own_supply_is_compared_when_one_has_it(tmp_path: Path, pair: tuple[Dataset, Dataset]) -> None:
    held = []
    for number, tonnes in enumerate(([10.0, 20.0], [10.0, 25.0])):
        rows = pd.DataFrame({"material_code": "coffee", "vintage": "2025", "province_code": ["04", "20"], "year": 2024,
                             "supply_tonnes": tonnes, "source": "s"})  # fmt: skip
        path = tmp_path / f"{number}.parquet"
        rows.to_parquet(path)
        tables = {catalog.SUPPLY: {"rows": 2, "files": [{"path": path.name}]}}
        held.append(Dataset("x", "user", str(number), tmp_path, {"tables": tables}))
    found = compare_tables.supply(*held)
    assert found[["province_code", "status", "tonnes_before", "tonnes_after"]].to_numpy().tolist() == [
        ["20", "changed", 20.0, 25.0]
    ]
    assert list(compare_tables.supply(pair[0], held[0])["status"]) == ["added", "added"]
    assert list(compare_tables.supply(held[0], pair[0])["status"]) == ["removed", "removed"]


def test_rows_and_changed_values_are_there_in_full(
    pair: tuple[Dataset, Dataset], found: compare.Comparison
) -> None:
    values = compare_rows.changes(*pair)
    read_as = {(row.establishment_id, row.column): (row.old, row.new) for row in values.itertuples()}
    assert read_as[("b", "employees")] == ("10", "12")
    assert read_as[("b", "revenue_vnd_million")][0] == "1.5"
    assert pd.isna(read_as[("b", "revenue_vnd_million")][1])
    assert read_as[("c", "province_code_2025")] == ("04", "20")
    assert len(values) == found.columns["changed"].sum() == len(read_as)
    assert list(values["establishment_id"]) == sorted(values["establishment_id"])
    columns = tuple(found.columns["column"])
    pd.testing.assert_frame_equal(compare_rows.changes(*pair, columns, limit=2), values.head(2))
    assert compare_rows.changes(*pair, ()).empty
    for status, expected in (("added", ["e"]), ("removed", ["d"])):
        assert list(compare_rows.establishments(*pair, status)["establishment_id"]) == expected
    with pytest.raises(ParameterError, match="may be asked for"):
        compare_rows.establishments(*pair, "same")
    with pytest.raises(ParameterError, match="cannot be compared"):
        compare_rows.changes(*pair, ("geometry",))
    hidden = outgoing_changes.masked(values)
    assert "Nguyễn Văn An" in set(values["new"].str[-13:])
    assert not hidden.map(lambda value: "Nguyễn Văn An" in str(value)).to_numpy().any()


@pytest.mark.filterwarnings("ignore:Found complex group-by")
def test_every_engine_says_the_same(
    pair: tuple[Dataset, Dataset], found: compare.Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = found
    columns = ("employees", "province_code_2025")
    values = compare_rows.changes(*pair, columns)
    monkeypatch.setenv("ENGINE", "pandas")
    two = compare.versions(*pair)
    assert one.counts == two.counts
    for name in ("columns", "provinces", "sectors", "needs", "support", "supply"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name), check_names=False)
    pd.testing.assert_frame_equal(values, compare_rows.changes(*pair, columns), check_names=False)


def test_a_dataset_is_the_same_as_itself_and_the_demonstration_is_another(
    pair: tuple[Dataset, Dataset],
) -> None:
    real, demo = catalog.open_dataset("real"), catalog.open_dataset("demo")
    assert compare.versions(pair[0], pair[0]).nothing_changed
    found = compare.versions(real, demo, "pre2025")
    assert found.counts["added"] == demo.rows()
    assert found.provinces["after"].sum() == demo.rows()
    assert found.sectors["before"].sum() == real.rows()


SIDE = st.dictionaries(
    st.sampled_from("abcdefgh"),
    st.tuples(st.sampled_from(["04", "20", None]), st.sampled_from(["2393", "10", None]), st.sampled_from([1, 9, None])),
    max_size=6,
)  # fmt: skip


@settings(max_examples=4)
@given(SIDE, SIDE)
def test_comparisons_add_up(
    tmp_path_factory: pytest.TempPathFactory, before: dict[str, tuple], after: dict[str, tuple]
) -> None:
    root = tmp_path_factory.mktemp("side")
    held = []
    for name, side in (("one", before), ("two", after)):
        values = list(side.values())
        held.append(
            stored(
                root,
                name,
                frame(
                    establishment_id=list(side),
                    province_code_2025=[value[0] for value in values],
                    sector_code=[value[1] for value in values],
                    employees=[value[2] for value in values],
                ),
            )
        )
    found = compare.versions(*held)
    both = set(before) & set(after)
    changed = {key for key in both if before[key] != after[key]}
    assert found.counts == {
        "before": len(before), "after": len(after), "added": len(set(after) - both), "removed": len(set(before) - both),
        "changed": len(changed), "same": len(both - changed), "confirmed": 0,
    }  # fmt: skip
    for table in (found.provinces, found.sectors):
        assert (table["before"].sum(), table["after"].sum()) == (len(before), len(after))
        assert (table["difference"] == table["added"] - table["removed"]).all()
    columns = tuple(found.columns["column"])
    assert set(compare_rows.changes(*held, columns)["establishment_id"]) == changed


# The command


def said(capsys: pytest.CaptureFixture, *words: str) -> tuple[int, str, str]:
    code = main(["--lang", "en", "versions", *words])
    out = capsys.readouterr()
    return code, out.out, out.err


def test_the_command_lists_compares_goes_back_and_deletes(
    home: Path, made: list[str], capsys: pytest.CaptureFixture
) -> None:
    code, out, _ = said(capsys, "user", "--format", "json")
    assert [row["version"] for row in json.loads(out)] == made[::-1]
    assert code == 0
    code, out, _ = said(capsys, "compare", "user", made[0][:6], "current", "--format", "json")
    assert json.loads(out)[0]["added"] == 4
    code, out, _ = said(capsys, "compare", "user", made[0], made[1], "--table", "changed", "--format", "csv")
    values = pd.read_csv(io.StringIO(out))
    assert values.loc[values["column"] == "employees", ["old", "new"]].astype(int).to_numpy().tolist() == [
        [11, 12]
    ]
    code, out, _ = said(capsys, "compare", "user", "real@current", "current", "--table", "provinces")
    assert code == 0
    assert said(capsys, "restore", "user", made[0][:8])[0] == 0
    assert catalog.open_dataset("user").version == made[0]
    code, _, err = said(capsys, "delete", "user", made[1])
    assert (code, len(versions.listed("user"))) == (2, 3)
    assert "Add --confirm" in err
    assert said(capsys, "delete", "user", made[1], "--confirm")[0] == 0
    assert said(capsys, "delete", "user", "--all", "--confirm")[0] == 0
    assert versions.own() == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("nobody",), "There is no dataset"),
        (("compare", "user", "current"), "was expected"),
        (("restore", "user", ""), "must mean one version"),
        (("delete", "user", "current", "--confirm"), "is the current one"),
        (("delete", "real", "--all", "--confirm"), "of the product itself"),
    ],
)
def test_the_command_says_what_is_wrong(
    home: Path, capsys: pytest.CaptureFixture, words: tuple[str, ...], expected: str
) -> None:
    code, _, err = said(capsys, *words)
    assert code == 2
    assert expected in err


# The panel


def page(root: str) -> None:
    """A page that holds nothing but the panel."""
    import sys

    import streamlit as st

    sys.path.insert(0, root)
    from geo.store import catalog
    from ui import context, filters, url_state, versions_panel
    from ui.text import Text

    names = [dataset.name for dataset in catalog.list_datasets()]
    if filters.DATASET not in st.session_state:
        filters.seed(url_state.read(st.query_params.to_dict(), names)[0])
    view = filters.collect()
    ctx = context.Context(view=view, t=Text(view.lang), dataset=catalog.open_dataset(view.dataset))
    context.put(ctx)
    st.title(versions_panel.draw(ctx))


def panel(**parameters: str) -> AppTest:
    app = AppTest.from_function(page, args=(str(ROOT),), default_timeout=60)
    for name, value in parameters.items():
        app.query_params[name] = value
    return sound(app.run())


def sound(app: AppTest) -> AppTest:
    assert not app.exception, app.exception
    return app


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_without_versions_the_panel_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv("PRODUCT_HOME", str(tmp_path))
    app = panel(lang=lang)
    assert app.title[0].value == catalogue(lang)["versions.finding_none"]
    assert app.info[0].value == catalogue(lang)["versions.none"]
    assert list(app.dataframe[0].value.iloc[:, 1]) == [494, 20_000]
    assert not app.button


def test_the_panel_goes_back_and_shows_the_new_current_version(home: Path, made: list[str]) -> None:
    app = panel(data="user")
    text = catalogue("vi")
    assert "gồm 6 cơ sở" in app.title[0].value
    assert "04/11/2026 03:30" in app.title[0].value  # the time of Viet Nam
    assert text["versions.is_current"] in [box.value for box in app.info]
    assert text["versions.state_current"] in list(app.dataframe[0].value.iloc[:, 0])
    app.selectbox(key="versions_one_user").set_value(made[0])
    sound(app.run())
    assert any("2 cơ sở" in caption.value and "6 cơ sở" in caption.value for caption in app.caption)
    app.button(key=f"versions_restore_{made[0]}").click()
    sound(app.run())
    assert "gồm 2 cơ sở" in app.title[0].value
    assert app.success[0].value == text["versions.restored"]
    assert catalog.open_dataset("user").version == made[0]


def test_the_panel_deletes_only_after_a_second_confirmation(home: Path, made: list[str]) -> None:
    app = panel(data="user", lang="en")
    app.selectbox(key="versions_one_user").set_value(made[0])
    sound(app.run())
    app.button(key=f"versions_delete_{made[0]}").click()
    sound(app.run())
    assert len(versions.listed("user")) == 3
    app.button(key=f"versions_delete_not_{made[0]}").click()
    sound(app.run())
    app.button(key=f"versions_delete_{made[0]}").click()
    sound(app.run())
    app.button(key=f"versions_delete_really_{made[0]}").click()
    sound(app.run())
    assert app.success[0].value == catalogue("en")["versions.deleted"]
    assert made[0] not in set(versions.listed("user")["version"])
    assert app.button(key="versions_delete_all_user").disabled
    app.text_input(key="versions_typed_user").set_value("user")
    sound(app.run())
    app.button(key="versions_delete_all_user").click()
    sound(app.run())
    assert versions.own() == []
    assert app.session_state["w_dataset"] == "real"
    assert app.title[0].value == catalogue("en")["versions.finding_none"]


def test_the_panel_compares_and_says_what_failed(home: Path, made: list[str]) -> None:
    damage(home, made[0])
    app = panel(data="user")
    assert made[0] not in str(app.selectbox(key="versions_first_user").options)
    app.button(key="versions_compare_go").click()
    sound(app.run())
    assert any(block.value.startswith("**4 → 6 cơ sở**: thêm 2, bớt 0, thay đổi 1") for block in app.markdown)
    assert [tab.label for tab in app.tabs][:3] == ["Theo tỉnh", "Theo ngành", "Thay đổi"]
    app.selectbox(key="versions_one_user").set_value(made[0])
    sound(app.run())
    assert "khác với bản kê" in app.error[0].value
    assert catalogue("vi")["versions.restore_damaged"] in [box.value for box in app.warning]
    app.selectbox(key="versions_one_user").set_value(made[1])
    sound(app.run())
    with lock.held(home / "datasets", "user"):
        app.button(key=f"versions_restore_{made[1]}").click()
        sound(app.run())
    assert "đang chạy" in app.error[0].value


def test_the_panel_stands_a_dataset_whose_current_version_is_damaged(home: Path, made: list[str]) -> None:
    damage(home, made[2])
    app = panel()
    assert app.title[0].value == Text("vi")("versions.finding_damaged", name="user", n="3")
    app.selectbox(key="versions_one_user").set_value(made[1])
    sound(app.run())
    app.button(key=f"versions_restore_{made[1]}").click()
    sound(app.run())
    assert "gồm 4 cơ sở" in app.title[0].value


def test_a_session_that_shows_a_deleted_dataset_turns_to_the_list_of_the_product_and_says_so() -> None:
    def script(root: str) -> None:
        import sys

        import streamlit as st

        sys.path.insert(0, root)
        from geo.store import catalog
        from ui import context, filters, frame, shell, url_state
        from ui.text import Text

        if "begun" not in st.session_state:
            filters.seed(url_state.read({}, ["real"])[0])
            st.session_state.update({"begun": True, filters.DATASET: "gone"})  # deleted in another window
        ignored = shell._leave_missing([])
        view = filters.collect()
        opened = catalog.open_dataset(view.dataset)
        frame.head(context.Context(view=view, t=Text("vi"), dataset=opened, ignored=tuple(ignored)), "data")

    app = sound(AppTest.from_function(script, args=(str(ROOT),), default_timeout=60).run())
    assert app.session_state["w_dataset"] == "real"
    assert [box.value for box in app.warning] == [Text("vi")("frame.no_dataset", name="gone")]
