"""Establishments drawn anew: what a data set might have held had other establishments been in it.

Establishments are drawn with replacement. Those that no measure tells apart (same province, sector, size and
material, stating a need or not) are drawn as one group: the numbers of a multinomial draw over the groups are
those that a bootstrap of the rows would give. Where establishments state a need, how many are drawn for each
material and origin follows its limit, a Poisson draw of their number.

Held as they are: employees and tonnes per establishment of a group, the published supply, the borders and
distances, the coefficients.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from geo.linkage.inputs import Inputs
from geo.linkage.model import Finding
from geo.measures import specialisation

_GROUP = ["province_code", "sector_code", "size_band"]
MICRO = "micro"


@dataclass(frozen=True, eq=False)
class Base:
    """The groups that are drawn and where each of them counts.

    Attributes
    ----------
    provinces, sectors, materials : Index
        Labels of the axes; ``sectors`` are classes, then divisions.
    classes : int
        Number of classes among ``sectors``.
    size : ndarray
        Establishments of each group.
    at_class, at_division, at_need : ndarray
        Place of each group in province × sector (twice) and in material × province; -1 where it has none.
    micro : ndarray
        Whether the establishments of a group have under 10 employees.
    tonnes : ndarray
        Estimated need of one establishment of each group, tonnes a year.
    stating : ndarray
        material × province: establishments that state a need.
    links : DataFrame
        Of ``Inputs.links``: planned and stated links between provinces.
    data : Inputs
        The tables as they are.
    """

    provinces: pd.Index
    sectors: pd.Index
    classes: int
    materials: pd.Index
    size: np.ndarray
    at_class: np.ndarray
    at_division: np.ndarray
    at_need: np.ndarray
    micro: np.ndarray
    tonnes: np.ndarray
    stating: np.ndarray
    links: pd.DataFrame
    data: Inputs

    @cached_property
    def link_share(self) -> np.ndarray:
        """Share of the establishments stating a need that state the origin of each link."""
        stated = self.stating.ravel()[self.link_ends]
        count = self.links["stated_establishments"].to_numpy(dtype="float64")
        return np.divide(count, stated, out=np.zeros(len(count)), where=stated > 0).clip(0.0, 1.0)

    @cached_property
    def link_ends(self) -> np.ndarray:
        """Place of the material and destination of each link in material × province."""
        return self.needs_at(self.links["material_code"], self.links["destination_code"])

    @cached_property
    def link_starts(self) -> np.ndarray:
        """Place of the material and origin of each link in material × province."""
        return self.needs_at(self.links["material_code"], self.links["origin_code"])

    def needs_at(self, materials: Iterable[str], provinces: Iterable[str]) -> np.ndarray:
        """Return the places of materials in provinces, in material × province."""
        rows = self.materials.get_indexer(pd.Index(materials))
        return rows * len(self.provinces) + self.provinces.get_indexer(pd.Index(provinces))

    def cells(self, provinces: Sequence[str], sectors: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Return the places of sectors in provinces, in province × sector."""
        rows = self.provinces.get_indexer(pd.Index(list(provinces)))
        return rows, self.sectors.get_indexer(pd.Index(list(sectors)))


@dataclass(frozen=True, eq=False)
class Sample:
    """One draw: how many establishments of each group, stating each need, and stating each origin."""

    base: Base
    drawn: np.ndarray
    stating: np.ndarray
    link_statements: np.ndarray

    @cached_property
    def counts(self) -> np.ndarray:
        """Establishments, province × sector."""
        return self._by_sector(self.drawn)

    @cached_property
    def micro(self) -> np.ndarray:
        """Establishments with under 10 employees, province × sector."""
        return self._by_sector(self.drawn * self.base.micro)

    @cached_property
    def quotients(self) -> np.ndarray:
        """Location quotients, province × sector; 0 where there is nothing to compare."""
        parts = (self.counts[:, : self.base.classes], self.counts[:, self.base.classes :])
        found = [specialisation.location_quotient(pd.DataFrame(part)).to_numpy() for part in parts]
        return np.nan_to_num(np.hstack(found))

    @cached_property
    def estimated(self) -> np.ndarray:
        """Estimated need, material × province, tonnes a year."""
        return self._by_need(self.drawn * self.base.tonnes)

    @cached_property
    def estimated_establishments(self) -> np.ndarray:
        """Establishments whose need is estimated, material × province."""
        return self._by_need(self.drawn)

    def _by_sector(self, values: np.ndarray) -> np.ndarray:
        """Add up the groups by province and sector, at both levels."""
        shape = (len(self.base.provinces), len(self.base.sectors))
        both = _summed(self.base.at_class, values, shape) + _summed(self.base.at_division, values, shape)
        return np.rint(both)

    def _by_need(self, values: np.ndarray) -> np.ndarray:
        """Add up the groups by the material they need."""
        shape = (len(self.base.materials), len(self.base.provinces))
        return _summed(self.base.at_need, values, shape)


