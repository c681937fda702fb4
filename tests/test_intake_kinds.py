"""Needs of establishments that are in, and supplies of raw materials."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.errors import DataError, ParameterError
from geo.intake import check, commit, mapping, read
from geo.intake.model import Options, Outcome
from geo.store import own_supply


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
