"""Figures of the mode "needs": what support is asked for under the filters, by province, by kind, by neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from geo.linkage import borders
from geo.measures import support
from geo.store import support_counts
from geo.subjects.establishments import SUPPORT_NEEDS
from ui import cached, views
from ui.context import Context
from ui.text import Text


@dataclass(frozen=True)
class Asked:
    """What is asked for under the filters: counts of provinces in view, sums of them, needs that neighbours share."""

    kind: str
    name: str
    rows: pd.DataFrame
    kinds: pd.DataFrame
    common: pd.DataFrame

    @property
    def known(self) -> bool:
        """Whether anybody states anything."""
        return bool(self.rows["stated"].any())


def gather(ctx: Context, kind: str, subject: str, scope: views.Scope) -> Asked:
    """Count under the filters; an empty subject takes all sectors together."""
    dataset, filters = ctx.dataset, ctx.view.filters
    every = cached.support_counts(dataset.name, dataset.version, filters.without("regions", "provinces"))
    both = support_counts.both_levels(every)
    chosen = both[both["sector_code"] == subject] if subject else every
    inside = chosen[chosen["province_code"].isin(scope.codes)]
    rows = _by_province(ctx, inside, kind)
    shared = support.common(both if not subject else chosen, borders.neighbours(filters.vintage))
    # A division says no more than its classes when all sectors are looked at.
    shared = shared[shared["sector_code"].str.len() == 4] if not subject else shared
    shared = shared[shared["first"].isin(scope.codes) | shared["second"].isin(scope.codes)]
    shared = shared if kind == support.ANY else shared[shared["support_code"] == kind]
    name = views.sector_name(ctx, subject) if subject else ctx.t("support.all_sectors")
    return Asked(kind, name, rows, _by_kind(inside, ctx.t), _named_pairs(ctx, shared))


def _by_province(ctx: Context, inside: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return the counts of each province with its name, where most ask for the chosen kind first."""
    rows = inside.groupby("province_code", as_index=False)[support_counts.VALUES].sum()
    rows.insert(1, "province_name", [views.province_name(ctx, code) for code in rows["province_code"]])
    rows["asking"] = rows["stated" if kind == support.ANY else kind]
    stated = rows["stated"].where(rows["stated"] > 0)
    # Nobody asked or answered is no figure, and not a zero.
    asked = ["asking", *SUPPORT_NEEDS]
    rows[asked] = rows[asked].where(stated.notna()).astype("Int64")
    rows["answered_share"] = 100 * rows["stated"] / rows["establishments"]
    rows["of_stated"] = (100 * rows["asking"] / stated).astype("float64")
    order = ["asking", "stated", "establishments", "province_code"]
    return rows.sort_values(order, ascending=[False, False, False, True], ignore_index=True)


def _by_kind(inside: pd.DataFrame, t: Text) -> pd.DataFrame:
    """Return the kinds of support, what most ask for first, with shares in per cent."""
    sums = support.by(inside, [])
    kinds = sums[sums["support_code"] != support.ANY].sort_values("asking", ascending=False, kind="stable")
    return kinds.assign(
        support=[t(f"support.{kind}") for kind in kinds["support_code"]],
        of_stated=100 * kinds["share_of_stated"],
        of_all=100 * kinds["share_of_all"],
    ).reset_index(drop=True)


def _named_pairs(ctx: Context, shared: pd.DataFrame) -> pd.DataFrame:
    """Add the names of places, sector and support to needs that neighbours share."""
    t = ctx.t
    sectors = {code: views.sector_name(ctx, code) for code in shared["sector_code"].unique()}
    return shared.assign(
        first_province=[views.province_name(ctx, code) for code in shared["first"]],
        second_province=[views.province_name(ctx, code) for code in shared["second"]],
        sector_name=shared["sector_code"].map(sectors),
        support=[t(f"support.{kind}") for kind in shared["support_code"]],
    ).reset_index(drop=True)
