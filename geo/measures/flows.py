"""Least-cost flows of raw material from surplus to shortage, with gateways as sources of imports."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.errors import DataError, ParameterError
from geo.measures.transport import TransportPlan, transport

__all__ = ["MaterialPlan", "TransportPlan", "material_flows", "transport"]

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
    rows: pd.DataFrame, distance_km: pd.DataFrame, imports: pd.DataFrame, detour: float, penalty: float
) -> tuple[pd.DataFrame, pd.Series]:
    """Flows of one material from surplus provinces and gateways to the provinces short of it."""
    indexed = rows.set_index("province_code")
    surplus = indexed.loc[indexed["supply_known"] & (indexed["surplus_tonnes"] > 0), "surplus_tonnes"]
    shortage = indexed.loc[indexed["shortage_tonnes"] > 0, "shortage_tonnes"]
    if shortage.empty:
        return pd.DataFrame(columns=["origin", "destination", "flow", "straight_km", "origin_kind"]), shortage
    straight = distance_km.loc[surplus.index, shortage.index]
    gate = imports[imports["destination_code"].isin(shortage.index)]
    if len(gate):
        table = gate.pivot(index="gateway_code", columns="destination_code", values="straight_km")
        table = table.reindex(columns=shortage.index)
    else:
        table = pd.DataFrame(columns=shortage.index, dtype="float64")
    # Each origin carries its kind, because a gateway may bear the code of a province.
    kinds = ["province"] * len(surplus) + ["gateway"] * len(table)
    labels = pd.MultiIndex.from_arrays([kinds, [*surplus.index, *table.index]])
    km = pd.DataFrame(np.vstack([straight.to_numpy(), table.to_numpy()]), columns=shortage.index)
    km.index = pd.RangeIndex(len(km))
    extra = np.where(np.array(kinds) == "gateway", penalty, 0.0)
    # A gateway has no published capacity: it may bring all that is short.
    amounts = [*surplus.to_numpy(), *([float(shortage.sum())] * len(table))]
    plan = transport(
        pd.Series(amounts, index=km.index, dtype="float64"),
        shortage,
        km * detour + extra[:, None],
        prices=False,
    )
    flows = plan.flows
    places = km.columns.get_indexer(pd.Index(flows["destination"]))
    straight_km = km.to_numpy()[flows["origin"].to_numpy(dtype="int64"), places]
    named = labels[flows["origin"].to_numpy(dtype="int64")]
    flows = flows.assign(
        straight_km=straight_km,
        origin=named.get_level_values(1),
        origin_kind=named.get_level_values(0),
    )
    return flows, plan.unmet[plan.unmet > 0]


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
    detour_factor: float = 1.33,
    import_penalty_km: float = 500.0,
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
    all_flows, all_unmet = [], []
    for material, rows in balance.groupby("material_code", sort=True):
        gates = imports[imports["material_code"] == material]
        flows, unmet = _one_material(rows, distance_km, gates, detour_factor, import_penalty_km)
        all_flows.append(flows.assign(material_code=material))
        all_unmet.append(unmet.rename("unmet_tonnes").rename_axis("destination_code").reset_index())
        all_unmet[-1].insert(0, "material_code", material)
    return MaterialPlan(_all_flows(all_flows, detour_factor), _all_unmet(all_unmet))


def _all_flows(parts: list[pd.DataFrame], detour: float) -> pd.DataFrame:
    """The flows of all materials with their road distance, the largest first."""
    parts = [part for part in parts if len(part)]
    names = {"origin": "origin_code", "destination": "destination_code", "flow": "flow_tonnes"}
    empty = pd.DataFrame(columns=[*names, "origin_kind", "straight_km", "material_code"])
    flows = (pd.concat(parts, ignore_index=True) if parts else empty).rename(columns=names)
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
    parts = [part[part["unmet_tonnes"] > 0] for part in parts]
    parts = [part for part in parts if len(part)]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return rows[columns].astype({"unmet_tonnes": "float64"}).sort_values(columns[:2], ignore_index=True)
