"""Tables of the quality view: columns, provinces × columns, places, coverage, years."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from geo.measures.quality import FAR_OUTSIDE_KM, OFFICIAL_YEAR, OLD_YEARS
from ui import charts, tables, views
from ui.context import Context
from ui.quality_data import COLUMNS, Figures, percent

#: Tints of the matrix from nothing known to all known.
_LIGHT, _DARK = (253, 241, 227), (50, 129, 139)


def columns(context: Context, figures: Figures) -> None:
    """Draw how much of each column is filled in and which results read it."""
    t = context.t
    table = figures.columns.assign(
        name=[t(f"quality.column_{name}") for name in figures.columns["column"]],
        use=[t(f"quality.use_{name}") for name in figures.columns["column"]],
        share_pct=figures.columns["known_share"] * 100,
    )
    tables.show(
        context,
        table,
        name=f"quality_columns_{context.dataset.name}",
        columns={
            "name": t("quality.column"),
            "known": t("quality.known"),
            "missing": t("quality.missing"),
            "share_pct": t("quality.known_pct"),
            "use": t("quality.use"),
        },
        digits={"known": 0, "missing": 0, "share_pct": 1},
        height=36 * (len(table) + 1),
    )


def matrix(context: Context, figures: Figures) -> None:
    """Draw the share known of each column in each province as a tinted matrix, with a download."""
    t = context.t
    table = figures.provinces
    st.html(matrix_html(context, table))
    st.caption(t("quality.matrix_note"))
    out = table.reset_index()
    out.insert(1, "province_name", [views.province_name(context, str(c)) for c in out["province_code"]])
    tables.download(context, out, name=f"quality_provinces_{context.dataset.name}")


def matrix_html(context: Context, table: pd.DataFrame) -> str:
    """Return the matrix as escaped HTML: percentages, "—" where a province has no establishments."""
    t = context.t
    names = ["completeness", *COLUMNS]
    labels = [t("quality.tint_completeness"), *(t(f"quality.column_{name}") for name in COLUMNS)]
    head = "".join(f'<th scope="col"><span>{escape(label)}</span></th>' for label in labels)
    rows = []
    for code, values in table.iterrows():
        cells = "".join(_cell(context, float(values[name])) for name in names)
        count = f'<td style="background:none">{t.number(values["establishments"])}</td>'
        name = escape(views.province_name(context, str(code)))
        rows.append(f'<tr><th scope="row">{name}</th>{count}{cells}</tr>')
    return (
        f'<div class="heat upright"><table><caption>{escape(t("quality.matrix_caption"))}</caption><thead><tr><td></td>'
        f'<th scope="col"><span>{escape(t("column.establishments"))}</span></th>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _cell(context: Context, share: float) -> str:
    """One cell: the more is known, the darker; nothing known is not the same as nobody there."""
    if pd.isna(share):
        return "<td>—</td>"
    colour = ",".join(str(round(a + (b - a) * share)) for a, b in zip(_LIGHT, _DARK, strict=True))
    ink = "#fff" if share > 0.72 else "#1c2b36"
    text = percent(context, share).rstrip("% ")
    return f'<td style="background:rgb({colour});color:{ink}">{text}</td>'


def places(context: Context, figures: Figures) -> None:
    """Draw what the places on record stand for."""
    t = context.t
    table = figures.places
    sums = table[["point", "commune", "province", "far_outside"]].sum()
    st.write(
        t(
            "quality.places",
            point=t.number(sums["point"]),
            commune=t.number(sums["commune"]),
            province=t.number(sums["province"]),
            far=t.number(sums["far_outside"]),
            km=t.number(FAR_OUTSIDE_KM),
        )
    )
    tables.show(
        context,
        _named(context, table.assign(place_pct=table["place_share"] * 100)),
        name=f"quality_places_{context.dataset.name}",
        columns={
            "province_name": t("column.province"),
            "establishments": t("column.establishments"),
            "point": t("quality.column_point"),
            "commune": t("quality.at_commune"),
            "province": t("quality.at_province"),
            "place_pct": t("quality.place_pct"),
            "far_outside": t("quality.far_outside"),
        },
        digits=dict.fromkeys(("establishments", "point", "commune", "province", "far_outside"), 0)
        | {"place_pct": 1},
        height=420,
    )


def coverage(context: Context, figures: Figures) -> None:
    """Draw the establishments on record against the official counts."""
    t = context.t
    st.write(t("quality.coverage_note"))
    tables.show(
        context,
        _named(context, figures.coverage.sort_values("relative", na_position="first")),
        name=f"quality_coverage_{context.dataset.name}",
        columns={
            "province_name": t("column.province"),
            "establishments": t("quality.on_record"),
            "households": t("quality.households", year=OFFICIAL_YEAR),
            "enterprises": t("quality.enterprises", year=OFFICIAL_YEAR),
            "per_ten_thousand": t("quality.per_ten_thousand"),
            "relative": t("quality.tint_coverage"),
        },
        digits={"establishments": 0, "households": 0, "enterprises": 0, "per_ten_thousand": 1, "relative": 2},
        height=420,
    )


def ages(context: Context, figures: Figures) -> None:
    """Draw how old the records are."""
    t = context.t
    by_year = figures.by_year
    known = by_year.dropna(subset=["year"])
    st.write(
        t(
            "quality.ages",
            known=t.number(known["establishments"].sum()),
            total=t.number(by_year["establishments"].sum()),
        )
    )
    if len(known):
        st.altair_chart(charts.year_chart(known, t), width="stretch")  # type: ignore[call-overload]
    tables.show(
        context,
        _named(context, figures.ages),
        name=f"quality_years_{context.dataset.name}",
        columns={
            "province_name": t("column.province"),
            "establishments": t("column.establishments"),
            "year_known": t("quality.year_known"),
            "oldest": t("quality.oldest"),
            "median": t("quality.median"),
            "newest": t("quality.newest"),
            "old": t("quality.old", years=OLD_YEARS),
        },
        digits={"establishments": 0, "year_known": 0, "old": 0},
        height=420,
    )


def _named(context: Context, table: pd.DataFrame) -> pd.DataFrame:
    """Put the names of the provinces before the figures."""
    out = table.reset_index()
    out.insert(1, "province_name", [views.province_name(context, str(code)) for code in out["province_code"]])
    return out
