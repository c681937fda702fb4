"""Lists of establishments of a user's own set leave the house without names of persons and phone numbers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geo.cli.main import main
from geo.intake import check, commit, mapping, outgoing, read
from geo.intake.model import Options
from geo.store.catalog import Dataset
from ui import shell, tables, versions_compare
from ui.context import Context
from ui.text import Text, catalogue
from ui.url_state import View

ROOT = Path(__file__).resolve().parent.parent
OWNER, PHONE, MAIL = "Nguyễn Văn An", "0912 345 678", "an@example.vn"
SECRETS = (OWNER, PHONE, PHONE.replace(" ", ""), MAIL)
TITLES = ("Tên cơ sở", "Sản phẩm", "Mã ngành", "Tỉnh", "Số lao động", "Năm", "Nguồn")
ROWS = [
    (f"Hộ kinh doanh {OWNER}", f"Gốm, ĐT {PHONE}", "2393", "Cao Bằng", 5, 2024, f"Khảo sát, {MAIL}"),
    (f"Hộ kinh doanh {OWNER}", f"Gốm đất nung {MAIL}", "2393", "Cao Bằng", 7, 2023, f"Khảo sát, {PHONE}"),
    ("HTX chè Hảo Đạt", "Chè", "1076", "Cao Bằng", 30, 2024, "Khảo sát"),
]


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Dataset, Dataset]]:
    """Two versions of an own set: the second has a row more and another product."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRODUCT_HOME", str(home))
        first = _written(home, ROWS[1:])
        changed = [ROWS[0], (*ROWS[1][:4], 8, *ROWS[1][5:]), ROWS[2]]
        yield first, _written(home, changed)


def _written(home: Path, rows: list[tuple[object, ...]]) -> Dataset:
    path = home / "a.csv"
    pd.DataFrame(rows, columns=list(TITLES)).assign(
        **{"Mã cơ sở": [f"c{row[5]}{row[2]}" for row in rows]}
    ).to_csv(path, index=False)
    table = read.tables(path)[0]
    options = Options(vintage="2025", dataset=commit.opened("user"))
    return commit.write(check.run(table, mapping.guess(table, "establishments"), options), "user")


@pytest.fixture
def dataset(versions: tuple[Dataset, Dataset]) -> Dataset:
    return versions[1]


@pytest.fixture
def context(dataset: Dataset) -> Context:
    return Context(View(dataset="user"), Text("vi"), dataset)


def _hidden(text: str, *, names: int = 1) -> None:
    """Nothing of a person is left, and what was there is marked."""
    assert not [secret for secret in SECRETS if secret in text], text
    assert text.count("N.V.A.") >= names
    assert "•••" in text


def _page(**parameters: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / "shell.py"), default_timeout=60)
    app.query_params.update({"data": "user", **parameters})
    app.session_state["quality_twice"] = True  # an open part of the page of quality
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            shell, "PAGES", tuple(replace(page, default=page.slug == "data") for page in shell.PAGES)
        )
        app.run()
    assert not app.exception
    return app


class _Files:
    """Catches what the pages offer to download: name of the file → its text."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.made: dict[str, str] = {}
        self._plain = tables.download
        patch.setattr(tables, "download", self._download)

    def _download(self, context: Context, table: pd.DataFrame, *, name: str) -> None:
        self.made[name] = tables.to_csv(context, table).decode("utf-8-sig")
        self._plain(context, table, name=name)


def test_the_list_of_the_data_page_is_masked_and_says_so(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = _Files(monkeypatch)
    app = _page(mode="contents")
    _hidden(files.made["establishments_user"], names=2)
    assert "HTX chè Hảo Đạt" in files.made["establishments_user"]
    assert catalogue("vi")["tables.masked"] in [caption.value for caption in app.caption]
    # Everything else that the page offers holds nothing of them either.
    assert not [name for name, text in files.made.items() if any(secret in text for secret in SECRETS)]


def test_possible_duplicates_of_the_quality_page_are_masked(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = _Files(monkeypatch)
    app = _page(mode="quality")
    _hidden(files.made["possible_duplicates_user"], names=2)
    assert catalogue("vi")["tables.masked"] in [caption.value for caption in app.caption]
    assert not [name for name, text in files.made.items() if any(secret in text for secret in SECRETS)]


@pytest.mark.parametrize("status", ["added", "removed", "changed"])
def test_rows_of_a_comparison_are_masked(
    versions: tuple[Dataset, Dataset], context: Context, status: str
) -> None:
    first, second = (f"user@{version.version}" for version in versions)
    if status == "removed":
        first, second = second, first
    text = versions_compare._download(context, first, second, "2025", status).decode("utf-8-sig")
    if status == "changed":
        assert OWNER not in text
        assert "N.V.A." in text
    else:
        _hidden(text)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_list_to_take_away_is_masked_unless_asked_for(dataset: Dataset, lang: str) -> None:
    _hidden(outgoing.csv(dataset, lang), names=2)
    assert OWNER in outgoing.csv(dataset, lang, masked=False)


@pytest.mark.parametrize(
    "command",
    [["quality", "--dataset", "user", "--what", "duplicates"], ["versions", "compare", "user", "FIRST", "current", "--table", "added"],
     ["versions", "compare", "user", "current", "FIRST", "--table", "removed"]],
    ids=["duplicates", "added", "removed"],
)  # fmt: skip
@pytest.mark.parametrize("form", ["csv", "json"])
def test_commands_that_list_establishments_mask_them(
    versions: tuple[Dataset, Dataset], command: list[str], form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [versions[0].version if word == "FIRST" else word for word in command]
    assert main([*words, "--format", form]) == 0
    _hidden(capsys.readouterr().out)


def test_only_these_places_read_single_establishments() -> None:
    """A new reader of rows must be added to the tests above: to what it offers as a download, masked."""
    readers = {"compare_rows.establishments", "compare_rows.changes", "left_duplicates.find", "cached.duplicates_job", "cached.rows",
               "aggregate.rows", "check.read", "outgoing.frame", "outgoing.csv", "outgoing.workbook"}  # fmt: skip
    found = set()
    for path in [
        *(ROOT / "ui").glob("*.py"),
        *(ROOT / "pages").glob("*.py"),
        *(ROOT / "geo" / "cli").glob("*.py"),
    ]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and f"{node.value.id}.{node.attr}" in readers
            ):
                found.add(path.stem)
    assert found == {"cached", "data_contents", "quality_records", "versions_compare", "quality", "versions"}


def test_public_lists_are_downloaded_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bundled list is public already."""
    files = _Files(monkeypatch)
    app = AppTest.from_function(_one_table).run()
    assert not app.exception
    assert OWNER in files.made["one"]
    assert catalogue("vi")["tables.masked"] not in [caption.value for caption in app.caption]


def _one_table() -> None:
    """Draw one row about an establishment of the bundled list."""
    import pandas as pd

    from geo.store import catalog
    from ui import tables
    from ui.context import Context
    from ui.text import Text
    from ui.url_state import View

    context = Context(View(), Text("vi"), catalog.open_dataset("real"))
    row = pd.DataFrame({"name": ["Hộ kinh doanh Nguyễn Văn An"]})
    tables.show(context, row, name="one", columns={"name": "Tên"}, establishments=True)
