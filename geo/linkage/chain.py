"""Linkages of kind ``chain``: one province is strong in a sector that feeds a strong sector of another.

Which sector feeds which is read from the input–output table in force; the shipped one is the structure of
another country and only ranks the links. A province supplies another where each is surely specialised in its
part and clearly ahead of the other in it, and a lorry can go between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from geo.linkage import evidence
from geo.linkage.model import Finding, Member
from geo.linkage.records import records
from geo.measures import value_chain
from geo.subjects import io_table
from geo.subjects.io_table import IoTable

#: Only the strongest tenth of all possible pairs of divisions are called a link. An assumption.
STRONG_PERCENTILE = 0.9
#: Estimated road km beyond which regular deliveries between small establishments make little sense: a lorry
#: delivers on one day and is back on the next. An assumption.
MOST_KM = 300.0
#: Suppliers kept for each pair of sectors and buying province, the nearest first; others are counted.
MOST_SUPPLIERS = 2
#: Rural establishments of division 20 make fertiliser, pesticides, soap and essential oils for farms and
#: households (see the classes of the sector list), not the resins, glue and paint that the table's link means.
NOT_SUPPLIERS = frozenset(("20",))
#: Other manufacturing (jewellery, toys, brooms …) has no input in common; where the table does not tell it
#: from furniture, the link is that of furniture.
TOO_MIXED = frozenset(("32",))
#: Fewer establishments at either end are too few for a programme of suppliers. An assumption.
LEAST_ESTABLISHMENTS = 10
KEYS = ["upstream_code", "downstream_code", "origin_code", "destination_code"]
_LQ = ["establishments", "lq", "lq_low", "lq_high"]


def links(table: IoTable) -> pd.DataFrame:
    """Return the links between divisions that chains are looked for in.

    Returns
    -------
    DataFrame
        The strongest tenth of ``value_chain.pairs`` without suppliers and buyers that the codes of the table
        cannot speak for; with ``source``, ``year`` (NaN unknown), ``foreign`` and ``shipped`` of the table.
    """
    found = value_chain.pairs(table.rows)
    mixed = found["shared"] & found["downstream_code"].isin(TOO_MIXED)
    strong = found["percentile"] >= STRONG_PERCENTILE
    kept = found[strong & ~mixed & ~found["upstream_code"].isin(NOT_SUPPLIERS)]
    year = np.nan if table.year is None else float(table.year)
    return kept.assign(
        source=table.source, year=year, foreign=table.foreign, shipped=table.shipped
    ).reset_index(drop=True)


def links_in_force() -> pd.DataFrame:
    """Return the links of the input–output table in force, worked out once for each table."""
    return _links_of(io_table.version()).copy()


@lru_cache(maxsize=2)
def _links_of(version: str) -> pd.DataFrame:
    """Return the links of one version of the table."""
    return links(io_table.load())


def table(
    lq: pd.DataFrame, road_km: pd.DataFrame, links: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the supplier–buyer pairs of provinces, one row each, without words.

    Parameters
    ----------
    lq : DataFrame
        ``province_code``, ``sector_code``, ``establishments``, ``lq``, ``lq_low``, ``lq_high``,
        ``surely_specialised``; only divisions are read.
    road_km : DataFrame
        Estimated road km, province × province.
    links : DataFrame
        Of :func:`links`.

    Returns
    -------
    (DataFrame, dict)
        The columns of ``links``, ``origin_code``, ``destination_code``, ``magnitude`` (establishments of both
        ends in their sector), ``need_share`` (how far the buyer's own upstream sector lags behind the
        supplier's: 1 − LQ/LQ), ``strength_share`` (1 − 1/LQ at the weaker lower bound), ``distance_km``, and
        ``establishments``, ``lq``, ``lq_low``, ``lq_high`` ending in ``_supplier`` (origin, upstream), ``_buyer``
        (destination, downstream) and ``_own`` (destination, upstream); sorted by the codes. Counts of what was left
        out: ``too_far``, ``too_few`` (establishments at one end), ``no_lead`` (one side is not clearly ahead in
        its part), ``farther_suppliers``.
    """
    grid = _Grid(lq, road_km.index)
    up, down = (grid.places(links[f"{end}_code"]) for end in ("upstream", "downstream"))
    # Arrays of link × origin × destination.
    strong = grid.strong.T[up][:, :, None] & grid.strong.T[down][:, None, :]
    strong &= ~np.eye(len(road_km), dtype=bool)
    near = strong & (road_km.to_numpy() <= MOST_KM)
    size = grid.value["establishments"].T
    many = near & (np.minimum(size[up][:, :, None], size[down][:, None, :]) >= LEAST_ESTABLISHMENTS)
    low, level = grid.value["lq_low"].T, grid.value["lq"].T
    ahead = many & (low[up][:, :, None] > level[up][:, None, :])
    ahead &= low[down][:, None, :] > level[down][:, :, None]
    found = _rows(np.nonzero(ahead), links, grid, road_km, (up, down))
    nearest = ["upstream_code", "downstream_code", "destination_code"]
    found = found.sort_values([*nearest, "distance_km", "origin_code"])
    kept = found[found.groupby(nearest).cumcount() < MOST_SUPPLIERS]
    left = {
        "too_far": int(strong.sum() - near.sum()),
        "too_few": int(near.sum() - many.sum()),
        "no_lead": int(many.sum()) - len(found),
        "farther_suppliers": len(found) - len(kept),
    }
    return kept.sort_values(KEYS, ignore_index=True), left


