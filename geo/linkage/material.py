"""Linkages of kind ``material``: one province's surplus feeds the processors of another."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo.linkage.model import Finding, Member, plain

#: Flows below either limit are noise of the estimate, not ground for a joint scheme.
LEAST_TONNES = 1.0
LEAST_NEED_SHARE = 0.01
#: How far an unmet need is trusted where the destination has no supply figure and it is not known how much
#: of the country the figures cover: it may well grow some of the material itself. An assumption.
UNKNOWN_TRUST = 0.5
_FIGURE_COLUMNS = (
    "supply_tonnes", "year", "native_quantity", "native_unit", "reliability", "derived", "partial",
)  # fmt: skip
_BALANCE_COLUMNS = ("supply_tonnes", "demand_tonnes", "surplus_tonnes", "shortage_tonnes", "supply_known")
_NEED_COLUMNS = ("demand_tonnes", "stated_tonnes", "estimated_tonnes", "establishments")


def find(
    flows: pd.DataFrame,
    balance: pd.DataFrame,
    demand: pd.DataFrame,
    supply: pd.DataFrame,
    needs_by_status: pd.DataFrame,
    coverage: Mapping[str, float],
) -> tuple[list[Finding], dict[str, int]]:
    """Turn the flows of the least tonne-kilometres into findings.

    Parameters
    ----------
    flows : DataFrame
        ``material_code``, ``origin_code``, ``origin_kind`` (``province`` or ``gateway``),
        ``destination_code``, ``flow_tonnes`` (a year), ``distance_km`` (estimated road km).
    balance : DataFrame
        ``material_code``, ``province_code``, ``supply_tonnes`` (NaN = no figure), ``demand_tonnes``,
        ``surplus_tonnes``, ``shortage_tonnes``, ``supply_known``.
    demand : DataFrame
        ``province_code``, ``material_code``, ``demand_tonnes``, ``stated_tonnes``, ``estimated_tonnes``,
        ``establishments``.
    supply : DataFrame
        ``material_code``, ``province_code``, ``year``, ``supply_tonnes``, ``native_quantity``,
        ``native_unit``, ``derived``, ``partial``, ``reliability``, ``source``.
    needs_by_status : DataFrame
        ``province_code``, ``material_code``, ``sector_code``, ``status``, ``source``, ``tonnes``,
        ``establishments``, ``large``, ``employees_unknown``: the estimated need by its coefficient.
    coverage : mapping
        ``material_code`` -> share (0–1) of the national quantity that the province figures hold; NaN unknown.

    Returns
    -------
    (list of Finding, dict)
        Findings sorted by material, origin, destination; and counts: ``imports`` (flows from gateways,
        shown as imports and not as linkages), ``noise`` (flows too small), ``own`` (origin = destination).
    """
    tables = {
        "balance": _by_key(balance),
        "demand": _by_key(demand),
        "supply": _by_key(supply),
    }
    coefficients = _coefficient_rows(needs_by_status)
    counts = {"imports": 0, "noise": 0, "own": 0}
    found = []
    ordered = flows.sort_values(["material_code", "origin_code", "destination_code"])
    records: list[dict[str, Any]] = ordered.to_dict("records")  # type: ignore[assignment]
    for flow in records:
        why_not = _left_out(flow, tables)
        if why_not:
            counts[why_not] += 1
            continue
        key = (flow["material_code"], flow["destination_code"])
        found.append(_finding(flow, tables, coefficients.get(key, []), coverage))
    return found, counts


def _by_key(frame: pd.DataFrame) -> dict[tuple[str, str], dict[str, Any]]:
    """Index the rows of a frame by material and province."""
    rows: list[dict[str, Any]] = frame.to_dict("records")  # type: ignore[assignment]
    return {(r["material_code"], r["province_code"]): r for r in rows}


def _left_out(flow: Mapping[str, Any], tables: Mapping[str, dict]) -> str:
    """Return why a flow is no opportunity, or an empty text."""
    if flow["origin_kind"] != "province":
        return "imports"
    if flow["origin_code"] == flow["destination_code"]:
        return "own"
    need = tables["demand"].get((flow["material_code"], flow["destination_code"]), {})
    tonnes = flow["flow_tonnes"]
    if tonnes < LEAST_TONNES or tonnes < LEAST_NEED_SHARE * need.get("demand_tonnes", 0.0):
        return "noise"
    return ""


def _finding(
    flow: Mapping[str, Any],
    tables: Mapping[str, dict],
    rows: list[dict[str, Any]],
    coverage: Mapping[str, float],
) -> Finding:
    """Gather one flow with the balances, the need and the supply figures behind it."""
    material, origin, destination = flow["material_code"], flow["origin_code"], flow["destination_code"]
    at_origin = tables["balance"][(material, origin)]
    at_destination = tables["balance"][(material, destination)]
    need = tables["demand"][(material, destination)]
    figure = tables["supply"].get((material, origin), {})
    tonnes, distance = float(flow["flow_tonnes"]), float(flow["distance_km"])
    demand_tonnes = float(need["demand_tonnes"])
    measures = {
        "flow_tonnes": tonnes,
        "surplus_tonnes": float(at_origin["surplus_tonnes"]),
        "demand_tonnes": demand_tonnes,
        "establishments": int(need["establishments"]),
        "need_share": _ratio(tonnes, demand_tonnes),
        "strength_share": _ratio(at_origin["surplus_tonnes"], at_origin["supply_tonnes"]),
        "estimated_share": _ratio(need["estimated_tonnes"], demand_tonnes),
        "destination_known": bool(at_destination["supply_known"]),
        "reliability": figure.get("reliability", ""),
        "supply_year": figure.get("year"),
        "supply_derived": bool(figure.get("derived", False)),
        "supply_partial": bool(figure.get("partial", False)),
        "coverage_share": coverage.get(material, math.nan),
        "need_trust": _trust(bool(at_destination["supply_known"]), coverage.get(material, math.nan)),
        "coefficient_rows": rows,
    }
    return Finding(
        kind="material",
        subject_code=material,
        subject_kind="material",
        members=(Member(origin, "source"), Member(destination, "processor")),
        magnitude=tonnes,
        unit="tonnes_per_year",
        distance_km=distance,
        establishments_gaining=measures["establishments"],
        measures=measures,
        evidence=_evidence(flow, at_origin, at_destination, need, figure, measures),
    )


def _trust(known: bool, coverage: float) -> float:
    """Return how far the need is trusted to be unmet: 1 with a supply figure, else the coverage."""
    if known:
        return 1.0
    return coverage if math.isfinite(coverage) else UNKNOWN_TRUST


def _ratio(part: float, whole: float) -> float:
    """Return part / whole, NaN when there is no whole."""
    return float(part) / float(whole) if whole and whole > 0 else math.nan


def _coefficient_rows(needs: pd.DataFrame) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Return the estimated need by material and province: sectors and coefficients, largest first."""
    ordered = needs.sort_values(["tonnes", "sector_code", "status"], ascending=[False, True, True])
    out: dict[tuple[str, str], list[dict[str, Any]]] = {}
    records: list[dict[str, Any]] = ordered.to_dict("records")  # type: ignore[assignment]
    for row in records:
        out.setdefault((row["material_code"], row["province_code"]), []).append(row)
    return out


