"""The commands ``groups`` and ``regions-matrix``: who should join hands beyond pairs of provinces."""

from __future__ import annotations

import argparse
from typing import Any

import pandas as pd

from geo.cli.common import add_common, known
from geo.cli.output import emit
from geo.errors import ParameterError
from geo.linkage import engine, groups, matrix, regions
from geo.linkage.model import Opportunity
from geo.places import admin
from geo.store import catalog
from geo.store.filters import Filters
from geo.subjects import materials


def add_commands(commands: Any) -> None:
    """Register the commands."""
    found = commands.add_parser("groups", help="groups of two to six provinces with one shared subject")
    found.add_argument("--top", type=int, default=20)
    found.add_argument("--size", default="2-6", help="fewest and most provinces, e.g. 3-6 (default: 2-6)")
    found.add_argument("--sector", action="append", default=[])
    found.add_argument("--material", action="append", default=[])
    add_common(found)
    found.set_defaults(run=_groups)

    square = commands.add_parser("regions-matrix", help="what ties each pair of regions together")
    square.add_argument("--value", choices=matrix.VALUES, default="count")
    square.add_argument("--region-set", help="a region set of the vintage (default: the one in force)")
    square.add_argument(
        "--material", help="of the value tonnes (default: every material, one after the other)"
    )
    square.add_argument(
        "--ties", action="store_true", help="one row a pair of regions with its strongest tie"
    )
    add_common(square)
    square.set_defaults(run=_regions_matrix)


def _ranked(
    options: argparse.Namespace, sectors: tuple[str, ...] = (), chosen: tuple[str, ...] = ()
) -> list[Opportunity]:
    """Ranked opportunities under the default assumptions."""
    filters = Filters(vintage=options.vintage, sectors=sectors, materials=chosen).normalised()
    return engine.find(catalog.open_dataset(options.dataset), filters).opportunities


def _groups(options: argparse.Namespace) -> None:
    """Groups of provinces."""
    ranked = _ranked(options, tuple(options.sector), tuple(options.material))
    found = groups.find(ranked, sizes=_sizes(options.size))[: options.top]
    if options.format == "json":
        emit([group.to_dict() for group in found], "json")
        return
    emit(groups.to_frame(found), options.format)


def _sizes(text: str) -> tuple[int, int]:
    """Read fewest and most provinces."""
    parts = text.split("-") if "-" in text else [text, text]
    if len(parts) != 2 or not all(part.strip().isdigit() for part in parts):
        raise ParameterError(
            vi=f"Số tỉnh của nhóm phải có dạng 2-6 hoặc 4; nhận được “{text}”. Hãy nhập lại.",
            en=f'The size of a group is written 2-6 or 4; got "{text}". Enter it again.',
        )
    return int(parts[0]), int(parts[1])


def _regions_matrix(options: argparse.Namespace) -> None:
    """Region × region, one matrix a material where tonnes are asked for."""
    region_set = options.region_set or admin.default_region_set(options.vintage)
    region_set = known(region_set, admin.region_sets(options.vintage), "bộ vùng", "region set")
    ranked = _ranked(options)
    if options.ties:
        emit(regions.ties(ranked, region_set), options.format)
        return
    if options.value != "tonnes":
        emit(
            _named(matrix.region_matrix(ranked, region_set, options.value), region_set, options),
            options.format,
        )
        return
    wanted = regions.carried(ranked, region_set)
    if options.material:
        wanted = [known(options.material, materials.catalogue().index, "nguyên liệu", "material")]
    blocks = []
    for material in wanted:
        kept = [o for o in ranked if o.subject_code == material and o.unit == "tonnes_per_year"]
        block = _named(matrix.region_matrix(kept, region_set, "tonnes"), region_set, options)
        block.insert(0, "material_code", material)
        blocks.append(block)
    emit(pd.concat(blocks, ignore_index=True) if blocks else pd.DataFrame(), options.format)


def _named(square: pd.DataFrame, region_set: str, options: argparse.Namespace) -> pd.DataFrame:
    """Add code and name of each row's region."""
    names = admin.regions(region_set)["name_en" if options.lang == "en" else "name_vi"]
    out = square.reset_index(drop=True)
    out.insert(0, "region_code", list(square.index))
    out.insert(1, "region_name", [names[code] for code in square.index])
    return out
