"""What the changes of a scenario do: to supply, need and imports, and to the plan of flows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.measures.flows import MaterialPlan
from geo.measures.what_if import Change, Scenario

#: Differences below this part of the largest amount, or below a kilogram, are rounding of the solver.
_RELATIVE, _ABSOLUTE = 1e-9, 1e-3
_ROUTE = ["material_code", "origin_kind", "origin_code", "destination_code"]
_PLACE = ["material_code", "province_code"]
_PARTS_OF_DEMAND = (
    "stated_tonnes",
    "estimated_tonnes",
    "assumed_tonnes",
    "establishments",
    "establishments_stated",
)
_AMOUNTS = ["before_tonnes", "after_tonnes", "difference_tonnes"]


def apply(
    scenario: Scenario, supply: pd.DataFrame, demand: pd.DataFrame, imports: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return supply, demand and import options with the changes made; what is not named stays as it is.

    Parameters
    ----------
    supply, demand : DataFrame
        ``material_code``, ``province_code``, ``supply_tonnes`` / ``demand_tonnes`` (tonnes a year).
    imports : DataFrame
        Of ``gateways.import_options``.

    Returns
    -------
    supply, demand, imports : DataFrame
        Shares are taken first, then tonnes are added or taken away, never below 0. A province without a
        figure has nothing to lose; tonnes added to it become its known supply, marked ``partial`` and ``derived``. Demand
        that a scenario adds is neither stated nor estimated: only ``demand_tonnes`` changes.
    """
    doors = imports
    for change in scenario.changes:
        if change.kind == "fail":
            supply = _scaled(supply, change)
    for change in scenario.changes:
        if change.kind == "supply":
            supply = _added(supply, change, "supply_tonnes", change.amount)
        elif change.kind in ("open", "close"):
            tonnes = change.amount if change.kind == "open" else -change.amount
            demand = _added(demand, change, "demand_tonnes", tonnes)
        elif change.kind in ("gate", "limit"):
            doors = _through(doors, change)
    return supply, demand, doors


def _scaled(supply: pd.DataFrame, change: Change) -> pd.DataFrame:
    """Take a share of one supply away."""
    tonnes = supply["supply_tonnes"].where(
        ~_is_at(supply, change), supply["supply_tonnes"] * (1 - change.amount)
    )
    return supply.assign(supply_tonnes=tonnes)


def _added(table: pd.DataFrame, change: Change, column: str, tonnes: float) -> pd.DataFrame:
    """Add tonnes to one row, never below 0; a row that is not there yet is made for tonnes above 0."""
    at = _is_at(table, change)
    if at.any():
        return table.assign(**{column: table[column].where(~at, (table[column] + tonnes).clip(lower=0.0))})
    if tonnes <= 0:
        return table
    row = {"material_code": change.material_code, "province_code": change.place_code, column: tonnes}
    flags = list(table.select_dtypes("bool").columns)
    row |= {name: column == "supply_tonnes" and name != "own" for name in flags}
    counts = [name for name in _PARTS_OF_DEMAND if name in table]
    grown = pd.concat([table, pd.DataFrame([row | dict.fromkeys(counts, 0)])], ignore_index=True)
    return grown.astype({name: table[name].dtype for name in (*flags, *counts)})


def _through(imports: pd.DataFrame, change: Change) -> pd.DataFrame:
    """Close a gateway, or limit what it brings of a material."""
    here = imports["gateway_code"] == change.place_code
    if change.kind == "gate":
        return imports[~here].reset_index(drop=True)
    capacity = (
        imports["capacity_tonnes"] if "capacity_tonnes" in imports else pd.Series(np.nan, imports.index)
    )
    concerned = here & (imports["material_code"] == change.material_code)
    return imports.assign(capacity_tonnes=capacity.where(~concerned, change.amount))


def _is_at(table: pd.DataFrame, change: Change) -> pd.Series:
    """Which rows a change is about."""
    return (table["material_code"] == change.material_code) & (table["province_code"] == change.place_code)


@dataclass(frozen=True)
class Comparison:
    """What differs between two plans; every table is empty when nothing does.

    Attributes
    ----------
    flows : DataFrame
        ``material_code``, ``origin_code``, ``origin_kind``, ``destination_code``, ``before_tonnes``,
        ``after_tonnes``, ``difference_tonnes``, ``distance_km`` (after, else before); only flows that
        changed, the largest change first.
    unmet : DataFrame
        ``material_code``, ``destination_code``, ``before_tonnes``, ``after_tonnes``, ``difference_tonnes``;
        only where it changed.
    places : DataFrame
        ``material_code``, ``province_code``, ``sent_difference_tonnes``, ``received_difference_tonnes``,
        ``import_difference_tonnes`` (part of what is received), ``unmet_difference_tonnes``: who sends more
        or less, who is left short; only where something changed.
    totals : DataFrame
        One row a material of either plan: ``before``/``after``/``difference`` of ``moved_tonnes``,
        ``import_tonnes``, ``unmet_tonnes`` and ``tonne_km``.
    """

    flows: pd.DataFrame
    unmet: pd.DataFrame
    places: pd.DataFrame
    totals: pd.DataFrame

    def __bool__(self) -> bool:
        return bool(len(self.flows) or len(self.unmet))


