"""Text catalogues: the same keys in both languages, all used, none missing; numbers in both forms."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from geo.numbers import number, short_number
from ui.text import Text, catalogue

ROOT = Path(__file__).resolve().parent.parent
#: Keys whose last part is made at run time, by their beginnings.
MADE = ("vintage.", "region_set.", "size.", "page.", "dataset.", "kept.", "kind.", "unit.", "status.", "column.",
        "clusters.tint_", "clusters.moran_", "clusters.star_", "materials.tint_", "what_if.kind_", "what_if.by_", "what_if.stage_", "linkages.view_", "matrix.", "data.about_", "overview.", "assumption.", "evidence.", "field.", "word.", "provinces.", "role.",
        "groups.component.", "groups.meaning.", "method.", "methods.family_", "methods.about_", "data.mode_", "support.", "data.how_to_read_",
        "import.kind_", "import.about_", "import.step_", "import.doing_", "import.template_file_", "import.start_", "import.upload_",
        "import.reason_", "import.unit_", "import.vintage_", "import.vsic_", "import.decimal_", "import.ask_", "import.level_", "import.see_",
        "review.field.", "review.question_", "review.show_", "review.view_", "review.bulk_",
        "versions.kind_", "versions.tab_", "versions.column_", "versions.support_", "versions.vintage_",
        "quality.column_", "quality.use_", "quality.tint_", "quality.unit_", "quality.part_")  # fmt: skip


def _used() -> set[str]:
    found: set[str] = set()
    for path in [*(ROOT / "ui").glob("*.py"), *(ROOT / "pages").glob("*.py")]:
        text = path.read_text(encoding="utf-8")
        found.update(re.findall(r"""\b(?:t|Text\(lang\))\(\s*["']([a-z0-9_.]+)["']""", text))
    return {key for key in found if not key.endswith((".", "_"))}


def test_both_languages_have_the_same_keys_and_placeholders() -> None:
    vi, en = catalogue("vi"), catalogue("en")
    assert vi.keys() == en.keys()
    for key in vi:
        fields = [
            {name for _, name, _, _ in string.Formatter().parse(text[key]) if name} for text in (vi, en)
        ]
        assert fields[0] == fields[1], key


def test_every_key_used_exists_and_every_key_is_used() -> None:
    used, known = _used(), set(catalogue("vi"))
    assert used <= known, used - known
    unused = {key for key in known - used if not key.startswith(MADE)}
    assert not unused, unused


def test_vietnamese_has_its_diacritics() -> None:
    plain = {key for key, text in catalogue("vi").items() if len(text) > 25 and text.isascii()}
    assert not plain


@pytest.mark.parametrize(
    ("value", "digits", "vi", "en"),
    [
        (1234.5, 1, "1.234,5", "1,234.5"),
        (-0.25, 2, "-0,25", "-0.25"),
        (1e6, 0, "1.000.000", "1,000,000"),
        (None, 0, "—", "—"),
    ],
)
def test_numbers_take_the_form_of_the_language(value: float | None, digits: int, vi: str, en: str) -> None:
    assert (number(value, digits, "vi"), number(value, digits, "en")) == (vi, en)


def test_short_numbers_keep_their_size() -> None:
    assert short_number(43_446_100, "vi") == "43,4 triệu"
    assert short_number(43_446_100, "en") == "43.4 million"
    assert short_number(512.4, "vi") == "512"
    assert short_number(float("nan"), "vi") == "—"


def test_names_follow_the_language() -> None:
    class Row:
        name_vi, name_en = "Cà phê", "Coffee"

    assert Text("vi").name(Row) == "Cà phê"
    assert Text("en").name(Row) == "Coffee"
