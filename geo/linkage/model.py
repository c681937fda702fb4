"""What an opportunity is: a ranked, explained linkage between provinces, with all that it rests on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

KINDS = ("material", "cluster", "chain", "experience")
#: Fields that say how firm the place in a list is; empty where nothing was resampled.
STANDING = ("top_ten_share", "rank_low", "rank_high", "found_share")
UNITS = ("tonnes_per_year", "establishments", "employees")
ROLES = ("source", "processor", "core", "partner", "upstream", "downstream", "leader", "learner")


@dataclass(frozen=True)
class Text:
    """One statement in both languages."""

    vi: str
    en: str


@dataclass(frozen=True)
class Member:
    """A province of an opportunity and the part it plays.

    Parameters
    ----------
    province_code : str
        Code in the vintage of the opportunity.
    role : str
        ``source`` (has the surplus), ``processor`` (needs the material), ``core`` (the larger part of
        a cluster), ``partner`` (the other part), ``upstream`` (strong in the supplying sector),
        ``downstream`` (strong in the buying sector), ``leader`` (specialised in the sector) or ``learner``
        (has its materials and related skills, not yet the sector).
    """

    province_code: str
    role: str


@dataclass(frozen=True)
class Finding:
    """A linkage as found, before it is scored, judged and put into words.

    ``measures`` holds the raw values (each with its unit in the name) that score, confidence and
    narrative read; ``evidence`` the rows those values come from.
    """

    kind: str
    subject_code: str
    subject_kind: str
    members: tuple[Member, ...]
    magnitude: float
    unit: str
    distance_km: float
    establishments_gaining: int
    measures: Mapping[str, Any]
    evidence: tuple[dict[str, Any], ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Province codes in the order of the roles."""
        return tuple(m.province_code for m in self.members)


@dataclass(frozen=True)
class Caution:
    """A caution about who may be supported; ``legal_basis`` is empty when it is not law.

    ``status`` is ``checked`` (read in the text of the law), ``derived`` (follows from checked facts)
    or ``advice`` (a caution without legal basis).
    """

    code: str
    vi: str
    en: str
    legal_basis: str
    status: str


@dataclass(frozen=True)
class Asked:
    """What support establishments of some sectors in some provinces ask for.

    Parameters
    ----------
    establishments : int
        All of those sectors in those provinces.
    stated : int
        Those that state what they need; the others were not asked, or did not answer.
    counts : mapping of str to int
        Kind of support -> establishments that ask for it, the most asked for first; kinds that nobody asks for
        are left out. One establishment may ask for several.
    """

    establishments: int
    stated: int
    counts: Mapping[str, int]


class Told:
    """What an opportunity and a group of them hand out alike: places, texts, plain values."""

    provinces: tuple[Any, ...]
    sentence_vi: str
    sentence_en: str
    scheme_vi: str
    scheme_en: str

    @property
    def province_codes(self) -> tuple[str, ...]:
        """Province codes in the order of the members."""
        return tuple(m.province_code for m in self.provinces)

    def sentence(self, lang: str = "vi") -> str:
        """Return the sentence in ``lang`` (``vi`` or ``en``)."""
        return self.sentence_en if lang == "en" else self.sentence_vi

    def scheme(self, lang: str = "vi") -> str:
        """Return the suggested scheme in ``lang`` (``vi`` or ``en``)."""
        return self.scheme_en if lang == "en" else self.scheme_vi

    def to_dict(self) -> dict[str, Any]:
        """Return plain types only, ready for JSON; numbers that are not there become ``None``."""
        return plain(self)


@dataclass(frozen=True)
class Opportunity(Told):
    """A ranked, explained linkage worth a joint proposal.

    Parameters
    ----------
    id : str
        Stable name of kind, subject and provinces, e.g. ``material-coffee-68-75``; opportunities of the
        63 old provinces end in ``-pre2025`` because seven codes were re-used.
    magnitude : float
        Size in ``unit`` (tonnes a year, or establishments).
    distance_km : float
        Road distance in km estimated as great-circle distance between the mean commune points of the
        provinces times the detour factor.
    components : dict
        Name of component -> 0–1; see ``geo.linkage.score``.
    score : float
        Weighted mean of the components, 0–1.
    confidence : str
        ``A``, ``B`` or ``C``, with its reasons.
    provinces : tuple of Member
        In the order of the roles: source, core, upstream or leader first.
    evidence : tuple of dict
        The rows behind the sentence: ``table``, ``key``, ``values``, ``source``, ``status``.
    support : Asked, optional
        What support the establishments of its sectors in its provinces ask for; ``None`` where none of them
        states anything.
    top_ten_share, rank_low, rank_high, found_share : optional
        How firm the place in the list is under resampling: share of the resamples in which it stands in
        the top ten, the 5 % and 95 % quantile of its rank, and the share of the resamples in which the
        linkage is found at all; ``None`` where nothing was resampled. See ``geo.linkage.stability``.
    """

    id: str
    kind: str
    vintage: str
    region_set: str
    subject_code: str
    subject_kind: str
    subject_vi: str
    subject_en: str
    provinces: tuple[Member, ...]
    region_codes: tuple[str, ...]
    crosses_regions: bool
    magnitude: float
    unit: str
    distance_km: float
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
    top_ten_share: float | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    found_share: float | None = None


