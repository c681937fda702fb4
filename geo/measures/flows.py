"""Least-cost flows of raw material from surplus to shortage, with gateways as sources of imports."""

from __future__ import annotations

from collections.abc import Mapping
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
IMPORT_COLUMNS = ["material_code", "gateway_code", "destination_code", "straight_km"]


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
    flows: list[pd.DataFrame] = []
    unmet: list[pd.DataFrame] = []
    worths: list[pd.DataFrame] = []
    for material, problem in problems(balance, distance_km, imports, regions, options).items():
        solution = flow_problem.solve(problem)
        parts = [(_flows(problem, solution), flows), (_unmet(problem, solution), unmet)]
        if prices:
            parts.append((_prices(problem, solution), worths))
        for part, into in parts:
            if len(part):
                into.append(part.assign(material_code=material))
    return MaterialPlan(
        _joined(flows, MATERIAL_FLOW_COLUMNS).sort_values(
            ["flow_tonnes", "material_code", "origin_code", "destination_code"],
            ascending=[False, True, True, True],
            ignore_index=True,
        ),
        _joined(unmet, UNMET_COLUMNS).sort_values(UNMET_COLUMNS[:2], ignore_index=True),
        _joined(worths, PRICE_COLUMNS).sort_values(PRICE_COLUMNS[:3], ignore_index=True),
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
    codes = pd.Index(sorted(balance["province_code"].unique()), dtype=object)
    _check_places(codes, distance_km.index, "Bảng cự ly", "The distance table")
    straight = distance_km.loc[codes, codes].to_numpy(dtype="float64")
    region_of = _regions(codes, regions, options)
    gates = pd.DataFrame(columns=IMPORT_COLUMNS) if imports is None else imports
    gates_of = dict(list(gates.groupby("material_code")))
    none = gates.iloc[:0]
    built = {}
    for material, rows in balance.groupby("material_code", sort=True):
        names, gate_km, capacity, gate_region = _gates(gates_of.get(material, none), codes, region_of)
        is_gate = np.arange(len(codes) + len(names)) >= len(codes)
        leaves = np.concatenate([region_of, gate_region])[:, None] != region_of[None, :]
        extra = options.import_penalty_km * is_gate[:, None] + options.between_regions_km * leaves
        over, short = _amounts(rows, codes)
        built[str(material)] = Problem(
            origins=np.concatenate([codes.to_numpy(), names]),
            destinations=codes.to_numpy(),
            is_gate=is_gate,
            amounts=np.concatenate([over * options.available_share, capacity]),
            need=short,
            straight=np.vstack([straight, gate_km]),
            detour=options.detour_factor,
            extra=extra,
        )
    return built


def _amounts(rows: pd.DataFrame, codes: pd.Index) -> tuple[np.ndarray, np.ndarray]:
    """What each province may send (nothing where supply is not known) and what it is short of."""
    over, short = np.zeros(len(codes)), np.zeros(len(codes))
    at = codes.get_indexer(pd.Index(rows["province_code"]))
    known = rows["supply_known"].to_numpy(dtype=bool)
    over[at] = np.where(known, rows["surplus_tonnes"].to_numpy("float64"), 0.0)
    short[at] = rows["shortage_tonnes"].to_numpy("float64")
    return over, short


def _gates(
    gates: pd.DataFrame, codes: pd.Index, region_of: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Gateways of a material: codes, straight km to every province (NaN: no route), capacities, regions."""
    near = gates[gates["destination_code"].isin(codes)]
    names, first, i = np.unique(
        near["gateway_code"].to_numpy(dtype=object), return_index=True, return_inverse=True
    )
    km = np.full((len(names), len(codes)), np.nan)
    km[i, codes.get_indexer(pd.Index(near["destination_code"]))] = near["straight_km"]
    capacity = np.full(len(names), np.inf)
    region = np.full(len(names), "", dtype=object)
    if len(names) and "capacity_tonnes" in near:
        given = near["capacity_tonnes"].to_numpy(dtype="float64")[first]
        capacity = np.where(np.isnan(given), np.inf, given)
    if len(names) and "gateway_province_code" in near:
        known = dict(zip(codes, region_of, strict=True))
        region = np.array([known.get(code, "") for code in near["gateway_province_code"].to_numpy()[first]])
    return names, km, capacity, region


def _regions(
    codes: pd.Index, regions: Mapping[str, str] | pd.Series | None, options: FlowOptions
) -> np.ndarray:
    """Region of each province; all in one where regions count for nothing."""
    if options.between_regions_km == 0.0:
        return np.full(len(codes), "", dtype=object)
    given = dict(regions) if regions is not None else {}
    _check_places(codes, pd.Index(list(given)), "Bảng vùng", "The table of regions")
    return np.array([given[code] for code in codes], dtype=object)


def _flows(problem: Problem, solution: Solution) -> pd.DataFrame:
    """The flows of a solution as rows; each origin carries its kind, because a gateway may bear a province's code."""
    i, j = np.nonzero(solution.flow)
    km, tonnes = problem.straight[i, j], solution.flow[i, j]
    return pd.DataFrame(
        {
            "origin_code": problem.origins[i],
            "origin_kind": np.where(problem.is_gate[i], "gateway", "province"),
            "destination_code": problem.destinations[j],
            "flow_tonnes": tonnes,
            "straight_km": km,
            "distance_km": km * problem.detour,
            "tonne_km": tonnes * km * problem.detour,
        }
    )


def _unmet(problem: Problem, solution: Solution) -> pd.DataFrame:
    """What a solution leaves unmet, as rows."""
    j = np.flatnonzero(solution.unmet > 0)
    return pd.DataFrame({"destination_code": problem.destinations[j], "unmet_tonnes": solution.unmet[j]})


def _prices(problem: Problem, solution: Solution) -> pd.DataFrame:
    """What one tonne more to send, and one tonne more of need, is worth in each province, as rows."""
    parts = []
    count = len(problem.destinations)
    # A tonne more to send saves, a tonne more of need costs: both are shown as positive amounts.
    for side, sign, found in zip(
        ("origin", "destination"), (-1, 1), flow_problem.worth(problem, solution), strict=True
    ):
        values = {
            "price_km": found.counted_km,
            "road_km": found.road_km,
            "import_tonnes": found.import_tonnes,
            "unmet_tonnes": found.unmet_tonnes,
        }
        # Adding zero turns a negative zero into a plain one.
        rows = {name: sign * value[:count] + 0.0 for name, value in values.items()}
        parts.append(pd.DataFrame({"province_code": problem.destinations, "side": side, **rows}))
    return pd.concat(parts, ignore_index=True)


def _joined(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    """The rows of all materials in one table with its types, also when there are none."""
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    numbers = [name for name in columns if name.endswith(("_tonnes", "_km"))]
    return rows[columns].astype(dict.fromkeys(numbers, "float64"))


def _check_places(codes: pd.Index, known: pd.Index, vi: str, en: str) -> None:
    """Refuse provinces that a table lacks."""
    absent = sorted(set(codes) - set(known))
    if absent:
        raise DataError(
            vi=f"{vi} phải có đủ các tỉnh của bảng cân đối, nhưng thiếu {', '.join(absent[:5])}; "
            "hãy dùng cùng một bộ đơn vị hành chính.",
            en=f"{en} must hold every province of the balance, but {', '.join(absent[:5])} is missing; "
            "use one vintage for both.",
        )
