"""Files as real offices make them: every one is read rightly, row by row accounted for, or refused in a clear sentence."""

from __future__ import annotations

import datetime as dt
import json
import sys
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

sys.path.insert(0, str(Path(__file__).parent))
from intake_files import (
    HEADER,
    ROWS,
    as_1258,
    drawn,
    geojson,
    ods,
    ole,
    repacked,
    sheet_xml,
    table_text,
    typed_in,
    xls,
    xlsx,
    zipped,
)

from geo.cli import intake
from geo.cli.main import main
from geo.errors import GeoError
from geo.intake import check, mapping, read, returned, template
from geo.intake.model import Options, Outcome, Table


@dataclass(frozen=True)
class Case:
    """A file, and what must come out of it.

    ``counts``: accepted, merged, returned. ``told``: all codes of remarks and faults (unused columns are not
    counted). ``aside``: reason → rows that are no data. ``holds``: column of the accepted rows → values in their
    order. ``refused``: words of the English sentence, when the file is refused instead.
    """

    name: str
    make: Callable[[Path], Path]
    counts: tuple[int, int, int] = (2, 0, 0)
    told: frozenset[str] = frozenset()
    aside: Mapping[str, int] = field(default_factory=dict)
    holds: Mapping[str, list[Any]] = field(default_factory=dict)
    refused: str = ""
    kind: str = "establishments"
    options: Options = field(default_factory=Options)


CASES: list[Case] = []
NAMES = [row[0] for row in ROWS]
PLAIN = {"name": NAMES, "province_code": ["04", "20"], "employees": [12, 30]}


def case(name: str, **expected: Any) -> Callable[[Callable[[Path], Path]], Callable[[Path], Path]]:
    """Put a maker of a file into the table."""

    def put(make: Callable[[Path], Path]) -> Callable[[Path], Path]:
        told = frozenset(expected.pop("told", ()))
        CASES.append(Case(name, make, told=told, **expected))
        return make

    return put


def text_file(content: str | bytes, name: str = "a.csv") -> Callable[[Path], Path]:
    """Return the maker of a file with this content."""

    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


def sheet(rows: list[list[Any]]) -> Callable[[Path], Path]:
    """Return the maker of a workbook of one sheet."""
    return lambda folder: xlsx(folder / "a.xlsx", rows)


# Encodings.
for code in ("TCVN3", "VNI"):
    case(f"{code} in a text file", told=["encoding"], holds=PLAIN)(
        text_file(typed_in(table_text(), code).encode("latin-1"))
    )
    case(f"{code} in a workbook", told=["converted-text"], holds=PLAIN)(
        sheet([[typed_in(v, code) if isinstance(v, str) else v for v in row] for row in [HEADER, *ROWS]])
    )
case("windows-1258", told=["encoding"], holds=PLAIN)(text_file(as_1258(table_text())))
for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
    case(encoding, told=["encoding"], holds=PLAIN)(text_file(table_text().encode(encoding)))
case("letters and marks apart", holds={**PLAIN, "name": NAMES})(
    text_file(unicodedata.normalize("NFD", table_text()))
)
case("unknown encoding", refused="encoding .* is not known")(
    text_file("Имя;Область\nЗавод;Ханой\n".encode("koi8-r"))
)

# Text tables.
for separator in (",", ";", "\t", "|"):
    case(f"separator {separator!r}", holds=PLAIN)(text_file(table_text(separator)))
