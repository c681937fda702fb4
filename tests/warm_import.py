"""A warmed process that runs the command line in children of its own, so that a test can kill them at any moment.

Each line of its input is a JSON list: ``["warm", home, arguments…]`` runs ``python -m geo`` with arguments in the
process itself and answers with the exit code; ``["run", home, arguments…]`` starts it in a child and answers with
the process id; ``["wait", pid]`` answers with how it ended (negative: killed by that signal). What a command prints
goes to ``out.txt`` and ``err.txt`` of its home.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Warm:
    """The process, as a test sees it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def up(self, home: Path, *arguments: str) -> int:
        """Run a command in the process itself, so that its children find the tables read."""
        return self._ask("warm", str(home), *arguments)

    def start(self, home: Path, *arguments: str) -> int:
        """Start a command and return its process id."""
        return self._ask("run", str(home), *arguments)

    def wait(self, pid: int) -> int:
        """Wait for the end of a command and return its exit code; negative when a signal ended it."""
        return self._ask("wait", pid)

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=30)

    def _ask(self, *question: object) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def _run(home: str, arguments: list[str]) -> int:
    """Run a command in this process."""
    from geo.cli.main import main

    os.environ["PRODUCT_HOME"] = home
    folder = Path(home)
    with contextlib.ExitStack() as stack:
        for name, redirect in (("out", contextlib.redirect_stdout), ("err", contextlib.redirect_stderr)):
            stack.enter_context(redirect(stack.enter_context((folder / f"{name}.txt").open("w"))))
        return main(["--lang", "en", *arguments])


def serve() -> None:
    """Answer every line of the input."""
    sys.path.insert(0, str(ROOT))
    for line in sys.stdin:
        asked, *rest = json.loads(line)
        if asked == "warm":
            answer = _run(rest[0], rest[1:])
        elif asked == "wait":
            answer = os.waitstatus_to_exitcode(os.waitpid(rest[0], 0)[1])
        else:
            answer = os.fork()
            if not answer:
                os._exit(_run(rest[0], rest[1:]))
        print(answer, flush=True)


if __name__ == "__main__":
    serve()
