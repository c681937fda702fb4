"""Text of users is never run: not as HTML, Markdown, formula or code, in maps, tables, pages and files."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import folium
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from geo.cli import output
from geo.intake import check, commit, mapping, outgoing, read, returned
from geo.intake.model import Options
from geo.store.catalog import Dataset
from ui import api_cells, legend, map_base, map_layers, routes, shell, tables
from ui.context import Context
from ui.text import Text
from ui.url_state import View

ROOT = Path(__file__).resolve().parent.parent
#: What would be run: as HTML, as a formula, as a template, as Markdown.
HTML = ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</script>", '"><svg onload=alert(1)>']
FORMULAS = ["=cmd|' /C calc'!A0", '=HYPERLINK("http://x")', "+1+1", "@SUM(1)", "-2+3", "\t=1+1", "\r=1+2"]
TEMPLATES = ["{{7*7}}", "{% raw %}", "${x}", "`${alert(1)}`", "{0}", "%(x)s"]
MARKDOWN = ["[x](http://evil)", "![x](http://evil/x.png)", ":material/bug_report:", r"$\LaTeX$", ":red[x]"]
UNSEEN = ["a\u202egnp.exe", "b\u0000c", "d\u0007e\u001b[31m"]
NAMES = [*HTML, *FORMULAS, *TEMPLATES, *MARKDOWN, *UNSEEN, "dài " * 500]
#: The label of the dataset and the name of its file begin as a formula and hold the rest.
LABEL = '=1+1 <img src=x onerror=alert(1)> ![x](http://evil/x.png)\n\n[x](http://evil) "><script>alert(1)</script>'
FILE = "=1+1 <img src=x onerror=alert(1)> ![x](http:evil) [x](http:evil).csv"
#: What must not stand in Markdown as it is.
LIVE = re.compile(r"(?<!\\)<(?:/?script|img|svg)|\[x\]\(|\$\\LaTeX\$|:red\[")
TITLES = ("Tên cơ sở", "Sản phẩm", "Mã ngành", "Tỉnh", "Địa chỉ", "Số lao động", "Vĩ độ", "Kinh độ", "Năm",
          "Nguồn", "Địa chỉ nguồn", "Nhu cầu hỗ trợ")  # fmt: skip
PROVINCE = "Cao Bằng"
FIRST = "="


def _rows() -> list[list[Any]]:
    """One row for each hostile text, which stands in every text column of it."""
    rows = []
    for number, text in enumerate(NAMES):
        url = "javascript:alert(1)" if number % 2 else text
        place = (round(22.5 + 0.01 * number, 3), round(106.0 + 0.01 * number, 3))
        rows.append(
            [f"{text}", text, "2393", PROVINCE, text, 5 + number, *place, 2024, text, url, "training"]
        )
    return rows


def _file(folder: Path, name: str, titles: tuple[str, ...], rows: list[list[Any]]) -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as sink:
        writer = csv.writer(sink, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerows([titles, *rows])
    return path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home of its own."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRODUCT_HOME", str(folder))
        yield folder


@pytest.fixture(scope="module")
def dataset(home: Path) -> Dataset:
    """The hostile list, brought in twice, with own figures of a material."""
    labels = {"label_vi": LABEL, "label_en": LABEL}
    half = _file(home, "half.csv", TITLES, _rows()[:-3])
    commit.write(_checked(half, "establishments", None), "user", **labels, who=LABEL)
    whole = _file(home, FILE, TITLES, _rows())
    commit.write(_checked(whole, "establishments", commit.opened("user")), "user", who=LABEL)
    supply = [["Sắn", PROVINCE, "1000", "2024", text, "javascript:alert(1)"] for text in HTML[:1]]
    titles = ("Nguyên liệu", "Tỉnh", "Sản lượng (tấn)", "Năm", "Nguồn", "Địa chỉ nguồn")
    path = _file(home, "supply.csv", titles, supply)
    return commit.write(_checked(path, "materials", commit.opened("user")), "user")


def _checked(path: Path, kind: str, held: Dataset | None) -> Any:
    table = read.tables(path)[0]
    return check.run(table, mapping.guess(table, kind), Options(dataset=held, vintage="2025"))


# ---- maps -------------------------------------------------------------------------------------------------


def test_points_of_the_map_are_answered_as_json_that_no_browser_takes_for_a_page(dataset: Dataset) -> None:
    asked = {"dataset": "user", "bbox": "105,22,107,23", "zoom": "12"}
    body = json.loads(gzip.decompress(api_cells.answer(api_cells.read(asked.items()))))
    names = {feature["name"] for feature in body["features"]}
    assert {*HTML, *MARKDOWN, *TEMPLATES} <= names
    assert not any("javascript:" in str(feature) for feature in body["features"])
    assert not any(re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e]", name) for name in names)
    answer = TestClient(Starlette(routes=routes.routes(), middleware=routes.middleware())).get(
        "/api/cells", params=asked
    )
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_what_was_asked_wrongly_is_repeated_as_json_text() -> None:
    client = TestClient(Starlette(routes=routes.routes(), middleware=routes.middleware()))
    answer = client.get("/api/cells", params={"dataset": HTML[1], "bbox": HTML[0], HTML[0]: "1"})
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/json")


def test_scripts_set_data_as_text() -> None:
    """The one text set as HTML is the legend, which ui.legend escapes."""
    risky = re.compile(
        r"innerHTML\s*=|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|\.href\s*="
    )
    found = [
        (path.name, line.strip())
        for path in sorted((ROOT / "ui" / "static").glob("*.js"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if risky.search(line)
    ]
    assert [name for name, line in found] == ["layers.js"]
    assert "given.html" in found[0][1]


@pytest.mark.parametrize("text", NAMES[:-1], ids=range(len(NAMES) - 1))
def test_layers_hand_text_over_as_a_string_of_json(text: str) -> None:
    safe = map_base.js_json({"t": [text]})
    assert json.loads(safe) == {"t": [text]}
    assert not re.search(r"[<>&'`$_{}%#]", safe.removeprefix('{"t":[').removesuffix("]}"))
    points = pd.DataFrame(
        {"lat": [21.0], "lon": [105.0], "value": [1.0], "name": [text], "key": [text], "label_lines": [text]}
    )
    drawn = folium.Map()
    for layer in (map_layers.circles_layer(points), map_layers.diamonds_layer(points)):
        layer.add_to(drawn)
    page = drawn.get_root().render()
    assert not any(
        part in page for part in ("<img src=x", "<svg onload", "<script>alert", "{{7", "{% raw", "`${")
    )


def test_legends_escape_their_words() -> None:
    for text in HTML:
        drawn = legend.kinds_legend(text, {"a": text}, {"a": text}) + legend.marks_legend(
            text, {"dot": text}, colour=text
        )
        assert _unsafe_tags(drawn) == []


# ---- tables and files ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def context(dataset: Dataset) -> Context:
    return Context(View(dataset="user"), Text("vi"), dataset)


def _runs(value: str) -> bool:
    """Tell whether a spreadsheet program would take a cell, or what follows a line end in it, for a formula."""
    return value.lstrip().startswith(("=", "+", "-", "@")) or "\r" in value or "\n" in value


def test_a_table_is_downloaded_without_formulas(context: Context) -> None:
    frame = pd.DataFrame({"name": [*NAMES, " =1+1"], "n": [-1.5] * (len(NAMES) + 1)}, dtype=object)
    for table in (frame, frame.astype({"name": "str"}), frame.astype({"name": "category"})):
        text = tables.to_csv(context, table).decode("utf-8-sig")
        read_back = list(csv.DictReader(io.StringIO(text, newline="")))
        assert len(read_back) == len(frame)
        assert {*HTML, *MARKDOWN, *TEMPLATES, f"'{FORMULAS[0]}", "' =1+1"} <= {
            row["name"] for row in read_back
        }
        assert {row["n"] for row in read_back} == {"-1.5"}
        said = [value for row in read_back for name, value in row.items() if name != "n"]
        assert not [value for value in said if _runs(value)]


def test_the_list_goes_out_without_formulas_and_comes_back_unchanged(
    dataset: Dataset, tmp_path: Path
) -> None:
    lang = "vi"
    text = outgoing.csv(dataset, lang, masked=False)
    assert not [
        cell for row in csv.reader(io.StringIO(text)) for cell in row if _runs(cell) and not _number(cell)
    ]
    files = {"a.csv": text.encode(), "a.xlsx": outgoing.workbook(dataset, lang, masked=False)}
    _only_text(files["a.xlsx"])
    held = check.stored_columns(check.read(dataset, "establishments"))
    for name, body in files.items():
        (tmp_path / name).write_bytes(body)
        again = _checked(tmp_path / name, "establishments", None)
        assert again.counts["accepted"] == dataset.rows()
        stored = commit.write(again, name[2:], root=tmp_path)
        pd.testing.assert_frame_equal(check.stored_columns(check.read(stored, "establishments")), held)


def test_returned_rows_hold_text_only(home: Path) -> None:
    rows = [[*row[:3], "Tỉnh Không Có", *row[4:]] for row in _rows()]
    outcome = _checked(_file(home, "bad.csv", TITLES, rows), "establishments", None)
    assert outcome.counts["returned"] == len(rows)
    for lang in ("vi", "en"):
        book = returned.workbook(outcome, lang)
        _only_text(book)
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
        assert {str(row[2]) for row in sheet} >= {*HTML, *TEMPLATES, *MARKDOWN, *FORMULAS[:5]}


def test_the_command_line_writes_csv_without_formulas(capsys: pytest.CaptureFixture[str]) -> None:
    output.emit([{"name": text, "n": -2.5, "list": [text]} for text in NAMES], "csv")
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out, newline="")))
    assert not [row["name"] for row in rows if _runs(row["name"])]
    assert {row["n"] for row in rows} == {"-2.5"}


def _number(cell: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", cell) is not None


def _only_text(book: bytes) -> None:
    """No cell of a workbook is a formula, and nothing in it links."""
    with ZipFile(io.BytesIO(book)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")) and "/sheet" in name:
                tags = {
                    element.tag.rpartition("}")[2]
                    for element in ElementTree.fromstring(archive.read(name)).iter()
                }
                assert not tags & {"f", "hyperlink", "hyperlinks"}, name
                assert b"http://evil" not in archive.read(name) or name.startswith("xl/comments")


# ---- pages --------------------------------------------------------------------------------------------------


class _Tags(HTMLParser):
    """Tags and attributes that could do something."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "img", "a", "iframe", "object", "embed", "link", "form"):
            self.found.append(tag)
        self.found += [
            f"{tag} {name}" for name, value in attrs if name.startswith("on") or name in ("href", "src")
        ]


