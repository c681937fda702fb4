"""From an address in one cell to province, district and commune."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from geo.errors import PlaceError
from geo.intake.model import KEPT
from geo.places import names
from geo.places.spelling import bare, fold

_COUNTRY = {"viet nam", "vietnam", "vn"}
_DISTRICT = re.compile(r"^(huyen|quan|thi xa|thanh pho|h|q|tx|tp)[ .]", re.ASCII)
_COMMUNE = re.compile(r"^(xa|phuong|thi tran|dac khu|x|p|tt)[ .]", re.ASCII)
_LEVELS = r"(?=(?:tỉnh|thành phố|tp\.?|huyện|quận|thị xã|tx\.?|xã|phường|thị trấn|đặc khu)\s)"


@dataclass(frozen=True)
class Names:
    """The names of one row; an empty text where there is none.

    ``read_freely``: taken from running words, to be told to the user.
    """

    province: str = ""
    province_code: str = ""
    district: str = ""
    commune: str = ""
    commune_code: str = ""
    address: str = ""
    vintage: str = ""
    read_freely: bool = False

    @property
    def stated(self) -> str:
        """Return code and name of the province as :func:`geo.places.names.resolve` reads them."""
        return " - ".join(part for part in (self.province_code, self.province) if part)


def completed(combo: Names) -> Names:
    """Return the names of a row with what its address adds; stated names stay."""
    if not combo.address or (combo.stated and combo.commune):
        return combo
    province, district, commune = parts(combo.address, bool(combo.stated))
    freely = not province and not combo.stated
    if freely:
        province, district, commune = running_words(combo.address)
    return replace(
        combo,
        read_freely=freely and bool(province),
        province=combo.province if combo.stated else province,
        district=combo.district or district,
        commune=combo.commune or commune,
    )


@lru_cache(maxsize=KEPT)
def parts(address: str, province_known: bool = False) -> tuple[str, str, str]:
    """Return (province, district, commune) of an address, empty where it does not say.

    Examples
    --------
    >>> parts("Thôn 3, xã Tân Cương, TP. Thái Nguyên, tỉnh Thái Nguyên")
    ('tỉnh Thái Nguyên', 'TP. Thái Nguyên', 'xã Tân Cương')
    """
    pieces = [piece.strip(" .-–") for piece in re.split(r"[,;]|\s[-–]\s", address)]
    pieces = [piece for piece in pieces if piece and fold(piece) not in _COUNTRY]
    if len(pieces) == 1:
        pieces = [piece.strip() for piece in re.split(_LEVELS, address, flags=re.IGNORECASE) if piece.strip()]
    province = ""
    if pieces and _names_province(pieces[-1]) and not (province_known and len(pieces) < 2):
        province = pieces.pop()
    district = ""
    if pieces and _DISTRICT.match(fold(pieces[-1])):
        district = pieces.pop()
    commune = next((piece for piece in reversed(pieces) if _COMMUNE.match(fold(piece))), "")
    if not commune and not district and len(pieces) >= 2 and province:
        commune, district = pieces[-2], pieces[-1]
    elif not commune and district and pieces:
        commune = pieces[-1]
    return province, district, commune


@lru_cache(maxsize=KEPT)
def running_words(address: str) -> tuple[str, str, str]:
    """Return (province, district, commune) of an address without commas, by the parser of vietnamadminunits.

    Its look-up of old addresses works on shipped tables alone; of those since July 2025 only the commune is
    taken, where the address itself names the province.
    """
    from vietnamadminunits import parse_address  # slow to load, and few files need it

    found = parse_address(address, mode="LEGACY", level=3)
    if found is None or not found.province:
        return "", "", ""
    if found.district or found.ward:
        return found.province, found.district or "", found.ward or ""
    now = parse_address(address, mode="FROM_2025", level=2)
    return found.province, "", (now.ward or "") if now is not None else ""


def _names_province(text: str) -> bool:
    """Tell whether a piece of an address names a province, alone or not to be told from its city."""
    if not bare(text):
        return False
    try:
        names.resolve(text, "pre2025")
    except PlaceError:
        return False
    return True
