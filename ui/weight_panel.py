"""The weights of the score as sliders, with presets; the ranking follows at once."""

from __future__ import annotations

import streamlit as st

from geo.linkage import score, weights
from ui import assumptions
from ui.context import Context

_SLIDER = "weight_slider_"
_PRESET = "weight_preset"
_OWN = "own"
#: Sliders go from 0 to this many points; what counts is their share of the sum.
_MOST = 60


def draw(context: Context) -> None:
    """Draw presets and one slider a component; a change is written into the address."""
    t, view = context.t, context.view
    inforce = score.check_weights(weights.parse_weights(view.weights))
    current = weights.preset_of(inforce) or _OWN
    names = [*weights.PRESETS, *([_OWN] if current == _OWN else [])]
    labels = {name: _words(weights.PRESETS[name].label, t.lang) for name in weights.PRESETS}
    labels[_OWN] = t("weights.own")
    # Widgets start from the view: a link, a preset or a reset may have changed it.
    st.session_state[_PRESET] = current
    st.segmented_control(
        t("weights.preset"), names, format_func=labels.__getitem__, key=_PRESET, on_change=_take_preset
    )
    if current != _OWN:
        st.caption(_words(weights.PRESETS[current].meaning, t.lang))
    columns = st.columns(4, gap="medium")
    for place, component in enumerate(score.COMPONENTS):
        key = _SLIDER + component.name
        st.session_state[key] = round(100 * inforce[component.name])
        columns[place % 4].slider(
            t.name(component, "label"),
            0,
            _MOST,
            key=key,
            help=t.name(component, "meaning"),
            on_change=_take_sliders,
        )
    st.caption(
        t(
            "weights.shares",
            shares=", ".join(
                f"{t.name(component, 'label')} {t.number(100 * inforce[component.name])} %"
                for component in score.COMPONENTS
            ),
        )
    )


def _take_preset() -> None:
    """Take the weights of the chosen preset."""
    chosen = weights.PRESETS.get(st.session_state[_PRESET])
    if chosen is not None:
        assumptions.put("weights", weights.format_weights(chosen.weights))


def _take_sliders() -> None:
    """Take the points of the sliders; what counts is their share of the sum, and all at zero counts nothing."""
    points = {
        component.name: float(st.session_state[_SLIDER + component.name]) for component in score.COMPONENTS
    }
    if sum(points.values()) > 0:
        assumptions.put("weights", weights.format_weights(points))


def _words(text: object, lang: str) -> str:
    """Return a text in the language."""
    return str(getattr(text, lang))
