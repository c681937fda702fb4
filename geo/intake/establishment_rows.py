"""Rows of establishments: from typed columns to the columns of the contract."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pandas as pd

from geo.intake import personal, places, trades, vintages
from geo.intake.faults import Faults
from geo.intake.join import id_of_tax
from geo.intake.model import Options, Table
from geo.intake.pace import SILENT, Pace
from geo.intake.values import by_value, empty, zipped
from geo.places.spelling import key

LICENCE = "own data"
#: Columns that are taken as they were read.
_TAKEN = ("product", "employees", "revenue_vnd_million", "craft_village", "owner_flags", "support_need", "year",
          "source", "source_url", "licence")  # fmt: skip


def build(
    typed: Mapping[str, pd.Series], table: Table, options: Options, faults: Faults, pace: Pace = SILENT
) -> pd.DataFrame:
    """Return every row of a table as an establishment, faults noted; rows at fault are in it too.

    Returns
    -------
    DataFrame
        Index = row numbers; the known columns of the contract, ``tax_code``, ``address``, ``own_id``, ``key``
        (a stable name of the record), ``sector_guess``, ``sector_confidence``, ``sector_question``.
    """
    index = table.cells.index
    none = empty(index)
    name = typed["name"]
    faults.add(
        index[name.isna()],
        "name",
        "name-missing",
        None,
        "Thiếu tên cơ sở.",
        "The name of the establishment is missing.",
    )
    out = pd.DataFrame({"name": name}, index=index)
    for column in _TAKEN:
        out[column] = typed.get(column, none)
    out["source"] = out["source"].where(out["source"].notna(), options.source or table.file)
    out["licence"] = out["licence"].where(out["licence"].notna(), options.licence or LICENCE)
    if options.mask_personal:
        out["name"], out["product"] = personal.mask(out["name"]), personal.blank(out["product"])
    where = places.resolve(typed, index, options, faults, pace=pace.part(0, 0.6))
    if "location_quality" in typed:  # an export says what its points stand for
        said = typed["location_quality"]
        kept = said.notna() & (said != "province") & (where["location_quality"] == "point")
        where.loc[kept, "location_quality"] = said[kept]
    out = out.join(where).join(trades.resolve(typed, index, options, faults, pace.part(0.6, 0.9)))
    pace.at(0.9)
    out["tax_code"], out["address"] = typed.get("tax_code", none), typed.get("address", none)
    out["establishment_id"] = typed.get("establishment_id", none)
    out["own_id"] = out["establishment_id"].notna()
    out["key"] = _keys(out)
    pace.at(0.97)
    return out


def _keys(rows: pd.DataFrame) -> pd.Series:
    """Return a stable name of every record: its id, its tax code's, or a hash of name, place and product."""
    said = rows["name"].map(lambda text: key(str(text)))
    for column in ("province_code_2025", "commune_code_2025", "commune_code_pre2025"):
        said = said + "|" + rows[column].fillna("").astype("str")
    said = said + "|" + rows["product"].map(lambda text: "" if text is None else key(str(text)))
    hashed = "dv-" + said.map(lambda text: hashlib.sha256(text.encode()).hexdigest()[:12])
    taxed = rows["tax_code"].map(id_of_tax)
    return rows["establishment_id"].where(rows["own_id"], taxed.where(taxed.notna(), hashed))


def needs(
    typed: Mapping[str, pd.Series], rows: pd.DataFrame, options: Options, faults: Faults
) -> pd.DataFrame:
    """Return the material needs stated in the rows: ``row``, material, tonnes a year, province of origin."""
    columns = ["row", "material_code", "need_tonnes", "origin_province_code", "origin_vintage"]
    if "need_tonnes" not in typed:
        return pd.DataFrame(columns=columns)
    tonnes, code = typed["need_tonnes"], rows["material_code"]
    lost = tonnes.notna() & code.isna()
    faults.warn(
        rows.index[lost], "need_tonnes", "need-material", tonnes, "Có nhu cầu nhưng chưa rõ nguyên liệu: không ghi nhận nhu cầu.",
        "A need without a known material: the need is not taken.",
    )  # fmt: skip
    out = pd.DataFrame({"row": rows.index, "material_code": code, "need_tonnes": tonnes}, index=rows.index)
    origin, vintage = origins(typed, rows["vintage"], options, faults)
    out["origin_province_code"], out["origin_vintage"] = origin, vintage
    return out[tonnes.notna() & code.notna()].reset_index(drop=True)[columns]


def origins(
    typed: Mapping[str, pd.Series], vintage: pd.Series, options: Options, faults: Faults
) -> tuple[pd.Series, pd.Series]:
    """Return province and vintage of origin of every row; an unknown name is told and left out."""
    none = empty(vintage.index)
    if "origin_province" not in typed:
        return none, none.copy()

    pairs = zipped(typed["origin_province"], vintage)

    def found(pair: tuple[str | None, str]) -> tuple[str, str]:
        if pair[0] is None:
            return "", ""
        code = vintages.in_vintage(pair[0], pair[1])
        other = vintages.in_vintage(pair[0], "pre2025")
        if other and pair[1] == "2025" and not vintages.is_name_of(pair[0], "2025"):
            return other, "pre2025"
        return code, pair[1] if code else ""

    both = by_value(pairs, found)
    code = both.map(lambda pair: pair[0] or None)
    lost = typed["origin_province"].notna() & code.isna()
    faults.warn(
        vintage.index[lost], "origin_province", "origin-unknown", typed["origin_province"],
        "Không nhận ra tỉnh cung cấp: để trống.", "The province of origin is not known: left empty.",
    )  # fmt: skip
    return code, both.map(lambda pair: pair[1] or None)
