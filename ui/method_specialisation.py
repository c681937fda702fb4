"""Cards of specialisation and concentration, and of change between years, each with live numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.measures import change, concentration, stars
from geo.measures.agglomeration import litzenberger_index
from geo.measures.agglomeration_tables import land_and_people
from geo.measures.region_sector import quotients
from geo.measures.specialisation import gini_concentration, gini_specialisation, herfindahl
from ui import cached, views
from ui.context import Context
from ui.method_cards import Card
from ui.method_data import LEVEL, counts, filters, pair, percent, signed

#: Below and above these the authors of γ call a sector not very, and highly, concentrated.
GAMMA_WEAK, GAMMA_STRONG = 0.02, 0.05


def _lq(context: Context) -> str | None:
    """Location quotient of the example pair."""
    t, row = context.t, pair(context)
    if row is None:
        return None
    matrix = counts(context)
    province, sector = row["province_code"], row["sector_code"]
    sure = bool(row["surely_specialised"])
    verdict = t("method.lq.sure", floor=stars.FLOOR) if sure else t("method.lq.unsure", floor=stars.FLOOR)
    return t(
        "method.lq.example",
        province=views.province_name(context, province),
        sector=views.sector_name(context, sector),
        rs=t.number(matrix.loc[province, sector]),
        r=t.number(matrix.loc[province].sum()),
        s=t.number(matrix[sector].sum()),
        x=t.number(matrix.to_numpy().sum()),
        lq=t.number(row["lq"], 2),
        low=t.number(row["lq_low"], 2),
        high=t.number(row["lq_high"], 2),
        verdict=verdict,
    )


def _stars(context: Context) -> str | None:
    """Stars of the example pair, and how many pairs have all three."""
    t, row = context.t, pair(context)
    if row is None:
        return None
    dataset = context.dataset
    table = cached.stars(dataset.name, dataset.version, filters(context), LEVEL)
    own = table.set_index(["province_code", "sector_code"]).loc[(row["province_code"], row["sector_code"])]
    answer = {True: t("method.stars.yes"), False: t("method.stars.no")}
    return t(
        "method.stars.example",
        province=views.province_name(context, row["province_code"]),
        sector=views.sector_name(context, row["sector_code"]),
        size=percent(context, own["size_share"]),
        size_star=answer[bool(own["size_star"])],
        lq=t.number(own["lq"], 2),
        low=t.number(own["lq_low"], 2),
        specialisation_star=answer[bool(own["specialisation_star"])],
        focus=percent(context, own["focus_share"]),
        focus_star=answer[bool(own["focus_star"])],
        stars=t.number(own["stars"]),
        three=t.number((table["stars"] == 3).sum()),
        pairs=t.number(len(table)),
    )


def _krugman(context: Context) -> str | None:
    """Krugman's index of the example province, with its largest term."""
    t, row = context.t, pair(context)
    if row is None:
        return None
    matrix = counts(context)
    own = matrix.loc[row["province_code"]]
    rest = matrix.sum() - own
    if rest.sum() == 0:
        return None
    shares = own / own.sum(), rest / rest.sum()
    gap = (shares[0] - shares[1]).abs()
    widest = str(gap.idxmax())
    return t(
        "method.krugman.example",
        province=views.province_name(context, row["province_code"]),
        sector=views.sector_name(context, widest),
        own=percent(context, shares[0][widest]),
        others=percent(context, shares[1][widest]),
        gap=t.number(gap[widest], 3),
        rest=t.number(gap.sum() - gap[widest], 3),
        n=t.number(len(gap) - 1),
        krugman=t.number(concentration.krugman_index(matrix, row["province_code"]), 3),
    )


def _gini(context: Context) -> str | None:
    """Gini of the example province over sectors, and of the example sector over provinces."""
    t, row = context.t, pair(context)
    if row is None:
        return None
    matrix = counts(context)
    table = pd.DataFrame(quotients(matrix.to_numpy("float64")), matrix.index, matrix.columns)
    own, sector = table.loc[row["province_code"]].dropna(), table[row["sector_code"]].dropna()
    return t(
        "method.gini.example",
        province=views.province_name(context, row["province_code"]),
        sector=views.sector_name(context, row["sector_code"]),
        sectors=t.number(len(own)),
        mean=t.number(own.mean(), 2),
        lowest=t.number(own.min(), 2),
        highest=t.number(own.max(), 2),
        gini=t.number(gini_specialisation(matrix, row["province_code"]), 3),
        provinces=t.number(len(sector)),
        sector_mean=t.number(sector.mean(), 2),
        sector_gini=t.number(gini_concentration(matrix, row["sector_code"]), 3),
    )


def _herfindahl(context: Context) -> str | None:
    """Herfindahl of the example province over sectors."""
    t, row = context.t, pair(context)
    if row is None:
        return None
    own = counts(context).loc[row["province_code"]]
    own = (own[own > 0] / own.sum()).sort_values(ascending=False)
    index = herfindahl(own)
    terms = " + ".join(f"{t.number(share, 3)}²" for share in own.head(3))
    return t(
        "method.herfindahl.example",
        province=views.province_name(context, row["province_code"]),
        terms=terms + (" + …" if len(own) > 3 else ""),
        n=t.number(len(own)),
        index=t.number(index, 3),
        alike=t.number(1 / index, 1),
    )