def _evidence(
    flow: Mapping[str, Any],
    at_origin: Mapping[str, Any],
    at_destination: Mapping[str, Any],
    need: Mapping[str, Any],
    figure: Mapping[str, Any],
    measures: Mapping[str, Any],
) -> tuple[dict[str, Any], ...]:
    """Return the rows behind the sentence: flow, supply, both balances, need and coefficients."""
    material = flow["material_code"]
    rows = [
        _row(
            "material_flows",
            {k: flow[k] for k in ("material_code", "origin_code", "destination_code")},
            {
                "flow_tonnes": flow["flow_tonnes"],
                "distance_km": flow["distance_km"],
                "need_share": measures["need_share"],
                "origin_surplus_share": measures["strength_share"],
            },
            "geo.measures.flows.material_flows",
            "computed",
        )
    ]
    if figure:
        rows.append(
            _row(
                "material_supply",
                {"material_code": material, "province_code": flow["origin_code"]},
                {c: figure.get(c) for c in _FIGURE_COLUMNS},
                str(figure.get("source", "")),
                "derived" if figure.get("derived") else "published",
            )
        )
    for code, row in ((flow["origin_code"], at_origin), (flow["destination_code"], at_destination)):
        rows.append(
            _row(
                "material_balance",
                {"material_code": material, "province_code": code},
                {c: row[c] for c in _BALANCE_COLUMNS},
                "geo.measures.balance.balance",
                "computed",
            )
        )
    estimated = {"estimated_share": measures["estimated_share"]}
    key = {"material_code": material, "province_code": flow["destination_code"]}
    computed = "estimated" if measures["estimated_share"] > 0.0005 else "stated"
    rows.append(
        _row(
            "material_demand",
            key,
            {c: need[c] for c in _NEED_COLUMNS} | estimated,
            "geo.measures.balance.demand",
            computed,
        )
    )
    for row in measures["coefficient_rows"][:3]:
        values = {"estimated_tonnes": row["tonnes"], "establishments": row["establishments"]}
        rows.append(
            _row(
                "requirements",
                key | {"sector_code": row["sector_code"]},
                values,
                row["source"],
                row["status"],
            )
        )
    return tuple(rows)


def _row(
    table: str, key: Mapping[str, Any], values: Mapping[str, Any], source: str, status: str
) -> dict[str, Any]:
    """Return one evidence row."""
    return {"table": table, "key": dict(key), "values": plain(values), "source": source, "status": status}
