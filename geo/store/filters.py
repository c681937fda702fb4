"""What the user narrowed the establishments to: one hashable value that every query takes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

import narwhals as nw

from geo.errors import ParameterError
from geo.places import admin
from geo.subjects import materials, sectors
from geo.subjects.establishments import SIZE_BANDS

FIRST_YEAR, LAST_YEAR = 1990, 2100
#: The narrowing filters, in the order in which :func:`steps` applies and counts them.
NAMES = ("places", "sectors", "materials", "years", "sizes")


@dataclasses.dataclass(frozen=True)
class Filters:
    """The filters in force; every empty tuple means "all".

    Parameters
    ----------
    vintage : str
        Set of provinces that codes and group-bys are in: ``2025`` or ``pre2025``.
    region_set : str or None
        Region set of that vintage; ``None`` is the default of the vintage.
    regions, provinces : tuple of str
        Codes; regions narrow provinces.
    sectors : tuple of str
        VSIC divisions (2 digits) and classes (4 digits), joined by "or".
    materials : tuple of str
        Main raw material of the establishment.
    years : tuple of int
        Years of record.
    sizes : tuple of str
        Size bands, ``unknown`` among them.
    """

    vintage: str = admin.DEFAULT_VINTAGE
    region_set: str | None = None
    regions: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    sizes: tuple[str, ...] = ()

    def normalised(self) -> Filters:
        """Return the same filters checked, sorted, without repeats and with the region set named.

        Raises
        ------
        ParameterError
            If a value is unknown; the sentence names it.
        """
        admin.check_vintage(self.vintage)
        region_set = self.region_set or admin.default_region_set(self.vintage)
        known_sets = admin.region_sets(self.vintage)
        _refuse_unknown([region_set], known_sets, "bộ vùng", "region set")
        lists: tuple[tuple[str, Callable[[], Iterable[str]], str, str], ...] = (
            ("regions", lambda: admin.regions(region_set).index, "vùng", "region"),
            ("provinces", lambda: admin.provinces(self.vintage).index, "tỉnh", "province"),
            ("sectors", _known_sectors, "ngành (VSIC)", "sector (VSIC)"),
            ("materials", _known_materials, "nguyên liệu", "raw material"),
            ("sizes", lambda: SIZE_BANDS, "quy mô", "size band"),
        )
        checked: dict[str, Any] = {
            field: _codes(getattr(self, field), known, noun_vi, noun_en)
            for field, known, noun_vi, noun_en in lists
        }
        return dataclasses.replace(self, region_set=region_set, years=_years(self.years), **checked)

    def province_codes(self) -> tuple[str, ...] | None:
        """Return the provinces kept, sorted, or ``None`` when all are; empty when none can match."""
        if not self.regions and not self.provinces:
            return None
        region_of = admin.province_regions(self.region_set or admin.default_region_set(self.vintage))
        inside = region_of.index if not self.regions else region_of.index[region_of.isin(self.regions)]
        kept = set(inside) if not self.provinces else set(inside) & set(self.provinces)
        return tuple(sorted(kept))

    def without(self, *names: str) -> Filters:
        """Return a copy with the named filters (fields) back to "all".

        A location quotient of one sector, for example, still needs all the others.
        """
        cleared: dict[str, Any] = dict.fromkeys(names, ())
        return dataclasses.replace(self, **cleared)

    def steps(self) -> Mapping[str, nw.Expr]:
        """Return the conditions in force, by name, in the order of :data:`NAMES`."""
        out: dict[str, nw.Expr] = {}
        codes = self.province_codes()
        if codes is not None:
            out["places"] = nw.col(self.province_column).is_in(codes or ("",))
        if self.sectors:
            out["sectors"] = nw.col("division_code").is_in(self.sectors) | nw.col("sector_code").is_in(
                self.sectors
            )
        for name, column in (("materials", "material_code"), ("years", "year"), ("sizes", "size_band")):
            values = getattr(self, name)
            if values:
                out[name] = nw.col(column).is_in(values)
        return out

    @property
    def province_column(self) -> str:
        """Column of the establishments table that holds the province in this vintage."""
        return f"province_code_{self.vintage}"


def apply(frame: nw.LazyFrame, filters: Filters) -> nw.LazyFrame:
    """Keep the establishments that stand in a province of the vintage and pass every filter."""
    conditions = [~nw.col(filters.province_column).is_null(), *filters.steps().values()]
    return frame.filter(*conditions)


@cache
def _known_sectors() -> tuple[str, ...]:
    """Sector codes of the shipped table; looked up once."""
    return tuple(sectors.sectors().index)


@cache
def _known_materials() -> tuple[str, ...]:
    """Material codes of the shipped table; looked up once."""
    return tuple(materials.catalogue().index)


def _codes(
    values: Iterable[str], known: Callable[[], Iterable[str]], noun_vi: str, noun_en: str
) -> tuple[str, ...]:
    """Sort codes and refuse the unknown; the known are looked up only when there is something to check."""
    chosen = _as_list(values, str, noun_vi, noun_en)
    if chosen:
        _refuse_unknown(chosen, known(), noun_vi, noun_en)
    return tuple(chosen)


def _years(values: Iterable[int]) -> tuple[int, ...]:
    """Sort years and refuse those outside the range of records."""
    chosen = _as_list(values, int, "năm", "year")
    for year in chosen:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ParameterError(
                vi=f"Năm phải từ {FIRST_YEAR} đến {LAST_YEAR}, nhưng nhận được {year}; hãy sửa lại năm.",
                en=f"A year must be from {FIRST_YEAR} to {LAST_YEAR}, but {year} came; repair the year.",
            )
    return tuple(chosen)


def _as_list(values: Iterable, kind: Callable, noun_vi: str, noun_en: str) -> list:
    """Turn the values into sorted ones of one kind; a bare text or number is refused, not taken apart."""
    try:
        if isinstance(values, str | bytes):
            raise TypeError
        if kind is str and not all(isinstance(value, str) for value in values):
            raise TypeError
        return sorted({kind(value) for value in values})
    except (TypeError, ValueError):
        raise ParameterError(
            vi=f"Bộ lọc {noun_vi} cần một danh sách mã, nhưng nhận được “{values}”; "
            "hãy đưa vào một danh sách, kể cả khi chỉ có một mã.",
            en=f'The {noun_en} filter needs a list of codes, but "{values}" came; '
            "give a list, even for a single code.",
        ) from None


def _refuse_unknown(values: Iterable[str], known: Iterable[str], noun_vi: str, noun_en: str) -> None:
    """Refuse values that are not known, naming them and some that are."""
    known = list(known)
    wrong = [value for value in values if value not in set(known)]
    if wrong:
        some = ", ".join(known[:8]) + ("…" if len(known) > 8 else "")
        raise ParameterError(
            vi=f"Không có {noun_vi} “{', '.join(wrong[:5])}”; mã hợp lệ là: {some} "
            "Hãy bỏ giá trị này khỏi bộ lọc hoặc chọn lại.",
            en=f'There is no {noun_en} "{", ".join(wrong[:5])}"; valid codes are: {some} '
            "Take this value out of the filter or choose again.",
        )
