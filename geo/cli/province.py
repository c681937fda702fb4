"""The command ``province``: what provinces are good at, short of, and with whom they should work."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from geo.cli.common import add_common, named
from geo.cli.output import emit
from geo.linkage import engine, material_tables
from geo.linkage.profile import Profile, Tables, profile
from geo.linkage.profile_compare import compare
from geo.measures import specialisation
from geo.measures.next_steps import next_steps
from geo.measures.stars import cluster_stars
from geo.places import names
from geo.store import aggregate, catalog
from geo.store.filters import Filters


def add_commands(commands: Any) -> None:
    """Register the command."""
    province = commands.add_parser(
        "province", help="what provinces are good at, short of, and with whom they should work"
    )
    province.add_argument("name", nargs="+", help="1 to 10 names in any spelling, old or new, or codes")
    province.add_argument(
        "--level", choices=tuple(aggregate.LEVELS), default="division", help="level of sectors"
    )
    add_common(province)
    province.set_defaults(run=_province)


def _province(options: argparse.Namespace) -> None:
    """Profiles of the provinces named: whole in JSON, side by side in the other forms."""
    codes = []
    for text in options.name:
        match = names.resolve(text, options.vintage)
        codes.append(match.province_code)
        if note := match.note_text(options.lang):
            print(note, file=sys.stderr)
    read = _tables(options)
    profiles = [profile(code, read) for code in dict.fromkeys(codes)]
    table = compare(profiles)
    if options.format == "json":
        emit([p.to_dict() for p in profiles], "json")
        return
    _sentences(profiles, options.lang)
    other = "label_vi" if options.lang == "en" else "label_en"
    emit(named(table.drop(columns=other), options), options.format)


def _sentences(profiles: list[Profile], lang: str) -> None:
    """Say each profile in a sentence, beside the table and not in it."""
    for item in profiles:
        print(item.sentence.en if lang == "en" else item.sentence.vi, file=sys.stderr)


def _tables(options: argparse.Namespace) -> Tables:
    """Compute the tables of the whole country."""
    dataset = catalog.open_dataset(options.dataset)
    filters = Filters(vintage=options.vintage).normalised()
    counts = aggregate.counts(dataset, filters)
    matrix = aggregate.matrix(counts, level=options.level)
    lq = specialisation.lq_table(matrix)
    balance = material_tables.compute(dataset, filters).balance
    return Tables(
        vintage=options.vintage,
        region_set=str(filters.region_set),
        counts=counts,
        lq=lq,
        balance=balance,
        next_steps=next_steps(aggregate.matrix(counts, level="class"), balance),
        stars=cluster_stars(matrix, lq=lq),
        opportunities=engine.find(dataset, filters).opportunities,
    )
