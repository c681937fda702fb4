"""The rows behind a linkage, above all of kind ``material``: every number of its sentence stands in one."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
_FIGURE = ("supply_tonnes", "year", "native_quantity", "native_unit", "reliability", "derived", "partial")
_BALANCE = ("supply_tonnes", "demand_tonnes", "surplus_tonnes", "shortage_tonnes", "supply_known")
_NEED = ("demand_tonnes", "stated_tonnes", "estimated_tonnes", "establishments")
#: Share of resamples inside the interval of a location quotient, as ``specialisation.lq_table`` draws it.
INTERVAL_SHARE = 0.95
#: Sectors shown with their coefficient, the largest need first.
_SECTORS = 3


def quotient(province: str, sector: str, figures: Mapping[str, Any]) -> Row:
    """Return the row of a location quotient: its figures and the share its interval holds."""
    key = {"province_code": province, "sector_code": sector}
    values = {**figures, "interval_share": INTERVAL_SHARE}
    return {
        "table": "location_quotients",
        "key": key,
        "values": values,
        "source": "geo.measures.specialisation.lq_table",
        "status": "computed",
    }


@dataclass
class Ledger:
    """Rows already written for a place, shared by all links that touch it; made anew for each ranking."""

    written: dict[tuple[str, str, str], list[Row]] = field(default_factory=dict)

    def once(self, table: str, material: str, province: str, write: Callable[[], list[Row]]) -> list[Row]:
        """Return the rows of a table for one material and province, written the first time only."""
        key = (table, material, province)
        if key not in self.written:
            self.written[key] = write()
        return self.written[key]


def rows(
    link: Mapping[str, Any],
    ends: tuple[Mapping[str, Any], Mapping[str, Any]],
    need: Mapping[str, Any],
    figure: Mapping[str, Any],
    measures: Mapping[str, Any],
    ledger: Ledger,
) -> tuple[Row, ...]:
    """Return the rows behind the sentence: flows, supply, both balances, need and coefficients.

    Parameters
    ----------
    link : mapping
        ``material_code``, ``origin_code``, ``destination_code``, ``distance_km``.
    ends : tuple of mapping
        Balance rows of origin and destination.
    need : mapping
        Demand row of the destination.
    figure : mapping
        Supply row of the origin; empty when there is no figure.
    measures : mapping
        Measures of the finding.
    ledger : Ledger
        Rows already written in this ranking.

    Returns
    -------
    tuple of dict
        Each with ``table``, ``key``, ``values`` (``None`` = no figure), ``source``, ``status``.
    """
    material, origin, destination = link["material_code"], link["origin_code"], link["destination_code"]
    return (
        *_flows(link, measures),
        *ledger.once("supply", material, origin, lambda: _supply(material, origin, figure)),
        *ledger.once("balance", material, origin, lambda: _balance(material, origin, ends[0])),
        *ledger.once("balance", material, destination, lambda: _balance(material, destination, ends[1])),
        *ledger.once("need", material, destination, lambda: _need(material, destination, need, measures)),
    )


def ratio(part: float, whole: float) -> float:
    """Return part / whole, NaN when there is no whole."""
    return float(part) / float(whole) if whole and whole > 0 else math.nan


def _flows(link: Mapping[str, Any], measures: Mapping[str, Any]) -> list[Row]:
    """Return what is planned and what is stated."""
    key = {name: link[name] for name in ("material_code", "origin_code", "destination_code")}
    shares = {"distance_km": link["distance_km"], "origin_surplus_share": measures["strength_share"]}
    planned, stated = measures["planned_tonnes"], measures["stated_tonnes"]
    out = []
    if planned > 0:
        values = {"flow_tonnes": planned, "need_share": ratio(planned, measures["demand_tonnes"])} | shares
        out.append(_row("material_flows", key, values, "geo.measures.flows.material_flows", "computed"))
    if stated > 0:
        values = {"stated_tonnes": stated, "need_share": ratio(stated, measures["demand_tonnes"])} | shares
        values["stated_establishments"] = measures["stated_establishments"]
        out.append(_row("stated_origins", key, values, "geo.store.origins.stated_origins", "stated"))
    return out


def _supply(material: str, origin: str, figure: Mapping[str, Any]) -> list[Row]:
    """Return the supply of the origin, published or the user's own."""
    if not figure:
        return []
    status = "derived" if figure.get("derived") else "published"
    status = "own" if figure.get("own") else status
    values = {name: figure.get(name) for name in _FIGURE}
    key = {"material_code": material, "province_code": origin}
    return [_row("material_supply", key, values, str(figure.get("source", "")), status)]


def _balance(material: str, province: str, row: Mapping[str, Any]) -> list[Row]:
    """Return the balance of one end."""
    key = {"material_code": material, "province_code": province}
    values = {name: row[name] for name in _BALANCE}
    return [_row("material_balance", key, values, "geo.measures.balance.balance", "computed")]


def _need(material: str, destination: str, need: Mapping[str, Any], measures: Mapping[str, Any]) -> list[Row]:
    """Return the need of the destination and the coefficients it rests on."""
    key = {"material_code": material, "province_code": destination}
    values = {name: need[name] for name in _NEED} | {"estimated_share": measures["estimated_share"]}
    status = "estimated" if measures["estimated_share"] > 0.0005 else "stated"
    out = [_row("material_demand", key, values, "geo.measures.balance.demand", status)]
    for row in measures["coefficient_rows"][:_SECTORS]:
        values = {"estimated_tonnes": row["tonnes"], "establishments": row["establishments"]}
        sector = key | {"sector_code": row["sector_code"]}
        source = row["source"] or "data/requirements.csv"
        out.append(_row("requirements", sector, values, source, row["status"]))
    return out


def _row(table: str, key: Mapping[str, Any], values: Mapping[str, Any], source: str, status: str) -> Row:
    """Return one evidence row."""
    known = {name: _tidy(value) for name, value in values.items()}
    return {"table": table, "key": dict(key), "values": known, "source": source, "status": status}


def _tidy(value: Any) -> Any:
    """Round away the noise of the last digits and turn "no figure" into ``None``."""
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 6)
    return value
