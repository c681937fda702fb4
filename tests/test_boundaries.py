"""Loading boundaries, and putting official ones in their place."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.affinity import translate

from geo.errors import DataError, ParameterError
from geo.places import admin, boundaries


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Whatever a test installs stays in its own folder."""
    monkeypatch.setenv("PRODUCT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def _official(vintage: str = "2025") -> gpd.GeoDataFrame:
    """Stand-in for an official file: the light shapes, with a column of names as an office writes them."""
    shapes = boundaries.load("province", vintage, "screen")
    kinds = admin.provinces(vintage)["province_type"].loc[shapes["province_code"]].str.capitalize()
    names = kinds.to_numpy() + " " + shapes["name_vi"].to_numpy()
    return gpd.GeoDataFrame({"TEN_TINH": names}, geometry=shapes.geometry.to_numpy(), crs="EPSG:4326")


def _save(frame: gpd.GeoDataFrame, path: Path) -> Path:
    frame.to_file(path)
    return path


# loading


@pytest.mark.parametrize("vintage", ["2025", "pre2025"])
@pytest.mark.parametrize("detail", ["full", "screen"])
def test_provinces_are_complete_and_labelled_inside(vintage: str, detail: str) -> None:
    frame = boundaries.load("province", vintage, detail)
    assert list(frame["province_code"]) == list(admin.provinces(vintage).index)
    assert (frame["name_vi"].to_numpy() == admin.provinces(vintage)["name_vi"].to_numpy()).all()
    labels = gpd.GeoSeries(gpd.points_from_xy(frame["label_lon"], frame["label_lat"]), crs=4326)
    assert frame.contains(labels).all()


@pytest.mark.parametrize("region_set", admin.region_sets())
@pytest.mark.parametrize("detail", ["full", "screen"])
def test_regions_cover_the_country(region_set: str, detail: str) -> None:
    vintage = admin.region_set_vintage(region_set)
    regions = boundaries.load("region", vintage, detail, region_set=region_set)
    provinces = boundaries.load("province", vintage, detail)
    assert set(regions["region_code"]) == set(admin.province_regions(region_set))
    assert regions["area_km2"].sum() == pytest.approx(provinces["area_km2"].sum(), rel=0.01)
    assert regions["name_vi"].notna().all()


@pytest.mark.parametrize(
    "arguments",
    [("district", "2025"), ("province", "1976"), ("province", "2025", "coarse")],
)
def test_unknown_choices_are_refused(arguments: tuple[str, ...]) -> None:
    with pytest.raises(ParameterError):
        boundaries.load(*arguments)


def test_a_region_set_of_the_other_vintage_is_refused() -> None:
    with pytest.raises(ParameterError, match="2025_NQ306_34"):
        boundaries.load("region", "2025", region_set="2023_NQ81_63")


# official files


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.shp", "a.parquet"])
def test_official_provinces_take_over_and_can_be_given_back(tmp_path: Path, name: str) -> None:
    shipped, version = boundaries.load("province", "2025"), boundaries.data_version()
    path = tmp_path / name
    _official().to_parquet(path) if name.endswith("parquet") else _save(_official(), path)
    report = boundaries.use(path)
    assert report.attrs["vintage"] == "2025"
    assert (report["overlap_share"] > 0.9).all()
    assert boundaries.data_version() != version
    mine = boundaries.load("province", "2025")
    assert list(mine.columns) == list(shipped.columns)
    assert not shapely.equals(mine.geometry.to_numpy(), shipped.geometry.to_numpy()).any()
    region = boundaries.load("region", "2025")
    assert region["area_km2"].sum() == pytest.approx(mine["area_km2"].sum(), rel=1e-3)
    assert len(boundaries.load("province", "2025", "screen")) == 34
    assert boundaries.in_use()["2025"]["source"] == name
    assert boundaries.reset() is True
    assert boundaries.data_version() == version
    assert shapely.equals(
        boundaries.load("province", "2025").geometry.to_numpy(), shipped.geometry.to_numpy()
    ).all()
    assert boundaries.reset() is False


def test_a_file_of_the_63_replaces_both_vintages(tmp_path: Path) -> None:
    boundaries.use(_save(_official("pre2025"), tmp_path / "a.gpkg"))
    assert set(boundaries.in_use()) == {"2025", "pre2025"}
    old, new = boundaries.load("province", "pre2025"), boundaries.load("province", "2025")
    assert (len(old), len(new)) == (63, 34)
    assert new["area_km2"].sum() == pytest.approx(old["area_km2"].sum(), rel=1e-4)


def test_checking_installs_nothing(tmp_path: Path) -> None:
    version = boundaries.data_version()
    report = boundaries.check(_save(_official(), tmp_path / "a.gpkg"))
    assert len(report) == 34
    assert boundaries.data_version() == version


def test_codes_will_do_where_there_are_no_names(tmp_path: Path) -> None:
    frame = _official()
    codes = boundaries.load("province", "2025")["province_code"].astype(int)
    path = _save(frame.assign(MA=codes.to_numpy()).drop(columns="TEN_TINH"), tmp_path / "a.gpkg")
    assert boundaries.check(path).attrs["column"] == "MA"


def test_a_known_projection_is_turned_to_degrees_and_said(tmp_path: Path) -> None:
    report = boundaries.check(_save(_official().to_crs("EPSG:3405"), tmp_path / "a.gpkg"))
    assert "VN-2000" in report.attrs["crs"]
    assert any("Reprojected" in note for note in report.attrs["notes_en"])
    assert (report["overlap_share"] > 0.9).all()


def test_rows_of_the_archipelagos_join_their_province(tmp_path: Path) -> None:
    extra = gpd.GeoDataFrame(
        {"TEN_TINH": ["Quần đảo Hoàng Sa", "Quần đảo Trường Sa"]},
        geometry=[shapely.Point(111.6, 16.5).buffer(0.1), shapely.Point(114.3, 10.2).buffer(0.1)], crs=4326,
    )  # fmt: skip
    frame = gpd.GeoDataFrame(pd.concat([_official(), extra], ignore_index=True))
    boundaries.use(_save(frame, tmp_path / "a.gpkg"))
    mine = boundaries.load("province", "2025").set_index("province_code").geometry
    assert mine["48"].bounds[2] > 111
    assert mine["56"].bounds[2] > 114


def test_a_shape_that_can_be_repaired_is_repaired_and_said(tmp_path: Path) -> None:
    frame = _official()
    shape = shapely.get_parts(frame.geometry.iloc[0])[0]
    ring = shapely.get_coordinates(shape.exterior)
    spike = np.vstack([ring[:2], ring[1] + [0.001, 0.001], ring[1], ring[1:]])
    frame.loc[0, "geometry"] = shapely.Polygon(spike)
    assert not frame.geometry.iloc[0].is_valid
    report = boundaries.check(_save(frame, tmp_path / "a.gpkg"))
    assert list(report.loc[report["repaired"], "province_code"]) == ["01"]
    assert any("Hà Nội" in note for note in report.attrs["notes_vi"])


def _without_crs() -> gpd.GeoDataFrame:
    return _official().set_crs(None, allow_override=True)


def _metres_called_degrees() -> gpd.GeoDataFrame:
    return _official().to_crs("EPSG:3405").set_crs("EPSG:4326", allow_override=True)


def _another_country() -> gpd.GeoDataFrame:
    names = ["Vientiane", "Champasak", "Savannakhet", "Attapeu", "Sekong", "Salavan"]
    cells = [shapely.box(100 + k * 0.5, 17.5, 100.5 + k * 0.5, 18.5) for k in range(6)]
    return gpd.GeoDataFrame({"name": names}, geometry=cells, crs=4326)


def _three_missing() -> gpd.GeoDataFrame:
    return _official().iloc[3:]


def _doubled() -> gpd.GeoDataFrame:
    frame = _official()
    return gpd.GeoDataFrame(pd.concat([frame, frame.iloc[[5]]], ignore_index=True))


def _no_names() -> gpd.GeoDataFrame:
    return _official().assign(TEN_TINH=[f"ô {k}" for k in range(34)])


def _unknown_row() -> gpd.GeoDataFrame:
    row = gpd.GeoDataFrame(
        {"TEN_TINH": ["Vùng tranh tối"]}, geometry=[shapely.box(105, 21, 105.1, 21.1)], crs=4326
    )
    return gpd.GeoDataFrame(pd.concat([_official(), row], ignore_index=True))


def _overlapping() -> gpd.GeoDataFrame:
    frame = _official()
    frame.loc[0, "geometry"] = frame.geometry.iloc[0].buffer(0.1)
    return frame


def _names_shuffled() -> gpd.GeoDataFrame:
    frame = _official()
    return frame.assign(TEN_TINH=np.roll(frame["TEN_TINH"].to_numpy(), 1))


def _empty_shape() -> gpd.GeoDataFrame:
    frame = _official()
    frame.loc[0, "geometry"] = None
    return frame


def _beyond_repair() -> gpd.GeoDataFrame:
    frame = _official()
    west, south, east, north = frame.geometry.iloc[0].bounds
    frame.loc[0, "geometry"] = shapely.Polygon([(west, south), (east, north), (east, south), (west, north)])
    return frame


def _lines() -> gpd.GeoDataFrame:
    frame = _official()
    return frame.set_geometry(frame.boundary)


WRONG = [
    (_without_crs, "hệ tọa độ", "coordinate system"),
    (_metres_called_degrees, "mét", "metres"),
    (_another_country, "nước khác", "another country"),
    (_three_missing, "thiếu 3: Hà Nội, Cao Bằng, Tuyên Quang", "3 are missing"),
    (_doubled, "lặp lại", "more than once"),
    (_no_names, "cột tên", "column"),
    (_unknown_row, "Vùng tranh tối", "none of the 34"),
    (_overlapping, "chồng lên nhau", "overlap"),
    (_names_shuffled, "không nằm ở vị trí", "not where"),
    (_empty_shape, "không có hình", "no shape"),
    (_beyond_repair, "không tự sửa được", "beyond repair"),
    (_lines, "vùng", "areas"),
]


@pytest.mark.parametrize(("make", "vi", "en"), WRONG, ids=[w[0].__name__.strip("_") for w in WRONG])
def test_wrong_files_are_refused_in_both_languages(tmp_path: Path, make, vi: str, en: str) -> None:
    path = tmp_path / "a.parquet"
    make().to_parquet(path)
    version = boundaries.data_version()
    with pytest.raises(DataError) as caught:
        boundaries.use(path)
    assert vi in caught.value.vi
    assert en in caught.value.en
    assert boundaries.data_version() == version


def test_a_country_elsewhere_is_refused(tmp_path: Path) -> None:
    frame = _official()
    away = frame.set_geometry([translate(shape, 20, 20) for shape in frame.geometry]).set_crs(4326)
    with pytest.raises(DataError, match="another country"):
        boundaries.check(_save(away, tmp_path / "a.gpkg"))


@pytest.mark.parametrize(
    ("name", "text", "en"),
    [
        ("a.txt", "x", "must be GeoPackage"),
        ("a.gpkg", "x", "cannot be read"),
        ("b.gpkg", None, "does not exist"),
    ],
)
def test_files_that_are_no_boundaries_are_refused(
    tmp_path: Path, name: str, text: str | None, en: str
) -> None:
    path = tmp_path / name
    if text:
        path.write_text(text)
    with pytest.raises(DataError, match=en):
        boundaries.check(path)
