"""Establishments (cơ sở công nghiệp nông thôn) and their stated needs: the tables as data, and checks.

The columns below are the contract of every dataset folder. ``complete`` fills what can be computed
from the rest (division, size band, H3 cells, geometry); ``check`` refuses a table that breaks it.
"""

from __future__ import annotations

from dataclasses import dataclass

import h3.api.basic_int as h3
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from geo.errors import DataError
from geo.numbers import number
from geo.places import admin

SCHEMA_VERSION = 1
#: Employees from, to (both inside); official size classes of labour.
SIZE_LIMITS = {"micro": (1, 9), "small": (10, 49), "medium": (50, 199), "large": (200, None)}
SIZE_BANDS = (*SIZE_LIMITS, "unknown")
LOCATION_QUALITIES = ("point", "commune", "province")
SECTOR_STATUSES = ("stated", "inferred", "division only", "none")
SUPPORT_NEEDS = ("machinery", "training", "market", "materials", "space")
OWNER_FLAGS = ("women", "ethnic_minority")
VSIC_VERSIONS = ("2018", "2025")
H3_RESOLUTIONS = (4, 5, 6, 7)
CRS = "OGC:CRS84"  # longitude, latitude in degrees on WGS 84


@dataclass(frozen=True)
class Column:
    """One column: its type (text, int, float, bool, cell, wkb), whether it may be empty, what it means."""

    name: str
    kind: str
    meaning: str
    required: bool = False
    low: float | None = None
    high: float | None = None
    values: tuple[str, ...] | None = None
    default: object = None


_TYPES = {
    "text": pa.string(),
    "int": pa.int64(),
    "float": pa.float64(),
    "bool": pa.bool_(),
    "cell": pa.int64(),
    "wkb": pa.binary(),
}

ESTABLISHMENTS: tuple[Column, ...] = (
    Column("establishment_id", "text", "Key, unique in the dataset", required=True),
    Column("name", "text", "Name of the establishment", required=True),
    Column("vsic_version", "text", "Version of the sector code", True, values=VSIC_VERSIONS, default="2018"),
    Column("sector_code", "text", "VSIC class (4 digits), or division (2) when only it is known"),
    Column("division_code", "text", "VSIC division (2 digits); empty when the sector is not known"),
    Column(
        "sector_status", "text", "How the sector is known", True, values=SECTOR_STATUSES, default="stated"
    ),
    Column("product", "text", "Main product, in words"),
    Column("material_code", "text", "Main raw material"),
    Column("employees", "int", "Employees (persons)", low=1, high=1_000_000),
    Column("size_band", "text", "Size band by employees", True, values=SIZE_BANDS),
    Column("revenue_vnd_million", "float", "Revenue a year (million VND)", low=0),
    Column("vintage", "text", "Set of provinces the record came in", True, values=admin.VINTAGES),
    Column("province_code", "text", "Province as it came, in ``vintage``"),
    Column("province_code_2025", "text", "Province among the 34"),
    Column("province_code_pre2025", "text", "Province among the 63"),
    Column("commune_code_2025", "text", "Commune since 1 July 2025"),
    Column("commune_code_pre2025", "text", "Commune until 30 June 2025"),
    Column("lat", "float", "Latitude (degrees, WGS 84)", low=5, high=25),
    Column("lon", "float", "Longitude (degrees, WGS 84)", low=100, high=120),
    Column("location_quality", "text", "What the point stands for", True, values=LOCATION_QUALITIES),
    Column("craft_village", "bool", "Stands in a craft village (làng nghề)", True, default=False),
    Column("owner_flags", "text", "Owner groups with priority, joined by |"),
    Column("support_need", "text", "Support asked for, joined by |"),
    Column("states_need", "bool", "Has rows in the table of material needs", True),
    Column("year", "int", "Year of the record", low=1990, high=2100),
    Column("source", "text", "Where the row comes from", required=True),
    Column("source_url", "text", "Address of the source"),
    Column("licence", "text", "Licence of the row", required=True),
    *(Column(f"h3_{r}", "cell", f"H3 cell of resolution {r}; empty without a point") for r in H3_RESOLUTIONS),
    Column("geometry", "wkb", "Point (WKB), longitude and latitude; empty without a point"),
)

