"""The commands ``balance`` and ``flows``: where a raw material is left over or short, how it moves, and what if."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pandas as pd

from geo.cli.common import add_common, known, named
from geo.cli.output import emit
from geo.errors import ParameterError
from geo.linkage import material_tables, what_if_words
from geo.linkage.material_tables import MaterialTables
from geo.measures import what_if, what_if_effects, what_if_table
from geo.measures.flows import DETOUR_FACTOR, IMPORT_PENALTY_KM, FlowOptions
from geo.measures.what_if import Scenario
from geo.places import admin
from geo.store import catalog
from geo.store.filters import Filters
from geo.subjects import materials

_WHAT_IF_HELP = (
    "a scenario: a CSV or JSON file with one change a row, or a text such as fail.coffee.68.1. Columns: "
    + "; ".join(f"{name} = {meaning}" for name, meaning in what_if_table.COLUMNS.items())
)


def add_commands(commands: Any) -> None:
    """Register the commands."""
    balance = commands.add_parser("balance", help="supply, demand and balance of a material by province")
    balance.add_argument("--material", required=True)
    add_common(balance)
    balance.set_defaults(run=_balance)

    flow = commands.add_parser(
        "flows",
        help="least-distance flows of a material from surplus to shortage; what if; prices; critical sources",
    )
    flow.add_argument("--material", help="code of the material; may be left out with --what-if")
    flow.add_argument("--what-if", metavar="FILE", help=_WHAT_IF_HELP)
    shown = flow.add_mutually_exclusive_group()
    shown.add_argument("--prices", action="store_true", help="what one tonne more is worth in each province")
    shown.add_argument(
        "--sensitivity", action="store_true", help="what happens if a source fails, the most critical first"
    )
    flow.add_argument(
        "--detour-factor", type=float, default=DETOUR_FACTOR, help="road over straight line (default 1.33)"
    )
    flow.add_argument(
        "--import-penalty-km",
        type=float,
        default=IMPORT_PENALTY_KM,
        help="extra km counted against an import (default 500)",
    )
    flow.add_argument(
        "--between-regions-km",
        type=float,
        default=0.0,
        help="extra km counted against a flow that leaves its region (default 0)",
    )
    flow.add_argument(
        "--available-share",
        type=float,
        default=1.0,
        help="share of a surplus that can be contracted (default 1)",
    )
    add_common(flow)
    flow.set_defaults(run=_flows)


def _balance(options: argparse.Namespace) -> None:
    """Balance of one material, with the year and the source of each supply figure and whether it is an own one."""
    tables = _tables(options, _filters(options), FlowOptions())
    figures = tables.supply[["material_code", "province_code", "year", "own", "source"]]
    told = figures.rename(columns={name: f"supply_{name}" for name in ("year", "own", "source")})
    balance = tables.balance.merge(told, on=["material_code", "province_code"], how="left")
    balance = balance.astype({"supply_year": "Int64"}).assign(supply_own=balance["supply_own"].eq(True))
    emit(named(balance, options), options.format)


def _flows(options: argparse.Namespace) -> None:
    """Flows of one material, or what a scenario changes in them."""
    scenario = (
        _scenario(options.what_if, options.vintage) if options.what_if else Scenario(vintage=options.vintage)
    )
    if not options.material and not options.what_if:
        raise ParameterError(
            vi="Lệnh flows cần --material MÃ hoặc --what-if TỆP; hãy thêm một trong hai.",
            en="The command flows needs --material CODE or --what-if FILE; add one of them.",
        )
    filters = _filters(options, scenario)
    chosen = FlowOptions(
        options.detour_factor, options.import_penalty_km, options.between_regions_km, options.available_share
    )
    if options.sensitivity:
        dataset = catalog.open_dataset(options.dataset)
        emit(material_tables.sensitivity(dataset, filters, None, chosen, scenario=scenario), options.format)
        return
    after = _tables(options, filters, chosen, scenario, prices=options.prices)
    if options.prices:
        emit(named(after.plan.prices, options), options.format)
    elif options.what_if:
        _emit_changes(options, scenario, _tables(options, filters, chosen), after)
    else:
        emit(after.plan.flows, options.format)


def _emit_changes(
    options: argparse.Namespace, scenario: Scenario, before: MaterialTables, after: MaterialTables
) -> None:
    """Write what a scenario changes: the sentences first, unless a table alone is asked for."""
    found = what_if_effects.compare(before.plan, after.plan)
    named_in = {change.material_code for change in scenario.changes} - {""}
    touched = sorted(named_in | set(found.flows["material_code"]) | set(found.unmet["material_code"]))
    touched = [code for code in touched if not options.material or code == options.material]
    said = [what_if_words.comparison_text(found, code, options.vintage) for code in touched]
    sentences = [text.en if options.lang == "en" else text.vi for text in said]
    if options.format == "json":
        tables = {
            name: getattr(found, name).to_dict("records") for name in ("flows", "unmet", "places", "totals")
        }
        emit([{"scenario": what_if.text_of(scenario), "sentences": sentences, **tables}], "json")
        return
    if options.format == "table":
        told = what_if_words.scenario_text(scenario)
        print("\n".join([told.en if options.lang == "en" else told.vi, *sentences]))
    emit(found.flows, options.format)


def _tables(
    options: argparse.Namespace,
    filters: Filters,
    flow_options: FlowOptions,
    scenario: Scenario | None = None,
    *,
    prices: bool = False,
) -> MaterialTables:
    """Balance and flows under the options."""
    dataset = catalog.open_dataset(options.dataset)
    return material_tables.compute(dataset, filters, None, flow_options, scenario=scenario, prices=prices)


def _filters(options: argparse.Namespace, scenario: Scenario | None = None) -> Filters:
    """The material asked for, else those the scenario touches."""
    if options.material:
        chosen: tuple[str, ...] = (
            known(options.material, materials.catalogue().index, "nguyên liệu", "material"),
        )
    else:
        chosen = tuple(sorted((scenario.materials() if scenario else None) or ()))
    return Filters(vintage=options.vintage, materials=chosen).normalised()


def _scenario(given: str, vintage: str) -> Scenario:
    """Read a scenario from a file, or from its short text where there is no such file."""
    path = Path(given)
    if not path.exists() and path.suffix.lower() not in (".csv", ".json"):
        mark = f"{vintage}," if not given.startswith(admin.VINTAGES) else ""
        return what_if.parse(mark + given)
    return what_if_table.from_table(_read(path), vintage)


def _read(path: Path) -> pd.DataFrame:
    """Read a table of changes, all cells as text so that codes keep their zeros."""
    text = path.read_text(encoding="utf-8-sig")
    try:
        if path.suffix.lower() == ".json":
            rows = json.loads(text)
            return pd.DataFrame([{name: _cell(cell) for name, cell in row.items()} for row in rows])
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (ValueError, AttributeError, TypeError) as error:
        raise ParameterError(
            vi=f"Tệp kịch bản phải là CSV có dòng tiêu đề hoặc JSON gồm một danh sách, nhưng {path.name} không đọc "
            f"được ({error}); hãy kiểm tra lại tệp.",
            en=f"A scenario file must be a CSV with a heading or a JSON list, but {path.name} could not be read "
            f"({error}); check the file.",
        ) from None


def _cell(cell: Any) -> str:
    """A JSON value as the text of a cell."""
    return "" if cell is None else str(cell)
