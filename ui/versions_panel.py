"""Versions of the user's own datasets: which there are, what each holds, going back, deleting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from geo.errors import GeoError
from geo.linkage.records import records
from geo.store import catalog, versions
from ui import filters, tables, versions_compare, versions_manifest
from ui.context import Context
from ui.text import Text
from ui.url_state import DEFAULT_DATASET
from ui.versions_words import label, moment, select, title

#: What the last change has to say (kind of message, text), shown once.
_SAID = "_versions_said"
#: The version whose deletion waits for its second confirmation.
_PENDING = "_versions_pending"
_MEGABYTE = 1e6
#: Height of a row of a table, and the rows listed before the table scrolls.
_ROW_PIXELS, _LISTED = 35, 15


def draw(ctx: Context) -> str:
    """Draw the versions below the head of the page and return the finding."""
    t = ctx.t
    if said := st.session_state.pop(_SAID, None):
        (st.success if said[0] == "done" else st.error)(said[1])
    names = versions.own()
    if not names:
        st.info(t("versions.none"), icon=":material/history:")
        _shipped(ctx)
        return t("versions.finding_none")
    name = _dataset(ctx, names)
    table = versions.listed(name)
    _listing(ctx, name, table)
    _one(ctx, name, table)
    versions_compare.draw(ctx, name, table)
    _shipped(ctx)
    _whole(t, name, table)
    return _finding(t, name, table)


def _dataset(ctx: Context, names: list[str]) -> str:
    """Let the user choose among own datasets; the one in view is chosen first."""
    if len(names) == 1:
        return names[0]
    shown = ctx.dataset.name if ctx.dataset.name in names else names[0]
    return select(
        ctx.t("versions.dataset"),
        names,
        key=f"versions_dataset_{ctx.dataset.name}",  # another view starts from its own dataset again
        default=shown,
        names=lambda name: title(name, ctx.t),
    )


def _listing(ctx: Context, name: str, table: pd.DataFrame) -> None:
    """Draw the table of versions."""
    t = ctx.t
    shown = table.assign(
        state=[_state(t, row) for row in records(table)],
        when=[moment(t, text) for text in table["imported_at"]],
        who=table["imported_by"].replace("", "—"),
        file=table["file"].replace("", "—"),
        what=[
            t(f"versions.kind_{kind}") if kind in versions_manifest.KINDS else "—" for kind in table["kind"]
        ],
        checksum=table["sha256"].str[:12].replace("", "—"),
        megabytes=table["bytes"] / _MEGABYTE,
    )
    counts = ["rows", "accepted", "merged", "returned", "establishments", "needs", "supply"]
    columns = {
        "state": t("versions.state"), "when": t("versions.when"), "who": t("versions.who"),
        "file": t("versions.file"), "what": t("versions.kind"), "rows": t("versions.rows"),
        "accepted": t("versions.accepted"), "merged": t("versions.merged"), "returned": t("versions.returned"),
        "establishments": t("versions.establishments"), "needs": t("versions.needs"),
        "supply": t("versions.supply"), "megabytes": t("versions.megabytes"), "version": t("versions.version"),
        "checksum": t("versions.checksum"),
    }  # fmt: skip
    if table["supply"].isna().all():
        del columns["supply"]
    tables.show(
        ctx,
        shown,
        name=f"versions_{name}",
        columns=columns,
        digits=dict.fromkeys(counts, 0) | {"megabytes": 2},
        height=_ROW_PIXELS * (min(len(table), _LISTED) + 1) + 3,
    )
    st.caption(t("versions.table_note"))


def _state(t: Text, row: Mapping[str, Any]) -> str:
    """Say whether a version is the current one and whether it is whole."""
    if row["damage_vi"]:
        return t("versions.state_current_damaged") if row["current"] else t("versions.state_damaged")
    return t("versions.state_current") if row["current"] else t("versions.state_kept")


def _one(ctx: Context, name: str, table: pd.DataFrame) -> None:
    """Draw one version: its manifest, going back to it, deleting it."""
    t = ctx.t
    rows = {row["version"]: row for row in records(table)}
    current = next((row for row in rows.values() if row["current"]), None)
    st.subheader(t("versions.one"), anchor=False)
    version = select(
        t("versions.choose"),
        list(rows),
        key=f"versions_one_{name}",
        default=current["version"] if current else next(iter(rows)),
        names=lambda code: label(t, rows[code]),
    )
    row = rows[version]
    left, right = st.columns([3, 2], gap="medium")
    with left:
        if row["damage_vi"]:
            st.error(row["damage_en" if t.lang == "en" else "damage_vi"], icon=":material/broken_image:")
        versions_manifest.draw(t, name, row, moment(t, str(row["imported_at"])))
    with right:
        if row["current"]:
            st.info(t("versions.is_current"), icon=":material/check_circle:")
        else:
            _go_back(t, name, row, current["establishments"] if current else None)
            _delete(t, name, version)


def _go_back(t: Text, name: str, row: Mapping[str, Any], now: Any) -> None:
    """Offer to make a version current, and say what happens then."""
    version = str(row["version"])
    if row["damage_vi"]:
        st.warning(t("versions.restore_damaged"), icon=":material/broken_image:")
        return
    st.button(
        t("versions.restore"),
        key=f"versions_restore_{version}",
        icon=":material/settings_backup_restore:",
        type="primary",
        on_click=_restore,
        args=(name, version, t.lang),
    )
    st.caption(t("versions.restore_says", then=_number(t, row["establishments"]), now=_number(t, now)))


def _number(t: Text, count: Any) -> str:
    """Write a count of the listing; a dash where it is not known."""
    return "—" if pd.isna(count) else t.number(int(count))


def _delete(t: Text, name: str, version: str) -> None:
    """Offer to delete a version; the second button is the confirmation."""
    if st.session_state.get(_PENDING) != (name, version):
        st.button(
            t("versions.delete"),
            key=f"versions_delete_{version}",
            icon=":material/delete:",
            on_click=_ask,
            args=(name, version),
        )
        return
    st.warning(t("versions.delete_says"), icon=":material/warning:")
    with st.container(horizontal=True):
        st.button(
            t("versions.delete_really"),
            key=f"versions_delete_really_{version}",
            icon=":material/delete_forever:",
            on_click=_deleted,
            args=(name, version, t.lang),
        )
        st.button(
            t("versions.delete_not"), key=f"versions_delete_not_{version}", on_click=_ask, args=("", "")
        )


def _shipped(ctx: Context) -> None:
    """Show the datasets of the product, which nobody changes by hand."""
    t = ctx.t
    st.subheader(t("versions.shipped"), anchor=False)
    st.caption(t("versions.shipped_note"))
    shipped = [dataset for dataset in catalog.list_datasets() if dataset.name in versions.SHIPPED]
    table = pd.DataFrame(
        {
            "label": [dataset.label(t.lang) for dataset in shipped],
            "establishments": [dataset.rows() for dataset in shipped],
            "version": [dataset.version for dataset in shipped],
            "state": t("versions.state_fixed"),
        }
    )
    titles = {
        "label": t("versions.label"), "establishments": t("versions.establishments"),
        "version": t("versions.version"), "state": t("versions.state"),
    }  # fmt: skip
    tables.show(ctx, table, name="versions_shipped", columns=titles, digits={"establishments": 0})


def _whole(t: Text, name: str, table: pd.DataFrame) -> None:
    """Offer to delete a whole dataset; its name typed is the confirmation."""
    with st.expander(t("versions.delete_all"), icon=":material/delete_forever:"):
        st.warning(t("versions.delete_all_says", n=t.number(len(table))), icon=":material/warning:")
        typed = st.text_input(t("versions.delete_all_type", name=name), key=f"versions_typed_{name}")
        st.button(
            t("versions.delete_all_really"),
            key=f"versions_delete_all_{name}",
            disabled=typed.strip() != name,
            on_click=_deleted_all,
            args=(name, t.lang),
        )


def _finding(t: Text, name: str, table: pd.DataFrame) -> str:
    """Say how many versions there are and which is in use."""
    current = table[table["current"]]
    values = {"name": title(name, t), "n": t.number(len(table))}
    if current.empty or current["damage_vi"].iloc[0]:
        return t("versions.finding_damaged", **values)
    row = current.iloc[0]
    number = _number(t, row["establishments"])
    if not row["imported_at"]:
        return t("versions.finding_undated", **values, establishments=number)
    return t(
        "versions.finding",
        **values,
        when=moment(t, str(row["imported_at"])),
        file=str(row["file"]),
        establishments=number,
    )


def _ask(name: str, version: str) -> None:
    """Wait for the second confirmation of a deletion, or no longer."""
    st.session_state[_PENDING] = (name, version)


def _restore(name: str, version: str, lang: str) -> None:
    """Go to a version; the page that is drawn next shows it."""
    _try(lambda: versions.restore(name, version), Text(lang)("versions.restored"), lang)


def _deleted(name: str, version: str, lang: str) -> None:
    """Delete a version after its second confirmation."""
    st.session_state.pop(_PENDING, None)
    _try(lambda: versions.delete(name, version, confirm=version), Text(lang)("versions.deleted"), lang)


def _deleted_all(name: str, lang: str) -> None:
    """Delete a whole dataset; a view of it turns to the list of the product."""
    if _try(
        lambda: versions.delete_dataset(name, confirm=name), Text(lang)("versions.deleted_all"), lang
    ) and (st.session_state.get(filters.DATASET) == name):
        st.session_state[filters.DATASET] = DEFAULT_DATASET


def _try(change: Callable[[], object], done: str, lang: str) -> bool:
    """Make a change and keep what is to be said of it for the page."""
    try:
        change()
    except GeoError as error:
        st.session_state[_SAID] = ("failed", error.text(lang))
        return False
    st.session_state[_SAID] = ("done", done)
    return True
