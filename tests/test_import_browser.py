"""A new user brings in a list in real Chromium: template, faults, correction, points on the map; hostile text stays text."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import Tab
from python_calamine import CalamineWorkbook

from ui.text import catalogue

pytestmark = pytest.mark.browser
VI = catalogue("vi")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
IMAGE = '<img src=x onerror="window.hacked=1;window.top.hacked=1">'
FORMULA = '=HYPERLINK("http://evil.test/","bấm")'
#: Column of the template → what a row says; 20 establishments of coffee in Lâm Đồng, each at a point of its own.
_USUAL = {"Mã ngành VSIC": "1077", "Sản phẩm chính": "Cà phê bột", "Số lao động": 12, "Bộ đơn vị hành chính": "34 tỉnh",
          "Tỉnh, thành phố": "Lâm Đồng"}  # fmt: skip
_WORDS = ("Hồng", "Lan", "Mai", "Cúc", "Sen", "Đào", "Trúc", "Tùng", "Bách", "Quế")
#: Row (from 0) → column and what is wrong there; column and what it is corrected to.
FAULTS = {
    4: {"Số lao động": ("mười hai người", 12)},
    7: {"Tỉnh, thành phố": ("Tỉnh Không Có", "Lâm Đồng")},
    11: {"Mã ngành VSIC": ("9999", "1077")},
    14: {"Mã số thuế": ("12-34", "")},
    18: {"Vĩ độ": (108.2, 11.92), "Kinh độ": (11.92, 108.2)},
}


def _rows() -> list[dict[str, object]]:
    """Return the 20 rows as a careless user fills them in."""
    rows: list[dict[str, object]] = []
    for number in range(20):
        name = f"{_WORDS[number % 10]} {_WORDS[number // 10]} {_WORDS[(3 * number + 1) % 10]}"
        place = {"Vĩ độ": round(11.5 + 0.03 * number, 4), "Kinh độ": round(108.0 + 0.02 * number, 4)}
        row = {**_USUAL, "Tên cơ sở": f"Cà phê {name}", **place}
        rows.append({**row, **{column: wrong for column, (wrong, _) in FAULTS.get(number, {}).items()}})
    rows[0]["Tên cơ sở"], rows[4]["Tên cơ sở"] = IMAGE, FORMULA
    return rows


def _edited(book: bytes, cells: dict[tuple[int, int], object]) -> bytes:
    """Return a workbook with cells (row, column; from 0) of its first sheet changed, everything else as it was."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    root = ElementTree.fromstring(parts["xl/worksheets/sheet1.xml"])
    data = root.find(f"{{{_MAIN}}}sheetData")
    assert data is not None
    lines = {int(row.get("r", "0")): row for row in data}
    for (line, column), value in sorted(cells.items()):
        row = lines.get(line + 1)
        if row is None:
            row = lines[line + 1] = ElementTree.SubElement(data, f"{{{_MAIN}}}row", r=str(line + 1))
        name = f"{chr(65 + column)}{line + 1}"
        for old in [cell for cell in row if cell.get("r") == name]:
            row.remove(old)
        if value != "":
            cell = ElementTree.SubElement(row, f"{{{_MAIN}}}c", r=name)
            _put(cell, value)
        row[:] = sorted(row, key=lambda cell: (len(cell.get("r", "")), cell.get("r", "")))
    parts["xl/worksheets/sheet1.xml"] = ElementTree.tostring(root)
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return sink.getvalue()


def _put(cell: ElementTree.Element, value: object) -> None:
    """Write a number, or a text as text."""
    if isinstance(value, int | float):
        ElementTree.SubElement(cell, f"{{{_MAIN}}}v").text = str(value)
        return
    cell.set("t", "inlineStr")
    ElementTree.SubElement(ElementTree.SubElement(cell, f"{{{_MAIN}}}is"), f"{{{_MAIN}}}t").text = str(value)


def _sheet(book: bytes) -> list[list[object]]:
    """Return the first sheet as rows."""
    return CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()


def _download(tab: Tab, key: str) -> bytes:
    """Press a download button and return what came."""
    with tab.page.expect_download() as waiting:
        tab.page.locator(f".st-key-{key} button").click()
    return Path(waiting.value.path()).read_bytes()


def _press(tab: Tab, key: str, then: str) -> None:
    """Press a button and wait for what it leads to."""
    tab.page.locator(f".st-key-{key} button").click()
    tab.page.locator(then).first.wait_for()


