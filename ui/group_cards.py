"""Groups of provinces on the linkages page: list of cards, map, and why a group was found."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import folium
import streamlit as st

from geo import palette
from geo.linkage import groups as grouping
from geo.linkage.group_model import Group
from geo.linkage.model import Opportunity
from geo.places import admin
from ui import cards, context, group_why, legend, maps, opportunity_map, tables
from ui.context import Context
from ui.text import Text

LISTED, DRAWN = 30, 6
#: One colour a component, in the order of ``groups.WEIGHTS``.
COMPONENT_COLOURS = dict(zip(grouping.WEIGHTS, ("#0072B2", "#E69F00", "#009E73", "#CC79A7"), strict=True))
#: One colour a group while several are drawn.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#7f8c96", "#E69F00")
_SEVERAL = 3


def draw_groups(ctx: Context, opportunities: Sequence[Opportunity], *, map_height: int = 660) -> None:
    """Draw the groups that some opportunities make: cards, map, and why for the chosen one.

    Parameters
    ----------
    opportunities : sequence of Opportunity
        Those that stand after the filters of the page, ranked.
    map_height : int, default 660
        Pixels.
    """
    t = ctx.t
    every = found(ctx, opportunities)
    if not every:
        st.info(t("groups.none"), icon=":material/hub:")
        return
    picked = context.parameter("pick", [g.id for g in every])
    shown = _sized(every, picked, t)
    chosen = next((g for g in shown if g.id == picked), None)
    st.write(_finding(shown, t))
    st.caption(t("groups.how", km=t.number(grouping.FARTHEST_KM), largest=grouping.LARGEST))
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _list(shown, picked, t, map_height)
    with right:
        _map(ctx, shown, chosen, opportunities, map_height)
    if chosen:
        title = t("groups.why", subject=subject(chosen, t), who=who(chosen, t))
        group_why.draw(ctx, chosen, members(chosen, opportunities), title)
    with st.expander(t("tables.twin"), icon=":material/table:"):
        _table(ctx, shown)


def card(group: Group, t: Text, *, rank: int) -> str:
    """Draw one group as a card of escaped HTML."""
    star = f" · ★ {t('linkages.between_regions')}" if group.crosses_regions else ""
    land = t("groups.contiguous") if group.contiguous else t("groups.apart")
    facts = [
        t("groups.opportunities", n=t.number(len(group.opportunity_ids))),
        *(m for m in _magnitudes(group, t)),
        t("groups.gaining", n=t.number(group.establishments_gaining)),
    ]
    marks = f"{t('linkages.confidence', letter=group.confidence)} · {t('linkages.score')} {t.number(group.score, 2)}"
    return (
        f'<div class="card"><div class="kind">{rank}. {escape(subject(group, t))} · '
        f"{escape(t('groups.provinces', n=len(group.provinces)))} · {escape(land)}{escape(star)}</div>"
        f'<div class="who">{escape(who(group, t))}</div>'
        f"<div>{escape(' · '.join(facts))}</div><div>{escape(marks)}</div>{_bars(group, t)}</div>"
    )


def who(group: Group, t: Text) -> str:
    """Name the members."""
    provinces = admin.provinces(group.vintage)
    return ", ".join(t.name(provinces.loc[code]) for code in group.province_codes)


def subject(group: Group, t: Text) -> str:
    """Name the shared subject, up to its first remark, with a capital."""
    name = cards.subject(group, t)
    return name[:1].upper() + name[1:]


def found(ctx: Context, opportunities: Sequence[Opportunity]) -> list[Group]:
    """Find the groups; remembered for the same opportunities."""
    view, dataset = ctx.view, ctx.dataset
    standing = tuple((o.id, o.score, o.confidence) for o in opportunities)
    return _groups(
        dataset.name,
        dataset.version,
        view.filters,
        view.overrides,
        view.flow_options,
        standing,
        opportunities,
    )


@st.cache_resource(max_entries=16, show_spinner=False)
def _groups(  # type: ignore[no-untyped-def]
    name, version, filters, overrides, options, standing, _opportunities: Sequence[Opportunity]
) -> list[Group]:
    """Groups of ranked opportunities; never written to."""
    return grouping.find(_opportunities)


def _sized(every: list[Group], picked: str, t: Text) -> list[Group]:
    """Let the user leave out pairs; a picked pair keeps them in."""
    several = [g for g in every if len(g.provinces) >= _SEVERAL]
    if not several or len(several) == len(every):
        return every
    names = {"several": t("groups.several", n=_SEVERAL), "all": t("groups.all")}
    pair = any(g.id == picked and len(g.provinces) < _SEVERAL for g in every)
    choice = st.segmented_control(
        t("groups.size"),
        list(names),
        format_func=names.__getitem__,
        default="all" if pair else "several",
        key="groups_size",
    )
    return every if choice == "all" or pair else several


def _finding(shown: Sequence[Group], t: Text) -> str:
    """Say what the groups show."""
    first = shown[0]
    return t(
        "groups.finding",
        count=t.number(len(shown)),
        crossing=t.number(sum(g.crosses_regions for g in shown)),
        subject=subject(first, t),
        who=who(first, t),
        letter=first.confidence,
    )


def _magnitudes(group: Group, t: Text) -> list[str]:
    """Write tonnes with their material; establishments are said as those who gain."""
    out = []
    for m in group.magnitudes:
        if m.unit == "tonnes_per_year":
            name = t.name(m, "subject")
            out.append(f"{name}: {t.short(m.value)} {t('unit.tonnes_per_year')}")
    return out


def _bars(group: Group, t: Text) -> str:
    """Draw the score as one bar cut in its weighted components."""
    parts = []
    for name, weight in grouping.WEIGHTS.items():
        value = group.components[name]
        title = f"{t('groups.component.' + name)}: {t.number(value, 2)} × {t.number(weight, 2)}"
        parts.append(
            f'<span style="width:{100 * value * weight:.2f}%;background:{COMPONENT_COLOURS[name]}" '
            f'title="{escape(title)}"></span>'
        )
    return f'<div class="bars" role="img" aria-label="{t.number(group.score, 2)}">{"".join(parts)}</div>'


def _bars_legend(t: Text) -> str:
    """Name the colours of the bars."""
    items = "".join(
        '<span style="white-space:nowrap;margin-right:.8rem"><span style="display:inline-block;width:.8em;'
        f'height:.8em;border-radius:2px;background:{colour}"></span> {escape(t("groups.component." + name))}</span>'
        for name, colour in COMPONENT_COLOURS.items()
    )
    return f'<div style="font-size:.88rem;line-height:1.7">{items}</div>'


def _list(shown: Sequence[Group], picked: str, t: Text, map_height: int) -> None:
    """The best groups as cards, each to be chosen."""
    st.html(_bars_legend(t))
    with st.container(height=map_height - 40):
        for rank, group in enumerate(shown[:LISTED], 1):
            st.html(card(group, t, rank=rank))
            if st.button(
                t("linkages.chosen") if group.id == picked else t("linkages.choose"),
                key=f"choose_{group.id}",
                type="primary" if group.id == picked else "secondary",
            ):
                context.set_parameter("pick", group.id)
                st.rerun()
    if len(shown) > LISTED:
        st.caption(t("groups.cut", shown=LISTED, total=t.number(len(shown))))


def _map(
    ctx: Context,
    shown: Sequence[Group],
    chosen: Group | None,
    opportunities: Sequence[Opportunity],
    map_height: int,
) -> None:
    """The first groups outlined, or the chosen one with what its members exchange."""
    t, vintage = ctx.t, ctx.view.filters.vintage
    layers: list[folium.FeatureGroup] = [maps.choropleth(None, vintage=vintage)]
    if chosen:
        inside = members(chosen, opportunities)
        layers += opportunity_map.layers(inside, vintage, t)
        layers.append(_outlines([chosen], vintage, t, {chosen.id: palette.REGION_BORDER}))
        layers.append(maps.focus_on(vintage, chosen.province_codes, token=chosen.id))
        layers.append(maps.legend_control(opportunity_map.widths(inside, t)))
    else:
        drawn = _apart(shown)
        colours = {g.id: colour for g, colour in zip(drawn, _COLOURS, strict=False)}
        layers.append(_outlines(drawn, vintage, t, colours))
        named = {g.id: f"{shown.index(g) + 1}. {subject(g, t)}" for g in drawn}
        layers.append(maps.legend_control(legend.kinds_legend(t("groups.legend"), named, colours)))
    base = maps.base_map(vintage, ctx.view.region_set, t.lang)
    answer = maps.new_click(maps.show(base, layers, key="groups_map", height=map_height), "groups_map")
    if not chosen and answer.get("flow_key"):
        context.set_parameter("pick", str(answer["flow_key"]))
        st.rerun()
    if chosen and st.button(t("linkages.show_all"), icon=":material/undo:", key="groups_all"):
        context.set_parameter("pick", "")
        st.rerun()
    if not chosen:
        st.caption(t("groups.drawn", shown=len(_apart(shown)), total=t.number(len(shown))))


def _apart(shown: Sequence[Group]) -> list[Group]:
    """Choose the best groups that share no province, so that no outline covers another."""
    drawn: list[Group] = []
    taken: set[str] = set()
    for group in shown:
        if len(drawn) < DRAWN and not taken & set(group.province_codes):
            drawn.append(group)
            taken |= set(group.province_codes)
    return drawn


def members(group: Group, opportunities: Sequence[Opportunity]) -> list[Opportunity]:
    """Return the opportunities that a group is made of, best first."""
    by_id = {o.id: o for o in opportunities}
    return [by_id[i] for i in group.opportunity_ids if i in by_id]


def _outlines(drawn: Sequence[Group], vintage: str, t: Text, colours: dict[str, str]) -> folium.FeatureGroup:
    """Outline groups; a click answers the id of the group."""
    listed = [
        {"codes": g.province_codes, "key": g.id, "colour": colours[g.id], "label": [subject(g, t), who(g, t)]}
        for g in drawn
    ]
    return maps.outline_layer(listed, vintage=vintage)


def _table(ctx: Context, shown: Sequence[Group]) -> None:
    """All groups as a table."""
    t, suffix = ctx.t, ctx.t.lang
    tables.show(
        ctx,
        grouping.to_frame(shown),
        name="groups",
        columns={
            "rank": t("column.rank"),
            f"subject_{suffix}": t("column.subject"),
            f"provinces_{suffix}": t("column.provinces"),
            "opportunities": t("column.opportunities"),
            "establishments_gaining": t("column.gaining"),
            "score": t("column.score"),
            "confidence": t("column.confidence"),
            f"sentence_{suffix}": t("column.sentence"),
        },
        digits={"opportunities": 0, "establishments_gaining": 0, "score": 3},
    )
