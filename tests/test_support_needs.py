"""Support that establishments ask for: counted from rows, told by opportunities, brought in by a survey."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linkage_tables import make_opportunity, whole_country
from python_calamine import CalamineWorkbook
from ranked_sets import grouped, ranked
from test_narrative import numbers

from geo.build import demo
from geo.cli.main import main
from geo.intake import commit, template
from geo.intake.check import read as rows_of
from geo.intake.fields import fields
from geo.linkage import assemble, borders, support_words
from geo.linkage import support as told
from geo.linkage.model import Asked, Text
from geo.linkage.narrative import rounded
from geo.measures import support
from geo.store import catalog, support_counts
from geo.store.catalog import Dataset
from geo.store.filters import Filters
from geo.subjects import establishments as schema
from geo.subjects.establishments import SUPPORT_NEEDS

VALUES = support_counts.VALUES


# ---- counts from the rows -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    """Demonstration rows with gaps; several kinds in one statement, an unknown word, an empty text."""
    made, _ = demo.make(2_000, 5)
    made.loc[made.index[::9], "support_need"] = "training|machinery"
    made.loc[made.index[::31], "support_need"] = "a loan"
    made.loc[made.index[::37], "support_need"] = ""
    made.loc[made.index[::17], "sector_code"] = made.loc[made.index[::17], "sector_code"].str[:2]
    made.loc[made.index[::41], "sector_code"] = None
    return schema.complete(made)


def written(folder: Path, frame: pd.DataFrame) -> Dataset:
    return catalog.write_dataset(
        folder, "needs", frame, kind="user", provenance={}, label_vi="Thử", label_en="Trial"
    )


@pytest.fixture(scope="module")
def dataset(rows: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return written(tmp_path_factory.mktemp("needs"), rows)


@pytest.mark.parametrize("vintage", ["2025", "pre2025"])
@pytest.mark.parametrize(
    "narrow", [{}, {"sizes": ("micro",), "sectors": ("10", "1610")}], ids=["all", "some"]
)
def test_counts_are_those_taken_row_by_row(
    rows: pd.DataFrame, dataset: Dataset, vintage: str, narrow: dict
) -> None:
    filters = Filters(vintage=vintage, **narrow)
    kept = rows
    if narrow:
        named = rows["sector_code"].isin(filters.sectors) | rows["division_code"].isin(filters.sectors)
        kept = rows[named & rows["size_band"].isin(filters.sizes)]
    said = kept["support_need"].fillna("").str.split("|")
    expected = (
        kept.assign(
            province_code=kept[f"province_code_{vintage}"],
            establishments=1,
            stated=said.map(lambda kinds: int(kinds != [""])),
            **{kind: said.map(lambda kinds, kind=kind: int(kind in kinds)) for kind in SUPPORT_NEEDS},
        )
        .groupby(["province_code", "sector_code"], dropna=False)[VALUES]
        .sum()
    )
    found = support_counts.counts(dataset, filters)
    assert found[VALUES].sum().tolist() == expected.sum().tolist()
    both = found.dropna().set_index(["province_code", "sector_code"])[VALUES]
    wanted = expected.reset_index().dropna().set_index(["province_code", "sector_code"])[VALUES]
    pd.testing.assert_frame_equal(both, wanted, check_dtype=False, check_index_type=False)


def test_the_order_of_rows_changes_nothing(rows: pd.DataFrame, dataset: Dataset, tmp_path: Path) -> None:
    other = written(tmp_path, rows.sample(frac=1, random_state=3))
    first, second = (support_counts.counts(each, Filters()) for each in (dataset, other))
    pd.testing.assert_frame_equal(first, second)


def test_divisions_hold_all_their_classes_and_nothing_else(dataset: Dataset) -> None:
    table = support_counts.counts(dataset, Filters())
    both = support_counts.both_levels(table)
    divisions = both[both["sector_code"].str.len() == 2]
    assert divisions[VALUES].sum().tolist() == table.dropna()[VALUES].sum().tolist()
    classes = both[both["sector_code"].str.len() == 4]
    assert (classes["establishments"] > 0).all()
    assert not both.duplicated(support_counts.KEYS).any()


def test_old_provinces_sum_to_the_new_ones(dataset: Dataset) -> None:
    new, old = (support_counts.counts(dataset, Filters(vintage=v)) for v in ("2025", "pre2025"))
    assert new[VALUES].sum().tolist() == old[VALUES].sum().tolist()


def test_the_public_list_states_nothing() -> None:
    table = support_counts.counts(catalog.open_dataset("real"), Filters())
    assert table["establishments"].sum() == 494
    assert table["stated"].sum() == 0


# ---- shares and needs that neighbours share ----------------------------------------------------------------

CELLS = st.lists(
    st.tuples(
        st.sampled_from(["01", "24", "25", "33"]),
        st.sampled_from(["1076", "1610", "10"]),
        st.integers(0, 30),
        st.integers(0, 30),
        st.lists(st.integers(0, 30), min_size=5, max_size=5),
    ),
    max_size=12,
    unique_by=lambda cell: cell[:2],
)


def counted(cells: list[tuple]) -> pd.DataFrame:
    """A table of counts that holds together: those who ask are among those who state, these among all."""
    made = []
    for province, sector, silent, stated, kinds in cells:
        asking = [min(kind, stated) for kind in kinds]
        made.append((province, sector, silent + stated, stated, *asking))
    return pd.DataFrame(made, columns=[*support_counts.KEYS, *VALUES]).astype(dict.fromkeys(VALUES, "int64"))


@settings(max_examples=20)
@given(CELLS, st.randoms(use_true_random=False))
def test_sums_and_shares_hold_and_order_changes_nothing(cells: list[tuple], random: object) -> None:
    table = counted(cells)
    before = table.copy()
    found = support.by(table, ["province_code"])
    pd.testing.assert_frame_equal(table, before)
    mixed = list(cells)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(found, support.by(counted(mixed), ["province_code"]))
    assert len(found) == table["province_code"].nunique() * len(support.KINDS)
    whole = support.by(table, []).set_index("support_code")
    for kind in SUPPORT_NEEDS:
        asking = found.loc[found["support_code"] == kind, "asking"].sum()
        assert asking == table[kind].sum()
        assert int(whole["asking"].fillna(0)[kind]) == table[kind].sum()
    nobody = found["stated"] == 0
    assert found.loc[nobody, ["asking", "share_of_stated", "share_of_all"]].isna().all(axis=None)
    shares = found.loc[~nobody, ["share_of_all", "share_of_stated"]].astype(float)
    assert shares.notna().all(axis=None)
    assert shares.stack().between(0, 1).all()
    assert (shares["share_of_all"] <= shares["share_of_stated"] + 1e-12).all()


@settings(max_examples=15)
@given(CELLS)
def test_common_needs_are_asked_for_on_both_sides(cells: list[tuple]) -> None:
    table = counted(cells)
    pairs = pd.DataFrame([("25", "01"), ("01", "24"), ("24", "33")], columns=["first", "second"])
    found = support.common(table, pairs)
    at = table.set_index(support_counts.KEYS)
    expected = {
        (sector, kind, *sorted(pair))
        for pair in pairs.itertuples(index=False)
        for sector in ("1076", "1610", "10")
        for kind in SUPPORT_NEEDS
        if all(
            (code, sector) in at.index and at.loc[(code, sector), kind] >= support.LEAST_ASKING
            for code in pair
        )
    }
    keys = ["sector_code", "support_code", "first", "second"]
    assert {tuple(row) for row in found[keys].itertuples(index=False)} == expected
    assert len(found) == len(expected)
    for row in found.itertuples():
        assert row.asking == row.asking_first + row.asking_second
        assert row.asking_first == at.loc[(row.first, row.sector_code), row.support_code]
    fewest = found[["asking_first", "asking_second"]].min(axis=1)
    assert fewest.is_monotonic_decreasing
    pd.testing.assert_frame_equal(found, support.common(table, pairs.iloc[::-1]))


# ---- opportunities -----------------------------------------------------------------------------------------


def _allowed(evidence: tuple) -> set[float]:
    own = [row for row in evidence if row["table"] == told.TABLE]
    return {rounded(value, "count") for row in own for value in row["values"].values()}


@pytest.mark.parametrize("vintage", ["2025", "pre2025"])
def test_every_number_of_a_scheme_stands_in_its_evidence(vintage: str) -> None:
    seen = set()
    items = [*ranked("demo", vintage), *grouped("demo", vintage)]
    for item in items:
        found = {lang: numbers(_without_names(item.scheme(lang)), lang) for lang in ("vi", "en")}
        assert found["vi"] == found["en"], item.id
        if item.support is None:
            assert not found["vi"], item.id
            continue
        seen.add(getattr(item, "kind", "group"))
        assert set(found["vi"]) <= _allowed(item.evidence), item.id
        assert {item.support.stated, item.support.establishments} <= set(found["vi"])
    assert seen == {"material", "cluster", "chain", "experience", "group"}


def _without_names(text: str) -> str:
    """Leave out the quoted titles of sectors."""
    return re.sub("“[^”]*”", "", text)


def test_an_opportunity_counts_its_sectors_in_its_provinces() -> None:
    both = support_counts.both_levels(support_counts.counts(catalog.open_dataset("demo"), Filters()))
    at = both.set_index(support_counts.KEYS)
    checked = 0
    for item in ranked("demo", "2025"):
        if item.kind == "cluster":
            cells = [(code, item.subject_code) for code in item.province_codes]
        elif item.kind == "chain":
            cells = list(zip(item.province_codes, item.subject_code.split("-"), strict=True))
        else:
            rows = told.of_evidence(item.evidence)
            assert {row["key"]["province_code"] for row in rows} <= set(item.province_codes)
            continue
        expected = at.reindex(cells).sum()
        if not expected["stated"]:
            assert item.support is None
            continue
        checked += 1
        assert item.support is not None
        assert (item.support.establishments, item.support.stated) == (
            expected["establishments"],
            expected["stated"],
        )
        assert dict(item.support.counts) == {k: expected[k] for k in SUPPORT_NEEDS if expected[k]}
    assert checked > 50


def test_members_of_a_group_are_counted_once() -> None:
    group = grouped("demo", "2025")[0]
    cells = told.of_evidence(group.evidence)
    keys = [tuple(row["key"].values()) for row in cells]
    assert len(keys) == len(set(keys))
    assert group.support == told.total(cells)[0]
    places = told.by_province(group.evidence)
    assert sum(part.stated for part in places.values()) == group.support.stated
    assert set(places) <= set(group.province_codes)


def test_a_set_without_answers_is_told_as_before() -> None:
    for vintage in ("2025", "pre2025"):
        for item in [*ranked("real", vintage), *grouped("real", vintage)]:
            assert item.support is None
            assert told.TABLE not in {row["table"] for row in item.evidence}
            assert "ưu tiên nội dung" not in item.scheme_vi


def test_answers_change_nothing_but_the_scheme_and_the_evidence(tmp_path: Path) -> None:
    basis = whole_country("demo", "2025").basis
    made, needs = demo.make(50, 11)
    silent = catalog.write_dataset(
        tmp_path, "silent", made.assign(support_need=None), needs, kind="demo", provenance={}, label_vi="Thử",
        label_en="Trial",
    )  # fmt: skip
    found, judged = assemble.opportunities(basis.findings, basis.data, basis.filters, silent)
    assert judged == basis.judgements
    for one, other in zip(basis.opportunities, found, strict=True):
        assert (one.id, one.components, one.confidence, one.sentence_vi) == (
            other.id, other.components, other.confidence, other.sentence_vi,
        )  # fmt: skip
        assert other.support is None
        assert (one.scheme_vi == other.scheme_vi) == (one.support is None)
        assert one.scheme_vi.startswith(other.scheme_vi)
        assert one.evidence[: len(other.evidence)] == other.evidence
    assert any(one.support for one in basis.opportunities)


def test_a_class_counts_once_beside_its_division() -> None:
    def row(province: str, sector: str, *values: int) -> dict:
        return {
            "table": told.TABLE,
            "key": {"province_code": province, "sector_code": sector},
            "values": dict(zip(("in_sector", "stated", *SUPPORT_NEEDS), values, strict=True)),
        }

    found = [
        row("01", "10", 9, 5, 3, 2, 0, 0, 0),
        row("01", "1076", 4, 2, 2, 0, 0, 0, 0),
        row("25", "1076", 3, 1, 0, 1, 0, 0, 0),
    ]
    asked, rows = told.total(found)
    assert asked == Asked(12, 6, {"machinery": 3, "training": 3})
    assert rows[0]["key"] == {"province_codes": "01|25", "sector_codes": "10|1076"}
    assert len(rows) == 3
    assert told.total([]) == (None, ())
    assert told.total([row("01", "10", 9, 0, 0, 0, 0, 0, 0)]) == (None, ())


def test_a_scheme_names_what_most_ask_for() -> None:
    plan = Text("Đề án chung.", "A joint scheme.")
    said = support_words.with_support(
        plan, Asked(1_200, 30, {"training": 12, "machinery": 8, "space": 8, "market": 1})
    )
    assert said.vi == (
        "Đề án chung. Nên ưu tiên nội dung cơ sở đề nghị nhiều nhất: đào tạo nghề (12 cơ sở), máy móc thiết bị (8 cơ sở) "
        "và mặt bằng sản xuất (8 cơ sở); 30 trên 1.200 cơ sở thuộc các ngành liên quan ở các tỉnh tham gia đã nêu nhu "
        "cầu hỗ trợ."
    )
    assert "training (12 establishments), machinery (8 establishments) and production space" in said.en
    one = support_words.with_support(plan, Asked(4, 1, {"market": 1}))
    assert "access to markets (1 establishment); 1 of the 4 establishments" in one.en
    assert support_words.with_support(plan, None) == plan
    # An answer outside the list counts as an answer and names nothing.
    assert support_words.with_support(plan, Asked(4, 1, {})) == plan
    assert make_opportunity().support is None


def test_what_is_told_can_be_written_as_json() -> None:
    item = next(o for o in whole_country("demo", "2025").opportunities if o.support)
    plain = json.loads(json.dumps(item.to_dict(), allow_nan=False))["support"]
    assert plain["stated"] == item.support.stated
    assert list(plain["counts"]) == list(item.support.counts)


# ---- the survey from template to scheme --------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PRODUCT_HOME", str(tmp_path / "home"))
    return tmp_path


def filled(kind: str, given: list[dict[str, object]], path: Path) -> Path:
    """A template with its titles as handed out and rows filled in by field."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(template.workbook(kind)))
    titles = [str(cell) for cell in book.get_sheet_by_name("Nhập liệu").to_python()[0] if str(cell).strip()]
    known = {template.title(field): field.name for field in fields(kind)}
    with path.open("w", encoding="utf-8", newline="") as sink:
        out = csv.writer(sink, delimiter=";")
        out.writerow(titles)
        for row in given:
            out.writerow(
                [
                    row.get(next((n for t, n in known.items() if title.startswith(t)), ""), "")
                    for title in titles
                ]
            )
    return path


