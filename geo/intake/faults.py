"""The list of faults of an import: row, column, value, what was expected, a proposed repair."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from geo.intake.model import ColumnMapping

COLUMNS = ["row", "column", "field", "value", "code", "severity", "vi", "en", "proposal"]
Say = str | Callable[[str], str]


class Faults:
    """Faults as they are found; ``error`` returns the row, ``warning`` only tells."""

    def __init__(self, mapping: ColumnMapping) -> None:
        self._titles = dict(mapping.columns)
        self._found: list[tuple[Any, ...]] = []

    def add(
        self,
        rows: pd.Index | np.ndarray | list,
        field: str,
        code: str,
        values: pd.Series | None,
        vi: Say,
        en: Say,
        *,
        proposal: Say = "",
        severity: str = "error",
    ) -> None:
        """Add one fault for each row; texts may be functions of the value.

        Parameters
        ----------
        rows : index
            Row numbers.
        field, code : str
            Field at fault and the kind of fault.
        values : Series, optional
            What stood there, indexed by row.
        vi, en : str or function
            What was expected.
        proposal : str or function
            What to write instead, where that can be said.
        """
        rows = pd.Index(rows)
        if not len(rows):
            return
        # Plain tuples: many faults come one row at a time, and a frame for each would cost more than the check.
        held = [""] * len(rows) if values is None else values.reindex(rows).tolist()
        shown = ["" if value is None or value != value else str(value)[:200] for value in held]
        column = self._titles.get(field, "")
        said = {
            value: tuple(say(value) if callable(say) else say for say in (vi, en, proposal))
            for value in set(shown)
        }
        self._found += [
            (row, column, field, value, code, severity, *said[value])
            for row, value in zip(rows, shown, strict=True)
        ]

    def warn(self, rows: pd.Index | np.ndarray | list, field: str, code: str, values: pd.Series | None, vi: Say, en: Say,
             *, proposal: Say = "") -> None:  # fmt: skip
        """Add a warning for each row: it is told, and the row goes in."""
        self.add(rows, field, code, values, vi, en, proposal=proposal, severity="warning")

    def frame(self) -> pd.DataFrame:
        """Return all faults, by row."""
        found = sorted(self._found, key=lambda fault: (fault[0], fault[2], fault[4]))
        return pd.DataFrame(found, columns=COLUMNS)

    def bad_rows(self) -> pd.Index:
        """Return the rows with at least one error, sorted."""
        return pd.Index(sorted({row for row, *_, severity, _, _, _ in self._found if severity == "error"}))
