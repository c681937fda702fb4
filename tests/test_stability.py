"""Stability: the claim is recomputed slowly and plainly, draws are prefixes, and nothing depends on order."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linkage_tables import NAMES, whole_country

from geo.errors import ParameterError
from geo.linkage import engine, resample, score, stability
from geo.store import catalog
from geo.store.filters import Filters

RESAMPLES = 24


@pytest.fixture(scope="module")
def real() -> engine.Candidates:
    return whole_country("real", "2025")


@pytest.fixture(scope="module")
def demo() -> engine.Candidates:
    return whole_country("demo", "2025")


@pytest.fixture(scope="module")
def draws(demo):
    return stability.draw(demo, resamples=RESAMPLES, seed=3)


# ---- the claim, recomputed ---------------------------------------------------------------------------


class PlainDraw:
    """Counts of one draw, added up row by row."""

    def __init__(self, groups: list[dict], drawn: np.ndarray) -> None:
        self.cell: dict[tuple, float] = {}
        for row, times in zip(groups, drawn, strict=True):
            for level, code in ((4, row["sector_code"]), (2, row["division_code"])):
                if len(code) == level:
                    sums = [
                        (row["province_code"], code),
                        (row["province_code"], level),
                        (None, code),
                        (None, level),
                    ]
                    if row["size_band"] == "micro":
                        sums.append((row["province_code"], code, "micro"))
                    for key in sums:
                        self.cell[key] = self.cell.get(key, 0) + times

    def quotient(self, province: str, sector: str) -> float:
        """A location quotient by its definition."""
        level = len(sector)
        share = self.cell[province, sector] / self.cell[province, level]
        return share / (self.cell[None, sector] / self.cell[None, level])

    def cluster(self, finding) -> dict | None:
        """The values of a cluster; ``None`` where it is not found."""
        sure, hot = finding.measures["sure"], finding.measures["hot_spot"]
        total, micro, weakest, whole = 0.0, 0.0, math.inf, 0
        for code, side in zip(finding.codes, ("first", "second"), strict=True):
            figures, sector = finding.measures[side], finding.subject_code
            number = self.cell.get((code, sector), 0)
            if number < 5:
                return None
            width = math.log(figures["lq"] / figures["lq_low"]) * math.sqrt(
                figures["establishments"] / number
            )
            weakest = min(weakest, self.quotient(code, sector) * math.exp(-width))
            micro += self.cell.get((code, sector, "micro"), 0)
            total += number
            whole += figures["establishments"]
        if hot is None and weakest <= 1:
            return None
        about = total if sure else total * hot["establishments"] / whole
        above = weakest if sure else hot["ratio"]
        return {
            "magnitude": about,
            "need": micro / total,
            "strength": max(0, 1 - 1 / above),
            "gaining": about,
        }


def test_the_claim_about_clusters_is_recomputed_by_a_plain_loop():
    """Counts, quotients, components, scores and ranks, one by one, give the shares that are claimed."""
    found = engine.candidates(catalog.open_dataset("demo"), Filters(), kinds=("cluster",))
    draws = stability.draw(found, resamples=RESAMPLES, seed=7)
    weights = {"magnitude": 2, "need": 1, "strength": 1, "inter_regional": 1, "proximity": 1, "data": 1}
    claimed = stability.judge(draws, weights, seed=7)
    groups = resample._groups(found.basis.data).to_dict("records")
    base = resample.base(found.basis.data)
    drawn_weights = stability.resampled_weights(weights, RESAMPLES, seed=7)
    places: dict[str, list[int]] = {o.id: [] for o in found.opportunities}
    for number in range(RESAMPLES):
        plain = PlainDraw(groups, resample.sample(base, 7, number).drawn)
        values = {
            o.id: plain.cluster(f) for o, f in zip(found.opportunities, found.basis.findings, strict=True)
        }
        there = {name: v for name, v in values.items() if v is not None}
        largest = max(v["magnitude"] for v in there.values())
        most = max(v["gaining"] for v in there.values())
        scores = {}
        for o in found.opportunities:
            if o.id in there:
                v = there[o.id]
                parts = dict(o.components) | {
                    "magnitude": round(math.log1p(v["magnitude"]) / math.log1p(largest), 6),
                    "need": round(v["need"], 6),
                    "strength": round(v["strength"], 6),
                    "beneficiaries": round(math.log(v["gaining"]) / math.log(most), 6),
                }
                scores[o.id] = round(
                    sum(w * parts[n] for w, n in zip(drawn_weights[number], NAMES, strict=True)), 6
                )
        for rank, name in enumerate(sorted(scores, key=lambda name: (-scores[name], name)), start=1):
            places[name].append(rank)
    for name, ranks in places.items():
        assert claimed.at[name, "found_share"] == pytest.approx(len(ranks) / RESAMPLES)
        assert claimed.at[name, "top_ten_share"] == pytest.approx(sum(r <= 10 for r in ranks) / RESAMPLES)
        if ranks:
            low, high = (sorted(ranks)[math.ceil(q * len(ranks)) - 1] for q in (0.05, 0.95))
            assert (claimed.at[name, "rank_low"], claimed.at[name, "rank_high"]) == (low, high)


def test_drawing_groups_is_drawing_rows(real):
    """Numbers drawn by group spread as those of rows drawn with replacement."""
    base = resample.base(real.basis.data)
    rows = np.repeat(np.arange(len(base.size)), base.size)
    random = np.random.default_rng(0)
    by_rows = np.array(
        [np.bincount(random.choice(rows, len(rows)), minlength=len(base.size)) for _ in range(400)]
    )
    by_group = np.array([resample.sample(base, 0, number).drawn for number in range(400)])
    assert (by_group.sum(axis=1) == len(rows)).all()
    large = base.size >= 5
    assert by_group.mean(axis=0)[large] == pytest.approx(by_rows.mean(axis=0)[large], rel=0.15)
    assert by_group.std(axis=0)[large] == pytest.approx(by_rows.std(axis=0)[large], rel=0.2)


@pytest.mark.parametrize(("name", "vintage"), [("real", "2025"), ("demo", "2025"), ("demo", "pre2025")])
def test_the_data_as_they_are_give_the_components_as_they_are(name, vintage):
    found = whole_country(name, vintage)
    values, there = stability._follower(found.basis)(resample.as_it_is(resample.base(found.basis.data)))
    assert there.all()
    columns = [NAMES.index(part) for part in score.VARYING]
    np.testing.assert_allclose(values, found.basis.parts[:, columns], atol=1.1e-6)


@pytest.mark.parametrize("name", ["real", "demo"])
def test_values_of_every_draw_are_shares_and_centre_on_the_data(name):
    found = whole_country(name, "2025")
    drawn = stability.draw(found, resamples=RESAMPLES)
    assert ((drawn.varying >= 0) & (drawn.varying <= 1)).all()
    if name == "demo":
        columns = [NAMES.index(part) for part in score.VARYING]
        often = drawn.found.mean(axis=0) == 1
        gap = np.abs(np.median(drawn.varying, axis=0) - found.basis.parts[:, columns])[often]
        assert np.median(gap) < 0.02


# ---- prefixes, progress, order ------------------------------------------------------------------------


def test_a_stopped_run_is_a_prefix(demo, draws):
    seen: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        seen.append((done, total))
        if done == 9:
            raise stability.Stop

    stopped = stability.draw(demo, resamples=RESAMPLES, seed=3, progress=progress)
    assert stopped.resamples == 9
    assert seen == [(i, RESAMPLES) for i in range(1, 10)]
    np.testing.assert_array_equal(stopped.varying, draws.varying[:9])
    np.testing.assert_array_equal(stopped.found, draws.found[:9])
    whole = stability.resampled_weights(None, RESAMPLES, seed=5)
    np.testing.assert_array_equal(stability.resampled_weights(None, 9, seed=5), whole[:9])


def test_another_exception_of_progress_goes_through(real):
    def progress(done: int, total: int) -> None:
        raise KeyError("rerun")

    with pytest.raises(KeyError):
        stability.draw(real, resamples=2, progress=progress)


def test_seeds_decide(real):
    one, same, other = (stability.draw(real, resamples=5, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.varying, same.varying)
    assert not np.array_equal(one.varying, other.varying)


def test_bad_requests_are_refused(real, draws):
    for options in ({"resamples": 0}, {"seed": -1}):
        with pytest.raises(ParameterError):
            stability.draw(real, **options)
    with pytest.raises(ParameterError):
        stability.judge(draws, ids=["material-none-01-02"])


def test_row_order_changes_no_draw(tmp_path):
    dataset = catalog.open_dataset("demo")
    establishments = pd.concat(pd.read_parquet(p) for p in dataset.files()).head(3000)
    needs = pd.concat(pd.read_parquet(p) for p in dataset.files("needs"))
    needs = needs[needs["establishment_id"].isin(establishments["establishment_id"])]
    results = []
    for order in ("given", "mixed"):
        rows = [establishments, needs]
        if order == "mixed":
            rows = [frame.sample(frac=1, random_state=5) for frame in rows]
        words = {"label_vi": "thử", "label_en": "trial", "provenance": {"source": "trial"}}
        found = engine.candidates(
            catalog.write_dataset(tmp_path / order, "trial", *rows, kind="user", **words), Filters()
        )
        results.append(stability.draw(found, resamples=6))
    assert results[0].ids == results[1].ids
    np.testing.assert_allclose(results[0].varying, results[1].varying, atol=1e-6)
    np.testing.assert_array_equal(results[0].found, results[1].found)


def test_an_empty_ranking_has_empty_draws():
    found = engine.candidates(catalog.open_dataset("demo"), Filters(years=(1991,)))
    drawn = stability.draw(found, resamples=3)
    assert stability.judge(drawn).empty
    assert engine.rank(found, draws=drawn).opportunities == []


# ---- weights around the chosen ------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=7, max_size=7).filter(any))
def test_weights_are_drawn_around_the_chosen(points):
    chosen = score.check_weights(dict(zip(NAMES, points, strict=True)))
    drawn = stability.resampled_weights(chosen, 400)
    assert drawn.sum(axis=1) == pytest.approx(1.0)
    expected = np.array([chosen[name] for name in NAMES])
    assert (drawn[:, expected == 0] == 0).all()
    assert drawn.mean(axis=0) == pytest.approx(expected, abs=0.02)
    spread = np.sqrt(expected * (1 - expected) / (stability.CONCENTRATION + 1))
    assert drawn.std(axis=0) == pytest.approx(spread, abs=0.015)


def test_the_concentration_means_what_is_said():
    drawn = stability.resampled_weights(None, 5000)[:, NAMES.index("need")]
    low, high = np.quantile(drawn, [0.025, 0.975])
    assert low == pytest.approx(0.07, abs=0.01)
    assert high == pytest.approx(0.26, abs=0.01)


def test_a_small_move_of_a_weight_moves_the_draws_a_little():
    before = stability.resampled_weights({"need": 0.15}, 100)
    after = stability.resampled_weights({"need": 0.16}, 100)
    assert np.abs(before - after).max() < 0.03


# ---- the ranking that carries it ------------------------------------------------------------------------


def test_the_ranking_carries_the_claim_and_only_the_letter_may_change(demo, draws):
    plain, firm = engine.rank(demo), engine.rank(demo, draws=draws)
    assert [o.id for o in plain.opportunities] == [o.id for o in firm.opportunities]
    assert [o.score for o in plain.opportunities] == [o.score for o in firm.opportunities]
    claimed = stability.judge(draws)
    for rank, o in enumerate(firm.opportunities, start=1):
        assert o.top_ten_share == claimed.at[o.id, "top_ten_share"]
        assert o.rank_low <= o.rank_high <= len(firm.opportunities)
        said = o.confidence_reasons[-1]
        assert "mười cơ hội đầu" in said.vi
        assert "top ten" in said.en
        if rank <= 10 and o.top_ten_share < 0.5:
            assert o.confidence >= "B"
    assert plain.opportunities[0].top_ten_share is None
    assert list(firm.table["top_ten_share"]) == [o.top_ten_share for o in firm.opportunities]
    assert list(firm.table["confidence"]) == [o.confidence for o in firm.opportunities]
    assert plain.table["top_ten_share"].isna().all()


def test_shares_of_the_top_ten_add_up_to_ten(demo, draws):
    claimed = stability.judge(draws)
    assert claimed["top_ten_share"].sum() == pytest.approx(10.0)


def test_within_a_choice_places_are_of_the_choice_and_letters_of_the_country(demo, draws):
    picked = engine.narrow(demo, Filters(materials=("coffee",)))
    here = engine.rank(picked, draws=draws).opportunities
    there = {o.id: o for o in engine.rank(demo, draws=draws).opportunities}
    assert here
    for o in here:
        assert o.rank_high <= len(here)
        assert o.top_ten_share >= there[o.id].top_ten_share
        assert o.confidence == there[o.id].confidence
        assert o.confidence_reasons == there[o.id].confidence_reasons
