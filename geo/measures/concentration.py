"""How evenly a sector lies over regions, and how mixed a region's sectors are.

Frames are region × sector counts (establishments or employees). The indices are not normalised, so compare
only values of one table: small regions and small sectors reach high values by chance.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Literal

import numpy as np
import pandas as pd

from geo.errors import DataError, ParameterError
from geo.measures.region_sector import checked, position, quotients

Comparison = Literal["together", "mean"]


def herfindahl(values: pd.Series | np.ndarray | Iterable[float]) -> float:
    """Return the Herfindahl index of a list of sizes.

    .. math:: H = \\sum_k (v_k / v)^2

    Parameters
    ----------
    values : Series, array or list
        Sizes of one kind (employees of plants, establishments by sector …), >= 0; missing ones count as none.

    Returns
    -------
    float
        Dimensionless, from 1/n (all alike) to 1 (one has everything); NaN when all are 0.

    Raises
    ------
    DataError
        If a value is negative or not a number, or the values are a table of several columns.

    References
    ----------
    Hirschman (1945), National Power; Herfindahl (1950), Concentration in the Steel Industry.

    Examples
    --------
    >>> round(herfindahl([20, 50, 20, 10]), 2)
    0.34
    """
    array = values if isinstance(values, pd.Series | pd.DataFrame | np.ndarray) else list(values)
    table = pd.DataFrame(array)
    if table.shape[1] > 1 and table.shape[0] > 1:
        raise DataError(
            vi=f"Chỉ số Herfindahl cần một dãy số, nhưng nhận được bảng {table.shape[0]} × {table.shape[1]}; "
            "hãy chọn một dòng hoặc một cột.",
            en=f"The Herfindahl index takes one list of sizes, but a table of {table.shape[0]} × "
            f"{table.shape[1]} came; choose one row or column.",
        )
    sizes = checked(table).ravel()
    total = sizes.sum()
    return float(((sizes / total) ** 2).sum()) if total > 0 else float("nan")


def gini_specialisation(counts: pd.DataFrame, region: Hashable) -> float:
    """Return the Gini coefficient of a region's specialisation.

    .. math:: G = \\frac{2}{n^2 \\bar R} \\sum_{k=1}^{n} k\\,(R_k - \\bar R)

    with :math:`R_1 \\le \\dots \\le R_n` the region's location quotients over the n sectors and
    :math:`\\bar R` their plain mean.

    Parameters
    ----------
    counts : DataFrame
        Region × sector, establishments or employees, >= 0; a missing cell counts as none.
    region : label
        Row of the table.

    Returns
    -------
    float
        Dimensionless, from 0 (the region has the national mix) to (n − 1)/n (one sector only). NaN for a
        region without anything. Sectors that no region has are not among the n.

    Raises
    ------
    DataError
        If a cell is negative or not a number.
    ParameterError
        If the region is not in the table once.

    References
    ----------
    Farhauer & Kröll (2013), Standorttheorien.
    """
    row = position(counts.index, region, "vùng", "region")
    return _gini(quotients(checked(counts))[row])


def gini_concentration(counts: pd.DataFrame, sector: Hashable) -> float:
    """Return the Gini coefficient of a sector's concentration over regions.

    As :func:`gini_specialisation`, over the n location quotients of the sector in the regions.

    Parameters
    ----------
    counts : DataFrame
        Region × sector, establishments or employees, >= 0; a missing cell counts as none.
    sector : label
        Column of the table.

    Returns
    -------
    float
        Dimensionless, from 0 (spread like everything else) to (n − 1)/n (in one region only). NaN for a
        sector without anything. Regions that have nothing at all are not among the n.

    Raises
    ------
    DataError
        If a cell is negative or not a number.
    ParameterError
        If the sector is not in the table once.

    References
    ----------
    Farhauer & Kröll (2013), Standorttheorien.
    """
    column = position(counts.columns, sector, "ngành", "sector")
    return _gini(quotients(checked(counts))[:, column])


def krugman_index(counts: pd.DataFrame, region: Hashable, *, others: Comparison = "together") -> float:
    """Return Krugman's index of how far a region's mix of sectors is from that of the others.

    .. math:: K_r = \\sum_s \\Big| \\frac{x_{rs}}{x_r} - \\frac{X_s - x_{rs}}{X - x_r} \\Big|

    Parameters
    ----------
    counts : DataFrame
        Region × sector, establishments or employees, >= 0; a missing cell counts as none.
    region : label
        Row of the table.
    others : {"together", "mean"}
        What the region is held against: all other regions added up (default), or the plain mean of their
        shares, in which a small region weighs as much as a large one.

    Returns
    -------
    float
        Dimensionless, from 0 (same mix) to 2 (no sector in common). NaN when the region, or all others
        together, have nothing.

    Raises
    ------
    DataError
        If a cell is negative or not a number.
    ParameterError
        If the region is not in the table once, or ``others`` is not one of the two.

    References
    ----------
    Krugman (1991), Geography and Trade; the mean of the others as in Farhauer & Kröll (2013).
    """
    if others not in ("together", "mean"):
        raise ParameterError(
            vi=f"Cách so sánh (others) phải là “together” hoặc “mean”, nhưng nhận được “{others}”.",
            en=f'The comparison (others) must be "together" or "mean", but "{others}" came.',
        )
    values = checked(counts)
    row = position(counts.index, region, "vùng", "region")
    rest = np.delete(values, row, axis=0)
    if others == "mean":
        rest = rest[rest.sum(axis=1) > 0]
        rest = rest / rest.sum(axis=1, keepdims=True)
    return _distance(values[row], rest.sum(axis=0))


def sector_table(
    counts: pd.DataFrame, gammas: pd.DataFrame | None = None, indices: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return how concentrated every sector is over provinces, one row a sector.

    Parameters
    ----------
    counts : DataFrame
        ``province_code`` × ``sector_code``, establishments or employees.
    gammas : DataFrame, optional
        Of :func:`geo.measures.agglomeration_tables.gamma_table`.
    indices : DataFrame, optional
        Of :func:`geo.measures.agglomeration_tables.litzenberger_table`.

    Returns
    -------
    DataFrame
        ``sector_code``, ``total`` (in the unit of the counts), ``provinces`` (with any of it), ``gini``,
        ``herfindahl`` (over provinces), ``gamma``, ``employees_unknown`` (establishments left out of γ),
        ``cluster_index`` (the highest of its provinces) and ``cluster_province`` (which one), sorted by code;
        NaN where a table was not given or the figure does not exist. Only sectors with anything.

    Raises
    ------
    DataError
        If a cell is negative or not a number.
    """
    out = _indices(counts.T, "sector_code", "provinces")
    columns = ["gamma", "employees_unknown"]
    plants = (
        pd.DataFrame(columns=columns, dtype="float64") if gammas is None else gammas.set_index("sector_code")
    )
    out = out.join(plants[columns].astype("float64"), on="sector_code")
    top = pd.DataFrame(columns=["cluster_index", "cluster_province"])
    if indices is not None:
        ordered = indices.dropna(subset=["cluster_index"]).sort_values(
            ["cluster_index", "province_code"], ascending=[False, True]
        )
        top = ordered.drop_duplicates("sector_code").set_index("sector_code")
        top = top.rename(columns={"province_code": "cluster_province"})
    return out.join(top[["cluster_index", "cluster_province"]], on="sector_code").astype(
        {"cluster_index": "float64", "cluster_province": "str"}
    )


