"""Every awkward file is read rightly or refused in a clear sentence."""

from __future__ import annotations

import datetime as dt
import json
import sys
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

sys.path.insert(0, str(Path(__file__).parent))
from intake_files import HEADER, ROWS, ods, ole, repacked, table_text, xlsx

from geo.errors import DataError
from geo.intake import check, legacy, mapping, read
from geo.intake.model import Options, Outcome, Table


def only(path: Path) -> Table:
    (table,) = read.tables(path)
    return table


def outcome(path: Path, options: Options | None = None) -> Outcome:
    table = only(path)
    done = check.run(table, mapping.guess(table, "establishments"), options or Options())
    counts = done.counts
    assert counts["rows_in"] == counts["accepted"] + counts["merged"] + counts["returned"]
    return done


def texts(table: Table) -> list[list[object]]:
    return [
        [str(v) if isinstance(v, float | int) else v for v in row] for row in table.cells.to_numpy().tolist()
    ]


PLAIN = [[str(v) for v in row] for row in ROWS]


def test_spreadsheets_of_two_families(tmp_path: Path) -> None:
    for path in (xlsx(tmp_path / "a.xlsx", [HEADER, *ROWS]), ods(tmp_path / "a.ods", [HEADER, *ROWS])):
        table = only(path)
        assert table.header == tuple(HEADER)
        assert texts(table) == PLAIN


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_separator(tmp_path: Path, separator: str) -> None:
    (tmp_path / "a.csv").write_text(table_text(separator), encoding="utf-8")
    assert texts(only(tmp_path / "a.csv")) == PLAIN


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_any_unicode(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes(table_text().encode(encoding))
    assert texts(only(tmp_path / "a.csv")) == PLAIN


def typed_in(text: str, code: str) -> str:
    """The text as an old font shows it: the inverse of the conversion, letter by letter."""
    convert = legacy.from_tcvn3 if code == "TCVN3" else legacy.from_vni
    table = {convert(chr(n)): chr(n) for n in range(0xA1, 0xFF) if convert(chr(n)) != chr(n)} if code == "TCVN3" else {
        value: pair for pair, value in legacy._VNI.items()
    }  # fmt: skip
    return "".join(table.get(char, char) for char in text)


@pytest.mark.parametrize("code", ["TCVN3", "VNI"])
def test_old_fonts_are_converted_and_told(tmp_path: Path, code: str) -> None:
    old = typed_in(table_text(), code)
    (tmp_path / "a.csv").write_bytes(old.encode("latin-1"))
    table = only(tmp_path / "a.csv")
    assert [name.lower() for name in table.header] == [name.lower() for name in HEADER]
    assert [str(v).lower() for v in table.cells[0]] == [str(row[0]).lower() for row in ROWS]
    assert code in table.remarks[0].vi
    # In a workbook the same text stands as Latin letters.
    path = xlsx(tmp_path / "a.xlsx", [[typed_in(str(v), code) for v in row] for row in [HEADER, *ROWS]])
    assert [str(v).lower() for v in only(path).cells[0]] == [str(row[0]).lower() for row in ROWS]


def test_windows_1258(tmp_path: Path) -> None:
    import unicodedata

    letters = "".join(  # the code page keeps â, ê, ô, ơ, ư and writes the tone after them
        unicodedata.normalize("NFC", unicodedata.normalize("NFD", c).translate(dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))))
        + "".join(m for m in unicodedata.normalize("NFD", c) if m in "\u0300\u0301\u0303\u0309\u0323")
        for c in table_text()
    )  # fmt: skip
    (tmp_path / "a.csv").write_bytes(letters.encode("cp1258"))
    assert texts(only(tmp_path / "a.csv")) == PLAIN


def test_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("Имя;Область\nЗавод;Ханой\n".encode("koi8-r"))
    with pytest.raises(DataError, match="encoding"):
        read.tables(tmp_path / "a.csv")


