"""Parser of the command line and the one place where its errors are shown."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from geo.cli import (
    clusters,
    data,
    flows,
    groups,
    hotspots,
    intake,
    opportunities,
    places,
    province,
    relatedness,
)
from geo.errors import GeoError

_FAILED = 2
#: Modules whose commands stand in the help, in this order.
MODULES = (
    places,
    clusters,
    hotspots,
    flows,
    opportunities,
    groups,
    relatedness,
    province,
    intake,
    data,
)


def parser() -> argparse.ArgumentParser:
    """Build the parser with every command."""
    root = argparse.ArgumentParser(
        prog="python -m geo",
        description="Where rural industry clusters, where its raw materials come from, and which "
        "provinces and regions should join hands.",
    )
    root.add_argument(
        "--lang",
        choices=("vi", "en"),
        default=os.environ.get("PRODUCT_LANG", "vi"),
        help="language of names and errors (default: vi)",
    )
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in MODULES:
        module.add_commands(commands)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; errors go to standard error in one sentence, with exit code 2."""
    options = parser().parse_args(arguments)
    try:
        options.run(options)
    except GeoError as error:
        print(error.text(options.lang), file=sys.stderr)
        return _FAILED
    except FileNotFoundError as error:
        print(_missing(error, options.lang), file=sys.stderr)
        return _FAILED
    except BrokenPipeError:
        return 0
    return 0


def _missing(error: FileNotFoundError, lang: str) -> str:
    """Say which file is missing."""
    name = error.filename or error
    if lang == "en":
        return f"A file was expected at {name}, but there is none; check the path."
    return f"Cần có tệp tại {name}, nhưng không tìm thấy; hãy kiểm tra lại đường dẫn."
