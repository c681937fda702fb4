"""Rows of raw materials: how many tonnes of a material a province yields in a year, and who says so."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from geo.intake import check, places, trades
from geo.intake.faults import Faults
from geo.intake.model import ColumnMapping, Options, Outcome, Table
from geo.intake.values import empty

COLUMNS = ("material_code", "vintage", "province_code", "year", "supply_tonnes", "source", "source_url")
KEY = ["material_code", "vintage", "province_code", "year"]


def run(
    table: Table, mapping: ColumnMapping, options: Options, typed: Mapping[str, pd.Series], faults: Faults
) -> Outcome:
    """Check supplies; two rows on one material, province and year that differ both come back."""
    index = table.cells.index
    where = places.resolve({k: v for k, v in typed.items() if k in places.NAMED}, index, options, faults)
    rows = where[["vintage", "province_code"]].copy()
    rows["material_code"] = typed["material"].map(trades.material_code, na_action="ignore")
    for field, column, vi, en in (
        ("material", typed["material"], "Thiếu tên nguyên liệu.", "The raw material is missing."),
        ("quantity_tonnes", typed["quantity_tonnes"], "Thiếu sản lượng.", "The quantity is missing."),
        ("year", typed["year"], "Thiếu năm của số liệu.", "The year of the figure is missing."),
    ):
        faults.add(_open(index[column.isna()], faults), field, f"{field}-missing", None, vi, en)
    faults.add(
        index[rows["material_code"] == ""], "material", "material-unknown", typed["material"],
        "Nguyên liệu phải có trong danh mục (ví dụ Cà phê, Lúa, Sắn).",
        "The raw material must be one of the list (such as Coffee, Rice, Cassava).",
    )  # fmt: skip
    rows["year"], rows["supply_tonnes"] = typed["year"], typed["quantity_tonnes"]
    source = typed.get("source", empty(index))
    rows["source"] = source.where(source.notna(), options.source or table.file)
    rows["source_url"] = typed.get("source_url", empty(index))
    good = rows.drop(index=faults.bad_rows())
    values = good.groupby(KEY)["supply_tonnes"].transform("nunique")
    faults.add(
        good.index[values > 1], "quantity_tonnes", "supply-twice", typed["quantity_tonnes"],
        "Hai dòng cùng nguyên liệu, tỉnh, năm nhưng khác số liệu: chỉ giữ một.",
        "Two rows on the same material, province and year differ: keep one.",
    )  # fmt: skip
    good = good.drop(index=good.index[values > 1])
    again = good[good.duplicated(KEY)]
    accepted = good.drop(index=again.index)
    merged = pd.DataFrame(
        {
            "row": again.index,
            "into": again["material_code"],
            "into_row": None,
            "score": 1.0,
            "reason": "same figure",
        }
    )
    stored = accepted[list(COLUMNS)].astype({"year": "int64", "supply_tonnes": float})
    return check.conclude(
        table, mapping, options, faults, accepted=accepted.assign(row=accepted.index), merged=merged,
        review=pd.DataFrame(columns=["question", "key", "score", "row"]),
        result={"material_supply": stored.sort_values(KEY, ignore_index=True)},
    )  # fmt: skip


def _open(rows: pd.Index, faults: Faults) -> list[object]:
    """Return the rows that have no fault yet: a cell that could not be read is not missing too."""
    told = set(faults.bad_rows())
    return [row for row in rows if row not in told]
