"""Step one of the import: what the rows are, where they go, the file, and what was recognised in it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo.errors import GeoError
from geo.intake import commit, template
from geo.intake.model import KINDS, Table
from geo.store import catalog
from geo.store.catalog import Dataset
from ui import import_state, import_words
from ui.context import Context
from ui.import_state import ADD, ANEW, EMPTY, PUBLIC, Draft, Target

_NEW = ""
#: Rows of the file, and of what stands aside, that are shown.
PREVIEW, ASIDE_SHOWN = 8, 100
#: Width of a cell in the preview, in characters.
_CELL = 120


def draw(ctx: Context, draft: Draft) -> None:
    """Draw the step."""
    t = ctx.t
    left, right = st.columns(2, gap="large")
    with left:
        _kind(ctx, draft)
    with right:
        target = _target(ctx, draft)
    _upload(ctx, draft)
    if draft.table is None:
        return
    _sheet(ctx, draft)
    _recognised(ctx, draft.table)
    ready = target is not None and len(draft.table.cells) > 0
    if not len(draft.table.cells):
        st.warning(t("import.no_rows"), icon=":material/table_rows:")
    if st.button(t("import.to_columns"), key="import_to_columns", type="primary", disabled=not ready,
                 icon=":material/arrow_forward:"):  # fmt: skip
        draft.step, draft.error = "columns", None
        st.rerun()


def _kind(ctx: Context, draft: Draft) -> None:
    """Draw what the rows are, with the template of that kind."""
    t = ctx.t
    names = {kind: t(f"import.kind_{kind}") for kind in KINDS}
    chosen = st.radio(
        t("import.kind"),
        KINDS,
        index=KINDS.index(draft.kind),
        format_func=names.__getitem__,
        captions=[t(f"import.about_{kind}") for kind in KINDS],
        key=draft.key("kind"),
        persist_state="session",
    )
    if chosen != draft.kind:
        draft.kind, draft.guess, draft.outcome, draft.written = chosen, None, None, None
    st.download_button(
        t("import.template", name=names[draft.kind].lower()),
        data=lambda: template.workbook(draft.kind, t.lang),
        file_name=t(f"import.template_file_{draft.kind}"),
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        icon=":material/download:",
        key="import_template",
        on_click="ignore",
        width="content",
    )
    st.caption(t("import.template_help"))


def _target(ctx: Context, draft: Draft) -> Target | None:
    """Draw where the rows go; returns None while the name cannot be used."""
    t = ctx.t
    own = {item.name: item for item in catalog.list_datasets() if item.kind == "user"}
    before = draft.target.name if draft.target else ctx.view.dataset
    options = [*own, _NEW]
    name = st.selectbox(
        t("import.target"),
        options,
        index=options.index(before) if before in own else 0 if own else options.index(_NEW),
        format_func=lambda code: _named(ctx, own[code]) if code else t("import.new"),
        key=draft.key("target"),
        persist_state="session",
    )
    if name:
        start = _start(ctx, draft, (ADD, ANEW))
        target = Target(name, own[name].label(t.lang), start)
    else:
        label = st.text_input(
            t("import.new_name"),
            value="" if "user" in own else t.said(_Default),
            key=draft.key("new_name"),
            max_chars=80,
            persist_state="session",
        )
        start = _start(ctx, draft, (EMPTY, PUBLIC))
        target = Target(import_state.slug(" ".join(label.split())), " ".join(label.split()), start)
    problem = _problem(
        target, new=not name, own=own, t_new=t("import.name_taken"), t_none=t("import.name_needed")
    )
    if problem:
        st.warning(problem, icon=":material/edit:")
        return None
    if draft.kind == "needs" and target.start == EMPTY:
        st.warning(t("import.needs_first"), icon=":material/info:")
    if target != draft.target:
        draft.target, draft.outcome, draft.written = target, None, None
    return target


def _named(ctx: Context, dataset: Dataset) -> str:
    """Return the name of a data set with its number of establishments."""
    return ctx.t("import.target_rows", name=dataset.label(ctx.t.lang), n=ctx.t.number(dataset.rows()))


class _Default:
    """The name of the first data set of one's own."""

    vi, en = commit.LABEL_VI, commit.LABEL_EN


def _start(ctx: Context, draft: Draft, choices: tuple[str, str]) -> str:
    """Draw what the data set starts from."""
    t = ctx.t
    held = draft.target.start if draft.target else choices[0]
    return st.radio(
        t("import.start"),
        choices,
        index=choices.index(held) if held in choices else 0,
        format_func=lambda code: t(f"import.start_{code}"),
        captions=[t(f"import.start_about_{code}") for code in choices],
        key=draft.key(f"start_{choices[0]}"),
        persist_state="session",
    )


