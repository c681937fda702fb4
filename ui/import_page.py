"""The import on the data page: file, columns, check; the counts always in sight, nothing written until asked."""

from __future__ import annotations

import html

import streamlit as st

from ui import import_check, import_columns, import_file, import_state, jobs
from ui.context import Context
from ui.import_state import STEPS, Draft
from ui.import_words import refusal

_STYLE = """
<style>
.import-counts {display: flex; flex-wrap: wrap; gap: .3rem .9rem; align-items: baseline; border: 1px solid #d5dde3;
  border-radius: 6px; background: #f6f8f9; padding: .5rem .8rem; font-size: 1rem;}
.import-counts b {font-size: 1.25rem; font-variant-numeric: tabular-nums;} .import-counts span {white-space: nowrap;}
.import-counts .back b {color: #a33b00;} .import-counts .in b {color: #0b5c8a;}
.import-counts .file {flex-basis: 100%%; color: #4a5a66; font-size: .92rem; white-space: normal; overflow-wrap: anywhere;}
ul.import-lines {margin: .1rem 0 .2rem 0; padding-left: 1.2rem; line-height: 1.5; overflow-wrap: anywhere;}
.import-small {font-size: .9rem; color: #4a5a66; line-height: 1.4; margin-top: -.5rem; overflow-wrap: anywhere;}
.import-small.unsure {color: #a33b00;}
[class*="st-key-import_upload"] [data-testid="stFileUploaderDropzoneInstructions"] span,
[class*="st-key-import_upload"] [data-testid="stFileUploaderDropzone"] button [data-testid="stMarkdownContainer"] p {font-size: 0 !important;}
[class*="st-key-import_upload"] [data-testid="stFileUploaderDropzoneInstructions"] span::after {font-size: .9rem; white-space: normal; content: "%(limit)s";}
[class*="st-key-import_upload"] [data-testid="stFileUploaderDropzone"] button [data-testid="stMarkdownContainer"] p::after {font-size: .95rem; content: "%(choose)s";}
[class*="st-key-import_"] [data-testid="stCheckbox"] label p, [data-testid="stMain"] [data-testid="stCheckbox"] label p {white-space: normal !important; overflow: visible !important;}
</style>
"""


def draw(ctx: Context) -> str:
    """Draw the import below the head of the page; returns the finding for the head."""
    t, draft = ctx.t, import_state.draft()
    import_state.settle(draft)
    if draft.written is not None and not draft.shown:
        draft.shown = True
        # A new address, which the frame takes up as if it came by a link: the banner is drawn before us.
        st.query_params["data"] = draft.written.name
        st.rerun()
    words = {name: t(f"import.upload_{name}").replace('"', "”") for name in ("limit", "choose")}
    st.html(_STYLE % words)
    _steps(ctx, draft)
    _counts(ctx, draft)
    if draft.error is not None:
        refusal(draft.error, t)
    if draft.stopped:
        st.info(t("import.stopped"), icon=":material/stop_circle:")
    if draft.job is not None:
        jobs.watch(draft.job, t, t(f"import.doing_{draft.doing}"), key=draft.key("stop"), rate=True)
    elif draft.step == "file":
        import_file.draw(ctx, draft)
    elif draft.step == "columns":
        import_columns.draw(ctx, draft)
    else:
        import_check.draw(ctx, draft)
    return _finding(ctx, draft)


def _steps(ctx: Context, draft: Draft) -> None:
    """Draw the three steps as buttons; one that cannot be reached yet is not offered."""
    t = ctx.t
    reachable = {
        "file": True,
        "columns": draft.table is not None,
        "check": draft.outcome is not None,
    }
    with st.container(horizontal=True, gap="small", key="import_steps", vertical_alignment="center"):
        for number, step in enumerate(STEPS, start=1):
            st.button(
                f"{number}. {t(f'import.step_{step}')}",
                key=f"import_step_{step}",
                type="primary" if draft.step == step else "secondary",
                disabled=not reachable[step] or draft.job is not None or draft.written is not None,
                on_click=_go,
                args=(step,),
            )
        if draft.table is not None or draft.queue or draft.error is not None:
            st.button(
                t("import.again"),
                key="import_clear",
                type="tertiary",
                icon=":material/restart_alt:",
                on_click=import_state.clear,
            )


def _go(step: str) -> None:
    """Open a step."""
    draft = import_state.draft()
    draft.step, draft.error, draft.stopped = step, None, False


def _counts(ctx: Context, draft: Draft) -> None:
    """Draw the counts: rows of the file, and once checked what became of each."""
    t = ctx.t
    if draft.table is None:
        return

    def box(number: int, words: str, css: str = "", sign: str = "") -> str:
        sign = f"{sign} " if sign else ""
        return f'<span class="{css}">{sign}<b>{t.number(number)}</b> {html.escape(words)}</span>'

    sheet = f" [{draft.table.sheet}]" if draft.table.sheet else ""
    parts = [f'<span class="file">{html.escape(draft.table.file + sheet)}</span>']
    parts.append(box(len(draft.table.cells), t("import.rows_in")))
    if draft.outcome is not None:
        counts = draft.outcome.counts
        parts.append(box(counts["accepted"], t("import.accepted"), "in", "="))
        parts.append(box(counts["merged"], t("import.merged"), "in", "+"))
        parts.append(box(counts["returned"], t("import.returned"), "back", "+"))
        if counts["review"]:
            parts.append(box(counts["review"], t("import.review"), "", "·"))
    if len(draft.table.aside):
        parts.append(box(len(draft.table.aside), t("import.aside"), "", "·"))
    st.html(f'<div class="import-counts" role="status">{"".join(parts)}</div>')


def _finding(ctx: Context, draft: Draft) -> str:
    """Say how far the import has come."""
    t = ctx.t
    if draft.written is not None and draft.outcome is not None:
        done = draft.outcome.counts
        return t(
            "import.finding_written",
            n=t.number(done["accepted"] + done["merged"]),
            name=draft.written.label(t.lang),
        )
    if draft.outcome is not None:
        counts = {
            name: t.number(draft.outcome.counts[name])
            for name in ("rows_in", "accepted", "merged", "returned")
        }
        return t("import.finding_checked", **counts)
    if draft.table is not None:
        return t(
            "import.finding_read",
            rows=t.number(len(draft.table.cells)),
            columns=t.number(len(draft.table.header)),
        )
    return t("import.finding_start")
