"""Supply, demand, balance and planned flows of raw materials over the whole country."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import pandas as pd

from geo.measures import balance as balances
from geo.measures import flows as transports
from geo.measures.flows import FlowOptions
from geo.places import admin, distances
from geo.store import aggregate, origins
from geo.store.catalog import Dataset
from geo.store.filters import Filters
from geo.subjects import gateways, materials, requirements


@dataclass(frozen=True)
class MaterialTables:
    """Supply, demand and balance of raw materials by province, and the plan of their flows."""

    supply: pd.DataFrame
    demand: pd.DataFrame
    balance: pd.DataFrame
    plan: transports.MaterialPlan


def compute(
    dataset: Dataset,
    filters: Filters,
    overrides: requirements.Overrides | None = None,
    options: FlowOptions | None = None,
) -> MaterialTables:
    """Set supply against demand over the whole country and plan the flows of least tonne-kilometres.

    Parameters
    ----------
    filters : Filters
        Sectors, years and sizes narrow the establishments that need materials; materials narrow the
        materials; regions and provinces are left aside, because a flow may come from anywhere.
    overrides : optional
        Requirements changed by the user, as ``requirements.table`` takes them.
    options : FlowOptions, optional
        Assumptions of the plan; the defaults when left out.

    Raises
    ------
    ParameterError
        If a filter, an override or an assumption is out of its range.
    """
    rows = aggregates(dataset, filters.without("regions", "provinces", "materials"))
    supply = of_materials(materials.supply(filters.vintage), filters)
    demand = of_materials(balances.demand(rows.base, rows.stated, requirements.table(overrides)), filters)
    balance = balances.balance(supply, demand, admin.provinces(filters.vintage).index)
    plan = _plan(balance, demand, filters, options or FlowOptions())
    return MaterialTables(supply, demand, balance, plan)


@dataclass(frozen=True)
class Aggregates:
    """What is read from the rows of a dataset; never written to."""

    counts: pd.DataFrame
    base: pd.DataFrame
    stated: pd.DataFrame
    stated_from: pd.DataFrame
    origins_lost: int
    summary: Mapping[str, Any]


@lru_cache(maxsize=16)
def aggregates(dataset: Dataset, country: Filters) -> Aggregates:
    """Read the rows once for all choices of places, materials, coefficients and assumptions.

    Datasets never change, so what was read stays true.
    """
    stated_from, lost = origins.stated_origins(dataset, country)
    return Aggregates(
        counts=aggregate.counts(dataset, country.without("sectors")),
        base=aggregate.demand_base(dataset, country),
        stated=aggregate.stated_needs(dataset, country),
        stated_from=stated_from,
        origins_lost=lost,
        summary=aggregate.summary(dataset, country),
    )


@cache
def _imports(vintage: str) -> pd.DataFrame:
    """Return which gateway may bring what, worked out once a vintage; never written to."""
    place = gateways.gateways()[f"province_code_{vintage}"]
    options = gateways.import_options(vintage)
    return options.assign(gateway_province_code=options["gateway_code"].map(place))


def _plan(
    balance: pd.DataFrame, demand: pd.DataFrame, filters: Filters, options: FlowOptions
) -> transports.MaterialPlan:
    """Plan the flows of the materials that anybody needs."""
    needed = balance[balance["material_code"].isin(demand["material_code"])]
    return transports.material_flows(
        needed,
        distances.matrix_km(filters.vintage),
        imports=_imports(filters.vintage),
        regions=admin.province_regions(filters.region_set or admin.default_region_set(filters.vintage)),
        options=options,
    )


def of_materials(table: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    """Keep the chosen materials."""
    if not filters.materials:
        return table
    return table[table["material_code"].isin(filters.materials)].reset_index(drop=True)
