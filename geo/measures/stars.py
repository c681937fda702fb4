"""Cluster stars: one each for size, specialisation and focus, after the European Cluster Observatory.

The Observatory (Centre for Strategy and Competitiveness, Stockholm School of Economics; "Evaluation of regional
cluster strength", clusterobservatory.eu) gives a region's cluster 0–3 stars: *size* when it is in the top
10 % of all regions within its own category by employees, *specialisation* when its quotient is 2 or more,
*focus* when it is in the top 10 % by its share of the region's employment. What is kept and what is changed
here, and why:

* **Size, top 10 % within the sector**: kept. "All" are the provinces that have the sector. A pair has the star
  when fewer than a tenth of them are larger, equals counted half: a province alone at the top always has it,
  a crowd of equals has not.
* **Specialisation, LQ of 2 or more**: kept, and it must be sure: at least ``floor`` establishments and an
  interval wholly above 1 (:func:`geo.measures.specialisation.lq_table`). The Observatory counts nearly all
  employees of large regions; a list of rural establishments is partial and provinces are small, so that an LQ
  of 2 may be three establishments and chance.
* **Focus, top 10 %**: kept, over all pairs of province and sector. Within one sector the shares of provinces
  stand in the order of their LQ, and the star would say the same thing twice. So large sectors (food) win
  many of these stars: it says what a province lives on, not what is special about it.
* **Nothing below the floor**: a top tenth of a sector with ones and twos is no strength.
* The Observatory's regions are of 1–2 million people in 32 countries; here the 34 (or 63) provinces of one
  country are compared with each other, so a star is a rank among Viet Nam's provinces and nothing more.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.errors import DataError, ParameterError
from geo.measures.region_sector import checked, quotients
from geo.measures.specialisation import lq_table

TOP_SHARE = 0.1
LQ_THRESHOLD = 2.0
FLOOR = 5
STAR_COLUMNS = [
    "province_code",
    "sector_code",
    "establishments",
    "size_share",
    "lq",
    "lq_low",
    "lq_high",
    "focus_share",
    "size_star",
    "specialisation_star",
    "focus_star",
    "stars",
]


def cluster_stars(
    establishments: pd.DataFrame,
    employees: pd.DataFrame | None = None,
    *,
    lq: pd.DataFrame | None = None,
    floor: int = FLOOR,
    top_share: float = TOP_SHARE,
    lq_threshold: float = LQ_THRESHOLD,
) -> pd.DataFrame:
    """Return the cluster stars of every pair of province and sector that has an establishment.

    Parameters
    ----------
    establishments : DataFrame
        ``province_code`` × ``sector_code``, numbers of establishments.
    employees : DataFrame, optional
        The same of employees (persons), as the Observatory measures; by default size, LQ and focus are
        measured on establishments. How sure an LQ is always comes from establishments: they are what a
        list may have or lack.
    lq : DataFrame, optional
        Of :func:`geo.measures.specialisation.lq_table` on ``establishments``, when it is at hand.
    floor : int, default 5
        Fewest establishments for any star, >= 1.
    top_share : float, default 0.1
        Top share for the stars of size and focus, within 0–1.
    lq_threshold : float, default 2.0
        Least LQ for the star of specialisation, >= 1.

    Returns
    -------
    DataFrame
        ``province_code``, ``sector_code``, ``establishments``, ``size_share`` (of the sector's national
        total, 0–1), ``lq``, ``lq_low``, ``lq_high`` (interval of the LQ of establishments), ``focus_share``
        (of the province's total, 0–1), ``size_star``, ``specialisation_star``, ``focus_star`` (bool),
        ``stars`` (0–3); sorted by codes.

    Raises
    ------
    DataError
        If a cell is negative or not a number, or no employees are known at all.
    ParameterError
        If ``floor``, ``top_share`` or ``lq_threshold`` is out of range.

    References
    ----------
    European Cluster Observatory, Evaluation of regional cluster strength; Sölvell, Ketels & Lindqvist (2008),
    Industrial specialization and regional clusters in the ten new EU member states, Competitiveness Review 18.
    """
    _check_options(floor, top_share, lq_threshold)
    sure = lq_table(establishments, floor=floor) if lq is None else lq
    if sure.empty:
        return _empty()
    pairs = pd.MultiIndex.from_frame(sure[["province_code", "sector_code"]])
    basis = establishments if employees is None else _known(employees, establishments)
    values = checked(basis)
    with np.errstate(divide="ignore", invalid="ignore"):
        size = values / values.sum(axis=0, keepdims=True)
        focus = values / values.sum(axis=1, keepdims=True)
    measured = {"size_share": size, "focus_share": focus, "basis_lq": quotients(values)}
    out = sure.assign(**{name: _at(pairs, basis, table) for name, table in measured.items()})
    if employees is not None:
        out["lq"] = out["basis_lq"]
    enough = out["establishments"] >= floor
    out["size_star"] = enough & (_share_above(out["size_share"], out["sector_code"]) < top_share)
    out["specialisation_star"] = enough & (out["lq"] >= lq_threshold) & (out["lq_low"] > 1)
    out["focus_star"] = enough & (_share_above(out["focus_share"]) < top_share)
    out["stars"] = out[["size_star", "specialisation_star", "focus_star"]].sum(axis=1).astype("int64")
    return out[STAR_COLUMNS].sort_values(["province_code", "sector_code"], ignore_index=True)


def _share_above(values: pd.Series, within: pd.Series | None = None) -> pd.Series:
    """Share of the values (of one group) that are larger, equals counted half; none for a missing value."""
    groups = values.groupby(within if within is not None else np.zeros(len(values)))
    return (groups.rank(method="average", ascending=False) - 1) / groups.transform("count")


def _at(pairs: pd.MultiIndex, frame: pd.DataFrame, values: np.ndarray) -> np.ndarray:
    """Values of a region × sector array at some pairs."""
    rows = frame.index.get_indexer(pairs.get_level_values(0))
    columns = frame.columns.get_indexer(pairs.get_level_values(1))
    return values[rows, columns]


def _known(employees: pd.DataFrame, establishments: pd.DataFrame) -> pd.DataFrame:
    """Employees in the rows and columns of the establishments; refuses a table without any."""
    table = employees.reindex(index=establishments.index, columns=establishments.columns).fillna(0)
    if checked(table).sum() == 0:
        raise DataError(
            vi="Bộ dữ liệu này không có số lao động nào, nên không tính được sao theo lao động; "
            "hãy tính theo số cơ sở.",
            en="This data set has no employees at all, so stars cannot be measured on employees; "
            "measure them on establishments.",
        )
    return table


def _check_options(floor: int, top_share: float, lq_threshold: float) -> None:
    """Refuse thresholds that mean nothing."""
    if floor < 1 or not 0 < top_share < 1 or lq_threshold < 1:
        raise ParameterError(
            vi="Ngưỡng sao cần: số cơ sở tối thiểu từ 1, tỷ lệ đầu bảng giữa 0 và 1, LQ từ 1; nhưng nhận được "
            f"{floor}, {top_share:g}, {lq_threshold:g}. Hãy sửa lại.",
            en="The thresholds of the stars need a floor of at least 1, a top share between 0 and 1 and an LQ "
            f"of at least 1, but {floor}, {top_share:g}, {lq_threshold:g} came. Change them.",
        )


def _empty() -> pd.DataFrame:
    """A table of stars without rows."""
    flags = dict.fromkeys(["size_star", "specialisation_star", "focus_star"], "bool")
    return pd.DataFrame(columns=STAR_COLUMNS).astype({**flags, "stars": "int64"})
