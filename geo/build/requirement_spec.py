"""How much raw material one employee works up in a year: the choices behind ``data/requirements.csv``.

Each :class:`Rule` joins one published throughput with one published conversion and says, in both languages,
what had to be assumed on the way. The status follows from the parts:

``cited``       a published figure a worker and year, used as it stands;
``derived``     follows from published figures by the arithmetic shown;
``assumption``  some part is not published (or not checked); the reason says which.

Rows for by-products (bran, molasses, bagasse, shell oil) are never used: they share the main product's input.
A figure of a large plant is never given to a smaller size; a size without a figure of its own takes that of
the next smaller one, and is then an assumption.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from geo.build.requirement_rules import RULES, SIZES, Rule
from geo.errors import DataError
from geo.subjects.shipped import table

# Employees that stand for a size when a figure is per establishment: the official mean of households for
# micro (set at build from province_stats), the geometric middle of the band for small and medium, and a
# stated assumption for large, which has no upper limit.
BAND_EMPLOYEES = {"small": 22.0, "medium": 100.0, "large": 300.0}
FACTOR_LOW, FACTOR_HIGH = 0.5, 2.0
COLUMNS = [
    "sector_code",
    "size_band",
    "material_code",
    "tonnes_per_employee",
    "low",
    "high",
    "is_main_material",
    "status",
    "derivation",
    "throughput_id",
    "factor_ids",
    "reason_vi",
    "reason_en",
    "source",
]


class _Value(NamedTuple):
    """A requirement with its bounds, standing, wording and sources."""

    tonnes: float
    low: float
    high: float
    status: str
    derivation: str
    throughput_id: str
    factor_ids: str
    reason_vi: str
    reason_en: str
    source: str


def household_workers() -> float:
    """Mean workers of a household establishment, from the official sums of 2022."""
    stats = table("province_stats.csv", numbers=("value",))
    total = stats.groupby("indicator")["value"].sum()
    workers = total["workers_in_household_individual_establishments"]
    return float(workers / total["household_individual_non_farm_establishments"])


def _number(text: str, default: float) -> float:
    """A cell as a number, or the default where it is empty."""
    return float(text) if text else default


def _evaluate(rule: Rule, throughput: pd.DataFrame, factors: pd.DataFrame) -> _Value:
    """Work out one rule; bounds come from the conversion's own range, else half to twice."""
    parts, sources, checked = [], [], True
    value = rule.assumed
    if rule.throughput:
        if rule.throughput not in throughput.index:
            raise DataError(
                vi=f"Quy tắc định mức nhắc tới năng suất “{rule.throughput}” không có trong bảng; hãy sửa quy tắc.",
                en=f'A requirement rule names the throughput "{rule.throughput}", which is not in the table.',
            )
        row = throughput.loc[rule.throughput]
        value = float(row["value"])
        parts.append(f"{value:g} {row['unit']}")
        sources.append(row["source"])
        checked &= row["status"] == "checked"
    else:
        parts.append(f"{value:g} {rule.assumed_unit}")
    if rule.days != 1:
        parts.append(f"× {rule.days:g} days")
    workers = rule.workers or (household_workers() if rule.size == "micro" else BAND_EMPLOYEES[rule.size])
    if rule.per_establishment:
        parts.append(f"÷ {workers:.3g} employees")
    low = high = value * rule.days * rule.times / (workers if rule.per_establishment else 1.0)
    middle = low
    for factor_id in rule.factors:
        row = factors.loc[factor_id]
        one = float(row["input_per_output"])
        power = -1 if rule.divide else 1
        bounds = sorted((_number(row["low"], one) ** power, _number(row["high"], one) ** power))
        middle, low, high = middle * one**power, low * bounds[0], high * bounds[1]
        parts.append(f"{'÷' if rule.divide else '×'} {one:g} ({row['material']} → {row['product']})")
        sources.append(row["source"])
        checked &= row["status"] == "checked"
    if rule.times != 1:
        parts.append(f"× {rule.times:g}")
    status = rule.status if checked else "assumption"
    if status != "cited":
        low, high = min(low, middle * FACTOR_LOW), max(high, middle * FACTOR_HIGH)
    low, high = rule.low or low, rule.high or high
    return _Value(middle, low, high, status, " ".join(parts), rule.throughput, "|".join(rule.factors),
                  rule.reason_vi, rule.reason_en, " | ".join(dict.fromkeys(sources)))


def _carried_up(value: _Value) -> _Value:
    """The figure of the next smaller size, marked as an assumption, with the reason in front."""
    if "Chưa có số riêng" in value.reason_vi:
        return value
    return value._replace(
        status="assumption",
        reason_vi=f"Chưa có số riêng cho quy mô này nên lấy số của quy mô nhỏ hơn kề dưới. {value.reason_vi}",
        reason_en=f"No figure for this size, so the next smaller size's is used. {value.reason_en}",
    )


def requirements_table() -> pd.DataFrame:
    """Return tonnes of raw material an employee-year by sector, material and size, sorted.

    Raises
    ------
    DataError
        If a rule names a throughput that is not in the table, or a sector has no figure to start from.
    """
    throughput = table("throughput.csv").set_index("throughput_id")
    factors = table("conversion_factors.csv").set_index("factor_id")
    rows = []
    for (sector, material), rules in RULES.items():
        by_size = {rule.size: rule for rule in rules}
        if "micro" not in by_size:
            raise DataError(
                vi=f"Định mức của ngành {sector}, nguyên liệu {material} phải có dòng cho quy mô siêu nhỏ.",
                en=f"The requirement of sector {sector}, material {material} needs a row for the micro size.",
            )
        value = None
        for size in SIZES:
            if size in by_size:
                value = _evaluate(by_size[size], throughput, factors)
            elif value is not None and not by_size["micro"].every_size:
                value = _carried_up(value)
            assert value is not None
            rows.append((sector, size, material, by_size["micro"].main, value))
    frame = pd.DataFrame(
        [
            {
                "sector_code": sector,
                "size_band": size,
                "material_code": material,
                "tonnes_per_employee": float(f"{value.tonnes:.3g}"),
                "low": float(f"{value.low:.3g}"),
                "high": float(f"{value.high:.3g}"),
                "is_main_material": "true" if main else "false",
                **{name: getattr(value, name) for name in COLUMNS[7:]},
            }
            for sector, size, material, main, value in rows
        ]
    )
    frame["size_band"] = pd.Categorical(frame["size_band"], SIZES, ordered=True)
    return frame.sort_values(["sector_code", "material_code", "size_band"], ignore_index=True)[COLUMNS]
