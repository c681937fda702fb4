"""Rows of raw materials: how many tonnes of a material a province yields in a year, and who says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from geo.intake import check, places, trades
from geo.intake.faults import Faults
from geo.intake.model import ColumnMapping, Options, Outcome, Table
from geo.intake.values import empty
from geo.store import own_supply
from geo.store.catalog import SUPPLY
from geo.subjects.own_supply import KEY, OWN_SUPPLY

COLUMNS = [column.name for column in OWN_SUPPLY]


def run(
    table: Table, mapping: ColumnMapping, options: Options, typed: Mapping[str, pd.Series], faults: Faults
) -> Outcome:
    """Check supplies; two rows on one material, province and year that differ both come back.

    A figure that is stored already is merged into it; one that differs from the stored one takes its place, and
    that is said.
    """
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
    faults.add(
        _open(index[(rows["year"] > dt.date.today().year).to_numpy(dtype=bool, na_value=False)], faults), "year",
        "year-to-come", typed["year"], "Năm chưa tới: chỉ nhận sản lượng đã thực hiện, không nhận kế hoạch.",
        "A year to come: only what was produced counts, not a plan.",
    )  # fmt: skip
    good = rows.drop(index=faults.bad_rows())[COLUMNS].astype({"year": "int64", "supply_tonnes": float})
    held = _held(options)
    before = held.set_index(KEY)["supply_tonnes"].reindex(pd.MultiIndex.from_frame(good[KEY])).to_numpy()
    faults.warn(
        good.index[(before != good["supply_tonnes"]) & ~pd.isna(before)], "quantity_tonnes", "supply-replaced",
        typed["quantity_tonnes"], "Số liệu này thay số liệu khác của cùng nguyên liệu, tỉnh, năm đã có trong bộ.",
        "This figure takes the place of another one on the same material, province and year that was in.",
    )  # fmt: skip
    known = (before == good["supply_tonnes"]).to_numpy()
    again = known | good.duplicated(KEY).to_numpy()
    accepted = good[~again]
    merged = pd.DataFrame(
        {
            "row": good.index[again],
            "into": good.loc[again, "material_code"],
            "into_row": None,
            "score": 1.0,
            "reason": "same figure",
        }
    )
    kept = held[~pd.MultiIndex.from_frame(held[KEY]).isin(pd.MultiIndex.from_frame(accepted[KEY]))]
    parts = [part.astype(object) for part in (accepted, kept) if len(part)]
    stored = pd.concat(parts, ignore_index=True) if parts else held
    return check.conclude(
        table, mapping, options, faults, accepted=accepted.assign(row=accepted.index), merged=merged,
        review=pd.DataFrame(columns=["question", "key", "score", "row"]),
        result={SUPPLY: stored.sort_values(KEY, ignore_index=True)},
    )  # fmt: skip


def _held(options: Options) -> pd.DataFrame:
    """Return the figures that are in already; none when the supply begins anew."""
    stored = None if options.dataset is None or options.replace else own_supply.read(options.dataset)
    return pd.DataFrame(columns=COLUMNS, dtype=object) if stored is None else stored


def _open(rows: pd.Index, faults: Faults) -> list[object]:
    """Return the rows that have no fault yet: a cell that could not be read is not missing too."""
    told = set(faults.bad_rows())
    return [row for row in rows if row not in told]
