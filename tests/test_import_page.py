"""The import in the page, by Streamlit's own test runner: three steps, counts, repairs, drafts, refusals."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from streamlit.testing.v1 import AppTest

from geo.intake import commit, kept_mappings, mapping
from geo.store import catalog
from ui import import_state, import_words, shell
from ui.import_state import ADD, EMPTY, Draft
from ui.text import catalogue

PAGES = Path(__file__).resolve().parent.parent / "pages"
VI = catalogue("vi")
HOSTILE = "<img src=x onerror=alert(1)>"
HEADER = ["Tên cơ sở", "Sản phẩm", "Tỉnh", "Số lao động"]
GOOD = [["Cơ sở gốm A", "Gốm", "Cao Bằng", 12], [HOSTILE, "Chè", "Lạng Sơn", 30]]
BAD = ["HTX C", "Chè", "Lạng Sơn", "ba"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a home of its own, and open the data page first: the map of the overview takes its time."""
    monkeypatch.setenv("PRODUCT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(
        shell, "PAGES", tuple(replace(page, default=page.slug == "data") for page in shell.PAGES)
    )
    return tmp_path / "home"


def book(rows: list[list[Any]], header: list[str] | None = None) -> bytes:
    """Return rows as a workbook; text stays text."""
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"strings_to_formulas": False}) as out:
        sheet = out.add_worksheet("DS")
        for line, row in enumerate([header or HEADER, *rows]):
            sheet.write_row(line, 0, row)
    return sink.getvalue()


def settle(app: AppTest) -> AppTest:
    """Run until no step is under way; nothing may have failed."""
    app.run()
    while draft(app).job is not None:
        draft(app).job.wait(30)
        app.run()
    assert not app.exception
    return app


def draft(app: AppTest) -> Draft:
    return app.session_state["_import_draft"]


def opened(lang: str = "vi") -> AppTest:
    """Open the import as a new user."""
    app = AppTest.from_file(str(PAGES / "shell.py"), default_timeout=60)
    app.query_params["lang"], app.query_params["mode"] = lang, "import"
    return settle(app)


