"""Linkages that the state has already done or planned, province by province, to hold the ranking against.

Each row names one province that a public source names. Provinces that no source was found for are left out:
``provinces_planned`` then exceeds the provinces named.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from geo.places import admin
from geo.subjects.shipped import table


@dataclass(frozen=True)
class Plan:
    """One scheme or raw-material zone.

    Parameters
    ----------
    provinces : tuple of str
        Old province codes (vintage ``pre2025``) that a source names, sorted.
    provinces_planned : int
        How many provinces the source counts; may be more than are named.
    materials, sectors : tuple of str
        Material codes and VSIC codes that stand for its products.
    missing_vi, missing_en : str
        Products that the list of materials lacks; empty when there are none.
    """

    plan_id: str
    name_vi: str
    name_en: str
    period: str
    legal_basis: str
    products_vi: str
    products_en: str
    missing_vi: str
    missing_en: str
    materials: tuple[str, ...]
    sectors: tuple[str, ...]
    provinces: tuple[str, ...]
    provinces_planned: int
    source: str
    source_url: str
    status: str

    def codes(self, vintage: str) -> tuple[str, ...]:
        """Return the named provinces in a vintage, sorted; old provinces that were merged become one.

        Raises
        ------
        ParameterError
            If the vintage is unknown.
        """
        if admin.check_vintage(vintage) == "pre2025":
            return self.provinces
        into = admin.crosswalk().set_index("pre2025_code")["code_2025"]
        return tuple(sorted({str(into[code]) for code in self.provinces}))


@cache
def plans() -> tuple[Plan, ...]:
    """Return the known plans in the order of the table."""
    rows = table("known_plans.csv")
    return tuple(_plan(part.to_dict("records")) for _, part in rows.groupby("plan_id", sort=False))


def _plan(rows: list[dict[Any, Any]]) -> Plan:
    """Gather the rows of one plan; a plan is as well checked as its weakest row."""
    first = rows[0]
    return Plan(
        plan_id=first["plan_id"],
        name_vi=first["plan_vi"],
        name_en=first["plan_en"],
        period=first["period"],
        legal_basis=first["legal_basis"],
        products_vi=first["products_vi"],
        products_en=first["products_en"],
        missing_vi=first["products_without_code_vi"],
        missing_en=first["products_without_code_en"],
        materials=tuple(first["material_codes"].split("|")),
        sectors=tuple(first["sector_codes"].split("|")),
        provinces=tuple(sorted(row["province_code"] for row in rows)),
        provinces_planned=int(first["provinces_planned"]),
        source=first["source"],
        source_url=first["source_url"],
        status="checked" if all(row["status"] == "checked" for row in rows) else "unchecked",
    )
