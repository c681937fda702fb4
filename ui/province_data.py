"""Profiles of provinces under the filters, from the tables that the pages already hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from geo.linkage import profile as profiles
from geo.linkage.profile import Profile, Tables
from geo.linkage.profile_compare import compare
from geo.measures.flows import FlowOptions
from geo.measures.next_steps import next_steps
from geo.measures.stars import cluster_stars
from geo.store import aggregate
from geo.store.filters import Filters
from ui import cached, views
from ui.context import Context
from ui.url_state import View

LEVELS = tuple(aggregate.LEVELS)


def tables(context: Context, level: str) -> Tables:
    """Return the tables of the whole country that profiles are read from.

    Filters of places choose the provinces, so they narrow nothing here; filters of sectors and materials
    narrow what a profile lists, filters of year and size the establishments it counts.
    """
    country = replace(context, view=_country(context.view))
    view, dataset = country.view, country.dataset
    filters, every = view.filters, view.filters.without("materials", "sectors")
    balance = views.material_tables(country).balance
    steps = _steps(dataset.name, dataset.version, every, view.overrides, view.flow_options)
    return Tables(
        vintage=filters.vintage,
        region_set=view.region_set,
        counts=cached.counts(dataset.name, dataset.version, filters),
        lq=_of_sectors(views.lq(country, level), filters.sectors),
        balance=_of_materials(balance, filters.materials),
        opportunities=views.ranking(country).opportunities,
        next_steps=_of_materials(_of_sectors(steps, filters.sectors), filters.materials),
        stars=_stars(dataset.name, dataset.version, every, level),
    )


def of(context: Context, codes: Sequence[str], level: str, read: Tables) -> list[Profile]:
    """Return the profiles of some provinces, in their order."""
    dataset, view = context.dataset, replace(_country(context.view), lang="vi")
    return [_profile(dataset.name, dataset.version, view, level, code, read) for code in codes]


def side_by_side(context: Context, codes: Sequence[str], level: str, read: Tables, top: int) -> pd.DataFrame:
    """Return some provinces side by side on the same scales; see ``profile_compare.compare``."""
    dataset, view = context.dataset, replace(_country(context.view), lang="vi")
    return _compared(dataset.name, dataset.version, view, level, tuple(codes), top, read)


# Arguments that begin with an underscore are no part of the key: they follow from the others.


@st.cache_resource(max_entries=256, show_spinner=False)
def _profile(dataset: str, version: str, view: View, level: str, code: str, _read: Tables) -> Profile:
    """One profile; never written to."""
    return profiles.profile(code, _read)


@st.cache_data(max_entries=32, show_spinner=False)
def _compared(
    dataset: str, version: str, view: View, level: str, codes: tuple[str, ...], top: int, _read: Tables
) -> pd.DataFrame:
    """Some profiles side by side."""
    return compare([_profile(dataset, version, view, level, code, _read) for code in codes], top)


@st.cache_data(max_entries=32, show_spinner=False)
def _stars(dataset: str, version: str, filters: Filters, level: str) -> pd.DataFrame:
    """Cluster stars of all provinces and sectors."""
    matrix = aggregate.matrix(cached.counts(dataset, version, filters), level=level)
    return cluster_stars(matrix, lq=cached.lq_table(dataset, version, filters, level))


@st.cache_data(max_entries=32, show_spinner=False)
def _steps(
    dataset: str, version: str, filters: Filters, overrides: cached.Overrides, options: FlowOptions
) -> pd.DataFrame:
    """What every province could do next."""
    matrix = aggregate.matrix(cached.counts(dataset, version, filters), level="class")
    return next_steps(matrix, cached.material_tables(dataset, version, filters, overrides, options).balance)


def _country(view: View) -> View:
    """The same view without a choice of places."""
    return replace(view, filters=view.filters.without("regions", "provinces"))


def _of_sectors(table: pd.DataFrame, chosen: tuple[str, ...]) -> pd.DataFrame:
    """Keep the rows of chosen divisions and classes; a class chosen keeps its division too."""
    if not chosen:
        return table
    wanted = set(chosen) | {code[:2] for code in chosen}
    whole = [code for code in chosen if len(code) == 2]
    codes = table["sector_code"]
    return table[codes.isin(wanted) | codes.str[:2].isin(whole)]


def _of_materials(table: pd.DataFrame, chosen: tuple[str, ...]) -> pd.DataFrame:
    """Keep the rows of chosen materials."""
    return table[table["material_code"].isin(chosen)] if chosen else table
