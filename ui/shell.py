"""One run of the script: address → view → rail and filters → page."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from geo.store import catalog
from ui import cached, controls, filters, frame, warm
from ui.context import Context, address_is_new, put, write_address
from ui.navigation import PAGES
from ui.text import Text
from ui.url_state import DEFAULT_DATASET, Ignored, View, read

_IGNORED = "_ignored"
#: Our own mark: an icon by name would be fetched from outside.
_MARK = Path(__file__).parent / "static" / "mark.svg"


def run() -> None:
    """Draw the whole page."""
    ignored = _take_address()
    ignored = _leave_missing(ignored)
    view = filters.collect()
    t = Text(view.lang)
    st.set_page_config(page_title=t("product.name"), page_icon=str(_MARK), layout="wide")
    frame.style()
    pages = {
        entry.slug: st.Page(
            entry.script,
            title=t(f"page.{entry.slug}.name"),
            url_path=entry.slug,
            default=entry.default,
        )
        for entry in PAGES
    }
    chosen = st.navigation(list(pages.values()), position="hidden")
    try:
        context = _context(view, t, ignored)
        put(context)
        st.session_state[frame.PAGES_KEY] = pages
        with st.sidebar:
            frame.rail(context, pages)
            filters.sidebar(t, cached.years(context.dataset.name, context.dataset.version))
        write_address(view)
        chosen.run()
    except Exception as error:
        frame.report(error, t)
    warm.page_drawn()


def _take_address() -> list[Ignored]:
    """Read the address into the widgets when it is new to this session."""
    if not address_is_new():
        filters.keep_widget_values()
        return st.session_state.get(_IGNORED, [])
    names = [dataset.name for dataset in catalog.list_datasets()]
    view, ignored = read(st.query_params.to_dict(), names)
    filters.seed(view)
    controls.forget()
    st.session_state[_IGNORED] = ignored
    return ignored


def _leave_missing(ignored: list[Ignored]) -> list[Ignored]:
    """Turn from a data set that no longer opens (deleted in another window, damaged) to the list of the product."""
    chosen = st.session_state[filters.DATASET]
    if chosen in [dataset.name for dataset in catalog.list_datasets()]:
        return ignored
    st.session_state[filters.DATASET] = DEFAULT_DATASET
    st.session_state[_IGNORED] = [*ignored, Ignored("data", str(chosen))]
    return st.session_state[_IGNORED]


def _context(view: View, t: Text, ignored: list[Ignored]) -> Context:
    """Open the data set of the view."""
    return Context(view=view, t=t, dataset=catalog.open_dataset(view.dataset), ignored=tuple(ignored))
