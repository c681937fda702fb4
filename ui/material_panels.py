"""Beside and under the map of a material: the picked province, what one tonne more is worth, critical sources."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo import palette
from geo.linkage import what_if_words
from geo.measures.what_if import Change, Scenario
from geo.measures.what_if_effects import Comparison
from geo.places import admin
from ui import cached, charts, context, frame, tables, views, what_if
from ui.context import Context

SHOWN = 10


def coverage(ctx: Context, subject: str) -> str:
    """Say what the supply figures of a material cover: provinces, years, share of the country."""
    t, vintage = ctx.t, ctx.view.filters.vintage
    row = cached.material_coverage(ctx.dataset.name, ctx.dataset.version, vintage).loc[subject]
    if not row["provinces"]:
        return t("materials.no_supply")
    years = dict.fromkeys(f"{row[name]:.0f}" for name in ("year_from", "year_to"))
    said = {
        "provinces": t.number(row["provinces"]),
        "all": t.number(len(admin.provinces(vintage))),
        "years": "–".join(years),
    }
    replaced = " " + t("materials.coverage_own", n=t.number(row["own"])) if row["own"] else ""
    if pd.isna(row["coverage_share"]):
        return t("materials.coverage_unknown", **said) + replaced
    share = f"{t.number(100 * row['coverage_share'], 0)} %"
    return t("materials.coverage", share=share, **said) + replaced


def set_aside(ctx: Context, subject: str) -> str:
    """Say which own figures of a material the boundaries on screen cannot show; nothing where all are in."""
    aside = cached.own_set_aside(ctx.dataset.name, ctx.dataset.version, ctx.view.filters.vintage)
    if aside.empty or subject not in set(aside["material_code"]):
        return ""
    rows = aside[aside["material_code"] == subject]
    name = "name_en" if ctx.t.lang == "en" else "name_vi"
    places = [
        str(admin.provinces(str(row["vintage"])).loc[row["province_code"], name])
        for row in rows.to_dict("records")
    ]
    return ctx.t("materials.own_aside", n=ctx.t.number(len(rows)), places=", ".join(places))


def assumptions(ctx: Context) -> None:
    """Say the assumptions of the plan in force, with the way to change them."""
    t, options = ctx.t, ctx.view.flow_options
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.caption(
            t(
                "materials.assumptions",
                detour=t.number(options.detour_factor, 2),
                imports=t.number(options.import_penalty_km),
                regions=t.number(options.between_regions_km),
                share=f"{t.number(100 * options.available_share)} %",
            ),
            width="content",
        )
        st.page_link(
            frame.target("methods"),
            label=t("materials.assumptions_link"),
            icon=":material/tune:",
            query_params=frame.link(ctx),
        )


def picked(ctx: Context, code: str, rows: pd.DataFrame, flows: pd.DataFrame, prices: pd.DataFrame) -> None:
    """Draw the card of the province picked on the map: its figures, its flows, what one tonne more is worth."""
    t = ctx.t
    row = rows[rows["province_code"] == code].iloc[0]
    none = t("materials.no_figure")

    def written(value: float) -> str:
        return none if pd.isna(value) else t.short(value)

    home = flows[flows["origin_kind"] == "province"]
    with st.container(border=True):
        st.markdown(f"**{views.province_name(ctx, code)}**")
        st.write(
            t(
                "materials.picked_figures",
                supply=written(row["supply_tonnes"]),
                demand=t.short(row["demand_tonnes"]),
                balance=written(row["balance_tonnes"]),
            )
        )
        sent = home.loc[home["origin_code"] == code, "flow_tonnes"].sum()
        received = flows.loc[flows["destination_code"] == code, "flow_tonnes"].sum()
        st.write(t("materials.picked_flows", sent=t.short(sent), received=t.short(received)))
        own = prices[prices["province_code"] == code].sort_values("side", ascending=False)
        for price in own.to_dict("records"):
            said = what_if_words.price_text({str(k): v for k, v in price.items()}, ctx.view.filters.vintage)
            st.write(t.said(said))
        st.button(
            t("materials.picked_close"),
            key="materials_unpick",
            type="tertiary",
            icon=":material/close:",
            on_click=context.set_parameter,
            args=("pick", ""),
        )


def worth(ctx: Context, subject: str, prices: pd.DataFrame, codes: tuple[str, ...]) -> None:
    """Draw what one tonne more is worth: the provinces where it saves most, and all of them in a table."""
    t = ctx.t
    st.subheader(t("materials.worth"), anchor=False)
    table = _by_province(prices[prices["province_code"].isin(codes)])
    table.insert(1, "province_name", [views.province_name(ctx, code) for code in table["province_code"]])
    st.caption(f"{t('materials.worth_chart')} {t('materials.worth_note')}")
    meets = table[table["supply_unmet"] > 0]
    if len(meets):
        st.info(t("materials.worth_unmet", n=t.number(len(meets))))
    saving = table[(table["supply_unmet"] <= 0) & (table["supply_worth"] > 0)]
    if len(saving):
        top = saving.nlargest(SHOWN, "supply_worth")
        chart = charts.bar_chart(
            top, t, "supply_worth", t("materials.tonne_km"), palette.OKABE_ITO["bluish_green"]
        )
        st.altair_chart(chart, width="stretch")  # type: ignore[call-overload]
    elif meets.empty:
        st.info(t("materials.worth_none"))
    columns = ["supply_worth", "supply_imports", "supply_unmet", "need_worth", "need_unmet"]
    with st.expander(t("materials.chart_table"), icon=":material/table:"):
        tables.show(
            ctx,
            table.sort_values(["supply_unmet", "supply_worth"], ascending=False, kind="stable"),
            name=f"worth_{subject}",
            columns={"province_name": t("column.province")} | {name: t(f"column.{name}") for name in columns},
            digits={
                "supply_worth": 0,
                "supply_imports": 0,
                "supply_unmet": 0,
                "need_worth": 0,
                "need_unmet": 0,
            },
        )


def _by_province(prices: pd.DataFrame) -> pd.DataFrame:
    """One row a province: one tonne more of supply, one tonne more of need."""
    supply = prices[prices["side"] == "origin"].set_index("province_code")
    need = prices[prices["side"] == "destination"].set_index("province_code")
    table = pd.DataFrame(
        {
            "supply_worth": supply["price_km"],
            "supply_imports": supply["import_tonnes"],
            "supply_unmet": supply["unmet_tonnes"],
            "need_worth": need["price_km"],
            "need_unmet": need["unmet_tonnes"],
        }
    )
    return table.reset_index()


def critical(ctx: Context, subject: str, table: pd.DataFrame, chosen: Scenario) -> None:
    """Draw what happens if a source fails, the most critical first, with a button that tries it."""
    t, vintage = ctx.t, ctx.view.filters.vintage
    st.subheader(t("materials.critical"), anchor=False)
    said = " " + t("materials.critical_scenario") if chosen else ""
    kinds = zip(table["source_kind"], table["source_code"], strict=True)
    sources = [what_if_words.place_name(code, kind, vintage) for kind, code in kinds]
    table = table.assign(province_name=[t.said(name) for name in sources])
    column = "extra_unmet_tonnes" if (table["extra_unmet_tonnes"] > 0).any() else "extra_counted_tonne_km"
    drawn = table[table[column] > 0].head(SHOWN)
    if drawn.empty:
        st.info(t("materials.critical_none") + said)
        return
    unmet = column == "extra_unmet_tonnes"
    title = t("unit.tonnes_per_year") if unmet else t("materials.tonne_km")
    st.caption((t("materials.critical_unmet") if unmet else t("materials.critical_haulage")) + said)
    chart = charts.bar_chart(drawn, t, column, title, palette.OKABE_ITO["vermillion"])
    st.altair_chart(chart, width="stretch")  # type: ignore[call-overload]
    _try(ctx, subject, drawn.iloc[0], chosen)
    with st.expander(t("materials.chart_table"), icon=":material/table:"):
        names = {
            "province_name": t("column.source_name"),
            "lost_tonnes": t("column.source_lost"),
            "sent_tonnes": t("column.sent_tonnes"),
            "extra_unmet_tonnes": t("column.extra_unmet"),
            "extra_import_tonnes": t("column.extra_imports"),
            "extra_tonne_km": t("column.extra_tonne_km"),
            "extra_counted_tonne_km": t("column.extra_counted"),
        }
        tables.show(
            ctx,
            table,
            name=f"critical_{subject}",
            columns=names,
            digits=dict.fromkeys([name for name in names if name != "province_name"], 0),
        )


def _try(ctx: Context, subject: str, row: pd.Series, chosen: Scenario) -> None:
    """Offer to lose the most critical source."""
    vintage = ctx.view.filters.vintage
    code = str(row["source_code"])
    change = (
        Change("gate", "", code) if row["source_kind"] == "gateway" else Change("fail", subject, code, 1.0)
    )
    said = what_if_words.change_text(change, vintage)
    st.button(
        ctx.t("what_if.try", change=ctx.t.said(said)),
        key="what_if_try",
        icon=":material/alt_route:",
        disabled=change in chosen.changes,
        on_click=what_if.put,
        args=(chosen.with_change(change),),
    )


def changes(ctx: Context, subject: str, comparison: Comparison) -> None:
    """Draw the flows a scenario changes, and who sends, receives or is left shorter; nothing where nothing does."""
    t = ctx.t
    flows = comparison.flows[comparison.flows["material_code"] == subject]
    places = comparison.places[comparison.places["material_code"] == subject]
    if flows.empty and places.empty:
        return
    st.subheader(t("what_if.changed_table"), anchor=False)
    amounts = ("before_tonnes", "after_tonnes", "difference_tonnes")
    tables.show(
        ctx,
        views.flow_names(ctx, flows),
        name=f"what_if_flows_{subject}",
        columns={"origin_name": t("column.origin"), "destination_name": t("column.destination")}
        | {name: t(f"column.{name}") for name in amounts}
        | {"distance_km": t("column.distance")},
        digits=dict.fromkeys(amounts, 1) | {"distance_km": 0},
    )
    st.subheader(t("what_if.places_table"), anchor=False)
    named = places.assign(province_name=[views.province_name(ctx, code) for code in places["province_code"]])
    differences = ("sent", "received", "import", "unmet")
    tables.show(
        ctx,
        named,
        name=f"what_if_places_{subject}",
        columns={"province_name": t("column.province")}
        | {f"{name}_difference_tonnes": t(f"column.{name}_difference") for name in differences},
        digits={f"{name}_difference_tonnes": 1 for name in differences},
    )
