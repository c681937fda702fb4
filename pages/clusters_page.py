"""Which sector is concentrated where, how surely, does a cluster cross a border, and what support is asked for?"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from geo import palette
from ui import (
    charts,
    context,
    controls,
    frame,
    hotspot_layers,
    hotspot_views,
    legend,
    live_layer,
    maps,
    star_views,
    support_views,
    tables,
    views,
)

MAP_HEIGHT = 640
SHOWN_PROVINCES = 15
MODES = ["lq", "count", "moran", "needs"]

ctx = context.current()
t, view = ctx.t, ctx.view
slot = frame.head(ctx, "clusters")
scope = views.scope(ctx)

levels = {2: "division", 4: "class"}
lq = {size: views.lq(ctx, level) for size, level in levels.items()}
every = sorted(code for table in lq.values() for code in table["sector_code"].unique())
if not every:
    frame.empty(ctx, t("clusters.empty"))
    st.stop()
chosen = set(view.filters.sectors)
options = [code for code in every if {code, code[:2]} & chosen] or every
# What most establishments do where they stand out; divisions first, as classes are chosen on purpose.
for size in (2, 4):
    strong = lq[size][lq[size]["surely_specialised"] & lq[size]["province_code"].isin(scope.codes)]
    strong = strong[strong["sector_code"].isin(options)]
    if len(strong):
        break
first = str(strong.groupby("sector_code")["establishments"].sum().idxmax()) if len(strong) else options[0]
with st.container(horizontal=True, gap="large", vertical_alignment="bottom"):
    subject = controls.select(
        t("clusters.sector"),
        options,
        parameter="subject",
        default=first,
        names=lambda code: f"{code} · {views.sector_name(ctx, code)}",
    )
    mode = controls.segments(
        t("clusters.tint"), MODES, parameter="mode", default="lq", names=lambda m: t(f"clusters.tint_{m}")
    )

if mode == "needs":
    support_views.draw(ctx, slot, subject, scope)
    st.stop()

chosen_level, table = levels[len(subject)], lq[len(subject)]
inside = table[table["province_code"].isin(scope.codes)]
rows = inside[inside["sector_code"] == subject].copy()
rows["province_name"] = [views.province_name(ctx, code) for code in rows["province_code"]]
rows = rows.sort_values(["lq", "establishments"], ascending=False, ignore_index=True)
rows = star_views.with_stars(ctx, hotspot_views.with_hot_spots(ctx, rows, subject), subject, chosen_level)
present = rows[rows["establishments"] > 0]
sure = present[present["surely_specialised"]]
label = views.sector_name(ctx, subject)
clusters = hotspot_views.clusters(ctx, subject, scope.codes)
across = [cluster for cluster in clusters if cluster.crosses_province]
if len(sure):
    top = sure.iloc[0]
    sentence = t(
        "clusters.finding",
        sector=label,
        n=t.number(len(sure)),
        province=top["province_name"],
        lq=t.number(top["lq"], 2),
        low=t.number(top["lq_low"], 2),
        high=t.number(top["lq_high"], 2),
        count=t.number(top["establishments"]),
    )
else:
    sentence = t("clusters.finding_none", sector=label, count=t.number(present["establishments"].sum()))
if across:
    sentence += " " + hotspot_views.crossing_sentence(ctx, across[0])
frame.finding(slot, sentence)
unknown = views.without_sector(ctx)
st.caption(
    " ".join([views.kept_sentence(ctx), t("clusters.without_sector", n=t.number(unknown)) if unknown else ""])
)

picked = context.parameter("pick", list(scope.codes))
selected = context.parameter("value", [cluster.id for cluster in clusters])
context.set_parameter("value", selected)
left, right = st.columns([2, 1], gap="medium")
with left:
    tooltips = pd.Series(
        {
            row.province_code: t(
                "clusters.tooltip",
                lq=t.number(row.lq, 2),
                low=t.number(row.lq_low, 2),
                high=t.number(row.lq_high, 2),
                count=t.number(row.establishments),
            )
            for row in rows.itertuples()
        },
        dtype=object,
    )
    if mode == "moran":
        kinds = hotspot_layers.kinds(hotspot_views.provinces(ctx, subject))
        tinted, words = hotspot_layers.kinds_layer(ctx, kinds, scope.codes, tooltips, picked)
    else:
        values = rows.set_index("province_code")["lq" if mode == "lq" else "establishments"].astype(float)
        values = values.where(values > 0) if mode == "count" else values
        classes = palette.class_breaks(values)
        tinted = maps.choropleth(
            values,
            vintage=view.filters.vintage,
            classes=classes,
            tooltips=tooltips,
            selected=[picked] if picked else [],
            only=scope.codes,
        )
        words = legend.classes_legend(
            t(f"clusters.tint_{mode}"),
            classes,
            classes.colours(palette.SEQUENTIAL),
            lang=t.lang,
            fmt=lambda value: t.number(value, 2 if mode == "lq" else 0),
        )
    # Hexagons would hide the quiet tints of provinces that are no different from chance.
    cells = live_layer.live_cells(ctx.dataset, replace(view.filters, sectors=(subject,)), t.lang)
    groups = [
        tinted,
        *([] if mode == "moran" else [cells]),
        hotspot_layers.outlines(ctx, clusters, selected),
        maps.legend_control(legend.join(words, hotspot_layers.outlines_legend(clusters, t))),
    ]
    flight = hotspot_layers.fly_to(clusters, selected)
    base = maps.base_map(view.filters.vintage, view.region_set, t.lang)
    drawn = maps.show(base, [*groups, flight] if flight else groups, key="clusters_map", height=MAP_HEIGHT)
    answer = maps.new_click(drawn, "clusters_map")
    if answer.get("province_code"):
        context.set_parameter("pick", str(answer["province_code"]))
        st.rerun()
    if answer.get("flow_key"):
        context.set_parameter("value", str(answer["flow_key"]))
        st.rerun()
    st.caption(hotspot_views.left_out_sentence(ctx, subject))
    if mode == "moran":
        st.caption(t("clusters.moran_note"))
with right:
    chosen = rows[rows["province_code"] == picked]
    if len(chosen):
        one = chosen.iloc[0]
        said = [
            t(
                "clusters.picked",
                province=one["province_name"],
                count=t.number(one["establishments"]),
                lq=t.number(one["lq"], 2),
                low=t.number(one["lq_low"], 2),
                high=t.number(one["lq_high"], 2),
            ),
            star_views.words(star_views.of_sector(ctx, subject, chosen_level).loc[picked], t),
        ]
        if one["in_clusters"]:
            said.append(t("clusters.picked_hot", n=t.number(one["in_clusters"]), p=one["hot_text"]))
        st.info("  \n".join(said))
    st.subheader(t("clusters.ranking"), anchor=False)
    if present.empty:
        frame.empty(ctx, t("clusters.empty"))
    else:
        shown = star_views.beside_names(present.head(SHOWN_PROVINCES))
        st.altair_chart(charts.interval_chart(shown, t), width="stretch")
        st.html(charts.interval_key(t))
        if len(present) > len(shown):
            st.caption(t("clusters.cut", shown=len(shown), total=len(present)))

st.subheader(t("clusters.hot"), anchor=False)
if selected and st.button(t("clusters.whole"), icon=":material/zoom_out_map:", key="clusters_whole"):
    context.set_parameter("value", "")
    st.rerun()
hotspot_views.show_table(ctx, clusters, across, subject)
if len(present):
    st.subheader(t("clusters.size_by_lq"), anchor=False)
    st.altair_chart(charts.size_chart(present, t), width="stretch")
st.subheader(t("tables.twin"), anchor=False)
place = tables.show(
    ctx,
    rows,
    name=f"clusters_{subject}",
    columns={
        "province_code": t("column.code"),
        "province_name": t("column.province"),
        "stars_text": t("column.stars"),
        "establishments": t("column.establishments"),
        "lq": t("column.lq"),
        "lq_low": t("column.lq_low"),
        "lq_high": t("column.lq_high"),
        "surely_specialised": t("column.sure"),
        "in_clusters": t("column.in_clusters"),
        "hot_text": t("column.hot_text"),
    },
    digits={"establishments": 0, "lq": 2, "lq_low": 2, "lq_high": 2, "in_clusters": 0},
    select=True,
)
hotspot_views.follow(f"clusters_{subject}", rows["province_code"], place, parameter="pick")
frame.foot(ctx, t("sources.establishments"), t("clusters.how_to_read"))
