"""What an import asks people: pages of questions, answers kept as they are given."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo.errors import GeoError
from geo.intake import decisions
from geo.intake.decisions import DIFFERENT, LEAVE, SAME
from geo.intake.model import Outcome
from ui import review_pairs, review_sectors, review_state
from ui.context import Context
from ui.review_state import PAGE, SHOWN, Choice

_VIEWS = ("list", "one")


def draw(ctx: Context, outcome: Outcome, name: str) -> bool:
    """Draw the questions of an outcome; answers are kept beside the dataset as they are given.

    Parameters
    ----------
    ctx : Context
    outcome : Outcome
        A check whose ``options.decisions`` are the answers it followed.
    name : str
        Dataset that the rows are to go into; its answers are read and kept.

    Returns
    -------
    bool
        True when answers wait to be followed by a new check.
    """
    try:
        kept = decisions.kept(name)
    except GeoError as error:
        st.error(error.text(ctx.t.lang), icon=":material/error:")
        return False
    _failed(ctx)
    waits = review_state.waiting(outcome.review, kept, outcome.options.decisions)
    if outcome.review.empty:
        st.success(ctx.t("review.nothing"), icon=":material/task_alt:")
        _undo(ctx, name)
        return waits
    questions = review_state.with_answers(outcome.review, kept)
    _progress(ctx, questions)
    choice = _choice(ctx, questions)
    order = review_state.frozen(questions, outcome.review, choice)
    with st.container(horizontal=True, vertical_alignment="center"):
        view = _view(ctx) if choice.question == "duplicate" else "list"
        _undo(ctx, name)
    if not len(order):
        st.info(ctx.t("review.none_chosen"), icon=":material/filter_alt_off:")
    elif view == "one":
        review_pairs.one(ctx, questions, order.tolist(), name)
    else:
        _pages(ctx, questions.iloc[order], choice, name)
    return waits


def _failed(ctx: Context) -> None:
    """Say what could not be kept."""
    error = review_state.error()
    if error is not None:
        st.error(error.text(ctx.t.lang), icon=":material/error:")


def _progress(ctx: Context, questions: pd.DataFrame) -> None:
    """Draw how many of the questions are answered."""
    t, done = ctx.t, int((questions["answer"] != "").sum())
    st.progress(
        done / len(questions),
        text=t("review.progress", done=t.number(done), all=t.number(len(questions))),
    )


def _choice(ctx: Context, questions: pd.DataFrame) -> Choice:
    """Draw the filters and return what is chosen."""
    t = ctx.t
    counts = questions["question"].value_counts()
    kinds = [kind for kind in ("duplicate", "sector") if kind in counts]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        question = st.segmented_control(
            t("review.question"), kinds, default=kinds[0], required=True, key="review_question",
            format_func=lambda kind: f"{t(f'review.question_{kind}')} ({t.number(counts[kind])})",
        )  # fmt: skip
        show = st.segmented_control(
            t("review.show"), SHOWN, default="open", required=True, key="review_show",
            format_func=lambda name: t(f"review.show_{name}"), on_change=review_state.thaw,
        )  # fmt: skip
        with st.popover(t("review.more_filters"), icon=":material/tune:"):
            low, high = st.slider(
                t("review.likeness_range"), 50, 100, (50, 100), 5, format="%d %%", key="review_range"
            )
            least = st.radio(
                t("review.sort"), (False, True), key="review_sort",
                format_func=lambda least: t("review.sort_least") if least else t("review.sort_most"),
            )  # fmt: skip
    return Choice(question or kinds[0], show or "open", low / 100, high / 100, least)


def _view(ctx: Context) -> str:
    """Draw the choice between the list and one pair at a time; a phone begins with one pair."""
    t = ctx.t
    phone = "Mobi" in (st.context.headers.get("User-Agent") or "")
    view = st.segmented_control(
        t("review.view"), _VIEWS, default="one" if phone else "list", required=True, key="review_view",
        label_visibility="collapsed", format_func=lambda name: t(f"review.view_{name}"), on_change=review_pairs.start,
    )  # fmt: skip
    return view or "list"


def _undo(ctx: Context, name: str) -> None:
    """Offer to take back what was answered last."""
    count = review_state.can_undo(name)
    if count:
        st.button(ctx.t("review.undo", count=ctx.t.number(count)), key="review_undo", icon=":material/undo:",
                  on_click=review_state.undo)  # fmt: skip


def _pages(ctx: Context, chosen: pd.DataFrame, choice: Choice, name: str) -> None:
    """Draw the page that is open, the way to others, and answers to many at once."""
    t, pages = ctx.t, -(-len(chosen) // PAGE)
    key = f"review_page_{hash(choice)}"
    at = min(int(st.session_state.get(key, 1)), pages)
    page = chosen.iloc[(at - 1) * PAGE : at * PAGE]
    if choice.question == "sector":
        review_sectors.listed(ctx, page, name)
    else:
        review_pairs.listed(ctx, page, name)
    with st.container(horizontal=True, vertical_alignment="center"):
        if pages > 1:
            st.pagination(pages, key=key, width=340)
        st.caption(
            t(
                "review.page_of",
                first=t.number((at - 1) * PAGE + 1),
                last=t.number(min(at * PAGE, len(chosen))),
                all=t.number(len(chosen)),
            )
        )
        with st.popover(t("review.bulk"), icon=":material/checklist:"):
            _bulk(ctx, page, chosen, choice, name)


def _bulk(ctx: Context, page: pd.DataFrame, chosen: pd.DataFrame, choice: Choice, name: str) -> None:
    """Draw the choice of many questions and of their one answer."""
    t = ctx.t
    scope = st.radio(
        t("review.bulk_scope"), ("page", "likeness"), key="review_bulk_scope",
        format_func=lambda scope: t(f"review.bulk_{scope}"),
    )  # fmt: skip
    rows = page
    if scope == "likeness":
        least = st.slider(t("review.bulk_least"), 50, 100, 75, 1, format="%d %%", key="review_bulk_least")
        rows = chosen[chosen["score"] >= least / 100]
    overwrite = st.checkbox(t("review.bulk_overwrite"), key="review_bulk_overwrite")
    if not overwrite:
        rows = rows[rows["answer"] == ""]
    words = _bulk_answers(ctx, choice.question)
    answer = st.selectbox(
        t("review.answer"), list(words), format_func=lambda code: words[code], key="review_bulk_answer"
    )
    st.button(
        t("review.bulk_apply", count=t.number(len(rows))), key="review_bulk_apply", type="primary",
        disabled=rows.empty, on_click=_answer_all, args=(rows, answer, name),
    )  # fmt: skip


def _bulk_answers(ctx: Context, question: str) -> dict[str, str]:
    """Return what many questions may be answered at once."""
    t = ctx.t
    if question == "sector":
        return {"guess": t("review.bulk_guess"), LEAVE: t("review.bulk_leave"), "": t("review.withdraw")}
    return {DIFFERENT: t("review.different"), SAME: t("review.same"), "": t("review.withdraw")}


def _answer_all(rows: pd.DataFrame, answer: str, name: str) -> None:
    """Keep one answer to many questions; ``guess`` is what the words of each were read as."""
    given = rows["sector_guess"] if answer == "guess" else [answer] * len(rows)
    review_state.keep(name, dict(zip(rows["key"], given, strict=True)))
    review_state.renew()
