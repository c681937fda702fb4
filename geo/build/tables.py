"""Write the derived tables from the carried ones: ``materials.csv`` and ``requirements.csv``.

The carried tables keep every row as published; whatever follows from them is made here, so that a
rebuild gives the same bytes and every derived number can be traced.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from geo import paths
from geo.build.requirement_table import requirements_table
from geo.subjects.shipped import table

_OUT = [
    "material_code",
    "name_vi",
    "name_en",
    "vsic_codes",
    "material_group",
    "unit",
    "form_vi",
    "form_en",
    "part_of",
    "area_yield_id",
    "default_sector_code",
    "national_total_tonnes",
    "national_total_year",
    "coverage_share",
    "coverage_note_vi",
    "coverage_note_en",
]


def _coverage(material: Any, rows: pd.DataFrame) -> tuple[str, str, str]:
    """Share of the country that the shipped rows of one material hold, with a note in both languages."""
    old, new = rows[rows["vintage"] == "pre2025"], rows[rows["vintage"] == "2025"]
    count, new_count = old["province_code"].nunique(), new["province_code"].nunique()
    share, vi, en = material.coverage_share, material.coverage_vi, material.coverage_en
    if material.national_total_tonnes:
        year = material.national_total_year
        held = old[(old["year"] == year) & (old["unit"] == "tonnes") & (old["basis"] == "annual")]
        count = held["province_code"].nunique()
        ratio = round(
            min(held["quantity"].astype(float).sum() / float(material.national_total_tonnes), 1.0), 3
        )
        share, text = f"{ratio:g}", f"{ratio * 100:.1f}"
        vi = f"{text.replace('.', ',')} % sản lượng cả nước năm {year}"
        en = f"{text} % of national output in {year}"
    known_vi = f"{count}/63 tỉnh cũ có số" + (f", thêm {new_count}/34 tỉnh mới" if new_count else "")
    known_en = f"{count} of 63 old provinces have a figure"
    known_en += f", and {new_count} of 34 new ones" if new_count else ""
    if not share:
        vi = vi or "không rõ chiếm bao nhiêu phần của cả nước"
        en = en or "its share of the country is not known"
    note_vi = "; ".join(part for part in (known_vi, vi, material.caution_vi) if part)
    note_en = "; ".join(part for part in (known_en, en, material.caution_en) if part)
    return share, note_vi, note_en


def materials_table() -> pd.DataFrame:
    """Return the catalogue of raw materials with what their figures cover, as text, sorted by code."""
    catalogue = table("sources/material_catalogue.csv").sort_values("material_code", ignore_index=True)
    supply = table("material_supply.csv")
    notes = [
        _coverage(material, supply[supply["material_code"] == material.material_code])
        for material in catalogue.itertuples()
    ]
    columns = ["coverage_share", "coverage_note_vi", "coverage_note_en"]
    return catalogue.assign(**dict(zip(columns, zip(*notes, strict=True), strict=True)))[_OUT]


def write(frame: pd.DataFrame, name: str, folder: Path | None = None) -> Path:
    """Write one table as UTF-8 CSV with Unix line ends and return its path."""
    target = (folder or paths.DATA) / name
    frame.to_csv(target, index=False, lineterminator="\n")
    return target


def build(folder: Path | None = None) -> list[Path]:
    """Write every derived table into ``folder`` (default ``data/``) and return the paths."""
    return [
        write(materials_table(), "materials.csv", folder),
        write(requirements_table(), "requirements.csv", folder),
    ]
