"""Scores of opportunities: seven components, each 0–1 and each shown, and their weighted mean."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from geo.errors import ParameterError
from geo.linkage.model import Finding

#: Road distance in km at which the proximity component has fallen to one half. An assumption of the
#: product: about as far as a lorry goes and comes back within one working day.
HALF_DISTANCE_KM = 200.0
#: The same for materials that do not keep (``material.PERISHABLE``); an assumption as well.
PERISHABLE_HALF_KM = 75.0


@dataclass(frozen=True)
class Component:
    """One part of the score: its name, default weight and the reasons for both in two languages."""

    name: str
    weight: float
    label_vi: str
    label_en: str
    meaning_vi: str
    meaning_en: str
    reason_vi: str
    reason_en: str


COMPONENTS: tuple[Component, ...] = (
    Component(
        "magnitude",
        0.20,
        "Quy mô",
        "Magnitude",
        "Lượng nguyên liệu hoặc số cơ sở, thang lôgarit, so với cơ hội lớn nhất cùng loại trong cả nước.",
        "Tonnes or establishments on a log scale, relative to the largest of its kind in the country.",
        "Ngân sách ít nên cần trọng tâm, trọng điểm: liên kết lớn đứng trước.",
        "Money is little and must be focused: large linkages come first.",
    ),
    Component(
        "proximity",
        0.15,
        "Độ gần",
        "Proximity",
        "Bằng 1 ở 0 km, giảm một nửa sau mỗi 200 km đường bộ ước tính (75 km với nguyên liệu tươi mau hỏng).",
        "1 at 0 km, halved with every 200 km of estimated road (75 km for materials that do not keep).",
        "Nguyên liệu nặng, dễ hỏng; gần nhau thì chi phí chở và họp bàn đều thấp.",
        "Raw materials are heavy and perish; near partners carry and meet at low cost.",
    ),
    Component(
        "need",
        0.15,
        "Mức cần",
        "Need",
        "Nguyên liệu: tỷ lệ nhu cầu của nơi đến được đáp ứng, nhân với độ phủ cả nước của số liệu (0,5 nếu chưa "
        "biết) khi nơi đến chưa có số liệu sản lượng. Cụm ngành: tỷ lệ cơ sở dưới 10 lao động. Chuỗi giá trị: 1 − "
        "LQ ngành thượng nguồn của tỉnh tiêu thụ / LQ của tỉnh cung ứng. Trao đổi kinh nghiệm: 1 − LQ của tỉnh "
        "học hỏi.",
        "Material: share of the destination's need that is covered, times the national coverage of the figures "
        "(0.5 if unknown) where the destination has no supply figure. Cluster: share with under 10 employees. "
        "Chain: 1 − the buying province's LQ upstream / the supplier's. Experience: 1 − the learner's LQ.",
        "Nơi phụ thuộc nguồn ngoài, và cơ sở quá nhỏ để tự làm, được lợi nhiều nhất khi bắt tay.",
        "Places that depend on outside supply, and firms too small alone, gain most from joining hands.",
    ),
    Component(
        "strength",
        0.15,
        "Thế mạnh",
        "Strength",
        "Nguyên liệu: phần sản lượng nơi đi còn dư. Cụm ngành, chuỗi giá trị: 1 − 1/LQ, lấy cận dưới của tỉnh yếu "
        "hơn (với điểm nóng: tỷ trọng của ngành trong đó so với cả nước). Trao đổi kinh nghiệm: trung bình của 1 − "
        "1/LQ ở tỉnh dẫn đầu và mật độ ngành gần của tỉnh học hỏi.",
        "Material: surplus share of the origin's supply. Cluster, chain: 1 − 1/LQ at the weaker lower bound (hot "
        "spot: at how many times as frequent the sector is in it). Experience: mean of 1 − 1/LQ of the leader and "
        "the learner's density of related sectors.",
        "Đề án dựa vào lợi thế sẵn có của vùng thì bền.",
        "Schemes that build on an advantage already there last.",
    ),
    Component(
        "inter_regional",
        0.10,
        "Liên vùng",
        "Inter-regional",
        "Bằng 1 khi các tỉnh thuộc những vùng khác nhau, nếu không thì bằng 0.",
        "1 when the provinces lie in different regions, else 0.",
        "Liên kết giữa các vùng là yêu cầu của chương trình; trọng số nhỏ vì chưa phải là hiệu quả.",
        "The programme asks for links between regions; a small weight, as it is a wish and not an effect.",
    ),
    Component(
        "beneficiaries",
        0.15,
        "Cơ sở hưởng lợi",
        "Beneficiaries",
        "Số cơ sở hưởng lợi, thang lôgarit, so với cơ hội có nhiều cơ sở nhất trong cả nước; một cơ sở là 0.",
        "Establishments that gain on a log scale, relative to the most of any opportunity; one alone is 0.",
        "Đề án nhóm cần nhiều cơ sở cùng tham gia để lan tỏa.",
        "A group scheme needs many establishments to spill over.",
    ),
    Component(
        "data",
        0.10,
        "Chất lượng số liệu",
        "Data",
        "Trung bình các mặt chất lượng số liệu: nguồn cung, nhu cầu, định mức, vị trí.",
        "Mean quality of the figures: supply, need, coefficients, places.",
        "Hai cơ hội ngang nhau thì chọn cơ hội có số liệu chắc hơn.",
        "Of two equal opportunities take the one that rests on firmer figures.",
    ),
)

DEFAULT_WEIGHTS: Mapping[str, float] = {c.name: c.weight for c in COMPONENTS}
#: Components that rest on the establishments and so change when these are drawn anew.
VARYING = ("magnitude", "need", "strength", "beneficiaries")


def check_weights(weights: Mapping[str, float] | None) -> dict[str, float]:
    """Return all weights, normalised to the sum 1; names left out keep their default.

    Parameters
    ----------
    weights : mapping or None
        Component name -> weight ≥ 0 (dimensionless); ``None`` means the defaults.

    Raises
    ------
    ParameterError
        If a name is unknown, a weight is negative or not a number, or all weights are zero.
    """
    merged = dict(DEFAULT_WEIGHTS)
    for name, value in (weights or {}).items():
        if name not in merged:
            known = ", ".join(merged)
            raise ParameterError(
                vi=f"Trọng số phải thuộc một trong các thành phần: {known}; nhận được “{name}”. "
                "Hãy sửa lại tên thành phần.",
                en=f"A weight must belong to one of the components {known}; got “{name}”. Correct the name.",
            )
        merged[name] = _number(name, value)
    total = sum(merged.values())
    if total <= 0:
        raise ParameterError(
            vi="Cần ít nhất một trọng số lớn hơn 0; mọi trọng số nhận được đều bằng 0. "
            "Hãy đặt một trọng số dương.",
            en="At least one weight must be above 0; all weights given are 0. Set one above 0.",
        )
    return {name: value / total for name, value in merged.items()}


def _number(name: str, value: object) -> float:
    """Return a weight as a float, or say what is wrong with it."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number) or number < 0:
        raise ParameterError(
            vi=f"Trọng số “{name}” phải là một số không âm; nhận được “{value}”. Hãy nhập số từ 0 trở lên.",
            en=f"Weight “{name}” must be a number of 0 or more; got “{value}”. Enter 0 or more.",
        )
    return number


