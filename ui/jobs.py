"""Long computations beside the page: with progress, a stop button, and one run for all who ask the same."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import streamlit as st

from ui.text import Text

#: Seconds between two looks at a running job.
_LOOK_EVERY = 0.5
_LOG = logging.getLogger("product")

Progress = Callable[[int, int], None]


class Stopped(Exception):
    """Raised inside the work when somebody asked it to stop."""


class Job:
    """One computation in a thread of its own.

    Parameters
    ----------
    work : callable
        Takes ``progress(done, total)``, which it calls now and then, and returns the result. A stop shows
        as an exception out of ``progress``; work that has something to show by then may return it.
    stop_with : type of exception
        What ``progress`` raises when the job was stopped.
    """

    def __init__(self, work: Callable[[Progress], Any], stop_with: type[Exception] = Stopped) -> None:
        self._work = work
        self._stop_with = stop_with
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.done, self.total = 0, 0
        self._started = time.monotonic()
        self.result: Any = None
        self.failed = False
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether the work is still going on."""
        return self._thread.is_alive()

    @property
    def rate(self) -> float:
        """What was done a second, on average since the start."""
        return self.done / max(time.monotonic() - self._started, 0.1)

    @property
    def stopped(self) -> bool:
        """Whether somebody asked for a stop."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask the work to stop at its next report of progress."""
        self._stop.set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end at most some seconds; True when it has ended."""
        self._thread.join(seconds)
        return not self.running

    def _run(self) -> None:
        """Do the work; a failure is logged and leaves no result."""
        try:
            self.result = self._work(self._report)
        except self._stop_with:
            return
        except Exception:
            self.failed = True
            _LOG.exception("a long computation failed")

    def _report(self, done: int, total: int) -> None:
        """Take a report of progress, and hand on a wish to stop."""
        self.done, self.total = done, total
        if self._stop.is_set():
            raise self._stop_with


def watch(job: Job, t: Text, label: str, *, key: str, rate: bool = False) -> None:
    """Draw the progress of a running job with its stop button; the page is drawn anew when it ends.

    Work that counts rows can show how many it does a second (``rate``).
    """

    @st.fragment(run_every=_LOOK_EVERY)
    def look() -> None:
        if not job.running:
            st.rerun()
        share = min(job.done / job.total, 1.0) if job.total else 0.0
        text = f"{label} ({t.number(job.done)}/{t.number(job.total)})" if job.total else label
        if rate and job.rate >= 1:
            text += t("jobs.rate", n=t.number(job.rate))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress(share, text=text)
            st.button(t("jobs.stop"), key=key, on_click=job.stop, icon=":material/stop_circle:")

    look()