def _unsafe_tags(text: str) -> list[str]:
    """Return the tags of HTML that could do something."""
    parser = _Tags()
    parser.feed(text)
    return parser.found


#: Parts of an element that Streamlit shows as plain text, or does not show.
_PLAIN = {
    ("Text", "body"), ("Selectbox", "options"), ("MultiSelect", "options"), ("MultiSelect", "default"),
    ("Selectbox", "raw_value"), ("TextInput", "value"), ("TextInput", "default"), ("DownloadButton", "url"), ("PageLink", "query_string"),
}  # fmt: skip
_NAMES_OF_PARTS = ("id", "key", "form_id", "fragment_id", "element_id", "page_script_hash", "user_key")


def _strings(message: Any, name: str = "") -> Iterator[tuple[str, str, str]]:
    """Return (message, field, text) of every text in an element."""
    kind = type(message).__name__
    for field, value in message.ListFields():
        values = value if field.is_repeated else [value]
        if field.message_type is not None:
            if field.message_type.GetOptions().map_entry:
                continue
            for part in values:
                yield from _strings(part, field.name)
        elif field.type == field.TYPE_STRING:
            yield from ((kind, field.name, text) for text in values)


def _elements(node: Any) -> Iterator[Any]:
    for child in getattr(node, "children", {}).values():
        if getattr(child, "proto", None) is not None:
            yield child
        yield from _elements(child)


