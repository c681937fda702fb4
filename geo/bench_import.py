"""How fast a large list of a provincial office is imported, and how much memory it takes.

The list is made beforehand, in a process of its own: names, places and products as offices write them, one
row in twenty at fault, one in twenty in the data set already.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

from geo.bench_tools import apart, timed
from geo.intake import check, commit, mapping, read
from geo.intake.columns import TAX_WEIGHTS
from geo.intake.model import Options, Outcome, Table
from geo.places import admin, locate
from geo.subjects.shipped import table

NAME = "bench"
_SEED = 2025
_KINDS = (
    "HTX",
    "Cơ sở",
    "Hộ kinh doanh",
    "Công ty TNHH",
    "DNTN",
    "Cơ sở sản xuất",
    "Công ty CP",
    "Tổ hợp tác",
)
_FAMILIES = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Phan",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
)
_MIDDLE = ("Văn", "Thị", "Đức", "Minh", "Ngọc", "Quang", "Thanh", "Hữu", "Xuân", "Hồng")
_GIVEN = ("An", "Bình", "Cường", "Dũng", "Hạnh", "Hoa", "Hùng", "Lan", "Long", "Mai", "Nam", "Phúc", "Sơn", "Tâm", "Thảo",
          "Thịnh", "Tuấn", "Vinh", "Yến", "Khánh")  # fmt: skip
_TITLES = ("STT", "Tên cơ sở", "Mã số thuế", "Chủ cơ sở", "Điện thoại", "Địa chỉ", "Xã", "Huyện", "Tỉnh", "Mã ngành",
           "Sản phẩm chính", "Số lao động (người)", "Doanh thu (tỷ đồng)", "Vĩ độ", "Kinh độ", "Năm")  # fmt: skip
#: Shares of the rows, in parts of the whole: already stored, at fault.
_STORED_SHARE, _FAULT_SHARE = 0.05, 0.05
#: Column → what stands there in a row at fault.
_FAULTS = (("Tỉnh", "Tỉnh Không Có"), ("Số lao động (người)", "nhiều"), ("Mã ngành", "9999"), ("Tên cơ sở", None),
           ("Vĩ độ", 105.8), ("Mã số thuế", "12-34"), ("Năm", "chưa rõ"), ("Doanh thu (tỷ đồng)", "hai tỷ"))  # fmt: skip


def measure(rows: int) -> list[dict[str, Any]]:
    """Measure the import of an XLSX of ``rows`` rows into a data set that holds a fifth as many.

    Run it in a fresh process: the memory told is the highest of the whole process.

    Parameters
    ----------
    rows : int
        Rows of the file, at least 20.

    Returns
    -------
    list of dict
        ``establishments``, ``step`` (``import``: everything from the file to the new version, then its parts
        ``import_read``, ``import_check``, ``import_write``), ``seconds``, ``peak_memory_mb``,
        ``payload_bytes`` (of the file).
    """
    with tempfile.TemporaryDirectory(prefix="bench-import-") as scratch:
        path = Path(apart(make, rows, scratch))
        size = path.stat().st_size
        held: dict[str, Any] = {}

        def reading(_: int) -> None:
            held["table"] = read.tables(path)[0]

        def checking(_: int) -> None:
            held["outcome"] = _checked(held["table"], scratch)

        def writing(_: int) -> None:
            commit.write(held["outcome"], NAME, root=scratch)

        steps = (("import_read", reading), ("import_check", checking), ("import_write", writing))
        parts = [timed(rows, name, work, payload=size) for name, work in steps]
    peaks = [part["peak_memory_mb"] for part in parts if part["peak_memory_mb"] is not None]
    seconds = round(sum(part["seconds"] for part in parts), 4)
    whole = {**parts[0], "step": "import", "seconds": seconds, "peak_memory_mb": max(peaks, default=None)}
    return [whole, *parts]


def _checked(rows: Table, folder: str) -> Outcome:
    """Check a table against what is stored."""
    options = Options(vintage="pre2025", dataset=commit.opened(NAME, folder))
    return check.run(rows, mapping.guess(rows, "establishments"), options)


def make(rows: int, folder: str) -> str:
    """Write the XLSX to import and the data set it is added to; return the path of the file.

    Parameters
    ----------
    rows : int
        Rows of the file.
    folder : str
        Where the file goes, and the data set.
    """
    known = max(1, int(rows * _STORED_SHARE))
    stored = rows // 5
    firms = office_rows(rows + stored - known, np.random.default_rng(_SEED))
    path = Path(folder) / "stored.xlsx"
    _write(path, firms.iloc[:stored])
    commit.write(_checked(read.tables(path)[0], folder), NAME, root=folder)
    path = Path(folder) / "list.xlsx"
    _write(path, with_faults(firms.iloc[stored - known :], np.random.default_rng(_SEED + 1)))
    return str(path)


def office_rows(count: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return ``count`` rows of a list of establishments as an office writes it, without faults.

    Parameters
    ----------
    count : int
    rng : Generator

    Returns
    -------
    DataFrame
        One column a title; places are those before July 2025.
    """
    places = locate.communes("pre2025").dropna(subset=["lat", "lon"])
    place = places.iloc[rng.integers(len(places), size=count)].reset_index(drop=True)
    profile = table("demo_profile.csv")
    trade = profile.iloc[rng.integers(len(profile), size=count)].reset_index(drop=True)
    owner = _joined(*(rng.choice(words, count) for words in (_FAMILIES, _MIDDLE, _GIVEN)))
    product = trade["product_vi"].astype("str").str.split(",").str[0]
    bare = place["name_vi"].astype("str").str.replace(r"^(Xã|Phường|Thị trấn) ", "", regex=True)
    mark = pd.Series(np.where(rng.random(count) < 0.5, owner, bare))
    lat, lon = (place[axis] + rng.normal(0, 0.004, count) for axis in ("lat", "lon"))
    drawn = rng.random(count)
    provinces = admin.provinces("pre2025")["name_vi"]
    columns = (
        pd.Series(np.arange(1, count + 1)),
        _joined(rng.choice(_KINDS, count), product.str.lower(), mark),
        _tax_codes(count, rng).where(drawn < 0.4),
        owner,
        pd.Series(rng.integers(10**8, 10**9, count).astype(str)).radd("0"),
        _joined(["Thôn"] * count, rng.integers(1, 20, count), place["name_vi"]),
        place["name_vi"],
        place["district_vi"],
        place["province_code"].map(provinces),
        trade["sector_code"].where(rng.random(count) < 0.6),
        product,
        pd.Series(rng.geometric(0.08, count)),
        pd.Series(np.round(rng.lognormal(0, 1, count), 1).astype(str)).str.replace(".", ","),
        lat.round(5).where(drawn < 0.7),
        lon.round(5).where(drawn < 0.7),
        pd.Series(rng.integers(2021, 2026, count)),
    )
    return pd.DataFrame(dict(zip(_TITLES, columns, strict=True))).astype(object)


