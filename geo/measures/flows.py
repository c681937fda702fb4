"""Least-cost flows of raw material from surplus to shortage, with gateways as sources of imports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from geo.errors import DataError
from geo.measures import flow_problem
from geo.measures.flow_options import DETOUR_FACTOR, IMPORT_PENALTY_KM, FlowOptions
from geo.measures.flow_problem import Problem, Solution
from geo.measures.transport import TransportPlan, transport

__all__ = [
    "DETOUR_FACTOR", "IMPORT_PENALTY_KM", "FlowOptions", "MaterialPlan", "TransportPlan", "material_flows",
    "problems", "transport",
]  # fmt: skip

MATERIAL_FLOW_COLUMNS = [
    "material_code",
    "origin_code",
    "origin_kind",
    "destination_code",
    "flow_tonnes",
    "straight_km",
    "distance_km",
    "tonne_km",
]
UNMET_COLUMNS = ["material_code", "destination_code", "unmet_tonnes"]
PRICE_COLUMNS = [
    "material_code",
    "province_code",
    "side",
    "price_km",
    "road_km",
    "import_tonnes",
    "unmet_tonnes",
]

#: Columns of a table before it is one.
Columns = dict[str, np.ndarray]


@dataclass(frozen=True)
class MaterialPlan:
    """The flows of every material, what stays unmet, and what one tonne more is worth.

    Attributes
    ----------
    flows : DataFrame
        ``material_code``, ``origin_code``, ``origin_kind`` (province, gateway), ``destination_code``,
        ``flow_tonnes`` (tonnes a year, > 0), ``straight_km`` (great circle), ``distance_km`` (straight ×
        detour factor), ``tonne_km``; the largest flow first.
    unmet : DataFrame
        ``material_code``, ``destination_code``, ``unmet_tonnes`` (> 0), sorted.
    prices : DataFrame
        Empty unless asked for. ``material_code``, ``province_code``, ``side``: ``origin`` (one tonne more to
        send here) or ``destination`` (one tonne more of need here). Per such tonne: ``price_km``
        (tonne-km, extra km of imports and regions included) and ``road_km`` (haulage alone), both saved at
        an origin and added at a destination; ``import_tonnes`` saved or added; ``unmet_tonnes`` met or added
        (then ``price_km`` only says what the haulage comes to). Sorted by material, province, side.
    """

    flows: pd.DataFrame
    unmet: pd.DataFrame
    prices: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=PRICE_COLUMNS))


def material_flows(
    balance: pd.DataFrame,
    distance_km: pd.DataFrame,
    *,
    imports: pd.DataFrame | None = None,
    regions: Mapping[str, str] | pd.Series | None = None,
    options: FlowOptions | None = None,
    prices: bool = False,
) -> MaterialPlan:
    """Carry each raw material from surplus to shortage at the least tonne-kilometres.

    Every province first serves itself (the balance nets supply against demand), so only what is left over
    travels. Only a province with a supply figure may send; one without never does, though it may receive.

    Parameters
    ----------
    balance : DataFrame
        Of ``balance.balance``: ``material_code``, ``province_code``, ``surplus_tonnes``,
        ``shortage_tonnes`` (tonnes a year), ``supply_known``.
    distance_km : DataFrame
        Great-circle km, province × province.
    imports : DataFrame, optional
        Of ``gateways.import_options``: ``material_code``, ``gateway_code``, ``destination_code``,
        ``straight_km``; if wanted ``capacity_tonnes`` (a year, of the material through the gateway; missing:
        no limit, because no capacity is published) and ``gateway_province_code``. None: no imports.
    regions : Series or mapping, optional
        Province → region; needed for ``between_regions_km`` above 0.
    options : FlowOptions, optional
        Assumptions; the defaults when left out.
    prices : bool, default False
        Also work out what one tonne more is worth in each province.

    Returns
    -------
    MaterialPlan

    Raises
    ------
    DataError
        If a province has no distance or no region.
    ParameterError
        If an assumption is out of its range.

    Notes
    -----
    For each material and destination: flow in + unmet = shortage.
    """
    flows: list[Columns] = []
    unmet: list[Columns] = []
    worths: list[Columns] = []
    for material, problem in problems(balance, distance_km, imports, regions, options).items():
        solution = flow_problem.solve(problem)
        flows.append(_flows(material, problem, solution))
        unmet.append(_unmet(material, problem, solution))
        if prices:
            worths += _prices(material, problem, solution)
    return MaterialPlan(
        _table(flows, MATERIAL_FLOW_COLUMNS).sort_values(
            ["flow_tonnes", "material_code", "origin_code", "destination_code"],
            ascending=[False, True, True, True],
            ignore_index=True,
        ),
        _table(unmet, UNMET_COLUMNS).sort_values(UNMET_COLUMNS[:2], ignore_index=True),
        _table(worths, PRICE_COLUMNS).sort_values(PRICE_COLUMNS[:3], ignore_index=True),
    )


def problems(
    balance: pd.DataFrame,
    distance_km: pd.DataFrame,
    imports: pd.DataFrame | None = None,
    regions: Mapping[str, str] | pd.Series | None = None,
    options: FlowOptions | None = None,
) -> dict[str, Problem]:
    """Set up the problem of each material; arguments and errors as for :func:`material_flows`."""
    options = options or FlowOptions()
    options.check()
    places, codes = pd.factorize(balance["province_code"].to_numpy(dtype=object), sort=True)
    _check_places(codes, distance_km.index, "Bảng cự ly", "The distance table")
    straight = distance_km.loc[codes, codes].to_numpy(dtype="float64")
    region_of = _regions(codes, regions, options)
    gates = {} if imports is None else dict(list(imports.groupby("material_code")))
    over, short = _amounts(balance)
    rows_of, names = pd.factorize(balance["material_code"].to_numpy(dtype=object), sort=True)
    built = {}
    for number, material in enumerate(names):
        rows = np.flatnonzero(rows_of == number)
        have, need = np.zeros(len(codes)), np.zeros(len(codes))
        have[places[rows]], need[places[rows]] = over[rows], short[rows]
        doors, gate_km, capacity, gate_region = _gates(gates.get(material), codes, region_of)
        is_gate = np.arange(len(codes) + len(doors)) >= len(codes)
        leaves = np.concatenate([region_of, gate_region])[:, None] != region_of[None, :]
        built[str(material)] = Problem(
            origins=np.concatenate([codes, doors]),
            destinations=codes,
            is_gate=is_gate,
            amounts=np.concatenate([have * options.available_share, capacity]),
            need=need,
            straight=np.vstack([straight, gate_km]),
            detour=options.detour_factor,
            extra=options.import_penalty_km * is_gate[:, None] + options.between_regions_km * leaves,
        )
    return built


def _amounts(balance: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """What each row may send (nothing where supply is not known) and what it is short of."""
    known = balance["supply_known"].to_numpy(dtype=bool)
    over = np.where(known, balance["surplus_tonnes"].to_numpy("float64"), 0.0)
    return over, balance["shortage_tonnes"].to_numpy("float64")


def _gates(
    gates: pd.DataFrame | None, codes: np.ndarray, region_of: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Gateways of a material: codes, straight km to every province (NaN: no route), capacities, regions."""
    if gates is None:
        return np.empty(0, dtype=object), np.empty((0, len(codes))), np.empty(0), np.empty(0, dtype=object)
    names, first, i = np.unique(
        gates["gateway_code"].to_numpy(dtype=object), return_index=True, return_inverse=True
    )
    place = {code: number for number, code in enumerate(codes)}
    j = np.array([place.get(code, -1) for code in gates["destination_code"]])
    km = np.full((len(names), len(codes)), np.nan)
    km[i[j >= 0], j[j >= 0]] = gates["straight_km"].to_numpy(dtype="float64")[j >= 0]
    capacity = np.full(len(names), np.inf)
    region = np.full(len(names), "", dtype=object)
    if "capacity_tonnes" in gates:
        given = gates["capacity_tonnes"].to_numpy(dtype="float64")[first]
        capacity = np.where(np.isnan(given), np.inf, given)
    if "gateway_province_code" in gates:
        stands_in = gates["gateway_province_code"].to_numpy(dtype=object)[first]
        region[:] = [region_of[place[code]] if code in place else "" for code in stands_in]
    return names, km, capacity, region


