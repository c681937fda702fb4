"""Of which set of provinces the names of a file are: read where it gives itself away, else asked, never guessed."""

from __future__ import annotations

from functools import lru_cache

from geo.errors import DataError, PlaceError
from geo.intake.addresses import Names
from geo.intake.model import KEPT
from geo.places import admin, locate, names
from geo.places.spelling import merged_into


def decide(combos: list[Names], asked: str | None) -> list[str | None]:
    """Return the vintage of every combination (None: it cannot be told and must come back).

    Parameters
    ----------
    combos : list of Names
    asked : str, optional
        ``2025``, ``pre2025``, ``each``, or None to read it from the file.

    Raises
    ------
    DataError
        If the file does not say its vintage, or says both, and nothing was asked.
    """
    evidence = [combo.vintage or _evidence(combo) for combo in combos]
    if asked in admin.VINTAGES:
        return [combo.vintage or asked for combo in combos]
    unsure = [combo for combo, found in zip(combos, evidence, strict=True) if found == "unsure"]
    seen = {found for found in evidence if found in admin.VINTAGES}
    if asked is None and unsure and len(seen) != 1:
        raise _ask(unsure, mixed=len(seen) == 2)
    usual = seen.pop() if len(seen) == 1 and asked is None else None
    return [(usual if found == "unsure" else found or usual or admin.DEFAULT_VINTAGE) for found in evidence]


@lru_cache(maxsize=KEPT)
def _evidence(combo: Names) -> str:
    """Return the vintage a combination gives away, ``unsure`` when it could be both, empty when it matters not."""
    if combo.commune_code and not combo.stated:
        held = [v for v in admin.VINTAGES if combo.commune_code.zfill(5) in locate.communes(v).index]
        return held[0] if len(held) == 1 else "unsure" if held else ""
    if not combo.stated:
        return ""
    if combo.stated.isdigit():
        held = [v for v in admin.VINTAGES if combo.stated.zfill(2) in admin.provinces(v).index]
        if len(held) != 2:
            return held[0] if held else ""
        same = old_code(combo.stated.zfill(2)) == combo.stated.zfill(2)
        return _evidence_of_communes(combo, "" if same and not combo.commune else "unsure")
    match = resolved(combo.stated, None)
    if isinstance(match, PlaceError):
        both = in_vintage(combo.stated, "pre2025") and in_vintage(combo.stated, "2025")
        return _evidence_of_communes(combo, "unsure") if both else ""
    if match.vintage == "pre2025" or old_code(match.province_code) != match.province_code:
        return match.vintage
    return _evidence_of_communes(combo, "unsure" if combo.commune else "")


def old_code(code: str) -> str:
    """Return the old code of a province of 2025 that was made of one province only, else an empty text."""
    parts = [old for old, new in merged_into().items() if new == code]
    return parts[0] if len(parts) == 1 else ""


def _evidence_of_communes(combo: Names, otherwise: str) -> str:
    """Return the vintage in which the district or the commune exists, ``otherwise`` when that tells nothing."""
    if combo.district:
        return "pre2025"
    if not combo.commune:
        return otherwise
    old, new = in_vintage(combo.stated, "pre2025"), in_vintage(combo.stated, "2025")
    before = bool(old and locate.find_commune(old, combo.commune))
    after = bool(new and locate.find_commune(new, combo.commune, "", "2025"))
    return otherwise if before == after else "pre2025" if before else "2025"


@lru_cache(maxsize=KEPT)
def resolved(text: str, vintage: str | None) -> names.Match | PlaceError:
    """Return what :func:`geo.places.names.resolve` says of a text, its refusal too; each text once."""
    try:
        return names.resolve(text, vintage)
    except PlaceError as error:
        return error


def in_vintage(text: str, vintage: str) -> str:
    """Return the code of a province in a vintage, an empty text when it is not known there."""
    match = resolved(text, vintage)
    return "" if isinstance(match, PlaceError) else match.province_code


def _ask(unsure: list[Names], *, mixed: bool) -> DataError:
    """Ask which set of provinces the names are of."""
    shown = list(
        dict.fromkeys(", ".join(filter(None, (c.commune, c.stated or c.commune_code))) for c in unsure)
    )[:5]
    listed = "; ".join(f"“{text}”" for text in shown)
    if mixed:
        return DataError(
            vi=f"Tệp có cả tên tỉnh cũ lẫn tên tỉnh mới, và có tên thuộc cả hai bộ ({listed}). Hãy chọn bộ đơn vị hành "
            "chính (--vintage): “pre2025” (63 tỉnh), “2025” (34 tỉnh), hoặc “each” (xét từng dòng; dòng không rõ được "
            "trả lại).",
            en=f"The file has old and new provinces, and names that are of both ({listed}). Choose the vintage "
            '(--vintage): "pre2025" (63 provinces), "2025" (34 provinces) or "each" (row by row; unclear rows come back).',
        )
    return DataError(
        vi=f"Chưa rõ địa danh trong tệp theo 63 tỉnh cũ hay 34 tỉnh mới ({listed}). Hãy chọn bộ đơn vị hành chính "
        "(--vintage): “pre2025” (63 tỉnh, trước 01/7/2025) hoặc “2025” (34 tỉnh).",
        en=f"The places in the file could be of the 63 old or the 34 new provinces ({listed}). Choose the vintage "
        '(--vintage): "pre2025" (63 provinces, before 1 July 2025) or "2025" (34 provinces).',
    )


def is_name_of(text: str, vintage: str) -> bool:
    """Tell whether a text names a province that is itself of the vintage, not one merged into it."""
    match = resolved(text, vintage)
    return not isinstance(match, PlaceError) and match.how != "merged"
