"""The transportation problem, solved exactly by HiGHS.

Unmet demand is always explicit, never hidden in the cost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array

from geo.errors import DataError

FLOW_COLUMNS = ["origin", "destination", "flow"]


@dataclass(frozen=True)
class TransportPlan:
    """The optimal plan of one transportation problem.

    Attributes
    ----------
    flows : DataFrame
        ``origin``, ``destination``, ``flow`` (> 0, in the unit of supply), sorted by origin, destination.
    cost : float
        Σ flow × cost of the flows; unmet demand costs nothing here.
    unmet : Series
        Demand left unserved, by destination (same index as the demand given), >= 0.
    origin_price : Series
        Change of the least cost if this origin had one more unit, by origin: <= 0; 0 where supply is left
        over. NaN for origins with no supply.
    destination_price : Series
        Change of the least cost if this destination asked for one more unit, by destination. Where demand
        cannot all be met, it is the price at the demand that is served. NaN for destinations served nothing.
    """

    flows: pd.DataFrame
    cost: float
    unmet: pd.Series
    origin_price: pd.Series
    destination_price: pd.Series


def _check_amounts(amounts: pd.Series, vi: str, en: str) -> None:
    """Refuse negative, missing or infinite amounts and repeated labels, naming the row."""
    values = amounts.to_numpy(dtype="float64")
    bad = ~np.isfinite(values) | (values < 0)
    if bad.any():
        place = int(np.flatnonzero(bad)[0])
        row, value = amounts.index[place], values[place]
        raise DataError(
            vi=f"{vi} phải là số từ 0 trở lên, nhưng dòng “{row}” là {value:g}; hãy sửa hoặc bỏ dòng đó.",
            en=f'{en} must be a number of 0 or more, but row "{row}" is {value:g}; correct or drop that row.',
        )
    if not amounts.index.is_unique:
        row = amounts.index[amounts.index.duplicated()][0]
        raise DataError(
            vi=f"{vi} phải có mỗi nơi một dòng, nhưng “{row}” có nhiều dòng; hãy gộp lại.",
            en=f'{en} must have one row a place, but "{row}" has several; combine them.',
        )


def _check_cost(supply: pd.Series, demand: pd.Series, cost: pd.DataFrame) -> pd.DataFrame:
    """The cost table cut to the origins and destinations given; NaN or infinity means "no route"."""
    missing = [str(code) for code in supply.index if code not in cost.index]
    missing += [str(code) for code in demand.index if code not in cost.columns]
    if missing:
        shown = ", ".join(missing[:5])
        raise DataError(
            vi=f"Bảng chi phí phải có đủ nơi đi và nơi đến, nhưng thiếu {shown}; hãy bổ sung.",
            en=f"The cost table must hold every origin and destination, but {shown} is missing; add it.",
        )
    table = cost.loc[supply.index, demand.index]
    values = table.to_numpy(dtype="float64")
    if (values < 0).any():
        row, column = (int(place[0]) for place in np.nonzero(values < 0))
        where = f"{table.index[row]} → {table.columns[column]}"
        raise DataError(
            vi=f"Chi phí phải từ 0 trở lên, nhưng {where} là {values[row, column]:g}; hãy sửa lại.",
            en=f"A cost must be 0 or more, but {where} is {values[row, column]:g}; correct it.",
        )
    return table


def _solve(
    supply: np.ndarray,
    demand: np.ndarray,
    cost: np.ndarray,
    rows: np.ndarray,
    columns: np.ndarray,
    slack: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Solve one linear programme; ``slack`` > 0 lets demand go unmet at that cost."""
    routes, origins, places = len(rows), len(supply), len(demand)
    extra = places if slack > 0 else 0
    ones = np.ones(routes)
    leaves = csr_array((ones, (rows, np.arange(routes))), shape=(origins, routes + extra))
    where = np.concatenate([columns, np.arange(extra)])
    arrives = csr_array(
        (np.ones(routes + extra), (where, np.arange(routes + extra))), shape=(places, routes + extra)
    )
    result = linprog(
        np.concatenate([cost[rows, columns], np.full(extra, slack)]),
        A_ub=leaves,
        b_ub=supply,
        A_eq=arrives,
        b_eq=demand,
        method="highs-ds",
    )
    if result.status != 0:
        raise DataError(
            vi=f"Bài toán vận tải không giải được ({result.message}); hãy kiểm tra lại cung, cầu và chi phí.",
            en=f"The transportation problem was not solved ({result.message}); check supply, demand and cost.",
        )
    unmet = np.maximum(result.x[routes:], 0.0) if extra else np.zeros(places)
    return result.x[:routes], unmet, result.ineqlin.marginals, result.eqlin.marginals


