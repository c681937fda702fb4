"""Random draws of the demonstration set: all vectorised, all from the generator they are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from scipy.optimize import brentq
from scipy.special import ndtri

from geo import paths
from geo.places import admin, distances
from geo.subjects import materials

# Assumptions, each with its reason.
#: Odds of being an enterprise, not a household business, against a mixed trade.
ENTERPRISE_ODDS = {"household": 0.5, "mixed": 1.0, "plant": 4.0}
#: Spread of enterprise size (log scale): gives the long tail of many small, few large.
ENTERPRISE_SPREAD = 1.2
LARGEST_ENTERPRISE = 2_000  # employees; support is not for the very large
#: Weight of a commune by its kind: a phường of a centrally-run city is eligible only in a craft village.
COMMUNE_WEIGHT = {"xã": 1.0, "thị trấn": 1.0, "phường": 0.5, "city phường": 0.2}
CENTRAL_CITIES = ("01", "31", "48", "79", "92")  # centrally-run cities among the 63
#: Offshore archipelagos have no rural industry; the easternmost point of the mainland is at 109.47° E.
EASTERNMOST_LON = 110.0
#: Establishments scatter around the commune's point: this far, and never near the border of the commune.
JITTER_KM, JITTER_SHARE = 1.5, 0.9
#: Distance at which the pull of a source of material has halved (km), for the stated origins.
ORIGIN_HALF_KM = 150.0
KM_PER_DEGREE = 111.195


def fit_margins(start: np.ndarray, rows: np.ndarray, columns: np.ndarray, rounds: int = 60) -> np.ndarray:
    """Scale a positive table until its row and column sums are the given ones (both sum to 1).

    References
    ----------
    Deming & Stephan (1940), Annals of Mathematical Statistics 11.
    """
    table = start / start.sum()
    for _ in range(rounds):
        table = table * (rows / table.sum(axis=1))[:, None]
        table = table * (columns / table.sum(axis=0))[None, :]
    return table


def take(values: Sequence[str | None] | pd.Series, index: np.ndarray) -> pd.Series:
    """Return ``values[index]`` as text; a negative index gives a missing value."""
    words = pa.array([value if isinstance(value, str) else None for value in values], pa.string())
    places = pa.array(index.astype(np.int64), mask=index < 0)
    return words.take(places).to_pandas()


def choice(rng: np.random.Generator, n: int, shares: Mapping[str, float]) -> np.ndarray:
    """Draw ``n`` positions in ``shares`` by their probabilities."""
    return rng.choice(len(shares), n, p=list(shares.values()))


def flag(rng: np.random.Generator, n: int, name: str, share: float) -> pa.Array:
    """Return ``name`` for a share of the rows and nothing for the others."""
    return pa.array([name, None]).take(pa.array(np.where(rng.random(n) < share, 0, 1)))


def joined(flags: Sequence[pa.Array]) -> pd.Series:
    """Join the flags of each row by ``|``; no flag is a missing value."""
    text = pc.binary_join_element_wise(*flags, "|", null_handling="skip")
    return pc.if_else(pc.equal(text, ""), None, text).to_pandas()


def employees(
    rng: np.random.Generator, enterprise: np.ndarray, *, household_mean: float, enterprise_mean: float
) -> np.ndarray:
    """Draw employees: households 1 + Poisson, enterprises lognormal, both with the official mean."""
    out = 1 + rng.poisson(household_mean - 1.0, len(enterprise))
    place = _lognormal_place(enterprise_mean)
    size = np.exp(place + ENTERPRISE_SPREAD * rng.standard_normal(int(enterprise.sum())))
    out[enterprise] = _whole(size)
    return out.astype(np.int64)


def _whole(size: np.ndarray) -> np.ndarray:
    """Round sizes to whole employees within the limits."""
    return np.clip(np.rint(size), 1, LARGEST_ENTERPRISE).astype(np.int64)


@cache
def _lognormal_place(mean: float) -> float:
    """Find the location parameter that gives the mean after rounding and limits."""
    normal = ndtri((np.arange(100_000) + 0.5) / 100_000)
    return float(
        brentq(lambda mu: _whole(np.exp(mu + ENTERPRISE_SPREAD * normal)).mean() - mean, 0.0, 6.0, xtol=1e-4)
    )


@cache
def _old_communes() -> pd.DataFrame:
    """Old communes with a point, sorted by province: weight, room for scatter, place in both vintages."""
    table = pd.read_parquet(paths.DATA / "communes.parquet")
    located = table["lat"].notna() & (table["lon"] < EASTERNMOST_LON)
    old = table[located & (table["vintage"] == "pre2025")].copy()
    walk = admin.crosswalk().set_index("pre2025_code")["code_2025"]
    old["province_code_2025"] = old["province_code"].map(walk)
    old["commune_code_2025"] = _commune_of_2025(old)
    to_border = np.minimum(
        _to_border_km(old, "pre2025", "commune_code"), _to_border_km(old, "2025", "commune_code_2025")
    )
    old["room_km"] = np.minimum(JITTER_KM, JITTER_SHARE * to_border)
    kind = old["name_vi"].str.extract(r"^(Xã|Thị trấn|Phường)", expand=False).str.lower().fillna("xã")
    central = (kind == "phường") & old["province_code"].isin(CENTRAL_CITIES)
    old["weight"] = kind.mask(central, "city phường").map(COMMUNE_WEIGHT).to_numpy(dtype=float)
    return old.sort_values(["province_code", "commune_code"], ignore_index=True)


def _commune_of_2025(old: pd.DataFrame) -> pd.Series:
    """Return the new commune each old point lies in; the main successor where that is of another province."""
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(old["lon"], old["lat"]), index=old.index, crs=4326)
    found = points.sjoin(_drawn("2025"), how="left", predicate="within")
    found = found[~found.index.duplicated()]
    own = found["province_code"] == old["province_code_2025"]
    return found["commune_code"].where(own, old["code_2025"])


def _drawn(vintage: str) -> gpd.GeoDataFrame:
    """Read the shipped outlines of the communes."""
    drawn = gpd.read_parquet(paths.DATA / "boundaries" / f"communes_{vintage}.parquet")
    return drawn[["commune_code", "province_code", "geometry"]]


def _to_border_km(old: pd.DataFrame, vintage: str, code: str) -> np.ndarray:
    """Return how far each old commune's point is from the border of its commune; 0 if it lies outside."""
    drawn = _drawn(vintage)
    scale = np.array([KM_PER_DEGREE * np.cos(np.radians(16.0)), KM_PER_DEGREE])
    shapes = drawn.set_index("commune_code").geometry.reindex(old[code]).to_numpy()
    shapes = shapely.transform(shapes, lambda corners: corners * scale)
    points = shapely.points(old[["lon", "lat"]].to_numpy() * scale)
    distance = np.nan_to_num(shapely.distance(shapely.boundary(shapes), points))
    return np.where(shapely.contains(shapes, points), distance, 0.0)