def proximity(distance_km: float, half_distance_km: float = HALF_DISTANCE_KM) -> float:
    """Return 1 at 0 km, halved with every ``half_distance_km`` (km); 0 when the distance is unknown."""
    if not math.isfinite(distance_km):
        return 0.0
    return 2.0 ** (-max(distance_km, 0.0) / half_distance_km)


def _half_km(item: Finding) -> float:
    """Return the distance at which the proximity of a finding is one half."""
    return PERISHABLE_HALF_KM if item.measures.get("perishable") else HALF_DISTANCE_KM


def log_share(value: float, largest: float) -> float:
    """Return log(1 + value) / log(1 + largest), 0–1; 0 when either is not positive."""
    return float(_log_shares(np.array([value], dtype="float64"), largest)[0])


def _log_shares(values: np.ndarray, largest: float) -> np.ndarray:
    """Return ``log_share`` of many values."""
    known = np.where(values > 0, values, 0.0)
    return np.minimum(1.0, np.log1p(known) / math.log1p(largest)) if largest > 0 else np.zeros(len(values))


def varying(
    kinds: np.ndarray,
    magnitude: np.ndarray,
    need: np.ndarray,
    strength: np.ndarray,
    gaining: np.ndarray,
    found: np.ndarray | None = None,
) -> np.ndarray:
    """Return the components that rest on the establishments.

    Parameters
    ----------
    kinds : ndarray of str
        Kind of each finding: each kind has its own scale of magnitude.
    magnitude, need, strength, gaining : ndarray
        Raw values of each finding: size in the unit of its kind, two shares (NaN unknown, counts 0), and
        the establishments that gain.
    found : ndarray of bool, optional
        Findings that set the scales; all of them when left out.

    Returns
    -------
    ndarray
        Finding × :data:`VARYING`, 0–1, rounded to 6 decimals. One establishment alone joins hands with nobody
        and counts 0 for ``beneficiaries``.
    """
    there = np.ones(len(kinds), dtype=bool) if found is None else found
    out = np.zeros((len(kinds), len(VARYING)))
    for kind in np.unique(kinds):
        own = kinds == kind
        out[own, 0] = _log_shares(magnitude[own], magnitude[own & there].max(initial=0.0))
    out[:, 1], out[:, 2] = need, strength
    most = gaining[there].max(initial=0.0)
    if most > 1:
        out[:, 3] = np.log(np.maximum(gaining, 1.0)) / math.log(most)
    return np.round(np.clip(np.nan_to_num(out), 0.0, 1.0), 6)


