"""Linkages of input–output tables, pairs of divisions, and a table of the user's own."""

from __future__ import annotations

import doctest
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.cli.main import main
from geo.errors import DataError
from geo.measures import value_chain
from geo.measures.value_chain import ghosh_linkages, leontief_inverse, leontief_linkages, pairs
from geo.subjects import io_table
from geo.subjects.io_table import divisions

#: Germany 1995, six sectors, million euros at basic prices: Eurostat Manual of Supply, Use and Input–Output
#: Tables (2008), table 15.4.
SECTORS = ["agriculture", "industry", "construction", "trade", "business services", "other services"]
FLOWS = pd.DataFrame(
    [
        [1131, 25480, 1, 607, 710, 762],
        [7930, 304584, 64167, 41082, 11981, 30360],
        [426, 7334, 3875, 5296, 23457, 9155],
        [3559, 72717, 14190, 74399, 10835, 21008],
        [3637, 96115, 31027, 65755, 193176, 34223],
        [1552, 14986, 1747, 11225, 15058, 22070],
    ],
    index=SECTORS,
    columns=SECTORS,
    dtype="float64",
)
OUTPUT = pd.Series([43910.0, 1079446, 245606, 540063, 692487, 508918], index=SECTORS)
COEFFICIENTS = FLOWS / OUTPUT

QUICK = settings(max_examples=60, deadline=None)
#: Square tables in which every sector uses less than it makes.
ECONOMIES = st.integers(1, 5).flatmap(lambda n: arrays("float64", (n, n), elements=st.floats(0, 0.9 / n)))


def test_backward_linkages_of_germany():
    found = leontief_linkages(COEFFICIENTS)
    assert found["backward"].round(4).tolist() == [1.7048, 1.8413, 1.8136, 1.6035, 1.5951, 1.3782]
    assert list(found.index) == SECTORS
    assert list(found.columns) == ["backward", "forward"]


def test_ghosh_linkages_of_germany():
    found = ghosh_linkages(FLOWS, OUTPUT)["forward"].round(4)
    assert found.drop("industry").tolist() == [2.1126, 1.3558, 1.5848, 2.1037, 1.2106]


def test_two_sectors_of_miller_and_blair():
    # Miller & Blair (2009), section 2.2: L = [[1.254, 0.330], [0.264, 1.122]].
    inverse = leontief_inverse(pd.DataFrame([[0.15, 0.25], [0.20, 0.05]]))
    assert inverse.round(3).to_numpy().tolist() == [[1.254, 0.330], [0.264, 1.122]]
    assert doctest.testmod(value_chain).failed == 0


@QUICK
@given(ECONOMIES)
def test_inverse_is_an_inverse_and_not_negative(values):
    inverse = leontief_inverse(pd.DataFrame(values)).to_numpy()
    unit = np.eye(len(values))
    assert np.allclose((unit - values) @ inverse, unit, atol=1e-9)
    assert (inverse >= 0).all()
    assert (np.diag(inverse) >= 1 - 1e-12).all()
    found = leontief_linkages(pd.DataFrame(values))
    assert found["backward"].sum() == pytest.approx(found["forward"].sum())
    assert (found >= 1 - 1e-12).all(axis=None)


@QUICK
@given(ECONOMIES, st.lists(st.floats(1, 1000), min_size=5, max_size=5))
def test_ghosh_and_leontief_are_two_views_of_one_table(values, made):
    # G = x̂⁻¹ L x̂: multiplied by output, both models tell the same total.
    output = pd.Series(made[: len(values)])
    flows = pd.DataFrame(values * output.to_numpy()[None, :])
    try:
        forward = ghosh_linkages(flows, output)["forward"]
    except DataError:
        pytest.fail("the two matrices share their eigenvalues")
    inverse = leontief_inverse(pd.DataFrame(values)).to_numpy()
    expected = (inverse * output.to_numpy()[None, :] / output.to_numpy()[:, None]).sum(axis=1)
    assert np.allclose(forward, expected)


