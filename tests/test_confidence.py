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


def test_a_firm_place_counts_for_the_letter_and_a_shaky_one_against_it():
    figures = confidence.Judgement(0.74, "B", (), 4, "A")
    firm = confidence.Standing(3, 500, top_ten_share=0.99, found_share=1.0, rank_low=1, rank_high=6)
    assert confidence.with_standing(figures, firm).letter == "A"
    shaky = confidence.Standing(8, 500, top_ten_share=0.31, found_share=1.0, rank_low=4, rank_high=60)
    assert confidence.with_standing(confidence.Judgement(0.95, "A", (), 4, "A"), shaky).letter == "B"
    lost = confidence.Standing(90, 500, top_ten_share=0.0, found_share=0.1, rank_low=80, rank_high=200)
    assert confidence.with_standing(confidence.Judgement(0.55, "B", (), 4, "A"), lost).letter == "C"
    limited = confidence.Judgement(0.9, "C", (), 4, "C")
    assert confidence.with_standing(limited, firm).letter == "C"


def test_the_place_is_said_in_both_languages():
    standing = confidence.Standing(3, 1234, top_ten_share=0.87, found_share=0.97, rank_low=1, rank_high=14)
    said = confidence.with_standing(confidence.Judgement(0.7, "B", (), 4, "A"), standing).reasons[-1]
    assert "mười cơ hội đầu cả nước ở 87 % số lần lấy mẫu lại" in said.vi
    assert "hạng từ 1 đến 14 trong 1.234 cơ hội" in said.vi
    assert "ở 97 % số lần" in said.vi
    assert "top ten in 87% of the resamples" in said.en
