"""The command ``clusters``: how strongly a sector is concentrated, and where."""

from __future__ import annotations

import argparse
from typing import Any

from geo.cli.common import add_common, known, named
from geo.cli.output import emit
from geo.measures import specialisation
from geo.store import aggregate, catalog
from geo.store.filters import Filters
from geo.subjects import sectors


def add_commands(commands: Any) -> None:
    """Register the command."""
    clusters = commands.add_parser(
        "clusters", help="location quotients of a sector by province, with intervals"
    )
    clusters.add_argument("--sector", required=True, help="VSIC division (10) or class (1077)")
    add_common(clusters)
    clusters.set_defaults(run=_clusters)


def _clusters(options: argparse.Namespace) -> None:
    """Location quotients of one sector."""
    table = sectors.sectors()
    sector = known(options.sector, table.index, "ngành", "sector")
    level = "division" if len(sector) == 2 else "class"
    dataset = catalog.open_dataset(options.dataset)
    matrix = aggregate.matrix(aggregate.counts(dataset, Filters(vintage=options.vintage)), level=level)
    result = specialisation.lq_table(matrix)
    result = result[result["sector_code"] == sector].sort_values("lq", ascending=False)
    emit(named(result, options), options.format)
