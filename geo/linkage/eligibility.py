"""Cautions about who may be supported: shown beside an opportunity, never a silent filter.

Only rules that were read in the text of the law, or follow from such, carry a legal basis; anything
else is advice and says so.
"""

from __future__ import annotations

from functools import cache

from geo.linkage.model import Caution, Finding, Text
from geo.places import admin

PLACE_BASIS = "Nghị định 235/2025/NĐ-CP"
SECTOR_BASIS = "Nghị định 45/2012/NĐ-CP, Điều 5"
#: Road km beyond which a material that does not keep is better worked up first; an assumption.
FRESH_KM = 150.0
#: VSIC divisions that the eligible sectors of Decree 45/2012 Art. 5 suggest (derived, not in the text).
SUGGESTED_DIVISIONS = frozenset(
    ("10", "11", "13", "14", "15", "16", "17", "20", "21", "23", "24", "25", "26", "27", "28", "31", "32")
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


def cautions(finding: Finding, vintage: str, divisions: frozenset[str], large: int) -> tuple[Caution, ...]:
    """Return the cautions of one finding.

    Parameters
    ----------
    finding : Finding
        Its provinces are looked at.
    vintage : str
        Vintage of their codes; the law asks for the province of today.
    divisions : frozenset of str
        VSIC divisions of the establishments that gain.
    large : int
        How many of them have 200 employees or more.
    """
    found = [city for code in sorted(finding.codes) if (city := _city(code, vintage)) is not None]
    outside = sorted(divisions - SUGGESTED_DIVISIONS)
    if outside:
        found.append(_sector(outside))
    if large > 0:
        found.append(_large(large))
    if finding.measures.get("perishable") and finding.distance_km > FRESH_KM:
        found.append(_FAR)
    return tuple(dict.fromkeys(found))


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
        vi=f"Thành phố {row['name_vi']} là thành phố trực thuộc trung ương{since.vi}: cơ sở ở xã, đặc "
        "khu thuộc "
        "đối tượng hỗ trợ; cơ sở ở phường thì không, trừ khi nằm trong làng nghề được công nhận.",
        en=f"{row['name_en']} is a centrally-run city{since.en}: establishments in a commune or "
        "special zone may "
        "be supported; those in a ward may not, unless in a recognised craft village.",
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
        vi=f"{count} cơ sở có từ 200 lao động trở lên; cần kiểm tra có thuộc diện doanh nghiệp nhỏ và "
        "vừa không "
        "trước khi đưa vào đề án.",
        en=f"{count} establishments have 200 employees or more; check that they count as small or medium "
        "enterprises before putting them into a scheme.",
        legal_basis="",
        status="advice",
    )
