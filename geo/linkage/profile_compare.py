"""Profiles side by side: one tidy table in which every measure has the same scale for all provinces."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pandas as pd

from geo.errors import ParameterError
from geo.linkage.profile import Profile
from geo.places import admin

#: Most provinces that still can be read side by side.
MOST_COMPARED = 10
PARTS = ("headline", "good_at", "surplus", "short_of", "partner", "fact")
COLUMNS = [
    "part", "item", "label_vi", "label_en", "province_code", "value", "low", "high", "unit", "sure",
    "scale_max",
]  # fmt: skip


def compare(profiles: Sequence[Profile], top: int = 3) -> pd.DataFrame:
    """Set profiles side by side.

    The sectors, materials and partners compared are the ``top`` of each province put together, and every
    province then shows its value for each of them.

    Parameters
    ----------
    profiles : sequence of Profile
        One to ten, of one vintage; their order is kept.
    top : int
        How many of each province's sectors, materials and partners enter, >= 1.

    Returns
    -------
    DataFrame
        ``part`` (of ``PARTS``), ``item``, ``label_vi``, ``label_en``, ``province_code``, ``value`` (NaN: no
        figure, or none counted), ``low``, ``high`` (interval, location quotients only), ``unit``
        (``lq``: dimensionless; ``share``: 0–1 of the published national supply; ``tonnes_per_year``;
        ``score``: sum of scores; else the unit of the fact), ``sure`` (an LQ that is surely above 1; a
        shortage that rests on a figure of supply — without one ``value`` is the whole need), ``scale_max``
        (common end of the axis that begins at 0); parts in the order of ``PARTS``, items by their largest
        value.

    Raises
    ------
    ParameterError
        If there are none or more than ten, one comes twice, or the vintages differ.
    """
    _check(profiles, top)
    rows = [
        *_headlines(profiles),
        *_items(profiles, "good_at", top, _sector),
        *_items(profiles, "surplus", top, _surplus),
        *_items(profiles, "short_of", top, _shortage),
        *_items(profiles, "partner", top, _partner),
        *_facts(profiles),
    ]
    table = pd.DataFrame(rows, columns=COLUMNS[:-1])
    return table.assign(scale_max=_scales(table))


def _scales(table: pd.DataFrame) -> pd.Series:
    """Return the end of the axis: one for all sectors, all shares, all partners, else one an item."""
    shared = table["part"].isin(["good_at", "surplus", "partner"])
    group = table["part"] + "|" + table["item"].where(~shared, "")
    return table["value"].groupby(group).transform("max")


def _check(profiles: Sequence[Profile], top: int) -> None:
    """Refuse what cannot be read side by side."""
    codes = [p.code for p in profiles]
    if not 1 <= len(codes) <= MOST_COMPARED or len(set(codes)) < len(codes) or top < 1:
        raise ParameterError(
            vi=f"So sánh được từ 1 đến {MOST_COMPARED} tỉnh, thành phố khác nhau, nhưng nhận được {len(codes)} "
            f"({', '.join(codes)}); hãy chọn lại.",
            en=f"From 1 to {MOST_COMPARED} different provinces can be set side by side, but {len(codes)} came "
            f"({', '.join(codes)}); choose again.",
        )
    if len({p.identity.vintage for p in profiles}) > 1:
        raise ParameterError(
            vi="Chỉ so sánh được các tỉnh của cùng một bộ đơn vị hành chính (34 hoặc 63 tỉnh); hãy chọn lại.",
            en="Only provinces of one vintage (34 or 63) can be set side by side; choose again.",
        )


def _headlines(profiles: Iterable[Profile]) -> list[dict[str, Any]]:
    """Rows of the leading numbers."""
    return [
        _row("headline", h.name, h.label.vi, h.label.en, p.code, h.value, h.unit.en)
        for place in range(3)
        for p in profiles
        for h in (p.headlines[place],)
    ]


def _facts(profiles: Sequence[Profile]) -> list[dict[str, Any]]:
    """Rows of the published statistics."""
    rows = [
        _row("fact", f["indicator"], f["label_vi"], f["label_en"], p.code, f["value"], f["unit"])
        for p in profiles
        for f in p.facts.to_dict("records")
    ]
    order = {name: place for place, name in enumerate(profiles[0].facts["indicator"])}
    return sorted(rows, key=lambda row: order[row["item"]])


def _items(
    profiles: Sequence[Profile], part: str, top: int, read: Callable[[Profile], list[dict[str, Any]]]
) -> list[dict[str, Any]]:
    """Rows of one part: the first of each province, put together, for every province."""
    ranked = {p.code: read(p) for p in profiles}
    chosen: dict[str, dict[str, Any]] = {}
    for rows in ranked.values():
        for row in [r for r in rows if r["leading"]][:top]:
            held = chosen.get(row["item"])
            if held is None or row["value"] > held["value"]:
                chosen[row["item"]] = row
    order = sorted(chosen.values(), key=lambda row: (-row["value"], row["item"]))
    out = []
    for first in order:
        for p in profiles:
            own = next((r for r in ranked[p.code] if r["item"] == first["item"]), None)
            value = own or {"value": float("nan")}
            out.append(
                _row(
                    part, first["item"], first["label_vi"], first["label_en"], p.code, value["value"],
                    first["unit"], value.get("low"), value.get("high"), value.get("sure", False),
                )
            )  # fmt: skip
    return out


def _sector(p: Profile) -> list[dict[str, Any]]:
    """Location quotients; the sectors it is surely good at lead."""
    return [
        {
            "item": r["sector_code"], "label_vi": r["sector_vi"], "label_en": r["sector_en"], "value": r["lq"],
            "low": r["lq_low"], "high": r["lq_high"], "unit": "lq", "sure": bool(r["surely_specialised"]),
            "leading": bool(r["surely_specialised"]),
        }
        for r in p.sectors.to_dict("records")
    ]  # fmt: skip


def _surplus(p: Profile) -> list[dict[str, Any]]:
    """Shares of the national supply of the materials in surplus; 0 where the own supply is all needed."""
    rows = p.surplus.dropna(subset=["country_share"])
    leading = [
        _material(r, r["country_share"], "share", sure=True, leading=True) for r in rows.to_dict("records")
    ]
    used = p.materials[p.materials["supply_known"] & (p.materials["surplus_tonnes"] == 0)]
    return leading + [_material(r, 0.0, "share", sure=True, leading=False) for r in used.to_dict("records")]


def _shortage(p: Profile) -> list[dict[str, Any]]:
    """What is short, or needed without a figure of supply; 0 where the own supply is enough."""
    leading = [
        _material(
            r,
            r["shortage_tonnes"] if r["supply_known"] else r["demand_tonnes"],
            "tonnes_per_year",
            sure=bool(r["supply_known"]),
            leading=True,
        )
        for r in p.short_of.to_dict("records")
    ]
    enough = p.materials[p.materials["supply_known"] & (p.materials["shortage_tonnes"] == 0)]
    rest = [_material(r, 0.0, "tonnes_per_year", sure=True, leading=False) for r in enough.to_dict("records")]
    return leading + rest


def _partner(p: Profile) -> list[dict[str, Any]]:
    """Sums of scores by partner."""
    names = admin.provinces(p.identity.vintage)
    return [
        {
            "item": r["partner_code"], "label_vi": names.at[r["partner_code"], "name_vi"],
            "label_en": names.at[r["partner_code"], "name_en"], "value": r["score_total"], "unit": "score",
            "sure": True, "leading": True,
        }
        for r in p.partners.to_dict("records")
    ]  # fmt: skip


def _material(row: dict[Any, Any], value: float, unit: str, *, sure: bool, leading: bool) -> dict[str, Any]:
    """A material with one of its values."""
    return {
        "item": row["material_code"],
        "label_vi": row["material_vi"],
        "label_en": row["material_en"],
        "value": float(value),
        "unit": unit,
        "sure": sure,
        "leading": leading,
    }


def _row(
    part: str, item: str, label_vi: str, label_en: str, code: str, value: float, unit: str,
    low: float | None = None, high: float | None = None, sure: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """One row of the table."""
    nan = float("nan")
    return {
        "part": part,
        "item": str(item),
        "label_vi": label_vi,
        "label_en": label_en,
        "province_code": code,
        "value": float(value),
        "low": nan if low is None else float(low),
        "high": nan if high is None else float(high),
        "unit": unit,
        "sure": bool(sure),
    }
