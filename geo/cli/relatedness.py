"""The commands ``relatedness`` and ``chains``: which sectors go together, and which feed which."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import pandas as pd

from geo.cli.common import add_common, known
from geo.cli.output import add_format, emit
from geo.errors import ParameterError
from geo.linkage import material_tables
from geo.measures import next_steps, relatedness, value_chain
from geo.measures.flows import FlowOptions
from geo.places import admin
from geo.store import aggregate, catalog
from geo.store.filters import Filters
from geo.subjects import io_table, materials, sectors


def add_commands(commands: Any) -> None:
    """Register the commands."""
    near = commands.add_parser(
        "relatedness", help="sectors near a sector, or what a province could do next with its materials"
    )
    what = near.add_mutually_exclusive_group(required=True)
    what.add_argument("--sector", help="VSIC division (10) or class (1077): its nearest sectors")
    what.add_argument("--province", help="province code: sectors near to its skills and its raw materials")
    near.add_argument("--top", type=int, default=20)
    add_common(near)
    near.set_defaults(run=_relatedness)

    chains = commands.add_parser(
        "chains", help="which sector feeds which, by the input–output table in force"
    )
    chains.add_argument("--sector", help="VSIC division (16): only its links, both ways")
    chains.add_argument("--top", type=int, default=20)
    add_format(chains)
    chains.set_defaults(run=_chains)
    actions = chains.add_subparsers(dest="action", metavar="ACTION")
    use = actions.add_parser("use", help="bring in an input–output table (CSV) and use it from now on")
    use.add_argument("file", type=Path)
    use.add_argument("--source", default="", help="where the table comes from; said beside every result")
    use.add_argument("--year", type=int, help="year of the table")
    use.add_argument("--foreign", action="store_true", help="it is the structure of another country")
    use.set_defaults(run=_use)
    reset = actions.add_parser("reset", help="go back to the table that comes with the product")
    reset.set_defaults(run=_reset)


def _relatedness(options: argparse.Namespace) -> None:
    """Nearest sectors of a sector, or next steps of a province."""
    emit((_near if options.sector else _next)(options).head(max(0, options.top)), options.format)


def _near(options: argparse.Namespace) -> pd.DataFrame:
    """Nearest sectors of one sector."""
    sector = known(options.sector, sectors.sectors().index, "ngành", "sector")
    level = "division" if len(sector) == 2 else "class"
    dataset = catalog.open_dataset(options.dataset)
    matrix = aggregate.matrix(aggregate.counts(dataset, Filters(vintage=options.vintage)), level=level)
    return _with_sector(relatedness.neighbours(matrix, sector), options)


def _next(options: argparse.Namespace) -> pd.DataFrame:
    """Sectors that suit one province."""
    province = known(options.province, admin.provinces(options.vintage).index, "tỉnh", "province")
    dataset = catalog.open_dataset(options.dataset)
    filters = Filters(vintage=options.vintage).normalised()
    balance = material_tables.compute(dataset, filters, None, FlowOptions()).balance
    matrix = aggregate.matrix(aggregate.counts(dataset, filters), level="class")
    steps = next_steps.next_steps(matrix, balance, provinces=[province])
    name = steps["material_code"].map(lambda code: materials.label(code, options.lang))
    return _with_sector(steps.assign(material_name=name.astype("str")), options)


def _chains(options: argparse.Namespace) -> None:
    """Pairs of divisions, the strongest link first; whose structure it is goes to standard error."""
    table = io_table.load()
    pairs = value_chain.pairs(table.rows)
    if options.sector:
        listed = sectors.sectors()
        divisions = listed.index[listed["level"] == "division"]
        sector = known(options.sector, divisions, "ngành cấp 2", "division")
        pairs = pairs[(pairs["upstream_code"] == sector) | (pairs["downstream_code"] == sector)]
    for end in ("upstream", "downstream"):
        pairs = _with_sector(pairs, options, f"{end}_code", f"{end}_name")
    print(table.label(options.lang), file=sys.stderr)
    emit(pairs.head(max(0, options.top)), options.format)


def _use(options: argparse.Namespace) -> None:
    """Bring in a table."""
    if options.year is not None and not 1900 <= options.year <= 2100:
        raise ParameterError(
            vi=f"Năm của bảng phải từ 1900 đến 2100, nhưng nhận được {options.year}; hãy nhập lại.",
            en=f"The year of the table must be 1900 to 2100, but {options.year} came; enter it again.",
        )
    table = io_table.use(options.file, source=options.source, year=options.year, foreign=options.foreign)
    print(table.label(options.lang))


def _reset(options: argparse.Namespace) -> None:
    """Go back to the shipped table."""
    io_table.reset()
    print(io_table.load().label(options.lang))


def _with_sector(
    frame: pd.DataFrame, options: argparse.Namespace, column: str = "sector_code", name: str = "sector_name"
) -> pd.DataFrame:
    """Add the name of each sector in the language."""
    names = sectors.sectors()["name_en" if options.lang == "en" else "name_vi"]
    return frame.assign(**{name: frame[column].map(names)})
