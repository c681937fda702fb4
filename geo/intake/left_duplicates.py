"""Records of a stored dataset that may be one establishment: the likeness of the import, province by province."""

from __future__ import annotations

from collections.abc import Callable

import narwhals as nw
import numpy as np
import pandas as pd

from geo.intake import duplicates
from geo.store import engine
from geo.store.catalog import Dataset
from geo.store.filters import Filters, apply

COLUMNS = [
    "province_code",
    "likeness",
    "first_id",
    "first_name",
    "first_product",
    "second_id",
    "second_name",
    "second_product",
    "same_commune",
]
_READ = ("establishment_id", "name", "product", "lat", "lon", "location_quality")


def find(
    dataset: Dataset, filters: Filters, progress: Callable[[int, int], None] | None = None
) -> pd.DataFrame:
    """Return pairs of stored records that are alike enough for people to look at.

    Parameters
    ----------
    dataset, filters
        Which establishments; only pairs within one province are compared.
    progress : callable, optional
        Takes establishments compared and all of them; may raise to stop.

    Returns
    -------
    DataFrame
        ``province_code`` (in the filters' vintage), ``likeness`` (0.5–1, as an import judges it), ids, names
        and products of both, ``same_commune`` (bool); most alike first.
    """
    filters = filters.normalised()
    rows = apply(engine.lazy(dataset), filters).select(
        nw.col(filters.province_column).alias("province"),
        nw.col(f"commune_code_{filters.vintage}").alias("commune"),
        *_READ,
    )
    sizes = engine.collect(rows.group_by("province").agg(nw.len().alias("n"))).sort_values("province")
    total, done, found = int(sizes["n"].sum()), 0, []
    for province, size in zip(sizes["province"].tolist(), sizes["n"].tolist(), strict=True):
        if progress is not None:
            progress(done, total)
        found.append(_pairs(engine.collect(rows.filter(nw.col("province") == province))))
        done += int(size)
    if progress is not None:
        progress(total, total)
    table = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS)
    types = dict.fromkeys(COLUMNS, "str") | {"likeness": "float64", "same_commune": "bool"}
    order = ["likeness", "province_code", "first_id", "second_id"]
    return (
        table[COLUMNS]
        .astype(types)
        .sort_values(order, ascending=[False, True, True, True], ignore_index=True)
    )


def _pairs(records: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of one province."""
    work = records.sort_values("establishment_id", ignore_index=True)
    text = ["establishment_id", "name", "product", "province", "commune"]
    work[text] = work[text].astype(object).where(work[text].notna(), None)
    own = work["location_quality"] == "point"
    work[["lat", "lon"]] = work[["lat", "lon"]].astype("float64").where(own, np.nan)
    pairs = duplicates.candidates(work.assign(fresh=True))
    pairs = pairs.assign(likeness=duplicates.likeness(work, pairs))
    pairs = pairs[pairs["likeness"] >= duplicates.ASKED]
    one, two = (
        work.iloc[pairs[side].to_numpy(dtype=int)].reset_index(drop=True) for side in ("first", "second")
    )
    return pd.DataFrame(
        {
            "province_code": one["province"],
            "likeness": pairs["likeness"].to_numpy(dtype="float64"),
            **{f"first_{name}": one[column] for name, column in _SHOWN.items()},
            **{f"second_{name}": two[column] for name, column in _SHOWN.items()},
            "same_commune": one["commune"].notna() & (one["commune"] == two["commune"]),
        }
    )


_SHOWN = {"id": "establishment_id", "name": "name", "product": "product"}
