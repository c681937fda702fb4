"""Every formula, source, unit, weight and limit, with the live numbers."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo.linkage import score
from geo.subjects import materials
from ui import assumptions, cached, context, frame, tables, views

ctx = context.current()
t, view = ctx.t, ctx.view
slot = frame.head(ctx, "methods")
changed = assumptions.changed(view)
frame.finding(slot, t("methods.finding_changed", n=changed) if changed else t("methods.finding"))

st.subheader(t("methods.assumptions"), anchor=False)
assumptions.flow_sliders(view, t)

st.subheader(t("methods.requirements"), anchor=False)
st.write(t("methods.requirements_note"))
table = cached.requirement_table(view.overrides)
catalogue = materials.catalogue()
shown = table.assign(
    sector_name=[f"{code} · {views.sector_name(ctx, code)}" for code in table["sector_code"]],
    material_name=[t.name(catalogue.loc[code]) for code in table["material_code"]],
    size_name=[t(f"size.{band}") for band in table["size_band"]],
    reason=table["reason_en" if t.lang == "en" else "reason_vi"],
    status_name=[t(f"status.{status}") for status in table["status"]],
)
order = [
    "sector_name",
    "size_name",
    "material_name",
    "tonnes_per_employee",
    "low",
    "high",
    "status_name",
    "reason",
    "source",
]
edited = st.data_editor(
    shown[order].rename(columns={name: t(f"column.{name}") for name in order}),
    key=f"requirements_editor_{len(view.overrides)}",
    hide_index=True,
    width="stretch",
    height=420,
    disabled=[t(f"column.{name}") for name in order if name != "tonnes_per_employee"],
    column_config={
        t("column.tonnes_per_employee"): st.column_config.NumberColumn(
            min_value=0.0, max_value=1e6, format="%.3f", required=True
        )
    },
)
new = edited[t("column.tonnes_per_employee")].to_numpy()
moved = ~pd.Series(new).sub(table["tonnes_per_employee"].to_numpy()).abs().lt(1e-9)
left, right = st.columns(2)
if moved.any() and left.button(t("methods.apply", n=int(moved.sum())), type="primary"):
    rows = table.loc[moved.to_numpy(), ["sector_code", "size_band", "material_code"]].assign(value=new[moved])
    assumptions.put_requirements(view, [tuple(row) for row in rows.itertuples(index=False)])
    st.rerun()
if changed and right.button(t("methods.reset"), icon=":material/undo:"):
    assumptions.reset()
    st.rerun()
tables.download(ctx, shown, name="requirements")

st.subheader(t("methods.measures"), anchor=False)
lq = views.lq(ctx, "division")
computed = views.material_tables(ctx)
balance, plan = computed.balance, computed.plan
with st.expander(t("methods.lq.title"), expanded=True):
    st.latex(r"LQ_{rs} = \frac{x_{rs}/x_{r}}{x_{s}/x}")
    st.write(t("methods.lq.text"))
    sure = lq[lq["surely_specialised"]].sort_values("lq", ascending=False)
    if len(sure):
        row = sure.iloc[0]
        st.info(
            t(
                "methods.lq.example",
                province=views.province_name(ctx, row["province_code"]),
                sector=views.sector_name(ctx, row["sector_code"]),
                count=t.number(row["establishments"]),
                lq=t.number(row["lq"], 2),
                low=t.number(row["lq_low"], 2),
                high=t.number(row["lq_high"], 2),
            )
        )
    st.caption(t("methods.lq.source"))
with st.expander(t("methods.balance.title")):
    st.latex(
        r"b_{pm} = s_{pm} - d_{pm},\qquad d_{pm} = \sum_{e \in p} n_{em}\ \text{hoặc}\ c_{km}\,L_{e}"
        if t.lang == "vi"
        else r"b_{pm} = s_{pm} - d_{pm},\qquad d_{pm} = \sum_{e \in p} n_{em}\ \text{or}\ c_{km}\,L_{e}"
    )
    st.write(t("methods.balance.text"))
    known = balance.dropna(subset=["balance_tonnes"])
    if len(known):
        row = known.loc[known["demand_tonnes"].idxmax()]
        st.info(
            t(
                "methods.balance.example",
                province=views.province_name(ctx, row["province_code"]),
                material=t.name(catalogue.loc[row["material_code"]]),
                supply=t.number(row["supply_tonnes"]),
                demand=t.number(row["demand_tonnes"], 1),
                balance=t.number(row["balance_tonnes"], 1),
            )
        )
    st.caption(t("methods.balance.source"))
with st.expander(t("methods.flows.title")):
    st.latex(
        r"\min \sum_{ij} f_{ij}\, d_{ij}\quad \text{s.t.}\quad \sum_j f_{ij} \le s_i,\ \ \sum_i f_{ij} + u_j = q_j,\ \ f, u \ge 0"
    )
    st.write(t("methods.flows.text", detour=t.number(view.detour_factor, 2)))
    if len(plan.flows):
        row = views.flow_names(ctx, plan.flows.nlargest(1, "flow_tonnes")).iloc[0]
        st.info(
            t(
                "methods.flows.example",
                material=t.name(catalogue.loc[row["material_code"]]),
                origin=row["origin_name"],
                destination=row["destination_name"],
                tonnes=t.number(row["flow_tonnes"], 1),
                km=t.number(row["distance_km"]),
            )
        )
    st.caption(t("methods.flows.source"))
with st.expander(t("methods.score.title")):
    st.latex(r"S = \frac{\sum_k w_k\, c_k}{\sum_k w_k}")
    st.write(t("methods.score.text"))
    suffix = t.lang
    rows = [
        {
            "component": getattr(c, f"label_{suffix}"),
            "weight": c.weight,
            "meaning": getattr(c, f"meaning_{suffix}"),
            "reason": getattr(c, f"reason_{suffix}"),
        }
        for c in score.COMPONENTS
    ]
    tables.show(
        ctx,
        pd.DataFrame(rows),
        name="score_components",
        columns={name: t(f"column.{name}") for name in ("component", "weight", "meaning", "reason")},
        digits={"weight": 2},
    )
with st.expander(t("methods.limits.title")):
    st.write(t("methods.limits.text"))
frame.foot(ctx, t("sources.all"), t("methods.how_to_read"))