def communes(rng: np.random.Generator, province: np.ndarray, codes: pd.Index) -> np.ndarray:
    """Draw an old commune (its row) inside each establishment's old province."""
    old = _old_communes()
    owner = codes.get_indexer(pd.Index(old["province_code"]))
    total = old.groupby("province_code")["weight"].transform("sum").to_numpy()
    # Province i owns the interval from i to i + 1, cut among its communes by weight.
    inside = (old["weight"] / total).groupby(owner).cumsum().to_numpy()
    first, last = np.searchsorted(owner, province, "left"), np.searchsorted(owner, province, "right") - 1
    drawn = np.searchsorted(owner + np.minimum(inside, 1.0), province + rng.random(len(province)), "right")
    return np.clip(drawn, first, last)


def positions(rng: np.random.Generator, place: np.ndarray, quality: np.ndarray) -> pd.DataFrame:
    """Return provinces, communes and coordinates; points scatter, ``commune`` rows take its point."""
    old = _old_communes()
    angle = rng.random(len(place)) * 2 * np.pi
    radius = np.sqrt(rng.random(len(place))) * old["room_km"].to_numpy()[place]
    radius = np.where(quality == 0, radius, 0.0)
    lat = old["lat"].to_numpy()[place]
    lon = old["lon"].to_numpy()[place] + radius * np.cos(angle) / (KM_PER_DEGREE * np.cos(np.radians(lat)))
    lat = lat + radius * np.sin(angle) / KM_PER_DEGREE
    known = quality < 2
    in_commune = np.where(known, place, -1)
    return pd.DataFrame(
        {
            "province_code": take(old["province_code_2025"], place),
            "province_code_2025": take(old["province_code_2025"], place),
            "province_code_pre2025": take(old["province_code"], place),
            "commune_code_2025": take(old["commune_code_2025"], in_commune),
            "commune_code_pre2025": take(old["commune_code"], in_commune),
            "lat": np.where(known, lat.round(5), np.nan),
            "lon": np.where(known, lon.round(5), np.nan),
            "location_quality": take(("point", "commune", "province"), quality),
        }
    )


def origins(
    rng: np.random.Generator, material: pd.Series, province: np.ndarray, codes: pd.Index, share: float
) -> pd.Series:
    """Draw the old province a share of the needs is bought from: near and large sources first."""
    supply = materials.supply("pre2025").pivot_table(
        index="material_code", columns="province_code", values="supply_tonnes", aggfunc="sum"
    )
    supply = supply.reindex(columns=codes).fillna(0.0)  # a weight only: no figure is never named as a source
    distance = distances.matrix_km("pre2025").reindex(index=codes, columns=codes).to_numpy()
    near = 1.0 / (1.0 + (distance / ORIGIN_HALF_KM) ** 2)
    drawn = np.full(len(material), -1)
    chance, named = rng.random(len(material)), rng.random(len(material)) < share
    for code in sorted(set(material) & set(supply.index)):
        rows = np.flatnonzero((material == code).to_numpy() & named)
        pull = supply.loc[code].to_numpy()[None, :] * near[province[rows]]
        ladder = np.cumsum(pull, axis=1)
        drawn[rows] = (ladder < (chance[rows] * ladder[:, -1])[:, None]).sum(axis=1)
    return take(list(codes), drawn)
