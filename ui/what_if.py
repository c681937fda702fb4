"""The what-if panel: changes that hold together, added and taken out one by one, kept in the address."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from geo.errors import GeoError
from geo.linkage import what_if_words
from geo.measures import what_if, what_if_table
from geo.measures.what_if import Change, Scenario
from geo.places import admin
from ui import cached, context, views
from ui.context import Context
from ui.text import literal

#: Kinds of change on offer, the ones asked for most first.
KINDS = ("fail", "open", "supply", "gate", "close", "limit", "detour")
PARAMETER = "scenario"
#: What the amounts start from.
_PLANT_TONNES, _EMPLOYEES, _DETOUR = 10_000.0, 100, 1.6


def scenario(ctx: Context) -> Scenario:
    """Read the scenario of the address; what cannot be used is said and left out."""
    t, vintage = ctx.t, ctx.view.filters.vintage
    found, ignored = what_if.read(context.parameter(PARAMETER))
    for part in ignored:
        st.warning(t("frame.ignored", parameter=PARAMETER, value=literal(part)), icon=":material/link_off:")
    if found and found.vintage != vintage:
        st.warning(
            t("what_if.other_vintage", vintage=t(f"vintage.{found.vintage}")), icon=":material/link_off:"
        )
        st.button(t("what_if.clear"), key="what_if_clear_other", on_click=put, args=(Scenario(),))
        return Scenario(vintage=vintage)
    return found if found else Scenario(vintage=vintage)


def put(chosen: Scenario) -> None:
    """Write a scenario into the address."""
    context.set_parameter(PARAMETER, what_if.text_of(chosen))


def panel(ctx: Context, chosen: Scenario, subject: str, balance: pd.DataFrame, doors: list[str]) -> None:
    """Draw one row, so that the map stays in sight: the button that opens the controls, and the changes in force.

    Parameters
    ----------
    subject : str
        The material on screen: a new change is about it.
    balance : DataFrame
        Its balance over the whole country.
    doors : list of str
        Gateways that bring it in.
    """
    t = ctx.t
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        # Another key is another popover: it closes once a change is added, so that its effect is seen.
        key = f"what_if_panel_{what_if.text_of(chosen)}"
        with st.popover(t("what_if.open"), icon=":material/alt_route:", width="content", key=key):
            st.markdown(f"**{t('what_if.title')}**")
            change = _controls(ctx, subject, balance, doors)
            st.button(
                t("what_if.add"),
                key="what_if_add",
                icon=":material/add:",
                type="primary",
                disabled=change is None,
                on_click=_add,
                args=(chosen, change),
            )
        for change in chosen.changes:
            said = what_if_words.change_text(change, chosen.vintage)
            st.button(
                t.said(said),
                key=f"what_if_out_{change.text()}",
                icon=":material/close:",
                help=t("what_if.remove"),
                on_click=put,
                args=(chosen.without(change),),
            )
        if chosen:
            st.button(
                t("what_if.clear"), key="what_if_clear", type="tertiary", on_click=put, args=(Scenario(),)
            )


def _controls(ctx: Context, subject: str, balance: pd.DataFrame, doors: list[str]) -> Change | None:
    """Draw the controls of one change; None while they do not make one."""
    t, vintage = ctx.t, ctx.view.filters.vintage
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        kind = st.selectbox(
            t("what_if.kind"),
            KINDS,
            format_func=lambda k: t(f"what_if.kind_{k}"),
            key="what_if_kind",
            width=225,
        )
        place = _place(ctx, kind, balance, doors)
        if place is None:
            at_gateway = what_if.KINDS[kind].place == "gateway"
            st.caption(t("what_if.no_gateway") if at_gateway else t("what_if.no_place"))
            return None
        amount = _amount(ctx, kind, subject)
        if amount is None:
            return None
    material = subject if what_if.KINDS[kind].material else ""
    try:
        return Scenario((Change(kind, material, place, amount),), vintage).changes[0]
    except GeoError as error:
        st.caption(error.text(t.lang))
        return None


def _place(ctx: Context, kind: str, balance: pd.DataFrame, doors: list[str]) -> str | None:
    """Draw the list of places that a kind of change needs; None where there is none to choose."""
    t, vintage = ctx.t, ctx.view.filters.vintage
    sort = what_if.KINDS[kind].place
    if not sort:
        return ""
    if sort == "gateway":
        if not doors:
            return None
        names = what_if_words.gateways_by_code()
        return st.selectbox(
            t("what_if.gateway"),
            doors,
            format_func=lambda code: t.name(names.loc[code]),
            key="what_if_gateway",
            width=280,
        )
    codes = list(admin.provinces(vintage).index)
    # Only who has a source can lose it, only who has a user can lose one; the largest stands first.
    column = {"fail": "supply_tonnes", "close": "demand_tonnes"}.get(kind)
    if column:
        ordered = balance[balance[column] > 0].sort_values([column, "province_code"], ascending=[False, True])
        codes = list(ordered["province_code"])
    if not codes:
        return None
    return st.selectbox(
        t("what_if.province"),
        codes,
        format_func=lambda code: views.province_name(ctx, code),
        key=f"what_if_province_{kind}_{vintage}",
        width=190,
    )


def _amount(ctx: Context, kind: str, subject: str) -> float | None:
    """Draw the number that a kind of change needs."""
    t = ctx.t
    drawn: dict[str, Callable[[], float | None]] = {
        "gate": lambda: 0.0,
        "fail": lambda: (
            st.number_input(t("what_if.share"), 1, 100, 100, 5, key="what_if_share", width=190) / 100
        ),
        "supply": lambda: st.number_input(
            t("what_if.tonnes_signed"),
            -1e8,
            1e8,
            -_PLANT_TONNES,
            1000.0,
            "%.0f",
            key="what_if_supply",
            width=240,
        ),
        "limit": lambda: st.number_input(
            t("what_if.tonnes"), 0.0, 1e8, _PLANT_TONNES, 1000.0, "%.0f", key="what_if_limit", width=200
        ),
        "detour": lambda: st.number_input(
            t("what_if.factor"), 1.0, 3.0, _DETOUR, 0.05, "%.2f", key="what_if_detour", width=200
        ),
    }
    return drawn.get(kind, lambda: _plant(ctx, subject))()


def _plant(ctx: Context, subject: str) -> float | None:
    """Ask how much a plant needs, in tonnes or by its class and employees."""
    t = ctx.t
    table = cached.requirement_table(ctx.view.overrides)
    classes = sorted(table.loc[table["material_code"] == subject, "sector_code"].unique())
    by = "tonnes"
    if classes:
        by = st.segmented_control(
            t("what_if.by"),
            ["tonnes", "employees"],
            default="tonnes",
            required=True,
            format_func=lambda way: t(f"what_if.by_{way}"),
            key="what_if_by",
            width="content",
        )
    if by == "tonnes":
        return st.number_input(
            t("what_if.tonnes"), 1.0, 1e8, _PLANT_TONNES, 1000.0, "%.0f", key="what_if_tonnes", width=200
        )
    sector = st.selectbox(
        t("what_if.class"),
        classes,
        format_func=lambda code: f"{code} · {views.sector_name(ctx, code)}",
        key="what_if_class",
        width=300,
    )
    employees = st.number_input(
        t("what_if.employees"), 1, 100_000, _EMPLOYEES, 10, key="what_if_employees", width=140
    )
    tonnes = what_if_table.plant_tonnes(sector, employees, subject, table)
    st.caption(t("what_if.plant_needs", tonnes=t.short(tonnes)), width=280)
    return round(tonnes, 1)


def _add(chosen: Scenario, change: Change) -> None:
    """Add a change to the scenario; it takes the place of one about the same thing."""
    put(chosen.with_change(change))
