"""Which sector is concentrated where, how surely?"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from ui import charts, context, controls, frame, legend, live_layer, maps, palette, tables, views

MAP_HEIGHT = 640
SHOWN_PROVINCES = 15
MODES = ["lq", "count"]

ctx = context.current()
t, view = ctx.t, ctx.view
slot = frame.head(ctx, "clusters")
scope = views.scope(ctx)

chosen_level = "class" if any(len(code) == 4 for code in view.filters.sectors) else "division"
table = views.lq(ctx, chosen_level)
if table.empty:
    frame.empty(ctx, t("clusters.empty"))
    st.stop()
inside = table[table["province_code"].isin(scope.codes)]
wanted = [code for code in view.filters.sectors if code in set(table["sector_code"])]
options = wanted or sorted(table["sector_code"].unique())
strong = inside[inside["surely_specialised"]].groupby("sector_code")["establishments"].sum()
first = str(strong.idxmax()) if len(strong) else options[0]
with st.container(horizontal=True, gap="large", vertical_alignment="bottom"):
    subject = controls.select(
        t("clusters.sector"),
        options,
        parameter="subject",
        default=first if first in options else options[0],
        names=lambda code: f"{code} · {views.sector_name(ctx, code)}",
    )
    mode = controls.segments(
        t("clusters.tint"), MODES, parameter="mode", default="lq", names=lambda m: t(f"clusters.tint_{m}")
    )

rows = inside[inside["sector_code"] == subject].copy()
rows["province_name"] = [views.province_name(ctx, code) for code in rows["province_code"]]
rows = rows.sort_values(["lq", "establishments"], ascending=False, ignore_index=True)
present = rows[rows["establishments"] > 0]
sure = present[present["surely_specialised"]]
label = views.sector_name(ctx, subject)
if len(sure):
    top = sure.iloc[0]
    frame.finding(
        slot,
        t(
            "clusters.finding",
            sector=label,
            n=t.number(len(sure)),
            province=top["province_name"],
            lq=t.number(top["lq"], 2),
            low=t.number(top["lq_low"], 2),
            high=t.number(top["lq_high"], 2),
            count=t.number(top["establishments"]),
        ),
    )
else:
    frame.finding(
        slot, t("clusters.finding_none", sector=label, count=t.number(present["establishments"].sum()))
    )
unknown = views.without_sector(ctx)
st.caption(
    " ".join([views.kept_sentence(ctx), t("clusters.without_sector", n=t.number(unknown)) if unknown else ""])
)

picked = context.parameter("pick", list(scope.codes))
left, right = st.columns([2, 1], gap="medium")
with left:
    values = rows.set_index("province_code")["lq" if mode == "lq" else "establishments"].astype(float)
    values = values.where(values > 0) if mode == "count" else values
    classes = palette.class_breaks(values)
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
        }
    )
    groups = [
        maps.choropleth(
            values,
            vintage=view.filters.vintage,
            classes=classes,
            tooltips=tooltips,
            selected=[picked] if picked else [],
            only=scope.codes,
        ),
        live_layer.live_cells(ctx.dataset, replace(view.filters, sectors=(subject,)), t.lang),
        maps.legend_control(
            legend.classes_legend(
                t(f"clusters.tint_{mode}"),
                classes,
                classes.colours(palette.SEQUENTIAL),
                lang=t.lang,
                fmt=lambda value: t.number(value, 2 if mode == "lq" else 0),
            )
        ),
    ]
    base = maps.base_map(view.filters.vintage, view.region_set, t.lang)
    answer = maps.new_click(maps.show(base, groups, key="clusters_map", height=MAP_HEIGHT), "clusters_map")
    if answer.get("province_code"):
        context.set_parameter("pick", str(answer["province_code"]))
        st.rerun()
with right:
    if picked:
        row = rows[rows["province_code"] == picked]
        if len(row):
            one = row.iloc[0]
            st.info(
                t(
                    "clusters.picked",
                    province=one["province_name"],
                    count=t.number(one["establishments"]),
                    lq=t.number(one["lq"], 2),
                    low=t.number(one["lq_low"], 2),
                    high=t.number(one["lq_high"], 2),
                )
            )
    st.subheader(t("clusters.ranking"), anchor=False)
    if present.empty:
        frame.empty(ctx, t("clusters.empty"))
    else:
        drawn = present.head(SHOWN_PROVINCES)
        st.altair_chart(charts.interval_chart(drawn, t), width="stretch")
        if len(present) > len(drawn):
            st.caption(t("clusters.cut", shown=len(drawn), total=len(present)))
st.subheader(t("clusters.size_by_lq"), anchor=False)
if len(present):
    st.altair_chart(charts.size_chart(present, t), width="stretch")
st.subheader(t("tables.twin"), anchor=False)
tables.show(
    ctx,
    rows,
    name=f"clusters_{subject}",
    columns={
        "province_code": t("column.code"),
        "province_name": t("column.province"),
        "establishments": t("column.establishments"),
        "lq": t("column.lq"),
        "lq_low": t("column.lq_low"),
        "lq_high": t("column.lq_high"),
        "surely_specialised": t("column.sure"),
    },
    digits={"establishments": 0, "lq": 2, "lq_low": 2, "lq_high": 2},
)
frame.foot(ctx, t("sources.establishments"), t("clusters.how_to_read"))
