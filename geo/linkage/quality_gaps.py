"""What each gap in the data does to the results: counted, and set against the first opportunities of the list.

Each statement says what the code does; ``tests/test_quality.py`` holds some of them against it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from geo.linkage import inputs
from geo.linkage.candidates import Candidates
from geo.linkage.inputs import LQ_FLOOR, Inputs
from geo.linkage.model import Finding, Text
from geo.linkage.quality_effects import TOP, Case

UNITS = ("establishments", "provinces", "materials", "needs", "pairs")


@dataclass(frozen=True)
class Gap:
    """One gap and what follows from it.

    Parameters
    ----------
    code, unit : str
        Name for the machine; what is counted (one of :data:`UNITS`).
    count, total : int
        How many are concerned, of how many.
    what, effect : Text
        The gap, and what the results do about it.
    named : tuple of str
        Codes of the provinces or materials concerned, where these are few and told by name.
    top : int or None
        How many of the first :data:`TOP` opportunities rest on it; ``None`` where that cannot be said.
    """

    code: str
    unit: str
    count: int
    total: int
    what: Text
    effect: Text
    named: tuple[str, ...] = ()
    top: int | None = None

    @property
    def share(self) -> float:
        """Share concerned, 0–1; NaN of nothing."""
        return self.count / self.total if self.total else float("nan")


def chosen(found: Candidates) -> Inputs:
    """Return the tables behind a list of opportunities, of the materials that its filters name."""
    return inputs.of_materials(found.basis.data, found.filters)


def find(
    counts: pd.DataFrame, without_place: int, data: Inputs, listed: Sequence[Case], codes: Sequence[str]
) -> list[Gap]:
    """Return the gaps that are there, those first on which most of the first opportunities rest.

    Parameters
    ----------
    counts : DataFrame
        Of ``quality_counts.by_province``, of the establishments looked at.
    without_place : int
        Establishments without a province in the vintage.
    data : Inputs
        Tables of the ranking, of the materials looked at.
    listed : sequence of Case
        The opportunities looked at, in their order.
    codes : sequence of str
        Provinces looked at.

    Returns
    -------
    list of Gap
        Only gaps with a count above 0; then by the share concerned.
    """
    gaps = [
        *_of_establishments(counts, without_place, listed),
        *_of_provinces(counts, data, listed, codes),
        *_of_needs(data, listed, codes),
    ]
    there = [gap for gap in gaps if gap.count > 0]
    return sorted(there, key=lambda gap: (-1 if gap.top is None else gap.top, gap.share), reverse=True)


def _gap(
    code: str, unit: str, count: int, total: int, named: Sequence[str] = (), top: int | None = None
) -> Gap:
    """Put words to a gap."""
    what, effect = _WORDS[code]
    return Gap(code, unit, int(count), int(total), what, effect, tuple(named), top)


def _touched(listed: Sequence[Case], test: Callable[[Finding], bool]) -> int | None:
    """Count the first opportunities of the list that a test holds for; ``None`` where there are none."""
    return sum(test(case.finding) for case in listed[:TOP]) if listed else None


def _of_establishments(counts: pd.DataFrame, without_place: int, listed: Sequence[Case]) -> list[Gap]:
    """Return what is not known of establishments."""
    total = int(counts["establishments"].sum())
    known = {name: int(counts[name].sum()) for name in counts.columns if name != "province_code"}

    def gap(code: str, missing: int, top: int | None = None) -> Gap:
        return _gap(code, "establishments", missing, total, top=top)

    return [
        _gap("without_province", "establishments", without_place, total + without_place),
        gap("employees", total - known["employees"], _touched(listed, _rests_on_assumed_employees)),
        gap("sector", total - known["division"]),
        gap("class", known["division"] - known["sector_class"]),
        gap("place", total - known["place"]),
        gap("commune_point", known["location_commune"]),
        gap("material", total - known["material"]),
        gap("year", total - known["year"]),
        gap("support_need", total - known["support_need"]),
        gap("owner", total - known["owner"]),
    ]


def _of_provinces(
    counts: pd.DataFrame, data: Inputs, listed: Sequence[Case], codes: Sequence[str]
) -> list[Gap]:
    """Return provinces without establishments, and sectors too thin for a location quotient."""
    there = set(counts["province_code"])
    empty = sorted(set(codes) - there)
    inside = data.lq[data.lq["province_code"].isin(list(codes))]
    thin = inside["establishments"] < LQ_FLOOR
    return [
        _gap(
            "empty_province",
            "provinces",
            len(empty),
            len(set(codes)),
            empty,
            _touched(listed, lambda finding: bool(set(finding.codes) & set(empty))),
        ),
        _gap("thin", "pairs", int(thin.sum()), len(inside)),
    ]


def _of_needs(data: Inputs, listed: Sequence[Case], codes: Sequence[str]) -> list[Gap]:
    """Return needs that are estimated, and materials and provinces without a supply figure."""
    needed = data.demand[(data.demand["demand_tonnes"] > 0) & data.demand["province_code"].isin(list(codes))]
    estimated = needed["estimated_tonnes"] > 0.5 * needed["demand_tonnes"]
    materials = sorted(set(needed["material_code"]))
    without = sorted(set(materials) - set(data.supply["material_code"]))
    balance = data.balance.merge(needed[["material_code", "province_code"]])
    unknown = ~balance["supply_known"].astype(bool) & ~balance["material_code"].isin(without)
    base = data.base[data.base["province_code"].isin(list(codes))]
    judged = data.needs_by_status[data.needs_by_status["province_code"].isin(list(codes))]
    stated_none = int(base["establishments"].sum())
    return [
        _gap(
            "estimated_need",
            "needs",
            int(estimated.sum()),
            len(needed),
            top=_touched(listed, _rests_on_estimate),
        ),
        _gap(
            "no_coefficient", "establishments", stated_none - int(judged["establishments"].sum()), stated_none
        ),
        _gap("material_without_figure", "materials", len(without), len(materials), without),
        _gap(
            "destination_without_figure",
            "needs",
            int(unknown.sum()),
            len(needed),
            top=_touched(listed, _destination_unknown),
        ),
    ]


def _planned(finding: Finding) -> bool:
    """Tell whether a linkage rests on the plan of flows."""
    return finding.kind == "material" and finding.measures["planned_tonnes"] > 0


def _rests_on_assumed_employees(finding: Finding) -> bool:
    """Tell whether a need was estimated with assumed employees, or a cluster's employees are not all known."""
    if finding.kind == "cluster":
        return finding.measures["employees_known_share"] < 1
    rows = finding.measures["coefficient_rows"] if _planned(finding) else []
    return any(row["employees_unknown"] > 0 for row in rows)


