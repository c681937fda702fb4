"""Mappings that were kept: offered where the titles fit, taken from a file, kept by a name."""

from __future__ import annotations

import streamlit as st

from geo.errors import GeoError
from geo.intake import kept_mappings
from geo.intake import mapping as mappings
from geo.intake.model import ColumnMapping, Table
from ui import import_words
from ui.context import Context
from ui.import_state import Draft


def offer(ctx: Context, draft: Draft, table: Table) -> None:
    """Offer the kept mappings that fit the titles, and one from a file."""
    t = ctx.t
    fitting = kept_mappings.fitting(table.header, draft.kind)
    with st.expander(t("import.kept", n=t.number(len(fitting))), icon=":material/bookmark:"):
        if fitting:
            with st.container(horizontal=True, vertical_alignment="bottom"):
                at = st.selectbox(
                    t("import.kept_choose"),
                    range(len(fitting)),
                    format_func=lambda i: t(
                        "import.kept_item", name=fitting[i].name, n=t.number(len(fitting[i].mapping.columns))
                    ),
                    key=draft.file_key(f"kept_{draft.fitted}"),
                )
                st.button(
                    t("import.kept_use"),
                    key="import_kept_use",
                    on_click=_use,
                    args=(draft, fitting[at].mapping),
                )
                st.button(t("import.kept_forget"), key="import_kept_forget", type="tertiary", icon=":material/delete:",
                          on_click=kept_mappings.forget, args=(fitting[at].name,))  # fmt: skip
        else:
            st.caption(t("import.kept_none"))
        upload = st.file_uploader(
            t("import.kept_upload"),
            type="json",
            key=f"import_upload_map_{draft.serial}_{draft.files}_{draft.fitted}",
        )
        if upload is not None:
            _take_mapping(ctx, draft, upload.getvalue().decode("utf-8", "replace"), upload.name)


def keep(ctx: Context, draft: Draft, mapping: ColumnMapping) -> None:
    """Offer to keep the mapping by a name, and to take it away as a file."""
    t = ctx.t
    with st.expander(t("import.keep"), icon=":material/bookmark_add:"):
        name = st.text_input(
            t("import.keep_name"), key=draft.key("keep_name"), max_chars=kept_mappings.LONGEST
        )
        with st.container(horizontal=True):
            if st.button(t("import.keep_do"), key="import_keep", disabled=not name.strip()):
                try:
                    kept_mappings.keep(name, mapping)
                    st.toast(t("import.kept_done"), icon=":material/bookmark_added:")
                except GeoError as error:
                    import_words.refusal(error, t)
            st.download_button(
                t("import.keep_download"),
                data=mappings.to_text(mapping, name.strip()),
                file_name=t("import.keep_file"),
                mime="application/json",
                icon=":material/download:",
                key="import_keep_download",
                on_click="ignore",
                type="tertiary",
            )


def _take_mapping(ctx: Context, draft: Draft, text: str, name: str) -> None:
    """Use a mapping that came as a file, if it fits what the rows are."""
    try:
        mapping = mappings.from_text(text, name)
        assert draft.table is not None
        mappings.check(mapping, draft.table)
    except GeoError as error:
        import_words.refusal(error, ctx.t)
        return
    if mapping.kind != draft.kind:
        st.error(
            ctx.t("import.kept_other_kind", kind=ctx.t(f"import.kind_{mapping.kind}")),
            icon=":material/error:",
        )
        return
    _use(draft, mapping)
    st.rerun()


def _use(draft: Draft, mapping: ColumnMapping) -> None:
    """Put a whole mapping in place of the one shown."""
    draft.guess, draft.outcome = mapping, None
    draft.fitted += 1
