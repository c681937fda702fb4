"""Write the derived tables from the carried ones: ``materials.csv`` and ``requirements.csv``.

The carried tables keep every row as published; whatever follows from them is made here, so that a
rebuild gives the same bytes and every derived number can be traced.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from geo import paths
from geo.build.material_spec import MATERIALS, Material


def _read(name: str) -> pd.DataFrame:
    """Read a carried table as text; empty cells stay empty."""
    return pd.read_csv(paths.DATA / name, dtype=str, keep_default_na=False)


def _coverage(material: Material, supply: pd.DataFrame) -> tuple[float | None, str, str]:
    """Share of the national total that the shipped rows hold, with a note in both languages."""
    rows = supply[(supply["material_code"] == material.code) & (supply["vintage"] == "pre2025")]
    count = rows["province_code"].nunique()
    share, vi, en = material.coverage_share, material.coverage_vi, material.coverage_en
    if material.national_tonnes and material.national_year:
        year = str(material.national_year)
        held = rows[(rows["year"] == year) & (rows["unit"] == "tonnes") & (rows["basis"] == "annual")]
        count = held["province_code"].nunique()
        share = round(min(held["quantity"].astype(float).sum() / material.national_tonnes, 1.0), 3)
        text = f"{share * 100:.1f}"
        vi = f"{text.replace('.', ',')} % sản lượng cả nước năm {year}"
        en = f"{text} % of national output in {year}"
    new = supply[(supply["material_code"] == material.code) & (supply["vintage"] == "2025")]
    new_count = new["province_code"].nunique()
    known_vi = f"{count}/63 tỉnh cũ có số" + (f", thêm {new_count}/34 tỉnh mới" if new_count else "")
    known_en = f"{count} of 63 old provinces have a figure"
    known_en += f", and {new_count} of 34 new ones" if new_count else ""
    note_vi = "; ".join(part for part in (known_vi, vi, material.caution_vi) if part)
    note_en = "; ".join(part for part in (known_en, en, material.caution_en) if part)
    if share is None:
        note_vi += "; không rõ chiếm bao nhiêu phần của cả nước"
        note_en += "; its share of the country is not known"
    return share, note_vi, note_en


def materials_table() -> pd.DataFrame:
    """Return the catalogue of raw materials, one row a material, sorted by code."""
    supply = _read("material_supply.csv")
    rows = []
    for material in MATERIALS:
        share, note_vi, note_en = _coverage(material, supply)
        rows.append(
            {
                "material_code": material.code,
                "name_vi": material.name_vi,
                "name_en": material.name_en,
                "vsic_codes": material.vsic,
                "material_group": material.group,
                "unit": material.unit,
                "form_vi": material.form_vi,
                "form_en": material.form_en,
                "part_of": material.part_of,
                "area_yield_id": material.area_yield_id,
                "default_sector_code": material.default_sector,
                "national_total_tonnes": material.national_tonnes,
                "national_total_year": material.national_year,
                "coverage_share": share,
                "coverage_note_vi": note_vi,
                "coverage_note_en": note_en,
            }
        )
    table = pd.DataFrame(rows).sort_values("material_code", ignore_index=True)
    for column in ("national_total_tonnes", "national_total_year"):
        table[column] = table[column].astype("Int64")
    return table


def write(table: pd.DataFrame, name: str, folder: Path | None = None) -> Path:
    """Write one table as UTF-8 CSV with Unix line ends and return its path."""
    target = (folder or paths.DATA) / name
    table.to_csv(target, index=False, lineterminator="\n")
    return target


def build(folder: Path | None = None) -> list[Path]:
    """Write every derived table into ``folder`` (default ``data/``) and return the paths."""
    from geo.build.requirement_spec import requirements_table

    return [
        write(materials_table(), "materials.csv", folder),
        write(requirements_table(), "requirements.csv", folder),
    ]
