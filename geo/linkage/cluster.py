"""Linkages of kind ``cluster``: two neighbouring provinces that share a concentration of one sector.

Two grounds, kept apart: both provinces are surely specialised in the sector, or a hot spot of the sector lies
across their border. Where both hold they make one linkage.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo.linkage import evidence
from geo.linkage.borders import common_borders, neighbours
from geo.linkage.cluster_words import MEANINGS, NOTES, judge, scheme, sentence
from geo.linkage.model import Finding, Member
from geo.linkage.records import records

__all__ = ["MEANINGS", "NOTES", "common_borders", "find", "judge", "neighbours", "scheme", "sentence"]

#: Establishments of a hot spot that each side must have; the same floor as that of the location quotient.
LEAST_EACH_SIDE = 5
Pair = tuple[str, str]


def find(
    lq: pd.DataFrame,
    pairs: pd.DataFrame,
    distance_km: pd.DataFrame,
    sizes: pd.DataFrame,
    crossings: pd.DataFrame | None = None,
) -> tuple[list[Finding], dict[str, int]]:
    """Find neighbouring provinces that share a concentration of the same sector.

    Parameters
    ----------
    lq : DataFrame
        ``province_code``, ``sector_code`` (class or division), ``establishments``, ``lq``, ``lq_low``,
        ``lq_high``, ``surely_specialised``.
    pairs : DataFrame
        ``first``, ``second``, ``border_km`` as ``neighbours`` returns.
    distance_km : DataFrame
        Estimated road km, province × province.
    sizes : DataFrame
        ``province_code``, ``sector_code``, ``employees`` (sum of known), ``employees_known``
        (establishments), ``micro`` (establishments with 1–9 employees), ``large`` (200 and more).
    crossings : DataFrame, optional
        Of ``crossing.province_pairs``: ``sector_code``, ``first``, ``second``, ``establishments_first``,
        ``establishments_second``, ``ratio``, ``p_fdr``, ``cluster_id``; no hot spots when left out.

    Returns
    -------
    (list of Finding, dict)
        Findings sorted by sector and codes; and counts: ``within_class``: pairs of a division left out
        because one of its classes joins the same two provinces and says it more exactly; ``thin_side``: hot
        spots with fewer than 5 establishments on one side.
    """
    figures = {(str(r["province_code"]), str(r["sector_code"])): r for r in records(lq)}
    extra = {(str(r["province_code"]), str(r["sector_code"])): r for r in records(sizes)}
    border = {(str(r["first"]), str(r["second"])): float(r["border_km"]) for r in records(pairs)}
    spots, thin = _hot_spots(crossings)
    keys = sorted(_both_sure(lq, border) | {key for key in spots if _known(key, figures)})
    found = {
        key: _finding(
            key,
            [(figures[code, key[0]], extra.get((code, key[0]), {})) for code in key[1:]],
            spots.get(key),
            border.get(key[1:]),
            float(distance_km.at[key[1], key[2]]),  # type: ignore[arg-type]
        )
        for key in keys
    }
    exact = {(sector[:2], a, b) for sector, a, b in found if len(sector) > 2}
    kept = [f for key, f in found.items() if len(key[0]) > 2 or key not in exact]
    return kept, {"within_class": len(found) - len(kept), "thin_side": thin}


def _both_sure(lq: pd.DataFrame, border: Mapping[Pair, float]) -> set[tuple[str, str, str]]:
    """Return sector and provinces where both neighbours are surely specialised."""
    sure = lq[lq["surely_specialised"].astype(bool)]
    by_sector: dict[str, set[str]] = {}
    for sector, province in zip(sure["sector_code"], sure["province_code"], strict=True):
        by_sector.setdefault(str(sector), set()).add(str(province))
    return {
        (sector, first, second)
        for sector, provinces in by_sector.items()
        for first, second in border
        if first in provinces and second in provinces
    }


def _hot_spots(
    crossings: pd.DataFrame | None,
) -> tuple[dict[tuple[str, str, str], dict[str, Any]], int]:
    """Return the hot spots by sector and provinces, and how many are too thin on one side."""
    if crossings is None:
        return {}, 0
    sides = crossings[["establishments_first", "establishments_second"]].min(axis=1)
    kept = crossings[sides >= LEAST_EACH_SIDE]
    spots = {(str(r["sector_code"]), str(r["first"]), str(r["second"])): r for r in records(kept)}
    return spots, len(crossings) - len(kept)


def _known(key: tuple[str, str, str], figures: Mapping[Pair, Any]) -> bool:
    """Say whether both provinces have establishments of the sector among those counted."""
    sector, first, second = key
    return (first, sector) in figures and (second, sector) in figures


def _finding(
    key: tuple[str, str, str],
    rows: list[tuple[Mapping[str, Any], Mapping[str, Any]]],
    spot: Mapping[str, Any] | None,
    border_km: float | None,
    distance: float,
) -> Finding:
    """Gather the two sides of one cluster; the side with more establishments is the core."""
    sector = key[0]
    sides = {code: _side(*row) for code, row in zip(key[1:], rows, strict=True)}
    core, partner = sorted(sides, key=lambda code: (-sides[code]["establishments"], code))
    both = [sides[core], sides[partner]]
    sure = all(row["surely_specialised"] for row, _ in rows)
    hot = None if spot is None else _hot(spot, swapped=core != key[1])
    total = sum(side["establishments"] for side in both)
    weakest = min(side["lq_low"] for side in both)
    gathered = total if sure or hot is None else hot["establishments"]
    above = weakest if sure or hot is None else hot["ratio"]
    measures = {
        "first": both[0],
        "second": both[1],
        "sure": sure,
        "hot_spot": hot,
        "establishments": gathered,
        "need_share": sum(side["micro"] for side in both) / total if total else 0.0,
        "strength_share": max(0.0, 1 - 1 / above) if above > 0 else 0.0,
        "lq_low_weakest": weakest,
        "employees_known_share": sum(s["employees_known"] for s in both) / total if total else 0.0,
        "large": sum(side["large"] for side in both),
    }
    return Finding(
        kind="cluster",
        subject_code=sector,
        subject_kind="sector",
        members=(Member(core, "core"), Member(partner, "partner")),
        magnitude=float(gathered),
        unit="establishments",
        distance_km=distance,
        establishments_gaining=gathered,
        measures=measures,
        evidence=_evidence(sector, (core, partner), measures, border_km, distance),
    )


def _side(row: Mapping[str, Any], size: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures of one province in the sector."""
    figures = {name: float(row[name]) for name in ("lq", "lq_low", "lq_high")}
    counts = {name: int(size.get(name, 0)) for name in ("employees", "employees_known", "micro", "large")}
    return {"establishments": int(row["establishments"]), **figures, **counts}


