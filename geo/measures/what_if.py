"""What if: changes to supply, need and gateways, written shortly enough for an address."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from geo.errors import ParameterError
from geo.measures.flow_options import FlowOptions
from geo.numbers import number
from geo.places import admin
from geo.subjects import gateways, materials


class Kind(NamedTuple):
    """What a change of a kind says beside its name: a material, a place (of which sort), an amount (in which range)."""

    material: bool
    place: str
    limits: tuple[float, float] | None


KINDS = {
    "fail": Kind(True, "province", (0.0, 1.0)),
    "supply": Kind(True, "province", (-1e9, 1e9)),
    "open": Kind(True, "province", (0.0, 1e9)),
    "close": Kind(True, "province", (0.0, 1e9)),
    "limit": Kind(True, "gateway", (0.0, 1e9)),
    "gate": Kind(False, "gateway", None),
    "detour": Kind(False, "", (1.0, 3.0)),
}


@dataclass(frozen=True, order=True)
class Change:
    """One change to what the plan of flows starts from.

    Attributes
    ----------
    kind : str
        ``fail``: a province loses a share of its supply of a material; ``supply``: its supply changes by
        ± tonnes a year; ``open`` / ``close``: a plant that needs so many tonnes a year opens or closes;
        ``limit``: a gateway brings at most so many tonnes a year of a material; ``gate``: a gateway is closed
        to all materials; ``detour``: the detour factor is another.
    material_code : str
        Empty for ``gate`` and ``detour``.
    place_code : str
        Province, or gateway; empty for ``detour``.
    amount : float
        Share 0–1, tonnes a year, or factor; 0 for ``gate``.
    """

    kind: str
    material_code: str = ""
    place_code: str = ""
    amount: float = 0.0

    @property
    def key(self) -> tuple[str, str, str]:
        """What a scenario may change only once."""
        return self.kind, self.material_code, self.place_code

    def text(self) -> str:
        """Write the change as it stands in an address, such as ``fail.coffee.68.1``."""
        kind = KINDS.get(self.kind, Kind(False, "", None))
        parts = [self.kind]
        parts += [self.material_code] if kind.material else []
        parts += [self.place_code] if kind.place else []
        parts += [repr(float(self.amount)).removesuffix(".0")] if kind.limits is not None else []
        return ".".join(parts)


@dataclass(frozen=True)
class Scenario:
    """Changes that hold together, sorted; an empty one changes nothing. Codes are of ``vintage``.

    Raises
    ------
    ParameterError
        If a change is out of its range, names an unknown code, or stands twice.
    """

    changes: tuple[Change, ...] = ()
    vintage: str = admin.DEFAULT_VINTAGE

    def __post_init__(self) -> None:
        admin.check_vintage(self.vintage)
        for change in self.changes:
            _check(change, self.vintage)
        object.__setattr__(self, "changes", tuple(sorted(self.changes)))
        for first, second in zip(self.changes, self.changes[1:], strict=False):
            if first.key == second.key:
                raise ParameterError(
                    vi=f"Mỗi thay đổi chỉ ghi một lần, nhưng “{second.text()}” trùng với “{first.text()}”; "
                    "hãy bỏ bớt một thay đổi.",
                    en=f'A change may stand once, but "{second.text()}" repeats "{first.text()}"; drop one.',
                )

    def __bool__(self) -> bool:
        return bool(self.changes)

    def with_change(self, change: Change) -> Scenario:
        """Return the scenario with a change added; it takes the place of one about the same thing."""
        kept = tuple(other for other in self.changes if other.key != change.key)
        return replace(self, changes=(*kept, change))

    def without(self, change: Change) -> Scenario:
        """Return the scenario with a change taken out."""
        return replace(self, changes=tuple(other for other in self.changes if other != change))

    def materials(self) -> frozenset[str] | None:
        """Return the materials that may be touched; None: any (a closed gateway, another detour factor)."""
        if any(not change.material_code for change in self.changes):
            return None
        return frozenset(change.material_code for change in self.changes)

    def options(self, options: FlowOptions) -> FlowOptions:
        """Return the assumptions with the changes that concern them."""
        for change in self.changes:
            if change.kind == "detour":
                options = replace(options, detour_factor=change.amount)
        return options


def text_of(scenario: Scenario) -> str:
    """Write a scenario as one short text: its changes joined by commas, old provinces marked ``pre2025``."""
    mark = [] if scenario.vintage == admin.DEFAULT_VINTAGE or not scenario else [scenario.vintage]
    return ",".join([*mark, *(change.text() for change in scenario.changes)])


def parse(text: str) -> Scenario:
    """Read a scenario as :func:`text_of` writes it.

    Raises
    ------
    ParameterError
        If a part cannot be used; the sentence names it.
    """
    vintage, parts = _parts(text)
    return Scenario(tuple(_change(part) for part in parts), vintage)


def read(text: str) -> tuple[Scenario, tuple[str, ...]]:
    """Read a scenario as :func:`text_of` writes it; parts that cannot be used are handed back, never an error."""
    vintage, parts = _parts(text)
    scenario, ignored = Scenario(vintage=vintage), []
    for part in parts:
        try:
            scenario = Scenario((*scenario.changes, _change(part)), vintage)
        except ParameterError:
            ignored.append(part)
    return scenario, tuple(ignored)


def _parts(text: str) -> tuple[str, list[str]]:
    """Vintage and changes of a text."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    vintage = parts.pop(0) if parts and parts[0] in admin.VINTAGES else admin.DEFAULT_VINTAGE
    return vintage, parts


