"""Commands about places: provinces, resolve, convert, boundaries."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from pathlib import Path
from typing import Any

import pandas as pd

from geo.cli.output import add_format, emit
from geo.errors import DataError, PlaceError
from geo.places import admin, boundaries, names

_WRITERS = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".json": "GeoJSON", ".shp": "ESRI Shapefile"}


def add_commands(commands: Any) -> None:
    """Register the commands."""
    provinces = commands.add_parser("provinces", help="list the provinces of a vintage with their regions")
    provinces.add_argument("--vintage", choices=admin.VINTAGES, default=admin.DEFAULT_VINTAGE)
    provinces.add_argument("--region-set", help="region set (default: the six regions of the vintage)")
    add_format(provinces)
    provinces.set_defaults(run=_provinces)

    resolve = commands.add_parser("resolve", help="find the province that a name or code means")
    resolve.add_argument("name", nargs="+", help="name in any spelling, or a code with --vintage")
    resolve.add_argument("--vintage", choices=admin.VINTAGES)
    add_format(resolve)
    resolve.set_defaults(run=_resolve)

    convert = commands.add_parser("convert", help="sum a table of the 63 provinces into the 34 of 2025")
    convert.add_argument("file", type=Path, help="CSV with a column of pre-2025 province codes or names")
    convert.add_argument("--to", choices=("2025",), required=True, help="vintage to convert to")
    convert.add_argument("--code", default="province_code", help="column of codes or names")
    convert.add_argument("--name", default="province_name", help="column of names beside the codes, if any")
    convert.add_argument("--vintage", choices=("pre2025",), help="say that the codes are of the 63 provinces")
    convert.add_argument(
        "--sum", dest="sums", help="columns to add up, by commas (default: all numeric ones)"
    )
    convert.add_argument("--by", default="", help="columns that stay apart, by commas, e.g. year")
    add_format(convert)
    convert.set_defaults(run=_convert)

    fabric = commands.add_parser("boundaries", help="write, check or replace boundaries")
    fabric.add_argument("action", nargs="?", choices=("check", "use", "reset", "report"), help="what to do")
    fabric.add_argument("file", nargs="?", type=Path, help="file of official boundaries (check, use)")
    fabric.add_argument("--level", choices=("commune", "province", "region"), default="province")
    fabric.add_argument("--vintage", choices=admin.VINTAGES, default=admin.DEFAULT_VINTAGE)
    fabric.add_argument("--region-set")
    fabric.add_argument("--out", type=Path, help="file to write: .gpkg, .geojson, .shp or .parquet")
    add_format(fabric)
    fabric.set_defaults(run=_boundaries)


def _provinces(options: argparse.Namespace) -> None:
    """List provinces."""
    region_set = options.region_set or admin.default_region_set(options.vintage)
    table = admin.provinces(options.vintage)
    emit(table.assign(region_code=admin.province_regions(region_set)).reset_index(), options.format)


def _resolve(options: argparse.Namespace) -> None:
    """Resolve each name; the first that cannot be resolved ends the command."""
    found = []
    for text in options.name:
        match = names.resolve(text, options.vintage)
        found.append({"asked": text, **dataclasses.asdict(match)})
    emit(found, options.format)


def _convert(options: argparse.Namespace) -> None:
    """Convert a table of the 63 provinces; one whose vintage is not sure is refused, never guessed."""
    table = pd.read_csv(options.file, dtype={options.code: str, options.name: str})
    if options.code not in table:
        came = ", ".join(table.columns)
        raise DataError(
            vi=f"Cần có cột mã hoặc tên tỉnh “{options.code}”, nhưng tệp chỉ có: {came}. Hãy nêu đúng cột bằng --code.",
            en=f'A column "{options.code}" of province codes or names was expected, but the file has: {came}. '
            "Name the column with --code.",
        )
    codes = admin.provinces("pre2025").index
    coded = table[options.code].isin(codes).all()
    listed = table[options.name] if options.name in table else table[options.code]
    _refuse_other_vintage(listed, table[options.code] if coded else None, sure=options.vintage == "pre2025")
    if not coded:
        table[options.code] = [names.resolve(str(v), "pre2025").province_code for v in table[options.code]]
    by = [part for part in options.by.split(",") if part]
    known = {options.code, options.name, *by}
    sums = [part for part in (options.sums or "").split(",") if part]
    sums = sums or [name for name in table.select_dtypes("number").columns if name not in known]
    if "year" in sums and not options.sums:
        sums.remove("year")
        by.append("year")
    emit(admin.to_2025(table, code=options.code, sum_columns=sums, by=by), options.format)


def _refuse_other_vintage(listed: pd.Series, codes: pd.Series | None, *, sure: bool) -> None:
    """Refuse a table of the 34 provinces, and one that could be of either vintage unless the user is sure."""
    only_codes = listed.isin(admin.provinces("pre2025").index).all()
    found = names.infer_vintage([""] * len(listed) if only_codes else listed, codes)
    if found == "2025":
        raise DataError(
            vi="Bảng này đã theo 34 tỉnh, thành phố (năm 2025), nên không cần đổi; chỉ đổi được bảng của 63 tỉnh cũ.",
            en="This table is already of the 34 provinces of 2025 and needs no conversion; only tables of the "
            "63 old provinces can be converted.",
        )
    if found is None and not sure:
        raise DataError(
            vi="Không biết chắc bảng này theo 63 hay 34 tỉnh vì mã và tên có ở cả hai bộ. "
            "Nếu là 63 tỉnh cũ, hãy thêm --vintage pre2025.",
            en="It is not sure whether this table is of the 63 or the 34 provinces, because its codes and names "
            "are in both sets. If it is of the 63 old ones, add --vintage pre2025.",
        )


def _boundaries(options: argparse.Namespace) -> None:
    """Write a level to a file, or check, install or remove official boundaries."""
    if options.action in ("check", "use"):
        if options.file is None:
            raise PlaceError(
                vi="Cần nêu tệp ranh giới sau lệnh check hoặc use, ví dụ: boundaries use ranh-gioi.gpkg.",
                en="A boundary file is expected after check or use, e.g. boundaries use official.gpkg.",
            )
        action = boundaries.check if options.action == "check" else boundaries.use
        emit(action(options.file), options.format)
    elif options.action == "reset":
        boundaries.reset()
    elif options.action == "report" or options.out is None:
        emit(boundaries.report(), options.format)
    else:
        _write(options)


def _write(options: argparse.Namespace) -> None:
    """Write one level of boundaries."""
    extra = {}
    if options.level == "region":
        extra["region_set"] = options.region_set or admin.default_region_set(options.vintage)
    frame = boundaries.load(options.level, options.vintage, **extra)
    suffix = options.out.suffix.lower()
    if suffix == ".parquet":
        frame.to_parquet(options.out, index=False)
    elif suffix in _WRITERS:
        frame.to_file(options.out, driver=_WRITERS[suffix])
    else:
        raise DataError(
            vi=f"Chỉ ghi được tệp .gpkg, .geojson, .shp hoặc .parquet, nhưng nhận được “{suffix}”.",
            en=f'The file must end in .gpkg, .geojson, .shp or .parquet, but "{suffix}" came.',
        )
    print(f"{options.out}: {len(frame)}", file=sys.stderr)
