"""The page of clusters: significance, stars and clusters over a border, in words, tables and outlines."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pandas as pd
import pytest
from test_app import _sound, run

from geo.measures import crossing
from geo.store import catalog, support_counts
from geo.store.filters import Filters
from ui import hotspot_layers, hotspot_views, star_views
from ui.text import Text
from ui.url_state import View

CHOSEN = {"data": "demo", "sector": "1077"}


def _context(lang: str = "vi", vintage: str = "2025") -> SimpleNamespace:
    view = View(lang=lang, dataset="demo", filters=Filters(vintage=vintage).normalised())
    return SimpleNamespace(t=Text(lang), view=view, dataset=catalog.open_dataset("demo"))


def _finding(app) -> str:
    return next(block.value for block in app.markdown if 'class="finding"' in block.value)


def test_the_finding_names_the_cluster_over_the_border() -> None:
    app = run("clusters", **CHOSEN)
    _sound(app)
    (cluster,) = [
        c for c in crossing.find(catalog.open_dataset("demo"), Filters(), "1077") if c.crosses_province
    ]
    text = _finding(app)
    assert f"{cluster.establishments} cơ sở: Lâm Đồng" in text
    assert "Đắk Lắk" in text
    tables = [frame.value for frame in app.dataframe]
    assert any("Tỉnh (tỷ trọng cơ sở)" in table.columns for table in tables)
    whole = next(table for table in tables if "Sao cụm ngành" in table.columns)
    assert whole["Sao cụm ngành"].str.contains("3/3").any()


@pytest.mark.parametrize("vintage", ["2025", "pre2025"])
def test_the_thin_real_list_says_that_there_is_no_cluster(vintage: str) -> None:
    app = run("clusters", sector="1077", vintage=vintage)
    _sound(app)
    assert any("Chưa thấy cụm nào" in block.value for block in app.markdown)


def test_provinces_can_be_tinted_by_their_hot_spots_and_one_picked() -> None:
    app = run("clusters", **CHOSEN, mode="moran", pick="66", value="1077-8565b607")
    _sound(app)
    assert any("3/3: quy mô, chuyên môn hóa, trọng tâm" in block.value for block in app.info)
    assert any("Moran cục bộ" in block.value for block in app.caption)
    assert any(button.key == "clusters_whole" for button in app.button)


def test_a_cluster_that_is_not_there_is_dropped_from_the_address() -> None:
    app = run("clusters", **CHOSEN, value="3100-0000")
    _sound(app)
    assert "value" not in app.query_params


def test_outlines_are_light_and_name_both_provinces() -> None:
    context = _context()
    found = hotspot_views.clusters(context, "1077", ("66", "68"))
    layer = hotspot_layers.outlines(context, found)
    drawn = json.loads(layer.payload)["outlines"]
    assert len(layer.payload) < 60_000
    assert drawn[-1]["colour"] == hotspot_layers.CROSSING
    text = "\n".join(drawn[-1]["lines"])
    assert "Lâm Đồng: 134 cơ sở (52 %)" in text
    assert "Đắk Lắk: 87 cơ sở (34 %)" in text


def test_kinds_tell_sure_from_hints_and_keep_gaps() -> None:
    table = pd.DataFrame(
        {
            "quadrant": ["HH", "LL", "HL", ""],
            "moran_p": [0.0001, 0.03, 0.4, float("nan")],
            "moran_p_fdr": [0.004, 0.3, 0.8, float("nan")],
        },
        index=["01", "02", "03", "04"],
    )
    kinds = hotspot_layers.kinds(table)
    assert list(kinds[:3]) == ["HH_sure", "LL_hint", "none"]
    assert kinds.isna().tolist() == [False, False, False, True]


def test_small_p_values_are_not_written_as_nothing() -> None:
    assert hotspot_views.p_text(3e-9, Text("vi")) == "p < 0,001"
    assert hotspot_views.p_text(0.0123, Text("en")) == "p = 0.012"
    assert hotspot_views.p_text(float("nan"), Text("en")) == "—"


def test_stars_are_read_by_eyes_and_by_screen_readers() -> None:
    assert star_views.text(2) == "★★☆ 2/3"


# ---- support asked for -----------------------------------------------------------------------------------


def _tables(app) -> list[pd.DataFrame]:
    return [frame.value for frame in app.dataframe]


def test_needs_are_told_by_kind_province_and_neighbours() -> None:
    app = run("clusters", data="demo", subject="1076", mode="needs", kind="training", pick="19")
    _sound(app)
    counts = support_counts.counts(catalog.open_dataset("demo"), Filters(sectors=("1076",)))
    text = _finding(app)
    assert f"Sản xuất chè: {counts['training'].sum()} cơ sở đề nghị hỗ trợ về đào tạo nghề" in text
    assert f"của {counts['stated'].sum()} cơ sở đã nêu nhu cầu" in text
    assert "Thái Nguyên và Phú Thọ giáp nhau" in text
    kinds = next(table for table in _tables(app) if "Ít nhất, trên mọi cơ sở (%)" in table)
    assert (
        dict(zip(kinds["Nội dung hỗ trợ"], kinds["Cơ sở đề nghị"], strict=True))["Đào tạo nghề"]
        == counts["training"].sum()
    )
    places = next(table for table in _tables(app) if "Cơ sở đã nêu nhu cầu" in table)
    assert places["Đào tạo nghề"].sum() == counts["training"].sum()
    assert places["Đào tạo nghề"].iloc[0] == places["Đào tạo nghề"].max()
    shared = next(table for table in _tables(app) if "Giáp với" in table)
    assert set(shared["Nội dung hỗ trợ"]) == {"Đào tạo nghề"}
    assert any("Thái Nguyên: " in block.value for block in app.info)


def test_needs_of_all_sectors_in_the_other_language_and_vintage() -> None:
    app = run("clusters", data="demo", mode="needs", level="all", lang="en", vintage="pre2025")
    _sound(app)
    assert "All sectors: 10,977 of 20,000 establishments (55%) have stated" in _finding(app)
    assert "Sector" in next(table for table in _tables(app) if "Neighbour" in table)


def test_nothing_stated_is_no_figure_and_the_way_to_the_survey_is_offered() -> None:
    app = run("clusters", mode="needs", level="all")
    _sound(app)
    assert "chưa cơ sở nào trong 494 cơ sở" in _finding(app)
    assert any("không có nghĩa là không cần" in block.value for block in app.info)
    (places,) = (table for table in _tables(app) if "Cơ sở đã nêu nhu cầu" in table)
    assert places["Máy móc thiết bị"].isna().all()
    assert (places["Cơ sở đã nêu nhu cầu"] == 0).all()


def test_needs_where_the_filters_leave_nobody() -> None:
    app = run("clusters", data="demo", mode="needs", subject="1077", province="04", size="large")
    _sound(app)
    assert any("Không có cơ sở nào thỏa bộ lọc" in block.value for block in app.info)


def test_the_reasons_of_an_opportunity_show_what_is_asked_for() -> None:
    app = run("linkages", data="demo", pick="cluster-1079-68-75")
    _sound(app)
    table = next(frame for frame in _tables(app) if "Trong số đã nêu (%)" in frame)
    assert list(table.columns[:3]) == ["Nội dung hỗ trợ", "Cơ sở đề nghị", "Trong số đã nêu (%)"]
    assert {"Lâm Đồng", "Đồng Nai"} <= set(table.columns)
    assert (table["Cơ sở đề nghị"] == table["Lâm Đồng"] + table["Đồng Nai"]).all()
    assert any("không phải không cần" in block.value for block in app.caption)
    evidence = next(frame for frame in _tables(app) if "Bảng" in frame.columns)
    rows = evidence[evidence["Bảng"] == "Nhu cầu hỗ trợ cơ sở nêu"]
    assert rows.iloc[0]["Về"] == "ngành 1079; Lâm Đồng, Đồng Nai"
