"""Every formula, source, unit, weight and limit, with the live numbers; and the assumptions to change."""

from __future__ import annotations

import streamlit as st

from ui import (
    assumptions,
    context,
    controls,
    frame,
    method_assumptions,
    method_cards,
    method_flows,
    method_places,
    method_ranking,
    method_specialisation,
    sanity_panel,
)

#: Families of measures in the order of the analysis; the numbers of the others are not worked out.
FAMILIES = {
    "specialisation": method_specialisation.SPECIALISATION,
    "hot_spots": method_places.HOT_SPOTS,
    "relatedness": method_places.RELATEDNESS,
    "value_chain": method_places.VALUE_CHAIN,
    "balance": method_flows.BALANCE,
    "change": method_specialisation.CHANGE,
    "ranking": method_ranking.RANKING,
    "groups": method_ranking.GROUPS,
}
CHECK, ASSUMPTIONS = "check", "assumptions"

ctx = context.current()
t = ctx.t
slot = frame.head(ctx, "methods")
changed = assumptions.changed(ctx.view)
frame.finding(slot, t("methods.finding_changed", n=changed) if changed else t("methods.finding"))
family = controls.segments(
    t("methods.family"),
    [*FAMILIES, CHECK, ASSUMPTIONS],
    parameter="view",
    default="specialisation",
    names=lambda name: t(f"methods.family_{name}"),
)
if family == ASSUMPTIONS:
    method_assumptions.draw(ctx)
elif family == CHECK:
    sanity_panel.draw(ctx)
else:
    st.write(t(f"methods.about_{family}"))
    method_cards.draw(ctx, FAMILIES[family or "specialisation"])
with st.expander(t("methods.limits.title"), icon=":material/warning:"):
    st.write(t("methods.limits.text"))
frame.foot(ctx, t("sources.all"), t("methods.how_to_read"))
