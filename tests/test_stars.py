"""Cluster stars: each criterion by itself, the floor, ties, and what an unsure quotient may not win."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.errors import DataError, ParameterError
from geo.measures.specialisation import lq_table
from geo.measures.stars import cluster_stars
from geo.store import aggregate, catalog
from geo.store.filters import Filters


def stars_of(table: pd.DataFrame, province: str, sector: str) -> pd.Series:
    return table.set_index(["province_code", "sector_code"]).loc[(province, sector)]


@pytest.fixture(scope="module")
def country() -> pd.DataFrame:
    """Twenty provinces alike, one of them strong in sector 31; and a tiny one that has only sector 31."""
    counts = pd.DataFrame(
        [[40, 40, 10]] * 20, index=[f"{k:02d}" for k in range(20)], columns=["10", "16", "31"]
    )
    counts.loc["05", "31"] = 100
    counts.loc["99"] = [0, 0, 3]
    return counts


def test_one_strong_province_has_all_three(country):
    row = stars_of(cluster_stars(country), "05", "31")
    assert row["stars"] == 3
    assert row["size_share"] == pytest.approx(100 / country["31"].sum())
    assert row["focus_share"] == pytest.approx(100 / 180)


def test_a_handful_has_no_star_however_high_its_quotient(country):
    row = stars_of(cluster_stars(country), "99", "31")
    assert row["lq"] > 2
    assert row["stars"] == 0
    assert stars_of(cluster_stars(country, floor=3), "99", "31")["specialisation_star"]


def test_an_unsure_quotient_has_no_star_of_specialisation():
    counts = pd.DataFrame({"31": [5, 30, 30], "10": [12, 200, 200]}, index=["small", "b", "c"])
    table = cluster_stars(counts, lq_threshold=1.5)
    row = stars_of(table, "small", "31")
    assert row["lq"] >= 1.5
    assert row["lq_low"] < 1
    assert not row["specialisation_star"]


def test_a_crowd_of_equals_has_no_star_of_size(country):
    table = cluster_stars(country).set_index(["sector_code", "province_code"])
    assert not table.loc["10", "size_star"].any()
    assert list(table.loc["31"].query("size_star").index) == ["05"]
    lone = country.copy()
    lone.loc["00":"02", "10"] = [60, 50, 45]
    starred = cluster_stars(lone).query("sector_code == '10' and size_star")["province_code"]
    assert list(starred) == ["00", "01"]  # a tenth of twenty
    lone.loc["01", "10"] = 60
    starred = cluster_stars(lone).query("sector_code == '10' and size_star")["province_code"]
    assert list(starred) == ["00", "01"]


def test_at_most_a_tenth_and_the_ties_at_its_edge():
    counts = aggregate.matrix(aggregate.counts(catalog.open_dataset("demo"), Filters()), level="class")
    table = cluster_stars(counts)
    for _, part in table.groupby("sector_code"):
        starred = part[part["size_star"]]
        larger = [(part["size_share"] > share).sum() for share in starred["size_share"]]
        assert all(above < 0.1 * len(part) for above in larger)
    focus = table[table["focus_star"]]["focus_share"].min()
    assert (table["focus_share"] > focus).sum() < 0.1 * len(table)
    assert (table["stars"] == table[["size_star", "specialisation_star", "focus_star"]].sum(axis=1)).all()
    assert table.loc[table["specialisation_star"], "lq_low"].gt(1).all()
    assert table.loc[table["stars"] > 0, "establishments"].ge(5).all()


@pytest.mark.parametrize("name", ["real", "demo"])
@pytest.mark.parametrize("vintage", ["2025", "pre2025"])
def test_bundled_sets_in_both_vintages_whatever_the_row_order(name, vintage):
    counts = aggregate.matrix(aggregate.counts(catalog.open_dataset(name), Filters(vintage=vintage)))
    before = counts.copy()
    table = cluster_stars(counts)
    assert len(table) == (counts > 0).to_numpy().sum()
    assert table["stars"].max() >= 2
    shuffled = counts.sample(frac=1, random_state=2).sample(frac=1, axis=1, random_state=3)
    pd.testing.assert_frame_equal(cluster_stars(shuffled), table)
    pd.testing.assert_frame_equal(cluster_stars(counts, lq=lq_table(counts)), table)
    pd.testing.assert_frame_equal(counts, before)


def test_on_employees_size_and_focus_are_of_employees(country):
    employees = country * 1.0
    employees.loc["07", "31"] = 200
    row = stars_of(cluster_stars(country, employees), "07", "31")
    assert row["size_share"] == pytest.approx(200 / employees["31"].sum())
    assert row["size_star"]
    assert row["focus_star"]
    assert row["lq"] > 2
    assert not row["specialisation_star"]  # its number of establishments is ordinary
    with pytest.raises(DataError):
        cluster_stars(country, employees * 0)


def test_edges():
    assert cluster_stars(pd.DataFrame()).empty
    assert cluster_stars(pd.DataFrame({"10": [0]}, index=["01"])).empty
    for wrong in ({"floor": 0}, {"top_share": 0.0}, {"top_share": 1.0}, {"lq_threshold": 0.5}):
        with pytest.raises(ParameterError):
            cluster_stars(pd.DataFrame({"10": [1]}, index=["01"]), **wrong)
    assert np.array_equal(
        cluster_stars(pd.DataFrame({"10": [9]}, index=["01"]))["stars"], [2]
    )  # alone at the top of both
