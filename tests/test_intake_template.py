"""Templates: what they ask for is what an import reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.intake import check, mapping, read, template
from geo.intake.model import KINDS, Options


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_column_of_a_template_is_understood(tmp_path: Path, kind: str, lang: str) -> None:
    path = tmp_path / "mau.xlsx"
    path.write_bytes(template.workbook(kind, lang))
    example = read.tables(path)[1]
    held = mapping.guess(example, kind)
    assert not held.ignored
    assert tuple(sorted(held.columns)) == tuple(sorted(template.COLUMNS[kind]))
    assert min(held.confidence.values()) == 1.0


def test_the_example_goes_in(tmp_path: Path) -> None:
    path = tmp_path / "mau.xlsx"
    path.write_bytes(template.workbook("establishments"))
    example = read.tables(path)[1]
    done = check.run(example, mapping.guess(example, "establishments"), Options())
    assert done.counts["accepted"] == 1
    assert done.faults.empty
    assert done.accepted["location_quality"].tolist() == ["commune"]
    assert done.result["needs"][
        ["material_code", "need_tonnes", "origin_province_code"]
    ].to_numpy().tolist() == [["tea_fresh_leaf", 120.0, "25"]]
