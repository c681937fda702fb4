"""Which provinces, which regions should link, in what, and why?"""

from __future__ import annotations

import streamlit as st

from geo.linkage import matrix
from ui import (
    cards,
    context,
    controls,
    frame,
    group_cards,
    opportunity_list,
    region_views,
    stability_panel,
    tables,
    views,
    weight_panel,
    why_panel,
)
from ui.heat_table import heat_table

VIEWS = ["pairs", "groups", "regions", "matrix"]
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
with st.expander(t("weights.title"), icon=":material/tune:", expanded=bool(view.weights)):
    weight_panel.draw(ctx)
stability_panel.draw(ctx)


def draw_pairs() -> None:
    """The ranked list, the map of the chosen one and why it was found."""
    chosen = opportunity_list.draw(ctx, kept, ranking)
    if chosen:
        why_panel.draw(ctx, chosen, ranking.weights)


def draw_matrix() -> None:
    """Province × province."""
    value = controls.segments(
        t("matrix.value"), VALUES, parameter="value", default="count", names=lambda v: t(f"matrix.{v}")
    )
    square = matrix.province_matrix(kept, str(value), view.filters.vintage)
    touched = square.index[(square.sum(axis=1) + square.sum(axis=0)) > 0]
    small = square.loc[touched, touched]
    named = {code: views.province_name(ctx, code) for code in touched}
    st.html(heat_table(small, named, t, caption=t(f"matrix.{value}")))
    tables.download(ctx, small.reset_index(names="province_code"), name=f"province_matrix_{value}")


def draw_twin() -> None:
    """All that is listed, as a table."""
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
            "top_ten_share": t("column.top_ten_share"),
            "rank_low": t("column.rank_low"),
            "rank_high": t("column.rank_high"),
            f"sentence_{suffix}": t("column.sentence"),
        },
        digits={
            "magnitude": 1,
            "distance_km": 0,
            "score": 3,
            "establishments_gaining": 0,
            "top_ten_share": 2,
            "rank_low": 0,
            "rank_high": 0,
        },
    )


if kept:
    if shown == "groups":
        group_cards.draw_groups(ctx, kept)
    elif shown == "regions":
        region_views.draw_regions(ctx, kept)
    elif shown == "matrix":
        draw_matrix()
    else:
        draw_pairs()
    twin = st.expander(
        t("linkages.twin", total=t.number(len(kept))),
        icon=":material/table:",
        key="linkages_twin",
        on_change="rerun",
    )
    if twin.open:
        with twin:
            draw_twin()
if ranking.notes:
    with st.expander(t("linkages.notes", count=t.number(len(ranking.notes))), icon=":material/info:"):
        st.markdown("\n".join(f"- {t.said(note)}" for note in ranking.notes))
frame.foot(ctx, t("sources.all"), t("linkages.how_to_read"))
