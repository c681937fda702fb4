"""All cache wrappers: three to five lines each over plain functions.

Keys are names, versions, filters and parameters, never frames. A version is part of every key, so that
new data is never answered from an old cache.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo.linkage import engine as linkage
from geo.linkage import material_tables as tables_of_materials
from geo.linkage import quality_effects, stability, weights
from geo.measures import agglomeration_tables, hotspots, quality, specialisation, what_if
from geo.measures import stars as cluster_stars
from geo.measures.flows import FlowOptions
from geo.store import aggregate, catalog, own_supply, quality_counts, sizes
from geo.store import support_counts as counts_of_support
from geo.store.catalog import Dataset
from geo.store.filters import Filters
from geo.subjects import materials, requirements
from ui.jobs import Job, Progress

Overrides = tuple[tuple[str, str, str, float], ...]


@st.cache_data(max_entries=16, show_spinner=False)
def years(dataset: str, version: str) -> list[int]:
    """Years that the records of a data set have."""
    counts = aggregate.counts(open_version(dataset, version), Filters())
    return sorted(int(year) for year in counts["year"].dropna().unique())


@st.cache_data(max_entries=128, show_spinner=False)
def counts(dataset: str, version: str, filters: Filters) -> pd.DataFrame:
    """Establishments and employees by province, sector, size and year."""
    return aggregate.counts(open_version(dataset, version), filters)


@st.cache_data(max_entries=128, show_spinner=False)
def summary(dataset: str, version: str, filters: Filters) -> dict:
    """What the filters kept and left out."""
    return aggregate.summary(open_version(dataset, version), filters)


@st.cache_data(max_entries=64, show_spinner=False)
def lq_table(dataset: str, version: str, filters: Filters, level: str) -> pd.DataFrame:
    """Location quotients with their intervals."""
    matrix = aggregate.matrix(counts(dataset, version, filters), level=level)
    return specialisation.lq_table(matrix)


@st.cache_data(max_entries=16, show_spinner=False)
def requirement_table(overrides: Overrides) -> pd.DataFrame:
    """Requirements with the user's changes."""
    return requirements.table(overrides_frame(overrides))


@st.cache_data(max_entries=8, show_spinner=False)
def supply(dataset: str, version: str, vintage: str) -> pd.DataFrame:
    """Supply of every material by province, the data set's own figures first."""
    return own_supply.supply(open_version(dataset, version), vintage)


@st.cache_data(max_entries=16, show_spinner=False)
def material_coverage(dataset: str, version: str, vintage: str) -> pd.DataFrame:
    """What the supply figures of each material cover, the data set's own first."""
    return materials.coverage(vintage, own=own_supply.read(open_version(dataset, version)))


@st.cache_data(max_entries=16, show_spinner=False)
def own_set_aside(dataset: str, version: str, vintage: str) -> pd.DataFrame:
    """Own figures that the provinces of a vintage cannot show; empty where all are in or there are none."""
    own = own_supply.read(open_version(dataset, version))
    return pd.DataFrame() if own is None else materials.own_set_aside(vintage, own)


@st.cache_resource(max_entries=32, show_spinner=False)
def material_tables(
    dataset: str, version: str, filters: Filters, overrides: Overrides, options: FlowOptions
) -> tables_of_materials.MaterialTables:
    """Supply, demand, balance and flows of every material; never written to."""
    opened = open_version(dataset, version)
    return tables_of_materials.compute(opened, filters, overrides_frame(overrides), options)


@st.cache_resource(max_entries=16, show_spinner=False)
def candidates(
    dataset: str, version: str, country: Filters, overrides: Overrides, options: FlowOptions
) -> linkage.Candidates:
    """Opportunities of the whole country; choices of places and weights take from these."""
    return linkage.candidates(
        open_version(dataset, version),
        country,
        flow_options=options,
        requirement_overrides=overrides_frame(overrides),
    )


@st.cache_resource(max_entries=64, show_spinner=False)
def ranking(
    dataset: str,
    version: str,
    filters: Filters,
    overrides: Overrides,
    options: FlowOptions,
    weights_text: str,
    resamples: int,
) -> linkage.Ranking:
    """Ranked opportunities; with how stable they are once ``resamples`` of the test are done."""
    key = (dataset, version, linkage.country(filters), overrides, options)
    found = linkage.narrow(candidates(*key), filters)
    draws = stability_job(*key).result if resamples else None
    return linkage.rank(found, weights.parse_weights(weights_text), draws=draws)


@st.cache_resource(max_entries=16, show_spinner=False)
def stability_job(
    dataset: str, version: str, country: Filters, overrides: Overrides, options: FlowOptions
) -> Job:
    """The test of how stable the ranking is, started when first asked for and shared by all."""
    found = candidates(dataset, version, country, overrides, options)
    return Job(lambda progress: stability.draw(found, progress=progress), stop_with=stability.Stop)


@st.cache_data(max_entries=64, show_spinner=False)
def rows(dataset: str, version: str, filters: Filters, limit: int) -> tuple[pd.DataFrame, int]:
    """The establishments that the filters keep, at most ``limit``, and how many there are."""
    return aggregate.rows(open_version(dataset, version), filters, limit)


