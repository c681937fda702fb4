"""Versions of the user's own datasets: which there are, going back to one, deleting one.

Every import leaves a version that never changes (see :mod:`geo.store.catalog`). Going back only moves the
pointer; deleting first takes the folder its name and then its files, so that a power cut leaves a whole version
or none. All changes take the lock that imports take.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from geo.errors import GeoError, ParameterError, StoreError
from geo.store import catalog, files, lock
from geo.store.catalog import Dataset

#: Datasets that come with the product; they are replaced by a release, never by hand.
SHIPPED = ("real", "demo")
_VERSION = re.compile(r"[0-9a-f]{12}")
_DELETING = ".deleting-"
#: What a killed import or a killed delete leaves in the folder of a dataset.
_LEFTOVERS = (".writing-*", f"{_DELETING}*", f".{catalog.POINTER}-*")
#: Column of the listing → table of the dataset whose rows it counts.
_STORED = {"establishments": "establishments", "needs": "needs", "supply": catalog.SUPPLY}
_TYPES = {
    "version": "str", "current": "bool", "imported_at": "str", "imported_by": "str", "file": "str",
    "sheet": "str", "sha256": "str", "kind": "str", "rows": "Int64", "accepted": "Int64", "merged": "Int64",
    "returned": "Int64", "establishments": "Int64", "needs": "Int64", "supply": "Int64", "bytes": "Int64",
    "previous": "str", "damage_vi": "str", "damage_en": "str",
}  # fmt: skip


def listed(name: str, root: Path | str | None = None) -> pd.DataFrame:
    """List the versions of a dataset, the newest import first; damaged ones are listed as damaged.

    Parameters
    ----------
    name : str
        Dataset, shipped or the user's own.
    root : path, optional
        Folder of datasets; the shipped ones and the user's own by default.

    Returns
    -------
    DataFrame
        ``version``; ``current``; ``imported_at`` (UTC, ISO 8601), ``imported_by``, ``file``, ``sheet``,
        ``sha256`` (of the file), ``kind`` (of rows): empty where not known; ``rows`` (of the file) =
        ``accepted`` + ``merged`` + ``returned``; ``establishments``, ``needs``, ``supply`` (rows stored);
        ``bytes`` (on disk); ``previous`` (version that was current before); ``damage_vi``, ``damage_en`` (empty when
        the version is whole: its files are there and have their checksums).

    Raises
    ------
    ParameterError
        If the name is not allowed.
    StoreError
        If there is no version of such a dataset.
    """
    home = _home(name, root)
    current = pointed(home)
    rows = [_row(folder, current) for folder in _folders(home) if folder.is_dir()]
    if not rows:
        raise StoreError(
            vi=f"Bộ dữ liệu “{name}” chưa có phiên bản nào; hãy nhập dữ liệu trước.",
            en=f'The dataset "{name}" has no version yet; import data first.',
        )
    table = pd.DataFrame(rows, columns=list(_TYPES)).astype(_TYPES)
    return table.sort_values(["imported_at", "version"], ascending=False, ignore_index=True)


def own(root: Path | str | None = None) -> list[str]:
    """Return the names of the user's own datasets that have a version, damaged ones too."""
    folder = catalog.user_root() if root is None else Path(root)
    homes = [path for path in folder.glob("[a-z0-9]*") if path.is_dir() and path.name not in SHIPPED]
    return sorted(home.name for home in homes if _folders(home))


def pointed(home: Path) -> str:
    """Return the version that the pointer of a dataset's folder names; empty when there is none."""
    pointer = home / catalog.POINTER
    text = pointer.read_text(encoding="utf-8", errors="replace").strip() if pointer.is_file() else ""
    return text if _VERSION.fullmatch(text) else ""


