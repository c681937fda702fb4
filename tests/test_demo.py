"""The demonstration set: calibrated, marked, in its own province, the same at every rebuild."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo import paths
from geo.build import demo, demo_draws
from geo.errors import ParameterError
from geo.places import admin
from geo.store import catalog
from geo.subjects import establishments as schema
from geo.subjects import materials, requirements


@pytest.fixture(scope="module")
def tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    return demo.make(20_000, 2025)


def test_shipped_set_is_what_the_build_makes(tmp_path: Path) -> None:
    shipped = catalog.open_dataset("demo")
    assert shipped.rows() == demo.BUNDLED_ROWS
    assert shipped.is_demo
    rebuilt = demo.build(tmp_path)
    assert rebuilt.version == shipped.version
    assert (rebuilt.folder / "manifest.json").read_bytes() == (shipped.folder / "manifest.json").read_bytes()
    for table in catalog.TABLES:
        for one, two in zip(rebuilt.files(table), shipped.files(table), strict=True):
            assert one.read_bytes() == two.read_bytes()


def test_seed_decides() -> None:
    one, one_needs = demo.make(500, 1)
    two, two_needs = demo.make(500, 1)
    pd.testing.assert_frame_equal(one, two)
    pd.testing.assert_frame_equal(one_needs, two_needs)
    assert not one.equals(demo.make(500, 2)[0])


def test_rows_keep_the_contract_and_say_that_they_are_made_up(tables) -> None:
    rows, needs = tables
    complete = schema.complete(rows)
    schema.check(complete)
    schema.check_needs(needs, complete)
    assert rows["name"].str.contains("minh hoạ").all()
    assert rows["source"].str.contains("minh hoạ").all()


def test_provinces_follow_the_official_counts(tables) -> None:
    official = demo.official_margins()
    counts = official["household_individual_non_farm_establishments"]
    counts = counts + official["enterprises_operating_with_results"]
    expected = counts / counts.sum()
    found = tables[0]["province_code_pre2025"].value_counts(normalize=True).reindex(expected.index).fillna(0)
    error = np.sqrt(expected * (1 - expected) / len(tables[0]))  # of a draw of this size
    assert ((found - expected).abs() <= 4.5 * error + 1e-4).all()


def test_employees_follow_the_official_means() -> None:
    rng = np.random.default_rng(0)
    enterprise = np.repeat([False, True], [200_000, 200_000])
    drawn = demo_draws.employees(rng, enterprise, household_mean=1.745, enterprise_mean=20.1)
    assert drawn[~enterprise].mean() == pytest.approx(1.745, rel=0.01)
    assert drawn[enterprise].mean() == pytest.approx(20.1, rel=0.02)
    assert drawn.min() == 1


def test_materials_pull_their_processors_and_leave_some_elsewhere(tables) -> None:
    rows = tables[0]
    supply = materials.supply("pre2025")
    counts = rows["province_code_pre2025"].value_counts(normalize=True)
    for material in ("coffee", "tea_fresh_leaf", "cashew"):
        growing = set(supply.loc[supply["material_code"] == material, "province_code"])
        inside = rows.loc[rows["material_code"] == material, "province_code_pre2025"].isin(growing).mean()
        assert inside > 2 * counts.reindex(sorted(growing)).sum()
        assert 0.1 < 1 - inside < 0.8


def test_needs_are_employees_times_the_coefficient(tables) -> None:
    rows, needs = tables
    complete = schema.complete(rows).set_index("establishment_id")
    joined = needs.join(complete[["sector_code", "size_band", "employees"]], on="establishment_id")
    table = requirements.table()[["sector_code", "size_band", "material_code", "tonnes_per_employee"]]
    joined = joined.merge(table, on=["sector_code", "size_band", "material_code"], how="left")
    ratio = joined["need_tonnes"] / (joined["employees"] * joined["tonnes_per_employee"])
    assert ratio.notna().all()
    assert ratio.mean() == pytest.approx(1.0, abs=0.05)
    bound = rows["material_code"].notna().sum()
    assert 0.15 < len(needs) / bound < 0.35
    known = needs[needs["origin_province_code"].notna()]
    assert set(known["origin_vintage"]) == {"pre2025"}
    supply = materials.supply("pre2025").set_index(["material_code", "province_code"]).index
    assert pd.MultiIndex.from_frame(known[["material_code", "origin_province_code"]]).isin(supply).all()


def test_places_of_both_vintages_belong_together(tables) -> None:
    rows = tables[0]
    walk = admin.crosswalk().set_index("pre2025_code")["code_2025"]
    assert (rows["province_code_pre2025"].map(walk) == rows["province_code_2025"]).all()
    placed = rows[rows["location_quality"] != "province"]
    communes = pd.read_parquet(paths.DATA / "communes.parquet").set_index(["vintage", "commune_code"])[
        "province_code"
    ]
    for vintage in admin.VINTAGES:
        keys = pd.MultiIndex.from_product([[vintage], placed[f"commune_code_{vintage}"]])
        owner = communes.reindex(keys).to_numpy()
        assert (owner == placed[f"province_code_{vintage}"].to_numpy()).all()


@pytest.mark.parametrize(("level", "least"), [("province", 0.995), ("commune", 0.98)])
@pytest.mark.parametrize("vintage", admin.VINTAGES)
def test_points_stand_where_their_codes_say(tables, level: str, least: float, vintage: str) -> None:
    placed = tables[0][tables[0]["lat"].notna()]
    points = gpd.GeoDataFrame(placed, geometry=gpd.points_from_xy(placed["lon"], placed["lat"]), crs=4326)
    outline = gpd.read_parquet(paths.DATA / "boundaries" / f"{level}s_{vintage}.parquet")
    outline = outline[[f"{level}_code", "geometry"]].set_axis(["stands_in", "geometry"], axis=1)
    joined = points.sjoin(outline, how="left", predicate="within")
    joined = joined[~joined["establishment_id"].duplicated()]
    assert (joined["stands_in"] == joined[f"{level}_code_{vintage}"]).mean() >= least


@pytest.mark.parametrize(("n", "seed"), [(0, 1), (-5, 1), (10**9, 1), (10, -1)])
def test_impossible_sizes_are_refused(n: int, seed: int) -> None:
    with pytest.raises(ParameterError):
        demo.make(n, seed)


def test_written_folder_opens_by_its_path(tmp_path: Path) -> None:
    dataset = demo.write(200, 3, tmp_path / "Bộ của tôi")
    assert catalog.open_dataset(tmp_path / "Bộ của tôi") == dataset
    assert dataset.is_demo
    assert dataset.manifest["provenance"]["seed"] == 3


def test_fitted_table_has_both_margins() -> None:
    rng = np.random.default_rng(4)
    rows, columns = rng.dirichlet(np.ones(12)), rng.dirichlet(np.ones(7))
    table = demo_draws.fit_margins(rng.random((12, 7)) + 0.01, rows, columns)
    assert table.sum(axis=1) == pytest.approx(rows, abs=1e-6)
    assert table.sum(axis=0) == pytest.approx(columns, abs=1e-9)
