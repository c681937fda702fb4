"""Connected hot hexagons, and what of them stands in which province."""

from __future__ import annotations

import h3.api.basic_int as h3
import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from geo.measures.hotspot_null import ALPHA, RULE, Grid, Rule
from geo.measures.hotspot_tail import hypergeometric_tail
from geo.store.cell_counts import CellCounts

#: A side of a border belongs to a cluster from so many establishments on; fewer are single addresses …
LEAST_ON_A_SIDE = 3
#: … and from this share of the cluster on: the tip of a neighbour's cluster is not a joint one. Both assumptions.
LEAST_SHARE = 0.05
SIDE_COLUMNS = ["cluster_id", "sector_code", "province_code", "establishments", "by_commune", "base", "expected",
                "ratio", "share", "p", "belongs"]  # fmt: skip


def members(grid: Grid, hot: np.ndarray, p_fdr: np.ndarray, sectors: tuple[str, ...]) -> pd.DataFrame:
    """Join hot cells that touch into clusters.

    Parameters
    ----------
    grid : Grid
    hot : array of bool, shape (cells, sectors)
    p_fdr : array, shape (cells, sectors)
    sectors : tuple of str
        Sectors of the columns.

    Returns
    -------
    DataFrame
        ``cluster_id`` (sector and the cell with most of its establishments), ``sector_code``, ``cell``
        (64-bit integer), ``p_fdr``; sorted.
    """
    cell, column = np.nonzero(hot)
    node = np.full(hot.shape, -1)
    node[cell, column] = np.arange(len(cell))
    links = grid.near.tocoo()
    pair, sector = np.nonzero(hot[links.row] & hot[links.col])
    ends = node[links.row[pair], sector], node[links.col[pair], sector]
    touching = sparse.coo_array((np.ones(len(pair)), ends), shape=(len(cell), len(cell)))
    label = connected_components(touching, directed=False)[1] if len(cell) else np.zeros(0, dtype=int)
    names = np.array(sectors, dtype=object)[column]
    own = np.column_stack([grid.column(code) for code in sectors])[cell, column] if len(cell) else cell
    order = np.lexsort((grid.cells[cell], -own))
    peak = pd.Series(grid.cells[cell][order]).groupby(label[order]).first().to_numpy()
    ids = [
        f"{name}-{h3.int_to_str(peak[of]).rstrip('f')}"
        for name, of in zip(names, label.tolist(), strict=True)
    ]
    found = pd.DataFrame({
        "cluster_id": pd.Series(ids, dtype="str"), "sector_code": pd.Series(names, dtype="str"),
        "cell": grid.cells[cell], "p_fdr": p_fdr[cell, column],
    })  # fmt: skip
    return found.sort_values(["sector_code", "cluster_id", "cell"], ignore_index=True)


def sides(
    found: pd.DataFrame,
    counts: CellCounts,
    digits: int,
    vintage: str,
    *,
    alpha: float = ALPHA,
    rule: Rule = RULE,
) -> pd.DataFrame:
    """Count the establishments of every cluster by province, and judge each side by itself.

    Parameters
    ----------
    found : DataFrame
        ``cluster_id``, ``sector_code``, ``cell`` of the members.
    counts : CellCounts
        At the resolution of the cells.
    digits : int
        2 or 4: the level of the sectors.
    vintage : {"2025", "pre2025"}
        Provinces to count by.
    alpha, rule
        A side belongs to the cluster when the sector is at least ``rule.least_ratio`` times as frequent
        among the establishments of that side as in the country, significantly so (exact tail ≤ ``alpha``),
        with at least 3 establishments and 5 % of the cluster.

    Returns
    -------
    DataFrame
        ``cluster_id``, ``sector_code``, ``province_code``, ``establishments``, ``by_commune`` (located by
        commune only), ``base`` (establishments of any known sector), ``expected``, ``ratio``, ``share`` (of
        the cluster), ``p`` (of this side alone), ``belongs``; the largest side of each cluster first.
    """
    rows = counts.of_level(digits).rename(columns={f"province_code_{vintage}": "province_code"})
    total = int(rows["establishments"].sum())
    of_sector = rows.groupby("sector")["establishments"].sum()
    near = rows.loc[
        rows["cell"].isin(found["cell"]), ["cell", "province_code", "sector", "establishments", "by_commune"]
    ]
    keys = ["cluster_id", "sector_code", "province_code"]
    base = near.groupby(["cell", "province_code"])["establishments"].sum().rename("base").reset_index()
    out = found.merge(base, on="cell").groupby(keys)[["base"]].sum()
    own = found.merge(near, left_on=["cell", "sector_code"], right_on=["cell", "sector"])
    out = (
        out.join(own.groupby(keys)[["establishments", "by_commune"]].sum())
        .fillna(0)
        .astype("int64")
        .reset_index()
    )
    sector_total = out["sector_code"].map(of_sector).fillna(0).astype("int64").to_numpy()
    out["expected"] = out["base"] * sector_total / max(total, 1)
    out["ratio"] = out["establishments"] / out["expected"]
    whole = out.groupby("cluster_id")["establishments"].transform("sum")
    out["share"] = out["establishments"] / whole.where(whole > 0)
    out["p"] = hypergeometric_tail(
        out["establishments"].to_numpy(), out["base"].to_numpy(), sector_total, total
    )
    out["belongs"] = (
        (out["establishments"] >= LEAST_ON_A_SIDE)
        & (out["share"] >= LEAST_SHARE)
        & (out["ratio"] >= rule.least_ratio)
        & (out["p"] <= alpha)
    )
    order = ["sector_code", "cluster_id", "establishments", "province_code"]
    return out.sort_values(order, ascending=[True, True, False, True], ignore_index=True)[SIDE_COLUMNS]
