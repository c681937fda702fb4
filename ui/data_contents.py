"""What data is in and from where: the map of where the records are, the rows, the figures, the package."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo import palette
from geo.places import admin, boundaries
from geo.subjects import materials
from geo.subjects.own_supply import OWN
from ui import cached, legend, live_layer, maps, package, tables, views
from ui.context import Context

MAP_HEIGHT = 560
LISTED = 1000


def draw(ctx: Context) -> str:
    """Draw the contents of the data set in force; returns the finding for the head of the page."""
    scope = views.scope(ctx)
    dataset, filters = ctx.dataset, ctx.view.filters
    counts = cached.counts(dataset.name, dataset.version, filters)
    per_province = counts.groupby("province_code")["establishments"].sum().reindex(scope.codes)
    empty = [views.province_name(ctx, code) for code in scope.codes if not per_province.get(code, 0) > 0]
    st.caption(views.kept_sentence(ctx))
    left, right = st.columns([2, 1], gap="medium")
    with left:
        _map(ctx, per_province.astype(float), scope.codes)
    with right:
        _gaps(ctx, empty)
    _rows(ctx)
    _materials(ctx)
    _package(ctx)
    return _finding(ctx, len(scope.codes), len(empty))


def _finding(ctx: Context, provinces: int, without: int) -> str:
    """How many establishments there are, in how many provinces, and how exactly they are placed."""
    t = ctx.t
    summary = cached.summary(ctx.dataset.name, ctx.dataset.version, ctx.view.filters)
    quality = summary["location_quality"]
    return t(
        "data.finding",
        total=t.number(summary["total"]),
        provinces=t.number(provinces - without),
        all=t.number(provinces),
        exact=t.number(quality.get("point", 0)),
        commune=t.number(quality.get("commune", 0)),
        province=t.number(quality.get("province", 0)),
    )


def _map(ctx: Context, values: pd.Series, codes: tuple[str, ...]) -> None:
    """Provinces tinted by their number of establishments, with the establishments themselves."""
    t, view = ctx.t, ctx.view
    classes = palette.class_breaks(values)
    tooltips = pd.Series(
        {
            code: t("data.tooltip", n=t.number(values[code]) if pd.notna(values[code]) else "0")
            for code in codes
        }
    )
    groups = [
        maps.choropleth(values, vintage=view.filters.vintage, classes=classes, tooltips=tooltips, only=codes),
        live_layer.live_cells(ctx.dataset, view.filters, t.lang),
        maps.legend_control(
            legend.classes_legend(
                t("data.legend"), classes, classes.colours(palette.SEQUENTIAL), lang=t.lang, fmt=t.number
            )
        ),
    ]
    maps.show(
        maps.base_map(view.filters.vintage, view.region_set, t.lang),
        groups,
        key="data_map",
        height=MAP_HEIGHT,
    )


def _gaps(ctx: Context, empty: list[str]) -> None:
    """What is missing, and where the records come from."""
    t, dataset = ctx.t, ctx.dataset
    summary = cached.summary(dataset.name, dataset.version, ctx.view.filters)
    st.subheader(t("data.gaps"), anchor=False)
    if empty:
        st.write(t("data.without_establishments", n=len(empty), names=", ".join(empty)))
    else:
        st.write(t("data.all_provinces"))
    st.write(t("data.without_place", n=t.number(summary["without_place"])))
    st.write(t("data.without_coordinates", n=t.number(summary["without_coordinates"])))
    st.write(t(f"data.about_{dataset.kind}"))
    st.subheader(t("data.provenance"), anchor=False)
    for line in package.provenance_lines(dataset, t.lang):
        st.caption(line)


def _rows(ctx: Context) -> None:
    """The establishments that the filters keep."""
    t, view, dataset = ctx.t, ctx.view, ctx.dataset
    st.subheader(t("data.rows"), anchor=False)
    rows, total = cached.rows(dataset.name, dataset.version, view.filters, LISTED)
    if total > len(rows):
        st.caption(t("data.rows_cut", shown=t.number(len(rows)), total=t.number(total)))
    province_column = f"province_code_{view.filters.vintage}"
    rows = rows.assign(province_name=[views.province_name(ctx, str(code)) for code in rows[province_column]])
    tables.show(
        ctx,
        rows,
        name=f"establishments_{dataset.name}",
        columns={
            "name": t("column.name"),
            "product": t("column.goods"),
            "sector_code": t("column.sector"),
            "province_name": t("column.province"),
            "employees": t("column.employees"),
            "year": t("column.year"),
            "location_quality": t("column.location_quality"),
            "source": t("column.source"),
            "source_url": t("column.source_url"),
            "licence": t("column.licence"),
        },
        digits={"employees": 0},
        height=420,
        establishments=True,
    )


def _materials(ctx: Context) -> None:
    """What the figures of each raw material cover."""
    t = ctx.t
    st.subheader(t("data.materials"), anchor=False)
    supply = cached.supply(ctx.dataset.name, ctx.dataset.version, ctx.view.filters.vintage)
    covered = supply.groupby("material_code").agg(
        provinces=("province_code", "nunique"),
        first_year=("year", "min"),
        last_year=("year", "max"),
        supply_tonnes=("supply_tonnes", "sum"),
        reliability=(
            "reliability",
            lambda values: ", ".join(sorted(set(values.replace({OWN: t("grade.own")})))),
        ),
    )
    # Materials without a figure would turn the counts and years of the others into 12.0 and 2017.0.
    whole = dict.fromkeys(("provinces", "first_year", "last_year"), "Int64")
    table = materials.catalogue().join(covered).astype(whole).reset_index(names="material_code")
    table["material_name"] = table["name_en" if t.lang == "en" else "name_vi"]
    table["note"] = table["coverage_note_en" if t.lang == "en" else "coverage_note_vi"]
    tables.show(
        ctx,
        table,
        name="material_coverage",
        columns={
            "material_name": t("column.material"),
            "provinces": t("column.provinces_with_figure"),
            "first_year": t("column.first_year"),
            "last_year": t("column.last_year"),
            "supply_tonnes": t("column.supply"),
            "coverage_share": t("column.coverage_share"),
            "reliability": t("column.reliability"),
            "note": t("column.note"),
        },
        digits={"supply_tonnes": 0, "coverage_share": 2},
        height=420,
    )
    st.caption(t("data.reliability"))


def _package(ctx: Context) -> None:
    """The shipped tables with their sources, and how well the borders fit the official areas."""
    t = ctx.t
    st.subheader(t("data.package"), anchor=False)
    names = ("resource", "description", "source", "licence", "rows", "sha256")
    tables.show(
        ctx,
        package.resources(t.lang),
        name="data_package",
        columns={name: t(f"column.{name}") for name in names},
        digits={"rows": 0},
        height=420,
    )
    with st.expander(t("data.boundaries"), icon=":material/border_all:"):
        st.write(t("data.boundaries_note"))
        report = boundaries.report()
        report = report.assign(
            province_name=[t.name(admin.provinces("2025").loc[code]) for code in report["province_code"]]
        )
        tables.show(
            ctx,
            report,
            name="boundary_report",
            columns={
                "province_name": t("column.province"),
                "area_km2": t("column.area"),
                "official_km2": t("column.official_area"),
                "error_pct": t("column.error_pct"),
            },
            digits={"area_km2": 0, "official_km2": 0, "error_pct": 1},
        )
