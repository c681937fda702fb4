"""Confidence: the letter follows the figures and, where resampled, the place in the ranking."""

from __future__ import annotations

import math

import numpy as np
from linkage_tables import cluster_tables, material_tables

from geo.linkage import cluster, confidence, kinds, material
from geo.linkage.confidence import DataContext
from geo.linkage.model import Finding


def judge(finding: Finding, kind: str = "user", **changes) -> confidence.Judgement:
    """Judge a finding with some measures changed."""
    changed = Finding(**{**vars(finding), "measures": {**finding.measures, **changes}})
    return kinds.judge(changed, DataContext(kind, 1.0, 2025))


def test_confidence_follows_the_figures():
    found, _ = material.find(**material_tables())
    only_stated = {"planned_tonnes": 0.0, "reliability": "A", "coverage_share": 1.0}
    assert judge(found[1], **only_stated | {"stated_establishments": 9}).letter == "A"
    assert judge(found[1], **only_stated | {"stated_establishments": 2}).letter == "B"
    firm = {"estimated_share": 0.0, "destination_known": True, "coverage_share": 1.0, "reliability": "A"}
    assert judge(found[1], **firm).letter == "A"
    assert judge(found[1], "real", **firm).letter == "B"
    assert judge(found[1], "demo", **firm).letter == "B"
    assert judge(found[1], **firm | {"destination_known": False}).letter == "B"
    assert judge(found[1], **firm | {"supply_year": 2016}).letter == "B"
    assert judge(found[1], **firm | {"reliability": "C"}).letter in "BC"
    weak = judge(found[1], estimated_share=1.0, reliability="C", coverage_share=math.nan)
    assert weak.letter == "C"
    assert weak.quality < judge(found[1], **firm).quality


def test_more_stated_need_never_lowers_quality():
    found, _ = material.find(**material_tables())
    values = [judge(found[1], estimated_share=s).quality for s in np.linspace(1, 0, 11)]
    assert values == sorted(values)


def test_cluster_confidence_is_c_on_a_list_that_is_no_sample():
    found, _ = cluster.find(**cluster_tables())
    assert judge(found[0], "real").letter == "C"
    assert any("mẫu đại diện" in r.vi for r in judge(found[0], "real").reasons)
