"""Text of users and of errors on the screens of the import: shown as it is, never run."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

import streamlit as st

from geo.errors import GeoError
from ui.text import Said, Text, literal

_FLAG = re.compile(r"\s*\(--[^)]*\)")


def safe(text: str) -> str:
    """Return a text that markdown shows as it is: no link, picture, colour, formula or HTML in it."""
    return literal(" ".join(text.split()))


def said(statement: Said, t: Text) -> str:
    """Return a sentence about a file in the language, without the options of the command line it may name."""
    return without_flags(t.said(statement))


def without_flags(text: str) -> str:
    """Return a sentence without the options of the command line that stand in brackets in it."""
    return _FLAG.sub("", text)


def refusal(error: GeoError, t: Text) -> None:
    """Show a refusal as a sentence."""
    st.error(safe(said(error, t)), icon=":material/error:")


def lines(texts: Iterable[str], *, css: str = "import-lines") -> None:
    """Draw lines of plain text as a list."""
    items = "".join(f"<li>{html.escape(text)}</li>" for text in texts)
    if items:
        st.html(f'<ul class="{css}">{items}</ul>')


def small(text: str, *, css: str = "import-small") -> None:
    """Draw one line of plain text in small type."""
    st.html(f'<div class="{css}">{html.escape(text)}</div>')
