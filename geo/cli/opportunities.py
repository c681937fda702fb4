"""The command ``opportunities``: ranked linkages between provinces and regions."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from geo.cli.common import add_common
from geo.cli.output import emit
from geo.linkage import engine, stability
from geo.linkage.model import KINDS
from geo.linkage.weights import PRESETS, parse_weights
from geo.measures.flows import DETOUR_FACTOR, FlowOptions
from geo.store import catalog
from geo.store.filters import Filters


def add_commands(commands: Any) -> None:
    """Register the command."""
    chances = commands.add_parser("opportunities", help="ranked linkages between provinces and regions")
    chances.add_argument("--top", type=int, default=20)
    chances.add_argument("--kind", choices=KINDS, action="append", help="only this kind; may be repeated")
    chances.add_argument(
        "--between-regions", action="store_true", help="only those that cross a region border"
    )
    chances.add_argument("--sector", action="append", default=[])
    chances.add_argument("--material", action="append", default=[])
    chances.add_argument("--detour-factor", type=float, default=DETOUR_FACTOR)
    weights = chances.add_mutually_exclusive_group()
    weights.add_argument(
        "--weights", default="", metavar="TEXT", help="points of the score, e.g. magnitude.3_need.2"
    )
    weights.add_argument("--preset", choices=list(PRESETS), help="weights by name")
    chances.add_argument(
        "--stability",
        type=int,
        nargs="?",
        const=stability.RESAMPLES,
        metavar="N",
        help=f"draw establishments and weights anew N times (default {stability.RESAMPLES}) and say how often "
        "each opportunity stays in the top ten",
    )
    chances.add_argument("--seed", type=int, default=0, help="seed of the draws (default 0)")
    add_common(chances)
    chances.set_defaults(run=_opportunities)


def _opportunities(options: argparse.Namespace) -> None:
    """Ranked opportunities."""
    filters = Filters(
        vintage=options.vintage, sectors=tuple(options.sector), materials=tuple(options.material)
    )
    weights = parse_weights(options.preset or options.weights)
    found = engine.candidates(
        catalog.open_dataset(options.dataset),
        filters,
        flow_options=FlowOptions(detour_factor=options.detour_factor),
    )
    draws = None if options.stability is None else _draws(found, options.stability, options.seed)
    ranking = engine.rank(
        found,
        weights,
        between_regions=options.between_regions,
        kinds=tuple(options.kind or KINDS),
        draws=draws,
        seed=options.seed,
    )
    if options.format == "json":
        emit([o.to_dict() for o in ranking.opportunities[: options.top]], "json")
        return
    table = ranking.table.head(options.top)
    emit(table.astype({"rank_low": "Int64", "rank_high": "Int64"}), options.format)


def _draws(found: engine.Candidates, resamples: int, seed: int) -> stability.Draws:
    """Draw anew with the progress on standard error, where somebody looks."""

    def progress(done: int, total: int) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{done}/{total}" + ("\n" if done == total else ""))
            sys.stderr.flush()

    return stability.draw(found, resamples=resamples, seed=seed, progress=progress)
