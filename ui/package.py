"""What the data package says of itself: resources with source, licence and checksum."""

from __future__ import annotations

import json
from functools import lru_cache

import pandas as pd

from geo import paths
from geo.store.catalog import Dataset


@lru_cache(maxsize=1)
def descriptor() -> dict:
    """Read ``datapackage.json``."""
    return json.loads((paths.DATA / "datapackage.json").read_text(encoding="utf-8"))


def resources(lang: str) -> pd.DataFrame:
    """Lay out the resources of the package, one row each."""
    rows = []
    for item in descriptor()["resources"]:
        description = item.get("description_en") if lang == "en" else None
        rows.append(
            {
                "resource": item["path"],
                "description": description or item.get("description", ""),
                "source": "; ".join(source.get("title", "") for source in item.get("sources", [])),
                "licence": "; ".join(
                    one.get("title") or one.get("name", "") for one in item.get("licenses", [])
                ),
                "rows": item.get("rows"),
                "sha256": str(item.get("hash", "")).removeprefix("sha256:")[:12],
            }
        )
    return pd.DataFrame(rows)


def provenance_lines(dataset: Dataset, lang: str) -> list[str]:
    """Say in lines where a data set comes from: its parts and its notices, in the language.

    Those of the public list stay with a data set of the user's own that started from it.
    """
    provenance = dataset.manifest.get("provenance", {})
    lines: list[str] = []
    for name, value in {**provenance, **provenance.get("started_from", {})}.items():
        if name.endswith(f"_{lang}"):
            lines.extend(map(str, value) if isinstance(value, list) else [str(value)])
    return lines
