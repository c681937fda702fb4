"""The command ``clusters``: how concentrated sectors are and how specialised provinces are, by many measures."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from geo.cli.common import add_common, known, named
from geo.cli.output import emit
from geo.errors import ParameterError
from geo.measures import agglomeration_tables, change, concentration, specialisation, stars
from geo.places import admin
from geo.store import aggregate, catalog, sizes
from geo.store.catalog import Dataset
from geo.store.filters import Filters
from geo.subjects import sectors

Measure = Callable[[argparse.Namespace, Dataset], pd.DataFrame]


def add_commands(commands: Any) -> None:
    """Register the command."""
    clusters = commands.add_parser(
        "clusters",
        help="concentration of sectors and specialisation of provinces",
        description="lq, stars, litzenberger: a sector by province. gini, herfindahl: with --sector the "
        "concentration of that sector, else the specialisation of provinces (or --by sector). krugman: "
        "provinces. ellison-glaeser: sectors, from the employees of single establishments. shift-share: "
        "provinces, from the yearly tonnages of crops.",
    )
    clusters.add_argument("--measure", choices=tuple(MEASURES), default="lq")
    clusters.add_argument("--sector", help="VSIC division (10) or class (1077)")
    clusters.add_argument("--province", help="only this province (code in the vintage)")
    clusters.add_argument(
        "--level", choices=tuple(aggregate.LEVELS), help="sector level (default: the sector's, else division)"
    )
    clusters.add_argument("--by", choices=("province", "sector"), help="gini, herfindahl: rows of the table")
    clusters.add_argument(
        "--value", choices=aggregate.VALUES, help="what is counted (default: establishments)"
    )
    clusters.add_argument("--before", type=int, help="shift-share: first year")
    clusters.add_argument("--after", type=int, help="shift-share: last year")
    add_common(clusters)
    clusters.set_defaults(run=_clusters)


def _clusters(options: argparse.Namespace) -> None:
    """Check the options that belong together, measure, and write the table."""
    if options.sector is not None:
        known(options.sector, sectors.sectors().index, "ngành", "sector")
    if options.province is not None:
        known(options.province, admin.provinces(options.vintage).index, "tỉnh", "province")
    options.level = _level(options)
    table = MEASURES[options.measure](options, catalog.open_dataset(options.dataset))
    for option, column in (("sector", "sector_code"), ("province", "province_code")):
        wanted = getattr(options, option)
        if wanted is not None and column in table:
            table = table[table[column] == wanted]
    emit(named(table, options) if "province_code" in table else table, options.format)


def _lq(options: argparse.Namespace, dataset: Dataset) -> pd.DataFrame:
    """Location quotients with intervals, the strongest first."""
    _needs_sector_or_province(options)
    if options.value == "employees":
        raise ParameterError(
            vi="Khoảng tin cậy của LQ tính trên số cơ sở, không tính trên lao động; hãy bỏ --value employees, "
            "hoặc dùng --measure stars --value employees.",
            en="The interval of the LQ is of establishments, not of employees; leave out --value employees, or "
            "use --measure stars --value employees.",
        )
    table = specialisation.lq_table(_matrix(options, dataset))
    return table.sort_values(["lq", "province_code"], ascending=[False, True])


def _stars(options: argparse.Namespace, dataset: Dataset) -> pd.DataFrame:
    """Cluster stars, most stars first."""
    employees = _matrix(options, dataset, "employees") if options.value == "employees" else None
    table = stars.cluster_stars(_matrix(options, dataset, "establishments"), employees)
    return table.sort_values(["stars", "lq", "province_code"], ascending=[False, False, True])


def _krugman(options: argparse.Namespace, dataset: Dataset) -> pd.DataFrame:
    """Krugman's index of every province, the most different first."""
    _takes_no_sector(options)
    return _regions(options, dataset, "krugman")


def _gini(options: argparse.Namespace, dataset: Dataset) -> pd.DataFrame:
    """Gini of sectors or provinces."""
    return _sectors_or_regions(options, dataset, "gini")


def _herfindahl(options: argparse.Namespace, dataset: Dataset) -> pd.DataFrame:
    """Herfindahl of sectors or provinces."""
    return _sectors_or_regions(options, dataset, "herfindahl")


def _litzenberger(options: argparse.Namespace, dataset: Dataset) -> pd.DataFrame:
    """Cluster index of every province and sector; the column ``basis`` says when employees are not known."""
    _needs_sector_or_province(options)
    establishments = workers = _matrix(options, dataset, "establishments")
    if options.value != "establishments":
        known_employees = _matrix(options, dataset, "employees")
        workers = known_employees if known_employees.to_numpy().sum() else establishments
    basis = "establishments" if workers is establishments else "employees"
    land = agglomeration_tables.land_and_people(options.vintage)
    table = agglomeration_tables.litzenberger_table(establishments, workers, land).assign(basis=basis)
    return table.sort_values(["cluster_index", "province_code"], ascending=[False, True])


def _ellison_glaeser(options: argparse.Namespace, dataset: Dataset) -> pd.DataFrame:
    """γ of every sector, the most concentrated first."""
    if options.value == "establishments" or options.province is not None:
        raise ParameterError(
            vi="Chỉ số Ellison–Glaeser là của từng ngành trên cả nước và cần số lao động của từng cơ sở, không "
            "tính được từ số cơ sở; hãy bỏ --value establishments và --province.",
            en="The Ellison–Glaeser index is of a sector in the whole country and needs the employees of every "
            "establishment; it cannot be made from numbers of establishments. Leave out --value "
            "establishments and --province.",
        )
    sums = sizes.employee_sums(dataset, Filters(vintage=options.vintage), options.level)
    if sums["employees"].sum() == 0:
        raise _no_employees(dataset)
    table = agglomeration_tables.gamma_table(sums)
    return table.sort_values(["gamma", "sector_code"], ascending=[False, True])


