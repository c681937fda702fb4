"""The list of faults of an import: row, column, value, what was expected, a proposed repair."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from geo.intake.model import ColumnMapping

COLUMNS = ["row", "column", "field", "value", "code", "severity", "vi", "en", "proposal"]
Say = str | Callable[[str], str]


class Faults:
    """Faults as they are found; ``error`` returns the row, ``warning`` only tells."""

    def __init__(self, mapping: ColumnMapping) -> None:
        self._titles = dict(mapping.columns)
        self._parts: list[pd.DataFrame] = []

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
        shown = pd.Series("", index=rows) if values is None else values.reindex(rows)
        shown = shown.map(lambda value: "" if value is None or value != value else str(value)[:200])
        part = pd.DataFrame({"row": rows, "value": shown.to_numpy()})
        for name, say in (("vi", vi), ("en", en), ("proposal", proposal)):
            part[name] = (
                part["value"].map({v: say(v) for v in part["value"].unique()}) if callable(say) else say
            )
        part["column"], part["field"] = self._titles.get(field, ""), field
        part["code"], part["severity"] = code, severity
        self._parts.append(part[COLUMNS])

    def warn(self, rows: pd.Index | np.ndarray | list, field: str, code: str, values: pd.Series | None, vi: Say, en: Say,
             *, proposal: Say = "") -> None:  # fmt: skip
        """Add a warning for each row: it is told, and the row goes in."""
        self.add(rows, field, code, values, vi, en, proposal=proposal, severity="warning")

    def frame(self) -> pd.DataFrame:
        """Return all faults, by row."""
        if not self._parts:
            return pd.DataFrame(columns=COLUMNS)
        return pd.concat(self._parts, ignore_index=True).sort_values(
            ["row", "field", "code"], kind="stable", ignore_index=True
        )

    def bad_rows(self) -> pd.Index:
        """Return the rows with at least one error, sorted."""
        frame = self.frame()
        return pd.Index(sorted(frame.loc[frame["severity"] == "error", "row"].unique()))
