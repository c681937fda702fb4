from __future__ import annotations

import json

import pandas as pd
import pytest
from frictionless import Package

from geo import paths
from geo.build import datapackage, tables
from geo.errors import DataError

DESCRIPTOR = paths.DATA / "datapackage.json"


@pytest.fixture(scope="module")
def package() -> Package:
    return Package(str(DESCRIPTOR))


def shipped() -> dict:
    return json.loads(DESCRIPTOR.read_text(encoding="utf-8"))


def test_every_file_is_described():
    assert [path for path in datapackage.files() if not datapackage.describe(path)] == []
    listed = {resource["path"] for resource in shipped()["resources"]}
    assert listed == set(datapackage._current(paths.DATA, datapackage.files()))


def test_checksums_and_sizes_hold():
    for resource in shipped()["resources"]:
        file = paths.DATA / resource["path"]
        assert resource["bytes"] == file.stat().st_size, resource["path"]
        assert resource["hash"] == f"sha256:{datapackage.sha256(file)}", resource["path"]


def test_rebuilding_gives_the_same_text():
    assert datapackage.render() == DESCRIPTOR.read_text(encoding="utf-8")


def test_descriptor_is_valid_and_names_are_unique(package):
    assert Package.validate_descriptor(str(DESCRIPTOR)).valid
    names = [resource.name for resource in package.resources]
    assert len(names) == len(set(names))
    assert shipped()["$schema"].endswith("/2.0/datapackage.json")


def test_every_csv_is_valid_with_its_keys(package):
    for resource in package.resources:
        if resource.format == "csv":
            report = resource.validate()
            assert report.valid, (resource.name, report.flatten(["rowNumber", "fieldName", "message"])[:3])


def test_every_table_says_its_meaning_licence_source_and_year():
    for resource in shipped()["resources"]:
        assert resource["title_vi"], resource["path"]
        assert resource["sources"], resource["path"]
        assert resource["licenses"], resource["path"]
        if resource.get("type") == "table":
            assert all(field["description"] for field in resource["schema"]["fields"])
            columns = {field["name"] for field in resource["schema"]["fields"]}
            quantities = {"quantity", "value", "low", "high", "input_per_output"} & columns
            units = {"unit", "input_unit", "assumed_unit", "tonnes_per_employee"} & columns
            assert not quantities or units, resource["path"]


def test_a_broken_table_is_found(tmp_path, package):
    rows = pd.read_csv(paths.DATA / "material_supply.csv", dtype=str, keep_default_na=False)
    rows.loc[0, "quantity"] = "-5"
    rows.loc[1, "unit"] = "bushels"
    rows.head(20).to_csv(tmp_path / "material_supply.csv", index=False)
    found = next(r for r in shipped()["resources"] if r["path"] == "material_supply.csv")
    found["schema"].pop("foreignKeys")
    for key in ("hash", "bytes"):
        found.pop(key)
    report = Package({"resources": [found]}, basepath=str(tmp_path)).validate()
    assert [row[0] for row in report.flatten(["fieldName"])] == ["quantity", "unit"]


def test_a_file_or_column_without_description_is_refused(tmp_path):
    with pytest.raises(DataError, match="surprise"):
        datapackage.describe("surprise.csv")
    (tmp_path / "crosswalk.csv").write_text("pre2025_code,odd\n01,1\n", encoding="utf-8")
    with pytest.raises(DataError, match="odd"):
        datapackage.render(tmp_path)


@pytest.mark.parametrize("name", ["materials.csv", "requirements.csv"])
def test_derived_tables_rebuild_to_the_same_bytes(tmp_path, name):
    tables.build(tmp_path)
    assert (tmp_path / name).read_bytes() == (paths.DATA / name).read_bytes()
