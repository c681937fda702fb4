"""The command ``quality``: how good a data set is, and what each gap does to the results."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from geo.cli.common import add_common, named
from geo.cli.output import emit
from geo.measures import quality
from geo.places import admin
from geo.store import aggregate, catalog, import_history, quality_counts
from geo.store.catalog import Dataset
from geo.store.filters import Filters

_ABOUT = """Tables (--what):
  columns     how much of each column is filled in
  provinces   the same by province (shares 0-1)
  places      what the places on record stand for; points far outside their province
  coverage    establishments for every 10,000 in the official count of 2022, which holds trade and services
              too: only to compare provinces with each other
  years       how old the records are
  gaps        what each gap does to the results, and how many of the first 20 opportunities rest on it
  collect     what to collect first: opportunities with a better letter, alone and after those above
  imports     the imports that led to this version
  faults      the faults they found, by kind
  duplicates  pairs of records that may be one establishment"""


def add_commands(commands: Any) -> None:
    """Register the command."""
    command = commands.add_parser(
        "quality",
        help="how good the data are, what each gap does to the results, what to collect first",
        description=_ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--what", choices=tuple(_TABLES), default="columns", help="(default: columns)")
    command.add_argument("--province", action="append", default=[], metavar="CODE", help="only these")
    command.add_argument("--sector", action="append", default=[], metavar="CODE")
    command.add_argument("--material", action="append", default=[], metavar="CODE")
    add_common(command)
    command.set_defaults(run=_quality)


def _quality(options: argparse.Namespace) -> None:
    """One table of the quality of a data set."""
    filters = Filters(
        vintage=options.vintage,
        provinces=tuple(options.province),
        sectors=tuple(options.sector),
        materials=tuple(options.material),
    ).normalised()
    table = _TABLES[options.what](catalog.open_dataset(options.dataset), filters, options.lang)
    emit(named(table, options) if "province_code" in table.columns else table, options.format)


def _codes(filters: Filters) -> list[str]:
    """Return the provinces looked at."""
    kept = filters.province_codes()
    return sorted(admin.provinces(filters.vintage).index if kept is None else kept)


def _columns(dataset: Dataset, filters: Filters, lang: str) -> pd.DataFrame:
    """How much of each column is filled in."""
    return quality.columns(quality_counts.by_province(dataset, filters), list(quality_counts.KNOWN))


def _provinces(dataset: Dataset, filters: Filters, lang: str) -> pd.DataFrame:
    """How much of each column is filled in, by province."""
    counts = quality_counts.by_province(dataset, filters)
    return quality.by_province(counts, list(quality_counts.KNOWN), _codes(filters)).reset_index()


def _places(dataset: Dataset, filters: Filters, lang: str) -> pd.DataFrame:
    """What the places on record stand for."""
    counts = quality_counts.by_province(dataset, filters)
    far = quality.far_outside(quality_counts.fine_cells(dataset, filters), filters.vintage)
    return quality.places(counts, far).reset_index()


def _coverage(dataset: Dataset, filters: Filters, lang: str) -> pd.DataFrame:
    """Establishments against the official counts."""
    counts = quality_counts.by_province(dataset, Filters(vintage=filters.vintage))
    table = quality.coverage(counts.set_index("province_code")["establishments"], filters.vintage)
    return table.loc[_codes(filters)].reset_index()


def _years(dataset: Dataset, filters: Filters, lang: str) -> pd.DataFrame:
    """How old the records are."""
    return quality.ages(aggregate.counts(dataset, filters)).reset_index()


def _gaps(dataset: Dataset, filters: Filters, lang: str) -> pd.DataFrame:
    """What each gap does to the results."""
    from geo.linkage import engine, quality_effects, quality_gaps

    found = engine.candidates(dataset, filters)
    ranking = engine.rank(found)
    data = quality_gaps.chosen(found)
    gaps = quality_gaps.find(
        quality_counts.by_province(dataset, filters),
        int(data.summary["without_place"]),
        data,
        quality_effects.cases(found, ranking, ranking),
        _codes(filters),
    )
    rows = [
        {
            "gap": gap.code,
            "unit": gap.unit,
            "count": gap.count,
            "total": gap.total,
            "share": gap.share,
            f"of_first_{quality_effects.TOP}": gap.top,
            "named": "|".join(gap.named),
            "what": _said(gap.what, lang),
            "effect": _said(gap.effect, lang),
        }
        for gap in gaps
    ]
    table = pd.DataFrame(rows)
    return table.astype({f"of_first_{quality_effects.TOP}": "Int64"}) if rows else table


def _collect(dataset: Dataset, filters: Filters, lang: str) -> pd.DataFrame:
    """What to collect first; letters by the figures alone, without resampling."""
    from geo.linkage import engine, quality_effects

    found = engine.candidates(dataset, engine.country(filters))
    rows = [
        {
            "collect": step.action.code,
            "what": _said(step.action.what, lang),
            "alone": step.alone,
            "alone_first_20": step.alone_top,
            "alone_from_c": step.alone_from_c,
            "further": step.further,
            "further_first_20": step.further_top,
            "letters": " ".join(f"{letter}:{count}" for letter, count in step.letters.items()),
            "provinces": "|".join(f"{code}:{count}" for code, count in step.provinces),
        }
        for step in quality_effects.collecting(found, filters).steps
    ]
    return pd.DataFrame(rows)


def _imports(dataset: Dataset, filters: Filters, lang: str) -> pd.DataFrame:
    """The imports that led to this version."""
    return import_history.imports(dataset)


def _faults(dataset: Dataset, filters: Filters, lang: str) -> pd.DataFrame:
    """The faults of those imports, with words for their kinds."""
    from geo.intake.fault_words import words

    table = import_history.faults(dataset)
    return table.assign(meaning=[words(code, lang) for code in table["code"]])


def _duplicates(dataset: Dataset, filters: Filters, lang: str) -> pd.DataFrame:
    """Pairs of records that may be one establishment; names of people and phone numbers masked."""
    from geo.intake import left_duplicates, personal

    table = left_duplicates.find(dataset, filters)
    names = {name: personal.mask(table[name]) for name in ("first_name", "second_name")}
    products = {name: personal.blank(table[name]) for name in ("first_product", "second_product")}
    return table.assign(**names, **products)


def _said(text: Any, lang: str) -> str:
    """Return a statement in the language."""
    return str(text.en if lang == "en" else text.vi)


_TABLES: Mapping[str, Callable[[Dataset, Filters, str], pd.DataFrame]] = {
    "columns": _columns,
    "provinces": _provinces,
    "places": _places,
    "coverage": _coverage,
    "years": _years,
    "gaps": _gaps,
    "collect": _collect,
    "imports": _imports,
    "faults": _faults,
    "duplicates": _duplicates,
}
