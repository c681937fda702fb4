"""The imports that led to a version of a dataset, as the manifests of the versions tell."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from geo.store import catalog
from geo.store.catalog import Dataset

COLUMNS = [
    "version",
    "imported_at",
    "imported_by",
    "file",
    "kind",
    "rows_in",
    "accepted",
    "merged",
    "returned",
]
_COUNTS = COLUMNS[5:]
_VERSION = re.compile(r"[0-9a-f]{12}")
#: No more versions are looked back at than this.
_MOST = 200


def imports(dataset: Dataset) -> pd.DataFrame:
    """Return the imports that led to this version, the latest first.

    Parameters
    ----------
    dataset : Dataset
        Shipped sets were not imported and have none.

    Returns
    -------
    DataFrame
        ``version``, ``imported_at`` (UTC, ISO 8601), ``imported_by``, ``file``, ``kind``, ``rows_in`` =
        ``accepted`` + ``merged`` + ``returned``. Versions that were deleted end the list.
    """
    rows = [
        {"version": version, **{name: str(said.get(name, "")) for name in COLUMNS[1:5]}, **_counts(said)}
        for version, said in _back(dataset)
    ]
    types = dict.fromkeys(COLUMNS[:5], "str") | dict.fromkeys(_COUNTS, "int64")
    return pd.DataFrame(rows, columns=COLUMNS).astype(types)


def faults(dataset: Dataset) -> pd.DataFrame:
    """Return the faults found by the imports that led to this version.

    Returns
    -------
    DataFrame
        ``version``, ``code`` (kind of fault), ``faults`` (how many; a row may have several, and remarks that
        did not return the row count too); latest import first, most frequent first.
    """
    rows = [
        (version, str(code), int(count))
        for version, said in _back(dataset)
        for code, count in sorted(dict(said.get("faults", {})).items(), key=lambda item: (-item[1], item[0]))
    ]
    table = pd.DataFrame(rows, columns=["version", "code", "faults"])
    return table.astype({"version": "str", "code": "str", "faults": "int64"})


def _counts(said: Mapping[str, Any]) -> dict[str, int]:
    """Return what became of the rows of an import."""
    counts = said.get("counts", {})
    return {name: int(counts.get(name, 0)) for name in _COUNTS}


def _back(dataset: Dataset) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Go back from a version to those before it, as long as they were imported and are still there."""
    version, said = dataset.version, dataset.manifest.get("provenance", {})
    seen: set[str] = set()
    while said.get("imported_at") and version not in seen and len(seen) < _MOST:
        seen.add(version)
        yield version, said
        version = str(said.get("previous") or "")
        said = _provenance(dataset.folder.parent / version) if _VERSION.fullmatch(version) else {}


def _provenance(folder: Path) -> Mapping[str, Any]:
    """Return what the manifest of a version says of its origin; nothing where it cannot be read."""
    try:
        return json.loads((folder / catalog.MANIFEST).read_text(encoding="utf-8"))["provenance"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
