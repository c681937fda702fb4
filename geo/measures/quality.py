"""How good the data are: completeness, places, coverage, age; shares of the counts that the store made."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely

from geo.places import admin, boundaries, plane
from geo.subjects import statistics

#: Columns that results read of every establishment, whatever it makes; their mean share is the completeness.
CORE = ("sector_class", "employees", "place")
#: Counts of the official statistics that make up the yardstick of coverage; both of 2022.
OFFICIAL = ("household_individual_non_farm_establishments", "enterprises_active_at_31_12")
OFFICIAL_YEAR = 2022
#: A point this far outside its province (km) is doubtful; nearer, the drawn border may be at fault.
FAR_OUTSIDE_KM = 5.0
#: No corner of a hexagon of resolution 7 is farther from its centre (km).
_CELL_KM = 1.5
#: Records this many years older than the newest are counted as old; a convention.
OLD_YEARS = 5


def columns(counts: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return how much of each column is filled in, over all provinces.

    Parameters
    ----------
    counts : DataFrame
        Of ``quality_counts.by_province``.
    names : sequence of str
        Columns to tell of, in this order.

    Returns
    -------
    DataFrame
        ``column``, ``establishments``, ``known``, ``missing``, ``known_share`` (0–1; NaN without
        establishments).
    """
    total = int(counts["establishments"].sum())
    known = np.array([int(counts[name].sum()) for name in names], dtype="int64")
    share = known / total if total else np.full(len(names), np.nan)
    return pd.DataFrame(
        {
            "column": list(names),
            "establishments": total,
            "known": known,
            "missing": total - known,
            "known_share": share,
        }
    )


def by_province(counts: pd.DataFrame, names: Sequence[str], codes: Sequence[str]) -> pd.DataFrame:
    """Return how much of each column is filled in, province by province.

    Parameters
    ----------
    counts, names
        As for :func:`columns`.
    codes : sequence of str
        Provinces to tell of; those without establishments have no share.

    Returns
    -------
    DataFrame
        Indexed by ``province_code``, sorted: ``establishments``, the share (0–1) of each column, and
        ``completeness`` (plain mean of the shares of :data:`CORE`); NaN where there are no establishments.
    """
    table = counts.set_index("province_code").reindex(sorted(codes))
    table.index.name = "province_code"
    total = table["establishments"].fillna(0).astype("int64")
    shares = table[list(dict.fromkeys([*names, *CORE]))].div(total.where(total > 0), axis=0)
    out = shares[list(names)].assign(completeness=shares[list(CORE)].mean(axis=1, skipna=False))
    out.insert(0, "establishments", total)
    return out


