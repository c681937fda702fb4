"""The budget of a scheme, each line held against its ceiling.

Ceilings are data (:mod:`geo.subjects.rules`): an amount for each unit (model, establishment, trademark, …) and a
share of the cost. A line above its ceiling is marked with the sum over it, never cut.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.errors import DataError
from geo.numbers import number
from geo.subjects import rules

#: Columns of a budget line; money in million VND.
COLUMNS = (
    "activity", "description", "province_code", "quantity", "cost_vnd_million", "national_vnd_million",
    "local_vnd_million", "counterpart_vnd_million",
)  # fmt: skip
MONEY = ("cost_vnd_million", "national_vnd_million", "local_vnd_million", "counterpart_vnd_million")
#: Rounding of a plan: half a thousand đồng.
_TOLERANCE = 5e-4


def check(lines: pd.DataFrame) -> pd.DataFrame:
    """Hold every line against its ceiling.

    Parameters
    ----------
    lines : DataFrame
        Columns of :data:`COLUMNS`: ``activity`` (of ``rules.support_rules``, or empty where no rule is meant),
        ``quantity`` (units the ceiling counts, at least 1), money in million VND (empty counts as 0).

    Returns
    -------
    DataFrame
        With the index of ``lines``: its columns and ``support_vnd_million`` (national and local),
        ``ceiling_vnd_million`` (NaN: none is known), ``ceiling_by`` (``amount``, ``share`` or empty),
        ``over_vnd_million`` (0 within the ceiling), ``unbalanced_vnd_million`` (cost less its sources; 0 when they
        add up), ``legal_basis``, ``rule_status`` (``checked``, ``unchecked``, empty), ``as_of``, ``note_vi``,
        ``note_en`` (empty when there is nothing to say).

    Raises
    ------
    DataError
        If an activity is unknown, a quantity is below 1 or money is negative.
    """
    table = rules.support_rules()
    held = lines.reindex(columns=list(COLUMNS)).copy()
    held[list(MONEY)] = held[list(MONEY)].apply(pd.to_numeric, errors="coerce").fillna(0.0)
    held["quantity"] = pd.to_numeric(held["quantity"], errors="coerce").fillna(1)
    held["activity"] = held["activity"].fillna("").astype(object)
    _check_lines(held, table)
    rule = table.reindex(held["activity"]).set_index(held.index)
    support = held["national_vnd_million"] + held["local_vnd_million"]
    by_amount = rule["max_vnd_million"] * held["quantity"]
    by_share = rule["max_share"] * held["cost_vnd_million"]
    ceiling = pd.concat([by_amount, by_share], axis=1).min(axis=1)
    over = (support - ceiling).where(support > ceiling + _TOLERANCE, 0.0).fillna(0.0)
    gap = held["cost_vnd_million"] - support - held["counterpart_vnd_million"]
    out = held.assign(
        support_vnd_million=support,
        ceiling_vnd_million=ceiling,
        ceiling_by=ceiling.eq(by_amount).map({True: "amount", False: "share"}).where(ceiling.notna(), ""),
        over_vnd_million=over,
        unbalanced_vnd_million=gap.where(gap.abs() > _TOLERANCE, 0.0),
        legal_basis=rule["legal_basis"].fillna(""),
        rule_status=rule["status"].fillna(""),
        as_of=rule["as_of"].fillna(""),
    )
    return out.assign(
        note_vi=[_note(row, "vi") for row in out.to_dict("records")],
        note_en=[_note(row, "en") for row in out.to_dict("records")],
    )


def totals(checked: pd.DataFrame) -> dict[str, float]:
    """Return the sums of a checked budget in million VND, and how much stands over ceilings."""
    names = (*MONEY, "support_vnd_million", "over_vnd_million", "unbalanced_vnd_million")
    return {name: float(checked[name].sum()) for name in names}


def _check_lines(lines: pd.DataFrame, table: pd.DataFrame) -> None:
    """Refuse lines that mean nothing, naming the first."""
    unknown = lines[~lines["activity"].isin(["", *table.index])]
    if len(unknown):
        raise DataError(
            vi=f"Dòng {unknown.index[0]}: hoạt động “{unknown['activity'].iloc[0]}” không có trong bảng mức hỗ trợ; hãy chọn "
            "một hoạt động của bảng, hoặc để trống nếu không áp dụng mức trần.",
            en=f'Line {unknown.index[0]}: the activity "{unknown["activity"].iloc[0]}" is not in the table of ceilings; '
            "choose one that is, or leave it empty where no ceiling applies.",
        )
    negative = lines[(lines[list(MONEY)] < 0).any(axis=1) | (lines["quantity"] < 1)]
    if len(negative):
        raise DataError(
            vi=f"Dòng {negative.index[0]}: số lượng phải từ 1 và số tiền phải từ 0 trở lên; hãy sửa dòng này.",
            en=f"Line {negative.index[0]}: the quantity must be 1 or more and money 0 or more; repair this line.",
        )


def _note(line: dict, lang: str) -> str:
    """Say what is wrong with a line: over its ceiling, a rule not checked, sources that do not add up."""
    vi = lang == "vi"
    money = {name: number(abs(line[name]), 3 if line[name] % 1 else 0, lang)
             for name in ("over_vnd_million", "ceiling_vnd_million", "unbalanced_vnd_million")
             if np.isfinite(line[name])}  # fmt: skip
    said = []
    if line["over_vnd_million"] > 0:
        said.append(
            f"Vượt mức trần {money['ceiling_vnd_million']} triệu đồng: thừa {money['over_vnd_million']} triệu đồng ({line['legal_basis']})."
            if vi
            else f"Above the ceiling of {money['ceiling_vnd_million']} million VND by {money['over_vnd_million']} ({line['legal_basis']})."
        )
    if line["rule_status"] == "unchecked":
        said.append(
            "Mức trần chưa kiểm chứng với văn bản gốc."
            if vi
            else "The ceiling has not been checked against the legal text."
        )
    if line["unbalanced_vnd_million"]:
        more = line["unbalanced_vnd_million"] > 0
        said.append(
            f"Các nguồn {'thiếu' if more else 'thừa'} {money['unbalanced_vnd_million']} triệu đồng so với kinh phí."
            if vi
            else f"The sources are {money['unbalanced_vnd_million']} million VND {'short of' if more else 'above'} the cost."
        )
    return " ".join(said)
