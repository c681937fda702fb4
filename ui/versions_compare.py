"""Two versions side by side: totals by province and sector, and the rows that came, went or changed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st

from geo.intake import outgoing_changes
from geo.linkage.records import records
from geo.store import catalog, compare, compare_rows
from geo.store.catalog import Dataset
from geo.store.compared import ADDED, CHANGED, ORIGIN, REMOVED
from geo.store.filters import Filters
from ui import tables, versions_values
from ui.context import Context
from ui.text import Text
from ui.versions_words import label, select, title

#: Rows shown on the page; the download holds all.
SHOWN = 200
#: The pair that the button asked to compare.
_ASKED = "_versions_asked"
#: Columns of numbers of the smaller tables, in the order drawn.
_NUMBERS = ("tonnes_before", "tonnes_after", "before", "after", "difference", ADDED, REMOVED, CHANGED)


@st.cache_resource(max_entries=8, show_spinner=False)
def comparison(first: str, second: str, vintage: str) -> compare.Comparison:
    """The comparison of two versions (``name@version``); never written to."""
    return compare.versions(_opened(first), _opened(second), vintage)


@st.cache_data(max_entries=32, show_spinner=False)
def rows(first: str, second: str, vintage: str, status: str) -> pd.DataFrame:
    """The first rows that came or went, or values that changed."""
    return _rows(first, second, vintage, status, SHOWN)


def draw(ctx: Context, name: str, table: pd.DataFrame) -> None:
    """Let the user choose two versions and draw how they differ."""
    t = ctx.t
    st.subheader(t("versions.compare"), anchor=False)
    choices = _choices(t, name, table)
    own = [key for key in choices if key.startswith(f"{name}@")]
    if not own:
        st.info(t("versions.compare_none"), icon=":material/broken_image:")
        return
    first_before, first_after = _usual(name, table, own, list(choices))
    left, right = st.columns(2, gap="medium")
    with left:
        first = select(
            t("versions.compare_first"),
            list(choices),
            key=f"versions_first_{name}",
            default=first_before,
            names=choices.__getitem__,
        )
    with right:
        second = select(
            t("versions.compare_second"),
            list(choices),
            key=f"versions_second_{name}",
            default=first_after,
            names=choices.__getitem__,
        )
    st.button(
        t("versions.compare_go"),
        key="versions_compare_go",
        icon=":material/compare_arrows:",
        on_click=_ask,
        args=(first, second),
    )
    if st.session_state.get(_ASKED) == (first, second):
        with st.spinner(t("versions.comparing")):
            found = comparison(first, second, ctx.view.filters.vintage)
        _show(ctx, found, first, second)


def _choices(t: Text, name: str, table: pd.DataFrame) -> dict[str, str]:
    """List what can be compared: the whole versions of the dataset, then the current ones of all others."""
    found = {f"{name}@{row['version']}": label(t, row) for row in records(table) if not row["damage_vi"]}
    for dataset in catalog.list_datasets():
        if dataset.name != name:
            found[f"{dataset.name}@{dataset.version}"] = title(dataset.name, t)
    return found


def _usual(name: str, table: pd.DataFrame, own: list[str], choices: list[str]) -> tuple[str, str]:
    """Return the pair to begin with: the version in use, and the one that was in use before its import."""
    current = table[table["current"]]
    keys = [f"{name}@{version}" for version in (*current["version"], *current["previous"])]
    after = next((key for key in keys[:1] if key in own), own[0])
    before = next(key for key in [*keys[1:], *own, *choices] if key != after and key in choices)
    return before, after


def _ask(first: str, second: str) -> None:
    """Compare this pair from now on."""
    st.session_state[_ASKED] = (first, second)


def _opened(key: str) -> Dataset:
    """Open a version named ``name@version``."""
    name, _, version = key.partition("@")
    return catalog.open_dataset(name, version=version, paths_too=False)


def _rows(first: str, second: str, vintage: str, status: str, limit: int | None) -> pd.DataFrame:
    """Read rows that came or went, or values that changed: the first ones, or all."""
    one, two = _opened(first), _opened(second)
    if status != CHANGED:
        return compare_rows.establishments(one, two, status, vintage=vintage, limit=limit)
    changed = comparison(first, second, vintage).columns["column"]
    # On the page, where a row comes from would hide what has changed of it; the download has that too.
    columns = tuple(name for name in changed if limit is None or name not in ORIGIN)
    return compare_rows.changes(one, two, columns, limit=limit)


def _show(ctx: Context, found: compare.Comparison, first: str, second: str) -> None:
    """Draw a comparison: the sentence, then its tables."""
    t = ctx.t
    counts = {name: t.number(number) for name, number in found.counts.items()}
    st.markdown(t("versions.compared", **counts))
    if found.nothing_changed:
        st.info(t("versions.compared_same"), icon=":material/equal:")
        return
    about = _about(ctx, found.second)
    names = ["provinces", "sectors", CHANGED, ADDED, REMOVED, "needs", "support", "supply"]
    drawn = [name for name in names if name in (CHANGED, ADDED, REMOVED) or len(getattr(found, name))]
    for tab, name in zip(st.tabs([t(f"versions.tab_{name}") for name in drawn]), drawn, strict=True):
        with tab:
            if name in (CHANGED, ADDED, REMOVED):
                _draw_rows(about, found, first, second, name)
            elif name in ("provinces", "sectors"):
                _draw_totals(about, found, name)
            else:
                _draw_small(about, found, name)


def _about(ctx: Context, dataset: Dataset) -> Context:
    """Return the context that downloads are labelled with: the later version, whole, no filters."""
    plain = replace(ctx.view, dataset=dataset.name, filters=Filters(vintage=ctx.view.filters.vintage))
    return replace(ctx, view=plain, dataset=dataset)


def _draw_totals(ctx: Context, found: compare.Comparison, name: str) -> None:
    """Draw the totals by province or by sector, what changed most first."""
    t = ctx.t
    key = "province_code" if name == "provinces" else "sector_code"
    table = getattr(found, name)
    touched = table[[ADDED, REMOVED, CHANGED]].sum(axis=1)
    table = table.assign(touched=touched).sort_values(["touched", key], ascending=[False, True])
    named = (
        partial(versions_values.province, t, vintage=found.vintage)
        if name == "provinces"
        else partial(versions_values.sector, t)
    )
    table = table.assign(place=[named(code) for code in table[key]])
    numbers = [
        "before",
        "after",
        "difference",
        ADDED,
        REMOVED,
        CHANGED,
        "employees_before",
        "employees_after",
    ]
    heading = t("column.province") if name == "provinces" else t("column.sector")
    columns = {"place": heading, **{number: t(f"versions.column_{number}") for number in numbers}}
    st.caption(t("versions.totals_note"))
    tables.show(
        ctx, table, name=f"versions_{name}", columns=columns, digits=dict.fromkeys(numbers, 0), height=420
    )


def _draw_small(ctx: Context, found: compare.Comparison, name: str) -> None:
    """Draw the differences of stated needs, of support asked for, or of the own supply."""
    t = ctx.t
    table = getattr(found, name)
    texts = {}
    if "material_code" in table:
        table = table.assign(material=[versions_values.material(t, code) for code in table["material_code"]])
        texts["material"] = t("column.material")
    if "province_code" in table:
        pairs = zip(table["province_code"], table["vintage"], strict=True)
        table = table.assign(place=[versions_values.province(t, code, vintage) for code, vintage in pairs])
        texts |= {"place": t("column.province"), "year": t("column.year")}
    if "status" in table:
        table = table.assign(state=[t(f"versions.tab_{status}") for status in table["status"]])
        texts["state"] = t("column.status")
    if "support_need" in table:
        table = table.assign(support=[versions_values.support(t, code) for code in table["support_need"]])
        texts["support"] = t("versions.tab_support")
    numbers = [name for name in _NUMBERS if name in table]
    columns = texts | {number: t(f"versions.column_{number}") for number in numbers}
    tables.show(
        ctx,
        table,
        name=f"versions_{name}",
        columns=columns,
        digits=dict.fromkeys(numbers, 0),
    )


def _draw_rows(ctx: Context, found: compare.Comparison, first: str, second: str, status: str) -> None:
    """Draw the first rows that came, went or changed, with the download of all."""
    t = ctx.t
    number = found.counts[status]
    if not number:
        st.write(t("versions.rows_none"))
        return
    table = rows(first, second, found.vintage, status)
    if status == CHANGED:
        by_column = [
            t("versions.changed_by", column=versions_values.column(t, name), n=t.number(count))
            for name, count in found.columns.itertuples(index=False)
            if name not in ORIGIN
        ]
        st.caption(t("versions.changed_note", n=t.number(number), columns="; ".join(by_column)))
    else:
        st.caption(t("versions.rows_note", n=t.number(number), shown=t.number(len(table))))
    st.dataframe(
        versions_values.readable(t, table, found.vintage),
        hide_index=True,
        width="stretch",
        placeholder="—",
        key=f"versions_rows_{status}",
    )
    st.download_button(
        t("versions.download_all"),
        data=partial(_download, ctx, first, second, found.vintage, status),
        file_name=f"{status}_{found.first.version}_{found.second.version}.csv",
        mime="text/csv",
        icon=":material/download:",
        key=f"versions_download_{status}",
        on_click="ignore",
        type="tertiary",
    )


def _download(ctx: Context, first: str, second: str, vintage: str, status: str) -> bytes:
    """Write all the rows as CSV; names of persons are shortened and phone numbers blanked."""
    return tables.to_csv(ctx, outgoing_changes.masked(_rows(first, second, vintage, status, None)))
