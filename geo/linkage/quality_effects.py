"""Which letters of confidence would be better if something were collected: each linkage judged anew.

Nothing is estimated here. Each opportunity is judged by :func:`geo.linkage.kinds.judge` as in the ranking, with
only what is known of its figures changed by an action of :mod:`geo.linkage.quality_actions`; score, rank and
their firmness stay as they are.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from geo.linkage import confidence, engine, kinds
from geo.linkage.candidates import Candidates
from geo.linkage.confidence import DataContext, Standing
from geo.linkage.model import Finding, Opportunity
from geo.linkage.quality_actions import ACTIONS, Action
from geo.linkage.ranking import Ranking
from geo.linkage.stability import Draws
from geo.store.filters import Filters

#: The part of a list that a leader looks at.
TOP = 20
#: Place in the list -> letter.
Letters = dict[int, str]


@dataclass(frozen=True)
class Case:
    """One opportunity of the list: what was found, how firm its place is, its letter as it stands."""

    finding: Finding
    standing: Standing | None
    letter: str


@dataclass(frozen=True)
class Step:
    """What one thing to collect would do.

    Parameters
    ----------
    action : Action
        What to collect.
    alone, alone_top : int
        Opportunities of the list, and of its first :data:`TOP`, that get a better letter by this alone.
    alone_from_c : int
        Of ``alone`` those that are now C.
    further, further_top : int
        The same, counted on top of the steps before it.
    provinces : tuple of (str, int)
        Provinces to collect in, with the number of opportunities of ``further`` there; most first.
    letters : dict
        Letter -> opportunities of the list after this step and those before it.
    """

    action: Action
    alone: int
    alone_top: int
    alone_from_c: int
    further: int
    further_top: int
    provinces: tuple[tuple[str, int], ...]
    letters: dict[str, int]


@dataclass(frozen=True)
class Collecting:
    """What to collect for a list of opportunities, and the opportunities themselves."""

    steps: tuple[Step, ...]
    listed: tuple[Case, ...]

    @property
    def letters(self) -> dict[str, int]:
        """Letter -> opportunities of the list as it stands."""
        return dict(sorted(Counter(case.letter for case in self.listed).items()))


def collecting(
    found: Candidates,
    filters: Filters,
    weights: Mapping[str, float] | None = None,
    draws: Draws | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Collecting:
    """Return what to collect first for the opportunities that the filters keep.

    Parameters
    ----------
    found : Candidates
        Of the country.
    filters : Filters
        The same as those of ``found`` but for regions, provinces and materials.
    weights : mapping, optional
        Weights of the score.
    draws : Draws, optional
        Of ``stability.draw`` for the same country: letters then count how firm the places are.
    progress : callable, optional
        Takes the work done and all of it; may raise to stop.
    """
    country = engine.rank(found, weights, draws=draws)
    listed = cases(found, engine.rank(engine.narrow(found, filters), weights, draws=draws), country)
    return Collecting(tuple(first(listed, found.basis.data.context, progress)), tuple(listed))


def cases(found: Candidates, listed: Ranking, country: Ranking) -> list[Case]:
    """Gather the opportunities of a list with all that their letters rest on.

    Parameters
    ----------
    found : Candidates
        Of the country: hands over the findings.
    listed : Ranking
        The list looked at, in its order.
    country : Ranking
        The same ranking over the whole country, whose places count for the letters; the same draws or none.
    """
    finding_of = {o.id: f for o, f in zip(found.basis.opportunities, found.basis.findings, strict=True)}
    total = len(country.opportunities)
    standing_of = {o.id: _standing(o, rank, total) for rank, o in enumerate(country.opportunities, 1)}
    return [Case(finding_of[o.id], standing_of.get(o.id), o.confidence) for o in listed.opportunities]


def _standing(opportunity: Opportunity, rank: int, total: int) -> Standing | None:
    """Return how firm a place in the country's list is; ``None`` where nothing was resampled."""
    low, high = opportunity.rank_low, opportunity.rank_high
    if opportunity.top_ten_share is None or opportunity.found_share is None or low is None or high is None:
        return None
    return Standing(rank, total, opportunity.top_ten_share, opportunity.found_share, low, high)


def letter(case: Case, context: DataContext, actions: Sequence[Action] = ()) -> str:
    """Return the letter an opportunity would have after some actions; without any, the one it has."""
    measures, after = dict(case.finding.measures), context
    for action in actions:
        measures.update(action.measures(case.finding, context))
        after = action.context(after)
    judged = kinds.judge(dataclasses.replace(case.finding, measures=measures), after)
    return (judged if case.standing is None else confidence.with_standing(judged, case.standing)).letter


