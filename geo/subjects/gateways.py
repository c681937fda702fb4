"""Gateways: sea ports and border gates, with their provinces in both vintages and what comes in.

Coordinates are to 1–3 km and mostly unchecked. What a gateway carries is ``checked`` on a few and general
knowledge (``unchecked``) on the others; the caller says whether unchecked ones may serve as import sources.
"""

from __future__ import annotations

import re
from functools import cache

import pandas as pd

from geo.places import admin, names
from geo.subjects.shipped import table

# Words of the cargo lists that plainly mean one raw material. Sawn wood, dried chips and the like are
# already worked: they are not counted as the raw material. "timber" is left out on purpose: the one list that
# says so rests on a report about smuggling, which is no source to plan on.
_CARGO = {
    "wood": "harvested_wood",
    "bamboo": "bamboo",
    "rubber": "rubber",
    "natural rubber": "rubber",
    "cassava": "cassava",
    "fresh cassava": "cassava",
    "raw cashew": "cashew",
    "sugarcane": "sugarcane",
    "paddy": "paddy_rice",
    "pepper": "pepper",
}
OPTION_COLUMNS = ["material_code", "gateway_code", "destination_code", "straight_km", "materials_status"]


def cargo_materials(cargo: str) -> tuple[str, ...]:
    """Return the raw materials named plainly in a cargo list, sorted.

    Examples
    --------
    >>> cargo_materials("raw cashew; rubber; fertiliser")
    ('cashew', 'rubber')
    """
    words = (re.sub(r"\s*\(.*?\)", "", part).strip().lower() for part in cargo.split(";"))
    return tuple(sorted({_CARGO[word] for word in words if word in _CARGO}))


def _province_codes(row: pd.Series, crosswalk: pd.DataFrame) -> tuple[str, str]:
    """The province of 2025 and the old one, resolved by name."""
    new = names.resolve(row["province"], "2025").province_code
    old_name = row["former_province"] or row["province"]
    old = names.resolve(old_name, "pre2025").province_code
    into = crosswalk.set_index("pre2025_code")["code_2025"]
    assert into[old] == new, f"{row['name_vi']}: {old} is not part of {new}"
    return new, old


def gateways() -> pd.DataFrame:
    """Return sea ports and border gates, indexed by ``gateway_code``, sorted.

    Returns
    -------
    DataFrame
        ``name_vi``, ``name_en``, ``gateway_type`` (seaport, border_gate_CN, _LA, _KH), ``lat``, ``lon``
        (degrees), ``province_code_2025``, ``province_code_pre2025``, ``materials_in`` and ``materials_out``
        (as published), ``material_codes_in`` (tuple of codes where the words are clear), ``coord_status``,
        ``materials_status`` (checked, unchecked, none), sources.
    """
    return _gateways().copy()


@cache
def _gateways() -> pd.DataFrame:
    """Read the gateways and resolve their provinces once."""
    frame = table("gateways.csv", numbers=("lat", "lon")).set_index("gateway_code").sort_index()
    crosswalk = admin.crosswalk()
    codes = [_province_codes(row, crosswalk) for _, row in frame.iterrows()]
    return frame.assign(
        province_code_2025=[new for new, _ in codes],
        province_code_pre2025=[old for _, old in codes],
        material_codes_in=frame["materials_in"].map(cargo_materials),
    )


def import_options(vintage: str = "2025", *, include_unchecked: bool = True) -> pd.DataFrame:
    """Return which gateway may bring which raw material, with its distance to every province.

    Parameters
    ----------
    vintage : str
        Vintage of the destination provinces.
    include_unchecked : bool
        False keeps only gateways whose cargo was read in a source.

    Returns
    -------
    DataFrame
        ``material_code``, ``gateway_code``, ``destination_code``, ``straight_km`` (great circle),
        ``materials_status``; sorted.

    Raises
    ------
    ParameterError
        If the vintage is unknown.
    """
    admin.check_vintage(vintage)
    from geo.places import distances  # late: it is a heavier module than the names need

    points = gateways()
    points = points[points["material_codes_in"].map(len) > 0]
    if not include_unchecked:
        points = points[points["materials_status"] == "checked"]
    if points.empty:
        return pd.DataFrame(columns=OPTION_COLUMNS)
    km = distances.to_points_km(vintage, points[["lat", "lon"]])
    wide = km.rename_axis(index="destination_code").reset_index()
    long = wide.melt("destination_code", var_name="gateway_code", value_name="straight_km")
    carried = points[["material_codes_in", "materials_status"]].explode("material_codes_in")
    carried = carried.rename(columns={"material_codes_in": "material_code"}).reset_index()
    options = carried.merge(long, on="gateway_code")[OPTION_COLUMNS]
    return options.sort_values(OPTION_COLUMNS[:3], ignore_index=True)