def _hot(spot: Mapping[str, Any], *, swapped: bool) -> dict[str, Any]:
    """Return the figures of a hot spot, the side of the core first."""
    sides = [int(spot["establishments_first"]), int(spot["establishments_second"])]
    first, second = sides[::-1] if swapped else sides
    return {
        "establishments_first": first,
        "establishments_second": second,
        "establishments": first + second,
        "ratio": float(spot["ratio"]),
        "p_fdr": float(spot["p_fdr"]),
        "cluster_id": str(spot["cluster_id"]),
    }


def _evidence(
    sector: str, codes: Pair, measures: Mapping[str, Any], border_km: float | None, distance: float
) -> tuple[dict[str, Any], ...]:
    """Return the rows behind the sentence: both location quotients, the sum, the border, the hot spot."""
    pair = {"first": codes[0], "second": codes[1]}

    def row(table: str, key: Mapping[str, Any], values: Mapping[str, Any], source: str) -> dict[str, Any]:
        return {
            "table": table,
            "key": dict(key),
            "values": dict(values),
            "source": source,
            "status": "computed",
        }

    summed = {
        "establishments": measures["establishments"],
        "distance_km": distance,
        "micro_share": measures["need_share"],
        "strength_share": measures["strength_share"],
    }
    rows = [evidence.quotient(code, sector, measures[side]) for code, side in zip(codes, _SIDES, strict=True)]
    rows.append(row("cluster_pairs", pair | {"sector_code": sector}, summed, "geo.linkage.cluster.find"))
    if border_km is not None:
        rows.append(row("neighbours", pair, {"border_km": border_km}, "geo.linkage.borders.neighbours"))
    if measures["hot_spot"] is not None:
        spot = dict(measures["hot_spot"])
        key = pair | {"sector_code": sector, "cluster_id": spot.pop("cluster_id")}
        rows.append(row("hot_spots", key, spot, "geo.measures.crossing.province_pairs"))
    return tuple(rows)


_SIDES = ("first", "second")
