"""The import command from end to end: a file as offices make them, stored, told, and sent back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xlsxwriter

from geo.cli.main import main
from geo.intake import commit, mapping, read
from geo.intake.check import read as rows_of


def office_list(path: Path) -> Path:
    """A list with titles above, a header of two levels, a numbering row, a hidden row, totals and a signature."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Danh sách")
    sheet.write(0, 0, "SỞ CÔNG THƯƠNG TỈNH BẮC NINH")
    sheet.merge_range(1, 0, 1, 8, "DANH SÁCH CƠ SỞ CÔNG NGHIỆP NÔNG THÔN NĂM 2024")
    for column, title in enumerate(["STT", "Tên cơ sở", "Mã số thuế", "Sản phẩm chính"]):
        sheet.merge_range(3, column, 4, column, title)
    sheet.merge_range(3, 4, 3, 6, "Địa chỉ")
    for column, title in enumerate(["Xã", "Huyện", "Tỉnh"], start=4):
        sheet.write(4, column, title)
    for column, title in enumerate(
        ["Lao động (người)", "Doanh thu (tỷ đồng)", "Vĩ độ", "Kinh độ", "Năm"], start=7
    ):
        sheet.merge_range(3, column, 4, column, title)
    sheet.write_row(5, 0, [f"({n})" for n in range(1, 13)])
    rows = [
        [1, "HTX gốm Phù Lãng", "0300588569", "Gốm", "Phù Lãng", "Quế Võ", "Bắc Ninh", 25, "12,5", None, None, 2024],
        [2, "Cơ sở mây tre đan Xuân Lai", "", "Mây tre đan", "Xuân Lai", "Gia Bình", "Bắc Ninh", "1.200", "3,25", 106.2, 21.05],
        [3, "Hộ kinh doanh Nguyễn Văn An", "", "Bánh đa", "Tân Chi", "Tiên Du", "Bắc Ninh", "khoảng 5", "", "", "", "31/12/2023"],
        [4, "Hợp tác xã gốm Phù Lãng", "", "Gốm", "Phù Lãng", "Quế Võ", "Bắc Ninh"],
        [5, "=HYPERLINK(1)", "", "giấy", "", "Từ Sơn", "Bắc Ninh", 3, "", 10.7, 106.6],
    ]  # fmt: skip
    for line, row in enumerate(rows, start=6):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(line, column, value)
            elif value is not None:
                sheet.write_number(line, column, value)
    sheet.write(11, 1, "Tổng cộng")
    sheet.write_formula(11, 7, "=SUM(H7:H11)", value=1233)
    sheet.write(13, 8, "Người lập biểu")
    sheet.set_row(7, None, None, {"hidden": True})
    book.close()
    return path


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PRODUCT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_import_stores_good_rows_and_sends_the_others_back(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    path = office_list(tmp_path / "ds.xlsx")
    assert main(["import", str(path), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)[0]
    counts = told["counts"]
    assert counts["rows_in"] == 5 == counts["accepted"] + counts["merged"] + counts["returned"]
    assert (counts["accepted"], counts["merged"], counts["returned"]) == (1, 1, 3)
    assert counts["aside_total"] == counts["aside_numbering"] == counts["aside_note"] == 1
    assert (
        told["faults"]["coordinate-swapped"]
        == told["faults"]["whole"]
        == told["faults"]["point-outside-province"]
        == 1
    )

    dataset = commit.opened("user")
    assert dataset is not None
    assert dataset.version == told["version"]
    said = dataset.manifest["provenance"]
    assert said["counts"] == counts
    assert said["file"] == "ds.xlsx"
    assert len(said["sha256"]) == 64
    assert said["mapping"]["units"] == {"revenue_vnd_million": "billion_vnd"}
    row = rows_of(dataset, "establishments").iloc[0]
    assert (row["name"], row["establishment_id"]) == ("HTX gốm Phù Lãng", "mst-0300588569")
    assert (row["employees"], row["revenue_vnd_million"], row["sector_code"]) == (25, 12_500.0, "2393")
    assert (row["vintage"], row["province_code_pre2025"], row["province_code_2025"]) == (
        "pre2025",
        "27",
        "24",
    )
    assert row["location_quality"] == "commune"


def test_returned_rows_come_back_marked_and_can_be_imported_again(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    path = office_list(tmp_path / "ds.xlsx")
    back = tmp_path / "back.xlsx"
    assert main(["import", str(path), "--returned", str(back)]) == 0
    table = read.tables(back)[0]
    assert table.header[:2] == mapping.RETURNED_TITLES[:2]
    assert table.cells[0].tolist() == [8, 9, 11]
    assert "đảo chỗ" in table.cells[1].iloc[0]
    assert table.cells[3].iloc[2] == "=HYPERLINK(1)"
    options = ["--repair", "swap", "--repair", "drop-point", "--format", "json"]
    capsys.readouterr()
    assert main(["import", str(back), *options]) == 0
    counts = json.loads(capsys.readouterr().out)[0]["counts"]
    assert (counts["accepted"], counts["returned"]) == (2, 1)
    dataset = commit.opened("user")
    assert dataset is not None
    assert dataset.rows() == 3


def test_dry_run_writes_nothing(tmp_path: Path, home: Path, capsys: pytest.CaptureFixture) -> None:
    path = office_list(tmp_path / "ds.xlsx")
    assert main(["import", str(path), "--dry-run"]) == 0
    assert "chưa ghi gì" in capsys.readouterr().out
    assert commit.opened("user") is None
    assert sorted(p.name for p in tmp_path.iterdir()) == ["ds.xlsx"]


def test_a_kept_mapping_reads_a_file_of_other_titles(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    path = tmp_path / "la.csv"
    path.write_text("Ai;Ở đâu;Bao nhiêu\nXưởng A;Cao Bằng;7\n", encoding="utf-8")
    assert main(["import", str(path)]) == 2
    assert "dòng tiêu đề" in capsys.readouterr().err
    kept = tmp_path / "ghep.json"
    kept.write_text(
        json.dumps(
            {
                "kind": "establishments",
                "columns": {"name": "Ai", "province": "Ở đâu", "employees": "Bao nhiêu"},
            }
        )
    )
    assert main(["import", str(path), "--mapping", str(kept), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["counts"]["accepted"] == 1


def test_the_shipped_sets_cannot_be_written_to(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    path = office_list(tmp_path / "ds.xlsx")
    assert main(["import", str(path), "--name", "real"]) == 2
    assert "đi kèm sản phẩm" in capsys.readouterr().err
