"""Shift-share: the parts add up; the bundled years are paired and never mixed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.errors import DataError, ParameterError
from geo.measures import change
from geo.subjects import materials

tables = arrays(np.int64, (4, 3), elements=st.integers(0, 500))


def frame(values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(values, index=list("abcd"), columns=list("xyz"))


@settings(max_examples=60, deadline=None)
@given(tables, tables)
def test_parts_add_up_to_the_change(before, after):
    first, last = frame(before), frame(after)
    table = change.shift_share_table(first, last).set_index("province_code")
    assert (table["total"] == table["after"] - table["before"]).all()
    if first.to_numpy().sum() == 0:
        assert table["national"].isna().all()
        return
    np.testing.assert_allclose(
        table["national"] + table["mix"] + table["regional"], table["total"], atol=1e-6
    )
    known_before = (first.sum() > 0) | (last.sum() == 0)
    if known_before.all():
        assert table["regional"].sum() == pytest.approx(0, abs=1e-6)
        assert table["mix"].sum() == pytest.approx(0, abs=1e-6)
    for region in first.index:
        assert change.shift_share(first, last, region)[change.PARTS].tolist() == pytest.approx(
            table.loc[region, change.PARTS].tolist(), abs=1e-9
        )


def test_a_region_that_grows_like_the_country_owes_all_to_it():
    before = frame(np.arange(1, 13).reshape(4, 3))
    found = change.shift_share(before, before * 2, "b")
    assert found.tolist() == pytest.approx([15, 0, 0, 15])
    assert found.name == "b"
    assert found.national == 15


def test_order_labels_missing_cells_and_arguments():
    before, after = frame(np.arange(12).reshape(4, 3)), frame(np.arange(12, 0, -1).reshape(4, 3))
    copies = before.copy(), after.copy()
    expected = change.shift_share(before, after, "c")
    turned = change.shift_share(before.iloc[::-1], after.iloc[:, ::-1], "c")
    pd.testing.assert_series_equal(turned, expected)
    pd.testing.assert_frame_equal(before, copies[0])
    pd.testing.assert_frame_equal(after, copies[1])
    new = after.assign(new=[0, 0, 7, 0])
    assert change.shift_share(before, new, "c")["total"] == expected["total"] + 7
    sums = change.shift_share_table(before, new)
    assert sums["regional"].sum() == pytest.approx(7)  # a sector new to the country is the region's own
    gone = change.shift_share(before, after.drop(index="c"), "c")
    assert gone["total"] == -before.loc["c"].sum()


def test_wrong_tables_are_refused():
    table = frame(np.ones((4, 3)))
    with pytest.raises(ParameterError):
        change.shift_share(table, table, "z")
    with pytest.raises(ParameterError):
        change.shift_share(pd.concat([table, table]), table, "a")
    with pytest.raises(DataError):
        change.shift_share(table, -table, "a")


@pytest.mark.parametrize(("vintage", "provinces"), [("2025", 34), ("pre2025", 63)])
def test_bundled_crops_are_paired_and_of_one_unit(vintage, provinces):
    pair = change.production(2018, 2024, vintage=vintage)
    assert pair.unit == "tonnes"
    assert pair.before.shape == pair.after.shape == (provinces, 6)
    assert pair.before.index.equals(pair.after.index)
    assert (pair.before.isna() == pair.after.isna()).all().all()
    table = change.shift_share_table(pair.before, pair.after)
    assert table["total"].sum() == pytest.approx(pair.after.sum().sum() - pair.before.sum().sum())
    assert set(pair.left_out["reason"]) <= {"no_figure", "few"}


def test_summing_to_the_34_keeps_totals_and_a_missing_figure_is_no_loss():
    old, new = change.production(2018, 2024, vintage="pre2025"), change.production(2018, 2024)
    for name in ("before", "after"):
        pd.testing.assert_series_equal(getattr(old, name).sum(), getattr(new, name).sum(), check_names=False)
    published = materials.published()
    rows = published[(published["material_code"] == "sugarcane") & (published["unit"] == "tonnes")]
    rows = rows[rows["year"].isin([2018, 2024])]
    both = rows.pivot_table(index="province_code", columns="year", values="quantity").dropna()
    assert old.before["sugarcane"].sum() == pytest.approx(both[2018].sum())


def test_years_that_cannot_be_compared_are_refused_with_those_that_can():
    with pytest.raises(DataError) as error:
        change.production(2016, 2024)
    assert "2018" in error.value.vi
    assert "2018" in error.value.en
    for wrong in ((2024, 2018), (2020, 2020)):
        with pytest.raises(ParameterError):
            change.production(*wrong)
    with pytest.raises(ParameterError):
        change.production(2018, 2024, unit="ha")
    with pytest.raises(ParameterError):
        change.production(2018, 2024, vintage="1999")
    years = change.production_years()
    assert years.groupby("material_code")["year"].nunique().gt(1).all()
