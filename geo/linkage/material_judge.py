"""How firm the figures behind a linkage of kind ``material`` are: need, coefficients, supply, coverage."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from geo.linkage.confidence import Aspects, DataContext
from geo.linkage.model import Finding, Text
from geo.linkage.narrative import percent
from geo.subjects.own_supply import OWN

#: How much a figure is trusted by the grade of its source: A sums to the national total, B annex of a
#: ministry's report, C single provinces from press or portals. A figure of the user's own is one office's
#: statement that nobody has set against a national total, as those of C: an assumption.
GRADE = {"A": 1.0, "B": 0.7, "C": 0.4, OWN: 0.4}
#: How much an estimated need is trusted by the origin of its coefficient.
_STATUS = {"user": 0.8, "cited": 0.8, "derived": 0.6, "assumption": 0.3}
#: Establishments stating the same origin from which on the statement counts as firm; a convention.
FIRM_STATEMENTS = 5
#: Figures older than this (years) are held to B.
OLD_YEARS = 5


def judge(finding: Finding, context: DataContext) -> Aspects:
    """Judge need, coefficients, supply figure and its coverage."""
    m = finding.measures
    judged: Aspects = ([], [], [])
    if m["planned_tonnes"] > 0:
        _judge_need(m, *judged)
    else:
        _judge_statements(m["stated_establishments"], *judged)
    aspects, limits, reasons = judged
    aspects.append(GRADE.get(m["reliability"], 0.0))
    reasons.append(_grade_reason(m["reliability"]))
    if m["reliability"] not in ("A", "B"):
        # Weak figures on both sides of a planned flow cannot be made good by anything else.
        weak_need = m["planned_tonnes"] > 0 and m["estimated_share"] > 0.5
        limits.append("C" if weak_need else "B")
    _judge_year(m["supply_year"], context.reference_year, limits, reasons)
    _judge_coverage(m["coverage_share"], aspects, limits, reasons)
    for name, text in _WEAKNESSES.items():
        if m[name]:
            limits.append("B")
            reasons.append(text)
    if m["planned_tonnes"] > 0 and not m["destination_known"]:
        limits.append("B")
        reasons.append(
            Text(
                "Nơi đến không có số liệu sản lượng: phần thiếu có thể nhỏ hơn tính toán.",
                "The destination has no supply figure: its shortage may be smaller than computed.",
            )
        )
    return aspects, limits, reasons


_WEAKNESSES: Mapping[str, Text] = {
    "supply_derived": Text(
        "Sản lượng quy đổi từ diện tích hoặc thể tích theo hệ số.",
        "The supply is converted from an area or a volume by a coefficient.",
    ),
    "supply_partial": Text(
        "Một phần của tỉnh nơi đi chưa có số liệu: sản lượng là mức thấp nhất.",
        "Part of the origin has no figure: its supply is a lower bound.",
    ),
}


def _judge_need(m: Mapping[str, Any], aspects: list[float], limits: list[str], reasons: list[Text]) -> None:
    """Judge the need that a planned flow is to meet: stated, or estimated by which coefficients."""
    stated = 1.0 - m["estimated_share"] if math.isfinite(m["estimated_share"]) else 0.0
    aspects.append(stated + (1.0 - stated) * _coefficient_trust(m["coefficient_rows"]))
    reasons.append(_stated_reason(stated))
    if stated < 0.5:
        limits.append("B")
    weak = _assumed_share(m["coefficient_rows"])
    if stated < 0.9995 and weak > 0:
        reasons.append(
            Text(
                f"{percent(weak, 'vi')} phần ước tính dựa vào định mức giả định.",
                f"{percent(weak, 'en')} of the estimated part rests on assumed coefficients.",
            )
        )
        if weak * (1.0 - stated) > 0.5:
            limits.append("C")


def _stated_reason(stated: float) -> Text:
    """Say how much of a need is stated and how much estimated."""
    if stated <= 0.0005:
        return Text("Toàn bộ nhu cầu của nơi đến là ước tính.", "All of the destination's need is estimated.")
    if stated >= 0.9995:
        return Text(
            "Toàn bộ nhu cầu của nơi đến do cơ sở khai báo.",
            "All of the destination's need is stated by establishments.",
        )
    return Text(
        f"{percent(stated, 'vi')} nhu cầu của nơi đến do cơ sở khai báo, còn lại là ước tính.",
        f"{percent(stated, 'en')} of the destination's need is stated by establishments, the rest estimated.",
    )


def _judge_statements(count: int, aspects: list[float], limits: list[str], reasons: list[Text]) -> None:
    """Judge a link that rests on what establishments state: the more of them, the firmer."""
    aspects.append(min(1.0, count / FIRM_STATEMENTS))
    if count < FIRM_STATEMENTS:
        limits.append("B")
    reasons.append(
        Text(
            f"Liên kết dựa vào khai báo của {count} cơ sở về nơi mua nguyên liệu.",
            f"The link rests on what {count} establishments state about where the material is bought.",
        )
    )


def _coefficient_trust(rows: list[dict[str, Any]]) -> float:
    """Return the trust in the coefficients, weighted by tonnes; an unknown origin counts as assumption."""
    total = sum(row["tonnes"] for row in rows)
    if not total > 0:
        return _STATUS["assumption"]
    return sum(row["tonnes"] * _STATUS.get(row["status"], _STATUS["assumption"]) for row in rows) / total


def _assumed_share(rows: list[dict[str, Any]]) -> float:
    """Return the share of the estimated tonnes that rests on assumed coefficients."""
    total = sum(row["tonnes"] for row in rows)
    assumed = sum(row["tonnes"] for row in rows if row["status"] not in ("user", "cited", "derived"))
    return assumed / total if total > 0 else 0.0


def _grade_reason(grade: str) -> Text:
    """Say what the grade of a supply figure means."""
    said = {
        "A": (
            "số liệu thống kê khớp tổng cả nước (loại A)",
            "statistics that sum to the national total (grade A)",
        ),
        "B": ("phụ lục báo cáo của bộ (loại B)", "an annex of a ministry's report (grade B)"),
        "C": (
            "tin báo, cổng thông tin cho từng tỉnh (loại C)",
            "press or portals for single provinces (grade C)",
        ),
        OWN: (
            "khai báo của đơn vị, chưa đối chiếu với tổng cả nước",
            "what the user's own office states, not set against a national total",
        ),
    }
    vi, en = said.get(grade, ("nguồn chưa xếp loại", "a source without a grade"))
    return Text(f"Sản lượng nơi đi lấy từ {vi}.", f"The origin's supply comes from {en}.")


def _judge_year(year: Any, reference: int, limits: list[str], reasons: list[Text]) -> None:
    """Hold figures of long ago to B."""
    if year is None or year != year:
        return
    if reference - int(year) > OLD_YEARS:
        limits.append("B")
        reasons.append(
            Text(f"Sản lượng là của năm {int(year)}, đã cũ.", f"The supply is of {int(year)}, which is old.")
        )


def _judge_coverage(share: float, aspects: list[float], limits: list[str], reasons: list[Text]) -> None:
    """Judge how much of the national quantity the province figures hold."""
    if share is None or not math.isfinite(share):
        aspects.append(0.4)
        limits.append("B")
        reasons.append(
            Text(
                "Chưa biết số liệu các tỉnh chiếm bao nhiêu phần của cả nước.",
                "How much of the national quantity the province figures hold is not known.",
            )
        )
        return
    aspects.append(min(1.0, share))
    if share < 0.95:
        limits.append("B")
        reasons.append(
            Text(
                f"Số liệu các tỉnh chiếm {percent(share, 'vi')} của cả nước; tỉnh còn lại là chưa có "
                "số liệu.",
                f"Province figures hold {percent(share, 'en')} of the national quantity; the other "
                "provinces have "
                "no figure.",
            )
        )
