"""Scores: weights, components and their weighted mean."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linkage_tables import NAMES, cluster_tables, material_tables, whole_country

from geo.errors import ParameterError
from geo.linkage import cluster, engine, material, score


@given(st.dictionaries(st.sampled_from(NAMES), st.floats(0, 100), min_size=1))
def test_weights_are_normalised(weights):
    if all(weights.get(n, score.DEFAULT_WEIGHTS[n]) == 0 for n in NAMES):
        return
    checked = score.check_weights(weights)
    assert sum(checked.values()) == pytest.approx(1.0)
    assert set(checked) == set(NAMES)


@pytest.mark.parametrize(
    "weights",
    [
        {"magnitude": -0.1},
        {"price": 1.0},
        dict.fromkeys(NAMES, 0.0),
        {"need": math.nan},
        {"need": "nhiều"},
        {"need": math.inf},
    ],
)
def test_bad_weights_are_refused_with_a_sentence(weights):
    with pytest.raises(ParameterError) as error:
        score.check_weights(weights)
    assert error.value.vi.endswith(".")
    assert error.value.en.endswith(".")


def test_default_weights_sum_to_one_and_have_reasons():
    assert sum(score.DEFAULT_WEIGHTS.values()) == pytest.approx(1.0)
    for part in score.COMPONENTS:
        assert part.reason_vi.endswith(".")
        assert part.reason_en.endswith(".")


@given(st.floats(0, 3000), st.floats(0, 3000))
def test_proximity_falls_with_distance(a, b):
    near, far = sorted((a, b))
    assert 0 <= score.proximity(far) <= score.proximity(near) <= 1


def test_proximity_anchor_values():
    assert score.proximity(0) == 1
    assert score.proximity(score.HALF_DISTANCE_KM) == 0.5
    assert score.proximity(math.nan) == 0


def test_components_are_shares_and_the_largest_has_one():
    found, _ = material.find(**material_tables())
    more, _ = cluster.find(**cluster_tables())
    parts = score.components([*found, *more], [0.5] * 3)
    assert all(set(p) == set(NAMES) for p in parts)
    assert all(0 <= v <= 1 for p in parts for v in p.values())
    assert max(p["magnitude"] for p in parts[:2]) == 1.0
    assert parts[2]["magnitude"] == 1.0
    assert max(p["beneficiaries"] for p in parts) == 1.0


@settings(max_examples=50)
@given(
    st.lists(st.floats(0, 1), min_size=7, max_size=7), st.lists(st.floats(0.01, 5), min_size=7, max_size=7)
)
def test_score_lies_between_its_components(values, weights):
    parts = dict(zip(NAMES, values, strict=True))
    result = score.score(parts, score.check_weights(dict(zip(NAMES, weights, strict=True))))
    assert min(values) - 1e-6 <= result <= max(values) + 1e-6


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0.05, 5), min_size=7, max_size=7), st.sampled_from(NAMES), st.floats(1.1, 5))
def test_more_weight_lifts_what_is_strong_in_it(weights, part, factor):
    """A heavier component raises the scores below its value and lowers those above it."""
    before = dict(zip(NAMES, weights, strict=True))
    after = before | {part: before[part] * factor}
    plain, moved = (engine.rank(whole_country("demo", "2025"), w).opportunities for w in (before, after))
    scores = {o.id: o.score for o in moved}
    for o in plain[::7]:
        change = scores[o.id] - o.score
        assert change * (o.components[part] - o.score) >= -2e-6


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0.0, 5), min_size=7, max_size=7).filter(lambda w: sum(w) > 0.1))
def test_what_is_better_in_every_part_is_never_behind(weights):
    opportunities = engine.rank(
        whole_country("demo", "2025"), dict(zip(NAMES, weights, strict=True))
    ).opportunities
    some = opportunities[::25]
    for i, ahead in enumerate(some):
        for behind in some[i + 1 :]:
            better = [behind.components[n] > ahead.components[n] for n in NAMES]
            assert not all(better)