def _rests_on_estimate(finding: Finding) -> bool:
    """Tell whether more than half of the need behind a planned flow is estimated."""
    return _planned(finding) and finding.measures["estimated_share"] > 0.5


def _destination_unknown(finding: Finding) -> bool:
    """Tell whether a planned flow goes where the supply is not known."""
    return _planned(finding) and not finding.measures["destination_known"]


_WORDS: Mapping[str, tuple[Text, Text]] = {
    "without_province": (
        Text("Không có tỉnh trong bộ địa giới đang chọn", "No province in the chosen vintage"),
        Text("Không được tính ở bất kỳ kết quả nào.", "Counted in no result."),
    ),
    "employees": (
        Text("Không có số lao động", "Employees not known"),
        Text(
            "Nhu cầu nguyên liệu không khai được ước tính theo số lao động giả định (coi như hộ nhỏ); không có mặt trong chỉ "
            "số Ellison–Glaeser; không được coi là cơ sở nhỏ ở thành phần “Mức cần” của cụm ngành; bộ lọc quy mô bỏ ra. "
            "Thương số vị trí không đổi vì tính theo số cơ sở.",
            "Material needs that are not stated are estimated from assumed employees (as of a small household unit); not "
            "in the Ellison–Glaeser index; not counted as small in the component “Need” of clusters; left out by a "
            "filter of sizes. Location quotients do not change: they count establishments.",
        ),
    ),
    "sector": (
        Text("Không rõ ngành", "Sector not known"),
        Text(
            "Không vào thương số vị trí, cụm ngành, chuỗi giá trị và trao đổi kinh nghiệm.",
            "Enters no location quotient, cluster, value chain or exchange of experience.",
        ),
    ),
    "class": (
        Text("Chỉ biết ngành cấp 2", "Known by division only"),
        Text(
            "Chỉ vào thương số vị trí của ngành cấp 2, không vào của ngành cấp 4.",
            "Enters location quotients of divisions, not of classes.",
        ),
    ),
    "place": (
        Text("Chỉ biết tỉnh, không có vị trí", "Known by province only"),
        Text(
            "Không nằm trong ô lục giác và điểm nóng; làm giảm tỷ lệ vị trí mà mức tin cậy của mọi cơ hội đều tính.",
            "In no hexagon and no hot spot; lowers the share of placed establishments that the confidence of every "
            "opportunity counts.",
        ),
    ),
    "commune_point": (
        Text("Vị trí là điểm đại diện của xã", "Placed at the point of the commune"),
        Text(
            "Các cơ sở cùng xã chồng lên một điểm: điểm nóng và ô lục giác chỉ chính xác đến xã.",
            "Establishments of a commune are stacked on one point: hot spots and hexagons are exact to the commune only.",
        ),
    ),
    "material": (
        Text("Không ghi nguyên liệu chính", "Main raw material not known"),
        Text(
            "Nhu cầu được ước tính theo nguyên liệu chính của ngành cấp 4, nếu ngành có; bộ lọc nguyên liệu bỏ ra. Có cơ sở "
            "không dùng nguyên liệu nông, lâm, thủy sản nên trống không hẳn là thiếu.",
            "The need is estimated for the main material of the class, where it has one; left out by a filter of "
            "materials. Some use no material of farms, forests or waters, so an empty cell need not be a gap.",
        ),
    ),
    "year": (
        Text("Không ghi năm", "Year not known"),
        Text(
            "Chỉ bộ lọc năm bỏ ra; không phép tính nào khác đọc năm của bản ghi.",
            "Left out by a filter of years only; no other result reads the year of a record.",
        ),
    ),
    "support_need": (
        Text("Không ghi nhu cầu hỗ trợ", "Support asked for not known"),
        Text(
            "Không được đếm là cơ sở cần hỗ trợ; chưa hỏi và không cần thì không phân biệt được.",
            "Not counted as asking for support; not asked and not needed cannot be told apart.",
        ),
    ),
    "owner": (
        Text("Không ghi nhóm chủ cơ sở", "Owner group not known"),
        Text(
            "Không được đếm vào gợi ý ưu tiên (phụ nữ, dân tộc thiểu số làm chủ); trống cũng có thể là không thuộc nhóm nào.",
            "Not counted in the advice on priority (owned by women or by people of ethnic minorities); an empty cell "
            "may also mean none of these.",
        ),
    ),
    "empty_province": (
        Text("Tỉnh không có cơ sở nào", "Provinces without any establishment"),
        Text(
            "Không thể là nơi chế biến, không có cụm ngành, chuỗi giá trị hay trao đổi kinh nghiệm; chỉ có thể là nơi cung cấp "
            "nguyên liệu.",
            "Cannot be where material is processed and have no cluster, chain or exchange; can only supply material.",
        ),
    ),
    "thin": (
        Text(
            f"Tỉnh có dưới {LQ_FLOOR} cơ sở của một ngành",
            f"Province with fewer than {LQ_FLOOR} establishments of a sector",
        ),
        Text(
            "Thương số vị trí có tính nhưng không bao giờ được coi là chuyên môn hóa chắc chắn: tỉnh không thể vì nó mà vào cụm "
            "ngành, chuỗi giá trị hay làm tỉnh dẫn đầu trong trao đổi kinh nghiệm.",
            "The location quotient is shown but never counts as surely specialised: it puts no province into a cluster or "
            "a value chain, nor makes it the leader of an exchange.",
        ),
    ),
    "estimated_need": (
        Text(
            "Nhu cầu cấp tỉnh mà quá nửa là ước tính",
            "Provincial needs of which more than half is estimated",
        ),
        Text(
            "Cầu = số lao động × định mức thay cho khai báo; mức tin cậy của dòng nguyên liệu đến đó không vượt quá B, và là C khi quá "
            "nửa nhu cầu dựa vào định mức giả định.",
            "Demand = employees × coefficient in place of a statement; the confidence of a planned flow there is never "
            "above B, and C where more than half of the need rests on assumed coefficients.",
        ),
    ),
    "no_coefficient": (
        Text(
            "Không khai và cũng không ước tính được nhu cầu",
            "Need neither stated nor estimated",
        ),
        Text(
            "Ngành chưa có định mức hoặc không rõ nguyên liệu: không có trong cầu. Có ngành không dùng nguyên liệu nông, lâm, thủy sản.",
            "The class has no coefficient or the material is not known: not in the demand. Some sectors use no material "
            "of farms, forests or waters.",
        ),
    ),
    "material_without_figure": (
        Text(
            "Nguyên liệu có nhu cầu mà không tỉnh nào có số liệu sản lượng",
            "Materials needed without a supply figure of any province",
        ),
        Text(
            "Không có cân đối và không lập được dòng nguyên liệu; chỉ còn liên kết do cơ sở tự khai nơi mua.",
            "No balance and no planned flow; only linkages by where establishments state to buy are left.",
        ),
    ),
    "destination_without_figure": (
        Text(
            "Nhu cầu cấp tỉnh mà tỉnh đó không có số liệu sản lượng của nguyên liệu",
            "Provincial needs where the province has no supply figure of the material",
        ),
        Text(
            "Toàn bộ nhu cầu được coi là thiếu nên dòng đến đó có thể quá lớn; mức tin cậy không vượt quá B.",
            "All of the need is taken as short, so that flows there may be too large; the confidence is never above B.",
        ),
    ),
}
