"""Dataset folders: immutable versions, a manifest with checksums, and an atomic "current" pointer.

::

    <root>/<name>/current                     the version that new readers open (text)
    <root>/<name>/<version>/manifest.json     schema version, rows, checksums, provenance
    <root>/<name>/<version>/establishments/part-000.parquet …   GeoParquet
    <root>/<name>/<version>/needs/part-000.parquet
    <root>/<name>/<version>/material_supply/…   only where the user has figures of raw materials

A version is named by the content of its files, so the same rows always give the same version.
Writing never touches what a reader has open: files go to a folder of their own, then one rename
publishes the version and one rename moves the pointer.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from geo import paths
from geo.errors import ParameterError, StoreError
from geo.store import files, parquet
from geo.subjects import establishments as schema
from geo.subjects import own_supply

KINDS = ("real", "demo", "user")
TABLES = ("establishments", "needs")
#: The one table that a dataset may lack: the user's own figures of raw materials.
SUPPLY = "material_supply"
MANIFEST = "manifest.json"
POINTER = "current"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_VERSION = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True)
class Dataset:
    """One version of one dataset, opened; equal and hashable by folder and version.

    Attributes
    ----------
    name, kind, version : str
        Name, kind (``real``, ``demo``, ``user``) and version (hash of the content).
    folder : Path
        Folder of this version; its files never change.
    manifest : dict
        What ``manifest.json`` says.
    """

    name: str
    kind: str
    version: str
    folder: Path
    manifest: Mapping[str, Any] = field(compare=False, repr=False)

    def label(self, lang: str = "vi") -> str:
        """Return the name for people in ``lang``."""
        return str(self.manifest["label"]["en" if lang == "en" else "vi"])

    def rows(self, table: str = "establishments") -> int:
        """Return the number of rows of a table; 0 where the dataset lacks it."""
        return int(self.manifest["tables"].get(table, {"rows": 0})["rows"])

    def files(self, table: str = "establishments") -> list[Path]:
        """Return the Parquet files of a table, in order; none where the dataset lacks it."""
        parts = self.manifest["tables"].get(table, {"files": []})["files"]
        return [self.folder / part["path"] for part in parts]

    @property
    def is_demo(self) -> bool:
        """Tell whether every view and export must be marked as demonstration data."""
        return self.kind == "demo"


def dataset_roots() -> list[Path]:
    """Return the folders where named datasets are looked for: shipped first, then the user's own."""
    return [paths.DATA / "datasets", user_root()]


def user_root() -> Path:
    """Return the folder of the user's own datasets."""
    return paths.home() / "datasets"


def write_dataset(
    root: Path | str,
    name: str,
    establishments: pd.DataFrame,
    needs: pd.DataFrame | None = None,
    supply: pd.DataFrame | None = None,
    *,
    kind: str,
    provenance: Mapping[str, Any],
    label_vi: str,
    label_en: str,
    folder: Path | str | None = None,
) -> Dataset:
    """Write a new version of a dataset and make it current.

    Parameters
    ----------
    root : path
        Folder of datasets; made if missing.
    name : str
        Small letters, digits, ``-`` and ``_``.
    establishments, needs : DataFrame
        Tables of the contract in :mod:`geo.subjects.establishments`; computed columns are filled in.
    supply : DataFrame, optional
        Own figures of raw materials, the contract in :mod:`geo.subjects.own_supply`; none where empty.
    kind : str
        ``real``, ``demo`` or ``user``.
    provenance : mapping
        Where the rows come from, as plain JSON; no time of writing, so that a rebuild is identical.
    label_vi, label_en : str
        Name for people.
    folder : path, optional
        Folder of this dataset where it is not ``<root>/<name>``.

    Returns
    -------
    Dataset
        The version written (or the one that was there with the same content).

    Raises
    ------
    DataError
        If the rows break their contract; nothing is changed then.
    ParameterError
        If the name or the kind is not allowed.
    StoreError
        If the folder cannot be written; the current version stays.
    """
    check_name(name)
    if kind not in KINDS:
        raise ParameterError(
            vi=f"Loại bộ dữ liệu phải là một trong {', '.join(KINDS)}, nhưng nhận được “{kind}”.",
            en=f'The kind of a dataset must be one of {", ".join(KINDS)}, but "{kind}" came.',
        )
    tables = _checked_tables(establishments, needs, supply)
    home = Path(folder) if folder is not None else Path(root) / name
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home, prefix=".writing-") as scratch:
            draft = Path(scratch) / "version"
            draft.mkdir()
            manifest = _write_files(draft, tables, name, kind, provenance, (label_vi, label_en))
            _publish(draft, home, manifest["version"])
        files.replace_text(home / POINTER, manifest["version"] + "\n")
    except OSError as error:
        raise _not_written(home, error) from error
    return _open_version(home / manifest["version"])


