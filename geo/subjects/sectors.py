"""Sectors of rural industry: VSIC divisions (2 digits) and classes (4 digits), version 2018.

VSIC 2025 (in force 15 November 2025) keeps divisions 10–33; a few classes were split or moved, and
``code_2025`` holds the new code or codes. Codes are text.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from geo.errors import ParameterError
from geo.subjects.shipped import table

VSIC_VERSIONS = ("2018", "2025")


def _materials_by_sector() -> dict[str, list[str]]:
    """Raw materials a sector can use: those with a requirement first, then those of its VSIC link."""
    out: dict[str, list[str]] = {}
    for row in table("requirements.csv").itertuples():
        out.setdefault(str(row.sector_code), []).append(str(row.material_code))
    by_vsic: dict[str, list[str]] = {}
    for row in table("materials.csv").itertuples():
        for code in str(row.vsic_codes).split("|"):
            by_vsic.setdefault(code, []).append(str(row.material_code))
    for row in table("sectors.csv").itertuples():
        for code in str(row.raw_material_vsic).split("|"):
            if code:
                out.setdefault(str(row.sector_code), []).extend(by_vsic.get(code, []))
    return {sector: list(dict.fromkeys(codes)) for sector, codes in out.items()}


def sectors() -> pd.DataFrame:
    """Return divisions and classes, indexed by ``sector_code``, sorted.

    Returns
    -------
    DataFrame
        ``level`` (``division`` / ``class``), ``division_code``, ``code_2025`` (``|`` between several),
        ``name_vi``, ``name_en``, ``raw_material_vsic`` (a suggestion, ``|`` between several),
        ``materials`` (tuple of material codes the sector may use, those with a requirement first).
    """
    return _sectors().copy()


@cache
def _sectors() -> pd.DataFrame:
    """Build the table of sectors once; it is shipped and does not change."""
    frame = table("sectors.csv").set_index("sector_code").sort_index()
    used = _materials_by_sector()
    frame["materials"] = [tuple(used.get(str(code), ())) for code in frame.index]
    return frame


def label(code: str, lang: str = "vi") -> str:
    """Return ``"1077 Sản xuất cà phê"``: the code with its name in ``lang`` (``vi`` or ``en``).

    Raises
    ------
    ParameterError
        If the code is not a division or class of the table.
    """
    frame = table("sectors.csv").set_index("sector_code")
    if code not in frame.index:
        raise ParameterError(
            vi=f"Mã ngành phải là một ngành cấp 2 hoặc cấp 4 của VSIC 2018 trong danh mục (ví dụ 10, 1077), "
            f"nhưng nhận được “{code}”; hãy chọn mã có trong danh mục ngành.",
            en=f"The sector must be a division or class of VSIC 2018 in the list (such as 10, 1077), "
            f'but "{code}" came; choose a code of the sector list.',
        )
    return f"{code} {frame['name_en' if lang == 'en' else 'name_vi'][code]}"


def to_2018(code: str) -> str | None:
    """Return the 2018 class of a VSIC 2025 code, or None when the table does not hold it.

    Examples
    --------
    >>> to_2018("3101")
    '3100'
    """
    for row in table("sectors.csv").itertuples():
        if code in str(row.code_2025).split("|"):
            return str(row.sector_code)
    return None
