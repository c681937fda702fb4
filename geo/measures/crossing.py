"""Clusters of a sector, and those that cross a province or region border.

A cluster is a connected set of hot hexagons (or a dense group of establishments, see
:mod:`geo.measures.hotspot_groups`). It crosses a border when two provinces both belong to it: the sector is
over-represented on each side by itself, so that the rim of one province's cluster does not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import h3.api.basic_int as h3
import numpy as np
import pandas as pd
import shapely

from geo.measures import crossing_sides, hotspot_groups, hotspots, weights
from geo.measures import hotspot_null as null
from geo.measures import hotspot_statistics as statistics
from geo.places import admin, boundaries
from geo.store.catalog import Dataset
from geo.store.cell_counts import CellCounts, cell_counts
from geo.store.filters import Filters

PAIR_COLUMNS = ["sector_code", "first", "second", "establishments_first", "establishments_second", "ratio", "p_fdr",
                "cluster_id"]  # fmt: skip


@dataclass(frozen=True)
class Side:
    """What of a cluster stands in one province.

    ``share`` is of the cluster, ``ratio`` how many times as frequent the sector is there as in the country,
    ``p`` the exact tail of this side alone; ``belongs`` tells whether the province is part of the cluster.
    """

    province_code: str
    establishments: int
    share: float
    ratio: float
    p: float
    belongs: bool


@dataclass(frozen=True)
class Cluster:
    """One cluster of a sector.

    Attributes
    ----------
    id, sector_code : str
    cells : tuple of str
        H3 cells; hexagons that are hot, or all inside the outline of a dense group.
    establishments, by_commune : int
        Of the sector in it; those of them located by their commune only.
    ratio : float
        How many times as frequent the sector is in it as among all establishments.
    p_fdr : float
        Significance: the smallest adjusted p of its hexagons (of those that a dense group stands in).
    sides, old_sides : tuple of Side
        By province of the vintage, largest first; by province of before July 2025.
    regions : tuple of str
        Regions of the provinces that belong to it.
    crosses_province, crosses_region, crosses_old_border : bool
        Whether at least two provinces (regions; provinces of before July 2025) belong to it.
    outline : shapely geometry
        EPSG:4326, clipped to land.
    """

    id: str
    sector_code: str
    cells: tuple[str, ...]
    establishments: int
    by_commune: int
    ratio: float
    p_fdr: float
    sides: tuple[Side, ...]
    old_sides: tuple[Side, ...]
    regions: tuple[str, ...]
    crosses_province: bool
    crosses_region: bool
    crosses_old_border: bool
    outline: Any = field(compare=False, repr=False)

    @property
    def provinces(self) -> Mapping[str, float]:
        """Share of the cluster by province, largest first."""
        return {side.province_code: side.share for side in self.sides if side.establishments}

    @property
    def members(self) -> tuple[Side, ...]:
        """The sides that belong to it."""
        return tuple(side for side in self.sides if side.belongs)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, the outline as GeoJSON; for JSON."""
        return {
            "id": self.id,
            "sector_code": self.sector_code,
            "establishments": self.establishments,
            "by_commune": self.by_commune,
            "ratio": self.ratio,
            "p_fdr": self.p_fdr,
            "crosses_province": self.crosses_province,
            "crosses_region": self.crosses_region,
            "crosses_old_border": self.crosses_old_border,
            "regions": list(self.regions),
            "sides": [vars(side) for side in self.sides],
            "old_sides": [vars(side) for side in self.old_sides],
            "cells": list(self.cells),
            "outline": shapely.geometry.mapping(self.outline),
        }


