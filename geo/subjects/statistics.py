"""Province statistics: establishments, workers, area, population, freight, industrial clusters.

Figures keep their year and vintage. Registered population of 2025 (113.6 million) and average population
of 2016 (92.7 million) are different things: never compare them.
"""

from __future__ import annotations

import pandas as pd

from geo.errors import ParameterError
from geo.places import admin
from geo.subjects.shipped import table

# An index has no sum.
NOT_ADDABLE = frozenset({"index_of_industrial_production_previous_year_100"})


def indicators() -> pd.DataFrame:
    """Return what is measured, indexed by ``indicator``, sorted.

    Returns
    -------
    DataFrame
        ``label_vi``, ``label_en``, ``unit``, ``vintage`` (of the figures), ``year`` (NaN undated),
        ``provinces`` (how many have a figure), ``addable`` (63 → 34 by a sum).
    """
    rows = table("province_stats.csv", numbers=("year", "value"))
    grouped = rows.groupby("indicator", sort=True)
    first = ["label_vi", "label_en", "unit", "vintage", "year"]
    out = grouped[first].first().join(grouped["province_code"].nunique().rename("provinces"))
    return out.assign(addable=~out.index.isin(NOT_ADDABLE))


def values(indicator: str, vintage: str = "2025") -> pd.Series:
    """Return one indicator for the provinces of a vintage that have a figure.

    Parameters
    ----------
    indicator : str
        Of :func:`indicators`; the unit is there.
    vintage : str
        ``2025`` or ``pre2025``; figures of the 63 are summed exactly into the 34.

    Returns
    -------
    Series
        Value by ``province_code``, sorted. A province of 2025 is left out where an old part of it has no
        figure: half a province is no figure.

    Raises
    ------
    ParameterError
        If the indicator is unknown, cannot be added up, or is known only for the 34 and the 63 are asked for.
    """
    admin.check_vintage(vintage)
    known = indicators()
    if indicator not in known.index:
        raise ParameterError(
            vi=f"Chỉ tiêu phải có trong bảng thống kê tỉnh, nhưng nhận được “{indicator}”; hãy chọn một trong: "
            f"{', '.join(known.index)}.",
            en=f'The indicator must be in the province statistics, but "{indicator}" came; choose one of: '
            f"{', '.join(known.index)}.",
        )
    rows = table("province_stats.csv", numbers=("value",))
    rows = rows[rows["indicator"] == indicator]
    came = str(known["vintage"][indicator])
    if came == vintage:
        return rows.set_index("province_code")["value"].sort_index()
    if vintage == "pre2025" or not known["addable"][indicator]:
        raise ParameterError(
            vi=f"Chỉ tiêu “{indicator}” chỉ có theo bộ {came} và không chuyển sang bộ {vintage} được; "
            f"hãy xem theo bộ {came}.",
            en=f'The indicator "{indicator}" is known for vintage {came} only and cannot be turned into '
            f"{vintage}; look at it in {came}.",
        )
    summed = admin.to_2025(rows[["province_code", "value"]], sum_columns=["value"], count_known=True)
    whole = summed[summed["value_known"] == summed["provinces_merged"]]
    return whole.set_index("province_code")["value"].astype("float64").sort_index()
