"""One change of filter, drawn three ways in the same Chromium: our map, ``st.pydeck_chart``, folium markers.

Run by ``python -m geo bench --peers``. Every way shows the same establishments and changes from one
division to another; the clock runs from the change until the script has ended, the network is quiet and
two frames have been painted. Figures are ratios of one run on one machine.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent.parent
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
#: Folium draws one element a marker: beyond this the browser needs minutes.
MOST_MARKERS = 10_000
_SECTORS = ("10", "16")

_READ = """
import duckdb, streamlit as st
sector = st.selectbox("sector", {sectors!r}, key="sector")
rows = duckdb.sql(
    "select lat, lon from read_parquet('{files}') where lat is not null and division_code = '" + sector + "' limit {limit}"
).df()
"""
_PYDECK = """
import pydeck as pdk
layer = pdk.Layer("ScatterplotLayer", rows, get_position="[lon, lat]", get_radius=400, get_fill_color=[0, 114, 178])
view = pdk.ViewState(latitude=16, longitude=107, zoom=5)
st.pydeck_chart(pdk.Deck(layers=[layer], initial_view_state=view, map_style=None), height=640)
st.markdown("<div class='foot'>" + sector + "</div>", unsafe_allow_html=True)
"""
_FOLIUM = """
import sys; sys.path.insert(0, {root!r})
from ui import maps
import folium
from streamlit_folium import st_folium
base = maps.base_map("2025", None, "vi")
for row in rows.itertuples():
    folium.CircleMarker((row.lat, row.lon), radius=2).add_to(base)
st_folium(base, key="m", height=640, use_container_width=True, returned_objects=[])
st.markdown("<div class='foot'>" + sector + "</div>", unsafe_allow_html=True)
"""


def run(establishments: int) -> list[dict[str, Any]]:
    """Measure the three ways with a demonstration set of ``establishments`` rows.

    Returns
    -------
    list of dict
        ``way``, ``establishments`` drawn from, ``seconds`` of one change of filter, ``kilobytes`` received.
    """
    from playwright.sync_api import sync_playwright

    from geo.build import demo

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        demo.write(establishments, 7, home / "datasets" / "bench")
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        rows = [_ours(browser, home, establishments)]
        for way, body, most in (
            ("pydeck", _PYDECK, establishments),
            ("folium markers", _FOLIUM, MOST_MARKERS),
        ):
            limit = min(most, establishments)
            rows.append(_peer(browser, home, way, body, limit))
        browser.close()
    return rows


def _ours(browser: Any, home: Path, establishments: int) -> dict[str, Any]:
    """Change the sector on the clusters page of the app."""
    with _Server(_ROOT / "app.py", home) as base:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        received = _count_bytes(page)
        page.goto(f"{base}/clusters?data=bench&subject={_SECTORS[0]}")
        _calm(page)
        before = received[0]
        box = page.locator("[data-testid=stMain] [data-testid=stSelectbox] input").first
        seconds = _change(page, box, _SECTORS[1], wait_for="/api/cells")
        page.close()
    return {
        "way": "this app",
        "establishments": establishments,
        "seconds": seconds,
        "kilobytes": round((received[0] - before) / 1024),
    }


def _peer(browser: Any, home: Path, way: str, body: str, limit: int) -> dict[str, Any]:
    """Change the sector on a page of another making."""
    files = str(home / "datasets" / "bench" / "**" / "establishments*" / "*.parquet")
    text = (_READ + body).format(sectors=list(_SECTORS), files=files, limit=limit, root=str(_ROOT))
    script = home / f"{way.split()[0]}_peer.py"
    if way != "pydeck":
        # Leaflet comes from the app's own routes, so that both draw offline.
        entry = home / "folium_app.py"
        entry.write_text(
            f"import sys; sys.path.insert(0, {str(_ROOT)!r})\nimport streamlit as st\nfrom ui import routes\n"
            f"app = st.App({str(script)!r}, routes=routes.routes(), middleware=routes.middleware())\n"
        )
    script.write_text(text)
    with _Server(script if way == "pydeck" else entry, home) as base:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        received = _count_bytes(page)
        page.goto(base)
        _calm(page, seconds=180)
        before = received[0]
        seconds = _change(page, page.locator("[data-testid=stSelectbox] input").first, _SECTORS[1])
        page.close()
    return {
        "way": way,
        "establishments": limit,
        "seconds": seconds,
        "kilobytes": round((received[0] - before) / 1024),
    }


def _change(page: Any, box: Any, value: str, wait_for: str = "") -> float:
    """Choose another sector and return the seconds until it is painted."""
    box.click()
    box.fill(value)
    option = page.get_by_role("option").first
    option.wait_for()
    start = time.perf_counter()
    if wait_for:
        with page.expect_response(lambda r: wait_for in r.url, timeout=60_000):
            option.click()
    else:
        option.click()
        page.wait_for_function(
            f"() => document.querySelector('.foot')?.innerText === '{value}'", timeout=300_000
        )
    _painted(page)
    return round(time.perf_counter() - start, 2)


def _painted(page: Any) -> None:
    """Wait until nothing runs and every frame of the page has painted twice."""
    page.wait_for_function(
        "() => !document.querySelector('[data-testid=\"stStatusWidget\"]')", timeout=300_000
    )
    twice = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    for frame in page.frames:
        frame.evaluate(twice)


def _calm(page: Any, seconds: float = 60) -> None:
    """Wait for the first picture."""
    page.locator(".foot").first.wait_for(timeout=seconds * 1000)
    page.wait_for_timeout(1500)
    _painted(page)


def _count_bytes(page: Any) -> list[int]:
    """Count what the page receives: responses and frames of the web socket."""
    received = [0]

    def of_socket(socket_: Any) -> None:
        socket_.on("framereceived", lambda data: received.__setitem__(0, received[0] + len(data)))

    def of_response(response: Any) -> None:
        size = response.headers.get("content-length")
        received[0] += int(size) if size else 0

    page.on("websocket", of_socket)
    page.on("response", of_response)
    return received


class _Server:
    """A Streamlit server for the time of a measurement."""

    def __init__(self, script: Path, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(self.port)]
        options = [
            "--server.address",
            "127.0.0.1",
            "--server.headless",
            "true",
            "--browser.gatherUsageStats",
            "false",
        ]
        self.process = subprocess.Popen(
            command + options,
            cwd=_ROOT,
            env={**os.environ, "PRODUCT_HOME": str(home)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> str:
        base = f"http://127.0.0.1:{self.port}"
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{base}/_stcore/health", timeout=2).close()
                return base
            except OSError:
                time.sleep(0.2)
        raise RuntimeError("the server to measure did not start")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]))))
