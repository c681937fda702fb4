"""Linkages of kind ``experience``: a province that leads a class teaches one that has what the class needs.

The learner has a surplus of the raw material and many of the related sectors, but a location quotient below 1
in the class itself; the leader is surely specialised in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from geo.linkage import evidence
from geo.linkage.model import Finding, Member
from geo.linkage.records import records
from geo.measures import relatedness
from geo.measures.next_steps import next_steps
from geo.store import aggregate
from geo.subjects import sectors

#: The learner must stand in the upper half of the provinces both by density and by surplus of the material,
#: hold a hundredth of all surplus, and have a location quotient of at most 0.8 in the class: else it has no better
#: ground than others, or little to learn. Assumptions.
LEAST_STANDING = 0.5
LEAST_SURPLUS_SHARE = 0.01
MOST_LQ = 0.8
#: Fewest establishments of the class for a province to teach it. An assumption.
LEAST_LEADER = 10
#: Steps kept for each learner, the best first, and leaders kept for each of them, the nearest first.
MOST_STEPS, MOST_LEADERS = 2, 2
#: Estimated road km beyond which study visits and masters lent for weeks cost more than such a scheme bears, and
#: soils, materials and markets differ too much. An assumption.
MOST_KM = 800.0
#: Related classes named beside a step, the nearest first.
MOST_RELATED = 3
_NEAR = ("density", "density_standing", "specialised_provinces")
KEYS = ["sector_code", "leader_code", "learner_code"]
_LQ = ("establishments", "lq", "lq_low", "lq_high")


def table(
    lq: pd.DataFrame, counts: pd.DataFrame, balance: pd.DataFrame, road_km: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the leader–learner pairs, one row each, without words.

    Parameters
    ----------
    lq : DataFrame
        ``province_code``, ``sector_code``, ``establishments``, ``lq``, ``lq_low``, ``lq_high``,
        ``surely_specialised``; only classes are read.
    counts : DataFrame
        Of ``aggregate.counts``.
    balance : DataFrame
        Of ``balance.balance``.
    road_km : DataFrame
        Estimated road km, province × province.

    Returns
    -------
    (DataFrame, dict)
        The columns of ``next_steps`` for the learner, ``learner_code``, ``leader_code``, ``establishments``,
        ``lq``, ``lq_low``, ``lq_high`` ending in ``_leader``, ``related`` (tuple of kindred classes in which the
        learner is specialised: near by proximity, and of the same VSIC group or the same material),
        ``specialised_provinces`` (in the class), ``magnitude`` (establishments of the learner in the class and the
        related ones), ``need_share`` (1 − LQ of the learner), ``strength_share`` (mean of 1 − 1/LQ of the leader at
        its lower bound and the learner's density), ``distance_km``; sorted by class, leader, learner. Counts of
        what was left out: ``weak_ground``, ``thin`` (too little data), ``no_kin`` (no related class), ``no_leader``
        (none near enough), ``more_steps``, ``farther_leaders``.
    """
    matrix = aggregate.matrix(counts, level="class")
    steps = next_steps(matrix, balance).rename(columns={"province_code": "learner_code"})
    ground = (steps["density_standing"] >= LEAST_STANDING) & (steps["lq"] <= MOST_LQ)
    ground &= (steps["surplus_standing"] >= LEAST_STANDING) & (steps["surplus_share"] >= LEAST_SURPLUS_SHARE)
    solid = _with_related(steps[ground & ~steps["thin"]], matrix)
    kindred = solid[solid["related"].map(len) > 0]
    taught = _with_leaders(kindred, lq, road_km)
    order = taught.drop_duplicates(["learner_code", "sector_code"]).groupby("learner_code").cumcount()
    place = order.reindex(taught.index).ffill()
    first = taught[place < MOST_STEPS]
    kept = first[first.groupby(["learner_code", "sector_code"]).cumcount() < MOST_LEADERS]
    left = {
        "weak_ground": int((~ground).sum()),
        "thin": int((ground & steps["thin"]).sum()),
        "no_kin": len(solid) - len(kindred),
        "no_leader": len(kindred) - len(order),
        "more_steps": int((order >= MOST_STEPS).sum()),
        "farther_leaders": len(first) - len(kept),
    }
    return _measured(kept, matrix).sort_values(KEYS, ignore_index=True), left