def compare(before: MaterialPlan, after: MaterialPlan) -> Comparison:
    """Set two plans against each other; differences that are only rounding are left out.

    Parameters
    ----------
    before, after : MaterialPlan

    Returns
    -------
    Comparison
    """
    flows = _differences(before.flows, after.flows, _ROUTE, "flow_tonnes")
    km = pd.concat([after.flows, before.flows]).drop_duplicates(_ROUTE).set_index(_ROUTE)["distance_km"]
    flows["distance_km"] = km.reindex(pd.MultiIndex.from_frame(flows[_ROUTE])).to_numpy(dtype="float64")
    flows = flows[
        ["material_code", "origin_code", "origin_kind", "destination_code", *_AMOUNTS, "distance_km"]
    ]
    unmet = _differences(before.unmet, after.unmet, ["material_code", "destination_code"], "unmet_tonnes")
    return Comparison(flows, unmet, _places(flows, unmet), _totals(before, after))


def _differences(before: pd.DataFrame, after: pd.DataFrame, keys: list[str], amount: str) -> pd.DataFrame:
    """Rows whose amount differs, with both amounts; the largest difference first."""
    sides = [table.set_index(keys)[amount] for table in (before, after)]
    both = pd.concat(sides, axis=1, keys=_AMOUNTS[:2]).fillna(0.0).astype("float64")
    both["difference_tonnes"] = both["after_tonnes"] - both["before_tonnes"]
    largest = both[_AMOUNTS[:2]].max(axis=1).groupby(level="material_code").transform("max")
    changed = both[both["difference_tonnes"].abs() > (largest * _RELATIVE).clip(lower=_ABSOLUTE)]
    size = -changed["difference_tonnes"].abs()
    rows = changed.assign(_size=size).reset_index().sort_values(["_size", *keys], ignore_index=True)
    return rows[[*keys, *_AMOUNTS]]


def _places(flows: pd.DataFrame, unmet: pd.DataFrame) -> pd.DataFrame:
    """Sum the differences up by province; the largest first."""
    home, gate = flows["origin_kind"] == "province", flows["origin_kind"] == "gateway"
    parts = {
        "sent_difference_tonnes": flows[home].rename(columns={"origin_code": "province_code"}),
        "received_difference_tonnes": flows.rename(columns={"destination_code": "province_code"}),
        "import_difference_tonnes": flows[gate].rename(columns={"destination_code": "province_code"}),
        "unmet_difference_tonnes": unmet.rename(columns={"destination_code": "province_code"}),
    }
    sums = [part.groupby(_PLACE)["difference_tonnes"].sum() for part in parts.values()]
    table = pd.concat(sums, axis=1, keys=list(parts)).fillna(0.0).astype("float64")
    # Who only changed suppliers has differences that add up to nothing but rounding.
    table = table.where(table.abs() > _ABSOLUTE, 0.0)
    table = table[(table != 0).any(axis=1)]
    order = -table.abs().max(axis=1)
    return (
        table.assign(_order=order)
        .reset_index()
        .sort_values(["_order", *_PLACE], ignore_index=True)[[*_PLACE, *parts]]
    )


def _totals(before: MaterialPlan, after: MaterialPlan) -> pd.DataFrame:
    """Totals of both plans by material."""
    sides = {name: _sums(plan) for name, plan in (("before", before), ("after", after))}
    table = pd.concat(sides, axis=1).fillna(0.0).astype("float64").sort_index()
    out = pd.DataFrame(index=table.index)
    for measure in ("moved_tonnes", "import_tonnes", "unmet_tonnes", "tonne_km"):
        first, second = table[("before", measure)], table[("after", measure)]
        out[f"before_{measure}"], out[f"after_{measure}"] = first, second
        out[f"difference_{measure}"] = second - first
    return out.rename_axis("material_code").reset_index()


def _sums(plan: MaterialPlan) -> pd.DataFrame:
    """Totals of one plan, indexed by material."""
    flows = plan.flows
    imports = flows[flows["origin_kind"] == "gateway"]
    parts = {
        "moved_tonnes": flows.groupby("material_code")["flow_tonnes"].sum(),
        "import_tonnes": imports.groupby("material_code")["flow_tonnes"].sum(),
        "unmet_tonnes": plan.unmet.groupby("material_code")["unmet_tonnes"].sum(),
        "tonne_km": flows.groupby("material_code")["tonne_km"].sum(),
    }
    return pd.concat(list(parts.values()), axis=1, keys=list(parts)).fillna(0.0)
