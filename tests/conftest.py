"""Shared by the tests of the running app: one server, one browser, the outside network cut off."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

# Two cores run tests and browsers at once: how long one example takes says nothing about the code.
settings.register_profile("project", deadline=None)
settings.load_profile("project")

ROOT = Path(__file__).resolve().parent.parent
#: Files that take a minute or more, longest first. A file stays on one worker (``--dist loadfile``), so that a
#: browser and a server are started once: started last, a long one would keep a worker while the other is idle.
_LONG_FILES = (
    "test_browser.py", "test_fabric.py", "test_map_browser.py", "test_import_browser.py", "test_materials_page.py",
    "test_app.py", "test_intake_kill.py",
)  # fmt: skip
_CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the long files first; the order inside a file stays."""
    place = {name: number for number, name in enumerate(_LONG_FILES)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


@pytest.fixture(scope="session", autouse=True)
def _packages_looked_through_once() -> None:
    """Streamlit's test runner looks for components in every installed package at each start, half a second
    each time; what is installed does not change while the tests run."""
    if "streamlit.testing.v1" in sys.modules:
        from streamlit.components.v2 import manifest_scanner

        manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the app as a new user would start it; yields its address."""
    port = _free_port()
    log = tmp_path_factory.mktemp("server") / "log.txt"
    environment = {**os.environ, "PRODUCT_HOME": str(tmp_path_factory.mktemp("home"))}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with log.open("w") as sink:
        process = subprocess.Popen(
            [*command, "--server.address", "127.0.0.1"], cwd=ROOT, env=environment, stdout=sink, stderr=sink
        )
    base = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{base}/healthz", process, log)
        yield base
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(url: str, process: subprocess.Popen, log: Path, seconds: float = 60.0) -> None:
    """Wait until the server answers."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the server did not start:\n{log.read_text()[-4000:]}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """Start Debian's Chromium; a missing browser fails the tests that need it."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is needed: install the Debian package chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_CHROMIUM_FLAGS)
        yield browser
        browser.close()


class Tab:
    """A browser page that lets no request leave the machine and remembers what tried to."""

    def __init__(self, browser: object, base: str, width: int = 1440, height: int = 900) -> None:
        self.base = base
        self.outside: list[str] = []
        self.errors: list[str] = []
        self.page = browser.new_page(viewport={"width": width, "height": height})  # type: ignore[attr-defined]
        self.page.set_default_timeout(30_000)
        self.page.route("**/*", self._gate)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _gate(self, route) -> None:  # type: ignore[no-untyped-def]
        url = route.request.url
        if url.startswith((self.base, "data:", "blob:")):
            route.continue_()
        else:
            self.outside.append(url)
            route.abort()

    def open(self, path: str = "/") -> Tab:
        """Open a path and wait until the page has been drawn."""
        self.page.goto(self.base + path)
        self.settle()
        return self

    def settle(self) -> None:
        """Wait until the script has run to its end (the foot is drawn last and nothing is running)."""
        self.page.locator(".foot").first.wait_for()
        self.page.wait_for_function(
            '() => !document.querySelector(\'[data-testid="stStatusWidget"], [data-testid="stSkeleton"]\')'
        )

    def map_frame(self):  # type: ignore[no-untyped-def]
        """The frame that holds the map."""
        return self.page.frame_locator("iframe[title*='folium']").first

    def wait_for_shapes(self, count: int = 34) -> None:
        """Wait until the map has at least so many shapes that can be clicked."""
        self.map_frame().locator("path.leaflet-interactive").nth(count - 1).wait_for(state="attached")


@pytest.fixture
def tab(chromium: object, server: str) -> Iterator[Tab]:
    """A desktop page; every test that uses it also proves that nothing left the machine."""
    opened = Tab(chromium, server)
    yield opened
    opened.page.close()
    assert opened.outside == []
    assert opened.errors == []
