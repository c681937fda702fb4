"""The user's own supply of raw materials: immutable versions and a pointer, as datasets are kept.

::

    <home>/materials/<name>/current
    <home>/materials/<name>/<version>/manifest.json, material_supply/part-000.parquet
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from geo import paths
from geo.errors import StoreError
from geo.store import catalog, files, parquet

TABLE = "material_supply"
_SCHEMA = pa.schema(
    [("material_code", pa.string()), ("vintage", pa.string()), ("province_code", pa.string()), ("year", pa.int64()),
     ("supply_tonnes", pa.float64()), ("source", pa.string()), ("source_url", pa.string())]
)  # fmt: skip


def root() -> Path:
    """Return the folder of the user's own supplies."""
    return paths.home() / "materials"


def write(folder: Path, name: str, supply: pd.DataFrame, provenance: Mapping[str, Any]) -> catalog.Dataset:
    """Write a new version of a supply and make it current.

    Raises
    ------
    StoreError
        If the folder cannot be written; the current version stays.
    """
    home = folder / name
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home, prefix=".writing-") as scratch:
            draft = Path(scratch) / "version"
            parts = [
                {"path": f"{TABLE}/{part.name}", "bytes": part.stat().st_size, "sha256": files.sha256(part)}
                for part in parquet.write(draft / TABLE, supply, _SCHEMA)
            ]
            body = {"schema_version": 1, "name": name, "kind": "user", "provenance": dict(provenance),
                    "tables": {TABLE: {"rows": len(supply), "files": parts}}}  # fmt: skip
            text = json.dumps(body, sort_keys=True, ensure_ascii=False)
            version = hashlib.sha256(text.encode()).hexdigest()[:12]
            files.write_text(
                draft / catalog.MANIFEST,
                json.dumps({"version": version, **body}, indent=2, ensure_ascii=False) + "\n",
            )
            if (home / version).exists():
                shutil.rmtree(home / version)
            os.rename(draft, home / version)
            files.sync_folder(home)
        files.replace_text(home / catalog.POINTER, version + "\n")
    except OSError as error:
        raise StoreError(
            vi=f"Không ghi được vào “{home}” ({error.strerror}); bản đang dùng không thay đổi.",
            en=f'"{home}" cannot be written to ({error.strerror}); the version in use has not changed.',
        ) from error
    return _opened(home / version)


def opened(name: str, folder: Path | None = None) -> catalog.Dataset | None:
    """Return the current supply under a name, or None when there is none."""
    home = (folder or root()) / name
    pointer = home / catalog.POINTER
    return _opened(home / pointer.read_text(encoding="utf-8").strip()) if pointer.is_file() else None


def _opened(folder: Path) -> catalog.Dataset:
    """Open one version."""
    manifest = json.loads((folder / catalog.MANIFEST).read_text(encoding="utf-8"))
    return catalog.Dataset(manifest["name"], "user", manifest["version"], folder.resolve(), manifest)