def find(
    dataset: Dataset,
    filters: Filters,
    sector: str,
    *,
    resolution: int | None = None,
    method: str = "gi",
    base: str = "establishments",
    alpha: float = null.ALPHA,
    rule: null.Rule = null.RULE,
    seed: int = 0,
) -> list[Cluster]:
    """Find the clusters of a sector in the whole country, those over a border among them.

    Parameters
    ----------
    dataset, filters, sector, resolution, base, alpha, rule, seed
        As in :func:`geo.measures.hotspots.surface`; the filters' vintage and region set say which borders.
    method : {"gi", "moran", "hdbscan"}
        Hot hexagons by the count around them or by the local Moran, or dense groups of establishments.

    Returns
    -------
    list of Cluster
        Significant ones with at least ``rule.floor`` establishments of their own, most establishments
        first; the order of rows changes nothing.

    Raises
    ------
    ParameterError
        If a parameter is out of its range.
    """
    chosen = null.country(filters)
    resolution = null.usual_resolution(dataset) if resolution is None else resolution
    dense = method == "hdbscan"
    options: dict[str, Any] = {"resolution": resolution, "method": "gi" if dense else method, "base": base}
    table = hotspots.surface(dataset, chosen, sector, **options, alpha=alpha, rule=rule, seed=seed)
    if dense:
        groups = hotspot_groups.groups(dataset, chosen, sector, table, resolution)
        counts = cell_counts(dataset, chosen, groups.resolution)
        return _clusters(groups.members, counts, chosen, alpha, rule, groups.outlines)
    grid = null.grid(dataset, chosen, resolution, len(sector), base)
    hot, p_fdr = table["hot"].to_numpy()[:, None], table["p_fdr"].to_numpy()[:, None]
    found = crossing_sides.members(grid, hot, p_fdr, (sector,))
    return _clusters(found, cell_counts(dataset, chosen, resolution), chosen, alpha, rule, None)


def province_pairs(
    dataset: Dataset,
    filters: Filters,
    *,
    resolution: int | None = None,
    alpha: float = null.ALPHA,
    rule: null.Rule = null.RULE,
) -> pd.DataFrame:
    """Return the neighbouring provinces that share a cluster, for all divisions and classes at once.

    Parameters
    ----------
    dataset, filters, resolution, alpha, rule
        As in :func:`find`.

    Returns
    -------
    DataFrame
        ``sector_code``, ``first``, ``second`` (codes, first < second), ``establishments_first``,
        ``establishments_second`` (in the cluster), ``ratio`` (of the cluster), ``p_fdr``, ``cluster_id`` (the
        largest one where several join the pair: numbers are added, the smallest p counts); sorted.

    Notes
    -----
    The clusters are those of :func:`find`. Since many sectors are looked at, a sector counts only if it has
    any significant cell after a correction over sectors, and ``p_fdr`` is raised by the number of sectors over
    that of those selected (Benjamini & Bogomolov 2014, Journal of the Royal Statistical Society B 76).
    """
    chosen = null.country(filters)
    resolution = null.usual_resolution(dataset) if resolution is None else resolution
    counts = cell_counts(dataset, chosen, resolution)
    parts = [_pairs_of_level(dataset, chosen, counts, digits, resolution, alpha, rule) for digits in (2, 4)]
    table = pd.concat(parts, ignore_index=True)
    keys = ["sector_code", "first", "second"]
    size = table["establishments_first"] + table["establishments_second"]
    order = table.assign(size=size).sort_values(
        [*keys, "size", "cluster_id"], ascending=[True, True, True, False, True]
    )
    summed = {"establishments_first": "sum", "establishments_second": "sum", "ratio": "first", "p_fdr": "min",
              "cluster_id": "first"}  # fmt: skip
    return order.groupby(keys, as_index=False).agg(summed)[PAIR_COLUMNS]


