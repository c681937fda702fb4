"""An outcome becomes a new version of a dataset; until that is whole, nothing changes for readers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.errors import DataError, ParameterError, StoreError
from geo.intake import check
from geo.intake.model import Outcome
from geo.store import catalog, lock, own_supply, versions
from geo.store.catalog import Dataset
from geo.subjects import establishments as schema
from geo.subjects import own_supply as supply_schema

LABEL_VI, LABEL_EN = "Dữ liệu của đơn vị", "Own data"
RESERVED = ("real", "demo")
#: Datasets of the product that a new one may start from: never the synthetic one.
PUBLIC = "real"


def write(
    outcome: Outcome,
    name: str,
    *,
    root: Path | str | None = None,
    who: str = "",
    when: dt.datetime | None = None,
    label_vi: str | None = None,
    label_en: str | None = None,
) -> Dataset:
    """Write the result of an import as a new version of a dataset and make it current.

    The manifest tells who, when, from which file (checksum), by which mapping, and what became of the rows.
    Where the rows change nothing of what is stored, the current version stays. Tables that the import is not
    about stay as they are: figures of raw materials beside establishments, and the other way round.

    Parameters
    ----------
    outcome : Outcome
        Checked against the version that is current or, where there is none, against nothing or the public list.
    name : str
        Dataset; ``real`` and ``demo`` are the shipped ones.
    root : path, optional
        Folder of datasets; the user's own by default.
    who : str
        Who imports, where that is known.
    when : datetime, optional
        Now by default.
    label_vi, label_en : str, optional
        Name for people; by default the one that the dataset has.

    Raises
    ------
    StoreError
        If another import of this dataset is running or has finished since the check.
    DataError, ParameterError
        If the rows break the contract, no row is good and there is no dataset yet, or the name or what the
        rows were checked against is not allowed; nothing is changed then.
    """
    if name in RESERVED:
        raise ParameterError(
            vi=f"“{name}” là bộ dữ liệu đi kèm sản phẩm; hãy chọn tên khác (ví dụ “user”).",
            en=f'"{name}" is a dataset of the product itself; choose another name (such as "user").',
        )
    folder = catalog.user_root() if root is None else Path(root)
    with lock.held(folder, name):
        versions.sweep(folder, name)
        current = opened(name, folder)
        _check_base(outcome, current)
        tables = _tables(outcome)
        if current is not None and not outcome.options.replace and _unchanged(tables, current):
            return current
        labels = current.manifest["label"] if current else {"vi": LABEL_VI, "en": LABEL_EN}
        return catalog.write_dataset(
            folder,
            name,
            *tables.values(),
            kind="user",
            provenance=_provenance(outcome, current, who, when or dt.datetime.now(dt.UTC)),
            label_vi=label_vi or labels["vi"],
            label_en=label_en or labels["en"],
        )


def start(name: str, begin_with: str | None = None, root: Path | str | None = None) -> Dataset | None:
    """Return what an import into a dataset is checked against: its current version, or what it starts from.

    Parameters
    ----------
    name : str
        Dataset of the user.
    begin_with : str, optional
        ``real``: a dataset that is not there yet starts from the public list, each row with its source.

    Raises
    ------
    ParameterError
        If it is to start from demonstration data, or is there already.
    """
    current = opened(name, root)
    if begin_with is None:
        return current
    if begin_with != PUBLIC:
        raise _not_to_start_from(begin_with)
    if current is not None:
        raise ParameterError(
            vi=f"Bộ dữ liệu “{name}” đã có nên không bắt đầu lại từ danh sách công khai được; hãy nhập thêm vào bộ đó "
            "hoặc chọn tên khác.",
            en=f'The dataset "{name}" is there already and cannot start from the public list; add to it or choose '
            "another name.",
        )
    return catalog.open_dataset(PUBLIC)


def opened(name: str, root: Path | str | None = None) -> Dataset | None:
    """Return the current version of a dataset of the user, or None when there is none yet."""
    home = (catalog.user_root() if root is None else Path(root)) / name
    return catalog.open_dataset(home) if (home / catalog.POINTER).is_file() else None


def _not_to_start_from(name: str) -> ParameterError:
    """Say that own data never stand beside synthetic ones."""
    return ParameterError(
        vi=f"Không bắt đầu từ “{name}” được: số liệu thật và dữ liệu minh hoạ không bao giờ để lẫn trong một bộ; chỉ bắt "
        f"đầu từ danh sách công khai “{PUBLIC}” hoặc từ bộ trống.",
        en=f'A dataset cannot start from "{name}": real and own data and demonstration data never mix; start from the '
        f'public list "{PUBLIC}" or from an empty set.',
    )


def _check_base(outcome: Outcome, current: Dataset | None) -> None:
    """Refuse an outcome that was checked against another version than the one now current, or adds to nothing."""
    seen = outcome.options.dataset
    if seen is not None and seen.kind not in ("user", PUBLIC):
        raise _not_to_start_from(seen.name)
    starts = current is None and (seen is None or seen.kind == PUBLIC)
    if not starts and (seen.version if seen else None) != (current.version if current else None):
        raise StoreError(
            vi="Bộ dữ liệu đã thay đổi từ khi kiểm tra tệp này (có lần nhập khác vừa xong); hãy kiểm tra lại rồi nhập.",
            en="The dataset has changed since this file was checked (another import has finished); check it again, then "
            "import.",
        )
    if current is None and not outcome.counts["accepted"] + outcome.counts["merged"]:
        raise DataError(
            vi="Không dòng nào của tệp được nhận nên chưa lập bộ dữ liệu; hãy sửa các dòng trả lại rồi nhập lại.",
            en="No row of the file is good, so no dataset is made; correct the returned rows and import them again.",
        )


def _tables(outcome: Outcome) -> dict[str, pd.DataFrame]:
    """Return every table to be stored: those of the outcome, the others as they are in what it was checked against."""
    base, new = outcome.options.dataset, outcome.result
    if base is not None:
        held = _stored(base)
    else:
        held = {
            "establishments": pd.DataFrame(columns=[c.name for c in schema.ESTABLISHMENTS], dtype=object),
            "needs": pd.DataFrame(columns=[c.name for c in schema.NEEDS], dtype=object),
            catalog.SUPPLY: pd.DataFrame(columns=[c.name for c in supply_schema.OWN_SUPPLY], dtype=object),
        }
    return {table: new.get(table, rows) for table, rows in held.items()}


def _stored(dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Return the tables of a dataset in the columns that an import writes."""
    supply = own_supply.read(dataset)
    none = pd.DataFrame(columns=[c.name for c in supply_schema.OWN_SUPPLY], dtype=object)
    return {
        "establishments": check.stored_columns(check.read(dataset, "establishments")),
        "needs": check.read(dataset, "needs")[[c.name for c in schema.NEEDS]],
        catalog.SUPPLY: none if supply is None else supply,
    }