def _check_page(app: AppTest) -> int:
    """Fail where an element of a page would run a hostile text; returns the number of texts looked at."""
    seen = 0
    for element in _elements(app._tree):
        proto = element.proto
        for kind, field, text in _strings(proto):
            seen += 1
            if field in _NAMES_OF_PARTS or (kind, field) in _PLAIN:
                continue
            if kind == "Html" or (kind == "Markdown" and field == "body" and proto.allow_html):
                assert _unsafe_tags(text) == [], (kind, text)
                # A blank line would end the block of HTML: Markdown would begin.
                assert kind == "Html" or not re.search(r"\n\s*\n", text.strip()), text
            elif kind in ("ComponentInstance", "ArrowVegaLiteChart", "VegaLiteChart"):
                assert "alert(1)>" not in text, (kind, field)
            else:
                assert not LIVE.search(text), (kind, field, text[:300])
    return seen


def _opened(slug: str, **parameters: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / "shell.py"), default_timeout=60)
    app.query_params.update({"data": "user", **parameters})
    for part in ("quality_twice", "quality_imports"):
        app.session_state[part] = True  # open parts of the page of quality
    with pytest.MonkeyPatch.context() as patch:
        pages = tuple(replace(page, default=page.slug == slug) for page in shell.PAGES)
        patch.setattr(shell, "PAGES", pages)
        app.run()
    assert not app.exception
    assert not app.error, [error.value for error in app.error]
    return app