def _pairs_of_level(
    dataset: Dataset,
    filters: Filters,
    counts: CellCounts,
    digits: int,
    resolution: int,
    alpha: float,
    rule: null.Rule,
) -> pd.DataFrame:
    """Pairs of provinces for all divisions, or all classes."""
    grid = null.grid(dataset, filters, resolution, digits)
    p_fdr, allowed = null.all_sectors(grid, rule)
    if not p_fdr.size:
        return pd.DataFrame(columns=PAIR_COLUMNS)
    best = p_fdr.min(axis=0)  # the Simes p of each sector
    selected = statistics.fdr(best) <= alpha
    raised = p_fdr * (len(best) / max(int(selected.sum()), 1))
    hot = allowed & (p_fdr <= alpha) & selected
    found = crossing_sides.members(grid, hot, raised, grid.sectors)
    sides = crossing_sides.sides(found, counts, digits, filters.vintage, alpha=alpha, rule=rule)
    significant = found.groupby("cluster_id")["p_fdr"].min()
    inside = sides.groupby("cluster_id")[["establishments", "expected"]].sum()
    ratio = inside["establishments"] / inside["expected"]
    part = sides.loc[sides["belongs"], ["cluster_id", "sector_code", "province_code", "establishments"]]
    both = part.merge(part, on=["cluster_id", "sector_code"], suffixes=("_first", "_second"))
    both = both.rename(columns={"province_code_first": "first", "province_code_second": "second"})
    touching = weights.touching(filters.vintage)
    both = both[pd.MultiIndex.from_frame(both[["first", "second"]]).isin(touching)]
    both = both[both["first"] < both["second"]]
    both = both.assign(ratio=both["cluster_id"].map(ratio), p_fdr=both["cluster_id"].map(significant))
    return both.loc[both["p_fdr"] <= alpha, PAIR_COLUMNS]


def _clusters(
    found: pd.DataFrame,
    counts: CellCounts,
    filters: Filters,
    alpha: float,
    rule: null.Rule,
    shapes: Mapping[str, Any] | None,
) -> list[Cluster]:
    """Gather the figures of every cluster of one sector; dense groups come with their shapes."""
    if found.empty:
        return []
    digits = len(found["sector_code"].iloc[0])
    sides, old = (
        crossing_sides.sides(found, counts, digits, vintage, alpha=alpha, rule=rule)
        for vintage in (filters.vintage, "pre2025")
    )
    region_of = admin.province_regions(filters.region_set)
    clusters = []
    for key, part in found.groupby("cluster_id", sort=True):
        mine = sides[sides["cluster_id"] == key]
        if mine["establishments"].sum() < rule.floor:
            continue  # a hot cell whose neighbours' establishments are not hot themselves
        joined = tuple(mine.loc[mine["belongs"], "province_code"])
        regions = tuple(sorted({str(region_of[code]) for code in joined}))
        before = _sides(old[old["cluster_id"] == key])
        cells = part["cell"].to_numpy()
        clusters.append(
            Cluster(
                id=str(key),
                sector_code=str(part["sector_code"].iloc[0]),
                cells=tuple(h3.int_to_str(cell) for cell in cells.tolist()),
                establishments=int(mine["establishments"].sum()),
                by_commune=int(mine["by_commune"].sum()),
                ratio=float(mine["establishments"].sum() / mine["expected"].sum()),
                p_fdr=float(part["p_fdr"].min()),
                sides=_sides(mine),
                old_sides=before,
                regions=regions,
                crosses_province=len(joined) > 1,
                crosses_region=len(regions) > 1,
                crosses_old_border=sum(side.belongs for side in before) > 1,
                outline=on_land(
                    shapely.union_all(null.hexagon_shapes(cells)) if shapes is None else shapes[str(key)]
                ),
            )
        )
    return sorted(clusters, key=lambda cluster: (-cluster.establishments, cluster.id))


def _sides(table: pd.DataFrame) -> tuple[Side, ...]:
    """Turn the rows of a cluster into sides; provinces without any establishment of the sector are left out."""
    kept = table[table["establishments"] > 0]
    columns = (
        kept[name].tolist() for name in ("province_code", "establishments", "share", "ratio", "p", "belongs")
    )
    return tuple(Side(*row) for row in zip(*columns, strict=True))


def on_land(shape: Any) -> Any:
    """Clip a shape (EPSG:4326) to the country's land; one that lies off the drawn coast stays as it is."""
    west, south, east, north = shape.bounds
    near = shapely.clip_by_rect(_land(boundaries.data_version()), west, south, east, north)
    cut = shapely.intersection(shape, near)
    areas = [part for part in shapely.get_parts(cut) if part.area > 0 and part.geom_type == "Polygon"]
    return shape if not areas else areas[0] if len(areas) == 1 else shapely.multipolygons(np.array(areas))


@lru_cache(maxsize=2)
def _land(version: str) -> Any:
    """Join the provinces once for every version of the boundaries."""
    return shapely.union_all(boundaries.load("province", detail="screen").geometry.to_numpy())
