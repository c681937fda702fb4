"""The place of every row: names and codes looked up, points read, and the two held against each other."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.intake import points, values, vintages, whereabouts
from geo.intake.faults import Faults
from geo.intake.model import Options
from geo.intake.pace import SILENT, Pace
from geo.places import admin, locate

#: Fields that name a place (coordinates beside them).
NAMED = ("province", "province_code", "district", "commune", "commune_code", "address", "vintage")


def resolve(
    fields: Mapping[str, pd.Series],
    index: pd.Index,
    options: Options,
    faults: Faults,
    *,
    needed: bool = True,
    pace: Pace = SILENT,
) -> pd.DataFrame:
    """Return province, commune and point of every row, faults noted.

    Parameters
    ----------
    fields : mapping
        Field → clean text (names, codes, address) or raw cells (``lat``, ``lon``, ``position``).
    index : Index
        The rows.
    options : Options
        Vintage and consented repairs.
    faults : Faults
        Written to.
    needed : bool, default True
        A row without a province is at fault.
    pace : Pace
        Told how far the look-ups are.

    Returns
    -------
    DataFrame
        Same index: ``vintage``, ``province_code``, both provinces, both communes, ``lat``, ``lon``,
        ``location_quality``.

    Raises
    ------
    DataError
        If the vintage is not told by the file and not stated.
    """
    out = _from_names(fields, index, options, faults, pace.part(0, 0.6))
    pace.at(0.6)
    _take_commune_codes(out, fields, faults)
    lat, lon = points.read(fields, index, out, options, faults)
    pace.at(0.75)
    own = lat.notna() & lon.notna()
    if "location_quality" in fields:  # an export says where its points are those of communes
        own = _keep_commune_points(out, fields["location_quality"], lat, lon, own)
    inside = locate.assign_communes(pd.DataFrame({"lat": lat[own], "lon": lon[own]}))
    pace.at(0.85)
    _take_points(out, fields, lat, lon, own, inside, options, faults)
    lost = out["province_code"].isna() & needed
    hit = faults.frame()
    told = set(hit.loc[hit["severity"] == "error", "row"])
    faults.add(
        [row for row in out.index[lost] if row not in told], "province", "province-missing", None,
        "Thiếu tỉnh: cần tên hoặc mã tỉnh, địa chỉ có tỉnh, hoặc tọa độ.",
        "No province: a name or code, an address with the province, or coordinates are needed.",
    )  # fmt: skip
    return out


def _from_names(
    fields: Mapping[str, pd.Series], index: pd.Index, options: Options, faults: Faults, pace: Pace
) -> pd.DataFrame:
    """Look the names of every row up."""
    parts = pd.DataFrame({name: fields[name] for name in whereabouts.PARTS if name in fields}, index=index)
    which, combos = whereabouts.combinations(parts)
    decided = vintages.decide(combos, options.vintage)
    pairs = pace.over(zip(combos, decided, strict=True), len(combos))
    found = [whereabouts.look_up(combo, vintage) for combo, vintage in pairs]
    columns = {
        name: np.array([getattr(place, name) for place in found], dtype=object)[which]
        for name in whereabouts.OUT
    }
    out = pd.DataFrame(columns, index=index)
    rows = pd.Series(index, index=which)
    for place_number, place in enumerate(found):
        said = [(place.fault, "error")] if place.fault else []
        for (field, code, vi, en, proposal), severity in [*said, *((w, "warning") for w in place.warnings)]:
            at = pd.Index(np.atleast_1d(rows.loc[place_number]))
            faults.add(at, field, code, fields.get(field), vi, en, proposal=proposal, severity=severity)
    usual = options.vintage if options.vintage in admin.VINTAGES else admin.DEFAULT_VINTAGE
    out["vintage"] = out["vintage"].where(out["vintage"].isin(admin.VINTAGES), usual)
    out[["lat", "lon"]] = out[["lat", "lon"]].astype(float)
    return out


def _take_commune_codes(out: pd.DataFrame, fields: Mapping[str, pd.Series], faults: Faults) -> None:
    """Let stated commune codes of either vintage fill the place; they must exist and lie in the province."""
    for vintage in admin.VINTAGES:
        column = f"commune_code_{vintage}"
        if column not in fields:
            continue
        stated = values.by_value(fields[column], lambda code: str(code).zfill(5))
        table, given = locate.communes(vintage), stated.notna()
        unknown = given & ~stated.isin(table.index)
        faults.add(
            out.index[unknown], column, "commune-unknown", stated, f"Mã xã phải có trong bộ {vintage}.",
            f"The commune code must be one of vintage {vintage}.",
        )  # fmt: skip
        home = stated.where(~unknown).map(table["province_code"])
        known, other = out[f"province_code_{vintage}"], given & ~unknown
        apart = other & known.notna() & (home != known)
        faults.add(
            out.index[apart], column, "commune-province", stated, "Mã xã không thuộc tỉnh đã ghi.",
            "The commune is not in the province stated.",
        )  # fmt: skip
        take = other & ~apart
        out.loc[take, column] = stated[take]
        out.loc[take, f"province_code_{vintage}"] = home[take]
        bare = take & (out["vintage"] == vintage) & out["province_code"].isna()
        out.loc[bare, "province_code"] = home[bare]
        point = take & out["lat"].isna()
        for axis in ("lat", "lon"):
            out.loc[point, axis] = stated[point].map(table[axis]).astype(float)
    _spread_provinces(out)


def _spread_provinces(out: pd.DataFrame) -> None:
    """Fill the province of 2025 from the old one."""
    walk = admin.crosswalk().set_index("pre2025_code")["code_2025"]
    lacking = out["province_code_2025"].isna() & out["province_code_pre2025"].notna()
    out.loc[lacking, "province_code_2025"] = out.loc[lacking, "province_code_pre2025"].map(walk)


def _keep_commune_points(
    out: pd.DataFrame, quality: pd.Series, lat: pd.Series, lon: pd.Series, own: pd.Series
) -> pd.Series:
    """Take points that stand for a commune as they are, in place; return which points are the rows' own."""
    rows = out.index[own & (quality == "commune") & out["province_code"].notna()]
    out.loc[rows, "lat"], out.loc[rows, "lon"] = lat[rows], lon[rows]
    return own & ~out.index.isin(rows)


