"""Linkages of raw material: planned and stated links, noise, order of rows."""

from __future__ import annotations

import pandas as pd
import pytest
from linkage_tables import ROAD, material_tables, planned_flows, stated_origins

from geo.linkage import material


def test_links_join_what_is_planned_and_what_is_stated():
    joined = material.links(planned_flows(), stated_origins(), ROAD)
    keys = list(zip(joined["origin_code"], joined["destination_code"], strict=True))
    assert keys == [("66", "68"), ("66", "75"), ("68", "75")]
    assert joined["flow_tonnes"].tolist() == [0.0, 5.0, 600.0]
    assert joined["stated_tonnes"].tolist() == [50.0, 0.0, 120.0]
    assert joined["distance_km"].tolist() == [211.0, 350.0, 190.0]
    assert not joined.duplicated(["material_code", "origin_code", "destination_code"]).any()


def test_material_links_become_findings_and_noise_is_counted():
    found, left = material.find(**material_tables())
    assert [f.codes for f in found] == [("66", "68"), ("68", "75")]
    assert left == {"noise": 1, "single": 0}
    stated, planned = found
    assert planned.magnitude == 600.0
    assert planned.establishments_gaining == 44
    # The destination has no supply figure, so what is planned counts by the national coverage.
    assert planned.measures["need_share"] == pytest.approx(0.6 * 0.91)
    assert planned.measures["covered_share"] == pytest.approx(0.6)
    assert planned.measures["strength_share"] == pytest.approx(800 / 900)
    assert [m.role for m in planned.members] == ["source", "processor"]
    assert {row["table"] for row in planned.evidence} == {
        "material_flows", "stated_origins", "material_supply", "material_balance", "material_demand", "requirements",
    }  # fmt: skip
    assert stated.magnitude == 50.0
    assert stated.establishments_gaining == 2
    assert stated.measures["need_share"] == pytest.approx(0.5)


def test_one_establishments_statement_is_no_opportunity():
    tables = material_tables()
    alone = tables["joined"].assign(stated_establishments=1.0)
    found, left = material.find(**tables | {"joined": alone})
    assert [f.codes for f in found] == [("68", "75")]
    assert left == {"noise": 1, "single": 1}


def test_material_row_order_changes_nothing_and_arguments_stay():
    tables = material_tables()
    before = {k: v.copy() for k, v in tables.items() if isinstance(v, pd.DataFrame)}
    first, _ = material.find(**tables)
    mixed = {
        k: v.sample(frac=1, random_state=3) if isinstance(v, pd.DataFrame) else v for k, v in tables.items()
    }
    second, _ = material.find(**mixed)
    assert first == second
    for name, frame in before.items():
        pd.testing.assert_frame_equal(frame, tables[name])
