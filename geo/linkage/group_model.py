"""What a group of provinces is: a candidate flagship scheme with one shared subject."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from geo.linkage.model import Asked, Caution, Text, Told


@dataclass(frozen=True)
class GroupMember:
    """A province of a group and every part it plays there, as ``model.ROLES`` name them."""

    province_code: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Magnitude:
    """The size of a group in one kind, subject and unit; different ones are never added up.

    What is counted follows from the kind: tonnes carried, establishments of a cluster's sector, of both ends of
    a chain, or those that can take part in an exchange of experience.
    """

    kind: str
    subject_kind: str
    subject_code: str
    subject_vi: str
    subject_en: str
    value: float
    unit: str


@dataclass(frozen=True)
class Group(Told):
    """A group of provinces worth a flagship scheme (đề án điểm).

    Parameters
    ----------
    id : str
        ``group``, subject and sorted codes, e.g. ``group-coffee-51-66-68``; groups of the 63 old provinces
        end in ``-pre2025``.
    provinces : tuple of GroupMember
        Sorted by code.
    contiguous : bool
        Whether land borders between members join them all.
    opportunity_ids : tuple of str
        The opportunities between members that the group is made of, best first.
    magnitudes : tuple of Magnitude
        Tonnes a year that opportunities carry between members, one a material; establishments, one a kind
        and subject, each province counted once.
    establishments_gaining : int
        Establishments that gain for sure: of the counts that opportunities give for one province the
        largest is taken, so that none is counted twice (the true number may be larger).
    components : dict
        ``links``, ``cohesion``, ``reach``, ``beneficiaries``, each 0–1; see ``groups.WEIGHTS``.
    score : float
        Weighted mean of the components, 0–1.
    confidence : str
        The letter of the weakest opportunity it is made of.
    support : Asked, optional
        What support the establishments of its opportunities ask for, each province and sector counted once;
        ``None`` where none of them states anything.
    """

    id: str
    vintage: str
    region_set: str
    subject_kind: str
    subject_code: str
    subject_vi: str
    subject_en: str
    provinces: tuple[GroupMember, ...]
    region_codes: tuple[str, ...]
    crosses_regions: bool
    contiguous: bool
    opportunity_ids: tuple[str, ...]
    magnitudes: tuple[Magnitude, ...]
    establishments_gaining: int
    components: Mapping[str, float]
    score: float
    confidence: str
    confidence_reasons: tuple[Text, ...]
    evidence: tuple[dict[str, Any], ...]
    warnings: tuple[Caution, ...]
    sentence_vi: str
    sentence_en: str
    scheme_vi: str
    scheme_en: str
    dataset_kind: str = "real"
    data_label_vi: str = ""
    data_label_en: str = ""
    province_names: Mapping[str, Text] = field(default_factory=dict)
    support: Asked | None = None


def to_frame(groups: Iterable[Group]) -> pd.DataFrame:
    """Return one row a group, in the given order, for tables and CSV.

    Returns
    -------
    DataFrame
        ``rank`` (1 = first), ``id``, subject, provinces and roles joined by ``|`` (several roles of one
        province by ``+``), regions, ``contiguous``, ``opportunities`` (count), ``magnitudes`` (``value unit
        subject`` joined by ``|``), ``establishments_gaining``, ``score`` (0–1), ``confidence``, texts.
    """
    rows = []
    for rank, group in enumerate(groups, start=1):
        names = [group.province_names.get(c, Text(c, c)) for c in group.province_codes]
        rows.append(
            {
                "rank": rank,
                "id": group.id,
                "vintage": group.vintage,
                "subject_kind": group.subject_kind,
                "subject_code": group.subject_code,
                "subject_vi": group.subject_vi,
                "subject_en": group.subject_en,
                "province_codes": "|".join(group.province_codes),
                "provinces_vi": "|".join(n.vi for n in names),
                "provinces_en": "|".join(n.en for n in names),
                "roles": "|".join("+".join(m.roles) for m in group.provinces),
                "region_set": group.region_set,
                "region_codes": "|".join(group.region_codes),
                "crosses_regions": group.crosses_regions,
                "contiguous": group.contiguous,
                "opportunities": len(group.opportunity_ids),
                "magnitudes": "|".join(f"{m.value:.6g} {m.unit} {m.subject_code}" for m in group.magnitudes),
                "establishments_gaining": group.establishments_gaining,
                "score": group.score,
                "confidence": group.confidence,
                "sentence_vi": group.sentence_vi,
                "sentence_en": group.sentence_en,
                "scheme_vi": group.scheme_vi,
                "scheme_en": group.scheme_en,
                "data_label_vi": group.data_label_vi,
                "data_label_en": group.data_label_en,
            }
        )
    return pd.DataFrame(rows, columns=None if rows else FRAME_COLUMNS)


FRAME_COLUMNS = [
    "rank", "id", "vintage", "subject_kind", "subject_code", "subject_vi", "subject_en", "province_codes",
    "provinces_vi", "provinces_en", "roles", "region_set", "region_codes", "crosses_regions", "contiguous",
    "opportunities", "magnitudes", "establishments_gaining", "score", "confidence", "sentence_vi",
    "sentence_en", "scheme_vi", "scheme_en", "data_label_vi", "data_label_en",
]  # fmt: skip