def test_order_of_columns_and_missing_cells_change_nothing():
    mixed = COEFFICIENTS[SECTORS[::-1]]
    pd.testing.assert_frame_equal(leontief_linkages(mixed), leontief_linkages(COEFFICIENTS))
    holes = COEFFICIENTS.mask(COEFFICIENTS < 0.01)
    filled = leontief_linkages(holes.fillna(0.0))
    pd.testing.assert_frame_equal(leontief_linkages(holes), filled)


@pytest.mark.parametrize(
    "wrong",
    [
        COEFFICIENTS.iloc[:5],
        COEFFICIENTS.rename(columns={"trade": "commerce"}),
        -COEFFICIENTS,
        COEFFICIENTS * 3,
        COEFFICIENTS.astype(object).replace(COEFFICIENTS.iat[0, 0], "x"),
        pd.DataFrame(),
    ],
    ids=["rows", "names", "negative", "no surplus", "text", "empty"],
)
def test_what_is_no_table_is_refused_in_two_languages(wrong):
    with pytest.raises(DataError) as caught:
        leontief_linkages(wrong)
    assert caught.value.vi.endswith(".")
    assert caught.value.en.endswith(".")


def test_ghosh_needs_the_output_of_every_sector():
    with pytest.raises(DataError, match="trade"):
        ghosh_linkages(FLOWS, OUTPUT.drop("trade"))


def test_codes_of_a_table():
    assert divisions("C10-12") == ("10", "11", "12")
    assert divisions("16") == divisions("C16") == ("16",)
    for wrong in ("", "1", "C", "12-10", "C1012", "0111", "10-Dec"):
        with pytest.raises(DataError):
            divisions(wrong)


def test_pairs_of_the_shipped_table():
    table = io_table.load()
    assert table.foreign
    assert table.shipped
    assert table.year == 2018
    assert "Trung Quốc 2018" in table.label()
    assert "nothing about money" in table.label("en")
    found = pairs(table.rows)
    assert (found["upstream_code"] != found["downstream_code"]).all()
    assert not found.duplicated(["upstream_code", "downstream_code"]).any()
    assert found["rank"].is_monotonic_increasing
    assert ((found["percentile"] > 0) & (found["percentile"] <= 1)).all()
    sawn = found.set_index(["upstream_code", "downstream_code"]).loc[("16", "31")]
    assert sawn["coefficient"] == pytest.approx(0.12712)
    assert sawn["percentile"] > 0.95
    # Furniture, clothes and print are not sold on as inputs where the table does not tell them apart.
    assert not set(found.loc[found["shared"], "upstream_code"]) & {"11", "14", "15", "18", "31", "32"}
    pd.testing.assert_frame_equal(found, pairs(table.rows.sample(frac=1, random_state=3)))


def test_a_table_with_divisions_apart_needs_no_assumption():
    rows = pd.DataFrame(
        [("13", "14", 0.4), ("14", "13", 0.01), ("31", "16", 0.02), ("13", "13", 0.3)],
        columns=["upstream_code", "downstream_code", "coefficient"],
    )
    found = pairs(rows)
    assert found[["upstream_code", "downstream_code"]].to_numpy().tolist() == [
        ["13", "14"],
        ["31", "16"],
        ["14", "13"],
    ]
    assert not found["shared"].any()
    assert not found["within"].any()
    assert found["pairs"].eq(4 * 3).all()
    assert found["percentile"].tolist() == [1.0, 11 / 12, 10 / 12]


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PRODUCT_HOME", str(tmp_path / "home"))
    return tmp_path


LONG = "upstream,downstream,coefficient\n16,31,0.2\n13,14,0.3\n"


