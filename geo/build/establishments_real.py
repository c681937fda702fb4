"""Makes the real list: establishments and craft villages named in public notices and OpenStreetMap.

Source: ``data/sources/establishments_real.csv`` (494 rows, vintage pre2025). OpenStreetMap rows (ODbL 1.0)
bring their own coordinates; rows from notices take the point of their commune when district and commune
are named, else only their province. Employees and needs are not public and stay empty.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
from rapidfuzz import fuzz

from geo import paths
from geo.places import admin, locate
from geo.places.spelling import key, tone_form
from geo.store import catalog
from geo.store.catalog import Dataset
from geo.subjects.establishments import NEEDS
from geo.subjects.product_words import infer_class, infer_material

NAME = "real"
LABEL_VI, LABEL_EN = "Danh sách thật (nguồn công khai)", "Real list (public sources)"
SOURCE_FILE = paths.DATA / "sources" / "establishments_real.csv"
LICENCE_OSM = "ODbL 1.0"
ATTRIBUTION_OSM = "© OpenStreetMap contributors, ODbL 1.0 (https://www.openstreetmap.org/copyright)"
#: Two rows of a province whose names agree so well (0–100) are likely one establishment.
DUPLICATE_SCORE = 92
_ABBREVIATIONS = {"htx": "hop tac xa", "cp": "co phan", "sx": "san xuat", "kd": "kinh doanh",
                  "tm": "thuong mai", "dv": "dich vu", "xnk": "xuat nhap khau"}  # fmt: skip


def read_source() -> pd.DataFrame:
    """Return the source table as text, row order kept."""
    return pd.read_csv(SOURCE_FILE, dtype=str, keep_default_na=False)


def real_establishments() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the real establishments and their stated needs (none are public).

    Returns
    -------
    (DataFrame, DataFrame)
        Rows in the columns of :mod:`geo.subjects.establishments`, sorted by id; an empty needs table.
        ``sector_status``: ``inferred`` (class read from clear words), ``division only``, ``none``.
        ``location_quality``: ``point`` (own coordinates), ``commune`` (the commune's point), ``province``.
    """
    source = read_source()
    out = pd.DataFrame(
        {
            "establishment_id": _ids(source),
            "name": source["name"].str.strip(),
            "vsic_version": "2018",
            "product": _known(source["product"]),
            "vintage": source["vintage"],
            "province_code": source["province_code"],
            "province_code_pre2025": source["province_code"],
            "craft_village": craft_villages(source),
            "year": pd.to_numeric(source["year"], errors="coerce").astype("Int64"),
            "source": source["source"],
            "source_url": _known(source["source_url"]),
            "licence": source["licence"],
        }
    )
    walk = admin.crosswalk().set_index("pre2025_code")["code_2025"]
    out["province_code_2025"] = source["province_code"].map(walk)
    out = out.join(_sectors(source)).join(_places(source))
    needs = pd.DataFrame(columns=[column.name for column in NEEDS])
    return out.sort_values("establishment_id", ignore_index=True), needs


def _known(values: pd.Series) -> pd.Series:
    """Return text with empty values as missing."""
    return values.str.strip().astype(object).where(values.str.strip() != "", None)


def _ids(source: pd.DataFrame) -> list[str]:
    """Return a stable key of every row: a hash of what the source says of it; equal rows are numbered."""
    seen: dict[str, int] = {}
    ids = []
    columns = ["name", "product", "province_code", "district_old", "commune_old", "source_url"]
    for values in source[columns].itertuples(index=False):
        digest = hashlib.sha256("|".join(values).encode()).hexdigest()[:10]
        seen[digest] = seen.get(digest, 0) + 1
        ids.append(f"real-{digest}" + (f"-{seen[digest]}" if seen[digest] > 1 else ""))
    return ids


def craft_villages(source: pd.DataFrame) -> list[bool]:
    """Tell the rows that are a craft village or trade (làng nghề, nghề …) or stand in one."""
    found = []
    for name, product in zip(source["name"], source["product"], strict=True):
        words = f" {tone_form(name)} "
        trade = tone_form("nghề")
        found.append(
            f" {tone_form('làng')} " in words
            or " village " in words
            or words.startswith(f" {trade} ")
            or f" {trade} {tone_form('làm')} " in words
            or tone_form("làng nghề") in tone_form(product)
        )
    return found


def _sectors(source: pd.DataFrame) -> pd.DataFrame:
    """Return sector code, its status and the main raw material of every row."""
    rows = []
    for division, product, name in source[["vsic_division", "product", "name"]].itertuples(index=False):
        found = infer_class(division, product, name)
        status = "inferred" if found else "division only" if division else "none"
        rows.append((found or division or None, status, infer_material(division, product, name) or None))
    columns = ["sector_code", "sector_status", "material_code"]
    return pd.DataFrame(rows, columns=columns, index=source.index, dtype=object)