def _surveyed(folder: Path) -> tuple[Path, Path]:
    """A list of tea makers in two neighbours and fish processors far off, and the survey of some of the first."""
    words = ("An", "Bình", "Cường", "Dũng", "Giang", "Hà", "Khánh", "Lan", "Minh", "Nga", "Oanh", "Phúc")
    makers = [
        {"name": f"Chè {word} {place}", "sector_code": "1076", "product": "Chè", "province": place, "vintage": "2025",
         "employees": 6, "year": 2023, "source": "Danh sách của Sở"}
        for place in ("Thái Nguyên", "Phú Thọ")
        for word in words
    ]  # fmt: skip
    fish = [
        {"name": f"Thủy sản {word} {n}", "sector_code": "1020", "product": "Tôm", "province": "Cà Mau", "vintage": "2025",
         "employees": 8, "year": 2023, "source": "Danh sách của Sở"}
        for word in words
        for n in ("Năm Căn", "Cái Nước")
    ]  # fmt: skip
    asked = [
        {k: m[k] for k in ("name", "province", "vintage")}
        | {"support_need": "máy móc, đào tạo" if i % 2 else "đào tạo nghề"}
        for i, m in enumerate(makers)
        if i % 3
    ]
    asked += [
        {"name": "Chè Không Có", "province": "Phú Thọ", "vintage": "2025", "support_need": "máy móc"},
        {
            "name": makers[0]["name"],
            "province": "Thái Nguyên",
            "vintage": "2025",
            "support_need": "xin tiền mặt",
        },
        {"name": makers[3]["name"], "province": "Thái Nguyên", "vintage": "2025", "support_need": ""},
    ]
    return filled("establishments", makers + fish, folder / "co_so.csv"), filled(
        "needs", asked, folder / "khao_sat.csv"
    )


