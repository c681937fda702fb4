"""The filters that every page shares: in the rail, and as removable chips above the map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from geo.errors import PlaceError
from geo.places import admin, names
from geo.store.filters import SIZE_BANDS, Filters
from geo.subjects import materials, sectors
from ui import assumptions
from ui.text import Text, literal
from ui.url_state import View, change_vintage

#: Widget keys; their values live in the session and outlast a change of page.
VINTAGE, REGION_SET, REGIONS, PROVINCES = "w_vintage", "w_set", "w_regions", "w_provinces"
SECTORS, MATERIALS, YEARS, SIZES = "w_sectors", "w_materials", "w_years", "w_sizes"
LANGUAGE, DATASET = "w_lang", "w_dataset"
_LISTS = {
    "regions": REGIONS,
    "provinces": PROVINCES,
    "sectors": SECTORS,
    "materials": MATERIALS,
    "years": YEARS,
    "sizes": SIZES,
}
_MESSAGE = "_filter_message"


def seed(view: View) -> None:
    """Put a view that came by the address into the widgets, before they are drawn."""
    filters = view.filters
    st.session_state.update({LANGUAGE: view.lang, DATASET: view.dataset})
    _seed_filters(filters)
    assumptions.seed(view)


def _seed_filters(filters: Filters) -> None:
    """Put filters into the widgets."""
    st.session_state[VINTAGE] = filters.vintage
    st.session_state[REGION_SET] = filters.region_set or admin.default_region_set(filters.vintage)
    for name, key in _LISTS.items():
        st.session_state[key] = list(getattr(filters, name))


def collect() -> View:
    """Read the view back from the widgets."""
    state = st.session_state
    filters = Filters(
        vintage=state[VINTAGE],
        region_set=state[REGION_SET],
        **{name: tuple(state.get(key) or ()) for name, key in _LISTS.items()},
    )
    return View(
        lang=state[LANGUAGE] or "vi",
        dataset=state[DATASET] or "real",
        filters=filters,
        **assumptions.collect(),
    )


def keep_widget_values() -> None:
    """Touch the values of widgets that a page may not draw, so that the session keeps them."""
    for key in (LANGUAGE, DATASET, VINTAGE, REGION_SET, *_LISTS.values()):
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def sidebar(t: Text, years: list[int]) -> None:
    """Draw the filters in the rail."""
    st.subheader(t("filters.title"), anchor=False)
    if message := st.session_state.pop(_MESSAGE, None):
        st.warning(literal(message))
    vintage = st.session_state[VINTAGE]
    st.radio(
        t("filters.vintage"),
        ["2025", "pre2025"],
        format_func=lambda code: t(f"vintage.{code}"),
        key=VINTAGE,
        on_change=_vintage_chosen,
        help=t("filters.vintage_help"),
        horizontal=True,
    )
    sets = admin.region_sets(vintage)
    st.selectbox(
        t("filters.region_set"),
        sets,
        format_func=lambda code: t(f"region_set.{code}"),
        key=REGION_SET,
        on_change=_region_set_chosen,
    )
    regions = admin.regions(st.session_state[REGION_SET])
    st.multiselect(
        t("filters.regions"),
        list(regions.index),
        format_func=lambda code: t.name(regions.loc[code]),
        key=REGIONS,
        placeholder=t("filters.all"),
    )
    provinces = admin.provinces(vintage)
    st.multiselect(
        t("filters.provinces"),
        list(provinces.index),
        format_func=lambda code: _known_name(provinces, code, t),
        key=PROVINCES,
        placeholder=t("filters.all_search"),
        accept_new_options=True,
        on_change=_resolve_provinces,
        args=(t.lang,),
        help=t("filters.provinces_help"),
    )
    table = sectors.sectors()
    st.multiselect(
        t("filters.sectors"),
        list(table.index),
        format_func=lambda code: f"{code} · {t.name(table.loc[code])}" if code in table.index else code,
        key=SECTORS,
        placeholder=t("filters.all_search"),
        accept_new_options=True,
        on_change=_resolve_by_words,
        args=(SECTORS, t.lang),
    )
    goods = materials.catalogue()
    st.multiselect(
        t("filters.materials"),
        list(goods.index),
        format_func=lambda code: t.name(goods.loc[code]) if code in goods.index else code,
        key=MATERIALS,
        placeholder=t("filters.all_search"),
        accept_new_options=True,
        on_change=_resolve_by_words,
        args=(MATERIALS, t.lang),
    )
    # A year that came by a link stays a choice even when no record has it: the page then says so.
    offered = sorted({*years, *st.session_state[YEARS]})
    st.multiselect(t("filters.years"), offered, key=YEARS, placeholder=t("filters.all"))
    st.multiselect(
        t("filters.sizes"),
        list(SIZE_BANDS),
        format_func=lambda code: t(f"size.{code}"),
        key=SIZES,
        placeholder=t("filters.all"),
    )


def chips(view: View, t: Text) -> None:
    """Draw the filters in force above the map, each with a cross, and one to clear them all."""
    entries = list(_entries(view, t))
    if not entries:
        return
    with st.container(horizontal=True, gap="small", key="chips"):
        for name, value, label in entries:
            st.button(f"{label} ✕", key=f"chip_{name}_{value}", on_click=_remove, args=(name, value))
        st.button(t("filters.clear"), key="chip_clear", type="tertiary", on_click=clear)


def describe(view: View, t: Text) -> str:
    """Write the filters in force in one line, for pictures and tables."""
    return "; ".join(label for _, _, label in _entries(view, t)) or t("filters.none")


def _entries(view: View, t: Text) -> list[tuple[str, object, str]]:
    """List the filters in force: name, value, label."""
    filters = view.filters
    regions = admin.regions(view.region_set)
    provinces = admin.provinces(filters.vintage)
    goods = materials.catalogue()
    labels: dict[str, Callable[[Any], str]] = {
        "regions": lambda code: t.name(regions.loc[code]),
        "provinces": lambda code: t.name(provinces.loc[code]),
        "sectors": lambda code: sectors.label(str(code), t.lang),
        "materials": lambda code: t.name(goods.loc[code]),
        "years": str,
        "sizes": lambda code: t(f"size.{code}"),
    }
    entries: list[tuple[str, object, str]] = []
    if filters.vintage != "2025":
        entries.append(("vintage", filters.vintage, t(f"vintage.{filters.vintage}")))
    for name, label in labels.items():
        entries.extend((name, value, label(value)) for value in getattr(filters, name))
    return entries


def _vintage_chosen() -> None:
    """Carry the filters over when the set of provinces changes; there are two, so it was the other."""
    chosen = st.session_state[VINTAGE]
    before = "pre2025" if chosen == "2025" else "2025"
    _seed_filters(change_vintage(replace(collect().filters, vintage=before), chosen))


def _region_set_chosen() -> None:
    """Keep only the regions that the new set has."""
    known = admin.regions(st.session_state[REGION_SET]).index
    st.session_state[REGIONS] = [code for code in st.session_state[REGIONS] if code in known]


def _resolve_provinces(lang: str) -> None:
    """Turn a typed name (old, English, without diacritics) into a province, or say why not."""
    vintage = st.session_state[VINTAGE]
    known = admin.provinces(vintage).index
    found: list[str] = []
    for value in st.session_state[PROVINCES]:
        if value in known:
            found.append(value)
            continue
        try:
            match = names.resolve(value, vintage)
            found.append(match.province_code)
        except PlaceError as error:
            st.session_state[_MESSAGE] = error.text(lang)
    st.session_state[PROVINCES] = list(dict.fromkeys(found))


def _resolve_by_words(key: str, lang: str) -> None:
    """Turn typed words (without diacritics too) into the entries of a table whose names hold them."""
    table = sectors.sectors() if key == SECTORS else materials.catalogue()
    folded = {code: names.fold(f"{code} {row.name_vi} {row.name_en}") for code, row in table.iterrows()}
    found: list[str] = []
    for value in st.session_state[key]:
        if value in table.index:
            found.append(value)
            continue
        words = names.fold(value).split()
        matches = [str(code) for code, name in folded.items() if all(word in name for word in words)]
        if not matches:
            st.session_state[_MESSAGE] = Text(lang)("filters.no_match", value=value)
        found.extend(matches)
    st.session_state[key] = list(dict.fromkeys(found))


def _known_name(table: object, code: str, t: Text) -> str:
    """Name of a province, or the typed text while it is being resolved."""
    return t.name(table.loc[code]) if code in table.index else code  # type: ignore[attr-defined]


def _remove(name: str, value: object) -> None:
    """Take one filter away."""
    if name == "vintage":
        _seed_filters(change_vintage(collect().filters, "2025"))
        return
    key = _LISTS[name]
    st.session_state[key] = [item for item in st.session_state[key] if item != value]


def clear() -> None:
    """Take all filters away; language, data set and assumptions stay."""
    _seed_filters(Filters())