def open_dataset(name_or_path: str | Path, *, version: str | None = None, paths_too: bool = True) -> Dataset:
    """Open a dataset by name (shipped, then the user's own) or by folder.

    Parameters
    ----------
    name_or_path : str or Path
        A name, a dataset folder (with its pointer) or one version's folder.
    version : str, optional
        That version instead of the current one.
    paths_too : bool, default True
        ``False`` for names that come from outside (a link): folders are then not looked at.

    Raises
    ------
    StoreError
        If there is no such dataset, or its files are missing or damaged.
    """
    text = str(name_or_path)
    if version is not None and not _VERSION.fullmatch(version):
        raise _not_found(f"{text}@{version}")
    if _NAME.fullmatch(text):
        for root in dataset_roots():
            if (root / text / POINTER).is_file():
                return _open_version(root / text / (version or _pointed(root / text)))
    folder = Path(name_or_path)
    if paths_too and (folder / MANIFEST).is_file():
        return _open_version(folder)
    if paths_too and (folder / POINTER).is_file():
        return _open_version(folder / (version or _pointed(folder)))
    raise _not_found(text)


def list_datasets() -> list[Dataset]:
    """Return the datasets that open, current versions, real before demonstration before the user's own."""
    found: dict[str, Dataset] = {}
    for root in dataset_roots():
        for pointer in sorted(root.glob(f"*/{POINTER}")):
            name = pointer.parent.name
            if name in found or not _NAME.fullmatch(name):
                continue
            try:
                found[name] = open_dataset(name)
            except StoreError:
                continue  # a damaged one is named when it is opened by name
    return sorted(found.values(), key=lambda dataset: (KINDS.index(dataset.kind), dataset.name))


def prune(root: Path | str, name: str) -> list[str]:
    """Remove every version but the current one and return the versions removed (rebuilds use it)."""
    check_name(name)
    home = Path(root) / name
    current = _pointed(home)
    old = sorted(p.name for p in home.iterdir() if _VERSION.fullmatch(p.name) and p.name != current)
    for version in old:
        shutil.rmtree(home / version)
    return old


def check_name(name: str) -> None:
    """Refuse a name that could leave its folder or read badly in a link."""
    if not _NAME.fullmatch(name):
        raise ParameterError(
            vi=f"Tên bộ dữ liệu chỉ gồm chữ thường không dấu, chữ số, “-” và “_” (tối đa 64 ký tự), "
            f"nhưng nhận được “{name}”; hãy đặt lại tên.",
            en="The name of a dataset may hold small ASCII letters, digits, - and _ (at most 64), "
            f'but "{name}" came; choose another name.',
        )


def _checked_tables(
    establishments: pd.DataFrame, needs: pd.DataFrame | None, supply: pd.DataFrame | None
) -> dict[str, pd.DataFrame]:
    """Complete and check the tables; an empty supply is none."""
    wanted = pd.DataFrame(columns=[c.name for c in schema.NEEDS]) if needs is None else needs
    rows = schema.complete(establishments, wanted)
    schema.check(rows)
    if len(wanted):
        schema.check_needs(wanted, rows)
    tables = {"establishments": rows, "needs": schema.complete_needs(wanted, rows)}
    if supply is not None and len(supply):
        tables[SUPPLY] = own_supply.complete(supply)
    return tables


