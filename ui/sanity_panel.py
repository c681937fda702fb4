"""The panel that holds the ranking against what the state already did or planned."""

from __future__ import annotations

import streamlit as st

from geo.linkage import sanity
from geo.linkage.sanity import Recovery
from ui import cached, tables, views
from ui.context import Context
from ui.text import Text


def draw(context: Context) -> None:
    """Draw the panel for the data set and vintage of the view, under the default assumptions and weights."""
    t, dataset = context.t, context.dataset
    with st.spinner(t("sanity.working")):
        found = _found(dataset.name, dataset.version, context.view.filters.vintage)
    st.write(t("sanity.text"))
    st.write(_finding(context, found))
    _table(context, found)
    for item in found:
        _plan(context, item)
    for source, basis in dict.fromkeys((item.plan.source, item.plan.legal_basis) for item in found):
        st.caption(t("sanity.source", source=source, basis=basis))
    if dataset.kind == "demo":
        st.caption(t("sanity.caveat_demo"))
    elif dataset.kind == "real":
        st.caption(t("sanity.caveat"))
    st.caption(t("sanity.method"))


@st.cache_resource(max_entries=8, show_spinner=False)
def _found(dataset: str, version: str, vintage: str) -> list[Recovery]:
    """What is recovered of each plan; never written to."""
    return sanity.of_dataset(cached.open_version(dataset, version), vintage)


def _finding(context: Context, found: list[Recovery]) -> str:
    """Say how many of all planned provinces and pairs are recovered, and how many chance alone would give."""
    t = context.t
    return t(
        "sanity.finding",
        touched=t.number(sum(len(r.touched) for r in found)),
        planned=t.number(sum(len(r.planned) for r in found)),
        linked=t.number(sum(len(r.pairs_found) for r in found)),
        pairs=t.number(sum(len(r.pairs) for r in found)),
        plans=t.number(len(found)),
        by_chance=t.number(sum(r.province_chance * len(r.planned) for r in found), 1),
        pairs_by_chance=t.number(sum(r.pair_chance * len(r.pairs) for r in found if r.pairs), 1),
    )


def _table(context: Context, found: list[Recovery]) -> None:
    """One row a plan."""
    t, suffix = context.t, context.t.lang
    frame = sanity.to_frame(found)
    shown = frame.assign(
        places=[", ".join(views.province_name(context, code) for code in r.planned) for r in found],
        recovered=[_share(len(r.touched), len(r.planned), r.province_chance, t) for r in found],
        linked=[_share(len(r.pairs_found), len(r.pairs), r.pair_chance, t) for r in found],
        rank=[t.number(r.first_rank_within or r.first_rank) for r in found],
        group=[f"{r.group_planned}/{len(r.planned)}" if r.group_id else "—" for r in found],
    )
    tables.show(
        context,
        shown,
        name="sanity",
        columns={
            f"plan_{suffix}": t("sanity.plan"),
            "recovered": t("sanity.recovered"),
            "linked": t("sanity.linked"),
            "rank": t("sanity.rank"),
            "group": t("sanity.group"),
            "places": t("column.provinces"),
        },
    )


def _share(part: int, whole: int, chance: float, t: Text) -> str:
    """Write found of planned, with what chance alone would give."""
    if not whole:
        return "—"
    digits = 1 if 0 < chance < 0.1 else 0
    return t("sanity.share", part=part, whole=whole, chance=t.number(100 * chance, digits))


def _plan(context: Context, item: Recovery) -> None:
    """Sentence of one plan and reasons of what is missed."""
    t, plan = context.t, item.plan
    english = t.lang == "en"
    said = item.sentence()
    name = plan.name_en if english else plan.name_vi
    lines = [f"**{name}** ({plan.period}): {said.en if english else said.vi}"]
    for missed in item.missed:
        reasons = "; ".join(r.en if english else r.vi for r in missed.reasons)
        lines.append(
            "- "
            + t("sanity.missed", province=views.province_name(context, missed.province_code), why=reasons)
        )
    lacking = plan.missing_en if english else plan.missing_vi
    if lacking:
        lines.append("- " + t("sanity.not_in_list", products=lacking))
    st.markdown("\n".join([lines[0], "", *lines[1:]]))