class _Grid:
    """Location quotients of divisions as arrays of province × division; 0 where there is none."""

    def __init__(self, lq: pd.DataFrame, provinces: pd.Index) -> None:
        rows = lq[lq["sector_code"].str.len() == 2]
        self.divisions = pd.Index(sorted(set(rows["sector_code"])))
        # One column more stands for divisions that no province has.
        shape = (len(provinces), len(self.divisions) + 1)
        at = (
            provinces.get_indexer(pd.Index(rows["province_code"])),
            self.divisions.get_indexer(pd.Index(rows["sector_code"])),
        )
        self.value = {name: np.zeros(shape) for name in _LQ}
        for name, array in self.value.items():
            array[at] = rows[name].to_numpy(dtype="float64", na_value=0.0)
        self.strong = np.zeros(shape, dtype=bool)
        self.strong[at] = rows["surely_specialised"].to_numpy(dtype=bool)

    def places(self, codes: pd.Series) -> np.ndarray:
        """Return the columns of divisions."""
        return self.divisions.get_indexer(pd.Index(codes))


def _rows(
    at: tuple[np.ndarray, ...],
    links: pd.DataFrame,
    grid: _Grid,
    road_km: pd.DataFrame,
    columns: tuple[np.ndarray, np.ndarray],
) -> pd.DataFrame:
    """Return one row a place of the array: link × origin × destination."""
    link, origin, destination = at
    up, down = (places[link] for places in columns)
    out = links.iloc[link].reset_index(drop=True)
    ends = {"supplier": (origin, up), "buyer": (destination, down), "own": (destination, up)}
    figures = {
        f"{name}_{end}": array[place] for end, place in ends.items() for name, array in grid.value.items()
    }
    weakest = np.minimum(figures["lq_low_supplier"], figures["lq_low_buyer"])
    return out.assign(
        origin_code=road_km.index.to_numpy()[origin],
        destination_code=road_km.columns.to_numpy()[destination],
        **figures,
        magnitude=figures["establishments_supplier"] + figures["establishments_buyer"],
        need_share=np.clip(1 - figures["lq_own"] / figures["lq_supplier"], 0.0, 1.0),
        strength_share=1 - 1 / weakest,
        distance_km=road_km.to_numpy()[origin, destination],
    )


