"""The country outline: fetched from the npm registry, checked, projected, rivers and gaps closed.

Source: npm package ``@geo-maps/countries-land-1km`` 0.6.0 (package MIT; data © OpenStreetMap
contributors, ODbL 1.0), land of every country at about 1 km.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tarfile
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geo import paths
from geo.errors import DataError
from geo.places.plane import to_plane

PACKAGE = "@geo-maps/countries-land-1km"
VERSION = "0.6.0"
ARCHIVE = "geo-maps-countries-land-1km-0.6.0.tgz"
SHA256 = "04dc4548c3aee41b0ec7c01ea21db0ed86a47bf0d78e2952eeb2808016ce571a"
MEMBER = "package/map.geo.json"
CLOSE_M = 1200.0  # half the width of the rivers and gaps that are closed
ISLET_M = 600.0
COUNTRIES = "BRN CHN HKG IDN KHM LAO MAC MMR MYS PHL THA TWN VNM"
NEAR = tuple(f'"{code}"' for code in COUNTRIES.split())
WINDOW = (97.0, 4.0, 122.0, 26.0)  # west, south, east, north of the context map
# Seas of the two archipelagos (west, south, east, north): drawn by their own island points only.
ARCHIPELAGOS = ((110.5, 15.3, 113.5, 17.6), (111.0, 6.3, 117.6, 12.3))


def _sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fetch() -> Path:
    """Return the path of the outline archive, fetching it with npm when it is not in the cache.

    Raises
    ------
    DataError
        If npm is missing or fails, or the archive is not the one this product was built from.
    """
    folder = paths.home() / "sources"
    archive = folder / ARCHIVE
    if not archive.exists():
        npm = shutil.which("npm")
        if npm is None:
            raise DataError(
                vi=f"Dựng lại ranh giới cần gói npm {PACKAGE} {VERSION} nhưng máy này không có lệnh npm. "
                f"Hãy cài Node.js (có npm), hoặc tải tệp {ARCHIVE} và đặt vào {folder}.",
                en=f"Rebuilding the boundaries needs the npm package {PACKAGE} {VERSION}, but there is no "
                f"npm command here. Install Node.js (with npm), or put {ARCHIVE} into {folder}.",
            )
        folder.mkdir(parents=True, exist_ok=True)
        command = [npm, "pack", f"{PACKAGE}@{VERSION}", "--silent", "--pack-destination", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0 or not archive.exists():
            why = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["?"]
            raise DataError(
                vi=f"Lệnh npm không tải được gói {PACKAGE} {VERSION} ({why[0]}). Hãy kiểm tra kết nối tới "
                f"kho npm rồi chạy lại, hoặc đặt tệp {ARCHIVE} vào {folder}.",
                en=f"npm could not fetch {PACKAGE} {VERSION} ({why[0]}). Check the connection to the npm "
                f"registry and run again, or put {ARCHIVE} into {folder}.",
            )
    if (found := _sha256(archive)) != SHA256:
        raise DataError(
            vi=f"Tệp {archive} có mã SHA-256 {found}, không phải {SHA256} như bản dùng để dựng ranh giới. "
            "Hãy xoá tệp này rồi chạy lại.",
            en=f"The file {archive} has SHA-256 {found}, not {SHA256} of the edition the boundaries are "
            "built from. Delete it and run again.",
        )
    return archive


def countries() -> dict[str, BaseGeometry]:
    """Land of each country by three-letter code, in degrees, repaired."""
    with tarfile.open(fetch()) as box:
        member = box.extractfile(MEMBER)
        assert member is not None
        lines = member.read().decode("utf-8").splitlines()
    found: dict[str, BaseGeometry] = {}
    for line in lines:  # one country a line: only those in the window are worth decoding
        if line.rstrip(",}").endswith(NEAR):
            feature = json.loads(line.rstrip(","))
            land = shapely.clip_by_rect(shape(feature["geometry"]), *WINDOW)
            land = shapely.make_valid(land, method="structure", keep_collapsed=False)
            found[feature["properties"]["A3"]] = land
    return found


def country_land(lands: dict[str, BaseGeometry], places: np.ndarray) -> BaseGeometry:
    """Viet Nam's land in metres: rivers and gaps under 2.4 km closed, lakes filled, neighbours left alone.

    Parameters
    ----------
    lands : dict
        Land by country code, in degrees.
    places : array (n, 2) of float
        Commune points in metres. Where the outline leaves one in the water (spits, islets, lagoons), a
        disc of ``ISLET_M`` radius is added, so that no commune is without ground.

    Notes
    -----
    Specks of the source inside the archipelagos are dropped: those islands are points with names.
    """
    seas = shapely.union_all([shapely.box(*b) for b in ARCHIPELAGOS])
    parts = shapely.get_parts(lands["VNM"])
    land = _close(to_plane(shapely.union_all(parts[~shapely.intersects(parts, seas)])))
    shapely.prepare(land)
    wet = places[~shapely.contains_xy(land, places)]
    near_sea = to_plane(seas)
    wet = wet[~shapely.contains_xy(near_sea, wet)]
    full = _close(shapely.union_all([land, *(shapely.Point(p).buffer(ISLET_M, quad_segs=6) for p in wet)]))
    abroad = shapely.union_all([lands[c] for c in ("CHN", "LAO", "KHM")])
    abroad = to_plane(abroad.intersection(shapely.box(102, 8, 109, 24)))
    return full.difference(abroad.difference(land))


def _close(land: BaseGeometry) -> BaseGeometry:
    """Land with gaps narrower than twice ``CLOSE_M`` closed and without holes."""
    closed = land.buffer(CLOSE_M, quad_segs=4).buffer(-CLOSE_M, quad_segs=4).union(land)
    return shapely.union_all([shapely.Polygon(part.exterior) for part in shapely.get_parts(closed)])


def neighbour_land(lands: dict[str, BaseGeometry], own: BaseGeometry) -> BaseGeometry:
    """Land around Viet Nam in degrees, generalised to about 1.5 km, without small islands.

    ``own`` is Viet Nam's outline in degrees; it is cut out, so that neither gap nor overlap shows.
    """
    seas = shapely.union_all([shapely.box(*b) for b in ARCHIPELAGOS])
    window = shapely.box(*WINDOW)
    land = shapely.union_all([g.intersection(window) for c, g in sorted(lands.items()) if c != "VNM"])
    parts = shapely.get_parts(land)
    parts = parts[(shapely.area(parts) > 0.02) & ~shapely.intersects(parts, seas)]
    rough = shapely.union_all(shapely.simplify(parts, 0.02).tolist())
    return rough.buffer(0.02, quad_segs=2).difference(own.buffer(0)).simplify(0.004)
