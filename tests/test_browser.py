"""The running app in real Chromium, as a planner uses it, with the outside network cut off."""

from __future__ import annotations

import re

import pytest
from conftest import Tab

from ui.navigation import PAGES
from ui.text import catalogue

pytestmark = pytest.mark.browser
VI, EN = catalogue("vi"), catalogue("en")
SIZES = ((1440, 900), (1920, 1080), (390, 844))


def test_first_page_draws_every_province_and_both_archipelagos(tab: Tab) -> None:
    tab.open("/")
    tab.wait_for_shapes(34)
    names = tab.map_frame().locator("body").inner_text()
    assert "Hoàng Sa" in names
    assert "Trường Sa" in names
    tab.page.get_by_text("Danh sách thực").first.wait_for()


@pytest.mark.parametrize("entry", PAGES, ids=lambda e: e.slug)
def test_every_page_opens_by_its_address_and_fits_every_window(tab: Tab, entry) -> None:  # type: ignore[no-untyped-def]
    tab.open("/" if entry.default else f"/{entry.slug}")
    assert tab.page.locator("h1").inner_text() == VI[f"page.{entry.slug}.question"]
    assert tab.page.locator("[data-testid=stException]").count() == 0
    if entry.slug != "methods":
        tab.wait_for_shapes(34)
    for width, height in SIZES:
        tab.page.set_viewport_size({"width": width, "height": height})
        tab.page.wait_for_timeout(400)
        wider = tab.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not wider, f"wider than the window at {width}"


def test_filter_by_sector_and_region_then_share_the_link(tab: Tab, chromium: object, server: str) -> None:
    tab.open("/clusters?data=demo")
    _choose(tab, VI["filters.sectors"], "1077", "sector=1077")
    _choose(tab, VI["filters.regions"], "Duyên hải Nam Trung Bộ và Tây Nguyên", "region=DHNTBTN")
    finding = tab.page.locator(".finding").inner_text()
    assert "cà phê" in finding
    other = Tab(chromium, server).open(tab.page.url.removeprefix(server))
    assert other.page.locator(".finding").inner_text() == finding
    assert other.outside == []
    other.page.close()


def _choose(tab: Tab, label: str, words: str, address: str) -> None:
    """Choose one option of a filter by typing, and wait until it stands in the address."""
    box = tab.page.get_by_test_id("stSidebar").get_by_label(label, exact=True).first
    box.click()
    box.fill(words)
    tab.page.get_by_role("option").filter(has_text=words).first.click()
    tab.page.wait_for_url(re.compile(address))
    tab.page.keyboard.press("Escape")
    tab.settle()


def test_a_planner_goes_from_coffee_to_the_reasons_in_three_clicks(tab: Tab) -> None:
    tab.open("/?data=demo")
    _choose(tab, VI["filters.materials"], "Cà phê", "material=coffee")
    card = tab.page.locator(".card").first
    assert "cà phê" in card.inner_text()
    # The first card's own link: the question above the cards ends in the same words.
    tab.page.locator("a[href*='pick=']").first.click()
    tab.page.wait_for_url(re.compile(r"/linkages\?.*pick="))
    tab.settle()
    tab.page.get_by_text(VI["linkages.evidence"]).first.wait_for()
    assert "cà phê" in tab.page.get_by_test_id("stMain").inner_text()


def test_a_leader_reads_the_overview_without_touching_a_filter(tab: Tab) -> None:
    tab.open("/?data=demo")
    tab.wait_for_shapes(34)
    assert re.search(r"\d+ cơ hội", tab.page.locator(".finding").inner_text())
    cards = tab.page.locator(".card").all_inner_texts()
    assert len(cards) == 5
    assert all(re.search(r"(tấn/năm|cơ sở) ·.*km", card.replace("\xa0", " ")) for card in cards)


def test_other_weights_reorder_the_list_and_stand_in_the_link(tab: Tab) -> None:
    tab.open("/linkages?data=demo")
    before = tab.page.locator(".card .who").all_inner_texts()
    tab.page.get_by_text(VI["weights.title"]).click()
    tab.page.get_by_text("Nguyên liệu trước hết").click()
    tab.page.wait_for_url(re.compile(r"weights="))
    tab.settle()
    after = tab.page.locator(".card .who").all_inner_texts()
    assert before != after
    tab.page.get_by_text("trong 10 hạng đầu").first.wait_for()


def test_click_on_a_province_selects_it(tab: Tab) -> None:
    tab.open("/clusters?data=demo&sector=1077")
    tab.wait_for_shapes()
    tab.map_frame().locator("path.leaflet-interactive").nth(20).dispatch_event("click")
    tab.page.wait_for_url(re.compile(r"pick=\d\d"))
    tab.settle()
    tab.page.get_by_test_id("stAlert").first.wait_for()


def test_language_switch_keeps_page_and_filters(tab: Tab) -> None:
    tab.open("/linkages?region=DBSCL")
    tab.page.get_by_text("English", exact=True).click()
    tab.page.wait_for_url(re.compile(r"lang=en"))
    tab.settle()
    assert tab.page.locator("h1").inner_text() == EN["page.linkages.question"]
    assert "region=DBSCL" in tab.page.url
    tab.page.get_by_test_id("stSidebar").get_by_role("link", name=EN["page.materials.name"]).click()
    tab.page.wait_for_url(re.compile(r"/materials\?"))
    tab.settle()
    assert tab.page.locator("h1").inner_text() == EN["page.materials.question"]
    assert "region=DBSCL" in tab.page.url


def test_one_click_switches_to_the_marked_demonstration_set(tab: Tab) -> None:
    tab.open("/")
    tab.page.locator(".st-key-w_dataset").get_by_text(re.compile("inh ho")).first.click()
    tab.page.wait_for_url(re.compile(r"data=demo"))
    tab.settle()
    tab.page.get_by_text("DỮ LIỆU MINH HOẠ").first.wait_for()


def test_pan_and_zoom_fetch_what_is_in_view_and_never_rerun_the_page(tab: Tab) -> None:
    tab.open("/clusters?data=demo")
    tab.wait_for_shapes()
    asked: list[str] = []
    tab.page.on("request", lambda r: asked.append(r.url) if "/api/cells" in r.url else None)
    tab.page.evaluate(
        """() => { window.__runs = 0; new MutationObserver(() => {
        if (document.querySelector('[data-testid="stStatusWidget"]')) window.__runs += 1; })
        .observe(document.body, {childList: true, subtree: true}); }"""
    )
    with tab.page.expect_request(re.compile("/api/cells")):
        tab.map_frame().locator(".leaflet-control-zoom-in, [title='Phóng to']").first.click()
    assert asked
    assert tab.page.evaluate("window.__runs") == 0