@dataclass(frozen=True, eq=False)
class Redrawn:
    """Raw values of the findings of one kind under one draw, aligned with them."""

    magnitude: np.ndarray
    need: np.ndarray
    strength: np.ndarray
    gaining: np.ndarray
    found: np.ndarray


#: Sample -> values of the findings it was made for.
Resampler = Callable[[Sample], Redrawn]


def base(data: Inputs) -> Base:
    """Return the groups of establishments behind the inputs, in an order that no order of rows changes."""
    groups = _groups(data)
    provinces = pd.Index(sorted(data.road_km.index))
    classes = sorted(set(groups.loc[groups["sector_code"].str.len() == 4, "sector_code"]))
    divisions = sorted(set(groups["division_code"]) - {""})
    sectors = pd.Index([*classes, *divisions])
    materials = pd.Index(sorted(set(data.balance["material_code"])))
    row = provinces.get_indexer(groups["province_code"])
    need = materials.get_indexer(groups["material_code"])
    shape = (len(materials), len(provinces))
    stating = np.zeros(shape)
    at = (
        materials.get_indexer(data.demand["material_code"]),
        provinces.get_indexer(data.demand["province_code"]),
    )
    stating[at] = data.demand["establishments_stated"].to_numpy(dtype="float64")
    return Base(
        provinces=provinces,
        sectors=sectors,
        classes=len(classes),
        materials=materials,
        size=groups["establishments"].to_numpy(dtype="int64"),
        at_class=_places(row, pd.Index(classes).get_indexer(groups["sector_code"]), len(sectors)),
        at_division=_places(
            row, pd.Index(divisions).get_indexer(groups["division_code"]), len(sectors), len(classes)
        ),
        at_need=_places(need, row, len(provinces)),
        micro=(groups["size_band"] == MICRO).to_numpy(),
        tonnes=groups["tonnes"].to_numpy(dtype="float64"),
        stating=stating,
        links=data.links,
        data=data,
    )


def sample(source: Base, seed: int, number: int) -> Sample:
    """Draw the establishments anew; draw ``number`` of a seed is the same whatever came before it."""
    random = np.random.default_rng([seed, number])
    total = int(source.size.sum())
    drawn = random.multinomial(total, source.size / total) if total else source.size
    stating = random.poisson(source.stating)
    statements = random.binomial(stating.ravel()[source.link_ends], source.link_share)
    return Sample(source, drawn, stating.astype("float64"), statements.astype("float64"))


def as_it_is(source: Base) -> Sample:
    """Return the sample that draws every establishment once."""
    statements = source.links["stated_establishments"].to_numpy(dtype="float64")
    return Sample(source, source.size, source.stating, statements)


def held(findings: Sequence[Finding], source: Base) -> Resampler:
    """Hold the values of the findings as they are: for a kind that does not say how they vary."""
    measures = [f.measures for f in findings]
    values = Redrawn(
        magnitude=np.array([f.magnitude for f in findings], dtype="float64"),
        need=np.array([m["need_share"] for m in measures], dtype="float64"),
        strength=np.array([m["strength_share"] for m in measures], dtype="float64"),
        gaining=np.array([f.establishments_gaining for f in findings], dtype="float64"),
        found=np.ones(len(findings), dtype=bool),
    )
    return lambda _: values


def _groups(data: Inputs) -> pd.DataFrame:
    """Return the groups: those with an estimated need, and the rest of each province, sector and size."""
    texts = [*_GROUP, "division_code"]
    counted = data.counts.assign(**{name: data.counts[name].fillna("") for name in texts})
    in_all = counted.groupby(texts, sort=True)["establishments"].sum()
    own = data.estimates.assign(**{name: data.estimates[name].fillna("") for name in _GROUP})
    known = own["tonnes"].notna()
    own = own.assign(
        division_code=own["sector_code"].str[:2],
        material_code=own["material_code"].where(known, "").fillna(""),
        tonnes=(own["tonnes"] / own["establishments"]).fillna(0.0),
    )
    taken = own.groupby(texts)["establishments"].sum()
    rest = in_all.sub(taken, fill_value=0).clip(lower=0).rename("establishments").reset_index()
    rest = rest.assign(material_code="", tonnes=0.0)
    columns = [*texts, "material_code", "tonnes", "establishments"]
    both = pd.concat([own[columns], rest[columns]], ignore_index=True)
    both = both[both["establishments"] > 0].sort_values(columns, ignore_index=True)
    return both.astype(dict.fromkeys([*texts, "material_code"], "str"))


def _places(rows: np.ndarray, columns: np.ndarray, width: int, shift: int = 0) -> np.ndarray:
    """Return places in a table of ``width`` columns; -1 where the row or the column is not known."""
    return np.where((rows >= 0) & (columns >= 0), rows * width + columns + shift, -1)


def _summed(places: np.ndarray, values: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Add up values at their places."""
    known = places >= 0
    flat = np.bincount(places[known], weights=values[known], minlength=shape[0] * shape[1])
    return flat.reshape(shape)
