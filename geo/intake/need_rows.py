"""Rows of needs: what establishments that are in already need of materials and of support."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.errors import DataError
from geo.intake import check, duplicates, establishment_rows, places, trades
from geo.intake.faults import Faults
from geo.intake.join import id_of_tax
from geo.intake.model import ColumnMapping, Options, Outcome, Table
from geo.intake.values import empty


def run(
    table: Table, mapping: ColumnMapping, options: Options, typed: Mapping[str, pd.Series], faults: Faults
) -> Outcome:
    """Check needs against the establishments of the dataset; a row of an unknown one comes back.

    Rows of one establishment and material: the first is accepted, later ones that say the same are merged. The
    support that an establishment asks for is replaced by what the file says of it; its own year and source stay,
    so that the day and the source of the survey stand in the manifest of the import alone.

    Raises
    ------
    DataError
        If there is no dataset whose establishments could have needs.
    """
    base, base_needs = check.stored(options)
    if base.empty:
        raise DataError(
            vi="Chưa có cơ sở nào để ghi nhu cầu: hãy nhập danh sách cơ sở trước (--as establishments), hoặc chọn đúng "
            "bộ dữ liệu (--name).",
            en="There is no establishment to have needs: import the list of establishments first (--as establishments), "
            "or choose the right dataset (--name).",
        )
    index = table.cells.index
    where = places.resolve(
        {k: v for k, v in typed.items() if k in places.NAMED}, index, options, faults, needed=False
    )
    home = _homes(typed, where, base, faults)
    rows = pd.DataFrame({"establishment_id": home, "vintage": where["vintage"]}, index=index)
    rows["material_code"] = trades.material_codes(typed.get("material", empty(index)), faults)
    rows["support_need"] = typed.get("support_need", empty(index))
    needs = establishment_rows.needs(typed, rows, options, faults)
    told = rows["support_need"].notna() | pd.Series(np.isin(index, needs["row"]), index=index)
    # Where a word or a number could not be read, that is the fault, not that nothing stands there.
    silent = ~told & home.notna() & ~index.isin(faults.bad_rows())
    faults.add(
        index[silent], "support_need" if "support_need" in typed else "need_tonnes", "need-empty", None,
        "Dòng không có nhu cầu nào: cần nguyên liệu kèm khối lượng một năm, hoặc nội dung hỗ trợ.",
        "The row states no need: a material with its quantity a year, or the support asked for, is needed.",
    )  # fmt: skip
    good = rows.drop(index=faults.bad_rows())
    twice = good.duplicated(["establishment_id", "material_code", "support_need"])
    accepted, again = good[~twice], good[twice]
    result = {
        "establishments": _with_support(base, good),
        "needs": check.merge_needs(needs, good["establishment_id"], base_needs),
    }
    merged = pd.DataFrame(
        {
            "row": again.index,
            "into": again["establishment_id"],
            "into_row": None,
            "score": 1.0,
            "reason": "same need",
        }
    )
    return check.conclude(
        table, mapping, options, faults, accepted=accepted.assign(row=accepted.index), merged=merged,
        review=pd.DataFrame(columns=["question", "key", "score", "row"]), result=result,
    )  # fmt: skip


def _homes(
    typed: Mapping[str, pd.Series], where: pd.DataFrame, base: pd.DataFrame, faults: Faults
) -> pd.Series:
    """Return the establishment of every row: by id, tax code, else name and place; None where there is none."""
    index = where.index
    known = pd.Index(base["establishment_id"])
    home = empty(index)
    for field, ids in (
        ("establishment_id", typed.get("establishment_id", home)),
        ("tax_code", typed.get("tax_code", home).map(id_of_tax)),
    ):
        hit = home.isna() & ids.isin(known) & (typed.get(field, home).notna())
        home = home.where(~hit, ids)
    if "name" in typed:
        home = home.where(home.notna(), _by_name(typed["name"], where, base, index[home.isna()]))
    # The fault stands at what the row goes by, the name before the codes: people know it best.
    named = [name for name in ("name", "tax_code", "establishment_id") if name in typed]
    given = pd.DataFrame({name: typed[name].notna() for name in named}, index=index).idxmax(axis=1)
    for field in named:
        faults.add(
            index[home.isna() & (given == field)], field, "establishment-unknown", typed[field],
            "Cơ sở này chưa có trong bộ dữ liệu (so theo mã, mã số thuế, rồi tên và nơi đóng); hãy nhập cơ sở trước hoặc "
            "sửa tên.",
            "This establishment is not in the dataset (by id, tax code, then name and place); import it first or repair the "
            "name.",
        )  # fmt: skip
    return home


def _by_name(names: pd.Series, where: pd.DataFrame, base: pd.DataFrame, rows: pd.Index) -> pd.Series:
    """Return the establishment most like each row in name and place, where that is sure and there is one."""
    fields = ["name", "product", "province_code_2025", "commune_code_2025"]
    asked = where.loc[rows].assign(name=names[rows], product=None)[fields].dropna(subset="name")
    both = pd.concat([base[fields].astype(object), asked.astype(object)], ignore_index=True)
    table = both.rename(columns={"province_code_2025": "province", "commune_code_2025": "commune"})
    table = table.assign(fresh=np.arange(len(both)) >= len(base), lat=np.nan, lon=np.nan)
    pairs = duplicates.candidates(table)
    pairs = pairs[(pairs["first"] < len(base)) & (pairs["second"] >= len(base))]
    pairs["score"] = duplicates.likeness(table, pairs)
    # The survey repeats no product, so a name and a province that agree are all there is to go by.
    best = pairs[pairs["score"] >= duplicates.NAMED].sort_values(["second", "score"], ascending=[True, False])
    top = best.groupby("second")["score"].transform("max")
    best = best[best["score"] == top]
    best = best[~best["second"].duplicated(keep=False)]
    found = pd.Series(
        base["establishment_id"].to_numpy()[best["first"]], index=asked.index[best["second"] - len(base)]
    )
    return found.reindex(names.index)


def _with_support(base: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the establishments with the support that the rows ask for; several rows add up."""
    kept = check.stored_columns(base)
    asked = rows.dropna(subset="support_need")
    if asked.empty:
        return kept
    joined = asked.groupby("establishment_id")["support_need"].agg(
        lambda texts: "|".join(dict.fromkeys(part for text in texts for part in str(text).split("|")))
    )
    new = kept["establishment_id"].map(joined)
    return kept.assign(support_need=new.where(new.notna(), kept["support_need"]))
