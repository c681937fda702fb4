"""The demonstration set: synthetic establishments, seeded, calibrated to official totals.

What is official and what is assumed:

* The number of establishments by old province follows the official counts of 2022 (household businesses
  and enterprises); the share of enterprises in each province and the mean number of employees of either
  kind are official too.
* How establishments split over classes is an assumption (``data/demo_profile.csv``), as are the constants
  below. Every row says that it is a demonstration.

A province × product table is fitted to both margins (Deming & Stephan 1940, iterative proportional
fitting), starting from where official counts and raw materials pull each product.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo import paths
from geo.build import demo_draws as draws
from geo.errors import ParameterError
from geo.places import admin
from geo.store import catalog
from geo.store.catalog import Dataset
from geo.subjects import materials, requirements
from geo.subjects.establishments import OWNER_FLAGS, SUPPORT_NEEDS, size_band

NAME = "demo"
BUNDLED_ROWS, BUNDLED_SEED = 20_000, 2025
MAX_ROWS = 5_000_000
LABEL_VI, LABEL_EN = "Dữ liệu minh hoạ", "Demonstration data"

# Assumptions, each with its reason.
#: Processors of bulky materials mostly stand where the material grows, the rest near markets and ports.
MATERIAL_PULL = 0.6
#: Provinces differ in crafts that no raw material explains; without it every such location quotient is 1.
LOCAL_SPREAD = 0.6
#: Years of record and their shares: recent surveys are fuller.
YEARS, YEAR_SHARES = (2023, 2024, 2025), (0.25, 0.35, 0.40)
#: Share of material-bound establishments that state their need: surveys of needs are thin.
STATED_NEED_SHARE = 0.3
#: Share of stated needs that name a province of origin.
ORIGIN_SHARE = 0.5
#: Spread of a stated need around the coefficient (log scale): establishments differ, about ± 40 %.
NEED_SPREAD = 0.35
#: Share of establishments that ask for support, and what they ask for (machinery leads the programme).
SUPPORT_SHARE, SUPPORT_MIX = 0.55, (0.40, 0.15, 0.20, 0.15, 0.10)
#: Shares of owner groups; no public count of rural industrial establishments by owner.
OWNER_SHARES = {"women": 0.27, "ethnic_minority": 0.12}
#: How well places are known in a fair register: point, commune, province only.
QUALITY_SHARES = {"point": 0.80, "commune": 0.18, "province": 0.02}

_HOUSEHOLDS = "household_individual_non_farm_establishments"
_HOUSEHOLD_WORKERS = "workers_in_household_individual_establishments"
_ENTERPRISES = "enterprises_operating_with_results"
_ENTERPRISE_WORKERS = "workers_in_enterprises"
_STATISTICS_YEAR = 2022


def make(n: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make ``n`` synthetic establishments and the material needs that some of them state.

    Parameters
    ----------
    n : int
        Number of establishments, 1 to 5,000,000.
    seed : int
        Seed, 0 or more; the same ``n`` and seed give the same rows.

    Returns
    -------
    (DataFrame, DataFrame)
        Establishments (vintage ``2025``, with the codes of both vintages) and needs, as
        :mod:`geo.subjects.establishments` has them, before its computed columns.

    Raises
    ------
    ParameterError
        If ``n`` or ``seed`` is out of its range.
    """
    _check(n, seed)
    rng = np.random.default_rng(seed)
    profile = _profile()
    official = official_margins()
    province, product = _draw_cells(rng, n, profile, official)
    place = draws.communes(rng, province, official.index)
    rows = _identity(profile, product, seed)
    enterprise = rng.random(n) < _enterprise_chance(profile, official)[province, product]
    means = {
        "household_mean": _mean(official, _HOUSEHOLD_WORKERS, _HOUSEHOLDS),
        "enterprise_mean": _mean(official, _ENTERPRISE_WORKERS, _ENTERPRISES),
    }
    rows["employees"] = draws.employees(rng, enterprise, **means)
    rows["vintage"] = "2025"
    quality = draws.choice(rng, n, QUALITY_SHARES)
    rows = pd.concat([rows, draws.positions(rng, place, quality)], axis=1)
    rows["craft_village"] = rng.random(n) < profile["craft_village_share"].to_numpy()[product]
    flags = [draws.flag(rng, n, name, OWNER_SHARES[name]) for name in OWNER_FLAGS]
    rows["owner_flags"] = draws.joined(flags)
    asked = np.where(rng.random(n) < SUPPORT_SHARE, rng.choice(len(SUPPORT_NEEDS), n, p=SUPPORT_MIX), -1)
    rows["support_need"] = draws.take(SUPPORT_NEEDS, asked)
    rows["year"] = np.asarray(YEARS)[rng.choice(len(YEARS), n, p=YEAR_SHARES)]
    needs = _needs(rng, rows, province, official.index)
    return rows, needs