@pytest.mark.parametrize(
    ("slug", "parameters"),
    [("data", {"mode": "contents"}), ("data", {"mode": "import"}), ("data", {"mode": "quality"}),
     ("data", {"mode": "versions", "lang": "en"}), ("clusters", {"mode": "needs"}),
     ("linkages", {}), ("provinces", {"province": "04"}), ("overview", {})],
    ids=lambda value: value if isinstance(value, str) else "-".join(value.values()) or "usual",
)  # fmt: skip
def test_pages_show_text_of_users_as_text(dataset: Dataset, slug: str, parameters: dict[str, str]) -> None:
    app = _opened(slug, **parameters)
    assert app.session_state["_context"].dataset.name == "user"
    assert _check_page(app) > 50


def test_no_column_of_a_table_becomes_a_link() -> None:
    sources = [
        path.read_text(encoding="utf-8")
        for path in [*(ROOT / "ui").glob("*.py"), *(ROOT / "pages").glob("*.py")]
    ]
    assert not [text for text in sources if "LinkColumn" in text or "ImageColumn" in text]


def test_the_steps_of_the_import_show_a_hostile_file_as_text(home: Path, dataset: Dataset) -> None:
    """Titles, cells, faults and questions of a file, at each step."""
    titles = (*TITLES[:-1], MARKDOWN[0], HTML[1], FORMULAS[0])
    rows = [[*row[:-1], "x", "y", "z"] for row in _rows()]
    for row, bad in zip(rows, NAMES, strict=True):
        row[5] = bad
    path = _file(home, "steps.csv", titles, rows + [[*row[:5], 7, *row[6:]] for row in _rows_of_products()])
    app = _opened("data", mode="import")
    app.file_uploader[0].set_value([(FILE, path.read_bytes(), "")])
    draft = _settled(app)
    assert draft.table.file == FILE
    _check_page(app)
    for key in ("import_to_columns", "import_to_check"):
        app.button(key=key).click()
        _settled(app)
        _check_page(app)
    assert draft.outcome is not None
    assert len(draft.outcome.review)


def _rows_of_products() -> list[list[Any]]:
    """Rows whose sector must be asked for."""
    return [
        [f"Cơ sở {number}", f"{text} rượu bún", "", PROVINCE, *_rows()[number][4:-1], "x", "y", "z"]
        for number, text in enumerate(HTML)
    ]


def _settled(app: AppTest) -> Any:
    app.run()
    while app.session_state["_import_draft"].job is not None:
        app.session_state["_import_draft"].job.wait(30)
        app.run()
    assert not app.exception
    return app.session_state["_import_draft"]


@pytest.mark.parametrize(
    ("slug", "parameters"),
    [
        ("materials", {"scenario": MARKDOWN[0]}),
        ("data", {"data": HTML[1], "province": MARKDOWN[1], "mode": "versions"}),
    ],
)
def test_an_address_cannot_bring_in_links(slug: str, parameters: dict[str, str]) -> None:
    app = _opened(slug, **parameters)
    assert app.warning
    _check_page(app)


def test_a_refusal_names_what_came_as_text(home: Path) -> None:
    """Refusals repeat what came: the page shows them as they are."""

    def script() -> None:
        from geo.errors import DataError
        from ui import frame
        from ui.text import Text

        frame.report(DataError(vi="Tệp “[x](http://evil) <img src=x>” hỏng.", en="-"), Text("vi"))

    app = AppTest.from_function(script).run()
    assert not LIVE.search(app.error[0].value)
