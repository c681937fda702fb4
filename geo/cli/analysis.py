"""Commands that analyse: clusters, balance, flows, opportunities."""

from __future__ import annotations

import argparse
from typing import Any

from geo.cli.output import add_format, emit
from geo.errors import ParameterError
from geo.linkage import engine, inputs
from geo.measures import specialisation
from geo.places import admin
from geo.store import aggregate, catalog
from geo.store.filters import Filters
from geo.subjects import materials, sectors


def add_commands(commands: Any) -> None:
    """Register the commands."""
    clusters = commands.add_parser(
        "clusters", help="location quotients of a sector by province, with intervals"
    )
    clusters.add_argument("--sector", required=True, help="VSIC division (10) or class (1077)")
    _common(clusters)
    clusters.set_defaults(run=_clusters)

    balance = commands.add_parser("balance", help="supply, demand and balance of a material by province")
    balance.add_argument("--material", required=True)
    _common(balance)
    balance.set_defaults(run=_balance)

    flow = commands.add_parser("flows", help="least-distance flows of a material from surplus to shortage")
    flow.add_argument("--material", required=True)
    flow.add_argument(
        "--detour-factor",
        type=float,
        default=inputs.DETOUR_FACTOR,
        help="road over straight line (default 1.33)",
    )
    _common(flow)
    flow.set_defaults(run=_flows)

    chances = commands.add_parser("opportunities", help="ranked linkages between provinces and regions")
    chances.add_argument("--top", type=int, default=20)
    chances.add_argument("--kind", choices=("material", "cluster"), action="append")
    chances.add_argument(
        "--between-regions", action="store_true", help="only those that cross a region border"
    )
    chances.add_argument("--sector", action="append", default=[])
    chances.add_argument("--material", action="append", default=[])
    chances.add_argument("--detour-factor", type=float, default=inputs.DETOUR_FACTOR)
    _common(chances)
    chances.set_defaults(run=_opportunities)


def _common(parser: argparse.ArgumentParser) -> None:
    """Options that all analyses share."""
    parser.add_argument("--dataset", default="real", help="real, demo, or a dataset folder (default: real)")
    parser.add_argument("--vintage", choices=admin.VINTAGES, default=admin.DEFAULT_VINTAGE)
    add_format(parser)


def _known(code: str, known: Any, vi: str, en: str) -> str:
    """Refuse a code that the table does not have."""
    if code not in known:
        raise ParameterError(
            vi=f"Không có {vi} “{code}”; các mã hiện có: {', '.join(known)}.",
            en=f'There is no {en} "{code}"; the codes are: {", ".join(known)}.',
        )
    return code


def _clusters(options: argparse.Namespace) -> None:
    """Location quotients of one sector."""
    table = sectors.sectors()
    sector = _known(options.sector, table.index, "ngành", "sector")
    level = "division" if len(sector) == 2 else "class"
    dataset = catalog.open_dataset(options.dataset)
    matrix = aggregate.matrix(aggregate.counts(dataset, Filters(vintage=options.vintage)), level=level)
    result = specialisation.lq_table(matrix)
    result = result[result["sector_code"] == sector].sort_values("lq", ascending=False)
    emit(_named(result, options), options.format)


def _material_tables(options: argparse.Namespace, detour_factor: float) -> inputs.MaterialTables:
    """Balance and flows of one material."""
    material = _known(options.material, materials.catalogue().index, "nguyên liệu", "material")
    filters = Filters(vintage=options.vintage, materials=(material,)).normalised()
    return inputs.material_tables(catalog.open_dataset(options.dataset), filters, None, detour_factor)


def _balance(options: argparse.Namespace) -> None:
    """Balance of one material."""
    emit(_named(_material_tables(options, inputs.DETOUR_FACTOR).balance, options), options.format)


def _flows(options: argparse.Namespace) -> None:
    """Flows of one material."""
    emit(_material_tables(options, options.detour_factor).plan.flows, options.format)


def _opportunities(options: argparse.Namespace) -> None:
    """Ranked opportunities."""
    filters = Filters(
        vintage=options.vintage, sectors=tuple(options.sector), materials=tuple(options.material)
    ).normalised()
    ranking = engine.find(
        catalog.open_dataset(options.dataset),
        filters,
        detour_factor=options.detour_factor,
        kinds=tuple(options.kind or ("material", "cluster")),
    )
    chosen = [o for o in ranking.opportunities if o.crosses_regions or not options.between_regions]
    if options.format == "json":
        emit([o.to_dict() for o in chosen[: options.top]], "json")
        return
    ids = [o.id for o in chosen[: options.top]]
    table = ranking.table.set_index("id").loc[ids].reset_index()
    emit(table, options.format)


def _named(table: Any, options: argparse.Namespace) -> Any:
    """Add the name of each province."""
    provinces = admin.provinces(options.vintage)
    name = "name_en" if options.lang == "en" else "name_vi"
    return table.assign(province_name=table["province_code"].map(provinces[name]))
