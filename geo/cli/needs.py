"""The command ``needs``: what support establishments ask for, by province and sector."""

from __future__ import annotations

import argparse
from typing import Any

import pandas as pd

from geo.cli.common import add_common, known, named
from geo.cli.output import emit
from geo.linkage import borders
from geo.measures import support
from geo.places import admin
from geo.store import catalog, support_counts
from geo.store.filters import Filters
from geo.subjects import sectors

_BY = {"country": [], "province": ["province_code"], "sector": ["sector_code"]}


def add_commands(commands: Any) -> None:
    """Register the command."""
    needs = commands.add_parser(
        "needs",
        help="support that establishments ask for: machinery, training, market, materials, space",
        description="Establishments that ask for each kind of support, and their share among those that state "
        "anything and among all. --common: what neighbouring provinces both ask for in the same sector.",
    )
    needs.add_argument(
        "--by", choices=tuple(_BY), default="province", help="rows of the table (default: province)"
    )
    needs.add_argument("--support", choices=support.KINDS, help="only this kind of support")
    needs.add_argument("--sector", help="only this VSIC division (10) or class (1077)")
    needs.add_argument("--province", help="only this province (code in the vintage)")
    needs.add_argument("--common", action="store_true", help="needs that neighbouring provinces share")
    add_common(needs)
    needs.set_defaults(run=_needs)


def _needs(options: argparse.Namespace) -> None:
    """Count, and write the table; what most ask for stands first."""
    if options.sector is not None:
        known(options.sector, sectors.sectors().index, "ngành", "sector")
    if options.province is not None:
        known(options.province, admin.provinces(options.vintage).index, "tỉnh", "province")
    chosen = (options.sector,) if options.sector else ()
    dataset = catalog.open_dataset(options.dataset)
    counts = support_counts.counts(dataset, Filters(vintage=options.vintage, sectors=chosen))
    table = _common(counts, options) if options.common else _asked(counts, options)
    if options.support is not None:
        table = table[table["support_code"] == options.support]
    if options.format == "table":
        table = table.assign(
            asking=[str(number) if number is not pd.NA else "—" for number in table["asking"]]
        )
    emit(table, options.format)


def _asked(counts: pd.DataFrame, options: argparse.Namespace) -> pd.DataFrame:
    """Return the numbers by what was chosen; sectors are divisions, or the classes of a chosen one."""
    if options.province is not None:
        counts = counts[counts["province_code"] == options.province]
    keys = _BY[options.by]
    if options.by == "sector":
        counts = support_counts.both_levels(counts)
        level = 4 if options.sector else 2
        counts = counts[counts["sector_code"].str.len() == level]
    table = support.by(counts, keys).sort_values(
        ["asking", *keys, "support_code"], ascending=[False, *[True] * (len(keys) + 1)], ignore_index=True
    )
    return named(table, options) if "province_code" in table else table


def _common(counts: pd.DataFrame, options: argparse.Namespace) -> pd.DataFrame:
    """Return the needs that neighbours share, of the sector chosen or of all."""
    table = support.common(support_counts.both_levels(counts), borders.neighbours(options.vintage))
    if options.sector is not None:
        table = table[table["sector_code"] == options.sector]
    if options.province is not None:
        table = table[(table["first"] == options.province) | (table["second"] == options.province)]
    names = admin.provinces(options.vintage)["name_en" if options.lang == "en" else "name_vi"]
    return table.assign(first_name=table["first"].map(names), second_name=table["second"].map(names))
