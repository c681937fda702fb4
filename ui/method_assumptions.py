"""The two editors of assumptions on the methods page: the plan of flows, and the requirements of materials."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo.subjects import materials
from ui import assumptions, cached, tables, views
from ui.context import Context

_ORDER = (
    "sector_name",
    "size_name",
    "material_name",
    "tonnes_per_employee",
    "low",
    "high",
    "status_name",
    "reason",
    "source",
)


def draw(context: Context) -> None:
    """Draw both editors; a change goes into the address and every page counts with it."""
    t, view = context.t, context.view
    st.subheader(t("methods.assumptions"), anchor=False)
    assumptions.flow_sliders(view, t)
    st.subheader(t("methods.requirements"), anchor=False)
    st.write(t("methods.requirements_note"))
    _requirements(context)


def _requirements(context: Context) -> None:
    """Draw the table of requirements with one column to edit."""
    t, view = context.t, context.view
    table = cached.requirement_table(view.overrides)
    shown = _named(context, table)
    value = t("column.tonnes_per_employee")
    edited = st.data_editor(
        shown[list(_ORDER)].rename(columns={name: t(f"column.{name}") for name in _ORDER}),
        key=f"requirements_editor_{len(view.overrides)}",
        hide_index=True,
        width="stretch",
        height=420,
        disabled=[t(f"column.{name}") for name in _ORDER if name != "tonnes_per_employee"],
        column_config={
            value: st.column_config.NumberColumn(min_value=0.0, max_value=1e6, format="%.3f", required=True)
        },
    )
    new = edited[value].to_numpy()
    moved = ~pd.Series(new).sub(table["tonnes_per_employee"].to_numpy()).abs().lt(1e-9)
    left, right = st.columns(2)
    if moved.any() and left.button(t("methods.apply", n=int(moved.sum())), type="primary"):
        rows = table.loc[moved.to_numpy(), ["sector_code", "size_band", "material_code"]]
        assumptions.put_requirements(
            view, [tuple(row) for row in rows.assign(value=new[moved]).itertuples(index=False)]
        )
        st.rerun()
    if assumptions.changed(view) and right.button(t("methods.reset"), icon=":material/undo:"):
        assumptions.reset()
        st.rerun()
    tables.download(context, shown, name="requirements")


def _named(context: Context, table: pd.DataFrame) -> pd.DataFrame:
    """Add names, status and reason in the language."""
    t, catalogue = context.t, materials.catalogue()
    return table.assign(
        sector_name=[f"{code} · {views.sector_name(context, code)}" for code in table["sector_code"]],
        material_name=[t.name(catalogue.loc[code]) for code in table["material_code"]],
        size_name=[t(f"size.{band}") for band in table["size_band"]],
        reason=table["reason_en" if t.lang == "en" else "reason_vi"],
        status_name=[t(f"status.{status}") for status in table["status"]],
    )
