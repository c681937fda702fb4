"""What was recovered of a known plan, and how that is said."""

from __future__ import annotations

from dataclasses import dataclass

from geo.linkage.model import Text
from geo.linkage.narrative import percent, say
from geo.linkage.sanity_reasons import Reason
from geo.subjects.known_plans import Plan

Pair = tuple[str, str]


@dataclass(frozen=True)
class Missed:
    """A planned province without an opportunity on the subject, and why."""

    province_code: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Recovery:
    """How much of one plan the ranking recovers.

    Parameters
    ----------
    vintage : str
        Of the codes below; a plan of the 63 is looked at in the provinces they went into.
    planned : tuple of str
        Provinces of the plan that a source names.
    touched : tuple of str
        Those of them in an opportunity on the same subject.
    province_recall : float
        ``touched`` over ``planned`` (0–1).
    province_chance : float
        Provinces of the whole country in an opportunity on the subject over all provinces (0–1): the recall
        to expect if the planned provinces had been drawn at random.
    pairs, pairs_found : tuple of pairs
        Pairs of planned provinces, and those of them linked by an opportunity on the subject.
    pair_recall, pair_chance : float
        The same for pairs; NaN when the plan has fewer than two provinces in the vintage.
    pairs_both_surplus : int
        Planned pairs not linked in which both have the material left over, so that nothing flows.
    opportunity_ids : tuple of str
        Opportunities on the subject that touch a planned province, best first.
    first_rank, first_rank_within : int or None
        Rank (1 = first) of the best of them, and of the best one with planned provinces only.
    ranked : int
        Opportunities in the ranking.
    group_id : str
        The group on the subject that shares most with the plan; empty when none touches it.
    group_planned, group_size : int
        Planned provinces in that group, and all its provinces.
    """

    plan: Plan
    vintage: str
    planned: tuple[str, ...]
    touched: tuple[str, ...]
    province_recall: float
    province_chance: float
    pairs: tuple[Pair, ...]
    pairs_found: tuple[Pair, ...]
    pair_recall: float
    pair_chance: float
    pairs_both_surplus: int
    opportunity_ids: tuple[str, ...]
    first_rank: int | None
    first_rank_within: int | None
    ranked: int
    group_id: str
    group_planned: int
    group_size: int
    missed: tuple[Missed, ...]

    def sentence(self) -> Text:
        """Say in both languages what was found of the plan, with what chance alone would give."""
        return Text(sentence_vi(self), sentence_en(self))


def sentence_vi(r: Recovery) -> str:
    """Say what was found, in Vietnamese."""
    n, k = say(len(r.planned), "vi", "count"), say(len(r.touched), "vi", "count")
    out = (
        f"{k}/{n} tỉnh của kế hoạch có cơ hội liên kết về cùng đối tượng (chọn ngẫu nhiên cũng được "
        f"{percent(r.province_chance, 'vi')})"
    )
    if r.pairs:
        out += (
            f"; {say(len(r.pairs_found), 'vi', 'count')}/{say(len(r.pairs), 'vi', 'count')} cặp tỉnh được nối "
            f"trực tiếp (ngẫu nhiên: {percent(r.pair_chance, 'vi')})"
        )
        if r.pairs_both_surplus:
            out += f", {say(r.pairs_both_surplus, 'vi', 'count')} cặp không được nối vì cả hai cùng dư nguyên liệu"
    elif len(r.plan.provinces) > 1:
        out += "; các tỉnh cũ của kế hoạch nay cùng một tỉnh nên không còn cặp nào để nối"
    if r.first_rank_within:
        out += (
            f"; cơ hội đầu tiên giữa hai tỉnh của kế hoạch đứng thứ {say(r.first_rank_within, 'vi', 'count')} "
            f"trong {say(r.ranked, 'vi', 'count')}"
        )
    elif r.first_rank:
        out += (
            f"; cơ hội đầu tiên chạm tới kế hoạch đứng thứ {say(r.first_rank, 'vi', 'count')} trong "
            f"{say(r.ranked, 'vi', 'count')}"
        )
    if r.group_id:
        out += (
            f"; nhóm trùng nhiều nhất có {say(r.group_planned, 'vi', 'count')}/{n} tỉnh của kế hoạch trong "
            f"{say(r.group_size, 'vi', 'count')} tỉnh thành viên"
        )
    if len(r.plan.provinces) < r.plan.provinces_planned:
        out += (
            f"; nguồn công khai chỉ nêu tên {say(len(r.plan.provinces), 'vi', 'count')} trong "
            f"{say(r.plan.provinces_planned, 'vi', 'count')} tỉnh"
        )
    return out + "."


def sentence_en(r: Recovery) -> str:
    """Say what was found, in English."""
    n, k = say(len(r.planned), "en", "count"), say(len(r.touched), "en", "count")
    out = (
        f"{k} of {n} planned provinces have an opportunity on the same subject (drawn at random: "
        f"{percent(r.province_chance, 'en')})"
    )
    if r.pairs:
        out += (
            f"; {say(len(r.pairs_found), 'en', 'count')} of {say(len(r.pairs), 'en', 'count')} pairs are linked "
            f"directly (at random: {percent(r.pair_chance, 'en')})"
        )
        if r.pairs_both_surplus:
            out += f", {say(r.pairs_both_surplus, 'en', 'count')} are not because both have the material left over"
    elif len(r.plan.provinces) > 1:
        out += "; its old provinces are one today, so that no pair is left to link"
    if r.first_rank_within:
        out += (
            f"; the first opportunity between two planned provinces ranks {say(r.first_rank_within, 'en', 'count')} "
            f"of {say(r.ranked, 'en', 'count')}"
        )
    elif r.first_rank:
        out += (
            f"; the first opportunity that touches the plan ranks {say(r.first_rank, 'en', 'count')} of "
            f"{say(r.ranked, 'en', 'count')}"
        )
    if r.group_id:
        out += (
            f"; the closest group has {say(r.group_planned, 'en', 'count')} of the {n} planned provinces among "
            f"its {say(r.group_size, 'en', 'count')}"
        )
    if len(r.plan.provinces) < r.plan.provinces_planned:
        out += (
            f"; public sources name only {say(len(r.plan.provinces), 'en', 'count')} of its "
            f"{say(r.plan.provinces_planned, 'en', 'count')} provinces"
        )
    return out + "."
