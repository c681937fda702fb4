"""Provinces side by side: one table whose bars stand on the same scale from column to column."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from geo.linkage import matrix
from geo.linkage.model import Opportunity
from geo.linkage.profile import Profile
from geo.linkage.profile_compare import PARTS
from ui import cards, frame, province_card, province_marks, views
from ui.context import Context
from ui.heat_table import heat_table
from ui.navigation import page
from ui.text import Text

#: From this number of columns on the table is set smaller.
_MANY = 6
#: Opportunities among the provinces that are listed under their matrix.
_STRONGEST = 5


def table(compared: pd.DataFrame, profiles: Sequence[Profile], t: Text) -> str:
    """Return the comparison as escaped HTML; on a phone each measure becomes a block of lines.

    Parameters
    ----------
    compared : DataFrame
        Of ``profile_compare.compare`` for the same profiles.
    """
    names = {p.code: t.said(p.identity.short_name) for p in profiles}
    width = f"calc((100% - 13.5rem) / {len(names)})"
    heads = "".join(f'<th scope="col" style="width:{width}">{escape(n)}</th>' for n in names.values())
    body = []
    for part in PARTS:
        rows = compared[compared["part"] == part]
        unit = "" if part == "headline" else t("provinces.unit_" + part)
        body.append(
            f'<tr class="part"><th scope="rowgroup" colspan="{len(names) + 1}">'
            f"{escape(t('provinces.part_' + part))} "
            f'<span class="pv-note">{escape(unit)}</span></th></tr>'
        )
        if rows.empty:
            body.append(
                f'<tr><th colspan="{len(names) + 1}"><span class="pv-note">'
                f"{escape(t('provinces.part_empty'))}</span></th></tr>"
            )
        for _, item in rows.groupby("item", sort=False):
            body.append(_line(item.to_dict("records"), names, t))
    many = " many" if len(names) >= _MANY else ""
    return (
        f'<div class="pv-cmp{many}"><table><thead><tr><th class="first"></th>{heads}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def _line(rows: list[dict[Any, Any]], names: Mapping[str, str], t: Text) -> str:
    """One measure over all provinces."""
    label = str(rows[0][f"label_{t.lang}"])
    if rows[0]["part"] == "good_at":
        label = f"{rows[0]['item']} · {label}"
    unit = _unit(rows[0], t)
    cells = "".join(
        f'<td data-place="{escape(names[r["province_code"]])}">{_cell(r, names, t)}</td>' for r in rows
    )
    note = f'<span class="pv-note">{escape(unit)}</span>' if unit else ""
    return f'<tr><th scope="row" title="{escape(label)}"><span class="pv-long">{escape(label)}</span>{note}</th>{cells}</tr>'


def _cell(row: Mapping[str, Any], names: Mapping[str, str], t: Text) -> str:
    """One value with its mark; what is not known is said, never drawn as zero."""
    value, end, part = float(row["value"]), float(row["scale_max"]), row["part"]
    if not math.isfinite(value):
        own = part == "partner" and row["item"] == row["province_code"]
        hatch = province_marks.track(value, end, "") if part in ("surplus", "fact") else ""
        return f"<small>{escape(t('provinces.itself' if own else 'provinces.none_' + part))}</small>{hatch}"
    if part == "good_at":
        mark = province_marks.interval(
            value, row["low"], row["high"], province_marks.axis_end(end), sure=row["sure"]
        )
        text, note = t.number(value, 1), "" if row["sure"] else t("provinces.unsure")
    elif part == "surplus":
        mark, text, note = province_marks.track(value, end, province_marks.SUPPLY), _percent(value, t), ""
    elif part == "short_of":
        colour = province_marks.SHORT if row["sure"] else province_marks.UNSURE
        mark = province_marks.track(value, end, colour)
        text = t.short(value) if value else t("provinces.enough")
        note = "" if row["sure"] else t("provinces.no_supply_figure")
    elif part == "partner":
        mark, text, note = province_marks.track(value, end, province_marks.TIE), t.number(value, 1), ""
    else:
        mark, text, note = province_marks.track(value, end, province_marks.SURE), t.short(value), ""
    tail = f"<small>{escape(note)}</small>" if note else ""
    return f"<div>{escape(text)}</div>{mark}{tail}"


def _percent(share: float, t: Text) -> str:
    """Write a share of the country; nothing left over is said, a trace is not rounded to zero."""
    if share == 0:
        return t("provinces.none_left")
    if share < 0.001:
        return f"< {t.number(0.1, 1)} %"
    return f"{t.number(100 * share, 0 if share >= 0.1 else 1)} %"


def _unit(row: Mapping[str, Any], t: Text) -> str:
    """Unit of a measure where the part does not say it."""
    return t("provinces.fact_unit_" + str(row["unit"])) if row["part"] == "fact" else ""


def finding(profiles: Sequence[Profile], opportunities: Sequence[Opportunity], t: Text) -> str:
    """Say in a sentence who has most opportunities and what ties the provinces to one another."""
    most = max(profiles, key=lambda p: (p.headlines[2].value, -profiles.index(p)))
    inside = _among(profiles, opportunities)
    if not most.headlines[2].value:
        return t("provinces.finding_none", n=len(profiles))
    first = t(
        "provinces.finding_most",
        n=len(profiles),
        province=t.said(most.identity.short_name),
        count=t.number(most.headlines[2].value),
    )
    if not inside:
        return f"{first} {t('provinces.finding_apart')}"
    return f"{first} {t('provinces.finding_inside', count=t.number(len(inside)), first=cards.brief(inside[0], t))}"


def among(ctx: Context, profiles: Sequence[Profile], opportunities: Sequence[Opportunity]) -> None:
    """List the strongest opportunities among the provinces, each with the way to why."""
    t = ctx.t
    inside = _among(profiles, opportunities)
    if not inside:
        st.info(t("provinces.apart"), icon=":material/info:")
        _own_partners(ctx, profiles)
    for item in inside[:_STRONGEST]:
        st.page_link(
            frame.target("linkages"),
            label=f"{cards.brief(item, t)} ({t('linkages.score')} {t.number(item.score, 2)})",
            icon=page("linkages").icon,
            query_params=province_card.to_linkages(ctx, item.province_codes[0], item.id),
        )
    if len(inside) > _STRONGEST:
        st.caption(t("provinces.more_among", n=t.number(len(inside) - _STRONGEST)))


def _own_partners(ctx: Context, profiles: Sequence[Profile]) -> None:
    """List the strongest partner of each province, each with the way to why."""
    t = ctx.t
    for item in profiles:
        for row in item.partners.head(1).to_dict("records"):
            subjects = row[f"subjects_{t.lang}"]
            st.page_link(
                frame.target("linkages"),
                label=f"{t.said(item.identity.short_name)} – "
                f"{views.province_name(ctx, row['partner_code'])}: {subjects[0]} "
                f"({t('linkages.score')} {t.number(row['best_score'], 2)})",
                icon=page("linkages").icon,
                query_params=province_card.to_linkages(ctx, item.code, row["best_id"]),
            )


def counts(profiles: Sequence[Profile], opportunities: Sequence[Opportunity], t: Text) -> str:
    """Return the matrix of how many opportunities each pair of the provinces shares; empty without any."""
    inside = _among(profiles, opportunities)
    if not inside or len(profiles) < 3:
        return ""
    codes = [p.code for p in profiles]
    square = matrix.province_matrix(inside, "count", profiles[0].identity.vintage).loc[codes, codes]
    names = {p.code: t.said(p.identity.short_name) for p in profiles}
    return heat_table(square, names, t, caption=t("provinces.matrix"))


def _among(profiles: Sequence[Profile], opportunities: Sequence[Opportunity]) -> list[Opportunity]:
    """Keep the opportunities all of whose provinces are set side by side, in their order."""
    codes = {p.code for p in profiles}
    return [o for o in opportunities if codes >= set(o.province_codes)]
