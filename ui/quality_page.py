"""How good are the data in force, and what does each gap do to the results?"""

from __future__ import annotations

import streamlit as st

from geo.linkage.quality_effects import Collecting
from ui import quality_data, quality_map, quality_records, quality_steps, quality_tables, views
from ui.context import Context
from ui.quality_data import Figures, percent


def draw(context: Context) -> str:
    """Draw the quality of the data set in force; returns the finding for the head of the page."""
    t = context.t
    figures = quality_data.figures(context)
    st.caption(f"{views.kept_sentence(context)} {t('quality.scope')}")
    left, right = st.columns([3, 2], gap="medium")
    with left:
        quality_map.draw(context, figures)
    with right:
        found = quality_steps.collecting(context)
    quality_steps.gaps_table(context, quality_steps.gaps(context, figures))
    if found is not None and found.steps:
        with st.expander(t("quality.all_steps"), icon=":material/format_list_numbered:"):
            quality_steps.steps_table(context, found)
    st.subheader(t("quality.columns"), anchor=False)
    quality_tables.columns(context, figures)
    _parts(context, figures)
    return _finding(context, figures, found)


def _parts(context: Context, figures: Figures) -> None:
    """Draw the further parts, each only once it is opened."""
    t = context.t
    parts = {
        "matrix": (":material/grid_on:", lambda: quality_tables.matrix(context, figures)),
        "places": (":material/location_on:", lambda: quality_tables.places(context, figures)),
        "coverage": (":material/fact_check:", lambda: quality_tables.coverage(context, figures)),
        "ages": (":material/calendar_month:", lambda: quality_tables.ages(context, figures)),
        "twice": (":material/content_copy:", lambda: quality_records.duplicates(context, figures)),
        "imports": (":material/upload_file:", lambda: quality_records.imports(context)),
    }
    for name, (icon, part) in parts.items():
        box = st.expander(t(f"quality.part_{name}"), icon=icon, key=f"quality_{name}", on_change="rerun")
        if box.open:
            with box:
                part()


def _finding(context: Context, figures: Figures, found: Collecting | None) -> str:
    """Say how much of the core is known, and what to collect first."""
    t = context.t
    if not figures.total:
        return t("quality.finding_empty")
    said = t(
        "quality.finding",
        n=t.number(figures.total),
        sector=percent(context, figures.share("sector_class")),
        employees=percent(context, figures.share("employees")),
        place=percent(context, figures.share("place")),
    )
    if found is None or not found.steps:
        return said
    best = found.steps[0]
    return f"{said} " + t(
        "quality.finding_first",
        what=t.said(best.action.what),
        n=t.number(best.further),
        total=t.number(len(found.listed)),
    )
