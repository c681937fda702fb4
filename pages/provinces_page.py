"""What is this province good at, short of, and with whom should it work?"""

from __future__ import annotations

import streamlit as st

from geo.linkage.profile import Profile, strongest
from ui import (
    context,
    controls,
    frame,
    maps,
    province_card,
    province_choice,
    province_compare,
    province_data,
    province_map,
    province_marks,
    province_tables,
    views,
)
from ui.navigation import page

MAP_HEIGHT = 600
#: Sectors, materials and partners that each province brings into the comparison; fewer where many are compared.
TOP, TOP_OF_MANY, MANY = 3, 2, 6

ctx = context.current()
t, view = ctx.t, ctx.view
slot = frame.head(ctx, "provinces")
st.html(province_marks.STYLE)
left, right = st.columns([3, 1], gap="medium", vertical_alignment="bottom")
with right:
    level = controls.segments(
        t("provinces.level"),
        list(province_data.LEVELS),
        parameter="level",
        default="division",
        names=lambda name: t(f"provinces.level_{name}"),
    )
read = province_data.tables(ctx, level or "division")
with left:
    default = list(view.filters.provinces) or [strongest(read)]
    codes = province_choice.choose(ctx, default)
profiles = province_data.of(ctx, codes, level or "division", read)


def draw_map(layers: list, *, several: bool) -> None:
    """The map; a click on a province chooses it, a click on a line leads to its strongest opportunity."""
    base = maps.base_map(view.filters.vintage, view.region_set, t.lang)
    shown = maps.show(base, layers, key="provinces_map", height=MAP_HEIGHT)
    answer = maps.new_click(shown, "provinces_map")
    if answer.get("province_code"):
        province_choice.put(province_choice.clicked(str(answer["province_code"]), codes, several=several))
    if answer.get("flow_key"):
        target = province_card.to_linkages(ctx, ",".join(codes), str(answer["flow_key"]))
        st.switch_page(frame.target("linkages"), query_params=target)
    st.caption(t("provinces.map_several" if several else "provinces.map_one"))


def draw_one(profile: Profile) -> None:
    """The profile card of one province."""
    frame.finding(slot, province_card.said(profile, t))
    st.caption(f"{province_card.about(profile.identity, t)} {views.kept_sentence(ctx)}")
    wide, side = st.columns(2, gap="medium")
    with wide:
        st.html(province_card.figures(ctx, profile))
        st.subheader(t("provinces.part_good_at"), anchor=False)
        st.html(province_card.good_at(profile, t))
    with side:
        draw_map(province_map.partners(profile, province_card.PARTNERS, t), several=False)
    parts = {
        "surplus": province_card.surplus,
        "short_of": province_card.short_of,
        "next": province_card.next_steps,
    }
    for column, (name, draw) in zip(st.columns(3, gap="medium"), parts.items(), strict=True):
        column.subheader(t(f"provinces.part_{name}"), anchor=False)
        column.html(draw(profile, t))
    st.subheader(t("provinces.part_partner"), anchor=False)
    province_card.partners(ctx, profile)
    with st.container(horizontal=True, gap="medium"):
        near = list(profile.partners["partner_code"].head(2))
        if near and st.button(t("provinces.compare_partners"), icon=":material/view_column:"):
            province_choice.put([profile.code, *near])
        st.page_link(
            frame.target("linkages"),
            label=t("provinces.see_all", province=views.province_name(ctx, profile.code)),
            icon=page("linkages").icon,
            query_params=province_card.to_linkages(ctx, profile.code),
        )
    st.subheader(t("provinces.part_fact"), anchor=False)
    st.html(province_card.facts(profile, t))
    st.info(province_card.eligibility(profile, t), icon=":material/gavel:")
    with st.expander(t("tables.twin"), icon=":material/table:"):
        province_tables.one(ctx, profile)


def draw_several() -> None:
    """Two to ten provinces side by side, and the ties among them."""
    frame.finding(slot, province_compare.finding(profiles, read.opportunities, t))
    st.caption(views.kept_sentence(ctx))
    shared = province_compare.counts(profiles, read.opportunities, t)
    with st.container(key="provinces_among"):
        one, other = st.columns(2, gap="medium")
        with one:
            draw_map(province_map.among(profiles, t), several=True)
        with other:
            st.subheader(t("provinces.among"), anchor=False)
            province_compare.among(ctx, profiles, read.opportunities)
            if shared and len(codes) < MANY:
                st.html(shared)
    if shared and len(codes) >= MANY:
        st.html(shared)
    top = TOP if len(codes) < MANY else TOP_OF_MANY
    compared = province_data.side_by_side(ctx, codes, level or "division", read, top)
    st.html(province_compare.table(compared, profiles, t))
    st.caption(t("provinces.same_scale"))
    with st.expander(t("tables.twin"), icon=":material/table:"):
        province_tables.several(ctx, compared)


if len(profiles) == 1:
    draw_one(profiles[0])
else:
    draw_several()
frame.foot(ctx, t("sources.all"), t("provinces.how_to_read"))
