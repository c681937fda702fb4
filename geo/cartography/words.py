"""The few words that the furniture of a map needs, in both languages."""

from __future__ import annotations

_WORDS = {
    "vi": {
        "north": "B",
        "demo": "DỮ LIỆU MINH HOẠ",
        "data": "Dữ liệu",
        "source": "Nguồn",
        "filters": "Bộ lọc",
    },
    "en": {
        "north": "N",
        "demo": "DEMONSTRATION DATA",
        "data": "Data",
        "source": "Source",
        "filters": "Filters",
    },
}


def words(lang: str) -> dict[str, str]:
    """Return the words of a language; anything but ``en`` is Vietnamese."""
    return _WORDS["en" if lang == "en" else "vi"]