def build(root: Path | None = None, *, n: int = BUNDLED_ROWS, seed: int = BUNDLED_SEED) -> Dataset:
    """Write the shipped demonstration set (``data/datasets/demo``); a rebuild gives the same bytes."""
    folder = root or paths.DATA / "datasets"
    dataset = write(n, seed, folder / NAME)
    catalog.prune(folder, NAME)
    return dataset


def write(n: int, seed: int, out: Path | str) -> Dataset:
    """Make a demonstration set and write it as the dataset folder ``out``.

    Raises
    ------
    ParameterError
        If ``n`` or ``seed`` is out of its range.
    StoreError
        If the folder cannot be written.
    """
    establishments, needs = make(n, seed)
    provenance = {
        "made_by": "geo.build.demo",
        "establishments": n,
        "seed": seed,
        "calibrated_to": [
            "data/province_stats.csv: số cơ sở cá thể và doanh nghiệp, lao động, 2022 (63 tỉnh)",
            "data/material_supply.csv: sản lượng nguyên liệu theo tỉnh",
            "data/demo_profile.csv: cơ cấu ngành (giả định)",
        ],
        "notice_vi": "Dữ liệu minh hoạ: cơ sở do máy sinh ra, không có thật.",
        "notice_en": "Demonstration data: generated establishments, none of them exists.",
    }
    return catalog.write_dataset(
        Path(out).parent,
        NAME,
        establishments,
        needs,
        kind="demo",
        provenance=provenance,
        label_vi=LABEL_VI,
        label_en=LABEL_EN,
        folder=out,
    )


def official_margins() -> pd.DataFrame:
    """Return the official counts of 2022 by old province: household businesses, enterprises, workers."""
    table = pd.read_csv(paths.DATA / "province_stats.csv", dtype={"province_code": "str", "year": "str"})
    wanted = [_HOUSEHOLDS, _HOUSEHOLD_WORKERS, _ENTERPRISES, _ENTERPRISE_WORKERS]
    rows = table[
        (table["vintage"] == "pre2025")
        & (table["year"] == str(_STATISTICS_YEAR))
        & table["indicator"].isin(wanted)
    ]
    wide = rows.pivot(index="province_code", columns="indicator", values="value").sort_index()
    return wide.reindex(admin.provinces("pre2025").index)


def _check(n: int, seed: int) -> None:
    """Refuse sizes and seeds that cannot be made."""
    if not 1 <= n <= MAX_ROWS or seed < 0:
        raise ParameterError(
            vi=f"Số cơ sở phải từ 1 đến {MAX_ROWS} và hạt giống phải từ 0 trở lên, nhưng nhận được {n} và "
            f"{seed}; hãy sửa lại hai số này.",
            en=f"The number of establishments must be from 1 to {MAX_ROWS} and the seed 0 or more, "
            f"but {n} and {seed} came; repair these two numbers.",
        )


def _profile() -> pd.DataFrame:
    """Read what rural industry makes: class, product, material, weight, scale (an assumption)."""
    text = {"sector_code": "str", "material_code": "str"}
    return pd.read_csv(paths.DATA / "demo_profile.csv", dtype=text, keep_default_na=False)


def _mean(official: pd.DataFrame, workers: str, units: str) -> float:
    """Return the official mean of employees over the provinces where both figures are known."""
    known = official[[workers, units]].dropna()
    return float(known[workers].sum() / known[units].sum())


