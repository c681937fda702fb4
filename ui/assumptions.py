"""Assumptions that a user may change: kept in the session, written into the address, put back in one click."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui.text import Text
from ui.url_state import DETOUR_RANGE, PENALTY_RANGE, SHARE_RANGE, View

#: Fields of the view that are assumptions, not choices of what to look at.
NAMES = (
    "detour_factor",
    "import_penalty_km",
    "between_regions_km",
    "available_share",
    "overrides",
    "weights",
)
#: Slider of each assumption of the plan of flows: limits and step.
_SLIDERS = {
    "detour_factor": (DETOUR_RANGE, 0.01),
    "import_penalty_km": (PENALTY_RANGE, 50.0),
    "between_regions_km": (PENALTY_RANGE, 50.0),
    "available_share": (SHARE_RANGE, 0.05),
}


def seed(view: View) -> None:
    """Put the assumptions of a view that came by the address into the session."""
    for name in NAMES:
        st.session_state[_key(name)] = getattr(view, name)
        st.session_state.pop(_slider_key(name), None)


def collect() -> dict[str, Any]:
    """Return the assumptions in force, as fields of the view."""
    return {name: st.session_state[_key(name)] for name in NAMES}


def changed(view: View) -> int:
    """Count the assumptions that differ from their defaults; each changed requirement counts."""
    default = View()
    single = [name for name in NAMES if name != "overrides"]
    return len(view.overrides) + sum(getattr(view, name) != getattr(default, name) for name in single)


def put(name: str, value: Any) -> None:
    """Set one assumption."""
    st.session_state[_key(name)] = value


def reset() -> None:
    """Put every assumption back to its default."""
    seed(View())


def put_requirements(view: View, rows: list[tuple]) -> None:
    """Add changed requirements (class, size, material, tonnes per employee and year) to those in force."""
    merged = {row[:3]: row for row in (*view.overrides, *rows)}
    put("overrides", tuple(sorted((*key, float(row[3])) for key, row in merged.items())))


def flow_sliders(view: View, t: Text) -> None:
    """Draw a slider for each assumption of the plan of flows, with what it rests on."""
    for name, (limits, step) in _SLIDERS.items():
        st.slider(
            t(f"assumption.{name}"),
            *limits,
            value=getattr(view, name),
            step=step,
            key=_slider_key(name),
            help=t(f"assumption.{name}_help"),
            on_change=_take,
            args=(name,),
        )
        st.caption(t(f"assumption.{name}_source"))


def _take(name: str) -> None:
    """Take an assumption from its slider."""
    put(name, round(float(st.session_state[_slider_key(name)]), 2))


def _key(name: str) -> str:
    """Where an assumption stands in the session."""
    return f"_assumption_{name}"


def _slider_key(name: str) -> str:
    """Key of the slider of an assumption."""
    return f"assumption_slider_{name}"