def _regions(
    codes: np.ndarray, regions: Mapping[str, str] | pd.Series | None, options: FlowOptions
) -> np.ndarray:
    """Region of each province; all in one where regions count for nothing."""
    if options.between_regions_km == 0.0:
        return np.full(len(codes), "", dtype=object)
    given = dict(regions) if regions is not None else {}
    _check_places(codes, given, "Bảng vùng", "The table of regions")
    return np.array([given[code] for code in codes], dtype=object)


def _flows(material: str, problem: Problem, solution: Solution) -> Columns:
    """The flows of a solution; each origin carries its kind, because a gateway may bear a province's code."""
    i, j = np.nonzero(solution.flow)
    km, tonnes = problem.straight[i, j], solution.flow[i, j]
    return {
        "material_code": np.full(len(i), material, dtype=object),
        "origin_code": problem.origins[i],
        "origin_kind": np.where(problem.is_gate[i], "gateway", "province").astype(object),
        "destination_code": problem.destinations[j],
        "flow_tonnes": tonnes,
        "straight_km": km,
        "distance_km": km * problem.detour,
        "tonne_km": tonnes * (km * problem.detour),
    }


def _unmet(material: str, problem: Problem, solution: Solution) -> Columns:
    """What a solution leaves unmet."""
    j = np.flatnonzero(solution.unmet > 0)
    return {
        "material_code": np.full(len(j), material, dtype=object),
        "destination_code": problem.destinations[j],
        "unmet_tonnes": solution.unmet[j],
    }


