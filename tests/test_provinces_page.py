"""The provinces page run by Streamlit's own test runner: one and several provinces, both vintages, bad links."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ui import province_choice, province_marks
from ui.text import Text, catalogue

SHELL = str(Path(__file__).resolve().parent.parent / "pages" / "shell.py")
PAGE = str(Path(SHELL).parent / "provinces_page.py")


def run(**parameters: str) -> AppTest:
    """Open the page with parameters of its address."""
    app = AppTest.from_file(SHELL, default_timeout=60)
    app.run()
    app.switch_page(PAGE)
    app.query_params.update(parameters)
    app.run()
    assert not app.exception
    assert not app.error, [e.value for e in app.error]
    return app


def _html(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def _finding(app: AppTest) -> str:
    return next(m.value for m in app.markdown if 'class="finding"' in m.value)


def test_without_a_choice_it_shows_the_strongest_province() -> None:
    app = run()
    assert "compare" not in app.query_params
    assert "pv-figures" in _html(app)
    assert "Thanh Hóa" in _finding(app)


def test_the_province_filter_is_the_default() -> None:
    assert "Phú Thọ" in _finding(run(province="25"))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_one_province(lang: str) -> None:
    app = run(compare="25", data="demo", lang=lang)
    assert {"vi": "Phú Thọ", "en": "Phu Tho"}[lang] in _finding(app)
    html = _html(app)
    assert html.count('class="pv-figure"') == 3
    assert escape(catalogue(lang)["provinces.short_unknown"]) in html
    headings = {s.value for s in app.subheader}
    assert {
        catalogue(lang)[f"provinces.part_{part}"] for part in ("good_at", "surplus", "short_of")
    } <= headings


def test_three_provinces_side_by_side() -> None:
    app = run(compare="25,79,15", data="demo")
    table = next(
        e.proto.body for e in app.get("html") if "pv-cmp" in e.proto.body and "<table" in e.proto.body
    )
    for name in ("Phú Thọ", "Hồ Chí Minh", "Lào Cai"):
        assert f">{name}</th>" in table
    assert app.query_params["compare"] in ("25,79,15", ["25,79,15"])


@pytest.mark.parametrize("codes", ["01,79,48", "96,04"])
def test_provinces_without_ties_among_them(codes: str) -> None:
    app = run(compare=codes)
    assert catalogue("vi")["provinces.apart"] in [i.value for i in app.info]
    assert any("pv-cmp" in e.proto.body and "<table" in e.proto.body for e in app.get("html"))


def test_old_provinces() -> None:
    app = run(compare="26", vintage="pre2025")
    assert "Vĩnh Phúc" in _finding(app)
    assert any("Phú Thọ" in c.value for c in app.caption)


def test_unknown_codes_and_those_beyond_ten_are_said_and_left_out() -> None:
    codes = ["01", "04", "08", "99", "11", "12", "14", "15", "19", "20", "22", "24"]
    app = run(compare=",".join(codes))
    said = " ".join(w.value for w in app.warning)
    assert "99" in said
    assert "24" in said
    assert len(app.session_state["page_control_compare"]) == 10


def test_an_old_name_without_diacritics_chooses_the_new_province() -> None:
    app = run(compare="79")
    app.multiselect(key="page_control_compare").set_value(["79", "vinh phuc"]).run()
    assert not app.exception
    assert app.session_state["page_control_compare"] == ["79", "25"]
    assert any("Vĩnh Phúc" in i.value for i in app.info)
    app.multiselect(key="page_control_compare").set_value(["79", "25", "nowhere at all"]).run()
    assert app.session_state["page_control_compare"] == ["79", "25"]


def test_the_choice_is_carried_over_to_the_other_vintage() -> None:
    app = run(compare="25")
    app.radio(key="w_vintage").set_value("pre2025").run()
    assert not app.exception
    assert app.session_state["page_control_compare"] == ["17", "25", "26"]


def test_a_click_replaces_one_and_joins_several() -> None:
    assert province_choice.clicked("79", ["25"], several=False) == ["79"]
    assert province_choice.clicked("79", ["25", "15"], several=True) == ["25", "15", "79"]
    assert province_choice.clicked("15", ["25", "15"], several=True) == ["25"]


def test_marks_are_escaped_and_never_draw_what_is_not_known() -> None:
    assert "none" in province_marks.track(float("nan"), 1.0, "#000")
    assert "width:100.00%" in province_marks.track(5.0, 2.0, "#000")
    assert "left:50.00%" in province_marks.interval(1.0, 0.5, 2.0, 4.0, sure=True)
    assert province_marks.stars(float("nan"), Text("vi")) == ""
    assert province_marks.stars(2, Text("vi")).count("★") == 2
    assert "<script>" not in province_marks.row("x", "<script>", note="<script>")
