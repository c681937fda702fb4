"""What the linkage engine reads: a few small tables from the store, the subjects and the measures."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from geo.linkage import chain, cluster, material, material_tables, needs
from geo.linkage.confidence import DataContext
from geo.linkage.model import Text
from geo.linkage.records import records
from geo.measures import crossing, specialisation
from geo.measures.flows import FlowOptions
from geo.places import admin, boundaries, distances
from geo.store import aggregate, beneficiaries
from geo.store.catalog import Dataset
from geo.store.filters import Filters
from geo.subjects import materials, requirements, sectors

#: Establishments a province needs in a sector before its location quotient counts.
LQ_FLOOR = 5
#: Bracketed remarks on editions of the classification are of no use in a sentence.
_REMARK = re.compile(r"\s*\([^)]*\d[^)]*\)")


@dataclass(frozen=True)
class Inputs:
    """Small tables of one dataset, one vintage and one set of filters; see the measures for columns."""

    supply: pd.DataFrame
    demand: pd.DataFrame
    balance: pd.DataFrame
    links: pd.DataFrame
    origins_lost: int
    unmet: pd.DataFrame
    estimates: pd.DataFrame
    needs_by_status: pd.DataFrame
    flows: pd.DataFrame
    coverage: Mapping[str, float]
    road_km: pd.DataFrame
    lq: pd.DataFrame
    pairs: pd.DataFrame
    crossings: pd.DataFrame
    chain_links: pd.DataFrame
    sizes: pd.DataFrame
    counts: pd.DataFrame
    base: pd.DataFrame
    people: Mapping[tuple[str, str], Mapping[str, int]]
    summary: Mapping[str, Any]
    context: DataContext
    province_names: Mapping[str, Text]
    region_names: Mapping[str, Text]
    region_of: Mapping[str, str]
    subjects: Mapping[tuple[str, str], Text]


def gather(
    dataset: Dataset,
    filters: Filters,
    options: FlowOptions,
    overrides: requirements.Overrides | None,
) -> Inputs:
    """Read and compute everything the engine needs; ``filters`` as ``normalised`` returns them.

    Places and materials are left aside (balances and specialisation are of the whole country, each material
    on its own); sectors narrow the need for materials, but not the location quotients, which need all
    sectors as their base.
    """
    filters = filters.without("regions", "provinces", "materials")
    rows = material_tables.aggregates(dataset, filters)
    counts, base = rows.counts, rows.base
    provinces = admin.provinces(filters.vintage)
    tables = material_tables.compute(dataset, filters, overrides, options)
    road_km = distances.matrix_km(filters.vintage) * options.detour_factor
    catalogue = materials.catalogue()
    return Inputs(
        supply=tables.supply,
        demand=tables.demand,
        balance=tables.balance,
        links=material.links(tables.plan.flows, rows.stated_from, road_km),
        flows=tables.plan.flows,
        origins_lost=rows.origins_lost,
        unmet=tables.plan.unmet,
        estimates=tables.estimates,
        needs_by_status=needs.by_status(tables.estimates, requirements.table(overrides)),
        coverage={str(code): float(share) for code, share in catalogue["coverage_share"].items()},
        road_km=road_km,
        lq=_location_quotients(counts),
        pairs=cluster.neighbours(filters.vintage),
        crossings=_crossings(dataset, filters.without("sectors"), boundaries.data_version()),
        chain_links=chain.links_in_force(),
        sizes=_sizes(counts),
        counts=counts,
        base=base,
        people=_people(dataset, filters.without("sectors")),
        summary=rows.summary,
        context=_context(dataset, rows.summary, tables.supply),
        province_names=_province_names(provinces),
        region_names=_region_names(str(filters.region_set)),
        region_of={str(a): str(b) for a, b in admin.province_regions(filters.region_set).items()},
        subjects=_subjects(catalogue),
    )


@lru_cache(maxsize=16)
def _people(dataset: Dataset, country: Filters) -> dict[tuple[str, str], dict[str, int]]:
    """Return who stands where by province and sector, read from the rows once."""
    table = beneficiaries.counts(dataset, country)
    rows: list[dict[str, Any]] = records(table)
    return {(row["province_code"], row["sector_code"]): row for row in rows}


@lru_cache(maxsize=16)
def _crossings(dataset: Dataset, country: Filters, borders: str) -> pd.DataFrame:
    """Return the hot spots that cross a border, worked out once for each version of the borders."""
    return crossing.province_pairs(dataset, country)


def _location_quotients(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the location quotients of divisions and of classes in one table."""
    tables = [
        specialisation.lq_table(matrix, floor=LQ_FLOOR)
        for level in ("division", "class")
        if not (matrix := aggregate.matrix(counts, level=level)).empty
    ]
    if not tables:
        return specialisation.lq_table(pd.DataFrame())
    return pd.concat(tables, ignore_index=True)


