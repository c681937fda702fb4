"""Frames and sentences that several pages share: filtered tables and what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from geo.linkage import engine as linkage
from geo.linkage.material_tables import MaterialTables
from geo.linkage.model import Opportunity
from geo.places import admin, boundaries, distances
from geo.subjects import gateways, io_table, sectors
from ui import cached
from ui.context import Context
from ui.jobs import Job

#: Seconds that a page waits for the test of stability before it draws without.
_SHORT_WAIT = 0.3


@dataclass(frozen=True)
class Scope:
    """The provinces that the filters keep; the analysis itself always runs on the whole country."""

    codes: tuple[str, ...]
    whole: bool


def scope(context: Context) -> Scope:
    """Return the provinces of the chosen regions and provinces."""
    filters = context.view.filters
    kept = filters.province_codes()
    every = tuple(admin.provinces(filters.vintage).index)
    return Scope(every if kept is None else kept, kept is None)


def ranking(context: Context) -> linkage.Ranking:
    """Ranked opportunities under the filters, with their stability as soon as that is known."""
    view, dataset = context.view, context.dataset
    job = stability_job(context)
    # Small data are done at once: better a short wait than letters that change a moment later.
    done = job.wait(_SHORT_WAIT) and job.result is not None
    return cached.ranking(
        dataset.name,
        _version(context),
        view.filters,
        view.overrides,
        view.flow_options,
        view.weights,
        job.done if done else 0,
    )


def stability_job(context: Context) -> Job:
    """The test of the ranking's stability for the figures in force; places and weights do not matter to it."""
    return cached.stability_job(*_figures(context))


def forget_stability(context: Context) -> None:
    """Let the test of stability start anew."""
    cached.stability_job.clear(*_figures(context))


def _figures(context: Context) -> tuple:
    """What decides which opportunities there are, apart from the places looked at."""
    view, dataset = context.view, context.dataset
    country = linkage.country(view.filters)
    return dataset.name, _version(context), country, view.overrides, view.flow_options


def _version(context: Context) -> str:
    """Version of all that a ranking reads and a user may replace: rows, borders, input–output table."""
    return "-".join((context.dataset.version, boundaries.data_version(), io_table.version()))


def material_tables(context: Context) -> MaterialTables:
    """Supply, demand, balance and flows over the whole country; sector, year and size filters narrow demand."""
    view, dataset = context.view, context.dataset
    filters = view.filters.without("regions", "provinces", "materials")
    return cached.material_tables(dataset.name, dataset.version, filters, view.overrides, view.flow_options)


def lq(context: Context, level: str) -> pd.DataFrame:
    """Location quotients over all sectors and provinces; year and size filters narrow establishments."""
    dataset = context.dataset
    filters = context.view.filters.without("regions", "provinces", "materials", "sectors")
    return cached.lq_table(dataset.name, dataset.version, filters, level)


def province_name(context: Context, code: str) -> str:
    """Official name of a province in the language."""
    table = admin.provinces(context.view.filters.vintage)
    return context.t.name(table.loc[code]) if code in table.index else code


def strongest(opportunities: Sequence[Opportunity], count: int) -> list[tuple[int, Opportunity]]:
    """Choose the strongest opportunities with their ranks, the best of each subject before a second of any.

    A leader sees what stands out in different trades, not five neighbours of the same flow.
    """
    ranked = list(enumerate(opportunities, 1))
    seen: set[str] = set()
    first: list[tuple[int, Opportunity]] = []
    further: list[tuple[int, Opportunity]] = []
    for rank, item in ranked:
        (further if item.subject_code in seen else first).append((rank, item))
        seen.add(item.subject_code)
    return sorted([*first, *further][:count], key=lambda pair: pair[0])


def by_province(opportunities: tuple[Opportunity, ...] | list[Opportunity]) -> pd.DataFrame:
    """Number and strength of the opportunities that touch each province.

    Returns
    -------
    DataFrame
        Indexed by ``province_code``: ``opportunities`` (count), ``score_total`` (sum of scores).
    """
    rows = [(code, o.score) for o in opportunities for code in o.province_codes]
    frame = pd.DataFrame(rows, columns=["province_code", "score"])
    grouped = frame.groupby("province_code")["score"]
    return pd.DataFrame({"opportunities": grouped.size(), "score_total": grouped.sum()}).sort_index()


