"""γ and the cluster index for all sectors at once, from sums that the store made of the rows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.measures.agglomeration import gamma, litzenberger_index
from geo.measures.region_sector import checked
from geo.places import admin
from geo.subjects import statistics

#: Area and population of a vintage: the indicators of the province statistics, from one table and one year.
LAND_AND_PEOPLE = {
    "2025": ("area_nq_202_2025_qh15", "population_registered_nq_202_2025_qh15"),
    "pre2025": ("area", "population"),
}


def gamma_table(sums: pd.DataFrame) -> pd.DataFrame:
    """Return γ of every sector from sums over its establishments, without loading a row of them.

    Parameters
    ----------
    sums : DataFrame
        Of :func:`geo.store.sizes.employee_sums`, all sectors: ``province_code``, ``sector_code``,
        ``establishments``, ``employees_known``, ``employees``, ``employees_squared``.

    Returns
    -------
    DataFrame
        ``sector_code``, ``establishments``, ``employees_known`` and ``employees_unknown`` (establishments
        with and without a figure; the latter are left out of γ), ``employees``, ``raw`` (G), ``plants`` (H),
        ``gamma``, sorted by code. γ is NaN where it does not exist, as when no employees are known.
    """
    totals = sums.groupby("province_code")["employees"].sum().sort_index()
    sectors = sums.dropna(subset=["sector_code"]).groupby("sector_code", sort=True)
    rows = []
    for code, part in sectors:
        by_province = part.groupby("province_code")["employees"].sum().reindex(totals.index, fill_value=0)
        found = gamma(
            by_province.to_numpy("float64"), totals.to_numpy("float64"), part["employees_squared"].sum()
        )
        counts = part[["establishments", "employees_known", "employees"]].sum()
        unknown = counts["establishments"] - counts["employees_known"]
        rows.append((code, *counts.iloc[:2], unknown, counts.iloc[2], found.raw, found.plants, found.gamma))
    names = ["sector_code", "establishments", "employees_known", "employees_unknown", "employees"]
    out = pd.DataFrame(rows, columns=[*names, "raw", "plants", "gamma"])
    whole = dict.fromkeys(names[1:], "int64")
    return out.astype(
        {"sector_code": "str", **whole, "raw": "float64", "plants": "float64", "gamma": "float64"}
    )


def land_and_people(vintage: str) -> pd.DataFrame:
    """Return area and population of the provinces of a vintage, as published together.

    Returns
    -------
    DataFrame
        Indexed by ``province_code``: ``area_km2``, ``population`` (persons: registered 2025 for the 34, mean
        of 2016 for the 63; the two are not comparable).

    Raises
    ------
    ParameterError
        If the vintage is unknown.
    """
    area, people = LAND_AND_PEOPLE[admin.check_vintage(vintage)]
    columns = {"area_km2": statistics.values(area, vintage), "population": statistics.values(people, vintage)}
    return pd.DataFrame(columns)


def litzenberger_table(
    establishments: pd.DataFrame, employees: pd.DataFrame, land: pd.DataFrame
) -> pd.DataFrame:
    """Return the cluster index of every sector in every province that has it.

    Parameters
    ----------
    establishments, employees : DataFrame
        ``province_code`` × ``sector_code``. Where no employees are known, hand over the establishments
        twice: the index then takes all establishments as equally large.
    land : DataFrame
        Of :func:`land_and_people`; a province without a figure has no index and is not in the country.

    Returns
    -------
    DataFrame
        ``province_code``, ``sector_code``, ``establishments``, ``cluster_index`` (dimensionless, 1 is the
        country), sorted by codes; only pairs with an establishment.

    Raises
    ------
    DataError
        If a cell is negative or not a number.
    """
    known = land.dropna()
    counts = establishments.loc[establishments.index.intersection(known.index)]
    workers = employees.reindex(index=counts.index, columns=counts.columns).fillna(0)
    numbers = checked(counts)
    rows, columns = np.nonzero(numbers > 0)
    at = known.loc[counts.index[rows]]
    index = litzenberger_index(
        sector_employees=pd.Series(checked(workers)[rows, columns]),
        sector_employees_total=pd.Series(checked(workers).sum(axis=0)[columns]),
        area_km2=pd.Series(at["area_km2"].to_numpy()),
        area_km2_total=float(known["area_km2"].sum()),
        population=pd.Series(at["population"].to_numpy()),
        population_total=float(known["population"].sum()),
        establishments=pd.Series(numbers[rows, columns]),
        establishments_total=pd.Series(numbers.sum(axis=0)[columns]),
    )
    out = pd.DataFrame(
        {
            "province_code": counts.index.to_numpy()[rows],
            "sector_code": counts.columns.to_numpy()[columns],
            "establishments": np.rint(numbers[rows, columns]).astype("int64"),
            "cluster_index": index,
        }
    )
    return out.sort_values(["province_code", "sector_code"], ignore_index=True)
