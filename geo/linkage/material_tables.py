"""Supply, demand, balance and planned flows of raw materials over the whole country."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import pandas as pd

from geo.errors import ParameterError
from geo.measures import balance as balances
from geo.measures import flows as transports
from geo.measures import sensitivity as sources
from geo.measures import what_if_effects
from geo.measures.flows import FlowOptions
from geo.measures.what_if import Scenario
from geo.places import admin, distances
from geo.store import aggregate, origins, own_supply
from geo.store.catalog import Dataset
from geo.store.filters import Filters
from geo.subjects import gateways, requirements


@dataclass(frozen=True)
class MaterialTables:
    """Supply, demand and balance of raw materials by province, and the plan of their flows.

    ``estimates`` is the need of each group of establishments that states none, as ``balance.estimates``
    returns it: before a scenario, and of all materials.
    """

    estimates: pd.DataFrame
    supply: pd.DataFrame
    demand: pd.DataFrame
    balance: pd.DataFrame
    plan: transports.MaterialPlan


def compute(
    dataset: Dataset,
    filters: Filters,
    overrides: requirements.Overrides | None = None,
    options: FlowOptions | None = None,
    *,
    scenario: Scenario | None = None,
    prices: bool = False,
) -> MaterialTables:
    """Set supply against demand over the whole country and plan the flows of least tonne-kilometres.

    Supply is the published one, with the own figures of the dataset in the place of those they replace.

    Parameters
    ----------
    filters : Filters
        Sectors, years and sizes narrow the establishments that need materials; materials narrow the
        materials; regions and provinces are left aside, because a flow may come from anywhere.
    overrides : optional
        Requirements changed by the user, as ``requirements.table`` takes them.
    options : FlowOptions, optional
        Assumptions of the plan; the defaults when left out.
    scenario : Scenario, optional
        What if: changes to supply, need and gateways, in the vintage of the filters.
    prices : bool, default False
        Also work out what one tonne more is worth in each province.

    Raises
    ------
    ParameterError
        If a filter, an override or an assumption is out of its range, or the scenario is of another vintage.
    """
    chosen = scenario or Scenario(vintage=filters.vintage)
    _check_vintage(chosen, filters.vintage)
    rows = aggregates(dataset, filters.without("regions", "provinces", "materials"))
    estimated = balances.estimates(rows.base, requirements.table(overrides))
    supply, demand, imports = what_if_effects.apply(
        chosen,
        own_supply.supply(dataset, filters.vintage),
        balances.of_estimates(estimated, rows.stated),
        _imports(filters.vintage),
    )
    supply, demand = of_materials(supply, filters), of_materials(demand, filters)
    balance = balances.balance(supply, demand, admin.provinces(filters.vintage).index)
    plan = transports.material_flows(
        _needed(balance, demand),
        imports=imports,
        **_ground(filters, chosen.options(options or FlowOptions())),
        prices=prices,
    )
    return MaterialTables(estimated, supply, demand, balance, plan)


def sensitivity(
    dataset: Dataset,
    filters: Filters,
    overrides: requirements.Overrides | None = None,
    options: FlowOptions | None = None,
    *,
    scenario: Scenario | None = None,
) -> pd.DataFrame:
    """Return what happens if one source fails, for each source of the materials of the filters.

    Arguments and errors as for :func:`compute`; the table as ``geo.measures.sensitivity`` returns it. Name
    one material: every source is a plan of its own.
    """
    tables = compute(dataset, filters, overrides, options, scenario=scenario)
    chosen = scenario or Scenario(vintage=filters.vintage)
    _, _, imports = what_if_effects.apply(chosen, tables.supply, tables.demand, _imports(filters.vintage))
    return sources.sensitivity(
        _needed(tables.balance, tables.demand),
        imports=imports,
        **_ground(filters, chosen.options(options or FlowOptions())),
    )


def _check_vintage(scenario: Scenario, vintage: str) -> None:
    """Refuse a scenario whose province codes are of another vintage: seven codes were re-used."""
    if scenario and scenario.vintage != vintage:
        raise ParameterError(
            vi=f"Kịch bản ghi mã tỉnh của bộ {scenario.vintage}, nhưng đang chọn bộ {vintage}; hãy chọn cùng một "
            "bộ đơn vị hành chính hoặc lập lại kịch bản.",
            en=f"The scenario uses province codes of the vintage {scenario.vintage}, but {vintage} is chosen; "
            "choose the same vintage or make the scenario anew.",
        )


def _needed(balance: pd.DataFrame, demand: pd.DataFrame) -> pd.DataFrame:
    """Keep the materials that anybody needs."""
    return balance[balance["material_code"].isin(demand["material_code"])]


def _ground(filters: Filters, options: FlowOptions) -> dict[str, Any]:
    """What every plan of a vintage stands on: distances, regions, assumptions."""
    return {
        "distance_km": distances.matrix_km(filters.vintage),
        "regions": admin.province_regions(filters.region_set or admin.default_region_set(filters.vintage)),
        "options": options,
    }


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


def of_materials(table: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    """Keep the chosen materials."""
    if not filters.materials:
        return table
    return table[table["material_code"].isin(filters.materials)].reset_index(drop=True)
