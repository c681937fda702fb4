from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from geo.errors import DataError, ParameterError
from geo.measures.specialisation import location_quotient, lq_table

counts_arrays = arrays(
    np.int64, array_shapes(min_dims=2, max_dims=2, max_side=7), elements=st.integers(0, 500)
)


def frame(values: np.ndarray) -> pd.DataFrame:
    rows = [f"{k:02d}" for k in range(values.shape[0])]
    return pd.DataFrame(values, index=rows, columns=[f"{10 + k}" for k in range(values.shape[1])])


@settings(max_examples=60, deadline=None)
@given(counts_arrays)
def test_mean_weighted_by_region_share_is_one(values):
    counts = frame(values)
    quotients = location_quotient(counts)
    if counts.to_numpy().sum() == 0:
        assert quotients.isna().all().all()
        return
    share = counts.sum(axis=1) / counts.to_numpy().sum()
    weighted = quotients.mul(share, axis=0).sum()
    np.testing.assert_allclose(weighted[counts.sum() > 0], 1.0, rtol=1e-9)


@settings(max_examples=30, deadline=None)
@given(counts_arrays, st.randoms(use_true_random=False))
def test_row_order_changes_nothing(values, random):
    counts = frame(values)
    rows, columns = list(counts.index), list(counts.columns)
    random.shuffle(rows)
    random.shuffle(columns)
    shuffled = location_quotient(counts.loc[rows, columns])
    pd.testing.assert_frame_equal(shuffled.loc[counts.index, counts.columns], location_quotient(counts))
    pd.testing.assert_frame_equal(
        lq_table(counts.loc[rows, columns], resamples=20), lq_table(counts, resamples=20)
    )


def test_region_or_sector_without_anything_has_no_quotient():
    counts = pd.DataFrame([[0, 0, 0], [3, 0, 1]], index=["01", "04"], columns=["10", "16", "31"])
    quotients = location_quotient(counts)
    assert quotients.loc["01"].isna().all()
    assert quotients["16"].isna().all()
    assert quotients.loc["04", "10"] == 1.0


def test_arguments_are_not_written():
    counts = frame(np.arange(12).reshape(3, 4))
    before = counts.copy()
    location_quotient(counts)
    lq_table(counts, resamples=20)
    pd.testing.assert_frame_equal(counts, before)


def test_interval_is_wider_in_a_small_region_and_the_floor_holds():
    counts = pd.DataFrame({"1077": [3, 300, 10], "1061": [1, 100, 400]}, index=["small", "large", "other"])
    table = lq_table(counts, floor=5).set_index(["province_code", "sector_code"])
    small, large = table.loc[("small", "1077")], table.loc[("large", "1077")]
    assert small["lq"] == pytest.approx(large["lq"])
    assert small["lq_high"] - small["lq_low"] > large["lq_high"] - large["lq_low"]
    assert large["surely_specialised"]
    assert not small["surely_specialised"]
    assert (table["lq_low"] <= table["lq_high"]).all()


def test_same_seed_same_interval_and_speed():
    random = np.random.default_rng(7)
    counts = frame(random.poisson(20, (34, 90)))
    start = time.perf_counter()
    first = lq_table(counts, seed=3)
    assert time.perf_counter() - start < 2.0
    pd.testing.assert_frame_equal(first, lq_table(counts, seed=3))
    assert not first[["lq_low", "lq_high"]].equals(lq_table(counts, seed=4)[["lq_low", "lq_high"]])


def test_empty_matrix_gives_an_empty_table():
    assert lq_table(pd.DataFrame()).empty


@pytest.mark.parametrize("bad", [-1, "many"])
def test_bad_counts_are_refused(bad):
    counts = pd.DataFrame({"10": [1, 2], "16": [1, bad]}, index=["01", "04"])
    with pytest.raises(DataError) as error:
        location_quotient(counts)
    assert error.value.vi
    assert error.value.en


def test_bad_parameters_are_refused():
    with pytest.raises(ParameterError):
        lq_table(pd.DataFrame({"10": [1]}), floor=0)
    with pytest.raises(ParameterError):
        lq_table(pd.DataFrame({"10": [1]}), resamples=1)
