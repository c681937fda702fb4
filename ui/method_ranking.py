"""Cards of the ranking: score, weights, confidence, stability, groups and regions, each with live numbers."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo.linkage import groups, regions, score
from geo.linkage.group_model import Group
from geo.linkage.model import Opportunity
from ui import frame, group_cards, tables, views
from ui.context import Context
from ui.method_cards import Card
from ui.method_data import percent


def _first(context: Context) -> Opportunity | None:
    """The first opportunity under the filters."""
    found = views.ranking(context).opportunities
    return found[0] if found else None


def _name(context: Context, item: Opportunity | Group) -> str:
    """Name an opportunity or a group by its subject and provinces."""
    subject = context.t.name(item, "subject")
    return f"{subject} · {' – '.join(views.province_name(context, code) for code in item.province_codes)}"


def _reasons(context: Context) -> None:
    """Why the first opportunity has its letter."""
    t, top = context.t, _first(context)
    if top is None:
        return
    with st.expander(t("method.confidence.reasons"), icon=":material/fact_check:"):
        st.markdown("\n".join(f"- {getattr(reason, t.lang)}" for reason in top.confidence_reasons))


def _score(context: Context) -> str | None:
    """The score of the first opportunity, component by component."""
    t, top = context.t, _first(context)
    if top is None:
        return None
    weights = views.ranking(context).weights
    terms = " + ".join(
        f"{t.number(weights[c.name], 2)} × {t.number(top.components[c.name], 2)}" for c in score.COMPONENTS
    )
    return t("method.score.example", name=_name(context, top), terms=terms, score=t.number(top.score, 3))


def _score_table(context: Context) -> None:
    """Components of the first opportunity with the weights in force, their meanings and reasons."""
    t, top, suffix = context.t, _first(context), context.t.lang
    weights = views.ranking(context).weights
    rows = [
        {
            "component": getattr(c, f"label_{suffix}"),
            "weight": weights[c.name],
            "value": top.components[c.name] if top is not None else float("nan"),
            "meaning": getattr(c, f"meaning_{suffix}"),
            "reason": getattr(c, f"reason_{suffix}"),
        }
        for c in score.COMPONENTS
    ]
    headings = {name: t(f"column.{name}") for name in ("component", "weight", "value", "meaning", "reason")}
    with st.expander(t("method.score.table"), icon=":material/table:"):
        tables.show(
            context,
            pd.DataFrame(rows),
            name="score_components",
            columns=headings,
            digits={"weight": 2, "value": 2},
        )


def _confidence(context: Context) -> str | None:
    """Letter of the first opportunity, and how the letters are spread."""
    t, top = context.t, _first(context)
    if top is None:
        return None
    letters = pd.Series([o.confidence for o in views.ranking(context).opportunities]).value_counts()
    return t(
        "method.confidence.example",
        name=_name(context, top),
        letter=top.confidence,
        **{letter.lower(): t.number(int(letters.get(letter, 0))) for letter in "ABC"},
    )


def _stability(context: Context) -> str | None:
    """How firm the place of the first opportunity is, once that has been worked out."""
    t, top = context.t, _first(context)
    if top is None:
        return None
    if top.top_ten_share is None:
        return t("method.stability.none")
    return t(
        "method.stability.example",
        name=_name(context, top),
        share=percent(context, top.top_ten_share, 0),
        low=t.number(top.rank_low),
        high=t.number(top.rank_high),
    )


def _groups(context: Context) -> str | None:
    """How many groups there are under the filters, and the first of them."""
    t = context.t
    found = group_cards.found(context, views.ranking(context).opportunities)
    if not found:
        return None
    top = found[0]
    return t(
        "method.groups.example",
        number=t.number(len(found)),
        name=_name(context, top),
        terms=" + ".join(
            f"{t.number(weight, 2)} × {t.number(top.components[part], 2)}"
            for part, weight in groups.WEIGHTS.items()
        ),
        score=t.number(top.score, 3),
    )


def _regions(context: Context) -> str | None:
    """The strongest tie between two regions."""
    t = context.t
    table = regions.ties(views.ranking(context).opportunities, context.view.region_set)
    if table.empty:
        return None
    top = table.iloc[0]
    return t(
        "method.regions.example",
        first=top[f"first_{t.lang}"],
        second=top[f"second_{t.lang}"],
        opportunities=t.number(top["opportunities"]),
        total=t.number(top["score_total"], 2),
        pairs=t.number(len(table)),
    )


def _link(context: Context) -> None:
    """Lead to the page where weights are sliders."""
    st.page_link(
        frame.target("linkages"),
        label=context.t("method.weights.link"),
        icon=":material/tune:",
        query_params=frame.link(context),
    )


RANKING = (
    Card("score", r"S = \frac{\sum_k w_k\, c_k}{\sum_k w_k},\quad 0 \le c_k \le 1", _score, _score_table),
    Card("weights", r"w_k \ge 0,\quad \sum_k w_k = 1", None, _link),
    Card(
        "confidence",
        r"q = \frac{1}{m} \sum_{a=1}^{m} q_a,\qquad A: q \ge \tfrac{3}{4},\quad B: q \ge \tfrac{1}{2},\quad C",
        _confidence,
        _reasons,
    ),
    Card("stability", r"\hat P = \frac{1}{B} \sum_{b=1}^{B} \mathbf{1}[\mathrm{rank}_b \le 10]", _stability),
)
GROUPS = (
    Card("groups", r"S_g = \sum_{k=1}^{4} w_k\, c_k", _groups),
    Card("regions", r"T_{AB} = \sum_{o \in A \leftrightarrow B} S_o", _regions),
)
