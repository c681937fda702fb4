"""Legends of our own: they need nothing from outside, print well and say how many areas each class holds.

Every function returns escaped HTML, for a control on the map (``ui.maps.legend_control``) or for the page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from math import sqrt

from geo import palette
from geo.numbers import short_number
from geo.palette import Classes
from ui.map_words import words

Format = Callable[[float], str]


def _format(lang: str, given: Format | None) -> Format:
    """Use the caller's way of writing numbers, else the short form of the language."""
    return given if given is not None else lambda value: short_number(value, lang)


def _row(swatch: str, label: str, count: str = "") -> str:
    """Set one line of a legend: the mark, what it means, how many."""
    tail = f'<span class="atlas-count">{escape(count)}</span>' if count else ""
    return f'<li>{swatch}<span class="atlas-label">{escape(label)}</span>{tail}</li>'


def _block(title: str, unit: str, rows: Sequence[str], note: str = "") -> str:
    """Set a titled block of lines."""
    head = escape(title) + (f' <span class="atlas-unit">({escape(unit)})</span>' if unit else "")
    foot = f'<p class="atlas-note">{escape(note)}</p>' if note else ""
    return f'<section class="atlas-legend-block"><h4>{head}</h4><ul>{"".join(rows)}</ul>{foot}</section>'


def swatch(colour: str) -> str:
    """Return a filled box; the colour is checked by escaping only."""
    return (
        '<svg class="atlas-swatch" width="22" height="14" aria-hidden="true">'
        f'<rect x="0.5" y="0.5" width="21" height="13" rx="2" fill="{escape(colour)}" stroke="#6b7680" stroke-width="0.6"/></svg>'
    )


def hatch_swatch() -> str:
    """Return the box of "no figure": hatched, so that it cannot be read as zero."""
    lines = "".join(
        f'<path d="M{x} 14L{x + 14} 0" stroke="{palette.HATCH_LINE}" stroke-width="1"/>'
        for x in range(-12, 22, 5)
    )
    return (
        '<svg class="atlas-swatch" width="22" height="14" aria-hidden="true">'
        f'<rect width="22" height="14" fill="{palette.HATCH_GROUND}"/>{lines}'
        '<rect x="0.5" y="0.5" width="21" height="13" rx="2" fill="none" stroke="#6b7680" stroke-width="0.6"/></svg>'
    )


def classes_legend(
    title: str,
    classes: Classes,
    colours: Sequence[str],
    *,
    lang: str = "vi",
    unit: str = "",
    fmt: Format | None = None,
    note: str = "",
    no_figure: bool = True,
) -> str:
    """Return the legend of a tinted map: each class with its range and how many areas it holds.

    Parameters
    ----------
    title, unit, note : str
        Plain text, escaped here; ``note`` defaults to the way the classes were cut.
    classes : Classes
        From ``class_breaks`` or ``diverging_breaks``.
    colours : sequence of str
        One a class, from ``classes.colours(palette)``.
    fmt : callable, optional
        Writes a number; the default is the short form of the language.
    no_figure : bool, default True
        Show the hatched line (only when some area has no figure).
    """
    say, write = words(lang), _format(lang, fmt)
    rows = []
    for place, count in enumerate(classes.counts):
        low, high = (write(edge).replace("-", "−", 1) for edge in classes.breaks[place : place + 2])
        # A dash between negative numbers reads as one more minus.
        between = say["to"] if classes.breaks[place] < 0 else "–"
        label = low if low == high else f"{low} {between} {high}"
        rows.append(_row(swatch(colours[place]), label, f"{count}"))
    if not rows:
        rows.append(_row("", say["no_figures"]))
    if no_figure and classes.missing:
        rows.append(_row(hatch_swatch(), say["no_figure"], f"{classes.missing}"))
    return _block(title, unit, rows, note or (say[f"scheme_{classes.scheme}"] if classes.counts else ""))


def kinds_legend(title: str, kinds: Mapping[str, str], colours: Mapping[str, str] | None = None) -> str:
    """Return a legend of kinds: code → label, each with its colour of the Okabe–Ito set."""
    inks = palette.KINDS if colours is None else colours
    return _block(title, "", [_row(swatch(inks[code]), label) for code, label in kinds.items()])


