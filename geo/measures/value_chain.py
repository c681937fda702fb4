"""Which sectors feed which: linkages of an input–output table and the strongest pairs of divisions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.errors import DataError
from geo.subjects import sectors
from geo.subjects.io_table import divisions

#: Where a code of the table holds several divisions, only these are taken as suppliers: their products
#: mostly go into other products (food stuffs, cloth, paper), while clothes, shoes, beverages, print and furniture
#: mostly go to final users. An assumption; a table that tells the divisions apart needs none.
SUPPLIERS = frozenset(("10", "13", "17"))
#: Links inside one code of the table, whose direction the table cannot show: cloth goes into clothes and into
#: shoes and bags, paper into print. An assumption from what the divisions make, by their definition.
WITHIN = (("13", "14"), ("13", "15"), ("17", "18"))
PAIR_COLUMNS = [
    "upstream_code",
    "downstream_code",
    "coefficient",
    "rank",
    "percentile",
    "pairs",
    "shared",
    "within",
]


def leontief_inverse(coefficients: pd.DataFrame) -> pd.DataFrame:
    """Return what each sector must make, directly and through others, for a unit of final demand.

    .. math:: L = (I - A)^{-1}

    Parameters
    ----------
    coefficients : DataFrame
        Sector × sector, A: upstream in rows, downstream in columns, value a unit of output, >= 0; a missing
        cell is no link. Columns may come in another order than rows.

    Returns
    -------
    DataFrame
        Sector × sector in the order of the rows, >= 0, 1 or more on the diagonal.

    Raises
    ------
    DataError
        If the table is not square with the same sectors on both sides, a cell is negative or not a number, or
        the economy of the table uses up more than it makes.
    """
    values, labels = _square(coefficients)
    return pd.DataFrame(_inverse(values), index=labels, columns=labels)


def leontief_linkages(coefficients: pd.DataFrame) -> pd.DataFrame:
    """Return the backward and forward linkages of every sector.

    Parameters
    ----------
    coefficients : DataFrame
        Sector × sector A, as :func:`leontief_inverse` takes it.

    Returns
    -------
    DataFrame
        Indexed by sector in the order of the rows: ``backward``, the column sum of the Leontief inverse (output
        of all sectors for a unit of final demand of this one), and ``forward``, its row sum (output of this
        sector when final demand of every sector grows by one unit). For a forward linkage from
        the side of supply see :func:`ghosh_linkages`.

    Raises
    ------
    DataError
        As :func:`leontief_inverse`.

    References
    ----------
    Eurostat Manual of Supply, Use and Input–Output Tables (2008), ch. 15; Rasmussen (1956).

    Examples
    --------
    >>> A = pd.DataFrame([[0.15, 0.25], [0.20, 0.05]])  # Miller & Blair (2009), section 2.2
    >>> leontief_linkages(A).round(4).to_numpy().tolist()
    [[1.5182, 1.5842], [1.4521, 1.3861]]
    """
    inverse = leontief_inverse(coefficients)
    return pd.DataFrame({"backward": inverse.sum(axis=0), "forward": inverse.sum(axis=1)})


def ghosh_linkages(flows: pd.DataFrame, output: pd.Series) -> pd.DataFrame:
    """Return forward linkages from the side of supply, by the model of Ghosh.

    .. math:: G = (I - B)^{-1}, \\quad b_{ij} = z_{ij} / x_i

    Parameters
    ----------
    flows : DataFrame
        Sector × sector, z: value sold by the row to the column, >= 0; a missing cell is no link.
    output : Series
        Output of every sector, x > 0, by sector, in the same unit.

    Returns
    -------
    DataFrame
        Indexed by sector: ``direct`` (share of its output sold to sectors) and ``forward``, the row sum of the
        Ghosh inverse.

    Raises
    ------
    DataError
        If the table is not square, a sector has no output above 0, or sectors sell more than they make.

    References
    ----------
    Ghosh (1958); Eurostat Manual of Supply, Use and Input–Output Tables (2008), ch. 15.
    """
    values, labels = _square(flows)
    made = output.reindex(labels).to_numpy(dtype="float64", na_value=np.nan)
    if not (np.isfinite(made) & (made > 0)).all():
        where = ", ".join(str(code) for code in labels[~(made > 0)][:5])
        raise DataError(
            vi=f"Mỗi ngành phải có giá trị sản xuất lớn hơn 0, nhưng ngành {where} không có; hãy bổ sung.",
            en=f"Every sector needs an output above 0, but {where} has none; add it.",
        )
    allocation = values / made[:, None]
    forward = _inverse(allocation).sum(axis=1)
    return pd.DataFrame({"direct": allocation.sum(axis=1), "forward": forward}, index=labels)


def pairs(coefficients: pd.DataFrame) -> pd.DataFrame:
    """Return the upstream–downstream pairs of VSIC divisions, the strongest link first.

    Parameters
    ----------
    coefficients : DataFrame
        ``upstream_code``, ``downstream_code`` (divisions or groups of divisions), ``coefficient`` (0–1), as
        ``io_table.load().rows``.

    Returns
    -------
    DataFrame
        ``upstream_code``, ``downstream_code`` (two different manufacturing divisions of the sector list),
        ``coefficient``, ``rank`` (1 = strongest; equals share the better rank), ``percentile`` (0–1: share of all
        possible pairs with a coefficient no larger), ``pairs`` (how many are possible), ``shared`` (a code holds
        several divisions, so the coefficient is theirs together), ``within`` (both come from one code and
        the direction is an assumption, see ``WITHIN``). Divisions inside a shared code sell only if they are
        ``SUPPLIERS``. Sorted by rank, then codes.
    """
    listed = sectors.sectors()
    known = [str(code) for code in listed.index[listed["level"] == "division"]]
    rows = []
    for upstream, downstream, value in coefficients[
        ["upstream_code", "downstream_code", "coefficient"]
    ].itertuples(index=False):
        for pair in _of_codes(upstream, downstream):
            if pair[0] in known and pair[1] in known:
                shared = len(divisions(upstream)) > 1 or len(divisions(downstream)) > 1
                rows.append((*pair, float(value), shared, upstream == downstream))
    names = ["upstream_code", "downstream_code", "coefficient", "shared", "within"]
    out = pd.DataFrame(rows, columns=names)
    in_table = {d for codes in coefficients[names[:2]].to_numpy().ravel() for d in divisions(codes)}
    count = len(in_table & set(known))
    out["pairs"] = count * (count - 1)
    out["rank"] = out["coefficient"].rank(method="min", ascending=False).astype("int64")
    below = out["pairs"] - out["coefficient"].rank(method="min", ascending=False) + 1
    out["percentile"] = below / out["pairs"]
    return out.sort_values(["rank", *names[:2]], ignore_index=True)[PAIR_COLUMNS]


def _of_codes(upstream: str, downstream: str) -> list[tuple[str, str]]:
    """Return the pairs of divisions that one link of the table stands for."""
    sellers, buyers = divisions(upstream), divisions(downstream)
    if upstream == downstream:
        return [pair for pair in WITHIN if pair[0] in sellers and pair[1] in sellers]
    if len(sellers) > 1:
        sellers = tuple(code for code in sellers if code in SUPPLIERS)
    return [(seller, buyer) for seller in sellers for buyer in buyers]


def _square(table: pd.DataFrame) -> tuple[np.ndarray, pd.Index]:
    """Return the values with columns in the order of the rows; refuse what is no square table of amounts."""
    same = table.index.is_unique and table.columns.is_unique and set(table.index) == set(table.columns)
    if not same or table.empty:
        raise DataError(
            vi="Bảng liên ngành phải vuông, dòng và cột cùng một danh sách ngành không trùng, nhưng nhận được "
            f"{table.shape[0]} dòng và {table.shape[1]} cột không khớp; hãy sửa lại bảng.",
            en="The input–output table must be square with the same sectors, each once, in rows and columns, but "
            f"{table.shape[0]} rows and {table.shape[1]} columns came that do not match; correct the table.",
        )
    try:
        values = table[list(table.index)].to_numpy(dtype="float64", na_value=0.0)
    except (TypeError, ValueError):
        values = np.full(table.shape, np.nan)
    values = np.where(table[list(table.index)].isna().to_numpy(), 0.0, values)
    if not (np.isfinite(values) & (values >= 0)).all():
        raise DataError(
            vi="Bảng liên ngành phải toàn số từ 0 trở lên, nhưng có ô âm hoặc không phải số; hãy sửa ô đó.",
            en="The input–output table must hold numbers of 0 or more, but a cell is negative or not a number; "
            "correct that cell.",
        )
    return values, table.index.copy()


def _inverse(values: np.ndarray) -> np.ndarray:
    """Return (I − A)⁻¹; it exists and is not negative where the largest eigenvalue of A is below 1."""
    if np.abs(np.linalg.eigvals(values)).max() >= 1 - 1e-12:
        raise DataError(
            vi="Các ngành trong bảng dùng nhiều hơn hoặc bằng lượng chúng làm ra, nên không tính được liên kết; có "
            "thể bảng chứa giá trị tiền thay vì hệ số. Hãy chia mỗi cột cho giá trị sản xuất của ngành.",
            en="The sectors of the table use up as much as they make or more, so linkages do not exist; the table "
            "may hold money flows and not coefficients. Divide each column by the sector's output.",
        )
    # What is below 0 is the rounding of the solver: the series I + A + A² + … has no negative term.
    return np.clip(np.linalg.solve(np.eye(len(values)) - values, np.eye(len(values))), 0.0, None)
