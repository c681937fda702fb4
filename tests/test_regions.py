"""The view between regions: the same sums as the matrix, tonnes of one material, sentences from values."""

from __future__ import annotations

import io
import json
import random
import re

import pandas as pd
import pytest
from ranked_sets import grouped, ranked
from shapely.geometry import Point

from geo.cli.main import main
from geo.errors import ParameterError
from geo.linkage import matrix, regions
from geo.linkage.narrative import rounded
from geo.places import admin, boundaries

SETS = [
    (dataset, vintage, region_set)
    for dataset in ("demo", "real")
    for vintage in admin.VINTAGES
    for region_set in admin.region_sets(vintage)
]


def test_both_vintages_and_the_conference_areas_are_covered():
    assert {s for _, _, s in SETS} >= {
        "2025_NQ306_34",
        "2023_NQ81_63",
        "khuyen_cong_conference_from_2025_34",
    }


@pytest.mark.parametrize(("dataset", "vintage", "region_set"), SETS)
def test_ties_add_up_to_the_matrix(dataset, vintage, region_set):
    listed = ranked(dataset, vintage)
    table = regions.ties(listed, region_set, within=True)
    for value, column in (("count", "opportunities"), ("score", "score_total")):
        square = matrix.region_matrix(listed, region_set, value)
        for row in table.to_dict("records"):
            assert row[column] == pytest.approx(square.at[row["first"], row["second"]], abs=1e-5)
        upper = sum(square.iloc[i, j] for i in range(len(square)) for j in range(i, len(square)))
        assert table[column].sum() == pytest.approx(upper, abs=1e-4)
    between = regions.ties(listed, region_set)
    assert (between["first"] != between["second"]).all()
    assert (
        between["opportunities"].sum() == table.loc[table["first"] != table["second"], "opportunities"].sum()
    )


@pytest.mark.parametrize(("dataset", "vintage", "region_set"), SETS)
def test_the_strongest_tie_and_the_material_are_the_largest(dataset, vintage, region_set):
    listed = ranked(dataset, vintage)
    region_of = admin.province_regions(region_set)
    for row in regions.ties(listed, region_set).to_dict("records"):
        ends = {row["first"], row["second"]}
        items = [o for o in listed if {region_of[c] for c in o.province_codes} == ends]
        assert row["strongest_score"] == max(o.score for o in items)
        tonnes: dict[str, float] = {}
        for o in items:
            if o.unit == "tonnes_per_year":
                tonnes[o.subject_code] = tonnes.get(o.subject_code, 0.0) + o.magnitude
        if tonnes:
            assert row["tonnes"] == pytest.approx(max(tonnes.values()))
            assert tonnes[row["material_code"]] == pytest.approx(row["tonnes"])
        else:
            assert (row["material_code"], pd.isna(row["tonnes"])) == ("", True)


@pytest.mark.parametrize(("dataset", "vintage", "region_set"), SETS)
def test_sentences_say_only_numbers_of_their_row(dataset, vintage, region_set):
    for row in regions.ties(ranked(dataset, vintage), region_set).to_dict("records"):
        allowed = {float(row["opportunities"]), rounded(row["strongest_score"], "ratio")}
        if row["material_code"]:
            allowed.add(rounded(row["tonnes"]))
        for lang in ("vi", "en"):
            text = re.sub("“[^”]*”", "", row[f"sentence_{lang}"])
            tokens = [token.rstrip(".,") for token in re.findall(r"\d[\d.,]*\d|\d", text)]
            if lang == "vi":
                tokens = [token.replace(".", "").replace(",", ".") for token in tokens]
            assert {float(token.replace(",", "")) for token in tokens} <= allowed, text


