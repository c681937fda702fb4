"""Opportunities as map layers: flows for what is carried, outlines for neighbours that form one cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import folium
import pandas as pd

from geo.linkage import matrix
from geo.linkage.model import Opportunity
from geo.places import admin, distances
from geo.store.filters import Filters
from ui import cards, legend, maps, palette
from ui.text import Text


def layers(
    opportunities: Sequence[Opportunity], vintage: str, t: Text, *, selected: str | None = None
) -> list[folium.FeatureGroup]:
    """Return the layers of some opportunities, the selected one brought out.

    Flows end in an arrow and are as wide as the square root of their tonnes; clusters are outlined.
    A click on either answers the id of the opportunity as ``flow_key``.
    """
    points = distances.province_points(vintage)
    flows = [o for o in opportunities if o.kind == "material"]
    clusters = [o for o in opportunities if o.kind != "material"]
    drawn: list[folium.FeatureGroup] = []
    if clusters:
        groups = [
            {"codes": o.province_codes, "key": o.id, "label": _label(o, t), "colour": palette.KINDS[o.kind]}
            for o in clusters
        ]
        drawn.append(maps.outline_layer(groups, vintage=vintage))
    if flows:
        drawn.append(maps.flows_layer(_lines(flows, points, t), selected=selected))
    return drawn


def widths(opportunities: Sequence[Opportunity], t: Text) -> str:
    """Return the legend of flow widths and kinds of some opportunities."""
    flows = [o.magnitude for o in opportunities if o.kind == "material"]
    kinds = {o.kind: t(f"kind.{o.kind}") for o in opportunities}
    blocks = [legend.kinds_legend(t("legend.kinds"), kinds)] if kinds else []
    if flows:
        blocks.append(
            legend.widths_legend(t("legend.flow"), max(flows), lang=t.lang, unit=t("unit.tonnes_per_year"))
        )
    return legend.join(*blocks)


def _lines(opportunities: Sequence[Opportunity], points: pd.DataFrame, t: Text) -> pd.DataFrame:
    """Ends, amount and label of each flow."""
    rows = []
    for item in opportunities:
        origin, destination = (points.loc[code] for code in item.province_codes[:2])
        rows.append(
            {
                "origin_lat": origin["lat"],
                "origin_lon": origin["lon"],
                "dest_lat": destination["lat"],
                "dest_lon": destination["lon"],
                "value": item.magnitude,
                "kind": item.kind,
                "key": item.id,
                "label_lines": _label(item, t),
            }
        )
    return pd.DataFrame(rows)


def _label(item: Opportunity, t: Text) -> list[str]:
    """Lines of the tooltip."""
    return [
        cards.who(item, t),
        f"{cards.subject(item, t)}: {cards.magnitude(item, t)}",
        f"{t('linkages.score')} {t.number(item.score, 2)} · {t('linkages.confidence', letter=item.confidence)}",
    ]


def establishments(item: Opportunity, filters: Filters) -> Filters:
    """Narrow the filters to the establishments that an opportunity is about."""
    narrowed = replace(filters, regions=(), provinces=tuple(item.province_codes))
    if item.subject_kind == "sector":
        return replace(narrowed, sectors=(item.subject_code,), materials=())
    return replace(narrowed, materials=(item.subject_code,))


def evidence_table(item: Opportunity) -> pd.DataFrame:
    """Lay the evidence out flat: one row a value, with its table, key, source and status."""
    rows = [
        {
            "table": row["table"],
            "key": ", ".join(f"{k}={v}" for k, v in row["key"].items())
            if isinstance(row["key"], dict)
            else str(row["key"]),
            "field": name,
            "value": value,
            "source": row.get("source", ""),
            "status": row.get("status", ""),
        }
        for row in item.evidence
        for name, value in row["values"].items()
    ]
    return pd.DataFrame(rows, columns=["table", "key", "field", "value", "source", "status"])


def region_flows(opportunities: Sequence[Opportunity], region_set: str, value: str, t: Text) -> pd.DataFrame:
    """Ties between regions as flows between their middles; ties inside a region are not drawn."""
    square = matrix.region_matrix(opportunities, region_set, value)
    names = admin.regions(region_set)
    middles = _region_middles(region_set)
    rows = []
    for a in square.index:
        for b in square.columns:
            amount = float(square.loc[a, b])  # type: ignore[arg-type]
            # Counts and scores stand in both cells of a pair; each pair is drawn once.
            if a == b or amount <= 0 or (value != "tonnes" and a > b):
                continue
            rows.append(
                {
                    "origin_lat": middles.at[a, "lat"],
                    "origin_lon": middles.at[a, "lon"],
                    "dest_lat": middles.at[b, "lat"],
                    "dest_lon": middles.at[b, "lon"],
                    "value": amount,
                    "kind": "material" if value == "tonnes" else "cluster",
                    "key": f"{a}-{b}",
                    "label_lines": [
                        f"{t.name(names.loc[a])} {'→' if value == 'tonnes' else '–'} {t.name(names.loc[b])}",
                        f"{t('matrix.' + value)}: {t.short(amount)}",
                    ],
                }
            )
    return pd.DataFrame(rows)


def strongest_ties(opportunities: Sequence[Opportunity], region_set: str, t: Text) -> pd.DataFrame:
    """For each pair of regions: how many opportunities, and the strongest of them."""
    names = admin.regions(region_set)
    pairs: dict[tuple[str, str], list[Opportunity]] = {}
    region_of = admin.province_regions(region_set)
    for item in opportunities:
        touched = sorted({region_of[code] for code in item.province_codes})
        if len(touched) == 2:
            pairs.setdefault((touched[0], touched[1]), []).append(item)
    rows = []
    for (a, b), items in pairs.items():
        best = max(items, key=lambda o: (o.score, o.id))
        rows.append(
            {
                "region_a": t.name(names.loc[a]),
                "region_b": t.name(names.loc[b]),
                "opportunities": len(items),
                "who": cards.who(best, t),
                "subject": cards.subject(best, t),
                "score": best.score,
            }
        )
    columns = ["region_a", "region_b", "opportunities", "who", "subject", "score"]
    return pd.DataFrame(rows, columns=columns).sort_values(["score", "who"], ascending=[False, True])


def _region_middles(region_set: str) -> pd.DataFrame:
    """Mean of the province points of each region."""
    vintage = admin.region_set_vintage(region_set)
    points = distances.province_points(vintage)[["lat", "lon"]]
    return points.groupby(admin.province_regions(region_set).reindex(points.index)).mean()
