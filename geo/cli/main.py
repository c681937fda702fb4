"""Parser of the command line and the one place where its errors are shown."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module

from geo.errors import GeoError

_FAILED = 2
#: Module of ``geo.cli`` → its commands, in the order of the help. Only the module of the command asked for is
#: imported: the libraries of all the others would take seconds.
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "places": ("provinces", "resolve", "convert", "boundaries"),
    "clusters": ("clusters",),
    "hotspots": ("hotspots",),
    "flows": ("balance", "flows"),
    "opportunities": ("opportunities",),
    "groups": ("groups", "regions-matrix"),
    "relatedness": ("relatedness", "chains"),
    "province": ("province",),
    "quality": ("quality",),
    "needs": ("needs",),
    "intake": ("import",),
    "versions": ("versions",),
    "data": ("build", "demo", "bench"),
}


def parser(modules: Iterable[str] = COMMANDS) -> argparse.ArgumentParser:
    """Build the parser with the commands of some modules, by default of all."""
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
    for name in modules:
        import_module(f"geo.cli.{name}").add_commands(commands)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; errors go to standard error in one sentence, with exit code 2."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    options = parser(_asked(given)).parse_args(given)
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


def _asked(arguments: Sequence[str]) -> Iterable[str]:
    """Return the module of the command asked for; all of them when none is, for the help and its errors."""
    rest = arguments[2:] if arguments[:1] == ["--lang"] else arguments
    return [name for name, commands in COMMANDS.items() if rest and rest[0] in commands] or COMMANDS


def _missing(error: FileNotFoundError, lang: str) -> str:
    """Say which file is missing."""
    name = error.filename or error
    if lang == "en":
        return f"A file was expected at {name}, but there is none; check the path."
    return f"Cần có tệp tại {name}, nhưng không tìm thấy; hãy kiểm tra lại đường dẫn."
