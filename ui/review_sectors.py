"""Questions which class a product is: one choice serves every row with the same words."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from geo.intake.decisions import LEAVE
from geo.linkage.records import records
from ui import review_compare, review_state
from ui.context import Context
from ui.text import Text


def listed(ctx: Context, page: pd.DataFrame, name: str) -> None:
    """Draw a page of questions, each with its words, the rows it touches and a searchable choice."""
    t = ctx.t
    for row in records(page):
        key = f"review_sector_{review_state.turn()}_{row['key']}"
        options = choices(row["candidates"], row["answer"])
        with st.container(border=True):
            words, choice = st.columns([2, 3], vertical_alignment="center")
            words.text(row["product"] or row["name"])
            words.caption(
                t(
                    "review.sector_rows",
                    rows=t.number(row["rows"]),
                    first=row["row"],
                    guess=said(row["sector_guess"], "", t),
                    pct=t.number(100 * float(row["score"])),
                )
            )
            choice.selectbox(
                t("review.sector_choice"),
                options,
                index=options.index(row["answer"]),
                format_func=partial(said, guess=row["sector_guess"], t=t),
                key=key,
                on_change=_take,
                args=(key, row["key"], name),
            )


def choices(candidates: str, answer: str = "") -> list[str]:
    """Return the codes to choose from: none, what the words may mean, their divisions, as it is, all others."""
    likely = candidates.split("|")
    divisions = dict.fromkeys(code[:2] for code in likely)
    return list(
        dict.fromkeys(
            [
                "",
                *likely,
                *divisions,
                LEAVE,
                *([answer] if answer else []),
                *review_compare.sector_labels("vi"),
            ]
        )
    )


def said(code: str, guess: str, t: Text) -> str:
    """Return the words of a choice."""
    labels = review_compare.sector_labels(t.lang)
    if code == LEAVE:
        return t("review.leave", division=labels.get(guess[:2], guess[:2]))
    return labels.get(code, code) if code else t("review.open")


def _take(widget: str, key: str, name: str) -> None:
    """Keep what was chosen."""
    review_state.keep(name, {key: st.session_state[widget]})
