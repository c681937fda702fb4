"""From the names, codes and addresses of a row to province and commune, each distinct combination once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pandas as pd

from geo.errors import PlaceError
from geo.intake.addresses import Names, completed
from geo.intake.vintages import in_vintage, old_code, resolved
from geo.places import admin, locate
from geo.places.spelling import key, merged_into

_TYPE = re.compile(r"^(huyen|quan|thi xa|thanh pho|tp|tx|h|q) ")
PARTS = ("province", "province_code", "district", "commune", "commune_code", "address", "vintage")
OUT = ("vintage", "province_code", "province_code_2025", "province_code_pre2025", "commune_code_2025",
       "commune_code_pre2025", "lat", "lon")  # fmt: skip


@dataclass
class Place:
    """What one combination of names means; ``fault`` is (field, code, vi, en, proposal)."""

    vintage: str = ""
    province_code: str | None = None
    province_code_2025: str | None = None
    province_code_pre2025: str | None = None
    commune_code_2025: str | None = None
    commune_code_pre2025: str | None = None
    lat: float | None = None
    lon: float | None = None
    fault: tuple[str, str, str, str, str] | None = None
    warnings: list[tuple[str, str, str, str, str]] = field(default_factory=list)


def combinations(parts: pd.DataFrame) -> tuple[np.ndarray, list[Names]]:
    """Return for every row the number of its combination, and the combinations."""
    filled = parts.reindex(columns=list(PARTS)).astype(object)
    filled = filled.where(filled.notna(), "")
    # Beside a stated province and commune the address says nothing more, and is of almost every row its own.
    stated = ((filled["province"] != "") | (filled["province_code"] != "")) & (filled["commune"] != "")
    filled.loc[stated, "address"] = ""
    number = filled.groupby(list(PARTS), sort=False).ngroup().to_numpy()
    first = filled.drop_duplicates()
    return number, [completed(Names(*row)) for row in first.itertuples(index=False)]


def look_up(combo: Names, vintage: str | None) -> Place:
    """Return the province and the commune that a combination names in a vintage."""
    if vintage is None:
        return Place(fault=_unclear(combo))
    if combo.commune_code:
        return _of_code(combo, vintage)
    if not combo.stated:
        return Place(vintage=vintage)
    match = resolved(combo.stated, vintage)
    if not isinstance(match, PlaceError) and match.how == "merged":  # an old name in a new list says more
        vintage, match = "pre2025", resolved(combo.stated, "pre2025")
    if isinstance(match, PlaceError):
        near = match.candidates[0] if match.candidates else ""
        name = "province" if combo.province else "province_code"
        return Place(vintage=vintage, fault=(name, "province-unknown", match.vi, match.en, near))
    code = match.province_code
    sibling = _home_of_district(code, combo.district) if vintage == "pre2025" and combo.district else ""
    place = _of_province(sibling or code, vintage)
    if sibling:
        place.warnings.append(_moved(combo, sibling))
    if match.how == "typo":
        place.warnings.append(("province", "province-spelling", match.note, match.note_en, match.name_vi))
    if combo.read_freely:
        read = ", ".join(filter(None, (combo.commune, combo.district, combo.province)))
        place.warnings.append(
            (
                "address",
                "address-read",
                f"Địa chỉ được hiểu là: {read}.",
                f"The address is read as: {read}.",
                read,
            )
        )
    if combo.commune:
        _add_commune(place, combo)
    return place


@cache
def _districts() -> dict[str, set[str]]:
    """Return compact name of a former district, with and without its type → provinces that had one so called."""
    found: dict[str, set[str]] = {}
    table = locate.communes("pre2025")[["province_code", "district_vi"]].drop_duplicates()
    for province, name in table.itertuples(index=False):
        words = key(name)
        for form in (words, _TYPE.sub("", words)):
            found.setdefault(form.replace(" ", ""), set()).add(str(province))
    return found


def _home_of_district(province: str, district: str) -> str:
    """Return the former province a district was in, when the province named is only its new one."""
    words = key(district)
    homes = _districts().get(words.replace(" ", "")) or _districts().get(
        _TYPE.sub("", words).replace(" ", ""), set()
    )
    new = merged_into()[province]
    kin = sorted(home for home in homes if merged_into()[home] == new)
    return kin[0] if province not in homes and len(kin) == 1 else ""


def _moved(combo: Names, home: str) -> tuple[str, str, str, str, str]:
    """Say that a former district was written under its new province."""
    name = names_label(home, "pre2025")
    return (
        "district", "district-former", f"“{combo.district}” là huyện của {name} cũ, nay thuộc “{combo.stated}”.",
        f'"{combo.district}" was a district of the former {name}, now in "{combo.stated}".', name,
    )  # fmt: skip


def _of_province(code: str, vintage: str) -> Place:
    """Return a province with its code in the other vintage where that follows."""
    if vintage == "pre2025":
        return Place(vintage, code, merged_into()[code], code)
    return Place(vintage, code, code, old_code(code) or None)


def _unclear(combo: Names) -> tuple[str, str, str, str, str]:
    """Say that a row's own names do not tell the vintage."""
    return (
        "province", "vintage-unclear",
        f"“{combo.stated or combo.commune_code}” là tên của cả tỉnh cũ lẫn tỉnh mới: cần cột “Bộ đơn vị hành chính” ghi 2025 "
        "hoặc pre2025.",
        f'"{combo.stated or combo.commune_code}" names an old and a new province: a column "Vintage" with 2025 or pre2025 is '
        "needed.",
        "",
    )  # fmt: skip


