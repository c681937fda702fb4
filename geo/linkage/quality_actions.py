"""What could be collected, and what that would change in the figures behind a linkage.

An action changes only what is known of the figures (where they come from, how many state them, of which year),
never the figures themselves: what a survey would find is not known.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from geo.linkage.confidence import DataContext
from geo.linkage.material_judge import FIRM_STATEMENTS
from geo.linkage.model import Finding, Text

Measures = Mapping[str, Any]


def _nothing(finding: Finding, context: DataContext) -> Measures:
    """Change no measure."""
    return {}


def _same(context: DataContext) -> DataContext:
    """Change nothing of the data set as a whole."""
    return context


def _nowhere(finding: Finding) -> tuple[str, ...]:
    """Return no province: it is one file for the country."""
    return ()


def _both(finding: Finding) -> tuple[str, ...]:
    """Return both provinces."""
    return finding.codes


def _first(finding: Finding) -> tuple[str, ...]:
    """Return the province that gives: source, upstream, leader."""
    return finding.codes[:1]


def _second(finding: Finding) -> tuple[str, ...]:
    """Return the province that takes: processor, downstream, learner."""
    return finding.codes[1:]


def _figure_at(finding: Finding) -> tuple[str, ...]:
    """Return the province whose supply figure is judged: the source, or the learner of an exchange."""
    return _first(finding) if finding.kind == "material" else _second(finding)


@dataclasses.dataclass(frozen=True)
class Action:
    """Something to collect.

    Parameters
    ----------
    code : str
        Name for the machine.
    what, why : Text
        What to collect, and what it makes good, in both languages.
    measures : callable
        Finding and context -> measures that would then be known better; empty where it changes nothing.
    context : callable
        Context of the data set -> the same after the collecting.
    where : callable
        Finding -> provinces in which to collect; none where it is not collected by province.
    """

    code: str
    what: Text
    why: Text
    measures: Callable[[Finding, DataContext], Measures] = _nothing
    context: Callable[[DataContext], DataContext] = _same
    where: Callable[[Finding], tuple[str, ...]] = _both


def _needs(finding: Finding, context: DataContext) -> Measures:
    """All of the destination's need is stated."""
    return {"estimated_share": 0.0} if finding.kind == "material" else {}


def _coefficients(finding: Finding, context: DataContext) -> Measures:
    """Every coefficient behind an estimated need has a source."""
    if finding.kind != "material":
        return {}
    rows = [{**row, "status": "cited"} for row in finding.measures["coefficient_rows"]]
    return {"coefficient_rows": rows}


def _origins(finding: Finding, context: DataContext) -> Measures:
    """As many establishments state where they buy as make the statement firm."""
    if finding.kind != "material" or finding.measures["planned_tonnes"] > 0:
        return {}
    return {"stated_establishments": max(finding.measures["stated_establishments"], FIRM_STATEMENTS)}


def _official_supply(finding: Finding, context: DataContext) -> Measures:
    """The supply figure comes from official statistics, weighed and for the whole province."""
    if finding.kind == "material":
        return {"reliability": "A", "supply_derived": False, "supply_partial": False}
    return {"reliability": "A"} if finding.kind == "experience" else {}


def _recent_supply(finding: Finding, context: DataContext) -> Measures:
    """The supply figure is of the latest year."""
    return {"supply_year": context.reference_year} if finding.kind == "material" else {}


def _whole_country(finding: Finding, context: DataContext) -> Measures:
    """Every province has a supply figure of the material."""
    return {"coverage_share": 1.0, "destination_known": True} if finding.kind == "material" else {}


def _employees(finding: Finding, context: DataContext) -> Measures:
    """All establishments of a cluster state their employees."""
    return {"employees_known_share": 1.0} if finding.kind == "cluster" else {}


def _own_table(finding: Finding, context: DataContext) -> Measures:
    """The links between divisions come from a sourced table of the country itself."""
    return {"foreign": False, "sourced": True} if finding.kind == "chain" else {}


