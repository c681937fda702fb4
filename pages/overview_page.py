"""What stands out today?"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo import palette
from geo.subjects import materials
from ui import cached, cards, context, frame, legend, maps, opportunity_map, tables, views
from ui.navigation import page

TOP = 5
MAP_HEIGHT = 640

ctx = context.current()
t, view = ctx.t, ctx.view
slot = frame.head(ctx, "overview")
ranking = views.ranking(ctx)
scope = views.scope(ctx)
ranked = views.strongest(ranking.opportunities, TOP)
best = [item for _, item in ranked]
touched = views.by_province(ranking.opportunities).reindex(scope.codes)

if best:
    crossing = sum(o.crosses_regions for o in ranking.opportunities)
    frame.finding(
        slot,
        t(
            "overview.finding",
            count=t.number(len(ranking.opportunities)),
            crossing=t.number(crossing),
            first=cards.brief(best[0], t),
            letter=best[0].confidence,
        ),
    )
else:
    frame.finding(slot, t("overview.nothing"))

picked = context.parameter("pick", [o.id for o in best])
left, right = st.container(key="overview_main").columns([2, 1], gap="medium")
# The map first: it takes the browser longest.
with left:
    shown = [o for o in best if o.id == picked] or best
    values = touched["score_total"]
    classes = palette.class_breaks(values)
    tooltips = pd.Series(
        {
            code: t(
                "overview.tooltip",
                count=t.number(touched.at[code, "opportunities"] if pd.notna(values[code]) else 0),
                score=t.number(values[code], 2),
            )
            for code in scope.codes
        }
    )
    groups = [
        maps.choropleth(
            values, vintage=view.filters.vintage, classes=classes, tooltips=tooltips, only=scope.codes
        ),
        *opportunity_map.layers(shown, view.filters.vintage, t, selected=picked or None),
        maps.legend_control(
            legend.join(
                legend.classes_legend(
                    t("overview.legend"),
                    classes,
                    classes.colours(palette.SEQUENTIAL),
                    lang=t.lang,
                    note=t("overview.legend_note"),
                ),
                opportunity_map.widths(shown, t),
            )
        ),
    ]
    if picked:
        groups.append(maps.focus_on(view.filters.vintage, shown[0].province_codes, token=picked))
    base = maps.base_map(view.filters.vintage, view.region_set, t.lang)
    answer = maps.new_click(maps.show(base, groups, key="overview_map", height=MAP_HEIGHT), "overview_map")
    if answer.get("flow_key"):
        context.set_parameter("pick", str(answer["flow_key"]))
        st.rerun()
    st.subheader(t("overview.questions"), anchor=False)
    sides = st.columns(2)
    for place, slug in enumerate(("clusters", "materials", "linkages", "data")):
        sides[place % 2].page_link(
            frame.target(slug),
            label=t(f"page.{slug}.question"),
            icon=page(slug).icon,
            query_params=frame.link(ctx),
            width="stretch",
        )
with right:
    st.subheader(t("overview.strongest"), anchor=False)
    if not best:
        frame.empty(ctx, views.kept_sentence(ctx))
    elif [rank for rank, _ in ranked] != list(range(1, len(ranked) + 1)):
        st.caption(t("overview.one_a_subject"))
    for rank, item in ranked:
        st.html(cards.card(item, ranking.weights, t, rank=rank))
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            if st.button(
                t("overview.show"), key=f"show_{item.id}", icon=":material/my_location:", type="tertiary"
            ):
                context.set_parameter("pick", item.id)
                st.rerun()
            st.page_link(
                frame.target("linkages"),
                label=t("overview.why"),
                icon=page("linkages").icon,
                query_params=frame.link(ctx, pick=item.id),
            )

st.subheader(t("overview.coverage"), anchor=False)
counts = cached.counts(ctx.dataset.name, ctx.dataset.version, view.filters)
with_establishments = counts.loc[counts["province_code"].isin(scope.codes), "province_code"].nunique()
supply = cached.supply(ctx.dataset.name, ctx.dataset.version, view.filters.vintage)
catalogue = materials.catalogue()
for column, (label, value, note) in zip(
    st.columns(3),
    (
        ("overview.establishments", t.number(counts["establishments"].sum()), views.kept_sentence(ctx)),
        (
            "overview.provinces_with",
            f"{with_establishments} / {len(scope.codes)}",
            t("overview.provinces_without", n=len(scope.codes) - with_establishments),
        ),
        (
            "overview.materials_with",
            f"{supply['material_code'].nunique()} / {len(catalogue)}",
            t("overview.materials_note"),
        ),
    ),
    strict=True,
):
    column.metric(t(label), value)
    column.caption(note)

twin_box = st.expander(t("tables.twin"), icon=":material/table:", key="overview_twin", on_change="rerun")
if twin_box.open:
    with twin_box:
        twin = touched.fillna(0).reset_index(names="province_code")
        twin.insert(1, "province_name", [views.province_name(ctx, code) for code in twin["province_code"]])
        tables.show(
            ctx,
            twin.sort_values("score_total", ascending=False),
            name="overview",
            columns={
                "province_code": t("column.code"),
                "province_name": t("column.province"),
                "opportunities": t("column.opportunities"),
                "score_total": t("column.score_total"),
            },
            digits={"opportunities": 0, "score_total": 2},
        )
frame.foot(ctx, t("sources.all"), t("overview.how_to_read"))