def _litzenberger(context: Context) -> str | None:
    """Cluster index of the example pair; on establishments where no employees are known."""
    t, row = context.t, pair(context)
    if row is None:
        return None
    province, sector = row["province_code"], row["sector_code"]
    land = land_and_people(context.view.filters.vintage)
    if province not in land.dropna().index:
        return None
    number, workers = counts(context), counts(context, "employees")
    known = workers[sector].sum() > 0
    workers = workers if known else number
    figures = {
        "sector_employees": float(workers.loc[province, sector]),
        "sector_employees_total": float(workers[sector].sum()),
        "establishments": float(number.loc[province, sector]),
        "establishments_total": float(number[sector].sum()),
        "area_km2": float(land.loc[province, "area_km2"]),
        "area_km2_total": float(land["area_km2"].sum()),
        "population": float(land.loc[province, "population"]),
        "population_total": float(land["population"].sum()),
    }
    index = litzenberger_index(**figures)
    assert isinstance(index, float)
    basis = t("method.litzenberger.employees") if known else t("method.litzenberger.establishments")
    return t(
        "method.litzenberger.example",
        province=views.province_name(context, province),
        sector=views.sector_name(context, sector),
        basis=basis,
        index=t.number(index, 2),
        **{name: t.number(value) for name, value in figures.items()},
    )


def _ellison_glaeser(context: Context) -> str | None:
    """γ of the example sector; says so where the data set knows no employees."""
    t, row = context.t, pair(context)
    if row is None:
        return None
    dataset = context.dataset
    table = cached.gammas(dataset.name, dataset.version, filters(context), LEVEL).set_index("sector_code")
    own = table.loc[row["sector_code"]]
    name = views.sector_name(context, row["sector_code"])
    if own["employees_known"] == 0 or np.isnan(own["gamma"]):
        return t("method.ellison_glaeser.none", sector=name, unknown=t.number(own["employees_unknown"]))
    return t(
        "method.ellison_glaeser.example",
        sector=name,
        raw=t.number(own["raw"], 4),
        plants=t.number(own["plants"], 4),
        known=t.number(own["employees_known"]),
        unknown=t.number(own["employees_unknown"]),
        gamma=t.number(own["gamma"], 4),
        reading=_reading(context, own["gamma"]),
    )


def _reading(context: Context, gamma: float) -> str:
    """What a γ means, by the thresholds of its authors."""
    t = context.t
    if gamma < 0:
        return t("method.ellison_glaeser.apart")
    if gamma < GAMMA_WEAK:
        return t("method.ellison_glaeser.weak")
    return t("method.ellison_glaeser.middle") if gamma <= GAMMA_STRONG else t("method.ellison_glaeser.strong")


def _shift_share(context: Context) -> str | None:
    """Change of crop tonnages of a chosen province, else of the one that did best by itself."""
    t, view = context.t, context.view
    years = change.production_years()["year"]
    first, last = int(years.min()), int(years.max())
    tables = change.production(first, last, vintage=view.filters.vintage)
    table = change.shift_share_table(tables.before, tables.after).set_index("province_code")
    inside = table[table.index.isin(views.scope(context).codes)]
    if inside.empty:
        return None
    code = str(inside["regional"].idxmax())
    parts = {name: t.number(float(inside[name][code])) for name in ("before", "after")}
    parts |= {name: signed(context, float(inside[name][code])) for name in change.PARTS}
    return t(
        "method.shift_share.example",
        province=views.province_name(context, code),
        crops=t.number(tables.before.shape[1]),
        first=str(first),
        last=str(last),
        left_out=t.number(tables.left_out["provinces"].sum()),
        **parts,
    )


SPECIALISATION = (
    Card("lq", r"LQ_{rs} = \frac{x_{rs}/x_{r}}{x_{s}/x}", _lq),
    Card(
        "stars",
        r"\frac{x_{rs}}{x_s} \ge Q_{90\,\%} \qquad LQ_{rs} \ge 2 \qquad \frac{x_{rs}}{x_r} \ge Q_{90\,\%}",
        _stars,
    ),
    Card(
        "krugman", r"K_r = \sum_s \left| \frac{x_{rs}}{x_r} - \frac{x_s - x_{rs}}{x - x_r} \right|", _krugman
    ),
    Card("gini", r"G = \frac{2}{n^2 \bar R} \sum_{k=1}^{n} k\,(R_k - \bar R),\quad R_k = LQ_{(k)}", _gini),
    Card("herfindahl", r"H_r = \sum_s \left( \frac{x_{rs}}{x_r} \right)^2", _herfindahl),
    Card(
        "litzenberger",
        r"CI_{rs} = \frac{(e_{rs}/e_s)\,(b_{rs}/b_s)}{(a_r/a)\,(p_r/p)}",
        _litzenberger,
    ),
    Card(
        "ellison_glaeser",
        r"\gamma_s = \frac{G_s - (1 - \sum_r x_r^2)\,H_s}{(1 - \sum_r x_r^2)(1 - H_s)},\quad "
        r"G_s = \sum_r (s_r - x_r)^2,\quad H_s = \sum_k z_k^2",
        _ellison_glaeser,
    ),
)
CHANGE = (
    Card(
        "shift_share",
        r"\Delta_r = \sum_s x_{rs}\Big(\frac{N'}{N} - 1\Big) + \sum_s x_{rs}\Big(\frac{n'_s}{n_s} - "
        r"\frac{N'}{N}\Big) + \sum_s \Big(x'_{rs} - x_{rs}\frac{n'_s}{n_s}\Big)",
        _shift_share,
    ),
)
