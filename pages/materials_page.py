"""Where does each raw material come from, who processes it, where is surplus and shortage?"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo.places import distances
from geo.subjects import gateways, materials
from ui import cached, charts, context, controls, frame, legend, maps, palette, tables, views

MAP_HEIGHT = 640
SHOWN = 10
MODES = ["balance", "supply", "demand"]

ctx = context.current()
t, view = ctx.t, ctx.view
slot = frame.head(ctx, "materials")
scope = views.scope(ctx)
computed = views.material_tables(ctx)
every, plan = computed.balance, computed.plan
catalogue = materials.catalogue()
known = [code for code in catalogue.index if code in set(every["material_code"])]
options = [code for code in view.filters.materials if code in known] or known
totals = every.groupby("material_code")["demand_tonnes"].sum()
busiest = max(options, key=lambda code: totals.get(code, 0.0))
with st.container(horizontal=True, gap="large", vertical_alignment="bottom"):
    subject = controls.select(
        t("materials.material"),
        options,
        parameter="subject",
        default=busiest,
        names=lambda code: t.name(catalogue.loc[code]),
    )
    mode = controls.segments(
        t("materials.tint"),
        MODES,
        parameter="mode",
        default="balance",
        names=lambda m: t(f"materials.tint_{m}"),
    )
    draw_flows = controls.toggle(t("materials.flows"), parameter="view", on="flows", default=True)

material = catalogue.loc[subject]
name = t.name(material)
rows = every[(every["material_code"] == subject) & every["province_code"].isin(scope.codes)].copy()
rows["province_name"] = [views.province_name(ctx, code) for code in rows["province_code"]]
flows = plan.flows[plan.flows["material_code"] == subject]
between = flows[flows["origin_kind"] == "province"]
supply_total, demand_total = rows["supply_tonnes"].sum(), rows["demand_tonnes"].sum()
with_figure = int(rows["supply_tonnes"].notna().sum())
unmet = plan.unmet[(plan.unmet["material_code"] == subject)]["unmet_tonnes"].sum()
leader = rows.sort_values("supply_tonnes", ascending=False).head(1)
if with_figure:
    frame.finding(
        slot,
        t(
            "materials.finding",
            material=name,
            supply=t.short(supply_total),
            provinces=t.number(with_figure),
            leader=leader["province_name"].iloc[0],
            leader_supply=t.short(leader["supply_tonnes"].iloc[0]),
            demand=t.short(demand_total),
            moved=t.short(between["flow_tonnes"].sum()),
            unmet=t.short(unmet),
        ),
    )
else:
    frame.finding(slot, t("materials.finding_none", material=name, demand=t.short(demand_total)))
note = material["coverage_note_en" if t.lang == "en" else "coverage_note_vi"]
if isinstance(note, str) and note:
    st.caption(note)
st.caption(views.kept_sentence(ctx))

left, right = st.columns([2, 1], gap="medium")
with left:
    values = rows.set_index("province_code")[f"{mode}_tonnes"].astype(float)
    diverging = mode == "balance"
    if mode == "demand":
        values = values.where(values > 0)
    classes = palette.diverging_breaks(values) if diverging else palette.class_breaks(values)
    colours = palette.DIVERGING if diverging else palette.SEQUENTIAL
    tooltips = pd.Series(
        {
            row.province_code: t(
                "materials.tooltip",
                supply=t.short(row.supply_tonnes)
                if pd.notna(row.supply_tonnes)
                else t("materials.no_figure"),
                demand=t.short(row.demand_tonnes),
                balance=t.short(row.balance_tonnes),
            )
            for row in rows.itertuples()
        }
    )
    points = distances.province_points(view.filters.vintage)
    users = rows[rows["demand_tonnes"] > 0].join(points[["lat", "lon"]], on="province_code")
    users = users.assign(
        value=users["demand_tonnes"],
        label_lines=[
            f"{row.province_name}\n{t('materials.tint_demand')}: {t.short(row.demand_tonnes)}"
            for row in users.itertuples()
        ],
    )
    doors = gateways.gateways()
    doors = doors[[subject in codes for codes in doors["material_codes_in"]]]
    groups = [
        maps.choropleth(
            values,
            vintage=view.filters.vintage,
            classes=classes,
            palette=colours,
            tooltips=tooltips,
            only=scope.codes,
        ),
        maps.circles_layer(users),
        maps.diamonds_layer(doors.assign(label_lines=doors["name_vi"])),
    ]
    blocks = [
        legend.classes_legend(
            t(f"materials.tint_{mode}"),
            classes,
            classes.colours(colours),
            lang=t.lang,
            unit=t("unit.tonnes_per_year"),
        ),
        legend.circles_legend(
            t("materials.users"), float(users["value"].max()) if len(users) else 0.0, lang=t.lang
        ),
    ]
    if draw_flows and len(flows):
        ends = views.flow_ends(ctx, flows)
        groups.append(maps.flows_layer(ends))
        blocks.append(
            legend.widths_legend(
                t("legend.flow"),
                float(flows["flow_tonnes"].max()),
                lang=t.lang,
                unit=t("unit.tonnes_per_year"),
            )
        )
    groups.append(maps.legend_control(legend.join(*blocks)))
    base = maps.base_map(view.filters.vintage, view.region_set, t.lang)
    maps.show(base, groups, key="materials_map", height=MAP_HEIGHT)
with right:
    st.subheader(t("materials.sources"), anchor=False)
    sources = rows[rows["supply_tonnes"] > 0].nlargest(SHOWN, "supply_tonnes")
    if len(sources):
        chart = charts.bar_chart(
            sources, t, "supply_tonnes", t("unit.tonnes_per_year"), palette.SEQUENTIAL[3]
        )
        st.altair_chart(chart, width="stretch")
    else:
        st.info(t("materials.no_supply"))
    st.subheader(t("materials.users"), anchor=False)
    needing = rows[rows["demand_tonnes"] > 0].nlargest(SHOWN, "demand_tonnes")
    if len(needing):
        chart = charts.bar_chart(
            needing, t, "demand_tonnes", t("unit.tonnes_per_year"), palette.OKABE_ITO["orange"]
        )
        st.altair_chart(chart, width="stretch")
    else:
        st.info(t("materials.no_demand"))

st.subheader(t("tables.twin"), anchor=False)
tables.show(
    ctx,
    rows.sort_values("supply_tonnes", ascending=False),
    name=f"balance_{subject}",
    columns={
        "province_code": t("column.code"),
        "province_name": t("column.province"),
        "supply_tonnes": t("column.supply"),
        "demand_tonnes": t("column.demand"),
        "balance_tonnes": t("column.balance"),
        "self_sufficiency_share": t("column.self_sufficiency"),
    },
    digits={"supply_tonnes": 0, "demand_tonnes": 1, "balance_tonnes": 1, "self_sufficiency_share": 2},
)
st.subheader(t("materials.flow_table"), anchor=False)
tables.show(
    ctx,
    views.flow_names(ctx, flows),
    name=f"flows_{subject}",
    columns={
        "origin_name": t("column.origin"),
        "destination_name": t("column.destination"),
        "flow_tonnes": t("column.flow"),
        "distance_km": t("column.distance"),
    },
    digits={"flow_tonnes": 1, "distance_km": 0},
)
st.subheader(t("materials.figures"), anchor=False)
supply_rows = cached.supply(view.filters.vintage)
supply_rows = supply_rows[
    (supply_rows["material_code"] == subject) & supply_rows["province_code"].isin(scope.codes)
]
supply_rows = supply_rows.assign(
    province_name=[views.province_name(ctx, code) for code in supply_rows["province_code"]]
)
tables.show(
    ctx,
    supply_rows,
    name=f"supply_{subject}",
    columns={
        "province_name": t("column.province"),
        "year": t("column.year"),
        "supply_tonnes": t("column.supply"),
        "native_quantity": t("column.native_quantity"),
        "native_unit": t("column.native_unit"),
        "derived": t("column.derived"),
        "reliability": t("column.reliability"),
        "source": t("column.source"),
    },
    digits={"supply_tonnes": 0, "native_quantity": 0},
)
frame.foot(ctx, t("sources.materials"), t("materials.how_to_read"))
