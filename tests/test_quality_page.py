"""The quality part of the data page: both languages and vintages, filters, own sets, a set with nothing in it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geo.store import catalog
from geo.subjects import establishments as schema
from ui.quality_map import MEASURES
from ui.text import catalogue

PAGES = Path(__file__).resolve().parent.parent / "pages"
PARTS = ("matrix", "places", "coverage", "ages", "twice", "imports")


def run(*opened: str, **parameters: str) -> AppTest:
    """Open the quality part of the data page with some of its parts; no error, no exception."""
    app = AppTest.from_file(str(PAGES / "shell.py"), default_timeout=120)
    app.run()
    app.switch_page(str(PAGES / "data_page.py"))
    app.query_params.update({"mode": "quality", **parameters})
    for name in opened:
        app.session_state[f"quality_{name}"] = True
    app.run()
    assert not app.exception
    assert not app.error, [e.value for e in app.error]
    return app


def html(app: AppTest) -> str:
    """All HTML of the page."""
    return " ".join(element.proto.body for element in app.get("html"))


def finding(app: AppTest) -> str:
    """The sentence under the question."""
    return next(m.value for m in app.markdown if "finding" in m.value)


def own(name: str, table: pd.DataFrame, provenance: dict) -> None:
    """Write a data set of the user."""
    catalog.write_dataset(
        catalog.user_root(),
        name,
        table,
        kind="user",
        provenance=provenance,
        label_vi="Của tôi",
        label_en="Mine",
    )


def test_the_real_list_tells_its_gaps_and_what_to_collect() -> None:
    app = run()
    assert "494 cơ sở" in finding(app)
    assert "Nhu cầu nguyên liệu do cơ sở khai" in finding(app)
    said = html(app)
    assert "1. Nhu cầu nguyên liệu do cơ sở khai" in said
    assert "494 / 494 cơ sở (100 %)" in said
    assert catalogue("vi")["quality.gaps"] in [s.value for s in app.subheader]


def test_the_old_provinces_in_english_with_another_tint() -> None:
    app = run(lang="en", vintage="pre2025", subject="coverage")
    assert "494 establishments: 70% have a sector class, 0% their employees" in finding(app)
    assert "Yen Bai, Bac Giang, Quang Ngai, Ca Mau" in html(app)
    assert any("trade and services" in c.value for c in app.caption)


def test_filters_narrow_the_demonstration_set() -> None:
    app = run(data="demo", province="66", sector="10", subject="stated_need")
    assert "20.000 cơ sở" not in finding(app)
    assert "20.000" in " ".join(c.value for c in app.caption)


def test_parts_open_and_a_small_own_set_reads_well(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PRODUCT_HOME", str(tmp_path))
    rows = pd.DataFrame(
        {
            "establishment_id": ["a", "b"], "name": ["HTX <b>chè</b>", "HTX <b>chè</b>"], "sector_code": "1076",
            "vintage": "2025", "province_code": "19", "province_code_2025": "19", "commune_code_2025": "05710",
            "location_quality": "province", "source": "x", "licence": "x",
        }
    )  # fmt: skip
    counts = {"rows_in": 3, "accepted": 2, "merged": 0, "returned": 1}
    own("mine", rows, {"imported_at": "2026-01-02T03:04:05+00:00", "file": "<i>a</i>.xlsx", "counts": counts,
                       "faults": {"whole": 1, "a-new-one": 2}, "previous": None})  # fmt: skip
    app = run(*PARTS, data="mine")
    assert "2 cơ sở" in finding(app)
    assert "<b>chè" not in html(app)
    said = [m.value for m in app.markdown]
    assert any("2 cơ sở mang đúng tên" in text for text in said)
    assert any(text.startswith("1 cặp giống từ 0,8") for text in said)
    tables = [frame.value for frame in app.dataframe]
    faults = next(table for table in tables if "Mọi lần nhập" in table.columns)
    assert faults["Loại"].tolist() == ["a-new-one", "Không phải số nguyên hợp lệ"]
    assert "Thái Nguyên" in html(app)


def test_a_set_without_establishments(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PRODUCT_HOME", str(tmp_path))
    nothing = pd.DataFrame({column.name: pd.Series(dtype=object) for column in schema.ESTABLISHMENTS})
    own("nothing", nothing, {})
    app = run(data="nothing")
    assert catalogue("vi")["quality.finding_empty"] in finding(app)
    assert catalogue("vi")["quality.no_opportunities"] in [i.value for i in app.info]


def test_every_measure_has_its_words_in_both_languages() -> None:
    for lang in ("vi", "en"):
        words = catalogue(lang)
        for measure in MEASURES:
            assert f"quality.column_{measure}" in words or f"quality.tint_{measure}" in words
        assert all(f"quality.part_{name}" in words for name in PARTS)
