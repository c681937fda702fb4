"""The map of one raw material: provinces by balance, supply or demand, users, gateways, flows, and what a scenario changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import folium
import pandas as pd

from geo import palette
from geo.measures.what_if import Scenario
from geo.measures.what_if_effects import Comparison
from geo.places import distances
from geo.subjects import gateways
from ui import legend, maps, views
from ui.context import Context

#: Flows of a scenario: safe for colour-blind eyes, and told apart by their tooltips too.
MORE, LESS, SAME = palette.OKABE_ITO["blue"], palette.OKABE_ITO["orange"], "#aab4bc"
CHANGED, SHORTER = palette.KINDS["material"], palette.OKABE_ITO["reddish_purple"]
MODES = ("balance", "supply", "demand")


@dataclass(frozen=True)
class Shown:
    """What the map shows of one material.

    Attributes
    ----------
    rows : DataFrame
        Balance of the provinces in scope, with ``province_name`` and ``own`` (the supply rests on own figures).
    flows : DataFrame
        Flows of the stage on screen (before or after), over the whole country.
    mode : str
        One of :data:`MODES`.
    stage : str
        ``before``, ``after`` or ``difference``.
    comparison : Comparison or None
        What the scenario changes; None without one.
    """

    subject: str
    rows: pd.DataFrame
    flows: pd.DataFrame
    mode: str
    stage: str
    scenario: Scenario
    comparison: Comparison | None
    picked: str
    draw_flows: bool


def draw(ctx: Context, shown: Shown) -> tuple[list[folium.FeatureGroup], str]:
    """Return the layers and the legend (escaped HTML)."""
    parts = _difference(ctx, shown) if shown.stage == "difference" else _state(ctx, shown)
    groups, blocks = parts
    doors = _doors(ctx, shown)
    if len(doors):
        groups.append(maps.diamonds_layer(doors))
        blocks.append(legend.marks_legend(ctx.t("materials.marks"), {"diamond": ctx.t("materials.gateways")}))
    return groups, legend.join(*blocks)


def _state(ctx: Context, shown: Shown) -> tuple[list[folium.FeatureGroup], list[str]]:
    """Layers and legends of a plan as it stands."""
    t = ctx.t
    groups, blocks = _tint(ctx, shown)
    drawn, keys = _flows(ctx, shown)
    users = shown.rows[shown.rows["demand_tonnes"] > 0]
    if len(users):
        circles = _at_provinces(ctx, users).assign(
            value=users["demand_tonnes"],
            label_lines=[
                f"{row['province_name']}\n{t('materials.tint_demand')}: {t.short(row['demand_tonnes'])}"
                for row in users.to_dict("records")
            ],
        )
        groups.append(maps.circles_layer(circles))
        largest = float(users["demand_tonnes"].max())
        keys.append(legend.circles_legend(t("materials.users"), largest, lang=t.lang))
    return [*groups, *drawn], [*blocks, *keys]


def _flows(ctx: Context, shown: Shown) -> tuple[list[folium.FeatureGroup], list[str]]:
    """Flows of a plan: home and import, or, under a scenario, those that changed and those that stay."""
    t = ctx.t
    if not shown.draw_flows or shown.flows.empty:
        return [], []
    ends = views.flow_ends(ctx, shown.flows)
    kinds = {"material": t("materials.flow_home"), "import": t("materials.flow_import")}
    inks: Mapping[str, str] = palette.KINDS
    if shown.stage == "after" and shown.comparison is not None:
        kinds = {"changed": t("what_if.flow_changed"), "same": t("what_if.flow_same")}
        inks = {"changed": CHANGED, "same": SAME}
        moved = _changed(shown.flows, shown.comparison)
        ends = ends.assign(kind=moved.map({True: "changed", False: "same"}))
        ends = ends.assign(colour=ends["kind"].map(inks))
    present = {code: label for code, label in kinds.items() if code in set(ends["kind"])}
    keys = [_widths(ctx, float(shown.flows["flow_tonnes"].max()))]
    if set(present) != {"material"}:
        keys.insert(0, legend.kinds_legend(t("materials.flows"), present, inks))
    return [maps.flows_layer(ends)], keys


def _tint(ctx: Context, shown: Shown) -> tuple[list[folium.FeatureGroup], list[str]]:
    """Provinces by class; those without a figure are hatched, those nobody asks anything of stay plain."""
    t, rows = ctx.t, shown.rows
    values = rows.set_index("province_code")[f"{shown.mode}_tonnes"].astype(float)
    note = ""
    if shown.mode == "demand":
        # No user in the list is a count of none, not a missing figure.
        values = values[values > 0]
        note = t("materials.blank_demand")
    diverging = shown.mode == "balance"
    if diverging and (values == 0).any():
        values = values[values != 0]
        note = t("materials.blank_balance")
    classes = palette.diverging_breaks(values) if diverging else palette.class_breaks(values)
    colours = palette.DIVERGING if diverging else palette.SEQUENTIAL
    layer = maps.choropleth(
        values,
        vintage=ctx.view.filters.vintage,
        classes=classes,
        palette=colours,
        tooltips=_tooltips(ctx, rows),
        selected=[shown.picked] if shown.picked else [],
        only=list(values.index),
    )
    block = legend.classes_legend(
        t(f"materials.tint_{shown.mode}"),
        classes,
        classes.colours(colours),
        lang=t.lang,
        unit=t("unit.tonnes_per_year"),
        note=note,
    )
    return [layer], [block]


def _tooltips(ctx: Context, rows: pd.DataFrame) -> pd.Series:
    """Supply, demand and balance of each province."""
    t = ctx.t
    none = t("materials.no_figure")
    lines = {
        row["province_code"]: t(
            "materials.tooltip",
            supply=_supply(ctx, row, none),
            demand=t.short(row["demand_tonnes"]),
            balance=none if pd.isna(row["balance_tonnes"]) else t.short(row["balance_tonnes"]),
        )
        for row in rows.to_dict("records")
    }
    return pd.Series(lines, dtype=object)


def _supply(ctx: Context, row: Mapping[Any, Any], none: str) -> str:
    """Write a supply; one that rests on the user's own figures says so."""
    if pd.isna(row["supply_tonnes"]):
        return none
    written = ctx.t.short(row["supply_tonnes"])
    return ctx.t("materials.own_mark", supply=written) if row["own"] else written


