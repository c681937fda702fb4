"""Profiles of provinces: every number recomputed from the tables it comes from; side by side on one scale."""

from __future__ import annotations

import dataclasses
import json
import math
from functools import cache

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from geo.cli.main import main
from geo.errors import ParameterError, PlaceError
from geo.linkage import engine, material_tables, profile_parts
from geo.linkage.profile import Tables, profile, strongest
from geo.linkage.profile_compare import MOST_COMPARED, PARTS, compare
from geo.linkage.profile_place import facts, identity
from geo.measures import specialisation
from geo.measures.next_steps import next_steps
from geo.measures.stars import cluster_stars
from geo.places import admin
from geo.store import aggregate, catalog
from geo.store.filters import Filters
from geo.subjects import materials, statistics


@cache
def _tables(name: str, vintage: str) -> Tables:
    """Tables of a shipped data set, as the command line makes them."""
    dataset = catalog.open_dataset(name)
    filters = Filters(vintage=vintage).normalised()
    counts = aggregate.counts(dataset, filters)
    divisions = aggregate.matrix(counts, level="division")
    lq = specialisation.lq_table(divisions)
    balance = material_tables.compute(dataset, filters).balance
    return Tables(
        vintage=vintage,
        region_set=str(filters.region_set),
        counts=counts,
        lq=lq,
        balance=balance,
        opportunities=engine.find(dataset, filters).opportunities,
        next_steps=next_steps(aggregate.matrix(counts, level="class"), balance),
        stars=cluster_stars(divisions, lq=lq),
    )


@pytest.fixture(scope="module")
def demo() -> Tables:
    return _tables("demo", "2025")


@pytest.fixture(scope="module", params=[("real", "2025"), ("real", "pre2025")], ids=["2025", "pre2025"])
def real(request: pytest.FixtureRequest) -> Tables:
    return _tables(*request.param)


def test_headlines_are_those_of_the_tables(demo: Tables) -> None:
    found = profile("25", demo)
    numbers = {h.name: h for h in found.headlines}
    by_province = demo.counts.groupby("province_code")["establishments"].sum()
    assert numbers["establishments"].value == by_province["25"]
    assert numbers["establishments"].rank == int((by_province > by_province["25"]).sum()) + 1
    sure = demo.lq[demo.lq["surely_specialised"] & (demo.lq["province_code"] == "25")]
    assert numbers["sure_sectors"].value == len(sure) == len(found.good_at)
    mine = [o for o in demo.opportunities if "25" in o.province_codes]
    assert numbers["opportunities"].value == len(mine) == found.ties["id"].nunique()
    assert all(h.among == 34 and h.source and h.unit.vi and h.unit.en for h in found.headlines)


def test_partners_add_up_the_scores(demo: Tables) -> None:
    found = profile("25", demo)
    totals: dict[str, float] = {}
    for item in demo.opportunities:
        if "25" in item.province_codes:
            for other in set(item.province_codes) - {"25"}:
                totals[other] = totals.get(other, 0.0) + item.score
    listed = found.partners.set_index("partner_code")["score_total"]
    assert listed.to_dict() == pytest.approx(totals)
    assert listed.is_monotonic_decreasing
    first = found.partners.iloc[0]
    best = max(
        (o for o in demo.opportunities if {"25", first["partner_code"]} <= set(o.province_codes)),
        key=lambda o: o.score,
    )
    assert first["best_id"] == best.id
    assert first["distance_km"] == best.distance_km


def test_what_is_short_is_known_or_said_to_be_unknown(demo: Tables) -> None:
    found = profile("79", demo)
    own = demo.balance[demo.balance["province_code"] == "79"].set_index("material_code")
    for row in found.short_of.to_dict("records"):
        source = own.loc[row["material_code"]]
        assert row["demand_tonnes"] == source["demand_tonnes"] > 0
        if row["supply_known"]:
            assert row["shortage_tonnes"] == source["shortage_tonnes"] > 0
        else:
            assert math.isnan(row["shortage_tonnes"])
            assert math.isnan(row["supply_tonnes"])
    known = list(found.short_of["supply_known"])
    assert known == sorted(known, reverse=True)
    assert found.short_of["material_code"].iloc[0] == "cassava"
    needed = own[(own["demand_tonnes"] > 0) & (own["shortage_tonnes"] > 0)]
    assert set(found.short_of["material_code"]) == set(needed.index)


