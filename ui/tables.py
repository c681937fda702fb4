"""Table twins of the maps, with their downloads."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from geo.intake import personal
from geo.spreadsheet import harmless
from ui import filters, frame
from ui.context import Context

#: Columns of rows about establishments that may tell of a person, and how they leave the house.
_PERSONAL: dict[str, Callable[[pd.Series], pd.Series]] = {
    **dict.fromkeys(("name", "first_name", "second_name"), personal.mask),
    **dict.fromkeys(("product", "first_product", "second_product", "source"), personal.blank),
}


def show(
    context: Context,
    table: pd.DataFrame,
    *,
    name: str,
    columns: dict[str, str],
    digits: dict[str, int] | None = None,
    height: int | None = None,
    select: bool = False,
    key: str | None = None,
    establishments: bool = False,
) -> int | None:
    """Draw a table with translated headings and its download; returns the position of the selected row.

    Parameters
    ----------
    table : DataFrame
        Rows as they are downloaded: codes, raw numbers.
    name : str
        Name of the file, without ending.
    columns : dict of str to str
        Column → heading; only these are drawn, in this order.
    digits : dict of str to int, optional
        Decimal places of numeric columns; the numbers are written in the form of the language.
    establishments : bool, default False
        Rows are about single establishments: of a data set of the user's own, names of persons are shortened and
        phone numbers blanked in the download, and the page says so.
    """
    t = context.t
    drawn = table[list(columns)].rename(columns=columns)
    for heading in drawn.select_dtypes("object").columns:
        # A column of texts and numbers is shown as text: the browser's table holds one type a column.
        if not drawn[heading].map(lambda value: isinstance(value, str)).all():
            drawn[heading] = drawn[heading].map(partial(_mixed, number=t.number))
    formats = {
        heading: partial(_written, number=t.number, digits=(digits or {}).get(column))
        for column, heading in columns.items()
    }
    event = st.dataframe(
        drawn.style.format(formats),  # type: ignore[arg-type]
        hide_index=True,
        width="stretch",
        height=height or "auto",
        placeholder="—",
        key=key or f"table_{name}",
        on_select="rerun" if select else "ignore",
        selection_mode="single-row",
    )
    hidden = establishments and context.dataset.kind == "user"
    going_out = table[list(columns)]
    download(context, masked(going_out) if hidden else going_out, name=name)
    if hidden:
        st.caption(t("tables.masked"))
    chosen = event.selection.rows if select else []  # type: ignore[union-attr]
    return chosen[0] if chosen else None


def download(context: Context, table: pd.DataFrame, *, name: str) -> None:
    """Offer a table as CSV; the file is made only when asked for."""
    st.download_button(
        context.t("tables.download", rows=context.t.number(len(table))),
        data=lambda: to_csv(context, table),
        file_name=f"{name}.csv",
        mime="text/csv",
        icon=":material/download:",
        key=f"download_{name}",
        on_click="ignore",
        type="tertiary",
    )


def to_csv(context: Context, table: pd.DataFrame) -> bytes:
    """Write a table as CSV that a spreadsheet opens rightly: UTF-8 mark, data label, no formulas."""
    buffer = io.StringIO()
    marked = table.assign(
        data_set=frame.data_label(context),
        filters=filters.describe(context.view, context.t),
        vintage=context.view.filters.vintage,
    )
    for column in marked.columns:
        if not pd.api.types.is_numeric_dtype(marked[column]):
            marked[column] = marked[column].astype(object).map(harmless)
    marked.rename(columns=harmless).to_csv(buffer, index=False)
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8")


def masked(table: pd.DataFrame) -> pd.DataFrame:
    """Return rows about establishments with names of persons shortened and phone numbers blanked."""
    return table.assign(**{name: hide(table[name]) for name, hide in _PERSONAL.items() if name in table})


def _mixed(value: object, *, number: Callable[[float, int], str]) -> str:
    """Write a cell of a column that holds both texts and numbers."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "—" if value is None or value is pd.NA else str(value)
    return number(float(value), 0 if float(value).is_integer() else 3)


def _written(value: object, *, number: Callable[[float, int], str], digits: int | None) -> str:
    """Write a cell: numbers in the form of the language, a dash where there is none."""
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return "—"
    if digits is None or isinstance(value, str):
        return str(value)
    return number(float(value), digits)  # type: ignore[arg-type]
