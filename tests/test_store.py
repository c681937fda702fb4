"""Dataset folders: immutable versions, the atomic pointer, damage, GeoParquet, the engine seam."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from geo.errors import DataError, GeoError, ParameterError, StoreError
from geo.store import aggregate, catalog, engine
from geo.store.filters import Filters
from geo.subjects import establishments as schema


def rows(count: int = 6, **changes: object) -> pd.DataFrame:
    """Return a small valid table: establishments around Thái Nguyên, the last one without a point."""
    frame = pd.DataFrame(
        {
            "establishment_id": [f"E{i:03d}" for i in range(count)],
            "name": [f"Cơ sở {i}" for i in range(count)],
            "sector_code": "1076",
            "employees": pd.array([5] * count, dtype="Int64"),
            "vintage": "2025",
            "province_code": "19",
            "province_code_2025": "19",
            "province_code_pre2025": "19",
            "lat": [21.5 + 0.1 * (i % 9) for i in range(count)],
            "lon": [105.7 + 0.05 * (i % 9) for i in range(count)],
            "location_quality": "point",
            "year": 2024,
            "source": "bảng thử",
            "licence": "CC0-1.0",
        }
    )
    frame.loc[count - 1, ["lat", "lon"]] = None
    frame.loc[count - 1, "location_quality"] = "province"
    return frame.assign(**changes)


def write(root: Path, frame: pd.DataFrame, name: str = "thu", **changes: object) -> catalog.Dataset:
    options = {"kind": "user", "provenance": {"made_by": "test"}, "label_vi": "Thử", "label_en": "Trial"}
    return catalog.write_dataset(root, name, frame, **{**options, **changes})


def test_written_dataset_opens_and_keeps_every_row(tmp_path: Path) -> None:
    needs = pd.DataFrame(
        {
            "establishment_id": ["E000"],
            "material_code": ["tea_fresh_leaf"],
            "need_tonnes": [12.5],
            "origin_province_code": ["19"],
            "origin_vintage": ["2025"],
        }
    )
    written = write(tmp_path, rows(), needs=needs)
    opened = catalog.open_dataset(tmp_path / "thu")
    assert opened == written
    assert hash(opened) == hash(written)
    assert opened.rows() == 6
    assert opened.rows("needs") == 1
    assert (opened.label("vi"), opened.label("en")) == ("Thử", "Trial")
    assert not opened.is_demo
    assert catalog.open_dataset(opened.folder) == opened
    table = engine.collect(engine.lazy(opened, "needs"))
    assert table[list(needs.columns)].to_dict("records") == needs.to_dict("records")
    assert table.loc[0, ["sector_code", "province_code_2025", "size_band"]].tolist() == [
        "1076",
        "19",
        "micro",
    ]
    stated = engine.collect(engine.lazy(opened).select("establishment_id", "states_need"))
    assert stated.loc[stated["states_need"], "establishment_id"].tolist() == ["E000"]


def test_same_rows_give_the_same_bytes_whatever_their_order(tmp_path: Path) -> None:
    one = write(tmp_path / "a", rows())
    two = write(tmp_path / "b", rows().sample(frac=1, random_state=3))
    assert one.version == two.version
    for first, second in zip(one.files(), two.files(), strict=True):
        assert first.read_bytes() == second.read_bytes()


def test_arguments_are_not_written(tmp_path: Path) -> None:
    frame = rows()
    before = frame.copy(deep=True)
    write(tmp_path, frame)
    pd.testing.assert_frame_equal(frame, before)


def test_reader_of_an_old_version_keeps_seeing_it(tmp_path: Path) -> None:
    old = write(tmp_path, rows(6))
    new = write(tmp_path, rows(9))
    assert old.version != new.version
    assert aggregate.summary(old, Filters())["total"] == 6
    assert aggregate.summary(catalog.open_dataset(tmp_path / "thu"), Filters())["total"] == 9
    assert catalog.open_dataset(tmp_path / "thu", version=old.version) == old
    assert catalog.prune(tmp_path, "thu") == [old.version]
    assert catalog.open_dataset(tmp_path / "thu") == new


def test_refused_import_changes_nothing(tmp_path: Path) -> None:
    old = write(tmp_path, rows())
    before = sorted(path.name for path in (tmp_path / "thu").iterdir())
    with pytest.raises(DataError):
        write(tmp_path, rows(employees=-3))
    assert catalog.open_dataset(tmp_path / "thu") == old
    assert sorted(path.name for path in (tmp_path / "thu").iterdir()) == before


def test_geoparquet_opens_in_geopandas(tmp_path: Path) -> None:
    frame = gpd.read_parquet(write(tmp_path, rows()).files()[0])
    assert frame.crs.to_epsg() == 4326 or frame.crs.to_string() == "OGC:CRS84"
    placed = frame[frame["lat"].notna()]
    assert (placed.geometry.x - placed["lon"]).abs().max() == 0
    assert (placed.geometry.y - placed["lat"]).abs().max() == 0
    assert frame.geometry.isna().sum() == 1


@pytest.mark.parametrize("harm", ["cut", "flip", "remove", "manifest", "pointer", "no manifest"])
def test_damage_is_told_in_a_sentence(tmp_path: Path, harm: str) -> None:
    dataset = write(tmp_path, rows())
    file = dataset.files()[0]
    content = file.read_bytes()
    if harm == "cut":
        file.write_bytes(content[:-10])
    elif harm == "flip":
        file.write_bytes(content[:100] + bytes([content[100] ^ 1]) + content[101:])
    elif harm == "remove":
        file.unlink()
    elif harm == "manifest":
        (dataset.folder / "manifest.json").write_text("{", encoding="utf-8")
    elif harm == "no manifest":
        (dataset.folder / "manifest.json").unlink()
    else:
        (tmp_path / "thu" / "current").write_text("../../elsewhere\n", encoding="utf-8")
    with pytest.raises(StoreError) as caught:
        catalog.open_dataset(tmp_path / "thu")
    assert "hỏng" in caught.value.vi
    assert "damaged" in caught.value.en


def test_damaged_version_is_repaired_by_writing_the_same_rows(tmp_path: Path) -> None:
    dataset = write(tmp_path, rows())
    dataset.files()[0].write_bytes(b"")
    assert write(tmp_path, rows()) == dataset
    assert aggregate.summary(catalog.open_dataset(tmp_path / "thu"), Filters())["total"] == 6


def test_other_schema_version_is_refused(tmp_path: Path) -> None:
    dataset = write(tmp_path, rows())
    path = dataset.folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**manifest, "schema_version": 99}), encoding="utf-8")
    with pytest.raises(StoreError, match="99"):
        catalog.open_dataset(tmp_path / "thu")


@pytest.mark.parametrize("name", ["../x", "", "Hoa", "a/b", "x" * 65, ".current"])
def test_names_that_leave_their_folder_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ParameterError):
        write(tmp_path, rows(), name=name)


@pytest.mark.parametrize("version", ["..", "current", "../../etc", "ZZZZZZZZZZZZ"])
def test_links_cannot_name_a_path(tmp_path: Path, version: str) -> None:
    write(tmp_path, rows())
    with pytest.raises(StoreError):
        catalog.open_dataset(tmp_path / "thu", version=version)
    with pytest.raises(StoreError):
        catalog.open_dataset(str(tmp_path / "thu"), paths_too=False)


def test_unknown_dataset_names_the_known_ones() -> None:
    with pytest.raises(StoreError) as caught:
        catalog.open_dataset("khong-co")
    assert "demo" in caught.value.vi


def test_user_datasets_are_found_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRODUCT_HOME", str(tmp_path))
    dataset = write(catalog.user_root(), rows(), name="cua-toi")
    assert catalog.open_dataset("cua-toi", paths_too=False) == dataset
    listed = [found.name for found in catalog.list_datasets()]
    assert listed[-1] == "cua-toi"
    assert "demo" in listed


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("employees", 0),
        ("employees", 2.5),
        ("revenue_vnd_million", -1.0),
        ("lat", 48.8),
        ("vintage", "2024"),
        ("province_code_2025", "02"),
        ("sector_code", "107"),
        ("location_quality", "exact"),
        ("location_quality", "province"),
        ("year", 1885),
        ("name", ""),
        ("establishment_id", "E001"),
    ],
)
def test_rows_that_break_the_contract_are_refused_by_name(column: str, value: object) -> None:
    frame = rows(revenue_vnd_million=1.0).astype({column: object} if column != "establishment_id" else {})
    frame.loc[0, column] = value
    with pytest.raises(DataError) as caught:
        schema.check(schema.complete(frame))
    assert column in caught.value.vi
    assert column in caught.value.en


def test_missing_column_and_stray_need_are_refused() -> None:
    with pytest.raises(DataError, match="licence"):
        schema.complete(rows().drop(columns="licence"))
    needs = pd.DataFrame({"establishment_id": ["nobody"], "material_code": ["coffee"], "need_tonnes": [1.0]})
    needs = needs.assign(origin_province_code=None, origin_vintage=None)
    with pytest.raises(DataError, match="nobody"):
        schema.check_needs(needs, rows())


def test_size_bands_at_their_limits() -> None:
    employees = pd.Series([1, 9, 10, 49, 50, 199, 200, 5000, None], dtype="Int64")
    expected = ["micro", "micro", "small", "small", "medium", "medium", "large", "large", "unknown"]
    assert schema.size_band(employees).tolist() == expected


def test_engine_is_chosen_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = write(tmp_path, rows())
    monkeypatch.setenv("ENGINE", "abacus")
    with pytest.raises(StoreError, match="abacus"):
        engine.lazy(dataset)
    monkeypatch.setenv("ENGINE", "duckdb")
    assert aggregate.summary(dataset, Filters())["total"] == 6


def test_queries_run_side_by_side_in_threads(tmp_path: Path) -> None:
    dataset = write(tmp_path, rows(500))
    expected = aggregate.summary(dataset, Filters())
    results: list[object] = []

    def ask() -> None:
        try:
            results.append(aggregate.summary(dataset, Filters()))
        except (GeoError, RuntimeError) as error:
            results.append(error)

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 12
