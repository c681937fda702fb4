"""What the readers of files must never do: turn right text into wrong, or lose the place of a cell."""

from __future__ import annotations

import pandas as pd
import pytest

from geo.intake import layout, legacy


@pytest.mark.parametrize(
    "sentence", ["Tên cơ sở", "Công ty TNHH Café Hà Nội", "Sóc Trăng tăng giá trị – OCOP", "Krông Pắk"]
)
def test_right_text_is_never_converted(sentence: str) -> None:
    assert legacy.best_reading(sentence) == (sentence, "")


@pytest.mark.parametrize(
    "name",
    ["Tổng công ty Gỗ", "Công ty Huyện Đông", "Cộng đồng dệt Lùng Tám", "Tổ hợp tác Xã Đàn", "Công Thành"],
)
def test_names_like_totals_are_data(name: str) -> None:
    cells = pd.DataFrame([["Gốm A", "Gốm", "Cao Bằng", 5], [name, None, None, 7]], dtype=object)
    data, aside = layout.split(cells)
    assert data[0].tolist() == ["Gốm A", name]
    assert aside.empty


@pytest.mark.parametrize("name", ["TM Hoàng Long", "KT Hưng Thịnh"])
def test_names_like_signatures_are_data(name: str) -> None:
    rows = [
        ["Gốm A", "Gốm", "Cao Bằng", 5],
        [name, None, "Cao Bằng", None],
        ["Gốm C", None, "Cao Bằng", None],
    ]
    data, aside = layout.split(pd.DataFrame(rows, dtype=object))
    assert len(data) == 3
    assert aside.empty


def test_only_the_last_columns_without_title_and_value_are_cut() -> None:
    cells = pd.DataFrame([["A", None, "x", None, None]], dtype=object)
    titles, kept = layout.trimmed(("Tên", "Cột 2", "Cột 3", "Cột 4", "Cột 5"), cells)
    assert titles == ("Tên", "Cột 2", "Cột 3")
    assert kept.columns.tolist() == [0, 1, 2]