def opportunity_id(kind: str, subject_code: str, codes: Iterable[str], vintage: str) -> str:
    """Return the stable name of an opportunity; the order of ``codes`` is kept."""
    parts = [kind, subject_code.replace("_", "-"), *codes]
    if vintage != "2025":
        parts.append(vintage)
    return "-".join(parts)


def plain(value: Any) -> Any:
    """Return ``value`` with dataclasses, tuples and numpy scalars turned into plain JSON types."""
    if hasattr(value, "__dataclass_fields__"):
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if hasattr(value, "item") and not isinstance(value, str):
        value = value.item()
    if value is pd.NA or value is pd.NaT or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value


def to_frame(opportunities: Iterable[Opportunity]) -> pd.DataFrame:
    """Return one row an opportunity, in the given order, for tables and CSV.

    Returns
    -------
    DataFrame
        ``rank`` (1 = first), ``id``, ``kind``, subject, provinces (codes and names joined by ``|``),
        regions, ``magnitude`` with ``unit``, ``distance_km``, ``establishments_gaining``, one column
        ``component_<name>`` each (0–1), ``score`` (0–1), ``confidence``, ``top_ten_share``, ``rank_low``,
        ``rank_high``, ``found_share`` (missing where nothing was resampled), sentences, schemes and label.
    """
    rows = []
    for rank, opp in enumerate(opportunities, start=1):
        names = [opp.province_names.get(c, Text(c, c)) for c in opp.province_codes]
        rows.append(
            {
                "rank": rank,
                "id": opp.id,
                "kind": opp.kind,
                "vintage": opp.vintage,
                "subject_kind": opp.subject_kind,
                "subject_code": opp.subject_code,
                "subject_vi": opp.subject_vi,
                "subject_en": opp.subject_en,
                "province_codes": "|".join(opp.province_codes),
                "roles": "|".join(m.role for m in opp.provinces),
                "provinces_vi": "|".join(n.vi for n in names),
                "provinces_en": "|".join(n.en for n in names),
                "region_set": opp.region_set,
                "region_codes": "|".join(opp.region_codes),
                "crosses_regions": opp.crosses_regions,
                "magnitude": opp.magnitude,
                "unit": opp.unit,
                "distance_km": opp.distance_km,
                "establishments_gaining": opp.establishments_gaining,
                **{f"component_{name}": value for name, value in opp.components.items()},
                "score": opp.score,
                "confidence": opp.confidence,
                **{name: getattr(opp, name) for name in STANDING},
                "sentence_vi": opp.sentence_vi,
                "sentence_en": opp.sentence_en,
                "scheme_vi": opp.scheme_vi,
                "scheme_en": opp.scheme_en,
                "data_label_vi": opp.data_label_vi,
                "data_label_en": opp.data_label_en,
            }
        )
    frame = pd.DataFrame(rows, columns=None if rows else FRAME_COLUMNS)
    return frame.astype(dict.fromkeys(STANDING, "float64"))


FRAME_COLUMNS = [
    "rank", "id", "kind", "vintage", "subject_kind", "subject_code", "subject_vi", "subject_en",
    "province_codes", "roles", "provinces_vi", "provinces_en", "region_set", "region_codes",
    "crosses_regions", "magnitude", "unit", "distance_km", "establishments_gaining",
    "component_magnitude", "component_proximity", "component_need", "component_strength",
    "component_inter_regional", "component_beneficiaries", "component_data",
    "score", "confidence", "top_ten_share", "rank_low", "rank_high", "found_share", "sentence_vi", "sentence_en", "scheme_vi", "scheme_en",
    "data_label_vi", "data_label_en",
]  # fmt: skip
