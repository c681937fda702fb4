"""How much raw material an employee works up in a year, by sector, material and size of establishment.

The shipped figures are ``cited``, ``derived`` or an ``assumption``, each with its reason; a user's own figure
replaces them and is marked ``user``. Heads of animals (class 1010) and materials without a supply in
tonnes have no requirement.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import pandas as pd

from geo.errors import ParameterError
from geo.subjects.shipped import table as shipped_table

SIZES = ("micro", "small", "medium", "large")
# Employees that stand for a size where none are given: for micro the official mean of households; for small
# and medium the geometric middle of the band; for large, which has no upper limit, a stated assumption.
_BAND_EMPLOYEES = {"small": 22.0, "medium": 100.0, "large": 300.0}
KEYS = ["sector_code", "size_band", "material_code"]
_STATS_SOURCE = "Tổng cục Thống kê 2022 (data/province_stats.csv)"

Overrides = pd.DataFrame | Mapping[tuple[str, str, str], float]


def _mean_of(workers: str, establishments: str) -> float:
    """Official workers over establishments in 2022, over the provinces that have both."""
    stats = shipped_table("province_stats.csv", numbers=("value",))
    wide = stats[stats["indicator"].isin([workers, establishments])].pivot(
        index="province_code", columns="indicator", values="value"
    )
    both = wide.dropna().sum()
    return float(both[workers] / both[establishments])


@cache
def _household() -> float:
    """Mean workers of a household establishment, 2022."""
    return _mean_of(
        "workers_in_household_individual_establishments", "household_individual_non_farm_establishments"
    )


def band_employees(size_band: str) -> float:
    """Return the employees that stand for a size where none are given; ``unknown`` counts as micro.

    Raises
    ------
    ParameterError
        If the size is not one of micro, small, medium, large, unknown.
    """
    if size_band in ("micro", "unknown"):
        return _household()
    if size_band not in _BAND_EMPLOYEES:
        raise _bad_size(size_band)
    return _BAND_EMPLOYEES[size_band]


def _bad_size(value: object) -> ParameterError:
    """The error for a size that does not exist."""
    return ParameterError(
        vi=f"Quy mô phải là micro (1–9 lao động), small (10–49), medium (50–199) hoặc large (từ 200), "
        f"nhưng nhận được “{value}”; hãy chọn một trong bốn.",
        en=f"The size must be micro (1–9 employees), small (10–49), medium (50–199) or large (200 and more), "
        f'but "{value}" came; choose one of the four.',
    )


def employees_assumed() -> pd.DataFrame:
    """Return the employees assumed for an establishment that does not say, with reason and source.

    Returns
    -------
    DataFrame
        Indexed by ``kind``: ``household`` and ``enterprise`` (official means of 2022, status ``derived``) and
        the sizes ``micro``, ``small``, ``medium``, ``large``, ``unknown``; columns ``employees`` (persons),
        ``status``, ``reason_vi``, ``reason_en``, ``source``.
    """
    house = (
        "lao động chia số cơ sở cá thể phi nông nghiệp cả nước 2022",
        "workers over non-farm household establishments of the country, 2022",
    )
    middle = ("điểm giữa (trung bình nhân) của nhóm quy mô", "geometric middle of the size band")
    open_band = ("nhóm không có cận trên: giả định 300", "the band has no upper limit: 300 assumed")
    company = (
        "lao động chia số doanh nghiệp có kết quả kinh doanh 2022 (62 tỉnh có đủ hai số)",
        "workers over enterprises with results, 2022 (62 provinces with both figures)",
    )
    enterprise = _mean_of("workers_in_enterprises", "enterprises_operating_with_results")
    rows = [
        ("household", _household(), "derived", *house, _STATS_SOURCE),
        ("enterprise", enterprise, "derived", *company, _STATS_SOURCE),
        ("micro", _household(), "derived", *house, _STATS_SOURCE),
        ("small", _BAND_EMPLOYEES["small"], "assumption", *middle, ""),
        ("medium", _BAND_EMPLOYEES["medium"], "assumption", *middle, ""),
        ("large", _BAND_EMPLOYEES["large"], "assumption", *open_band, ""),
        ("unknown", _household(), "assumption", *house, _STATS_SOURCE),
    ]
    columns = ["kind", "employees", "status", "reason_vi", "reason_en", "source"]
    return pd.DataFrame(rows, columns=columns).set_index("kind")


@cache
def _shipped() -> pd.DataFrame:
    """The shipped requirements, kept for the life of the process."""
    return shipped_table(
        "requirements.csv", numbers=("tonnes_per_employee", "low", "high"), flags=("is_main_material",)
    )


def _as_edits(overrides: Overrides) -> dict[tuple[str, str, str], float]:
    """Overrides of either form as a dict, checked."""
    if isinstance(overrides, pd.DataFrame):
        absent = [name for name in (*KEYS, "tonnes_per_employee") if name not in overrides.columns]
        if absent:
            raise ParameterError(
                vi=f"Bảng định mức sửa đổi phải có cột {', '.join(absent)}; hãy thêm vào.",
                en=f"The table of edited requirements needs the columns {', '.join(absent)}; add them.",
            )
        keys = overrides[KEYS].itertuples(index=False, name=None)
        edits = dict(zip(keys, overrides["tonnes_per_employee"], strict=True))
    else:
        edits = dict(overrides)
    sectors = set(shipped_table("sectors.csv")["sector_code"])
    materials = set(shipped_table("materials.csv")["material_code"])
    for (sector, size, material), value in edits.items():
        if size not in SIZES:
            raise _bad_size(size)
        if sector not in sectors or material not in materials:
            raise ParameterError(
                vi=f"Định mức sửa đổi phải theo mã ngành và mã nguyên liệu có trong danh mục, nhưng có "
                f"“{sector}” và “{material}”; hãy chọn lại mã.",
                en=f"An edited requirement must use a sector and a material of the lists, but "
                f'"{sector}" and "{material}" came; choose again.',
            )
        if not (isinstance(value, int | float) and math.isfinite(value) and value >= 0):
            raise ParameterError(
                vi=f"Định mức (tấn một lao động một năm) phải là số từ 0 trở lên, nhưng {sector} × {material} "
                f"({size}) là {value}; hãy nhập số không âm.",
                en=f"A requirement (tonnes an employee-year) must be a number of 0 or more, but "
                f"{sector} × {material} ({size}) is {value}; enter a number that is not negative.",
            )
    return {key: float(value) for key, value in edits.items()}


def table(overrides: Overrides | None = None) -> pd.DataFrame:
    """Return tonnes of raw material an employee works up in a year, with the user's own figures in place.

    Parameters
    ----------
    overrides : DataFrame or mapping, optional
        Edited figures: columns ``sector_code``, ``size_band``, ``material_code``,
        ``tonnes_per_employee``; or a mapping (sector, size, material) → tonnes, >= 0.

    Returns
    -------
    DataFrame
        ``sector_code``, ``size_band``, ``material_code``, ``tonnes_per_employee`` (tonnes a year), ``low``,
        ``high``, ``is_main_material`` (what the sector is taken to use when it does not say), ``status``
        (cited, derived, assumption, user), ``derivation``, ``throughput_id``, ``factor_ids``,
        ``reason_vi``, ``reason_en``, ``source``; sorted by sector, material and size.

    Raises
    ------
    ParameterError
        If an edited figure is negative, or names an unknown size, sector or material.
    """
    frame = _shipped().copy()
    if overrides is None or len(overrides) == 0:
        return frame
    edits = _as_edits(overrides)
    at = {key: place for place, key in enumerate(frame[KEYS].itertuples(index=False, name=None))}
    user: dict[str, Any] = {
        "status": "user",
        "derivation": "",
        "throughput_id": "",
        "factor_ids": "",
        "reason_vi": "Người dùng nhập",
        "reason_en": "Entered by the user",
        "source": "",
    }
    added = []
    for key, value in edits.items():
        numbers = {"tonnes_per_employee": value, "low": value, "high": value}
        if key in at:
            for name, cell in {**numbers, **user}.items():
                frame.loc[at[key], name] = cell
        else:
            added.append({**dict(zip(KEYS, key, strict=True)), **numbers, **user, "is_main_material": False})
    if added:
        frame = pd.concat([frame, pd.DataFrame(added)[frame.columns]], ignore_index=True)
    order = frame["size_band"].map(SIZES.index)
    frame = frame.assign(_order=order).sort_values(["sector_code", "material_code", "_order"])
    return frame.drop(columns="_order").reset_index(drop=True)


def main_material(sector_code: str) -> str | None:
    """Return the material a class is taken to use when an establishment does not say, or None.

    Classes of many kinds of goods (1030, 1079, 1311, 2029) have none: a guess would mislead.
    """
    rows = _shipped()
    found = rows[(rows["sector_code"] == sector_code) & rows["is_main_material"]]
    return None if found.empty else str(found["material_code"].iloc[0])


@cache
def _default_classes() -> dict[str, str]:
    """The class whose requirement stands for each material of the catalogue."""
    defaults = shipped_table("materials.csv").set_index("material_code")["default_sector_code"]
    return {str(material): str(sector) for material, sector in defaults.items()}


def _default_class(material_code: str, division: str, classes: Iterable[str]) -> str | None:
    """The class whose requirement stands for a material, of those that have one; only inside a division given."""
    inside = sorted(code for code in classes if code.startswith(division))
    if not inside:
        return None
    default = _default_classes().get(material_code, "")
    return default if default in inside else inside[0]


def for_material(
    material_code: str,
    size_band: str = "micro",
    *,
    division_code: str = "",
    requirements: pd.DataFrame | None = None,
) -> dict[str, Any] | None:
    """Return the requirement that stands for a material when only its division, or no sector, is known.

    Parameters
    ----------
    material_code : str
        Code of the catalogue.
    size_band : str
        micro, small, medium, large or unknown (counts as micro).
    division_code : str
        Division (2 digits): only its classes are considered. Coir ropes (division 13) live on husks, a
        by-product: they must not be given the coconuts of the oil mills (division 10).
    requirements : DataFrame, optional
        A table of :func:`table`; by default the shipped one.

    Returns
    -------
    dict or None
        The row of the table, or None when no such sector has a requirement for the material.

    Raises
    ------
    ParameterError
        If the size is unknown.
    """
    size = "micro" if size_band == "unknown" else size_band
    if size not in SIZES:
        raise _bad_size(size_band)
    rows = _shipped() if requirements is None else requirements
    classes = rows.loc[rows["material_code"] == material_code, "sector_code"]
    chosen = _default_class(material_code, division_code, set(classes))
    found = rows[(rows["sector_code"] == chosen) & rows["material_code"].eq(material_code)]
    found = found[found["size_band"] == size]
    return None if found.empty else {str(name): cell for name, cell in found.iloc[0].items()}


def match(base: pd.DataFrame, requirements: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find the requirement of each group of establishments.

    An establishment's own material comes first; else the main material of its class. Where its class has no
    requirement for its own material, or only the division is known, the material's usual class in the same
    division stands in; where the division has none there is no figure.

    Parameters
    ----------
    base : DataFrame
        ``sector_code``, ``size_band`` and, if known, ``material_code``.
    requirements : DataFrame, optional
        A table of :func:`table`; by default the shipped one.

    Returns
    -------
    DataFrame
        Same index: ``material_code``, ``tonnes_per_employee`` (NaN where there is none), ``low``, ``high``,
        ``status``.
    """
    rows = _shipped() if requirements is None else requirements
    figures = ["tonnes_per_employee", "low", "high", "status"]
    by_key: Mapping[Any, Mapping[Any, Any]] = rows.set_index(KEYS)[figures].to_dict("index")
    main = rows[rows["is_main_material"]].drop_duplicates("sector_code").set_index("sector_code")
    mains = main["material_code"].to_dict()
    users: dict[str, set[str]] = {}
    for sector, _, material in by_key:
        users.setdefault(material, set()).add(sector)
    texts = _texts(base)
    kind = texts.groupby(KEYS, sort=False).ngroup().to_numpy()
    empty = {"tonnes_per_employee": math.nan, "low": math.nan, "high": math.nan, "status": ""}
    out = []
    # Each kind of establishment is looked up once.
    for sector, size, own in texts.drop_duplicates().itertuples(index=False, name=None):
        code, band = own or mains.get(sector), "micro" if size == "unknown" else size
        row = by_key.get((sector, band, code)) if code else None
        if row is None and code:
            row = by_key.get((_default_class(code, sector[:2], users.get(code, ())), band, code))
        out.append(
            {"material_code": code, **(empty if row is None else {name: row[name] for name in figures})}
        )
    found = pd.DataFrame(out, columns=["material_code", *figures])
    found = found.iloc[kind].set_axis(base.index)
    return found.astype(dict.fromkeys(figures[:3], "float64"))


def _texts(base: pd.DataFrame) -> pd.DataFrame:
    """Sector, size and material of each group as text; a missing one, or column, as empty text."""
    columns = {name: base[name].astype("object") if name in base else "" for name in KEYS}
    return pd.DataFrame(columns, index=base.index).fillna("").astype(str)