def test_a_surplus_is_a_share_of_the_whole_country(demo: Tables) -> None:
    found = profile("68", demo)
    coffee = found.surplus.set_index("material_code").loc["coffee"]
    supply = demo.balance[demo.balance["material_code"] == "coffee"].set_index("province_code")[
        "supply_tonnes"
    ]
    covered = materials.catalogue().at["coffee", "coverage_share"]
    assert coffee["country_share"] == pytest.approx(supply["68"] * covered / supply.sum())
    assert coffee["country_rank"] == int((supply > supply["68"]).sum()) + 1
    assert coffee["provinces_known"] == supply.notna().sum()
    # One province alone with a figure is not the whole country.
    assert math.isnan(profile("25", demo).surplus.set_index("material_code").at["pomelo", "country_share"])


def test_a_wider_material_does_not_stand_beside_its_parts(demo: Tables) -> None:
    part_of = materials.catalogue()["part_of"]
    for code in ("25", "79", "96"):
        listed = set(profile("25", demo).surplus["material_code"])
        assert not listed & {part_of[m] for m in listed}, code


def test_sectors_carry_their_stars(demo: Tables) -> None:
    found = profile("15", demo)
    assert demo.stars is not None
    given = demo.stars[demo.stars["province_code"] == "15"].set_index("sector_code")["stars"]
    assert found.sectors.set_index("sector_code")["stars"].to_dict() == given.to_dict()
    sure = list(found.sectors["surely_specialised"])
    assert sure == sorted(sure, reverse=True)
    without = profile("15", dataclasses.replace(demo, stars=None))
    assert without.sectors["stars"].isna().all()


def test_every_province_has_a_profile_that_reads(real: Tables) -> None:
    for code in admin.provinces(real.vintage).index[::8]:
        found = profile(code, real)
        for text in (found.sentence.vi, found.sentence.en):
            assert text.endswith(".")
            assert "nan" not in text.lower().split()
            assert len(text) < 700
        json.dumps(found.to_dict(), allow_nan=False)


def test_a_province_without_anything_says_so() -> None:
    empty = _tables("real", "2025")
    empty = dataclasses.replace(
        empty,
        counts=empty.counts.head(0), lq=empty.lq.head(0), balance=empty.balance.head(0), opportunities=[],
        next_steps=empty.next_steps.head(0), stars=None,
    )  # fmt: skip
    found = profile("96", empty)
    assert [h.value for h in found.headlines] == [0, 0, 0]
    assert [h.rank for h in found.headlines] == [None, None, None]
    assert "chưa có cơ sở nào" in found.sentence.vi
    assert "no opportunity" in found.sentence.en
    assert found.partners.empty


def test_the_order_of_rows_changes_nothing(demo: Tables) -> None:
    mixed = dataclasses.replace(
        demo,
        counts=demo.counts.sample(frac=1, random_state=1),
        lq=demo.lq.sample(frac=1, random_state=2),
        balance=demo.balance.sample(frac=1, random_state=3),
        opportunities=list(reversed(demo.opportunities)),
        next_steps=demo.next_steps.sample(frac=1, random_state=4),
        stars=None if demo.stars is None else demo.stars.sample(frac=1, random_state=5),
    )
    one, other = profile("25", demo), profile("25", mixed)
    assert one.sentence == other.sentence
    assert one.headlines == other.headlines
    for name in ("sectors", "materials", "ties", "partners", "next_steps", "surplus", "short_of"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_dtype=False)
    assert strongest(demo) == strongest(mixed)


