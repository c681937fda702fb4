"""The chosen portfolio is the best there is, keeps its limits, and says why when it cannot."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.errors import DataError, ParameterError
from geo.proposal.portfolio import Infeasible, Limits, choose, steps, why

REGION_OF = {"01": "A", "02": "A", "03": "B", "04": "B", "05": "C"}


def drawn(rng: np.random.Generator, count: int) -> pd.DataFrame:
    """Random candidates over five provinces of three regions."""
    codes = list(REGION_OF)
    rows = [
        {
            "score": round(float(rng.uniform(0.05, 1)), 2),
            "cost_vnd_million": float(rng.integers(5, 60)) * 10,
            "provinces": tuple(sorted(rng.choice(codes, size=rng.integers(1, 4), replace=False))),
        }
        for _ in range(count)
    ]
    return pd.DataFrame(rows, index=[f"s{n:02d}" for n in range(count)])


def spent(table: pd.DataFrame, chosen: tuple[str, ...], by: dict[str, str] | None = None) -> dict[str, float]:
    """Money by province (or by what ``by`` maps it to), counted by a plain loop."""
    out: dict[str, float] = {}
    for name in chosen:
        codes = table.at[name, "provinces"]
        for code in codes:
            key = by[code] if by else code
            out[key] = out.get(key, 0.0) + table.at[name, "cost_vnd_million"] / len(codes)
    return out


def keeps(table: pd.DataFrame, limits: Limits, sets: np.ndarray) -> np.ndarray:
    """Whether each set (a row of 0 and 1) keeps every limit."""
    cost = table["cost_vnd_million"].to_numpy()
    share = np.array([[(code in p) / len(p) for code in REGION_OF] for p in table["provinces"]])
    money = sets @ (share * cost[:, None])
    in_region = {r: money[:, [REGION_OF[c] == r for c in REGION_OF]].sum(axis=1) for r in "ABC"}
    kept = sets @ cost <= limits.budget_vnd_million + 1e-6
    for region, floor in limits.floors_vnd_million.items():
        kept &= in_region[region] >= floor - 1e-6
    if limits.province_vnd_million is not None:
        kept &= (money <= limits.province_vnd_million + 1e-6).all(axis=1)
    if limits.province_schemes is not None:
        kept &= (sets @ (share > 0) <= limits.province_schemes).all(axis=1)
    return kept


def brute(table: pd.DataFrame, limits: Limits) -> tuple[float, float] | None:
    """Best score and, at that score, least cost, over every set."""
    sets = (np.arange(2 ** len(table))[:, None] >> np.arange(len(table))) & 1
    sets = sets[keeps(table, limits, sets)]
    if not len(sets):
        return None
    score = (sets @ table["score"].to_numpy()).round(6)
    return float(score.max()), float(
        (sets @ table["cost_vnd_million"].to_numpy())[score == score.max()].min()
    )


def test_a_hundred_small_cases_are_solved_as_well_as_by_trying_every_set() -> None:
    rng = np.random.default_rng(7)
    infeasible = 0
    for _ in range(100):
        table = drawn(rng, int(rng.integers(1, 9)))
        limits = Limits(
            float(rng.integers(20, 200)) * 10,
            {
                region: float(rng.integers(0, 25)) * 10
                for region in rng.choice(["A", "B", "C"], 2, replace=False)
            },
            float(rng.integers(15, 80)) * 10 if rng.random() < 0.5 else None,
            int(rng.integers(1, 5)) if rng.random() < 0.5 else None,
        )
        expected = brute(table, limits)
        if expected is None:
            infeasible += 1
            with pytest.raises(Infeasible):
                choose(table, limits, REGION_OF)
            continue
        found = choose(table.sample(frac=1, random_state=1), limits, REGION_OF)
        assert (found.score, found.cost_vnd_million) == pytest.approx(expected)
        assert keeps(table, limits, table.index.isin(found.chosen)[None, :].astype(int)).all()
        assert found.spent.to_dict() == pytest.approx(
            {region: spent(table, found.chosen, REGION_OF).get(region, 0.0) for region in found.spent.index}
        )
    assert 5 < infeasible < 70


def test_the_budget_moves_and_what_enters_and_leaves_adds_up() -> None:
    table = drawn(np.random.default_rng(3), 12)
    moved = steps(table, Limits(0), REGION_OF, range(0, 2001, 200))
    held: set[str] = set()
    for row in moved.to_dict("records"):
        held = (held | set(row["entered"])) - set(row["left"])
        assert held == set(row["chosen"])
        assert row["cost_vnd_million"] <= row["budget_vnd_million"]
    assert moved["score"].is_monotonic_increasing


def test_forcing_a_scheme_says_what_is_lost_and_displaced() -> None:
    table = drawn(np.random.default_rng(5), 8)
    limits = Limits(900)
    best = choose(table, limits, REGION_OF)
    for scheme in table.index:
        reason = why(table, limits, REGION_OF, scheme, best)
        assert reason.chosen == (scheme in best.chosen)
        assert reason.score_lost >= 0
        if not np.isnan(reason.score_lost):
            other = (set(best.chosen) | set(reason.entered)) - set(reason.left)
            assert (scheme in other) != reason.chosen
            assert best.score - table.loc[sorted(other), "score"].sum() == pytest.approx(
                reason.score_lost, abs=1e-6
            )
    with pytest.raises(ParameterError, match="no scheme"):
        why(table, limits, REGION_OF, "s99")


def test_what_cannot_be_met_is_explained() -> None:
    table = drawn(np.random.default_rng(1), 4).assign(provinces=[("01",)] * 4)
    with pytest.raises(Infeasible, match="region B at least 100 million VND short") as caught:
        choose(table, Limits(2000, {"B": 100}), REGION_OF)
    assert "vùng B thiếu ít nhất 100 triệu đồng" in caught.value.text("vi")
    with pytest.raises(Infeasible, match="more than the budget"):
        choose(table, Limits(50, {"A": 100}), REGION_OF)
    with pytest.raises(Infeasible, match="region A at least 70"):
        choose(table.iloc[:0], Limits(100, {"A": 70}), REGION_OF)


@pytest.mark.parametrize(
    "changes", [{"cost_vnd_million": 0.0}, {"score": np.nan}, {"provinces": [()]}, {"provinces": [("99",)]}]
)
def test_candidates_that_break_their_contract_are_refused(changes: dict) -> None:
    with pytest.raises(DataError):
        choose(drawn(np.random.default_rng(2), 1).assign(**changes), Limits(100), REGION_OF)


@pytest.mark.parametrize(
    "limits", [Limits(-1), Limits(10, {"Z": 1}), Limits(10, {}, -5.0), Limits(float("nan"))]
)
def test_limits_that_mean_nothing_are_refused(limits: Limits) -> None:
    with pytest.raises(ParameterError):
        choose(drawn(np.random.default_rng(2), 2), limits, REGION_OF)


def test_nothing_to_choose_from_gives_an_empty_portfolio() -> None:
    found = choose(drawn(np.random.default_rng(2), 2).iloc[:0], Limits(100), REGION_OF)
    assert found.chosen == ()
    assert found.score == found.cost_vnd_million == 0
