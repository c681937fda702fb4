"""Clusters across borders: planted ones are found with both provinces, a scatter has none."""

from __future__ import annotations

import json
from pathlib import Path

import h3
import numpy as np
import pandas as pd
import pytest
import shapely
import spot_sets

from geo.cli.main import main
from geo.measures import crossing, weights
from geo.places import admin, plane
from geo.store import catalog
from geo.store.catalog import Dataset
from geo.store.filters import Filters

#: A border of today (Đắk Lắk, Lâm Đồng), one of before July 2025 inside Đồng Tháp, and the middle of Sơn La.
BORDER, OLD_BORDER = spot_sets.border("66", "68"), spot_sets.border("82", "87", "pre2025")
INSIDE = (104.0, 21.2)
METHODS = ["gi", "moran", "hdbscan"]


@pytest.fixture(scope="module")
def rows() -> list[pd.DataFrame]:
    return [
        spot_sets.scattered(20_000, seed=11),
        spot_sets.planted(*BORDER, 90, "1077", seed=1),
        spot_sets.planted(*INSIDE, 60, "1077", seed=2),
        spot_sets.planted(*OLD_BORDER, 90, "3100", seed=3),
    ]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, rows: list[pd.DataFrame]) -> Dataset:
    folder: Path = tmp_path_factory.mktemp("planted")
    return spot_sets.write(folder, *rows)


@pytest.mark.parametrize("method", METHODS)
def test_a_planted_cluster_over_a_border_names_both_provinces(made: Dataset, method: str) -> None:
    found = crossing.find(made, Filters(), "1077", method=method)
    across = [cluster for cluster in found if cluster.crosses_province]
    assert [{side.province_code for side in cluster.members} for cluster in across] == [{"66", "68"}]
    assert across[0].p_fdr <= (0.05 if method == "moran" else 1e-6)
    assert across[0].ratio > 3
    assert across[0].establishments >= 80
    assert shapely.Point(BORDER).within(across[0].outline)


@pytest.mark.parametrize("method", METHODS)
def test_a_planted_cluster_inside_a_province_crosses_nothing(made: Dataset, method: str) -> None:
    found = crossing.find(made, Filters(), "1077", method=method)
    inside = [cluster for cluster in found if shapely.Point(INSIDE).within(cluster.outline)]
    assert len(inside) == 1
    assert not inside[0].crosses_province
    assert not inside[0].crosses_old_border
    assert [side.province_code for side in inside[0].members] == ["14"]


def test_a_cluster_over_an_old_border_is_inside_a_new_province(made: Dataset) -> None:
    (new,) = crossing.find(made, Filters(), "3100")
    (old,) = crossing.find(made, Filters(vintage="pre2025"), "3100")
    assert not new.crosses_province
    assert new.crosses_old_border
    assert old.crosses_province
    assert {side.province_code for side in old.members} == {
        side.province_code for side in new.old_sides if side.belongs
    }
    assert (new.cells, new.establishments) == (old.cells, old.establishments)


def test_other_sectors_of_the_scatter_have_no_cluster_and_no_pair(made: Dataset) -> None:
    for sector in spot_sets.SECTORS[:4]:
        assert crossing.find(made, Filters(), sector) == []
    pairs = crossing.province_pairs(made, Filters())
    assert list(pairs["sector_code"].unique()) == ["1077"]
    assert pairs[["first", "second"]].to_numpy().tolist() == [["66", "68"]]


def test_pairs_tell_the_same_as_the_clusters() -> None:
    demo = catalog.open_dataset("demo")
    for vintage in ("2025", "pre2025"):
        filters = Filters(vintage=vintage)
        pairs = crossing.province_pairs(demo, filters)
        touching = weights.contiguity(vintage).adjacency.index
        assert pd.MultiIndex.from_frame(pairs[["first", "second"]]).isin(touching).all()
        assert (pairs["first"] < pairs["second"]).all()
        assert pairs["p_fdr"].le(0.05).all()
        for sector in ("1077", "3100"):
            wanted = set()
            for cluster in crossing.find(demo, filters, sector):
                codes = sorted(side.province_code for side in cluster.members)
                wanted |= {(a, b) for a in codes for b in codes if a < b and (a, b) in touching}
            rows = pairs[pairs["sector_code"] == sector]
            assert set(rows[["first", "second"]].itertuples(index=False, name=None)) == wanted


