"""Named island points: the archipelagos Hoàng Sa and Trường Sa, and islands far from the coast."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

HOANG_SA, TRUONG_SA, OTHER = "Hoàng Sa", "Trường Sa", "khác"
# Positions in degrees and minutes, to about a minute (general knowledge).
# name_vi, name_en, group, kind, latitude, longitude
GROUPS = [
    ("Quần đảo Hoàng Sa", "Hoang Sa Archipelago", HOANG_SA, "label", (16, 30), (112, 0)),
    ("Đảo Hoàng Sa", "Hoang Sa Island", HOANG_SA, "island", (16, 32), (111, 36)),
    ("Đảo Phú Lâm", "Phu Lam Island", HOANG_SA, "island", (16, 50), (112, 20)),
    ("Đảo Linh Côn", "Linh Con Island", HOANG_SA, "island", (16, 40), (112, 44)),
    ("Đảo Tri Tôn", "Tri Ton Island", HOANG_SA, "island", (15, 47), (111, 12)),
    ("Quần đảo Trường Sa", "Truong Sa Archipelago", TRUONG_SA, "label", (9, 25), (114, 25)),
    ("Đảo Trường Sa", "Truong Sa Island", TRUONG_SA, "island", (8, 39), (111, 55)),
    ("Đảo Song Tử Tây", "Song Tu Tay Island", TRUONG_SA, "island", (11, 26), (114, 20)),
    ("Đảo Nam Yết", "Nam Yet Island", TRUONG_SA, "island", (10, 11), (114, 22)),
    ("Đảo Sinh Tồn", "Sinh Ton Island", TRUONG_SA, "island", (9, 53), (114, 20)),
    ("Đảo Sơn Ca", "Son Ca Island", TRUONG_SA, "island", (10, 22), (114, 28)),
    ("Đảo An Bang", "An Bang Island", TRUONG_SA, "island", (7, 54), (112, 55)),
]
PROVINCE = {HOANG_SA: ("48", "48"), TRUONG_SA: ("56", "56")}
# Special zones whose island is small on a map of the country: code, name_vi, name_en, old province.
ZONES = [
    ("11948", "Đảo Bạch Long Vĩ", "Bach Long Vi Island", "31"),
    ("19742", "Đảo Cồn Cỏ", "Con Co Island", "45"),
    ("21548", "Đảo Lý Sơn", "Ly Son Island", "51"),
    ("23272", "Đảo Phú Quý", "Phu Quy Island", "60"),
    ("26732", "Côn Đảo", "Con Dao", "77"),
    ("31105", "Đảo Thổ Chu", "Tho Chu Island", "91"),
]


def island_points(communes: pd.DataFrame) -> gpd.GeoDataFrame:
    """Points and labels of the islands.

    Parameters
    ----------
    communes : DataFrame
        Communes of the 2025 vintage (``commune_code``, ``province_code``, ``lat``, ``lon``): the positions
        of the special zones come from there.

    Returns
    -------
    GeoDataFrame
        ``name_vi``, ``name_en``, ``group`` (Hoàng Sa, Trường Sa or khác), ``kind`` (``island``, or
        ``label`` for the archipelago's name, to be written across the group), ``province_code_2025``,
        ``province_code_pre2025``, geometry (EPSG:4326); sorted by group, kind and name.
    """
    rows = [
        (vi, en, group, kind, *PROVINCE[group], lat[0] + lat[1] / 60, lon[0] + lon[1] / 60)
        for vi, en, group, kind, lat, lon in GROUPS
    ]
    zone = communes.set_index("commune_code")
    for code, vi, en, before in ZONES:
        now, lat_deg, lon_deg = (zone[column][code] for column in ("province_code", "lat", "lon"))
        rows.append((vi, en, OTHER, "island", str(now), before, float(lat_deg), float(lon_deg)))
    columns = [
        "name_vi",
        "name_en",
        "group",
        "kind",
        "province_code_2025",
        "province_code_pre2025",
        "lat",
        "lon",
    ]
    table = pd.DataFrame(rows, columns=columns).sort_values(["group", "kind", "name_vi"], ignore_index=True)
    points = gpd.points_from_xy(table["lon"].round(5), table["lat"].round(5), crs="EPSG:4326")
    return gpd.GeoDataFrame(table.drop(columns=["lat", "lon"]), geometry=points)
