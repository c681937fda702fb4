"""The command ``opportunities``: kinds, weights by text or by name, and how firm the places are."""

from __future__ import annotations

import csv
import io
import json

import pytest
from linkage_tables import whole_country

from geo.cli.main import main
from geo.linkage import engine, stability, weights


def rows(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict]:
    """Run the command and read its CSV."""
    assert main(["opportunities", "--format", "csv", *arguments]) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def test_weights_by_text_and_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    country = whole_country("demo", "2025")
    for option, given in (("--preset", "inter_regional_first"), ("--weights", "magnitude.3_need.2")):
        found = rows(capsys, "--dataset", "demo", "--top", "5", option, given)
        expected = engine.rank(country, weights.parse_weights(given)).opportunities[:5]
        assert [row["id"] for row in found] == [o.id for o in expected]


def test_kinds_may_be_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys, "--dataset", "demo", "--kind", "chain", "--kind", "experience", "--top", "500")
    assert {row["kind"] for row in found} == {"chain", "experience"}


def test_stability_says_how_often_each_stays_in_the_top_ten(capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys, "--top", "12", "--stability", "20", "--seed", "4")
    draws = stability.draw(whole_country("real", "2025"), resamples=20, seed=4)
    claimed = stability.judge(draws, seed=4)
    assert len(found) == 12
    for row in found:
        assert float(row["top_ten_share"]) == pytest.approx(claimed.at[row["id"], "top_ten_share"])
        assert int(row["rank_low"]) <= int(row["rank_high"])
        assert row["confidence"] in "ABC"


def test_json_carries_it_too_and_is_empty_without(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["opportunities", "--format", "json", "--top", "1", "--stability", "5"]) == 0
    assert 0 <= json.loads(capsys.readouterr().out)[0]["top_ten_share"] <= 1
    assert main(["opportunities", "--format", "json", "--top", "1"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["top_ten_share"] is None
