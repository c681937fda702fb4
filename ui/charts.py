"""Charts of our own making with Altair: drawn by Streamlit's own bundle, no request leaves the machine."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from ui.text import Text

_INK, _SURE, _UNSURE = "#33414c", "#0B5C8A", "#9AA7B0"
#: Vega writes English numbers; this turns them into the Vietnamese form.
_SWAP = "replace(replace(replace({0}, regexp('[.]','g'), '_'), regexp(',','g'), '.'), regexp('_','g'), ',')"


def _number_axis(t: Text, **options: Any) -> alt.Axis:
    """An axis whose numbers take the form of the language."""
    plain = "format(datum.value, ',.10~f')"
    return alt.Axis(labelExpr=_SWAP.format(plain) if t.lang == "vi" else plain, **options)


def _name_axis(**options: Any) -> alt.Axis:
    """An axis that shows every name."""
    return alt.Axis(labelOverlap=False, labelLimit=240, **options)


def _with_texts(table: pd.DataFrame, t: Text, digits: dict[str, int]) -> pd.DataFrame:
    """Add each number as text in the form of the language, for tooltips and labels."""
    texts = {
        f"{name}_text": [t.number(value, places) for value in table[name]] for name, places in digits.items()
    }
    return table.assign(**texts)


def _tip(name: str, title: str) -> alt.Tooltip:
    """A line of a tooltip: the number as written by ``_with_texts``."""
    return alt.Tooltip(f"{name}_text:N", title=title)


def interval_chart(table: pd.DataFrame, t: Text) -> alt.TopLevelMixin:
    """Draw the location quotient of each province as a dot with its interval as a whisker.

    Parameters
    ----------
    table : DataFrame
        ``province_name``, ``lq``, ``lq_low``, ``lq_high``, ``establishments``, ``surely_specialised``.
    """
    table = _with_texts(table, t, {"lq": 2, "lq_low": 2, "lq_high": 2, "establishments": 0})
    order = list(table.sort_values("lq", ascending=False)["province_name"])
    y = alt.Y("province_name:N", sort=order, title=None, axis=_name_axis())
    colour = alt.Color(
        "surely_specialised:N",
        scale=alt.Scale(domain=[True, False], range=[_SURE, _UNSURE]),
        legend=None,  # the chart is too narrow for the words: ``interval_key`` stands under it
    )
    tooltip = [
        alt.Tooltip("province_name:N", title=t("column.province")),
        _tip("lq", t("column.lq")),
        _tip("lq_low", t("column.lq_low")),
        _tip("lq_high", t("column.lq_high")),
        _tip("establishments", t("column.establishments")),
    ]
    base = alt.Chart(table)
    whisker = base.mark_rule(strokeWidth=2).encode(
        y=y,
        x=alt.X("lq_low:Q", title=t("column.lq"), axis=_number_axis(t, tickCount=5)),
        x2="lq_high:Q",
        color=colour,
        tooltip=tooltip,
    )
    dot = base.mark_circle(size=70, opacity=1).encode(y=y, x="lq:Q", color=colour, tooltip=tooltip)
    one = alt.Chart(pd.DataFrame({"x": [1]})).mark_rule(strokeDash=[4, 3], color=_INK).encode(x="x:Q")
    return _finish(whisker + dot + one, t, height=120 + 27 * len(table))


def size_chart(table: pd.DataFrame, t: Text) -> alt.TopLevelMixin:
    """Draw size against location quotient, one dot a province."""
    table = _with_texts(table, t, {"lq": 2, "establishments": 0})
    chart = (
        alt.Chart(table)
        .mark_circle(size=90, opacity=0.85)
        .encode(
            x=alt.X("establishments:Q", title=t("column.establishments"), axis=_number_axis(t)),
            y=alt.Y("lq:Q", title=t("column.lq"), axis=_number_axis(t)),
            color=alt.condition("datum.surely_specialised", alt.value(_SURE), alt.value(_UNSURE)),
            tooltip=[
                alt.Tooltip("province_name:N", title=t("column.province")),
                _tip("establishments", t("column.establishments")),
                _tip("lq", t("column.lq")),
            ],
        )
    )
    names = (
        alt.Chart(table.nlargest(6, "establishments"))
        .mark_text(dy=-11, fontSize=13, color=_INK)
        .encode(x="establishments:Q", y="lq:Q", text="province_name:N")
    )
    return _finish(chart + names, t, height=260)


def bar_chart(table: pd.DataFrame, t: Text, value: str, title: str, colour: str) -> alt.TopLevelMixin:
    """Draw a ranked list of provinces as bars."""
    table = _with_texts(table, t, {value: 0})
    order = list(table.sort_values(value, ascending=False)["province_name"])
    chart = (
        alt.Chart(table)
        .mark_bar(color=colour)
        .encode(
            y=alt.Y("province_name:N", sort=order, title=None, axis=_name_axis()),
            x=alt.X(f"{value}:Q", title=title, axis=_number_axis(t, tickCount=3)),
            tooltip=[
                alt.Tooltip("province_name:N", title=t("column.province")),
                _tip(value, title),
            ],
        )
    )
    return _finish(chart, t, height=70 + 27 * len(table))


def support_chart(table: pd.DataFrame, t: Text) -> alt.TopLevelMixin:
    """Draw how many establishments ask for each kind of support, with the share among those with an answer.

    Parameters
    ----------
    table : DataFrame
        ``support`` (name), ``asking`` (count), ``of_stated`` (0–100).
    """
    table = _with_texts(table, t, {"asking": 0, "of_stated": 0})
    table = table.assign(label=table["asking_text"] + " (" + table["of_stated_text"] + " %)")
    most = float(table["asking"].max())
    bars = alt.Chart(table).encode(
        y=alt.Y("support:N", sort=list(table["support"]), title=None, axis=_name_axis()),
        # Room for the label behind the longest bar.
        x=alt.X("asking:Q", title=None, axis=None, scale=alt.Scale(domain=[0, 2.0 * max(most, 1.0)])),
        tooltip=[
            alt.Tooltip("support:N", title=t("column.support")),
            _tip("asking", t("column.asking")),
            _tip("of_stated", t("column.of_stated")),
        ],
    )
    chart = bars.mark_bar(color=_SURE) + bars.mark_text(align="left", dx=5, fontSize=13, color=_INK).encode(
        text="label:N"
    )
    return _finish(chart, t, height=20 + 27 * len(table))


def _finish(chart: alt.LayerChart | alt.Chart, t: Text, *, height: int) -> alt.TopLevelMixin:
    """Give a chart its font, size and the number form of the language."""
    return chart.properties(height=height).configure(
        font="Be Vietnam Pro", axis=alt.AxisConfig(labelFontSize=13, titleFontSize=13)
    )


def interval_key(t: Text) -> str:
    """Return the key of ``interval_chart`` as HTML."""
    marks = ((_SURE, t("clusters.sure")), (_UNSURE, t("clusters.unsure")))
    return "".join(
        f'<div><span style="color:{colour}" aria-hidden="true">⬤</span> {label}</div>'
        for colour, label in marks
    )


def year_chart(table: pd.DataFrame, t: Text) -> alt.TopLevelMixin:
    """Draw the number of records of each year.

    Parameters
    ----------
    table : DataFrame
        ``year`` (whole numbers), ``establishments``.
    """
    years = range(int(table["year"].min()), int(table["year"].max()) + 1)
    every = (
        table.set_index("year")["establishments"]
        .reindex(years, fill_value=0)
        .rename_axis("year")
        .reset_index()
    )
    named = _with_texts(every, t, {"establishments": 0})
    named = named.assign(year=[str(year) for year in named["year"]])
    chart = (
        alt.Chart(named)
        .mark_bar(color=_SURE)
        .encode(
            x=alt.X("year:O", title=t("column.year"), axis=alt.Axis(labelAngle=0)),
            y=alt.Y("establishments:Q", title=t("column.establishments"), axis=_number_axis(t, tickCount=4)),
            tooltip=[
                alt.Tooltip("year:O", title=t("column.year")),
                _tip("establishments", t("column.establishments")),
            ],
        )
    )
    return _finish(chart, t, height=220)
