"""How versions are named on the screen, and the lists to choose them from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from geo.errors import GeoError
from geo.store import catalog
from ui.text import Text

_HERE = dt.timezone(dt.timedelta(hours=7), "Asia/Ho_Chi_Minh")


def moment(t: Text, text: str) -> str:
    """Write a moment of a manifest (ISO 8601) as the day and time in Viet Nam; a dash where there is none."""
    try:
        when = dt.datetime.fromisoformat(text).astimezone(_HERE)
    except ValueError:
        return "—"
    return f"{t.date(when)} {when:%H:%M}"


def label(t: Text, row: Mapping[str, Any]) -> str:
    """Name a version for a list of choices: when, from which file, and whether it is the current one."""
    when, file = moment(t, str(row["imported_at"])), str(row["file"]) or t("versions.no_file")
    version = str(row["version"])[:6]
    if row["current"]:
        return t("versions.choice_current", when=when, file=file, version=version)
    return t("versions.choice", when=when, file=file, version=version)


def select(title: str, options: Sequence[str], *, key: str, default: str, names: Callable[[str], str]) -> str:
    """Draw a list of which one is always chosen; a choice that is gone falls back to the default."""
    if st.session_state.get(key) not in options:
        st.session_state[key] = default
    return st.selectbox(title, options, format_func=names, key=key)


def title(name: str, t: Text) -> str:
    """Name a dataset by its label and its name; by its name alone when its current version does not open."""
    try:
        return t("versions.title", label=catalog.open_dataset(name).label(t.lang), name=name)
    except GeoError:
        return name
