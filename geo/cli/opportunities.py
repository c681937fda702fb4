"""The command ``opportunities``: ranked linkages between provinces and regions."""

from __future__ import annotations

import argparse
from typing import Any

from geo.cli.common import add_common
from geo.cli.output import emit
from geo.linkage import engine
from geo.linkage.model import KINDS
from geo.measures.flows import DETOUR_FACTOR, FlowOptions
from geo.store import catalog
from geo.store.filters import Filters


def add_commands(commands: Any) -> None:
    """Register the command."""
    chances = commands.add_parser("opportunities", help="ranked linkages between provinces and regions")
    chances.add_argument("--top", type=int, default=20)
    chances.add_argument("--kind", choices=KINDS, action="append")
    chances.add_argument(
        "--between-regions", action="store_true", help="only those that cross a region border"
    )
    chances.add_argument("--sector", action="append", default=[])
    chances.add_argument("--material", action="append", default=[])
    chances.add_argument("--detour-factor", type=float, default=DETOUR_FACTOR)
    add_common(chances)
    chances.set_defaults(run=_opportunities)


def _opportunities(options: argparse.Namespace) -> None:
    """Ranked opportunities."""
    filters = Filters(
        vintage=options.vintage, sectors=tuple(options.sector), materials=tuple(options.material)
    ).normalised()
    ranking = engine.find(
        catalog.open_dataset(options.dataset),
        filters,
        flow_options=FlowOptions(detour_factor=options.detour_factor),
        kinds=tuple(options.kind or KINDS),
        between_regions=options.between_regions,
    )
    if options.format == "json":
        emit([o.to_dict() for o in ranking.opportunities[: options.top]], "json")
        return
    emit(ranking.table.head(options.top), options.format)
