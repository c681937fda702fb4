"""Write ``data/datapackage.json``: a Frictionless Data Package (version 2) over every file of ``data/``.

``metadata.toml`` says what each column and file means; this module joins it with the files on disk: size,
SHA-256, columns in their order, years. The same files give the same bytes. To add a file, add a
``[[resource]]`` (and its new columns under ``[fields]``) to the metadata.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from geo import paths
from geo.errors import DataError

NAME = "datapackage.json"
SCHEMA = "https://datapackage.org/profiles/2.0/datapackage.json"
_CONSTRAINTS = ("enum", "pattern", "minimum", "maximum")
_MEDIA = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet", "json": "application/json"}


@cache
def _metadata() -> dict[str, Any]:
    """The metadata as read, once."""
    with (Path(__file__).parent / "metadata.toml").open("rb") as file:
        return tomllib.load(file)


def files(folder: Path | None = None) -> list[str]:
    """Return the path of every file of the data folder, relative to it, sorted; hidden ones left out."""
    root = folder or paths.DATA
    found = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
    return sorted(
        path.as_posix()
        for path in found
        if path.as_posix() != NAME and not any(part.startswith(".") for part in path.parts)
    )


def describe(path: str) -> Mapping[str, Any]:
    """Return the metadata of a file: the first resource whose pattern fits its path.

    Raises
    ------
    DataError
        If no pattern fits.
    """
    for resource in _metadata()["resource"]:
        if fnmatchcase(path, resource["pattern"]):
            return dict(resource)
    raise DataError(
        vi=f"Tệp data/{path} chưa được mô tả; hãy thêm một mục [[resource]] vào geo/build/metadata.toml.",
        en=f"The file data/{path} is not described; add a [[resource]] to geo/build/metadata.toml.",
    )


def _field(name: str, resource: Mapping[str, Any], path: str) -> dict[str, Any]:
    """One field descriptor, from the resource's own words or the common ones."""
    field = resource.get("fields", {}).get(name) or _metadata()["fields"].get(name)
    if field is None:
        raise DataError(
            vi=f"Cột {name} của data/{path} chưa được mô tả; hãy thêm vào [fields] của metadata.toml.",
            en=f"Column {name} of data/{path} is not described; add it to [fields] of metadata.toml.",
        )
    out = {"name": name, "type": field["type"], "description": field["en"], "description_vi": field["vi"]}
    if field.get("unit"):
        out["unit"] = field["unit"]
    constraints = {key: field[key] for key in _CONSTRAINTS if key in field}
    if name in resource.get("key", ()):
        constraints["required"] = True
    if constraints:
        out["constraints"] = constraints
    return out


def _columns(file: Path) -> list[str]:
    """Column names of a table, in its order."""
    if file.suffix == ".parquet":
        return list(pq.read_schema(file).names)
    return list(pd.read_csv(file, nrows=0).columns)


def _opaque_fields(columns: list[str]) -> list[dict[str, Any]]:
    """Fields of a table kept exactly as it came: text, described by the table made from it."""
    return [{"name": name, "type": "string", "description": "as in the source table"} for name in columns]


def _schema(file: Path, path: str, resource: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of one table."""
    columns = _columns(file)
    opaque = resource.get("opaque", False)
    fields = _opaque_fields(columns) if opaque else [_field(name, resource, path) for name in columns]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if resource.get("key"):
        schema["primaryKey"] = list(resource["key"])
    if resource.get("refers"):
        schema["foreignKeys"] = [
            {"fields": names.split(","), "reference": {"resource": target, "fields": names.split(",")}}
            for names, target in resource["refers"]
        ]
    return schema


def _years(file: Path, resource: Mapping[str, Any]) -> str | None:
    """The years of a table: as told, else from its own column."""
    if "years" in resource:
        return str(resource["years"])
    if file.suffix == ".csv" and "year" in _columns(file):
        years = pd.to_numeric(
            pd.read_csv(file, usecols=["year"], dtype=str)["year"], errors="coerce"
        ).dropna()
        if len(years):
            first, last = int(years.min()), int(years.max())
            return str(first) if first == last else f"{first}–{last}"
    return None


def sha256(file: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal text."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _resource(root: Path, path: str) -> dict[str, Any]:
    """The descriptor of one file."""
    file, resource, told = root / path, describe(path), _metadata()
    form = file.suffix.lstrip(".") or "txt"
    out: dict[str, Any] = {
        "name": _name(path),
        "path": path,
        "title": resource["title"],
        "title_vi": resource["title_vi"],
        "format": form,
        "mediatype": _MEDIA.get(form, "text/plain"),
        "bytes": file.stat().st_size,
        "hash": f"sha256:{sha256(file)}",
        "sources": [told["sources"][name] for name in resource["sources"]],
        "licenses": [told["licences"][resource["licence"]]],
    }
    years = _years(file, resource)
    if years:
        out["years"] = years
    if form in ("csv", "parquet"):
        out["type"] = "table"
        out["schema"] = _schema(file, path, resource)
    if form == "csv":
        out["encoding"] = "utf-8"
    return out


def _name(path: str) -> str:
    """A name for a resource that no other has: its path in lower case; a dataset's version left out."""
    path = re.sub(r"^(datasets/[^/]+)/[0-9a-f]{12}/", r"\1/", path)
    stem = path.removesuffix(".csv").removesuffix(".parquet")
    return re.sub(r"[^a-z0-9_.-]+", "-", stem.lower().replace("/", "."))


def _current(root: Path, listed: list[str]) -> Iterator[str]:
    """The files without dataset versions that are no longer current."""
    for path in listed:
        found = re.match(r"datasets/([^/]+)/([^/]+)/", path)
        if found:
            pointer = root / "datasets" / found[1] / "current"
            if not pointer.exists() or pointer.read_text(encoding="utf-8").strip() != found[2]:
                continue
        yield path


def descriptor(folder: Path | None = None) -> dict[str, Any]:
    """Return the descriptor of the data folder as it stands, resources sorted by path.

    Raises
    ------
    DataError
        If a file or a column is not described in the metadata.
    """
    root, told = folder or paths.DATA, _metadata()
    listed = list(_current(root, files(root)))
    return {
        "$schema": SCHEMA,
        **told["package"],
        "licenses": [told["licences"][name] for name in sorted(told["licences"])],
        "resources": [_resource(root, path) for path in listed],
    }


def render(folder: Path | None = None) -> str:
    """Return the descriptor as JSON text, the same for the same files."""
    return json.dumps(descriptor(folder), ensure_ascii=False, indent=1) + "\n"


def build(folder: Path | None = None) -> Path:
    """Write ``datapackage.json`` into the data folder and return its path."""
    target = (folder or paths.DATA) / NAME
    target.write_text(render(folder), encoding="utf-8")
    return target
