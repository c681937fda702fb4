"""Nothing is lost: counts always add up, a round trip changes nothing, imports do not mix."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from geo.errors import DataError, StoreError
from geo.intake import check, commit, mapping, outgoing, read, returned
from geo.intake.model import Options, Outcome, Table
from geo.store import catalog, lock

TITLES = (
    "Tên cơ sở",
    "MST",
    "Sản phẩm",
    "Mã ngành",
    "Tỉnh",
    "Xã",
    "Số lao động",
    "Doanh thu (tỷ đồng)",
    "Vĩ độ",
    "Kinh độ",
    "Năm",
)
CELLS = {
    "Tên cơ sở": [
        "HTX gốm Phù Lãng",
        "Gốm Phù Lãng",
        "Hộ Nguyễn Văn An",
        "Cơ sở A",
        "<b>x</b>",
        "=1+1",
        "Tổng cộng",
        "",
        None,
    ],
    "MST": ["0300588569", "0101248141", "123", 300588569, None],
    "Sản phẩm": ["Gốm", "Chè", "Bún và rượu", "xyz", None],
    "Mã ngành": ["2393", "10", "9999", 1077.0, "1104", None],
    "Tỉnh": ["Vĩnh Phúc", "Bắc Ninh", "Cao Bằng", "Atlantis", "24", None],
    "Xã": ["Tân Cương", "Phù Lãng", "?", None],
    "Số lao động": [5, "1.200", "nhiều", -3, 2.5, None],
    "Doanh thu (tỷ đồng)": ["12,5", 3, "-1", "x", None],
    "Vĩ độ": [21.13, "21°01'", 106.2, 0, 99, "abc", None],
    "Kinh độ": [106.23, "105°51'", 21.1, 0, 2, None],
    "Năm": [2024, "31/12/2023", 1200, "nay", None],
}
ROW = st.tuples(*(st.sampled_from(CELLS[title]) for title in TITLES))


def table_of(rows: list[tuple[object, ...]], titles: tuple[str, ...] = TITLES) -> Table:
    """Rows as a reader gives them, totals and blank rows parted."""
    from geo.intake import layout

    cells = pd.DataFrame(
        rows, columns=range(len(titles)), index=pd.RangeIndex(2, len(rows) + 2), dtype=object
    )
    data, aside = layout.split(cells.where(cells.notna() & (cells != ""), None))
    return Table("a.xlsx", "", "0" * 64, titles, data, aside)


@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(ROW, max_size=12), st.sampled_from(["2025", "pre2025", "each"]), st.booleans(), st.booleans())
def test_every_row_is_accepted_merged_or_returned(rows: list, vintage: str, agreed: bool, mask: bool) -> None:
    table = table_of(rows)
    repairs = frozenset({"swap", "drop-point"}) if agreed else frozenset()
    done = check.run(
        table,
        mapping.guess(table, "establishments"),
        Options(vintage=vintage, repairs=repairs, mask_personal=mask),
    )
    counts = done.counts
    blank = sum(all(cell in (None, "") for cell in row) for row in rows)
    assert counts["rows_in"] == counts["accepted"] + counts["merged"] + counts["returned"]
    assert counts["rows_in"] + len(table.aside) + blank == len(rows)
    seen = [*done.accepted["row"], *done.merged["row"], *done.returned.index]
    assert sorted(seen) == sorted(table.cells.index)
    assert done.result["establishments"]["establishment_id"].is_unique
    assert len(done.result["establishments"]) == counts["accepted"]
    assert set(done.returned.index) == set(done.faults.loc[done.faults["severity"] == "error", "row"])
    assert returned.workbook(done)[:2] == b"PK"


@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(ROW, min_size=1, max_size=12), st.booleans())
@example([("Cơ sở A", None, None, None, "Bắc Ninh", None, None, None, "21°01'", 106.23, None)], False)
@example([("Cơ sở A", None, None, None, "Atlantis", None, None, None, None, None, None)], True)
def test_a_round_trip_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, rows: list, as_csv: bool
) -> None:
    root = tmp_path_factory.mktemp("trip")
    table = table_of(rows)
    done = check.run(table, mapping.guess(table, "establishments"), Options(vintage="pre2025"))
    if not done.counts["accepted"] + done.counts["merged"]:
        with pytest.raises(DataError, match="No row of the file is good"):
            commit.write(done, "user", root=root)
        return
    first = commit.write(done, "user", root=root)
    path = root / ("out.csv" if as_csv else "out.xlsx")
    if as_csv:
        path.write_text(outgoing.csv(first, masked=False), encoding="utf-8")
    else:
        path.write_bytes(outgoing.workbook(first, "en", masked=False))
    back = read.tables(path)[0]
    columns = mapping.guess(back, "establishments")
    assert not columns.ignored
    again = check.run(back, columns, Options(dataset=first, vintage="each"))
    assert again.counts["rows_in"] == again.counts["merged"] == first.rows()
    assert commit.write(again, "user", root=root) == first
    # Into an empty dataset the same rows come out.
    other = commit.write(check.run(back, columns, Options(vintage="each")), "copy", root=root)
    pd.testing.assert_frame_equal(
        *(check.stored_columns(check.read(d, "establishments")) for d in (first, other))
    )


def test_the_real_list_comes_back_as_it_went_out(tmp_path: Path) -> None:
    real = catalog.open_dataset("real")
    path = tmp_path / "real.xlsx"
    path.write_bytes(outgoing.workbook(real, masked=False))
    table = read.tables(path)[0]
    done = check.run(table, mapping.guess(table, "establishments"), Options())
    assert done.counts["accepted"] == real.rows()
    stored = commit.write(done, "user", root=tmp_path)
    one, two = (
        check.stored_columns(check.read(dataset, "establishments")).drop(columns=["name", "source"])
        for dataset in (real, stored)
    )  # names and sources lose doubled and unseen spaces
    pd.testing.assert_frame_equal(one, two)


def outcome_of(count: int, options: Options, mark: str) -> Outcome:
    places = ["Cao Bằng", "Lạng Sơn", "Hà Tĩnh"]
    rows = [
        (
            f"Xưởng {mark}{n} {n * 7919}",
            None,
            "Gốm",
            "2393",
            places[n % 3],
            None,
            n % 50 + 1,
            None,
            None,
            None,
            2024,
        )
        for n in range(count)
    ]
    table = table_of(rows)
    return check.run(table, mapping.guess(table, "establishments"), options)


def test_two_imports_do_not_mix(tmp_path: Path) -> None:
    one, two = outcome_of(5, Options(), "a"), outcome_of(5, Options(), "b")
    commit.write(one, "user", root=tmp_path)
    with pytest.raises(StoreError, match="has changed"):
        commit.write(two, "user", root=tmp_path)
    with lock.held(tmp_path, "user"), pytest.raises(StoreError, match="is running"):
        commit.write(
            outcome_of(5, Options(dataset=commit.opened("user", tmp_path)), "b"), "user", root=tmp_path
        )


def test_progress_can_stop_an_import(tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done:
            raise Stopped

    table = table_of([("A", None, "Gốm", None, "Cao Bằng", None, 5, None, None, None, None)])
    with pytest.raises(Stopped):
        check.run(table, mapping.guess(table, "establishments"), Options(), stop)


def test_row_order_changes_only_which_row_is_first() -> None:
    done = outcome_of(40, Options(), "a")
    held = done.table
    turned = Table(held.file, held.sheet, held.sha256, held.header, held.cells.iloc[::-1], held.aside)
    other = check.run(turned, done.mapping, done.options)
    one, two = (
        o.result["establishments"].sort_values("establishment_id", ignore_index=True) for o in (done, other)
    )
    pd.testing.assert_frame_equal(one, two)
