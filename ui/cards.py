"""Cards and bars of opportunities, as escaped HTML."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from geo import palette
from geo.linkage import score
from geo.linkage.model import Opportunity, Told
from geo.places import admin
from ui.text import Text

#: One colour a component (Okabe–Ito and two greys), in the order of ``score.COMPONENTS``.
COMPONENT_COLOURS = dict(
    zip(
        (component.name for component in score.COMPONENTS),
        ("#0072B2", "#56B4E9", "#D55E00", "#E69F00", "#009E73", "#CC79A7", "#7f8c96"),
        strict=True,
    )
)


def who(opportunity: Opportunity, t: Text) -> str:
    """Name the provinces, source first, with an arrow where goods or skills go one way."""
    provinces = admin.provinces(opportunity.vintage)
    names = [t.name(provinces.loc[code]) for code in opportunity.province_codes]
    return (" – " if opportunity.kind == "cluster" else " → ").join(names)


def subject(item: Told, t: Text) -> str:
    """Name the material or sector, without the remarks that follow the name of a sector."""
    name = t.name(item, "subject")
    return name.split(" (")[0].split(";")[0].strip()


def magnitude(opportunity: Opportunity, t: Text) -> str:
    """Write the magnitude with its unit."""
    return f"{t.short(opportunity.magnitude)} {t('unit.' + opportunity.unit)}"


def brief(opportunity: Opportunity, t: Text) -> str:
    """Say an opportunity in one short line, for a finding."""
    return f"{who(opportunity, t)}: {subject(opportunity, t)}, {magnitude(opportunity, t)}"


def bars(opportunity: Opportunity, weights: Mapping[str, float], t: Text) -> str:
    """Draw the score as one bar cut in its weighted components."""
    parts = []
    for component in score.COMPONENTS:
        value = opportunity.components[component.name]
        label = t.name(component, "label")
        title = f"{label}: {t.number(value, 2)} × {t.number(weights[component.name], 2)}"
        width = 100 * value * weights[component.name]
        parts.append(
            f'<span style="width:{width:.2f}%;background:{COMPONENT_COLOURS[component.name]}" '
            f'title="{escape(title)}"></span>'
        )
    return (
        f'<div class="bars" role="img" aria-label="{t.number(opportunity.score, 2)}">{"".join(parts)}</div>'
    )


def bars_legend(t: Text) -> str:
    """Name the colours of the bars."""
    items = []
    for component in score.COMPONENTS:
        label = t.name(component, "label")
        colour = COMPONENT_COLOURS[component.name]
        items.append(
            f'<span style="white-space:nowrap;margin-right:.8rem"><span style="display:inline-block;width:.8em;'
            f'height:.8em;border-radius:2px;background:{colour}"></span> {escape(label)}</span>'
        )
    return f'<div style="font-size:.88rem;line-height:1.7">{"".join(items)}</div>'


def card(
    opportunity: Opportunity, weights: Mapping[str, float], t: Text, *, rank: int, sentence: bool = False
) -> str:
    """Draw one opportunity as a card."""
    star = f" · ★ {t('linkages.between_regions')}" if opportunity.crosses_regions else ""
    head = (
        f'<div class="kind">{rank}. {_mark(opportunity.kind)} {escape(t("kind." + opportunity.kind))}{escape(star)}</div>'
        f'<div class="who">{escape(who(opportunity, t))}</div>'
        f'<div class="facts">{escape(subject(opportunity, t))} · {escape(_kept_together(magnitude(opportunity, t)))} · '
        f"{t.number(opportunity.distance_km)}\u00a0km</div>"
        f'<div class="kind">{escape(t("linkages.score"))} {t.number(opportunity.score, 2)} · '
        f"{escape(t('linkages.confidence', letter=opportunity.confidence))}{escape(_stays(opportunity, t))}</div>"
    )
    tail = f"<div>{escape(opportunity.sentence(t.lang))}</div>" if sentence else ""
    return f'<div class="card">{head}{bars(opportunity, weights, t)}{tail}</div>'


def _stays(opportunity: Opportunity, t: Text) -> str:
    """How often it stays in the top ten, where that was tested."""
    if opportunity.top_ten_share is None:
        return ""
    return " · " + t("stability.short", share=t.number(100 * opportunity.top_ten_share)).replace(
        " %", "\u00a0%"
    )


def _kept_together(text: str) -> str:
    """Keep a number and its unit on one line."""
    return text.replace(" ", "\u00a0")


def _mark(kind: str) -> str:
    """A square in the colour that the kind has on the map."""
    return (
        f'<span style="display:inline-block;width:.75em;height:.75em;border-radius:2px;'
        f'background:{palette.KINDS[kind]}"></span>'
    )
