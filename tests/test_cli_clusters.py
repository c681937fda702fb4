"""The command ``clusters``: every measure, its options, and errors in one sentence."""

from __future__ import annotations

import json

import pytest

from geo.cli.main import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["clusters", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.mark.parametrize(
    ("arguments", "column"),
    [
        (["--sector", "1077", "--dataset", "demo"], "lq"),
        (["--measure", "stars", "--province", "66"], "stars"),
        (["--measure", "stars", "--sector", "10", "--value", "employees", "--dataset", "demo"], "stars"),
        (["--measure", "krugman", "--vintage", "pre2025"], "krugman"),
        (["--measure", "gini", "--sector", "10"], "gini"),
        (["--measure", "gini", "--province", "66", "--level", "class", "--dataset", "demo"], "gini"),
        (["--measure", "herfindahl", "--by", "sector"], "herfindahl"),
        (["--measure", "litzenberger", "--sector", "10"], "cluster_index"),
        (["--measure", "ellison-glaeser", "--dataset", "demo"], "gamma"),
        (["--measure", "shift-share", "--before", "2019"], "regional"),
    ],
)
def test_every_measure_gives_its_column(arguments, column, capsys):
    status, text, error = run(capsys, *arguments, "--format", "json")
    assert (status, error) == (0, "")
    rows = json.loads(text)
    assert rows
    assert all(column in row for row in rows)
    assert "province_code" not in rows[0] or all(row["province_name"] for row in rows)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ([], "--sector"),
        (["--sector", "9999"], "9999"),
        (["--sector", "10", "--level", "class"], "--level"),
        (["--sector", "10", "--value", "employees"], "LQ"),
        (["--province", "02"], "02"),
        (["--measure", "krugman", "--sector", "10"], "--sector"),
        (["--measure", "gini", "--sector", "10", "--province", "66"], "--province"),
        (["--measure", "gini", "--value", "employees"], "real"),
        (["--measure", "litzenberger", "--sector", "10", "--value", "employees"], "real"),
        (["--measure", "ellison-glaeser"], "real"),
        (["--measure", "ellison-glaeser", "--value", "establishments"], "Ellison"),
        (["--measure", "shift-share", "--sector", "10"], "--sector"),
        (["--measure", "shift-share", "--before", "2016"], "2018"),
    ],
)
def test_what_cannot_be_is_said_in_both_languages(arguments, part, capsys):
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert part in err
    assert len(err.strip().splitlines()) == 1
    assert main(["--lang", "en", "clusters", *arguments]) == 2
    assert part in capsys.readouterr().err


def test_the_cluster_index_says_what_it_was_made_of(capsys):
    _, text, _ = run(capsys, "--measure", "litzenberger", "--sector", "10", "--format", "json")
    assert {row["basis"] for row in json.loads(text)} == {"establishments"}
    _, text, _ = run(
        capsys, "--measure", "litzenberger", "--sector", "10", "--dataset", "demo", "--format", "json"
    )
    assert {row["basis"] for row in json.loads(text)} == {"employees"}
