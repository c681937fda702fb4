"""Scenarios written by people in a table: one row a change, places by code or name, plants by tonnes or by employees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo.errors import GeoError, ParameterError
from geo.measures.what_if import KINDS, Change, Scenario
from geo.places import admin, names
from geo.subjects import establishments, materials, requirements

#: Column → what stands in it; every cell but the kind may be empty where the kind does not need it.
COLUMNS = {
    "change": "fail, supply, open, close, limit, gate or detour",
    "material": "code or name of the material",
    "province": "code or name of the province (fail, supply, open, close)",
    "gateway": "code of the gateway (limit, gate)",
    "share": "share of supply lost, 0 to 1 (fail; empty: all of it)",
    "tonnes": "tonnes a year (supply ±, open, close, limit)",
    "sector": "VSIC class of the plant, with employees instead of tonnes (open, close)",
    "employees": "employees of the plant",
    "factor": "detour factor (detour)",
}


def plant_tonnes(
    sector_code: str, employees: float, material_code: str, table: pd.DataFrame | None = None
) -> float:
    """Return what a plant needs: employees × the requirement of its class and size (tonnes a year).

    Parameters
    ----------
    sector_code : str
        VSIC class.
    employees : float
        Above 0.
    material_code : str
    table : DataFrame, optional
        Of ``requirements.table``; by default the shipped one.

    Raises
    ------
    ParameterError
        If the class has no requirement for the material, or the employees are not above 0.
    """
    if not employees > 0:
        raise ParameterError(
            vi=f"Số lao động của nhà máy phải lớn hơn 0, nhưng nhận được {employees:g}; hãy nhập lại.",
            en=f"The employees of a plant must be above 0, but {employees:g} came; enter them again.",
        )
    size = str(establishments.size_band(pd.Series([employees])).iloc[0])
    plant = pd.DataFrame(
        {"sector_code": [sector_code], "size_band": [size], "material_code": [material_code]}
    )
    tonnes = requirements.match(plant, table)["tonnes_per_employee"].iloc[0] * employees
    if pd.isna(tonnes):
        raise ParameterError(
            vi=f"Chưa có định mức “{material_code}” cho ngành {sector_code}; hãy ghi thẳng số tấn mỗi năm.",
            en=f'There is no requirement of "{material_code}" for class {sector_code}; give the tonnes a year.',
        )
    return float(tonnes)


def from_table(
    table: pd.DataFrame, vintage: str = admin.DEFAULT_VINTAGE, coefficients: pd.DataFrame | None = None
) -> Scenario:
    """Read a scenario from a table; see :data:`COLUMNS`.

    Parameters
    ----------
    table : DataFrame
        One row a change; columns that no row needs may be left out.
    vintage : str
        Vintage of the provinces.
    coefficients : DataFrame, optional
        Of ``requirements.table``, for plants given by employees.

    Raises
    ------
    ParameterError
        If a row cannot be used; the sentence names the row, counted from 1 without the heading.
    """
    unknown = [str(name) for name in table.columns if name not in COLUMNS]
    if unknown or "change" not in table:
        raise ParameterError(
            vi=f"Bảng kịch bản cần cột change và chỉ dùng các cột {', '.join(COLUMNS)}; nhận được "
            f"{', '.join(map(str, table.columns))}. Hãy sửa tên cột.",
            en=f"A table of a scenario needs the column change and only the columns {', '.join(COLUMNS)}; got "
            f"{', '.join(map(str, table.columns))}. Correct the headings.",
        )
    scenario = Scenario(vintage=vintage)
    for number, (_, row) in enumerate(table.iterrows(), start=1):
        cells = {str(name): cell for name, cell in row.items() if not _empty(cell)}
        try:
            scenario = Scenario((*scenario.changes, _change(cells, vintage, coefficients)), vintage)
        except GeoError as error:
            raise ParameterError(vi=f"Dòng {number}: {error.vi}", en=f"Row {number}: {error.en}") from error
    return scenario


def _change(cells: Mapping[str, Any], vintage: str, coefficients: pd.DataFrame | None) -> Change:
    """Read one row."""
    name = str(cells["change"]).strip() if "change" in cells else ""
    if name not in KINDS:
        raise ParameterError(
            vi=f"Cột change phải là một trong {', '.join(KINDS)}, nhưng ghi “{name}”; hãy sửa ô đó.",
            en=f'The column change must be one of {", ".join(KINDS)}, but says "{name}"; correct that cell.',
        )
    kind = KINDS[name]
    material = _material(_cell(cells, "material", name)) if kind.material else ""
    place = ""
    if kind.place == "province":
        place = _province(_cell(cells, "province", name), vintage, name)
    elif kind.place == "gateway":
        place = _cell(cells, "gateway", name)
    return Change(name, material, place, _amount(cells, name, material, coefficients))


def _province(text: str, vintage: str, name: str) -> str:
    """Code of a province; a share of an old province is no share of the larger one it went into."""
    found = names.resolve(text, vintage)
    if name == "fail" and found.how == "merged":
        raise ParameterError(
            vi=f"“{text}” nay chỉ là một phần của {found.name_vi}, nên không rõ mất bao nhiêu; hãy ghi số tấn bằng "
            "thay đổi supply, hoặc dùng --vintage pre2025.",
            en=f'"{text}" is now only a part of {found.name_vi}, so the share lost is not clear; give tonnes with the '
            "change supply, or use --vintage pre2025.",
        )
    return found.province_code


def _amount(cells: Mapping[str, Any], name: str, material: str, coefficients: pd.DataFrame | None) -> float:
    """Read the amount of a change from the column of its kind."""
    if name == "gate":
        return 0.0
    if name == "fail":
        return _number(cells, "share", name) if "share" in cells else 1.0
    if name == "detour":
        return _number(cells, "factor", name)
    if name in ("open", "close") and "tonnes" not in cells and "employees" in cells:
        sector = _cell(cells, "sector", name)
        return plant_tonnes(sector, _number(cells, "employees", name), material, coefficients)
    return _number(cells, "tonnes", name)


def _cell(cells: Mapping[str, Any], column: str, name: str) -> str:
    """A cell that the kind needs, as text."""
    if column not in cells:
        raise ParameterError(
            vi=f"Thay đổi “{name}” cần cột {column}, nhưng ô đó trống; hãy điền vào.",
            en=f'The change "{name}" needs the column {column}, but that cell is empty; fill it in.',
        )
    return str(cells[column]).strip()


def _number(cells: Mapping[str, Any], column: str, name: str) -> float:
    """A cell that the kind needs, as a number."""
    text = _cell(cells, column, name)
    try:
        return float(text)
    except ValueError:
        raise ParameterError(
            vi=f"Cột {column} phải là số (dấu chấm cho phần thập phân), nhưng ghi “{text}”; hãy sửa ô đó.",
            en=f'The column {column} must be a number, but says "{text}"; correct that cell.',
        ) from None


def _material(text: str) -> str:
    """Code of a material given by code or by name in either language."""
    catalogue = materials.catalogue()
    if text in catalogue.index:
        return text
    for column in ("name_vi", "name_en"):
        found = catalogue.index[catalogue[column].str.casefold() == text.casefold()]
        if len(found):
            return str(found[0])
    raise ParameterError(
        vi=f"Không có nguyên liệu “{text}”; hãy dùng mã hoặc tên trong danh mục, ví dụ coffee hay Cà phê.",
        en=f'There is no material "{text}"; use a code or name of the list, such as coffee.',
    )


def _empty(cell: Any) -> bool:
    """Whether a cell says nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip()) or bool(pd.isna(cell))
