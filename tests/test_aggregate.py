"""Group-bys against the same sums taken row by row with pandas, and what must hold between them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.build import demo
from geo.errors import ParameterError
from geo.places import admin
from geo.store import aggregate, catalog, cells
from geo.store.filters import Filters
from geo.subjects import establishments as schema

SIZE = 3_000


@pytest.fixture(scope="module")
def tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Demonstration rows with gaps: no employees, no year, no place of before July 2025."""
    rows, needs = demo.make(SIZE, 7)
    rows["employees"] = rows["employees"].astype("Int64")
    rows["year"] = rows["year"].astype("Int64")
    rows.loc[rows.index[::7], "employees"] = pd.NA
    rows.loc[rows.index[::11], "year"] = pd.NA
    rows.loc[rows.index[::13], "province_code_pre2025"] = None
    rows.loc[rows.index[::17], "sector_code"] = rows.loc[rows.index[::17], "sector_code"].str[:2]
    return schema.complete(rows), needs


@pytest.fixture(scope="module")
def dataset(tables: tuple[pd.DataFrame, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory):
    root = tmp_path_factory.mktemp("datasets")
    rows, needs = tables
    return catalog.write_dataset(
        root, "aggregate", rows, needs, kind="user", provenance={}, label_vi="Thử", label_en="Trial"
    )


def kept(rows: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    """Filter row by row, as the definition says."""
    place = rows[f"province_code_{filters.vintage}"]
    mask = place.notna()
    codes = filters.province_codes()
    if codes is not None:
        mask &= place.isin(codes)
    if filters.sectors:
        mask &= rows["sector_code"].isin(filters.sectors) | rows["division_code"].isin(filters.sectors)
    for values, column in (
        (filters.materials, "material_code"),
        (filters.years, "year"),
        (filters.sizes, "size_band"),
    ):
        if values:
            mask &= rows[column].isin(values).fillna(False)
    return rows[mask].assign(province_code=place[mask])


QUERIES = [
    Filters(),
    Filters(vintage="pre2025"),
    Filters(regions=("DBSH",)),
    Filters(vintage="pre2025", provinces=("66", "68"), sectors=("1077",)),
    Filters(sectors=("10", "3100"), sizes=("small", "medium", "unknown")),
    Filters(materials=("coffee", "paddy_rice"), years=(2024,)),
    Filters(regions=("DBSH",), provinces=("66",)),  # nothing can match
]


@pytest.mark.parametrize("filters", QUERIES)
def test_counts_are_the_sums_of_the_rows(dataset, tables, filters: Filters) -> None:
    filters = filters.normalised()
    rows = kept(tables[0], filters)
    keys = ["province_code", "sector_code", "division_code", "size_band", "year"]
    expected = (
        rows.groupby(keys, dropna=False)
        .agg(
            establishments=("establishment_id", "size"),
            employees=("employees", "sum"),
            employees_known=("employees", "count"),
        )
        .reset_index()
        .sort_values(keys, na_position="last", ignore_index=True)
    )
    found = aggregate.counts(dataset, filters)
    assert len(found) == len(expected)
    for column in expected.columns:
        assert found[column].astype(object).where(found[column].notna(), None).tolist() == (
            expected[column].astype(object).where(expected[column].notna(), None).tolist()
        )


@pytest.mark.parametrize("filters", QUERIES)
def test_summary_loses_nothing(dataset, tables, filters: Filters) -> None:
    found = aggregate.summary(dataset, filters)
    rows = kept(tables[0], filters.normalised())
    assert found["total"] == SIZE
    assert found["kept"] == len(rows)
    assert found["total"] == found["kept"] + found["without_place"] + sum(found["dropped_by"].values())
    assert found["without_place"] == int(tables[0][f"province_code_{filters.vintage}"].isna().sum())
    assert sum(found["location_quality"].values()) == found["kept"]
    assert found["without_coordinates"] == int(rows["lat"].isna().sum())
    assert found["kept"] == aggregate.counts(dataset, filters)["establishments"].sum()


@pytest.mark.parametrize("filters", QUERIES)
def test_demand_base_and_needs_share_the_rows(dataset, tables, filters: Filters) -> None:
    rows = kept(tables[0], filters.normalised())
    needs = tables[1]
    silent = rows[~rows["establishment_id"].isin(needs["establishment_id"])]
    base = aggregate.demand_base(dataset, filters)
    assert base["establishments"].sum() == len(silent)
    assert base["employees"].sum() == silent["employees"].sum()
    assert base["employees_unknown"].sum() == silent["employees"].isna().sum()
    stated = needs[needs["establishment_id"].isin(rows["establishment_id"])]
    found = aggregate.stated_needs(dataset, filters)
    assert found["need_tonnes"].sum() == pytest.approx(stated["need_tonnes"].sum(), abs=1e-3)
    assert found["establishments"].sum() == len(stated)
    assert len(silent) + stated["establishment_id"].nunique() == len(rows)


def test_matrix_keeps_every_establishment(dataset) -> None:
    table = aggregate.counts(dataset, Filters())
    wide = aggregate.matrix(table)
    assert wide.to_numpy().sum() == table["establishments"].sum()
    assert list(wide.index) == sorted(wide.index)
    assert list(wide.columns) == sorted(wide.columns)
    assert wide.index.name == "province_code"
    assert wide.columns.name == "sector_code"
    classes = aggregate.matrix(table, "class", "employees")
    by_class = table[table["sector_code"].str.len() == 4]
    assert classes.to_numpy().sum() == by_class["employees"].sum()
    with pytest.raises(ParameterError):
        aggregate.matrix(table, level="section")
    with pytest.raises(ParameterError):
        aggregate.matrix(table, value="revenue")


def test_the_two_vintages_agree_where_both_are_known(dataset, tables) -> None:
    old = aggregate.counts(dataset, Filters(vintage="pre2025"))
    both = tables[0][tables[0]["province_code_pre2025"].notna()]
    summed = admin.to_2025(
        old.groupby("province_code", as_index=False)[["establishments"]].sum(),
        sum_columns=["establishments"],
    )
    expected = both["province_code_2025"].value_counts().sort_index()
    assert summed.set_index("province_code")["establishments"].to_dict() == expected.to_dict()


def test_rows_are_the_first_by_id_with_the_total(dataset, tables) -> None:
    filters = Filters(sectors=("1076",)).normalised()
    rows = kept(tables[0], filters).sort_values("establishment_id")
    found, total = aggregate.rows(dataset, filters, 20)
    assert total == len(rows)
    assert found["establishment_id"].tolist() == rows["establishment_id"].head(20).tolist()
    assert "geometry" not in found.columns
    only, _ = aggregate.rows(dataset, filters, 5, columns=["name", "province_code"])
    assert list(only.columns) == ["name", "province_code"]
    assert only["name"].tolist() == rows["name"].head(5).tolist()
    assert aggregate.rows(dataset, filters, 0)[0].empty
    with pytest.raises(ParameterError, match="colour"):
        aggregate.rows(dataset, filters, 5, columns=["colour"])
    with pytest.raises(ParameterError):
        aggregate.rows(dataset, filters, -1)


def test_row_order_changes_nothing(dataset, tables, tmp_path: Path) -> None:
    shuffled = tables[0].sample(frac=1, random_state=5)
    other = catalog.write_dataset(
        tmp_path, "other", shuffled, tables[1].sample(frac=1, random_state=6),
        kind="user", provenance={}, label_vi="Thử", label_en="Trial",
    )  # fmt: skip
    for question in (aggregate.counts, aggregate.demand_base, aggregate.stated_needs):
        pd.testing.assert_frame_equal(question(dataset, Filters()), question(other, Filters()))


@pytest.mark.parametrize("filters", QUERIES)
def test_another_engine_gives_the_same_answers(
    dataset, monkeypatch: pytest.MonkeyPatch, filters: Filters
) -> None:
    def ask() -> list:
        tables = [question(dataset, filters) for question in (aggregate.counts, aggregate.demand_base)]
        tables += [aggregate.stated_needs(dataset, filters), aggregate.rows(dataset, filters, 50)[0]]
        cells.without_coordinates.cache_clear()
        maps = [cells.answer(dataset, filters, (100, 6, 120, 25), zoom, 200) for zoom in (6, 9, 12)]
        return [*tables, maps, aggregate.summary(dataset, filters)]

    expected = ask()
    monkeypatch.setenv("ENGINE", "pandas")
    for one, two in zip(ask(), expected, strict=True):
        if isinstance(one, pd.DataFrame):
            pd.testing.assert_frame_equal(one, two, check_dtype=False)
        else:
            assert one == two


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.sampled_from(sorted(admin.provinces("2025").index)), min_size=1, max_size=33))
def test_a_part_of_the_provinces_and_its_rest_make_the_whole(dataset, part: set[str]) -> None:
    rest = set(admin.provinces("2025").index) - part
    whole = aggregate.summary(dataset, Filters())["kept"]
    pieces = [aggregate.summary(dataset, Filters(provinces=tuple(codes)))["kept"] for codes in (part, rest)]
    assert np.sum(pieces) == whole
