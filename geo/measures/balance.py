"""Supply, demand and balance of each raw material in each province, in tonnes a year.

Demand is what establishments state they need; for those that state nothing it is employees × the requirement
of their sector and size, and is an estimate. Supply is the published figure; a province without one has no
balance ("no figure"), never a zero.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from geo.errors import DataError
from geo.subjects import requirements as requirement

KEYS = ["province_code", "material_code"]
DEMAND_COLUMNS = [
    *KEYS,
    "demand_tonnes",
    "stated_tonnes",
    "estimated_tonnes",
    "assumed_tonnes",
    "establishments",
    "establishments_stated",
]
BALANCE_COLUMNS = [
    "material_code",
    "province_code",
    "supply_tonnes",
    "demand_tonnes",
    "balance_tonnes",
    "surplus_tonnes",
    "shortage_tonnes",
    "self_sufficiency_share",
    "supply_known",
    "supply_partial",
]


def _require(frame: pd.DataFrame, columns: Iterable[str], what_vi: str, what_en: str) -> None:
    """Refuse a frame without the columns needed."""
    absent = [name for name in columns if name not in frame.columns]
    if absent:
        raise DataError(
            vi=f"{what_vi} phải có cột {', '.join(absent)}, nhưng chỉ có {', '.join(map(str, frame.columns))}.",
            en=f"{what_en} needs the columns {', '.join(absent)}, but has {', '.join(map(str, frame.columns))}.",
        )


def _refuse_negative(frame: pd.DataFrame, column: str, what_vi: str, what_en: str) -> None:
    """Refuse a negative or infinite quantity, naming the row."""
    values = pd.to_numeric(frame[column], errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    bad = (values < 0) | np.isinf(values)
    if bad.any():
        row = frame.iloc[int(np.flatnonzero(bad)[0])]
        where = f"{row.get('material_code', '?')} – {row.get('province_code', '?')}"
        raise DataError(
            vi=f"{what_vi} phải từ 0 trở lên, nhưng dòng {where} là {row[column]}; hãy sửa hoặc bỏ dòng đó.",
            en=f"{what_en} must be 0 or more, but row {where} is {row[column]}; correct or drop that row.",
        )


def estimates(demand_base: pd.DataFrame, requirements: pd.DataFrame | None = None) -> pd.DataFrame:
    """Estimate the need of each group of establishments that states none: employees × requirement.

    Parameters
    ----------
    demand_base, requirements : DataFrame
        As for :func:`demand`.

    Returns
    -------
    DataFrame
        With the index of ``demand_base``: ``province_code``, ``sector_code``, ``size_band``,
        ``establishments``, ``employees_unknown``, ``material_code``, ``status`` (cited, derived, assumption,
        user), ``tonnes`` (a year; NaN where there is no requirement), ``large`` (establishments with 200
        employees and more).

    Raises
    ------
    DataError
        If a column is missing or a count is negative.
    """
    _check_base(demand_base)
    found = requirement.match(demand_base, requirements)
    bands = {band: requirement.band_employees(band) for band in demand_base["size_band"].unique()}
    assumed = demand_base["size_band"].map(bands).astype("float64")
    workers = demand_base["employees"].fillna(0.0) + demand_base["employees_unknown"] * assumed
    columns = ["province_code", "sector_code", "size_band", "establishments", "employees_unknown"]
    return demand_base[columns].assign(
        material_code=found["material_code"],
        status=found["status"],
        tonnes=workers.astype("float64") * found["tonnes_per_employee"].astype("float64"),
        large=demand_base["establishments"].where(demand_base["size_band"] == "large", 0),
    )


def _check_base(demand_base: pd.DataFrame) -> None:
    """Refuse a demand base without its columns, or with negative counts."""
    needed = ["province_code", "sector_code", "size_band", "establishments", "employees", "employees_unknown"]
    _require(demand_base, needed, "Bảng cơ sở để ước tính cầu", "The base of estimated demand")
    for column in ("establishments", "employees", "employees_unknown"):
        _refuse_negative(demand_base, column, "Số cơ sở và lao động", "Establishments and employees")


def demand(
    demand_base: pd.DataFrame, stated_needs: pd.DataFrame, requirements: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the demand for each raw material in each province, stated and estimated apart.

    Parameters
    ----------
    demand_base : DataFrame
        Establishments that state no need: ``province_code``, ``sector_code``, ``size_band``,
        ``establishments``, ``employees`` (sum of the known), ``employees_unknown`` (establishments that do
        not say), and ``material_code`` (may be missing). An own material comes before that of the class.
    stated_needs : DataFrame
        ``province_code``, ``material_code``, ``establishments``, ``need_tonnes`` (tonnes a year).
    requirements : DataFrame, optional
        A table of ``requirements.table``; by default the shipped one.

    Returns
    -------
    DataFrame
        ``province_code``, ``material_code``, ``demand_tonnes`` = ``stated_tonnes`` + ``estimated_tonnes``,
        ``assumed_tonnes`` (the part of the estimate that rests on an assumption), ``establishments``,
        ``establishments_stated``; tonnes a year, sorted by codes. Establishments without a requirement are
        not in it: see :func:`not_estimated`.

    Raises
    ------
    DataError
        If a column is missing, or a count or a need is negative (the row is named).
    """
    return of_estimates(estimates(demand_base, requirements), stated_needs)


