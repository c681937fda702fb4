"""The transportation problem of one raw material on arrays, its solution and the worth of one tonne more.

Rows are origins (every province, then the gateways), columns are destinations (every province).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.measures.transport import serve

#: Parts of an amount below this are rounding of the solver, not goods.
_DUST = 1e-9


@dataclass(frozen=True)
class Problem:
    """Who has how much to send, who is short of how much, and what a tonne counts on every route.

    Attributes
    ----------
    origins : array of str
        Codes of the provinces, then of the gateways (R).
    destinations : array of str
        Codes of the provinces (P).
    is_gate : array of bool
        Which origins are gateways (R); a gateway may bear the code of a province.
    amounts : array
        Tonnes a year that each origin can send (R), >= 0; infinite at a gateway without a capacity.
    need : array
        Tonnes a year that each province is short of (P), >= 0.
    straight : array
        Great-circle km (R × P); NaN where there is no route.
    detour : float
        Road over straight line.
    extra : array
        Km counted beside the road: for imports, for leaving the region (R × P).
    """

    origins: np.ndarray
    destinations: np.ndarray
    is_gate: np.ndarray
    amounts: np.ndarray
    need: np.ndarray
    straight: np.ndarray
    detour: float
    extra: np.ndarray

    @property
    def road(self) -> np.ndarray:
        """Road km (R × P)."""
        return self.straight * self.detour

    @property
    def counted(self) -> np.ndarray:
        """Km that the choice of routes counts (R × P); infinite where there is no route."""
        km = self.road + self.extra
        return np.where(np.isfinite(km), km, np.inf)


@dataclass(frozen=True)
class Solution:
    """Tonnes a year on every route (R × P) and what each province stays short of (P)."""

    flow: np.ndarray
    unmet: np.ndarray


def solve(problem: Problem) -> Solution:
    """Carry what is short at the least counted tonne-kilometres, meeting as much of the need as can be met."""
    flow = np.zeros(problem.straight.shape)
    unmet = problem.need.copy()
    to, out_of = np.flatnonzero(problem.need > 0), np.flatnonzero(problem.amounts > 0)
    if len(to) and len(out_of):
        amounts = np.minimum(problem.amounts[out_of], problem.need.sum())
        route = np.ix_(out_of, to)
        flow[route], unmet[to], _, _ = serve(amounts, problem.need[to], problem.counted[route], prices=False)
    return Solution(flow, unmet)


def totals(problem: Problem, solution: Solution) -> dict[str, float]:
    """Sum a solution up: ``moved_tonnes``, ``import_tonnes``, ``unmet_tonnes``, ``tonne_km`` (road), ``counted_tonne_km``."""
    flow = solution.flow
    used = flow > 0
    return {
        "moved_tonnes": float(flow.sum()),
        "import_tonnes": float(flow[problem.is_gate].sum()),
        "unmet_tonnes": float(solution.unmet.sum()),
        "tonne_km": float((flow[used] * problem.road[used]).sum()),
        "counted_tonne_km": float((flow[used] * problem.counted[used]).sum()),
    }


@dataclass(frozen=True)
class Worth:
    """What changes in the plan, per tonne, when one place has one tonne more (arrays, one value a place).

    ``counted_km`` and ``road_km`` are changes in tonne-km per tonne, ``import_tonnes`` and ``unmet_tonnes``
    changes in tonnes per tonne; negative is a saving.
    """

    counted_km: np.ndarray
    road_km: np.ndarray
    import_tonnes: np.ndarray
    unmet_tonnes: np.ndarray


def worth(problem: Problem, solution: Solution) -> tuple[Worth, Worth]:
    """Return what one tonne more to send changes (by origin), and one tonne more of need (by destination).

    Both are the exact change of the least plan for a small amount more, so they stay single-valued where the
    dual solution of the linear programme does not (a degenerate plan): the shortest way, in the network of
    what may still be changed, from the place to where a tonne is left or missing (Ahuja, Magnanti & Orlin
    1993, Network Flows, ch. 9).
    """
    cost = problem.counted
    finite = np.isfinite(cost)
    # Missing a tonne outweighs every way through all places, so the two parts of a sum can be told apart.
    missing = 4.0 * ((cost[finite].max() if finite.any() else 0.0) + 1.0) * (min(cost.shape) + 1)
    used = solution.flow > 0
    left = problem.amounts - solution.flow.sum(axis=1) > _DUST * max(1.0, problem.need.sum())
    short = solution.unmet > 0
    tags = np.stack(
        [np.where(finite, problem.road, 0.0), np.broadcast_to(problem.is_gate[:, None], cost.shape)]
    )
    rows, columns = cost.shape
    more_supply = _shortest(
        cost.T, used.T, np.zeros(rows), np.where(short, -missing, np.inf), tags.transpose(0, 2, 1)
    )
    more_need = _shortest(cost, used, np.full(columns, missing), np.where(left, 0.0, np.inf), tags)
    return _split(more_supply, missing), _split(more_need, missing)


def _shortest(
    cost: np.ndarray, used: np.ndarray, ends: np.ndarray, starts: np.ndarray, tags: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Least sums along ways that add a route and take back a used one, in turns (Bellman–Ford).

    ``ends`` (columns) and ``starts`` (rows) hold the sums of stopping at once; ``tags`` (k × rows × columns)
    are summed along the chosen ways.
    """
    at, to = starts.astype(float), ends.astype(float)
    tag_at, tag_to = np.zeros((len(tags), len(at))), np.zeros((len(tags), len(to)))
    back = np.where(used, -cost, np.inf)
    across, down = np.arange(len(to)), np.arange(len(at))
    for _ in range(len(at) + len(to) + 1):
        sums = at[:, None] + cost
        best = sums.argmin(axis=0)
        found = sums[best, across]
        better = found < to - 1e-6
        to[better] = found[better]
        tag_to[:, better] = (tag_at[:, best] + tags[:, best, across])[:, better]
        sums = to[None, :] + back
        best = sums.argmin(axis=1)
        found = sums[down, best]
        shorter = found < at - 1e-6
        at[shorter] = found[shorter]
        tag_at[:, shorter] = (tag_to[:, best] - tags[:, down, best])[:, shorter]
        if not (better.any() or shorter.any()):
            break
    return to, tag_to


def _split(found: tuple[np.ndarray, np.ndarray], missing: float) -> Worth:
    """Tell the tonnes that go missing from the kilometres."""
    sums, tags = found
    tonnes = np.round(sums / missing)
    return Worth(sums - tonnes * missing, tags[0], tags[1], tonnes)