def widths_legend(
    title: str, largest: float, *, lang: str = "vi", unit: str = "", fmt: Format | None = None, most_px: float = 14.0,
    least_px: float = 2.2, colour: str = palette.KINDS["material"], note: str | None = None, directed: bool = True,
) -> str:  # fmt: skip
    """Return the key of flow widths: three amounts drawn as wide as on the map (square-root scale).

    Ties without a direction (``directed=False``) are plain bars.
    """
    write, say = _format(lang, fmt), words(lang)
    rows = []
    for share in (1.0, 0.25, 0.04) if largest > 0 else ():
        value = _round_down(largest * share)
        width = flow_width(value, largest, most_px, least_px)
        head, wing = max(8.0, width * 1.25), max(4.2, width * 0.95)
        shape = (
            f'<path d="M1 {wing - 0.7:.1f}L{51 - head:.1f} {wing - width / 2:.1f}V{wing + width / 2:.1f}L1 {wing + 0.7:.1f}Z"/>'
            f'<path d="M{51 - head:.1f} 0L51 {wing:.1f}L{51 - head:.1f} {2 * wing:.1f}Z"/>'
        )
        if not directed:
            shape = f'<rect x="1" y="{wing - width * 0.4:.1f}" width="48" height="{width * 0.8:.1f}"/>'
        mark = (
            f'<svg class="atlas-swatch" width="52" height="{2 * wing + 1:.0f}" aria-hidden="true" fill="{escape(colour)}">'
            f"{shape}</svg>"
        )
        rows.append(_row(mark, write(value)))
    usual = say["flow_note"] if directed else ""
    return _block(title, unit, rows, usual if note is None else note)


def circles_legend(
    title: str, largest: float, *, lang: str = "vi", unit: str = "", fmt: Format | None = None, most_px: float = 18.0,
    colour: str = palette.OKABE_ITO["orange"],
) -> str:  # fmt: skip
    """Return the key of circle sizes: area in proportion to the amount."""
    write = _format(lang, fmt)
    rows = []
    for share in (1.0, 0.25, 0.05) if largest > 0 else ():
        value = _round_down(largest * share)
        radius = circle_radius(value, largest, most_px)
        mark = (
            f'<svg class="atlas-swatch" width="40" height="{max(2 * radius + 2, 14):.0f}" aria-hidden="true">'
            f'<circle cx="20" cy="{max(radius + 1, 7):.1f}" r="{radius:.1f}" fill="{escape(colour)}" fill-opacity="0.75" '
            'stroke="#ffffff"/></svg>'
        )
        rows.append(_row(mark, write(value)))
    return _block(title, unit, rows)


def marks_legend(title: str, marks: Mapping[str, str], *, colour: str = palette.INK) -> str:
    """Return a legend of marks: ``diamond``, ``dot``, ``ring`` (place known to the commune only), ``outline``."""
    shapes = {
        "diamond": f'<path d="M11 1L19 8L11 15L3 8Z" fill="#ffffff" stroke="{escape(colour)}" stroke-width="2"/>',
        "dot": f'<circle cx="11" cy="8" r="4.5" fill="{palette.OKABE_ITO["blue"]}" stroke="#ffffff"/>',
        "ring": f'<circle cx="11" cy="8" r="4.5" fill="none" stroke="{palette.OKABE_ITO["blue"]}" stroke-width="1.6" '
        'stroke-dasharray="2.5 2"/>',
        "outline": f'<rect x="2" y="2" width="18" height="12" rx="3" fill="none" stroke="{escape(colour)}" stroke-width="2.5"/>',
    }  # fmt: skip
    return _block(
        title, "", [_row(f'<svg class="atlas-swatch" width="22" height="16" aria-hidden="true">{shapes[mark]}</svg>', label)
                    for mark, label in marks.items()],
    )  # fmt: skip


def join(*blocks: str) -> str:
    """Put legend blocks one under the other."""
    return "".join(block for block in blocks if block)


def flow_width(value: float, largest: float, most_px: float = 14.0, least_px: float = 2.2) -> float:
    """Return the width of a flow in pixels: square root of its share of the largest, never thinner than seen."""
    if largest <= 0 or value <= 0:
        return least_px
    return max(least_px, most_px * sqrt(min(value / largest, 1.0)))


def circle_radius(value: float, largest: float, most_px: float = 18.0, least_px: float = 2.5) -> float:
    """Return the radius of a circle in pixels, so that its area stands for the amount."""
    if largest <= 0 or value <= 0:
        return least_px
    return max(least_px, most_px * sqrt(min(value / largest, 1.0)))


def _round_down(value: float) -> float:
    """Round to one significant digit, downwards: 4 870 → 4 000."""
    if value <= 0:
        return 0.0
    step = 10.0 ** int(f"{value:e}".split("e")[1])
    return float(int(value / step + 1e-9) * step)
