"""Questions about two records: as an editable list, or one pair at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from geo.intake.decisions import DIFFERENT, SAME
from geo.linkage.records import records
from ui import review_compare, review_state
from ui.context import Context

_LISTED = ("product", "commune", "address", "tax_code", "id", "employees", "year")
_AT = "_review_at"
_OPEN = "open"
#: From 64 pixels on, the cells of the editor break their lines.
_ROW_HEIGHT = 66
_STYLE = """
<style>
table.pair {width: 100%; border-collapse: collapse; font-size: 1rem; table-layout: fixed;}
table.pair th, table.pair td {text-align: left; vertical-align: top; padding: .35rem .6rem; overflow-wrap: anywhere;
  border-bottom: 1px solid #d5dde3; font-weight: 400;}
table.pair thead th {font-weight: 600;} table.pair th:first-child {width: 22%; color: #4a5a66;}
/* What the editor offers to download is neither masked nor safe in a spreadsheet. */
.st-key-review_editor [data-testid="stElementToolbar"] {display: none;}
table.pair tr.differs td {background: #fdf1e3; font-weight: 600;}
</style>
"""


def listed(ctx: Context, page: pd.DataFrame, name: str) -> None:
    """Draw a page of pairs as a table with one choice a row; each choice is kept as it is made."""
    t = ctx.t
    shown = cells(page, ctx)
    key = f"review_list_{review_state.turn()}_{page.index[0]}"
    st.html(_STYLE)
    st.container(key="review_editor").data_editor(
        shown,
        key=key,
        hide_index=True,
        row_height=_ROW_HEIGHT,
        height=_ROW_HEIGHT * len(shown) + 42,
        disabled=[column for column in shown.columns if column != "answer"],
        column_config=_columns(ctx),
        on_change=_take,
        args=(key, page["key"].tolist(), name),
        alt=t("review.list_alt"),
    )


def cells(page: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """Return the text of a page of pairs: one row a pair, both values where they differ."""
    t = ctx.t
    rows = []
    for row in records(page):
        lines = {line.field: line for line in review_compare.lines(row, t)}
        rows.append(
            {
                "answer": row["answer"] or _OPEN,
                "score": 100 * float(row["score"]),
                "name": lines["name"].one,
                "other_name": lines["name"].other,
                **{field: lines[field].cell() if field in lines else None for field in _LISTED},
                "distance": review_compare.distance(row, t) or None,
                "origin": review_compare.rows(row, t),
            }
        )
    return pd.DataFrame(rows, index=page.index).dropna(axis="columns", how="all").fillna("—")


def chosen(edited: Mapping[int, Mapping[str, Any]], keys: list[str]) -> dict[str, str]:
    """Return the answers of edited rows: position → changed cells, as the editor has them."""
    given = {keys[int(at)]: row["answer"] or _OPEN for at, row in edited.items() if "answer" in row}
    return {key: "" if answer == _OPEN else answer for key, answer in given.items()}


def one(ctx: Context, questions: pd.DataFrame, order: list[int], name: str) -> None:
    """Draw one pair with both records side by side, and large buttons that also answer to keys."""
    t = ctx.t
    st.html(_STYLE)
    at = min(st.session_state.setdefault(_AT, 0), len(order) - 1)
    row = questions.iloc[order[at]].to_dict()
    said = {"": t("review.open"), SAME: t("review.same"), DIFFERENT: t("review.different")}[row["answer"]]
    st.markdown(
        t(
            "review.pair_of",
            at=t.number(at + 1),
            all=t.number(len(order)),
            pct=t.number(100 * row["score"]),
            answer=said,
        )
    )
    st.html(review_compare.table(row, t))
    with st.container(horizontal=True):
        for answer, icon, shortcut in (
            (SAME, ":material/merge:", "1"),
            (DIFFERENT, ":material/call_split:", "2"),
        ):
            st.button(
                t("review.same") if answer == SAME else t("review.different"),
                key=f"review_one_{answer}", icon=icon, shortcut=shortcut,
                type="primary" if row["answer"] == answer else "secondary",
                on_click=_answer, args=(name, row["key"], answer, at + 1),
            )  # fmt: skip
        st.button(t("review.withdraw"), key="review_one_open", icon=":material/backspace:", shortcut="0",
                  disabled=not row["answer"], on_click=_answer, args=(name, row["key"], "", at))  # fmt: skip
        st.button(t("review.previous"), key="review_previous", icon=":material/chevron_left:", shortcut="Left",
                  disabled=at == 0, on_click=_go, args=(at - 1,))  # fmt: skip
        st.button(t("review.next"), key="review_next", icon=":material/chevron_right:", shortcut="Right",
                  disabled=at + 1 >= len(order), on_click=_go, args=(at + 1,))  # fmt: skip


def start() -> None:
    """Begin the pairs anew at the first."""
    st.session_state[_AT] = 0


def _columns(ctx: Context) -> dict[str, Any]:
    """Return headings and kinds of the columns of the list."""
    t = ctx.t
    words = {_OPEN: t("review.open"), SAME: t("review.same"), DIFFERENT: t("review.different")}
    text = {
        field: st.column_config.TextColumn(
            t(f"review.field.{field}"),
            width="small" if field in ("distance", "origin", "employees", "year") else "medium",
        )
        for field in ("name", "other_name", *_LISTED, "distance", "origin")
    }
    return {
        "answer": st.column_config.SelectboxColumn(
            t("review.answer"), options=list(words), format_func=lambda code: words[str(code)], required=True, pinned=True, width=150,
        ),
        "score": st.column_config.NumberColumn(t("review.likeness"), format="%.0f %%", width="small"),
        **text,
    }  # fmt: skip


def _take(key: str, keys: list[str], name: str) -> None:
    """Keep what was chosen in the list."""
    review_state.keep(name, chosen(st.session_state[key]["edited_rows"], keys))


def _answer(name: str, key: str, answer: str, then: int) -> None:
    """Keep the answer to one pair and go on."""
    review_state.keep(name, {key: answer})
    review_state.renew()
    _go(then)


def _go(at: int) -> None:
    """Go to a pair."""
    st.session_state[_AT] = at