def region_table(counts: pd.DataFrame) -> pd.DataFrame:
    """Return how specialised every province is.

    Parameters
    ----------
    counts : DataFrame
        ``province_code`` × ``sector_code``, establishments or employees.

    Returns
    -------
    DataFrame
        ``province_code``, ``total`` (in the unit of the counts), ``sectors`` (it has any of), ``krugman``
        (against all others together), ``gini``, ``herfindahl`` (over sectors), sorted by code; only
        provinces with anything.

    Raises
    ------
    DataError
        If a cell is negative or not a number.
    """
    out = _indices(counts, "province_code", "sectors")
    krugman = [krugman_index(counts, region) for region in out["province_code"]]
    out.insert(3, "krugman", np.array(krugman, dtype="float64"))
    return out


def _indices(table: pd.DataFrame, name: str, others: str) -> pd.DataFrame:
    """Gini and Herfindahl of every row of a table that has anything."""
    values = checked(table)
    shares = quotients(values) if values.size else values
    rows = [
        (label, sizes.sum(), int((sizes > 0).sum()), _gini(row), herfindahl(sizes))
        for label, sizes, row in zip(table.index, values, shares, strict=True)
        if sizes.sum() > 0
    ]
    out = pd.DataFrame(rows, columns=[name, "total", others, "gini", "herfindahl"])
    types = {"total": "float64", others: "int64", "gini": "float64", "herfindahl": "float64"}
    return out.astype(types).sort_values(name, ignore_index=True)


def _gini(values: np.ndarray) -> float:
    """Gini coefficient of the quotients that exist."""
    known = np.sort(values[~np.isnan(values)])
    count = len(known)
    if count == 0 or known.mean() == 0:
        return float("nan")
    mean = known.mean()
    ranks = np.arange(1, count + 1)
    # Equal quotients sum to a rounding error around 0: never less than none.
    return max(float(2 * (ranks * (known - mean)).sum() / (count**2 * mean)), 0.0)


def _distance(first: np.ndarray, second: np.ndarray) -> float:
    """Sum of the absolute differences between the shares of two rows."""
    if first.sum() <= 0 or second.sum() <= 0:
        return float("nan")
    return float(np.abs(first / first.sum() - second / second.sum()).sum())
