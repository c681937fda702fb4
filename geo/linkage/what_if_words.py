"""Sentences about scenarios and prices, written from computed values: every number stands in a table, rounded."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pandas as pd

from geo.linkage.model import Text
from geo.linkage.narrative import percent, say, upper_first
from geo.measures.what_if import Change, Scenario
from geo.measures.what_if_effects import Comparison
from geo.places import admin
from geo.subjects import gateways, materials

#: Provinces named in one sentence.
_NAMED = 2


def place_name(code: str, kind: str, vintage: str) -> Text:
    """Return the name of a province (of ``vintage``) or, where ``kind`` is ``gateway``, of a gateway."""
    table = gateways_by_code() if kind == "gateway" else admin.provinces(vintage)
    row = table.loc[code]
    return Text(str(row["name_vi"]), str(row["name_en"]))


@cache
def gateways_by_code() -> pd.DataFrame:
    """Return the gateways, read once; never written to."""
    return gateways.gateways()


def change_text(change: Change, vintage: str) -> Text:
    """Say one change of a scenario."""
    vi, en = _change_words(change, vintage, "vi"), _change_words(change, vintage, "en")
    return Text(upper_first(vi), upper_first(en))


def _change_words(change: Change, vintage: str, lang: str) -> str:
    """Say one change in one language."""
    material = _inside(materials.label(change.material_code, lang)) if change.material_code else ""
    place = ""
    if change.place_code:
        sort = "gateway" if change.kind in ("gate", "limit") else "province"
        name = place_name(change.place_code, sort, vintage)
        place = name.vi if lang == "vi" else name.en
    tonnes = say(abs(change.amount), lang)
    whole = change.amount == 1
    more = change.amount >= 0
    words = {
        "fail": (
            f"{place} mất {'toàn bộ' if whole else percent(change.amount, 'vi')} nguồn {material}",
            f"{place} loses {'all' if whole else percent(change.amount, 'en')} of its {material}",
        ),
        "supply": (
            f"nguồn {material} của {place} {'tăng' if more else 'giảm'} {tonnes} tấn/năm",
            f"supply of {material} in {place} {'rises' if more else 'falls'} by {tonnes} tonnes a year",
        ),
        "open": (
            f"mở cơ sở cần {tonnes} tấn {material}/năm tại {place}",
            f"a plant that needs {tonnes} tonnes of {material} a year opens in {place}",
        ),
        "close": (
            f"đóng cơ sở cần {tonnes} tấn {material}/năm tại {place}",
            f"a plant that needs {tonnes} tonnes of {material} a year closes in {place}",
        ),
        "limit": (
            f"{place} chỉ nhập tối đa {tonnes} tấn {material}/năm",
            f"{place} brings in at most {tonnes} tonnes of {material} a year",
        ),
        "gate": (f"{place} ngừng nhập khẩu", f"{place} stops all imports"),
        "detour": (
            f"hệ số đường vòng là {say(change.amount, 'vi', 'ratio')}",
            f"the detour factor is {say(change.amount, 'en', 'ratio')}",
        ),
    }
    return words[change.kind][0 if lang == "vi" else 1]


def _inside(name: str) -> str:
    """Write the name of a material inside a sentence; none of them is a proper name."""
    return name[:1].lower() + name[1:]


def scenario_text(scenario: Scenario) -> Text:
    """Say a scenario: its changes one after the other."""
    vi, en = (
        "; ".join(_change_words(change, scenario.vintage, lang) for change in scenario.changes)
        for lang in ("vi", "en")
    )
    return Text(upper_first(vi), upper_first(en))


def comparison_text(comparison: Comparison, material_code: str, vintage: str) -> Text:
    """Say what a scenario changes for one material: haulage, imports, what goes unmet, who sends more or less."""
    flows = comparison.flows[comparison.flows["material_code"] == material_code]
    unmet = comparison.unmet[comparison.unmet["material_code"] == material_code]
    name = Text(materials.label(material_code, "vi"), materials.label(material_code, "en"))
    rows = comparison.totals[comparison.totals["material_code"] == material_code]
    # With another detour factor the routes may stay and only their length differ.
    if rows.empty or (flows.empty and unmet.empty and not rows["difference_tonne_km"].abs().gt(1e-3).any()):
        return Text(
            f"{name.vi}: không luồng nào thay đổi và không nơi nào thiếu thêm.",
            f"{name.en}: no flow changes and nowhere is shorter than before.",
        )
    totals = {str(column): value for column, value in rows.iloc[0].items()}
    places = comparison.places[comparison.places["material_code"] == material_code]
    sides = [
        [f"{say(len(flows), lang, 'count')} {'luồng thay đổi' if lang == 'vi' else 'flows change'}"]
        + _totals_clauses(totals, lang)
        + _places_clauses(places, vintage, lang)
        for lang in ("vi", "en")
    ]
    vi, en = ("; ".join(clauses) for clauses in sides)
    return Text(f"{name.vi}: {vi}.", f"{name.en}: {en}.")


def _totals_clauses(totals: Mapping[str, Any], lang: str) -> list[str]:
    """Say how haulage, imports and unmet need change."""
    words = {
        "tonne_km": (("vận chuyển", "tấn-km"), ("haulage", "tonne-km")),
        "import_tonnes": (("nhập khẩu", "tấn"), ("imports", "tonnes")),
        "unmet_tonnes": (("nhu cầu chưa có nguồn", "tấn"), ("unmet need", "tonnes")),
    }
    clauses = []
    for measure, (vi, en) in words.items():
        difference = float(totals[f"difference_{measure}"])
        if abs(difference) <= 1e-3:
            continue
        amount, before, after = (
            say(value, lang)
            for value in (abs(difference), totals[f"before_{measure}"], totals[f"after_{measure}"])
        )
        if lang == "vi":
            verb = "tăng" if difference > 0 else "giảm"
            clauses.append(f"{vi[0]} {verb} {amount} {vi[1]} (từ {before} thành {after})")
        else:
            verb = "up" if difference > 0 else "down"
            clauses.append(f"{en[0]} {verb} by {amount} {en[1]} (from {before} to {after})")
    return clauses


def _places_clauses(places: pd.DataFrame, vintage: str, lang: str) -> list[str]:
    """Name the provinces that send most more, most less, and are left most short."""
    asked = (
        ("sent_difference_tonnes", 1, "gửi đi nhiều hơn", "sending more"),
        ("sent_difference_tonnes", -1, "gửi đi ít hơn", "sending less"),
        ("unmet_difference_tonnes", 1, "thiếu thêm", "shorter than before"),
    )
    clauses = []
    for column, sign, vi, en in asked:
        amounts = places.set_index("province_code")[column] * sign
        top = amounts[amounts > 1e-3].sort_values(ascending=False, kind="stable").head(_NAMED)
        if len(top):
            named = [_amount_at(str(code), float(value), vintage, lang) for code, value in top.items()]
            clauses.append(f"{vi if lang == 'vi' else en}: {', '.join(named)}")
    return clauses


def _amount_at(code: str, tonnes: float, vintage: str, lang: str) -> str:
    """Name a province with its tonnes."""
    name = place_name(code, "province", vintage)
    if lang == "vi":
        return f"{name.vi} ({say(tonnes, 'vi')} tấn)"
    return f"{name.en} ({say(tonnes, 'en')} tonnes)"


def price_text(price: Mapping[str, Any], vintage: str) -> Text:
    """Say what one tonne more is worth; ``price`` is a row of the prices of a plan."""
    name = place_name(str(price["province_code"]), "province", vintage)
    words = _price_of_supply if price["side"] == "origin" else _price_of_need
    return Text(words(price, name.vi, "vi"), words(price, name.en, "en"))


def _price_of_supply(price: Mapping[str, Any], name: str, lang: str) -> str:
    """Say what one tonne more to send is worth."""
    haul = say(abs(float(price["road_km"])), lang)
    vi = lang == "vi"
    opening = f"Thêm 1 tấn ở {name}" if vi else f"One tonne more in {name}"
    if price["unmet_tonnes"] > 0:
        meets = "đáp ứng 1 tấn nhu cầu chưa có nguồn" if vi else "meets 1 tonne of need that has no source"
        return f"{opening} {meets} ({haul} tấn-km)." if vi else f"{opening} {meets} ({haul} tonne-km)."
    if price["price_km"] <= 1e-6:
        return (
            f"{opening} không làm phương án rẻ hơn: nguyên liệu ở đó đang dư hoặc quá xa nơi thiếu."
            if vi
            else f"{opening} makes the plan no cheaper: there is material left over, or it is too far from need."
        )
    saved = price["road_km"] >= 0
    if vi:
        parts = [f"bớt {haul} tấn-km vận chuyển" if saved else f"phải chở thêm {haul} tấn-km"]
        parts += ["bớt 1 tấn nhập khẩu"] if price["import_tonnes"] > 0 else []
    else:
        parts = [f"saves {haul} tonne-km of haulage" if saved else f"adds {haul} tonne-km of haulage"]
        parts += ["saves 1 tonne of imports"] if price["import_tonnes"] > 0 else []
    return f"{opening} {(' và ' if vi else ' and ').join(parts)}."


def _price_of_need(price: Mapping[str, Any], name: str, lang: str) -> str:
    """Say what one tonne more of need costs."""
    haul = say(abs(float(price["road_km"])), lang)
    vi = lang == "vi"
    opening = f"Thêm 1 tấn nhu cầu ở {name}" if vi else f"One tonne more of need in {name}"
    if price["unmet_tonnes"] > 0:
        return f"{opening} sẽ không có nguồn." if vi else f"{opening} would have no source."
    if price["price_km"] <= 1e-6:
        return f"{opening} có nguồn tại chỗ." if vi else f"{opening} is met on the spot."
    more = price["road_km"] >= 0
    if vi:
        parts = [f"tốn thêm {haul} tấn-km vận chuyển" if more else f"bớt {haul} tấn-km"]
        parts += ["thêm 1 tấn nhập khẩu"] if price["import_tonnes"] > 0 else []
    else:
        parts = [f"adds {haul} tonne-km of haulage" if more else f"saves {haul} tonne-km"]
        parts += ["adds 1 tonne of imports"] if price["import_tonnes"] > 0 else []
    return f"{opening} {(' và ' if vi else ' and ').join(parts)}."
