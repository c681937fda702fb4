"""Table twins of profiles, with their downloads."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo.linkage.profile import Profile
from ui import tables, views
from ui.context import Context


def one(ctx: Context, profile: Profile) -> None:
    """Draw everything that a profile holds: sectors, materials, opportunities, next steps."""
    t = ctx.t
    st.markdown(f"**{t('provinces.part_fact')}**")
    tables.show(
        ctx,
        profile.facts.assign(year=profile.facts["year"].astype("Int64")),
        name=f"statistics_{profile.code}",
        columns={
            f"label_{t.lang}": t("column.name"), "value": t("column.value"),
            f"unit_{t.lang}": t("column.unit"), "year": t("column.year"),
            "figures_of": t("filters.vintage"), "source_url": t("column.source_url"),
        },
        digits={"value": 0},
    )  # fmt: skip
    st.markdown(f"**{t('provinces.table_sectors')}**")
    tables.show(
        ctx,
        profile.sectors,
        name=f"sectors_{profile.code}",
        columns={
            "sector_code": t("column.code"), f"sector_{t.lang}": t("column.sector"),
            "establishments": t("column.establishments"), "lq": t("column.lq"), "lq_low": t("column.lq_low"),
            "lq_high": t("column.lq_high"), "surely_specialised": t("column.sure"), "stars": t("column.stars"),
        },
        digits={"establishments": 0, "lq": 2, "lq_low": 2, "lq_high": 2, "stars": 0},
    )  # fmt: skip
    st.markdown(f"**{t('provinces.table_materials')}**")
    tables.show(
        ctx,
        profile.materials,
        name=f"materials_{profile.code}",
        columns={
            f"material_{t.lang}": t("column.material"), "supply_tonnes": t("column.supply"),
            "demand_tonnes": t("column.demand"), "surplus_tonnes": t("column.surplus"),
            "shortage_tonnes": t("column.shortage"), "self_sufficiency_share": t("column.self_sufficiency"),
            "country_share": t("column.country_share"), "country_rank": t("column.rank"),
            "provinces_known": t("column.provinces_with_figure"),
        },
        digits={
            "supply_tonnes": 0, "demand_tonnes": 1, "surplus_tonnes": 0, "shortage_tonnes": 1,
            "self_sufficiency_share": 2, "country_share": 3, "country_rank": 0, "provinces_known": 0,
        },
    )  # fmt: skip
    st.markdown(f"**{t('provinces.table_ties')}**")
    tied = profile.ties.assign(
        partner=[views.province_name(ctx, code) for code in profile.ties["partner_code"]],
        kind_name=[t(f"kind.{kind}") for kind in profile.ties["kind"]],
        unit_name=[t(f"unit.{unit}") for unit in profile.ties["unit"]],
    )
    tables.show(
        ctx,
        tied,
        name=f"ties_{profile.code}",
        columns={
            "partner": t("column.partner"), "kind_name": t("column.kind"),
            f"subject_{t.lang}": t("column.subject"), "magnitude": t("column.magnitude"),
            "unit_name": t("column.unit"), "distance_km": t("column.distance"), "score": t("column.score"),
            "confidence": t("column.confidence"), "id": t("column.key"),
        },
        digits={"magnitude": 1, "distance_km": 0, "score": 3},
    )  # fmt: skip
    st.markdown(f"**{t('provinces.table_steps')}**")
    tables.show(
        ctx,
        profile.next_steps,
        name=f"next_steps_{profile.code}",
        columns={
            "sector_code": t("column.code"), f"sector_{t.lang}": t("column.sector"),
            "step_score": t("column.score"), "lq": t("column.lq"), "density": t("column.density"),
            "density_standing": t("column.density_standing"), f"material_{t.lang}": t("column.material"),
            "surplus_tonnes": t("column.surplus"), "surplus_standing": t("column.surplus_standing"),
            "thin": t("column.thin"),
        },
        digits={
            "step_score": 2, "lq": 2, "density": 2, "density_standing": 2, "surplus_tonnes": 0,
            "surplus_standing": 2,
        },
    )  # fmt: skip


def several(ctx: Context, compared: pd.DataFrame) -> None:
    """Draw the comparison as a long table."""
    t = ctx.t
    table = compared.assign(
        province=[views.province_name(ctx, code) for code in compared["province_code"]],
        part_name=[t(f"provinces.part_{part}") for part in compared["part"]],
    )
    tables.show(
        ctx,
        table,
        name="provinces_compared",
        columns={
            "part_name": t("column.table"), "item": t("column.code"), f"label_{t.lang}": t("column.name"),
            "province_code": t("column.key"), "province": t("column.province"), "value": t("column.value"),
            "low": t("column.low"), "high": t("column.high"), "unit": t("column.unit"),
            "sure": t("column.sure"),
        },
        digits={"value": 2, "low": 2, "high": 2},
    )  # fmt: skip