def of_estimates(estimated: pd.DataFrame, stated_needs: pd.DataFrame) -> pd.DataFrame:
    """Return the demand as :func:`demand` does, from the result of :func:`estimates`.

    Raises
    ------
    DataError
        If a column of the needs is missing or a need is negative (the row is named).
    """
    _require(stated_needs, [*KEYS, "establishments", "need_tonnes"], "Bảng nhu cầu", "The table of needs")
    _refuse_negative(stated_needs, "need_tonnes", "Nhu cầu nguyên liệu (tấn)", "A need of material (tonnes)")
    tonnes, assumption = estimated["tonnes"], estimated["status"].eq("assumption")
    estimate = estimated[[*KEYS, "establishments"]].assign(
        estimated_tonnes=tonnes, assumed_tonnes=tonnes.where(assumption, 0.0)
    )
    estimate = estimate.dropna(subset=["estimated_tonnes"])
    stated = stated_needs.rename(columns={"need_tonnes": "stated_tonnes"})
    stated = stated.assign(establishments_stated=stated["establishments"])
    parts = pd.concat([estimate, stated], ignore_index=True)
    sums = [name for name in DEMAND_COLUMNS if name not in (*KEYS, "demand_tonnes")]
    parts = parts.reindex(columns=[*KEYS, *sums])
    parts[sums] = parts[sums].astype("float64").fillna(0.0)
    out = parts.groupby(KEYS, sort=True)[sums].sum().reset_index()
    out["demand_tonnes"] = out["stated_tonnes"] + out["estimated_tonnes"]
    counts = ["establishments", "establishments_stated"]
    out[counts] = out[counts].round().astype("int64")
    return out[DEMAND_COLUMNS]


