"""Linkages of raw material under a draw of establishments: need, shortage, surplus and flow move with it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from geo.linkage.material import LEAST_NEED_SHARE, LEAST_STATEMENTS, LEAST_TONNES, trust
from geo.linkage.model import Finding
from geo.linkage.resample import Base, Redrawn, Resampler, Sample


def resampler(findings: Sequence[Finding], base: Base) -> Resampler:
    """Return how the values of material findings follow a draw.

    Notes
    -----
    The plan is not solved anew: each planned flow keeps its share of the destination's shortage, and an origin
    that then sends more than its surplus sends less to all alike. Supply is held. With the draw that is the
    data itself the values are those of the findings.
    """
    plan = _Plan(findings, base)
    return plan.under


class _Plan:
    """The links of the plan as arrays, and which of them are findings."""

    def __init__(self, findings: Sequence[Finding], base: Base) -> None:
        self.base = base
        links, shape = base.links, (len(base.materials), len(base.provinces))
        self.flow = links["flow_tonnes"].to_numpy(dtype="float64")
        self.tonnes_stated = links["stated_tonnes"].to_numpy(dtype="float64")
        self.statements = links["stated_establishments"].to_numpy(dtype="float64")
        self.supply, self.stated = np.full(shape, np.nan), np.zeros(shape)
        _fill(self.supply, base, base.data.balance, "supply_tonnes")
        _fill(self.stated, base, base.data.demand, "stated_tonnes")
        self.known = ~np.isnan(self.supply)
        self.shortage = self._short(base.data.balance)
        place: dict[tuple[str, ...], int] = {
            key: i
            for i, key in enumerate(
                zip(links["material_code"], links["origin_code"], links["destination_code"], strict=True)
            )
        }
        self.rows = np.array([place[(f.subject_code, *f.codes)] for f in findings], dtype="int64")
        m = [f.measures for f in findings]
        self.trust = np.array(
            [trust(x["destination_known"], x["coverage_share"]) for x in m], dtype="float64"
        )

    def _short(self, balance: pd.DataFrame) -> np.ndarray:
        """Return the shortage as it is, material × province."""
        out = np.zeros(self.supply.shape)
        _fill(out, self.base, balance, "shortage_tonnes")
        return out

    def under(self, sample: Sample) -> Redrawn:
        """Return the values of the findings under a draw."""
        demand = sample.estimated + self.stated * _over(sample.stating, self.base.stating)
        surplus = np.where(self.known, np.maximum(self.supply - demand, 0.0), 0.0)
        shortage = np.where(self.known, np.maximum(demand - self.supply, 0.0), demand)
        planned = self._planned(shortage, surplus)[self.rows]
        statements = sample.link_statements[self.rows]
        stated = self.tonnes_stated[self.rows] * _over(statements, self.statements[self.rows])
        tonnes = np.maximum(planned, stated)
        ends, starts = self.base.link_ends[self.rows], self.base.link_starts[self.rows]
        needed = demand.ravel()[ends]
        users = (sample.estimated_establishments + sample.stating).ravel()[ends]
        enough = (tonnes >= LEAST_TONNES) & (tonnes >= LEAST_NEED_SHARE * needed)
        return Redrawn(
            magnitude=tonnes,
            need=_over(np.maximum(stated, planned * self.trust), needed),
            strength=_over(surplus.ravel()[starts], self.supply.ravel()[starts]),
            gaining=np.where(planned > 0, users, statements),
            found=enough & ((planned > 0) | (statements >= LEAST_STATEMENTS)),
        )

    def _planned(self, shortage: np.ndarray, surplus: np.ndarray) -> np.ndarray:
        """Return the planned flows: in proportion to the shortage, held to the surplus of their origin."""
        ends, starts = self.base.link_ends, self.base.link_starts
        wanted = self.flow * _over(shortage.ravel()[ends], self.shortage.ravel()[ends])
        sent = np.bincount(starts, weights=wanted, minlength=surplus.size)
        share = np.minimum(1.0, _over(surplus.ravel(), sent, otherwise=1.0))
        return wanted * share[starts]


def _fill(out: np.ndarray, base: Base, table: pd.DataFrame, column: str) -> None:
    """Write a column of a table by material and province into an array."""
    at = base.needs_at(table["material_code"], table["province_code"])
    out.ravel()[at] = table[column].to_numpy(dtype="float64", na_value=np.nan)


def _over(part: np.ndarray, whole: np.ndarray, otherwise: float = 0.0) -> np.ndarray:
    """Return part / whole where there is a whole."""
    out = np.full(np.shape(part), otherwise)
    return np.divide(part, whole, out=out, where=np.nan_to_num(whole) > 0)
