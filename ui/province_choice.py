"""The choice of provinces to look at side by side: typed, clicked on the map, or by the address."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from geo.errors import PlaceError
from geo.linkage.profile_compare import MOST_COMPARED
from geo.places import admin, names
from geo.store.filters import Filters
from ui import context
from ui.context import Context
from ui.controls import PREFIX
from ui.url_state import change_vintage

_KEY, _VINTAGE = PREFIX + "compare", PREFIX + "compare_vintage"
_UNKNOWN, _SAID = PREFIX + "compare_unknown", PREFIX + "compare_said"


def choose(ctx: Context, default: Sequence[str]) -> list[str]:
    """Draw the search box of provinces and return those chosen, one to ten; without a choice the default.

    Typed names count with or without diacritics, old ones too: “vinh phuc” chooses Phú Thọ. What an address
    names and nobody knows is said and left out.
    """
    t, vintage = ctx.t, ctx.view.filters.vintage
    _seed(vintage)
    provinces = admin.provinces(vintage)
    shown = [code for code in default if code in provinces.index][:MOST_COMPARED]
    st.multiselect(
        t("provinces.choose", most=MOST_COMPARED),
        list(provinces.index),
        format_func=lambda code: t.name(provinces.loc[code]) if code in provinces.index else code,
        key=_KEY,
        max_selections=MOST_COMPARED,
        accept_new_options=True,
        placeholder=t(
            "provinces.choose_placeholder", shown=", ".join(t.name(provinces.loc[c]) for c in shown)
        ),
        on_change=_resolve,
        args=(vintage, t.lang),
        help=t("provinces.choose_help"),
    )
    chosen = [code for code in st.session_state[_KEY] if code in provinces.index]
    context.set_parameter("compare", ",".join(chosen))
    for text in st.session_state.get(_SAID, []):
        st.info(text, icon=":material/info:")
    for value in st.session_state.get(_UNKNOWN, []):
        st.warning(t("provinces.unknown", value=value), icon=":material/link_off:")
    return chosen or shown


def put(codes: Sequence[str]) -> None:
    """Choose other provinces and draw the page again."""
    for key in (_KEY, _UNKNOWN, _SAID):
        st.session_state.pop(key, None)
    context.set_parameter("compare", ",".join(codes[:MOST_COMPARED]))
    st.rerun()


def clicked(code: str, now: Sequence[str], *, several: bool) -> list[str]:
    """Return the choice after a click on a province: alone, or added to (or taken from) several."""
    if not several:
        return [code]
    kept = [c for c in now if c != code]
    return kept if code in now else [*kept, code]


def _seed(vintage: str) -> None:
    """Start from the address; carry the choice over when the set of provinces has changed."""
    state = st.session_state
    known = admin.provinces(vintage).index
    if _KEY not in state:
        asked = [part.strip() for part in context.parameter("compare").split(",") if part.strip()]
        good = [code for code in dict.fromkeys(asked) if code in known]
        state[_UNKNOWN] = [code for code in asked if code not in known] + good[MOST_COMPARED:]
        state[_KEY] = good[:MOST_COMPARED]
    elif state.get(_VINTAGE, vintage) != vintage:
        old = Filters(vintage=state[_VINTAGE], provinces=tuple(state[_KEY]))
        state[_KEY] = list(change_vintage(old, vintage).provinces)[:MOST_COMPARED]
        state[_UNKNOWN], state[_SAID] = [], []
    state[_VINTAGE] = vintage


def _resolve(vintage: str, lang: str) -> None:
    """Turn typed names into provinces, or say why not."""
    state = st.session_state
    known = admin.provinces(vintage).index
    found: list[str] = []
    said: list[str] = []
    for value in state[_KEY]:
        if value in known:
            found.append(value)
            continue
        try:
            match = names.resolve(value, vintage)
            found.append(match.province_code)
            said += [note] if (note := match.note_text(lang)) else []
        except PlaceError as error:
            said.append(error.text(lang))
    state[_KEY] = list(dict.fromkeys(found))
    state[_SAID], state[_UNKNOWN] = said, []