#: What tells one row of each table from another.
_KEYS = {
    "establishments": ["establishment_id"],
    "needs": ["establishment_id", "material_code"],
    catalog.SUPPLY: supply_schema.KEY,
}


def _unchanged(tables: Mapping[str, pd.DataFrame], current: Dataset) -> bool:
    """Tell whether the tables hold just what the current version holds (computed columns follow from it)."""
    stored = _stored(current)
    return all(_same(tables[name], stored[name], key) for name, key in _KEYS.items())


def _same(new: pd.DataFrame, old: pd.DataFrame, key: list[str]) -> bool:
    """Tell whether two tables hold the same rows, in whatever order; a missing value is like another."""
    if len(new) != len(old):
        return False
    new, old = (frame.sort_values(key, ignore_index=True) for frame in (new, old))
    for column in old.columns:
        one, two = new[column], old[column]
        if column == "craft_village":
            one = one.where(one.notna(), False).astype(bool)
        known = one.notna()
        if not (known == two.notna()).all() or not _equal(one[known], two[known]):
            return False
    return True


def _equal(new: pd.Series, old: pd.Series) -> bool:
    """Tell whether values are the same; numbers to the 15 digits that a workbook keeps of them."""
    if pd.api.types.is_float_dtype(old):
        return np.allclose(new.astype("float64"), old.astype("float64"), rtol=1e-14, atol=0)
    return bool((new.astype(object) == old.astype(object)).all())


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
        **_started_from(outcome, current),
    }


def _started_from(outcome: Outcome, current: Dataset | None) -> dict[str, Any]:
    """Return which list of the product a dataset started from, with what is to be said of it; kept by later imports."""
    anew = outcome.options.replace and outcome.mapping.kind == "establishments"
    seen = outcome.options.dataset
    if anew or seen is None:
        return {}
    if current is not None:
        held = current.manifest["provenance"].get("started_from")
        return {"started_from": held} if held else {}
    said = {
        name: text
        for name, text in seen.manifest["provenance"].items()
        if name.startswith(("parts", "notice"))
    }
    return {"started_from": {"name": seen.name, "version": seen.version, **said}}
