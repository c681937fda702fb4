"""Hand-made tables and findings that the tests of linkages share, and the shipped data ranked once."""

from __future__ import annotations

import math
from functools import cache

import pandas as pd

from geo.linkage import engine, material, score
from geo.linkage.model import Member, Opportunity
from geo.store import catalog
from geo.store.filters import Filters

NAMES = list(score.DEFAULT_WEIGHTS)
ROAD = pd.DataFrame(
    [[0.0, 211.0, 350.0], [211.0, 0.0, 190.0], [350.0, 190.0, 0.0]],
    index=["66", "68", "75"],
    columns=["66", "68", "75"],
)


def planned_flows() -> pd.DataFrame:
    """Coffee of Lâm Đồng (68), Đắk Lắk (66) and a port to Đồng Nai (75)."""
    return pd.DataFrame(
        [
            ("coffee", "68", "province", "75", 600.0),
            ("coffee", "66", "province", "75", 5.0),
            ("coffee", "cat_lai", "gateway", "75", 5.0),
        ],
        columns=["material_code", "origin_code", "origin_kind", "destination_code", "flow_tonnes"],
    )


def stated_origins() -> pd.DataFrame:
    """What establishments say: Đồng Nai buys in both, Lâm Đồng buys in Đắk Lắk and at home."""
    return pd.DataFrame(
        [
            ("coffee", "68", "75", 120.0, 6),
            ("coffee", "66", "68", 50.0, 2),
            ("coffee", "68", "68", 30.0, 1),
        ],
        columns=[
            "material_code",
            "origin_code",
            "destination_code",
            "stated_tonnes",
            "stated_establishments",
        ],
    )


def material_tables() -> dict:
    """Coffee of Lâm Đồng (68) and Đắk Lắk (66) to processors of Đồng Nai (75) and Lâm Đồng."""
    balance = pd.DataFrame(
        [
            ("coffee", "68", 900.0, 100.0, 800.0, 0.0, True),
            ("coffee", "66", 600.0, 210.0, 390.0, 0.0, True),
            ("coffee", "75", math.nan, 1000.0, 0.0, 1000.0, False),
        ],
        columns=[
            "material_code", "province_code", "supply_tonnes", "demand_tonnes", "surplus_tonnes",
            "shortage_tonnes", "supply_known",
        ],
    )  # fmt: skip
    demand = pd.DataFrame(
        [("68", "coffee", 100.0, 100.0, 0.0, 3), ("75", "coffee", 1000.0, 250.0, 750.0, 44)],
        columns=[
            "province_code", "material_code", "demand_tonnes", "stated_tonnes", "estimated_tonnes",
            "establishments",
        ],
    )  # fmt: skip
    supply = pd.DataFrame(
        [("coffee", "68", 2024, 900.0, 900.0, "tonnes", False, False, "A", "Niên giám")],
        columns=[
            "material_code", "province_code", "year", "supply_tonnes", "native_quantity",
            "native_unit", "derived",
            "partial", "reliability", "source",
        ],
    )  # fmt: skip
    status = pd.DataFrame(
        [
            ("75", "coffee", "1077", "cited", 500.0, 30, 1, 10, "ICO"),
            ("75", "coffee", "1077", "assumption", 250.0, 4, 0, 4, ""),
        ],
        columns=[
            "province_code",
            "material_code",
            "sector_code",
            "status",
            "tonnes",
            "establishments",
            "large",
            "employees_unknown",
            "source",
        ],
    )
    return {
        "joined": material.links(planned_flows(), stated_origins(), ROAD),
        "balance": balance,
        "demand": demand,
        "supply": supply,
        "needs_by_status": status,
        "coverage": {"coffee": 0.91},
    }


def cluster_tables() -> dict:
    """Tea in Thái Nguyên (19) and Phú Thọ (25), sure on both sides; Sơn La (14) not sure."""
    lq = pd.DataFrame(
        [
            ("19", "1076", 120, 6.1, 5.0, 7.3, True),
            ("25", "1076", 40, 2.4, 1.6, 3.3, True),
            ("14", "1076", 6, 1.9, 0.8, 3.1, False),
            ("19", "10", 150, 1.5, 1.3, 1.7, True),
            ("25", "10", 140, 1.4, 1.2, 1.6, True),
        ],
        columns=[
            "province_code",
            "sector_code",
            "establishments",
            "lq",
            "lq_low",
            "lq_high",
            "surely_specialised",
        ],
    )
    pairs = pd.DataFrame([("14", "25", 90.0), ("19", "25", 40.0)], columns=["first", "second", "border_km"])
    codes = ["14", "19", "25"]
    road = pd.DataFrame(150.0, index=codes, columns=codes)
    sizes = pd.DataFrame(
        [("19", "1076", 600, 60, 90, 0), ("25", "1076", 300, 40, 30, 1)],
        columns=["province_code", "sector_code", "employees", "employees_known", "micro", "large"],
    )
    return {"lq": lq, "pairs": pairs, "distance_km": road, "sizes": sizes}


def crossings() -> pd.DataFrame:
    """Hot spots: of tea across Thái Nguyên–Phú Thọ (sure as well) and Sơn La–Phú Thọ; one too thin."""
    return pd.DataFrame(
        [
            ("1076", "14", "25", 6, 20, 3.25, 0.001, "a"),
            ("1076", "19", "25", 80, 30, 5.5, 1e-9, "b"),
            ("10", "14", "25", 4, 50, 2.0, 0.01, "c"),
        ],
        columns=[
            "sector_code", "first", "second", "establishments_first", "establishments_second", "ratio", "p_fdr",
            "cluster_id",
        ],
    )  # fmt: skip


def make_opportunity(**changes) -> Opportunity:
    """A small valid opportunity."""
    base = {
        "id": "material-coffee-68-75", "kind": "material", "vintage": "2025", "region_set": "2025_NQ306_34",
        "subject_code": "coffee", "subject_kind": "material", "subject_vi": "cà phê", "subject_en": "coffee",
        "provinces": (Member("68", "source"), Member("75", "processor")), "region_codes": ("DHNTBTN", "DNB"),
        "crosses_regions": True, "magnitude": 600.0, "unit": "tonnes_per_year", "distance_km": 190.0,
        "establishments_gaining": 44, "components": dict.fromkeys(NAMES, 0.5), "score": 0.5, "confidence": "B",
        "confidence_reasons": (), "evidence": (), "warnings": (),
        "sentence_vi": "", "sentence_en": "", "scheme_vi": "", "scheme_en": "",
    }  # fmt: skip
    return Opportunity(**(base | changes))


@cache
def whole_country(name: str, vintage: str) -> engine.Candidates:
    """Candidates of a shipped data set over the whole country, computed once for all tests."""
    return engine.candidates(catalog.open_dataset(name), Filters(vintage=vintage))
