"""Hot spots among provinces: Gi* and local Moran of a sector's share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geo.errors import DataError, ParameterError
from geo.measures import hotspot_statistics as local
from geo.measures import weights
from geo.measures.hotspot_null import country
from geo.places import admin
from geo.store import aggregate
from geo.store.catalog import Dataset
from geo.store.filters import Filters

if TYPE_CHECKING:
    from libpysal.graph import Graph

#: With fewer permutations the smallest p could not pass a correction over 63 provinces.
PERMUTATIONS = 9_999
NEIGHBOURS = ("contiguity", "nearest")
COLUMNS = ["province_code", "establishments", "base", "share", "z", "p", "p_fdr", "moran_z", "moran_p",
           "moran_p_fdr", "quadrant"]  # fmt: skip


def of_sector(
    dataset: Dataset, filters: Filters, sector: str, *, neighbours: str = "contiguity", seed: int = 0
) -> pd.DataFrame:
    """Return local Gi* and Moran of a sector in every province of the filters' vintage.

    Parameters
    ----------
    dataset, filters, sector
        As in :func:`geo.measures.hotspots.surface`.
    neighbours : {"contiguity", "nearest"}
        Provinces that touch, or the four whose points are nearest.
    seed : int
        Of the permutations.

    Returns
    -------
    DataFrame
        As :func:`provinces`.

    Raises
    ------
    ParameterError
        If ``neighbours`` is neither.
    """
    if neighbours not in NEIGHBOURS:
        raise ParameterError(
            vi=f"Cách xác định tỉnh láng giềng phải là một trong {', '.join(NEIGHBOURS)}, nhưng nhận được “{neighbours}”.",
            en=f'Neighbours must be one of {", ".join(NEIGHBOURS)}, but "{neighbours}" came.',
        )
    chosen = country(filters)
    counts = aggregate.counts(dataset, chosen)
    matrix = aggregate.matrix(counts, level="division" if len(sector) == 2 else "class")
    codes = admin.provinces(chosen.vintage).index
    matrix = matrix.reindex(codes, fill_value=0)
    own = matrix[sector] if sector in matrix else pd.Series(0, codes)
    table = pd.DataFrame({"establishments": own, "base": matrix.sum(axis=1)}).rename_axis("province_code")
    nearest = neighbours == "nearest"
    graph = weights.nearest_provinces(chosen.vintage) if nearest else weights.contiguity(chosen.vintage)
    return provinces(table.reset_index(), graph, seed=seed)


def provinces(
    table: pd.DataFrame, graph: Graph, *, permutations: int = PERMUTATIONS, seed: int = 0
) -> pd.DataFrame:
    """Return local Gi* and Moran of a sector's share in the provinces.

    Parameters
    ----------
    table : DataFrame
        ``province_code``, ``establishments`` (of the sector), ``base`` (of every known sector).
    graph : Graph
        Neighbours among provinces (:mod:`geo.measures.weights`); provinces it lacks are refused.
    permutations, seed
        Two dozen provinces with few neighbours each are too few for the normal approximation, so p comes
        from conditional permutations.

    Returns
    -------
    DataFrame
        Sorted by ``province_code``: ``establishments``, ``base``, ``share``, ``z``, ``p``, ``p_fdr`` (Gi*),
        ``moran_z``, ``moran_p``, ``moran_p_fdr``, ``quadrant``. Provinces without a base have no figure, and
        so have those without a neighbour that has one (Moran).

    Raises
    ------
    DataError
        If a province stands twice or is not in the graph.
    """
    out = table.sort_values("province_code", ignore_index=True)
    codes = pd.Index(out["province_code"])
    if codes.has_duplicates or not codes.isin(graph.unique_ids).all():
        raise DataError(
            vi="Mỗi tỉnh phải có đúng một dòng và nằm trong bảng láng giềng; hãy gộp các dòng trùng và kiểm tra mã tỉnh.",
            en="Every province must have one row and be in the graph of neighbours; join double rows and check "
            "the codes.",
        )
    out = out.assign(share=out["establishments"] / out["base"].where(out["base"] > 0))
    known = out["base"].to_numpy() > 0
    if known.sum() >= 3:
        inside = graph.subgraph(codes[known])
        count, base = (out.loc[known, name].to_numpy(dtype=float) for name in ("establishments", "base"))
        share = local.standardised_share(count, base)
        options = {"permutations": permutations, "seed": seed}
        gi = local.local_g(share - share.min() + 1.0, inside, star=True, **options)
        moran = local.local_i(share, inside, **options)
        figures = {"z": gi.z, "p": gi.p, "p_fdr": local.fdr(gi.p), "moran_z": moran.z, "moran_p": moran.p,
                   "moran_p_fdr": local.fdr(moran.p), "quadrant": moran.quadrant}  # fmt: skip
        out = out.join(pd.DataFrame(figures, index=out.index[known]))
    out = out.reindex(columns=COLUMNS)
    return out.assign(quadrant=out["quadrant"].fillna("").astype("str"))
