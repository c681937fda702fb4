"""Why a planned province or pair of provinces is not in the ranking, read off the tables it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo.linkage.material_tables import MaterialTables
from geo.linkage.model import Text
from geo.linkage.narrative import say
from geo.subjects import materials
from geo.subjects.known_plans import Plan

#: code -> what it means, for tables; ``{…}`` are filled from the figures.
MEANINGS: Mapping[str, Text] = {
    "no_figure": Text("chưa có số liệu sản lượng {what}", "no supply figure of {what}"),
    "used_at_home": Text(
        "sản lượng {what} không vượt nhu cầu tại chỗ", "its {what} does not exceed the need at home"
    ),
    "nearer": Text(
        "dư {n} tấn {what} nhưng nơi thiếu được cung cấp từ nguồn gần hơn",
        "{n} tonnes of {what} left over, but places in need are served from nearer",
    ),
    "no_need": Text(
        "dư {n} tấn {what} nhưng không tỉnh nào khác thiếu",
        "{n} tonnes of {what} left over, but no other province is short",
    ),
    "no_establishments": Text(
        "bộ dữ liệu không có cơ sở chế biến nào ở đây", "the data set has no processing establishment there"
    ),
    "no_coefficient": Text(
        "có {n} cơ sở chế biến nhưng chưa ước tính được nhu cầu {what}",
        "{n} processing establishments, but no need of {what} could be estimated",
    ),
    "self_sufficient": Text(
        "nhu cầu {what} được sản lượng tại chỗ đáp ứng đủ", "its need of {what} is met by its own output"
    ),
    "unmet": Text(
        "thiếu {n} tấn {what} nhưng không nguồn nào trong số liệu đáp ứng",
        "{n} tonnes of {what} short, but no source in the figures meets it",
    ),
    "small": Text(
        "dòng {what} quá nhỏ so với sai số ước tính", "flows of {what} are within the error of the estimate"
    ),
}


@dataclass(frozen=True)
class Reason:
    """One computed reason, by code and in both languages."""

    code: str
    vi: str
    en: str


@dataclass(frozen=True)
class Facts:
    """Tables that reasons are read from, all of one dataset and vintage.

    Parameters
    ----------
    balance : DataFrame
        ``material_code``, ``province_code``, ``supply_tonnes`` (NaN = no figure), ``demand_tonnes``,
        ``surplus_tonnes``, ``shortage_tonnes``.
    flows : DataFrame
        ``material_code``, ``origin_code``, ``destination_code``: the planned flows.
    unmet : DataFrame
        ``material_code``, ``destination_code``, ``unmet_tonnes``.
    establishments : Series
        Count by (``province_code``, ``sector_code``).
    """

    balance: pd.DataFrame
    flows: pd.DataFrame
    unmet: pd.DataFrame
    establishments: pd.Series

    @classmethod
    def of(cls, tables: MaterialTables, counts: pd.DataFrame) -> Facts:
        """Return the facts of the material tables and the counts of ``aggregate.counts``."""
        placed = counts.dropna(subset=["province_code", "sector_code"])
        summed = placed.groupby(["province_code", "sector_code"])["establishments"].sum()
        return cls(tables.balance, tables.plan.flows, tables.plan.unmet, summed)

    def rows(self, material: str) -> dict[str, dict[str, Any]]:
        """Return the balance of one material by province."""
        part = self.balance[self.balance["material_code"] == material]
        return {str(r["province_code"]): r for r in part.to_dict("records")}  # type: ignore[misc]


def of_province(code: str, plan: Plan, facts: Facts) -> tuple[Reason, ...]:
    """Return why a province is in no opportunity on the subject of a plan: as a source, then as a user."""
    out: list[Reason] = []
    by_material = {material: facts.rows(material) for material in plan.materials}
    absent = [m for m, rows in by_material.items() if _no_figure(rows.get(code))]
    if absent:
        out.append(_reason("no_figure", what=_names(absent)))
    for material, rows in by_material.items():
        row = rows.get(code)
        if row is not None and not _no_figure(row):
            out += _as_source(code, material, rows, facts)
    out += _as_user(code, plan, by_material, facts)
    return tuple(dict.fromkeys(out))


def both_surplus(pair: tuple[str, str], plan: Plan, facts: Facts) -> bool:
    """Whether both provinces have some material of the plan left over: then nothing flows between them."""
    for material in plan.materials:
        rows = facts.rows(material)
        if all(code in rows and rows[code]["surplus_tonnes"] > 0 for code in pair):
            return True
    return False


def _no_figure(row: Mapping[str, Any] | None) -> bool:
    """Whether a province has no supply figure."""
    return row is None or pd.isna(row["supply_tonnes"])


def _as_source(code: str, material: str, rows: Mapping[str, Mapping[str, Any]], facts: Facts) -> list[Reason]:
    """Return why a province with a supply figure sends nothing."""
    surplus = float(rows[code]["surplus_tonnes"])
    if surplus <= 0:
        return [_reason("used_at_home", what=_names([material]))]
    sent = facts.flows[(facts.flows["material_code"] == material) & (facts.flows["origin_code"] == code)]
    if len(sent):
        return [_reason("small", what=_names([material]))]
    short = any(row["shortage_tonnes"] > 0 for other, row in rows.items() if other != code)
    return [_reason("nearer" if short else "no_need", what=_names([material]), n=surplus)]


def _as_user(
    code: str, plan: Plan, by_material: Mapping[str, Mapping[str, Mapping[str, Any]]], facts: Facts
) -> list[Reason]:
    """Return why a province takes nothing."""
    needs = {
        m: rows[code] for m, rows in by_material.items() if code in rows and rows[code]["demand_tonnes"] > 0
    }
    if not needs:
        counted = sum(int(facts.establishments.get((code, sector), 0)) for sector in plan.sectors)
        if counted == 0:
            return [_reason("no_establishments")]
        return [_reason("no_coefficient", what=_names(plan.materials), n=counted)]
    out = []
    for material, row in needs.items():
        if row["shortage_tonnes"] <= 0:
            out.append(_reason("self_sufficient", what=_names([material])))
            continue
        at = (facts.unmet["material_code"] == material) & (facts.unmet["destination_code"] == code)
        left = float(facts.unmet.loc[at, "unmet_tonnes"].sum())
        out.append(_reason("unmet" if left > 0 else "small", what=_names([material]), n=left))
    return out


def _names(codes: Sequence[str]) -> Text:
    """Name materials as common nouns."""
    table = materials.catalogue()
    vi, en = (", ".join(_noun(str(table.at[c, f"name_{lang}"])) for c in codes) for lang in ("vi", "en"))
    return Text(vi, en)


def _noun(name: str) -> str:
    """Start in lower case."""
    return name[:1].lower() + name[1:]


def _reason(code: str, what: Text | None = None, n: float = 0.0) -> Reason:
    """Fill in the words of a reason."""
    words, told = MEANINGS[code], what or Text("", "")
    return Reason(
        code, words.vi.format(what=told.vi, n=say(n, "vi")), words.en.format(what=told.en, n=say(n, "en"))
    )
