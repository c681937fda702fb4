"""Cautions about who may be supported: shown beside an opportunity, never a silent filter.

Only rules that were read in the text of the law, or follow from such, carry a legal basis; anything
else is advice and says so.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

from geo.linkage.model import Caution, Finding, Text
from geo.numbers import number
from geo.places import admin

PLACE_BASIS = "Nghị định 235/2025/NĐ-CP"
#: What the decree says of a city under the central government.
CITY_RULE = Text(
    "cơ sở ở xã, đặc khu thuộc đối tượng hỗ trợ; cơ sở ở phường thì không, trừ khi nằm trong làng nghề được "
    "công nhận.",
    "establishments in a commune or special zone may be supported; those in a ward may not, unless in a "
    "recognised craft village.",
)
SECTOR_BASIS = "Nghị định 45/2012/NĐ-CP, Điều 5"
#: Road km beyond which a material that does not keep is better worked up first; an assumption.
FRESH_KM = 150.0
#: VSIC divisions that the eligible sectors of Decree 45/2012 Art. 5 suggest (derived, not in the text).
SUGGESTED_DIVISIONS = frozenset(
    ("10", "11", "13", "14", "15", "16", "17", "20", "21", "23", "24", "25", "26", "27", "28", "31", "32")
)
#: Divisions of which only a part is suggested: of pharmaceuticals, what processes medicinal plants.
PARTLY = frozenset(("21",))
_PARTLY = Caution(
    code="sector_partly",
    vi="Ngành cấp 2 mã 21 chỉ được gợi ý một phần (chế biến dược liệu từ nông, lâm sản); cần đối chiếu từng sản "
    "phẩm với văn bản.",
    en="Only a part of VSIC division 21 is suggested (processing of medicinal plants); check each product against "
    "the text.",
    legal_basis=SECTOR_BASIS,
    status="derived",
)
_FAR = Caution(
    code="perishable_far",
    vi="Nguyên liệu tươi, mau hỏng mà quãng đường dài hơn 150 km (giả định): nên sơ chế tại nơi trồng "
    "rồi mới chở.",
    en="The material does not keep and the way is longer than 150 km (an assumption): work it up first "
    "where it "
    "grows.",
    legal_basis="",
    status="advice",
)


#: Province and sector.
Cell = tuple[str, str]
#: What is said when nothing is known of the establishments.
NOBODY: Mapping[Cell, Mapping[str, int]] = {}


def cautions(
    finding: Finding,
    vintage: str,
    cells: Sequence[Cell],
    large: int,
    people: Mapping[Cell, Mapping[str, int]] = NOBODY,
) -> tuple[Caution, ...]:
    """Return the cautions of one finding.

    Parameters
    ----------
    finding : Finding
        Its provinces are looked at.
    vintage : str
        Vintage of their codes; the law asks for the province of today.
    cells : sequence of (province, sector)
        Where the establishments that gain are counted: VSIC divisions or classes.
    large : int
        How many of them have 200 employees or more.
    people : mapping, optional
        Province and sector -> the counts of ``beneficiaries.counts``.
    """
    found = [_city(code, vintage) for code in sorted(finding.codes)]
    found = [
        _counted(city, code, cells, people) for city, code in zip(found, sorted(finding.codes), strict=True)
    ]
    divisions = {sector[:2] for _, sector in cells}
    outside = sorted(divisions - SUGGESTED_DIVISIONS)
    found.append(_sector(outside) if outside else None)
    found.append(_PARTLY if divisions & PARTLY else None)
    found.append(_large(large) if large > 0 else None)
    found.append(_priority(_codes(cells), *(_sum(cells, people, name) for name in ("women", "minority"))))
    found.append(_FAR if finding.measures.get("perishable") and finding.distance_km > FRESH_KM else None)
    return tuple(dict.fromkeys(caution for caution in found if caution is not None))


def _sum(cells: Iterable[Cell], people: Mapping[Cell, Mapping[str, int]], name: str) -> int:
    """Add up a count over provinces and sectors."""
    return sum(people[cell][name] for cell in cells if cell in people)


def _codes(cells: Iterable[Cell]) -> str:
    """Return the sectors of some cells in one line."""
    return ", ".join(sorted({sector for _, sector in cells}))


def _counted(
    city: Caution | None, code: str, cells: Sequence[Cell], people: Mapping[Cell, Mapping[str, int]]
) -> Caution | None:
    """Add to the caution about a city how many establishments of the linkage stand in its wards."""
    if city is None:
        return None
    here = [cell for cell in cells if cell[0] == code]
    known, outside = (_sum(here, people, name) for name in ("commune_known", "outside"))
    if known == 0:
        return city
    return dataclasses.replace(
        city,
        vi=f"{city.vi} Trong dữ liệu, {number(outside, 0, 'vi')} trên {number(known, 0, 'vi')} cơ sở đã biết xã, "
        f"phường của ngành mã {_codes(here)} ở đó đứng ở phường, ngoài làng nghề.",
        en=f"{city.en} In the data, {number(outside, 0, 'en')} of {number(known, 0, 'en')} establishments of VSIC "
        f"{_codes(here)} whose commune is known stand there in a ward outside craft villages.",
    )


@cache
def _city(code: str, vintage: str) -> Caution | None:
    """Warn when a province is, or is now part of, a city under the central government."""
    today = code
    if vintage != "2025":
        walk = admin.crosswalk().set_index("pre2025_code")["code_2025"]
        today = str(walk[code])
    row = admin.provinces("2025").loc[today]
    if row["province_type"] != "thành phố":
        return None
    since = _since(str(row["type_changed_on"]))
    return Caution(
        code=f"city_ward_{today}",
        vi=f"Thành phố {row['name_vi']} là thành phố trực thuộc trung ương{since.vi}: {CITY_RULE.vi}",
        en=f"{row['name_en']} is a centrally-run city{since.en}: {CITY_RULE.en}",
        legal_basis=PLACE_BASIS,
        status="derived",
    )


def _since(changed_on: str) -> Text:
    """Say since when, where the type changed after July 2025."""
    if not changed_on:
        return Text("", "")
    year, month, day = changed_on.split("-")
    return Text(f" (từ {int(day)}/{int(month)}/{year})", f" (since {changed_on})")


def _sector(outside: list[str]) -> Caution:
    """Warn about divisions outside the suggested list."""
    codes = ", ".join(outside)
    return Caution(
        code="sector_outside",
        vi=f"Ngành cấp 2 mã {codes} không nằm trong các ngành gợi ý theo danh mục được hỗ trợ; cần đối "
        "chiếu từng "
        "sản phẩm với văn bản.",
        en=f"VSIC division {codes} is not among those suggested by the list of supported sectors; check each "
        "product against the text.",
        legal_basis=SECTOR_BASIS,
        status="derived",
    )


def _large(count: int) -> Caution:
    """Advise to check establishments of 200 employees and more."""
    return Caution(
        code="large_establishments",
        vi=f"{number(count, 0, 'vi')} cơ sở có từ 200 lao động trở lên; cần kiểm tra có thuộc diện doanh nghiệp nhỏ và "
        "vừa không "
        "trước khi đưa vào đề án.",
        en=f"{number(count, 0, 'en')} establishments have 200 employees or more; check that they count as small or medium "
        "enterprises before putting them into a scheme.",
        legal_basis="",
        status="advice",
    )


@lru_cache(maxsize=4096)
def _priority(codes: str, women: int, minority: int) -> Caution | None:
    """Point out owners who come first; that they do was not read in the text, so it is advice."""
    if women == 0 and minority == 0:
        return None
    return Caution(
        code="priority_owners",
        vi=f"Trong ngành mã {codes} ở các tỉnh được hưởng lợi có {number(women, 0, 'vi')} cơ sở do phụ nữ và {number(minority, 0, 'vi')} "
        "cơ sở do người dân tộc thiểu số làm chủ: nên ưu tiên đưa vào đề án.",
        en=f"In VSIC {codes} of the provinces that gain, {number(women, 0, 'en')} establishments are owned by women and "
        f"{number(minority, 0, 'en')} by people of ethnic minorities: let these come first in the scheme.",
        legal_basis="",
        status="advice",
    )