@pytest.mark.parametrize("method", METHODS)
def test_sides_add_up_and_shares_make_one(method: str) -> None:
    for cluster in crossing.find(catalog.open_dataset("demo"), Filters(), "3100", method=method):
        assert sum(side.establishments for side in cluster.sides) == cluster.establishments
        assert sum(cluster.provinces.values()) == pytest.approx(1)
        assert sum(side.establishments for side in cluster.old_sides) == cluster.establishments
        assert cluster.crosses_province == (len(cluster.members) > 1)
        regions = {admin.province_regions()[side.province_code] for side in cluster.members}
        assert set(cluster.regions) == regions
        assert cluster.crosses_region == (len(regions) > 1)
        assert all(side.establishments >= 3 and side.ratio >= 1.5 for side in cluster.members)


def test_outlines_are_land_and_cells_hang_together() -> None:
    for cluster in crossing.find(catalog.open_dataset("demo"), Filters(), "3100"):
        assert cluster.outline.is_valid
        assert cluster.outline.geom_type in ("Polygon", "MultiPolygon")
        hexagons = [shapely.Polygon([(x, y) for y, x in h3.cell_to_boundary(cell)]) for cell in cluster.cells]
        whole = plane.area_km2(np.array([shapely.union_all(hexagons)]))[0]
        assert 0 < plane.area_km2(np.array([cluster.outline]))[0] <= whole + 0.01
        reached, left = {cluster.cells[0]}, set(cluster.cells[1:])
        while grown := {cell for cell in left if set(h3.grid_disk(cell, 1)) & reached}:
            reached |= grown
            left -= grown
        assert not left


def test_the_order_of_rows_changes_nothing(made: Dataset, rows: list[pd.DataFrame], tmp_path: Path) -> None:
    mixed = pd.concat(rows).sample(frac=1, random_state=4)
    other = spot_sets.write(tmp_path, mixed)
    for method in METHODS:
        first, second = (crossing.find(data, Filters(), "1077", method=method) for data in (made, other))
        assert first == second
        assert all(a.outline.equals(b.outline) for a, b in zip(first, second, strict=True))
    pd.testing.assert_frame_equal(
        crossing.province_pairs(made, Filters()), crossing.province_pairs(other, Filters())
    )


def test_the_small_real_set_is_answered() -> None:
    real = catalog.open_dataset("real")
    for vintage in ("2025", "pre2025"):
        assert isinstance(crossing.province_pairs(real, Filters(vintage=vintage)), pd.DataFrame)
        for sector in ("10", "16", "1077"):
            for cluster in crossing.find(real, Filters(vintage=vintage), sector):
                assert cluster.establishments >= 5


def test_command_lists_crossing_clusters(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hotspots", "--sector", "1077", "--dataset", "demo", "--crossing", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    (cluster,) = json.loads(out)
    assert cluster["crosses_province"]
    assert {side["province_code"] for side in cluster["sides"]} >= {
        "66",
        "68",
    }
    assert cluster["outline"]["type"] == "Polygon"
    assert "chưa có toạ độ" in err


def test_command_lists_provinces_and_hexagons(capsys: pytest.CaptureFixture[str]) -> None:
    base = ["--lang", "en", "hotspots", "--sector", "1077", "--dataset", "demo", "--format", "json"]
    assert main([*base, "--level", "province", "--method", "moran"]) == 0
    provinces = json.loads(capsys.readouterr().out)
    assert len(provinces) == 34
    assert {"quadrant", "moran_p_fdr", "hot", "province_name"} <= set(provinces[0])
    assert main([*base, "--cells"]) == 0
    cells = json.loads(capsys.readouterr().out)
    assert all(h3.is_valid_cell(row["cell"]) and row["count"] > 0 for row in cells)


@pytest.mark.parametrize("wrong", [["--sector", "9999"], ["--sector", "1077", "--alpha", "2"]])
def test_command_refuses_what_it_does_not_know(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hotspots", *wrong]) == 2
    assert capsys.readouterr().err.strip()
