"""From an address or a point to a commune."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo import paths
from geo.build import commune_aliases
from geo.errors import DataError, PlaceError
from geo.places import boundaries, locate
from geo.places.spelling import tone_form

OLD = locate.communes("pre2025")
NEW = locate.communes("2025")


def found(province, commune, district="", vintage="pre2025"):
    match = locate.find_commune(province, commune, district, vintage)
    return (match.name_vi, match.how) if match else None


@pytest.mark.parametrize(
    ("province", "district", "commune", "expected"),
    [
        ("19", "TP. Thái Nguyên", "xã Tân Cương", ("Xã Tân Cương", "name")),
        ("19", "thanh pho thai nguyen", "tan cuong", ("Xã Tân Cương", "name")),
        ("66", "Cư M'gar", "thị trấn Quảng Phú", ("Thị trấn Quảng Phú", "name")),
        ("66", "Buôn Ma Thuột", "KCN Hòa Phú, xã Hòa Phú", ("Xã Hòa Phú", "name")),
        ("79", "Q. Tân Bình", "P.15", ("Phường 15", "name")),
        ("79", "Quận Tân Bình", "Phường 04", ("Phường 4", "name")),
        ("46", "Thuận Hóa", "Phường Đúc", ("Phường Phường Đúc", "name")),
        ("01", "Thanh Oai", "Phương Trung", ("Xã Phương Trung", "name")),
        ("02", "Quản Bạ", "Lùng Tám", ("Xã Lùng Tám", "name")),
        ("38", "Nga Sơn", "xã Nga Thanh", ("Xã Nga Thanh", "name")),
        ("38", "Nga Sơn", "xã Nga Thành", ("Xã Nga Thành", "name")),
        ("38", "Hoằng Hoá", "Hoằng Quỳ", ("Xã Hoằng Quỳ", "name")),
        ("42", "Kỳ Anh (Huyện)", "Kỳ Bắc", ("Xã Kỳ Bắc", "name")),
        ("38", "Thiệu Hóa", "xã Thiệu Châu", ("Xã Tân Châu", "former name")),
        ("38", "Tĩnh Gia", "xã Hải Bình", ("Phường Hải Bình", "name")),
        ("04", "Trà Lĩnh", "xã Quang Hán", ("Xã Quang Hán", "district unknown")),
        ("27", "Tiên Du", "Lạc Vẹe", ("Xã Lạc Vệ", "typo")),
    ],
)
def test_old_addresses(province, district, commune, expected):
    match = found(province, commune, district)
    assert match is not None
    # The package names one commune "Phường Đúc" with or without its type in front.
    assert (match[0].replace("Phường Phường", "Phường"), match[1]) == (
        expected[0].replace("Phường Phường", "Phường"),
        expected[1],
    )


@pytest.mark.parametrize(
    ("province", "district", "commune"),
    [
        ("38", "Nga Sơn", "xa nga thanh"),  # two communes differ by the tone alone
        ("01", "Gia Lâm", ""),
        ("01", "Gia Lâm", "xã Không Có"),
        ("79", "", "Phường 1"),  # many districts have one
    ],
)
def test_what_fits_none_or_several_is_not_guessed(province, district, commune):
    assert found(province, commune, district) is None


def test_today_communes_have_no_district():
    assert found("01", "Hoàn Kiếm", vintage="2025") == ("Phường Hoàn Kiếm", "name")
    assert found("01", "phuong hoan kiem", vintage="2025") == ("Phường Hoàn Kiếm", "name")


def test_a_province_of_the_other_vintage_is_refused():
    with pytest.raises(PlaceError):
        locate.find_commune("02", "Lùng Tám", vintage="2025")


def test_every_old_commune_is_found_by_its_own_address():
    sample = OLD.dropna(subset=["district_vi"]).sample(600, random_state=7)
    missed = []
    for code, row in sample.iterrows():
        match = locate.find_commune(row["province_code"], row["name_vi"], row["district_vi"])
        if match is None or match.commune_code != code:
            missed.append((code, row["name_vi"], row["district_vi"], match and match.name_vi))
    assert not missed


def test_every_new_commune_is_found_by_its_own_name():
    sample = NEW.sample(400, random_state=7)
    for code, row in sample.iterrows():
        match = locate.find_commune(row["province_code"], row["name_vi"], vintage="2025")
        assert match is None or match.commune_code == code


def test_split_communes_say_so():
    split = OLD[OLD["split"].fillna(False).astype(bool)].iloc[0]
    match = locate.find_commune(split["province_code"], split["name_vi"], split["district_vi"])
    assert match is not None
    assert match.split


def test_tone_form_keeps_words_apart_and_spellings_together():
    assert tone_form("Hoà") == tone_form("hòa")
    assert tone_form("chè") != tone_form("che")
    assert tone_form("sắn") != tone_form("săn")
    assert tone_form("mía, Đường") == tone_form("MÍA đường")


@pytest.fixture(scope="module")
def own_points():
    rows = {}
    for vintage, table in (("pre2025", OLD), ("2025", NEW)):
        fine = table[table["lat"].notna() & (table["point_quality"] == "ok")]
        rows[vintage] = fine.sample(300, random_state=3)
    return rows


@pytest.mark.parametrize("vintage", ["pre2025", "2025"])
def test_commune_points_fall_in_their_own_commune_and_province(own_points, vintage):
    points = own_points[vintage]
    assigned = locate.assign_communes(points[["lat", "lon"]])
    same_province = assigned[f"province_code_{vintage}"].to_numpy() == points["province_code"].to_numpy()
    same_commune = assigned[f"commune_code_{vintage}"].to_numpy() == points.index.to_numpy()
    assert same_province.mean() >= 0.995
    assert same_commune.mean() >= 0.95


def test_both_vintages_agree_by_the_crosswalk(own_points):
    points = own_points["2025"]
    assigned = locate.assign_communes(points[["lat", "lon"]])
    walk = pd.read_csv(paths.DATA / "crosswalk.csv", dtype=str).set_index("pre2025_code")["code_2025"]
    mapped = assigned["province_code_pre2025"].map(walk)
    assert (mapped == assigned["province_code_2025"]).all()


def test_points_off_the_coast_take_the_nearest_commune_or_none():
    points = pd.DataFrame(
        {"lat": [20.0, 15.0, np.nan, 21.03], "lon": [112.0, 95.0, 105.0, 105.85]}, index=["a", "b", "c", "d"]
    )
    before = points.copy()
    assigned = locate.assign_communes(points)
    pd.testing.assert_frame_equal(points, before)
    assert list(assigned.index) == list(points.index)
    assert assigned.loc[["a", "b", "c"]].isna().all().all()
    assert assigned.at["d", "province_code_2025"] == "01"


def test_a_point_slightly_off_the_coast_is_taken_in():
    land = boundaries.load("commune", "2025").to_crs(locate.METRIC_CRS)
    row = land[land["province_code"] == "48"].iloc[0]
    reach = locate.NEAREST_KM * 1000
    coast = land.union_all().boundary
    point = row.geometry.representative_point()
    outside = coast.interpolate(coast.project(point))
    ring = outside.buffer(reach * 0.6).boundary
    off = [ring.interpolate(i / 72, normalized=True) for i in range(72)]
    sea = [spot for spot in off if not land.intersects(spot).any()]
    assert sea
    spots = gpd.GeoSeries(sea, crs=locate.METRIC_CRS).to_crs(4326)
    assigned = locate.assign_communes(pd.DataFrame({"lat": spots.y, "lon": spots.x}))
    assert assigned["commune_code_2025"].notna().all()


def test_missing_columns_are_refused():
    with pytest.raises(DataError, match="lat"):
        locate.assign_communes(pd.DataFrame({"lon": [105.0]}))


def test_former_names_are_rebuilt_byte_for_byte(tmp_path):
    for made in commune_aliases.build(tmp_path):
        assert made.read_bytes() == (paths.DATA / made.name).read_bytes()
