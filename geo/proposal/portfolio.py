"""Which schemes to take up under a budget: the set of the greatest total score, by integer programming.

A scheme costs what it costs as a whole; its cost counts in equal parts for the provinces that take part, and
so for their regions. Floors say how much must at least be spent in a region, a ceiling how much may at most be
spent, or how many schemes may be taken up, in one province. The solver is HiGHS (Huangfu and Hall, 2018) as
SciPy brings it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from geo.errors import DataError, ParameterError
from geo.numbers import number

#: A thousandth of the last digit that a score or a million đồng is said with.
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Limits:
    """What a portfolio must keep.

    Attributes
    ----------
    budget_vnd_million : float
    floors_vnd_million : mapping
        Region → the least to be spent there.
    province_vnd_million : float, optional
        The most to be spent in one province.
    province_schemes : int, optional
        The most schemes that one province may take part in.
    """

    budget_vnd_million: float
    floors_vnd_million: Mapping[str, float] = field(default_factory=dict)
    province_vnd_million: float | None = None
    province_schemes: int | None = None


@dataclass(frozen=True)
class Portfolio:
    """The chosen schemes.

    Attributes
    ----------
    chosen : tuple of str
        Ids, sorted.
    score : float
        Sum of their scores.
    cost_vnd_million : float
    spent : Series
        Money by region, million VND.
    """

    chosen: tuple[str, ...]
    score: float
    cost_vnd_million: float
    spent: pd.Series = field(repr=False, compare=False)


class Infeasible(DataError):
    """No set of schemes keeps the limits; the message says which floor cannot be met, and by how much."""


def choose(candidates: pd.DataFrame, limits: Limits, region_of: Mapping[str, str]) -> Portfolio:
    """Choose the set of schemes with the greatest total score; of equal ones the cheapest.

    Parameters
    ----------
    candidates : DataFrame
        Indexed by id (unique): ``score`` (0–1), ``cost_vnd_million`` (> 0), ``provinces`` (tuple of codes).
    limits : Limits
    region_of : mapping
        Province code → region code.

    Returns
    -------
    Portfolio
        The order of the candidates changes nothing.

    Raises
    ------
    DataError
        If a candidate breaks the contract.
    Infeasible
        If the floors cannot be met.
    """
    return _solve(_checked(candidates, limits, region_of), limits)


def steps(
    candidates: pd.DataFrame, limits: Limits, region_of: Mapping[str, str], budgets: Sequence[float]
) -> pd.DataFrame:
    """Return what enters and leaves as the budget moves.

    Returns
    -------
    DataFrame
        One row a budget (million VND), ascending: ``budget_vnd_million``, ``feasible``, ``score``,
        ``cost_vnd_million``, ``chosen``, ``entered``, ``left`` (tuples of ids, against the row before).
    """
    held = _checked(candidates, limits, region_of)
    rows: list[dict[str, object]] = []
    before: tuple[str, ...] = ()
    for budget in sorted(set(map(float, budgets))):
        moved = Limits(
            budget, limits.floors_vnd_million, limits.province_vnd_million, limits.province_schemes
        )
        try:
            found = _solve(held, moved)
        except Infeasible:
            rows.append({"budget_vnd_million": budget, "feasible": False, "score": np.nan, "cost_vnd_million": np.nan,
                         "chosen": (), "entered": (), "left": before})  # fmt: skip
            before = ()
            continue
        rows.append(
            {
                "budget_vnd_million": budget,
                "feasible": True,
                "score": found.score,
                "cost_vnd_million": found.cost_vnd_million,
                "chosen": found.chosen,
                "entered": tuple(sorted(set(found.chosen) - set(before))),
                "left": tuple(sorted(set(before) - set(found.chosen))),
            }
        )
        before = found.chosen
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class Reason:
    """Why a scheme is in or out: what the total would lose if it were forced the other way.

    ``score_lost`` is NaN where no portfolio with that scheme (or without it) keeps the limits.
    """

    scheme: str
    chosen: bool
    score_lost: float
    entered: tuple[str, ...]
    left: tuple[str, ...]


def why(
    candidates: pd.DataFrame,
    limits: Limits,
    region_of: Mapping[str, str],
    scheme: str,
    best: Portfolio | None = None,
) -> Reason:
    """Force one scheme in (or out) and say what it costs and what it displaces.

    Raises
    ------
    ParameterError
        If there is no such scheme.
    """
    held = _checked(candidates, limits, region_of)
    if scheme not in held.ids:
        raise ParameterError(
            vi=f"Không có đề án “{scheme}” trong danh sách; hãy chọn một đề án đang có.",
            en=f'There is no scheme "{scheme}" in the list; choose one that is.',
        )
    first = best or _solve(held, limits)
    inside = scheme in first.chosen
    try:
        other = _solve(held, limits, forced={scheme: 0.0 if inside else 1.0})
    except Infeasible:
        return Reason(scheme, inside, float("nan"), (), ())
    gone, come = set(first.chosen) - set(other.chosen), set(other.chosen) - set(first.chosen)
    return Reason(
        scheme, inside, max(first.score - other.score, 0.0), tuple(sorted(come)), tuple(sorted(gone))
    )


@dataclass(frozen=True)
class _Problem:
    """Candidates as arrays, sorted by id; shares of their cost by province and by region (rows)."""

    ids: tuple[str, ...]
    score: np.ndarray
    cost: np.ndarray
    provinces: pd.DataFrame
    regions: pd.DataFrame


def _checked(candidates: pd.DataFrame, limits: Limits, region_of: Mapping[str, str]) -> _Problem:
    """Check candidates and limits, and lay them out for the solver."""
    table = candidates.sort_index()
    cost = table["cost_vnd_million"].to_numpy(dtype=float)
    score = table["score"].to_numpy(dtype=float)
    wrong = [
        str(i) for i, p in table["provinces"].items() if not len(p) or any(c not in region_of for c in p)
    ]
    if not table.index.is_unique or wrong or not (np.isfinite(cost) & (cost > 0) & np.isfinite(score)).all():
        named = f" ({', '.join(wrong[:3])})" if wrong else ""
        raise DataError(
            vi=f"Mỗi đề án cần mã riêng, điểm, kinh phí lớn hơn 0 và các tỉnh có trong bộ vùng đang dùng{named}; hãy bổ sung.",
            en=f"Every scheme needs an id of its own, a score, a cost above 0 and provinces of the regions in use{named}; "
            "complete it.",
        )
    _check_limits(limits, set(region_of.values()))
    codes = sorted({code for provinces in table["provinces"] for code in provinces})
    share = pd.DataFrame(0.0, index=codes, columns=table.index)
    for name, provinces in table["provinces"].items():
        share.loc[list(provinces), name] = 1.0 / len(set(provinces))
    regions = share.groupby([region_of[code] for code in codes]).sum()
    return _Problem(tuple(map(str, table.index)), score, cost, share, regions)


def _check_limits(limits: Limits, regions: set[str]) -> None:
    """Refuse limits that mean nothing."""
    money = [limits.budget_vnd_million, *limits.floors_vnd_million.values()]
    money += [] if limits.province_vnd_million is None else [limits.province_vnd_million]
    unknown = sorted(set(limits.floors_vnd_million) - regions)
    if unknown or any(not np.isfinite(m) or m < 0 for m in money) or (limits.province_schemes or 1) < 1:
        raise ParameterError(
            vi="Ngân sách, sàn theo vùng và trần theo tỉnh phải là số không âm, vùng phải thuộc cách chia đang dùng"
            + (f" (không có vùng “{unknown[0]}”)" if unknown else "")
            + "; hãy sửa lại.",
            en="The budget, the floors of regions and the ceiling of provinces must be numbers of 0 or more, regions must "
            "belong to the division in use" + (f' (there is no region "{unknown[0]}")' if unknown else "")
            + "; repair them.",
        )  # fmt: skip
    needed = sum(limits.floors_vnd_million.values())
    if needed > limits.budget_vnd_million + _TOLERANCE:
        raise Infeasible(
            vi=f"Các sàn theo vùng cộng lại là {number(needed)} triệu đồng, lớn hơn ngân sách "
            f"{number(limits.budget_vnd_million)} triệu đồng; hãy hạ sàn hoặc tăng ngân sách.",
            en=f"The floors of regions add up to {number(needed, lang='en')} million VND, more than the budget of "
            f"{number(limits.budget_vnd_million, lang='en')}; lower the floors or raise the budget.",
        )


def _rows(held: _Problem, limits: Limits) -> list[LinearConstraint]:
    """Return budget, floors and ceilings as constraints on which schemes are taken."""
    rows = [LinearConstraint(held.cost[None, :], ub=limits.budget_vnd_million)]
    for region, floor in sorted(limits.floors_vnd_million.items()):
        share = (
            held.regions.loc[region].to_numpy() if region in held.regions.index else np.zeros(len(held.ids))
        )
        rows.append(LinearConstraint((share * held.cost)[None, :], lb=floor))
    if limits.province_vnd_million is not None:
        rows.append(LinearConstraint(held.provinces.to_numpy() * held.cost, ub=limits.province_vnd_million))
    if limits.province_schemes is not None:
        taking_part = (held.provinces.to_numpy() > 0).astype(float)
        rows.append(LinearConstraint(taking_part, ub=limits.province_schemes))
    return rows


def _solve(held: _Problem, limits: Limits, forced: Mapping[str, float] | None = None) -> Portfolio:
    """Solve for the greatest score, then for the least cost at that score."""
    count = len(held.ids)
    if not count:
        if any(limits.floors_vnd_million.values()):
            raise _too_little(held, limits)
        return _portfolio(held, np.zeros(0))
    low, high = np.zeros(count), np.ones(count)
    for name, value in (forced or {}).items():
        low[held.ids.index(name)] = high[held.ids.index(name)] = value
    rows = _rows(held, limits)
    options = {"mip_rel_gap": 0.0}
    whole = np.ones(count)
    best = milp(-held.score, constraints=rows, integrality=whole, bounds=Bounds(low, high), options=options)
    if best.x is None:
        raise _too_little(held, limits)
    least = LinearConstraint(held.score[None, :], lb=-best.fun - _TOLERANCE)
    cheap = milp(
        held.cost, constraints=[*rows, least], integrality=whole, bounds=Bounds(low, high), options=options
    )
    return _portfolio(held, np.round(cheap.x if cheap.x is not None else best.x))


def _portfolio(held: _Problem, taken: np.ndarray) -> Portfolio:
    """Say what was chosen."""
    spent = (held.regions * held.cost * taken).sum(axis=1) if len(taken) else pd.Series(dtype=float)
    return Portfolio(
        tuple(name for name, yes in zip(held.ids, taken, strict=True) if yes),
        float(held.score @ taken) if len(taken) else 0.0,
        float(held.cost @ taken) if len(taken) else 0.0,
        spent.rename("vnd_million"),
    )


def _too_little(held: _Problem, limits: Limits) -> Infeasible:
    """Find how near the floors can be met, and say which stay short."""
    short = _shortfalls(held, limits)
    vi = "; ".join(f"vùng {region} thiếu ít nhất {number(gap)} triệu đồng" for region, gap in short.items())
    en = "; ".join(
        f"region {region} at least {number(gap, lang='en')} million VND short"
        for region, gap in short.items()
    )
    return Infeasible(
        vi=f"Không có tổ hợp đề án nào giữ được mọi điều kiện: {vi or 'các điều kiện trái nhau'}. Hãy hạ sàn, tăng ngân "
        "sách, nới trần theo tỉnh hoặc thêm đề án ở vùng đó.",
        en=f"No set of schemes keeps every condition: {en or 'the conditions contradict each other'}. Lower the floor, "
        "raise the budget, loosen the ceiling of provinces or add schemes in that region.",
    )  # fmt: skip


def _shortfalls(held: _Problem, limits: Limits) -> dict[str, float]:
    """Return region → the least money by which its floor stays unmet when all shortfalls together are least."""
    floors = sorted((region, floor) for region, floor in limits.floors_vnd_million.items() if floor > 0)
    if not floors:
        return {}
    if not held.ids:
        return dict(floors)
    count, gaps = len(held.ids), len(floors)
    without = Limits(limits.budget_vnd_million, {}, limits.province_vnd_million, limits.province_schemes)
    rows = [
        LinearConstraint(np.hstack([row.A, np.zeros((np.atleast_2d(row.A).shape[0], gaps))]), ub=row.ub)
        for row in _rows(held, without)
    ]
    for place, (region, floor) in enumerate(floors):
        share = held.regions.loc[region].to_numpy() if region in held.regions.index else np.zeros(count)
        slack = np.eye(gaps)[place]
        rows.append(LinearConstraint(np.r_[share * held.cost, slack][None, :], lb=floor))
    found = milp(
        np.r_[np.zeros(count), np.ones(gaps)], constraints=rows, integrality=np.r_[np.ones(count), np.zeros(gaps)],
        bounds=Bounds(np.zeros(count + gaps), np.r_[np.ones(count), np.full(gaps, np.inf)]), options={"mip_rel_gap": 0.0},
    )  # fmt: skip
    return {
        region: float(gap)
        for (region, _), gap in zip(floors, found.x[count:], strict=True)
        if gap > _TOLERANCE
    }
