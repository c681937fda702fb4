"""The frame of every page: rail, question, finding, data banner, chips, foot, and errors in plain words."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections import Counter
from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from geo.errors import GeoError
from geo.places import boundaries
from geo.store import catalog
from geo.store.catalog import Dataset
from ui import filters
from ui.context import Context
from ui.navigation import PAGES
from ui.text import LANGUAGES, Text, literal
from ui.url_state import write

#: Where the pages of this run are kept in the session.
PAGES_KEY = "_pages"

_LOG = logging.getLogger("product")
#: Viet Nam keeps one time all year.
_HERE = dt.timezone(dt.timedelta(hours=7))

_STYLE = """
<style>
.block-container {padding-top: 3.4rem; padding-bottom: 2rem; max-width: 1720px;}
h1 {font-size: 1.65rem !important; padding: .25rem 0 .2rem 0 !important; line-height: 1.5 !important; overflow: visible;}
h2 {font-size: 1.25rem !important;} h3 {font-size: 1.08rem !important;}
.finding {font-size: 1.12rem; line-height: 1.5; margin: 0 0 .4rem 0; color: #1c2b36;}
.banner {border-left: 5px solid #0b5c8a; background: #eef4f8; padding: .35rem .7rem; font-size: .95rem;}
.banner.demo {border-color: #b35806; background: #fdf1e3; font-weight: 600;}
.foot {font-size: .88rem; color: #4a5a66; border-top: 1px solid #d5dde3; margin-top: 1rem; padding-top: .5rem;}
.brand {font-weight: 700; font-size: 1.08rem; line-height: 1.3; color: #0b3c5d;}
.brand small {display: block; font-weight: 400; font-size: .85rem; color: #4a5a66;}
.st-key-chips button {padding: .1rem .55rem; min-height: 1.9rem; font-size: .9rem;}
.heat {overflow-x: auto;} .heat table {border-collapse: separate; border-spacing: 2px; font-size: .92rem;}
.heat caption {text-align: left; padding-bottom: .4rem; color: #4a5a66;}
.heat th {font-weight: 500; padding: .25rem .4rem; vertical-align: bottom; text-align: left;}
.heat thead th {min-width: 4.2rem; font-size: .85rem;} .heat tbody th {min-width: 8rem; line-height: 1.3;} .heat td {text-align: center; padding: .45rem .3rem; border-radius: 3px; background: #f6f8f9;}
.heat.upright thead th {min-width: 0;} .heat.upright thead th span {writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap;}
.heat.upright td {padding: .2rem .15rem; font-size: .82rem; min-width: 1.6rem;} .heat.upright tbody th {white-space: nowrap; padding: .1rem .4rem;}
.card {border: 1px solid #d5dde3; border-radius: 6px; padding: .55rem .7rem; margin-bottom: -.6rem; background: #fff;}
.card .kind {font-size: .85rem; color: #4a5a66;} .card .who {font-weight: 600;}
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] p {color: #4a5a66 !important; opacity: 1 !important; font-size: .92rem;}
[data-testid="stMain"] [data-testid="stPageLink"] * {white-space: normal !important; overflow: visible !important;}
.card .facts {font-size: .95rem;}
[data-testid="stSidebar"] .block-container, [data-testid="stSidebarUserContent"] {padding-top: 1rem;}
.bars {display: flex; height: 9px; border-radius: 4px; overflow: hidden; background: #e6ebef; margin: .25rem 0;}
.bars span {display: block; height: 100%;}
/* What a table offers to download by itself is neither masked nor safe in a spreadsheet. */
[data-testid="stElementToolbarButton"]:has(button[aria-label^="Download as CSV"]) {display: none;}
@media (max-width: 640px) {
  .block-container {padding-left: .8rem; padding-right: .8rem; padding-top: 3.6rem;}
  .st-key-overview_main > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"],
  .st-key-overview_main > [data-testid="stHorizontalBlock"] {flex-direction: column-reverse;}
  h1 {font-size: 1.3rem !important;} .finding {font-size: 1.02rem;}
}
</style>
"""


def style() -> None:
    """Put the few rules of the look that the theme cannot say."""
    st.html(_STYLE)


def rail(context: Context, pages: dict[str, StreamlitPage]) -> None:
    """Draw the rail: name, language, pages with one-line purposes (filters follow)."""
    t = context.t
    st.html(f'<div class="brand">{t("product.name")}<small>{t("product.purpose")}</small></div>')
    st.radio(
        t("frame.language"),
        LANGUAGES,
        format_func=lambda code: {"vi": "Tiếng Việt", "en": "English"}[code],
        key=filters.LANGUAGE,
        horizontal=True,
        label_visibility="collapsed",
    )
    for entry in PAGES:
        st.page_link(
            pages[entry.slug],
            label=t(f"page.{entry.slug}.name"),
            icon=entry.icon,
            help=t(f"page.{entry.slug}.purpose"),
            query_params=write(context.view),
            width="stretch",
        )


def head(context: Context, entry_slug: str) -> DeltaGenerator:
    """Draw the question of the page, the data banner and the chips; returns the slot of the finding."""
    t = context.t
    st.title(t(f"page.{entry_slug}.question"), anchor=False)
    slot = st.empty()
    _banner(context)
    for item in context.ignored:
        if item.parameter == "data":
            said = t("frame.no_dataset", name=literal(item.value))
        else:
            said = t("frame.ignored", parameter=item.parameter, value=literal(item.value))
        st.warning(said, icon=":material/link_off:")
    filters.chips(context.view, t)
    return slot


def finding(slot: DeltaGenerator, sentence: str) -> None:
    """Write the finding under the question."""
    # A blank line would end the paragraph of HTML, and Markdown begin.
    one_line = re.sub(r"\s*\n\s*", " ", _escape(sentence))
    slot.markdown(f'<p class="finding">{one_line}</p>', unsafe_allow_html=True)


def foot(context: Context, sources: str, how_to_read: str) -> None:
    """Draw the foot: how to read, sources, data version and vintage."""
    t = context.t
    with st.expander(t("frame.how_to_read"), icon=":material/help:"):
        st.write(how_to_read)
    dataset = context.dataset
    line = t(
        "frame.foot",
        sources=sources,
        dataset=dataset.label(t.lang),
        version=dataset.version[:8],
        boundaries=boundaries.data_version()[:8],
        vintage=t(f"vintage.{context.view.filters.vintage}"),
    )
    st.html(f'<div class="foot">{_escape(line)}<br>{_escape(t("frame.boundary_notice"))}</div>')


def data_label(context: Context) -> str:
    """Name the data set as every picture and export must: the user's own with its version and date."""
    t, dataset = context.t, context.dataset
    rows = t.number(dataset.rows())
    if dataset.kind != "user":
        return t(f"dataset.{dataset.kind}.mark", rows=rows)
    said = {
        "label": dataset.label(t.lang),
        "rows": rows,
        "version": dataset.version[:8],
        "date": _imported_on(dataset, t),
    }
    figures = dataset.rows(catalog.SUPPLY)
    if figures:
        return t("dataset.user.mark_supply", figures=t.number(figures), **said)
    return t("dataset.user.mark", **said)


def _imported_on(dataset: Dataset, t: Text) -> str:
    """Say on which day, in Viet Nam, the version in force was brought in."""
    moment = dataset.manifest["provenance"].get("imported_at")
    return (
        t.date(dt.datetime.fromisoformat(moment).astimezone(_HERE)) if moment else t("dataset.user.no_date")
    )


def report(error: Exception, t: Text) -> None:
    """Say in plain words what went wrong; the details go to the log, never to the page."""
    if isinstance(error, GeoError):
        st.error(literal(error.text(t.lang)), icon=":material/error:")
    else:
        _LOG.exception("page failed", exc_info=error)
        st.error(t("frame.failed"), icon=":material/error:")
    st.button(t("filters.clear"), key="failed_clear", on_click=filters.clear)


def empty(context: Context, reason: str) -> None:
    """Say why there is nothing to show, and offer the way out."""
    if not context.dataset.rows():
        st.info(context.t("frame.no_establishments"), icon=":material/upload_file:")
        words = context.t("frame.no_establishments_link")
        where = link(context, mode="import")
        st.page_link(target("data"), label=words, icon=":material/upload:", query_params=where)
        return
    st.info(reason, icon=":material/filter_alt_off:")
    st.button(context.t("filters.clear"), key="empty_clear", on_click=filters.clear)


def target(slug: str) -> StreamlitPage:
    """Return the page object of a slug, for links between pages."""
    return st.session_state[PAGES_KEY][slug]


def link(context: Context, **parameters: str) -> dict[str, str]:
    """Return the query parameters of a link to another page: the view, and what that page should open with."""
    return write(context.view) | parameters


def _banner(context: Context) -> None:
    """Name the data set in force, with the switch beside it."""
    t = context.t
    left, right = st.columns([3, 2], vertical_alignment="center", gap="small")
    kind = "demo" if context.dataset.kind == "demo" else ""
    left.html(f'<div class="banner {kind}">{_escape(data_label(context))}</div>')
    labels = _short_labels(catalog.list_datasets(), t)
    right.radio(
        t("frame.dataset"),
        list(labels),
        format_func=labels.__getitem__,
        key=filters.DATASET,
        horizontal=True,
        label_visibility="collapsed",
    )


def _short_labels(datasets: Sequence[Dataset], t: Text) -> dict[str, str]:
    """Name each data set in a word or two, the user's own by its label; where two share one, with their names."""
    labels = {
        dataset.name: literal(dataset.label(t.lang))
        if dataset.kind == "user"
        else t(f"dataset.{dataset.kind}.short")
        for dataset in datasets
    }
    # A choice of two equal labels is one choice for the browser, and the last of them wins.
    shared = Counter(labels.values())
    return {name: label if shared[label] == 1 else f"{label} ({name})" for name, label in labels.items()}


def _escape(text: str) -> str:
    """Make a text safe inside our HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
