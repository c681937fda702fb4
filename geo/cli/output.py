"""Tables on standard output as JSON, CSV or aligned text."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

import pandas as pd

from geo.spreadsheet import harmless

FORMATS = ("table", "json", "csv")


def add_format(parser: argparse.ArgumentParser) -> None:
    """Give a command the option ``--format``."""
    parser.add_argument(
        "--format", choices=FORMATS, default="table", help="form of the output (default: table)"
    )


def emit(records: pd.DataFrame | Sequence[dict[str, Any]], form: str) -> None:
    """Write records to standard output; nested values stay nested in JSON and are JSON text elsewhere."""
    rows = records.to_dict("records") if isinstance(records, pd.DataFrame) else list(records)
    if form == "json":
        json.dump([_plain(row) for row in rows], sys.stdout, ensure_ascii=False, indent=2, allow_nan=False)
        sys.stdout.write("\n")
        return
    flat = [
        {
            name: json.dumps(_plain(v), ensure_ascii=False) if isinstance(v, list | dict | tuple) else v
            for name, v in row.items()
        }
        for row in rows
    ]
    frame = pd.DataFrame(flat)
    if form == "csv":
        frame.map(harmless).to_csv(sys.stdout, index=False)
    else:
        with pd.option_context("display.max_colwidth", 120):
            sys.stdout.write("—\n" if frame.empty else frame.to_string(index=False, na_rep="—") + "\n")


def _plain(value: Any) -> Any:
    """Make a value fit for JSON: no NaN, no numpy types."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(item) for item in value]
    if hasattr(value, "item") and not isinstance(value, str):
        value = value.item()
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return None
    return value if isinstance(value, str | int | float | bool) else str(value)
