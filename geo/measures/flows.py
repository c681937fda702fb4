"""Least-cost flows of raw material from surplus to shortage, with gateways as sources of imports."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.errors import DataError, ParameterError
from geo.measures.transport import TransportPlan, serve, transport

__all__ = ["FlowOptions", "MaterialPlan", "TransportPlan", "material_flows", "transport"]

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


#: Straight line to road: median of trips of 20 km and more measured in the South; the user may change it.
DETOUR_FACTOR = 1.33
#: Road km counted against an import, so that home supply within reach comes first; an assumption.
IMPORT_PENALTY_KM = 500.0


@dataclass(frozen=True)
class FlowOptions:
    """Assumptions of the plan of flows that a user may change.

    Attributes
    ----------
    detour_factor : float
        Road over straight line (dimensionless), 1 to 3.
    import_penalty_km : float
        Extra road km counted against an import, >= 0.
    """

    detour_factor: float = DETOUR_FACTOR
    import_penalty_km: float = IMPORT_PENALTY_KM


@dataclass(frozen=True)
class MaterialPlan:
    """The flows of every material, and what stays unmet.

    Attributes
    ----------
    flows : DataFrame
        ``material_code``, ``origin_code``, ``origin_kind`` (province, gateway), ``destination_code``,
        ``flow_tonnes`` (tonnes a year, > 0), ``straight_km`` (great circle), ``distance_km`` (straight ×
        detour factor), ``tonne_km``; the largest flow first.
    unmet : DataFrame
        ``material_code``, ``destination_code``, ``unmet_tonnes`` (> 0), sorted.
    """

    flows: pd.DataFrame
    unmet: pd.DataFrame


def _one_material(
    rows: pd.DataFrame, distance_km: pd.DataFrame, gates: pd.DataFrame, detour: float, penalty: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Flows of one material from surplus provinces and gateways to the provinces short of it, and what is unmet."""
    codes = rows["province_code"].to_numpy(dtype=object)
    short = rows["shortage_tonnes"].to_numpy(dtype="float64")
    over = np.where(
        rows["supply_known"].to_numpy(dtype=bool), rows["surplus_tonnes"].to_numpy("float64"), 0.0
    )
    to, out_of = np.flatnonzero(short > 0), np.flatnonzero(over > 0)
    destinations, need = codes[to], short[to]
    places = distance_km.index.get_indexer(pd.Index(codes))
    straight = distance_km.to_numpy()[np.ix_(places[out_of], places[to])]
    names, gate_km = _gate_distances(gates, destinations)
    straight = np.vstack([straight, gate_km])
    is_gate = np.arange(len(straight)) >= len(out_of)
    # A gateway has no published capacity: it may bring all that is short.
    amounts = np.concatenate([over[out_of], np.full(len(names), need.sum())])
    if len(to) and len(amounts):
        cost = straight * detour + np.where(is_gate, penalty, 0.0)[:, None]
        flow, unmet, _, _ = serve(amounts, need, cost, prices=False)
    else:
        flow, unmet = np.zeros(straight.shape), need
    i, j = np.nonzero(flow)
    # Each origin carries its kind, because a gateway may bear the code of a province.
    flows = {
        "origin_code": np.concatenate([codes[out_of], names])[i],
        "origin_kind": np.where(is_gate, "gateway", "province")[i],
        "destination_code": destinations[j],
        "flow_tonnes": flow[i, j],
        "straight_km": straight[i, j],
    }
    left = unmet > 0
    return pd.DataFrame(flows), pd.DataFrame(
        {"destination_code": destinations[left], "unmet_tonnes": unmet[left]}
    )