@pytest.mark.parametrize(
    "sentence", ["Tên cơ sở", "Công ty TNHH Café Hà Nội", "Sóc Trăng tăng giá trị – OCOP", "Krông Pắk"]
)
def test_right_text_is_never_converted(sentence: str) -> None:
    assert legacy.best_reading(sentence) == (sentence, "")


def test_layers_give_points(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"Tên cơ sở": ["Gốm A", "Gốm B"], "Sản phẩm": ["Gốm", "Gốm"]},
        geometry=[shapely.Point(105.85, 21.03), shapely.box(106.2, 21.1, 106.22, 21.12)], crs=4326,
    )  # fmt: skip
    frame.to_file(tmp_path / "a.gpkg")
    frame.to_file(tmp_path / "a.geojson")
    frame.to_parquet(tmp_path / "a.parquet")
    plane = frame.rename(columns={"Tên cơ sở": "Ten co so", "Sản phẩm": "San pham"}).to_crs(32648)
    plane.geometry = plane.representative_point()
    plane.to_file(tmp_path / "a.shp", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for part in tmp_path.glob("a.??[xfjp]"):
            if part.suffix in (".shp", ".shx", ".dbf", ".prj"):
                archive.write(part, part.name)
    for name in ("a.gpkg", "a.geojson", "a.parquet", "a.zip"):
        done = outcome(tmp_path / name)
        assert done.counts["accepted"] == 2, name
        assert done.accepted["province_code_2025"].tolist() == ["01", "24"]
        assert done.accepted["lat"].astype(float).round(3).tolist() == [21.03, 21.11]
    with pytest.raises(DataError, match="one part of a Shapefile"):
        read.tables(tmp_path / "a.shp")


def test_a_plain_parquet(tmp_path: Path) -> None:
    pd.DataFrame(list(ROWS), columns=HEADER).to_parquet(tmp_path / "a.parquet")
    assert texts(only(tmp_path / "a.parquet")) == PLAIN


def test_two_sheets_and_a_sheet_of_prose(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", [HEADER, *ROWS], Hai=[HEADER, ROWS[0]], LoiNoi=[["Kính gửi các đơn vị"]])
    assert [(t.sheet, len(t.cells)) for t in read.tables(path)] == [("DS", 2), ("Hai", 1)]


def test_titles_totals_headings_and_notes_stand_aside(tmp_path: Path) -> None:
    rows = [
        ["UBND TỈNH"], ["DANH SÁCH CƠ SỞ"], [], HEADER, ["A", "B", "1", "2"], ["I", "Huyện Gia Bình"], *ROWS, [],
        ["Tổng công ty Gỗ", "Đồ gỗ", "Cao Bằng", 5], ["Tổng cộng", None, None, 47], ["Ghi chú: số liệu sơ bộ"],
        [None, None, "Ngày 5 tháng 6 năm 2024"],
    ]  # fmt: skip
    table = only(xlsx(tmp_path / "a.xlsx", rows))
    assert table.cells[0].tolist() == [ROWS[0][0], ROWS[1][0], "Tổng công ty Gỗ"]
    assert sorted(table.aside["reason"]) == ["heading", "note", "note", "numbering", "total"]


def test_merged_cells_speak_for_every_row(tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 1, 0, "Tên cơ sở")
        sheet.merge_range(0, 1, 0, 2, "Địa chỉ")
        sheet.write_row(1, 1, ["Huyện", "Tỉnh"])
        sheet.merge_range(2, 2, 3, 2, "Cao Bằng")
        for line, name in enumerate(["Xưởng A", "Xưởng B"], start=2):
            sheet.write_row(line, 0, [name, "Trùng Khánh"])
    table = only(tmp_path / "a.xlsx")
    assert table.header == ("Tên cơ sở", "Địa chỉ / Huyện", "Địa chỉ / Tỉnh")
    assert table.cells[2].tolist() == ["Cao Bằng", "Cao Bằng"]


def test_formulas_and_hidden_rows_are_told(tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ROWS[0])
        sheet.write_formula(1, 3, "=6*2", value=12)
        sheet.write_row(2, 0, ROWS[1])
        sheet.write_formula(2, 3, "=1/0", value="#DIV/0!")
        sheet.set_row(2, None, None, {"hidden": True})
    table = only(tmp_path / "a.xlsx")
    assert table.cells[3].tolist() == [12, None]
    assert {r.code: r.count for r in table.remarks} == {"hidden-rows": 1, "formulas": 2, "formulas-empty": 1}


def test_dates_as_text_and_as_dates_give_years(tmp_path: Path) -> None:
    header = [*HEADER, "Năm"]
    dates = ["31/12/2023", "2022-05-01", "năm 2021", 2020, "5/2019", "hôm qua", dt.datetime(2018, 1, 2)]
    rows = [[f"Xưởng {n}", "Gốm", "Cao Bằng", n + 1, value] for n, value in enumerate(dates)]
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet, date = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        for line, row in enumerate([header, *rows]):
            for column, value in enumerate(row):
                sheet.write(line, column, value, date if isinstance(value, dt.datetime) else None)
    done = outcome(tmp_path / "a.xlsx")
    assert done.accepted["year"].astype(int).tolist() == [2023, 2022, 2021, 2020, 2019, 2018]
    assert done.faults["code"].tolist() == ["year"]


def test_refusals_say_what_is_wrong(tmp_path: Path) -> None:
    good = xlsx(tmp_path / "good.xlsx", [HEADER, *ROWS])
    cases = {
        "empty": ("empty.xlsx", b"", "empty"),
        "pdf": ("a.xlsx", b"%PDF-1.7 ....", "not XLSX"),
        "text as xlsx": ("b.xlsx", b"Ten;Tinh", "not XLSX"),
        "workbook as csv": ("c.csv", good.read_bytes(), "not CSV"),
        "docx": ("d.docx", b"PK", "XLSX, XLS, ODS"),
        "cut short": ("e.xlsx", good.read_bytes()[:900], "damaged"),
        "no layers": ("f.geojson", b'{"type": "Point"}', "no GeoJSON"),
        "broken json": ("g.geojson", b'{"type":', "damaged"),
        "no header": ("h.csv", b"1;2;3\n4;5;6\n", "header"),
        "broken parquet": ("i.parquet", b"PAR1xxxx", "damaged"),
    }
    for case, (name, content, words) in cases.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(DataError, match=words) as refused:
            read.tables(tmp_path / name)
        assert "hãy" in refused.value.vi, case


def test_locked_workbooks_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="password"):
        read.tables(ole(tmp_path / "a.xlsx", "EncryptedPackage"))


def test_too_large_and_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = xlsx(tmp_path / "a.xlsx", [HEADER, *ROWS])
    repacked(path, {"xl/media/image.bin": bytes(60 * 1024**2)})
    with pytest.raises(DataError, match="unpacks to far more"):
        read.tables(path)
    with (tmp_path / "b.csv").open("wb") as file:
        file.truncate(201 * 1024**2)
    with pytest.raises(DataError, match="201 MB"):
        read.tables(tmp_path / "b.csv")


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    names = [
        "<script>alert(1)</script>",
        '=HYPERLINK("http://x","y")',
        "@SUM(1)",
        "<img src=x onerror=alert(1)>",
        "A\u200bB\u202eC",
    ]
    rows = [[name, "Gốm", "Cao Bằng", 5 + n] for n, name in enumerate(names)]
    (tmp_path / "a.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [
            {"type": "Feature", "geometry": None, "properties": dict(zip(HEADER, row, strict=True))} for row in rows
        ]}), encoding="utf-8",
    )  # fmt: skip
    done = outcome(tmp_path / "a.geojson")
    assert done.accepted["name"].tolist() == [*names[:4], "ABC"]