def find(
    lq: pd.DataFrame, sizes: pd.DataFrame, road_km: pd.DataFrame, links: pd.DataFrame
) -> tuple[list[Finding], dict[str, int]]:
    """Find provinces whose establishments could supply those of another.

    Parameters
    ----------
    lq, road_km, links : DataFrame
        As :func:`table` takes them.
    sizes : DataFrame
        ``province_code``, ``sector_code``, ``employees_known`` (establishments), ``large`` (200 employees and
        more).

    Returns
    -------
    (list of Finding, dict)
        Findings sorted by sectors and provinces; and the counts of :func:`table`.
    """
    rows, left = table(lq, road_km, links)
    known = {
        (str(r["province_code"]), str(r["sector_code"])): r
        for r in records(sizes[["province_code", "sector_code", "employees_known", "large"]])
    }
    return [_finding(row, known) for row in records(rows)], left


def _finding(row: Mapping[str, Any], sizes: Mapping[tuple[str, str], Mapping[Any, Any]]) -> Finding:
    """Gather the two ends of one chain with all that is said of them."""
    upstream, downstream = row["upstream_code"], row["downstream_code"]
    origin, destination = row["origin_code"], row["destination_code"]
    ends = [sizes.get((origin, upstream), {}), sizes.get((destination, downstream), {})]
    total = int(row["magnitude"])
    measures = {
        "upstream_code": upstream,
        "downstream_code": downstream,
        "supplier": _figures(row, "_supplier"),
        "buyer": _figures(row, "_buyer"),
        "own": _figures(row, "_own"),
        "establishments": total,
        "need_share": float(row["need_share"]),
        "strength_share": float(row["strength_share"]),
        "lq_low_weakest": min(row["lq_low_supplier"], row["lq_low_buyer"]),
        "employees_known_share": sum(int(e.get("employees_known", 0)) for e in ends) / total,
        "large": sum(int(e.get("large", 0)) for e in ends),
        "link_rank": int(row["rank"]),
        "link_pairs": int(row["pairs"]),
        "link_percentile": float(row["percentile"]),
        "within": bool(row["within"]),
        "shared": bool(row["shared"]),
        "foreign": bool(row["foreign"]),
        "shipped": bool(row["shipped"]),
        "sourced": bool(row["source"]),
        "table_year": None if row["year"] != row["year"] else int(row["year"]),
    }
    return Finding(
        kind="chain",
        subject_code=f"{upstream}-{downstream}",
        subject_kind="sector_pair",
        members=(Member(origin, "upstream"), Member(destination, "downstream")),
        magnitude=float(total),
        unit="establishments",
        distance_km=float(row["distance_km"]),
        establishments_gaining=total,
        measures=measures,
        evidence=_evidence(row, measures),
    )


def _figures(row: Mapping[str, Any], end: str) -> dict[str, Any]:
    """Return the figures of one end."""
    quotients = {name: float(row[f"{name}{end}"]) for name in _LQ[1:]}
    return {"establishments": int(row[f"establishments{end}"]), **quotients}


def _evidence(row: Mapping[str, Any], measures: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """Return the rows behind the sentence: three location quotients, the link of the table, the pair."""
    upstream, downstream = row["upstream_code"], row["downstream_code"]
    origin, destination = row["origin_code"], row["destination_code"]
    places = (
        (origin, upstream, "supplier"),
        (destination, downstream, "buyer"),
        (destination, upstream, "own"),
    )
    rows: list[dict[str, Any]] = [
        evidence.quotient(province, sector, measures[part]) for province, sector, part in places
    ]
    pair = {"upstream_code": upstream, "downstream_code": downstream}
    link = ("link_rank", "link_pairs", "link_percentile", "table_year")
    rows.append(
        {
            "table": "io_coefficients",
            "key": pair,
            "values": {"coefficient": row["coefficient"]} | {name: measures[name] for name in link},
            "source": str(row["source"]),
            "status": "assumption" if row["within"] or row["foreign"] else "cited",
        }
    )
    shares = ("establishments", "need_share", "strength_share")
    rows.append(
        {
            "table": "chain_pairs",
            "key": pair | {"origin_code": origin, "destination_code": destination},
            "values": {"distance_km": row["distance_km"]} | {name: measures[name] for name in shares},
            "source": "geo.linkage.chain.find",
            "status": "computed",
        }
    )
    return tuple(rows)
