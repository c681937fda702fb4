"""The parts of a profile: sectors, materials and partners of one province, from tables of the whole country."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import pandas as pd

from geo.linkage.model import Opportunity
from geo.subjects import materials, sectors

#: Bracketed remarks on editions of the classification are of no use in a profile.
_REMARK = re.compile(r"\s*\([^)]*\d[^)]*\)")
TIE_COLUMNS = [
    "partner_code", "id", "kind", "role", "partner_role", "subject_kind", "subject_code", "subject_vi",
    "subject_en", "magnitude", "unit", "distance_km", "score", "confidence", "crosses_regions",
]  # fmt: skip
PARTNER_COLUMNS = [
    "partner_code", "opportunities", "score_total", "best_score", "best_id", "kinds", "subjects_vi",
    "subjects_en", "distance_km", "crosses_regions",
]  # fmt: skip


def sector_table(code: str, lq: pd.DataFrame, stars: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the sectors of one province, those it is surely good at first.

    Parameters
    ----------
    lq : DataFrame
        Of ``specialisation.lq_table``, all provinces.
    stars : DataFrame, optional
        Of ``stars.cluster_stars``: ``stars`` (0–3) and what they rest on by province and sector.

    Returns
    -------
    DataFrame
        ``sector_code``, ``sector_vi``, ``sector_en``, ``establishments``, ``lq``, ``lq_low``, ``lq_high``
        (dimensionless, 1 = the national share), ``surely_specialised``, ``stars`` (0–3; NaN where none were
        given); surely specialised first, then stars, then the lower bound.
    """
    rows = lq[lq["province_code"] == code].drop(columns="province_code")
    if stars is None:
        rows = rows.assign(stars=float("nan"))
    else:
        given = stars[stars["province_code"] == code]
        given = given[["sector_code", "stars"]].astype({"stars": "float64"})
        rows = rows.merge(given, on="sector_code", how="left", validate="one_to_one")
    rows = rows.assign(**_named(rows["sector_code"], "sector"))
    order = ["surely_specialised", "stars", "lq_low", "lq", "sector_code"]
    rows = rows.sort_values(order, ascending=[False, False, False, False, True], ignore_index=True)
    columns = ["sector_code", "sector_vi", "sector_en", "establishments", "lq", "lq_low", "lq_high"]
    return rows[[*columns, "surely_specialised", "stars"]]


def country_materials(balance: pd.DataFrame) -> pd.DataFrame:
    """Return the balance of every province with its share and place in the country.

    Parameters
    ----------
    balance : DataFrame
        Of ``balance.balance``, all provinces of one vintage.

    Returns
    -------
    DataFrame
        ``province_code``, ``material_code``, ``material_vi``, ``material_en``, ``supply_tonnes`` (a year; NaN =
        no figure), ``demand_tonnes``, ``surplus_tonnes`` (NaN without a figure), ``shortage_tonnes`` (NaN
        without a figure: what is short cannot be told), ``self_sufficiency_share`` (0–1), ``supply_known``,
        ``supply_partial``, ``country_share`` (of the national supply, 0–1; NaN where it is not known how much
        of the country the published provinces cover), ``country_rank`` (1 = largest of those with a figure),
        ``provinces_known`` (how many have a figure), ``part_of`` (the wider material it is part of, or
        empty); materials neither grown nor needed in a province are left out; sorted by codes.
    """
    catalogue = materials.catalogue()
    supply = balance["supply_tonnes"].where(balance["supply_known"])
    by_material = supply.groupby(balance["material_code"])
    # What the published provinces do not cover counts too: one province alone is not the whole country.
    covered = balance["material_code"].map(catalogue["coverage_share"]).astype("float64")
    table = balance.drop(columns="balance_tonnes").assign(
        country_share=(supply * covered / by_material.transform("sum")).where(supply > 0),
        country_rank=by_material.rank(method="min", ascending=False).where(supply > 0),
        provinces_known=by_material.transform("count"),
        part_of=balance["material_code"].map(catalogue["part_of"]).fillna("").astype("str"),
        surplus_tonnes=balance["surplus_tonnes"].where(balance["supply_known"]),
        shortage_tonnes=balance["shortage_tonnes"].where(balance["supply_known"]),
        **_named(balance["material_code"], "material"),
    )
    table = table[(table["supply_tonnes"] > 0) | (table["demand_tonnes"] > 0)]
    return table.sort_values(["province_code", "material_code"], ignore_index=True)


def material_table(code: str, country: pd.DataFrame) -> pd.DataFrame:
    """Return the materials of one province; rows of :func:`country_materials` without the province."""
    rows = country[country["province_code"] == code]
    return rows.drop(columns="province_code").reset_index(drop=True)


def surplus(table: pd.DataFrame) -> pd.DataFrame:
    """Return the materials in surplus, the largest share of the country first; rows of :func:`material_table`.

    A wider material (all fruit) is left out where a part of it (mango) stands in the table.
    """
    rows = table[table["supply_known"] & (table["surplus_tonnes"] > 0)]
    rows = rows[~rows["material_code"].isin(rows["part_of"])]
    order = ["country_share", "surplus_tonnes", "material_code"]
    return rows.sort_values(order, ascending=[False, False, True], ignore_index=True)


