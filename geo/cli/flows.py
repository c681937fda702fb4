"""The commands ``balance`` and ``flows``: where a raw material is left over or short, and how it moves."""

from __future__ import annotations

import argparse
from typing import Any

from geo.cli.common import add_common, known, named
from geo.cli.output import emit
from geo.linkage import material_tables
from geo.measures.flows import DETOUR_FACTOR, FlowOptions
from geo.store import catalog
from geo.store.filters import Filters
from geo.subjects import materials


def add_commands(commands: Any) -> None:
    """Register the commands."""
    balance = commands.add_parser("balance", help="supply, demand and balance of a material by province")
    balance.add_argument("--material", required=True)
    add_common(balance)
    balance.set_defaults(run=_balance)

    flow = commands.add_parser("flows", help="least-distance flows of a material from surplus to shortage")
    flow.add_argument("--material", required=True)
    flow.add_argument(
        "--detour-factor", type=float, default=DETOUR_FACTOR, help="road over straight line (default 1.33)"
    )
    add_common(flow)
    flow.set_defaults(run=_flows)


def _tables(options: argparse.Namespace, flow_options: FlowOptions) -> material_tables.MaterialTables:
    """Balance and flows of one material."""
    material = known(options.material, materials.catalogue().index, "nguyên liệu", "material")
    filters = Filters(vintage=options.vintage, materials=(material,)).normalised()
    return material_tables.compute(catalog.open_dataset(options.dataset), filters, None, flow_options)


def _balance(options: argparse.Namespace) -> None:
    """Balance of one material."""
    emit(named(_tables(options, FlowOptions()).balance, options), options.format)


def _flows(options: argparse.Namespace) -> None:
    """Flows of one material."""
    chosen = FlowOptions(detour_factor=options.detour_factor)
    emit(_tables(options, chosen).plan.flows, options.format)