def _sizes(counts: pd.DataFrame) -> pd.DataFrame:
    """Return employees, micro and large establishments by province and sector, of both levels."""
    table = counts.assign(
        micro=counts["establishments"].where(counts["size_band"] == "micro", 0),
        large=counts["establishments"].where(counts["size_band"] == "large", 0),
    )
    values = ["employees", "employees_known", "micro", "large"]
    classes = table[table["sector_code"].str.len() == 4]
    divisions = table.assign(sector_code=table["division_code"])
    both = pd.concat([classes, divisions], ignore_index=True)
    return both.groupby(["province_code", "sector_code"], as_index=False)[values].sum()


def _context(dataset: Dataset, summary: Mapping[str, Any], supply: pd.DataFrame) -> DataContext:
    """Describe the data set as a whole."""
    places = summary["location_quality"]
    known = places.get("point", 0) + places.get("commune", 0)
    share = known / summary["kept"] if summary["kept"] else 0.0
    # A figure of the user's own does not make the published ones older.
    published = supply.loc[~supply["own"], "year"]
    year = int(published.max()) if len(published) else 0
    return DataContext(dataset.kind, share, year)


def _province_names(provinces: pd.DataFrame) -> dict[str, Text]:
    """Return the official names: type and name in Vietnamese, plain name in English."""
    columns = provinces[["province_type", "name_vi", "name_en"]]
    return {str(code): Text(f"{kind} {vi}", en) for code, kind, vi, en in columns.itertuples(name=None)}


def _region_names(region_set: str) -> dict[str, Text]:
    """Return the names of the regions of a set."""
    table = admin.regions(region_set)[["name_vi", "name_en"]]
    return {str(code): Text(vi, en) for code, vi, en in table.itertuples(name=None)}


def _subjects(catalogue: pd.DataFrame) -> dict[tuple[str, str], Text]:
    """Return the names of materials (common nouns in lower case) and sectors."""
    out = {}
    for code, vi, en in catalogue[["name_vi", "name_en"]].itertuples(name=None):
        out["material", str(code)] = Text(vi[:1].lower() + vi[1:], en[:1].lower() + en[1:])
    for code, vi, en in sectors.sectors()[["name_vi", "name_en"]].itertuples(name=None):
        out["sector", str(code)] = Text(_REMARK.sub("", vi), _REMARK.sub("", en))
    return out


def wanted_sectors(filters: Filters) -> set[str] | None:
    """Return the sectors that the sector and material filters leave for clusters; ``None`` for all."""
    if not filters.sectors and not filters.materials:
        return None
    table = sectors.sectors()
    chosen = set(table.index)
    if filters.sectors:
        chosen = {c for c in chosen if c in filters.sectors or c[:2] in filters.sectors}
    if filters.materials:
        uses = table["materials"].map(lambda used: bool(set(used) & set(filters.materials)))
        chosen &= set(table.index[uses])
    return chosen


def of_materials(data: Inputs, filters: Filters) -> Inputs:
    """Return the tables of the chosen materials only; everything else stays as it is."""
    if not filters.materials:
        return data

    def chosen(table: pd.DataFrame) -> pd.DataFrame:
        return material_tables.of_materials(table, filters)

    return dataclasses.replace(
        data,
        supply=chosen(data.supply),
        demand=chosen(data.demand),
        balance=chosen(data.balance),
        links=chosen(data.links),
        unmet=chosen(data.unmet),
        flows=chosen(data.flows),
    )
