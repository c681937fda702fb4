"""Why an opportunity was found: sentence, scheme, components, confidence, cautions, evidence."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from geo.linkage import kinds, score
from geo.linkage import support as supports
from geo.linkage.group_model import Group
from geo.linkage.model import Opportunity
from geo.subjects.establishments import SUPPORT_NEEDS
from ui import cards, tables, views
from ui.context import Context
from ui.evidence_table import COLUMNS, evidence_table


def draw(context: Context, chosen: Opportunity, weights: Mapping[str, float]) -> None:
    """Draw everything that one opportunity rests on."""
    t = context.t
    st.subheader(t("linkages.why_title", who=cards.who(chosen, t)), anchor=False)
    st.write(chosen.sentence(t.lang))
    st.info(t.name(chosen, "scheme"), icon=":material/lightbulb:")
    parts, reasons = st.columns([3, 2], gap="medium")
    with parts:
        _components(context, chosen, weights)
        _roles(context, chosen)
    with reasons:
        judgement(context, chosen)
    support(context, chosen)
    evidence(context, chosen)


def judgement(context: Context, chosen: Opportunity | Group) -> None:
    """How far it can be relied on and why, and who may not be supported."""
    t = context.t
    st.markdown(f"**{t('linkages.confidence', letter=chosen.confidence)}**")
    st.markdown("\n".join(f"- {t.said(r)}" for r in chosen.confidence_reasons))
    for caution in chosen.warnings:
        basis = f" ({caution.legal_basis})" if caution.legal_basis else ""
        st.warning(f"{t.said(caution)}{basis}", icon=":material/gavel:")


def support(context: Context, chosen: Opportunity | Group) -> None:
    """What support its establishments ask for, in all and in each province; nothing where none of them says."""
    asked, t = chosen.support, context.t
    if asked is None:
        return
    places = supports.by_province(chosen.evidence)
    st.markdown(f"**{t('support.asked')}**")
    rows = [
        {
            "support": t(f"support.{kind}"),
            "asking": asked.counts.get(kind, 0),
            "of_stated": 100 * asked.counts.get(kind, 0) / asked.stated,
            **{code: part.counts.get(kind, 0) for code, part in places.items()},
        }
        for kind in (*asked.counts, *(kind for kind in SUPPORT_NEEDS if kind not in asked.counts))
    ]
    tables.show(
        context,
        pd.DataFrame(rows),
        name=f"support_{chosen.id}",
        columns={k: t(f"column.{k}") for k in ("support", "asking", "of_stated")}
        | {code: views.province_name(context, code) for code in places},
        digits={"asking": 0, "of_stated": 0, **dict.fromkeys(places, 0)},
    )
    st.caption(t("support.stated", stated=t.number(asked.stated), total=t.number(asked.establishments)))


def evidence(context: Context, chosen: Opportunity | Group) -> None:
    """Every row that it rests on."""
    t = context.t
    st.markdown(f"**{t('linkages.evidence')}**")
    tables.show(
        context,
        evidence_table(context, chosen.evidence),
        name=f"evidence_{chosen.id}",
        columns={k: t(f"column.{k}") for k in COLUMNS},
    )


def _components(context: Context, chosen: Opportunity, weights: Mapping[str, float]) -> None:
    """The score cut in its parts: value × weight, and what each part means for this kind."""
    t = context.t
    meanings = {c.name: t.name(c, "meaning") for c in score.COMPONENTS}
    for name, text in kinds.TABLE[chosen.kind].meanings.items():
        meanings[name] = t.said(text)
    rows = [
        {
            "component": t.name(c, "label"),
            "value": chosen.components[c.name],
            "weight": weights[c.name],
            "product": chosen.components[c.name] * weights[c.name],
            "meaning": meanings[c.name],
        }
        for c in score.COMPONENTS
    ]
    tables.show(
        context,
        pd.DataFrame(rows),
        name=f"components_{chosen.id}",
        columns={k: t(f"column.{k}") for k in ("component", "value", "weight", "product", "meaning")},
        digits={"value": 2, "weight": 2, "product": 3},
    )


def _roles(context: Context, chosen: Opportunity) -> None:
    """Which part each province plays."""
    t = context.t
    roles = [
        f"- {views.province_name(context, member.province_code)}: {t('role.' + member.role)}"
        for member in chosen.provinces
    ]
    st.markdown(f"**{t('linkages.roles')}**\n\n" + "\n".join(roles))
