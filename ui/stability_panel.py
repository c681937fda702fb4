"""How often the opportunities stay in the top ten: the state of that test, with its stop button."""

from __future__ import annotations

import streamlit as st

from ui import jobs, views
from ui.context import Context


def draw(context: Context) -> None:
    """Draw the progress of a running test, or what a stopped one left."""
    t = context.t
    job = views.stability_job(context)
    if job.running:
        jobs.watch(job, t, t("stability.running"), key="stability_stop")
        return
    if job.failed:
        st.caption(t("stability.failed"))
    elif job.stopped and job.done < job.total:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(
                t("stability.stopped", done=t.number(job.done), total=t.number(job.total))
                if job.result is not None
                else t("stability.none")
            )
            if st.button(t("stability.again"), icon=":material/restart_alt:", type="tertiary"):
                views.forget_stability(context)
                st.rerun()
