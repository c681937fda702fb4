"""Which opportunities share one subject: a raw material with the class that processes it, or a sector."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from geo.linkage.model import Opportunity
from geo.subjects import materials

Subject = tuple[str, str]


@cache
def trade_of() -> Mapping[str, str]:
    """Return the class -> the one raw material it usually processes, e.g. 1077 (coffee) -> coffee.

    Classes that usually process several materials (fruit, fish, other food) are not in it: their
    provinces need not share a material.
    """
    usual = materials.catalogue()["default_sector_code"]
    found: dict[str, list[str]] = {}
    for material, sector in usual.items():
        if sector:
            found.setdefault(str(sector), []).append(str(material))
    return {sector: codes[0] for sector, codes in found.items() if len(codes) == 1}


def subject_of(opportunity: Opportunity, carried: frozenset[str]) -> Subject:
    """Return (kind, code) of the subject that an opportunity shares with others.

    Parameters
    ----------
    opportunity : Opportunity
        Of any kind.
    carried : frozenset of str
        Materials that some opportunity is about; the class of another material stays a subject of its own.
    """
    if opportunity.subject_kind == "sector":
        material = trade_of().get(opportunity.subject_code)
        if material in carried:
            return ("material", str(material))
    return (opportunity.subject_kind, opportunity.subject_code)


def gather(opportunities: Iterable[Opportunity]) -> dict[Subject, list[Opportunity]]:
    """Return the opportunities of each shared subject, both sorted, whatever the order given."""
    listed = sorted(opportunities, key=lambda o: o.id)
    carried = frozenset(o.subject_code for o in listed if o.subject_kind == "material")
    found: dict[Subject, list[Opportunity]] = {}
    for item in listed:
        found.setdefault(subject_of(item, carried), []).append(item)
    return dict(sorted(found.items()))
