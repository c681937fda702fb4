"""The real list: sectors read from words, places, and the shipped dataset."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest

from geo import paths
from geo.build import establishments_real as real
from geo.places import boundaries
from geo.store import catalog
from geo.subjects import establishments as schema
from geo.subjects.product_words import infer_class, infer_material


@pytest.fixture(scope="module")
def rows():
    return real.real_establishments()[0]


@pytest.mark.parametrize(
    ("division", "product", "name", "sector", "material"),
    [
        ("10", "Chè móc câu", "HTX chè Hảo Đạt", "1076", "tea_fresh_leaf"),
        ("10", "", "Trà Trí Việt", "1076", "tea_fresh_leaf"),
        ("10", "Trà tim sen", "Trà tim sen Hòa Đồng", "", ""),
        ("10", "Mật hoa dừa; đường hoa dừa", "Công ty TNHH Trà Vinh FARM", "", ""),
        ("10", "Cà phê bột", "Công ty CP Godere", "1077", "coffee"),
        ("10", "Đường mía", "Nhà máy đường An Khê", "1072", "sugarcane"),
        ("10", "Đường thốt nốt", "Làng nghề đường thốt nốt An Phú", "", ""),
        ("10", "Nước mắm", "Nước mắm nhỉ Bà Mười", "1020", "marine_fish_catch_fish_only"),
        ("10", "Tinh bột sắn dây chanh leo", "HTX Bình An", "1062", ""),
        ("10", "", "Nhà máy chế biến tinh bột mỳ", "1062", "cassava"),
        ("10", "Tinh bột sắn", "Nhà máy", "1062", "cassava"),
        ("10", "Miến dong, bánh đa", "Làng nghề miến dong, bánh đa Phú Diễn", "1074", ""),
        ("10", "Miến gạo", "Làng nghề miến gạo Phú Cường", "1074", "paddy_rice"),
        ("10", "Gạo Hạt Ngọc Rồng", "HTX nông nghiệp Long Hiệp", "1061", "paddy_rice"),
        ("10", "Hạt điều rang muối", "Công ty CP Hà Mỵ", "1079", "cashew"),
        ("10", "Gà ủ muối hoa tiêu", "Cơ sở Hùng Miên", "1010", ""),
        ("14", "", "Xưởng may Thanh Sơn", "1410", ""),
        ("28", "Máy đầm dùi", "Công ty TNHH cơ khí Toàn Phát", "", ""),
        ("16", "Nón lá", "Làng nón Chuông", "1629", ""),
        ("16", "Mây tre đan", "HTX mây tre đan Tuấn Hà", "1629", "bamboo"),
        ("16", "Dăm gỗ", "Công ty TNHH Hoàng Lâm", "1610", "harvested_wood"),
        ("31", "Mộc", "Làng nghề mộc Chi Lăng", "3100", "harvested_wood"),
        ("25", "", "Làng nghề đúc đồng Chè Đông", "2599", ""),
        ("23", "", "Nhà máy gạch Nam Sơn", "2392", ""),
        ("", "Chè xanh", "Chè", "", ""),
    ],
)
def test_words_say_class_and_material(division, product, name, sector, material):
    assert infer_class(division, product, name) == sector
    assert infer_material(division, product, name) == material


def test_spelling_of_the_words_does_not_matter():
    import unicodedata

    decomposed = unicodedata.normalize("NFD", "Cà phê hoà tan")
    assert infer_class("10", decomposed, "") == "1077"
    assert infer_class("10", "CHÈ XANH", "") == "1076"
    assert infer_class("10", "che xanh", "") == ""


def test_every_source_row_is_in(rows):
    source = real.read_source()
    assert len(rows) == len(source) == 494
    assert rows["licence"].value_counts().to_dict() == source["licence"].value_counts().to_dict()
    assert rows["establishment_id"].is_unique
    assert (rows["vintage"] == "pre2025").all()
    schema.check(schema.complete(rows))


def test_ids_do_not_depend_on_row_order():
    source = real.read_source()
    shuffled = source.sample(frac=1, random_state=1)
    columns = ["name", "source_url", "lat"]
    first = dict(zip(real._ids(source), source[columns].itertuples(index=False, name=None), strict=True))
    second = dict(zip(real._ids(shuffled), shuffled[columns].itertuples(index=False, name=None), strict=True))
    assert first == second


def test_sector_codes_are_known_or_marked(rows):
    known = set(pd.read_csv(paths.DATA / "sectors.csv", dtype=str)["sector_code"])
    inferred = rows[rows["sector_status"] == "inferred"]
    assert set(inferred["sector_code"]) <= known
    assert (inferred["sector_code"].str.len() == 4).all()
    assert (rows.loc[rows["sector_status"] == "division only", "sector_code"].str.len() == 2).all()
    assert rows.loc[rows["sector_status"] == "none", "sector_code"].isna().all()
    source = real.read_source()
    stated = dict(zip(real._ids(source), source["vsic_division"], strict=True))
    for row in inferred.itertuples():
        assert row.sector_code[:2] == stated[row.establishment_id]


def test_materials_are_of_the_catalogue(rows):
    known = set(pd.read_csv(paths.DATA / "materials.csv", dtype=str)["material_code"])
    assert set(rows["material_code"].dropna()) <= known


def test_location_quality(rows):
    counts = rows["location_quality"].value_counts().to_dict()
    assert counts == {"point": 302, "commune": 108, "province": 84}
    nowhere = rows["location_quality"] == "province"
    assert rows.loc[nowhere, ["lat", "lon", "commune_code_2025", "commune_code_pre2025"]].isna().all().all()
    assert rows.loc[~nowhere, ["lat", "lon", "commune_code_pre2025"]].notna().all().all()
    own = rows["licence"] == real.LICENCE_OSM
    assert (rows.loc[own, "location_quality"] == "point").all()


@pytest.mark.parametrize("vintage", ["pre2025", "2025"])
def test_located_rows_lie_in_their_province(rows, vintage):
    located = rows.dropna(subset=["lat", "lon"])
    points = gpd.GeoDataFrame(
        located[["establishment_id", f"province_code_{vintage}"]],
        geometry=gpd.points_from_xy(located["lon"], located["lat"]),
        crs=4326,
    ).to_crs(3857)
    areas = boundaries.load("province", vintage).to_crs(3857).set_index("province_code")["geometry"]
    own = gpd.GeoSeries(
        points[f"province_code_{vintage}"].map(areas).to_numpy(), index=points.index, crs=3857
    )
    distance_km = points.geometry.distance(own) / 1000
    # The fabric is true to about a kilometre: a few points lie just off the coast or across a border.
    assert (distance_km > 0).mean() <= 0.02
    assert distance_km.max() < 2


def test_craft_villages_are_told_from_companies(rows):
    by_name = rows.set_index("name")["craft_village"]
    for name in ("Làng nghề gốm Bát Tràng", "Nghề rèn Phước Công", "Ironsmith Village"):
        assert by_name[name]
    for name in ("Công ty CP Godere", "Nhà máy may Shinwon", "Nước mắm Ngân Mỹ Á"):
        assert not by_name[name]


def test_likely_duplicates_are_named_not_dropped(rows):
    pairs = real.likely_duplicates(rows)
    named = {frozenset((row.first_name, row.second_name)) for row in pairs.itertuples()}
    assert frozenset(("HTX chè Hảo Đạt", "Hợp tác xã chè Hảo Đạt")) in named
    assert len(pairs) < 30


def test_shipped_dataset_is_rebuilt_identically(tmp_path):
    built = real.build(tmp_path)
    shipped = catalog.open_dataset("real")
    assert built.version == shipped.version
    assert built.kind == shipped.kind == "real"
    for made, kept in zip(built.files(), shipped.files(), strict=True):
        assert made.read_bytes() == kept.read_bytes()


def test_openstreetmap_rows_are_a_file_of_their_own_with_attribution():
    shipped = catalog.open_dataset("real")
    licences = [set(pd.read_parquet(file)["licence"]) for file in shipped.files()]
    assert licences == [{real.LICENCE_OSM}, {"facts from public notices"}]
    assert any("OpenStreetMap contributors" in part for part in shipped.manifest["provenance"]["parts_en"])
