"""Cards of balances, flows and what one tonne more is worth, each with live numbers."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from geo.subjects import materials
from ui import cached, views
from ui.context import Context
from ui.method_cards import Card


def _balance(context: Context) -> str | None:
    """Supply less demand where the demand is largest."""
    t = context.t
    known = views.material_tables(context).balance.dropna(subset=["balance_tonnes"])
    known = _chosen(context, known)
    if known.empty:
        return None
    row = known.sort_values("demand_tonnes", ascending=False).iloc[0]
    return t(
        "method.balance.example",
        province=views.province_name(context, row["province_code"]),
        material=_material(context, row["material_code"]),
        supply=t.number(row["supply_tonnes"]),
        demand=t.number(row["demand_tonnes"], 1),
        balance=t.number(row["balance_tonnes"], 1),
    )


def _flows(context: Context) -> str | None:
    """The largest flow of the plan."""
    t, flows = context.t, views.material_tables(context).plan.flows
    if context.view.filters.materials:
        flows = flows[flows["material_code"].isin(context.view.filters.materials)]
    if flows.empty:
        return None
    row = views.flow_names(context, flows.nlargest(1, "flow_tonnes")).iloc[0]
    return t(
        "method.flows.example",
        material=_material(context, row["material_code"]),
        origin=row["origin_name"],
        destination=row["destination_name"],
        tonnes=t.number(row["flow_tonnes"], 1),
        straight=t.number(row["straight_km"]),
        detour=t.number(context.view.detour_factor, 2),
        km=t.number(row["distance_km"]),
        tonne_km=t.short(row["tonne_km"]),
    )


def _worth(context: Context) -> str | None:
    """What one tonne more saves at the best place of the material with the most haulage."""
    t, view, dataset = context.t, context.view, context.dataset
    flows = views.material_tables(context).plan.flows
    if view.filters.materials:
        flows = flows[flows["material_code"].isin(view.filters.materials)]
    if flows.empty:
        return None
    material = str(flows.groupby("material_code")["tonne_km"].sum().idxmax())
    narrowed = replace(view.filters.without("regions", "provinces"), materials=(material,))
    prices = cached.tonne_worth(dataset.name, dataset.version, narrowed, view.overrides, view.flow_options)
    most = prices[prices["side"] == "origin"].sort_values("price_km", ascending=False)
    if most.empty:
        return None
    row = most.iloc[0]
    words = t(
        "method.worth.example",
        material=_material(context, material),
        province=views.province_name(context, row["province_code"]),
        price=t.number(row["price_km"]),
    )
    if row["import_tonnes"] > 0:
        words += " " + t("method.worth.imports", tonnes=t.number(row["import_tonnes"], 2))
    if row["unmet_tonnes"] > 0:
        words += " " + t("method.worth.unmet", tonnes=t.number(row["unmet_tonnes"], 2))
    return words


def _chosen(context: Context, table: pd.DataFrame) -> pd.DataFrame:
    """Keep the provinces and materials that the filters keep."""
    chosen = context.view.filters
    kept = table["province_code"].isin(views.scope(context).codes)
    if chosen.materials:
        kept &= table["material_code"].isin(chosen.materials)
    return table[kept]


def _material(context: Context, code: str) -> str:
    """Name a material in the language."""
    return context.t.name(materials.catalogue().loc[code])


BALANCE = (
    Card(
        "balance",
        r"b_{pm} = s_{pm} - d_{pm},\qquad d_{pm} = \sum_{e \in p} (n_{em} \,\vee\, c_{km} L_e)",
        _balance,
    ),
    Card(
        "flows",
        r"\min \sum_{ij} f_{ij}\, d_{ij} \quad \Big|\quad \sum_j f_{ij} \le s_i,\ \sum_i f_{ij} + u_j = q_j,"
        r"\ f, u \ge 0",
        _flows,
    ),
    Card("worth", r"\pi_i = -\,\frac{\partial}{\partial s_i} \min \sum_{ij} f_{ij}\, d_{ij}", _worth),
    Card(
        "what_if",
        r"\Delta = \min_{s', q', \dots} \sum_{ij} f_{ij}\, d_{ij} - \min_{s, q} \sum_{ij} f_{ij}\, d_{ij}",
    ),
)