def _places(source: pd.DataFrame) -> pd.DataFrame:
    """Return coordinates, their quality and the communes of both vintages."""
    rows = [_address(*values) for values in source[["province_code", "district_old", "commune_old"]].values]
    out = pd.DataFrame(rows, index=source.index)
    own = (source["lat"] != "") & (source["lon"] != "")
    for column in ("lat", "lon"):
        out[column] = pd.to_numeric(source[column].where(own), errors="coerce").fillna(
            out[column].astype(float)
        )
    out.loc[own, "location_quality"] = "point"
    # A point of its own says more than the address: take the communes it lies in, if the province agrees.
    inside = locate.assign_communes(out.loc[own, ["lat", "lon"]])
    walk = admin.crosswalk().set_index("pre2025_code")["code_2025"]
    stated = source.loc[own, "province_code"]
    agree = (inside["province_code_pre2025"] == stated) & (inside["province_code_2025"] == stated.map(walk))
    for column in ("commune_code_pre2025", "commune_code_2025"):
        out.loc[agree.index[agree], column] = inside.loc[agree, column]
    return out


def _address(province_code: str, district: str, commune: str) -> dict[str, object]:
    """Return the place an old address names: its commune's point, else only the province."""
    nowhere = {"lat": np.nan, "lon": np.nan, "location_quality": "province",
               "commune_code_pre2025": None, "commune_code_2025": None}  # fmt: skip
    match = locate.find_commune(province_code, commune, district) if commune else None
    if match is None or match.lat is None:
        return nowhere
    return {
        "lat": match.lat,
        "lon": match.lon,
        "location_quality": "commune",
        "commune_code_pre2025": match.commune_code,
        # A commune divided in 2025 does not say which part: left open.
        "commune_code_2025": None if match.split else match.commune_code_2025,
    }


def likely_duplicates(establishments: pd.DataFrame) -> pd.DataFrame:
    """Return pairs of rows of one province that are likely one establishment, named by two sources.

    Returns
    -------
    DataFrame
        ``first_id``, ``second_id``, ``first_name``, ``second_name``, ``score`` (0–100), sorted. Rows
        stay in the list: whether two sources mean the same one is for people to say.
    """
    pairs = []
    for _, group in establishments.groupby("province_code_pre2025"):
        rows = group.sort_values("establishment_id")
        names = [_plain_name(name) for name in rows["name"]]
        for i, first in enumerate(rows.itertuples()):
            for j in range(i + 1, len(rows)):
                score = fuzz.token_sort_ratio(names[i], names[j])
                second = rows.iloc[j]
                same_place = first.commune_code_pre2025 == second["commune_code_pre2025"]
                if score >= (DUPLICATE_SCORE if same_place else 97):
                    pairs.append((first.establishment_id, second["establishment_id"], first.name,
                                  second["name"], round(score, 1)))  # fmt: skip
    columns = ["first_id", "second_id", "first_name", "second_name", "score"]
    return pd.DataFrame(pairs, columns=columns).sort_values(["first_id", "second_id"], ignore_index=True)


def _plain_name(name: str) -> str:
    """Return a name folded, abbreviations written out, without the words every craft village has."""
    words = (_ABBREVIATIONS.get(word, word) for word in key(name).split())
    return " ".join(word for word in words if word not in ("lang", "nghe"))


def _provenance(establishments: pd.DataFrame) -> dict[str, object]:
    """Return where the rows come from and what they lack, in both languages."""
    from_osm = int((establishments["licence"] == LICENCE_OSM).sum())
    pairs = len(likely_duplicates(establishments))
    old = admin.provinces("pre2025")
    absent = old.loc[~old.index.isin(establishments["province_code_pre2025"])]
    absent_vi, absent_en = ", ".join(absent["name_vi"]), ", ".join(absent["name_en"])
    return {
        "made_by": "geo.build.establishments_real",
        "made_from": "data/sources/establishments_real.csv",
        "sha256": hashlib.sha256(SOURCE_FILE.read_bytes()).hexdigest(),
        "parts_vi": [
            f"{from_osm} điểm OpenStreetMap ({ATTRIBUTION_OSM})",
            f"{len(establishments) - from_osm} cơ sở, làng nghề theo thông báo công khai (dữ kiện)",
        ],
        "parts_en": [
            f"{from_osm} OpenStreetMap points ({ATTRIBUTION_OSM})",
            f"{len(establishments) - from_osm} establishments and craft villages from public notices (facts)",
        ],
        "notice_vi": f"Danh sách không đại diện: Hưng Yên nhiều hơn thực tế, không có dòng nào của {absent_vi} "
        "(tên tỉnh cũ); không có số lao động và nhu cầu nguyên liệu. Mã ngành cấp 4 và nguyên liệu chính suy "
        "từ tên và sản phẩm; xã của điểm OpenStreetMap lấy theo ranh giới gần đúng (khoảng 1 km). "
        f"{pairs} cặp dòng có thể là cùng một cơ sở.",
        "notice_en": f"Not a representative sample: Hung Yen is over-represented, {absent_en} (old names) have "
        "no row; no employees, no material needs. VSIC classes and main raw materials are inferred from names "
        "and products; communes of OpenStreetMap points follow the approximate boundaries (about 1 km). "
        f"{pairs} pairs of rows may be the same establishment.",
    }


def build(root: Path | None = None) -> Dataset:
    """Write the real list as the dataset ``real`` and return it; the same source gives the same version.

    Parameters
    ----------
    root : Path, optional
        Folder of datasets; the shipped ``data/datasets`` by default.
    """
    folder = paths.DATA / "datasets" if root is None else Path(root)
    establishments, needs = real_establishments()
    dataset = catalog.write_dataset(
        folder,
        NAME,
        establishments,
        needs,
        kind="real",
        provenance=_provenance(establishments),
        label_vi=LABEL_VI,
        label_en=LABEL_EN,
    )
    catalog.prune(folder, NAME)
    return dataset
