"""Rows of a comparison as people read them: names for codes, numbers in the form of the language."""

from __future__ import annotations

import pandas as pd

from geo.intake import fields
from geo.places import admin
from geo.subjects import materials, sectors
from geo.subjects.establishments import ESTABLISHMENTS, SUPPORT_NEEDS
from ui.text import Text

_KINDS = {column.name: column.kind for column in ESTABLISHMENTS}


def readable(t: Text, table: pd.DataFrame, vintage: str) -> pd.DataFrame:
    """Return row tables with names for codes, numbers in the form of the language and translated headings."""
    if "column" in table:
        values = {
            side: [_value(t, name, value) for name, value in zip(table["column"], table[side], strict=True)]
            for side in ("old", "new")
        }
        shown = pd.DataFrame(
            {"name": table["name"], "column": [column(t, name) for name in table["column"]], **values}
        )
        titles = {
            "name": t("column.name"),
            "column": t("versions.column"),
            "old": t("versions.old"),
            "new": t("versions.new"),
        }
        return shown.rename(columns=titles)
    shown = table.assign(
        sector_code=[sector(t, code) for code in table["sector_code"]],
        province_code=[province(t, code, vintage) for code in table["province_code"]],
        employees=[t.number(None if pd.isna(n) else int(n)) for n in table["employees"]],
        year=table["year"].astype("str"),
    )
    titles = {"name": t("column.name"), "product": t("column.goods"), "sector_code": t("column.sector"),
              "province_code": t("column.province"), "employees": t("column.employees"), "year": t("column.year"),
              "source": t("column.source"), "establishment_id": t("versions.id")}  # fmt: skip
    return shown[list(titles)].rename(columns=titles)


def _value(t: Text, column: str, value: object) -> str:
    """Write a changed value for people."""
    if not isinstance(value, str):
        return "—"
    kind = _KINDS[column]
    if column == "year":
        return value
    if kind in ("int", "float"):
        digits = 0 if float(value).is_integer() else len(value.partition(".")[2])
        return t.number(float(value), min(digits, 6))
    if kind == "bool":
        return t("versions.yes") if value == "true" else t("versions.no")
    if column == "sector_code":
        return sector(t, value)
    if column.startswith("province_code_"):
        return province(t, value, column.removeprefix("province_code_"))
    if column == "support_need":
        return ", ".join(support(t, code) for code in value.split("|"))
    return material(t, value) if column == "material_code" else value


def column(t: Text, name: str) -> str:
    """Name a column as the import names its field."""
    if name.startswith("province_code_"):
        return t("versions.column_province", vintage=t(f"vintage.{name.removeprefix('province_code_')}"))
    labels = {field.name: field.label(t.lang) for field in fields.fields("establishments")}
    return labels.get("material" if name == "material_code" else name, name)


def province(t: Text, code: object, vintage: str) -> str:
    """Name a province; say when a row has none."""
    provinces = admin.provinces(vintage)
    known = isinstance(code, str) and code in provinces.index
    return t.name(provinces.loc[str(code)]) if known else t("versions.no_province")


def sector(t: Text, code: object) -> str:
    """Name a sector; say when it is not known."""
    if not isinstance(code, str):
        return t("versions.no_sector")
    return sectors.label(code, t.lang) if code in sectors.sectors().index else code


def material(t: Text, code: str) -> str:
    """Name a material; a code that the catalogue has no more stays a code."""
    return materials.label(code, t.lang) if code in materials.catalogue().index else code


def support(t: Text, code: str) -> str:
    """Name a kind of support."""
    return t(f"versions.support_{code}") if code in SUPPORT_NEEDS else code