def first(
    listed: Sequence[Case], context: DataContext, progress: Callable[[int, int], None] | None = None
) -> list[Step]:
    """Return what to collect, the most useful first.

    Parameters
    ----------
    listed : sequence of Case
        As :func:`cases` returns them.
    context : DataContext
        Of the ranking (``found.basis.data.context``).
    progress : callable, optional
        Takes the work done and all of it; may raise to stop.

    Returns
    -------
    list of Step
        In the order of :func:`_order`. A step that betters no letter yet is there because those after it need
        it; at the end stand actions that help alone but no more after the others. Actions that better no
        letter are left out.
    """
    letters = _Judge(listed, context)
    now = {place: case.letter for place, case in enumerate(listed)}
    order = _order(letters, progress)
    alone = {a.code: letters.better(now, [a]) for a in order}
    steps: list[Step] = []
    current = now
    for count, action in enumerate(order, 1):
        gained = letters.better(current, order[:count])
        current = current | gained
        steps.append(_step(action, listed, now, alone[action.code], gained, current))
    last = max((place for place, step in enumerate(steps) if step.further), default=-1)
    return [step for place, step in enumerate(steps) if place <= last or step.alone]


def _order(letters: _Judge, progress: Callable[[int, int], None] | None) -> list[Action]:
    """Return all actions, the most useful first.

    Of all actions together, again and again the one is put last without which the fewest steps of letters
    (C to B, B to A) are lost; so what helps only jointly stays together. Of equals, that which betters fewer
    letters alone, then that which stands later in ``ACTIONS``.
    """
    left = list(ACTIONS)
    last: list[Action] = []
    alone = {a.code: letters.loss([a], a) for a in ACTIONS}
    while left:
        if progress is not None:
            progress(len(last), len(ACTIONS))
        losses = {a.code: letters.loss(left, a) for a in left}
        weakest = min(reversed(left), key=lambda a: (losses[a.code], alone[a.code]))
        left.remove(weakest)
        last.append(weakest)
    return last[::-1]


class _Judge:
    """Judges the opportunities of a list again and again, each with each set of actions only once."""

    def __init__(self, listed: Sequence[Case], context: DataContext) -> None:
        self._listed, self._context = listed, context
        self._concerned = [
            frozenset(a.code for a in ACTIONS if _concerns(a, case.finding, context)) for case in listed
        ]
        self._known: dict[tuple[int, frozenset[str]], str] = {}

    def better(self, current: Letters, actions: Sequence[Action]) -> Letters:
        """Return the opportunities whose letter would be better than it is, with that letter."""
        reached = {place: self._letter(place, actions) for place, letter in current.items() if letter > "A"}
        return {place: letter for place, letter in reached.items() if letter < current[place]}

    def loss(self, actions: Sequence[Action], one: Action) -> int:
        """Return how many steps of letters the list loses when one of the actions is left out."""
        others = [a for a in actions if a is not one]
        places = [place for place, concerned in enumerate(self._concerned) if one.code in concerned]
        return sum(ord(self._letter(place, others)) - ord(self._letter(place, actions)) for place in places)

    def _letter(self, place: int, actions: Sequence[Action]) -> str:
        """Return the letter of one opportunity after some actions."""
        concerned = [a for a in actions if a.code in self._concerned[place]]
        key = place, frozenset(a.code for a in concerned)
        if key not in self._known:
            self._known[key] = letter(self._listed[place], self._context, concerned)
        return self._known[key]


def _concerns(action: Action, finding: Finding, context: DataContext) -> bool:
    """Tell whether an action changes anything that is known of a finding's figures."""
    changed = action.measures(finding, context)
    known = all(finding.measures[name] == value for name, value in changed.items())
    return not known or action.context(context) != context


def _step(
    action: Action,
    listed: Sequence[Case],
    now: Letters,
    alone: Letters,
    gained: Letters,
    current: Letters,
) -> Step:
    """Put what an action does into numbers."""
    helped = gained or alone
    where = Counter(code for place in helped for code in action.where(listed[place].finding))
    return Step(
        action=action,
        alone=len(alone),
        alone_top=sum(place < TOP for place in alone),
        alone_from_c=sum(now[place] == "C" for place in alone),
        further=len(gained),
        further_top=sum(place < TOP for place in gained),
        provinces=tuple(sorted(where.items(), key=lambda item: (-item[1], item[0]))),
        letters=dict(sorted(Counter(current.values()).items())),
    )