def _gate_distances(gates: pd.DataFrame, destinations: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gateways that may bring a material, and their straight km to the destinations (NaN: no route)."""
    near = gates[gates["destination_code"].isin(destinations)]
    names, i = np.unique(near["gateway_code"].to_numpy(dtype=object), return_inverse=True)
    km = np.full((len(names), len(destinations)), np.nan)
    km[i, pd.Index(destinations).get_indexer(pd.Index(near["destination_code"]))] = near["straight_km"]
    return names, km


def _check_parameters(
    balance: pd.DataFrame, distance_km: pd.DataFrame, detour: float, penalty: float
) -> None:
    """Refuse a detour below 1, a negative penalty, and provinces without a distance."""
    if not (np.isfinite(detour) and detour >= 1.0):
        raise ParameterError(
            vi=f"Hệ số đường vòng phải từ 1 trở lên (đường thẳng là 1; thường là 1,33), nhưng nhận được "
            f"{detour}; hãy nhập lại.",
            en=f"The detour factor must be 1 or more (1 is the straight line; 1.33 is usual), but "
            f"{detour} came; enter it again.",
        )
    if not (np.isfinite(penalty) and penalty >= 0.0):
        raise ParameterError(
            vi=f"Cự ly cộng thêm cho hàng nhập khẩu phải từ 0 km trở lên, nhưng nhận được {penalty}; hãy nhập lại.",
            en=f"The extra distance for imports must be 0 km or more, but {penalty} came; enter it again.",
        )
    absent = sorted(set(balance["province_code"]) - set(distance_km.index))
    if absent:
        raise DataError(
            vi=f"Bảng cự ly phải có đủ các tỉnh của bảng cân đối, nhưng thiếu {', '.join(absent[:5])}; "
            "hãy dùng cùng một bộ đơn vị hành chính.",
            en=f"The distance table must hold every province of the balance, but {', '.join(absent[:5])} is "
            "missing; use one vintage for both.",
        )


def material_flows(
    balance: pd.DataFrame,
    distance_km: pd.DataFrame,
    *,
    imports: pd.DataFrame | None = None,
    detour_factor: float = DETOUR_FACTOR,
    import_penalty_km: float = IMPORT_PENALTY_KM,
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
        ``straight_km``. None: no imports.
    detour_factor : float, default 1.33
        Road over straight line, >= 1: the median of 595 trips of 20 km and more in the South (10th–90th
        percentile 1.14–1.53; up to 2 across mountains). An assumption the user may change.
    import_penalty_km : float, default 500
        Extra road km counted against an import, so that home supply within reach comes first; an assumption
        the user may change. It is in the choice, not in ``distance_km`` or ``tonne_km``.

    Returns
    -------
    MaterialPlan

    Raises
    ------
    DataError
        If a province has no distance or a quantity is negative.
    ParameterError
        If ``detour_factor`` is below 1 or ``import_penalty_km`` negative.

    Notes
    -----
    For each material and destination: flow in + unmet = shortage.
    """
    _check_parameters(balance, distance_km, detour_factor, import_penalty_km)
    if imports is None:
        imports = pd.DataFrame(columns=["material_code", "gateway_code", "destination_code", "straight_km"])
    gates_of = dict(list(imports.groupby("material_code")))
    none = imports.iloc[:0]
    flows: list[pd.DataFrame] = []
    unmet: list[pd.DataFrame] = []
    for material, rows in balance.groupby("material_code", sort=True):
        parts = _one_material(
            rows, distance_km, gates_of.get(material, none), detour_factor, import_penalty_km
        )
        for part, into in zip(parts, (flows, unmet), strict=True):
            if len(part):
                into.append(part.assign(material_code=material))
    return MaterialPlan(_all_flows(flows, detour_factor), _all_unmet(unmet))


def _all_flows(parts: list[pd.DataFrame], detour: float) -> pd.DataFrame:
    """The flows of all materials with their road distance, the largest first."""
    empty = pd.DataFrame(columns=[*MATERIAL_FLOW_COLUMNS[:6]])
    flows = pd.concat(parts, ignore_index=True) if parts else empty
    flows = flows.astype({"flow_tonnes": "float64", "straight_km": "float64"})
    flows["distance_km"] = flows["straight_km"] * detour
    flows["tonne_km"] = flows["flow_tonnes"] * flows["distance_km"]
    return flows[MATERIAL_FLOW_COLUMNS].sort_values(
        ["flow_tonnes", "material_code", "origin_code", "destination_code"],
        ascending=[False, True, True, True],
        ignore_index=True,
    )


def _all_unmet(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """What stays unmet, of all materials, sorted."""
    columns = ["material_code", "destination_code", "unmet_tonnes"]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return rows[columns].astype({"unmet_tonnes": "float64"}).sort_values(columns[:2], ignore_index=True)
