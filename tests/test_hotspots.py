"""Gi*, local Moran and hot hexagons: published numbers, symmetry, and the level under the null."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import h3
import numpy as np
import pandas as pd
import pytest
import spot_sets
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph
from scipy import stats
from shapely.geometry import box

from geo.errors import DataError, ParameterError
from geo.measures import hotspot_groups, hotspot_null, hotspot_provinces, hotspots, weights
from geo.measures import hotspot_statistics as local
from geo.measures.hotspot_tail import binomial_tail, hypergeometric_tail
from geo.places import boundaries
from geo.store import aggregate, catalog
from geo.store.cell_counts import cell_counts
from geo.store.filters import Filters

POINTS = [(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)]
VALUES = [2, 3, 3.2, 5, 8, 7]


@pytest.fixture(scope="module")
def demo() -> catalog.Dataset:
    return catalog.open_dataset("demo")


@pytest.fixture(scope="module")
def scatter(tmp_path_factory: pytest.TempPathFactory) -> catalog.Dataset:
    folder: Path = tmp_path_factory.mktemp("scatter")
    return spot_sets.write(folder, spot_sets.scattered(20_000, seed=11))


# Published numbers


def test_getis_ord_gives_the_published_numbers() -> None:
    with_itself = hotspots.getis_ord(VALUES, POINTS, band=15, star=True)
    without = hotspots.getis_ord(VALUES, POINTS, band=15, star=False)
    assert with_itself["z"].iloc[0] == pytest.approx(-1.39727626, abs=5e-9)
    assert without["z"].iloc[0] == pytest.approx(-1.0136729, abs=5e-8)
    assert list(with_itself.columns) == ["statistic", "z", "p", "p_fdr"]
    assert with_itself["p"].iloc[0] == pytest.approx(2 * stats.norm.sf(1.39727626))
    assert (with_itself["p_fdr"] >= with_itself["p"]).all()


def test_global_getis_ord_gives_the_published_number() -> None:
    assert hotspots.global_getis_ord(VALUES, POINTS, band=15).statistic == pytest.approx(0.55709779, abs=5e-9)


def test_local_moran_follows_its_definition() -> None:
    found = hotspots.local_moran(VALUES, POINTS, band=15)
    z = (np.array(VALUES) - np.mean(VALUES)) / np.std(VALUES)
    near = weights.distance_band(np.array(POINTS), 15).sparse.toarray()
    lag = near @ z / near.sum(axis=1)
    assert found["statistic"].to_numpy() == pytest.approx(z * lag * (len(z) - 1) / len(z))
    assert list(found["quadrant"]) == ["LL", "LH", "LH", "HL", "HL", "HH"]


# Order, scale, islands, refusals

_spots = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 50)), min_size=4, max_size=25,
    unique_by=lambda spot: spot[:2],
)  # fmt: skip


@settings(max_examples=8, deadline=None)
@given(_spots, st.randoms(use_true_random=False), st.floats(0.1, 40), st.floats(0, 100))
def test_z_keeps_under_order_scale_and_shift(spots: list, shuffler, factor: float, shift: float) -> None:
    table = pd.DataFrame(spots, columns=["x", "y", "value"])
    mixed = table.sample(frac=1, random_state=shuffler.randrange(1000))
    for measure in (hotspots.getis_ord, hotspots.local_moran):
        plain = measure(table["value"], table[["x", "y"]].to_numpy(), band=9)
        again = measure(mixed["value"], mixed[["x", "y"]].to_numpy(), band=9)
        pd.testing.assert_frame_equal(again.sort_index(), plain, check_exact=False, rtol=1e-6, atol=1e-8)
        other = measure(table["value"] * factor + shift, table[["x", "y"]].to_numpy(), band=9)
        assert other["z"].to_numpy() == pytest.approx(plain["z"].to_numpy(), rel=1e-5, abs=1e-5, nan_ok=True)


def test_permutations_are_seeded_and_do_not_follow_the_row_order() -> None:
    values, points = np.array(VALUES), np.array(POINTS, dtype=float)
    first = hotspots.getis_ord(values, points, band=15, permutations=199, seed=3)
    turned = hotspots.getis_ord(values[::-1], points[::-1], band=15, permutations=199, seed=3)
    assert list(first["p"]) == list(turned["p"])[::-1]


def test_a_point_alone_has_no_local_figure_and_is_named() -> None:
    points = np.array([*POINTS, (900, 900)], dtype=float)
    found = hotspots.local_moran([*VALUES, 4], points, band=15)
    assert found.iloc[-1][["statistic", "z", "p"]].isna().all()
    assert found["quadrant"].iloc[-1] == ""
    assert np.isnan(hotspots.getis_ord([*VALUES, 4], points, band=15, star=False)["z"].iloc[-1])
    assert weights.islands(weights.distance_band(points, 15)) == ["6"]


def test_equal_values_have_no_hot_spot() -> None:
    assert hotspots.getis_ord([3] * 6, POINTS, band=15)["p_fdr"].isna().all()


@pytest.mark.parametrize("values", [[1, 2, 3], [1, 2, np.nan, 4, 5, 6]])
def test_values_that_do_not_fit_the_points_are_refused(values: list) -> None:
    with pytest.raises(DataError):
        hotspots.getis_ord(values, POINTS, band=15)


def test_a_band_of_nothing_is_refused() -> None:
    with pytest.raises(ParameterError):
        hotspots.getis_ord(VALUES, POINTS, band=0)


# Weights


@pytest.mark.parametrize("vintage", ["2025", "pre2025"])
def test_the_pairs_that_touch_are_those_of_the_graph_and_of_the_library(vintage: str) -> None:
    pairs = set(weights.touching(vintage))
    adjacency = weights.contiguity(vintage).adjacency
    assert pairs == set(adjacency[adjacency > 0].index)
    shapes = boundaries.load("province", vintage, detail="screen").set_index("province_code").geometry
    theirs = Graph.build_fuzzy_contiguity(shapes.sort_index().to_crs(32648), buffer=150.0).adjacency
    assert pairs == set(theirs[theirs > 0].index)


@pytest.mark.parametrize("vintage", ["2025", "pre2025"])
def test_contiguity_is_symmetric_and_holds_every_province(vintage: str) -> None:
    graph = weights.contiguity(vintage)
    matrix = graph.sparse.toarray()
    assert (matrix == matrix.T).all()
    assert (matrix.diagonal() == 0).all()
    assert graph.n == {"2025": 34, "pre2025": 63}[vintage]
    assert list(graph.unique_ids) == sorted(graph.unique_ids)


def test_an_island_stays_in_the_graph() -> None:
    shapes = gpd.GeoSeries(
        {"b": box(105, 10, 106, 11), "a": box(106, 10, 107, 11), "c": box(108, 15, 109, 16)}, crs=4326
    )
    graph = weights.shape_contiguity(shapes)
    assert weights.islands(graph) == ["c"]
    assert graph.n == 3


def test_nearest_has_k_neighbours_even_where_points_coincide() -> None:
    points = np.array([(0, 0), (0, 0), (0, 0), (5, 5), (9, 9)], dtype=float)
    graph = weights.nearest(points, 2)
    assert set(graph.cardinalities) == {2}
    assert weights.nearest_provinces("2025").n == 34


def test_hexagon_neighbours_agree_with_the_matrix() -> None:
    cells = sorted(h3.grid_disk(h3.latlng_to_cell(16.0, 107.5, 5), 4))[::2]
    graph = weights.h3_neighbours(cells)
    matrix = hotspot_null.near_matrix(np.array([h3.str_to_int(cell) for cell in cells])).toarray()
    assert (graph.sparse.toarray() + np.eye(len(cells)) == matrix).all()
    assert (matrix == matrix.T).all()


# Counts by hexagon


def test_cells_hold_every_establishment_or_say_what_they_leave_out(demo: catalog.Dataset) -> None:
    whole = aggregate.counts(demo, Filters())
    for resolution in (4, 5, 6):
        counts = cell_counts(demo, Filters(), resolution)
        left_out = counts.left_out("1077")
        assert left_out["total"] == whole.loc[whole["sector_code"] == "1077", "establishments"].sum()
        placed = counts.of_sector("1077")["establishments"].sum()
        assert placed + left_out["without_coordinates"] == left_out["total"]
        assert 0 < left_out["by_commune"] < placed
    with pytest.raises(ParameterError):
        cell_counts(demo, Filters(), 9)


def test_cells_follow_filters_and_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    real = catalog.open_dataset("real")
    chosen = Filters(vintage="pre2025", sectors=("16",)).normalised()
    by_duckdb = cell_counts(real, chosen, 5)
    monkeypatch.setenv("ENGINE", "pandas")
    by_pandas = cell_counts.__wrapped__(real, chosen, 5)
    pd.testing.assert_frame_equal(by_duckdb.placed, by_pandas.placed)
    assert set(by_duckdb.placed["division_code"]) == {"16"}


# The exact tail


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_tail_is_the_hypergeometric_one(data: st.DataObject) -> None:
    total = data.draw(st.integers(2, 5_000))
    base, sector = data.draw(st.integers(1, total)), data.draw(st.integers(1, total))
    count = data.draw(st.integers(max(0, base + sector - total), min(base, sector)))
    found = hypergeometric_tail(np.array([count]), np.array([base]), np.array([sector]), total)
    assert found[0] == pytest.approx(stats.hypergeom.sf(count - 1, total, sector, base), rel=1e-7, abs=1e-12)


def test_far_tails_do_not_vanish() -> None:
    found = hypergeometric_tail(np.array([400]), np.array([2_000]), np.array([20_000]), 1_000_000)[0]
    assert np.log(found) == pytest.approx(stats.hypergeom.logsf(399, 1_000_000, 20_000, 2_000), rel=1e-6)


def test_all_sectors_at_once_are_hot_where_one_is(demo: catalog.Dataset) -> None:
    grid = hotspot_null.grid(demo, Filters(), 5, 4)
    p_fdr, allowed = hotspot_null.all_sectors(grid)
    for sector in ("1077", "3100"):
        table = hotspots.surface(demo, Filters(), sector)
        column = grid.sectors.index(sector)
        hot = allowed[:, column] & (p_fdr[:, column] <= 0.05)
        assert (hot == table["hot"].to_numpy()).all()
        assert hot.any()


@settings(max_examples=50)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.lists(st.booleans(), min_size=30, max_size=30))
def test_adjusted_p_are_those_of_scipy_and_gaps_are_no_tests(p: list[float], known: list[bool]) -> None:
    with_gaps = np.where(known[: len(p)], p, np.nan)
    kept = with_gaps[np.isfinite(with_gaps)]
    found = local.fdr(with_gaps)
    assert (np.isnan(found) == np.isnan(with_gaps)).all()
    expected = stats.false_discovery_control(kept) if kept.size else kept
    assert found[np.isfinite(found)] == pytest.approx(expected, rel=1e-12)
    two = np.column_stack([p, p[::-1]])
    assert local.fdr(two) == pytest.approx(stats.false_discovery_control(two, axis=0), rel=1e-12)


def test_binomial_tails_are_those_of_scipy() -> None:
    count, sector, share = (
        np.array([0, 1, 7, 40]),
        np.array([5, 5, 300, 40]),
        np.array([0.2, 1.3, 0.001, 0.5]),
    )
    expected = stats.binom.sf(count - 1, sector, np.minimum(share, 1))
    assert binomial_tail(count, sector, share) == pytest.approx(expected, rel=1e-12)


# The level under the null: a scatter has no hot spot, whatever the seed


def _hot_scatters(grid: hotspot_null.Grid, share: float, draws: int, seed: int) -> tuple[float, float]:
    """Share of scatters with any significant cell, and share of significant cells."""
    random = np.random.default_rng(seed)
    total = int(grid.base.sum())
    size = int(total * share)
    count = random.multivariate_hypergeometric(grid.base, size, size=draws, method="marginals").T
    near_base = (grid.near @ grid.base)[:, None]
    p = hypergeometric_tail(grid.near @ count, near_base, np.full(near_base.shape, size), total)
    significant = stats.false_discovery_control(p, axis=0) <= 0.05
    return float(significant.any(axis=0).mean()), float(significant.mean())


@pytest.mark.parametrize("share", [0.002, 0.02, 0.2])
def test_random_sectors_among_establishments_keep_the_level(demo: catalog.Dataset, share: float) -> None:
    grid = hotspot_null.grid(demo, Filters(), 5, 4)
    ever, cells = _hot_scatters(grid, share, draws=200, seed=5)
    assert ever <= 0.05
    assert cells <= 0.0005


def test_the_normal_approximation_would_not_keep_it(demo: catalog.Dataset) -> None:
    grid = hotspot_null.grid(demo, Filters(), 5, 4)
    random = np.random.default_rng(7)
    found = 0
    for _ in range(10):
        count = random.multivariate_hypergeometric(grid.base, 380, method="marginals")
        share = hotspot_null.standardised(grid, count)
        found += (local.fdr(local.local_g(share - share.min() + 1, grid.graph, star=True).p) <= 0.05).any()
    assert found >= 5


@pytest.mark.parametrize(
    ("method", "base"), [("gi", "establishments"), ("gi", "area"), ("moran", "establishments")]
)
def test_a_scatter_of_20_000_has_no_hot_hexagon(scatter: catalog.Dataset, method: str, base: str) -> None:
    hot = [
        hotspots.surface(scatter, Filters(), sector, method=method, base=base)["hot"].sum()
        for sector in spot_sets.SECTORS[: 2 if method == "moran" else 6]
    ]
    assert sum(hot) == 0


def test_the_two_nulls_differ_where_people_live(demo: catalog.Dataset) -> None:
    people = hotspots.surface(demo, Filters(), "1061")
    land = hotspots.surface(demo, Filters(), "1061", base="area")
    assert land["hot"].sum() > people["hot"].sum()
    assert set(people["cell"]) <= set(land["cell"])


def test_places_and_sectors_do_not_narrow_the_surface(demo: catalog.Dataset) -> None:
    narrow = Filters(provinces=("68",), sectors=("1077",)).normalised()
    pd.testing.assert_frame_equal(
        hotspots.surface(demo, narrow, "1077"), hotspots.surface(demo, Filters(), "1077")
    )


def test_a_sector_without_establishments_is_nowhere_hot(demo: catalog.Dataset) -> None:
    table = hotspots.surface(demo, Filters(), "0510")
    assert not table["hot"].any()
    assert table["count"].sum() == 0


def test_unknown_method_base_and_alpha_are_refused(demo: catalog.Dataset) -> None:
    for wrong in ({"method": "kde"}, {"base": "people"}, {"alpha": 1.5}):
        with pytest.raises(ParameterError):
            hotspots.surface(demo, Filters(), "1077", **wrong)


# Provinces


@pytest.mark.parametrize("vintage", ["2025", "pre2025"])
def test_provinces_of_coffee_are_high_among_high(demo: catalog.Dataset, vintage: str) -> None:
    table = hotspot_provinces.of_sector(demo, Filters(vintage=vintage), "1077").set_index("province_code")
    assert len(table) == {"2025": 34, "pre2025": 63}[vintage]
    assert table.at["66", "quadrant"] == "HH"
    assert table.at["66", "z"] > 2
    assert (table["p_fdr"].dropna() >= table["p"].dropna()).all()


def test_provinces_without_a_base_have_no_figure_and_order_changes_nothing() -> None:
    graph = weights.contiguity("2025")
    codes = list(graph.unique_ids)
    table = pd.DataFrame({"province_code": codes, "establishments": np.arange(len(codes)), "base": 100})
    table.loc[3, ["establishments", "base"]] = 0
    found = hotspot_provinces.provinces(table, graph, permutations=99)
    assert found.loc[3, ["share", "z", "p", "moran_z"]].isna().all()
    pd.testing.assert_frame_equal(hotspot_provinces.provinces(table[::-1], graph, permutations=99), found)
    with pytest.raises(DataError):
        hotspot_provinces.provinces(pd.concat([table, table]), graph)


# Dense groups


def test_dense_groups_are_found_among_noise_in_any_order() -> None:
    random = np.random.default_rng(2)
    points = np.vstack([
        random.normal((0, 0), 1_500, (40, 2)),
        random.normal((90_000, 40_000), 1_500, (30, 2)),
        random.uniform(-200_000, 200_000, (60, 2)),
    ])  # fmt: skip
    labels = hotspot_groups.group(points, np.ones(len(points)))
    core = [pd.Series(labels[part]).mode().iloc[0] for part in (slice(0, 40), slice(40, 70))]
    assert core[0] != core[1]
    assert min(core) >= 0
    assert (labels[:40] == core[0]).mean() > 0.9
    assert (labels[70:] == -1).mean() > 0.3
    order = random.permutation(len(points))
    assert (hotspot_groups.group(points[order], np.ones(len(points))) == labels[order]).all()


def test_a_place_counts_as_often_as_it_holds_establishments() -> None:
    places = np.array(
        [(0, 0), (900, 0), (50_000, 0), (50_900, 0), (400_000, 0), (300_000, 90_000)], dtype=float
    )
    heavy = hotspot_groups.group(places, np.array([20, 20, 20, 20, 1, 1]))
    assert heavy[0] == heavy[1] >= 0
    assert heavy[2] == heavy[3] >= 0
    assert heavy[0] != heavy[2]
    assert (hotspot_groups.group(places[:2], np.array([1, 1])) == -1).all()
