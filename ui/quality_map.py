"""The map of the quality view: provinces tinted by a measure of the data, chosen above it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo import palette
from geo.measures.quality import CORE
from ui import controls, legend, maps
from ui.context import Context
from ui.quality_data import COLUMNS, Figures, percent

MAP_HEIGHT = 600
#: Measures that are not a single column: the mean of the core, and the coverage.
COMPLETENESS, COVERAGE = "completeness", "coverage"
#: Percentages no farther apart than this are written with a decimal.
_NEAR_PCT = 10.0
MEASURES = (COMPLETENESS, COVERAGE, "place", "point", *(c for c in COLUMNS if c not in ("place", "point")))


def draw(context: Context, figures: Figures) -> None:
    """Draw the choice of the measure and the map."""
    t = context.t
    measure = controls.select(
        t("quality.measure"),
        MEASURES,
        parameter="subject",
        default=COMPLETENESS,
        names=lambda name: _name(context, name),
    )
    values = _values(figures, measure)
    classes = palette.class_breaks(values)
    # Shares that lie close together would all read the same in whole numbers.
    near = values.max() - values.min() < _NEAR_PCT
    digits = 2 if measure == COVERAGE else 1 if near else 0
    view = context.view
    groups = [
        maps.choropleth(
            values,
            vintage=view.filters.vintage,
            classes=classes,
            tooltips=_tooltips(context, figures, measure, values),
            only=figures.codes,
        ),
        maps.legend_control(
            legend.classes_legend(
                _name(context, measure),
                classes,
                classes.colours(palette.SEQUENTIAL),
                lang=t.lang,
                unit=t("quality.unit_coverage") if measure == COVERAGE else "%",
                fmt=lambda value: t.number(value, digits),
            )
        ),
    ]
    base = maps.base_map(view.filters.vintage, view.region_set, t.lang)
    maps.show(base, groups, key="quality_map", height=MAP_HEIGHT)
    st.caption(_meaning(context, measure))


def _name(context: Context, measure: str) -> str:
    """Name a measure."""
    t = context.t
    if measure in (COMPLETENESS, COVERAGE):
        return t(f"quality.tint_{measure}")
    return t(f"quality.column_{measure}")


def _lower(name: str) -> str:
    """Write a name as it stands inside a sentence."""
    return name[:1].lower() + name[1:]


def _meaning(context: Context, measure: str) -> str:
    """Say what the measure is and where it must not be read."""
    t = context.t
    if measure == COVERAGE:
        return t("quality.coverage_note")
    if measure == COMPLETENESS:
        return t(
            "quality.completeness_note",
            columns=", ".join(_lower(t(f"quality.column_{name}")) for name in CORE),
        )
    return t("quality.column_note", use=t(f"quality.use_{measure}"))


def _values(figures: Figures, measure: str) -> pd.Series:
    """Return the measure of each province: percentages, or the coverage against the country's."""
    if measure == COVERAGE:
        return figures.coverage["relative"].astype(float)
    return figures.provinces[measure].astype(float) * 100


def _tooltips(context: Context, figures: Figures, measure: str, values: pd.Series) -> pd.Series:
    """Say the number of establishments, the measure and the three core columns of each province."""
    t = context.t
    lines = {}
    ratio = figures.coverage["per_ten_thousand"].to_dict()
    for row in figures.provinces.reset_index().to_dict("records"):
        code = str(row["province_code"])
        said = [t("quality.tip_establishments", n=t.number(row["establishments"]))]
        if measure == COVERAGE:
            said.append(t("quality.tip_coverage", n=t.number(ratio[code], 2), x=t.number(values[code], 2)))
        elif row["establishments"]:
            shown = dict.fromkeys([measure, *CORE])
            said += [f"{_name(context, name)}: {percent(context, float(row[name]))}" for name in shown]
        lines[code] = said
    return pd.Series(lines, dtype=object)
