"""Cautions: who may be supported, with the law only where it was read."""

from __future__ import annotations

from linkage_tables import cluster_tables, material_tables

from geo.linkage import cluster, eligibility, material, score
from geo.linkage.model import Finding, Member


def test_cautions_name_the_law_only_where_it_was_read():
    found, _ = material.find(**material_tables())
    cautions = eligibility.cautions(found[1], "2025", frozenset({"10", "19"}), 2)
    by_code = {c.code: c for c in cautions}
    assert set(by_code) == {"city_ward_75", "sector_outside", "large_establishments"}
    assert by_code["city_ward_75"].legal_basis == "Nghị định 235/2025/NĐ-CP"
    assert "30/4/2026" in by_code["city_ward_75"].vi
    assert by_code["large_establishments"].legal_basis == ""
    assert {c.status for c in cautions} <= {"checked", "derived", "advice"}


def test_a_long_way_for_what_does_not_keep_is_advised_against():
    found, _ = material.find(**material_tables())
    fresh = Finding(**{**vars(found[1]), "measures": {**found[1].measures, "perishable": True}})
    codes = [c.code for c in eligibility.cautions(fresh, "2025", frozenset(), 0)]
    assert "perishable_far" in codes
    assert (
        score.components([fresh], [1.0])[0]["proximity"] < score.components([found[1]], [1.0])[0]["proximity"]
    )


def test_old_province_now_in_a_city_is_warned_once():
    found, _ = cluster.find(**cluster_tables())
    moved = Finding(**{**vars(found[0]), "members": (Member("74", "core"), Member("77", "partner"))})
    cautions = eligibility.cautions(moved, "pre2025", frozenset(), 0)
    assert [c.code for c in cautions] == ["city_ward_79"]