def _import(tab: Tab, path: Path, counts: tuple[int, int, int, int]) -> None:
    """Bring a file in through the three steps, and see its counts on the way."""
    tab.page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(path)
    tab.page.locator(".st-key-import_to_columns button").wait_for()
    _press(tab, "import_to_columns", ".st-key-import_to_check button")
    _press(tab, "import_to_check", ".st-key-import_write button")
    shown = re.sub(r"\s+", " ", tab.page.locator(".import-counts").inner_text())
    assert [int(number) for number in re.findall(r"\b\d+\b", shown.split("]")[1])][:4] == list(counts)
    _press(tab, "import_write", ".st-key-import_next button")


def test_a_new_user_fills_the_template_corrects_what_comes_back_and_sees_the_points(
    tab: Tab, tmp_path: Path
) -> None:
    dialogs: list[str] = []
    asked: list[str] = []
    tab.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    tab.page.on("request", lambda request: asked.append(request.url))
    tab.page.set_default_timeout(90_000)  # the first check reads every place name of the country
    tab.open("/data?mode=import")

    template = _download(tab, "import_template")
    titles = [str(title) for title in _sheet(template)[0]]
    cells = {
        (line, titles.index(column)): value
        for line, row in enumerate(_rows(), 1)
        for column, value in row.items()
    }
    filled = tmp_path / "danh_sach.xlsx"
    filled.write_bytes(_edited(template, cells))
    _import(tab, filled, (20, 15, 0, 5))

    back = _download(tab, "import_returned")
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(back)).read("xl/worksheets/sheet1.xml")
    head, *rows = _sheet(back)
    assert len(rows) == 5
    assert FORMULA in [row[head.index("Tên cơ sở")] for row in rows]
    repaired = {
        (line, head.index(column)): right
        for line, fault in enumerate(FAULTS.values(), 1)
        for column, (_, right) in fault.items()
    }
    corrected = tmp_path / "danh_sach_sua.xlsx"
    corrected.write_bytes(_edited(back, repaired))
    _press(tab, "import_next", "[data-testid=stFileUploaderDropzone]")
    _import(tab, corrected, (5, 5, 0, 0))

    tab.page.get_by_text(VI["import.see_clusters"]).click()
    tab.page.wait_for_url(re.compile(r"/clusters\?.*data=user"))
    tab.settle()
    seen = tab.map_frame().locator("[data-cells]")
    seen.wait_for(state="attached")
    assert seen.get_attribute("data-cells").split(":")[-1] == "20"
    _open_hostile_point(tab)
    assert dialogs == []
    assert not [url for url in asked if url.endswith("/x") or "evil.test" in url]
    for frame in tab.page.frames:
        assert frame.evaluate("window.hacked") is None


def _open_hostile_point(tab: Tab) -> None:
    """Fly to the establishment with the hostile name and open its card: the name stands there as text."""
    frame = next(
        frame
        for frame in tab.page.frames
        if frame.evaluate("typeof Atlas !== 'undefined' && !!Atlas.current")
    )
    frame.evaluate("() => { Atlas.current.map.setView([11.5, 108.0], 13, {animate: false}); }")
    frame.wait_for_function("document.querySelector('[data-cells]').dataset.cells.startsWith('points')")
    frame.wait_for_function(
        """() => { let found = false; Atlas.current.map.eachLayer((l) => {
        if (l.options.pane === 'atlas-points' && l.getRadius) found = true; }); return found; }"""
    )
    box = tab.page.locator("iframe[title*='folium']").first.bounding_box()
    at = frame.evaluate(
        "() => { const q = Atlas.current.map.latLngToContainerPoint([11.5, 108.0]); return [q.x, q.y]; }"
    )
    tab.page.locator("iframe[title*='folium']").first.scroll_into_view_if_needed()
    box = tab.page.locator("iframe[title*='folium']").first.bounding_box()
    assert box is not None
    tab.page.mouse.click(box["x"] + at[0], box["y"] + at[1])
    card = tab.map_frame().locator(".leaflet-popup")
    card.wait_for()
    assert IMAGE in card.inner_text()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_import_fits_every_window_and_speaks_one_language(tab: Tab, lang: str) -> None:
    tab.open(f"/data?mode=import&lang={lang}")
    for width, height in ((1440, 900), (390, 844)):
        tab.page.set_viewport_size({"width": width, "height": height})
        assert not tab.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    shown = tab.page.get_by_test_id("stFileUploaderDropzoneInstructions").evaluate(
        "(box) => getComputedStyle(box.querySelector('span'), '::after').content"
    )
    assert catalogue(lang)["import.upload_limit"] in shown