def restore(name: str, version: str, root: Path | str | None = None) -> Dataset:
    """Make an earlier (or later) version current; no version is lost by it.

    Parameters
    ----------
    name, version : str
        One of the user's own datasets and one of its versions.
    root : path, optional
        Folder of datasets; the user's own by default.

    Raises
    ------
    ParameterError
        For a dataset of the product itself.
    StoreError
        If the version is not there or is damaged, or the dataset is being changed; the current one stays.
    """
    folder = _changeable(name, root)
    with lock.held(folder, name):
        home = folder / name
        _check_there(home, name, version)
        dataset = _opened(home / version)
        if pointed(home) != version:
            try:
                files.replace_text(home / catalog.POINTER, version + "\n")
            except OSError as error:
                raise _unchanged(home, error) from error
        return dataset


def delete(name: str, version: str, *, confirm: str, root: Path | str | None = None) -> None:
    """Delete a version that is not the current one, for good.

    Parameters
    ----------
    name, version : str
        One of the user's own datasets and one of its versions; a damaged one may go too.
    confirm : str
        The version once more: what cannot be undone is asked twice.
    root : path, optional
        Folder of datasets; the user's own by default.

    Raises
    ------
    ParameterError
        For a dataset of the product itself, the current version, or another confirmation.
    StoreError
        If the version is not there, or cannot be deleted now; nothing is changed then.
    """
    folder = _changeable(name, root)
    _check_confirmed(confirm, version)
    with lock.held(folder, name):
        home = folder / name
        _check_there(home, name, version)
        if pointed(home) == version:
            raise ParameterError(
                vi=f"Phiên bản {version} đang được dùng nên không xóa được; hãy chuyển sang phiên bản khác trước.",
                en=f"Version {version} is the current one and cannot be deleted; go to another version first.",
            )
        _take_away(home / version, home)
        sweep(folder, name)


def delete_dataset(name: str, *, confirm: str, root: Path | str | None = None) -> None:
    """Delete one of the user's own datasets with all its versions and kept answers, for good.

    Parameters
    ----------
    confirm : str
        The name once more.
    root : path, optional
        Folder of datasets; the user's own by default.

    Raises
    ------
    ParameterError
        For a dataset of the product itself, or another confirmation.
    StoreError
        If there is no such dataset, or it cannot be deleted now; nothing is changed then.
    """
    folder = _changeable(name, root)
    _check_confirmed(confirm, name)
    with lock.held(folder, name):
        _take_away(_home(name, folder), folder)
        sweep(folder, name)


def sweep(root: Path | str, name: str) -> list[str]:
    """Remove what killed imports and deletes left of a dataset, and return what was removed.

    Only whoever holds the lock of the dataset (:func:`geo.store.lock.held`) may call it: nobody else then
    writes there, so whatever is half written has no writer any more.
    """
    folder = Path(root)
    found = [path for pattern in _LEFTOVERS for path in (folder / name).glob(pattern)]
    found += folder.glob(f"{_DELETING}{name}.*")
    for path in found:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return sorted(path.name for path in found if not path.exists())


def _row(folder: Path, current: str) -> dict[str, Any]:
    """Describe one version as far as its manifest can be read."""
    damage = {"damage_vi": "", "damage_en": ""}
    try:
        manifest: Mapping[str, Any] = _opened(folder).manifest
    except (GeoError, OSError) as error:
        damage = _damage(error)
        manifest = _readable(folder / catalog.MANIFEST)
    said, tables = _inside(manifest, "provenance"), _inside(manifest, "tables")
    counts = _inside(said, "counts")
    text = ("imported_at", "imported_by", "file", "sheet", "sha256", "kind", "previous")
    return {
        "version": folder.name,
        "current": folder.name == current,
        **{key: str(said.get(key) or "") for key in text},
        "rows": _whole(counts.get("rows_in")),
        **{key: _whole(counts.get(key)) for key in ("accepted", "merged", "returned")},
        **{column: _whole(_inside(tables, table).get("rows")) for column, table in _STORED.items()},
        "bytes": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
        **damage,
    }


def _opened(folder: Path) -> Dataset:
    """Open a version by its folder, whatever the pointer says."""
    if not (folder / catalog.MANIFEST).is_file():
        raise StoreError(
            vi=f"Phiên bản {folder.name} bị hỏng: thiếu bản kê “{catalog.MANIFEST}”. Có thể xóa và nhập lại tệp gốc.",
            en=f'Version {folder.name} is damaged: its manifest "{catalog.MANIFEST}" is missing. Delete it and import '
            "the original file again.",
        )
    return catalog.open_dataset(folder)