def _with_leaders(steps: pd.DataFrame, lq: pd.DataFrame, road_km: pd.DataFrame) -> pd.DataFrame:
    """Join each step with the provinces near enough to teach it: best step first, then nearest leader."""
    sure = lq["surely_specialised"].astype(bool) & (lq["establishments"] >= LEAST_LEADER)
    rows = lq.loc[sure & (lq["sector_code"].str.len() == 4), ["sector_code", "province_code", *_LQ]]
    named = {"province_code": "leader_code"} | {name: f"{name}_leader" for name in _LQ}
    found = steps.merge(rows.rename(columns=named), on="sector_code")
    at = road_km.index.get_indexer(pd.Index(found["leader_code"]))
    to = road_km.columns.get_indexer(pd.Index(found["learner_code"]))
    found["distance_km"] = road_km.to_numpy()[at, to]
    near = found[found["distance_km"] <= MOST_KM]
    return near.sort_values(["learner_code", "rank", "distance_km", "leader_code"], ignore_index=True)


def _with_related(steps: pd.DataFrame, matrix: pd.DataFrame) -> pd.DataFrame:
    """Add the kindred classes in which the learner is specialised, the nearest first."""
    has = relatedness.specialised(matrix).to_numpy()
    near = np.nan_to_num(relatedness.proximity(matrix).to_numpy(), nan=0.0)
    near = np.where(_kin(tuple(matrix.columns)), near, 0.0)
    codes = matrix.columns.to_numpy()
    learners = matrix.index.get_indexer(pd.Index(steps["learner_code"]))
    classes = matrix.columns.get_indexer(pd.Index(steps["sector_code"]))
    related = []
    for learner, sector in zip(learners, classes, strict=True):
        here = np.where(has[learner], near[sector], 0.0)
        # Columns are sorted, so a stable sort settles ties by code.
        best = np.argsort(-here, kind="stable")[:MOST_RELATED]
        related.append(tuple(str(code) for code in codes[best[here[best] > 0]]))
    return steps.assign(
        related=pd.Series(related, index=steps.index, dtype="object"),
        specialised_provinces=has.sum(axis=0)[classes],
    )


@lru_cache(maxsize=8)
def _kin(codes: tuple[str, ...]) -> np.ndarray:
    """Return which classes are of one VSIC group (3 digits) or may use one material; none is its own kin."""
    used = sectors.sectors()["materials"].map(set)
    sets = [set(used.get(code, ())) for code in codes]
    shared = [
        [a != b and (a[:3] == b[:3] or bool(x & y)) for b, y in zip(codes, sets, strict=True)]
        for a, x in zip(codes, sets, strict=True)
    ]
    return np.array(shared, dtype=bool).reshape(len(codes), len(codes))


def _measured(found: pd.DataFrame, matrix: pd.DataFrame) -> pd.DataFrame:
    """Add the three measures that the score reads."""
    values = matrix.to_numpy(dtype="float64")
    learners = matrix.index.get_indexer(pd.Index(found["learner_code"]))
    gaining = [(sector, *near) for sector, near in zip(found["sector_code"], found["related"], strict=True)]
    at = {code: place for place, code in enumerate(matrix.columns)}
    ready = [
        values[row, [at[code] for code in codes]].sum() for row, codes in zip(learners, gaining, strict=True)
    ]
    return found.assign(
        magnitude=np.asarray(ready, dtype="float64"),
        need_share=(1 - found["lq"]).clip(0.0, 1.0),
        strength_share=(1 - 1 / found["lq_low_leader"] + found["density"]) / 2,
    )