def _difference(ctx: Context, shown: Shown) -> tuple[list[folium.FeatureGroup], list[str]]:
    """Layers and legends of what a scenario changes: who sends more or less, who is left shorter, which flows."""
    t, comparison = ctx.t, shown.comparison
    assert comparison is not None
    places = comparison.places[comparison.places["material_code"] == shown.subject]
    sent = places.set_index("province_code")["sent_difference_tonnes"]
    sent = sent[sent != 0]
    classes = palette.diverging_breaks(sent)
    layer = maps.choropleth(
        sent,
        vintage=ctx.view.filters.vintage,
        classes=classes,
        palette=palette.DIVERGING,
        tooltips=_tooltips(ctx, shown.rows),
        selected=[shown.picked] if shown.picked else [],
        only=list(sent.index),
    )
    groups, blocks = [layer], []
    if len(sent):
        blocks.append(
            legend.classes_legend(
                t("what_if.sent_difference"),
                classes,
                classes.colours(palette.DIVERGING),
                lang=t.lang,
                unit=t("unit.tonnes_per_year"),
                note=" ",
            )
        )
    shorter = places[places["unmet_difference_tonnes"] > 0]
    if len(shorter):
        circles = _at_provinces(ctx, shorter).assign(
            value=shorter["unmet_difference_tonnes"],
            label_lines=[
                f"{views.province_name(ctx, str(row['province_code']))}\n"
                f"{t('what_if.shorter')}: {t.short(row['unmet_difference_tonnes'])}"
                for row in shorter.to_dict("records")
            ],
        )
        groups.append(maps.circles_layer(circles, colour=SHORTER))
        largest = float(shorter["unmet_difference_tonnes"].max())
        blocks.append(legend.circles_legend(t("what_if.shorter"), largest, lang=t.lang, colour=SHORTER))
    flows = comparison.flows[comparison.flows["material_code"] == shown.subject]
    if shown.draw_flows and len(flows):
        groups.append(maps.flows_layer(_difference_ends(ctx, flows)))
        blocks.append(_widths(ctx, float(flows["difference_tonnes"].abs().max()), SAME))
        kinds = {"more": t("what_if.flow_more"), "less": t("what_if.flow_less")}
        blocks.append(legend.kinds_legend(t("materials.flows"), kinds, {"more": MORE, "less": LESS}))
    return groups, blocks


def _difference_ends(ctx: Context, flows: pd.DataFrame) -> pd.DataFrame:
    """Changed flows as the map draws them: as wide as the change, its direction by colour."""
    t = ctx.t
    change = flows["difference_tonnes"]
    ends = views.flow_ends(ctx, flows.assign(flow_tonnes=change.abs()))
    labels = [
        [
            lines[0],
            t("what_if.flow_tip", before=t.short(row["before_tonnes"]), after=t.short(row["after_tonnes"])),
            lines[2],
        ]
        for lines, row in zip(ends["label_lines"], flows.to_dict("records"), strict=True)
    ]
    return ends.assign(
        label_lines=pd.Series(labels, index=ends.index, dtype=object),
        colour=(change > 0).map({True: MORE, False: LESS}),
    )


def _changed(flows: pd.DataFrame, comparison: Comparison) -> pd.Series:
    """Which flows of a plan the scenario changed."""
    keys = ["material_code", "origin_kind", "origin_code", "destination_code"]
    moved = pd.MultiIndex.from_frame(comparison.flows[keys])
    return pd.Series(pd.MultiIndex.from_frame(flows[keys]).isin(moved), index=flows.index)


def _doors(ctx: Context, shown: Shown) -> pd.DataFrame:
    """Gateways that bring the material in, with what they bring in the plan."""
    t = ctx.t
    doors = gateways.gateways()
    doors = doors[[shown.subject in codes for codes in doors["material_codes_in"]]]
    brought = (
        shown.flows[shown.flows["origin_kind"] == "gateway"]
        .groupby("origin_code")["flow_tonnes"]
        .sum()
        .to_dict()
    )
    shut = {change.place_code for change in shown.scenario.changes if change.kind == "gate"}
    shut = shut if shown.stage != "before" else set()
    lines = []
    for code, row in doors.iterrows():
        if code in shut:
            said = t("materials.gateway_closed")
        elif code in brought:
            said = t("materials.gateway_brings", tonnes=t.short(brought[code]))
        else:
            said = t("materials.gateway_idle")
        lines.append([t.name(row), said])
    colours = [SAME if code in shut else palette.INK for code in doors.index]
    return doors.assign(label_lines=pd.Series(lines, index=doors.index, dtype=object), colour=colours)


def _at_provinces(ctx: Context, rows: pd.DataFrame) -> pd.DataFrame:
    """Add the point of each province."""
    points = distances.province_points(ctx.view.filters.vintage)
    return rows.join(points[["lat", "lon"]], on="province_code")


def _widths(ctx: Context, largest: float, colour: str = palette.KINDS["material"]) -> str:
    """The key of flow widths."""
    t = ctx.t
    return legend.widths_legend(
        t("legend.flow"), largest, lang=t.lang, unit=t("unit.tonnes_per_year"), colour=colour
    )
