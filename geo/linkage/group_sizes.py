"""How large a group is: establishments without double counting, magnitudes without mixing subjects."""

from __future__ import annotations

from collections.abc import Sequence

from geo.linkage.group_model import Magnitude
from geo.linkage.model import Opportunity

#: Parts of a province whose own establishments gain from a linkage.
GAINING = frozenset(("processor", "core", "partner", "upstream", "downstream", "learner"))


def gains(opportunity: Opportunity) -> dict[str, int]:
    """Return which province the gaining establishments of an opportunity stand in.

    Where several members gain, the evidence says how many stand in each. If its counts do not add up to the
    number of the opportunity, which stands where cannot be told: all are counted for the last member.
    """
    total = opportunity.establishments_gaining
    codes = [m.province_code for m in opportunity.provinces if m.role in GAINING]
    codes = codes or list(opportunity.province_codes)
    if len(codes) > 1:
        counted = {code: _counted(opportunity, code) for code in codes}
        if sum(counted.values()) == total:
            return counted
    return {codes[-1]: total}


def _counted(opportunity: Opportunity, code: str) -> int:
    """Return the establishments that the evidence of an opportunity counts in a province."""
    counts = [
        int(row["values"]["establishments"])
        for row in opportunity.evidence
        if row["key"].get("province_code") == code and row["values"].get("establishments") is not None
    ]
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
    """Return one magnitude a subject and unit, tonnes first.

    Tonnes are added up over the opportunities of one material, each of which is another flow.
    Establishments (and anything else) of one sector are counted once a province, as :func:`by_province` does.
    """
    parts: dict[tuple[str, str, str], list[Opportunity]] = {}
    for item in opportunities:
        parts.setdefault((item.unit, item.subject_kind, item.subject_code), []).append(item)
    out = []
    for (unit, kind, code), items in sorted(
        parts.items(), key=lambda p: (p[0][0] != "tonnes_per_year", p[0])
    ):
        if unit == "tonnes_per_year":
            value = sum(sorted(item.magnitude for item in items))
        else:
            value = float(sum(by_province(items).values()))
        out.append(Magnitude(kind, code, items[0].subject_vi, items[0].subject_en, round(value, 6), unit))
    return tuple(out)