def _draw_cells(
    rng: np.random.Generator, n: int, profile: pd.DataFrame, official: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray]:
    """Draw the old province and the product of every establishment."""
    counts = (official[_HOUSEHOLDS] + official[_ENTERPRISES]).to_numpy(dtype=float)
    share = counts / counts.sum()
    supply = materials.supply("pre2025").pivot_table(
        index="province_code", columns="material_code", values="supply_tonnes", aggfunc="sum"
    )
    supply = supply.reindex(official.index).fillna(0.0)  # a weight only: no figure pulls nobody
    pull = np.empty((len(official), len(profile)))
    for place, material in enumerate(profile["material_code"]):
        local = share * np.exp(rng.normal(0.0, LOCAL_SPREAD, len(share)))
        pull[:, place] = (1 - MATERIAL_PULL) * share if material in supply else local / local.sum()
        if material in supply:
            tonnes = supply[material].to_numpy()
            pull[:, place] += MATERIAL_PULL * tonnes / tonnes.sum()
    weight = profile["weight"].to_numpy(dtype=float)
    fitted = draws.fit_margins(pull * weight, share, weight / weight.sum())
    drawn = rng.multinomial(n, (fitted / fitted.sum()).ravel())
    cell = rng.permutation(np.repeat(np.arange(drawn.size), drawn))
    return cell // len(profile), cell % len(profile)


def _enterprise_chance(profile: pd.DataFrame, official: pd.DataFrame) -> np.ndarray:
    """Return the chance of being an enterprise, province × product; its mean is the province's share."""
    odds = profile["scale"].map(draws.ENTERPRISE_ODDS).to_numpy(dtype=float)
    weight = profile["weight"].to_numpy(dtype=float)
    relative = odds / np.average(odds, weights=weight)
    share = (official[_ENTERPRISES] / (official[_ENTERPRISES] + official[_HOUSEHOLDS])).to_numpy(dtype=float)
    return np.clip(share[:, None] * relative[None, :], 0.0, 0.95)


def _identity(profile: pd.DataFrame, product: np.ndarray, seed: int) -> pd.DataFrame:
    """Return id, name, sector, product, material and source; every name says that it is made up."""
    n = len(product)
    width = max(6, len(str(n)))
    number = pc.utf8_lpad(pc.cast(pa.array(np.arange(1, n + 1)), pa.string()), width, "0")
    activity = pa.array(profile["activity_vi"].tolist()).take(pa.array(product))
    return pd.DataFrame(
        {
            "establishment_id": pc.binary_join_element_wise("MH", number, "-").to_pandas(),
            "name": pc.binary_join_element_wise("Cơ sở minh hoạ ", number, " – ", activity, "").to_pandas(),
            "sector_code": draws.take(profile["sector_code"], product),
            "sector_status": "stated",
            "product": draws.take(profile["product_vi"], product),
            "material_code": draws.take(profile["material_code"].replace("", None), product),
            "source": f"Dữ liệu minh hoạ sinh bằng máy, hạt giống {seed}",
            "licence": "CC0-1.0",
        }
    )


def _needs(
    rng: np.random.Generator, rows: pd.DataFrame, province: np.ndarray, codes: pd.Index
) -> pd.DataFrame:
    """Return the stated needs: employees × requirement coefficient × spread, some with their origin."""
    per_employee = requirements.table().set_index(["sector_code", "size_band", "material_code"])
    keys = pd.MultiIndex.from_arrays(
        [rows["sector_code"], size_band(rows["employees"]), rows["material_code"]]
    )
    coefficient = per_employee["tonnes_per_employee"].reindex(keys).to_numpy(dtype=float)
    stated = np.flatnonzero(np.isfinite(coefficient) & (rng.random(len(rows)) < STATED_NEED_SHARE))
    spread = np.exp(rng.normal(-(NEED_SPREAD**2) / 2, NEED_SPREAD, len(stated)))  # mean 1
    tonnes = rows["employees"].to_numpy()[stated] * coefficient[stated] * spread
    material = rows["material_code"].iloc[stated].reset_index(drop=True)
    origin = draws.origins(rng, material, province[stated], codes, ORIGIN_SHARE)
    return pd.DataFrame(
        {
            "establishment_id": rows["establishment_id"].iloc[stated].to_numpy(),
            "material_code": material,
            "need_tonnes": np.maximum(tonnes.round(2), 0.01),
            "origin_province_code": origin,
            "origin_vintage": draws.take(["pre2025"], np.where(origin.isna(), -1, 0)),
        }
    )