@pytest.mark.parametrize(("dataset", "vintage", "region_set"), SETS)
def test_the_flow_map_carries_the_matrix(dataset, vintage, region_set):
    listed = ranked(dataset, vintage)
    order = list(admin.regions(region_set).index)
    for value in ("count", "score"):
        square = matrix.region_matrix(listed, region_set, value)
        frame = regions.flow_frame(listed, region_set, value)
        assert not frame["directed"].any()
        assert [order.index(a) < order.index(b) for a, b in zip(frame["first"], frame["second"], strict=True)]
        upper = sum(square.iloc[i, j] for i in range(len(square)) for j in range(i + 1, len(square)))
        assert frame["value"].sum() == pytest.approx(upper)
    for material in regions.carried(listed, region_set)[:3]:
        same = [o for o in listed if o.subject_code == material and o.unit == "tonnes_per_year"]
        square = matrix.region_matrix(same, region_set, "tonnes")
        frame = regions.flow_frame(listed, region_set, "tonnes", material=material)
        assert frame["directed"].all()
        for row in frame.itertuples():
            assert row.value == pytest.approx(square.at[row.first, row.second])
        inside = sum(square.iloc[i, i] for i in range(len(square)))
        assert frame["value"].sum() == pytest.approx(square.to_numpy().sum() - inside)


@pytest.mark.parametrize(("vintage", "region_set"), sorted({(v, s) for _, v, s in SETS}))
def test_region_points_lie_in_their_regions(vintage, region_set):
    points = regions.region_points(region_set)
    shapes = boundaries.load("region", vintage, "screen", region_set=region_set).set_index("region_code")
    assert list(points.index) == list(admin.regions(region_set).index)
    for code, point in points.iterrows():
        assert shapes.geometry[code].contains(Point(point["lon"], point["lat"])), code


def test_the_order_of_the_opportunities_changes_nothing():
    shuffled = list(ranked("demo", "2025"))
    random.Random(5).shuffle(shuffled)
    pd.testing.assert_frame_equal(regions.ties(shuffled), regions.ties(ranked("demo", "2025")))
    pd.testing.assert_frame_equal(
        regions.flow_frame(shuffled, value="tonnes", material="coffee"),
        regions.flow_frame(ranked("demo", "2025"), value="tonnes", material="coffee"),
    )
    assert regions.carried(shuffled) == regions.carried(ranked("demo", "2025"))


def test_tonnes_need_a_material_and_region_sets_their_vintage():
    listed = ranked("real", "2025")
    for material in (None, "gold"):
        with pytest.raises(ParameterError):
            regions.flow_frame(listed, value="tonnes", material=material)
    with pytest.raises(ParameterError):
        regions.flow_frame(listed, "2023_NQ81_63")
    with pytest.raises(ParameterError):
        regions.ties(listed, "2023_NQ81_63")
    assert regions.ties([]).empty
    assert regions.flow_frame([]).empty
    assert list(regions.ties([]).columns) == regions.TIE_COLUMNS


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_the_commands_print_groups_and_matrices(capsys):
    code, out, _ = run(capsys, "groups", "--format", "json", "--size", "2-6")
    assert code == 0
    assert [g["id"] for g in json.loads(out)] == [g.id for g in grouped("real", "2025")]
    code, out, _ = run(capsys, "regions-matrix", "--format", "csv")
    square = matrix.region_matrix(ranked("real", "2025"))
    printed = pd.read_csv(io.StringIO(out)).set_index("region_code")[list(square.columns)]
    assert (code, printed.to_numpy().tolist()) == (0, square.to_numpy().tolist())
    _, out, _ = run(capsys, "regions-matrix", "--value", "tonnes", "--format", "csv", "--vintage", "pre2025")
    assert set(pd.read_csv(io.StringIO(out))["material_code"]) == set(
        regions.carried(ranked("real", "pre2025"))
    )
    _, out, _ = run(capsys, "--lang", "en", "regions-matrix", "--ties", "--format", "json")
    assert json.loads(out)[0]["sentence_en"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("groups", "--size", "one"),
        ("groups", "--size", "2-9"),
        ("regions-matrix", "--region-set", "2023_NQ81_63"),
    ],
)
def test_wrong_choices_are_refused_in_one_sentence(arguments, capsys):
    code, out, err = run(capsys, *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
