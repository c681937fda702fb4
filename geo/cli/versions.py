"""The command ``versions``: list the versions of a dataset, compare two, go back to one, delete one."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Any

from geo.cli.output import add_format, emit
from geo.errors import ParameterError
from geo.intake import outgoing_changes
from geo.places import admin
from geo.store import catalog, compare, compare_rows, versions
from geo.store.catalog import Dataset
from geo.store.compared import ADDED, CHANGED, REMOVED

_TABLES = (
    "summary",
    "provinces",
    "sectors",
    "columns",
    "needs",
    "support",
    "supply",
    ADDED,
    REMOVED,
    CHANGED,
)
#: Columns of the listing that a terminal is too narrow for; JSON and CSV have them.
_NARROW = ("version", "current", "imported_at", "imported_by", "file", "kind", "rows", "accepted", "merged",
           "returned", "establishments", "damaged")  # fmt: skip
#: What is to be done, with the words that must follow it.
_ACTIONS = {
    "list": ("NAME",),
    "compare": ("NAME", "VERSION", "VERSION"),
    "restore": ("NAME", "VERSION"),
    "delete": ("NAME", "VERSION"),
}


def add_commands(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "versions",
        help="list the versions of a dataset, compare two, go back to one, delete one",
        usage="python -m geo versions NAME | compare NAME VERSION VERSION | restore NAME VERSION | "
        "delete NAME (VERSION | --all) --confirm",
        description="A version is written in full or by its first characters; 'current' is the one in use. "
        "Compare also takes NAME@VERSION, for two datasets.",
    )
    parser.add_argument("words", nargs="+", metavar="WORD", help="NAME, or one of: " + ", ".join(_ACTIONS))
    parser.add_argument("--table", choices=_TABLES, default="summary", help="what of a comparison is printed")
    parser.add_argument("--vintage", choices=admin.VINTAGES, default=admin.DEFAULT_VINTAGE)
    parser.add_argument("--full-names", action="store_true", help="do not shorten names of persons")
    parser.add_argument("--all", action="store_true", help="delete the whole dataset")
    parser.add_argument("--confirm", action="store_true", help="delete without asking again")
    add_format(parser)
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> None:
    """Do what the words ask for."""
    action, *rest = options.words if options.words[0] in _ACTIONS else ("list", *options.words)
    wanted = ("NAME",) if action == "delete" and options.all else _ACTIONS[action]
    if len(rest) != len(wanted):
        asked = " ".join((action, *wanted))
        raise ParameterError(
            vi=f"Cần viết “versions {asked}”, nhưng nhận được “versions {' '.join(options.words)}”.",
            en=f'"versions {asked}" was expected, but "versions {" ".join(options.words)}" came.',
        )
    _DOERS[action](options, *rest)


def _list(options: argparse.Namespace, name: str) -> None:
    """Print the versions, the newest first."""
    table = versions.listed(name)
    damage = table["damage_en" if options.lang == "en" else "damage_vi"]
    table = table.drop(columns=["damage_vi", "damage_en"]).assign(damaged=damage != "", damage=damage)
    emit(table[list(_NARROW)] if options.format == "table" else table, options.format)


def _compare(options: argparse.Namespace, name: str, first: str, second: str) -> None:
    """Print how the second version differs from the first."""
    one, two = (_opened(name, text) for text in (first, second))
    if options.table in (ADDED, REMOVED):
        table = compare_rows.establishments(one, two, options.table, vintage=options.vintage)
    else:
        found = compare.versions(one, two, options.vintage)
        if options.table == "summary":
            emit([{"first": one.version, "second": two.version, **found.counts}], options.format)
            return
        if options.table == CHANGED:
            table = compare_rows.changes(one, two, tuple(found.columns["column"]))
        else:
            table = getattr(found, options.table)
    emit(table if options.full_names else outgoing_changes.masked(table), options.format)


def _restore(options: argparse.Namespace, name: str, version: str) -> None:
    """Go to a version and say which is in use now."""
    dataset = versions.restore(name, _found(name, version))
    rows = dataset.rows()
    vi = f"Bộ dữ liệu “{name}” nay dùng phiên bản {dataset.version} ({rows} cơ sở)."
    en = f'The dataset "{name}" now uses version {dataset.version} ({rows} establishments).'
    print(en if options.lang == "en" else vi)


def _delete(options: argparse.Namespace, name: str, version: str = "") -> None:
    """Delete a version or the whole dataset, when that was confirmed."""
    version = "" if options.all else _found(name, version)
    if not options.confirm:
        count = len(versions.listed(name))
        what_vi = f"cả {count} phiên bản của “{name}”" if options.all else f"phiên bản {version} của “{name}”"
        what_en = f'all {count} versions of "{name}"' if options.all else f'version {version} of "{name}"'
        raise ParameterError(
            vi=f"Sẽ xóa hẳn {what_vi}; việc này không hoàn tác được. Thêm --confirm để xóa; chưa xóa gì.",
            en=f"This deletes {what_en} for good. Add --confirm to do it; nothing was deleted.",
        )
    if options.all:
        versions.delete_dataset(name, confirm=name)
    else:
        versions.delete(name, version, confirm=version)
    print("Deleted." if options.lang == "en" else "Đã xóa.")


def _opened(name: str, text: str) -> Dataset:
    """Open a version given as ``VERSION`` or ``NAME@VERSION``."""
    other, at, version = text.rpartition("@")
    dataset = other if at else name
    return catalog.open_dataset(dataset, version=_found(dataset, version), paths_too=False)


def _found(name: str, text: str) -> str:
    """Return the version that a text means: ``current``, a whole version or its first characters."""
    table = versions.listed(name)
    there = list(table.loc[table["current"], "version"]) if text == "current" else []
    there = there or [version for version in table["version"] if text and version.startswith(text)]
    if len(there) != 1:
        listed = ", ".join(table["version"])
        raise ParameterError(
            vi=f"“{text}” phải chỉ đúng một phiên bản của “{name}”, nhưng có {len(there)}; các phiên bản: {listed}.",
            en=f'"{text}" must mean one version of "{name}", but {len(there)} fit; the versions: {listed}.',
        )
    return str(there[0])


_DOERS: Mapping[str, Callable[..., None]] = {
    "list": _list,
    "compare": _compare,
    "restore": _restore,
    "delete": _delete,
}