def serve(
    supply: np.ndarray, demand: np.ndarray, cost: np.ndarray, *, prices: bool = True
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Solve the problem of :func:`transport` on arrays that were checked: amounts > 0, costs >= 0 or not finite.

    Parameters
    ----------
    supply, demand : array
        Amounts at the origins (n) and destinations (m).
    cost : array
        n × m; NaN or infinity where there is no route.
    prices : bool
        As for :func:`transport`.

    Returns
    -------
    flow, unmet, origin_price, destination_price : arrays
        n × m, m, n and m; without any route nothing flows and the prices are NaN.
    """
    flow = np.zeros(cost.shape)
    rows, columns = np.nonzero(np.isfinite(cost))
    if len(rows) == 0:
        return flow, demand.copy(), np.full(len(supply), np.nan), np.full(len(demand), np.nan)
    # Dearer than any detour through every origin: an unserved unit is never the cheaper choice.
    slack = (float(cost[rows, columns].max()) + 1.0) * (min(len(supply), len(demand)) + 1)
    carried, short, left_price, right_price = _solve(supply, demand, cost, rows, columns, slack)
    carried = np.where(carried > 1e-12 * max(supply.max(), demand.max()), carried, 0.0)
    is_short = short > 1e-9 * demand.max()
    if is_short.any() and not prices:
        left_price, right_price = np.full(len(supply), np.nan), np.full(len(demand), np.nan)
    elif is_short.any():
        # Unserved demand would set the prices; ask again at the demand that is served.
        served = np.bincount(columns, weights=carried, minlength=len(demand))
        _, _, left_price, right_price = _solve(supply * (1 + 1e-9), served, cost, rows, columns, 0.0)
        right_price = np.where(served > 0, right_price, np.nan)
    flow[rows, columns] = carried
    return flow, np.where(is_short, short, 0.0), np.minimum(left_price, 0.0), right_price


def transport(
    supply: pd.Series, demand: pd.Series, cost: pd.DataFrame, *, prices: bool = True
) -> TransportPlan:
    """Serve demand from supply at the least total cost.

    .. math:: \\min \\sum_{ij} c_{ij} f_{ij}, \\quad \\sum_j f_{ij} \\le s_i, \\quad
              \\sum_i f_{ij} + u_j = d_j, \\quad f, u \\ge 0

    As much demand is met as the routes and the supply allow; among the plans that do so, the cheapest.

    Parameters
    ----------
    supply : Series
        Amount at each origin (any one unit), >= 0, indexed by origin.
    demand : Series
        Amount wanted at each destination (same unit), >= 0, indexed by destination.
    cost : DataFrame
        Cost of one unit, origin × destination, >= 0; NaN or infinity where there is no route.
    prices : bool
        False skips the second solution that prices need where demand cannot all be met (they are then NaN).

    Returns
    -------
    TransportPlan

    Raises
    ------
    DataError
        If an amount or a cost is negative or missing, a place repeats, or the cost table lacks a place.

    Notes
    -----
    Σ flow into a destination + unmet = demand; Σ flow out of an origin <= supply; more supply never costs
    more at the same demand served. Where supply exceeds demand the rest stays. Prices: for every used
    route, destination price + origin price = cost.

    References
    ----------
    Hitchcock (1941), Journal of Mathematics and Physics 20; Huangfu & Hall (2018), HiGHS.
    """
    _check_amounts(supply, "Lượng cung", "Supply")
    _check_amounts(demand, "Lượng cầu", "Demand")
    table = _check_cost(supply, demand, cost)
    unmet = demand.astype("float64").copy()
    origin_price = pd.Series(np.nan, index=supply.index)
    destination_price = pd.Series(np.nan, index=demand.index)
    origins, places = supply[supply > 0].sort_index(), demand[demand > 0].sort_index()
    costs = table.loc[origins.index, places.index].to_numpy(dtype="float64")
    flow, short, left_price, right_price = serve(
        origins.to_numpy(dtype="float64"), places.to_numpy(dtype="float64"), costs, prices=prices
    )
    rows, columns = np.nonzero(flow)
    flows = pd.DataFrame(
        {"origin": origins.index[rows], "destination": places.index[columns], "flow": flow[rows, columns]}
    )
    unmet.loc[places.index] = short
    origin_price.loc[origins.index] = left_price
    destination_price.loc[places.index] = right_price
    total = float((flows["flow"].to_numpy() * costs[rows, columns]).sum())
    return TransportPlan(flows, total, unmet, origin_price, destination_price)
