"""Make ``data/requirements.csv``: tonnes of raw material one employee works up in a year.

Each line of ``data/sources/requirement_rules.csv`` joins one throughput with conversions and says, in both
languages, what had to be assumed on the way. The status follows from the parts:

``cited``       a published figure a worker and year, used as it stands;
``derived``     follows from published figures by the arithmetic shown;
``assumption``  some part is not published, or not checked; the reason says which.

By-products (bran, molasses, bagasse, shell oil) have no rule: they share the main product's input. A figure
of a large plant is never given to a smaller size; a size without a rule takes that of the next smaller one
and is then an assumption, unless the rule is a mean over every size.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from geo.errors import DataError
from geo.subjects.requirements import SIZES, band_employees
from geo.subjects.shipped import table

# An uncertain figure is given the range from half to twice, unless the conversion's own range is wider.
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

    tonnes_per_employee: float
    low: float
    high: float
    status: str
    derivation: str
    throughput_id: str
    factor_ids: str
    reason_vi: str
    reason_en: str
    source: str


def _number(text: str, default: float) -> float:
    """A cell as a number, or the default where it is empty."""
    return float(text) if text else default


def _known(rows: pd.DataFrame, key: str, what: str) -> Any:
    """The row of a table that a rule names."""
    if key not in rows.index:
        raise DataError(
            vi=f"Quy tắc định mức nhắc tới {what} “{key}” không có trong bảng số liệu; hãy sửa quy tắc.",
            en=f'A requirement rule names the {what} "{key}", which is not in the table; repair the rule.',
        )
    return rows.loc[key]


def _throughput(rule: Any, throughput: pd.DataFrame) -> tuple[float, list[str], list[str], bool]:
    """Raw or product tonnes one worker handles in a year: value, how, sources, whether all was checked."""
    sources, checked = [], True
    if rule.throughput_id:
        row = _known(throughput, rule.throughput_id, "throughput")
        value, unit = float(row["value"]), row["unit"]
        sources.append(str(row["source"]))
        checked = row["status"] == "checked"
    else:
        value, unit = float(rule.assumed_value), rule.assumed_unit
    parts = [f"{value:g} {unit}"]
    days = _number(rule.days_per_year, 1.0)
    if rule.days_per_year:
        parts.append(f"× {days:g} days")
    value *= days
    if rule.per_establishment == "true":
        workers = _number(rule.employees, band_employees(rule.size_band))
        parts.append(f"÷ {workers:.4g} employees")
        value /= workers
    return value, parts, sources, checked


def _evaluate(rule: Any, throughput: pd.DataFrame, factors: pd.DataFrame) -> _Value:
    """Work out one rule; bounds come from the conversion's own range, else half to twice."""
    middle, parts, sources, checked = _throughput(rule, throughput)
    low = high = middle
    for factor_id in filter(None, rule.factor_ids.split("|")):
        row = _known(factors, factor_id, "conversion")
        power, sign = (-1, "÷") if rule.factor_use == "divide" else (1, "×")
        one = float(row["input_per_output"])
        bounds = sorted((_number(row["low"], one) ** power, _number(row["high"], one) ** power))
        middle, low, high = middle * one**power, low * bounds[0], high * bounds[1]
        parts.append(f"{sign} {one:g} ({row['material']} → {row['product']})")
        sources.append(str(row["source"]))
        checked &= row["status"] == "checked"
    times = _number(rule.times, 1.0)
    if rule.times:
        parts.append(f"× {times:g}")
    middle, low, high = middle * times, low * times, high * times
    status = rule.status if checked else "assumption"
    if status != "cited":
        low, high = min(low, middle * FACTOR_LOW), max(high, middle * FACTOR_HIGH)
    return _Value(
        middle,
        _number(rule.low, low),
        _number(rule.high, high),
        status,
        " ".join(parts),
        rule.throughput_id,
        rule.factor_ids,
        rule.reason_vi,
        rule.reason_en,
        " | ".join(dict.fromkeys(sources)),
    )


def _carried_up(value: _Value) -> _Value:
    """The figure of the next smaller size, marked as an assumption, with the reason in front."""
    vi = "Chưa có số riêng cho quy mô này nên lấy số của quy mô nhỏ hơn kề dưới. "
    en = "No figure for this size, so that of the next smaller one is used. "
    if value.reason_vi.startswith(vi):
        return value
    return value._replace(status="assumption", reason_vi=vi + value.reason_vi, reason_en=en + value.reason_en)


def _rules() -> dict[tuple[str, str], list[Any]]:
    """The rules by sector and material; a line that names several materials holds for each."""
    out: dict[tuple[str, str], list[Any]] = {}
    for rule in table("sources/requirement_rules.csv").itertuples():
        for material in str(rule.material_codes).split("|"):
            out.setdefault((str(rule.sector_code), material), []).append(rule)
    return out


def requirements_table() -> pd.DataFrame:
    """Return tonnes of raw material an employee-year by sector, material and size, sorted.

    Raises
    ------
    DataError
        If a rule names a figure that is not in the tables, or a sector has none for the micro size.
    """
    throughput = table("throughput.csv").set_index("throughput_id")
    factors = table("conversion_factors.csv").set_index("factor_id")
    rows = []
    for (sector, material), rules in _rules().items():
        by_size = {rule.size_band: rule for rule in rules}
        if "micro" not in by_size:
            raise DataError(
                vi=f"Định mức của ngành {sector}, nguyên liệu {material} phải có dòng cho quy mô siêu nhỏ.",
                en=f"The requirement of sector {sector}, material {material} needs a row for the micro size.",
            )
        value = _evaluate(by_size["micro"], throughput, factors)
        for size in SIZES:
            if size != "micro" and size in by_size:
                value = _evaluate(by_size[size], throughput, factors)
            elif size != "micro" and by_size["micro"].every_size != "true":
                value = _carried_up(value)
            row = {"sector_code": sector, "size_band": size, "material_code": material, **value._asdict()}
            rows.append({**row, "is_main_material": by_size["micro"].is_main_material})
    frame = pd.DataFrame(rows)
    for column in ("tonnes_per_employee", "low", "high"):
        frame[column] = frame[column].map(lambda number: float(f"{number:.3g}"))
    frame["size_band"] = pd.Categorical(frame["size_band"], SIZES, ordered=True)
    return frame.sort_values(["sector_code", "material_code", "size_band"], ignore_index=True)[COLUMNS]