case("semicolons with a byte order mark", holds=PLAIN)(text_file(table_text().encode("utf-8-sig")))
case("separator stated in the first line", holds=PLAIN)(text_file("sep=;\n" + table_text()))
case(
    "quotes and line breaks in cells",
    counts=(1, 0, 0),
    holds={"name": ['Cơ sở "Hương Quê" xóm Đông'], "product": ["Bánh, kẹo"], "employees": [7]},
)(
    text_file(
        'Tên cơ sở,"Sản phẩm\nchính",Tỉnh,"Số lao động\n(người)"\n'
        '"Cơ sở ""Hương Quê""\nxóm Đông","Bánh, kẹo",Cao Bằng,7\n'
    )
)
case("line ends of three kinds", holds=PLAIN)(text_file(table_text().replace("\n", "\r")))
case("signs for nothing", holds={"employees": [None, None], "product": [None, None]})(
    text_file(table_text(rows=[[NAMES[0], "-", "Cao Bằng", "–"], [NAMES[1], "…", "Lạng Sơn", "#N/A"]]))
)
case(
    "formulas and scripts as names",
    counts=(5, 0, 0),
    holds={"name": ["<script>alert(1)</script>", '=HYPERLINK("http://x","y")', "@SUM(1)", "<img src=x onerror=alert(1)>",
                    "+cmd|' /C calc'!A0"]},
)(
    text_file(
        table_text("\t", [[name, "Gốm", "Cao Bằng", 5 + n] for n, name in enumerate(
            ["<script>alert(1)</script>", '"=HYPERLINK(""http://x"",""y"")"', "@SUM(1)",
             "<img src=x onerror=alert(1)>", "'+cmd|' /C calc'!A0"]
        )])
    )
)  # fmt: skip
case("control characters", holds={"name": ["Xưởng AB", "Xưởng CDE"]})(
    text_file(
        table_text(rows=[["Xưởng\x07 A\u200bB\u202e", "Gốm", "Cao Bằng", 5], ["Xưởng \ufeffC\x00DE\x1b", "Chè", "Lạng Sơn", 6]])
    )
)  # fmt: skip


