"""Commands that make data or measure: build, demo, bench."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from geo import paths
from geo.cli.output import add_format, emit
from geo.errors import ParameterError, StoreError


def add_commands(commands: Any) -> None:
    """Register the commands."""
    build = commands.add_parser(
        "build", help="make the shipped files anew from packages and carried-over tables"
    )
    build.add_argument("what", nargs="?", default="all", choices=("all", *_BUILDERS))
    build.set_defaults(run=_build)

    demo = commands.add_parser("demo", help="make a synthetic demonstration set")
    demo.add_argument("--establishments", type=int, default=20_000, metavar="N")
    demo.add_argument("--seed", type=int, default=2025)
    demo.add_argument("--out", type=Path, required=True, metavar="DIR")
    demo.set_defaults(run=_demo)

    bench = commands.add_parser("bench", help="measure speed, memory and payload")
    bench.add_argument("--sizes", default="10000,100000,1000000", help="numbers of establishments, by commas")
    bench.add_argument(
        "--peers", action="store_true", help="compare the map with other ways of drawing it, in Chromium"
    )
    add_format(bench)
    bench.set_defaults(run=_bench)


def _build_provinces() -> None:
    from geo.build import provinces

    provinces.build()


def _build_tables() -> None:
    from geo.build import tables

    tables.build()


def _build_communes() -> None:
    from geo.build import communes

    communes.build()


def _build_boundaries() -> None:
    from geo.build import fabric

    fabric.build()


def _build_real() -> None:
    from geo.build import establishments_real

    establishments_real.build()


def _build_demo() -> None:
    from geo.build import demo

    demo.build()


def _build_datapackage() -> None:
    from geo.build import datapackage

    datapackage.build()


#: In the order in which one needs the other.
_BUILDERS = {
    "provinces": _build_provinces,
    "tables": _build_tables,
    "communes": _build_communes,
    "boundaries": _build_boundaries,
    "real": _build_real,
    "demo": _build_demo,
    "datapackage": _build_datapackage,
}


def _build(options: argparse.Namespace) -> None:
    """Run one builder, or all in order."""
    for name, builder in _BUILDERS.items():
        if options.what in ("all", name):
            print(name, file=sys.stderr)
            builder()


def _demo(options: argparse.Namespace) -> None:
    """Write a demonstration set to a folder."""
    from geo.build import demo

    demo.write(options.establishments, options.seed, options.out)


def _bench(options: argparse.Namespace) -> None:
    """Measure, and print one row a step and size."""
    from geo import bench

    try:
        sizes = [int(part) for part in options.sizes.split(",")]
    except ValueError:
        raise ParameterError(
            vi=f"--sizes cần các số nguyên cách nhau bằng dấu phẩy, nhưng nhận được “{options.sizes}”.",
            en=f'--sizes needs whole numbers separated by commas, but "{options.sizes}" came.',
        ) from None
    emit(_peers(max(sizes)) if options.peers else bench.bench(sizes), options.format)


def _peers(establishments: int) -> list[dict[str, Any]]:
    """Measure the map beside other ways of drawing it, in a process of its own that may import the screens."""
    command = [sys.executable, "-m", "ui.bench_peers", str(establishments)]
    done = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1:] or [""]
        raise StoreError(
            vi=f"Phép so sánh cần Chromium và các gói trong requirements-dev.txt; lần chạy này dừng vì: {reason[0]}",
            en=f"The comparison needs Chromium and the packages of requirements-dev.txt; it stopped with: {reason[0]}",
        )
    return json.loads(done.stdout.strip().splitlines()[-1])
