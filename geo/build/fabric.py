"""Make ``data/boundaries/``: one fabric of communes, provinces and regions of both vintages.

``python -m geo build boundaries`` runs :func:`build`. Every layer is dissolved from the same atoms (old
commune × new commune), so borders of all levels and of both vintages coincide.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import Voronoi, cKDTree
from shapely.geometry.base import BaseGeometry

from geo.build import islands, outline, sites
from geo.build.communes import judge_points
from geo.errors import DataError
from geo.paths import DATA
from geo.places import plane

SCRAP_M2 = 1.0e6  # a detached piece of a commune smaller than this joins its neighbour
EXCLAVE_SITES = 15  # a detached piece of a province with more sites than this is believed
TOLERANCE_M = 150.0
DIGITS = 5  # about a metre
SCREEN_M = 1100.0
SCREEN_DIGITS = 4


@dataclass(frozen=True)
class Labels:
    """Sites in metres with the old and new commune of each (arrays of one length)."""

    xy: np.ndarray
    old: np.ndarray
    new: np.ndarray
    ridges: np.ndarray  # (m, 2) neighbouring sites
    lines: np.ndarray  # (m, 2, 2) the border between them, NaN when it is endless


def _cells(xy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Neighbouring sites and the border line between each two of them."""
    cells = Voronoi(xy)
    ends = np.asarray(cells.ridge_vertices)
    bounded = np.asarray((ends >= 0).all(axis=1))
    lines = np.where(bounded[:, None, None], cells.vertices[ends], np.nan)
    return cells.ridge_points, lines


def _island(land: BaseGeometry, xy: np.ndarray) -> np.ndarray:
    """Number of the land part each site lies on, -1 at sea."""
    island = np.full(len(xy), -1)
    for number, part in enumerate(shapely.get_parts(land)):
        west, south, east, north = part.bounds
        low, high = np.array([west, south]), np.array([east, north])
        rows = np.flatnonzero(((xy >= low) & (xy <= high)).all(axis=1))
        shapely.prepare(part)
        island[rows[np.asarray(shapely.contains_xy(part, xy[rows]))]] = number
    return island


def _new_labels(xy: np.ndarray, old_label: np.ndarray, links: pd.DataFrame, new: pd.DataFrame) -> np.ndarray:
    """New commune of each site: by the table, a split commune going to the nearest of its successors."""
    points = plane.points_to_plane(new["lon"].to_numpy(), new["lat"].to_numpy())
    place = pd.Series(np.arange(len(new)), index=new["commune_code"])
    result = np.full(len(xy), -1)
    order = np.argsort(old_label, kind="stable")
    codes, start = np.unique(old_label[order], return_index=True)
    parts = np.split(order, start[1:])
    links = links.sort_values(["old_code", "new_code"])
    owners, begin = np.unique(links["old_code"].to_numpy(dtype=object), return_index=True)
    targets = dict(zip(owners, np.split(links["new_code"].map(place).to_numpy(), begin[1:]), strict=True))
    for code, rows in zip(codes, parts, strict=True):
        options = targets[code]
        if len(options) > 1:
            result[rows] = options[cKDTree(points[options]).query(xy[rows])[1]]
        else:
            result[rows] = options[0]
    return result


def label_sites(land: BaseGeometry, old: pd.DataFrame, new: pd.DataFrame, links: pd.DataFrame) -> Labels:
    """Label sites all over ``land`` (metres) with old and new communes, cleaned of scraps."""
    seeds = sites.ashore(sites.make_seeds(old, new), land)
    place = pd.Series(np.arange(len(new)), index=new["commune_code"])
    single = links[~links["split"]].set_index("old_code")["new_code"].map(place)
    whole = single.reindex(seeds.code).fillna(-1).astype(int).to_numpy()
    scale = sites.fit_scale(land, seeds, whole, new["area_km2"].fillna(0).to_numpy())
    spots = sites.make_sites(land, seeds)
    who, seed, cost = sites.candidates(spots, seeds)
    near = sites.contested(spots, seeds, land, (who, seed, cost), scale)
    xy, label = spots[near], sites.cheapest(who, seed, cost, scale)[near]
    ridges, lines = _cells(xy)
    island = _island(land, xy)
    weight = np.where(island >= 0, 1.0, 0.0)
    label = sites.clean(label, ridges, weight, island)
    province = pd.factorize(old.set_index("commune_code")["province_code"].loc[seeds.code], sort=True)[0]
    label = sites.clean(province[label], ridges, weight, island, rename=label, largest=EXCLAVE_SITES)
    fresh = _new_labels(xy, seeds.code[label], links, new)
    group = pd.factorize(new["province_code"], sort=True)[0]
    fresh = sites.clean(fresh, ridges, weight, island, allowed=group[fresh])
    codes = new["commune_code"].to_numpy(dtype=object)
    return Labels(xy, seeds.code[label], codes[fresh], ridges, lines)


