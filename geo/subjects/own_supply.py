"""The user's own figures of raw materials: the table as data, its checks, and which of its figures count.

Which figure counts (shown on the materials page):

1. Of several years the latest counts, for each material and province by itself.
2. An own figure takes the place of the published one of the same material and province, whatever its year.
3. Among the 34, old provinces are summed exactly. The sum holds the own figures of the old provinces that have
   one and the published figures of the others; ``partial`` marks a sum in which an old province has neither.
4. An own figure of a whole province of 2025 comes before the sum, unless own figures of all its old provinces
   are newer. A figure published for the whole province, where that one counts, yields only to own figures of
   all its old provinces: which part of it another figure would replace is not known.
5. Among the 63, an own figure of a province of 2025 counts only where that province is one old province
   unchanged: nothing is split.
"""

from __future__ import annotations

import pandas as pd

from geo.errors import DataError, ParameterError
from geo.places import admin
from geo.subjects.establishments import Column, check
from geo.subjects.shipped import table

OWN_SUPPLY: tuple[Column, ...] = (
    Column("material_code", "text", "Raw material", required=True),
    Column("vintage", "text", "Set of provinces of the row", True, values=admin.VINTAGES),
    Column("province_code", "text", "Province, in ``vintage``", required=True),
    Column("year", "int", "Year of the figure", True, low=1990, high=2100),
    Column("supply_tonnes", "float", "Tonnes a year", required=True, low=0),
    Column("source", "text", "Where the figure comes from", required=True),
    Column("source_url", "text", "Address of the source"),
)
KEY = ["material_code", "vintage", "province_code", "year"]
#: Grade of a figure that is, or holds, one of the user's own: nobody else has checked it.
OWN = "own"
_PLACE = ["material_code", "province_code"]


def complete(rows: pd.DataFrame) -> pd.DataFrame:
    """Return own figures with the columns of the contract in order, sorted by key, after checking them.

    Raises
    ------
    DataError
        If a column is missing, a needed value is empty or out of its bounds, or a key is there twice.
    ParameterError
        If a material is not in the catalogue.
    PlaceError
        If a province is not of its vintage.
    """
    out = rows.assign(source_url=rows["source_url"] if "source_url" in rows.columns else None)
    check(out, OWN_SUPPLY)
    unknown = sorted(set(out["material_code"]) - set(table("materials.csv")["material_code"]))
    if unknown:
        raise ParameterError(
            vi=f"Nguyên liệu phải là một mã trong danh mục, nhưng nhận được “{unknown[0]}”; hãy sửa mã.",
            en=f'A raw material must be a code of the catalogue, but "{unknown[0]}" came; correct the code.',
        )
    for vintage, part in out.groupby("vintage"):
        admin.check_codes(part["province_code"], str(vintage))
    twice = out[out.duplicated(KEY)]
    if len(twice):
        said = " – ".join(str(value) for value in twice.iloc[0][KEY])
        raise DataError(
            vi=f"Mỗi nguyên liệu, tỉnh và năm chỉ có một số liệu, nhưng {said} lặp lại; hãy giữ một dòng.",
            en=f"A material has one figure a province and year, but {said} repeats; keep one row.",
        )
    names = [column.name for column in OWN_SUPPLY]
    return out.sort_values(KEY, ignore_index=True)[names].astype(
        {"year": "int64", "supply_tonnes": "float64"}
    )


def figures(own: pd.DataFrame, year: int | None = None) -> pd.DataFrame:
    """Return the latest own figure of each material, vintage and province, in the columns of the supply.

    Parameters
    ----------
    own : DataFrame
        Columns of :data:`OWN_SUPPLY`, one row a key; not written to.
    year : int, optional
        Only figures of this year.

    Returns
    -------
    DataFrame
        ``material_code``, ``vintage``, ``province_code``, ``year``, ``year_from``, ``supply_tonnes``,
        ``native_quantity`` and ``native_unit`` (tonnes), ``derived``, ``partial`` (both False),
        ``reliability`` (:data:`OWN`), ``source``, ``source_url``, ``own`` (True).
    """
    rows = own if year is None else own[own["year"] == year]
    latest = rows.sort_values(KEY, kind="stable").drop_duplicates(KEY[:3], keep="last")
    return latest.reset_index(drop=True).assign(
        year_from=latest["year"].to_numpy(),
        native_quantity=latest["supply_tonnes"].to_numpy(),
        native_unit="tonnes",
        derived=False,
        partial=False,
        reliability=OWN,
        source_url=latest["source_url"].fillna("").to_numpy(),
        own=True,
    )


def in_old(figure: pd.DataFrame) -> pd.DataFrame:
    """Return own figures for the 63: their own, and those of provinces of 2025 that are one old province.

    Where both are there the newer counts, of the same year that of the old province.
    """
    walk = admin.crosswalk()
    alone = walk[~walk["code_2025"].duplicated(keep=False)].set_index("code_2025")["pre2025_code"]
    old, new = (figure[figure["vintage"] == vintage] for vintage in ("pre2025", "2025"))
    same = new.assign(province_code=new["province_code"].map(alone)).dropna(subset="province_code")
    both = pd.concat([old.assign(_first=0), same.assign(_first=1)], ignore_index=True)
    ordered = both.sort_values(
        [*_PLACE, "year", "_first"], ascending=[True, True, False, True], kind="stable"
    )
    return ordered.drop_duplicates(_PLACE).drop(columns="_first").assign(vintage="pre2025")


def laid_over(own: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Return one row a material and province: the own one where there is one, else the published."""
    both = pd.concat([own.assign(_first=0), published.assign(_first=1)], ignore_index=True)
    ordered = both.sort_values([*_PLACE, "_first"], kind="stable")
    return ordered.drop_duplicates(_PLACE).drop(columns="_first")


def of_whole_provinces(figure: pd.DataFrame, sums: pd.DataFrame) -> pd.DataFrame:
    """Choose between own figures of provinces of 2025 and sums of old provinces (rule 4).

    Parameters
    ----------
    figure : DataFrame
        Of :func:`figures`.
    sums : DataFrame
        Sums of old provinces over the 34 that hold own figures, with ``all_own`` (every part is own).

    Returns
    -------
    DataFrame
        One row a material and province of 2025; its ``source`` says which figures it holds.
    """
    new = figure[figure["vintage"] == "2025"]
    stated = new.set_index(_PLACE)["year"].reindex(pd.MultiIndex.from_frame(sums[_PLACE])).to_numpy()
    newer = sums["all_own"] & (sums["year_from"] > stated)
    kept = sums[newer | pd.isna(stated)].drop(columns="all_own")
    return laid_over(kept, new)


def placed(figure: pd.DataFrame, vintage: str) -> pd.Series:
    """Return the province of ``vintage`` that each own figure is of, or a part of; missing where it has none.

    A figure of an old province is of, or a part of, one of the 34. One of a province of 2025 has a place among the
    63 only where that province is one old province unchanged.
    """
    walk = admin.crosswalk()
    if vintage == "2025":
        other = walk.set_index("pre2025_code")["code_2025"]
    else:
        alone = ~walk["code_2025"].duplicated(keep=False)
        other = walk[alone].set_index("code_2025")["pre2025_code"]
    return figure["province_code"].where(figure["vintage"] == vintage, figure["province_code"].map(other))
