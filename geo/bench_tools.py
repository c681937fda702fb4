"""Time and memory of a step of work, measured the same way everywhere."""

from __future__ import annotations

import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any


def apart(function: Callable[..., Any], *arguments: Any) -> Any:
    """Run a function in a fresh process, so that the memory of one step does not hide that of another."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
        return pool.submit(function, *arguments).result()


def timed(
    size: int, step: str, work: Callable[[int], Any], repeats: int = 1, *, payload: int | None = None
) -> dict[str, Any]:
    """Run a step several times; return the median of the seconds and the peak of memory.

    Parameters
    ----------
    size : int
        Number of establishments, for the row.
    step : str
        Name of the step.
    work : callable
        Takes the number of the repetition, from 0.
    repeats : int, default 1
    payload : int, optional
        Bytes of the answer, where there is one.
    """
    _reset_peak()
    seconds = []
    for turn in range(repeats):
        start = time.perf_counter()
        work(turn)
        seconds.append(time.perf_counter() - start)
    return {
        "establishments": size,
        "step": step,
        "seconds": round(statistics.median(seconds), 4),
        "peak_memory_mb": _peak_mb(),
        "payload_bytes": payload,
    }


def _reset_peak() -> None:
    """Start the system's high-water mark of memory anew, where it can (Linux)."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def _peak_mb() -> int | None:
    """Return the high-water mark of this process's memory in MB."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.split("VmHWM:")[1].split()[0]) // 1024
    except (OSError, IndexError, ValueError):
        pass
    if sys.platform == "win32":
        return None
    import resource  # not on Windows

    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used // (1024 * 1024) if sys.platform == "darwin" else used // 1024