def not_estimated(demand_base: pd.DataFrame, requirements: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the establishments whose demand cannot be estimated, by sector.

    Returns
    -------
    DataFrame
        ``sector_code``, ``establishments``; sorted by sector. Their class has no requirement, or has many
        goods and they do not say which material they use.

    Raises
    ------
    DataError
        If a column is missing or a count is negative.
    """
    estimate = estimates(demand_base, requirements)
    left = estimate[estimate["tonnes"].isna()]
    return left.groupby("sector_code", sort=True)["establishments"].sum().reset_index()


def balance(supply: pd.DataFrame, demand: pd.DataFrame, provinces: Iterable[str]) -> pd.DataFrame:
    """Set supply against demand for every material and province.

    .. math:: b_{mp} = s_{mp} - d_{mp}

    Parameters
    ----------
    supply : DataFrame
        ``material_code``, ``province_code``, ``supply_tonnes`` (tonnes a year, >= 0), perhaps ``partial``;
        a province without a figure has no row.
    demand : DataFrame
        ``material_code``, ``province_code``, ``demand_tonnes`` (tonnes a year, >= 0).
    provinces : iterable of str
        The province codes to cover (one vintage).

    Returns
    -------
    DataFrame
        One row a material (of either table) and province, sorted: ``supply_tonnes`` (NaN = no figure),
        ``demand_tonnes`` (0 = none counted), ``balance_tonnes`` (NaN without a supply figure),
        ``surplus_tonnes`` (0 without a figure: nothing may be sent), ``shortage_tonnes`` (all demand
        without a figure), ``self_sufficiency_share`` (supply over demand, at most 1; NaN without a figure or
        a demand), ``supply_known``, ``supply_partial``.

    Raises
    ------
    DataError
        If a quantity is negative, a pair repeats, or a province is not among ``provinces``.
    """
    codes = sorted(set(provinces))
    for frame, column, vi, en in (
        (supply, "supply_tonnes", "Lượng cung (tấn)", "Supply (tonnes)"),
        (demand, "demand_tonnes", "Lượng cầu (tấn)", "Demand (tonnes)"),
    ):
        _require(frame, [*KEYS, column], f"Bảng {vi.lower()}", f"The table of {en.lower()}")
        _refuse_negative(frame, column, vi, en)
        _check_places(frame, codes)
    materials = sorted(set(supply["material_code"]) | set(demand["material_code"]))
    grid = pd.MultiIndex.from_product([materials, codes], names=["material_code", "province_code"])
    have, want = (frame.set_index(["material_code", "province_code"]) for frame in (supply, demand))
    out = pd.DataFrame(index=grid)
    out["supply_tonnes"] = have["supply_tonnes"].astype("float64").reindex(grid)
    out["demand_tonnes"] = want["demand_tonnes"].astype("float64").reindex(grid).fillna(0.0)
    out["balance_tonnes"] = out["supply_tonnes"] - out["demand_tonnes"]
    out["surplus_tonnes"] = out["balance_tonnes"].clip(lower=0.0).fillna(0.0)
    known = out["supply_tonnes"].notna()
    out["shortage_tonnes"] = (-out["balance_tonnes"]).clip(lower=0.0).where(known, out["demand_tonnes"])
    share = out["supply_tonnes"] / out["demand_tonnes"].where(out["demand_tonnes"] > 0)
    out["self_sufficiency_share"] = share.clip(upper=1.0)
    out["supply_known"] = known
    partial = have["partial"] if "partial" in have else pd.Series(False, index=have.index)
    out["supply_partial"] = partial.reindex(grid).eq(True)
    return out.reset_index()[BALANCE_COLUMNS]


def _check_places(frame: pd.DataFrame, codes: list[str]) -> None:
    """Refuse a pair that repeats, or a province outside the list."""
    outside = sorted(set(frame["province_code"].dropna()) - set(codes))
    if outside:
        raise DataError(
            vi=f"Mã tỉnh phải thuộc bộ đơn vị hành chính đang chọn, nhưng có {', '.join(outside[:5])}; "
            "hãy chuyển số liệu về cùng một bộ.",
            en=f"Province codes must be of the chosen vintage, but {', '.join(outside[:5])} came; "
            "bring the figures to one vintage.",
        )
    twice = frame[frame.duplicated(KEYS)]
    if len(twice):
        row = twice.iloc[0]
        where = f"{row['material_code']} – {row['province_code']}"
        raise DataError(
            vi=f"Mỗi nguyên liệu ở mỗi tỉnh chỉ có một dòng, nhưng {where} lặp lại; hãy gộp các dòng đó.",
            en=f"A material has one row a province, but {where} repeats; combine those rows.",
        )
