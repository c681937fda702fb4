"""How large a group is: establishments without double counting, magnitudes without mixing subjects."""

from __future__ import annotations

from collections.abc import Sequence

from geo.linkage.group_model import Magnitude
from geo.linkage.model import Member, Opportunity

#: Parts of a province whose own establishments gain from a linkage.
GAINING = frozenset(("processor", "core", "partner", "upstream", "downstream", "learner"))


def gains(opportunity: Opportunity) -> dict[str, int]:
    """Return which province the gaining establishments of an opportunity stand in.

    Where several members gain, the evidence says how many stand in each. If its counts do not add up to the
    number of the opportunity, which stands where cannot be told: all are counted for the last member.
    """
    total = opportunity.establishments_gaining
    gaining = [m for m in opportunity.provinces if m.role in GAINING] or list(opportunity.provinces)
    if len(gaining) > 1:
        for counted in (_of_pair(opportunity), {m.province_code: _of(opportunity, m) for m in gaining}):
            if sum(counted.values()) == total:
                return counted
    return {gaining[-1].province_code: total}


def _of_pair(opportunity: Opportunity) -> dict[str, int]:
    """Return the counts of evidence that tells two sides apart, as a hot spot across a border does."""
    for row in opportunity.evidence:
        key, values = row["key"], row["values"]
        if "establishments_first" in values and {key.get("first"), key.get("second")} <= set(
            opportunity.province_codes
        ):
            return {key[side]: int(values[f"establishments_{side}"]) for side in ("first", "second")}
    return {}


def _of(opportunity: Opportunity, member: Member) -> int:
    """Return the establishments that the evidence counts in a member, in the sector of its part."""
    sector = opportunity.subject_code
    if opportunity.subject_kind == "sector_pair":
        sector = sector.split("-")[1 if member.role == "downstream" else 0]
    at = {"province_code": member.province_code, "sector_code": sector}
    counts = [int(row["values"].get("establishments", 0)) for row in opportunity.evidence if row["key"] == at]
    return max(counts, default=0)


def by_province(opportunities: Sequence[Opportunity]) -> dict[str, int]:
    """Return the establishments that gain for sure in each province, sorted by code.

    Several opportunities may count the same establishments of a province: the largest count is taken,
    never the sum.
    """
    most: dict[str, int] = {}
    for item in opportunities:
        for code, count in gains(item).items():
            most[code] = max(most.get(code, 0), count)
    return dict(sorted(most.items()))


def magnitudes(opportunities: Sequence[Opportunity]) -> tuple[Magnitude, ...]:
    """Return one magnitude a kind, subject and unit, tonnes first.

    Tonnes are added up over the opportunities of one material, each of which is another flow.
    Establishments (and anything else) are counted once a province, as :func:`by_province` does.
    """
    parts: dict[tuple[str, str, str, str], list[Opportunity]] = {}
    for item in opportunities:
        key = (item.unit, item.kind, item.subject_kind, item.subject_code)
        parts.setdefault(key, []).append(item)
    out = []
    for key, items in sorted(parts.items(), key=lambda part: (part[0][0] != "tonnes_per_year", part[0])):
        unit, kind, subject_kind, code = key
        if unit == "tonnes_per_year":
            value = sum(sorted(item.magnitude for item in items))
        else:
            value = float(sum(by_province(items).values()))
        vi, en = items[0].subject_vi, items[0].subject_en
        out.append(Magnitude(kind, subject_kind, code, vi, en, round(value, 6), unit))
    return tuple(out)