# Sheets with more than a table.
@case(
    "state heading, decree line, header of two levels, numbering",
    counts=(2, 0, 0),
    aside={"numbering": 1},
    holds={**PLAIN, "revenue_vnd_million": [12_500.0, 3_000.0]},
)
def _(folder: Path) -> Path:
    def draw(book: Any, page: Any) -> None:
        page.merge_range(0, 0, 0, 1, "UBND TỈNH CAO BẰNG")
        page.merge_range(0, 2, 0, 5, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        page.write(1, 0, "SỞ CÔNG THƯƠNG")
        page.merge_range(1, 2, 1, 5, "Độc lập - Tự do - Hạnh phúc")
        page.merge_range(3, 0, 3, 5, "DANH SÁCH CƠ SỞ CÔNG NGHIỆP NÔNG THÔN")
        page.merge_range(4, 0, 4, 5, "(Kèm theo Quyết định số 123/QĐ-UBND ngày 05/6/2024 của UBND tỉnh)")
        for column, title in enumerate(["STT", "Tên cơ sở", "Sản phẩm", "Tỉnh"]):
            page.merge_range(6, column, 7, column, title)
        page.merge_range(6, 4, 6, 5, "Quy mô")
        page.write_row(7, 4, ["Số lao động\n(người)", "Doanh thu\n(tỷ đồng)"])
        page.write_row(8, 0, [f"({n})" for n in range(1, 7)])
        for line, row in enumerate(ROWS):
            page.write_row(9 + line, 0, [line + 1, *row, (12.5, 3)[line]])

    return drawn(folder / "a.xlsx", draw)


case(
    "totals, subtotals, group headings",
    aside={"total": 4, "heading": 5},
    counts=(3, 0, 0),
    holds={"name": [*NAMES, "Tổng công ty Gỗ"]},
)(
    sheet([
        ["STT", *HEADER], ["I", "Ngành gốm sứ"], ["A", "Huyện Trùng Khánh"], [1, *ROWS[0]], ["", "Cộng", "", "", 12],
        ["B", "Xã Tân Cương"], [1, *ROWS[1]], ["", "Cộng xã Tân Cương", "", "", 30], ["", "Cộng (A+B)", "", "", 42],
        [3, "Huyện Hòa An"],
        ["II", "Lĩnh vực chế biến gỗ"], [1, "Tổng công ty Gỗ", "Đồ gỗ", "Cao Bằng", 5], ["", "TỔNG CỘNG", "", "", 47],
    ])
)  # fmt: skip
case("notes and signatures below", aside={"note": 7}, holds=PLAIN)(
    sheet([
        ["STT", *HEADER], [1, *ROWS[0]], [2, *ROWS[1]], [], ["Ghi chú: số liệu sơ bộ"], ["", "", "", "Cao Bằng, ngày 05 tháng 6 năm 2024"],
        ["", "NGƯỜI LẬP BIỂU", "", "TM. ỦY BAN NHÂN DÂN"], ["", "", "", "KT. CHỦ TỊCH"], ["", "(Ký, ghi rõ họ tên)", "", "PHÓ CHỦ TỊCH"],
        [], ["", "", "", "(Đã ký)"], ["", "Nguyễn Thị Lan", "", "Trần Văn Hùng"],
    ])
)  # fmt: skip
case("letters number the columns", aside={"numbering": 1}, holds=PLAIN)(
    sheet([["STT", *HEADER], ["A", "B", "1", "2", "3"], [1, *ROWS[0]], [2, *ROWS[1]]])
)


@case("cells merged over rows", holds={"name": ["Xưởng A", "Xưởng B"], "province_code": ["04", "04"]})
def _(folder: Path) -> Path:
    def draw(book: Any, page: Any) -> None:
        page.merge_range(0, 0, 1, 0, "Tên cơ sở")
        page.merge_range(0, 1, 0, 2, "Địa chỉ")
        page.write_row(1, 1, ["Thôn", "Tỉnh"])
        page.merge_range(2, 2, 3, 2, "Cao Bằng")
        page.write_row(2, 0, ["Xưởng A", "Thôn 1"])
        page.write_row(3, 0, ["Xưởng B", "Thôn 2"])

    return drawn(folder / "a.xlsx", draw)


@case(
    "formulas with a saved value, without one, and failed",
    counts=(3, 0, 0),
    told=["formulas", "formulas-empty"],
    holds={"name": [*NAMES, "Xưởng C"], "employees": [12, None, None]},
)
def _(folder: Path) -> Path:
    def draw(book: Any, page: Any) -> None:
        page.write_row(0, 0, HEADER)
        for line, name in enumerate([*NAMES, "Xưởng C"], start=1):
            page.write_row(line, 0, [name, "Gốm", "Cao Bằng"])
            page.write_formula(line, 3, "=6*2", value=["", 12, "", "#DIV/0!"][line])

    return sheet_xml(drawn(folder / "a.xlsx", draw), lambda xml: xml.replace("<v></v>", ""))


@case(
    "hidden rows, columns and sheet",
    told=["hidden-rows", "hidden-columns", "hidden-sheet", "skipped-sheets"],
    holds=PLAIN,
)
def _(folder: Path) -> Path:
    def draw(book: Any, page: Any) -> None:
        book.add_worksheet("Trang").write(0, 0, "Kính gửi")
        for line, row in enumerate([HEADER, *ROWS]):
            page.write_row(line, 0, row)
        page.set_row(2, None, None, {"hidden": True})
        page.set_column(3, 3, None, None, {"hidden": True})
        book.worksheets()[1].activate()
        book.worksheets()[1].set_first_sheet()
        page.hide()

    return drawn(folder / "a.xlsx", draw)


@case("a sheet of prose beside the table", told=["skipped-sheets"], holds=PLAIN)
def _(folder: Path) -> Path:
    return xlsx(folder / "a.xlsx", [HEADER, *ROWS], LoiNoi=[["Kính gửi các đơn vị"]], Trong=[])


@case("a used range of seventeen thousand million cells", holds=PLAIN)
def _(folder: Path) -> Path:
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    return sheet_xml(
        sheet([HEADER, *ROWS])(folder),
        lambda xml: xml.replace('<dimension ref="A1:D3"/>', '<dimension ref="A1:XFD1048576"/>').replace("</sheetData>", far),
    )  # fmt: skip


@case(
    "a forgotten value in the last cell of the sheet",
    refused="stands far from the table .*XFD1048576.*delete",
)
def _(folder: Path) -> Path:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return sheet_xml(sheet([HEADER, *ROWS])(folder), lambda xml: xml.replace("</sheetData>", far))


@case("a spreadsheet that states a million empty rows", holds=PLAIN)
def _(folder: Path) -> Path:
    return ods(folder / "a.ods", [HEADER, *ROWS], rest=(1_048_573, 16_384))


@case("an open spreadsheet that repeats a value without end", refused="stands far from the table")
def _(folder: Path) -> Path:
    return ods(folder / "a.ods", [HEADER, *ROWS], rest=(1_048_573, 16_384), filled=True)


case("trailing columns with neither title nor value", aside={"heading": 1}, holds=PLAIN)(
    sheet([[*HEADER, *[" "] * 60], ["Xã Tân Cương"], *[[*row, *[" "] * 60] for row in ROWS]])
)
case("the same title twice", holds={**PLAIN, "province_code": ["04", "20"]})(
    sheet([[*HEADER, "Tỉnh", "Số lao động"], *[[*row, "Hà Nội", 99] for row in ROWS]])
)
case("open spreadsheet", holds=PLAIN)(lambda folder: ods(folder / "a.ods", [HEADER, *ROWS]))
case("workbook of 1997", holds=PLAIN)(lambda folder: xls(folder / "a.xls", [HEADER, *ROWS]))

# Places.
case("mixed sets of provinces", refused="old and new provinces")(
    sheet(
        [
            HEADER,
            [NAMES[0], "Gốm", "Vĩnh Phúc", 1],
            [NAMES[1], "Chè", "24 - Bắc Ninh", 2],
            ["Xưởng C", "Gỗ", "Bắc Ninh", 3],
        ]
    )
)
case(
    "mixed sets of provinces, row by row",
    counts=(2, 0, 1),
    told=["vintage-unclear"],
    options=Options(vintage="each"),
    holds={"province_code": ["26", "52"], "vintage": ["pre2025", "2025"]},
)(
    sheet([
        [*HEADER, "Bộ đơn vị hành chính"], [NAMES[0], "Gốm", "Vĩnh Phúc", 1, None], ["Xưởng C", "Gỗ", "Bắc Ninh", 3, None],
        [NAMES[1], "Chè", "Gia Lai", 2, "2025"],
    ])
)  # fmt: skip
case("names of both sets", refused="63 old or the 34 new")(sheet([HEADER, [NAMES[0], "Gốm", "Bắc Ninh", 1]]))
case(
    "old districts under the new province",
    told=["district-former"],
    holds={"province_code": ["26", "26"], "province_code_2025": ["25", "25"], "location_quality": ["commune"] * 2},
)(
    sheet([
        ["Tên cơ sở", "Xã", "Huyện", "Tỉnh"], [NAMES[0], "Đại Đồng", "Vĩnh Tường", "Phú Thọ"],
        [NAMES[1], "xã Đại Đồng", "H. Vĩnh Tường", "tỉnh Phú Thọ"],
    ])
)  # fmt: skip
case(
    "old communes under the new province",
    counts=(1, 0, 0),
    told=["commune-former"],
    options=Options(vintage="2025"),
    holds={"province_code": ["24"], "province_code_pre2025": ["27"], "commune_code_pre2025": ["09196"]},
)(sheet([["Tên cơ sở", "Xã", "Tỉnh"], [NAMES[0], "Dũng Liệt", "Bắc Ninh"]]))
SPOTS: list[list[Any]] = [["Tên cơ sở", "Tỉnh", "Vĩ độ", "Kinh độ"], [NAMES[0], "Hà Nội", 105.8542, 21.0285]]
case("swapped coordinates", counts=(0, 0, 1), told=["coordinate-swapped"])(sheet(SPOTS))
case(
    "swapped coordinates, repaired with consent",
    counts=(1, 0, 0),
    told=["coordinate-swapped"],
    options=Options(repairs=frozenset({"swap"})),
    holds={"lat": [21.0285], "lon": [105.8542], "location_quality": ["point"]},
)(sheet(SPOTS))
case("degrees, minutes, seconds", holds={"lat": [21.0285, 21.0285], "lon": [105.85422, 105.85422]})(
    text_file(
        "Tên cơ sở;Tỉnh;Vĩ độ;Kinh độ\n" + f"{NAMES[0]};Hà Nội;21°01'42,6\"N;105°51'15.2\"E\n"
        f"{NAMES[1]};Hà Nội;21 độ 01 phút 42,6 giây;105 độ 51 phút 15,2 giây\n"
    )
)
case(
    "metres of VN-2000",
    counts=(1, 0, 0),
    options=Options(vintage="pre2025"),
    holds={"lat": [21.13], "lon": [106.2], "location_quality": ["point"]},
)(sheet([["Tên cơ sở", "Tỉnh", "X (m)", "Y (m)"], [NAMES[0], "Bắc Ninh", "2 337 505,25", "572514.07"]]))

# Numbers, units, dates, codes.
NUMBERS: list[Any] = ["Tên cơ sở", "Tỉnh", "Số lao động", "Doanh thu (tỷ đồng)"]
case("decimal comma and thousands", counts=(3, 0, 0), holds={"employees": [1200, 1200, 30], "revenue_vnd_million": [1_234_500.0, 2_500.0, 1_234_000.0]})(
    text_file("\n".join(";".join(row) for row in [
        NUMBERS, [NAMES[0], "Cao Bằng", "1.200", "1.234,5"], [NAMES[1], "Lạng Sơn", "1 200 người", "2,5"],
        ["Xưởng C", "Cao Bằng", "30", "1.234"],
    ]) + "\n")
)  # fmt: skip
case("a number of two meanings", refused="can be read in two ways")(
    sheet([NUMBERS, [NAMES[0], "Cao Bằng", 5, "1.234"]])
)
NEEDS: list[Any] = ["Tên cơ sở", "Tỉnh", "Doanh thu", "Nguyên liệu", "Nhu cầu nguyên liệu (tạ/năm)"]
case("units in titles and in cells", holds={"revenue_vnd_million": [3_500.0, 850.0]})(
    sheet(
        [
            NEEDS,
            [NAMES[0], "Cao Bằng", "3,5 tỷ đồng", "Chè", 120],
            [NAMES[1], "Lạng Sơn", "850 triệu", "Chè", "500 kg"],
        ]
    )
)
case("no unit anywhere", refused="states no unit")(sheet([NEEDS[:3], [NAMES[0], "Cao Bằng", 12]]))
case(
    "a column of units",
    kind="materials",
    counts=(3, 0, 0),
    holds={"supply_tonnes": [12.0, 5.0, 1000.0]},
)(
    sheet([
        ["Nguyên liệu", "Tỉnh", "Sản lượng", "ĐVT", "Năm"], ["Chè", "Cao Bằng", 120, "tạ", 2023],
        ["Cà phê", "Lạng Sơn", 5000, "kg", 2023], ["Lúa", "Hà Tĩnh", 1, "nghìn tấn", 2023],
    ])
)  # fmt: skip


@case(
    "dates as dates and as text",
    counts=(6, 0, 1),
    told=["year"],
    holds={"year": [2023, 2022, 2021, 2020, 2019, 2018]},
)
def _(folder: Path) -> Path:
    days = ["31/12/2023", "2022-05-01", "năm 2021", 2020, "5/2019", "hôm qua", dt.datetime(2018, 1, 2)]

    def draw(book: Any, page: Any) -> None:
        form = book.add_format({"num_format": "dd/mm/yyyy"})
        page.write_row(0, 0, [*HEADER, "Năm"])
        for line, day in enumerate(days, start=1):
            page.write_row(line, 0, [f"Xưởng {line}", "Gốm", "Cao Bằng", line])
            page.write(line, 4, day, form if isinstance(day, dt.datetime) else None)

    return drawn(folder / "a.xlsx", draw)


CODES: list[Any] = ["Tên cơ sở", "Mã số thuế", "Mã tỉnh", "Mã ngành", "Số lao động"]
case("apostrophes before numbers", told=[], holds={"tax_code": ["0300588569", None], "employees": [12, 30], "sector_code": ["2393", "1076"]})(
    text_file("\n".join(";".join(row) for row in [
        CODES, [NAMES[0], "'0300588569", "'04", "'2393", "'12"], [NAMES[1], "'", "'20", "'1076", "'30"],
    ]) + "\n")
)  # fmt: skip
case(
    "codes that lost their zero",
    holds={
        "tax_code": ["0300588569", "0101248141"],
        "province_code": ["04", "01"],
        "sector_code": ["2393", "1076"],
    },
)(sheet([CODES, [NAMES[0], 300588569, 4, 2393, 12], [NAMES[1], 101248141, 1, 1076, 30]]))
case("a tax code in scientific notation", counts=(0, 0, 1), told=["tax-code"])(
    text_file(";".join(CODES) + f"\n{NAMES[0]};3.00588569E+8;04;2393;12\n")
)
case(
    "phone numbers and owners",
    counts=(2, 0, 0),
    told=["private-columns"],
    options=Options(mask_personal=True),
    holds={"name": ["Hộ kinh doanh N.V.A.", "HTX chè Tân Cương, ĐT •••"]},
)(
    sheet([
        [*HEADER, "Chủ cơ sở", "Điện thoại", "CCCD"], ["Hộ kinh doanh Nguyễn Văn An", "Gốm", "Cao Bằng", 3, "Nguyễn Văn An", "0912345678", "001090012345"],
        ["HTX chè Tân Cương, ĐT 0912 345 678", "Chè", "Lạng Sơn", 30, "Trần Thị Bình", "0208.385.1234", ""],
    ])
)  # fmt: skip
case("the same establishment twice", counts=(1, 1, 0), holds={"employees": [12]})(
    sheet([HEADER, ROWS[0], ["CƠ SỞ GỐM PHÙ LÃNG ", "Gốm", "Cao Bằng", 12]])
)

# Layers.
POINT = {"type": "Point", "coordinates": [105.85, 21.03]}
LINE = {"type": "LineString", "coordinates": [[106.2, 21.1], [106.21, 21.11], [106.22, 21.12]]}
LAYER = [["Gốm A", "Gốm"], ["Gốm B", "Gốm"]]
FRAME = gpd.GeoDataFrame(
    {"Tên cơ sở": ["Gốm A", "Gốm B"], "Sản phẩm": ["Gốm", "Gốm"]},
    geometry=[shapely.Point(105.85, 21.03), shapely.Point(106.21, 21.11)], crs=4326,
)  # fmt: skip
ON_MAP = {"lat": [21.03, 21.11], "lon": [105.85, 106.21], "province_code_2025": ["01", "24"]}
case("GeoJSON with a line", told=["shapes"], holds=ON_MAP)(
    text_file(json.dumps(geojson([POINT, LINE], LAYER, HEADER[:2])), "a.geojson")
)
case("GeoJSON without geometry", holds=PLAIN)(text_file(json.dumps(geojson([None, None], ROWS)), "a.geojson"))
case("other JSON", refused="no GeoJSON")(text_file('{"type": "Point"}', "a.geojson"))
case("broken JSON", refused="damaged")(text_file('{"type":', "a.geojson"))


@case("GeoPackage in VN-2000", holds=ON_MAP)
def _(folder: Path) -> Path:
    FRAME.to_crs(3405).to_file(folder / "a.gpkg")
    return folder / "a.gpkg"


@case("GeoParquet with a shape", told=["shapes"], holds=ON_MAP)
def _(folder: Path) -> Path:
    FRAME.assign(geometry=[FRAME.geometry[0], shapely.box(106.2, 21.1, 106.22, 21.12)]).to_parquet(
        folder / "a.parquet"
    )
    return folder / "a.parquet"


@case("Parquet with lists and records", holds={**PLAIN, "product": ["Gốm, Sành", "Chè"]})
def _(folder: Path) -> Path:
    frame = pd.DataFrame(list(ROWS), columns=HEADER)
    frame["Sản phẩm"] = pd.Series([["Gốm", "Sành"], ["Chè"]])
    frame["Khác"] = pd.Series([{"a": 1}, None])
    frame.to_parquet(folder / "a.parquet")
    return folder / "a.parquet"


case("broken Parquet", refused="damaged")(text_file(b"PAR1xxxx", "a.parquet"))


def shapefile(folder: Path, parts: tuple[str, ...]) -> Path:
    """Write these parts of a Shapefile into an archive."""
    plane = FRAME.rename(columns={"Tên cơ sở": "Ten co so", "Sản phẩm": "San pham"}).to_crs(32648)
    plane.to_file(folder / "a.shp", encoding="utf-8")
    return zipped(
        folder / "a.zip", {f"Lớp {part}": (folder / f"a.{part[-3:]}").read_bytes() for part in parts}
    )


SHAPE = ("1.shp", "1.shx", "1.dbf", "1.prj", "1.cpg")
case("Shapefile in UTM", holds={**ON_MAP, "name": ["Gốm A", "Gốm B"]})(
    lambda folder: shapefile(folder, SHAPE)
)
for gone, words in ((".prj", "coordinate system"), (".dbf", r"lacks .*\.dbf"), (".shx", r"lacks .*\.shx")):
    case(f"Shapefile without its {gone}", refused=words)(
        partial(shapefile, parts=tuple(part for part in SHAPE if not part.endswith(gone)))
    )
case("one part of a Shapefile", refused="one part of a Shapefile")(text_file(b"\0\0\x27\x0a", "a.shp"))
case("archive within an archive", refused="holds no Shapefile.*unpack")(
    lambda folder: zipped(folder / "b.zip", {"a.zip": zipped(folder / "a.zip", {"a.csv": b"1"}).read_bytes()})
)

# Not what it says, locked, too large, empty.
case("empty file", refused="is empty")(text_file(b"", "a.xlsx"))
case("header only", counts=(0, 0, 0), told=["no-rows"])(sheet([HEADER]))
case("header only, as text", counts=(0, 0, 0), told=["no-rows"])(text_file(table_text(rows=[])))
case("no header", refused="No header row")(text_file("1;2;3\n4;5;6\n"))
case("a PDF named .xlsx", refused="not XLSX")(text_file(b"%PDF-1.7 ....", "a.xlsx"))
case("a picture named .xlsx", refused="not XLSX")(text_file(b"\x89PNG\r\n\x1a\n", "a.xlsx"))
case("a web page named .xls", refused="not XLS")(
    text_file("<html><table><tr><td>Tên cơ sở</td></tr></table></html>", "a.xls")
)
case("text named .xlsx", refused="not XLSX")(text_file("Ten;Tinh", "a.xlsx"))
case("a text document", refused="XLSX, XLS, ODS")(text_file(b"PK", "a.docx"))
case("a text document named .xlsx", refused="not XLSX")(
    lambda folder: zipped(
        folder / "a.xlsx", {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}
    )
)
case("a workbook named .csv", refused="not CSV")(
    lambda folder: sheet([HEADER, *ROWS])(folder).rename(folder / "a.csv")
)
case("a workbook cut short", refused="damaged")(
    lambda folder: text_file(sheet([HEADER, *ROWS])(folder).read_bytes()[:900], "b.xlsx")(folder)
)
case("a locked XLSX", refused="locked by a password")(
    lambda folder: ole(folder / "a.xlsx", "EncryptedPackage")
)
case("a locked XLS", refused="locked by a password")(
    lambda folder: xls(folder / "a.xls", [HEADER, *ROWS], locked=True)
)


@case("more than 200 MB", refused="201 MB.*split")
def _(folder: Path) -> Path:
    with (folder / "a.csv").open("wb") as file:
        file.truncate(201 * 1024**2)
    return folder / "a.csv"


@case("a file made to exhaust the machine", refused="unpacks to far more")
def _(folder: Path) -> Path:
    return repacked(sheet([HEADER, *ROWS])(folder), {"xl/media/image.bin": bytes(51 * 1024**2)})


_DONE: dict[Any, Outcome] = {}


def checked(table: Table, case: Case) -> Outcome:
    """Guess and check as an import does; a table of the same titles and cells is checked once."""
    rows = tuple(map(tuple, table.cells.astype("str").to_numpy()))
    same = (table.header, rows, case.kind, repr(case.options))
    if same not in _DONE:
        _DONE[same] = check.run(table, mapping.guess(table, case.kind), case.options)
    return _DONE[same]


def rounded(values: pd.Series) -> list[Any]:
    """Return values as plain ones, numbers to five decimals, missing ones None."""
    return [
        None if v is None or v is pd.NA or v != v else round(float(v), 5) if isinstance(v, int | float) else v
        for v in values.astype(object)
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_awkward_file(tmp_path: Path, case: Case) -> None:
    path = case.make(tmp_path)
    if case.refused:
        with pytest.raises(GeoError, match=case.refused) as refusal:
            checked(template.fullest(read.tables(path)), case)
        assert "hãy" in refusal.value.vi.lower()
        assert refusal.value.en.endswith(".")
        return
    table = template.fullest(read.tables(path))
    done = checked(table, case)
    counts = done.counts
    assert (counts["accepted"], counts["merged"], counts["returned"]) == case.counts
    assert counts["rows_in"] == len(table.cells) == sum(case.counts)
    told = {remark.code for remark in table.remarks} | set(done.faults["code"])
    told |= {message.code for message in done.messages} & {"private-columns"}
    assert told == case.told
    assert table.aside["reason"].value_counts().to_dict() == case.aside
    rows = done.accepted.reset_index(drop=True).sort_values("row")
    for column, values in case.holds.items():
        assert rounded(rows[column]) == values, column
    if case.counts[2]:
        assert returned.workbook(done)[:2] == b"PK"


def test_the_table_has_no_name_twice() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 30


@pytest.mark.parametrize(
    "name",
    ["TCVN3 in a text file", "state heading, decree line, header of two levels, numbering", "swapped coordinates",
     "a locked XLS", "mixed sets of provinces"],
)  # fmt: skip
def test_awkward_file_by_command(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRODUCT_HOME", str(tmp_path / "home"))
    (case,) = (case for case in CASES if case.name == name)
    command = ["import", str(case.make(tmp_path)), "--dry-run", "--format", "json"]
    assert main(command) == (2 if case.refused else 0)
    said = capsys.readouterr()
    if case.refused:
        assert "hãy" in said.err.lower()
        return
    counts = json.loads(said.out)[0]["counts"]
    assert (counts["accepted"], counts["merged"], counts["returned"]) == case.counts


def test_sheets_one_a_year_are_all_read_and_the_others_named(
    tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRODUCT_HOME", str(tmp_path / "home"))
    path = xlsx(tmp_path / "a.xlsx", [HEADER, ROWS[0]], N2023=[HEADER, *ROWS], N2024=[HEADER, ROWS[1]])
    tables = read.tables(path)
    assert [(table.sheet, len(table.cells)) for table in tables] == [("DS", 1), ("N2023", 2), ("N2024", 1)]
    assert main(["--lang", "en", "import", str(path), "--dry-run", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)[0]
    assert (told["sheet"], told["counts"]["accepted"]) == ("N2023", 2)
    assert any('"DS", "N2024"' in message for message in told["messages"])
    assert intake._chosen(tables, "N2024").sheet == "N2024"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_command_never_takes_the_example_of_a_template(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "mau.xlsx"
    path.write_bytes(template.workbook("establishments", lang))
    data, example = read.tables(path)
    chosen = intake._chosen([data, example], None)
    assert chosen.sheet == data.sheet
    assert chosen.cells.empty
    assert len(example.cells) == 3
    assert {remark.code for remark in chosen.remarks} == {"no-rows"}