def test_a_table_of_ones_own(home):
    path = home / "vn.csv"
    path.write_text(LONG, encoding="utf-8")
    before = io_table.version()
    table = io_table.use(path, source="Bảng IO Việt Nam 2019, GSO", year=2019)
    assert not table.foreign
    assert not table.shipped
    assert "Bảng IO Việt Nam 2019, GSO" in table.label()
    assert len(io_table.load().rows) == 2
    assert io_table.version() != before
    path.unlink()
    assert len(io_table.load().rows) == 2
    io_table.reset()
    assert io_table.load().shipped
    io_table.reset()


@pytest.mark.parametrize(
    "text",
    [
        LONG,
        "\ufeffdownstream_code;upstream_code;coefficient\n31;C16;0,2\n14;13;0,3\n",
        ",13,14,16,31\n13,,0.3,0,\n14,0,0,0,0\n16,,,,0.2\n31,0,0,0,0\n",
        "ngành;31;16;14;13\n16;0,2;;;\n31;;;;\n13;;;0,3;\n14;;;;\n",
    ],
    ids=["long", "semicolons", "matrix", "matrix in another order"],
)
def test_forms_of_a_file(home, text):
    path = home / "table.csv"
    path.write_text(text, encoding="utf-8")
    rows = io_table.use(path).rows.assign(upstream_code=lambda f: f["upstream_code"].str[-2:])
    assert rows.to_numpy().tolist() == [["13", "14", 0.3], ["16", "31", 0.2]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "CSV"),
        ("a,b\n1,2\n", "ma trận vuông"),
        ("upstream,downstream,coefficient\n16,31,x\n", "dòng 2"),
        ("upstream,downstream,coefficient\n16,31,-0.1\n", "dòng 2"),
        ("upstream,downstream,coefficient\n16,31,0\n", "lớn hơn 0"),
        ("upstream,downstream,coefficient\n1,31,0.1\n", "“1”"),
        ("upstream,downstream,coefficient\n16,31,0.1\n16,31,0.1\n", "16 → 31"),
        ("upstream,downstream,coefficient\n16,31,250\n", "giá trị tiền"),
        ("upstream,downstream,coefficient\nC10-12,31,0.1\n11,31,0.1\n", "C10-12"),
        (",16,31\n16,0.1,0.2\n", "31"),
    ],
)
def test_a_wrong_file_is_refused_and_changes_nothing(home, text, said):
    path = home / "table.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        io_table.use(path)
    assert said in caught.value.vi
    assert caught.value.vi.endswith(".")
    assert io_table.load().shipped


def test_a_file_that_is_no_text_is_refused(home):
    path = home / "table.xlsx"
    path.write_bytes(b"PK\x03\x04\xff\xfe\xff")
    with pytest.raises(DataError, match="CSV"):
        io_table.use(path)


def test_a_damaged_copy_says_how_to_repair(home):
    path = home / "table.csv"
    path.write_text(LONG, encoding="utf-8")
    io_table.use(path)
    (home / "home" / "io_table" / "about.json").write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match="chains reset"):
        io_table.load()


def test_command_line(home, capsys):
    assert main(["chains", "--sector", "31", "--format", "json"]) == 0
    told = capsys.readouterr()
    rows = json.loads(told.out)
    assert all("31" in (row["upstream_code"], row["downstream_code"]) for row in rows)
    assert rows[0]["upstream_code"] == "16"
    assert "Trung Quốc" in told.err
    path = home / "vn.csv"
    path.write_text(LONG, encoding="utf-8")
    assert main(["chains", "use", str(path), "--source", "GSO 2019", "--year", "2019"]) == 0
    assert "GSO 2019" in capsys.readouterr().out
    assert main(["chains", "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 2
    assert main(["chains", "reset"]) == 0
    assert "Trung Quốc 2018" in capsys.readouterr().out
    assert main(["chains", "use", str(home / "none.csv")]) == 2
    assert "none.csv" in capsys.readouterr().err
    assert main(["chains", "--sector", "1077"]) == 2
