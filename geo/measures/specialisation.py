"""How much a region specialises in a sector: the location quotient, with its size floor and interval.

Frames are region × sector counts (establishments or employees). The other indices of the family stand in
:mod:`geo.measures.concentration` and :mod:`geo.measures.agglomeration` and can be imported from here.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.errors import ParameterError
from geo.measures.agglomeration import ellison_glaeser, litzenberger_index
from geo.measures.concentration import gini_concentration, gini_specialisation, herfindahl, krugman_index
from geo.measures.region_sector import checked, quotients

__all__ = [
    "LQ_COLUMNS",
    "ellison_glaeser",
    "gini_concentration",
    "gini_specialisation",
    "herfindahl",
    "krugman_index",
    "litzenberger_index",
    "location_quotient",
    "lq_table",
]

LQ_COLUMNS = [
    "province_code",
    "sector_code",
    "establishments",
    "lq",
    "lq_low",
    "lq_high",
    "surely_specialised",
]


def location_quotient(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the location quotient of every sector in every region.

    .. math:: LQ_{rs} = (x_{rs} / x_r) / (x_s / x)

    Parameters
    ----------
    counts : DataFrame
        Region × sector, establishments or employees, >= 0; a missing cell counts as none.

    Returns
    -------
    DataFrame
        Same index and columns, dimensionless; 1 is the national share. NaN where the region or the sector
        has nothing at all.

    Raises
    ------
    DataError
        If a cell is negative or not a number.

    Notes
    -----
    For each sector the mean of LQ weighted by the regions' shares of the total is 1.

    References
    ----------
    Farhauer & Kröll (2013), Standorttheorien.

    Examples
    --------
    >>> location_quotient(pd.DataFrame({"a": [2, 1], "b": [0, 1]})).round(4).to_numpy().tolist()
    [[1.3333, 0.0], [0.6667, 2.0]]
    """
    values = quotients(checked(counts))
    return pd.DataFrame(values, index=counts.index.copy(), columns=counts.columns.copy())


def _resampled_bounds(values: np.ndarray, resamples: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The 2.5th and 97.5th percentile of LQ when establishments of each region are drawn anew."""
    random = np.random.default_rng(seed)
    totals = np.rint(values.sum(axis=1)).astype("int64")
    kept = totals > 0
    shares = np.zeros_like(values)
    np.divide(values, values.sum(axis=1, keepdims=True), out=shares, where=kept[:, None])
    draws = np.zeros((resamples, *values.shape))
    for row in np.flatnonzero(kept):
        draws[:, row, :] = random.multinomial(totals[row], shares[row], size=resamples)
    drawn = quotients(draws)
    # A sector that vanishes from a draw has no quotient there: it is no evidence for the region.
    drawn[np.isnan(drawn)] = 0.0
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    return low, high


def lq_table(matrix: pd.DataFrame, *, floor: int = 5, resamples: int = 200, seed: int = 0) -> pd.DataFrame:
    """Return location quotients with a bootstrap interval and whether the region is surely specialised.

    The establishments of each region are drawn anew from its own sector shares (multinomial), and the
    quotients worked out again; small regions so get the wide interval they deserve.

    Parameters
    ----------
    matrix : DataFrame
        ``province_code`` × sector, numbers of establishments.
    floor : int
        Fewest establishments of the sector for a region to be called specialised.
    resamples : int
        Number of draws, >= 20.
    seed : int
        Seed of the draws; the same seed gives the same interval.

    Returns
    -------
    DataFrame
        ``province_code``, ``sector_code``, ``establishments``, ``lq``, ``lq_low``, ``lq_high`` (2.5 % and
        97.5 %), ``surely_specialised`` (``lq_low`` > 1 and ``establishments`` >= ``floor``); only pairs with
        an establishment, sorted by codes.

    Raises
    ------
    DataError
        If a cell is negative or not a number.
    ParameterError
        If ``floor`` is below 1 or ``resamples`` below 20.

    References
    ----------
    Tian (2013), Journal of Regional Analysis & Policy 43: location quotients with a bootstrap.
    """
    if floor < 1 or resamples < 20:
        raise ParameterError(
            vi=f"Ngưỡng số cơ sở phải từ 1 và số lần lấy mẫu lại phải từ 20, nhưng nhận được {floor} và "
            f"{resamples}; hãy tăng lên.",
            en=f"The size floor must be at least 1 and the resamples at least 20, but {floor} and "
            f"{resamples} came; raise them.",
        )
    # Sorted first, so that the order of rows and columns cannot change a draw.
    matrix = matrix.sort_index(axis=0).sort_index(axis=1)
    values = checked(matrix)
    if values.size == 0:
        return pd.DataFrame(columns=LQ_COLUMNS).astype({"surely_specialised": "bool"})
    low, high = _resampled_bounds(values, resamples, seed)
    lq = quotients(values)
    rows, columns = np.nonzero(values > 0)
    size = values[rows, columns]
    out = pd.DataFrame(
        {
            "province_code": matrix.index.to_numpy()[rows],
            "sector_code": matrix.columns.to_numpy()[columns],
            "establishments": np.rint(size).astype("int64"),
            "lq": lq[rows, columns],
            "lq_low": low[rows, columns],
            "lq_high": high[rows, columns],
        }
    )
    out["surely_specialised"] = (out["lq_low"] > 1) & (out["establishments"] >= floor)
    return out[LQ_COLUMNS]
