"""Needs of establishments that are in, and supplies of raw materials."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.cli.main import main
from geo.errors import DataError, ParameterError, StoreError
from geo.intake import check, commit, mapping, read
from geo.intake.model import Options, Outcome
from geo.store import catalog, own_supply


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PRODUCT_HOME", str(tmp_path / "home"))
    return tmp_path


def outcome(folder: Path, text: str, kind: str, options: Options | None = None) -> Outcome:
    path = folder / f"{kind}.csv"
    path.write_text(text, encoding="utf-8")
    table = read.tables(path)[0]
    return check.run(table, mapping.guess(table, kind), options or Options())


def with_establishments(folder: Path) -> Options:
    rows = "Tên cơ sở;MST;Sản phẩm;Tỉnh;Huyện;Xã\nHTX chè Hảo Đạt;0300588569;Chè;Thái Nguyên;TP Thái Nguyên;Tân Cương\n"
    rows += "Cơ sở gỗ Minh Phát;;Đồ gỗ;Thái Nguyên;Phổ Yên;\n"
    commit.write(outcome(folder, rows, "establishments"), "user")
    return Options(dataset=commit.opened("user"), vintage="pre2025")


def test_needs_reach_their_establishment_by_tax_code_and_by_name(home: Path) -> None:
    options = with_establishments(home)
    done = outcome(
        home,
        "Tên cơ sở;MST;Tỉnh;Nguyên liệu;Nhu cầu (tạ/năm);Nơi cung cấp;Nhu cầu hỗ trợ\n"
        "Chè Hảo Đạt;0300588569;Thái Nguyên;Chè búp tươi;1.250,5;Phú Thọ;máy móc, đào tạo\n"
        "CS gỗ Minh Phát;;Thái Nguyên;Gỗ;300;;thị trường\n"
        "Xưởng không có;;Thái Nguyên;Gỗ;3,5;;\n"
        "HTX chè Hảo Đạt;0300588569;Thái Nguyên;;;;\n",
        "needs",
        options,
    )
    assert done.counts["accepted"] == 2
    assert set(done.faults.loc[done.faults["severity"] == "error", "code"]) == {
        "establishment-unknown",
        "need-empty",
    }
    stored = commit.write(done, "user")
    needs = check.read(stored, "needs").set_index("material_code")
    assert needs.loc["tea_fresh_leaf", "need_tonnes"] == 125.05
    assert needs.loc["tea_fresh_leaf", ["origin_province_code", "origin_vintage"]].tolist() == [
        "25",
        "pre2025",
    ]
    assert needs.loc["harvested_wood", "need_tonnes"] == 30.0
    rows = check.read(stored, "establishments").set_index("name")
    assert rows.loc["HTX chè Hảo Đạt", "support_need"] == "machinery|training"
    assert rows.loc["Cơ sở gỗ Minh Phát", "support_need"] == "market"
    assert rows["states_need"].all()


def test_needs_without_establishments_are_refused(home: Path) -> None:
    with pytest.raises(DataError, match="no establishment"):
        outcome(home, "Tên cơ sở;Nguyên liệu;Nhu cầu (tấn)\nA;Gỗ;1\n", "needs")


def test_supplies_of_materials(home: Path) -> None:
    done = outcome(
        home,
        "Nguyên liệu;Tỉnh;Sản lượng (nghìn tấn);Năm\nCà phê;Đắk Nông;1,5;2024\nSắn;Gia Lai;0;2024\nSắn;Gia Lai;0;2024\n"
        "Vàng;Gia Lai;3;2024\nMía;Gia Lai;5;2024\nMía;Gia Lai;6;2024\nQuế;Lào Cai;;2024\n",
        "materials",
    )
    assert {name: done.counts[name] for name in ("rows_in", "accepted", "merged", "returned")} == {
        "rows_in": 7, "accepted": 2, "merged": 1, "returned": 4,
    }  # fmt: skip
    assert set(done.faults["code"]) == {"material-unknown", "supply-twice", "quantity_tonnes-missing"}
    stored = commit.write(done, "user")
    assert stored == commit.opened("user")
    assert stored.rows() == 0
    supply = own_supply.read(stored)
    assert supply is not None
    assert supply[["material_code", "vintage", "province_code", "supply_tonnes"]].to_numpy().tolist() == [
        ["cassava", "pre2025", "64", 0.0],
        ["coffee", "pre2025", "67", 1500.0],
    ]


def test_a_quantity_without_a_unit_is_asked(home: Path) -> None:
    with pytest.raises(ParameterError, match="states no unit"):
        outcome(home, "Nguyên liệu;Tỉnh;Sản lượng;Năm\nCà phê;Đắk Nông;1,5;2024\n", "materials")


COFFEE = "Nguyên liệu;Tỉnh;Sản lượng (tấn);Năm\nCà phê;Đắk Nông;{};2024\n"
TEA = "Tên cơ sở;Sản phẩm;Tỉnh\nHTX chè Hảo Đạt;Chè;Thái Nguyên\n"


def figures(dataset: catalog.Dataset) -> list[list[object]]:
    """Material, province, year and tonnes of the own figures."""
    supply = own_supply.read(dataset)
    assert supply is not None
    return supply[["material_code", "province_code", "year", "supply_tonnes"]].to_numpy().tolist()


def test_each_kind_keeps_the_tables_of_the_others(home: Path) -> None:
    old = Options(vintage="pre2025")
    first = commit.write(outcome(home, COFFEE.format(5), "materials", old), "user")
    options = Options(vintage="pre2025", dataset=first)
    second = commit.write(outcome(home, TEA, "establishments", options), "user")
    assert second.rows() == 1
    assert figures(second) == [["coffee", "67", 2024, 5.0]]
    needs = "Tên cơ sở;Tỉnh;Nguyên liệu;Nhu cầu (tấn)\nHTX chè Hảo Đạt;Thái Nguyên;Chè búp tươi;3\n"
    third = commit.write(outcome(home, needs, "needs", Options(vintage="pre2025", dataset=second)), "user")
    assert (third.rows("needs"), figures(third)) == (1, figures(second))
    more = COFFEE.format(5) + "Sắn;Gia Lai;7;2023\n"
    added = outcome(home, more, "materials", Options(vintage="pre2025", dataset=third))
    assert (added.counts["accepted"], added.counts["merged"]) == (1, 1)
    fourth = commit.write(added, "user")
    assert (fourth.rows(), fourth.rows("needs")) == (1, 1)
    assert figures(fourth) == [["cassava", "64", 2023, 7.0], ["coffee", "67", 2024, 5.0]]
    again = outcome(home, more, "materials", Options(vintage="pre2025", dataset=fourth))
    assert again.counts["merged"] == 2
    assert commit.write(again, "user") == fourth
    anew = Options(vintage="pre2025", dataset=fourth, replace=True)
    fifth = commit.write(outcome(home, COFFEE.format(9), "materials", anew), "user")
    assert (fifth.rows(), figures(fifth)) == (1, [["coffee", "67", 2024, 9.0]])


def test_a_figure_that_replaces_another_is_told(home: Path) -> None:
    old = Options(vintage="pre2025")
    first = commit.write(outcome(home, COFFEE.format(5), "materials", old), "user")
    changed = outcome(home, COFFEE.format(6), "materials", Options(vintage="pre2025", dataset=first))
    assert changed.faults[["code", "severity"]].to_numpy().tolist() == [["supply-replaced", "warning"]]
    assert figures(commit.write(changed, "user")) == [["coffee", "67", 2024, 6.0]]


def test_a_year_to_come_is_no_supply(home: Path) -> None:
    done = outcome(home, COFFEE.replace("2024", "2099").format(5), "materials", Options(vintage="pre2025"))
    assert done.faults["code"].tolist() == ["year-to-come"]
    with pytest.raises(DataError, match="No row"):
        commit.write(done, "user")
    assert commit.opened("user") is None


def test_a_new_set_may_start_from_the_public_list(home: Path) -> None:
    real = catalog.open_dataset("real")
    assert commit.start("user", "real") == real
    rows = TEA + "Xưởng bút chì Tháng Tám;Bút chì;Hà Giang\n"  # the tea is in the public list already
    done = outcome(home, rows, "establishments", Options(vintage="pre2025", dataset=real))
    assert (done.counts["accepted"], done.counts["merged"]) == (1, 1)
    stored = commit.write(done, "user", label_vi="Của tỉnh", label_en="Ours")
    assert stored.rows() == real.rows() + 1
    rows = check.read(stored, "establishments")
    assert set(check.read(real, "establishments")["source"]) < set(rows["source"])
    assert stored.manifest["provenance"]["started_from"]["version"] == real.version
    with pytest.raises(StoreError, match="has changed"):
        commit.write(done, "user")
    with pytest.raises(ParameterError, match="there already"):
        commit.start("user", "real")
    later = Options(vintage="pre2025", dataset=stored)
    kept = commit.write(outcome(home, COFFEE.format(5), "materials", later), "user")
    assert kept.manifest["provenance"]["started_from"]["name"] == "real"
    assert kept.label("en") == "Ours"


def test_demonstration_data_never_mix_with_own(home: Path, capsys: pytest.CaptureFixture) -> None:
    demo = catalog.open_dataset("demo")
    done = outcome(home, COFFEE.format(5), "materials", Options(vintage="pre2025", dataset=demo))
    with pytest.raises(ParameterError, match="never mix"):
        commit.write(done, "user")
    path = str(home / "materials.csv")
    asked = ["--lang", "en", "import", path, "--as", "materials", "--vintage", "pre2025", "--start-from"]
    assert main([*asked, "demo"]) == 2
    assert "never mix" in capsys.readouterr().err
    assert commit.opened("user") is None
    assert main([*asked, "real"]) == 0
    stored = commit.opened("user")
    assert stored is not None
    assert (stored.rows(), stored.rows(catalog.SUPPLY)) == (catalog.open_dataset("real").rows(), 1)
