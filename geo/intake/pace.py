"""How far long work has come, told in rows by whichever part of it is running."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from geo.intake.model import Progress

Item = TypeVar("Item")
#: Parts of a loop that are told; more would cost without being seen.
_TOLD = 40


class Pace:
    """The share of the whole that one part of the work stands for.

    Parameters
    ----------
    tell : callable, optional
        ``progress(done, total)``; it may raise to stop the work. Without one nothing is told.
    rows : int
        Rows of the whole.
    start, end : float
        Where the part begins and ends, as shares (0–1) of the whole.
    """

    def __init__(self, tell: Progress | None = None, rows: int = 0, start: float = 0.0, end: float = 1.0):
        self._tell, self._rows, self._start, self._end = tell, rows, start, end

    def at(self, share: float) -> None:
        """Tell that a share (0–1) of this part is done."""
        if self._tell is not None:
            self._tell(int(self._rows * (self._start + (self._end - self._start) * share)), self._rows)

    def part(self, start: float, end: float) -> Pace:
        """Return the pace of a part of this part, given by shares (0–1) of it."""
        width = self._end - self._start
        return Pace(self._tell, self._rows, self._start + width * start, self._start + width * end)

    def over(self, items: Sequence[Item] | Iterable[Item], count: int) -> Iterator[Item]:
        """Go through ``count`` items and tell now and then how far that is."""
        every = max(1, count // _TOLD)
        for done, item in enumerate(items):
            if done % every == 0:
                self.at(done / max(count, 1))
            yield item


#: For work that nobody listens to.
SILENT = Pace()