def _shift_share(options: argparse.Namespace, dataset: Dataset) -> pd.DataFrame:
    """Shift-share of crop tonnages between two years, the best first."""
    if options.sector is not None or options.value is not None:
        raise ParameterError(
            vi="Danh sách cơ sở không có hai năm so sánh được: năm của một cơ sở là năm lập bản ghi. Phân tích "
            "dịch chuyển – tỷ phần chỉ có cho sản lượng cây trồng; hãy bỏ --sector và --value.",
            en="The list of establishments has no two years that can be compared: the year of an establishment "
            "is the year of its record. Shift-share is there for the tonnages of crops only; leave out --sector "
            "and --value.",
        )
    years = change.production_years()["year"]
    before = int(years.min()) if options.before is None else options.before
    after = int(years.max()) if options.after is None else options.after
    tables = change.production(before, after, vintage=options.vintage)
    table = change.shift_share_table(tables.before, tables.after)
    table = table.assign(year_before=before, year_after=after, unit=tables.unit)
    return table.sort_values(["regional", "province_code"], ascending=[False, True])


MEASURES: Mapping[str, Measure] = {
    "lq": _lq,
    "stars": _stars,
    "krugman": _krugman,
    "gini": _gini,
    "herfindahl": _herfindahl,
    "litzenberger": _litzenberger,
    "ellison-glaeser": _ellison_glaeser,
    "shift-share": _shift_share,
}


def _level(options: argparse.Namespace) -> str:
    """The sector level asked for, or that of the sector; refuses two that differ."""
    own = None if options.sector is None else ("division" if len(options.sector) == 2 else "class")
    if own is not None and options.level not in (None, own):
        raise ParameterError(
            vi=f"Ngành {options.sector} thuộc cấp {own}, nhưng --level là {options.level}; hãy bỏ --level.",
            en=f"Sector {options.sector} is of level {own}, but --level is {options.level}; leave out --level.",
        )
    return own or options.level or "division"


def _matrix(options: argparse.Namespace, dataset: Dataset, value: str | None = None) -> pd.DataFrame:
    """Province × sector of the whole country; an empty one of employees is refused where it was asked for."""
    value = value or options.value or "establishments"
    counts = aggregate.counts(dataset, Filters(vintage=options.vintage))
    matrix = aggregate.matrix(counts, level=options.level, value=value)
    if value == "employees" and options.value == "employees" and matrix.to_numpy().sum() == 0:
        raise _no_employees(dataset)
    return matrix


def _sectors_or_regions(options: argparse.Namespace, dataset: Dataset, column: str) -> pd.DataFrame:
    """One index of sectors (when a sector or ``--by sector`` is given) or of provinces."""
    by = options.by or ("sector" if options.sector is not None else "province")
    if (by == "sector" and options.province is not None) or (by == "province" and options.sector is not None):
        raise ParameterError(
            vi="Chỉ số này là của một ngành trên cả nước (--sector) hoặc của một tỉnh trên mọi ngành (--province); "
            "hãy chọn một trong hai.",
            en="This index is of a sector over the country (--sector) or of a province over its sectors "
            "(--province); choose one of the two.",
        )
    if by == "province":
        return _regions(options, dataset, column)
    table = concentration.sector_table(_matrix(options, dataset))
    table = table[["sector_code", "total", "provinces", column]]
    return table.sort_values([column, "sector_code"], ascending=[False, True])


def _regions(options: argparse.Namespace, dataset: Dataset, column: str) -> pd.DataFrame:
    """One index of provinces, the highest first."""
    table = concentration.region_table(_matrix(options, dataset))[
        ["province_code", "total", "sectors", column]
    ]
    return table.sort_values([column, "province_code"], ascending=[False, True])


def _needs_sector_or_province(options: argparse.Namespace) -> None:
    """Refuse the whole table of pairs: it answers nothing."""
    if options.sector is None and options.province is None:
        raise ParameterError(
            vi=f"Phép đo {options.measure} cần một ngành (--sector) hoặc một tỉnh (--province); hãy nêu ít nhất "
            "một trong hai.",
            en=f"The measure {options.measure} needs a sector (--sector) or a province (--province); give at "
            "least one of them.",
        )


def _takes_no_sector(options: argparse.Namespace) -> None:
    """Refuse a sector where the measure is of all sectors together."""
    if options.sector is not None:
        raise ParameterError(
            vi="Chỉ số Krugman so cả cơ cấu ngành của một tỉnh, nên không nhận --sector; hãy dùng --province "
            "hoặc --level.",
            en="Krugman's index compares all sectors of a province, so it takes no --sector; use --province or "
            "--level.",
        )


def _no_employees(dataset: Dataset) -> ParameterError:
    """Say that the data set knows no employees."""
    return ParameterError(
        vi=f"Bộ dữ liệu “{dataset.name}” không có số lao động của cơ sở nào, mà phép đo này cần; hãy chọn bộ dữ "
        "liệu có lao động (ví dụ --dataset demo) hoặc bỏ --value employees.",
        en=f'The data set "{dataset.name}" has no employees of any establishment, which this measure needs; '
        "choose one that has (such as --dataset demo) or leave out --value employees.",
    )