def components(findings: Sequence[Finding], quality: Sequence[float]) -> list[dict[str, float]]:
    """Return the seven components of every finding, in the same order.

    Parameters
    ----------
    findings : sequence of Finding
        All findings of the country: the scales of magnitude and beneficiaries are taken from them, so a
        later choice of provinces changes no score.
    quality : sequence of float
        Quality of the figures behind each finding, 0–1.

    Returns
    -------
    list of dict
        Component name -> value 0–1, rounded to 6 decimals; a measure that is not known counts 0.
    """
    moving = varying(
        np.array([f.kind for f in findings], dtype="str"),
        np.array([f.magnitude for f in findings], dtype="float64"),
        np.array([f.measures.get("need_share", math.nan) for f in findings], dtype="float64"),
        np.array([f.measures.get("strength_share", math.nan) for f in findings], dtype="float64"),
        np.array([f.establishments_gaining for f in findings], dtype="float64"),
    )
    out = []
    for item, good, values in zip(findings, quality, moving.tolist(), strict=True):
        parts = dict(zip(VARYING, values, strict=True)) | {
            "proximity": _unit(proximity(item.distance_km, _half_km(item))),
            "inter_regional": 1.0 if item.measures.get("crosses_regions") else 0.0,
            "data": _unit(good),
        }
        out.append({component.name: parts[component.name] for component in COMPONENTS})
    return out


def score(parts: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return the weighted mean of the components, 0–1; ``weights`` as ``check_weights`` returns them."""
    return float(scores(np.array([parts[c.name] for c in COMPONENTS]), weights))


def scores(parts: np.ndarray, weights: Mapping[str, float]) -> np.ndarray:
    """Return the scores of many opportunities at once.

    Parameters
    ----------
    parts : ndarray
        Components, … × component in the order of :data:`COMPONENTS`, 0–1.
    weights : mapping
        As ``check_weights`` returns them.

    Returns
    -------
    ndarray
        Weighted means, 0–1, rounded to 6 decimals.

    Notes
    -----
    Added up component by component and not by a matrix product, whose last digits depend on how many rows
    there are: a score must not change because others are left out.
    """
    total = np.zeros(parts.shape[:-1])
    for place, component in enumerate(COMPONENTS):
        total += parts[..., place] * weights[component.name]
    return np.round(total, 6)


def _unit(value: float) -> float:
    """Return ``value`` held to 0–1 and rounded; unknown counts 0."""
    if value is None or not math.isfinite(value):
        return 0.0
    return round(min(1.0, max(0.0, float(value))), 6)
