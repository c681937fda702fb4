"""The shipped fabric: points judged, levels that nest, areas near the official ones, the same when rebuilt."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal

from geo import paths
from geo.build import communes, fabric, islands, outline, sites
from geo.errors import DataError
from geo.places import boundaries, plane

VINTAGES = ("2025", "pre2025")
FOLDER = paths.DATA / "boundaries"


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return pd.read_parquet(paths.DATA / "communes.parquet")


def _points(table: pd.DataFrame, vintage: str) -> gpd.GeoDataFrame:
    rows = table[(table["vintage"] == vintage) & table["lat"].notna()]
    return gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy(rows["lon"], rows["lat"]), crs="EPSG:4326")


# communes and their points


def test_every_commune_of_both_vintages_is_listed(table: pd.DataFrame) -> None:
    assert table["vintage"].value_counts().to_dict() == {"pre2025": 10040, "2025": 3321}
    assert not table.duplicated(["vintage", "commune_code"]).any()
    assert (table["commune_code"].str.len() == 5).sum() == len(table) - 5  # five districts had no commune
    old = table[table["vintage"] == "pre2025"]
    assert old["code_2025"].isin(table.loc[table["vintage"] == "2025", "commune_code"]).all()


def test_wrong_points_are_named_and_replaced(table: pd.DataFrame) -> None:
    kinds = table.groupby(["vintage", "point_quality"]).size()
    assert kinds["2025"].to_dict() == {"ok": 3308, "substituted": 13}
    assert kinds["pre2025"].to_dict() == {"missing": 4, "ok": 9747, "substituted": 289}
    assert ((table["point_note"] == "") == (table["point_quality"] == "ok")).all()
    missing = table[table["point_quality"] == "missing"]
    assert missing["lat"].isna().all()
    assert set(missing["district_vi"]) == {"Huyện Trường Sa", "Huyện Hoàng Sa"}


def test_no_commune_of_truong_sa_is_left_on_the_mainland(table: pd.DataFrame) -> None:
    assert table.loc[table["district_vi"] == "Huyện Trường Sa", "lat"].isna().all()
    zone = table[table["name_vi"].isin(["Đặc khu Trường Sa", "Đặc khu Hoàng Sa"])]
    assert zone.set_index("province_code")["lon"].gt(111).to_dict() == {"48": True, "56": True}


@pytest.mark.parametrize(
    ("code", "lat", "lon"),
    [("06757", 21.33, 107.88), ("30130", 10.58, 105.51), ("04924", 20.89, 105.52)],
    ids=["Vĩnh Thực is by Móng Cái", "Thanh Bình is in Đồng Tháp", "Lương Sơn is in Hòa Bình"],
)
def test_namesakes_are_told_apart(table: pd.DataFrame, code: str, lat: float, lon: float) -> None:
    row = table[(table["vintage"] == "2025") & (table["commune_code"] == code)].iloc[0]
    assert (row["lat"], row["lon"]) == pytest.approx((lat, lon), abs=0.02)


def test_the_table_of_communes_is_rebuilt_the_same(tmp_path: Path) -> None:
    for made in communes.build(tmp_path):
        assert made.read_bytes() == (paths.DATA / made.name).read_bytes()


# layers


@pytest.mark.parametrize("vintage", VINTAGES)
@pytest.mark.parametrize("name", ["communes_{}", "provinces_{}", "provinces_{}_screen"])
def test_no_overlap_no_gap_and_valid(name: str, vintage: str) -> None:
    layer = gpd.read_parquet(FOLDER / f"{name.format(vintage)}.parquet")
    shapes = layer.geometry.to_numpy()
    assert layer.crs == "EPSG:4326"
    assert layer.is_valid.all()
    assert shapely.coverage_is_valid(shapes)
    joined = shapely.coverage_union_all(shapes)
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(joined) for ring in part.interiors]
    assert holes == []


@pytest.mark.parametrize("suffix", ["", "_screen"])
def test_63_nest_in_34_exactly(suffix: str) -> None:
    old = gpd.read_parquet(FOLDER / f"provinces_pre2025{suffix}.parquet")
    new = gpd.read_parquet(FOLDER / f"provinces_2025{suffix}.parquet").set_index("province_code")
    home = pd.read_csv(paths.DATA / "crosswalk.csv", dtype=str).set_index("pre2025_code")["code_2025"]
    codes, joined = plane.dissolve(
        old.geometry.to_numpy(), old["province_code"].map(home).to_numpy(dtype=object)
    )
    assert list(codes) == list(new.index)
    assert shapely.equals(joined, new.geometry.to_numpy()).all()


@pytest.mark.parametrize("vintage", VINTAGES)
def test_communes_nest_in_provinces_exactly(vintage: str) -> None:
    parts, whole = boundaries.load("commune", vintage), boundaries.load("province", vintage)
    codes, joined = plane.dissolve(parts.geometry.to_numpy(), parts["province_code"].to_numpy(dtype=object))
    assert list(codes) == list(whole["province_code"])
    assert shapely.equals(joined, whole.geometry.to_numpy()).all()


@pytest.mark.parametrize("vintage", VINTAGES)
def test_commune_points_lie_in_their_own_province(table: pd.DataFrame, vintage: str) -> None:
    provinces = boundaries.load("province", vintage)[["province_code", "geometry"]]
    found = gpd.sjoin(_points(table, vintage), provinces, predicate="intersects", how="left")
    own = found["province_code_left"] == found["province_code_right"]
    assert own.groupby(found["commune_code"]).any().mean() >= 0.995


def test_province_areas_are_near_the_official_ones() -> None:
    error = boundaries.report()["error_pct"].abs()
    assert len(error) == 34
    assert error.median() <= 1.0  # the bar is 3
    assert error.max() <= 9.5  # the bar is 12; Quảng Ninh, whose many islets the outline lacks


def test_commune_areas_are_near_the_official_ones(table: pd.DataFrame) -> None:
    shape = boundaries.load("commune", "2025").set_index("commune_code")["area_km2"]
    official = table[table["vintage"] == "2025"].set_index("commune_code")["area_km2"]
    error = (shape / official - 1).abs().dropna()
    assert error.median() <= 0.05


def test_a_commune_is_one_piece_on_each_island() -> None:
    layer = boundaries.load("commune", "2025")
    shapes = plane.to_plane(layer.geometry.to_numpy())
    scraps = [p.area for s in shapes if shapely.get_num_geometries(s) > 1 for p in shapely.get_parts(s)[1:]]
    country = shapely.get_parts(shapely.coverage_union_all(shapes))
    assert len(country) < 60
    assert len(scraps) < 60


@pytest.mark.parametrize(
    ("lat", "lon", "old", "new"),
    [
        (10.22, 103.98, "91", "91"), (8.69, 106.60, "77", "79"), (15.38, 109.12, "51", "51"),
        (10.53, 108.94, "60", "68"), (20.80, 107.00, "31", "31"), (20.98, 107.76, "22", "22"),
        (20.13, 107.73, "31", "31"), (17.16, 107.34, "45", "44"), (9.31, 103.48, "91", "91"),
    ],
    ids=["Phú Quốc", "Côn Đảo", "Lý Sơn", "Phú Quý", "Cát Bà", "Cô Tô", "Bạch Long Vĩ", "Cồn Cỏ", "Thổ Chu"],
)  # fmt: skip
def test_islands_belong_to_their_province(lat: float, lon: float, old: str, new: str) -> None:
    for vintage, code in (("pre2025", old), ("2025", new)):
        provinces = boundaries.load("province", vintage)
        inside = provinces[provinces.intersects(shapely.Point(lon, lat).buffer(0.02))]
        assert list(inside["province_code"]) == [code]


def test_both_archipelagos_have_islands_a_label_and_their_province() -> None:
    layer = boundaries.islands()
    for group, code, count in ((islands.HOANG_SA, "48", 4), (islands.TRUONG_SA, "56", 6)):
        rows = layer[layer["group"] == group]
        assert rows["kind"].value_counts().to_dict() == {"island": count, "label": 1}
        assert set(rows["province_code_2025"]) | set(rows["province_code_pre2025"]) == {code}
        hull = shapely.convex_hull(shapely.union_all(rows.loc[rows["kind"] == "island"].geometry.to_numpy()))
        assert hull.buffer(0.5).contains(rows.loc[rows["kind"] == "label"].geometry.iloc[0])


def test_neighbours_leave_our_land_and_the_archipelagos_alone() -> None:
    around = boundaries.context()
    land = shapely.coverage_union_all(boundaries.load("province", "2025").geometry.to_numpy())
    common = shapely.area(shapely.intersection(around.geometry.to_numpy(), land)).sum()
    assert common < 0.001 * land.area
    for sea in outline.ARCHIPELAGOS:
        assert not around.intersects(shapely.box(*sea)).any()
    assert len(around.to_json()) < 150_000


def test_files_are_light() -> None:
    for path in FOLDER.glob("communes_*.parquet"):
        assert path.stat().st_size < 4e6
    assert len(boundaries.load("province", "2025", "screen").to_json()) < 250_000


def test_region_table_equals_regions_dissolved_from_provinces() -> None:
    stored = gpd.read_parquet(FOLDER / "regions.parquet")
    for vintage, region_set in (("2025", "2025_NQ306_34"), ("pre2025", "2023_NQ81_63")):
        made = boundaries.load("region", vintage, region_set=region_set)
        mine = stored[stored["region_set"] == region_set]
        assert list(made["region_code"]) == list(mine["region_code"])
        assert shapely.equals(made.geometry.to_numpy(), mine.geometry.to_numpy()).all()


# the parts of the build


def _square(x: float, y: float, half: float) -> tuple[np.ndarray, np.ndarray]:
    return np.array([x - half, y - half]), np.array([x + half, y + half])


def _two_seeds() -> sites.Seeds:
    boxes = [_square(0, 0, 1000), _square(1500, 0, 1000)]
    low, high = (np.array([box[k] for box in boxes]) for k in (0, 1))
    return sites.Seeds(np.array(["a", "b"], dtype=object), np.array([[0.0, 0.0], [1500.0, 0.0]]), low, high)


def test_a_spot_goes_to_the_commune_in_whose_box_it_lies_most_centrally() -> None:
    seeds = _two_seeds()
    spots = np.array([[0.0, 0.0], [700.0, 0.0], [800.0, 0.0], [2400.0, 900.0]])
    who, seed, cost = sites.candidates(spots, seeds)
    assert list(sites.cheapest(who, seed, cost, np.ones(2))) == [0, 0, 1, 1]
    assert list(sites.cheapest(who, seed, cost, np.array([2.0, 0.5]))) == [0, 0, 0, 1]


def test_a_spot_in_no_box_goes_to_the_nearest_box() -> None:
    seeds = _two_seeds()
    who, seed, cost = sites.candidates(np.array([[3000.0, 0.0], [-3000.0, 0.0]]), seeds)
    assert (cost > 2).all()
    assert list(sites.cheapest(who, seed, cost, np.ones(2))) == [1, 0]


def test_scraps_join_their_neighbours_and_islands_stay() -> None:
    label = np.array([0, 0, 1, 0, 1, 1, 0])  # a line of sites; the last stands on an island of its own
    edges = np.column_stack([np.arange(6), np.arange(1, 7)])
    island = np.array([0, 0, 0, 0, 0, 0, 1])
    cleaned = sites.clean(label, edges, np.ones(7), island)
    assert list(cleaned) == [0, 0, 0, 1, 1, 1, 0]


def test_without_npm_the_sentence_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRODUCT_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DataError, match="Install Node.js"):
        outline.fetch()


def test_another_edition_of_the_outline_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRODUCT_HOME", str(tmp_path))
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / outline.ARCHIVE).write_bytes(b"something else")
    with pytest.raises(DataError, match="SHA-256"):
        outline.fetch()


def test_a_rebuild_is_the_same_byte_for_byte(tmp_path: Path) -> None:
    """The whole fabric from the registry packages: about a minute on two cores."""
    if shutil.which("npm") is None and not (paths.home() / "sources" / outline.ARCHIVE).exists():
        pytest.skip("the outline comes from the npm registry, and npm is not installed")
    made = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in fabric.build(tmp_path)}
    shipped = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FOLDER.glob("*.parquet")}
    assert made == shipped


def test_reading_twice_gives_new_frames() -> None:
    first = boundaries.load("province", "2025")
    first.loc[:, "name_vi"] = "x"
    second = boundaries.load("province", "2025")
    assert (second["name_vi"] != "x").all()
    assert_frame_equal(pd.DataFrame(boundaries.report()), pd.DataFrame(boundaries.report()))