def test_a_survey_reaches_the_counts_and_the_schemes(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    makers, survey = _surveyed(home)
    assert main(["import", str(makers), "--name", "own"]) == 0
    capsys.readouterr()
    assert main(["import", str(survey), "--as", "needs", "--name", "own", "--format", "json"]) == 0
    (report,) = json.loads(capsys.readouterr().out)
    assert report["counts"]["accepted"] == 16
    assert report["counts"]["returned"] == 3
    stored = commit.opened("own")
    assert stored is not None
    rows = rows_of(stored, "establishments")
    # The survey adds what is asked for; year and source of the establishment stay its own.
    assert rows["support_need"].value_counts().to_dict() == {"training": 8, "machinery|training": 8}
    assert set(rows["source"]) == {"Danh sách của Sở"}
    assert set(rows["year"]) == {2023}
    folder = str(home / "home" / "datasets" / "own")
    assert main(["needs", "--dataset", folder, "--by", "country", "--format", "json"]) == 0
    found = {row["support_code"]: row for row in json.loads(capsys.readouterr().out)}
    assert (found["training"]["asking"], found["any"]["stated"], found["any"]["establishments"]) == (
        16,
        16,
        48,
    )
    assert (
        main(
            [
                "needs",
                "--dataset",
                folder,
                "--common",
                "--sector",
                "1076",
                "--support",
                "training",
                "--format",
                "json",
            ]
        )
        == 0
    )
    (shared,) = json.loads(capsys.readouterr().out)
    assert {shared["first"], shared["second"]} == {"19", "25"}
    assert main(["opportunities", "--dataset", folder, "--kind", "cluster", "--format", "json"]) == 0
    schemes = [o["scheme_vi"] for o in json.loads(capsys.readouterr().out) if o["subject_code"] == "1076"]
    assert len(schemes) == 1
    assert "đào tạo nghề (16 cơ sở) và máy móc thiết bị (8 cơ sở); 16 trên 24 cơ sở" in schemes[0]


def test_faults_of_a_survey_name_the_words_allowed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    makers, survey = _surveyed(home)
    main(["import", str(makers), "--name", "own"])
    capsys.readouterr()
    main(["import", str(survey), "--as", "needs", "--name", "own", "--dry-run"])
    told_faults = [line for line in capsys.readouterr().out.splitlines() if line.startswith("!")]
    assert len(told_faults) == 3
    text = "\n".join(told_faults)
    assert "“xin tiền mặt”" in text
    assert "máy móc, đào tạo, nguyên liệu, thị trường, mặt bằng" in text
    assert "“Chè Không Có”" in text
    assert "Tên cơ sở" in text
    assert "Dòng không có nhu cầu nào" in text


def test_the_command_lists_what_most_ask_for_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["--lang", "en", "needs", "--dataset", "demo", "--support", "machinery", "--format", "json"])
        == 0
    )
    found = json.loads(capsys.readouterr().out)
    asking = [row["asking"] for row in found]
    assert asking == sorted(asking, reverse=True)
    assert len(found) == 34
    assert found[0]["province_name"] == "Ho Chi Minh City"
    assert main(["needs", "--sector", "zz"]) == 2
    assert main(["needs", "--support", "any", "--format", "json"]) == 0
    assert {row["asking"] for row in json.loads(capsys.readouterr().out[:]) if row["stated"] == 0} == {None}


def test_neighbours_of_both_vintages_can_share_a_need() -> None:
    for vintage in ("2025", "pre2025"):
        table = support_counts.counts(catalog.open_dataset("demo"), Filters(vintage=vintage))
        found = support.common(support_counts.both_levels(table), borders.neighbours(vintage))
        assert len(found) > 20
        assert np.isfinite(found[["share_first", "share_second"]].to_numpy()).all()
