"""Establishments by hexagon, province of either vintage and sector: one query, whatever the number of rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import h3.api.basic_int as h3
import narwhals as nw
import numpy as np
import pandas as pd

from geo.errors import ParameterError
from geo.store import engine
from geo.store.catalog import Dataset
from geo.store.filters import Filters, apply
from geo.subjects.establishments import H3_RESOLUTIONS

_NOWHERE = 0  # no H3 cell has this number
_PLACES = ("province_code_2025", "province_code_pre2025")
_SECTORS = ("division_code", "sector_code")
_KEYS = ("cell", *_PLACES, *_SECTORS)


@dataclass(frozen=True)
class CellCounts:
    """Establishments by cell and sector; the frames are never to be written to.

    Attributes
    ----------
    resolution : int
        H3 resolution of the cells.
    placed : DataFrame
        ``cell`` (H3 as a 64-bit integer), ``province_code_2025``, ``province_code_pre2025``,
        ``division_code``, ``sector_code`` (2 digits where only the division is known),
        ``establishments``, ``by_commune`` (those of them that stand on their commune's point, because no
        own coordinates are known); sorted.
    unplaced : DataFrame
        ``division_code``, ``sector_code``, ``establishments`` without coordinates: in no cell.
    """

    resolution: int
    placed: pd.DataFrame
    unplaced: pd.DataFrame

    def of_level(self, digits: int) -> pd.DataFrame:
        """Return the rows whose division (2 digits) or class (4 digits) is known, in the column ``sector``."""
        return self._divisions if digits == 2 else self._classes

    @cached_property
    def _divisions(self) -> pd.DataFrame:
        return self._known(2)

    @cached_property
    def _classes(self) -> pd.DataFrame:
        return self._known(4)

    def _known(self, digits: int) -> pd.DataFrame:
        """Keep what a level needs of the rows that are known at it."""
        column = level_column("0" * digits)
        rows = self.placed[self.placed[column].str.len() == digits]
        return rows[["cell", *_PLACES, column, "establishments", "by_commune"]].rename(
            columns={column: "sector"}
        )

    def of_sector(self, sector: str) -> pd.DataFrame:
        """Return the rows of a division (2 digits) or class (4 digits)."""
        return self.placed[self.placed[level_column(sector)] == sector]

    def left_out(self, sector: str) -> dict[str, int]:
        """Count what the cells of a sector leave out or place only roughly.

        Returns
        -------
        dict
            ``total``; ``without_coordinates`` (in no cell); ``by_commune`` (in the cell of their
            commune's point).
        """
        placed = self.of_sector(sector)
        nowhere = self.unplaced.loc[self.unplaced[level_column(sector)] == sector, "establishments"]
        missing = int(nowhere.sum())
        return {
            "total": int(placed["establishments"].sum()) + missing,
            "without_coordinates": missing,
            "by_commune": int(placed["by_commune"].sum()),
        }


def level_column(sector: str) -> str:
    """Return the column that holds a sector code: the division for 2 digits, the class for 4.

    Raises
    ------
    ParameterError
        If the code has another form.
    """
    if len(sector) in (2, 4) and sector.isdigit():
        return _SECTORS[len(sector) // 4]
    raise ParameterError(
        vi=f"Mã ngành phải gồm 2 chữ số (ngành cấp 2) hoặc 4 chữ số (ngành cấp 4), nhưng nhận được “{sector}”.",
        en=f'A sector code must be 2 digits (division) or 4 digits (class), but "{sector}" came.',
    )


@lru_cache(maxsize=16)
def cell_counts(dataset: Dataset, filters: Filters, resolution: int = 5) -> CellCounts:
    """Count establishments by hexagon, province and sector under the filters.

    Parameters
    ----------
    dataset, filters
        What to count; a sector filter also takes away the other sectors that a share is a share of.
    resolution : int
        H3 resolution, 4 (1,770 km² a cell on average), 5 (253), 6 (36) or 7 (5).

    Raises
    ------
    ParameterError
        If the resolution is not stored, or a filter is wrong.
    """
    if resolution not in H3_RESOLUTIONS:
        known = ", ".join(map(str, H3_RESOLUTIONS))
        raise ParameterError(
            vi=f"Độ phân giải ô lục giác H3 phải là một trong {known}, nhưng nhận được {resolution}.",
            en=f"The H3 resolution must be one of {known}, but {resolution} came.",
        )
    rows = apply(engine.lazy(dataset), filters.normalised())
    cell = nw.col(f"h3_{resolution}").fill_null(_NOWHERE).alias("cell")  # never empty: a float loses digits
    rough = (nw.col("location_quality") == "commune").cast(nw.Int64).alias("by_commune")
    grouped = (
        rows.select(cell, *_PLACES, *_SECTORS, rough)
        .group_by(*_KEYS)
        .agg(nw.len().alias("establishments"), nw.col("by_commune").sum())
    )
    table = engine.collect(grouped)
    numbers = dict.fromkeys(("cell", "establishments", "by_commune"), "int64")
    table = table.astype(numbers | dict.fromkeys((*_PLACES, *_SECTORS), "str"))
    nowhere = (table["cell"] == _NOWHERE).to_numpy()
    unplaced = table[nowhere].groupby(list(_SECTORS), dropna=False)["establishments"].sum().reset_index()
    placed = table[~nowhere]
    # Places in the sorted values: numbers sort many times faster than texts.
    keys = [pd.factorize(placed[name], sort=True)[0] for name in reversed(_KEYS)]
    return CellCounts(resolution, placed.iloc[np.lexsort(keys)].reset_index(drop=True), unplaced)


def places(
    dataset: Dataset, filters: Filters, sector: str, most: int, *, within: tuple[int, tuple[int, ...]]
) -> tuple[pd.DataFrame, int | None]:
    """Return where the establishments of a sector stand: by point when these are few, else by hexagon.

    Parameters
    ----------
    dataset, filters, sector
        Which establishments.
    most : int
        Most places returned: points if there are no more different ones, else centres of the finest
        hexagons that are few enough (those of ``within`` where none are).
    within : (int, tuple of int)
        Resolution and cells: only establishments that stand in these.

    Returns
    -------
    (DataFrame, int or None)
        ``lon``, ``lat`` (degrees), ``within`` (the cell it stands in), ``establishments``, sorted; and the
        resolution of the hexagons, None for points.
    """
    coarse, cells = within
    column = f"h3_{coarse}"
    rows = apply(engine.lazy(dataset), filters.normalised())
    inside = nw.col(column).is_in(cells or (_NOWHERE,))
    rows = rows.filter((nw.col(level_column(sector)) == sector) & inside)
    number, home = nw.len().alias("establishments"), nw.col(column).alias("within")
    order = ["lon", "lat", "within", "establishments"]
    points = engine.collect(rows.group_by("lon", "lat", home).agg(number).head(most + 1))
    if len(points) <= most:
        return points[order].sort_values(order, ignore_index=True), None
    for resolution in sorted((r for r in H3_RESOLUTIONS if r >= coarse), reverse=True):
        keys = (nw.col(f"h3_{resolution}").alias("cell"), home)
        found = engine.collect(rows.group_by(*keys).agg(number))
        if len(found) <= most:
            break
    centres = np.array([h3.cell_to_latlng(cell) for cell in found["cell"].astype("int64").tolist()])
    table = found.assign(lon=centres[:, 1], lat=centres[:, 0])[order]
    return table.astype({"within": "int64", "establishments": "int64"}).sort_values(
        order, ignore_index=True
    ), resolution
