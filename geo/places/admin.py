"""Provinces, regions and the exact conversion 63 → 34.

A province code means nothing without its vintage: ``pre2025`` (63 provinces, until 30 June 2025) or
``2025`` (34 provinces since 1 July 2025). Seven codes were given to a province of another name.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext
from functools import cache
from typing import Any

import pandas as pd

from geo import paths
from geo.errors import DataError, ParameterError, PlaceError

VINTAGES = ("2025", "pre2025")
DEFAULT_VINTAGE = "2025"
_DEFAULT_REGION_SETS = {"2025": "2025_NQ306_34", "pre2025": "2023_NQ81_63"}


@cache
def _table(name: str) -> pd.DataFrame:
    """Read one shipped table as text, once."""
    return pd.read_csv(paths.DATA / name, dtype=str, keep_default_na=False)


def check_vintage(vintage: str) -> str:
    """Return ``vintage`` if it is one of the two, else refuse it.

    Raises
    ------
    ParameterError
        If it is neither ``2025`` nor ``pre2025``.
    """
    if vintage not in VINTAGES:
        raise ParameterError(
            vi="Bộ đơn vị hành chính phải là “2025” (34 tỉnh, thành phố) hoặc “pre2025” (63 tỉnh, "
            f"thành phố), nhưng nhận được “{vintage}”; hãy chọn một trong hai.",
            en=f'The vintage must be "2025" (34 provinces) or "pre2025" (63 provinces), '
            f'but "{vintage}" came; choose one of the two.',
        )
    return vintage


def provinces(vintage: str = DEFAULT_VINTAGE) -> pd.DataFrame:
    """Return the provinces of one vintage, indexed by ``province_code``, sorted.

    Parameters
    ----------
    vintage : str
        ``2025`` or ``pre2025``.

    Returns
    -------
    DataFrame
        Columns of ``data/provinces.csv``; ``code_reused`` as bool.

    Raises
    ------
    ParameterError
        If the vintage is unknown.
    """
    return _provinces(check_vintage(vintage)).copy()


@cache
def _provinces(vintage: str) -> pd.DataFrame:
    """Return the provinces of one vintage; the one copy that is kept."""
    table = _table("provinces.csv")
    table = table[table["vintage"] == vintage].set_index("province_code").sort_index()
    return table.assign(code_reused=table["code_reused"] == "true")


def crosswalk() -> pd.DataFrame:
    """Return the 63 old provinces with the province of 2025 each went into, whole."""
    return _table("crosswalk.csv").copy()


def region_sets(vintage: str | None = None) -> list[str]:
    """Return the region sets whose members are known, the default of the vintage first.

    The areas of the khuyến công conferences until 2024 have names but no sourced members: not listed.
    """
    members = _table("province_regions.csv")
    if vintage is not None:
        check_vintage(vintage)
        members = members[members["vintage"] == vintage]
    defaults = set(_DEFAULT_REGION_SETS.values())
    return sorted(members["region_set"].unique(), key=lambda name: (name not in defaults, name))


def default_region_set(vintage: str = DEFAULT_VINTAGE) -> str:
    """Return the six socio-economic regions in force for the vintage."""
    return _DEFAULT_REGION_SETS[check_vintage(vintage)]


def region_set_vintage(region_set: str) -> str:
    """Return the vintage of the provinces that a region set groups.

    Raises
    ------
    ParameterError
        If the region set is unknown.
    """
    table = _table("regions.csv")
    found = table.loc[table["region_set"] == region_set, "vintage"]
    if found.empty:
        known = ", ".join(region_sets())
        raise ParameterError(
            vi=f"Không có bộ vùng “{region_set}”; hãy chọn một trong: {known}.",
            en=f'There is no region set "{region_set}"; choose one of: {known}.',
        )
    return str(found.iloc[0])


def regions(region_set: str | None = None) -> pd.DataFrame:
    """Return the regions of a set, indexed by ``region_code``, in the order of the source (north to south).

    Raises
    ------
    ParameterError
        If the region set is unknown.
    """
    name = region_set or default_region_set()
    region_set_vintage(name)
    table = _table("regions.csv")
    return table[table["region_set"] == name].set_index("region_code")


def province_regions(region_set: str | None = None) -> pd.Series:
    """Return the ``region_code`` of every province of a region set, indexed by ``province_code``.

    Raises
    ------
    ParameterError
        If the region set is unknown, or known only by the names of its regions.
    """
    name = region_set or default_region_set()
    region_set_vintage(name)
    table = _table("province_regions.csv")
    table = table[table["region_set"] == name]
    if table.empty:
        raise ParameterError(
            vi=f"Bộ vùng “{name}” chỉ có tên vùng, chưa có danh sách tỉnh có nguồn; "
            f"hãy chọn một trong: {', '.join(region_sets())}.",
            en=f'Region set "{name}" has names of regions but no sourced list of provinces; '
            f"choose one of: {', '.join(region_sets())}.",
        )
    return table.set_index("province_code")["region_code"].sort_index()


@cache
def _codes(vintage: str) -> frozenset[str]:
    """Return the province codes of a vintage."""
    return frozenset(_provinces(vintage).index)


def check_codes(codes: Iterable[str], vintage: str) -> None:
    """Refuse codes that are not of the vintage, naming them.

    Raises
    ------
    PlaceError
        If a code is not among the provinces of the vintage.
    """
    known = _codes(check_vintage(vintage))
    unknown = sorted({str(code) for code in codes} - known)
    if unknown:
        shown = ", ".join(unknown[:10])
        count = len(known)
        raise PlaceError(
            vi=f"Mã tỉnh {shown} không có trong {count} tỉnh, thành phố của bộ {vintage}; "
            "mã là chữ số có số 0 đứng đầu (ví dụ “01”), hãy kiểm tra lại mã hoặc bộ đơn vị hành chính.",
            en=f"Province code {shown} is not among the {count} provinces of vintage {vintage}; "
            'codes are text with leading zeros (such as "01"): check the code or the vintage.',
        )


def _exact_sum(values: Sequence[Any]) -> Any:
    """Sum without rounding: whole numbers as integers, decimals by their written digits; missing left out."""
    known = [value for value in values if not _missing(value)]
    if not known:
        return math.nan
    if all(float(value).is_integer() and not isinstance(value, float | Decimal) for value in known):
        return sum(int(value) for value in known)
    with localcontext(prec=1000):  # wide enough that no digit of any float is lost
        digits = (value if isinstance(value, Decimal) else Decimal(repr(float(value))) for value in known)
        total = sum(digits, Decimal(0))
    return total if all(isinstance(value, Decimal) for value in known) else float(total)


def _missing(value: Any) -> bool:
    """Tell whether a figure is absent (None, NaN, NA); absent is not zero."""
    return value is None or value is pd.NA or value != value


def _check_conversion(frame: pd.DataFrame, code: str, sums: Sequence[str], by: Sequence[str]) -> None:
    """Refuse a frame that cannot be converted, saying why."""
    absent = [name for name in (code, *sums, *by) if name not in frame.columns]
    if absent:
        raise DataError(
            vi=f"Bảng cần có cột {', '.join(absent)} nhưng chỉ có: {', '.join(map(str, frame.columns))}.",
            en=f"The table needs the columns {', '.join(absent)} "
            f"but has: {', '.join(map(str, frame.columns))}.",
        )
    if "vintage" in frame.columns and set(frame["vintage"]) - {"pre2025"}:
        raise ParameterError(
            vi="Chỉ chuyển được số liệu của 63 tỉnh (bộ “pre2025”) sang 34 tỉnh, nhưng bảng có dòng thuộc bộ "
            "khác; hãy bỏ các dòng đó ra hoặc sửa cột “vintage”.",
            en='Only figures of the 63 provinces (vintage "pre2025") convert to the 34, but some rows are of '
            'another vintage; take those rows out or repair the column "vintage".',
        )
    check_codes(frame[code], "pre2025")
    for name in sums:
        wrong = [value for value in frame[name] if not _missing(value) and not _is_number(value)]
        if wrong:
            raise DataError(
                vi=f"Cột “{name}” phải là số để cộng được, nhưng có giá trị “{wrong[0]}”; "
                "hãy sửa giá trị này.",
                en=f'Column "{name}" must hold numbers to be summed, but has the value "{wrong[0]}"; '
                "repair this value.",
            )


def _is_number(value: Any) -> bool:
    """Tell a finite number from text and infinities."""
    try:
        return not isinstance(value, str) and math.isfinite(value)
    except TypeError:
        return False


def to_2025(
    frame: pd.DataFrame,
    *,
    code: str = "province_code",
    sum_columns: Sequence[str],
    by: Sequence[str] = (),
    count_known: bool = False,
) -> pd.DataFrame:
    """Convert figures of the 63 old provinces to the 34 of 2025 by an exact sum.

    Every merger was of whole provinces, so nothing is estimated. Whole numbers are added as integers
    and decimals by their written digits, so a total keeps to the last digit (up to 15 digits).

    Parameters
    ----------
    frame : DataFrame
        One row or more a province, codes of vintage ``pre2025``; not written to.
    code : str
        Column of the province code.
    sum_columns : sequence of str
        Columns to add up (any unit that may be added; shares and averages may not).
    by : sequence of str
        Columns that stay apart (material, year, unit, …).
    count_known : bool
        Add ``<column>_known`` (old provinces with a figure) and ``provinces_merged`` (old provinces in all).

    Returns
    -------
    DataFrame
        ``by``, the code column (vintage 2025), ``vintage`` if it was there, the sums; sorted.
        A province none of whose parts has a figure stays "no figure" (NaN), never 0.

    Raises
    ------
    DataError
        If a column is missing or not numeric.
    ParameterError
        If the frame says it is of another vintage.
    PlaceError
        If a code is not one of the 63.
    """
    _check_conversion(frame, code, sum_columns, by)
    walk = crosswalk().set_index("pre2025_code")["code_2025"]
    keys = [*by, code]
    work = frame[keys].assign(**{code: frame[code].map(walk).astype("str")}).reset_index(drop=True)
    group = work.groupby(keys, sort=True, dropna=False).ngroup().to_numpy()
    out = work.assign(_group=group).drop_duplicates("_group").sort_values("_group", ignore_index=True)[keys]
    parts = frame[code].tolist()
    for name in sum_columns:
        members: list[list[Any]] = [[] for _ in range(len(out))]
        known: list[set[str]] = [set() for _ in range(len(out))]
        for number, part, value in zip(group, parts, frame[name].tolist(), strict=True):
            members[number].append(value)
            if not _missing(value):
                known[number].add(part)
        out[name] = [_exact_sum(values) for values in members]
        if count_known:
            out[f"{name}_known"] = [len(found) for found in known]
    if count_known:
        out["provinces_merged"] = out[code].map(walk.value_counts())
    if "vintage" in frame.columns and "vintage" not in keys:
        out.insert(len(keys), "vintage", "2025")
    elif "vintage" in keys:
        out["vintage"] = "2025"
    return out


def convert(
    frame: pd.DataFrame,
    *,
    to: str,
    vintage: str,
    code: str = "province_code",
    sum_columns: Sequence[str],
    by: Sequence[str] = (),
) -> pd.DataFrame:
    """Bring province figures from ``vintage`` to the vintage ``to``; only 63 → 34 changes them.

    Raises
    ------
    ParameterError
        If 34 → 63 is asked: the split is not known and would be invented.
    """
    check_vintage(to)
    if check_vintage(vintage) == to:
        check_codes(frame[code], vintage)
        return frame.copy()
    if to == "pre2025":
        raise ParameterError(
            vi="Không chia được số liệu 34 tỉnh về 63 tỉnh cũ vì phải bịa ra số; hãy dùng dữ liệu có xã "
            "hoặc tọa độ, hoặc xem theo 34 tỉnh.",
            en="Figures of the 34 provinces cannot be split back to the 63 without inventing numbers; "
            "use data with communes or coordinates, or look at the 34 provinces.",
        )
    return to_2025(frame, code=code, sum_columns=sum_columns, by=by)
