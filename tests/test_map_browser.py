"""The map by itself in real Chromium: no Streamlit around it, the outside network cut off."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import folium
import numpy as np
import pandas as pd
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from geo import palette, paths
from geo.places import admin
from geo.store import catalog
from geo.store.filters import Filters
from ui import legend, maps, routes
from ui.live_layer import live_cells

pytestmark = pytest.mark.browser
SIZES = {
    "desktop": (645, 640),
    "narrow": (570, 640),
    "wide": (900, 640),
    "projector": (1200, 720),
    "phone": (358, 458),
}
HOSTILE = [
    '<img src=x onerror="window.hit=1">',
    "</script><script>window.hit=1</script>",
    "{{ 7 * 7 }} ${window.hit=1}",
]


class Bench:
    """A server of the routes and of folium pages that tests put there."""

    def __init__(self, home: object) -> None:
        self.pages: dict[str, str] = {}
        self.broken = False
        app = Starlette(
            routes=[
                Route("/component/map/{name}", self._page),
                *routes.routes(authorised=lambda _: not self.broken),
            ],
            middleware=routes.middleware(),
        )
        self._server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.02)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.base = f"http://127.0.0.1:{port}"

    def _page(self, request: Request) -> HTMLResponse:
        return HTMLResponse(self.pages[request.path_params["name"]])

    def put(self, name: str, *groups: folium.FeatureGroup, lang: str = "vi") -> str:
        """Put a map with layers there; returns its address."""
        drawn = maps.base_map("2025", None, lang)
        for group in groups:
            group.add_to(drawn)
        self.pages[name] = drawn.get_root().render()
        return f"{self.base}/component/map/{name}"

    def stop(self) -> None:
        """Stop the server."""
        self._server.should_exit = True
        self._thread.join(10)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """The server, with 8,000 establishments around the commune points, the first with a hostile name."""
    patch = pytest.MonkeyPatch()
    home = tmp_path_factory.mktemp("home")
    patch.setenv("PRODUCT_HOME", str(home))
    random = np.random.default_rng(7)
    communes = pd.read_parquet(paths.DATA / "communes.parquet")
    communes = communes[(communes["vintage"] == "2025") & communes["lat"].notna()]
    place = communes.iloc[random.integers(0, len(communes), 8000)].reset_index(drop=True)
    exact = random.random(8000) < 0.5
    rows = pd.DataFrame(
        {
            "establishment_id": [f"e{n:05d}" for n in range(8000)],
            "name": HOSTILE[0],
            "product": HOSTILE[1],
            "sector_code": np.where(random.random(8000) < 0.5, "1077", "1610"),
            "employees": random.integers(1, 200, 8000),
            "vintage": "2025",
            "province_code": place["province_code"],
            "province_code_2025": place["province_code"],
            "lat": place["lat"],
            "lon": place["lon"],
            "location_quality": np.where(exact, "point", "commune"),
            "year": 2024,
            "source": "bộ thử",
            "licence": "CC0-1.0",
        }
    )
    catalog.write_dataset(
        home / "datasets", "crowd", rows, kind="user", provenance={}, label_vi="x", label_en="x"
    )
    served = Bench(home)
    yield served
    served.stop()
    patch.undo()


@pytest.fixture
def look(chromium: object, bench: Bench) -> Iterator:
    """Open an address at a size; afterwards nothing may have left the machine, and nothing may have failed."""
    opened, outside, errors = [], [], []

    def gate(route) -> None:  # type: ignore[no-untyped-def]
        if route.request.url.startswith((bench.base, "data:", "blob:")):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    def open_page(url: str, size: str = "desktop"):  # type: ignore[no-untyped-def]
        width, height = SIZES[size]
        page = chromium.new_page(viewport={"width": width, "height": height})  # type: ignore[attr-defined]
        page.route("**/*", gate)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(url)
        page.locator("[data-ground=drawn]").wait_for()
        opened.append(page)
        return page

    yield open_page
    hits = [page.evaluate("window.hit") for page in opened]
    for page in opened:
        page.close()
    assert outside == []
    assert errors == []
    assert hits == [None] * len(hits)


def _boxes(page, selector: str) -> list[dict]:  # type: ignore[no-untyped-def]
    return page.evaluate(
        """(selector) => [...document.querySelectorAll(selector)].filter((e) => e.offsetParent !== null || e.getClientRects().length)
        .map((e) => { const b = e.getBoundingClientRect(); return {text: e.textContent, x: b.x, y: b.y, r: b.right, b: b.bottom}; })
        .filter((box) => box.r > box.x)""",
        selector,
    )


@pytest.mark.parametrize("size", SIZES)
def test_first_view_names_both_archipelagos_and_no_names_overlap(look, bench: Bench, size: str) -> None:
    page = look(bench.put("plain", maps.choropleth(None)), size)
    page.wait_for_function("document.fonts.status === 'loaded'")
    page.wait_for_timeout(200)
    width, height = SIZES[size]
    groups = _boxes(page, ".atlas-archipelago span")
    assert {"Hoàng Sa" in g["text"] or "Trường Sa" in g["text"] for g in groups} == {True}
    assert len(groups) == 2
    for box in groups:
        assert box["x"] >= 0
        assert box["r"] <= width
        assert box["y"] >= 0
        assert box["b"] <= height
    names = _boxes(page, ".atlas-name span")
    assert len(names) >= (9 if size == "phone" else 14)
    assert any(box["text"] == "Hà Nội" for box in names)
    for place, one in enumerate(names):
        for other in names[place + 1 :]:
            apart = (
                one["r"] <= other["x"] + 3
                or other["r"] <= one["x"] + 3
                or one["b"] <= other["y"] + 3
                or other["b"] <= one["y"] + 3
            )
            assert apart, (one, other)
    assert page.locator("path.leaflet-interactive").count() == 34
    font = page.evaluate("getComputedStyle(document.querySelector('.atlas-name span')).fontFamily")
    assert "Be Vietnam Pro" in font
    assert page.evaluate("document.fonts.check('600 12px \"Be Vietnam Pro\"')")


@pytest.mark.parametrize("size", SIZES)
def test_looking_at_both_ends_of_the_country_keeps_both_archipelagos(look, bench: Bench, size: str) -> None:
    far = maps.focus_on("2025", ["01", "96"], token="far")
    page = look(bench.put("far", maps.choropleth(None), far), size)
    page.wait_for_timeout(1500)
    width, height = SIZES[size]
    groups = _boxes(page, ".atlas-archipelago span")
    assert len(groups) == 2
    assert all(b["x"] >= 0 and b["r"] <= width and b["y"] >= 0 and b["b"] <= height for b in groups)


@pytest.mark.parametrize("size", SIZES)
def test_no_control_hides_an_archipelago(look, bench: Bench, size: str) -> None:
    classes = palette.class_breaks([*range(30), np.nan])
    html = legend.join(
        legend.classes_legend("Số liên kết", classes, classes.colours(palette.SEQUENTIAL), unit="liên kết"),
        legend.kinds_legend(
            "Loại liên kết", {"material": "Vùng nguyên liệu – chế biến", "cluster": "Cụm liên tỉnh"}
        ),
        legend.widths_legend("Dòng nguyên liệu", 123_456.0, unit="tấn/năm"),
    )
    layer = live_cells(catalog.open_dataset("crowd"), Filters())
    page = look(bench.put("full", maps.choropleth(None), layer, maps.legend_control(html)), size)
    page.locator(".atlas-status .atlas-key").wait_for()
    controls = _boxes(page, ".leaflet-control")
    assert len(controls) >= 4
    islands = _boxes(page, ".leaflet-atlas-islands-pane path")
    assert len(islands) >= 10
    for name in [*islands, *_boxes(page, ".atlas-name span")]:
        for box in controls:
            apart = (
                name["r"] <= box["x"]
                or box["r"] <= name["x"]
                or name["b"] <= box["y"]
                or box["b"] <= name["y"]
            )
            assert apart, (name, box)


def test_more_names_come_when_one_zooms_in(look, bench: Bench) -> None:
    page = look(bench.put("plain", maps.choropleth(None)))
    few = len(_boxes(page, ".atlas-province span"))
    page.evaluate("() => { Atlas.current.map.setView([20.9, 105.9], 8.4, {animate: false}); }")
    page.wait_for_timeout(150)
    near = [b for b in _boxes(page, ".atlas-province span") if 0 < b["x"] < 645 and 0 < b["y"] < 640]
    assert len(_boxes(page, ".atlas-province span")) > few
    assert {"Hà Nội", "Hải Phòng", "Hưng Yên", "Bắc Ninh"} <= {b["text"].replace("\n", " ") for b in near}


def test_english_names_and_islands(look, bench: Bench) -> None:
    page = look(bench.put("english", maps.choropleth(None), lang="en"))
    texts = {box["text"].replace("\n", " ") for box in _boxes(page, ".atlas-name span")}
    assert "Ha Noi" in texts
    assert page.get_by_label("Whole country").count() == 1


def test_gaps_are_hatched_and_text_from_data_stays_text(look, bench: Bench) -> None:
    codes = list(admin.provinces("2025").index)
    values = pd.Series(np.arange(34.0), index=codes)
    values.iloc[0] = np.nan
    classes = palette.class_breaks(values)
    group = maps.choropleth(
        values, classes=classes, tooltips=dict.fromkeys(codes, HOSTILE), selected={codes[5]}
    )
    html = legend.classes_legend(HOSTILE[0], classes, classes.colours(palette.SEQUENTIAL), unit=HOSTILE[1])
    points = pd.DataFrame(
        {"lat": [16.0], "lon": [110.0], "name": [HOSTILE[0]], "label_lines": [HOSTILE], "key": ["g"]}
    )
    page = look(bench.put("tinted", group, maps.legend_control(html), maps.diamonds_layer(points)))
    fills = dict(
        page.evaluate(
            "[...document.querySelectorAll('path[data-code]')].map((p) => [p.dataset.code, p.getAttribute('fill')])"
        )
    )
    assert fills[codes[0]] == "url(#atlas-no-figure)"
    assert set(fills.values()) == {"url(#atlas-no-figure)", *classes.colours(palette.SEQUENTIAL)}
    assert page.locator(".leaflet-atlas-selection-pane path").count() == 1
    page.locator(f'path[data-code="{codes[20]}"]').hover(force=True)
    tip = page.locator(".leaflet-tooltip")
    tip.wait_for()
    assert HOSTILE[0] in tip.inner_text()
    assert "{{ 7 * 7 }}" in tip.inner_text()
    assert "49" not in tip.inner_text()
    assert HOSTILE[0] in page.locator(".atlas-legend").inner_text()


def test_a_click_answers_the_code_without_the_shape(look, bench: Bench) -> None:
    page = look(bench.put("plain", maps.choropleth(None)))
    answer = page.evaluate(
        """() => { const map = Atlas.current.map; let answer = null;
        map.eachLayer((layer) => { if (layer.feature && layer.feature.properties.province_code === '66' && layer.options.interactive
          && layer.toGeoJSON().properties.click) answer = layer.toGeoJSON(); }); return answer; }"""
    )
    assert answer["geometry"] is None
    assert answer["properties"]["province_code"] == "66"


def test_flows_swell_towards_the_receiver(look, bench: Bench) -> None:
    flows = pd.DataFrame(
        {"origin_lat": [11.0], "origin_lon": [107.0], "dest_lat": [21.0], "dest_lon": [105.8], "value": [9.0], "key": ["f"],
         "label_lines": [HOSTILE]}
    )  # fmt: skip
    page = look(bench.put("flows", maps.choropleth(None), maps.flows_layer(flows)))
    shape = page.evaluate(
        """() => { const map = Atlas.current.map; let found = null;
        map.eachLayer((l) => { if (l.flow) found = l.getLatLngs()[0].map((p) => { const q = map.latLngToContainerPoint(p); return [q.x, q.y]; }); });
        const a = map.latLngToContainerPoint([11, 107]), b = map.latLngToContainerPoint([21, 105.8]);
        return {ring: found, a: [a.x, a.y], b: [b.x, b.y]}; }"""
    )
    ring = np.array(shape["ring"])
    half = len(ring) // 2
    widths = np.linalg.norm(ring[:half] - ring[::-1][:half], axis=1)
    assert widths[0] < 5 < widths[23] < widths[25]  # tail, neck, wings of the arrow
    near = np.linalg.norm(ring - np.array(shape["b"]), axis=1).argmin()
    assert np.linalg.norm(ring[near] - shape["b"]) < 5
    assert abs(near - half) <= 1  # the point of the arrow lies in the middle of the outline
    path = page.locator("path.atlas-flow")
    before = path.get_attribute("d")
    page.evaluate("() => { Atlas.current.map.setView([15, 107], 7, {animate: false}); }")
    assert path.get_attribute("d") != before


def test_establishments_come_by_view_and_say_when_they_are_cut(look, bench: Bench) -> None:
    layer = live_cells(catalog.open_dataset("crowd"), Filters())
    page = look(bench.put("live", maps.choropleth(None), layer))
    seen = page.locator("[data-cells]")
    seen.wait_for()
    kind, drawn, total = seen.get_attribute("data-cells").split(":")
    assert kind == "hexagons"
    assert int(drawn) > 100
    assert 7_500 < int(total) <= 8_000
    assert "ô lục giác" in page.locator(".atlas-status").inner_text()
    requests: list[str] = []
    page.on("request", lambda r: requests.append(r.url) if "/api/cells" in r.url else None)
    with page.expect_response("**/api/cells*"):
        page.evaluate("() => { Atlas.current.map.setView([21.0, 105.8], 11, {animate: false}); }")
    page.wait_for_function("document.querySelector('[data-cells]').dataset.cells.startsWith('points')")
    assert page.locator(".leaflet-atlas-points-pane canvas").count() == 1
    assert len(requests) == 1
    page.evaluate("() => { Atlas.current.map.panBy([25, 10], {animate: false}); }")
    page.wait_for_timeout(400)
    assert len(requests) == 1
    at = page.evaluate(
        """() => { const map = Atlas.current.map; let found = null; map.eachLayer((l) => {
        if (l.options.pane !== 'atlas-points' || !l.getRadius) return; const q = map.latLngToContainerPoint(l.getLatLng());
        if (!found && q.x > 150 && q.x < 500 && q.y > 250 && q.y < 450) found = [q.x, q.y]; }); return found; }"""
    )
    page.mouse.click(*at)
    card = page.locator(".leaflet-popup")
    card.wait_for()
    assert HOSTILE[0] in card.inner_text()
    assert HOSTILE[1] in card.inner_text()


def test_a_failed_answer_is_said_and_can_be_tried_again(look, bench: Bench) -> None:
    layer = live_cells(catalog.open_dataset("crowd"), Filters(sectors=("1077",)))
    address = bench.put("failing", maps.choropleth(None), layer)
    bench.broken = True
    try:
        page = look(address)
        page.locator(".atlas-status .atlas-retry").wait_for()
        assert "đăng nhập" in page.locator(".atlas-status").inner_text()
    finally:
        bench.broken = False
    page.locator(".atlas-status .atlas-retry").click()
    page.locator("[data-cells^=hexagons]").wait_for()
    assert page.locator(".atlas-retry").count() == 0
