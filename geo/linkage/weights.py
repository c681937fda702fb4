"""Weights of the score as a user chooses them: presets, and a short text for an address or a command."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from geo.errors import ParameterError
from geo.linkage.model import Text
from geo.linkage.score import COMPONENTS, DEFAULT_WEIGHTS, check_weights

#: One entry of the text: the name of a component, a point, its weight in whole points.
_ENTRY = re.compile(r"([a-z]+(?:_[a-z]+)*)\.(\d{1,5})")
#: Weights are written to a thousandth of their sum.
_PARTS = 1000


@dataclass(frozen=True)
class Preset:
    """A named choice of weights (summing to 1) with what it is for, in both languages."""

    name: str
    label: Text
    meaning: Text
    weights: Mapping[str, float]


def _preset(name: str, label: Text, meaning: Text, *points: int) -> Preset:
    """Make a preset from percentages in the order of the components."""
    assert len(points) == len(COMPONENTS)
    assert sum(points) == 100
    weights = {part.name: value / 100 for part, value in zip(COMPONENTS, points, strict=True)}
    return Preset(name, label, meaning, weights)


#: Order of the points: magnitude, proximity, need, strength, inter-regional, beneficiaries, data.
_ALL = (
    _preset(
        "default",
        Text("Cân bằng", "Balanced"),
        Text(
            "Trọng số mặc định: quy mô đứng đầu, các mặt khác gần ngang nhau.",
            "The default weights: magnitude first, the other parts nearly equal.",
        ),
        *(round(part.weight * 100) for part in COMPONENTS),
    ),
    _preset(
        "material_first",
        Text("Nguyên liệu trước hết", "Raw material first"),
        Text(
            "Đặt lên trước nơi phụ thuộc nguồn ngoài (mức cần) và nơi còn dư nhiều (thế mạnh), rồi đến quy mô; độ "
            "gần và số cơ sở hưởng lợi chỉ tính ít. Các loại liên kết khác vẫn được xếp hạng.",
            "Puts first a destination that depends on outside supply (need) and an origin with much to spare "
            "(strength), then magnitude; proximity and how many gain count little. Other kinds are still ranked.",
        ),
        *(15, 5, 40, 35, 0, 5, 0),
    ),
    _preset(
        "inter_regional_first",
        Text("Liên vùng trước hết", "Between regions first"),
        Text(
            "Đặt lên trước các liên kết giữa hai vùng; trong số đó xếp theo quy mô và các mặt còn lại.",
            "Puts first the linkages between two regions; among these, magnitude and the other parts decide.",
        ),
        *(15, 10, 10, 10, 40, 10, 5),
    ),
    _preset(
        "many_small_first",
        Text("Nhiều cơ sở nhỏ trước hết", "Many small establishments first"),
        Text(
            "Đặt lên trước nơi có nhiều cơ sở cùng hưởng lợi và mức cần cao (ở cụm ngành là tỷ lệ cơ sở dưới "
            "10 lao động).",
            "Puts first linkages from which many establishments gain and where the need is high (in clusters, "
            "the share with under 10 employees).",
        ),
        *(10, 10, 30, 5, 5, 35, 5),
    ),
    _preset(
        "firm_figures_first",
        Text("Số liệu chắc trước hết", "Firm figures first"),
        Text(
            "Đặt lên trước cơ hội có số liệu chắc chắn hơn; hợp khi cần bảo vệ lựa chọn trước hội đồng.",
            "Puts first what rests on firmer figures; apt where the choice has to be defended.",
        ),
        *(15, 10, 10, 10, 5, 10, 40),
    ),
)
PRESETS: Mapping[str, Preset] = {preset.name: preset for preset in _ALL}


def format_weights(weights: Mapping[str, float] | None) -> str:
    """Write weights as a short text, e.g. ``magnitude.3_need.2``.

    Parameters
    ----------
    weights : mapping or None
        Component -> weight ≥ 0; names left out keep their default.

    Returns
    -------
    str
        Whole points without a common divisor, in the order of the components, those of 0 left out; empty
        for the default weights. Whole numbers and hundredths are kept exactly in proportion, others to a
        thousandth of their sum.

    Raises
    ------
    ParameterError
        If a weight is out of its range.
    """
    checked = check_weights(weights)
    points = _points(dict(DEFAULT_WEIGHTS) | dict(weights or {}), checked)
    if points == _points(DEFAULT_WEIGHTS, check_weights(None)):
        return ""
    return "_".join(f"{name}.{value}" for name, value in points.items() if value)


def parse_weights(text: str) -> dict[str, float]:
    """Read weights from the text that :func:`format_weights` writes.

    Parameters
    ----------
    text : str
        Entries ``name.points`` joined by ``_``; a component left out counts 0. The name of a preset and an
        empty text (the default weights) are understood as well.

    Returns
    -------
    dict
        Every component -> points ≥ 0, as they stand; the score takes them in proportion.

    Raises
    ------
    ParameterError
        If the text cannot be read, names an unknown component or one twice, or all points are 0.
    """
    text = text.strip()
    if not text or text in PRESETS:
        return dict(PRESETS[text or "default"].weights)
    entries = _ENTRY.findall(text)
    names = [name for name, _ in entries]
    whole = "_".join(f"{name}.{value}" for name, value in entries) == text
    if not whole or set(names) - set(DEFAULT_WEIGHTS) or len(set(names)) < len(names):
        raise ParameterError(
            vi=f"Trọng số phải viết như “magnitude.3_need.2” với các thành phần {', '.join(DEFAULT_WEIGHTS)}, "
            f"mỗi thành phần một lần, hoặc là một trong các bộ {', '.join(PRESETS)}; nhận được “{text}”. Hãy "
            "sửa lại.",
            en=f'Weights are written like "magnitude.3_need.2" with the components '
            f"{', '.join(DEFAULT_WEIGHTS)}, each once, or are one of the presets {', '.join(PRESETS)}; got "
            f'"{text}". Correct it.',
        )
    points = dict.fromkeys(DEFAULT_WEIGHTS, 0.0) | {name: float(value) for name, value in entries}
    check_weights(points)
    return points


def preset_of(weights: Mapping[str, float] | None) -> str | None:
    """Return the name of the preset that has these weights in proportion, or ``None``."""
    text = format_weights(weights)
    return next((name for name, preset in PRESETS.items() if format_weights(preset.weights) == text), None)


def _points(given: Mapping[str, float], checked: Mapping[str, float]) -> dict[str, int]:
    """Return whole points in the proportion of the weights, without a common divisor."""
    hundredths = [float(given[name]) * 100 for name in checked]
    if all(math.isclose(value, round(value), abs_tol=1e-7) and value < 1e7 for value in hundredths):
        points = [round(value) for value in hundredths]
    else:
        points = _thousandths(list(checked.values()))
    divisor = math.gcd(*points)
    reduced = [value // divisor for value in points]
    if max(reduced) > 99_999:
        reduced = _thousandths(list(checked.values()))
    return dict(zip(checked, reduced, strict=True))


def _thousandths(shares: list[float]) -> list[int]:
    """Round shares to thousandths that sum to one: the largest remainders are rounded up."""
    floors = [math.floor(share * _PARTS + 1e-9) for share in shares]
    by_rest = sorted(range(len(shares)), key=lambda i: (floors[i] - shares[i] * _PARTS, i))
    for i in by_rest[: _PARTS - sum(floors)]:
        floors[i] += 1
    return floors
