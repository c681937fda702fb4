"""Which sectors go together, how many related skills a region has, and what it could do next.

Frames are region × sector counts (establishments or employees). A region is specialised in a sector where its
location quotient (RCA in the literature on trade) is at least the threshold, 1 by default.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from geo.errors import ParameterError
from geo.measures.region_sector import checked, quotients

#: A quotient this close (relative) to the threshold counts as reaching it, so that a region with exactly the
#: national share is not lost to the last binary digit.
_TOLERANCE = 1e-9


def proximity(counts: pd.DataFrame, threshold: float = 1.0) -> pd.DataFrame:
    r"""Return how often two sectors are at home in the same regions.

    .. math:: \phi_{ij} = \min\{P(i \mid j), P(j \mid i)\}

    where :math:`P(i \mid j)` is the share of the regions specialised in j that are specialised in i as well.

    Parameters
    ----------
    counts : DataFrame
        Region × sector, establishments or employees, >= 0; a missing cell counts as none.
    threshold : float
        Least location quotient of a specialised region (dimensionless, > 0).

    Returns
    -------
    DataFrame
        Sector × sector, 0–1, symmetric, sectors in the order of the columns. A sector is wholly near itself
        (1 on the diagonal). NaN for a sector that no region is specialised in: nothing is known of its
        company.

    Raises
    ------
    DataError
        If a cell is negative or not a number.
    ParameterError
        If the threshold is not above 0.

    References
    ----------
    Hidalgo, Klinger, Barabási & Hausmann (2007), Science 317.

    Examples
    --------
    >>> counts = pd.DataFrame({"a": [5, 5, 0], "b": [5, 5, 0], "c": [0, 0, 9]})
    >>> proximity(counts).to_numpy().tolist()
    [[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    values = _proximity(_specialised(counts, threshold))
    return pd.DataFrame(values, index=counts.columns.copy(), columns=counts.columns.copy())


def density(counts: pd.DataFrame, threshold: float = 1.0, include_self: bool = False) -> pd.DataFrame:
    r"""Return what share of the sectors near a sector each region is already specialised in.

    .. math:: d_{rj} = \sum_i M_{ri}\,\phi_{ij} / \sum_i \phi_{ij}

    with M = 1 where the region is specialised. The sector's own presence is left out of both sums (i ≠ j),
    unless asked for: otherwise a region would seem close to whatever it does already.

    Parameters
    ----------
    counts : DataFrame
        Region × sector, establishments or employees, >= 0; a missing cell counts as none.
    threshold : float
        Least location quotient of a specialised region (dimensionless, > 0).
    include_self : bool
        Count the sector's own presence, with its proximity of 1 to itself, as the tool ecomplexity does.

    Returns
    -------
    DataFrame
        Region × sector, 0–1, same index and columns. NaN for a sector that shares no region with another:
        it has no related sectors to count.

    Raises
    ------
    DataError
        If a cell is negative or not a number.
    ParameterError
        If the threshold is not above 0.

    References
    ----------
    Hidalgo, Klinger, Barabási & Hausmann (2007), Science 317.
    """
    has = _specialised(counts, threshold)
    near = np.nan_to_num(_proximity(has), nan=0.0)
    if not include_self:
        np.fill_diagonal(near, 0.0)
    all_near = near.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = has.astype("float64") @ near / all_near
    share = np.where(all_near > 0, np.clip(share, 0.0, 1.0), np.nan)
    return pd.DataFrame(share, index=counts.index.copy(), columns=counts.columns.copy())


def coagglomeration(counts: pd.DataFrame) -> pd.DataFrame:
    r"""Return how far two sectors crowd into the same regions beyond the size of the regions.

    .. math:: \gamma_{ij} = \sum_m (s_{mi} - x_m)(s_{mj} - x_m) / (1 - \sum_m x_m^2)

    with :math:`s_{mi}` the region's share of sector i and :math:`x_m` its share of all sectors together.

    Parameters
    ----------
    counts : DataFrame
        Region × sector, employees (or establishments), >= 0; a missing cell counts as none.

    Returns
    -------
    DataFrame
        Sector × sector, symmetric, dimensionless; 0 = independent, above = together, below = apart. The
        diagonal is a sector with itself: its raw concentration, without the correction for plant sizes of
        ``specialisation.ellison_glaeser``. NaN for a sector that has nothing, and everywhere when only one
        region has anything.

    Raises
    ------
    DataError
        If a cell is negative or not a number.

    Notes
    -----
    Weighted by the sectors' shares of the total, every row adds up to 0.

    References
    ----------
    Ellison, Glaeser & Kerr (2010), American Economic Review 100.
    """
    values = checked(counts)
    total, of_sector = values.sum(), values.sum(axis=0)
    size = values.sum(axis=1) / total if total > 0 else np.full(len(counts), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.where(of_sector > 0, values / of_sector, np.nan)
    spread = 1.0 - float((size**2).sum())
    apart = shares - size[:, None]
    together = apart.T @ apart / spread if spread > _TOLERANCE else np.full((values.shape[1],) * 2, np.nan)
    # Rounding in the product may differ in the last digit across the diagonal.
    return pd.DataFrame(
        (together + together.T) / 2, index=counts.columns.copy(), columns=counts.columns.copy()
    )


def specialised(counts: pd.DataFrame, threshold: float = 1.0) -> pd.DataFrame:
    """Return where a region's location quotient reaches the threshold.

    Returns
    -------
    DataFrame
        Region × sector of bool, same index and columns; a region or sector with nothing never reaches it.

    Raises
    ------
    DataError
        If a cell is negative or not a number.
    ParameterError
        If the threshold is not above 0.
    """
    return pd.DataFrame(
        _specialised(counts, threshold), index=counts.index.copy(), columns=counts.columns.copy()
    )


def neighbours(counts: pd.DataFrame, sector: str, threshold: float = 1.0) -> pd.DataFrame:
    """Return the sectors nearest to one sector.

    Returns
    -------
    DataFrame
        ``sector_code``, ``proximity`` (0–1), ``coagglomeration``, ``regions_both`` and ``regions`` (specialised
        in both, in the other sector); nearest first, then by code; the sector itself left out.

    Raises
    ------
    ParameterError
        If the sector is not in the table, or the threshold is not above 0.
    """
    if sector not in counts.columns:
        raise ParameterError(
            vi=f"Ngành phải có ít nhất một cơ sở trong bộ dữ liệu, nhưng “{sector}” không có; hãy chọn ngành khác.",
            en=f'The sector must have an establishment in the data set, but "{sector}" has none; choose another.',
        )
    has = specialised(counts, threshold)
    out = pd.DataFrame(
        {
            "proximity": proximity(counts, threshold)[sector],
            "coagglomeration": coagglomeration(counts)[sector],
            "regions_both": has[has[sector]].sum().astype("int64"),
            "regions": has.sum().astype("int64"),
        }
    )
    out = out.drop(index=sector).rename_axis("sector_code").reset_index()
    return out.sort_values(["proximity", "sector_code"], ascending=[False, True], ignore_index=True)


def _specialised(counts: pd.DataFrame, threshold: float) -> np.ndarray:
    """Return where each region reaches the threshold; a region or sector with nothing never does."""
    if not (isinstance(threshold, (int, float)) and math.isfinite(threshold) and threshold > 0):
        raise ParameterError(
            vi=f"Ngưỡng thương số vị trí phải là số lớn hơn 0 (thường là 1), nhưng nhận được “{threshold}”; "
            "hãy nhập lại.",
            en=f'The threshold of the location quotient must be above 0 (usually 1), but "{threshold}" came; '
            "enter it again.",
        )
    return np.nan_to_num(quotients(checked(counts)), nan=0.0) >= threshold * (1 - _TOLERANCE)


def _proximity(has: np.ndarray) -> np.ndarray:
    """Return the smaller of the two conditional shares; NaN for sectors without a specialised region."""
    presence = has.astype("float64")
    both, ubiquity = presence.T @ presence, presence.sum(axis=0)
    known = ubiquity > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        # The smaller conditional share is the one with the larger number below the line.
        near = both / np.maximum(ubiquity[:, None], ubiquity[None, :])
    return np.where(known[:, None] & known[None, :], near, np.nan)
