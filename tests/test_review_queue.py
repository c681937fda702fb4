"""The queue of questions: answers kept and followed, pairs side by side, pages, and what the screen does."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geo.errors import ParameterError, StoreError
from geo.intake import check, decisions, mapping, read, trades
from geo.intake.model import Options, Outcome
from geo.linkage.records import records
from ui import review_compare, review_pairs, review_sectors, review_state
from ui.review_state import Choice
from ui.text import Text

HEADER = "Tên cơ sở;Tỉnh;Sản phẩm;Số lao động;Mã số thuế"
ROWS = [
    "Cơ sở Gốm Hương Sen;Cao Bằng;Gốm;5;",
    "Gốm Hương Sơn;Cao Bằng;Gốm sứ;12;",
    "<b>Hoàng</b> Long;Cao Bằng;Gốm;;",
    "<b>Hoàng</b> Lòng;Cao Bằng;Gốm;;",
    "Xưởng A;Cao Bằng;Bún, phở và rượu;;",
    "Xưởng B;Cao Bằng;bún,  PHỞ và rượu;;",
]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PRODUCT_HOME", str(tmp_path / "home"))
    return tmp_path


def checked(folder: Path, rows: list[str] = ROWS, **options: object) -> Outcome:
    path = folder / "a.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    table = read.tables(path)[0]
    return check.run(table, mapping.guess(table, "establishments"), Options(**options))  # type: ignore[arg-type]


# Answers


def test_answers_are_kept_changed_and_taken_back() -> None:
    assert decisions.kept("user") == {}
    assert decisions.keep("user", {"a|b": "same", "sector:bun": "1074"}) == {
        "a|b": "same",
        "sector:bun": "1074",
    }
    assert decisions.keep("user", {"a|b": "different", "sector:bun": "leave"})["a|b"] == "different"
    assert decisions.keep("user", {"a|b": ""}) == {"sector:bun": "leave"}
    assert decisions.kept("other") == {}


@pytest.mark.parametrize(
    "answer", [{"a|b": "perhaps"}, {"a|b": "1074"}, {"sector:bun": "same"}, {"sector:bun": "9999"}]
)
def test_an_answer_must_fit_its_question(answer: dict[str, str]) -> None:
    decisions.keep("user", {"c|d": "same"})
    with pytest.raises(ParameterError):
        decisions.keep("user", {"e|f": "same", **answer})
    assert decisions.kept("user") == {"c|d": "same"}


@pytest.mark.parametrize("text", ["{", "[]", '{"a|b": 1}', "\x00"])
def test_a_damaged_file_is_told(home: Path, text: str) -> None:
    decisions.keep("user", {"a|b": "same"})
    (home / "home" / "datasets" / "user" / decisions.FILE).write_text(text, encoding="utf-8")
    for call in (lambda: decisions.kept("user"), lambda: decisions.keep("user", {"a|b": "same"})):
        with pytest.raises(StoreError, match="decisions.json") as told:
            call()
        assert "xóa tệp đó" in told.value.vi


def test_what_a_later_release_kept_stays(home: Path) -> None:
    decisions.keep("user", {"a|b": "same"})
    path = home / "home" / "datasets" / "user" / decisions.FILE
    path.write_text('{"a|b": "same", "place:x": "24"}', encoding="utf-8")
    assert decisions.keep("user", {"c|d": "same"}) == {"a|b": "same", "c|d": "same"}
    assert '"place:x"' in path.read_text(encoding="utf-8")


def _keep_many(root: Path, first: int) -> None:
    for number in range(first, first + 15):
        decisions.keep("user", {f"{number}|x": "same"}, root)


def test_processes_at_once_lose_no_answer(home: Path) -> None:
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_keep_many, args=(home, first)) for first in (100, 200, 300)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(decisions.kept("user", home)) == 45


# Questions


def test_one_question_serves_all_rows_of_the_same_words(home: Path) -> None:
    asked = checked(home).review.query("question == 'sector'")
    assert asked["rows"].tolist() == [2]
    (key,), (candidates,) = asked["key"], asked["candidates"]
    assert key == "sector:bun pho va ruou"
    assert {"1074", "1101"} <= set(candidates.split("|"))


@pytest.mark.parametrize(
    ("answer", "code", "status"),
    [("1101", "1101", "stated"), ("11", "11", "division only"), ("leave", "10", "division only")],
)
def test_answers_about_sectors_are_followed_now_and_later(
    home: Path, answer: str, code: str, status: str
) -> None:
    (key,) = checked(home).review.query("question == 'sector'")["key"]
    kept = decisions.keep("user", {key: answer})
    for rows in (ROWS, ["Xưởng C;Cao Bằng;Bún - phở và rượu;;"]):
        done = checked(home, rows, decisions=kept)
        assert done.review.query("question == 'sector'").empty
        of_words = done.accepted[done.accepted["product"].str.lower().str.startswith("bún")]
        assert set(map(tuple, of_words[["sector_code", "sector_status"]].to_numpy())) == {(code, status)}


def test_a_name_is_part_of_the_question_where_it_told_the_class() -> None:
    found = trades.guess("Hàng tổng hợp", "Lò bún Cô Ba")
    assert found.of == "name"
    assert trades.question("Hàng tổng hợp", "Lò bún Cô Ba", found) == "sector:hang tong hop / lo bun co ba"
    long = trades.question("chè " * 200, "", trades.guess("chè " * 200))
    assert len(long) < 150
    assert long != trades.question("chè " * 201, "", trades.guess("chè " * 201))


def test_both_records_stand_side_by_side(home: Path) -> None:
    rows = [
        "HTX Chè Hảo Đạt;Cao Bằng;Chè;5;0300588569",
        "Công ty Chè Hảo Đạt;Cao Bằng;Chè xanh;7;",
    ]
    (row,) = records(checked(home, rows).review)
    for side, tax, employees in (("", None, 7), ("other_", "0300588569", 5)):
        assert (row[f"{side}tax_code"], row[f"{side}employees"]) == (tax, employees)
    lines = {line.field: line for line in review_compare.lines(row, Text("vi"))}
    assert lines["employees"].differs
    assert lines["employees"].cell() == "7 ≠ 5"
    assert not lines["tax_code"].differs  # one record does not say it
    assert not lines["province"].differs
    assert "address" not in lines


def test_points_of_both_records_give_their_distance() -> None:
    t = Text("vi")
    assert review_compare.distance({"distance_km": 0.25}, t) == "250 m"
    assert review_compare.distance({"distance_km": 2.34}, t) == "2,3 km"
    assert review_compare.distance({"distance_km": np.nan}, t) == ""


def test_text_of_the_file_is_never_html(home: Path) -> None:
    rows = records(checked(home).review)
    shown = next(review_compare.table(row, Text("vi")) for row in rows if "Hoàng" in row["name"])
    assert "&lt;b&gt;Hoàng" in shown
    assert "<b>" not in shown


# The queue


def many(count: int = 70_000) -> pd.DataFrame:
    score = np.round(np.linspace(0.5, 0.8, count), 3)
    return pd.DataFrame({"question": "duplicate", "key": [f"{n}|x" for n in range(count)], "score": score})


def test_questions_are_chosen_by_kind_answer_and_likeness() -> None:
    questions = review_state.with_answers(many(), {"69999|x": "same", "0|x": "different"})
    best = review_state.select(questions, Choice())
    assert len(best) == 69_998
    assert best[0] == questions.index[questions["score"] == 0.8][0]
    assert review_state.select(questions, Choice(show="answered")).tolist() == [69_999, 0]
    assert review_state.select(questions, Choice(show="answered", least_first=True)).tolist() == [0, 69_999]
    within = questions.loc[review_state.select(questions, Choice(show="all", low=0.6, high=0.7)), "score"]
    assert within.between(0.6, 0.7).all()
    assert len(review_state.select(questions, Choice(question="sector"))) == 0


def test_answers_wait_until_a_check_has_followed_them() -> None:
    review = many(3)
    assert not review_state.waiting(review, {}, {})
    assert review_state.waiting(review, {"1|x": "same"}, {})
    assert review_state.waiting(review, {}, {"9|x": "same"})  # taken back
    assert not review_state.waiting(review, {"9|x": "same"}, {"9|x": "same"})
    assert not review_state.waiting(review, {"another file|x": "same"}, {})


def test_edited_rows_become_answers() -> None:
    edited = {0: {"answer": "same"}, 2: {"answer": "open"}, 1: {}}
    assert review_pairs.chosen(edited, ["a|b", "c|d", "e|f"]) == {"a|b": "same", "e|f": ""}


def test_likely_classes_come_first_and_all_are_there() -> None:
    options = review_sectors.choices("1074|1101")
    assert options[:6] == ["", "1074", "1101", "10", "11", "leave"]
    assert len(options) == len(set(options)) > 80


def screen() -> None:
    from pathlib import Path

    import streamlit as st

    from geo.intake import check, decisions, mapping, read
    from geo.intake.model import Options
    from geo.store import catalog
    from ui import review_queue
    from ui.context import Context
    from ui.text import Text
    from ui.url_state import View

    if "outcome" not in st.session_state or st.session_state.pop("again", False):
        table = read.tables(Path(st.session_state["file"]))[0]
        options = Options(decisions=decisions.kept("user"))
        st.session_state["outcome"] = check.run(table, mapping.guess(table, "establishments"), options)
    ctx = Context(View(), Text(st.session_state.get("lang", "vi")), catalog.open_dataset("real"))
    waits = review_queue.draw(ctx, st.session_state["outcome"], "user")
    st.session_state["waits"] = waits


def opened(folder: Path, lang: str = "vi") -> AppTest:
    checked(folder)
    app = AppTest.from_function(screen, default_timeout=30)
    app.session_state["file"], app.session_state["lang"] = str(folder / "a.csv"), lang
    app.run()
    assert not app.exception
    return app


def press(app: AppTest, key: str) -> None:
    next(button for button in app.button if button.key == key).click()
    app.run()
    assert not app.exception


def test_a_pair_is_answered_taken_back_and_followed(home: Path) -> None:
    app = opened(home)
    assert not app.session_state["waits"]
    app.button_group(key="review_view").set_value("one").run()
    press(app, "review_one_same")
    assert list(decisions.kept("user").values()) == ["same"]
    assert app.session_state["waits"]
    press(app, "review_undo")
    assert decisions.kept("user") == {}
    assert not app.session_state["waits"]
    press(app, "review_previous")
    press(app, "review_one_same")
    app.session_state["again"] = True
    app.run()
    assert app.session_state["outcome"].counts["merged"] == 1
    assert not app.session_state["waits"]
    press(app, "review_undo")  # an answer that was followed can still be taken back
    assert app.session_state["waits"]


def test_a_sector_is_answered(home: Path) -> None:
    app = opened(home, "en")
    app.button_group(key="review_question").set_value("sector").run()
    choice = next(box for box in app.selectbox if str(box.key).startswith("review_sector_"))
    choice.set_value("1101").run()
    assert not app.exception
    assert decisions.kept("user") == {"sector:bun pho va ruou": "1101"}


def test_a_page_is_answered_at_once(home: Path) -> None:
    app = opened(home)
    pairs = (app.session_state["outcome"].review["question"] == "duplicate").sum()
    assert pairs == 2
    press(app, "review_bulk_apply")
    assert list(decisions.kept("user").values()) == ["different"] * 2
    app.button_group(key="review_show").set_value("answered").run()
    assert not app.info


def test_a_damaged_file_of_answers_is_told_on_the_screen(home: Path) -> None:
    app = opened(home)
    folder = home / "home" / "datasets" / "user"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / decisions.FILE).write_text("{", encoding="utf-8")
    app.run()
    assert not app.exception
    assert "bị hỏng" in app.error[0].value


def test_nothing_to_ask_reads_well(home: Path) -> None:
    checked(home, ROWS[:1])
    app = AppTest.from_function(screen, default_timeout=30)
    app.session_state["file"] = str(home / "a.csv")
    app.run()
    assert not app.exception
    assert len(app.success) == 1