def _joined(*columns: Iterable[object]) -> pd.Series:
    """Return columns of words as one column of texts."""
    return pd.Series([" ".join(map(str, words)) for words in zip(*columns, strict=True)])


def _tax_codes(count: int, rng: np.random.Generator) -> pd.Series:
    """Return tax codes of enterprises whose last digit checks the others; None where no digit would."""
    digits = rng.integers(0, 10, (count, 9))
    check = 10 - digits @ np.array(TAX_WEIGHTS) % 11
    codes = pd.Series(["".join(map(str, [*row, last])) for row, last in zip(digits, check, strict=True)])
    return codes.where(check < 10, None)


def with_faults(firms: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return rows with one fault in every twentieth, the kinds in turn."""
    out = firms.reset_index(drop=True)
    hit = rng.choice(len(out), size=max(1, int(len(out) * _FAULT_SHARE)), replace=False)
    for turn, (title, value) in enumerate(_FAULTS):
        out.loc[hit[turn :: len(_FAULTS)], title] = value
    return out


def _write(path: Path, rows: pd.DataFrame) -> None:
    """Write rows as an office does: letterhead, titles, numbering, data, a total."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Danh sách")
        sheet.write_string(0, 0, "SỞ CÔNG THƯƠNG")
        sheet.write_string(1, 0, "DANH SÁCH CƠ SỞ CÔNG NGHIỆP NÔNG THÔN")
        sheet.write_row(3, 0, list(rows.columns))
        sheet.write_row(4, 0, [f"({number})" for number in range(1, rows.shape[1] + 1)])
        for line, row in enumerate(rows.itertuples(index=False), start=5):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(line, column, value)
                elif value is not None and value == value:
                    sheet.write_number(line, column, value)
        sheet.write_string(5 + len(rows), 1, "Tổng cộng")
        sheet.write_number(5 + len(rows), 11, float(len(rows)))