def open_version(dataset: str, version: str) -> Dataset:
    """Open the very version of a key: with the current one, a cache filled during an import would answer wrongly later.

    Parameters
    ----------
    version : str
        Version of the data set, first of all that a ``-`` joins.

    Raises
    ------
    StoreError
        If that version has been deleted meanwhile.
    """
    return catalog.open_dataset(dataset, version=version.partition("-")[0], paths_too=False)


def overrides_frame(overrides: Overrides) -> pd.DataFrame | None:
    """Changed requirements as a table, or nothing when none was changed."""
    if not overrides:
        return None
    columns = ["sector_code", "size_band", "material_code", "tonnes_per_employee"]
    return pd.DataFrame(list(overrides), columns=columns)


@st.cache_data(max_entries=32, show_spinner=False)
def stars(dataset: str, version: str, filters: Filters, level: str) -> pd.DataFrame:
    """Cluster stars of every province and sector, on establishments."""
    matrix = aggregate.matrix(counts(dataset, version, filters), level=level)
    return cluster_stars.cluster_stars(matrix, lq=lq_table(dataset, version, filters, level))


@st.cache_data(max_entries=16, show_spinner=False)
def gammas(dataset: str, version: str, filters: Filters, level: str) -> pd.DataFrame:
    """Ellison–Glaeser index of every sector."""
    return agglomeration_tables.gamma_table(
        sizes.employee_sums(open_version(dataset, version), filters, level)
    )


@st.cache_data(max_entries=32, show_spinner=False)
def hot_cells(dataset: str, version: str, filters: Filters, sector: str) -> pd.DataFrame:
    """Hexagons of a sector with their strength and significance."""
    return hotspots.surface(open_version(dataset, version), filters, sector)


@st.cache_data(max_entries=16, show_spinner=False)
def tonne_worth(
    dataset: str, version: str, filters: Filters, overrides: Overrides, options: FlowOptions
) -> pd.DataFrame:
    """What one tonne more is worth in each province, for the materials of the filters."""
    opened = open_version(dataset, version)
    changed = overrides_frame(overrides)
    return tables_of_materials.compute(opened, filters, changed, options, prices=True).plan.prices


@st.cache_resource(max_entries=64, show_spinner=False)
def material_case(
    dataset: str, version: str, one: Filters, overrides: Overrides, options: FlowOptions, scenario: str
) -> tables_of_materials.MaterialTables:
    """The tables of one material under a scenario (its text; empty: as things are), with prices; never written to."""
    opened = open_version(dataset, version)
    chosen = what_if.parse(scenario) if scenario else None
    return tables_of_materials.compute(
        opened, one, overrides_frame(overrides), options, scenario=chosen, prices=True
    )


@st.cache_data(max_entries=64, show_spinner=False)
def critical_sources(
    dataset: str, version: str, one: Filters, overrides: Overrides, options: FlowOptions, scenario: str
) -> pd.DataFrame:
    """What happens if a source of one material fails, for each source."""
    opened = open_version(dataset, version)
    chosen = what_if.parse(scenario) if scenario else None
    return tables_of_materials.sensitivity(opened, one, overrides_frame(overrides), options, scenario=chosen)


@st.cache_data(max_entries=32, show_spinner=False)
def known_by_province(dataset: str, version: str, filters: Filters) -> pd.DataFrame:
    """How many establishments of each province have each thing known of them."""
    return quality_counts.by_province(open_version(dataset, version), filters)


@st.cache_data(max_entries=32, show_spinner=False)
def far_outside(dataset: str, version: str, filters: Filters, borders: str) -> pd.DataFrame:
    """Points far outside the province stated for them."""
    return quality.far_outside(
        quality_counts.fine_cells(open_version(dataset, version), filters), filters.vintage
    )


@st.cache_data(max_entries=16, show_spinner=False)
def same_names(dataset: str, version: str, filters: Filters) -> pd.DataFrame:
    """Establishments that bear the name of another in the same commune."""
    return quality_counts.same_names(open_version(dataset, version), filters)


@st.cache_resource(max_entries=16, show_spinner=False)
def collect_job(
    dataset: str,
    version: str,
    filters: Filters,
    overrides: Overrides,
    options: FlowOptions,
    weights_text: str,
    run: int,
    _stability: Job,
) -> Job:
    """What to collect first, found out beside the page once the test of stability (its ``run``) has ended."""
    found = candidates(dataset, version, linkage.country(filters), overrides, options)
    chosen = weights.parse_weights(weights_text)

    def work(progress: Progress) -> quality_effects.Collecting:
        while not _stability.wait(0.2):
            progress(_stability.done, 2 * _stability.total)
        return quality_effects.collecting(found, filters, chosen, _stability.result, progress)

    return Job(work)


@st.cache_resource(max_entries=8, show_spinner=False)
def duplicates_job(dataset: str, version: str, filters: Filters) -> Job:
    """The search for records that may be one establishment, beside the page."""
    from geo.intake import left_duplicates  # its libraries take a second that no other page should pay

    opened = open_version(dataset, version)
    return Job(lambda progress: left_duplicates.find(opened, filters, progress))


@st.cache_data(max_entries=64, show_spinner=False)
def support_counts(dataset: str, version: str, filters: Filters) -> pd.DataFrame:
    """Establishments by province, sector and the support they ask for."""
    return counts_of_support.counts(open_version(dataset, version), filters)