def _change(text: str) -> Change:
    """Read one change; refuse one whose parts are too few, too many or no number."""
    name, *rest = text.split(".")
    kind = KINDS.get(name, Kind(False, "", None))
    count = int(kind.material) + bool(kind.place)
    # The amount may hold a point itself.
    codes, number = rest[:count], ".".join(rest[count:])
    try:
        amount = float(number) if number else 0.0
    except ValueError:
        amount = math.nan
    if (
        name not in KINDS
        or len(codes) < count
        or bool(number) != (kind.limits is not None)
        or math.isnan(amount)
    ):
        raise ParameterError(
            vi=f"Thay đổi phải có dạng “fail.coffee.68.1” (nguồn mất toàn bộ) hay “open.cassava.80.50000” (nhà máy "
            f"cần 50.000 tấn/năm), nhưng có “{text}”; hãy sửa hoặc bỏ phần đó.",
            en=f'A change is written as "fail.coffee.68.1" (a source lost whole) or "open.cassava.80.50000" (a plant '
            f'that needs 50,000 tonnes a year), but "{text}" came; correct or drop that part.',
        )
    return Change(name, codes[0] if kind.material else "", codes[-1] if kind.place else "", amount)


def _check(change: Change, vintage: str) -> None:
    """Refuse a change of an unknown kind, with an unknown code or an amount out of its range."""
    if change.kind not in KINDS:
        raise ParameterError(
            vi=f"Loại thay đổi phải thuộc: {', '.join(KINDS)}; nhận được “{change.kind}”. Hãy chọn lại.",
            en=f'The kinds of change are {", ".join(KINDS)}; got "{change.kind}". Choose again.',
        )
    kind = KINDS[change.kind]
    _check_code(change, change.material_code, "material" if kind.material else "", "nguyên liệu", "material")
    if kind.place == "gateway":
        _check_code(change, change.place_code, "gateway", "cửa khẩu, cảng", "gateway")
    else:
        _check_code(change, change.place_code, vintage if kind.place else "", "tỉnh", "province")
    low, high = kind.limits or (0.0, 0.0)
    if not (math.isfinite(change.amount) and low <= change.amount <= high):
        raise ParameterError(
            vi=f"Thay đổi “{change.text()}” cần một số từ {number(low)} đến {number(high)}; hãy nhập lại.",
            en=f'The change "{change.text()}" needs a number from {number(low, lang="en")} to '
            f"{number(high, lang='en')}; enter it again.",
        )


def _check_code(change: Change, code: str, sort: str, vi: str, en: str) -> None:
    """Refuse a code that the list of its sort does not have."""
    if code not in _codes(sort):
        raise ParameterError(
            vi=f"Thay đổi “{change.text()}” ghi {vi} “{code}” không có trong danh mục; hãy chọn lại mã.",
            en=f'The change "{change.text()}" names the {en} "{code}", which is not in the list; choose again.',
        )


@cache
def _codes(sort: str) -> frozenset[str]:
    """Codes of materials, gateways or the provinces of a vintage; where a change says nothing, its code is empty."""
    if sort == "material":
        return frozenset(materials.catalogue().index)
    if sort == "gateway":
        return frozenset(gateways.gateways().index)
    return frozenset(admin.provinces(sort).index) if sort else frozenset({""})
