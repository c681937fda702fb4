"""Whether a sector lies closer together than chance and the size of its plants explain.

Two indices that need more than a region × sector table: Ellison & Glaeser's γ takes the size of every plant
out of the concentration, Litzenberger & Sternberg's cluster index sets the sector against area and people.

γ is never made from numbers of establishments. Its purpose is to take out the concentration that a few large
plants bring about by themselves, and that needs the employees of every plant: with numbers alone all plants
would count as equally large, and one big mill would look like a cluster or like none.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from geo.errors import DataError


class EllisonGlaeser(NamedTuple):
    """The index and its two parts, dimensionless.

    Attributes
    ----------
    gamma : float
        0 where plants are scattered by chance, above where they seek each other, below where they avoid.
    raw : float
        G, the sum of squared differences between the sector's and the overall share of each region.
    plants : float
        H, the Herfindahl index of plant sizes.
    """

    gamma: float
    raw: float
    plants: float


def gamma(sector: np.ndarray, totals: np.ndarray, squared: float) -> EllisonGlaeser:
    """Return γ of a sector from sums over its plants.

    .. math:: \\gamma = \\frac{G - (1 - \\sum_r x_r^2) H}{(1 - \\sum_r x_r^2)(1 - H)},\\quad
              G = \\sum_r (s_r - x_r)^2

    Parameters
    ----------
    sector, totals : ndarray
        Employees of the sector and of everything, by region in the same order.
    squared : float
        Sum over plants of their employees squared.

    Returns
    -------
    EllisonGlaeser
        NaN where it does not exist: no employees, one plant only (H = 1), or one region only.
    """
    if sector.sum() <= 0 or totals.sum() <= 0:
        return EllisonGlaeser(np.nan, np.nan, np.nan)
    overall = totals / totals.sum()
    raw = float(((sector / sector.sum() - overall) ** 2).sum())
    plants = float(squared / sector.sum() ** 2)
    # Σx² = 1 is one region, where nothing can be concentrated; H = 1 is one plant, whose place is no pattern.
    spread = 1.0 - float((overall**2).sum())
    if spread <= 1e-12 or 1.0 - plants <= 1e-12:
        return EllisonGlaeser(np.nan, raw, plants)
    return EllisonGlaeser((raw - spread * plants) / (spread * (1.0 - plants)), raw, plants)


def ellison_glaeser(establishments: pd.DataFrame, region_totals: pd.Series) -> float:
    """Return Ellison & Glaeser's index of concentration of one sector, net of the size of its plants.

    Parameters
    ----------
    establishments : DataFrame
        One row a plant of the sector: ``region``, ``employees`` (persons, >= 0); other columns are not read.
        Rows without employees are left out: count them before calling.
    region_totals : Series
        All employment (persons) by region, also of regions where the sector has no plant.

    Returns
    -------
    float
        γ, dimensionless; 0 for plants scattered by chance, negative for plants that avoid each other. NaN
        without employees, with a single plant, or with a single region. The authors call a sector not very
        concentrated below 0.02 and highly concentrated above 0.05.

    Raises
    ------
    DataError
        If a column is missing, a number is negative or not a number, or a plant stands in a region that
        ``region_totals`` lacks.

    References
    ----------
    Ellison & Glaeser (1997), Journal of Political Economy 105.
    """
    return ellison_glaeser_parts(establishments, region_totals).gamma


def ellison_glaeser_parts(establishments: pd.DataFrame, region_totals: pd.Series) -> EllisonGlaeser:
    """Return γ together with G and H; arguments and errors as :func:`ellison_glaeser`."""
    missing = [name for name in ("region", "employees") if name not in establishments]
    if missing:
        raise DataError(
            vi=f"Bảng cơ sở cần các cột region và employees, nhưng thiếu: {', '.join(missing)}; hãy thêm cột đó.",
            en="The table of establishments needs the columns region and employees, but lacks: "
            f"{', '.join(missing)}; add them.",
        )
    totals = _numbers(pd.Series(region_totals), "region_totals")
    if totals.isna().any() or not totals.index.is_unique:
        raise DataError(
            vi="Tổng lao động theo vùng (region_totals) phải có mỗi vùng đúng một lần và đủ số; hãy gộp các "
            "vùng trùng và bổ sung số còn thiếu.",
            en="The employment of the regions (region_totals) must hold every region once, each with a "
            "figure; add up repeated regions and fill in what is missing.",
        )
    plants = establishments[["region", "employees"]]
    plants = plants.assign(employees=_numbers(plants["employees"], "employees")).dropna(subset=["employees"])
    unknown = sorted({str(region) for region in plants["region"][~plants["region"].isin(totals.index)]})
    if unknown:
        raise DataError(
            vi=f"Mọi vùng của cơ sở phải có trong region_totals, nhưng thiếu: {', '.join(unknown[:5])}; "
            "hãy bổ sung tổng lao động của các vùng này.",
            en="Every region of a plant must be in region_totals, but these are not: "
            f"{', '.join(unknown[:5])}; add their employment.",
        )
    by_region = plants.groupby("region")["employees"].sum().reindex(totals.index, fill_value=0.0)
    squared = float((plants["employees"] ** 2).sum())
    return gamma(by_region.to_numpy(dtype="float64"), totals.to_numpy(dtype="float64"), squared)


def litzenberger_index(
    *,
    sector_employees: float | pd.Series,
    sector_employees_total: float | pd.Series,
    area_km2: float | pd.Series,
    area_km2_total: float | pd.Series,
    population: float | pd.Series,
    population_total: float | pd.Series,
    establishments: float | pd.Series,
    establishments_total: float | pd.Series,
) -> float | pd.Series:
    """Return Litzenberger & Sternberg's cluster index of a sector in a region.

    .. math:: CI = \\frac{e_r/e}{a_r/a} \\cdot \\frac{e_r/e}{p_r/p}
              \\Big/ \\frac{e_r/b_r}{e/b}
              = \\frac{(e_r/e)(b_r/b)}{(a_r/a)(p_r/p)}

    Density of the sector's workers on the land, times their share among the people, over the relative size
    of its establishments: high where many workers in many establishments stand on little land among few
    people.

    Parameters
    ----------
    sector_employees, sector_employees_total : float or Series
        Employees of the sector in the region and in the whole country (persons).
    area_km2, area_km2_total : float or Series
        Area of the region and of the country, > 0.
    population, population_total : float or Series
        Inhabitants of the region and of the country, > 0.
    establishments, establishments_total : float or Series
        Establishments of the sector in the region and in the country.

    Returns
    -------
    float or Series
        Dimensionless, 1 where the region is like the country; not normalised: compare only values of one
        table. A Series (aligned by index) when any argument is one. NaN without area or people, and where
        the country has none of the sector; 0 where the region has none of it.

    Raises
    ------
    DataError
        If a value is negative or not a number.

    References
    ----------
    Litzenberger & Sternberg (2006), Geographische Zeitschrift 94; Farhauer & Kröll (2014), Standorttheorien.

    Examples
    --------
    >>> round(litzenberger_index(sector_employees=1743, sector_employees_total=5740, area_km2=50,
    ...     area_km2_total=576, population=488, population_total=4621, establishments=35,
    ...     establishments_total=53), 5)
    21.87491
    """
    ratio = (
        _share(sector_employees, sector_employees_total, "sector_employees")
        * _share(establishments, establishments_total, "establishments")
        / _share(area_km2, area_km2_total, "area_km2", positive=True)
        / _share(population, population_total, "population", positive=True)
    )
    return ratio if isinstance(ratio, pd.Series) else float(ratio)


def _share(
    part: float | pd.Series, whole: float | pd.Series, name: str, *, positive: bool = False
) -> float | pd.Series:
    """A part of the whole; NaN where the whole, or a part that must be positive, is nothing."""
    above, below = (
        _positive_whole(part, name, keep_zero=not positive),
        _positive_whole(whole, f"{name}_total"),
    )
    return above / below


def _positive_whole(value: float | pd.Series, name: str, *, keep_zero: bool = False) -> float | pd.Series:
    """Checked numbers, with zero as NaN unless a zero may stay."""
    if isinstance(value, pd.Series | np.ndarray | list | tuple):
        series = _numbers(value if isinstance(value, pd.Series) else pd.Series(value), name)
        return series if keep_zero else series.where(series > 0)
    number = float(_numbers(pd.Series([value]), name).iloc[0])
    return number if keep_zero or number > 0 else float("nan")


def _numbers(values: pd.Series, name: str) -> pd.Series:
    """Numbers as floats, missing ones kept; refuses text and negatives."""
    try:
        out = values.astype("float64")
    except (TypeError, ValueError) as error:
        raise DataError(
            vi=f"“{name}” phải toàn là số, nhưng có giá trị không phải số; hãy sửa giá trị đó.",
            en=f'"{name}" must hold numbers only, but a value is not a number; correct it.',
        ) from error
    if (out < 0).any():
        low = f"{out.min():g}"
        raise DataError(
            vi=f"“{name}” phải từ 0 trở lên, nhưng có giá trị {low}; hãy sửa số âm.",
            en=f'"{name}" must be 0 or more, but {low} came; correct the negative value.',
        )
    return out
