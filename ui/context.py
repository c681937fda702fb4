"""What the frame hands to a page: the view, the text of its language and the opened data set."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from geo.store.catalog import Dataset
from ui.text import Text
from ui.url_state import PAGE_PARAMETERS, Ignored, View, write

_KEY = "_context"
_QUERY = "_query"


@dataclass(frozen=True)
class Context:
    """One run of the script: what it shows and in which language."""

    view: View
    t: Text
    dataset: Dataset
    ignored: tuple[Ignored, ...] = ()


def put(context: Context) -> None:
    """Keep the context of this run for the page."""
    st.session_state[_KEY] = context


def current() -> Context:
    """Return the context of this run."""
    return st.session_state[_KEY]


def address_is_new() -> bool:
    """Whether the address differs from the one this session wrote last: a link, a page change, Back."""
    return st.session_state.get(_QUERY) != st.query_params.to_dict()


def parameter(name: str, allowed: list[str] | None = None, default: str = "") -> str:
    """Read a parameter of the page; a value that is not allowed gives the default."""
    assert name in PAGE_PARAMETERS
    value = st.query_params.get(name, default)
    return value if allowed is None or value in allowed else default


def set_parameter(name: str, value: str) -> None:
    """Write a parameter of the page into the address; an empty value removes it."""
    assert name in PAGE_PARAMETERS
    if value:
        st.query_params[name] = value
    elif name in st.query_params:
        del st.query_params[name]
    st.session_state[_QUERY] = st.query_params.to_dict()


def write_address(view: View) -> None:
    """Write the view into the address, keeping the parameters of the page."""
    parameters = write(view) | {
        name: st.query_params[name] for name in PAGE_PARAMETERS if name in st.query_params
    }
    if parameters != st.query_params.to_dict():
        st.query_params.from_dict(parameters)
    st.session_state[_QUERY] = parameters
