"""The profile of one province: what it is good at, short of, and with whom it should work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from geo.linkage import profile_parts, profile_words
from geo.linkage.model import Opportunity, Text, plain
from geo.linkage.profile_place import Identity, facts, identity
from geo.places import admin

#: Leading numbers: label, unit, and the table they are read from.
_HEADLINES = {
    "establishments": (
        Text("Cơ sở trong danh sách", "Establishments counted"),
        Text("cơ sở", "establishments"),
        "geo.store.aggregate.counts",
    ),
    "sure_sectors": (
        Text("Ngành chắc chắn chuyên môn hóa", "Sectors surely specialised"),
        Text("ngành", "sectors"),
        "geo.measures.specialisation.lq_table",
    ),
    "opportunities": (
        Text("Cơ hội liên kết có tham gia", "Opportunities it takes part in"),
        Text("cơ hội", "opportunities"),
        "geo.linkage.engine",
    ),
}


@dataclass(frozen=True)
class Tables:
    """What a profile is read from: tables of the whole country in one vintage, never written to.

    Parameters
    ----------
    counts : DataFrame
        Of ``aggregate.counts``: establishments by province.
    lq : DataFrame
        Of ``specialisation.lq_table``, one level of sectors.
    balance : DataFrame
        Of ``balance.balance``.
    opportunities : sequence of Opportunity
        Ranked, of the whole country.
    next_steps : DataFrame
        Of ``next_steps.next_steps``.
    stars : DataFrame, optional
        Of ``stars.cluster_stars``, the level of ``lq``.
    """

    vintage: str
    region_set: str
    counts: pd.DataFrame
    lq: pd.DataFrame
    balance: pd.DataFrame
    opportunities: Sequence[Opportunity]
    next_steps: pd.DataFrame
    stars: pd.DataFrame | None = None

    @cached_property
    def materials(self) -> pd.DataFrame:
        """Balances with their place in the country, worked out once for all profiles."""
        return profile_parts.country_materials(self.balance)

    @cached_property
    def leading(self) -> Mapping[str, pd.Series]:
        """The leading numbers of every province, by name."""
        codes = admin.provinces(self.vintage).index
        sure = self.lq[self.lq["surely_specialised"]]
        touched = pd.Series([c for o in self.opportunities for c in o.province_codes], dtype="object")
        numbers = {
            "establishments": self.counts.groupby("province_code")["establishments"].sum(),
            "sure_sectors": sure.groupby("province_code").size(),
            "opportunities": touched.value_counts(),
        }
        return {name: values.reindex(codes).fillna(0).astype("int64") for name, values in numbers.items()}


@dataclass(frozen=True)
class Headline:
    """One leading number: its value and unit, its place among the provinces, and where it comes from.

    ``rank`` is 1 for the largest, ``None`` where the value is 0; equal values share a rank.
    """

    name: str
    label: Text
    value: int
    unit: Text
    rank: int | None
    among: int
    source: str


@dataclass(frozen=True)
class Profile:
    """One province as computed; tables as ``profile_parts`` describes them.

    ``sectors`` and ``materials`` hold everything the province has; ``good_at``, ``surplus`` and
    ``short_of`` the parts that stand out.
    """

    identity: Identity
    headlines: tuple[Headline, ...]
    sectors: pd.DataFrame
    materials: pd.DataFrame
    ties: pd.DataFrame
    partners: pd.DataFrame
    next_steps: pd.DataFrame
    facts: pd.DataFrame
    sentence: Text

    @property
    def code(self) -> str:
        """Province code."""
        return self.identity.province_code

    @property
    def good_at(self) -> pd.DataFrame:
        """Sectors it is surely specialised in."""
        return self.sectors[self.sectors["surely_specialised"]].reset_index(drop=True)

    @property
    def surplus(self) -> pd.DataFrame:
        """Materials in surplus, the largest share of the country first."""
        return profile_parts.surplus(self.materials)

    @property
    def short_of(self) -> pd.DataFrame:
        """Materials that are short, then those needed without a figure of supply."""
        return profile_parts.shortage(self.materials)

    def to_dict(self) -> dict[str, Any]:
        """Return plain types only, ready for JSON; numbers that are not there become ``None``."""
        parts = {
            name: getattr(self, name).to_dict("records")
            for name in ("good_at", "surplus", "short_of", "partners", "next_steps", "facts")
        }
        return plain({"identity": self.identity, "headlines": self.headlines, **parts} | _said(self.sentence))


def profile(code: str, tables: Tables) -> Profile:
    """Return the profile of one province.

    Parameters
    ----------
    code : str
        Province code in the vintage of the tables.
    tables : Tables
        Tables of the whole country.

    Raises
    ------
    PlaceError
        If the code is not of the vintage.
    """
    who = identity(code, tables.vintage, tables.region_set)
    tied = profile_parts.ties(code, tables.opportunities)
    sector_rows = profile_parts.sector_table(code, tables.lq, tables.stars)
    material_rows = profile_parts.material_table(code, tables.materials)
    partner_rows = profile_parts.partners(tied)
    step_rows = profile_parts.next_steps(code, tables.next_steps)
    leading = headlines(code, tables)
    said = profile_words.sentence(who, leading[0].value, sector_rows, material_rows, partner_rows, step_rows)
    return Profile(
        identity=who,
        headlines=leading,
        sectors=sector_rows,
        materials=material_rows,
        ties=tied,
        partners=partner_rows,
        next_steps=step_rows,
        facts=facts(code, tables.vintage),
        sentence=said,
    )


def headlines(code: str, tables: Tables) -> tuple[Headline, ...]:
    """Return the three leading numbers of a province with its place in the country."""
    out = []
    for name, (label, unit, source) in _HEADLINES.items():
        values = tables.leading[name]
        own = int(values[code])
        rank = int((values > own).sum()) + 1 if own else None
        out.append(Headline(name, label, own, unit, rank, len(values), source))
    return tuple(out)


def _said(text: Text) -> dict[str, str]:
    """Return a sentence as two fields."""
    return {"sentence_vi": text.vi, "sentence_en": text.en}


def strongest(tables: Tables) -> str:
    """Return the province with the strongest opportunities (sum of scores), the first by code where equal."""
    totals = dict.fromkeys(admin.provinces(tables.vintage).index, 0.0)
    for item in tables.opportunities:
        for code in item.province_codes:
            totals[code] += item.score
    return max(sorted(totals), key=lambda code: round(totals[code], 9))
