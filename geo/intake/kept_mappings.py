"""Column mappings that were confirmed once and are kept by name for the next file of the same shape."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from geo import paths
from geo.errors import GeoError, ParameterError
from geo.intake import mapping as mappings
from geo.intake.model import ColumnMapping
from geo.places.spelling import key
from geo.store import files

#: Longest name of a mapping; it is also the name of its file.
LONGEST = 60


@dataclass(frozen=True)
class Kept:
    """A mapping and the name it is kept by."""

    name: str
    mapping: ColumnMapping


def folder(root: Path | str | None = None) -> Path:
    """Return the folder of kept mappings (``root``, else beside the user's datasets)."""
    return paths.home() / "mappings" if root is None else Path(root)


def kept(root: Path | str | None = None) -> list[Kept]:
    """Return the mappings that are kept, by name; a file that is no mapping is passed over."""
    found = []
    for path in sorted(folder(root).glob("*.json")):
        try:
            text = path.read_text(encoding="utf-8")
            mapping = mappings.from_text(text, path.name)
        except (GeoError, OSError, UnicodeDecodeError):
            continue
        found.append(Kept(str(json.loads(text).get("name") or path.stem), mapping))
    return sorted(found, key=lambda item: item.name)


def fitting(header: Iterable[str], kind: str, root: Path | str | None = None) -> list[Kept]:
    """Return the kept mappings of a kind whose every column is among the titles, those of most columns first."""
    titles = set(header)
    fit = [
        item
        for item in kept(root)
        if item.mapping.kind == kind
        and item.mapping.columns
        and titles.issuperset(item.mapping.columns.values())
    ]
    return sorted(fit, key=lambda item: (-len(item.mapping.columns), item.name))


def keep(name: str, mapping: ColumnMapping, root: Path | str | None = None) -> Kept:
    """Keep a mapping by name; one of the same name is replaced.

    Raises
    ------
    ParameterError
        If the name has no letter or digit, or is too long.
    """
    name = " ".join(name.split())
    home = folder(root)
    home.mkdir(parents=True, exist_ok=True)
    files.replace_text(home / f"{_stem(name)}.json", mappings.to_text(mapping, name))
    return Kept(name, mapping)


def forget(name: str, root: Path | str | None = None) -> None:
    """Delete a kept mapping; nothing happens when there is none of this name."""
    (folder(root) / f"{_stem(name)}.json").unlink(missing_ok=True)


def _stem(name: str) -> str:
    """Return the file name of a mapping: letters without diacritics, digits, hyphens; names a folder cannot hold are refused."""
    stem = key(name).replace(" ", "-")
    if not stem or len(stem) > LONGEST:
        raise ParameterError(
            vi=f"Tên của cách ghép cột cần có chữ hoặc số và không quá {LONGEST} ký tự, nhưng nhận được “{name[:80]}”.",
            en=f'The name of a mapping needs a letter or a digit and at most {LONGEST} characters, but "{name[:80]}" came.',
        )
    return stem