def _problem(target: Target, *, new: bool, own: dict, t_new: str, t_none: str) -> str:
    """Return what is wrong with the name of a new data set; empty when nothing is."""
    if not new:
        return ""
    if target.name in own or target.name in commit.RESERVED:
        return t_new
    try:
        catalog.check_name(target.name)
    except GeoError:
        return t_none
    return ""


def _upload(ctx: Context, draft: Draft) -> None:
    """Draw the uploader and the files that wait; what arrives is written to the private folder at once."""
    t = ctx.t
    uploads = st.file_uploader(
        t("import.upload"),
        accept_multiple_files=True,
        key=f"import_upload_{draft.serial}_{draft.uploads}",
        help=t("import.upload_help"),
    )
    if uploads:
        import_state.take(draft, [(upload.name, upload) for upload in uploads])
        st.rerun()
    for place, path in enumerate(draft.queue):
        with st.container(horizontal=True, vertical_alignment="center", key=f"import_queue_{place}"):
            st.text(t("import.queued", file=path.name))
            if draft.table is None and place == 0:
                st.button(
                    t("import.read"),
                    key=draft.key("read"),
                    on_click=import_state.start_reading,
                    args=(draft,),
                )
            st.button(
                t("import.drop"),
                key=draft.key(f"drop_{place}"),
                type="tertiary",
                icon=":material/close:",
                on_click=import_state.drop,
                args=(draft, path),
            )


def _sheet(ctx: Context, draft: Draft) -> None:
    """Offer the sheets of the file, where it has several."""
    t = ctx.t
    if len(draft.tables) < 2 or draft.table is None:
        return
    at = st.selectbox(
        t("import.sheet"),
        range(len(draft.tables)),
        index=next(i for i, table in enumerate(draft.tables) if table is draft.table),
        format_func=lambda i: t(
            "import.sheet_rows", sheet=draft.tables[i].sheet, n=t.number(len(draft.tables[i].cells))
        ),
        key=draft.file_key("sheet"),
        persist_state="session",
    )
    if draft.tables[at] is not draft.table:
        draft.table, draft.guess, draft.outcome, draft.written = draft.tables[at], None, None, None
        st.rerun()  # the counts above are of the sheet


def _recognised(ctx: Context, table: Table) -> None:
    """Draw what the reader understood: the first rows, its remarks, the rows that are no data."""
    t = ctx.t
    st.subheader(t("import.recognised"), anchor=False)
    first = int(table.cells.index[0]) if len(table.cells) else None
    told = [t("import.header_at", columns=t.number(len(table.header)), row=t.number(first))] if first else []
    import_words.lines([*told, *(import_words.said(remark, t) for remark in table.remarks)])
    if len(table.cells):
        st.dataframe(
            preview(table, t("import.row")),
            hide_index=True,
            width="stretch",
            key=f"import_preview_{table.sha256[:8]}",
        )
        if len(table.cells) > PREVIEW:
            st.caption(t("import.preview_of", shown=t.number(PREVIEW), total=t.number(len(table.cells))))
    if len(table.aside):
        aside(ctx, table)


def preview(table: Table, row_title: str) -> pd.DataFrame:
    """Return the first rows as text, with their row numbers in the file."""
    shown = table.cells.head(PREVIEW)
    texts = shown.map(lambda value: "" if value is None or value != value else str(value)[:_CELL])
    texts = texts.set_axis(list(table.header), axis=1)
    texts.insert(0, row_title, shown.index.astype(str), allow_duplicates=True)
    return texts


def aside(ctx: Context, table: Table) -> None:
    """Draw the rows below the header that are no data, and why."""
    t = ctx.t
    shown = table.aside.head(ASIDE_SHOWN)
    with st.expander(
        t("import.aside_title", n=t.number(len(table.aside))), icon=":material/playlist_remove:"
    ):
        st.dataframe(
            pd.DataFrame(
                {
                    t("import.row"): shown["row"].astype(str),
                    t("import.reason"): [t(f"import.reason_{reason}") for reason in shown["reason"]],
                    t("import.text"): shown["text"].astype(str),
                }
            ),
            hide_index=True,
            width="stretch",
        )
        if len(table.aside) > ASIDE_SHOWN:
            st.caption(t("import.preview_of", shown=t.number(ASIDE_SHOWN), total=t.number(len(table.aside))))