def test_identity_knows_the_mergers_and_the_law() -> None:
    new = identity("25", "2025")
    assert [p.name.vi for p in new.merged_from] == ["Hòa Bình", "Phú Thọ", "Vĩnh Phúc"]
    assert new.eligibility.code == "place_province"
    old = identity("30", "pre2025")  # Hải Dương, now in the city of Hải Phòng
    assert old.now_part_of is not None
    assert old.now_part_of.name.vi == "Hải Phòng"
    assert old.eligibility.code == "place_city"
    assert old.eligibility.legal_basis
    assert len(identity("01", "2025").merged_from) == 1
    with pytest.raises(PlaceError):
        identity("26", "2025")


@pytest.mark.parametrize("vintage", admin.VINTAGES)
def test_facts_are_those_published(vintage: str) -> None:
    code = "01"
    table = facts(code, vintage)
    assert table["source_url"].str.startswith("http").all()
    for row in table.to_dict("records"):
        expected = statistics.values(row["indicator"], vintage).get(code, math.nan)
        assert row["value"] == expected or (math.isnan(row["value"]) and math.isnan(expected))
    assert not {"population", "population_registered_nq_202_2025_qh15"} <= set(table["indicator"])


def test_side_by_side_has_every_province_on_one_scale(demo: Tables) -> None:
    codes = ["79", "25", "68"]
    found = [profile(code, demo) for code in codes]
    table = compare(found, top=2)
    assert list(dict.fromkeys(table["part"])) == list(PARTS)
    for _, rows in table.groupby(["part", "item"], sort=False):
        assert list(rows["province_code"]) == codes
    for part in ("good_at", "surplus", "partner"):
        rows = table[table["part"] == part]
        assert rows["scale_max"].nunique() == 1
        assert rows["scale_max"].iloc[0] == rows["value"].max()
    assert (table["value"].dropna() <= table["scale_max"][table["value"].notna()]).all()
    lq = demo.lq.set_index(["province_code", "sector_code"])["lq"]
    for row in table[(table["part"] == "good_at") & table["value"].notna()].to_dict("records"):
        assert row["value"] == lq[row["province_code"], row["item"]]


def test_too_many_or_mixed_provinces_are_refused(demo: Tables) -> None:
    one = profile("25", demo)
    many = [profile(code, demo) for code in list(admin.provinces("2025").index)[: MOST_COMPARED + 1]]
    for wrong in ([], many, [one, one]):
        with pytest.raises(ParameterError):
            compare(wrong)
    other = _tables("real", "pre2025")
    with pytest.raises(ParameterError):
        compare([one, profile("26", other)])


@settings(max_examples=12, deadline=None)
@given(
    some.lists(some.tuples(some.booleans(), some.floats(0, 1e6), some.floats(0, 1e6)), min_size=1, max_size=4)
)
def test_no_figure_is_never_a_number(rows: list[tuple[bool, float, float]]) -> None:
    codes = [f"{place:02d}" for place in range(len(rows))]
    balance = pd.DataFrame(
        {
            "material_code": "coffee",
            "province_code": codes,
            "supply_tonnes": [s if known else math.nan for known, s, _ in rows],
            "demand_tonnes": [d for *_, d in rows],
            "balance_tonnes": 0.0,
            "surplus_tonnes": [max(s - d, 0.0) if known else 0.0 for known, s, d in rows],
            "shortage_tonnes": [max(d - s, 0.0) if known else d for known, s, d in rows],
            "self_sufficiency_share": 0.0,
            "supply_known": [known for known, *_ in rows],
            "supply_partial": False,
        }
    )
    shares = 0.0
    country = profile_parts.country_materials(balance)
    for code in codes:
        table = profile_parts.material_table(code, country)
        unknown = table[~table["supply_known"]]
        assert unknown[["surplus_tonnes", "shortage_tonnes", "country_share"]].isna().all().all()
        assert profile_parts.surplus(table)["surplus_tonnes"].gt(0).all()
        shares += float(table["country_share"].sum())
    assert shares <= 0.91 + 1e-9  # what is published of coffee


def test_the_command_knows_old_names_and_refuses_unclear_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["province", "vinh phuc", "--format", "json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)[0]["identity"]["province_code"] == "25"
    assert "Vĩnh Phúc" in captured.err
    assert main(["--lang", "en", "province", "Hà"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "which province" in captured.err
