"""The ranked list of opportunities beside its map."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from geo.linkage.engine import Ranking
from geo.linkage.model import Opportunity
from ui import cards, context, live_layer, maps, opportunity_map
from ui.context import Context

MAP_HEIGHT = 660
LISTED, DRAWN = 40, 20


def draw(ctx: Context, kept: Sequence[Opportunity], ranking: Ranking) -> Opportunity | None:
    """Draw list and map; returns the opportunity that is chosen, if any."""
    t = ctx.t
    picked = context.parameter("pick", [o.id for o in kept])
    if context.parameter("pick") and not picked:
        st.warning(t("linkages.gone"), icon=":material/link_off:")
    chosen = next((o for o in kept if o.id == picked), None)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _list(ctx, kept, ranking, picked)
    with right:
        _map(ctx, kept, chosen)
    return chosen


def _list(ctx: Context, kept: Sequence[Opportunity], ranking: Ranking, picked: str) -> None:
    """The best opportunities as cards, each to be chosen."""
    t = ctx.t
    st.html(cards.bars_legend(t))
    with st.container(height=MAP_HEIGHT - 40):
        for rank, item in enumerate(kept[:LISTED], 1):
            st.html(cards.card(item, ranking.weights, t, rank=rank))
            if st.button(
                t("linkages.chosen") if item.id == picked else t("linkages.choose"),
                key=f"choose_{item.id}",
                type="primary" if item.id == picked else "secondary",
            ):
                context.set_parameter("pick", item.id)
                st.rerun()
    if len(kept) > LISTED:
        st.caption(t("linkages.cut", shown=LISTED, total=t.number(len(kept))))


def _map(ctx: Context, kept: Sequence[Opportunity], chosen: Opportunity | None) -> None:
    """The chosen opportunity alone with its establishments, or the best ones together."""
    t, view = ctx.t, ctx.view
    drawn = [chosen] if chosen else list(kept[:DRAWN])
    groups = opportunity_map.layers(drawn, view.filters.vintage, t, selected=chosen.id if chosen else None)
    groups.insert(0, maps.choropleth(None, vintage=view.filters.vintage))
    if chosen:
        about = opportunity_map.establishments(chosen, view.filters)
        groups.append(live_layer.live_cells(ctx.dataset, about, t.lang))
        groups.append(maps.focus_on(view.filters.vintage, chosen.province_codes, token=chosen.id))
    groups.append(maps.legend_control(opportunity_map.widths(drawn, t)))
    base = maps.base_map(view.filters.vintage, view.region_set, t.lang)
    answer = maps.new_click(maps.show(base, groups, key="linkages_map", height=MAP_HEIGHT), "linkages_map")
    if answer.get("flow_key"):
        context.set_parameter("pick", str(answer["flow_key"]))
        st.rerun()
    if not chosen:
        st.caption(t("linkages.drawn", shown=len(drawn), total=t.number(len(kept))))
    elif st.button(t("linkages.show_all"), icon=":material/undo:"):
        context.set_parameter("pick", "")
        st.rerun()
