"""Charts of our own making with Altair: drawn by Streamlit's own bundle, no request leaves the machine."""

from __future__ import annotations

import altair as alt
import pandas as pd

from ui.text import Text

_INK, _SURE, _UNSURE = "#33414c", "#0B5C8A", "#9AA7B0"
_LOCALE = {
    "vi": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " đ"]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", " VND"]},
}


def interval_chart(table: pd.DataFrame, t: Text) -> alt.TopLevelMixin:
    """Draw the location quotient of each province as a dot with its interval as a whisker.

    Parameters
    ----------
    table : DataFrame
        ``province_name``, ``lq``, ``lq_low``, ``lq_high``, ``establishments``, ``surely_specialised``.
    """
    order = list(table.sort_values("lq", ascending=False)["province_name"])
    y = alt.Y("province_name:N", sort=order, title=None, axis=alt.Axis(labelLimit=160))
    colour = alt.Color(
        "surely_specialised:N",
        scale=alt.Scale(domain=[True, False], range=[_SURE, _UNSURE]),
        legend=alt.Legend(
            title=None,
            orient="bottom",
            labelExpr=f"datum.value ? '{t('clusters.sure')}' : '{t('clusters.unsure')}'",
        ),
    )
    tooltip = [
        alt.Tooltip("province_name:N", title=t("column.province")),
        alt.Tooltip("lq:Q", format=".2f", title=t("column.lq")),
        alt.Tooltip("lq_low:Q", format=".2f", title=t("column.lq_low")),
        alt.Tooltip("lq_high:Q", format=".2f", title=t("column.lq_high")),
        alt.Tooltip("establishments:Q", format=",", title=t("column.establishments")),
    ]
    base = alt.Chart(table)
    whisker = base.mark_rule(strokeWidth=2).encode(
        y=y, x=alt.X("lq_low:Q", title=t("column.lq")), x2="lq_high:Q", color=colour, tooltip=tooltip
    )
    dot = base.mark_circle(size=70, opacity=1).encode(y=y, x="lq:Q", color=colour, tooltip=tooltip)
    one = alt.Chart(pd.DataFrame({"x": [1]})).mark_rule(strokeDash=[4, 3], color=_INK).encode(x="x:Q")
    return _finish(whisker + dot + one, t, height=max(140, 24 * len(table)))


def size_chart(table: pd.DataFrame, t: Text) -> alt.TopLevelMixin:
    """Draw size against location quotient, one dot a province."""
    chart = (
        alt.Chart(table)
        .mark_circle(size=90, opacity=0.85)
        .encode(
            x=alt.X("establishments:Q", title=t("column.establishments")),
            y=alt.Y("lq:Q", title=t("column.lq")),
            color=alt.condition("datum.surely_specialised", alt.value(_SURE), alt.value(_UNSURE)),
            tooltip=[
                alt.Tooltip("province_name:N", title=t("column.province")),
                alt.Tooltip("establishments:Q", format=",", title=t("column.establishments")),
                alt.Tooltip("lq:Q", format=".2f", title=t("column.lq")),
            ],
        )
    )
    names = (
        alt.Chart(table.nlargest(6, "establishments"))
        .mark_text(dy=-11, fontSize=13, color=_INK)
        .encode(x="establishments:Q", y="lq:Q", text="province_name:N")
    )
    return _finish(chart + names, t, height=260)


def matrix_chart(table: pd.DataFrame, t: Text, value: str, title: str) -> alt.TopLevelMixin:
    """Draw a matrix of origins and destinations as tinted cells with their numbers.

    Parameters
    ----------
    table : DataFrame
        ``row``, ``column`` (names) and the value column.
    """
    order = list(dict.fromkeys(table["row"]))
    base = alt.Chart(table).encode(
        x=alt.X("column:N", sort=order, title=None, axis=alt.Axis(labelAngle=-35, labelLimit=190, orient="top")),
        y=alt.Y("row:N", sort=order, title=None, axis=alt.Axis(labelLimit=230)),
    )
    cells = base.mark_rect(stroke="#ffffff").encode(
        color=alt.Color(f"{value}:Q", title=title, scale=alt.Scale(range=["#f1f6f6", "#32818b"]), legend=None),
        tooltip=[
            alt.Tooltip("row:N", title=t("matrix.row")),
            alt.Tooltip("column:N", title=t("matrix.column")),
            alt.Tooltip(f"{value}:Q", format=",.2f", title=title),
        ],
    )
    shown = alt.Chart(table[table[value] > 0]).encode(
        x=alt.X("column:N", sort=order), y=alt.Y("row:N", sort=order)
    )
    numbers = shown.mark_text(fontSize=13, color="#111").encode(text=alt.Text(f"{value}:Q", format=",.1~f"))
    return _finish(cells + numbers, t, height=max(260, 44 * len(order)))


def bar_chart(table: pd.DataFrame, t: Text, value: str, title: str, colour: str) -> alt.TopLevelMixin:
    """Draw a ranked list of provinces as bars."""
    order = list(table.sort_values(value, ascending=False)["province_name"])
    chart = (
        alt.Chart(table)
        .mark_bar(color=colour)
        .encode(
            y=alt.Y("province_name:N", sort=order, title=None, axis=alt.Axis(labelLimit=160)),
            x=alt.X(f"{value}:Q", title=title, axis=alt.Axis(tickCount=4)),
            tooltip=[
                alt.Tooltip("province_name:N", title=t("column.province")),
                alt.Tooltip(f"{value}:Q", format=",.0f", title=title),
            ],
        )
    )
    return _finish(chart, t, height=max(120, 25 * len(table)))


def _finish(chart: alt.LayerChart | alt.Chart, t: Text, *, height: int) -> alt.TopLevelMixin:
    """Give a chart its font, size and the number form of the language."""
    return chart.properties(
        height=height, usermeta={"embedOptions": {"formatLocale": _LOCALE[t.lang]}}
    ).configure(font="Be Vietnam Pro", axis=alt.AxisConfig(labelFontSize=13, titleFontSize=13))
