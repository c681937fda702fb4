"""The mode "needs" of the page of clusters: what support establishments ask for, where, and who shares a need."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from geo import palette
from geo.measures import support
from geo.subjects.establishments import SUPPORT_NEEDS
from ui import charts, context, controls, frame, hotspot_views, legend, maps, tables, views
from ui.context import Context
from ui.support_figures import Asked, gather
from ui.text import Text

MAP_HEIGHT = 640
SHOWN_PROVINCES = 15
_BAR = "#0B5C8A"


def draw(ctx: Context, slot: DeltaGenerator, subject: str, scope: views.Scope) -> None:
    """Draw the whole mode below the choice of sector: map, ranking, kinds, shared needs, tables, foot."""
    t = ctx.t
    kind = controls.segments(
        t("support.kind"),
        support.KINDS,
        parameter="kind",
        default=support.ANY,
        names=lambda k: t(f"support.{k}"),
    )
    whole = controls.toggle(t("support.all_sectors"), parameter="level", on="all")
    asked = gather(ctx, kind or support.ANY, "" if whole else subject, scope)
    if asked.rows.empty:
        frame.empty(ctx, t("clusters.empty"))
        frame.foot(ctx, t("sources.establishments"), t("support.how_to_read"))
        return
    frame.finding(slot, _finding(asked, t))
    st.caption(views.kept_sentence(ctx))
    picked = context.parameter("pick", list(scope.codes))
    left, right = st.columns([2, 1], gap="medium")
    with left:
        _map(ctx, asked, scope, picked)
    with right:
        _picked(asked, picked, t)
        if asked.known:
            _ranking(ctx, asked)
        else:
            _nobody(ctx)
    if asked.known:
        _kinds(ctx, asked)
        _common(ctx, asked, whole)
    _table(ctx, asked)
    frame.foot(ctx, t("sources.establishments"), t("support.how_to_read"))


def _finding(asked: Asked, t: Text) -> str:
    """Say how many answered, what most of them ask for, where most are, and which neighbours share a need."""
    total, stated = (int(asked.rows[name].sum()) for name in ("establishments", "stated"))
    said = {"sector": asked.name, "total": t.number(total), "stated": t.number(stated)}
    if not stated:
        return t("support.none", **said)
    whole = asked.kind == support.ANY
    counts = {name: int(asked.rows[name].sum()) for name in SUPPORT_NEEDS}
    kind = max(counts, key=counts.__getitem__) if whole else asked.kind
    said["kind"] = _lower(t(f"support.{kind}"))
    if not counts[kind]:
        return t("support.finding_nobody", **said)
    said |= {"asking": t.number(counts[kind]), "of_stated": t.number(100 * counts[kind] / stated)}
    top = asked.rows.iloc[0]
    where = {"province": top["province_name"], "n": t.number(top["asking"])}
    if whole:
        share = t.number(100 * stated / total)
        text = t("support.finding_any", **said, share=share, place=t("support.place_any", **where))
    else:
        text = t("support.finding_kind", **said, place=t("support.place", **where))
    return f"{text} {_shared(asked, t)}".strip()


def _shared(asked: Asked, t: Text) -> str:
    """Say which neighbours share the need that most ask for, if any do."""
    if asked.common.empty:
        return ""
    best = asked.common.iloc[0]
    other = best["sector_name"] != asked.name
    return t(
        "support.finding_common",
        first=best["first_province"],
        second=best["second_province"],
        sector=t("support.in_sector", name=best["sector_name"]) if other else "",
        kind=_lower(best["support"]),
        one=t.number(best["asking_first"]),
        two=t.number(best["asking_second"]),
    )


def _nobody(ctx: Context) -> None:
    """Say that nothing stated is not no need, and where the survey is brought in."""
    t = ctx.t
    st.info(t("support.none_out"), icon=":material/assignment:")
    st.page_link(
        frame.target("data"),
        label=t("support.to_import"),
        icon=":material/upload_file:",
        query_params=frame.link(ctx, mode="import"),
    )


def _map(ctx: Context, asked: Asked, scope: views.Scope, picked: str) -> None:
    """Tint provinces by how many ask; hatched where nobody stated anything."""
    t, vintage = ctx.t, ctx.view.filters.vintage
    values = asked.rows.set_index("province_code")["asking"].astype("float64").reindex(list(scope.codes))
    classes = palette.class_breaks(values)
    tips = pd.Series(
        {row["province_code"]: _tip(asked.kind, row, t) for _, row in asked.rows.iterrows()}, dtype=object
    )
    tinted = maps.choropleth(
        values, vintage=vintage, classes=classes, tooltips=tips, selected=[picked] if picked else [], only=scope.codes
    )  # fmt: skip
    whole = asked.kind == support.ANY
    title = t("support.legend_any") if whole else t("support.legend", kind=_lower(t(f"support.{asked.kind}")))
    words = legend.classes_legend(
        title,
        classes,
        classes.colours(palette.SEQUENTIAL),
        lang=t.lang,
        fmt=t.number,
        note=t("support.legend_note"),
    )
    base = maps.base_map(vintage, ctx.view.region_set, t.lang)
    drawn = maps.show(base, [tinted, maps.legend_control(words)], key="clusters_needs_map", height=MAP_HEIGHT)
    answer = maps.new_click(drawn, "clusters_needs_map")
    if answer.get("province_code"):
        context.set_parameter("pick", str(answer["province_code"]))
        st.rerun()
    answered = int(asked.rows["stated"].gt(0).sum())
    st.caption(t("support.answered", n=t.number(answered), provinces=t.number(len(scope.codes))))


def _tip(kind: str, row: pd.Series, t: Text) -> str:
    """Write the lines about a province under its name."""
    said = {"stated": t.number(row["stated"]), "total": t.number(row["establishments"])}
    if not row["stated"]:
        return t("support.tooltip_none", total=said["total"])
    if kind == support.ANY:
        return t("support.tooltip_any", **said, top=_most(row, t))
    return t("support.tooltip", **said, asking=t.number(row["asking"]), kind=_lower(t(f"support.{kind}")))


def _most(row: pd.Series, t: Text, count: int = 2) -> str:
    """Name the kinds that most ask for with their numbers."""
    kinds = sorted(SUPPORT_NEEDS, key=lambda kind: (-row[kind], SUPPORT_NEEDS.index(kind)))
    return ", ".join(
        f"{_lower(t(f'support.{kind}'))} ({t.number(row[kind])})" for kind in kinds[:count] if row[kind]
    )


def _picked(asked: Asked, code: str, t: Text) -> None:
    """Say what the establishments of the picked province ask for."""
    found = asked.rows[asked.rows["province_code"] == code]
    if found.empty:
        return
    row = found.iloc[0]
    said = {"province": row["province_name"], "total": t.number(row["establishments"])}
    if not row["stated"]:
        st.info(t("support.picked_none", **said))
        return
    kinds = _most(row, t, len(SUPPORT_NEEDS))
    share = t.number(row["answered_share"])
    st.info(
        t(
            "support.picked",
            **said,
            stated=t.number(row["stated"]),
            share=share,
            kinds=kinds[:1].upper() + kinds[1:],
        )
    )


def _ranking(ctx: Context, asked: Asked) -> None:
    """Draw the kinds of support by how many ask for them, and the provinces by the chosen one."""
    t = ctx.t
    st.subheader(t("support.by_kind"), anchor=False)
    st.altair_chart(charts.support_chart(asked.kinds, t), width="stretch")  # type: ignore[call-overload]
    st.caption(t("support.several"))
    present = asked.rows[asked.rows["asking"].fillna(0) > 0].astype({"asking": "float64"})
    shown = present.head(SHOWN_PROVINCES)
    st.subheader(t("support.by_province"), anchor=False)
    chart = charts.bar_chart(shown, t, "asking", t("column.asking"), _BAR)
    st.altair_chart(chart, width="stretch")  # type: ignore[call-overload]
    if len(present) > len(shown):
        st.caption(t("clusters.cut", shown=len(shown), total=len(present)))


def _kinds(ctx: Context, asked: Asked) -> None:
    """List the kinds of support with their shares."""
    t = ctx.t
    st.subheader(t("support.by_kind_table"), anchor=False)
    tables.show(
        ctx,
        asked.kinds,
        name="needs_by_kind",
        columns={k: t(f"column.{k}") for k in ("support", "asking", "of_stated", "of_all")},
        digits={"asking": 0, "of_stated": 0, "of_all": 0},
    )


def _common(ctx: Context, asked: Asked, whole: bool) -> None:
    """List the needs that neighbouring provinces share."""
    t = ctx.t
    st.subheader(t("support.common"), anchor=False)
    least = t.number(support.LEAST_ASKING)
    if asked.common.empty:
        st.write(t("support.common_none", least=least))
        return
    st.caption(t("support.common_note", least=least))
    names = ["support", "first_province", "asking_first", "second_province", "asking_second", "asking"]
    tables.show(
        ctx,
        asked.common,
        name="needs_common",
        columns={k: t(f"column.{k}") for k in (["sector_name", *names] if whole else names)},
        digits={"asking_first": 0, "asking_second": 0, "asking": 0},
    )


def _table(ctx: Context, asked: Asked) -> None:
    """Draw the figures of the map as a table; a chosen row goes into the address."""
    t = ctx.t
    st.subheader(t("tables.twin"), anchor=False)
    columns = {
        "province_code": t("column.code"),
        "province_name": t("column.province"),
        "establishments": t("column.establishments"),
        "stated": t("column.stated"),
        "answered_share": t("column.answered_share"),
        **{kind: t(f"support.{kind}") for kind in SUPPORT_NEEDS},
    }
    if asked.kind != support.ANY:
        columns["of_stated"] = f"{t(f'support.{asked.kind}')}: {_lower(t('column.of_stated'))}"
    place = tables.show(
        ctx, asked.rows, name="needs_by_province", columns=columns, digits=dict.fromkeys(list(columns)[2:], 0), select=True
    )  # fmt: skip
    hotspot_views.follow("needs_by_province", asked.rows["province_code"], place, parameter="pick")


def _lower(text: str) -> str:
    """Write a name inside a sentence."""
    return text[:1].lower() + text[1:]
