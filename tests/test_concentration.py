"""Concentration and agglomeration: relations, edges and errors (published numbers are in test_golden)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from geo.errors import DataError, ParameterError
from geo.measures import agglomeration_tables, concentration
from geo.measures.agglomeration import ellison_glaeser_parts
from geo.measures.specialisation import (
    ellison_glaeser,
    gini_concentration,
    gini_specialisation,
    herfindahl,
    krugman_index,
    litzenberger_index,
)
from geo.store import aggregate, catalog, sizes
from geo.store.filters import Filters

tables = arrays(
    np.int64, array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=6), elements=st.integers(0, 60)
)


def frame(values: np.ndarray) -> pd.DataFrame:
    rows = [f"{k:02d}" for k in range(values.shape[0])]
    return pd.DataFrame(values, index=rows, columns=[f"{10 + k}" for k in range(values.shape[1])])


@settings(max_examples=50, deadline=None)
@given(tables, st.integers(1, 9))
def test_indices_keep_their_range_and_know_no_scale(values, factor):
    counts = frame(values)
    for region in counts.index:
        gini, krugman = gini_specialisation(counts, region), krugman_index(counts, region)
        if counts.loc[region].sum() == 0:
            assert np.isnan(gini)
            assert np.isnan(krugman)
            continue
        assert 0 <= gini <= 1 - 1 / counts.shape[1] + 1e-9
        assert gini_specialisation(counts * factor, region) == pytest.approx(gini, abs=1e-9)
        if counts.drop(index=region).to_numpy().sum():
            assert 0 <= krugman <= 2 + 1e-9
            assert krugman_index(counts * factor, region) == pytest.approx(krugman, abs=1e-9)
    for sector in counts:
        # Concentration of a sector over regions is specialisation of a region over sectors, transposed.
        turned = gini_specialisation(counts.T, sector)
        assert gini_concentration(counts, sector) == pytest.approx(turned, abs=1e-9, nan_ok=True)


@settings(max_examples=30, deadline=None)
@given(tables, st.randoms(use_true_random=False))
def test_order_of_rows_and_columns_changes_nothing(values, random):
    counts = frame(values)
    rows, columns = list(counts.index), list(counts.columns)
    random.shuffle(rows)
    random.shuffle(columns)
    shuffled = counts.loc[rows, columns]
    pd.testing.assert_frame_equal(concentration.region_table(shuffled), concentration.region_table(counts))
    pd.testing.assert_frame_equal(concentration.sector_table(shuffled), concentration.sector_table(counts))


def test_a_country_of_equal_regions_is_neither_special_nor_concentrated():
    counts = frame(np.tile([3, 9, 30], (4, 1)))
    assert gini_specialisation(counts, "00") == pytest.approx(0, abs=1e-12)
    assert gini_concentration(counts, "11") == pytest.approx(0, abs=1e-12)
    assert krugman_index(counts, "02") == pytest.approx(0, abs=1e-12)


def test_what_nobody_has_does_not_count():
    counts = frame(np.array([[4, 1], [2, 3]]))
    wider = counts.assign(none=0)
    wider.loc["empty"] = 0
    assert gini_specialisation(wider, "00") == pytest.approx(gini_specialisation(counts, "00"))
    assert gini_concentration(wider, "10") == pytest.approx(gini_concentration(counts, "10"))
    assert krugman_index(wider, "00") == pytest.approx(krugman_index(counts, "00"))
    assert krugman_index(wider, "00", others="mean") == pytest.approx(krugman_index(counts, "00"))
    assert np.isnan(gini_concentration(wider, "none"))
    assert np.isnan(gini_specialisation(wider, "empty"))
    assert np.isnan(krugman_index(counts.loc[["00"]], "00"))


@pytest.mark.parametrize("values", [[1, 1, 1, 1], (7, 7, 7, 7), pd.Series([2.0] * 4), np.full((4, 1), 5)])
def test_herfindahl_of_equals_is_one_over_n(values):
    assert herfindahl(values) == pytest.approx(0.25)


def test_herfindahl_edges():
    assert herfindahl([0, 5, None]) == 1
    assert np.isnan(herfindahl([]))
    assert np.isnan(herfindahl([0, 0]))
    for bad in ([1, -1], ["a", "b"], np.ones((2, 2))):
        with pytest.raises(DataError):
            herfindahl(bad)


def test_regions_that_are_not_there_are_refused():
    counts = frame(np.ones((2, 2)))
    for call in (gini_specialisation, krugman_index, gini_concentration):
        with pytest.raises(ParameterError) as error:
            call(counts, "99")
        assert "99" in error.value.vi
        assert "99" in error.value.en
    with pytest.raises(ParameterError):
        krugman_index(pd.concat([counts, counts]), "00")
    with pytest.raises(ParameterError):
        krugman_index(counts, "00", others="all")


LITZENBERGER = {
    "sector_employees": 1743, "sector_employees_total": 5740, "area_km2": 50, "area_km2_total": 576,
    "population": 488, "population_total": 4621, "establishments": 35, "establishments_total": 53,
}  # fmt: skip


def test_cluster_index_of_series_is_that_of_each_number():
    part = {"sector_employees", "area_km2", "population", "establishments"}
    series = {k: pd.Series({"a": v, "b": 2 * v}) if k in part else v for k, v in LITZENBERGER.items()}
    found = litzenberger_index(**series)
    assert found["a"] == pytest.approx(litzenberger_index(**LITZENBERGER))
    # Twice the workers in twice the establishments on twice the land with twice the people: no denser.
    assert found["b"] == pytest.approx(found["a"])
    whole = {k: LITZENBERGER[k if k.endswith("_total") else f"{k}_total"] for k in LITZENBERGER}
    assert litzenberger_index(**whole) == pytest.approx(1)


def test_cluster_index_of_nothing_and_without_land():
    assert litzenberger_index(**LITZENBERGER | {"sector_employees": 0, "establishments": 0}) == 0
    for name in ("area_km2", "population", "sector_employees_total"):
        assert np.isnan(litzenberger_index(**LITZENBERGER | {name: 0}))
        assert np.isnan(litzenberger_index(**LITZENBERGER | {name: float("nan")}))
    with pytest.raises(DataError):
        litzenberger_index(**LITZENBERGER | {"population": -1})
    with pytest.raises(TypeError):
        litzenberger_index(1, 2, 3, 4, 5, 6, 7, 8)  # type: ignore[misc]


def scattered(plants: int, seed: int) -> tuple[pd.DataFrame, pd.Series]:
    """Plants of skewed sizes thrown at regions by chance in proportion to their employment."""
    random = np.random.default_rng(seed)
    totals = pd.Series(random.integers(1, 50, 34) * 1000.0, index=[f"r{k}" for k in range(34)])
    regions = random.choice(totals.index, size=plants, p=totals / totals.sum())
    return pd.DataFrame({"region": regions, "employees": random.lognormal(2, 1, plants).round() + 1}), totals


def test_gamma_is_near_zero_for_plants_thrown_at_random():
    found = [ellison_glaeser(*scattered(400, seed)) for seed in range(60)]
    assert abs(np.mean(found)) < 0.002
    assert max(map(abs, found)) < 0.02
    plants, totals = scattered(20_000, 1)
    assert abs(ellison_glaeser(plants, totals)) < 0.001


def test_gamma_sees_a_planted_cluster_and_ignores_what_it_is_not_asked():
    plants, totals = scattered(400, 3)
    moved = plants.assign(region=plants["region"].where(plants.index >= 150, "r5"), name="x")
    assert ellison_glaeser(moved, totals) > 0.05
    missing = pd.concat([moved, pd.DataFrame({"region": ["r1"], "employees": [np.nan], "name": ["y"]})])
    assert ellison_glaeser(missing, totals) == pytest.approx(ellison_glaeser(moved, totals))
    turned = ellison_glaeser(moved.sample(frac=1, random_state=1), totals[::-1])
    assert turned == pytest.approx(ellison_glaeser(moved, totals))


def test_gamma_that_does_not_exist_is_no_figure():
    totals = pd.Series({"a": 10, "b": 10})
    one = pd.DataFrame({"region": ["a"], "employees": [5]})
    assert np.isnan(ellison_glaeser(one, totals))
    assert ellison_glaeser_parts(one, totals).plants == 1
    assert np.isnan(ellison_glaeser(one.head(0), totals))
    two = pd.DataFrame({"region": ["a", "a"], "employees": [5, 5]})
    assert np.isnan(ellison_glaeser(two, pd.Series({"a": 10})))


@pytest.mark.parametrize(
    ("plants", "totals"),
    [
        (pd.DataFrame({"region": ["a"]}), {"a": 1}),
        (pd.DataFrame({"region": ["z"], "employees": [1]}), {"a": 1}),
        (pd.DataFrame({"region": ["a"], "employees": [-1]}), {"a": 1}),
        (pd.DataFrame({"region": ["a"], "employees": ["many"]}), {"a": 1}),
        (pd.DataFrame({"region": ["a"], "employees": [1]}), {"a": float("nan")}),
    ],
)
def test_gamma_refuses_what_it_cannot_use(plants, totals):
    with pytest.raises(DataError):
        ellison_glaeser(plants, pd.Series(totals))


@pytest.mark.parametrize("level", ["division", "class"])
def test_gamma_from_sums_is_gamma_from_rows(level):
    dataset = catalog.open_dataset("demo")
    sums = sizes.employee_sums(dataset, Filters(), level)
    rows, _ = aggregate.rows(
        dataset, Filters(), 10**6, ["province_code_2025", "sector_code", "division_code", "employees"]
    )
    rows = rows.rename(columns={"province_code_2025": "region"})
    totals = rows.groupby("region")["employees"].sum()
    table = agglomeration_tables.gamma_table(sums).set_index("sector_code")
    column = "division_code" if level == "division" else "sector_code"
    for sector in list(table.index)[::7]:
        own = rows[rows[column] == sector]
        assert table.loc[sector, "gamma"] == pytest.approx(ellison_glaeser(own, totals), abs=1e-9)
        assert table.loc[sector, "establishments"] == len(own)


@pytest.mark.parametrize("vintage", ["2025", "pre2025"])
def test_sums_are_those_of_the_counts(vintage):
    dataset, filters = catalog.open_dataset("demo"), Filters(vintage=vintage)
    sums = sizes.employee_sums(dataset, filters)
    counts = aggregate.counts(dataset, filters)
    for column in ("establishments", "employees", "employees_known"):
        assert sums[column].sum() == counts[column].sum()
    assert (sums["employees_squared"] >= sums["employees"]).all()
    with pytest.raises(ParameterError):
        sizes.employee_sums(dataset, filters, "section")


def test_establishments_without_employees_are_left_out_and_counted():
    sums = sizes.employee_sums(catalog.open_dataset("real"), Filters(), "class")
    table = agglomeration_tables.gamma_table(sums)
    assert table["gamma"].isna().all()
    assert (table["employees_unknown"] == table["establishments"]).all()


@pytest.mark.parametrize("name", ["real", "demo"])
@pytest.mark.parametrize("vintage", ["2025", "pre2025"])
def test_tables_of_the_bundled_sets(name, vintage):
    dataset, filters = catalog.open_dataset(name), Filters(vintage=vintage)
    counts = aggregate.counts(dataset, filters)
    matrix = aggregate.matrix(counts)
    gammas = agglomeration_tables.gamma_table(sizes.employee_sums(dataset, filters))
    indices = agglomeration_tables.litzenberger_table(
        matrix, matrix, agglomeration_tables.land_and_people(vintage)
    )
    table = concentration.sector_table(matrix, gammas, indices).set_index("sector_code")
    assert table["total"].sum() == matrix.to_numpy().sum()
    assert (table["cluster_index"] > 0).all()
    top = indices.loc[indices["sector_code"] == "10", "cluster_index"].max()
    assert table.loc["10", "cluster_index"] == top
    regions = concentration.region_table(matrix)
    assert list(regions["province_code"]) == list(matrix.index)
    assert regions["krugman"].between(0, 2).all()
    land = agglomeration_tables.land_and_people(vintage)
    assert land.notna().all().all()
    assert len(land) == (34 if vintage == "2025" else 63)


def test_empty_tables_are_empty():
    assert concentration.region_table(pd.DataFrame()).empty
    assert concentration.sector_table(pd.DataFrame()).empty
    assert agglomeration_tables.gamma_table(pd.DataFrame(columns=sizes.COLUMNS)).empty