def _write_files(
    draft: Path,
    tables: Mapping[str, pd.DataFrame],
    name: str,
    kind: str,
    provenance: Mapping[str, Any],
    labels: tuple[str, str],
) -> dict[str, Any]:
    """Write the Parquet files and the manifest of a version; return the manifest."""
    columns = {
        "establishments": schema.ESTABLISHMENTS,
        "needs": schema.NEEDS_STORED,
        SUPPLY: own_supply.OWN_SUPPLY,
    }
    listing: dict[str, Any] = {}
    for table, frame in tables.items():
        apart = "licence" if "licence" in frame.columns else None
        written = parquet.write(draft / table, frame, schema.arrow_schema(columns[table]), apart=apart)
        parts = [
            {"path": f"{table}/{file.name}", "bytes": file.stat().st_size, "sha256": files.sha256(file)}
            for file in written
        ]
        listing[table] = {"rows": len(frame), "files": parts}
    body = {
        "schema_version": schema.SCHEMA_VERSION,
        "name": name,
        "kind": kind,
        "label": {"vi": labels[0], "en": labels[1]},
        "provenance": dict(provenance),
        "tables": listing,
    }
    canonical = json.dumps(body, sort_keys=True, ensure_ascii=False)
    manifest = {"version": hashlib.sha256(canonical.encode()).hexdigest()[:12], **body}
    files.write_text(draft / MANIFEST, json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
    return manifest


def _publish(draft: Path, home: Path, version: str) -> None:
    """Give a finished version its name; one with the same content and whole files stays as it is."""
    target = home / version
    if target.exists():
        try:
            _open_version(target)
            return
        except StoreError:
            shutil.rmtree(target)  # the same content, but damaged on disk: repair it
    os.rename(draft, target)
    files.sync_folder(home)


def _pointed(home: Path) -> str:
    """Read the current version of a dataset folder."""
    pointer = home / POINTER
    version = pointer.read_text(encoding="utf-8", errors="replace").strip() if pointer.is_file() else ""
    if not _VERSION.fullmatch(version):
        raise _damaged(home / POINTER, "con trỏ phiên bản hỏng", "the pointer to the version is broken")
    return version


def _open_version(folder: Path) -> Dataset:
    """Open one version after checking its manifest and its files."""
    path = folder / MANIFEST
    if not folder.is_dir():
        raise StoreError(
            vi=f"Phiên bản “{folder.name}” của bộ dữ liệu “{folder.parent.name}” không còn (có thể đã bị xóa); hãy tải "
            "lại trang hoặc chọn phiên bản khác.",
            en=f'Version "{folder.name}" of the dataset "{folder.parent.name}" is not there (it may have been deleted); '
            "load the page again or choose another version.",
        )
    if not path.is_file():
        raise _damaged(path, "thiếu tệp", "the file is missing")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        schema_version = manifest["schema_version"]
        held = [*TABLES, *({SUPPLY} & set(manifest["tables"]))]
        parts = [part for table in held for part in manifest["tables"][table]["files"]]
        dataset = Dataset(manifest["name"], manifest["kind"], manifest["version"], folder.resolve(), manifest)
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path, "không đọc được", "it cannot be read") from error
    if schema_version != schema.SCHEMA_VERSION:
        raise StoreError(
            vi=f"Bộ dữ liệu “{folder}” theo cấu trúc số {schema_version}, bản phần mềm này đọc cấu trúc số "
            f"{schema.SCHEMA_VERSION}; hãy nhập lại dữ liệu.",
            en=f'The dataset "{folder}" has schema version {schema_version}, this release reads version '
            f"{schema.SCHEMA_VERSION}; import the data again.",
        )
    for part in parts:
        _check_file(folder / part["path"], part)
    return dataset


def _check_file(path: Path, part: Mapping[str, Any]) -> None:
    """Refuse a file that is missing or differs from the manifest."""
    if not path.is_file():
        raise _damaged(path, "thiếu tệp", "the file is missing")
    if not files.same_content(path, part["bytes"], part["sha256"]):
        raise _damaged(path, "nội dung khác với bản kê", "its content differs from the manifest")


def _damaged(path: Path, what_vi: str, what_en: str) -> StoreError:
    """Say which file of a dataset is wrong and how to repair it."""
    return StoreError(
        vi=f"Bộ dữ liệu bị hỏng: “{path}” {what_vi}. Hãy nhập hoặc dựng lại bộ dữ liệu này.",
        en=f'The dataset is damaged: "{path}": {what_en}. Import or build this dataset again.',
    )


def _not_written(folder: Path, error: OSError) -> StoreError:
    """Say that a folder could not be written and that nothing has changed."""
    return StoreError(
        vi=f"Không ghi được bộ dữ liệu vào “{folder}” ({error.strerror}); hãy kiểm tra quyền ghi và dung "
        "lượng đĩa. Bản đang dùng không thay đổi.",
        en=f'The dataset could not be written to "{folder}" ({error.strerror}); check the permission and '
        "the space on disk. The version in use has not changed.",
    )


def _not_found(text: str) -> StoreError:
    """Say that a dataset is not there and which ones are."""
    names = ", ".join(dataset.name for dataset in list_datasets()) or "—"
    return StoreError(
        vi=f"Không tìm thấy bộ dữ liệu “{text}”; các bộ hiện có: {names}. Hãy chọn một bộ hoặc nhập dữ liệu.",
        en=f'There is no dataset "{text}"; available: {names}. Choose one of them or import data.',
    )
