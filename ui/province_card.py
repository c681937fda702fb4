"""The profile of one province on screen: numbers, good at, short of, partners, next steps, statistics."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from geo import palette
from geo.linkage.profile import Profile
from geo.linkage.profile_place import Identity
from ui import frame, province_marks, views
from ui.context import Context
from ui.navigation import page
from ui.text import Text

#: Lines shown of each list; the rest stands in the tables below.
SECTORS, MATERIALS, PARTNERS, STEPS = 8, 6, 6, 5
#: Sectors that are not sure fill the list up to this number.
UNSURE = 5


def said(profile: Profile, t: Text) -> str:
    """Say the profile in its sentence."""
    return t.said(profile.sentence)


def about(who: Identity, t: Text) -> str:
    """Say where the province lies and what the mergers did to it."""
    regions = list(who.regions.values())
    parts = [t("provinces.region", region=t.said(regions[0]))] if regions else []
    if who.now_part_of is not None:
        parts.append(t("provinces.now_part_of", province=t.said(who.now_part_of.name)))
    elif len(who.merged_from) > 1:
        names = ", ".join(t.said(place.name) for place in who.merged_from)
        parts.append(t("provinces.merged_from", provinces=names))
    else:
        parts.append(t("provinces.unchanged"))
    return " ".join(parts)


def figures(ctx: Context, profile: Profile) -> str:
    """Draw the three leading numbers, each with its place among the provinces and its source."""
    t = ctx.t
    crossing = profile.ties.loc[profile.ties["crosses_regions"], "id"].nunique()
    notes = {
        "establishments": t("provinces.source_establishments"),
        "sure_sectors": t("provinces.source_sure"),
        "opportunities": t(
            "provinces.source_opportunities",
            partners=t.number(len(profile.partners)),
            crossing=t.number(crossing),
        )
        if len(profile.partners)
        else t("provinces.source_no_opportunities"),
    }
    parts = []
    for item in profile.headlines:
        rank = t("provinces.rank", rank=item.rank, among=item.among) + " " if item.rank else ""
        parts.append(province_marks.figure(t.number(item.value), t.said(item.label), rank + notes[item.name]))
    return province_marks.figures(parts)


def good_at(profile: Profile, t: Text) -> str:
    """List the sectors, surely specialised ones first, each with its interval on one axis and its stars."""
    sure = profile.good_at.head(SECTORS)
    unsure = profile.sectors[~profile.sectors["surely_specialised"]].head(max(UNSURE - len(sure), 0))
    rows = pd.concat([sure, unsure], ignore_index=True)
    if rows.empty:
        return _nothing(t("provinces.no_sectors"))
    end = province_marks.axis_end(float(rows["lq"].max()))
    lead = "" if len(profile.good_at) else _nothing(t("provinces.nothing_sure"))
    lines = [
        province_marks.row(
            f"{escape(r['sector_code'])} · {escape(_name(r, 'sector', t))} {_stars(r, t)}",
            f"LQ {t.number(r['lq'], 1)}",
            province_marks.interval(r["lq"], r["lq_low"], r["lq_high"], end, sure=r["surely_specialised"]),
            _sector_note(r, t),
        )
        for r in rows.to_dict("records")
    ]
    return lead + province_marks.listing(lines) + _more(len(profile.sectors) - len(rows), t)


def surplus(profile: Profile, t: Text) -> str:
    """List the materials in surplus with the share of the country."""
    rows = profile.surplus.head(MATERIALS)
    if rows.empty:
        return _nothing(t("provinces.no_surplus"))
    end = float(rows["country_share"].max()) if rows["country_share"].notna().any() else 1.0
    lines = [
        province_marks.row(
            escape(_name(r, "material", t)),
            f"{t.short(r['surplus_tonnes'])} {t('unit.tonnes_per_year')}",
            province_marks.track(r["country_share"], end, province_marks.SUPPLY),
            _share_note(r, t),
        )
        for r in rows.to_dict("records")
    ]
    return province_marks.listing(lines) + _more(len(profile.surplus) - len(rows), t)


def short_of(profile: Profile, t: Text) -> str:
    """List what is short, then what is needed without a figure of supply (hatched, never a zero)."""
    rows = profile.short_of.head(MATERIALS)
    if rows.empty:
        return _nothing(t("provinces.no_shortage"))
    lines = []
    for r in rows.to_dict("records"):
        if r["supply_known"]:
            value, mark = (
                r["shortage_tonnes"],
                province_marks.track(r["self_sufficiency_share"], 1.0, province_marks.SUPPLY),
            )
            note = t(
                "provinces.short_note",
                demand=t.short(r["demand_tonnes"]),
                share=t.number(100 * r["self_sufficiency_share"]),
            )
        else:
            value, mark = r["demand_tonnes"], province_marks.track(float("nan"), 1.0, province_marks.SHORT)
            note = t("provinces.short_unknown")
        lines.append(
            province_marks.row(
                escape(_name(r, "material", t)), f"{t.short(value)} {t('unit.tonnes_per_year')}", mark, note
            )
        )
    return province_marks.listing(lines) + _more(len(profile.short_of) - len(rows), t)


def next_steps(profile: Profile, t: Text) -> str:
    """List what it could do next: near to its skills, with its own material left over."""
    rows = profile.next_steps.head(STEPS)
    if rows.empty:
        return _nothing(t("provinces.no_steps"))
    lines = [
        province_marks.row(
            f"{escape(r['sector_code'])} · {escape(_name(r, 'sector', t))}",
            f"{t('column.score')} {t.number(r['step_score'], 2)}",
            province_marks.track(r["step_score"], 1.0, palette.KINDS["experience"]),
            _step_note(r, t),
        )
        for r in rows.to_dict("records")
    ]
    return province_marks.listing(lines) + _more(len(profile.next_steps) - len(rows), t)


def partners(ctx: Context, profile: Profile) -> None:
    """Draw the natural partners as cards that lead to the opportunities with them."""
    t = ctx.t
    rows = profile.partners.head(PARTNERS)
    if rows.empty:
        st.info(t("provinces.no_partners"), icon=":material/info:")
        return
    end = float(rows["score_total"].max())
    columns = st.columns(2, gap="medium")
    for place, r in enumerate(rows.to_dict("records")):
        with columns[place % 2]:
            st.html(_partner_card(ctx, profile, r, end))
            st.page_link(
                frame.target("linkages"),
                label=t(
                    "provinces.see_tie",
                    n=t.number(r["opportunities"]),
                    partner=_place(ctx, r["partner_code"]),
                ),
                icon=page("linkages").icon,
                query_params=to_linkages(ctx, profile.code, r["best_id"]),
            )
    if len(profile.partners) > len(rows):
        st.caption(t("provinces.more_partners", n=t.number(len(profile.partners) - len(rows))))


def _partner_card(ctx: Context, profile: Profile, row: Mapping[Any, Any], end: float) -> str:
    """One partner: how strong, how far, in what, and who gives what to whom."""
    t = ctx.t
    tied = profile.ties[profile.ties["partner_code"] == row["partner_code"]].head(3)
    lines = "".join(f"<li>{_mark(r['kind'])} {escape(_tie(r, t))}</li>" for r in tied.to_dict("records"))
    star = f" · ★ {t('linkages.between_regions')}" if row["crosses_regions"] else ""
    fact = t("provinces.partner_facts", n=t.number(row["opportunities"]), km=t.number(row["distance_km"]))
    head = province_marks.row(
        f'<span class="who">{escape(_place(ctx, row["partner_code"]))}</span>',
        f"{t('column.score_total')} {t.number(row['score_total'], 1)}",
        province_marks.track(row["score_total"], end, province_marks.TIE),
        fact + star,
    )
    return f'<div class="card">{head}<ul class="pv-ties">{lines}</ul></div>'


def _tie(row: Mapping[Any, Any], t: Text) -> str:
    """Say one opportunity from the side of this province."""
    subject = row["subject_en"] if t.lang == "en" else row["subject_vi"]
    amount = f"{t.short(row['magnitude'])} {t('unit.' + row['unit'])}"
    return f"{t('provinces.role_' + row['role'])}: {subject} ({amount})"


def facts(profile: Profile, t: Text) -> str:
    """List the published statistics with their years; sources stand in the table."""
    lines = []
    for r in profile.facts.to_dict("records"):
        year = f"{r['year']:.0f}" if pd.notna(r["year"]) else t("provinces.undated")
        summed = f", {t('provinces.summed')}" if r["figures_of"] != profile.identity.vintage else ""
        known = pd.notna(r["value"])
        value = f"{t.number(r['value'])} {r[f'unit_{t.lang}']}" if known else t("provinces.none_fact")
        lines.append(province_marks.row(escape(r[f"label_{t.lang}"]), value, note=year + summed))
    return f'<div class="pv-pairs">{"".join(lines)}</div>'


def eligibility(profile: Profile, t: Text) -> str:
    """Say where in the province establishments may be supported, with the legal basis."""
    note = profile.identity.eligibility
    return f"{t.said(note)} ({note.legal_basis}; {t('provinces.status_' + note.status)})"


def to_linkages(ctx: Context, codes: str, pick: str = "") -> dict[str, str]:
    """Return the link to the opportunities of provinces (codes by commas); a region filter could contradict it."""
    parameters = {name: value for name, value in frame.link(ctx).items() if name != "region"}
    return parameters | {"province": codes} | ({"pick": pick} if pick else {})


def _sector_note(row: Mapping[Any, Any], t: Text) -> str:
    """Say how many establishments a quotient rests on, its interval, and why it is not sure."""
    note = t(
        "provinces.sector_note",
        count=t.number(row["establishments"]),
        low=t.number(row["lq_low"], 1),
        high=t.number(row["lq_high"], 1),
    )
    if row["surely_specialised"]:
        return note
    why = t("provinces.too_few") if row["lq_low"] > 1 else t("provinces.unsure")
    return f"{note}; {why}"


def _stars(row: Mapping[Any, Any], t: Text) -> str:
    """Cluster stars; left out where a sector that is not sure has none."""
    return province_marks.stars(row["stars"], t) if row["stars"] > 0 or row["surely_specialised"] else ""


def _step_note(row: Mapping[Any, Any], t: Text) -> str:
    """Say the material left over, what is there today and whether it rests on little."""
    today = (
        t("provinces.step_some", count=t.number(row["establishments"]))
        if row["establishments"]
        else t("provinces.step_none")
    )
    note = t(
        "provinces.step_note",
        material=_name(row, "material", t),
        tonnes=t.short(row["surplus_tonnes"]),
        today=today,
    )
    return f"{note}; {t('provinces.step_thin')}" if row["thin"] else note


def _share_note(row: Mapping[Any, Any], t: Text) -> str:
    """Say the place of a surplus in the country."""
    rank = t(
        "provinces.supply_rank", rank=t.number(row["country_rank"]), known=t.number(row["provinces_known"])
    )
    if pd.isna(row["country_share"]):
        return f"{t('provinces.share_unknown')}; {rank}"
    percent = 100 * row["country_share"]
    return f"{t('provinces.share', share=t.number(percent, 0 if percent >= 10 else 1))}; {rank}"


def _place(ctx: Context, code: str) -> str:
    """Name a province."""
    return views.province_name(ctx, code)


def _name(row: Mapping[Any, Any], what: str, t: Text) -> str:
    """Name of a sector or material in the language."""
    return str(row[f"{what}_{t.lang}"])


def _mark(kind: str) -> str:
    """A square in the colour that the kind has on the map."""
    return (
        f'<span style="display:inline-block;width:.75em;height:.75em;border-radius:2px;'
        f'background:{palette.KINDS[kind]}"></span>'
    )


def _nothing(text: str) -> str:
    """Say in place of a list why it is empty."""
    return f'<p class="pv-note">{escape(text)}</p>'


def _more(count: int, t: Text) -> str:
    """Say how many lines are left to the tables."""
    return _nothing(t("provinces.more", n=t.number(count))) if count > 0 else ""
