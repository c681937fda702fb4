"""The cut of the code: who may import whom, and what every page must have."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from ui.navigation import PAGES, PAGES_FOLDER

ROOT = Path(__file__).resolve().parent.parent
#: Each layer may import itself and those after it.
LAYERS = ("app", "pages", "ui", "geo")
#: Inside geo, a room imports only those above it.
ROOMS = ("places", "subjects", "store", "measures", "linkage", "proposal", "cartography", "intake")


def _sources() -> list[Path]:
    return [ROOT / "app.py", *(p for layer in LAYERS[1:] for p in sorted((ROOT / layer).rglob("*.py")))]


def _imports(path: Path) -> set[str]:
    """Every module a file imports, in full."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


@pytest.mark.parametrize("path", _sources(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_one_way(path: Path) -> None:
    layer = path.relative_to(ROOT).parts[0].removesuffix(".py")
    forbidden = set(LAYERS[: LAYERS.index(layer)])
    if layer == "geo":
        forbidden |= {"streamlit", "folium", "streamlit_folium", "branca"}
    wrong = {name for name in _imports(path) if name.split(".")[0] in forbidden}
    assert not wrong, f"{path} imports {wrong}"


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_of_geo_import_only_those_above(room: str) -> None:
    below = {f"geo.{name}" for name in (*ROOMS[ROOMS.index(room) + 1 :], "build", "cli")}
    for path in sorted((ROOT / "geo" / room).rglob("*.py")):
        wrong = {name for name in _imports(path) if any(name == b or name.startswith(b + ".") for b in below)}
        assert not wrong, f"{path} imports {wrong}"


def test_every_page_is_a_row_of_the_navigation_table() -> None:
    scripts = {entry.script for entry in PAGES}
    assert scripts == set(PAGES_FOLDER.glob("*_page.py"))
    assert all(entry.slug != entry.script.stem for entry in PAGES)
    assert sum(entry.default for entry in PAGES) == 1


def test_no_address_outside_the_machine_in_what_the_browser_runs() -> None:
    allowed = re.compile(r"https?://(www\.w3\.org|127\.0\.0\.1|localhost)")
    for path in [*sorted((ROOT / "ui").rglob("*")), *sorted((ROOT / "pages").rglob("*.py")), ROOT / "app.py"]:
        if path.suffix not in (".py", ".js", ".css", ".html"):
            continue
        for match in re.finditer(r"https?://[^\s\"')]+", path.read_text(encoding="utf-8")):
            assert allowed.match(match.group()), f"{path}: {match.group()}"


def test_tests_hide_no_package() -> None:
    names = {p.name for p in (ROOT / "tests").iterdir()}
    assert not names & {"geo", "ui", "__init__.py"}


def test_readme_names_every_page_and_command() -> None:
    from geo.cli.main import parser

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = next(a for a in parser()._actions if a.dest == "command").choices
    for command in commands:
        assert f"python -m geo {command}" in readme, command
    for entry in PAGES:
        assert f"pages/{entry.slug}_page.py" in readme, entry.slug
