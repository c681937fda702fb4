"""Makes the shipped tables of provinces, regions and the crosswalk 63 → 34 from their source tables.

Inputs (``data/sources``): ``provinces_34.csv``, ``provinces_63_to_34.csv``, ``regions.csv``.
Outputs (``data``): ``provinces.csv``, ``regions.csv``, ``province_regions.csv``, ``crosswalk.csv``, and
``commune_aliases.csv`` from the package of commune names.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pandas as pd

from geo import paths
from geo.build import commune_aliases
from geo.errors import DataError

SOURCE = (
    "Nghị quyết 202/2025/QH15 về sắp xếp đơn vị hành chính cấp tỉnh; "
    "bảng data/sources/provinces_34.csv, provinces_63_to_34.csv"
)
# The region table calls its sets "vintage"; here a vintage is a set of provinces, so each set gets one.
REGION_SETS = {
    "2023_NQ81_63": ("pre2025", "Nghị quyết 81/2023/QH15 (6 vùng trên 63 tỉnh, thành phố)"),
    "2025_NQ306_34": ("2025", "Nghị quyết 306/NQ-CP ngày 05/10/2025 (6 vùng trên 34 tỉnh, thành phố)"),
    "khuyen_cong_conference_to_2024_63": (
        "pre2025",
        "Hội nghị khuyến công theo khu vực đến năm 2024 (28/15/20 tỉnh, thành phố)",
    ),
    "khuyen_cong_conference_from_2025_34": (
        "2025",
        "Hội nghị khuyến công theo khu vực từ năm 2025 (15/11/8 tỉnh, thành phố)",
    ),
}
REGION_COUNTS = {
    "2025_NQ306_34": {"TDMNPB": 9, "DBSH": 6, "BTB": 5, "DHNTBTN": 6, "DNB": 3, "DBSCL": 5},
    "2023_NQ81_63": {"TDMNPB": 14, "DBSH": 11, "BTBDHMT": 14, "TN": 5, "DNB": 6, "DBSCL": 13},
    "khuyen_cong_conference_from_2025_34": {"BAC": 15, "MTTN": 11, "NAM": 8},
}


def _read(name: str) -> pd.DataFrame:
    """Read one source table as text."""
    return pd.read_csv(paths.DATA / "sources" / name, dtype=str, keep_default_na=False)


def english_name(name_vi: str) -> str:
    """Return the English form of a province name: without diacritics, and "City" for Ho Chi Minh City."""
    plain = unicodedata.normalize("NFD", name_vi.replace("Đ", "D").replace("đ", "d"))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return "Ho Chi Minh City" if plain == "Ho Chi Minh" else plain


def provinces() -> pd.DataFrame:
    """Return the provinces of both vintages, one row each.

    Returns
    -------
    DataFrame
        ``vintage``, ``province_code``, names, types with the day and law of a later change,
        ``code_reused`` (the code names another province in the other vintage),
        ``merged_from_codes`` (old codes joined by ``|``; vintage 2025 only), ``source``.
    """
    new = _read("provinces_34.csv")
    old = _read("provinces_63_to_34.csv")
    reused = set(new.loc[new["code_trap"] == "yes", "code"])
    current = pd.DataFrame(
        {
            "vintage": "2025",
            "province_code": new["code"],
            "name_vi": new["name_vi"],
            "name_en": new["name_vi"].map(english_name),
            "province_type": new["type_2026_11_23"],
            "province_type_2025_07_01": new["type_2025_07_01"],
            "type_changed_on": new["city_since"],
            "type_legal_basis": new["city_resolution"].map(lambda text: f"Nghị quyết {text}" if text else ""),
            "code_reused": new["code"].isin(reused).map({True: "true", False: "false"}),
            "merged_from_codes": new["merged_from_old_codes"],
            "source": SOURCE,
        }
    )
    before = pd.DataFrame(
        {
            "vintage": "pre2025",
            "province_code": old["old_code"],
            "name_vi": old["old_name_vi"],
            "name_en": old["old_name_vi"].map(english_name),
            "province_type": old["old_type"],
            "province_type_2025_07_01": "",
            "type_changed_on": "",
            "type_legal_basis": "",
            "code_reused": old["old_code"].isin(reused).map({True: "true", False: "false"}),
            "merged_from_codes": "",
            "source": SOURCE,
        }
    )
    both = pd.concat([current, before], ignore_index=True)
    return both.sort_values(["vintage", "province_code"], ignore_index=True)


def regions() -> pd.DataFrame:
    """Return the regions of every region set, in the order of the source (north to south)."""
    table = _read("regions.csv")
    return pd.DataFrame(
        {
            "region_set": table["vintage"],
            "vintage": table["vintage"].map(lambda name: REGION_SETS[name][0]),
            "region_code": table["region_code"],
            "name_vi": table["name_vi"],
            "name_en": table["name_en"],
            "legal_basis": table["vintage"].map(lambda name: REGION_SETS[name][1]),
        }
    )


def province_regions() -> pd.DataFrame:
    """Return which province is in which region, for each set whose members are sourced.

    The members of the conference areas until 2024 are not sourced, so that set has no rows.

    Raises
    ------
    DataError
        If a region does not have the number of provinces its legal basis gives.
    """
    new = _read("provinces_34.csv")
    old = _read("provinces_63_to_34.csv")
    names = regions().set_index(["region_set", "name_vi"])["region_code"]
    parts = [
        ("2025", "2025_NQ306_34", new["code"], new["region_2025_code"]),
        ("2025", "khuyen_cong_conference_from_2025_34", new["code"], new["khuyen_cong_area_code"]),
        ("pre2025", "2023_NQ81_63", old["old_code"], old["region_2023_vi"].map(names.loc["2023_NQ81_63"])),
    ]
    frames = [
        pd.DataFrame({"vintage": vintage, "province_code": codes, "region_set": name, "region_code": members})
        for vintage, name, codes, members in parts
    ]
    table = pd.concat(frames, ignore_index=True)
    for name, expected in REGION_COUNTS.items():
        found = table.loc[table["region_set"] == name, "region_code"].value_counts().to_dict()
        if found != expected:
            raise DataError(
                vi=f"Bộ vùng {name} phải có số tỉnh {expected} nhưng bảng nguồn cho {found}; "
                "hãy sửa bảng nguồn.",
                en=f"Region set {name} must count {expected} but the source gives {found}; "
                "repair the source.",
            )
    return table.sort_values(["vintage", "region_set", "province_code"], ignore_index=True)


def crosswalk() -> pd.DataFrame:
    """Return the province of 2025 that each of the 63 old provinces went into, whole."""
    old = _read("provinces_63_to_34.csv")
    table = pd.DataFrame(
        {
            "pre2025_code": old["old_code"],
            "pre2025_name_vi": old["old_name_vi"],
            "code_2025": old["new_code"],
            "name_vi_2025": old["new_name_vi"],
        }
    )
    merged = table.groupby("code_2025")["pre2025_code"].agg(lambda codes: "|".join(sorted(codes)))
    stated = _read("provinces_34.csv").set_index("code")["merged_from_old_codes"]
    if not merged.sort_index().equals(stated.sort_index().rename_axis("code_2025").rename("pre2025_code")):
        raise DataError(
            vi="Hai bảng nguồn nói khác nhau về việc tỉnh nào sáp nhập vào tỉnh nào; hãy sửa cho khớp.",
            en="The two source tables differ on which province merged into which; make them agree.",
        )
    return table.sort_values("pre2025_code", ignore_index=True)


def build(out: Path | None = None) -> list[Path]:
    """Write the tables and the former names of communes; the same input gives the same bytes.

    Parameters
    ----------
    out : Path, optional
        Folder to write to; the shipped ``data`` folder by default.
    """
    folder = paths.DATA if out is None else Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "provinces.csv": provinces(),
        "regions.csv": regions(),
        "province_regions.csv": province_regions(),
        "crosswalk.csv": crosswalk(),
    }
    for name, table in tables.items():
        table.to_csv(folder / name, index=False, lineterminator="\n")
    return [*(folder / name for name in tables), *commune_aliases.build(folder)]
