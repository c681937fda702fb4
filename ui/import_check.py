"""Step three of the import: what became of every row, what to repair, what people must judge; then the writing."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from geo.intake import returned
from geo.intake.model import REPAIRS, Outcome
from ui import frame, import_file, import_state, import_words, review_queue, who
from ui.context import Context
from ui.import_columns import REPAIRED_BY
from ui.import_state import Draft

#: Faults a page of the table shows.
PAGE = 50
#: Kinds of fault that are listed.
_KINDS = 200
_VALUE = 80
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw(ctx: Context, draft: Draft) -> None:
    """Draw the step."""
    outcome = draft.outcome
    if outcome is None:
        st.button(
            ctx.t("import.check"),
            key="import_check_now",
            type="primary",
            on_click=import_state.start_checking,
            args=(draft,),
        )
        return
    if draft.written is not None:
        _written(ctx, draft)
    else:
        _write(ctx, draft, outcome)
    import_words.lines(
        import_words.said(message, ctx.t) for message in outcome.messages if message.code != "aside"
    )
    _consents(ctx, draft, outcome)
    _faults(ctx, draft, outcome)
    if len(outcome.table.aside):
        import_file.aside(ctx, outcome.table)
    if len(outcome.review) and draft.target is not None and draft.written is None:
        st.subheader(ctx.t("import.review_title", n=ctx.t.number(len(outcome.review))), anchor=False)
        if review_queue.draw(ctx, outcome, draft.target.name):
            _again(ctx, draft, "import_recheck_answers", ctx.t("import.recheck_answers"))


def _write(ctx: Context, draft: Draft, outcome: Outcome) -> None:
    """Draw the button that writes, and the rows that come back."""
    t, target, counts = ctx.t, draft.target, outcome.counts
    assert target is not None
    going_in = counts["accepted"] + counts["merged"]
    if not going_in:
        st.warning(t("import.nothing_in"), icon=":material/block:")
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            t("import.write", n=t.number(going_in), name=import_words.safe(target.label)),
            key="import_write",
            type="primary",
            icon=":material/save:",
            disabled=not going_in,
        )
        _download(ctx, outcome)
    st.caption(t("import.not_yet"))
    if draft.error is not None:  # another import was faster, or the disk is full
        _again(ctx, draft, "import_recheck", t("import.check"))
    if pressed:
        import_state.start_writing(draft, who.who())
        st.rerun()


def _download(ctx: Context, outcome: Outcome) -> None:
    """Offer the returned rows as a workbook, made only when asked for."""
    t = ctx.t
    if outcome.returned.empty:
        return
    stem = outcome.table.file.rpartition(".")[0] or outcome.table.file
    st.download_button(
        t("import.returned_file", n=t.number(len(outcome.returned))),
        data=lambda: returned.workbook(outcome, t.lang),
        file_name=f"{stem}_{t('import.returned_name')}.xlsx",
        mime=_XLSX,
        icon=":material/download:",
        key="import_returned",
        on_click="ignore",
    )


def _written(ctx: Context, draft: Draft) -> None:
    """Say which version was written and offer the pages that show it."""
    t, dataset, outcome = ctx.t, draft.written, draft.outcome
    assert dataset is not None
    assert outcome is not None
    st.success(
        t(
            "import.written",
            n=t.number(outcome.counts["accepted"] + outcome.counts["merged"]),
            name=import_words.safe(dataset.label(t.lang)),
            version=dataset.version,
        ),
        icon=":material/check_circle:",
    )
    view = frame.link(ctx)
    with st.container(horizontal=True):
        for slug in (
            ("materials", "overview") if outcome.mapping.kind == "materials" else ("clusters", "overview")
        ):
            st.page_link(
                frame.target(slug), label=t(f"import.see_{slug}"), icon=":material/map:", query_params=view
            )
    if any(
        getattr(ctx.view.filters, name)
        for name in ("regions", "provinces", "sectors", "materials", "years", "sizes")
    ):
        st.info(t("import.filters_on"), icon=":material/filter_alt:")
    with st.container(horizontal=True, vertical_alignment="center"):
        _download(ctx, outcome)
        waiting = [path.name for path in draft.queue]
        st.button(
            t("import.next_queued", file=import_words.safe(waiting[0])) if waiting else t("import.next"),
            key="import_next",
            type="primary",
            icon=":material/upload_file:",
            on_click=import_state.next_file,
        )


def _consents(ctx: Context, draft: Draft, outcome: Outcome) -> None:
    """Offer the repairs that rows of this file wait for."""
    t = ctx.t
    if draft.written is not None:
        return
    errors = outcome.faults.loc[outcome.faults["severity"] == "error", "code"].value_counts()
    open_ones = {
        name: int(sum(errors.get(code, 0) for code in codes))
        for name, codes in REPAIRED_BY.items()
        if name not in draft.options.repairs
    }
    agreed = set()
    for name, count in open_ones.items():
        if count:
            label = REPAIRS[name][t.lang == "en"]
            if st.checkbox(
                t("import.repair_rows", repair=label, n=t.number(count)),
                key=draft.file_key(f"consent_{name}"),
            ):
                agreed.add(name)
    if agreed:
        _again(ctx, draft, "import_recheck_repairs", t("import.recheck_repairs"), frozenset(agreed))


def _again(ctx: Context, draft: Draft, key: str, label: str, repairs: frozenset[str] = frozenset()) -> None:
    """Draw a button that checks the rows once more."""
    if st.button(label, key=key, type="primary", icon=":material/refresh:"):
        draft.options = replace(draft.options, repairs=draft.options.repairs | repairs)
        draft.rechecks += 1
        import_state.start_checking(draft)
        st.rerun()


def _faults(ctx: Context, draft: Draft, outcome: Outcome) -> None:
    """Draw the faults by kind, and row by row a page at a time."""
    t = ctx.t
    if outcome.faults.empty:
        st.success(t("import.no_faults"), icon=":material/verified:")
        return
    if draft.kinds_of_fault is None:
        draft.kinds_of_fault = kinds(outcome.faults)
    listed = draft.kinds_of_fault.head(_KINDS)
    st.subheader(t("import.faults"), anchor=False)
    st.caption(t("import.faults_help"))
    event = st.dataframe(
        _shown(ctx, listed, {"rows": t("import.rows")}),
        hide_index=True,
        width="stretch",
        column_config=_widths(ctx),
        on_select="rerun",
        selection_mode="single-row",
        key=draft.file_key("kinds"),
    )
    picked = event.selection.rows  # type: ignore[union-attr]
    chosen = listed.iloc[picked[0]] if picked and picked[0] < len(listed) else None
    _rows(ctx, draft, outcome, chosen)


def kinds(faults: pd.DataFrame) -> pd.DataFrame:
    """Return the kinds of fault: severity, code and column with the number of rows and the first example, errors first."""
    by = ["severity", "code", "column"]
    grouped = faults.groupby(by, sort=False)
    out = (
        grouped[["value", "vi", "en", "proposal"]].first().assign(rows=grouped["row"].nunique()).reset_index()
    )
    return out.sort_values(
        ["severity", "rows", "code", "column"], ascending=[True, False, True, True], ignore_index=True
    )


def _rows(ctx: Context, draft: Draft, outcome: Outcome, kind: pd.Series | None) -> None:
    """Draw the faults of the rows, all or of one kind."""
    t, faults = ctx.t, outcome.faults
    if kind is not None:
        faults = faults[(faults["code"] == kind["code"]) & (faults["column"] == kind["column"]) & (faults["severity"] == kind["severity"])]  # fmt: skip
    st.markdown(t("import.fault_rows", n=t.number(len(faults))))
    pages = max(math.ceil(len(faults) / PAGE), 1)
    page = 1
    if pages > 1:
        named = f"{kind['code']}_{kind['column']}" if kind is not None else "all"
        page = st.pagination(pages, key=draft.file_key(f"page_{named}"))
    part = faults.iloc[(page - 1) * PAGE : page * PAGE]
    title = outcome.mapping.columns.get("name")
    names = outcome.table.cells[outcome.table.header.index(title)] if title else None
    extra = {"row": t("import.row")}
    if names is not None:
        part = part.assign(named=part["row"].map(names).fillna("").astype(str).str[:_VALUE])
        extra["named"] = t("column.name")
    st.dataframe(
        _shown(ctx, part, extra),
        hide_index=True,
        width="stretch",
        column_config=_widths(ctx),
        key=draft.file_key("fault_rows"),
    )


def _widths(ctx: Context) -> dict[str, Any]:
    """Return the widths of the columns of faults, so that what was expected can be read."""
    widths = {
        "import.rows": 80,
        "import.row": 60,
        "column.name": 180,
        "import.level": 75,
        "import.column": 150,
    }
    widths |= {"import.value": 140, "import.expected": 460, "import.proposal": 160}
    return {ctx.t(key): st.column_config.Column(width=width) for key, width in widths.items()}


def _shown(ctx: Context, faults: pd.DataFrame, first: dict[str, str]) -> pd.DataFrame:
    """Return faults as they are drawn: plain text, in the language, under its titles."""
    t = ctx.t
    texts = faults["en" if t.lang == "en" else "vi"]
    out = {
        heading: faults[column].astype(str) if column != "rows" else faults[column]
        for column, heading in first.items()
    }
    return pd.DataFrame(
        {
            **out,
            t("import.level"): [t(f"import.level_{level}") for level in faults["severity"]],
            t("import.column"): faults["column"].astype(str),
            t("import.value"): faults["value"].astype(str).str[:_VALUE],
            t("import.expected"): [import_words.without_flags(str(text)) for text in texts],
            t("import.proposal"): faults["proposal"].astype(str),
        }
    )
