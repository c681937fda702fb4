"""Pages run by Streamlit's own test runner: every page, both languages, both data sets, bad links, empty filters."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ui.navigation import PAGES
from ui.text import catalogue

SHELL = str(Path(__file__).resolve().parent.parent / "pages" / "shell.py")
TIMEOUT = 60


def run(slug: str = "", **parameters: str) -> AppTest:
    """Open a page with parameters of its address."""
    app = AppTest.from_file(SHELL, default_timeout=TIMEOUT)
    for name, value in parameters.items():
        app.query_params[name] = value
    app.run()
    if slug and slug != "overview":
        app.switch_page(str(Path(SHELL).parent / f"{slug}_page.py"))
        for name, value in parameters.items():
            app.query_params[name] = value
        app.run()
    return app


def _sound(app: AppTest) -> None:
    """No exception, and no error box."""
    assert not app.exception
    assert not app.error, [e.value for e in app.error]


@pytest.mark.parametrize("slug", [entry.slug for entry in PAGES])
@pytest.mark.parametrize(
    "parameters", [{}, {"lang": "en", "data": "demo", "vintage": "pre2025"}], ids=["real", "demo"]
)
def test_every_page_draws(slug: str, parameters: dict[str, str]) -> None:
    app = run(slug, **parameters)
    _sound(app)
    text = catalogue(parameters.get("lang", "vi"))
    assert app.title[0].value == text[f"page.{slug}.question"]


def test_the_data_set_is_named_on_every_page() -> None:
    for slug in ("overview", "linkages"):
        app = run(slug, data="demo")
        assert any("MINH HOẠ" in str(block) for block in _html(app)), slug


def _html(app: AppTest) -> list[str]:
    return [element.proto.body for element in app.get("html")]


def test_a_bad_link_is_said_and_ignored() -> None:
    app = run(province="999", sector="77x")
    _sound(app)
    said = " ".join(w.value for w in app.warning)
    assert "999" in said
    assert "77x" in said


def test_an_empty_filter_says_why_and_offers_the_way_out() -> None:
    app = run("clusters", year="2001")
    _sound(app)
    assert catalogue("vi")["clusters.empty"] in [i.value for i in app.info]
    assert app.button(key="empty_clear")


def test_filters_reach_every_page_and_can_be_taken_away() -> None:
    app = run("linkages", region="TDMNPB", sector="10")
    _sound(app)
    assert app.session_state["w_regions"] == ["TDMNPB"]
    app.button(key="chip_regions_TDMNPB").click().run()
    assert app.session_state["w_regions"] == []
    assert app.session_state["w_sectors"] == ["10"]
    app.button(key="chip_clear").click().run()
    assert app.session_state["w_sectors"] == []


def test_an_old_province_typed_without_diacritics_finds_the_new_one() -> None:
    app = run()
    app.multiselect(key="w_provinces").set_value(["vinh phuc"]).run()
    _sound(app)
    assert app.session_state["w_provinces"] == ["25"]


def test_changing_the_vintage_carries_provinces_over() -> None:
    app = run(province="25")
    app.radio(key="w_vintage").set_value("pre2025").run()
    _sound(app)
    assert app.session_state["w_provinces"] == ["17", "25", "26"]


def test_language_and_data_set_switch_in_one_click() -> None:
    app = run()
    app.radio(key="w_lang").set_value("en").run()
    assert app.title[0].value == catalogue("en")["page.overview.question"]
    app.radio(key="w_dataset").set_value("demo").run()
    _sound(app)
    assert app.query_params["data"] == "demo"
    assert app.query_params["lang"] == "en"


def test_an_unexpected_fault_shows_a_sentence_and_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    from ui import views

    def broken(context: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(views, "ranking", broken)
    app = run()
    assert [e.value for e in app.error] == [catalogue("vi")["frame.failed"]]
    assert not app.exception
    assert "secret detail" not in " ".join(str(e) for e in app.main)