def kept_sentence(context: Context) -> str:
    """Say how many establishments the filters kept, and what they left out."""
    dataset, t = context.dataset, context.t
    summary = cached.summary(dataset.name, dataset.version, context.view.filters)
    if summary["total"] == summary["kept"]:
        text = t("kept.all", total=t.number(summary["total"]))
    else:
        dropped = "; ".join(
            f"{t('kept.' + name)} {t.number(count)}" for name, count in summary["dropped_by"].items() if count
        )
        text = t(
            "kept.some", kept=t.number(summary["kept"]), total=t.number(summary["total"]), dropped=dropped
        )
    if summary["without_place"]:
        text += " " + t("kept.without_place", n=t.number(summary["without_place"]))
    if summary["without_coordinates"]:
        text += " " + t("kept.without_coordinates", n=t.number(summary["without_coordinates"]))
    return text


def flow_names(context: Context, flows: pd.DataFrame) -> pd.DataFrame:
    """Add the names of both ends of each flow; a gateway is named as such."""
    doors = gateways.gateways()[f"name_{context.t.lang}"]
    origins = [
        doors[code] if kind == "gateway" else province_name(context, code)
        for code, kind in zip(flows["origin_code"], flows["origin_kind"], strict=True)
    ]
    destinations = [province_name(context, code) for code in flows["destination_code"]]
    return flows.assign(origin_name=origins, destination_name=destinations)


def flow_ends(context: Context, flows: pd.DataFrame) -> pd.DataFrame:
    """Add places, colours and tooltips of flows, as the map draws them."""
    t = context.t
    named = flow_names(context, flows)
    points = distances.province_points(context.view.filters.vintage)[["lat", "lon"]]
    origins = pd.concat([points, gateways.gateways()[["lat", "lon"]]])
    labels = pd.Series(
        [
            [
                f"{row['origin_name']} → {row['destination_name']}",
                f"{t.short(row['flow_tonnes'])} {t('unit.tonnes_per_year')}",
                f"{t.number(row['distance_km'])} km",
            ]
            for row in named.to_dict("records")
        ],
        index=named.index,
        dtype=object,
    )
    return named.assign(
        origin_lat=named["origin_code"].map(origins["lat"]),
        origin_lon=named["origin_code"].map(origins["lon"]),
        dest_lat=named["destination_code"].map(points["lat"]),
        dest_lon=named["destination_code"].map(points["lon"]),
        value=named["flow_tonnes"],
        kind=named["origin_kind"].map({"province": "material", "gateway": "import"}),
        label_lines=labels,
    )


def sector_name(context: Context, code: str) -> str:
    """Name a sector without its code; the real list also holds some divisions outside the programme's list."""
    table = sectors.sectors()
    if code in table.index:
        return context.t.name(table.loc[code])
    return context.t("sector.unlisted", code=code)


def without_sector(context: Context) -> int:
    """Count the establishments whose sector is not known: location quotients leave them out."""
    dataset = context.dataset
    filters = context.view.filters.without("regions", "provinces", "materials", "sectors")
    counts = cached.counts(dataset.name, dataset.version, filters)
    return int(counts.loc[counts["sector_code"].isna(), "establishments"].sum())


def candidates(context: Context) -> linkage.Candidates:
    """Opportunities under the filters with the figures behind them, not yet ranked."""
    return linkage.narrow(cached.candidates(*_figures(context)), context.view.filters)


def collect_job(context: Context) -> Job:
    """What to collect first for the opportunities under the filters."""
    name, version, _, overrides, options = _figures(context)
    view, stability = context.view, stability_job(context)
    return cached.collect_job(
        name, version, view.filters, overrides, options, view.weights, id(stability), stability
    )


def forget_collecting(context: Context) -> None:
    """Let the search for what to collect first start anew."""
    name, version, _, overrides, options = _figures(context)
    view, stability = context.view, stability_job(context)
    cached.collect_job.clear(
        name, version, view.filters, overrides, options, view.weights, id(stability), stability
    )
