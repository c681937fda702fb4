"""Cards of hot spots, relatedness and the value chain, each with live numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.measures import next_steps, relatedness, value_chain
from geo.measures.hotspot_null import ALPHA, RULE
from geo.places import admin
from geo.subjects import io_table, materials
from ui import cached, hotspot_views, views
from ui.context import Context
from ui.method_cards import Card
from ui.method_data import counts, filters, pair, percent


def _cells(context: Context) -> tuple[str, pd.DataFrame] | None:
    """The example sector and its hexagons, the densest first."""
    row = pair(context)
    if row is None:
        return None
    sector, dataset = str(row["sector_code"]), context.dataset
    table = cached.hot_cells(dataset.name, dataset.version, filters(context), sector)
    if table.empty:
        return None
    return sector, table.sort_values(["p", "ratio", "cell"], ascending=[True, False, True])


def _gi(context: Context) -> str | None:
    """Gi* of the hexagon where it is highest."""
    t, found = context.t, _cells(context)
    if found is None or found[1]["z"].isna().all():
        return None
    sector, table = found
    top = table.sort_values(["z", "cell"], ascending=[False, True]).iloc[0]
    return t(
        "method.gi.example",
        sector=views.sector_name(context, sector),
        count=t.number(top["count"]),
        near=t.number(top["near_count"]),
        expected=t.number(top["expected"], 1),
        ratio=t.number(top["ratio"], 1),
        z=t.number(top["z"], 2),
    )


def _labelling(context: Context) -> str | None:
    """The exact tail of the densest hexagon."""
    t, found = context.t, _cells(context)
    if found is None:
        return None
    sector, table = found
    top = table.iloc[0]
    return t(
        "method.labelling.example",
        sector=views.sector_name(context, sector),
        k=t.number(top["near_count"]),
        n=t.number(top["near_base"]),
        sector_all=t.number(table["count"].sum()),
        all=t.number(table["base"].sum()),
        p=_small(context, top["p"]),
        hot=t.number(table["hot"].sum()),
        cells=t.number(len(table)),
        floor=t.number(RULE.floor),
        least=t.number(RULE.least_ratio, 1),
    )


def _fdr(context: Context) -> str | None:
    """How many hexagons pass before and after the correction."""
    t, found = context.t, _cells(context)
    if found is None:
        return None
    sector, table = found
    return t(
        "method.fdr.example",
        sector=views.sector_name(context, sector),
        cells=t.number(len(table)),
        single=t.number((table["p"] <= ALPHA).sum()),
        corrected=t.number((table["p_fdr"] <= ALPHA).sum()),
        alpha=t.number(ALPHA, 2),
    )


def _moran(context: Context) -> str | None:
    """How the hexagons fall into the four quadrants."""
    t, found = context.t, _cells(context)
    if found is None:
        return None
    sector, table = found
    known = table.dropna(subset=["moran_z"])
    number = known["quadrant"].value_counts()
    if known.empty:
        return None
    return t(
        "method.moran.example",
        sector=views.sector_name(context, sector),
        z=t.number(known["moran_z"].max(), 2),
        **{name.lower(): t.number(int(number.get(name, 0))) for name in ("HH", "LL", "HL", "LH")},
    )


def _dense(context: Context) -> str | None:
    """Dense groups of the example sector."""
    t, row = context.t, pair(context)
    if row is None:
        return None
    sector = str(row["sector_code"])
    found, across = hotspot_views.dense_groups(context, sector)
    name = views.sector_name(context, sector)
    return t("method.hdbscan.example", sector=name, n=t.number(found), across=t.number(across))


def _crossing(context: Context) -> str | None:
    """Clusters of the example sector, and the largest over a border."""
    t, row = context.t, pair(context)
    if row is None:
        return None
    sector = str(row["sector_code"])
    every = tuple(admin.provinces(context.view.filters.vintage).index)
    found = hotspot_views.clusters(context, sector, every)
    across = [cluster for cluster in found if cluster.crosses_province]
    said = t(
        "method.crossing.example",
        sector=views.sector_name(context, sector),
        n=t.number(len(found)),
        across=t.number(len(across)),
    )
    return f"{said} {hotspot_views.crossing_sentence(context, across[0])}" if across else said


def _proximity(context: Context) -> str | None:
    """The sector nearest to the example sector."""
    t, row = context.t, pair(context)
    if row is None:
        return None
    matrix = counts(context)
    near = relatedness.neighbours(matrix, row["sector_code"]).dropna(subset=["proximity"])
    if near.empty:
        return None
    top, own = near.iloc[0], int((_specialised(matrix)[row["sector_code"]]).sum())
    return t(
        "method.proximity.example",
        sector=views.sector_name(context, row["sector_code"]),
        other=views.sector_name(context, top["sector_code"]),
        both=t.number(top["regions_both"]),
        own=t.number(own),
        others=t.number(top["regions"]),
        proximity=t.number(top["proximity"], 2),
    )


def _density(context: Context) -> str | None:
    """Density of the example sector in the example province."""
    t, row = context.t, pair(context)
    if row is None:
        return None
    matrix = counts(context)
    province, sector = row["province_code"], row["sector_code"]
    near = relatedness.proximity(matrix)[sector].drop(sector).fillna(0.0)
    has = _specialised(matrix).loc[province].drop(sector)
    found = relatedness.density(matrix).loc[province, sector]
    if np.isnan(found):
        return None
    return t(
        "method.density.example",
        province=views.province_name(context, province),
        sector=views.sector_name(context, sector),
        has=t.number(int((has & (near > 0)).sum())),
        related=t.number(int((near > 0).sum())),
        above=t.number(near[has].sum(), 2),
        below=t.number(near.sum(), 2),
        density=t.number(float(found), 2),
    )


def _coagglomeration(context: Context) -> str | None:
    """The sector most drawn to the example sector, and the one most apart from it."""
    t, row = context.t, pair(context)
    if row is None:
        return None
    values = (
        relatedness.coagglomeration(counts(context))[row["sector_code"]].drop(row["sector_code"]).dropna()
    )
    if values.empty:
        return None
    return t(
        "method.coagglomeration.example",
        sector=views.sector_name(context, row["sector_code"]),
        near=views.sector_name(context, str(values.idxmax())),
        most=t.number(values.max(), 4),
        far=views.sector_name(context, str(values.idxmin())),
        least=t.number(values.min(), 4),
    )


def _specialised(matrix: pd.DataFrame) -> pd.DataFrame:
    """Where the location quotient is 1 or more."""
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = matrix.div(matrix.sum(axis=1), axis=0) / (matrix.sum() / matrix.to_numpy().sum())
    return shares >= 1 - 1e-9


def _next_step(context: Context) -> str | None:
    """The first step of the example province, else of the first chosen province that has one."""
    t, row = context.t, pair(context)
    if row is None:
        return None
    own = [row["province_code"], *views.scope(context).codes]
    balance = views.material_tables(context).balance
    steps = next_steps.next_steps(counts(context, level="class"), balance, provinces=list(dict.fromkeys(own)))
    if steps.empty:
        return None
    of_pair = steps[steps["province_code"] == row["province_code"]]
    top = (of_pair if len(of_pair) else steps.sort_values("step_score", ascending=False)).iloc[0]
    return t(
        "method.next_step.example",
        province=views.province_name(context, top["province_code"]),
        sector=views.sector_name(context, top["sector_code"]),
        lq=t.number(top["lq"], 2),
        density=t.number(top["density_standing"], 2),
        material=t.name(materials.catalogue().loc[top["material_code"]]),
        surplus=t.number(top["surplus_tonnes"]),
        standing=t.number(top["surplus_standing"], 2),
        score=t.number(top["step_score"], 2),
    )


def _chain(context: Context) -> str | None:
    """The strongest link between two divisions, and whose structure it is."""
    t, table = context.t, io_table.load()
    found = value_chain.pairs(table.rows)
    own = pair(context)
    if own is not None:
        of_sector = found[(found[["upstream_code", "downstream_code"]] == own["sector_code"]).any(axis=1)]
        found = of_sector if len(of_sector) else found
    if found.empty:
        return None
    top = found.iloc[0]
    return t(
        "method.chain.example",
        upstream=views.sector_name(context, top["upstream_code"]),
        downstream=views.sector_name(context, top["downstream_code"]),
        coefficient=t.number(top["coefficient"], 3),
        cents=percent(context, top["coefficient"]),
        rank=t.number(top["rank"]),
        pairs=t.number(top["pairs"]),
        label=table.label(t.lang),
    )


def _leontief(context: Context) -> str | None:
    """The sector with the strongest pull backward, and the one most used forward."""
    t = context.t
    square = io_table.load().rows.pivot_table(
        index="upstream_code", columns="downstream_code", values="coefficient", aggfunc="sum", fill_value=0.0
    )
    codes = square.index.union(square.columns)
    linkages = value_chain.leontief_linkages(square.reindex(index=codes, columns=codes, fill_value=0.0))
    back, forward = str(linkages["backward"].idxmax()), str(linkages["forward"].idxmax())
    return t(
        "method.leontief.example",
        back=_group_name(context, back),
        backward=t.number(linkages["backward"].max(), 2),
        front=_group_name(context, forward),
        forward=t.number(linkages["forward"].max(), 2),
    )


def _group_name(context: Context, code: str) -> str:
    """Name a code of the input–output table by its divisions."""
    return ", ".join(views.sector_name(context, division) for division in io_table.divisions(code))


def _small(context: Context, p: float) -> str:
    """Write what a probability is, with its sign; of very small ones only that they are small."""
    return f"= {context.t.number(p, 4)}" if p >= 0.0001 else f"< {context.t.number(0.0001, 4)}"


HOT_SPOTS = (
    Card(
        "gi",
        r"G_i^* = \frac{\sum_j w_{ij} x_j - \bar x\, W_i}{s \sqrt{\big(n \sum_j w_{ij}^2 - W_i^2\big)/(n-1)}}",
        _gi,
    ),
    Card(
        "labelling",
        r"p_i = P(X \ge k_i) = \sum_{k \ge k_i} \binom{K}{k}\binom{N-K}{n_i-k} \Big/ \binom{N}{n_i}",
        _labelling,
    ),
    Card("fdr", r"p_{(k)} \le \frac{k}{m}\,\alpha", _fdr),
    Card("moran", r"I_i = \frac{x_i - \bar x}{s^2} \sum_j w_{ij}\,(x_j - \bar x)", _moran),
    Card("hdbscan", r"d(a,b) = \max\{\,c_k(a),\ c_k(b),\ \lVert a - b \rVert\,\}", _dense),
    Card("crossing", "", _crossing),
)
RELATEDNESS = (
    Card("proximity", r"\phi_{ij} = \min\{P(i \mid j),\ P(j \mid i)\}", _proximity),
    Card("density", r"d_{rj} = \sum_{i \ne j} M_{ri}\,\phi_{ij} \Big/ \sum_{i \ne j} \phi_{ij}", _density),
    Card(
        "coagglomeration",
        r"\gamma_{ij} = \frac{\sum_m (s_{mi} - x_m)(s_{mj} - x_m)}{1 - \sum_m x_m^2}",
        _coagglomeration,
    ),
    Card("next_step", r"S_{rj} = \sqrt{F(d_{rj}) \cdot F(u_{rm})}", _next_step),
)
VALUE_CHAIN = (
    Card("chain", r"a_{ij} = z_{ij} / x_j", _chain),
    Card("leontief", r"L = (I - A)^{-1},\quad b_j = \sum_i L_{ij},\quad f_i = \sum_j L_{ij}", _leontief),
)
