"""How far an opportunity can be relied on: A, B or C, with the reasons in both languages.

The letter rests on the figures alone, never on how attractive the opportunity is. Each kind names the
aspects of its figures, each a share 0–1 (``<kind>.judge``); their mean, with the quality of the places, is
the component ``data`` of the score; limits hold the letter down where one weakness cannot be made good by
other strengths. Where establishments and weights were resampled, how firm the place in the ranking is
counts as one more aspect of the letter; the score stays as it is, or it would decide about itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from geo.linkage.model import Text
from geo.linkage.narrative import percent, say

#: Least mean quality of the letters; conventions of the product.
LEAST_A, LEAST_B = 0.75, 0.5
#: An opportunity of the top ten that stays there in fewer resamples than this is held to B; a convention.
FIRM_SHARE = 0.5
#: What a kind hands back: aspects (0–1), letters it is limited to, reasons.
Aspects = tuple[list[float], list[str], list[Text]]


@dataclass(frozen=True)
class DataContext:
    """What is known of the whole data set: its kind, place quality and the latest year of figures."""

    kind: str
    place_share: float
    reference_year: int


@dataclass(frozen=True)
class Judgement:
    """Quality of the figures (0–1) and of how many aspects it is the mean, limit, letter and reasons."""

    quality: float
    letter: str
    reasons: tuple[Text, ...]
    aspects: int = 1
    limit: str = "A"


@dataclass(frozen=True)
class Standing:
    """How firm a place in the ranking is under resampling of establishments and weights.

    Parameters
    ----------
    rank : int
        Place in the list as it is, 1 = first.
    listed : int
        Opportunities in the list.
    top_ten_share, found_share : float
        Shares of the resamples in which it stands in the top ten, and is found at all.
    rank_low, rank_high : int
        5 % and 95 % quantile of its rank where it is found.
    """

    rank: int
    listed: int
    top_ten_share: float
    found_share: float
    rank_low: int
    rank_high: int

    @property
    def firmness(self) -> float:
        """Share of the resamples in which it is found × share of the list that its rank does not range over."""
        return self.found_share * (1.0 - (self.rank_high - self.rank_low) / max(self.listed, 1))


def judge(kind: str, judged: Aspects, context: DataContext) -> Judgement:
    """Turn the aspects of a finding's figures into its quality and letter.

    Parameters
    ----------
    kind : str
        Kind of the linkage: all but ``material`` rest on shares of establishments and need a sample.
    judged : tuple
        Aspects, limits and reasons as ``judge`` of the kind returns them.
    context : DataContext
        ``kind`` is ``real`` (public list, not a sample), ``demo`` (synthetic) or ``user``; ``place_share``
        the share of establishments known to the commune or better.

    Returns
    -------
    Judgement
        ``quality`` is the plain mean of the aspects; ``letter`` A from 0.75, B from 0.5, else C, but
        never above the lowest limit.
    """
    aspects, limits, reasons = [*judged[0], context.place_share], list(judged[1]), list(judged[2])
    share = context.place_share
    reasons.append(
        Text(
            f"{percent(share, 'vi')} cơ sở của bộ dữ liệu biết vị trí đến xã hoặc chính xác hơn.",
            f"{percent(share, 'en')} of the establishments in the data are placed to the commune or better.",
        )
    )
    limit, reason = _limit_of_data(kind, context.kind)
    if reason is not None:
        reasons.insert(0, reason)
    quality = round(sum(aspects) / len(aspects), 6)
    limit = max([limit, *limits])
    return Judgement(quality, max(_letter(quality), limit), tuple(reasons), len(aspects), limit)


def with_standing(judgement: Judgement, standing: Standing) -> Judgement:
    """Let the place in the ranking count: its firmness is one more aspect of the letter.

    Notes
    -----
    An opportunity now in the top ten that stays there in fewer than half of the resamples is held to B.
    """
    total = judgement.quality * judgement.aspects + standing.firmness
    quality = round(total / (judgement.aspects + 1), 6)
    shaky = standing.rank <= 10 and standing.listed > 10 and standing.top_ten_share < FIRM_SHARE
    limit = max(judgement.limit, "B" if shaky else "A")
    reasons = (*judgement.reasons, _standing_reason(standing))
    return Judgement(quality, max(_letter(quality), limit), reasons, judgement.aspects + 1, limit)


def _letter(quality: float) -> str:
    """Return the letter of a mean quality."""
    return "A" if quality >= LEAST_A else "B" if quality >= LEAST_B else "C"


def _standing_reason(standing: Standing) -> Text:
    """Say how often it stays in the top ten of the country, over which ranks it moves, how often it is found."""
    low, high, listed = standing.rank_low, standing.rank_high, standing.listed
    vi = (
        f"Đứng trong mười cơ hội đầu cả nước ở {percent(standing.top_ten_share, 'vi')} số lần lấy mẫu lại cơ sở "
        f"và trọng số; hạng từ {say(low, 'vi', 'count')} đến {say(high, 'vi', 'count')} trong "
        f"{say(listed, 'vi', 'count')} cơ hội (khoảng 90 %)"
    )
    en = (
        f"Stands in the country's top ten in {percent(standing.top_ten_share, 'en')} of the resamples of "
        f"establishments and weights; its rank is {say(low, 'en', 'count')} to {say(high, 'en', 'count')} of "
        f"{say(listed, 'en', 'count')} (90% interval)"
    )
    if standing.found_share < 1:
        vi += f"; liên kết còn được nhận ra ở {percent(standing.found_share, 'vi')} số lần"
        en += f"; the linkage is still found in {percent(standing.found_share, 'en')} of them"
    return Text(vi + ".", en + ".")


def _limit_of_data(kind: str, dataset_kind: str) -> tuple[str, Text | None]:
    """Return the best letter a data set allows and why."""
    if dataset_kind == "demo":
        return "B", Text(
            "Cơ sở và nhu cầu là dữ liệu minh hoạ: mức tin cậy chỉ cho thấy cách chấm và không vượt quá B.",
            "Establishments and needs are demonstration data: the confidence only shows how it is judged and "
            "is never above B.",
        )
    if dataset_kind == "real":
        letter = "B" if kind == "material" else "C"
        return letter, Text(
            f"Danh sách cơ sở công khai không phải mẫu đại diện nên mức tin cậy không vượt quá {letter}.",
            f"The public list of establishments is not a representative sample, so the confidence is never "
            f"above {letter}.",
        )
    return "A", None
