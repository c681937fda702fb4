"""Where does each raw material come from, who processes it, where is surplus and shortage, and what if?"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from geo import palette
from geo.linkage import material_tables, what_if_words
from geo.measures import what_if as scenarios
from geo.measures import what_if_effects
from geo.subjects import gateways, materials
from geo.subjects.own_supply import OWN
from ui import (
    cached,
    charts,
    context,
    controls,
    frame,
    maps,
    material_map,
    material_panels,
    tables,
    views,
    what_if,
)

MAP_HEIGHT = 640
SHOWN = 10
STAGES = ["before", "after", "difference"]

ctx = context.current()
t, view = ctx.t, ctx.view
slot = frame.head(ctx, "materials")
scope = views.scope(ctx)
every = views.material_tables(ctx).balance
catalogue = materials.catalogue()
known = [code for code in catalogue.index if code in set(every["material_code"])]
options = [code for code in view.filters.materials if code in known] or known
totals = every.groupby("material_code")["demand_tonnes"].sum()
figures = cached.supply(ctx.dataset.name, ctx.dataset.version, view.filters.vintage)
stated = set(figures.loc[figures["own"], "material_code"])
# Where nobody needs anything, the user's own figures are what there is to see.
busiest = max(options, key=lambda code: (totals.get(code, 0.0), code in stated))
chosen = what_if.scenario(ctx)
stage = "before"
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
        list(material_map.MODES),
        parameter="mode",
        default="balance",
        names=lambda m: t(f"materials.tint_{m}"),
    )
    if chosen:
        asked = controls.segments(
            t("what_if.stage"),
            STAGES,
            parameter="compare",
            default="after",
            names=lambda s: t(f"what_if.stage_{s}"),
        )
        stage = asked or "after"
    draw_flows = controls.toggle(t("materials.flows"), parameter="view", on="flows", default=True)

one = replace(view.filters.without("regions", "provinces"), materials=(subject,))


def case(code: str, scenario: str = "") -> material_tables.MaterialTables:
    """The tables of one material, as things are or under a scenario."""
    filters = replace(one, materials=(code,))
    return cached.material_case(
        ctx.dataset.name, ctx.dataset.version, filters, view.overrides, view.flow_options, scenario
    )


text = scenarios.text_of(chosen)
before = case(subject)
after = case(subject, text) if chosen else before
comparison = what_if_effects.compare(before.plan, after.plan) if chosen else None
seen = before if stage == "before" else after
plan = seen.plan

material = catalogue.loc[subject]
name = t.name(material)
rows = seen.balance[seen.balance["province_code"].isin(scope.codes)].copy()
rows["province_name"] = [views.province_name(ctx, code) for code in rows["province_code"]]
own = set(seen.supply.loc[seen.supply["own"], "province_code"])
rows["own"] = rows["province_code"].isin(own)
between = plan.flows[plan.flows["origin_kind"] == "province"]
supply_total, demand_total = rows["supply_tonnes"].sum(), rows["demand_tonnes"].sum()
with_figure = int(rows["supply_tonnes"].notna().sum())
if with_figure:
    leader = rows.sort_values("supply_tonnes", ascending=False).iloc[0]
    sentence = t(
        "materials.finding",
        material=name,
        supply=t.short(supply_total),
        provinces=t.number(with_figure),
        leader=leader["province_name"],
        leader_supply=t.short(leader["supply_tonnes"]),
        demand=t.short(demand_total),
        moved=t.short(between["flow_tonnes"].sum()),
        unmet=t.short(plan.unmet["unmet_tonnes"].sum()),
    )
else:
    sentence = t("materials.finding_none", material=name, demand=t.short(demand_total))
frame.finding(slot, sentence)
st.caption(f"{material_panels.coverage(ctx, subject)} {views.kept_sentence(ctx)}")
if aside := material_panels.set_aside(ctx, subject):
    st.caption(aside)
doors = gateways.gateways()
brings = [str(code) for code, codes in doors["material_codes_in"].items() if subject in codes]
what_if.panel(ctx, chosen, subject, before.balance, brings)
if comparison is not None:
    said = what_if_words.comparison_text(comparison, subject, view.filters.vintage)
    st.info(t.said(said), icon=":material/alt_route:")
for other in sorted({change.material_code for change in chosen.changes} - {"", subject}):
    elsewhere = what_if_effects.compare(case(other).plan, case(other, text).plan)
    said = what_if_words.comparison_text(elsewhere, other, view.filters.vintage)
    st.caption(t.said(said))

picked = context.parameter("pick", list(scope.codes))
shown = material_map.Shown(
    subject=subject,
    rows=rows,
    flows=plan.flows,
    mode=mode or "balance",
    stage=stage,
    scenario=chosen,
    comparison=comparison,
    picked=picked,
    draw_flows=draw_flows,
)
left, right = st.columns([2, 1], gap="medium")
with left:
    groups, legend = material_map.draw(ctx, shown)
    groups.append(maps.legend_control(legend))
    base = maps.base_map(view.filters.vintage, view.region_set, t.lang)
    answer = maps.new_click(maps.show(base, groups, key="materials_map", height=MAP_HEIGHT), "materials_map")
    if answer.get("province_code") in scope.codes:
        context.set_parameter("pick", str(answer["province_code"]))
        st.rerun()
    material_panels.assumptions(ctx)
with right:
    if picked:
        material_panels.picked(ctx, picked, rows, plan.flows, plan.prices)
    else:
        st.caption(t("materials.pick_hint"))
    for title, column, colour, none in (
        (t("materials.sources"), "supply_tonnes", palette.SEQUENTIAL[3], t("materials.no_supply")),
        (t("materials.users"), "demand_tonnes", palette.OKABE_ITO["orange"], t("materials.no_demand")),
    ):
        st.subheader(title, anchor=False)
        largest = rows[rows[column] > 0].nlargest(SHOWN, column)
        if len(largest):
            chart = charts.bar_chart(largest, t, column, t("unit.tonnes_per_year"), colour)
            st.altair_chart(chart, width="stretch")  # type: ignore[call-overload]
        else:
            st.info(none)

if comparison is not None:
    material_panels.changes(ctx, subject, comparison)
critical, worth = st.columns(2, gap="large")
with critical:
    sources = cached.critical_sources(
        ctx.dataset.name, ctx.dataset.version, one, view.overrides, view.flow_options, text
    )
    material_panels.critical(ctx, subject, sources, chosen)
with worth:
    material_panels.worth(ctx, subject, plan.prices, scope.codes)

st.subheader(t("tables.twin"), anchor=False)
kinds = {True: t("materials.own_figure"), False: t("materials.published_figure")}
rows["supply_figure"] = rows["own"].map(kinds).where(rows["supply_tonnes"].notna(), t("materials.no_figure"))
told = {"supply_figure": t("column.supply_figure")} if rows["own"].any() else {}
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
        **told,
    },
    digits={"supply_tonnes": 0, "demand_tonnes": 1, "balance_tonnes": 1, "self_sufficiency_share": 2},
)
st.subheader(t("materials.flow_table"), anchor=False)
if plan.flows.empty:
    st.caption(t("materials.no_flows"))
else:
    tables.show(
        ctx,
        views.flow_names(ctx, plan.flows),
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
note = material["coverage_note_en" if t.lang == "en" else "coverage_note_vi"]
if isinstance(note, str) and note:
    st.caption(note)
figures = figures[(figures["material_code"] == subject) & figures["province_code"].isin(scope.codes)]
figures = figures.assign(
    province_name=[views.province_name(ctx, code) for code in figures["province_code"]],
    reliability=figures["reliability"].replace({OWN: t("grade.own")}),
)
tables.show(
    ctx,
    figures,
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
frame.foot(ctx, t("sources.materials_own") if own else t("sources.materials"), t("materials.how_to_read"))