def _faces(labels: Labels, land: BaseGeometry) -> gpd.GeoDataFrame:
    """Polygons of land between borders, each with its old and new commune, in metres."""
    a, b = labels.ridges.T
    border = (labels.old[a] != labels.old[b]) | (labels.new[a] != labels.new[b])
    border &= np.isfinite(labels.lines).all(axis=(1, 2))
    ends = labels.lines[border].reshape(-1, 2)
    lines = shapely.line_merge(shapely.multilinestrings(shapely.linestrings(ends.reshape(-1, 2, 2))))
    net = shapely.union_all([lines, shapely.boundary(land)])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(net)))
    inner = shapely.point_on_surface(faces)
    shapely.prepare(land)
    inside = shapely.contains(land, inner)
    _, site = cKDTree(labels.xy).query(shapely.get_coordinates(inner[inside]))
    return gpd.GeoDataFrame(
        {"old": labels.old[site], "new": labels.new[site]}, geometry=faces[inside], crs=plane.PROJECTION
    )


def _merge_scraps(faces: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give small detached faces of a commune the labels of the neighbour they share most border with."""
    faces = faces.reset_index(drop=True)
    shapes = faces.geometry.to_numpy()
    area = pd.Series(shapely.area(shapes))
    largest = area.groupby(faces["old"]).transform("max")
    small = np.flatnonzero((area < SCRAP_M2) & (area < largest))
    one, two = shapely.STRtree(shapes).query(shapes[small], predicate="touches")
    rows = small[one]
    common = shapely.intersection(shapely.boundary(shapes[rows]), shapely.boundary(shapes[two]))
    table = pd.DataFrame({"row": rows, "to": two, "shared": shapely.length(common)}).query("shared > 0")
    for column in ("old", "new"):
        labels = faces[column].to_numpy()
        kin = table["row"][labels[table["row"]] == labels[table["to"]]]
        alone = table[~table["row"].isin(kin) & ~table["to"].isin(small)]
        alone = alone.sort_values(["row", "shared", "to"], ascending=[True, False, True]).drop_duplicates(
            "row"
        )
        faces.loc[alone["row"], ["old", "new"]] = faces.loc[alone["to"], ["old", "new"]].to_numpy()
    return faces


def make_atoms(labels: Labels, land: BaseGeometry) -> gpd.GeoDataFrame:
    """Atoms (``old`` commune × ``new`` commune) in degrees: a coverage whose shared borders coincide."""
    faces = _merge_scraps(_faces(labels, land))
    keys = (faces["old"] + "|" + faces["new"]).to_numpy(dtype=object)
    names, shapes = plane.dissolve(faces.geometry.to_numpy(), keys)
    slim = plane.to_degrees(shapely.coverage_simplify(shapes, TOLERANCE_M))
    table = pd.Series(names).str.split("|", expand=True).set_axis(["old", "new"], axis=1)
    return gpd.GeoDataFrame(table, geometry=plane.rounded(slim, DIGITS), crs="EPSG:4326")


def _layer(atoms: gpd.GeoDataFrame, key: pd.Series, name: str) -> gpd.GeoDataFrame:
    """One layer: atoms joined by ``key``, with the area in km², sorted by code."""
    names, shapes = plane.dissolve(atoms.geometry.to_numpy(), key.to_numpy(dtype=object))
    frame = pd.DataFrame({name: names, "area_km2": plane.area_km2(shapes)})
    return gpd.GeoDataFrame(frame, geometry=shapes, crs="EPSG:4326")


def commune_layer(atoms: gpd.GeoDataFrame, communes: pd.DataFrame, column: str) -> gpd.GeoDataFrame:
    """Communes of one vintage: ``commune_code``, ``province_code``, ``area_km2``, geometry."""
    layer = _layer(atoms, atoms[column], "commune_code")
    home = communes.set_index("commune_code")["province_code"]
    layer.insert(1, "province_code", layer["commune_code"].map(home))
    return layer


def province_layer(communes: gpd.GeoDataFrame, names: pd.Series) -> gpd.GeoDataFrame:
    """Provinces: ``province_code``, ``name_vi``, ``area_km2``, geometry, ``label_lat``, ``label_lon``."""
    layer = _layer(communes, communes["province_code"], "province_code")
    layer.insert(1, "name_vi", layer["province_code"].map(names))
    return plane.with_label_points(layer)


def screen_layers(
    old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, nest: pd.Series
) -> dict[str, gpd.GeoDataFrame]:
    """Lighter provinces of both vintages; 63 simplified as one coverage, 34 dissolved from it."""
    slim = plane.lightened(old.geometry.to_numpy(), SCREEN_M, SCREEN_DIGITS)
    light = old.set_geometry(slim, crs="EPSG:4326")
    _, joined = plane.dissolve(
        light.geometry.to_numpy(), light["province_code"].map(nest).to_numpy(dtype=object)
    )
    return {
        "provinces_pre2025_screen": light,
        "provinces_2025_screen": new.set_geometry(joined, crs="EPSG:4326"),
    }


def region_layer(provinces: dict[str, gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Regions of every region set: ``region_set``, ``region_code``, ``name_vi``, ``name_en``, geometry."""
    member = pd.read_csv(DATA / "province_regions.csv", dtype=str)
    regions = pd.read_csv(DATA / "regions.csv", dtype=str)
    frames = []
    for (vintage, region_set), rows in member.groupby(["vintage", "region_set"], sort=True):
        home = rows.set_index("province_code")["region_code"]
        layer = provinces[str(vintage)]
        layer = layer[layer["province_code"].isin(home.index)]
        part = _layer(layer, layer["province_code"].map(home), "region_code")
        part.insert(0, "region_set", str(region_set))
        frames.append(part)
    every = pd.concat(frames, ignore_index=True)
    names = regions[["region_set", "region_code", "name_vi", "name_en"]]
    every = every.merge(names, on=["region_set", "region_code"], how="left", validate="one_to_one")
    columns = ["region_set", "region_code", "name_vi", "name_en", "area_km2", "geometry"]
    return gpd.GeoDataFrame(every[columns], crs="EPSG:4326").sort_values(
        ["region_set", "region_code"], ignore_index=True
    )


def make_layers() -> dict[str, gpd.GeoDataFrame]:
    """All layers of ``data/boundaries`` by file stem, made from the registry packages.

    Raises
    ------
    DataError
        If the outline cannot be fetched or is another edition, or the layers do not fit together.
    """
    old, new, links = judge_points()
    lands = outline.countries()
    known = pd.concat([old, new]).dropna(subset=["lat"])
    places = plane.points_to_plane(known["lon"].to_numpy(), known["lat"].to_numpy())
    land = outline.country_land(lands, places)
    atoms = make_atoms(label_sites(land, old, new, links), land)
    names = pd.read_csv(DATA / "provinces.csv", dtype=str).set_index(["vintage", "province_code"])["name_vi"]
    layers = {
        "communes_2025": commune_layer(atoms, new, "new"),
        "communes_pre2025": commune_layer(atoms, old, "old"),
    }
    provinces = {v: province_layer(layers[f"communes_{v}"], names[v]) for v in ("2025", "pre2025")}
    nest = old.drop_duplicates("province_code").set_index("province_code")["code_2025"]
    nest = nest.map(new.set_index("commune_code")["province_code"])
    layers |= {f"provinces_{v}": frame for v, frame in provinces.items()}
    layers |= screen_layers(provinces["pre2025"], provinces["2025"], nest)
    layers["regions"] = region_layer(provinces)
    layers["islands"] = islands.island_points(new)
    country = shapely.coverage_union_all(provinces["2025"].geometry.to_numpy())
    around = plane.rounded(np.array([outline.neighbour_land(lands, country)]), SCREEN_DIGITS)
    layers["context"] = gpd.GeoDataFrame({"kind": ["land"]}, geometry=around, crs="EPSG:4326")
    _check(layers)
    return layers


def _check(layers: dict[str, gpd.GeoDataFrame]) -> None:
    """Refuse layers with invalid shapes, gaps or overlaps."""
    for name, layer in layers.items():
        shapes = layer.geometry.to_numpy()
        sound = shapely.is_valid(shapes).all()
        if name.startswith(("communes", "provinces")):
            sound = sound and bool(shapely.coverage_is_valid(shapes))
        if not sound:
            raise DataError(
                vi=f"Lớp ranh giới {name} vừa dựng có hình lỗi, hở hoặc chồng lên nhau; hãy kiểm tra "
                "phiên bản các gói trong requirements.txt rồi dựng lại.",
                en=f"The boundary layer {name} just built has invalid shapes, gaps or overlaps; check the "
                "package versions in requirements.txt and build again.",
            )


def build(folder: Path = DATA / "boundaries") -> list[Path]:
    """Build every layer and write it as GeoParquet (EPSG:4326) into ``folder``; return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, layer in sorted(make_layers().items()):
        paths.append(folder / f"{name}.parquet")
        layer.to_parquet(paths[-1], index=False, compression="zstd", compression_level=15)
    return paths
