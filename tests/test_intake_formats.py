"""The same table gives the same outcome, whatever its format, encoding, separator and order of columns."""

from __future__ import annotations

import csv
import io
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from intake_files import HEADER, ROWS, as_1258, xls, xlsx

from geo import bench_import
from geo.intake import check, mapping, read
from geo.intake.model import Options, Outcome

Rows = list[list[Any]]
TITLES = ["Tên cơ sở", "MST", "Sản phẩm", "Mã ngành", "Tỉnh", "Xã", "Số lao động", "Doanh thu (tỷ đồng)",
          "Vĩ độ", "Kinh độ", "Năm", "Ghi chú"]  # fmt: skip
CELLS: dict[str, list[Any]] = {
    "Tên cơ sở": [
        "HTX gốm Phù Lãng",
        "Gốm Phù Lãng",
        "Hộ Nguyễn Văn An",
        "Cơ sở “A”; B",
        "<b>x</b>",
        "=1+1",
        None,
    ],
    "MST": ["0300588569", "0101248141", "123", None],
    "Sản phẩm": ["Gốm", "Chè", "Bún và rượu", "xyz", None],
    "Mã ngành": ["2393", "10", "9999", "1104", None],
    "Tỉnh": ["Vĩnh Phúc", "Bắc Ninh", "Cao Bằng", "Atlantis", "24"],
    "Xã": ["Tân Cương", "Phù Lãng", None],
    "Số lao động": [5, "1.200", "nhiều", -3, None],
    "Doanh thu (tỷ đồng)": ["12,5", 3, "-1", "x", None],
    "Vĩ độ": [21.13, "21°01'", 106.2, 0, "abc", None],
    "Kinh độ": [106.23, "105°51'", 21.1, 0, None],
    "Năm": [2024, "31/12/2023", 1200, None],
    "Ghi chú": ['có "ngoặc"', "hai\ndòng", "a;b,c\td|e", None],
}
ROW = st.tuples(*(st.sampled_from(CELLS[title]) for title in TITLES)).map(list)


def delimited(encoding: str, separator: str) -> Callable[[Path, Rows], Path]:
    """Return a writer of text tables."""

    def write(path: Path, rows: Rows) -> Path:
        sink = io.StringIO()
        csv.writer(sink, delimiter=separator).writerows(rows)
        text = sink.getvalue()
        target = path.with_suffix(".csv")
        target.write_bytes(as_1258(text) if encoding == "windows-1258" else text.encode(encoding))
        return target

    return write


def parquet(path: Path, rows: Rows) -> Path:
    """Write a Parquet file of texts."""
    frame = pd.DataFrame(rows[1:], columns=rows[0], dtype=object)
    target = path.with_suffix(".parquet")
    frame.map(lambda value: None if value is None else str(value)).to_parquet(target)
    return target


def calc(path: Path, rows: Rows) -> Path:
    """Write an old workbook of Excel 97."""
    return xls(path.with_suffix(".xls"), rows)


WRITERS: dict[str, Callable[[Path, Rows], Path]] = {
    "csv utf-8": delimited("utf-8", ","),
    "csv with mark": delimited("utf-8-sig", ";"),
    "csv utf-16": delimited("utf-16", "\t"),
    "csv windows-1258": delimited("windows-1258", "|"),
    "xls": calc,
    "parquet": parquet,
}


def outcome(path: Path) -> Outcome:
    """Read, guess and check a file."""
    (table,) = read.tables(path)
    return check.run(table, mapping.guess(table, "establishments"), Options(vintage="pre2025"))


def seen(done: Outcome) -> dict[str, Any]:
    """Return what must not depend on the form of a file: rows by their place, everything but the file itself."""
    place = {row: number for number, row in enumerate(done.table.cells.index)}
    accepted = (
        done.accepted.assign(row=done.accepted["row"].map(place)).sort_values("row").drop(columns="source")
    )
    plain = accepted.astype(object).where(accepted.notna(), None)
    return {
        "counts": done.counts,
        "accepted": plain[sorted(plain.columns)].map(str).to_numpy().tolist(),
        "merged": sorted(
            zip(done.merged["row"].map(place), done.merged["into"], done.merged["score"], strict=True)
        ),
        "faults": sorted(
            zip(done.faults["row"].map(place), done.faults["code"], done.faults["column"], strict=True)
        ),
        "mapping": (dict(done.mapping.columns), dict(done.mapping.units)),
    }


@settings(
    max_examples=3, phases=[Phase.explicit, Phase.generate], suppress_health_check=[HealthCheck.too_slow]
)
@given(st.lists(ROW, min_size=2, max_size=10), st.randoms(use_true_random=False))
def test_the_form_of_a_file_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, rows: Rows, chance: random.Random
) -> None:
    folder = tmp_path_factory.mktemp("forms")
    first = seen(outcome(xlsx(folder / "first.xlsx", [TITLES, *rows])))
    for number, (form, write) in enumerate(WRITERS.items()):
        order = chance.sample(range(len(TITLES)), len(TITLES))
        turned = [[row[place] for place in order] for row in [TITLES, *rows]]
        assert seen(outcome(write(folder / str(number), turned))) == first, form


def test_progress_is_told_while_reading_and_checking(tmp_path: Path) -> None:
    rows = [[f"Xưởng {n} {n * 7919}", "Gốm", "Cao Bằng", n + 1] for n in range(400)]
    path = xlsx(tmp_path / "a.xlsx", [HEADER, *rows])
    told: list[tuple[int, int]] = []

    def listen(done: int, total: int) -> None:
        told.append((done, total))

    (table,) = read.tables(path, progress=listen)
    assert told[0] == (0, 0)  # the size is not known yet
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len(told) > 10
    assert told[-1][1] == 401
    told.clear()
    check.run(table, mapping.guess(table, "establishments"), Options(vintage="2025"), listen)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len({done for done, _ in told}) > 40
    assert (told[0], told[-1]) == ((0, 400), (400, 400))


@pytest.mark.parametrize("stop_at", [1, 5, 12])
def test_reading_can_be_stopped_at_every_report(tmp_path: Path, stop_at: int) -> None:
    class Stopped(Exception):
        pass

    count = 0

    def stop(done: int, total: int) -> None:
        nonlocal count
        count += 1
        if count == stop_at:
            raise Stopped

    with pytest.raises(Stopped):
        read.tables(xlsx(tmp_path / "a.xlsx", [HEADER, *ROWS]), progress=stop)


def test_the_measured_list_is_as_faulty_as_it_says(tmp_path: Path) -> None:
    path = bench_import.make(400, str(tmp_path))
    (table,) = read.tables(path)
    counts = bench_import._checked(table, str(tmp_path)).counts
    assert counts["rows_in"] == 400 == counts["accepted"] + counts["merged"] + counts["returned"]
    assert 20 <= counts["returned"] <= 32
    assert counts["merged"] >= 18
