"""Which provinces, which regions should link, in what, and why?"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo.linkage import matrix, score
from geo.places import admin
from ui import (
    cards,
    context,
    controls,
    frame,
    legend,
    live_layer,
    maps,
    opportunity_map,
    palette,
    tables,
    views,
)
from ui.heat_table import heat_table

MAP_HEIGHT = 660
LISTED, DRAWN = 40, 20
VIEWS = ["pairs", "regions", "matrix"]
VALUES = ["count", "score", "tonnes"]

ctx = context.current()
t, view = ctx.t, ctx.view
slot = frame.head(ctx, "linkages")
ranking = views.ranking(ctx)
kinds = sorted({o.kind for o in ranking.opportunities})

with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
    shown = controls.segments(
        t("linkages.view"), VIEWS, parameter="view", default="pairs", names=lambda v: t(f"linkages.view_{v}")
    )
    kind = controls.segments(
        t("linkages.kind"), kinds, parameter="mode", default=None, names=lambda k: t(f"kind.{k}")
    )
    between = controls.toggle(t("linkages.only_between"), parameter="level", on="between")
kept = [
    o for o in ranking.opportunities if (not kind or o.kind == kind) and (o.crosses_regions or not between)
]

if kept:
    pair_count = len({frozenset(o.province_codes) for o in kept})
    frame.finding(
        slot,
        t(
            "linkages.finding",
            count=t.number(len(kept)),
            pairs=t.number(pair_count),
            crossing=t.number(sum(o.crosses_regions for o in kept)),
            first=cards.brief(kept[0], t),
            letter=kept[0].confidence,
        ),
    )
else:
    frame.finding(slot, t("overview.nothing"))
    frame.empty(ctx, views.kept_sentence(ctx))
st.caption(views.kept_sentence(ctx))


def draw_pairs() -> None:
    """The ranked list, the map of the chosen one and why it was found."""
    ids = [o.id for o in kept]
    picked = context.parameter("pick", ids)
    asked = context.parameter("pick")
    if asked and not picked:
        st.warning(t("linkages.gone"), icon=":material/link_off:")
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.html(cards.bars_legend(t))
        with st.container(height=MAP_HEIGHT - 40):
            for rank, item in enumerate(kept[:LISTED], 1):
                st.html(cards.card(item, ranking.weights, t, rank=rank))
                if st.button(
                    t("linkages.chosen") if item.id == picked else t("linkages.choose"),
                    key=f"choose_{item.id}",
                    type="primary" if item.id == picked else "secondary",
                ):
                    context.set_parameter("pick", item.id)
                    st.rerun()
        if len(kept) > LISTED:
            st.caption(t("linkages.cut", shown=LISTED, total=t.number(len(kept))))
    chosen = next((o for o in kept if o.id == picked), None)
    drawn = [chosen] if chosen else kept[:DRAWN]
    with right:
        groups = opportunity_map.layers(drawn, view.filters.vintage, t, selected=picked or None)
        groups.insert(0, maps.choropleth(None, vintage=view.filters.vintage))
        if chosen:
            groups.append(
                live_layer.live_cells(
                    ctx.dataset, opportunity_map.establishments(chosen, view.filters), t.lang
                )
            )
            groups.append(maps.focus_on(view.filters.vintage, chosen.province_codes, token=chosen.id))
        groups.append(maps.legend_control(opportunity_map.widths(drawn, t)))
        base = maps.base_map(view.filters.vintage, view.region_set, t.lang)
        answer = maps.new_click(
            maps.show(base, groups, key="linkages_map", height=MAP_HEIGHT), "linkages_map"
        )
        if answer.get("flow_key"):
            context.set_parameter("pick", str(answer["flow_key"]))
            st.rerun()
        if chosen:
            if st.button(t("linkages.show_all"), icon=":material/undo:"):
                context.set_parameter("pick", "")
                st.rerun()
        else:
            st.caption(t("linkages.drawn", shown=len(drawn), total=t.number(len(kept))))
    if chosen:
        draw_why(chosen)


def draw_why(chosen) -> None:  # type: ignore[no-untyped-def]
    """Sentence, scheme, components, evidence, cautions."""
    st.subheader(t("linkages.why_title", who=cards.who(chosen, t)), anchor=False)
    st.write(chosen.sentence(t.lang))
    st.info(chosen.scheme_en if t.lang == "en" else chosen.scheme_vi, icon=":material/lightbulb:")
    parts, reasons = st.columns([3, 2], gap="medium")
    with parts:
        rows = [
            {
                "component": c.label_en if t.lang == "en" else c.label_vi,
                "value": chosen.components[c.name],
                "weight": ranking.weights[c.name],
                "product": chosen.components[c.name] * ranking.weights[c.name],
                "meaning": c.meaning_en if t.lang == "en" else c.meaning_vi,
            }
            for c in score.COMPONENTS
        ]
        tables.show(
            ctx,
            pd.DataFrame(rows),
            name=f"components_{chosen.id}",
            columns={k: t(f"column.{k}") for k in ("component", "value", "weight", "product", "meaning")},
            digits={"value": 2, "weight": 2, "product": 3},
        )
    with reasons:
        st.markdown(f"**{t('linkages.confidence', letter=chosen.confidence)}**")
        for reason in chosen.confidence_reasons:
            st.write("• " + (reason.en if t.lang == "en" else reason.vi))
        for caution in chosen.warnings:
            basis = f" ({caution.legal_basis})" if caution.legal_basis else ""
            st.warning(f"{caution.en if t.lang == 'en' else caution.vi}{basis}", icon=":material/gavel:")
    st.markdown(f"**{t('linkages.evidence')}**")
    tables.show(
        ctx,
        opportunity_map.evidence_table(chosen),
        name=f"evidence_{chosen.id}",
        columns={k: t(f"column.{k}") for k in ("table", "key", "field", "value", "source", "status")},
    )


def choose_value(key: str) -> str:
    """What a matrix adds up."""
    names = {value: t(f"matrix.{value}") for value in VALUES}
    chosen = st.segmented_control(t("matrix.value"), VALUES, default="count", format_func=names.get, key=key)
    return chosen or "count"


def draw_regions() -> None:
    """Region × region: matrix, map and the strongest tie of each pair."""
    names = admin.regions(view.region_set)
    value = choose_value("matrix_value")
    square = matrix.region_matrix(kept, view.region_set, value)
    named = {code: t.name(names.loc[code]) for code in square.index}
    left, right = st.columns([1, 1], gap="medium")
    left.html(heat_table(square, named, t, caption=t(f"matrix.{value}")))
    with right:
        ties = opportunity_map.region_flows(kept, view.region_set, value, t)
        groups = [maps.regions_layer(None, region_set=view.region_set)]
        if len(ties):
            directed = value == "tonnes"
            groups.append(maps.flows_layer(ties, directed=directed))
            groups.append(
                maps.legend_control(
                    legend.widths_legend(
                        t(f"matrix.{value}"),
                        float(ties["value"].max()),
                        lang=t.lang,
                        colour=palette.KINDS["material" if directed else "cluster"],
                        directed=directed,
                    )
                )
            )
        base = maps.base_map(view.filters.vintage, view.region_set, t.lang)
        maps.show(base, groups, key="regions_map", height=MAP_HEIGHT - 100)
    st.subheader(t("linkages.strongest_tie"), anchor=False)
    tables.show(
        ctx,
        opportunity_map.strongest_ties(kept, view.region_set, t),
        name="region_ties",
        columns={
            k: t(f"column.{k}") for k in ("region_a", "region_b", "opportunities", "who", "subject", "score")
        },
        digits={"opportunities": 0, "score": 2},
    )
    tables.download(ctx, square.reset_index(names="region_code"), name=f"region_matrix_{value}")


def draw_matrix() -> None:
    """Province × province."""
    value = choose_value("province_matrix_value")
    square = matrix.province_matrix(kept, value, view.filters.vintage)
    touched = square.index[(square.sum(axis=1) + square.sum(axis=0)) > 0]
    small = square.loc[touched, touched]
    named = {code: views.province_name(ctx, code) for code in touched}
    st.html(heat_table(small, named, t, caption=t(f"matrix.{value}")))
    tables.download(ctx, small.reset_index(names="province_code"), name=f"province_matrix_{value}")


if kept:
    {"pairs": draw_pairs, "regions": draw_regions, "matrix": draw_matrix}[shown or "pairs"]()
    with st.expander(t("tables.twin"), icon=":material/table:"):
        listed = ranking.table[ranking.table["id"].isin([o.id for o in kept])]
        suffix = t.lang
        tables.show(
            ctx,
            listed,
            name="opportunities",
            columns={
                "rank": t("column.rank"),
                "kind": t("column.kind"),
                f"subject_{suffix}": t("column.subject"),
                f"provinces_{suffix}": t("column.provinces"),
                "magnitude": t("column.magnitude"),
                "unit": t("column.unit"),
                "distance_km": t("column.distance"),
                "establishments_gaining": t("column.gaining"),
                "score": t("column.score"),
                "confidence": t("column.confidence"),
                f"sentence_{suffix}": t("column.sentence"),
            },
            digits={"magnitude": 1, "distance_km": 0, "score": 3, "establishments_gaining": 0},
        )
for note in ranking.notes:
    st.caption("• " + (note.en if t.lang == "en" else note.vi))
frame.foot(ctx, t("sources.all"), t("linkages.how_to_read"))
