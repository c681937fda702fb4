"""Makes ``data/commune_aliases.csv``: names of communes and districts that earlier mergers ended.

Lists and addresses still carry them (xã Thiệu Châu, huyện Tĩnh Gia). The package ``vietnamadminunits``
(MIT) gives them with the commune or district of before July 2025 that took them in.
"""

from __future__ import annotations

import json
import sqlite3
from importlib import resources
from pathlib import Path

import pandas as pd

from geo import paths

SOURCE = "vietnamadminunits (MIT)"


def aliases() -> pd.DataFrame:
    """Return the former names as compact keys (no diacritics, no spaces).

    Returns
    -------
    DataFrame
        ``level`` (commune / district), ``province_code`` (pre2025), ``code`` of the unit of before
        July 2025 (commune code, or the district's name), ``alias``, ``source``; sorted.
    """
    database = Path(str(resources.files("vietnamadminunits"))) / "data" / "dataset.db"
    columns = {
        "commune": "provinceCode, wardCode, wardAlias, wardShortKey, wardKey",
        "district": "provinceCode, district, districtAlias, districtShortKey, districtKey",
    }
    rows = set()
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as base:
        for level, wanted in columns.items():
            for province, code, listed, short, full in base.execute(
                f"select {wanted} from admin_units_legacy"
            ):
                if code and listed:
                    rows |= {(level, province, code, alias) for alias in _names(listed, (short, full))}
    table = pd.DataFrame(sorted(rows), columns=["level", "province_code", "code", "alias"])
    return table.assign(source=SOURCE)


def _names(listed: str, own: tuple[str, str]) -> set[str]:
    """Return the aliases that are names of their own: not the unit's name, nor a name with its type."""
    keys = set(json.loads(listed)) - set(own)
    types = ("xa", "phuong", "thitran", "huyen", "quan", "thixa", "thanhpho", "tx", "tp", "q", "district")
    return {
        name for name in keys if not any(name == kind + other for kind in types for other in (*keys, *own))
    }


def build(out: Path | None = None) -> list[Path]:
    """Write the table and return its path; the same package gives the same bytes.

    Parameters
    ----------
    out : Path, optional
        Folder to write to; the shipped ``data`` folder by default.
    """
    folder = paths.DATA if out is None else Path(out)
    path = folder / "commune_aliases.csv"
    aliases().to_csv(path, index=False, lineterminator="\n")
    return [path]
