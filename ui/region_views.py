"""The view between regions on the linkages page: matrix, flow map and the strongest tie of each pair."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from geo import palette
from geo.linkage import matrix, regions
from geo.linkage.model import Opportunity
from geo.places import admin
from geo.subjects import materials
from ui import cards, controls, legend, maps, tables
from ui.context import Context
from ui.heat_table import heat_table
from ui.text import Text

VALUES = list(matrix.VALUES)
_SAID = 3
#: The key of widths shows amounts down to this share of the largest; counts below one have no width to show.
_LEAST_SHARE = 0.04


def draw_regions(ctx: Context, opportunities: Sequence[Opportunity], *, map_height: int = 560) -> None:
    """Draw what ties the regions of the chosen set together.

    Parameters
    ----------
    opportunities : sequence of Opportunity
        Those that stand after the filters of the page, ranked.
    map_height : int, default 560
        Pixels.
    """
    t, region_set = ctx.t, ctx.view.region_set
    ties = regions.ties(opportunities, region_set)
    if ties.empty:
        st.info(t("regions.none"), icon=":material/hub:")
        return
    for text in ties[f"sentence_{t.lang}"].head(_SAID):
        st.write("• " + text)
    value, material = _choose(opportunities, region_set, t)
    kept = opportunities
    if material:
        kept = [o for o in opportunities if o.subject_code == material and o.unit == "tonnes_per_year"]
    square = matrix.region_matrix(kept, region_set, value)
    caption = _caption(value, material, t)
    left, right = st.columns([5, 4], gap="medium")
    with left:
        names = admin.regions(region_set)
        named = {str(code): t.name(names.loc[code]) for code in square.index}
        st.html(heat_table(square, named, t, caption=caption))
        st.caption(t("regions.matrix_tonnes") if value == "tonnes" else t("regions.matrix_both"))
        tables.download(ctx, square.reset_index(names="region_code"), name=f"region_matrix_{value}")
    with right:
        flows = regions.flow_frame(opportunities, region_set, value, material=material)
        _map(ctx, flows, caption, value, map_height)
    st.subheader(t("linkages.strongest_tie"), anchor=False)
    _ties(ctx, ties, opportunities)


def _choose(opportunities: Sequence[Opportunity], region_set: str, t: Text) -> tuple[str, str | None]:
    """What the matrix and the map add up; tonnes are those of one material."""
    carried = regions.carried(opportunities, region_set)
    values = VALUES if carried else [value for value in VALUES if value != "tonnes"]
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        value = controls.segments(
            t("matrix.value"), values, parameter="value", default="count", names=lambda v: t(f"matrix.{v}")
        )
        if value != "tonnes":
            return value or "count", None
        catalogue = materials.catalogue()
        material = controls.select(
            t("regions.material"),
            carried,
            parameter="subject",
            default=carried[0],
            names=lambda code: t.name(catalogue.loc[code]),
        )
    return "tonnes", material


def _caption(value: str, material: str | None, t: Text) -> str:
    """Say what the numbers are, with their unit."""
    if material is None:
        return t(f"matrix.{value}")
    return f"{t.name(materials.catalogue().loc[material])}: {t('matrix.tonnes')}"


def _map(ctx: Context, flows: pd.DataFrame, caption: str, value: str, map_height: int) -> None:
    """Lines between the regions, as wide as the square root of their value."""
    t, region_set = ctx.t, ctx.view.region_set
    directed = value == "tonnes"
    layers = [maps.regions_layer(None, region_set=region_set)]
    if len(flows):
        kind = "material" if directed else "cluster"
        lines = flows.assign(
            kind=kind,
            key=flows["first"] + "-" + flows["second"],
            label_lines=flows[f"label_{t.lang}"].str.split("\n"),
        )
        layers.append(maps.flows_layer(lines, directed=directed))
        largest = float(flows["value"].max())
        if value != "count" or largest * _LEAST_SHARE >= 1:
            colour = palette.KINDS[kind]
            widths = legend.widths_legend(caption, largest, lang=t.lang, colour=colour, directed=directed)
            layers.append(maps.legend_control(widths))
    base = maps.base_map(ctx.view.filters.vintage, region_set, t.lang)
    maps.show(base, layers, key="regions_map", height=map_height)
    st.caption(t("regions.map"))


def _ties(ctx: Context, ties: pd.DataFrame, opportunities: Sequence[Opportunity]) -> None:
    """One row a pair of regions: how many opportunities, what is carried most, and the strongest of them."""
    t, lang = ctx.t, ctx.t.lang
    by_id = {o.id: o for o in opportunities}
    best = [by_id[i] for i in ties["strongest_id"]]
    table = ties.assign(
        pair=ties[f"first_{lang}"] + " – " + ties[f"second_{lang}"],
        material=ties[f"material_{lang}"].replace("", "—"),
        who=[cards.who(o, t) for o in best],
        subject=[cards.subject(o, t) for o in best],
        score=ties["strongest_score"],
    )
    tables.show(
        ctx,
        table,
        name="region_ties",
        columns={
            "pair": t("regions.pair"),
            "who": t("column.who"),
            "subject": t("column.subject"),
            "score": t("column.score"),
            "opportunities": t("column.opportunities"),
            "score_total": t("matrix.score"),
            "material": t("regions.most_carried"),
            "tonnes": t("regions.tonnes"),
        },
        digits={"opportunities": 0, "score_total": 1, "tonnes": 0, "score": 2},
    )
