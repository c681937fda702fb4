"""Points of rows: read in whatever form, repaired with consent, held against the province stated."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import shapely

from geo.intake import coordinates, values, whereabouts
from geo.intake.faults import Faults
from geo.intake.model import Options
from geo.numbers import number
from geo.places import boundaries, plane

#: A point this far outside its province is taken for a fault; nearer, the drawn border may be at fault (km).
FAR_OUTSIDE_KM = 5.0
_HOMES = ["province_code_2025", "province_code_pre2025"]


def read(
    fields: Mapping[str, pd.Series], index: pd.Index, out: pd.DataFrame, options: Options, faults: Faults
) -> tuple[pd.Series, pd.Series]:
    """Return the points of the rows in degrees, whatever they were written in; NaN where there is none."""
    raw_lat, raw_lon = (fields.get(name, values.empty(index)) for name in ("lat", "lon"))
    if "position" in fields:
        one, two = coordinates.pairs(fields["position"])
        raw_lat, raw_lon = raw_lat.where(raw_lat.notna(), one), raw_lon.where(raw_lon.notna(), two)
    lat, lon = first, second = coordinates.numbers(raw_lat), coordinates.numbers(raw_lon)
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
    _from_plane(kind, first, second, out, lat, lon, both, field, faults)
    _repair(kind, first, second, lat, lon, both, field, options, faults)
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
    homes = out.loc[metric, _HOMES]
    for (new, old), group in homes.groupby(_HOMES, dropna=False):
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


def judge_apart(
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
