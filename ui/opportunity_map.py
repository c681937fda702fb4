"""Opportunities as map layers: flows for what is carried, outlines for neighbours that form one cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import folium
import pandas as pd

from geo import palette
from geo.linkage.model import Opportunity
from geo.places import distances
from geo.store.filters import Filters
from ui import cards, legend, maps
from ui.text import Text

#: Width of an arrow that carries no tonnes.
_ARROW_PX = 7.0


def layers(
    opportunities: Sequence[Opportunity], vintage: str, t: Text, *, selected: str | None = None
) -> list[folium.FeatureGroup]:
    """Return the layers of some opportunities, the selected one brought out.

    Flows end in an arrow and are as wide as the square root of their tonnes; chains and exchanges of
    experience are arrows of one width, because establishments are no tonnes; clusters are outlined.
    A click on any of them answers the id of the opportunity as ``flow_key``.
    """
    points = distances.province_points(vintage)
    flows = [o for o in opportunities if o.kind == "material"]
    clusters = [o for o in opportunities if o.kind == "cluster"]
    arrows = [o for o in opportunities if o.kind not in ("material", "cluster")]
    drawn: list[folium.FeatureGroup] = []
    if clusters:
        groups = [
            {"codes": o.province_codes, "key": o.id, "label": _label(o, t), "colour": palette.KINDS[o.kind]}
            for o in clusters
        ]
        drawn.append(maps.outline_layer(groups, vintage=vintage))
    if arrows:
        lines = _lines(arrows, points, t).assign(value=1.0)
        drawn.append(maps.flows_layer(lines, selected=selected, most_px=_ARROW_PX, name="arrows"))
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
    if item.subject_kind in ("sector", "sector_pair"):
        return replace(narrowed, sectors=tuple(item.subject_code.split("-")), materials=())
    return replace(narrowed, materials=(item.subject_code,))
