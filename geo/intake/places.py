"""The place of every row: names and codes looked up, points read, and the two held against each other."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import shapely

from geo.intake import coordinates, values, vintages, whereabouts
from geo.intake.faults import Faults
from geo.intake.model import Options
from geo.numbers import number
from geo.places import admin, boundaries, locate, plane

#: A point this far outside its province is taken for a fault; nearer, the drawn border may be at fault (km).
FAR_OUTSIDE_KM = 5.0
#: Fields that name a place (coordinates beside them).
NAMED = ("province", "province_code", "district", "commune", "commune_code", "address", "vintage")
_CHECKED_AREAS = ("province_code_2025", "province_code_pre2025")


def resolve(
    fields: Mapping[str, pd.Series], index: pd.Index, options: Options, faults: Faults, *, needed: bool = True
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
    out = _from_names(fields, index, options, faults)
    _take_commune_codes(out, fields, faults)
    lat, lon = _points(fields, index, out, options, faults)
    own = lat.notna() & lon.notna()
    if "location_quality" in fields:  # an export says where its points are those of communes
        own = _keep_commune_points(out, fields["location_quality"], lat, lon, own)
    inside = locate.assign_communes(pd.DataFrame({"lat": lat[own], "lon": lon[own]}))
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
    fields: Mapping[str, pd.Series], index: pd.Index, options: Options, faults: Faults
) -> pd.DataFrame:
    """Look the names of every row up."""
    parts = pd.DataFrame({name: fields[name] for name in whereabouts.PARTS if name in fields}, index=index)
    which, combos = whereabouts.combinations(parts)
    decided = vintages.decide(combos, options.vintage)
    found = [whereabouts.look_up(combo, vintage) for combo, vintage in zip(combos, decided, strict=True)]
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


def _points(
    fields: Mapping[str, pd.Series], index: pd.Index, out: pd.DataFrame, options: Options, faults: Faults
) -> tuple[pd.Series, pd.Series]:
    """Return the points of the rows in degrees, whatever they were written in; NaN where there is none."""
    raw_lat, raw_lon = (fields.get(name, values.empty(index)) for name in ("lat", "lon"))
    if "position" in fields:
        one, two = coordinates.pairs(fields["position"])
        raw_lat, raw_lon = raw_lat.where(raw_lat.notna(), one), raw_lon.where(raw_lon.notna(), two)
    lat, lon = coordinates.numbers(raw_lat), coordinates.numbers(raw_lon)
    for name, raw, read in (("lat", raw_lat, lat), ("lon", raw_lon, lon)):
        field = name if name in fields else "position"
        faults.add(
            index[raw.notna() & read.isna()], field, "coordinate", raw,
            "Tọa độ phải là độ thập phân (21,0285), độ phút giây (21°01'42\") hoặc mét VN-2000.",
            "Coordinates must be decimal degrees (21.0285), degrees-minutes-seconds or metres of VN-2000.",
        )  # fmt: skip
    field = "lat" if "lat" in fields else "position"
    half = (lat.notna() != lon.notna()) & (raw_lat.notna() != raw_lon.notna())
    faults.add(
        index[half],
        field,
        "coordinate-half",
        None,
        "Cần cả vĩ độ và kinh độ.",
        "Both latitude and longitude are needed.",
    )
    kind = coordinates.classify(lat, lon)
    both = pd.Series(raw_lat.astype(str) + "; " + raw_lon.astype(str), index=index)
    lat, lon = lat.where(kind == "degrees"), lon.where(kind == "degrees")
    _from_plane(
        kind, coordinates.numbers(raw_lat), coordinates.numbers(raw_lon), out, lat, lon, both, field, faults
    )
    _repair(
        kind,
        coordinates.numbers(raw_lat),
        coordinates.numbers(raw_lon),
        lat,
        lon,
        both,
        field,
        options,
        faults,
    )
    return lat, lon


def _from_plane(
    kind: pd.Series, first: pd.Series, second: pd.Series, out: pd.DataFrame, lat: pd.Series, lon: pd.Series,
    both: pd.Series, field: str, faults: Faults,
) -> None:  # fmt: skip
    """Turn metres of VN-2000 into degrees by the zone of the province; written into ``lat`` and ``lon``."""
    metric = kind.isin(["plane", "plane-swapped"])
    if not metric.any():
        return
    turned = kind == "plane-swapped"
    northing, easting = first.where(~turned, second), second.where(~turned, first)
    homes = out.loc[metric, list(_CHECKED_AREAS)]
    for (new, old), group in homes.groupby(list(_CHECKED_AREAS), dropna=False):
        zones = coordinates.candidate_zones(
            new if isinstance(new, str) else None, old if isinstance(old, str) else None
        )
        if len(zones) != 1:
            listed = ", ".join(f"EPSG:{zone}" for zone in zones)
            faults.add(
                group.index, field, "plane-zone", both,
                f"Tọa độ VN-2000 cần biết kinh tuyến trục: hãy ghi tỉnh cũ (63 tỉnh){' (có thể: ' + listed + ')' if listed else ''}.",
                f"VN-2000 metres need their zone: state the former province (of the 63){' (it could be: ' + listed + ')' if listed else ''}.",
            )  # fmt: skip
            continue
        y, x = northing[group.index].to_numpy(), easting[group.index].to_numpy()
        lat[group.index], lon[group.index] = coordinates.from_plane(y, x, zones[0])


def _repair(
    kind: pd.Series, first: pd.Series, second: pd.Series, lat: pd.Series, lon: pd.Series, both: pd.Series,
    field: str, options: Options, faults: Faults,
) -> None:  # fmt: skip
    """Repair what may be repaired, say what may not; written into ``lat`` and ``lon``."""
    cases = {
        "swapped": ("swap", (second, first), "Vĩ độ và kinh độ bị đảo chỗ.", "Latitude and longitude are swapped."),
        "no-point": ("decimal-point", coordinates.with_point(first, second), "Tọa độ mất dấu thập phân.",
                     "The coordinates have lost their decimal point."),
        "outside": ("drop-point", None, "Điểm nằm ngoài Việt Nam.", "The point lies outside Viet Nam."),
        "zero": ("drop-point", None, "Tọa độ 0; 0 không phải là vị trí; chưa biết thì để trống.",
                 "Coordinates 0; 0 are no place; leave them empty where not known."),
    }  # fmt: skip
    for name, (consent, right, vi, en) in cases.items():
        rows = kind.index[kind == name]
        if not len(rows):
            continue
        agreed = consent in options.repairs
        if right is not None and agreed:
            lat[rows], lon[rows] = right[0][rows], right[1][rows]
        proposal = ""
        if right is not None:
            shown = {str(both[r]): f"{right[0][r]:.6f}; {right[1][r]:.6f}" for r in rows}
            proposal = shown.get  # type: ignore[assignment]
        ending_vi = (
            " Đã sửa theo lựa chọn."
            if agreed
            else f" Sửa trong tệp, hoặc đồng ý cho sửa (--repair {consent})."
        )
        ending_en = (
            " Repaired as chosen." if agreed else f" Repair it in the file, or consent (--repair {consent})."
        )
        faults.add(rows, field, f"coordinate-{name}", both, vi + ending_vi, en + ending_en, proposal=proposal,
                   severity="warning" if agreed else "error")  # fmt: skip


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
    far = _judge_apart(apart, pd.Series(column, index=inside.index), stated, lat, lon, options, faults)
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


def _judge_apart(
    rows: pd.Index,
    vintage: pd.Series,
    stated: pd.Series,
    lat: pd.Series,
    lon: pd.Series,
    options: Options,
    faults: Faults,
) -> pd.Index:
    """Say how far points lie outside their stated province; return those too far to be its border's fault."""
    far: list[object] = []
    for (kind, code), group in pd.DataFrame({"v": vintage[rows], "c": stated[rows]}).groupby(["v", "c"]):
        areas = boundaries.load("province", str(kind)).set_index("province_code").geometry
        area = plane.to_plane(np.array([areas[str(code)]]))[0]
        spots = shapely.points(
            plane.points_to_plane(lon[group.index].to_numpy(), lat[group.index].to_numpy())
        )
        name = whereabouts.names_label(str(code), str(kind))
        for row, km in zip(group.index, shapely.distance(spots, area) / 1000, strict=True):
            dropped = "drop-point" in options.repairs
            wrong = km > FAR_OUTSIDE_KM
            far += [row] if wrong else []
            tail_vi = (
                ""
                if not wrong
                else " Đã bỏ tọa độ theo lựa chọn."
                if dropped
                else " Sửa tọa độ hoặc tỉnh, hoặc đồng ý bỏ điểm (--repair drop-point)."
            )
            tail_en = (
                ""
                if not wrong
                else " The point was dropped as chosen."
                if dropped
                else " Repair the point or the province, or consent to drop the point (--repair drop-point)."
            )
            faults.add(
                [row], "lat", "point-outside-province", pd.Series({row: f"{lat[row]:.5f}; {lon[row]:.5f}"}),
                f"Điểm nằm ngoài {name}, cách {number(km, 1)} km.{tail_vi}",
                f"The point lies {number(km, 1, 'en')} km outside {name}.{tail_en}",
                severity="error" if wrong and not dropped else "warning",
            )  # fmt: skip
    return pd.Index(far)
