"""Cautions: who may be supported, with the law only where it was read."""

from __future__ import annotations

import pandas as pd
import pytest
from linkage_tables import cluster_tables, material_tables, whole_country

from geo.linkage import cluster, eligibility, material, score
from geo.linkage.model import Finding, Member
from geo.store import beneficiaries, catalog
from geo.store.filters import Filters


def test_cautions_name_the_law_only_where_it_was_read():
    found, _ = material.find(**material_tables())
    cautions = eligibility.cautions(found[1], "2025", [("75", "10"), ("75", "19")], 2)
    by_code = {c.code: c for c in cautions}
    assert set(by_code) == {"city_ward_75", "sector_outside", "large_establishments"}
    assert by_code["city_ward_75"].legal_basis == "Nghị định 235/2025/NĐ-CP"
    assert "30/4/2026" in by_code["city_ward_75"].vi
    assert by_code["large_establishments"].legal_basis == ""
    assert {c.status for c in cautions} <= {"checked", "derived", "advice"}


def test_a_long_way_for_what_does_not_keep_is_advised_against():
    found, _ = material.find(**material_tables())
    fresh = Finding(**{**vars(found[1]), "measures": {**found[1].measures, "perishable": True}})
    codes = [c.code for c in eligibility.cautions(fresh, "2025", [], 0)]
    assert "perishable_far" in codes
    assert (
        score.components([fresh], [1.0])[0]["proximity"] < score.components([found[1]], [1.0])[0]["proximity"]
    )


def test_old_province_now_in_a_city_is_warned_once():
    found, _ = cluster.find(**cluster_tables())
    moved = Finding(**{**vars(found[0]), "members": (Member("74", "core"), Member("77", "partner"))})
    cautions = eligibility.cautions(moved, "pre2025", [], 0)
    assert [c.code for c in cautions] == ["city_ward_79"]


def test_counts_of_the_data_stand_beside_the_rule():
    found, _ = material.find(**material_tables())
    counts = {"establishments": 40, "commune_known": 36, "outside": 9, "women": 5, "minority": 0}
    people = {("75", "1077"): counts, ("68", "1077"): counts}
    by_code = {c.code: c for c in eligibility.cautions(found[1], "2025", [("75", "1077")], 0, people)}
    assert "9 trên 36 cơ sở" in by_code["city_ward_75"].vi
    assert "9 of 36 establishments" in by_code["city_ward_75"].en
    assert by_code["city_ward_75"].legal_basis
    assert "5 cơ sở do phụ nữ" in by_code["priority_owners"].vi
    assert by_code["priority_owners"].legal_basis == ""


def test_a_division_supported_in_part_is_said_so():
    found, _ = material.find(**material_tables())
    codes = {c.code: c for c in eligibility.cautions(found[1], "2025", [("75", "21")], 0)}
    assert codes["sector_partly"].legal_basis == eligibility.SECTOR_BASIS
    assert "sector_outside" not in codes


@pytest.mark.parametrize(("name", "vintage"), [("real", "2025"), ("demo", "2025"), ("demo", "pre2025")])
def test_only_what_was_read_or_follows_from_it_has_a_legal_basis(name, vintage):
    seen = set()
    for o in whole_country(name, vintage).opportunities:
        for caution in o.warnings:
            assert (caution.legal_basis != "") == (caution.status in ("checked", "derived"))
            assert caution.vi.endswith(".")
            assert caution.en.endswith(".")
            seen.add(caution.code.split("_")[0])
    assert "city" in seen


def test_counts_by_place_and_owner_add_up():
    dataset = catalog.open_dataset("demo")
    rows = pd.concat(pd.read_parquet(path) for path in dataset.files())
    table = beneficiaries.counts(dataset, Filters())
    divisions = table[table["sector_code"].str.len() == 2]
    assert divisions["establishments"].sum() == rows["division_code"].notna().sum()
    assert divisions["women"].sum() == rows["owner_flags"].fillna("").str.contains("women").sum()
    wards = rows["commune_code_2025"].isin(beneficiaries.wards_of_cities()) & ~rows["craft_village"]
    assert divisions["outside"].sum() == wards.sum()
    assert (table["outside"] <= table["commune_known"]).all()