def uploaded(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    """Upload files and wait until the first is read."""
    app.file_uploader[0].set_value([(name, body, "") for name, body in files])
    return settle(app)


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click()
    return settle(app)


def checked(rows: list[list[Any]], header: list[str] | None = None, app: AppTest | None = None) -> AppTest:
    """Go to the third step with a file of these rows."""
    app = uploaded(app or opened(), ("ds.xlsx", book(rows, header)))
    press(app, "import_to_columns")
    return press(app, "import_to_check")


def counts(app: AppTest) -> tuple[int, int, int, int]:
    held = draft(app).outcome.counts
    return held["rows_in"], held["accepted"], held["merged"], held["returned"]


def test_several_files_wait_and_are_added_to_the_same_set() -> None:
    app = uploaded(opened(), ("a.xlsx", book(GOOD[:1])), ("b.xlsx", book(GOOD[1:])))
    assert [path.name for path in draft(app).queue] == ["b.xlsx"]
    for key in ("import_to_columns", "import_to_check", "import_write", "import_next"):
        press(app, key)
    assert draft(app).table.file == "b.xlsx"
    assert draft(app).target.start == ADD
    for key in ("import_to_columns", "import_to_check", "import_write"):
        press(app, key)
    held = commit.opened("user")
    assert held is not None
    assert held.rows() == 2


def test_the_upload_is_deleted_once_it_is_read_and_clearing_deletes_the_rest() -> None:
    app = uploaded(opened(), ("a.xlsx", book(GOOD)), ("b.xlsx", book(GOOD)))
    folder = Path(draft(app).folder.name)
    assert folder.stat().st_mode & 0o077 == 0
    assert [path.name for path in folder.rglob("*.xlsx")] == ["b.xlsx"]
    press(app, "import_clear")
    assert not folder.exists()
    assert draft(app).table is None


@pytest.mark.parametrize(
    ("name", "body"),
    [("a.xlsx", b""), ("a.pdf", b"%PDF-1.7"), ("a.xlsx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le")),
     ("../../[x](http://e.test)\n.csv", b"only one word")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(name: str, body: bytes) -> None:
    app = uploaded(opened(), (name, body))
    assert len(app.error) == 1
    assert "[x](" not in app.error[0].value
    assert draft(app).table is None
    uploaded(app, ("good.xlsx", book(GOOD)))
    assert not app.error
    assert len(draft(app).table.cells) == 2


def test_an_unclear_vintage_is_asked_and_the_answer_is_followed() -> None:
    header = ["Tên cơ sở", "Tỉnh", "Xã"]
    app = checked([["A", "Bắc Ninh", "Xã Không Có"], ["B", "An Giang", "Xã Không Có"]], header)
    assert draft(app).step == "columns"
    assert len(app.error) == 1
    assert "--" not in app.error[0].value
    app.radio(key=draft(app).key("ask_vintage")).set_value("2025")
    settle(app)
    press(app, "import_to_check")
    assert counts(app) == (2, 2, 0, 0)


def test_a_unit_that_is_not_stated_is_asked() -> None:
    header = ["Tên cơ sở", "Tỉnh", "Doanh thu"]
    app = checked([["A", "Cao Bằng", 3.5]], header)
    assert draft(app).step == "columns"
    unit = next(box for box in app.selectbox if box.label == VI["import.unit"])
    unit.set_value("billion_vnd")
    settle(app)
    press(app, "import_to_check")
    assert draft(app).outcome.accepted["revenue_vnd_million"].tolist() == [3500.0]


def test_a_column_given_to_another_field_is_taken_from_the_first() -> None:
    app = uploaded(opened(), ("ds.xlsx", book(GOOD)))
    press(app, "import_to_columns")
    app.toggle(key=draft(app).file_key("rest")).set_value(True)
    settle(app)
    next(box for box in app.selectbox if box.label == "Nguyên liệu chính").set_value("Sản phẩm")
    settle(app)
    assert draft(app).mapping.columns["material"] == "Sản phẩm"
    assert "product" not in draft(app).mapping.columns
    app.toggle(key=draft(app).file_key("rest")).set_value(False)
    settle(app)
    assert draft(app).mapping.columns["material"] == "Sản phẩm"


def test_a_repair_is_offered_with_its_rows_and_done_on_consent_only() -> None:
    header = ["Tên cơ sở", "Sản phẩm", "Tỉnh", "Vĩ độ", "Kinh độ"]
    app = checked([["A", "Gốm", "Cao Bằng", 106.25, 22.66], ["B", "Gốm", "Cao Bằng", 22.66, 106.25]], header)
    assert counts(app) == (2, 1, 0, 1)
    app.checkbox(key=draft(app).file_key("consent_swap")).check()
    settle(app)
    press(app, "import_recheck_repairs")
    assert counts(app) == (2, 2, 0, 0)
    press(app, "import_step_columns")
    assert draft(app).options.repairs == {"swap"}


def test_mappings_are_kept_by_name_and_offered_where_the_titles_fit() -> None:
    header = ["Cột một", "Sản phẩm", "Tỉnh", "Số lao động"]
    kept = mapping.changed(
        mapping.ColumnMapping("establishments", {}),
        {"name": "Cột một", "province": "Tỉnh", "product": "Sản phẩm"},
    )
    kept_mappings.keep("Mẫu của Sở", kept)
    assert kept_mappings.fitting(HEADER, "establishments") == []
    app = uploaded(opened(), ("ds.xlsx", book(GOOD, header)))
    press(app, "import_to_columns")
    assert "name" not in draft(app).mapping.columns
    press(app, "import_kept_use")
    assert draft(app).mapping.columns["name"] == "Cột một"
    app.text_input(key=draft(app).key("keep_name")).set_value("Lần hai")
    settle(app)
    press(app, "import_keep")
    assert [item.name for item in kept_mappings.kept()] == ["Lần hai", "Mẫu của Sở"]
    kept_mappings.forget("Lần hai")
    assert [item.name for item in kept_mappings.kept()] == ["Mẫu của Sở"]


def test_a_damaged_mapping_does_not_hide_the_others(home: Path) -> None:
    kept_mappings.keep("Tốt", mapping.changed(mapping.ColumnMapping("materials", {}), {"material": "NL"}))
    (home / "mappings" / "xau.json").write_text("{", encoding="utf-8")
    assert [item.name for item in kept_mappings.kept()] == ["Tốt"]


def test_a_new_set_can_have_a_name_of_its_own_and_a_taken_name_is_refused() -> None:
    app = opened()
    app.text_input(key=draft(app).key("new_name")).set_value("Khảo sát Phú Thọ 2026")
    checked(GOOD, app=settle(app))
    press(app, "import_write")
    held = commit.opened("khao-sat-phu-tho-2026")
    assert held is not None
    assert held.label("vi") == "Khảo sát Phú Thọ 2026"
    press(app, "import_clear")
    app.selectbox(key=draft(app).key("target")).set_value("")
    settle(app)
    app.text_input(key=draft(app).key("new_name")).set_value("Khảo  sát Phú Thọ 2026")
    settle(app)
    assert app.warning[0].value == VI["import.name_taken"]


def test_the_public_list_can_be_the_start() -> None:
    app = opened()
    app.radio(key=draft(app).key(f"start_{EMPTY}")).set_value(import_state.PUBLIC)
    checked(GOOD, app=settle(app))
    assert counts(app) == (2, 2, 0, 0)
    press(app, "import_write")
    held = commit.opened("user")
    assert held is not None
    assert held.rows() == catalog.open_dataset("real").rows() + 2


def test_a_file_of_materials_goes_in_once_it_is_called_one() -> None:
    header = ["Nguyên liệu chính", "Tỉnh, thành phố", "Sản lượng (tấn)", "Năm"]
    app = uploaded(opened(), ("ds.xlsx", book([["Cà phê", "Lâm Đồng", 1500, 2025]], header)))
    press(app, "import_to_columns")
    assert app.button(key="import_to_check").disabled  # the rows were taken for establishments
    press(app, "import_step_file")
    app.radio(key=draft(app).key("kind")).set_value("materials")
    settle(app)
    for key in ("import_to_columns", "import_to_check"):
        press(app, key)
    app.radio(key=draft(app).key("ask_vintage")).set_value("2025") if app.error else None
    if app.error:
        settle(app)
        press(app, "import_to_check")
    assert counts(app) == (1, 1, 0, 0)


def test_text_of_users_is_nothing_to_markdown() -> None:
    for text in (
        "[x](http://e.test)",
        "![x](http://e.test/a.png)",
        ":red[x]",
        "$x$",
        "<b>x</b>",
        "http://e.test",
        "a_b*c*",
    ):
        shown = import_words.safe(text)
        assert shown.replace("\\", "") == text
        assert not any(f"{a}" in shown.replace(f"\\{a}", "") for a in "[]()<>$*_:")


def test_text_files_are_read_too() -> None:
    sink = io.StringIO()
    csv.writer(sink, delimiter=";").writerows([HEADER, *GOOD])
    app = uploaded(opened(), ("ds.csv", sink.getvalue().encode("utf-16")))
    assert len(draft(app).table.cells) == 2


def test_nothing_is_written_until_the_button_and_the_counts_stand_on_every_step(home: Path) -> None:
    app = checked([*GOOD, BAD])
    assert counts(app) == (3, 2, 0, 1)
    for step in ("file", "columns", "check"):
        press(app, f"import_step_{step}")
        bodies = [element.proto.body for element in app.get("html")]
        strip = next(body for body in bodies if "import-counts" in body and "<style" not in body)
        assert "<b>3</b>" in strip
        assert not any(HOSTILE in body for body in bodies)
    labels = [button.label for button in app.get("download_button")]
    assert VI["import.returned_file"].format(n="1") in labels
    assert not list(home.glob("datasets/user/*/manifest.json"))
    press(app, "import_write")
    held = commit.opened("user")
    assert held is not None
    assert held.rows() == 2
    assert app.session_state["w_dataset"] == "user"
    assert held.version in app.success[0].value


def test_faults_are_shown_a_page_at_a_time_in_english_too() -> None:
    rows = [[f"Cơ sở {i}", "Gốm", "Cao Bằng", "ba"] for i in range(120)]
    app = checked([*GOOD, *rows], app=opened("en"))
    assert counts(app) == (122, 2, 0, 120)
    english = catalogue("en")
    assert app.dataframe[0].value[english["import.rows"]].tolist() == [120]
    assert "whole number" in app.dataframe[0].value[english["import.expected"]].iloc[0]
    assert len(app.dataframe[1].value) == 50
    assert "2 rows" in app.button(key="import_write").label


def test_an_import_that_another_one_overtook_is_checked_again() -> None:
    app = checked(GOOD)
    commit.write(draft(app).outcome, "user")
    press(app, "import_write")
    assert len(app.error) == 1
    assert draft(app).written is None
    press(app, "import_recheck")
    assert counts(app) == (2, 0, 2, 0)
    press(app, "import_write")
    held = commit.opened("user")
    assert held is not None
    assert held.rows() == 2


def test_leaving_the_page_keeps_the_draft() -> None:
    app = uploaded(opened(), ("ds.xlsx", book(GOOD)))
    press(app, "import_to_columns")
    app.text_input(key=draft(app).key("source")).set_value("Khảo sát 2026")
    settle(app)
    app.switch_page(str(PAGES / "methods_page.py"))
    app.run()
    app.switch_page(str(PAGES / "data_page.py"))
    app.query_params["mode"] = "import"
    settle(app)
    assert draft(app).step == "columns"
    assert app.text_input(key=draft(app).key("source")).value == "Khảo sát 2026"
    assert draft(app).options.source == "Khảo sát 2026"
    assert not app.button(key="import_to_check").disabled


def test_folders_of_killed_processes_are_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left, running = tmp_path / f"product-import-{gone.pid}-x", tmp_path / f"product-import-{os.getpid()}-x"
    for folder in (left, running):
        folder.mkdir()
    state = Draft()
    import_state.take(state, [("a.csv", io.BytesIO(b""))])
    assert not left.exists()
    assert running.exists()
    assert state.folder is not None
    state.folder.cleanup()