def find(
    lq: pd.DataFrame,
    counts: pd.DataFrame,
    sizes: pd.DataFrame,
    balance: pd.DataFrame,
    supply: pd.DataFrame,
    road_km: pd.DataFrame,
) -> tuple[list[Finding], dict[str, int]]:
    """Find provinces that could learn a class from another.

    Parameters
    ----------
    lq, counts, balance, road_km : DataFrame
        As :func:`table` takes them.
    sizes : DataFrame
        ``province_code``, ``sector_code``, ``large`` (establishments with 200 employees and more).
    supply : DataFrame
        Of ``materials.supply``: ``material_code``, ``province_code``, ``year``, ``reliability``, ``source``.

    Returns
    -------
    (list of Finding, dict)
        Findings sorted by class, leader and learner; and the counts of :func:`table`.
    """
    rows, left = table(lq, counts, balance, road_km)
    large = sizes.set_index(["province_code", "sector_code"])["large"].to_dict()
    figures = {
        (str(r["material_code"]), str(r["province_code"])): r
        for r in supply[["material_code", "province_code", "year", "reliability", "source"]].to_dict(
            "records"
        )
    }
    known = balance.groupby("material_code")["supply_known"].sum()
    totals = counts.groupby("province_code")["establishments"].sum()
    found = []
    for row in records(rows):
        gaining = (row["sector_code"], *row["related"])
        figure = figures.get((row["material_code"], row["learner_code"]), {})
        extra = {
            "large": sum(int(large.get((row["learner_code"], code), 0)) for code in gaining),
            "gaining_divisions": tuple(sorted({code[:2] for code in gaining})),
            "learner_total": int(totals[row["learner_code"]]),
            "figures": int(known[row["material_code"]]),
            "reliability": str(figure.get("reliability", "")),
            "supply_year": None if figure.get("year") is None else int(figure["year"]),
            "supply_source": str(figure.get("source", "")),
        }
        found.append(_finding(row, extra))
    return found, left


def _finding(row: Mapping[str, Any], extra: Mapping[str, Any]) -> Finding:
    """Gather leader and learner of one class with all that is said of them."""
    leader = {name: float(row[f"{name}_leader"]) for name in ("lq", "lq_low", "lq_high")}
    measures = {
        "leader": {"establishments": int(row["establishments_leader"]), **leader},
        "learner": {"establishments": int(row["establishments"]), "lq": float(row["lq"])},
        "density": float(row["density"]),
        "density_standing": float(row["density_standing"]),
        "related": row["related"],
        "specialised_provinces": int(row["specialised_provinces"]),
        "material_code": row["material_code"],
        "surplus_tonnes": float(row["surplus_tonnes"]),
        "surplus_share": float(row["surplus_share"]),
        "establishments": int(row["magnitude"]),
        "need_share": float(row["need_share"]),
        "strength_share": float(row["strength_share"]),
        "lq_low_weakest": float(row["lq_low_leader"]),
        **extra,
    }
    return Finding(
        kind="experience",
        subject_code=row["sector_code"],
        subject_kind="sector",
        members=(Member(row["leader_code"], "leader"), Member(row["learner_code"], "learner")),
        magnitude=float(row["magnitude"]),
        unit="establishments",
        distance_km=float(row["distance_km"]),
        establishments_gaining=int(row["magnitude"]),
        measures=measures,
        evidence=_evidence(row, measures),
    )


def _evidence(row: Mapping[str, Any], measures: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """Return the rows behind the sentence: both quotients, the density, the surplus and the pair."""
    sector, leader, learner = row["sector_code"], row["leader_code"], row["learner_code"]
    surplus = ("surplus_tonnes", "surplus_share", "figures", "supply_year")
    pair = ("establishments", "need_share", "strength_share")

    def line(table: str, key: Mapping[str, Any], values: Mapping[str, Any], source: str, status: str) -> dict:
        return {
            "table": table,
            "key": dict(key),
            "values": dict(values),
            "source": source,
            "status": status,
        }

    def picked(names: tuple[str, ...]) -> dict[str, Any]:
        return {name: measures[name] for name in names}

    at = {"province_code": learner, "sector_code": sector}
    near = {"related": ", ".join(measures["related"]), **picked(_NEAR)}
    material = {"material_code": row["material_code"], "province_code": learner}
    supplied = measures["supply_source"] or "geo.measures.balance.balance"
    return (
        evidence.quotient(leader, sector, measures["leader"]),
        evidence.quotient(learner, sector, measures["learner"]),
        line("density", at, near, "geo.measures.relatedness.density", "computed"),
        line("material_balance", material, picked(surplus), supplied, "computed"),
        line(
            "experience_pairs",
            {"sector_code": sector, "leader_code": leader, "learner_code": learner},
            {"distance_km": row["distance_km"], **picked(pair)},
            "geo.linkage.experience.find",
            "computed",
        ),
    )
