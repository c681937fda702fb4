"""The small marks of a profile as escaped HTML: bars, intervals and stars, all on a scale that is given."""

from __future__ import annotations

import math
from html import escape

from ui.text import Text

SURE, UNSURE, SUPPLY, SHORT, TIE = "#0B5C8A", "#9AA7B0", "#32818b", "#b4520a", "#0072B2"

STYLE = """
<style>
.pv-figures {display: grid; grid-template-columns: repeat(3, 1fr); gap: .6rem; margin: .2rem 0 .6rem 0;}
.pv-figure {border: 1px solid #d5dde3; border-radius: 6px; padding: .5rem .7rem; background: #fff;}
.pv-figure b {font-size: 1.75rem; line-height: 1.15; color: #0b3c5d; font-weight: 650;}
.pv-figure span {display: block; line-height: 1.3;} .pv-figure .pv-note {margin-top: .15rem;}
.pv-note {font-size: .9rem; color: #4a5a66; line-height: 1.4;}
.pv-list {display: grid; gap: .5rem; margin: 0 0 .3rem 0;}
.pv-row {display: grid; grid-template-columns: 1fr auto; column-gap: .8rem; align-items: baseline; align-content: start; line-height: 1.3;}
.pv-row > .pv-track, .pv-row > .pv-note {grid-column: 1 / -1;}
.pv-row .pv-value {white-space: nowrap; font-weight: 600;}
.pv-track {position: relative; height: 11px; background: #eef2f4; border-radius: 3px; margin: .2rem 0; overflow: hidden;}
.pv-track i {position: absolute; top: 0; bottom: 0; display: block;}
.pv-track i.bar {left: 0; border-radius: 3px;}
.pv-track i.span {top: 4px; bottom: 4px; border-radius: 2px; opacity: .55;}
.pv-track i.dot {width: 9px; top: 1px; bottom: 1px; margin-left: -4.5px; border-radius: 50%;}
.pv-track i.one {width: 0; border-left: 2px dashed #33414c;}
.pv-track.none {background: repeating-linear-gradient(135deg, #f1f0ec 0 4px, #c9cfd3 4px 5px);}
.pv-pairs {display: grid; grid-template-columns: repeat(auto-fill, minmax(22rem, 1fr)); gap: .5rem 2rem;}
.pv-ties {margin: .2rem 0 .1rem 0 !important; padding-left: .1rem !important; list-style: none;}
.pv-ties li {margin: .1rem 0 0 0 !important; padding: 0 !important; line-height: 1.4;}
.pv-stars {color: #8a5a00; letter-spacing: .05em; white-space: nowrap;} .pv-stars u {color: #c3ccd2; text-decoration: none;}
.pv-cmp.many {overflow-x: auto;} .pv-cmp:not(.many) thead th {position: sticky; top: 3.2rem; background: #fff; z-index: 2;}
.pv-cmp table {border-collapse: collapse; width: 100%; table-layout: fixed; font-size: .95rem;}
.pv-cmp th, .pv-cmp td {padding: .3rem .45rem; vertical-align: top; text-align: left; border-bottom: 1px solid #e3e9ed; line-height: 1.3; font-weight: 400; overflow-wrap: break-word;}
.pv-cmp thead th {font-weight: 650; color: #0b3c5d; border-bottom: 2px solid #0b5c8a; vertical-align: bottom;}
.pv-cmp tbody th {color: #1c2b36;} .pv-cmp th.first {width: 13.5rem;}
.pv-cmp tr.part th {padding-top: 1.1rem; font-weight: 650; color: #0b3c5d; border-bottom: 1px solid #0b5c8a;}
.pv-cmp td small {display: block; font-size: .86rem; color: #4a5a66;}
.pv-cmp .pv-long {display: -webkit-box; -webkit-line-clamp: 3; -webkit-box-orient: vertical; overflow: hidden;}
.pv-cmp.many table {font-size: .9rem; min-width: 50rem;} .pv-cmp.many th.first {width: 11rem;}
.pv-cmp.many th, .pv-cmp.many td {padding: .3rem .3rem;}
@media (max-width: 640px) {
  .pv-pairs {grid-template-columns: 1fr;}
  .pv-figures {grid-template-columns: 1fr;} .pv-figure {display: grid; grid-template-columns: 5.2rem 1fr; align-items: center; column-gap: .6rem;}
  .pv-figure .pv-note {grid-column: 2;}
  .pv-cmp table, .pv-cmp.many table {min-width: 0; display: block;} .pv-cmp thead {display: none;}
  .pv-cmp tbody, .pv-cmp tr, .pv-cmp th, .pv-cmp td {display: block; width: auto !important;}
  .pv-cmp tbody th {font-weight: 600; padding-top: .7rem; border: 0;} .pv-cmp td {display: grid; grid-template-columns: 7.2rem 1fr; column-gap: .5rem; border: 0; padding: .12rem .45rem;}
  .pv-cmp td::before {content: attr(data-place); grid-row: span 3; color: #4a5a66;} .pv-cmp td > * {grid-column: 2;}
}
</style>
"""


