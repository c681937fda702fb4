"""Templates: what they ask for is what an import reads; their examples and lists are never data."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from geo.intake import check, mapping, read, template, template_words, values
from geo.intake.fields import fields
from geo.intake.model import KINDS, Options, Table


def _read(tmp_path: Path, kind: str, lang: str = "vi") -> list[Table]:
    path = tmp_path / "mau.xlsx"
    path.write_bytes(template.workbook(kind, lang))
    return read.tables(path)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_column_of_a_template_is_understood(tmp_path: Path, kind: str, lang: str) -> None:
    data, example = _read(tmp_path, kind, lang)
    assert [data.sheet, example.sheet] == list(template_words.SHEETS[lang][:2])
    assert data.header == example.header
    assert data.cells.empty
    held = mapping.guess(example, kind)
    assert not held.ignored
    assert tuple(sorted(held.columns)) == tuple(sorted(template.COLUMNS[kind]))
    assert min(held.confidence.values()) == 1.0


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_example_goes_in_without_a_fault(tmp_path: Path, lang: str) -> None:
    example = _read(tmp_path, "establishments", lang)[1]
    done = check.run(example, mapping.guess(example, "establishments"), Options())
    assert done.counts["accepted"] == done.counts["rows_in"] == 3
    assert done.faults.empty
    assert sorted(done.accepted["location_quality"]) == ["commune", "commune", "point"]
    assert sorted(done.accepted["sector_code"]) == ["1076", "1077", "2393"]
    held = done.result["needs"].set_index("material_code")[["need_tonnes", "origin_province_code"]]
    assert held.loc["tea_fresh_leaf"].tolist() == [120.0, "25"]


def test_the_example_of_materials_goes_in(tmp_path: Path) -> None:
    example = _read(tmp_path, "materials")[1]
    done = check.run(example, mapping.guess(example, "materials"), Options())
    assert done.counts["accepted"] == 2
    assert done.faults.empty


def test_an_empty_template_never_brings_its_example_in(tmp_path: Path) -> None:
    tables = _read(tmp_path, "establishments")
    assert template.fullest(tables).sheet == "Nhập liệu"


def test_of_other_files_the_fullest_sheet_is_taken() -> None:
    def table(sheet: str, rows: int) -> Table:
        return Table("f.xlsx", sheet, "", ("a",), pd.DataFrame({0: range(rows)}), pd.DataFrame())

    assert template.fullest([table("A", 2), table("B", 5), table("Ví dụ", 9)]).sheet == "Ví dụ"
    assert template.fullest([table("Nhập liệu", 1), table("Ví dụ", 9)]).sheet == "Nhập liệu"


@pytest.mark.parametrize("place", [0, 1], ids=["vi", "en"])
def test_every_word_of_a_list_is_read_as_its_value(place: int) -> None:
    known = {field.name: field for field in fields("establishments")}
    for name, words in template_words.CHOICES.items():
        field = known[name]
        texts = pd.Series([word[place] for word in words])
        read_as = (
            values.yes(texts)
            if field.type == "yes"
            else values.flags(texts, field)
            if field.type == "flags"
            else values.choices(texts, field)
        )
        assert [str(value) for value in read_as] == [word[2] for word in words], name
        if field.values:
            assert {stored for _, stored in field.values} == {word[2] for word in words}, name