def _take_points(
    out: pd.DataFrame,
    fields: Mapping[str, pd.Series],
    lat: pd.Series,
    lon: pd.Series,
    own: pd.Series,
    inside: pd.DataFrame,
    options: Options,
    faults: Faults,
) -> None:
    """Let points of the rows fill the place, if they agree with the province stated; in place."""
    named = out.loc[own, "province_code"].notna()
    column = np.where(out.loc[own, "province_code_pre2025"].notna(), "pre2025", "2025")
    stated = pd.Series(
        np.where(
            column == "pre2025", out.loc[own, "province_code_pre2025"], out.loc[own, "province_code_2025"]
        ),
        index=inside.index,
    )
    seen = pd.Series(
        np.where(column == "pre2025", inside["province_code_pre2025"], inside["province_code_2025"]),
        index=inside.index,
    )
    stray = inside.index[seen.isna() & ~named]
    faults.add(
        stray,
        "lat",
        "coordinate-outside",
        None,
        "Điểm không nằm trong tỉnh nào.",
        "The point lies in no province.",
    )
    apart = inside.index[named & (seen != stated)]
    far = points.judge_apart(apart, pd.Series(column, index=inside.index), stated, lat, lon, options, faults)
    good = inside.index.difference(far).difference(stray)
    out.loc[good, "lat"], out.loc[good, "lon"] = lat[good], lon[good]
    out["location_quality"] = np.where(out["lat"].notna(), "commune", "province")
    out.loc[good, "location_quality"] = "point"
    agree = good.difference(apart)
    for name in inside.columns:
        value = inside.loc[agree, name]
        stated_code = out.loc[agree, name].notna() & (
            name in fields
        )  # a code stated says more than a drawn border
        out.loc[agree, name] = value.where(value.notna() & ~stated_code, out.loc[agree, name])
    fill = agree[out.loc[agree, "province_code"].isna()]
    out.loc[fill, "province_code"] = [
        inside.loc[row, f"province_code_{out.loc[row, 'vintage']}"] for row in fill
    ]
