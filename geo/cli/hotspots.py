"""The command ``hotspots``: where a sector stands closer together than chance, and across which borders."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from geo.cli.common import add_common, known, named
from geo.cli.output import emit
from geo.measures import crossing, hotspot_null, hotspot_provinces, hotspots
from geo.measures.crossing import Cluster, Side
from geo.numbers import number
from geo.places import admin
from geo.store import catalog
from geo.store.cell_counts import cell_counts
from geo.store.filters import Filters
from geo.subjects import sectors
from geo.subjects.establishments import H3_RESOLUTIONS


def add_commands(commands: Any) -> None:
    """Register the command."""
    spots = commands.add_parser("hotspots", help="hot spots of a sector and the clusters that cross a border")
    spots.add_argument("--sector", required=True, help="VSIC division (10) or class (1077)")
    spots.add_argument("--level", choices=("hexagon", "province"), default="hexagon")
    spots.add_argument("--method", choices=("gi", "moran", "hdbscan"), default="gi")
    spots.add_argument("--alpha", type=float, default=hotspot_null.ALPHA, help="false discovery rate (0.05)")
    spots.add_argument(
        "--resolution", type=int, choices=H3_RESOLUTIONS, help="H3; default by the size of the data"
    )
    spots.add_argument(
        "--base",
        choices=hotspot_null.BASES,
        default="establishments",
        help="what the sector is compared with",
    )
    spots.add_argument("--neighbours", choices=hotspot_provinces.NEIGHBOURS, default="contiguity")
    spots.add_argument("--crossing", action="store_true", help="only clusters that cross a province border")
    spots.add_argument("--cells", action="store_true", help="every hexagon instead of the clusters")
    spots.add_argument("--seed", type=int, default=0)
    add_common(spots)
    spots.set_defaults(run=_hotspots)


def _hotspots(options: argparse.Namespace) -> None:
    """Hot spots of one sector."""
    sector = known(options.sector, sectors.sectors().index, "ngành", "sector")
    dataset, filters = catalog.open_dataset(options.dataset), Filters(vintage=options.vintage).normalised()
    hotspot_null.check("gi", options.base, options.alpha)
    if options.level == "province":
        table = hotspot_provinces.of_sector(
            dataset, filters, sector, neighbours=options.neighbours, seed=options.seed
        )
        p = "p_fdr" if options.method == "gi" else "moran_p_fdr"
        hot = (table["z"] > 0) if options.method == "gi" else (table["quadrant"] == "HH")
        table = table.assign(hot=hot & (table[p] <= options.alpha))
        emit(named(table.sort_values(p, kind="stable"), options), options.format)
        return
    resolution = options.resolution or hotspot_null.usual_resolution(dataset)
    _tell(cell_counts(dataset, filters, resolution).left_out(sector), options.lang)
    if options.cells:
        method = "gi" if options.method == "hdbscan" else options.method
        table = hotspots.surface(
            dataset, filters, sector, resolution=resolution, method=method, base=options.base,
            alpha=options.alpha, seed=options.seed,
        )  # fmt: skip
        emit(table[table["count"] > 0].sort_values("p", kind="stable"), options.format)
        return
    found = crossing.find(
        dataset, filters, sector, resolution=resolution, method=options.method, base=options.base,
        alpha=options.alpha, seed=options.seed,
    )  # fmt: skip
    found = [cluster for cluster in found if cluster.crosses_province or not options.crossing]
    if options.format == "json":
        emit([cluster.to_dict() for cluster in found], "json")
    else:
        emit([_row(cluster, options) for cluster in found], options.format)


def _row(cluster: Cluster, options: argparse.Namespace) -> dict[str, Any]:
    """Write a cluster as one line."""
    return {
        "id": cluster.id,
        "establishments": cluster.establishments,
        "ratio": round(cluster.ratio, 2),
        "p_fdr": float(f"{cluster.p_fdr:.3g}"),
        "hexagons": len(cluster.cells),
        "crosses_province": cluster.crosses_province,
        "crosses_region": cluster.crosses_region,
        "crosses_old_border": cluster.crosses_old_border,
        "provinces": _names(cluster.members or cluster.sides[:1], options),
    }


def _names(sides: tuple[Side, ...], options: argparse.Namespace) -> str:
    """Name provinces with their share of the cluster."""
    table = admin.provinces(options.vintage)["name_en" if options.lang == "en" else "name_vi"]
    return "; ".join(
        f"{table[side.province_code]} {number(100 * side.share, lang=options.lang)} %" for side in sides
    )


def _tell(left_out: dict[str, int], lang: str) -> None:
    """Say on standard error what the hexagons leave out."""
    total, missing, rough = (
        number(left_out[name], lang=lang) for name in ("total", "without_coordinates", "by_commune")
    )
    vi = f"{total} cơ sở; {missing} chưa có toạ độ nên không nằm trong ô nào; {rough} chỉ biết vị trí đến xã."
    en = f"{total} establishments; {missing} without coordinates are in no hexagon; {rough} known to the commune only."
    print(en if lang == "en" else vi, file=sys.stderr)
