"""What support is asked for where: shares among those with an answer, and needs that neighbours share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from geo.subjects.establishments import SUPPORT_NEEDS

#: Stands for any kind of support in the tables below.
ANY = "any"
KINDS = (ANY, *SUPPORT_NEEDS)
#: Establishments that must ask for the same on each side of a border before the need is called common; the floor
#: that location quotients have too. An assumption.
LEAST_ASKING = 5
_NUMBERS = ["establishments", "stated", *SUPPORT_NEEDS]
COMMON = [
    "sector_code", "support_code", "first", "second", "asking_first", "asking_second", "asking",
    "share_first", "share_second",
]  # fmt: skip


def by(table: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Return how many establishments ask for each kind of support, and which shares these are.

    Parameters
    ----------
    table : DataFrame
        The keys, ``establishments``, ``stated`` and one column a kind of support, as
        ``support_counts.counts`` and ``support_counts.both_levels`` return them.
    keys : sequence of str
        Columns to sum by: ``province_code``, ``sector_code``, both, or none of them for a single sum.

    Returns
    -------
    DataFrame
        The keys, ``support_code`` (``any``, then the kinds in their order), ``asking`` (count; missing where nobody
        stated anything, because nobody may have been asked), ``stated`` and ``establishments`` (counts),
        ``share_of_stated`` (0–1; NaN where nobody stated anything) and
        ``share_of_all`` (0–1 of all establishments: a lower bound, because most were perhaps never asked; NaN
        where nobody stated anything). Sorted by the keys; rows without a value of a key are left out.
    """
    known = table.dropna(subset=list(keys))
    sums = (
        known.groupby(list(keys), sort=True)[_NUMBERS].sum() if keys else known[_NUMBERS].sum().to_frame().T
    )
    parts = [
        sums.assign(support_code=kind, asking=sums["stated" if kind == ANY else kind], order=place)
        for place, kind in enumerate(KINDS)
    ]
    out = pd.concat(parts).reset_index(drop=not keys).sort_values([*keys, "order"], ignore_index=True)
    out["share_of_stated"] = _share(out["asking"], out["stated"])
    out["share_of_all"] = _share(out["asking"], out["establishments"]).where(out["stated"] > 0)
    columns = ["support_code", "asking", "stated", "establishments", "share_of_stated", "share_of_all"]
    out = out[[*keys, *columns]].astype({"asking": "Int64", "stated": "int64", "establishments": "int64"})
    out["asking"] = out["asking"].where(out["stated"] > 0)
    return out


def common(table: pd.DataFrame, neighbours: pd.DataFrame, least: int = LEAST_ASKING) -> pd.DataFrame:
    """Return the support that neighbouring provinces both ask for in the same sector.

    Parameters
    ----------
    table : DataFrame
        As for :func:`by`, one row a province and sector.
    neighbours : DataFrame
        ``first``, ``second``: provinces that share a land border, each pair once.
    least : int
        Establishments that must ask on each side.

    Returns
    -------
    DataFrame
        ``sector_code``, ``support_code``, ``first``, ``second`` (codes), ``asking_first``, ``asking_second``,
        ``asking`` (both together), ``share_first``, ``share_second`` (0–1 of those with an answer); what most ask for
        on the side with fewer stands first, then by the codes.
    """
    asked = by(table, ["province_code", "sector_code"])
    asked = asked[(asked["support_code"] != ANY) & (asked["asking"].fillna(0) >= least)].astype(
        {"asking": "int64"}
    )
    side = asked[["province_code", "sector_code", "support_code", "asking", "share_of_stated"]]
    pairs = pd.DataFrame(np.sort(neighbours[["first", "second"]].to_numpy(dtype=str), axis=1), columns=["first", "second"])  # fmt: skip
    for place in ("first", "second"):
        names = {"province_code": place, "asking": f"asking_{place}", "share_of_stated": f"share_{place}"}
        on = [place] if place == "first" else [place, "sector_code", "support_code"]
        pairs = pairs.merge(side.rename(columns=names), on=on)
    pairs["asking"] = pairs["asking_first"] + pairs["asking_second"]
    fewest = pairs[["asking_first", "asking_second"]].min(axis=1)
    order = pairs.assign(fewest=fewest).sort_values(
        ["fewest", "asking", *COMMON[:4]], ascending=[False, False, True, True, True, True], ignore_index=True
    )
    return order[COMMON]


def _share(part: pd.Series, whole: pd.Series) -> pd.Series:
    """Return part / whole, NaN where there is no whole."""
    return part / whole.where(whole > 0).astype("float64")
