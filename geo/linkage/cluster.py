"""Linkages of kind ``cluster``: neighbouring provinces that are both surely specialised in a sector."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import pandas as pd

from geo.linkage import evidence
from geo.linkage.cluster_words import MEANINGS, NOTES, judge, scheme, sentence
from geo.linkage.model import Finding, Member
from geo.places import boundaries

__all__ = ["MEANINGS", "NOTES", "find", "judge", "neighbours", "scheme", "sentence"]

#: Provinces whose common border is shorter touch in a corner or by a flaw of the drawing.
LEAST_BORDER_KM = 1.0
#: Borders drawn apart by less than this (metres) still count as common; official files may gape a little.
_GAP_M = 300.0
#: Metric projection of the whole country (UTM 48N): lengths true to about 1 % over Viet Nam.
_METRIC_CRS = 32648


def neighbours(vintage: str) -> pd.DataFrame:
    """Return the pairs of provinces with a common border.

    Parameters
    ----------
    vintage : str
        ``2025`` or ``pre2025``.

    Returns
    -------
    DataFrame
        ``first``, ``second`` (codes, first < second), ``border_km`` (length of the common border as
        drawn, ≥ 1 km); sorted. Islands without a land border have no neighbours.
    """
    return _neighbours(vintage, boundaries.data_version()).copy()


@lru_cache(maxsize=8)
def _neighbours(vintage: str, version: str) -> pd.DataFrame:
    """Compute the pairs once for every version of the boundaries."""
    frame = boundaries.load("province", vintage, detail="screen")
    if "province_code" in frame.columns:
        frame = frame.set_index("province_code")
    return common_borders(frame.sort_index().geometry)


def common_borders(shapes: Any) -> pd.DataFrame:
    """Return which shapes share a border and how long it is.

    Parameters
    ----------
    shapes : GeoSeries
        Polygons with a CRS, indexed by ``province_code``, sorted.

    Returns
    -------
    DataFrame
        ``first``, ``second``, ``border_km``; sorted by codes. Symmetric: the order of shapes is irrelevant.
    """
    metric = shapes.to_crs(_METRIC_CRS)
    grown, lines = metric.buffer(_GAP_M), metric.boundary
    left, right = grown.sindex.query(grown.values, predicate="intersects")
    rows = []
    for i, j in zip(left, right, strict=True):
        if metric.index[i] >= metric.index[j]:
            continue
        # The mean of both sides, so that neither side's drawing decides.
        length = (
            lines.iloc[i].intersection(grown.iloc[j]).length
            + lines.iloc[j].intersection(grown.iloc[i]).length
        ) / 2
        if length >= LEAST_BORDER_KM * 1000 + 2 * _GAP_M:
            rows.append((metric.index[i], metric.index[j], round((length - 2 * _GAP_M) / 1000, 1)))
    return pd.DataFrame(sorted(rows), columns=["first", "second", "border_km"])


def find(
    lq: pd.DataFrame,
    pairs: pd.DataFrame,
    distance_km: pd.DataFrame,
    sizes: pd.DataFrame,
) -> tuple[list[Finding], dict[str, int]]:
    """Find neighbouring provinces that are both surely specialised in the same sector.

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

    Returns
    -------
    (list of Finding, dict)
        Findings sorted by sector and codes; and counts: ``within_class``: pairs of a division left out
        because one of its classes joins the same two provinces and says it more exactly.
    """
    by_sector: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in _records(
        lq[lq["surely_specialised"].astype(bool)].sort_values(["sector_code", "province_code"])
    ):
        by_sector.setdefault(str(row["sector_code"]), {})[str(row["province_code"])] = row
    extra = {(r["province_code"], r["sector_code"]): r for r in _records(sizes)}
    borders = list(pairs[["first", "second", "border_km"]].itertuples(index=False, name=None))
    found: dict[tuple[str, str, str], Finding] = {}
    for sector, rows in by_sector.items():
        for first, second, border in borders:
            if first in rows and second in rows:
                distance = float(distance_km.at[first, second])  # type: ignore[arg-type]
                key = (sector, first, second)
                found[key] = _finding(sector, (first, second), rows, extra, border, distance)
    exact = {(sector[:2], a, b) for sector, a, b in found if len(sector) > 2}
    kept = [f for key, f in found.items() if len(key[0]) > 2 or key not in exact]
    return kept, {"within_class": len(found) - len(kept)}


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as dicts."""
    return frame.to_dict("records")  # type: ignore[return-value]


def _finding(
    sector: str,
    pair: tuple[str, str],
    rows: Mapping[str, Mapping[str, Any]],
    extra: Mapping[tuple[str, str], Mapping[str, Any]],
    border_km: float,
    distance: float,
) -> Finding:
    """Gather the two sides of one cluster; the side with more establishments is the core."""
    core, partner = sorted(pair, key=lambda code: (-int(rows[code]["establishments"]), code))
    sides = [_side(rows[code], extra.get((code, sector), {})) for code in (core, partner)]
    total = sum(side["establishments"] for side in sides)
    weakest = min(side["lq_low"] for side in sides)
    measures = {
        "first": sides[0],
        "second": sides[1],
        "establishments": total,
        "need_share": sum(side["micro"] for side in sides) / total if total else 0.0,
        "strength_share": max(0.0, 1 - 1 / weakest) if weakest > 0 else 0.0,
        "lq_low_weakest": weakest,
        "employees_known_share": sum(s["employees_known"] for s in sides) / total if total else 0.0,
        "large": sum(side["large"] for side in sides),
    }
    return Finding(
        kind="cluster",
        subject_code=sector,
        subject_kind="sector",
        members=(Member(core, "core"), Member(partner, "partner")),
        magnitude=float(total),
        unit="establishments",
        distance_km=distance,
        establishments_gaining=total,
        measures=measures,
        evidence=_evidence(sector, (core, partner), sides, total, border_km, distance, measures),
    )


def _side(row: Mapping[str, Any], size: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures of one province in the sector."""
    figures = {name: float(row[name]) for name in ("lq", "lq_low", "lq_high")}
    counts = {name: int(size.get(name, 0)) for name in ("employees", "employees_known", "micro", "large")}
    return {"establishments": int(row["establishments"]), **figures, **counts}


def _evidence(
    sector: str,
    codes: tuple[str, str],
    sides: list[dict[str, Any]],
    total: int,
    border_km: float,
    distance: float,
    measures: Mapping[str, Any],
) -> tuple[dict[str, Any], ...]:
    """Return the rows behind the sentence: both location quotients, the border and the sum."""
    rows: list[dict[str, Any]] = [
        evidence.quotient(code, sector, side) for code, side in zip(codes, sides, strict=True)
    ]
    pair = {"first": codes[0], "second": codes[1]}
    rows.append(
        {
            "table": "cluster_pairs",
            "key": pair | {"sector_code": sector},
            "values": {
                "establishments": total,
                "distance_km": distance,
                "micro_share": measures["need_share"],
                "strength_share": measures["strength_share"],
            },
            "source": "geo.linkage.cluster.find",
            "status": "computed",
        }
    )
    rows.append(
        {
            "table": "neighbours",
            "key": pair,
            "values": {"border_km": border_km},
            "source": "geo.linkage.cluster.neighbours",
            "status": "computed",
        }
    )
    return tuple(rows)
