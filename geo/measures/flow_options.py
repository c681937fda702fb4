"""Assumptions of the plan of flows that a user may change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from geo.errors import ParameterError

#: Straight line to road: median of trips of 20 km and more measured in the South; the user may change it.
DETOUR_FACTOR = 1.33
#: Road km counted against an import, so that home supply within reach comes first; an assumption.
IMPORT_PENALTY_KM = 500.0

#: Field, what must hold, and how that is said.
_RULES: tuple[tuple[str, Callable[[float], bool], str, str], ...] = (
    (
        "detour_factor",
        lambda value: value >= 1.0,
        "Hệ số đường vòng phải từ 1 trở lên (đường thẳng là 1; thường là 1,33)",
        "The detour factor must be 1 or more (1 is the straight line; 1.33 is usual)",
    ),
    (
        "import_penalty_km",
        lambda value: value >= 0.0,
        "Cự ly cộng thêm cho hàng nhập khẩu phải từ 0 km trở lên",
        "The extra distance for imports must be 0 km or more",
    ),
    (
        "between_regions_km",
        lambda value: value >= 0.0,
        "Cự ly cộng thêm khi ra khỏi vùng phải từ 0 km trở lên",
        "The extra distance for leaving a region must be 0 km or more",
    ),
    (
        "available_share",
        lambda value: 0.0 < value <= 1.0,
        "Phần lượng dư có thể thu mua phải lớn hơn 0 và không quá 1",
        "The share of a surplus that can be contracted must be above 0 and at most 1",
    ),
)


@dataclass(frozen=True)
class FlowOptions:
    """Assumptions of the plan of flows that a user may change.

    The extra kilometres are in the choice of routes alone, never in ``distance_km`` or ``tonne_km``.

    Attributes
    ----------
    detour_factor : float
        Road over straight line, 1 to 3: the median of 595 trips of 20 km and more in the South (10th–90th
        percentile 1.14–1.53; up to 2 across mountains).
    import_penalty_km : float
        Extra road km counted against an import, >= 0, so that home supply within reach comes first; an
        assumption.
    between_regions_km : float
        Extra road km counted against a flow that leaves its region, >= 0; 0 (the default) prefers nothing. A
        gateway belongs to the region it stands in.
    available_share : float
        Share of a province's surplus that can be contracted by others, above 0, at most 1. No figure is
        published: 1 (the default) counts all of it.
    """

    detour_factor: float = DETOUR_FACTOR
    import_penalty_km: float = IMPORT_PENALTY_KM
    between_regions_km: float = 0.0
    available_share: float = 1.0

    def check(self) -> None:
        """Refuse assumptions that are out of their range, naming the first.

        Raises
        ------
        ParameterError
            If one is.
        """
        for name, holds, vi, en in _RULES:
            value = getattr(self, name)
            if not (np.isfinite(value) and holds(value)):
                raise ParameterError(
                    vi=f"{vi}, nhưng nhận được {value}; hãy nhập lại.",
                    en=f"{en}, but {value} came; enter it again.",
                )