def places(counts: pd.DataFrame, outside: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return what the places on record stand for, province by province.

    Parameters
    ----------
    counts : DataFrame
        Of ``quality_counts.by_province``.
    outside : DataFrame, optional
        Of :func:`far_outside`.

    Returns
    -------
    DataFrame
        Indexed by ``province_code``, sorted: ``establishments``, ``point``, ``commune``, ``province``
        (establishments by what their place stands for), ``place_share`` (0–1: commune or better),
        ``point_share`` (0–1), ``far_outside`` (points far outside the province stated).
    """
    table = counts.set_index("province_code").sort_index()
    out = table[["establishments", "location_point", "location_commune", "location_province"]]
    out = out.rename(columns=lambda name: name.removeprefix("location_"))
    out = out.assign(
        place_share=(out["point"] + out["commune"]) / out["establishments"],
        point_share=out["point"] / out["establishments"],
    )
    far = pd.Series(dtype="int64") if outside is None else outside.set_index("province_code")["far_outside"]
    return out.assign(far_outside=far.reindex(out.index).fillna(0).astype("int64"))


def far_outside(cells: pd.DataFrame, vintage: str) -> pd.DataFrame:
    """Count the points that lie far outside the province stated for them.

    Parameters
    ----------
    cells : DataFrame
        Of ``quality_counts.fine_cells``; codes in ``vintage``.
    vintage : str
        Vintage of the codes.

    Returns
    -------
    DataFrame
        ``province_code`` (as stated), ``far_outside`` (establishments), sorted; only provinces with any.

    Notes
    -----
    Points are looked at by hexagons of 5 km² and provinces as they are drawn on screen. Counted are those whose
    hexagon lies so far out that the point itself is about :data:`FAR_OUTSIDE_KM` or more outside; a few may be
    missed.
    """
    layer = boundaries.load("province", vintage, "screen")
    areas = dict(zip(layer["province_code"], plane.to_plane(layer.geometry.to_numpy()), strict=True))
    limit = (FAR_OUTSIDE_KM + _CELL_KM) * 1000
    found = []
    for code, group in cells.groupby("province_code", sort=True):
        area = areas[str(code)]
        shapely.prepare(area)
        spots = np.asarray(
            shapely.points(plane.points_to_plane(group["lon"].to_numpy(), group["lat"].to_numpy()))
        )
        out = ~shapely.contains(area, spots)
        # Only the few outside are worth a distance to a long coast.
        far = np.zeros(len(group), dtype=bool)
        far[out] = shapely.distance(spots[out], area) > limit
        if far.any():
            found.append((str(code), int(group["establishments"].to_numpy()[far].sum())))
    table = pd.DataFrame(found, columns=["province_code", "far_outside"])
    return table.astype({"province_code": "str", "far_outside": "int64"})


def coverage(establishments: pd.Series, vintage: str) -> pd.DataFrame:
    """Set the establishments on record against the official counts of 2022.

    Parameters
    ----------
    establishments : Series
        Establishments by ``province_code``; a province that is not in it has none.
    vintage : str
        Vintage of the codes.

    Returns
    -------
    DataFrame
        Indexed by ``province_code``, sorted, all provinces of the vintage: ``establishments``,
        ``households`` (individual non-farm business establishments, 2022), ``enterprises`` (active at the end of
        2022), ``official`` (their sum), ``per_ten_thousand`` (on record for every 10,000
        official), ``relative`` (that ratio over the country's; 1 is as in the country; NaN where nothing is on record).

    Notes
    -----
    The official counts hold trade and services, not industry alone, and no count of rural industry by province
    is published here: the ratio says nothing of how complete a list is. It serves to compare provinces with
    each other.
    """
    codes = admin.provinces(vintage).index.sort_values()
    households, enterprises = (
        statistics.values(name, vintage).reindex(codes).astype("float64") for name in OFFICIAL
    )
    listed = establishments.reindex(codes).fillna(0).astype("int64")
    official = households + enterprises
    ratio = listed / official
    country = listed[official.notna()].sum() / official.sum()
    relative = ratio / country if country > 0 else ratio * np.nan
    out = pd.DataFrame(
        {
            "establishments": listed,
            "households": households,
            "enterprises": enterprises,
            "official": official,
            "per_ten_thousand": ratio * 10_000,
            "relative": relative,
        },
        index=codes,
    )
    out.index.name = "province_code"
    return out


def ages(counts: pd.DataFrame) -> pd.DataFrame:
    """Return how old the records are, province by province.

    Parameters
    ----------
    counts : DataFrame
        Of ``aggregate.counts``: ``province_code``, ``year`` (may be missing), ``establishments``.

    Returns
    -------
    DataFrame
        Indexed by ``province_code``, sorted: ``establishments``, ``year_known``, ``oldest``, ``median``,
        ``newest`` (years, missing where none is known), ``old`` (records more than :data:`OLD_YEARS` years older
        than the newest record of all).
    """
    rows = counts.groupby(["province_code", "year"], dropna=False)["establishments"].sum().reset_index()
    known = rows.dropna(subset=["year"]).astype({"year": "int64"})
    latest = int(known["year"].max()) if len(known) else 0
    by_place = known.groupby("province_code", sort=True)
    out = pd.DataFrame(
        {
            "establishments": rows.groupby("province_code", sort=True)["establishments"].sum(),
            "year_known": by_place["establishments"].sum(),
            "oldest": by_place["year"].min(),
            "median": pd.Series({code: _median(part) for code, part in by_place}, dtype="Int64"),
            "newest": by_place["year"].max(),
            "old": known[known["year"] < latest - OLD_YEARS].groupby("province_code")["establishments"].sum(),
        }
    )
    out.index.name = "province_code"
    whole = dict.fromkeys(("establishments", "year_known", "old"), "int64")
    years = dict.fromkeys(("oldest", "median", "newest"), "Int64")
    return out.fillna(dict.fromkeys(whole, 0)).astype(whole | years).sort_index()


def by_year(counts: pd.DataFrame) -> pd.DataFrame:
    """Return how many records are of each year.

    Returns
    -------
    DataFrame
        ``year`` (missing: not known, last), ``establishments``, sorted.
    """
    table = counts.groupby("year", dropna=False)["establishments"].sum().reset_index()
    types = {"year": "Int64", "establishments": "int64"}
    return table.astype(types).sort_values("year", na_position="last", ignore_index=True)


def _median(part: pd.DataFrame) -> int:
    """Return the middle year, the earlier of two: each record counts once."""
    ordered = part.sort_values("year")
    reached = ordered["establishments"].cumsum() * 2 >= ordered["establishments"].sum()
    return int(ordered["year"].to_numpy()[int(np.argmax(reached.to_numpy()))])
