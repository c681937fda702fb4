"""Records of the quality view: what may be there twice, what imports found wrong."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo.intake.fault_words import words
from geo.store import import_history
from ui import cached, jobs, tables, views
from ui.context import Context
from ui.quality_data import Figures

#: Up to so many establishments everything is counted without being asked, up to so many when asked for.
QUICK, MOST = 2_000, 100_000
#: Counting equal names is a matter of seconds beyond this.
QUICK_NAMES = 200_000
#: From this likeness on an import takes two records for one.
_SURE = 0.8
_SHOWN = 500


def duplicates(context: Context, figures: Figures) -> None:
    """Draw how many records may be there twice."""
    t, dataset, filters = context.t, context.dataset, context.view.filters
    if dataset.is_demo:
        st.caption(t("quality.twice_demo"))
    if figures.total <= QUICK_NAMES:
        same = cached.same_names(dataset.name, dataset.version, filters)
        st.write(
            t("quality.same_names", n=t.number(same["same_name"].sum()), names=t.number(same["names"].sum()))
        )
    if figures.total > MOST:
        st.info(t("quality.twice_too_many", most=t.number(MOST)), icon=":material/info:")
        return
    started = f"_quality_twice_{dataset.version}"
    if figures.total > QUICK and not st.session_state.get(started):
        st.caption(t("quality.twice_ask", n=t.number(figures.total)))
        if st.button(t("quality.twice_start"), icon=":material/content_copy:", key="quality_twice_start"):
            st.session_state[started] = True
            st.rerun()
        return
    job = cached.duplicates_job(dataset.name, dataset.version, filters)
    if not job.wait(2.0):
        jobs.watch(job, t, t("quality.twice_running"), key="quality_twice_stop")
        return
    if job.result is None:
        st.caption(t("quality.first_failed") if job.failed else t("quality.first_stopped"))
        if st.button(t("quality.again"), icon=":material/restart_alt:", key="quality_twice_again"):
            cached.duplicates_job.clear(dataset.name, dataset.version, filters)
            st.rerun()
        return
    _pairs(context, job.result)


def _pairs(context: Context, found: pd.DataFrame) -> None:
    """Draw the pairs, the likest first; names of people are masked as in every export."""
    from geo.intake import personal

    t = context.t
    sure = int((found["likeness"] >= _SURE).sum())
    st.write(t("quality.twice", sure=t.number(sure), asked=t.number(len(found) - sure)))
    if found.empty:
        return
    shown = found.head(_SHOWN)
    if len(shown) < len(found):
        st.caption(t("quality.twice_cut", shown=t.number(len(shown)), total=t.number(len(found))))
    table = shown.assign(
        province_name=[views.province_name(context, code) for code in shown["province_code"]],
        first_name=personal.mask(shown["first_name"]),
        second_name=personal.mask(shown["second_name"]),
        commune=[t("quality.yes") if same else t("quality.no") for same in shown["same_commune"]],
    )
    tables.show(
        context,
        table,
        name=f"possible_duplicates_{context.dataset.name}",
        columns={
            "province_name": t("column.province"),
            "likeness": t("quality.likeness"),
            "first_name": t("quality.first_name"),
            "second_name": t("quality.second_name"),
            "first_product": t("quality.first_product"),
            "second_product": t("quality.second_product"),
            "commune": t("quality.same_commune"),
            "first_id": t("quality.first_id"),
            "second_id": t("quality.second_id"),
        },
        digits={"likeness": 2},
        height=420,
        establishments=True,
    )
    st.caption(t("quality.twice_note"))


def imports(context: Context) -> None:
    """Draw the imports that led to this version and the faults they found."""
    t, dataset = context.t, context.dataset
    history = import_history.imports(dataset)
    if history.empty:
        st.write(t("quality.no_imports") if dataset.kind == "user" else t("quality.not_imported"))
        return
    tables.show(
        context,
        history.assign(imported_at=history["imported_at"].str[:16].str.replace("T", " ")),
        name=f"imports_{dataset.name}",
        columns={
            "imported_at": t("quality.imported_at"),
            "file": t("quality.file"),
            "rows_in": t("quality.rows_in"),
            "accepted": t("quality.accepted"),
            "merged": t("quality.merged"),
            "returned": t("quality.returned"),
            "version": t("quality.version"),
        },
        digits=dict.fromkeys(("rows_in", "accepted", "merged", "returned"), 0),
    )
    faults = import_history.faults(dataset)
    if faults.empty:
        st.caption(t("quality.no_faults"))
        return
    st.write(t("quality.faults"))
    by_code = faults.groupby("code", as_index=False)["faults"].sum()
    last = faults[faults["version"] == dataset.version].set_index("code")["faults"]
    by_code = by_code.assign(
        kind=[words(code, t.lang) for code in by_code["code"]],
        last=last.reindex(by_code["code"]).fillna(0).to_numpy(dtype="int64"),
    ).sort_values(["faults", "code"], ascending=[False, True], ignore_index=True)
    tables.show(
        context,
        by_code,
        name=f"faults_{dataset.name}",
        columns={
            "kind": t("quality.fault"),
            "last": t("quality.faults_last"),
            "faults": t("quality.faults_all"),
            "code": t("column.code"),
        },
        digits={"last": 0, "faults": 0},
    )
    st.caption(t("quality.faults_note"))
