"""Cards of the methods page: formula, what it says, the formula with live numbers, source, limits."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from ui.context import Context

#: Long formulas scroll inside their card on a phone; a card that starts at the top reads from the top.
_STYLE = """
<style>
[class*="st-key-method_"] .katex-display {overflow-x: auto; overflow-y: hidden; padding: .2rem 0; margin: .3rem 0;}
[class*="st-key-method_"] h3 {padding: 0 0 .1rem 0;}
[class*="st-key-method_"] .katex {font-size: 1.12em;}
@media (max-width: 640px) {[class*="st-key-method_"] .katex-display .katex {font-size: .92em;}}
</style>
"""


#: A letter with an index, as the texts write it: x_rs.
_SYMBOL = re.compile(r"\b([A-Za-z])_([a-z]{1,2})\b")


@dataclass(frozen=True)
class Card:
    """One measure.

    Parameters
    ----------
    name : str
        Of its texts: ``method.<name>.title``, ``.says``, ``.source``, ``.limits``.
    formula : str
        LaTeX; symbols and numbers only, so that it needs no translation. Empty for none.
    example : callable, optional
        Writes the formula with the numbers of the data set in force; ``None`` when the data have no case.
    table : callable, optional
        Draws a table below the texts.
    """

    name: str
    formula: str
    example: Callable[[Context], str | None] | None = None
    table: Callable[[Context], None] | None = None


def draw(context: Context, cards: Sequence[Card]) -> None:
    """Draw the cards of one family below each other, text beside live numbers where there is room."""
    st.html(_STYLE)
    for card in cards:
        with st.container(border=True, key=f"method_{card.name}"):
            _draw(context, card)


def _draw(context: Context, card: Card) -> None:
    """Draw one card."""
    t = context.t
    st.subheader(t(f"method.{card.name}.title"), anchor=False)
    left, right = st.columns([5, 4], gap="medium")
    with left:
        if card.formula:
            st.latex(card.formula)
        st.markdown(_safe(t(f"method.{card.name}.says")))
        st.caption(f"**{t('methods.limits_of')}** {_safe(t(f'method.{card.name}.limits'))}")
    with right:
        if card.example is not None:
            found = card.example(context)
            if found is None:
                st.info(t("methods.no_example"), icon=":material/data_alert:")
            else:
                st.success(f"**{t('methods.live')}** {_safe(found)}", icon=":material/calculate:")
        st.caption(f"**{t('methods.source')}** {_safe(t(f'method.{card.name}.source'))}")
    if card.table is not None:
        card.table(context)


def _safe(text: str) -> str:
    """Keep signs of the text from being read as Markdown, and set x_rs as a symbol with its index."""
    parts = _SYMBOL.split(text)
    # The pattern has two groups, so that texts and symbols take turns: text, letter, index, text, …
    out = [_escaped(parts[0])]
    for letter, index, after in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        out.append(f"${letter}_{{{index}}}${_escaped(after)}")
    return "".join(out)


def _escaped(text: str) -> str:
    """Escape the signs that Markdown reads."""
    for sign in ("\\", "*", "_", "~", "$", "[", "]", "|"):
        text = text.replace(sign, f"\\{sign}")
    return text