def _readable(path: Path) -> Mapping[str, Any]:
    """Return what a damaged version still says of itself."""
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return body if isinstance(body, dict) else {}


def _inside(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return a part of a manifest; nothing where it has another form."""
    part = body.get(key)
    return part if isinstance(part, dict) else {}


def _whole(value: object) -> int | None:
    """Return a count of a manifest; nothing where it is no whole number."""
    return value if isinstance(value, int) else None


def _damage(error: Exception) -> dict[str, str]:
    """Say what is wrong with a version, in both languages."""
    if isinstance(error, GeoError):
        return {"damage_vi": error.vi, "damage_en": error.en}
    return {"damage_vi": f"Không đọc được tệp ({error}).", "damage_en": f"A file cannot be read ({error})."}


def _folders(home: Path) -> list[Path]:
    """Return the folders of the versions of a dataset."""
    return sorted(path for path in home.iterdir() if path.is_dir() and _VERSION.fullmatch(path.name))


def _home(name: str, root: Path | str | None) -> Path:
    """Return the folder of a dataset."""
    catalog.check_name(name)
    for folder in catalog.dataset_roots() if root is None else [Path(root)]:
        if (folder / name).is_dir():
            return folder / name
    raise StoreError(
        vi=f"Không có bộ dữ liệu “{name}”; hãy kiểm tra lại tên hoặc nhập dữ liệu.",
        en=f'There is no dataset "{name}"; check the name or import data.',
    )


def _changeable(name: str, root: Path | str | None) -> Path:
    """Return the folder of datasets of one that may be changed; refuse those of the product."""
    catalog.check_name(name)
    if name in SHIPPED:
        raise ParameterError(
            vi=f"“{name}” là bộ dữ liệu đi kèm sản phẩm nên cố định; chỉ thay đổi được bộ dữ liệu của đơn vị.",
            en=f'"{name}" is a dataset of the product itself and fixed; only your own datasets can be changed.',
        )
    return _home(name, root).parent


def _check_there(home: Path, name: str, version: str) -> None:
    """Refuse a version that the dataset does not have."""
    if not _VERSION.fullmatch(version) or not (home / version).is_dir():
        there = ", ".join(folder.name for folder in _folders(home)) or "—"
        raise StoreError(
            vi=f"Bộ dữ liệu “{name}” không có phiên bản “{version}”; các phiên bản hiện có: {there}.",
            en=f'The dataset "{name}" has no version "{version}"; its versions: {there}.',
        )


def _check_confirmed(confirm: str, wanted: str) -> None:
    """Refuse to delete without the second confirmation."""
    if confirm != wanted:
        raise ParameterError(
            vi=f"Việc xóa không hoàn tác được nên cần xác nhận đúng “{wanted}”, nhưng nhận được “{confirm}”; "
            "chưa xóa gì.",
            en=f'Deleting cannot be undone and needs the confirmation "{wanted}", but "{confirm}" came; nothing '
            "was deleted.",
        )


def _take_away(path: Path, folder: Path) -> None:
    """Delete a folder: readers see it whole or not at all, whenever this is cut short."""
    gone = folder / f"{_DELETING}{path.name}.{secrets.token_hex(4)}"
    try:
        os.rename(path, gone)
        files.sync_folder(folder)
    except OSError as error:  # on Windows, also when somebody has one of its files open
        raise _unchanged(path, error) from error
    shutil.rmtree(gone, ignore_errors=True)


def _unchanged(path: Path, error: OSError) -> StoreError:
    """Say that a change could not be made and that everything is as before."""
    return StoreError(
        vi=f"Không thay đổi được “{path}” ({error.strerror}): tệp đang được mở hoặc không có quyền ghi. Chưa có gì "
        "thay đổi; hãy thử lại sau.",
        en=f'"{path}" cannot be changed ({error.strerror}): a file is open or you may not write there. Nothing has '
        "changed; try again later.",
    )
