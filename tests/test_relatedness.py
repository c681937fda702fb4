"""Proximity, density, coagglomeration and the next steps of a province."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.cli.main import main
from geo.errors import DataError, ParameterError
from geo.linkage import material_tables
from geo.measures import relatedness
from geo.measures.flows import FlowOptions
from geo.measures.next_steps import COLUMNS, next_steps, surplus_standing
from geo.measures.relatedness import coagglomeration, density, neighbours, proximity, specialised
from geo.places import admin
from geo.store import aggregate, catalog
from geo.store.filters import Filters

COUNTS = pd.DataFrame(
    [[100, 0, 0, 0, 0], [0, 15, 5, 70, 10], [0, 20, 10, 20, 50], [0, 25, 30, 5, 40], [0, 40, 55, 5, 0]],
    index=["R1", "R2", "R3", "R4", "R5"],
    columns=["I1", "I2", "I3", "I4", "I5"],
)
#: Region × sector tables; small numbers make empty rows, empty columns and ties.
TABLES = arrays("int64", st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=st.integers(0, 12))
QUICK = settings(max_examples=60, deadline=None)


def frame(values: np.ndarray) -> pd.DataFrame:
    rows, columns = (
        [f"{name}{place}" for place in range(size)] for name, size in zip("rs", values.shape, strict=True)
    )
    return pd.DataFrame(values, index=rows, columns=columns)


def test_proximity_of_the_published_case():
    near = proximity(COUNTS)
    expected = {
        ("I2", "I3"): 2 / 3,
        ("I2", "I4"): 1 / 3,
        ("I2", "I5"): 2 / 3,
        ("I3", "I5"): 1 / 2,
        ("I4", "I5"): 1 / 2,
        ("I3", "I4"): 0.0,
        ("I1", "I2"): 0.0,
    }
    for (first, second), value in expected.items():
        assert near.at[first, second] == pytest.approx(value)
    assert (np.diag(near) == 1).all()


def test_density_of_the_published_case():
    assert density(COUNTS).at["R3", "I2"] == pytest.approx(0.60)
    assert density(COUNTS, include_self=True).at["R3", "I2"] == pytest.approx(0.75)
    # I1 stands alone in R1 and shares no region with another sector.
    assert density(COUNTS)["I1"].isna().all()
    assert density(COUNTS, include_self=True)["I1"].tolist() == [1, 0, 0, 0, 0]


def test_coagglomeration_by_hand():
    # Two regions of equal size; a lies wholly in the first, b in the second: as far apart as can be.
    apart = coagglomeration(pd.DataFrame({"a": [10, 0], "b": [0, 10]}))
    assert apart.at["a", "b"] == pytest.approx(-1.0)
    assert apart.at["a", "a"] == pytest.approx(1.0)
    spread = coagglomeration(pd.DataFrame({"a": [5, 5], "b": [3, 3]}))
    assert np.abs(spread.to_numpy()).max() < 1e-15


@QUICK
@given(TABLES, st.sampled_from([0.5, 1.0, 2.0]))
def test_proximity_is_symmetric_and_a_share(values, threshold):
    near = proximity(frame(values), threshold)
    pd.testing.assert_frame_equal(near, near.T)
    known = near.to_numpy()[~np.isnan(near.to_numpy())]
    assert ((known >= 0) & (known <= 1)).all()
    at_home = specialised(frame(values), threshold).any()
    assert (near.notna().any() == at_home).all()
    assert (np.diag(near)[at_home] == 1).all()


@QUICK
@given(TABLES, st.booleans())
def test_density_is_a_share(values, include_self):
    share = density(frame(values), include_self=include_self)
    known = share.to_numpy()[~np.isnan(share.to_numpy())]
    assert ((known >= 0) & (known <= 1)).all()
    assert (share.isna().all() == share.isna().any()).all()


@QUICK
@given(TABLES)
def test_density_is_its_formula(values):
    counts = frame(values)
    near = proximity(counts).fillna(0).to_numpy()
    here = specialised(counts).to_numpy()
    for region in range(len(counts)):
        for sector in range(counts.shape[1]):
            others = [i for i in range(counts.shape[1]) if i != sector]
            whole = sum(near[i, sector] for i in others)
            found = density(counts).iat[region, sector]
            if whole == 0:
                assert np.isnan(found)
            else:
                part = sum(near[i, sector] for i in others if here[region, i])
                assert found == pytest.approx(part / whole)


@QUICK
@given(TABLES, st.sampled_from([0.5, 3, 1000]), st.randoms(use_true_random=False))
def test_scale_and_order_change_nothing(values, factor, random):
    counts = frame(values)
    rows, columns = list(counts.index), list(counts.columns)
    random.shuffle(rows)
    random.shuffle(columns)
    other = (counts * factor).loc[rows, columns]
    for measure in (proximity, coagglomeration):
        again = measure(other).loc[counts.columns, counts.columns]
        pd.testing.assert_frame_equal(measure(counts), again, atol=1e-12)
    again = density(other).loc[counts.index, counts.columns]
    pd.testing.assert_frame_equal(density(counts), again, atol=1e-12)


@QUICK
@given(TABLES)
def test_coagglomeration_is_symmetric_and_adds_up_to_nothing(values):
    counts = frame(values)
    together = coagglomeration(counts)
    pd.testing.assert_frame_equal(together, together.T)
    weight = counts.sum() / counts.sum().sum() if counts.sum().sum() else counts.sum()
    rows = (together * weight).dropna(how="all").sum(axis=1)
    assert (rows.abs() < 1e-9).all()
    if np.count_nonzero(counts.sum(axis=1)) <= 1:
        assert together.isna().all(axis=None)


def test_measures_write_nothing_and_refuse_what_is_no_count():
    before = COUNTS.copy()
    proximity(COUNTS), density(COUNTS), coagglomeration(COUNTS), neighbours(COUNTS, "I2")
    pd.testing.assert_frame_equal(COUNTS, before)
    for measure in (proximity, density, coagglomeration):
        with pytest.raises(DataError):
            measure(COUNTS - 1)
        with pytest.raises(DataError):
            measure(COUNTS.astype(object).replace(100, "many"))
    for threshold in (0, -1, float("nan"), float("inf"), "1"):
        with pytest.raises(ParameterError) as caught:
            proximity(COUNTS, threshold)
        assert "Ngưỡng" in caught.value.vi


def test_empty_tables_and_missing_cells():
    assert proximity(pd.DataFrame()).empty
    assert density(pd.DataFrame()).empty
    assert coagglomeration(pd.DataFrame()).empty
    holes = COUNTS.astype("float64").mask(COUNTS == 0)
    pd.testing.assert_frame_equal(proximity(holes), proximity(COUNTS))


def test_neighbours_come_nearest_first():
    found = neighbours(COUNTS, "I2")
    assert found["sector_code"].tolist() == ["I3", "I5", "I4", "I1"]
    assert found["regions_both"].tolist() == [2, 2, 1, 0]
    with pytest.raises(ParameterError):
        neighbours(COUNTS, "I9")


BALANCE = pd.DataFrame(
    {
        "material_code": ["wood"] * 5 + ["gold"],
        "province_code": ["R1", "R2", "R3", "R4", "R5", "R1"],
        "surplus_tonnes": [0.0, 10.0, 40.0, 30.0, 20.0, 7.0],
        "supply_known": True,
        "supply_partial": [False, True, False, False, False, False],
    }
)


def test_next_steps_show_both_parts_and_rank_by_them():
    counts = COUNTS * 10
    found = next_steps(counts, BALANCE, materials={"I2": ["wood"], "I3": ["wood"], "I4": ["wood", "gold"]})
    assert list(found.columns) == COLUMNS
    assert (found["lq"] < 1).all()
    assert np.allclose(found["step_score"] ** 2, found["density_standing"] * found["surplus_standing"])
    # R3 is not specialised in I3 (LQ 0.5), has all its related sectors and the largest surplus.
    step = found[(found["province_code"] == "R3") & (found["sector_code"] == "I3")].iloc[0]
    assert (step["rank"], step["density"], step["surplus_tonnes"]) == (1, 1.0, 40.0)
    assert step["surplus_share"] == pytest.approx(0.4)
    assert (step["density_standing"], step["surplus_standing"]) == (1.0, 1.0)
    # R1 has no wood left over, R2 only a lower bound of it.
    assert not ((found["province_code"] == "R1") & (found["material_code"] == "wood")).any()
    assert found.loc[found["province_code"] == "R2", "thin_reason"].str.contains("material").all()


def test_standing_counts_provinces_without_a_figure():
    found = surplus_standing(BALANCE).set_index(["material_code", "province_code"])
    assert found.at[("wood", "R3"), "surplus_standing"] == 1.0
    assert found.at[("wood", "R2"), "surplus_standing"] == pytest.approx(0.4)
    assert ("wood", "R1") not in found.index
    # One figure alone can be compared with nothing.
    assert found["thin_material"].to_dict()["gold", "R1"]


@pytest.mark.parametrize("name", ["demo", "real"])
@pytest.mark.parametrize("vintage", ["2025", "pre2025"])
def test_next_steps_of_the_shipped_sets(name, vintage):
    filters = Filters(vintage=vintage).normalised()
    dataset = catalog.open_dataset(name)
    matrix = aggregate.matrix(aggregate.counts(dataset, filters), level="class")
    balance = material_tables.compute(dataset, filters, None, FlowOptions()).balance
    found = next_steps(matrix, balance)
    assert len(found) > 50
    assert set(found["province_code"]) <= set(admin.provinces(vintage).index)
    assert ((found["surplus_tonnes"] > 0) & (found["lq"] < 1) & (found["density"] > 0)).all()
    shares = found[["density", "density_standing", "surplus_share", "surplus_standing", "step_score"]]
    assert ((shares > 0) & (shares <= 1)).all(axis=None)
    assert (found["thin"] == (found["thin_reason"] != "")).all()
    again = next_steps(matrix.iloc[::-1, ::-1], balance.iloc[::-1])
    pd.testing.assert_frame_equal(found, again)
    one = next_steps(matrix, balance, provinces=["01"])
    pd.testing.assert_frame_equal(one, found[found["province_code"] == "01"].reset_index(drop=True))


def test_nothing_to_do_next_reads_as_an_empty_table():
    found = next_steps(COUNTS, BALANCE, materials={})
    assert found.empty
    assert list(found.columns) == COLUMNS
    assert next_steps(COUNTS.iloc[:0], BALANCE).empty


def test_command_line(capsys):
    assert main(["relatedness", "--sector", "16", "--top", "3", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 3
    assert rows[0]["proximity"] >= rows[1]["proximity"] >= rows[2]["proximity"]
    assert (
        main(["--lang", "en", "relatedness", "--province", "24", "--dataset", "demo", "--format", "json"])
        == 0
    )
    rows = json.loads(capsys.readouterr().out)
    assert {row["province_code"] for row in rows} == {"24"}
    assert all(row["material_name"] for row in rows)
    assert main(["relatedness", "--province", "99"]) == 2
    assert "Không có tỉnh “99”" in capsys.readouterr().err


def test_examples_in_the_docstrings():
    import doctest

    assert doctest.testmod(relatedness).failed == 0
