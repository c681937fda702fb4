"""An outcome becomes a new version of a dataset; until that is whole, nothing changes for readers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from geo.errors import ParameterError, StoreError
from geo.intake import check, supply_store
from geo.intake.model import Outcome
from geo.store import catalog, lock, versions
from geo.store.catalog import Dataset
from geo.subjects import establishments as schema

LABEL_VI, LABEL_EN = "Dữ liệu của đơn vị", "Own data"
RESERVED = ("real", "demo")


def write(
    outcome: Outcome,
    name: str,
    *,
    root: Path | str | None = None,
    who: str = "",
    when: dt.datetime | None = None,
    label_vi: str = LABEL_VI,
    label_en: str = LABEL_EN,
) -> Dataset:
    """Write the result of an import as a new version of a dataset and make it current.

    The manifest tells who, when, from which file (checksum), by which mapping, and what became of the rows.
    Where the rows change nothing of what is stored, the current version stays.

    Parameters
    ----------
    outcome : Outcome
        Of establishments or needs, checked against the version that is current.
    name : str
        Dataset; ``real`` and ``demo`` are the shipped ones.
    root : path, optional
        Folder of datasets; the user's own by default.
    who : str
        Who imports, where that is known.
    when : datetime, optional
        Now by default.

    Raises
    ------
    StoreError
        If another import of this dataset is running or has finished since the check.
    DataError, ParameterError
        If the rows break the contract, or the name is not allowed; nothing is changed then.
    """
    if name in RESERVED:
        raise ParameterError(
            vi=f"“{name}” là bộ dữ liệu đi kèm sản phẩm; hãy chọn tên khác (ví dụ “user”).",
            en=f'"{name}" is a dataset of the product itself; choose another name (such as "user").',
        )
    if outcome.mapping.kind == "materials":
        return _write_supply(outcome, name, root, who, when)
    folder = catalog.user_root() if root is None else Path(root)
    with lock.held(folder, name):
        versions.sweep(folder, name)
        current = opened(name, folder)
        _check_base(outcome, current)
        if current is not None and not outcome.options.replace and _unchanged(outcome, current):
            return current
        return catalog.write_dataset(
            folder,
            name,
            outcome.result["establishments"],
            outcome.result["needs"],
            kind="user",
            provenance=_provenance(outcome, current, who, when or dt.datetime.now(dt.UTC)),
            label_vi=label_vi,
            label_en=label_en,
        )


def _write_supply(
    outcome: Outcome, name: str, root: Path | str | None, who: str, when: dt.datetime | None
) -> Dataset:
    """Write a supply of raw materials: it replaces the one before, which stays as an earlier version."""
    folder = supply_store.root() if root is None else Path(root)
    with lock.held(folder, name):
        current = supply_store.opened(name, folder)
        said = _provenance(outcome, current, who, when or dt.datetime.now(dt.UTC))
        return supply_store.write(folder, name, outcome.result[supply_store.TABLE], said)


def opened(name: str, root: Path | str | None = None) -> Dataset | None:
    """Return the current version of a dataset of the user, or None when there is none yet."""
    home = (catalog.user_root() if root is None else Path(root)) / name
    return catalog.open_dataset(home) if (home / catalog.POINTER).is_file() else None


def _check_base(outcome: Outcome, current: Dataset | None) -> None:
    """Refuse an outcome that was checked against another version than the one now current."""
    seen = outcome.options.dataset
    if (seen.version if seen else None) != (current.version if current else None):
        raise StoreError(
            vi="Bộ dữ liệu đã thay đổi từ khi kiểm tra tệp này (có lần nhập khác vừa xong); hãy kiểm tra lại rồi nhập.",
            en="The dataset has changed since this file was checked (another import has finished); check it again, then "
            "import.",
        )


def _unchanged(outcome: Outcome, current: Dataset) -> bool:
    """Tell whether the result holds just what the current version holds (computed columns follow from it)."""
    rows, needs = check.read(current, "establishments"), check.read(current, "needs")
    pairs = (
        (outcome.result["establishments"], check.stored_columns(rows), ["establishment_id"]),
        (
            outcome.result["needs"],
            needs[[c.name for c in schema.NEEDS]],
            ["establishment_id", "material_code"],
        ),
    )
    for new, old, key in pairs:
        if len(new) != len(old):
            return False
        new, old = (frame.sort_values(key, ignore_index=True) for frame in (new, old))
        for column in old.columns:
            one, two = new[column], old[column]
            if column in ("craft_village",):
                one = one.where(one.notna(), False).astype(bool)
            if (
                not (one.isna() == two.isna()).all()
                or not (one[one.notna()].astype(object) == two[two.notna()].astype(object)).all()
            ):
                return False
    return True


def _provenance(outcome: Outcome, current: Dataset | None, who: str, when: dt.datetime) -> dict[str, Any]:
    """Return what the manifest says of an import."""
    table, options = outcome.table, outcome.options
    return {
        "made_by": "geo.intake",
        "imported_at": when.astimezone(dt.UTC).isoformat(timespec="seconds"),
        "imported_by": who,
        "file": table.file,
        "sheet": table.sheet,
        "sha256": table.sha256,
        "kind": outcome.mapping.kind,
        "mapping": {"columns": dict(outcome.mapping.columns), "units": dict(outcome.mapping.units)},
        "options": {
            "vintage": options.vintage,
            "vsic_version": options.vsic_version,
            "decimal": options.decimal,
            "repairs": sorted(options.repairs),
            "mask_personal": options.mask_personal,
            "replace": options.replace,
        },
        **outcome.summary(),
        "previous": current.version if current else None,
    }
