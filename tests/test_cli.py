"""The command line as a user runs it: output forms, help, and errors in one sentence with exit code 2."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from geo.cli.main import COMMANDS, main, parser


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def _commands() -> list[str]:
    return list(next(a for a in parser()._actions if a.dest == "command").choices)


def test_each_module_brings_the_commands_it_is_listed_with() -> None:
    assert _commands() == [command for commands in COMMANDS.values() for command in commands]
    for module, commands in COMMANDS.items():
        made = next(a for a in parser([module])._actions if a.dest == "command").choices
        assert tuple(made) == commands


@pytest.mark.parametrize("command", _commands())
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([command, "--help"])
    assert end.value.code == 0
    assert command in capsys.readouterr().out


@pytest.mark.parametrize(("vintage", "count"), [("2025", 34), ("pre2025", 63)])
def test_provinces_in_every_form(vintage: str, count: int, capsys: pytest.CaptureFixture[str]) -> None:
    _, text, _ = run(capsys, "provinces", "--vintage", vintage, "--format", "json")
    rows = json.loads(text)
    assert len(rows) == count
    assert all(row["region_code"] and len(row["province_code"]) == 2 for row in rows)
    _, text, _ = run(capsys, "provinces", "--vintage", vintage, "--format", "csv")
    assert len(list(csv.DictReader(io.StringIO(text)))) == count
    _, text, _ = run(capsys, "provinces", "--vintage", vintage)
    assert len(text.splitlines()) == count + 1


def test_resolve_names_the_new_province_of_an_old_one(capsys: pytest.CaptureFixture[str]) -> None:
    _, text, _ = run(capsys, "resolve", "vinh phuc", "--vintage", "2025", "--format", "json")
    assert json.loads(text)[0]["province_code"] == "25"


@pytest.mark.parametrize("code", ["15", "24", "44", "52", "80", "82", "91"])
def test_a_reused_code_without_its_vintage_is_refused(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "resolve", code)
    assert (status, out) == (2, "")
    assert "pre2025" in err
    status, _, err = run(capsys, "--lang", "en", "resolve", code)
    assert status == 2
    assert "pre2025" in err


def _table(folder: Path, text: str) -> str:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_convert_keeps_totals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = _table(tmp_path, "province_code,year,tonnes\n24,2020,0.1\n27,2020,0.2\n02,2020,1\n")
    status, text, _ = run(capsys, "convert", table, "--to", "2025", "--format", "json")
    assert status == 0
    rows = {row["province_code"]: row["tonnes"] for row in json.loads(text)}
    assert rows == {"24": pytest.approx(0.3, abs=1e-15), "08": 1.0}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("province_code,province_name,tonnes\n24,Bắc Ninh,1\n", "34 tỉnh"),
        ("province_code,tonnes\n24,1\n01,2\n", "--vintage pre2025"),
        ("tinh,tonnes\n24,1\n", "--code"),
        ("province_code,tonnes\nAtlantis,1\nHà Nam,1\n", "Atlantis"),
    ],
)
def test_convert_refuses_what_it_cannot_be_sure_of(
    text: str, part: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(capsys, "convert", _table(tmp_path, text), "--to", "2025")
    assert (status, out) == (2, "")
    assert part in err


@pytest.mark.parametrize(
    "arguments",
    [
        ("balance", "--material", "gold"),
        ("clusters", "--sector", "99"),
        ("flows", "--material", "coffee", "--detour-factor", "0.2"),
        ("opportunities", "--dataset", "nowhere"),
        ("opportunities", "--sector", "9999"),
        ("opportunities", "--weights", "price.3"),
        ("opportunities", "--stability", "0"),
        ("convert", "no-such-file.csv", "--to", "2025"),
        ("boundaries", "check"),
        ("boundaries", "use", "no-such-file.gpkg"),
        ("bench", "--sizes", "many"),
    ],
)
def test_wrong_input_gives_one_sentence_and_exit_code_2(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert err.strip().endswith(".")
    assert "Traceback" not in err


@pytest.mark.parametrize("dataset", ["real", "demo"])
def test_opportunities_carry_everything_a_planner_needs(
    dataset: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, text, _ = run(capsys, "opportunities", "--top", "20", "--dataset", dataset, "--format", "json")
    rows = json.loads(text)
    assert len(rows) == 20
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)
    for row in rows:
        assert row["dataset_kind"] == dataset
        assert len(row["provinces"]) >= 2
        assert row["region_codes"]
        assert row["magnitude"] > 0
        assert row["unit"]
        assert row["distance_km"] >= 0
        assert all(0 <= value <= 1 for value in row["components"].values())
        assert row["evidence"]
        assert row["sentence_vi"]
        assert row["sentence_en"]


def test_only_opportunities_between_regions_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = (
        "opportunities",
        "--between-regions",
        "--kind",
        "material",
        "--dataset",
        "demo",
        "--format",
        "csv",
    )
    _, text, _ = run(capsys, *arguments)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows
    assert {row["kind"] for row in rows} == {"material"}
    assert {row["crosses_regions"] for row in rows} == {"True"}


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".parquet"])
def test_boundaries_are_written_in_the_form_of_the_name(
    suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import geopandas as gpd

    path = tmp_path / f"regions{suffix}"
    status, _, _ = run(capsys, "boundaries", "--level", "region", "--vintage", "2025", "--out", str(path))
    assert status == 0
    read = gpd.read_parquet(path) if suffix == ".parquet" else gpd.read_file(path)
    assert len(read) == 6
    status, _, err = run(capsys, "boundaries", "--level", "region", "--out", str(tmp_path / "x.doc"))
    assert status == 2
    assert ".doc" in err
