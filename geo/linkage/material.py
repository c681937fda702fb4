"""Linkages of kind ``material``: one province's material feeds the processors of another.

Two grounds, kept apart: the flow of the plan with the fewest tonne-kilometres from surplus to shortage, and
what establishments themselves state to buy from another province. Where both name the same pair they make
one linkage.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from geo.linkage import evidence
from geo.linkage.evidence import ratio
from geo.linkage.material_judge import judge
from geo.linkage.material_words import MEANINGS, NOTES, scheme, sentence
from geo.linkage.model import Finding, Member
from geo.linkage.records import records

__all__ = ["MEANINGS", "NOTES", "find", "judge", "links", "scheme", "sentence", "sifted"]

#: Flows below either limit are noise of the estimate, not ground for a joint scheme.
LEAST_TONNES = 1.0
LEAST_NEED_SHARE = 0.01
#: Where nothing is planned, one establishment's purchase is its own affair; two may make a scheme.
LEAST_STATEMENTS = 2
#: How far an unmet need is trusted where the destination has no supply figure and it is not known how much
#: of the country the figures cover: it may well grow some of the material itself. An assumption.
UNKNOWN_TRUST = 0.5
#: Materials that lose weight, sugar, starch or quality within a day or two of harvest, so that a long way
#: makes little sense. An assumption of the product from general knowledge, not a measured limit.
PERISHABLE = frozenset(("tea_fresh_leaf", "sugarcane", "cassava"))


def links(flows: pd.DataFrame, stated: pd.DataFrame, road_km: pd.DataFrame) -> pd.DataFrame:
    """Join planned flows between provinces with the origins that establishments state.

    Parameters
    ----------
    flows : DataFrame
        Of ``flows.material_flows``: ``material_code``, ``origin_code``, ``origin_kind`` (``province`` or
        ``gateway``), ``destination_code``, ``flow_tonnes`` (a year).
    stated : DataFrame
        Of ``origins.stated_origins``: ``material_code``, ``origin_code``, ``destination_code``,
        ``stated_tonnes`` (a year), ``stated_establishments``.
    road_km : DataFrame
        Estimated road km, province × province.

    Returns
    -------
    DataFrame
        Keys, ``flow_tonnes`` and ``stated_tonnes`` (0 where there is none), ``stated_establishments``,
        ``distance_km``; gateways and flows within a province left out; sorted by keys.
    """
    keys = ["material_code", "origin_code", "destination_code"]
    planned = flows.loc[flows["origin_kind"] == "province", [*keys, "flow_tonnes"]]
    both = planned.merge(stated, on=keys, how="outer")
    both = both[both["origin_code"] != both["destination_code"]].sort_values(keys, ignore_index=True)
    values = ["flow_tonnes", "stated_tonnes", "stated_establishments"]
    both[values] = both[values].astype("float64").fillna(0.0)
    rows = road_km.index.get_indexer(pd.Index(both["origin_code"]))
    columns = road_km.columns.get_indexer(pd.Index(both["destination_code"]))
    return both.assign(distance_km=road_km.to_numpy()[rows, columns])


def find(
    joined: pd.DataFrame,
    balance: pd.DataFrame,
    demand: pd.DataFrame,
    supply: pd.DataFrame,
    needs_by_status: pd.DataFrame,
    coverage: Mapping[str, float],
) -> tuple[list[Finding], dict[str, int]]:
    """Turn links between provinces into findings.

    Parameters
    ----------
    joined : DataFrame
        As :func:`links` returns it.
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
        Findings sorted by material, origin, destination; and how many links were left out as ``noise`` (too
        small) or ``single`` (one establishment's statement and nothing planned).
    """
    tables = {
        "balance": _by_key(balance),
        "demand": _by_key(demand),
        "supply": _by_key(supply),
    }
    coefficients = _coefficient_rows(needs_by_status)
    fate = sifted(joined, demand)
    kept = joined[fate == "kept"].sort_values(["material_code", "origin_code", "destination_code"])
    found_rows = records(kept)
    ledger = evidence.Ledger()
    found = [
        _finding(
            link,
            tables,
            coefficients.get((link["material_code"], link["destination_code"]), []),
            coverage,
            ledger,
        )
        for link in found_rows
    ]
    return found, left_out(fate)


def sifted(joined: pd.DataFrame, demand: pd.DataFrame) -> pd.Series:
    """Say of every link whether it is ``kept`` or left out as ``noise`` or ``single``.

    Parameters
    ----------
    joined : DataFrame
        As :func:`links` returns it.
    demand : DataFrame
        ``material_code``, ``province_code``, ``demand_tonnes``.

    Returns
    -------
    Series
        Of text, with the index of ``joined``.
    """
    tonnes = joined[["flow_tonnes", "stated_tonnes"]].max(axis=1).to_numpy()
    needed = demand.set_index(["material_code", "province_code"])["demand_tonnes"]
    ends = pd.MultiIndex.from_frame(joined[["material_code", "destination_code"]])
    share = LEAST_NEED_SHARE * needed.reindex(ends).fillna(0.0).to_numpy()
    noise = (tonnes < LEAST_TONNES) | (tonnes < share)
    single = (joined["flow_tonnes"] <= 0) & (joined["stated_establishments"] < LEAST_STATEMENTS)
    return pd.Series(
        np.select([noise, single.to_numpy()], ["noise", "single"], "kept"), index=joined.index, dtype="str"
    )


def left_out(fate: pd.Series) -> dict[str, int]:
    """Count the links left out, by reason, from what :func:`sifted` says."""
    return {code: int((fate == code).sum()) for code in ("noise", "single")}


def _by_key(frame: pd.DataFrame) -> dict[tuple[str, str], dict[str, Any]]:
    """Index the rows of a frame by material and province."""
    rows: list[dict[str, Any]] = records(frame)
    return {(r["material_code"], r["province_code"]): r for r in rows}


def _finding(
    link: Mapping[str, Any],
    tables: Mapping[str, dict],
    rows: list[dict[str, Any]],
    coverage: Mapping[str, float],
    ledger: evidence.Ledger,
) -> Finding:
    """Gather one link with the balances, the need and the supply figures behind it."""
    material, origin, destination = link["material_code"], link["origin_code"], link["destination_code"]
    at_origin = tables["balance"][(material, origin)]
    at_destination = tables["balance"][(material, destination)]
    need = tables["demand"][(material, destination)]
    figure = tables["supply"].get((material, origin), {})
    planned, stated = round(float(link["flow_tonnes"]), 6), round(float(link["stated_tonnes"]), 6)
    tonnes, demand_tonnes = max(planned, stated), float(need["demand_tonnes"])
    known, share = bool(at_destination["supply_known"]), coverage.get(material, math.nan)
    # What is stated is bought already; what is planned meets a shortage that may not be there.
    sure = max(stated, planned * trust(known, share))
    measures = _of_figure(figure) | {
        "tonnes": tonnes,
        "planned_tonnes": planned,
        "stated_tonnes": stated,
        "stated_establishments": int(link["stated_establishments"]),
        "supply_tonnes": float(at_origin["supply_tonnes"]),
        "surplus_tonnes": float(at_origin["surplus_tonnes"]),
        "demand_tonnes": demand_tonnes,
        "establishments": int(need["establishments"]),
        "covered_share": ratio(tonnes, demand_tonnes),
        "need_share": ratio(sure, demand_tonnes),
        "strength_share": ratio(at_origin["surplus_tonnes"], at_origin["supply_tonnes"]),
        "estimated_share": ratio(need["estimated_tonnes"], demand_tonnes),
        "destination_known": known,
        "coverage_share": share,
        "perishable": material in PERISHABLE,
        "coefficient_rows": rows,
    }
    return Finding(
        kind="material",
        subject_code=material,
        subject_kind="material",
        members=(Member(origin, "source"), Member(destination, "processor")),
        magnitude=tonnes,
        unit="tonnes_per_year",
        distance_km=float(link["distance_km"]),
        # Where nothing is planned, only those who state to buy there are known to gain.
        establishments_gaining=measures["establishments" if planned > 0 else "stated_establishments"],
        measures=measures,
        evidence=evidence.rows(link, (at_origin, at_destination), need, figure, measures, ledger),
    )


def _of_figure(figure: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is to be known of the origin's supply figure; an empty one has no grade."""
    return {
        "reliability": figure.get("reliability", ""),
        "supply_year": figure.get("year"),
        "supply_derived": bool(figure.get("derived", False)),
        "supply_partial": bool(figure.get("partial", False)),
    }


def trust(known: bool, coverage: float) -> float:
    """Return how far the need is trusted to be unmet: 1 with a supply figure, else the coverage."""
    if known:
        return 1.0
    return coverage if math.isfinite(coverage) else UNKNOWN_TRUST


def _coefficient_rows(needs: pd.DataFrame) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Return the estimated need by material and province: sectors and coefficients, largest first."""
    ordered = needs.sort_values(["tonnes", "sector_code", "status"], ascending=[False, True, True])
    out: dict[tuple[str, str], list[dict[str, Any]]] = {}
    found_rows = records(ordered)
    for row in found_rows:
        out.setdefault((row["material_code"], row["province_code"]), []).append(row)
    return out