ACTIONS: tuple[Action, ...] = (
    Action(
        "full_list",
        Text("Danh sách cơ sở của chính đơn vị", "The office's own list of establishments"),
        Text(
            "Danh sách công khai không đại diện, dữ liệu minh hoạ không có thật: cả hai giới hạn mức tin cậy. Tính như "
            "thể các số vẫn giữ nguyên; danh sách mới sẽ cho liên kết khác.",
            "The public list is not a representative sample and demonstration data are not real: both limit the "
            "confidence. Reckoned as if the figures stayed; a new list will give other linkages.",
        ),
        context=lambda context: dataclasses.replace(context, kind="user"),
    ),
    Action(
        "needs",
        Text("Nhu cầu nguyên liệu do cơ sở khai", "Raw material needs stated by establishments"),
        Text(
            "Thay nhu cầu ước tính theo định mức của nơi chế biến bằng nhu cầu khai báo.",
            "Puts stated needs of the processing province in place of estimates by coefficient.",
        ),
        measures=_needs,
        where=_second,
    ),
    Action(
        "coefficients",
        Text("Định mức nguyên liệu có nguồn", "Requirements of material with a source"),
        Text(
            "Thay định mức giả định bằng định mức có nguồn; nhu cầu vẫn là ước tính.",
            "Puts sourced coefficients in place of assumed ones; the need stays an estimate.",
        ),
        measures=_coefficients,
        where=_second,
    ),
    Action(
        "origins",
        Text("Nơi mua nguyên liệu của cơ sở", "Where establishments buy their material"),
        Text(
            f"Liên kết chỉ dựa vào khai báo thì cần ít nhất {FIRM_STATEMENTS} cơ sở cùng khai nơi mua.",
            f"A link that rests on statements alone needs at least {FIRM_STATEMENTS} establishments that name the "
            "origin.",
        ),
        measures=_origins,
        where=_second,
    ),
    Action(
        "official_supply",
        Text(
            "Sản lượng nguyên liệu theo niên giám của tỉnh",
            "Supply of materials from the provincial yearbook",
        ),
        Text(
            "Thay số liệu tin báo, phụ lục, số quy đổi hoặc mới có một phần tỉnh bằng thống kê chính thức của cả tỉnh.",
            "Puts official statistics of the whole province in place of press figures, annexes, converted or partial "
            "ones.",
        ),
        measures=_official_supply,
        where=_figure_at,
    ),
    Action(
        "recent_supply",
        Text("Sản lượng nguyên liệu năm gần đây", "Supply of materials of a recent year"),
        Text("Thay số liệu sản lượng đã cũ.", "Replaces old supply figures."),
        measures=_recent_supply,
        where=_first,
    ),
    Action(
        "whole_country",
        Text(
            "Sản lượng nguyên liệu của mọi tỉnh, kể cả nơi chế biến",
            "Supply of materials in every province, where it is processed too",
        ),
        Text(
            "Nơi chế biến có thể tự trồng một phần; số liệu mới phủ một phần cả nước.",
            "The processing province may grow some itself; the figures hold only a part of the country.",
        ),
        measures=_whole_country,
        where=_second,
    ),
    Action(
        "employees",
        Text("Số lao động của cơ sở", "Employees of establishments"),
        Text(
            "Cho biết quy mô thật của cụm ngành.",
            "Tells how large a cluster really is.",
        ),
        measures=_employees,
    ),
    Action(
        "places",
        Text("Xã hoặc tọa độ của cơ sở", "Commune or coordinates of establishments"),
        Text(
            "Mọi liên kết đều tính tỷ lệ cơ sở đã biết vị trí đến xã.",
            "Every linkage is judged by the share of establishments placed to the commune.",
        ),
        context=lambda context: dataclasses.replace(context, place_share=1.0),
    ),
    Action(
        "own_table",
        Text("Bảng cân đối liên ngành (I-O) của Việt Nam", "Viet Nam's input–output table"),
        Text(
            "Thay cơ cấu ngành của nước khác trong liên kết chuỗi giá trị (một tệp cho cả nước).",
            "Replaces the structure of another country in value-chain linkages (one file for the country).",
        ),
        measures=_own_table,
        where=_nowhere,
    ),
)
BY_CODE: Mapping[str, Action] = {action.code: action for action in ACTIONS}
