"""A profile in one sentence, written from its computed values."""

from __future__ import annotations

import re

import pandas as pd

from geo.linkage import profile_parts
from geo.linkage.model import Text
from geo.linkage.profile_place import Identity
from geo.numbers import number, short_number
from geo.places import admin

#: What a sector leaves out, in brackets: too long for a sentence.
_EXCEPTION = re.compile(r"\s*\([^)]*\)")


def sentence(
    who: Identity,
    establishments: int,
    sectors: pd.DataFrame,
    materials: pd.DataFrame,
    partners: pd.DataFrame,
    next_steps: pd.DataFrame,
) -> Text:
    """Return what stands out in a province; what there is nothing to say about is left out or said to be so.

    Parameters
    ----------
    who : Identity
    establishments : int
        Establishments counted.
    sectors, materials, partners, next_steps : DataFrame
        Of ``profile_parts``: ``sector_table``, ``material_table``, ``partners``, ``next_steps``.
    """
    clauses = [
        _good_at(establishments, sectors),
        _surplus(profile_parts.surplus(materials)),
        _short(profile_parts.shortage(materials)),
        _partner(partners, who.vintage),
        _step(next_steps),
    ]
    said = [clause for clause in clauses if clause is not None]
    return Text(
        _capital(f"{who.name.vi}: " + "; ".join(c.vi for c in said) + "."),
        _capital(f"{who.name.en}: " + "; ".join(c.en for c in said) + "."),
    )


def _good_at(establishments: int, sectors: pd.DataFrame) -> Text:
    """Say what it is surely good at, or that nothing is sure."""
    if not establishments:
        return Text("chưa có cơ sở nào trong danh sách", "no establishment counted yet")
    sure = sectors[sectors["surely_specialised"]]
    count = Text(
        f"{number(establishments, 0, 'vi')} cơ sở", _plural(establishments, "establishment", "establishments")
    )
    if sure.empty:
        return Text(
            f"{count.vi}, chưa ngành nào chắc chắn chuyên môn hóa",
            f"{count.en}, surely specialised in no sector yet",
        )
    top = sure.iloc[0]
    low, high = (
        {"vi": number(top[c], 1, "vi"), "en": number(top[c], 1, "en")} for c in ("lq_low", "lq_high")
    )
    return Text(
        f"{count.vi}; chắc chắn chuyên môn hóa ở {number(len(sure), 0, 'vi')} ngành, rõ nhất là "
        f"{_short_name(top['sector_vi'])} (LQ {number(top['lq'], 1, 'vi')}, khoảng 95 %: {low['vi']}–{high['vi']})",
        f"{count.en}; surely specialised in {_plural(len(sure), 'sector', 'sectors')}, most of all "
        f"{_short_name(top['sector_en'])} (LQ {number(top['lq'], 1, 'en')}, 95 % interval {low['en']}–{high['en']})",
    )


def _surplus(rows: pd.DataFrame) -> Text | None:
    """Say the material in which it counts most in the country."""
    if rows.empty:
        return None
    top = rows.iloc[0]
    name = Text(_lower(top["material_vi"]), _lower(top["material_en"]))
    if pd.isna(top["country_share"]):
        return Text(
            f"nguyên liệu còn dư: {name.vi}, {short_number(top['surplus_tonnes'], 'vi')} tấn/năm",
            f"material left over: {name.en}, {short_number(top['surplus_tonnes'], 'en')} tonnes a year",
        )
    percent = 100 * top["country_share"]
    digits = 0 if percent >= 10 else 1
    return Text(
        f"nguyên liệu nổi bật: {name.vi}, khoảng {number(percent, digits, 'vi')} % sản lượng cả nước",
        f"leading material: {name.en}, about {number(percent, digits, 'en')} % of the national output",
    )


def _short(rows: pd.DataFrame) -> Text | None:
    """Say what is most short, or how much is used without a figure of supply."""
    if rows.empty:
        return None
    top = rows.iloc[0]
    if top["supply_known"]:
        return Text(
            f"thiếu nhiều nhất {_lower(top['material_vi'])}, "
            f"{short_number(top['shortage_tonnes'], 'vi')} tấn/năm",
            f"most short of {_lower(top['material_en'])}, "
            f"{short_number(top['shortage_tonnes'], 'en')} tonnes a year",
        )
    return Text(
        f"{number(len(rows), 0, 'vi')} nguyên liệu đang cần chưa có số liệu nguồn cung tại chỗ",
        f"no figure of its own supply for {_plural(len(rows), 'material', 'materials')} in need",
    )


def _partner(partners: pd.DataFrame, vintage: str) -> Text:
    """Say the strongest partner."""
    if partners.empty:
        return Text("chưa tìm được cơ hội liên kết", "no opportunity found yet")
    top = partners.iloc[0]
    row = admin.provinces(vintage).loc[top["partner_code"]]
    return Text(
        f"đối tác tự nhiên nhất: {row['name_vi']} ({top['opportunities']} cơ hội, cách "
        f"{number(top['distance_km'], 0, 'vi')} km đường bộ)",
        f"most natural partner: {row['name_en']} ({_plural(top['opportunities'], 'opportunity', 'opportunities')}, "
        f"{number(top['distance_km'], 0, 'en')} km by road)",
    )


def _step(steps: pd.DataFrame) -> Text | None:
    """Say the first step that does not rest on too little."""
    firm = steps[~steps["thin"].astype(bool)]
    if firm.empty:
        return None
    top = firm.iloc[0]
    return Text(
        f"hướng phát triển thêm gần nhất: {_short_name(top['sector_vi'])}",
        f"nearest next step: {_short_name(top['sector_en'])}",
    )


def _plural(count: int, one: str, many: str) -> str:
    """Write a count with its noun in English."""
    return f"{number(count, 0, 'en')} {one if count == 1 else many}"


def _short_name(name: object) -> str:
    """Return the first part of a long sector name, without its exceptions, inside a sentence."""
    return _lower(_EXCEPTION.sub("", str(name)).split(";")[0])


def _lower(name: object) -> str:
    """Begin a name with a small letter, inside a sentence."""
    text = str(name)
    return text[:1].lower() + text[1:]


def _capital(text: str) -> str:
    """Begin a sentence with a capital."""
    return text[:1].upper() + text[1:]
