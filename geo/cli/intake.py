"""The command ``import``: bring in a file of establishments, needs or materials."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from geo.cli.output import add_format, emit
from geo.errors import ParameterError
from geo.intake import check, commit, decisions, mapping, read, report, returned, template
from geo.intake.model import KINDS, REPAIRS, ColumnMapping, Options, Outcome, Remark, Table
from geo.store import catalog

_VINTAGES = ("2025", "pre2025", "each")


def add_commands(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("import", help="bring in a file of establishments, needs or materials")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument(
        "--as", dest="kind", choices=KINDS, default="establishments", help="what the rows are"
    )
    parser.add_argument(
        "--name", default="user", metavar="DATASET", help="data set to add to (default: user)"
    )
    parser.add_argument(
        "--start-from",
        choices=catalog.KINDS[:2],
        help="what a new data set starts from: real, the public list",
    )
    parser.add_argument("--sheet", help="sheet or layer (default: the one with most rows)")
    parser.add_argument(
        "--mapping", type=Path, metavar="FILE", help="column mapping kept from an earlier import"
    )
    parser.add_argument("--save-mapping", type=Path, metavar="FILE", help="keep the column mapping in FILE")
    parser.add_argument(
        "--column", action="append", default=[], metavar="FIELD=TITLE", help="column of a field"
    )
    parser.add_argument(
        "--unit", action="append", default=[], metavar="FIELD=UNIT", help="unit of a field (tấn, tạ, kg, …)"
    )
    parser.add_argument("--vintage", choices=_VINTAGES, help="set of provinces of the names in the file")
    parser.add_argument("--vsic", choices=("2018", "2025"), help="version of the sector codes")
    parser.add_argument(
        "--decimal", choices=("comma", "point"), help="decimal sign of numbers written as text"
    )
    parser.add_argument(
        "--repair", action="append", default=[], choices=(*REPAIRS, "all"), help="consent to a repair"
    )
    parser.add_argument("--mask", action="store_true", help="shorten names of persons, blank phone numbers")
    parser.add_argument("--replace", action="store_true", help="begin the table anew instead of adding to it")
    parser.add_argument(
        "--returned", type=Path, metavar="FILE", help="workbook of returned rows (default: beside FILE)"
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
    add_format(parser)
    parser.set_defaults(run=_import)


def _import(options: argparse.Namespace) -> None:
    """Import the files one after another, each a version of its own."""
    for path in options.files:
        _import_one(path, options)
        options.start_from = None  # the next file adds to what the first one made


def _import_one(path: Path, options: argparse.Namespace) -> None:
    """Check one file, store what is good, write back what is not, and say so."""
    held = mapping.load(options.mapping) if options.mapping else None
    progress = _progress if sys.stderr.isatty() else None
    tables = read.tables(path, tuple(held.columns.values()) if held else (), progress)
    table = _chosen(tables, options.sheet)
    columns = held or mapping.guess(table, options.kind)
    columns = mapping.changed(columns, _pairs(options.column, "--column"), _pairs(options.unit, "--unit"))
    outcome = check.run(table, columns, _options(options), progress)
    if options.save_mapping:
        mapping.save(columns, options.save_mapping)
    # The returned rows first: where no row is good, nothing is written and they are all there is.
    back = None if options.dry_run else _write_returned(outcome, path, options)
    stored = None if options.dry_run else commit.write(outcome, options.name)
    _tell(outcome, stored, back, options)


def _options(options: argparse.Namespace) -> Options:
    """Return the decisions of the command line."""
    repairs = frozenset(REPAIRS) if "all" in options.repair else frozenset(options.repair)
    return Options(
        vintage=options.vintage, vsic_version=options.vsic, decimal=options.decimal, repairs=repairs,
        mask_personal=options.mask, dataset=commit.start(options.name, options.start_from), replace=options.replace,
        decisions=decisions.kept(options.name),
    )  # fmt: skip


def _chosen(tables: list[Table], sheet: str | None) -> Table:
    """Return the sheet asked for, else the one with most rows (never the example of a template)."""
    if sheet is None:
        return _with_others(template.fullest(tables), tables)
    for table in tables:
        if table.sheet == sheet:
            return table
    listed = ", ".join(f"“{table.sheet}”" for table in tables)
    raise ParameterError(
        vi=f"Không có trang tính “{sheet}”; các trang có bảng: {listed}.",
        en=f'There is no sheet "{sheet}"; the sheets with a table: {listed}.',
    )


def _with_others(chosen: Table, tables: list[Table]) -> Table:
    """Return a table that also tells which other sheets hold rows, since only one goes in at a time."""
    usable = template.usable(tables)
    others = [table.sheet for table in usable if table is not chosen and len(table.cells)]
    if not others:
        return chosen
    vi, en = (", ".join(f"{a}{name}{b}" for name in others) for a, b in ("“”", '""'))
    said = Remark(
        "other-sheets",
        f"Chỉ nhập trang “{chosen.sheet}”; các trang khác cũng có bảng: {vi} (chọn bằng --sheet).",
        f'Only the sheet "{chosen.sheet}" is imported; other sheets hold a table too: {en} (choose with --sheet).',
        len(others),
    )
    return replace(chosen, remarks=(*chosen.remarks, said))


def _pairs(texts: list[str], option: str) -> dict[str, str]:
    """Read FIELD=VALUE options."""
    wrong = next((text for text in texts if "=" not in text), None)
    if wrong is not None:
        raise ParameterError(
            vi=f"{option} cần dạng TRƯỜNG=GIÁ TRỊ, nhưng nhận được “{wrong}”.",
            en=f'{option} needs the form FIELD=VALUE, but "{wrong}" came.',
        )
    return {name.strip(): value.strip() for name, value in (text.split("=", 1) for text in texts)}


def _progress(done: int, total: int) -> None:
    """Show how far the reading or the check is; the same line is written over."""
    if total:
        print(f"\r{done:,} / {total:,}", end="\n" if done == total else "", file=sys.stderr, flush=True)


def _write_returned(outcome: Outcome, path: Path, options: argparse.Namespace) -> Path | None:
    """Write the returned rows beside the file, if there are any."""
    if outcome.returned.empty:
        return None
    target = options.returned or path.with_name(f"{path.stem}_tra_lai.xlsx")
    target.write_bytes(returned.workbook(outcome, options.lang))
    return target


def _tell(outcome: Outcome, stored: Any, back: Path | None, options: argparse.Namespace) -> None:
    """Print the report, or its machine form."""
    body = {
        "file": outcome.table.file, "sheet": outcome.table.sheet, **outcome.summary(),
        "mapping": _plain(outcome.mapping), "messages": [m.text(options.lang) for m in outcome.messages],
        "dataset": getattr(stored, "name", None), "version": getattr(stored, "version", None),
        "returned_file": str(back) if back else None,
    }  # fmt: skip
    if options.format != "table":
        emit([body], options.format)
        return
    vi = options.lang != "en"
    print("\n".join(report.lines(outcome, options.lang)))
    if back:
        print(f"{'Dòng trả lại' if vi else 'Returned rows'}: {back}")
    if stored is not None:
        print(
            f"{'Bộ dữ liệu' if vi else 'Data set'} “{stored.name}”, {'phiên bản' if vi else 'version'} {stored.version}."
        )
    else:
        print("Chạy thử: chưa ghi gì." if vi else "Dry run: nothing was written.")


def _plain(columns: ColumnMapping) -> dict[str, Any]:
    """Return a mapping as plain values."""
    return {"kind": columns.kind, "columns": dict(columns.columns), "units": dict(columns.units)}