def shortage(table: pd.DataFrame) -> pd.DataFrame:
    """Return the materials that are short, then those needed without a figure of supply; largest first.

    Rows of :func:`material_table`; ``shortage_tonnes`` is NaN where there is no figure of supply.
    """
    short = table["supply_known"] & (table["shortage_tonnes"] > 0)
    unknown = ~table["supply_known"] & (table["demand_tonnes"] > 0)
    rows = table[short | unknown]
    order = ["supply_known", "shortage_tonnes", "demand_tonnes", "material_code"]
    return rows.sort_values(order, ascending=[False, False, False, True], ignore_index=True)


def next_steps(code: str, steps: pd.DataFrame) -> pd.DataFrame:
    """Return what one province could do next, in the order of its rank.

    Parameters
    ----------
    steps : DataFrame
        Of ``next_steps.next_steps``, all provinces.

    Returns
    -------
    DataFrame
        Its columns without the province, with ``sector_vi``, ``sector_en``, ``material_vi``, ``material_en``.
    """
    rows = steps[steps["province_code"] == code].drop(columns="province_code").sort_values("rank")
    named = _named(rows["sector_code"], "sector") | _named(rows["material_code"], "material")
    return rows.assign(**named).reset_index(drop=True)


def ties(code: str, opportunities: Iterable[Opportunity]) -> pd.DataFrame:
    """Return one row for each opportunity and each other province in it, the strongest first.

    Returns
    -------
    DataFrame
        ``partner_code``, ``id``, ``kind``, ``role`` (of this province), ``partner_role``, ``subject_*``,
        ``magnitude`` in ``unit``, ``distance_km`` (road), ``score`` (0–1), ``confidence``,
        ``crosses_regions``.
    """
    rows = []
    for item in opportunities:
        roles = {m.province_code: m.role for m in item.provinces}
        if code not in roles:
            continue
        shared = {
            "id": item.id, "kind": item.kind, "role": roles[code], "subject_kind": item.subject_kind,
            "subject_code": item.subject_code, "subject_vi": item.subject_vi, "subject_en": item.subject_en,
            "magnitude": item.magnitude, "unit": item.unit, "distance_km": item.distance_km,
            "score": item.score, "confidence": item.confidence, "crosses_regions": item.crosses_regions,
        }  # fmt: skip
        rows += [
            {**shared, "partner_code": other, "partner_role": role}
            for other, role in roles.items()
            if other != code
        ]
    table = pd.DataFrame(rows, columns=TIE_COLUMNS)
    order = ["score", "id", "partner_code"]
    return table.sort_values(order, ascending=[False, True, True], ignore_index=True)


def partners(tied: pd.DataFrame) -> pd.DataFrame:
    """Return the natural partners: provinces by the sum of the scores of the opportunities with them.

    Parameters
    ----------
    tied : DataFrame
        Of :func:`ties`.

    Returns
    -------
    DataFrame
        ``partner_code``, ``opportunities`` (count), ``score_total`` (sum of scores), ``best_score`` (0–1),
        ``best_id``, ``kinds``, ``subjects_vi``, ``subjects_en`` (tuples, the strongest first),
        ``distance_km`` (road), ``crosses_regions``; the strongest first.
    """
    groups: dict[str, list[dict[Any, Any]]] = {}
    for row in tied.to_dict("records"):
        groups.setdefault(row["partner_code"], []).append(row)
    rows = [
        {
            "partner_code": partner,
            "opportunities": len(group),
            "score_total": math.fsum(row["score"] for row in group),
            "best_score": group[0]["score"],
            "best_id": group[0]["id"],
            "kinds": _distinct(group, "kind"),
            "subjects_vi": _distinct(group, "subject_vi"),
            "subjects_en": _distinct(group, "subject_en"),
            "distance_km": group[0]["distance_km"],
            "crosses_regions": any(row["crosses_regions"] for row in group),
        }
        for partner, group in groups.items()
    ]
    table = pd.DataFrame(rows, columns=PARTNER_COLUMNS)
    return table.sort_values(["score_total", "partner_code"], ascending=[False, True], ignore_index=True)


def _distinct(rows: list[dict[Any, Any]], field: str) -> tuple[str, ...]:
    """Return the different values of a field in their order."""
    return tuple(dict.fromkeys(row[field] for row in rows))


@cache
def _names(what: str, lang: str) -> Mapping[str, str]:
    """Return the names of all sectors or materials, without remarks on editions; shipped, so read once."""
    table = sectors.sectors() if what == "sector" else materials.catalogue()
    return {str(code): _REMARK.sub("", str(name)) for code, name in table[f"name_{lang}"].items()}


def _named(codes: pd.Series, what: str) -> dict[str, Any]:
    """Return the names of codes in both languages; a code outside the list is named by itself."""
    out = {}
    for lang in ("vi", "en"):
        known = _names(what, lang)
        out[f"{what}_{lang}"] = [known.get(str(code), str(code)) for code in codes]
    return out
