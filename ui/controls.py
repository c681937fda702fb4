"""Controls of one page whose choice stands in the address, so that a link restores it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from ui import context

#: Beginning of the widget keys; a new address drops them, so that they start from it again.
PREFIX = "page_control_"


def forget() -> None:
    """Drop the choices of the page that was open, because a new address came."""
    for key in [key for key in st.session_state if str(key).startswith(PREFIX)]:
        del st.session_state[key]


def segments(
    label: str, options: Sequence[str], *, parameter: str, default: str | None, names: Callable[[str], str]
) -> str | None:
    """Draw a row of choices; without a default none may be chosen.

    Parameters
    ----------
    label : str
        Heading of the control.
    options : sequence of str
        Codes; ``names`` gives their text in the language.
    parameter : str
        Parameter of the address, one of ``context.PAGE_PARAMETERS``.
    """
    key = _seed(parameter, options, default)
    chosen = st.segmented_control(label, options, format_func=names, key=key, width="content")
    chosen = chosen or default
    context.set_parameter(parameter, chosen if chosen and chosen != default else "")
    return chosen


def select(
    label: str, options: Sequence[str], *, parameter: str, default: str, names: Callable[[str], str]
) -> str:
    """Draw a searchable list of which one is always chosen; the choice always stands in the address."""
    key = _seed(parameter, options, default)
    chosen = st.selectbox(label, options, format_func=names, key=key)
    context.set_parameter(parameter, chosen)
    return chosen


def toggle(label: str, *, parameter: str, on: str, default: bool = False) -> bool:
    """Draw a switch; ``on`` (or ``off``) is written into the address when it is not at its default."""
    key = PREFIX + parameter
    if key not in st.session_state:
        given = context.parameter(parameter, [on, "off"])
        st.session_state[key] = default if not given else given == on
    chosen = st.toggle(label, key=key)
    context.set_parameter(parameter, "" if chosen == default else (on if chosen else "off"))
    return chosen


def _seed(parameter: str, options: Sequence[str], default: str | None) -> str:
    """Start a control from the address; a choice that the options no longer hold falls back to the default."""
    key = PREFIX + parameter
    given = st.session_state.get(key, context.parameter(parameter, list(options)) or None)
    st.session_state[key] = given if given in options else default
    return key
