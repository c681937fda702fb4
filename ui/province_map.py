"""Maps of profiles: one province with its natural partners, or the ties among several."""

from __future__ import annotations

from collections.abc import Sequence

import folium
import pandas as pd

from geo import palette
from geo.linkage.profile import Profile
from geo.places import admin, distances
from ui import legend, maps
from ui.text import Text

#: Ties are many and of like strength: thinner than flows, so that provinces stay visible.
_WIDEST = 8.0
#: Provinces further apart than this from south to north make a map of the whole country.
_COUNTRY_DEGREES = 7.0


def partners(profile: Profile, shown: int, t: Text) -> list[folium.FeatureGroup]:
    """Return the layers of one province: it outlined, its partners tinted and tied to it by curved lines.

    A click on a province answers ``province_code``, one on a line the strongest opportunity as ``flow_key``.
    """
    who = profile.identity
    rows = profile.partners.head(shown)
    totals = profile.partners.set_index("partner_code")["score_total"].astype("float64")
    classes = palette.class_breaks(totals)
    tips = pd.Series(
        {
            str(r["partner_code"]): t(
                "provinces.tie_tooltip", n=t.number(r["opportunities"]), score=t.number(r["score_total"], 1)
            )
            for r in profile.partners.to_dict("records")
        },
        dtype="object",
    )
    layers = [
        maps.choropleth(
            totals,
            vintage=who.vintage,
            classes=classes,
            tooltips=tips,
            selected=[profile.code],
            only=list(totals.index),
        )
    ]
    blocks = []
    if len(rows):
        lines = _lines([(profile.code, r) for r in rows.to_dict("records")], who.vintage, t)
        layers.append(maps.flows_layer(lines, directed=False, most_px=_WIDEST))
        blocks.append(
            legend.classes_legend(
                t("provinces.legend_partners"),
                classes,
                classes.colours(palette.SEQUENTIAL),
                lang=t.lang,
                fmt=lambda value: t.number(value, 1),
                no_figure=False,
            )
        )
        blocks.append(_kinds(lines, t))
        layers.append(maps.legend_control(legend.join(*blocks)))
    near = [profile.code, *rows["partner_code"]]
    layers.append(_view(who.vintage, near, token=f"{who.vintage}-{profile.code}"))
    return layers


def among(profiles: Sequence[Profile], t: Text) -> list[folium.FeatureGroup]:
    """Return the layers of several provinces: all outlined, with the ties among them."""
    codes = [p.code for p in profiles]
    vintage = profiles[0].identity.vintage
    pairs = [
        (p.code, r)
        for place, p in enumerate(profiles)
        for r in p.partners.to_dict("records")
        if r["partner_code"] in codes[place + 1 :]
    ]
    layers = [maps.choropleth(None, vintage=vintage, selected=codes)]
    if pairs:
        lines = _lines(pairs, vintage, t)
        layers.append(maps.flows_layer(lines, directed=False, most_px=_WIDEST))
        layers.append(maps.legend_control(_kinds(lines, t)))
    layers.append(_view(vintage, codes, token="-".join([vintage, *codes])))
    return layers


def _view(vintage: str, codes: Sequence[str], token: str) -> folium.FeatureGroup:
    """Fly to some provinces; to the whole country, with its islands, where they span it or one stands alone."""
    latitudes = distances.province_points(vintage).loc[list(codes), "lat"]
    if len(codes) == 1 or latitudes.max() - latitudes.min() > _COUNTRY_DEGREES:
        return maps.focus(None, token)
    return maps.focus_on(vintage, codes, token)


def _lines(pairs: Sequence[tuple[str, dict]], vintage: str, t: Text) -> pd.DataFrame:
    """Ends, strength and label of each tie; its colour is the kind of its strongest opportunity."""
    points = distances.province_points(vintage)
    names = admin.provinces(vintage)
    rows = []
    for code, row in pairs:
        partner = row["partner_code"]
        subjects = row["subjects_en" if t.lang == "en" else "subjects_vi"]
        rows.append(
            {
                "origin_lat": points.at[code, "lat"],
                "origin_lon": points.at[code, "lon"],
                "dest_lat": points.at[partner, "lat"],
                "dest_lon": points.at[partner, "lon"],
                "value": row["score_total"],
                "kind": row["kinds"][0],
                "key": row["best_id"],
                "label_lines": [
                    f"{t.name(names.loc[code])} – {t.name(names.loc[partner])}",
                    t(
                        "provinces.tie_tooltip",
                        n=t.number(row["opportunities"]),
                        score=t.number(row["score_total"], 1),
                    ),
                    "; ".join(subjects[:3]),
                ],
            }
        )
    return pd.DataFrame(rows)


def _kinds(lines: pd.DataFrame, t: Text) -> str:
    """Legend of the colours of the lines."""
    kinds = {kind: t(f"kind.{kind}") for kind in palette.KINDS if kind in set(lines["kind"])}
    return legend.kinds_legend(t("provinces.legend_lines"), kinds)
