"""The few words that the furniture of a map needs, in both languages."""

from __future__ import annotations

_WORDS = {
    "vi": {"north": "B", "demo": "DỮ LIỆU MINH HOẠ"},
    "en": {"north": "N", "demo": "DEMONSTRATION DATA"},
}


def words(lang: str) -> dict[str, str]:
    """Return the words of a language; anything but ``en`` is Vietnamese."""
    return _WORDS["en" if lang == "en" else "vi"]
