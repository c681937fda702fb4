"""What the commands of the analysis share: data set, vintage, codes and names."""

from __future__ import annotations

import argparse
from typing import Any

from geo.cli.output import add_format
from geo.errors import ParameterError
from geo.places import admin


def add_common(parser: argparse.ArgumentParser) -> None:
    """Give a command the options ``--dataset``, ``--vintage`` and ``--format``."""
    parser.add_argument(
        "--dataset", default="real", help="real, demo, your own by name, or a folder (default: real)"
    )
    parser.add_argument("--vintage", choices=admin.VINTAGES, default=admin.DEFAULT_VINTAGE)
    add_format(parser)


def known(code: str, codes: Any, vi: str, en: str) -> str:
    """Return a code that the table has; refuse another and list what there is."""
    if code not in codes:
        raise ParameterError(
            vi=f"Không có {vi} “{code}”; các mã hiện có: {', '.join(codes)}.",
            en=f'There is no {en} "{code}"; the codes are: {", ".join(codes)}.',
        )
    return code


def named(table: Any, options: argparse.Namespace) -> Any:
    """Add the name of each province in the language."""
    provinces = admin.provinces(options.vintage)
    name = "name_en" if options.lang == "en" else "name_vi"
    return table.assign(province_name=table["province_code"].map(provinces[name]))
