"""Change between two years: what a region owes to the country, to its mix, and to itself.

Which bundled tables have years. Six crops (cassava, groundnut, maize, paddy rice, sugar cane, sweet potato)
have official tonnages for all provinces every year from 2018: :func:`production` makes two tables of them.
The province statistics hold one year an indicator. The ``year`` of an establishment is the year in which its
record was made, and every record stands once: two such years are two parts of a list, not a count and a
recount, so no change may be read from them, and :func:`production` does not offer it.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.errors import DataError, ParameterError
from geo.measures.region_sector import checked, position
from geo.places import admin
from geo.subjects import materials

PARTS = ["national", "mix", "regional", "total"]
UNITS = ("tonnes",)
#: A material counts when this share of its provinces has a figure in both years.
WIDE_SHARE = materials.WIDE_YEAR_SHARE


@dataclass(frozen=True)
class TwoYears:
    """Two tables of the same provinces and materials, ready for :func:`shift_share_table`.

    Attributes
    ----------
    before, after : DataFrame
        ``province_code`` × ``material_code``, in ``unit`` a year.
    unit : str
        Unit of both.
    left_out : DataFrame
        ``material_code``, ``provinces``, ``reason`` (``no_figure`` in one of the years or ``few`` provinces
        with both): what is not in the tables.
    """

    before: pd.DataFrame
    after: pd.DataFrame
    unit: str
    left_out: pd.DataFrame


def shift_share(before: pd.DataFrame, after: pd.DataFrame, region: Hashable) -> pd.Series:
    """Take the change of a region apart into three parts that add up to it.

    .. math:: \\sum_s x_s \\Big(\\frac{N'}{N} - 1\\Big) +
              \\sum_s x_s \\Big(\\frac{n'_s}{n_s} - \\frac{N'}{N}\\Big) +
              \\sum_s \\Big(x'_s - x_s \\frac{n'_s}{n_s}\\Big)

    Parameters
    ----------
    before, after : DataFrame
        Region × sector in one unit, >= 0, all regions of the country: it is their sum. A region or sector that
        one table lacks, and a missing cell, count as none there.
    region : label
        Row of at least one of the tables.

    Returns
    -------
    Series
        ``national`` (what it would have gained growing like the country), ``mix`` (more or less because its
        sectors grew differently in the country), ``regional`` (what is left: it did better or worse than its
        sectors), ``total``; in the unit of the tables. A sector new to the country is ``regional``. NaN when
        the country had nothing before.

    Raises
    ------
    DataError
        If a cell is negative or not a number.
    ParameterError
        If the region is in neither table, or twice in one.

    Notes
    -----
    ``national + mix + regional = total``; over all regions ``mix`` and ``regional`` each sum to 0 unless a
    sector is new to the country.

    References
    ----------
    Dunn (1960), Papers of the Regional Science Association 6; Farhauer & Kröll (2013), Standorttheorien.
    """
    table = _parts(before, after)
    row = position(table.index, region, "vùng", "region")
    return pd.Series(table.to_numpy()[row], index=PARTS, name=region)


def shift_share_table(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return the parts of :func:`shift_share` for every region.

    Returns
    -------
    DataFrame
        ``province_code``, ``before``, ``after``, ``national``, ``mix``, ``regional``, ``total``, sorted by code.
    """
    table = _parts(before, after)
    sums = {
        name: frame.sum(axis=1).reindex(table.index, fill_value=0.0).astype("float64")
        for name, frame in (("before", before), ("after", after))
    }
    out = pd.DataFrame(sums, index=table.index).join(table)
    return out.rename_axis("province_code").sort_index().reset_index()


def _parts(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """The four parts by region; regions in the order of the first table."""
    for frame in (before, after):
        for labels in (frame.index, frame.columns):
            if not labels.is_unique:
                twice = labels[labels.duplicated()][0]
                position(labels, twice, "mục", "label")
    regions = before.index.append(after.index.difference(before.index, sort=False))
    sectors = before.columns.append(after.columns.difference(before.columns, sort=False))
    old = checked(before.reindex(index=regions, columns=sectors))
    new = checked(after.reindex(index=regions, columns=sectors))
    country_old, country_new = old.sum(axis=0), new.sum(axis=0)
    # A sector new to the country has no rate of growth: all of it is the regions' own doing.
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = np.where(country_old > 0, country_new / country_old, 0.0)
    overall = country_new.sum() / country_old.sum() if country_old.sum() > 0 else float("nan")
    expected = (old * growth).sum(axis=1)
    size_old, size_new = old.sum(axis=1), new.sum(axis=1)
    columns = [
        size_old * (overall - 1),
        expected - size_old * overall,
        size_new - expected,
        size_new - size_old,
    ]
    return pd.DataFrame(np.column_stack(columns), index=regions, columns=PARTS)


def production_years() -> pd.DataFrame:
    """Return the materials whose tonnage is published nationwide for at least two years.

    Returns
    -------
    DataFrame
        ``material_code``, ``year``, ``provinces`` (of the 63, with a figure), sorted.
    """
    rows = _nationwide()
    counted = (
        rows.groupby(["material_code", "year"])["province_code"].nunique().rename("provinces").reset_index()
    )
    years = counted.groupby("material_code")["year"].transform("nunique")
    return counted[years > 1].sort_values(["material_code", "year"], ignore_index=True)


def production(before: int, after: int, *, vintage: str = "2025", unit: str = "tonnes") -> TwoYears:
    """Return what provinces produced in two years, for the materials measured in both.

    Only figures of one unit, so that rows can be added up; only provinces with a figure in both years for
    that material, so that no figure is never read as a loss. Parts of a material that is itself in the table
    are left out. The 63 are paired first and then summed into the 34.

    Parameters
    ----------
    before, after : int
        Years, the earlier first.
    vintage : str
        ``2025`` (34 provinces) or ``pre2025`` (63).
    unit : str
        ``tonnes``.

    Raises
    ------
    DataError
        If no material has figures for both years; the sentence says which years there are.
    ParameterError
        If the years are not in order, or the vintage or the unit is unknown.
    """
    admin.check_vintage(vintage)
    _check_request(before, after, unit)
    rows = _nationwide()
    wide = rows[rows["year"].isin([before, after])].pivot_table(
        index=["material_code", "province_code"], columns="year", values="quantity", aggfunc="sum"
    )
    wide = wide.reindex(columns=[before, after])
    paired = wide.dropna()
    share = paired.groupby("material_code").size() / wide.groupby("material_code").size()
    kept = set(share.index[share >= WIDE_SHARE])
    kept -= _inner_parts(kept)
    if not kept:
        raise _no_two_years(before, after)
    left = wide[~wide.index.isin(paired.index) | ~wide.index.get_level_values(0).isin(kept)]
    tables = paired[paired.index.get_level_values("material_code").isin(kept)].reset_index()
    tables.columns = pd.Index(["material_code", "province_code", "before", "after"])
    if vintage == "2025":
        tables = admin.to_2025(tables, sum_columns=["before", "after"], by=["material_code"])
    return TwoYears(_wide(tables, "before"), _wide(tables, "after"), unit, _left_out(left, kept))


def _nationwide() -> pd.DataFrame:
    """Published annual tonnages of nationwide tables, old provinces."""
    rows = materials.published()
    usable = rows["reason"].eq("") & rows["unit"].eq("tonnes") & rows["vintage"].eq("pre2025")
    return rows[usable & rows["reliability"].isin(["A", "B"])]


def _inner_parts(kept: set[str]) -> set[str]:
    """Materials whose whole is in the table too: the two must not be added."""
    whole = materials.catalogue()["part_of"]
    return {code for code in kept if whole[code] in kept}


def _wide(rows: pd.DataFrame, value: str) -> pd.DataFrame:
    """Province × material of one year."""
    wide = rows.pivot(index="province_code", columns="material_code", values=value)
    return wide.sort_index().sort_index(axis=1).astype("float64")


def _left_out(left: pd.DataFrame, kept: set[str]) -> pd.DataFrame:
    """Count what is not in the tables, and why."""
    counted = left.groupby("material_code").size().rename("provinces").reset_index()
    reason = np.where(counted["material_code"].isin(kept), "no_figure", "few")
    return counted.assign(reason=reason)[["material_code", "provinces", "reason"]]


def _check_request(before: int, after: int, unit: str) -> None:
    """Refuse years out of order and units that cannot be added."""
    if before >= after:
        raise ParameterError(
            vi=f"Năm đầu phải trước năm cuối, nhưng nhận được {before} và {after}; hãy đổi lại.",
            en=f"The first year must be before the last, but {before} and {after} came; change them.",
        )
    if unit not in UNITS:
        raise ParameterError(
            vi=f"Chỉ cộng được các số cùng đơn vị: {', '.join(UNITS)}; nhận được “{unit}”.",
            en=f'Only figures of one unit can be added up: {", ".join(UNITS)}; "{unit}" came.',
        )


def _no_two_years(before: int, after: int) -> DataError:
    """Say that there is nothing to compare, and which years there are."""
    years = ", ".join(str(year) for year in sorted(production_years()["year"].unique()))
    return DataError(
        vi=f"Không có nguyên liệu nào có số liệu toàn quốc cho cả năm {before} và năm {after}; các năm so sánh "
        f"được với nhau là: {years}. Hãy chọn hai năm trong số đó.",
        en=f"No material has nationwide figures for both {before} and {after}; the years that can be compared "
        f"are: {years}. Choose two of them.",
    )
