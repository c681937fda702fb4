"""Why a group of provinces was found: sentence, scheme, roles, score, opportunities, evidence."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from geo.linkage import groups as grouping
from geo.linkage.group_model import Group
from geo.linkage.model import Opportunity
from ui import cards, tables, views, why_panel
from ui.context import Context


def draw(ctx: Context, chosen: Group, inside: Sequence[Opportunity], title: str) -> None:
    """Draw sentence, scheme, roles, score, opportunities, evidence, confidence and cautions of a group."""
    t = ctx.t
    st.subheader(title, anchor=False)
    st.write(chosen.sentence(t.lang))
    st.info(chosen.scheme(t.lang), icon=":material/lightbulb:")
    st.caption(t("groups.flagship"))
    parts, reasons = st.columns([3, 2], gap="medium")
    with parts:
        _roles(ctx, chosen)
        _components(ctx, chosen)
    with reasons:
        why_panel.judgement(ctx, chosen)
    why_panel.support(ctx, chosen)
    _opportunities(ctx, chosen, inside)
    why_panel.evidence(ctx, chosen)


def _roles(ctx: Context, chosen: Group) -> None:
    """Which part each member plays, and how many establishments gain there."""
    t = ctx.t
    counts = {
        row["key"]["province_code"]: row["values"]["establishments"]
        for row in chosen.evidence
        if row["table"] == "group_members"
    }
    rows = [
        {
            "province": views.province_name(ctx, m.province_code),
            "roles": "; ".join(t("role." + role) for role in m.roles),
            "gaining": counts.get(m.province_code, 0),
        }
        for m in chosen.provinces
    ]
    columns = {"province": t("column.province"), "gaining": t("column.gaining"), "roles": t("groups.roles")}
    tables.show(ctx, pd.DataFrame(rows), name=f"members_{chosen.id}", columns=columns, digits={"gaining": 0})


def _components(ctx: Context, chosen: Group) -> None:
    """The score cut in its parts."""
    t = ctx.t
    rows = [
        {
            "component": t("groups.component." + name),
            "value": chosen.components[name],
            "weight": weight,
            "product": chosen.components[name] * weight,
            "meaning": t("groups.meaning." + name),
        }
        for name, weight in grouping.WEIGHTS.items()
    ]
    tables.show(
        ctx,
        pd.DataFrame(rows),
        name=f"parts_{chosen.id}",
        columns={k: t(f"column.{k}") for k in ("component", "value", "weight", "product", "meaning")},
        digits={"value": 2, "weight": 2, "product": 3},
    )


def _opportunities(ctx: Context, chosen: Group, inside: Sequence[Opportunity]) -> None:
    """The opportunities that the group is made of."""
    t = ctx.t
    st.markdown(f"**{t('groups.made_of')}**")
    rows = [
        {
            "kind": t("kind." + o.kind),
            "provinces": cards.who(o, t),
            "subject": cards.subject(o, t),
            "magnitude": cards.magnitude(o, t),
            "distance": o.distance_km,
            "score": o.score,
            "confidence": o.confidence,
        }
        for o in inside
    ]
    names = ("kind", "provinces", "subject", "magnitude", "distance", "score", "confidence")
    tables.show(
        ctx,
        pd.DataFrame(rows, columns=list(names)),
        name=f"opportunities_{chosen.id}",
        columns={k: t(f"column.{k}") for k in names},
        digits={"distance": 0, "score": 2},
    )
