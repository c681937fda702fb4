"""What to collect first, and what each gap does to the results."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from geo.linkage import quality_effects, quality_gaps
from geo.linkage.quality_effects import TOP, Collecting, Step
from geo.linkage.quality_gaps import Gap
from geo.subjects import materials
from ui import jobs, tables, views
from ui.context import Context
from ui.quality_data import Figures, percent

#: Seconds to wait for the list before the page is drawn with its progress instead.
_SHORT_WAIT = 2.0
#: Steps listed beside the map; all stand in the table below it.
_LISTED = 5
#: Provinces named with each step.
_NAMED = 3
#: Provinces or materials named with each gap; all are in the download.
_NAMED_GAP = 10

_STYLE = """<style>
ol.steps {margin: 0 !important; padding: 0 !important; list-style: none;} ol.steps li {border-top: 1px solid #d5dde3; padding: .5rem 0; margin: 0;}
.steps .what {font-weight: 600;} .steps .gain {color: #0b5c8a; font-weight: 600;} .steps small {color: #4a5a66; font-size: .9rem; line-height: 1.45; display: block;}
.gaps {width: 100%; border-collapse: collapse; font-size: .95rem;} .gaps th, .gaps td {text-align: left; vertical-align: top; padding: .4rem .6rem .4rem 0; border-top: 1px solid #d5dde3;}
.gaps td.n, .gaps th.n {text-align: right; white-space: nowrap;} .gaps small {color: #4a5a66;}
@media (max-width: 640px) {.gaps thead {display: none;} .gaps tr {display: block; border-top: 1px solid #d5dde3; padding: .4rem 0;} .gaps td {display: block; border: 0; padding: .1rem 0;} .gaps td.n {text-align: left;} .gaps td.none {display: none;}}
</style>"""


def collecting(context: Context) -> Collecting | None:
    """Draw what to collect first, or its progress; returns it once it is known."""
    t = context.t
    st.subheader(t("quality.first"), anchor=False)
    job = views.collect_job(context)
    if not job.wait(_SHORT_WAIT):
        jobs.watch(job, t, t("quality.first_running"), key="quality_stop")
        return None
    found: Collecting | None = job.result
    if found is None:
        st.caption(t("quality.first_failed") if job.failed else t("quality.first_stopped"))
        if st.button(t("quality.again"), icon=":material/restart_alt:", type="tertiary", key="quality_again"):
            views.forget_collecting(context)
            st.rerun()
        return None
    _steps(context, found)
    return found


def _steps(context: Context, found: Collecting) -> None:
    """Draw the list of what to collect, with the letters before it."""
    t = context.t
    if not found.listed:
        st.info(t("quality.no_opportunities"), icon=":material/info:")
        return
    st.caption(
        t(
            "quality.letters_now",
            n=t.number(len(found.listed)),
            letters=_letters(context, found.letters),
        )
    )
    if not found.steps:
        st.info(t("quality.nothing_better"), icon=":material/info:")
        return
    helping = _helping(found)
    items = "".join(
        _item(context, place, step, len(found.listed)) for place, step in enumerate(helping[:_LISTED], 1)
    )
    st.html(f'{_STYLE}<ol class="steps">{items}</ol>')
    more = len(helping) - _LISTED
    st.caption(
        " ".join([t("quality.more_steps", n=more) if more > 0 else "", t("quality.first_note")]).strip()
    )


def _helping(found: Collecting) -> list[Step]:
    """Return the steps up to the last that betters a letter: those that better none yet are needed for it."""
    last = max((place for place, step in enumerate(found.steps) if step.further), default=-1)
    return list(found.steps[: last + 1])


def _item(context: Context, place: int, step: Step, total: int) -> str:
    """Return one step as escaped HTML."""
    t = context.t
    if step.further:
        gain = t("quality.gain", n=t.number(step.further), total=t.number(total))
    else:
        gain = t("quality.gain_later")
    if step.further_top:
        gain += " " + t("quality.gain_top", n=t.number(step.further_top), top=TOP)
    lines = [t.said(step.action.why)]
    if step.provinces:
        named = ", ".join(
            f"{views.province_name(context, code)} ({t.number(count)})"
            for code, count in step.provinces[:_NAMED]
        )
        lines.append(t("quality.where", provinces=named))
    said = "".join(f"<small>{escape(line)}</small>" for line in lines)
    return (
        f'<li><div class="what">{place}. {escape(t.said(step.action.what))}</div>'
        f'<div class="gain">{escape(gain)}</div>{said}</li>'
    )


def _letters(context: Context, letters: dict[str, int]) -> str:
    """Write how many opportunities have each letter."""
    return ", ".join(f"{letter}: {context.t.number(letters.get(letter, 0))}" for letter in "ABC")


def steps_table(context: Context, found: Collecting) -> None:
    """Draw all things to collect as a table with its download."""
    t = context.t
    table = pd.DataFrame(
        [
            {
                "code": step.action.code,
                "what": t.said(step.action.what),
                "alone": step.alone,
                "alone_top": step.alone_top,
                "alone_from_c": step.alone_from_c,
                "further": step.further,
                "further_top": step.further_top,
                "letters": _letters(context, step.letters),
                "provinces": "; ".join(
                    f"{views.province_name(context, code)} ({count})" for code, count in step.provinces
                ),
            }
            for step in found.steps
        ]
    )
    tables.show(
        context,
        table,
        name=f"collect_first_{context.dataset.name}",
        columns={
            "what": t("quality.collect"),
            "alone": t("quality.alone"),
            "alone_top": t("quality.alone_top", top=TOP),
            "alone_from_c": t("quality.alone_from_c"),
            "further": t("quality.further"),
            "further_top": t("quality.further_top", top=TOP),
            "letters": t("quality.letters_after"),
            "provinces": t("column.provinces"),
        },
        digits=dict.fromkeys(("alone", "alone_top", "alone_from_c", "further", "further_top"), 0),
    )
    st.caption(t("quality.steps_note"))


def gaps(context: Context, figures: Figures) -> list[Gap]:
    """Return the gaps of what the filters keep."""
    found, ranking = views.candidates(context), views.ranking(context)
    listed = quality_effects.cases(found, ranking, ranking)
    data = quality_gaps.chosen(found)
    return quality_gaps.find(figures.counts, int(data.summary["without_place"]), data, listed, figures.codes)


def gaps_table(context: Context, found: list[Gap]) -> None:
    """Draw what each gap does to the results, in words that wrap, with a download."""
    t = context.t
    st.subheader(t("quality.gaps"), anchor=False)
    if not found:
        st.caption(t("quality.no_gaps"))
        return
    head = (
        f'<th scope="col">{escape(t("quality.gap"))}</th><th scope="col" class="n">{escape(t("quality.concerned"))}</th>'
        f'<th scope="col">{escape(t("quality.effect"))}</th>'
        f'<th scope="col" class="n">{escape(t("quality.of_top", top=TOP))}</th>'
    )
    body = "".join(_gap_row(context, gap) for gap in found)
    st.html(f'{_STYLE}<table class="gaps"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>')
    tables.download(
        context,
        pd.DataFrame(
            {
                "gap": [t.said(gap.what) for gap in found],
                "unit": [t(f"quality.unit_{gap.unit}") for gap in found],
                "count": [gap.count for gap in found],
                "total": [gap.total for gap in found],
                "share": [gap.share for gap in found],
                "effect": [t.said(gap.effect) for gap in found],
                f"of_first_{TOP}": pd.array([gap.top for gap in found], dtype="Int64"),
                "named": ["; ".join(_names(context, gap)) for gap in found],
            }
        ),
        name=f"gaps_{context.dataset.name}",
    )


def _gap_row(context: Context, gap: Gap) -> str:
    """Return one gap as a row of escaped HTML."""
    t = context.t
    unit, share = t(f"quality.unit_{gap.unit}"), percent(context, gap.share)
    count = f"{t.number(gap.count)} / {t.number(gap.total)} {unit} ({share})"
    names = _names(context, gap)
    rest = f" +{len(names) - _NAMED_GAP}" if len(names) > _NAMED_GAP else ""
    named = f"<br><small>{escape(', '.join(names[:_NAMED_GAP]))}{rest}</small>" if names else ""
    touched = "—" if gap.top is None else t("quality.of_top_short", n=t.number(gap.top), top=TOP)
    return (
        f'<tr><td><b>{escape(t.said(gap.what))}</b>{named}</td><td class="n">{escape(count)}</td>'
        f'<td>{escape(t.said(gap.effect))}</td><td class="n{" none" if gap.top is None else ""}">{escape(touched)}</td></tr>'
    )


def _names(context: Context, gap: Gap) -> list[str]:
    """Name the provinces or materials of a gap."""
    if gap.unit == "provinces":
        return [views.province_name(context, code) for code in gap.named]
    catalogue = materials.catalogue()
    return [context.t.name(catalogue.loc[code]) if code in catalogue.index else code for code in gap.named]