def track(value: float, end: float, colour: str) -> str:
    """Draw a bar from 0 on an axis that ends at ``end``; without a figure the axis is hatched."""
    if not math.isfinite(value):
        return '<div class="pv-track none"></div>'
    return (
        f'<div class="pv-track"><i class="bar" style="width:{_at(value, end)};background:{colour}"></i></div>'
    )


def interval(value: float, low: float, high: float, end: float, *, sure: bool) -> str:
    """Draw a location quotient as a dot on its interval; the dashed line stands at 1, the national share.

    The axis is logarithmic, because a quotient is a ratio: half and double the national share lie as far
    from it. It runs from ``1 / end`` to ``end``; what lies beyond is drawn at its edge.
    """
    colour = SURE if sure else UNSURE
    left, right = _log_place(low, end), _log_place(high, end)
    return (
        f'<div class="pv-track"><i class="one" style="left:50%"></i>'
        f'<i class="span" style="left:{left:.2f}%;width:{right - left:.2f}%;background:{colour}"></i>'
        f'<i class="dot" style="left:{_log_place(value, end):.2f}%;background:{colour}"></i></div>'
    )


def axis_end(highest: float) -> float:
    """Return the end of the axis of location quotients: a little beyond the highest, 4 to 20."""
    return min(max(1.3 * highest, 4.0), 20.0) if math.isfinite(highest) else 4.0


def stars(count: float, t: Text) -> str:
    """Draw 0–3 cluster stars; nothing where they are not known."""
    if not math.isfinite(count):
        return ""
    full = int(count)
    label = escape(t("provinces.stars", n=full))
    return (
        f'<span class="pv-stars" role="img" aria-label="{label}" title="{label}">'
        f"{'★' * full}<u>{'☆' * (3 - full)}</u></span>"
    )


def row(name: str, value: str, mark: str = "", note: str = "") -> str:
    """One line of a list: name and value over a mark, with a note under it; ``name`` may hold marks."""
    tail = f'<div class="pv-note">{escape(note)}</div>' if note else ""
    return (
        f'<div class="pv-row"><div>{name}</div><div class="pv-value">{escape(value)}</div>{mark}{tail}</div>'
    )


def listing(rows: list[str]) -> str:
    """Put lines one under the other."""
    return f'<div class="pv-list">{"".join(rows)}</div>'


def figure(value: str, label: str, note: str) -> str:
    """One leading number with what it is and where it comes from."""
    return (
        f'<div class="pv-figure"><b>{escape(value)}</b><span>{escape(label)}</span>'
        f'<span class="pv-note">{escape(note)}</span></div>'
    )


def figures(parts: list[str]) -> str:
    """Put leading numbers side by side."""
    return f'<div class="pv-figures">{"".join(parts)}</div>'


def _share(value: float, end: float) -> float:
    """Place on an axis from 0 to ``end``, 0–1."""
    return min(max(value / end, 0.0), 1.0) if end > 0 and math.isfinite(value) else 0.0


def _log_place(value: float, end: float) -> float:
    """Place on the logarithmic axis from ``1 / end`` to ``end``, in per cent of its width."""
    if value <= 0:
        return 0.0
    return 100 * min(max(0.5 + 0.5 * math.log(value) / math.log(end), 0.0), 1.0)


def _at(value: float, end: float) -> str:
    """The same as a share of the width."""
    return f"{100 * _share(value, end):.2f}%"