NEEDS: tuple[Column, ...] = (
    Column("establishment_id", "text", "Establishment that states the need", required=True),
    Column("material_code", "text", "Raw material needed", required=True),
    Column("need_tonnes", "float", "Tonnes needed a year", required=True, low=0),
    Column("origin_province_code", "text", "Province it is bought from, in ``origin_vintage``"),
    Column("origin_vintage", "text", "Set of provinces of the origin", values=admin.VINTAGES),
)

#: What the needs table repeats of its establishment, so that filtering needs joins nothing.
_REPEATED = {
    "division_code": "division_code",
    "sector_code": "sector_code",
    "size_band": "size_band",
    "year": "year",
    "province_code_2025": "province_code_2025",
    "province_code_pre2025": "province_code_pre2025",
    "main_material_code": "material_code",
}
NEEDS_STORED: tuple[Column, ...] = (
    *NEEDS,
    *(
        Column(name, "int" if name == "year" else "text", f"Of the establishment: {source}")
        for name, source in _REPEATED.items()
    ),
)


def arrow_schema(columns: tuple[Column, ...]) -> pa.Schema:
    """Return the columns as an Arrow schema."""
    return pa.schema([pa.field(c.name, _TYPES[c.kind], nullable=not c.required) for c in columns])


def size_band(employees: pd.Series) -> pd.Series:
    """Return the size band of each number of employees; ``unknown`` where it is missing."""
    limits = [low for low, _ in SIZE_LIMITS.values()]
    numbers = pd.to_numeric(employees, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    place = np.searchsorted(limits, np.nan_to_num(numbers, nan=0.0), side="right") - 1
    known = np.array(list(SIZE_LIMITS), dtype=object)[np.clip(place, 0, None)]
    band = np.where(np.isnan(numbers) | (place < 0), "unknown", known)
    return pd.Series(band, index=employees.index, name="size_band", dtype="str")


def cells(lat: np.ndarray, lon: np.ndarray) -> dict[int, np.ndarray]:
    """Return the H3 cells of points for every stored resolution; coordinates in degrees, all known.

    The finest cell is computed once; its parents follow by writing the resolution and blanking the
    finer digits of the 64-bit index (H3 core library, index layout).
    """
    finest = max(H3_RESOLUTIONS)
    pairs = zip(lat.tolist(), lon.tolist(), strict=True)
    fine = np.fromiter((h3.latlng_to_cell(y, x, finest) for y, x in pairs), dtype=np.int64, count=len(lat))
    return {resolution: parent_cells(fine, resolution) for resolution in H3_RESOLUTIONS}


def parent_cells(cell: np.ndarray, resolution: int) -> np.ndarray:
    """Return the parents of H3 cells (64-bit integers) at a coarser resolution."""
    blank = np.int64((1 << (3 * (15 - resolution))) - 1)
    return (cell & ~np.int64(0xF << 52)) | np.int64(resolution << 52) | blank


def complete(frame: pd.DataFrame, needs: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the establishments with every column of the contract, computed ones computed.

    Parameters
    ----------
    frame : DataFrame
        At least ``establishment_id``, ``name``, ``sector_code``, ``vintage``, ``location_quality``,
        ``source`` and ``licence``; other columns of the contract where known. Not written to.
    needs : DataFrame, optional
        The stated needs, for ``states_need``.

    Returns
    -------
    DataFrame
        The contract's columns in order, sorted by the finest H3 cell (rows without a point last), then
        by id: a query for a part of the map then reads only a part of the file.

    Raises
    ------
    DataError
        If a needed column is missing.
    """
    derived = {"division_code", "size_band", "states_need", "geometry", *(f"h3_{r}" for r in H3_RESOLUTIONS)}
    out: dict[str, object] = {}
    for column in ESTABLISHMENTS:
        if column.name in derived:
            continue
        if column.name in frame.columns:
            values = frame[column.name]
            filled = values if column.default is None else values.where(values.notna(), column.default)
            out[column.name] = filled
        elif column.required and column.default is None:
            raise _missing_columns([column.name], frame)
        else:
            out[column.name] = column.default
    work = pd.DataFrame(out, index=frame.index)
    work["division_code"] = work["sector_code"].astype("str").str[:2]
    work["size_band"] = size_band(work["employees"])
    stating = set() if needs is None else set(needs["establishment_id"])
    work["states_need"] = [key in stating for key in work["establishment_id"]]
    _add_cells(work)
    order = work.sort_values([f"h3_{max(H3_RESOLUTIONS)}", "establishment_id"], na_position="last")
    return order[[column.name for column in ESTABLISHMENTS]].reset_index(drop=True)


def complete_needs(needs: pd.DataFrame, establishments: pd.DataFrame) -> pd.DataFrame:
    """Return the needs with what the stored table repeats of each establishment, sorted.

    Parameters
    ----------
    needs : DataFrame
        Columns of :data:`NEEDS`; not written to.
    establishments : DataFrame
        As :func:`complete` returns them, holding every establishment of ``needs``.
    """
    names = [column.name for column in NEEDS]
    order = needs.reindex(columns=names).sort_values(["establishment_id", "material_code"])
    repeated = establishments.set_index("establishment_id")[list(_REPEATED.values())]
    repeated = repeated.reindex(order["establishment_id"]).set_axis(list(_REPEATED), axis=1)
    return pd.concat([order.reset_index(drop=True), repeated.reset_index(drop=True)], axis=1)


def _add_cells(work: pd.DataFrame) -> None:
    """Fill the H3 columns and the point geometry of a frame of our own."""
    lat = pd.to_numeric(work["lat"], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    lon = pd.to_numeric(work["lon"], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    known = np.isfinite(lat) & np.isfinite(lon)
    by_resolution = cells(lat[known], lon[known])
    for resolution, found in by_resolution.items():
        column = np.zeros(len(work), dtype=np.int64)
        column[known] = found
        work[f"h3_{resolution}"] = pd.arrays.IntegerArray(column, ~known)
    points = np.full(len(work), None, dtype=object)
    points[known] = shapely.to_wkb(shapely.points(lon[known], lat[known]), byte_order=1)
    work["geometry"] = points


def check(frame: pd.DataFrame, columns: tuple[Column, ...] = ESTABLISHMENTS) -> None:
    """Refuse a table that breaks its contract, naming the column and the first bad value.

    Raises
    ------
    DataError
        If a column is missing, a needed value is empty, a value is outside its list or its bounds,
        an id is there twice, or a point and its quality disagree.
    """
    absent = [column.name for column in columns if column.name not in frame.columns]
    if absent:
        raise _missing_columns(absent, frame)
    for column in columns:
        _check_column(frame[column.name], column)
    if columns is ESTABLISHMENTS:
        _check_rows(frame)


def check_needs(needs: pd.DataFrame, establishments: pd.DataFrame) -> None:
    """Refuse stated needs that break their contract or name an establishment that is not there.

    Raises
    ------
    DataError
        As :func:`check`; and for an unknown establishment.
    """
    check(needs, NEEDS)
    stray = sorted(set(needs["establishment_id"]) - set(establishments["establishment_id"]))
    if stray:
        raise DataError(
            vi=f"Bảng nhu cầu nguyên liệu có nhu cầu của {len(stray)} cơ sở không có trong bảng cơ sở "
            f"(ví dụ “{stray[0]}”); hãy thêm cơ sở đó hoặc bỏ dòng nhu cầu.",
            en=f"The table of material needs names {len(stray)} establishments that are not in the "
            f'table of establishments (such as "{stray[0]}"); add the establishment or drop the row.',
        )


def _missing_columns(names: list[str], frame: pd.DataFrame) -> DataError:
    """Say which columns are missing and which came."""
    came = ", ".join(map(str, frame.columns))
    return DataError(
        vi=f"Bảng thiếu cột {', '.join(names)}; các cột nhận được: {came}. Hãy bổ sung cột còn thiếu.",
        en=f"The table lacks the columns {', '.join(names)}; it came with: {came}. Add what is missing.",
    )


def _bad(column: str, count: int, first: object, rule_vi: str, rule_en: str) -> DataError:
    """Say which rule a column breaks, how often and with which first value."""
    return DataError(
        vi=f"Cột “{column}” {rule_vi}, nhưng {count} dòng không đúng (giá trị đầu tiên: “{first}”); "
        "hãy sửa các dòng này.",
        en=f'Column "{column}" {rule_en}, but {count} rows do not (first value: "{first}"); '
        "repair these rows.",
    )


def _check_column(values: pd.Series, column: Column) -> None:
    """Check emptiness, list of values and bounds of one column."""
    empty = values.isna() | (values.astype("str") == "" if column.kind == "text" else False)
    if column.required and empty.any():
        raise _bad(column.name, int(empty.sum()), "", "không được để trống", "must not be empty")
    known = values[~empty]
    if column.values is not None:
        wrong = known[~known.isin(column.values)]
        if len(wrong):
            allowed = ", ".join(column.values)
            raise _bad(
                column.name, len(wrong), wrong.iloc[0], f"phải là một trong: {allowed}",
                f"must be one of: {allowed}",
            )  # fmt: skip
    if column.kind not in ("int", "float"):
        return
    numbers = pd.to_numeric(known, errors="coerce").astype(float)
    low = -np.inf if column.low is None else column.low
    high = np.inf if column.high is None else column.high
    fine = np.isfinite(numbers) & (numbers >= low) & (numbers <= high)
    if column.kind == "int":
        fine &= numbers % 1 == 0
    if not fine.all():
        whole = column.kind == "int"
        low_vi, high_vi = _limit(column.low, "vi"), _limit(column.high, "vi")
        low_en, high_en = _limit(column.low, "en"), _limit(column.high, "en")
        limits_vi = f"từ {low_vi} đến {high_vi}" if high_vi else f"từ {low_vi} trở lên"
        limits_en = f"from {low_en} to {high_en}" if high_en else f"of {low_en} or more"
        raise _bad(
            column.name,
            int((~fine).sum()),
            known[~fine].iloc[0],
            f"phải là số {'nguyên ' if whole else ''}{limits_vi}",
            f"must be a {'whole ' if whole else ''}number {limits_en}",
        )


def _limit(value: float | None, lang: str) -> str:
    """Write a bound; years and degrees without a thousands separator."""
    if value is None:
        return ""
    return f"{value:g}" if abs(value) < 10_000 else number(value, lang=lang)


def _check_rows(frame: pd.DataFrame) -> None:
    """Check what holds between the columns of the establishments."""
    twice = frame.loc[frame["establishment_id"].duplicated(), "establishment_id"]
    if len(twice):
        raise _bad("establishment_id", len(twice), twice.iloc[0], "phải là duy nhất", "must be unique")
    code = frame["sector_code"].dropna().astype("str")
    odd = code[~code.str.fullmatch(r"\d{2}|\d{4}")]
    if len(odd):
        raise _bad("sector_code", len(odd), odd.iloc[0], "phải gồm 2 hoặc 4 chữ số", "must be 2 or 4 digits")
    for vintage in admin.VINTAGES:
        column = f"province_code_{vintage}"
        stray = frame.loc[frame[column].notna() & ~frame[column].isin(admin.provinces(vintage).index), column]
        if len(stray):
            raise _bad(
                column, len(stray), stray.iloc[0], f"phải là mã tỉnh của bộ {vintage}",
                f"must be a province code of vintage {vintage}",
            )  # fmt: skip
    located = frame["lat"].notna() & frame["lon"].notna()
    disagree = frame.loc[located != (frame["location_quality"] != "province"), "location_quality"]
    if len(disagree):
        raise _bad(
            "location_quality", len(disagree), disagree.iloc[0],
            "phải là “province” khi và chỉ khi không có tọa độ",
            'must be "province" exactly when there are no coordinates',
        )  # fmt: skip
