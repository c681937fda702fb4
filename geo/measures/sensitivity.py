"""Which source of a raw material matters most: what happens to the plan of flows if it fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from geo.measures import flow_problem
from geo.measures.flow_options import FlowOptions
from geo.measures.flow_problem import Problem
from geo.measures.flows import problems

SENSITIVITY_COLUMNS = [
    "material_code",
    "source_kind",
    "source_code",
    "lost_tonnes",
    "sent_tonnes",
    "extra_unmet_tonnes",
    "extra_import_tonnes",
    "extra_tonne_km",
    "extra_counted_tonne_km",
]


def sensitivity(
    balance: pd.DataFrame,
    distance_km: pd.DataFrame,
    *,
    imports: pd.DataFrame | None = None,
    regions: Mapping[str, str] | pd.Series | None = None,
    options: FlowOptions | None = None,
) -> pd.DataFrame:
    """Return what happens to the plan if one source fails, for each source of each material.

    Parameters
    ----------
    balance : DataFrame
        Of ``balance.balance``; other arguments and errors as for ``flows.material_flows``.

    Returns
    -------
    DataFrame
        ``material_code``, ``source_kind`` (province, gateway), ``source_code``, ``lost_tonnes`` (supply of
        the province, or what the gateway brought), ``sent_tonnes`` (to other provinces in the plan),
        ``extra_unmet_tonnes``, ``extra_import_tonnes``, ``extra_tonne_km`` (below 0 where less is left to
        carry, or a near gateway stands in) and ``extra_counted_tonne_km`` (with the extra km of imports and
        regions: never below 0 unless need goes unmet). Every province with a supply above 0 and every gateway
        in use; the most critical first: by unmet tonnes, then counted tonne-kilometres.
    """
    rows: list[dict[str, object]] = []
    known = balance[balance["supply_known"]].set_index(["material_code", "province_code"])
    supply, demand = known["supply_tonnes"].to_dict(), known["demand_tonnes"].to_dict()
    for material, problem in problems(balance, distance_km, imports, regions, options).items():
        plan = flow_problem.solve(problem)
        base, sent = flow_problem.totals(problem, plan), plan.flow.sum(axis=1)
        for place, code in enumerate(problem.origins):
            gate = bool(problem.is_gate[place])
            lost = float(sent[place]) if gate else float(supply.get((material, code), 0.0))
            if lost <= 0:
                continue
            need = 0.0 if gate else float(demand[(material, code)])
            # A source that neither sends nor serves itself changes nothing: no need to plan anew.
            after = base if sent[place] <= 0 and need <= 0 else _totals(_without(problem, place, need))
            extra = {name: after[name] - base[name] for name in base}
            rows.append(
                {
                    "material_code": material,
                    "source_kind": "gateway" if gate else "province",
                    "source_code": code,
                    "lost_tonnes": lost,
                    "sent_tonnes": float(sent[place]),
                    "extra_unmet_tonnes": extra["unmet_tonnes"],
                    "extra_import_tonnes": extra["import_tonnes"],
                    "extra_tonne_km": extra["tonne_km"],
                    "extra_counted_tonne_km": extra["counted_tonne_km"],
                }
            )
    return _ranked(pd.DataFrame(rows, columns=SENSITIVITY_COLUMNS))


def _totals(problem: Problem) -> dict[str, float]:
    """Totals of the plan of a problem."""
    return flow_problem.totals(problem, flow_problem.solve(problem))


def _without(problem: Problem, place: int, need: float) -> Problem:
    """The problem without one source; a province then asks others for ``need``, all of its own demand."""
    amounts, short = problem.amounts.copy(), problem.need.copy()
    amounts[place] = 0.0
    if not problem.is_gate[place]:
        short[place] = need
    return replace(problem, amounts=amounts, need=short)


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    """Differences without the rounding of the solver, the most critical source of each material first."""
    for name in SENSITIVITY_COLUMNS[5:]:
        values = table[name].astype("float64")
        noise = 1e-9 * max(1.0, float(values.abs().max())) if len(values) else 0.0
        table = table.assign(**{name: values.where(values.abs() > noise, 0.0)})
    return table.astype({"lost_tonnes": "float64", "sent_tonnes": "float64"}).sort_values(
        ["material_code", "extra_unmet_tonnes", "extra_counted_tonne_km", "source_kind", "source_code"],
        ascending=[True, False, False, True, True],
        ignore_index=True,
    )
