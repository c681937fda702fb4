"""The user's own figures of raw materials that a dataset holds, and the supply they make with the published ones."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd
import pyarrow.parquet as pq

from geo.store.catalog import SUPPLY, Dataset
from geo.subjects import materials
from geo.subjects.own_supply import OWN_SUPPLY


def read(dataset: Dataset) -> pd.DataFrame | None:
    """Return the own figures of a dataset, columns of ``own_supply.OWN_SUPPLY``; None where it has none."""
    files = dataset.files(SUPPLY)
    if not files:
        return None
    rows = pd.concat([pq.read_table(path).to_pandas() for path in files], ignore_index=True)
    return rows[[column.name for column in OWN_SUPPLY]]


def supply(dataset: Dataset, vintage: str, year: int | None = None) -> pd.DataFrame:
    """Return the supply of each material and province as ``materials.supply`` does, own figures first.

    Raises
    ------
    ParameterError
        If the vintage is unknown.
    """
    return _supply(dataset, vintage, year).copy()


@lru_cache(maxsize=16)
def _supply(dataset: Dataset, vintage: str, year: int | None) -> pd.DataFrame:
    """Lay the figures together once: versions of a dataset never change."""
    return materials.supply(vintage, year, read(dataset))