def _of_code(combo: Names, vintage: str) -> Place:
    """Return the place of a commune code; a stated province must agree with it."""
    code = combo.commune_code.zfill(5)
    table = locate.communes(vintage)
    if code not in table.index:
        return Place(vintage=vintage, fault=(
            "commune_code", "commune-unknown",
            f"Mã xã “{combo.commune_code}” không có trong bộ {vintage}.",
            f'Commune code "{combo.commune_code}" is not in the vintage {vintage}.', "",
        ))  # fmt: skip
    home = str(table.loc[code, "province_code"])
    place = _of_province(home, vintage)
    if combo.stated and in_vintage(combo.stated, vintage) != home:
        label = names_label(home, vintage)
        place.fault = (
            "commune_code", "commune-province", f"Mã xã “{code}” thuộc {label}, không thuộc “{combo.stated}”.",
            f'Commune code "{code}" is in {label}, not in "{combo.stated}".', label,
        )  # fmt: skip
    return with_commune(place, code)


def names_label(code: str, vintage: str) -> str:
    """Return the name of a province."""
    return str(admin.provinces(vintage).loc[code, "name_vi"])


@cache
def _communes(vintage: str) -> dict[str, tuple[str, bool, float, float]]:
    """Return commune code → code of 2025, whether it was divided then, its point."""
    table = locate.communes(vintage)
    split = table["split"].fillna(False).astype(bool)
    columns = (
        table["code_2025"].astype("str"),
        split,
        table["lat"].astype(float),
        table["lon"].astype(float),
    )
    return {str(code): values for code, *values in zip(table.index, *columns, strict=True)}  # type: ignore[misc]


def with_commune(place: Place, code: str) -> Place:
    """Fill a place from the code of its commune."""
    new, divided, lat, lon = _communes(place.vintage)[code]
    if place.vintage == "2025":
        place.commune_code_2025 = code
    else:
        place.commune_code_pre2025 = code
        if not divided:  # of a divided commune it is not known which part
            place.commune_code_2025 = new
    if lat == lat:
        place.lat, place.lon = lat, lon
    return place


def _add_commune(place: Place, combo: Names) -> None:
    """Find the commune of a place; one that is not found is told, and the place stays with its province."""
    assert place.province_code is not None
    match = locate.find_commune(place.province_code, combo.commune, combo.district, place.vintage)
    if match is not None:
        with_commune(place, match.commune_code)
        if match.how == "typo":
            place.warnings.append((
                "commune", "commune-spelling", f"Hiểu “{combo.commune}” là {match.name_vi}.",
                f'"{combo.commune}" is taken as {match.name_vi}.', match.name_vi,
            ))  # fmt: skip
        return
    if place.vintage == "2025" and _add_old_commune(place, combo):
        return
    where = ", ".join(filter(None, (combo.district, combo.stated)))
    place.warnings.append((
        "commune", "commune-unknown",
        f"Không tìm thấy (hoặc có nhiều) xã “{combo.commune}” ở {where} trong bộ {place.vintage}: chỉ lấy theo tỉnh.",
        f'No commune (or more than one) "{combo.commune}" was found in {where} of vintage {place.vintage}: only the '
        "province is taken.", "",
    ))  # fmt: skip


def _add_old_commune(place: Place, combo: Names) -> bool:
    """Find a commune of before July 2025 written under its new province; tell whether there is just one."""
    found = [
        match
        for old, new in sorted(merged_into().items())
        if new == place.province_code and (match := locate.find_commune(old, combo.commune, combo.district))
    ]
    if len(found) != 1:
        return False
    match = found[0]
    place.commune_code_pre2025, place.province_code_pre2025 = match.commune_code, match.province_code
    place.commune_code_2025 = None if match.split else match.commune_code_2025
    place.lat, place.lon = match.lat, match.lon
    place.warnings.append((
        "commune", "commune-former", f"“{combo.commune}” là tên xã trước 01/7/2025 ({match.name_vi}).",
        f'"{combo.commune}" is the name of a commune before 1 July 2025 ({match.name_vi}).', "",
    ))  # fmt: skip
    return True


def clean_code(value: str | None) -> str | None:
    """Return a province code as two digits, other text as it is."""
    return value.zfill(2) if value and re.fullmatch(r"\d", value) else value