def _prices(material: str, problem: Problem, solution: Solution) -> list[Columns]:
    """What one tonne more to send, and one tonne more of need, is worth in each province."""
    count = len(problem.destinations)
    more_supply, more_need = flow_problem.worth(problem, solution)
    parts = []
    # A tonne more to send saves, a tonne more of need costs: both are shown as positive amounts.
    for side, sign, found in (("origin", -1.0, more_supply), ("destination", 1.0, more_need)):
        parts.append(
            {
                "material_code": np.full(count, material, dtype=object),
                "province_code": problem.destinations,
                "side": np.full(count, side, dtype=object),
                # Adding zero turns a negative zero into a plain one.
                "price_km": sign * found.counted_km[:count] + 0.0,
                "road_km": sign * found.road_km[:count] + 0.0,
                "import_tonnes": sign * found.import_tonnes[:count] + 0.0,
                "unmet_tonnes": sign * found.unmet_tonnes[:count] + 0.0,
            }
        )
    return parts


def _table(parts: list[Columns], columns: list[str]) -> pd.DataFrame:
    """The columns of all materials as one table with its types, also when there are none."""
    types = {name: "float64" if name.endswith(("_tonnes", "_km")) else "str" for name in columns}
    none: Columns = {name: np.empty(0) for name in columns}
    joined = {name: np.concatenate([part[name] for part in parts or [none]]) for name in columns}
    return pd.DataFrame(joined).astype(types)


def _check_places(codes: Iterable[str], known: Iterable[str], vi: str, en: str) -> None:
    """Refuse provinces that a table lacks."""
    absent = sorted(set(codes) - set(known))
    if absent:
        raise DataError(
            vi=f"{vi} phải có đủ các tỉnh của bảng cân đối, nhưng thiếu {', '.join(absent[:5])}; "
            "hãy dùng cùng một bộ đơn vị hành chính.",
            en=f"{en} must hold every province of the balance, but {', '.join(absent[:5])} is missing; "
            "use one vintage for both.",
        )
