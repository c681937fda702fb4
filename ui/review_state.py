"""The queue of questions between two runs: what is shown in which order, answers kept, the last ones taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from geo.errors import GeoError
from geo.intake import decisions

#: Questions on a page.
PAGE = 20
#: What of the questions is shown.
SHOWN = ("open", "all", "answered")
_ORDER, _UNDO, _ERROR, _TURN = "_review_order", "_review_undo", "_review_error", "_review_turn"


@dataclass(frozen=True)
class Choice:
    """Which questions are shown, and in which order."""

    question: str = "duplicate"
    show: str = "open"
    low: float = 0.0
    high: float = 1.0
    least_first: bool = False


def with_answers(review: pd.DataFrame, kept: Mapping[str, str]) -> pd.DataFrame:
    """Return the questions with the ``answer`` that is kept for each; an empty text where there is none."""
    return review.assign(answer=[kept.get(key, "") for key in review["key"]])


def select(questions: pd.DataFrame, choice: Choice) -> np.ndarray:
    """Return the positions of the questions chosen, in the order chosen; equals stay as the queue has them."""
    answered, score = questions["answer"] != "", questions["score"].astype(float)
    wanted = (questions["question"] == choice.question) & score.between(choice.low, choice.high)
    if choice.show != "all":
        wanted &= answered == (choice.show == "answered")
    order = np.flatnonzero(wanted.to_numpy())
    if choice.question == "sector" and not choice.least_first:
        return order  # most rows first, as the queue has them
    sign = 1 if choice.least_first else -1
    return order[np.argsort(sign * score.to_numpy()[order], kind="stable")]


def waiting(review: pd.DataFrame, kept: Mapping[str, str], followed: Mapping[str, str]) -> bool:
    """Tell whether answers were given, changed or taken back since the check that made these questions."""
    changed = {key for key in {*kept, *followed} if kept.get(key) != followed.get(key)}
    return bool(changed) and bool(changed & {*review["key"], *followed})


def frozen(questions: pd.DataFrame, review: pd.DataFrame, choice: Choice) -> np.ndarray:
    """Return the chosen positions; they stay while questions are answered, so that no row jumps away."""
    held = st.session_state.get(_ORDER)
    if held is None or held[0] is not review or held[1] != choice:
        held = (review, choice, select(questions, choice))
        st.session_state[_ORDER] = held
        renew()
    return held[2]


def thaw() -> None:
    """Choose the questions anew at the next run."""
    st.session_state.pop(_ORDER, None)


def turn() -> int:
    """Return a number that changes whenever what is in a widget is no longer what is kept."""
    return int(st.session_state.setdefault(_TURN, 0))


def renew() -> None:
    """Have the widgets begin again from the kept answers."""
    st.session_state[_TURN] = turn() + 1


def keep(name: str, answers: Mapping[str, str]) -> None:
    """Keep answers at once; what cannot be kept is said at the next run."""
    try:
        before = decisions.kept(name)
        changed = {key: answer for key, answer in answers.items() if before.get(key, "") != answer}
        if not changed:
            return
        decisions.keep(name, changed)
    except GeoError as error:
        st.session_state[_ERROR] = error
        return
    st.session_state.setdefault(_UNDO, []).append((name, {key: before.get(key, "") for key in changed}))


def can_undo(name: str) -> int:
    """Return how many answers the last step gave, 0 when there is none to take back."""
    steps = st.session_state.get(_UNDO, [])
    return len(steps[-1][1]) if steps and steps[-1][0] == name else 0


def undo() -> None:
    """Take the answers of the last step back."""
    name, before = st.session_state[_UNDO].pop()
    try:
        decisions.keep(name, before)
    except GeoError as error:
        st.session_state[_ERROR] = error
    renew()


def error() -> GeoError | None:
    """Return what could not be kept, once."""
    return st.session_state.pop(_ERROR, None)
