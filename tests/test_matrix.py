"""Opportunities as records and tables, and added up between provinces and regions."""

from __future__ import annotations

import json
import math
import random

import numpy as np
import pandas as pd
import pytest
from linkage_tables import make_opportunity

from geo.errors import ParameterError
from geo.linkage import matrix, model
from geo.linkage.model import Member


def test_ids_are_stable_slugs_and_old_codes_are_marked():
    assert (
        model.opportunity_id("material", "tea_fresh_leaf", ("19", "25"), "2025")
        == "material-tea-fresh-leaf-19-25"
    )
    assert model.opportunity_id("cluster", "1076", ("19", "25"), "pre2025") == "cluster-1076-19-25-pre2025"


def test_to_dict_is_plain():
    opp = make_opportunity(
        evidence=(
            {"table": "t", "key": {}, "values": {"a": np.float64(1.5), "b": math.nan, "c": np.int64(2)}},
        )
    )
    out = opp.to_dict()
    assert out["evidence"][0]["values"] == {"a": 1.5, "b": None, "c": 2}
    assert out["provinces"] == [
        {"province_code": "68", "role": "source"},
        {"province_code": "75", "role": "processor"},
    ]
    json.dumps(out, allow_nan=False)


def test_empty_frame_has_all_columns():
    assert list(model.to_frame([])) == list(model.to_frame([make_opportunity()]))


def test_matrices_conserve_what_they_add():
    opps = [
        make_opportunity(),
        make_opportunity(id="b", provinces=(Member("66", "source"), Member("68", "processor")), score=0.25),
        make_opportunity(
            id="c",
            kind="cluster",
            unit="establishments",
            provinces=(Member("19", "core"), Member("25", "partner")),
        ),
    ]
    count = matrix.province_matrix(opps)
    assert count.shape == (34, 34)
    assert (count.to_numpy() == count.to_numpy().T).all()
    assert np.triu(count.to_numpy()).sum() == 3
    tonnes = matrix.province_matrix(opps, "tonnes")
    assert tonnes.at["68", "75"] == 600
    assert tonnes.at["75", "68"] == 0
    assert tonnes.to_numpy().sum() == 1200
    regions = matrix.region_matrix(opps, value="score")
    assert regions.shape == (6, 6)
    assert np.triu(regions.to_numpy()).sum() == pytest.approx(1.25)
    assert regions.at["DNB", [r for r in regions.columns if r != "DNB"][0]] >= 0


def test_matrix_refuses_wrong_value_and_vintage():
    with pytest.raises(ParameterError):
        matrix.province_matrix([make_opportunity()], "money")
    with pytest.raises(ParameterError):
        matrix.province_matrix([make_opportunity()], vintage="pre2025")
    with pytest.raises(ParameterError):
        matrix.region_matrix([make_opportunity()], "2023_NQ81_63")


def test_matrix_row_order_changes_nothing():
    opps = [make_opportunity(id=str(i), score=i / 10) for i in range(6)]
    mixed = random.Random(1).sample(opps, k=6)
    pd.testing.assert_frame_equal(
        matrix.province_matrix(opps, "score"), matrix.province_matrix(mixed, "score")
    )
