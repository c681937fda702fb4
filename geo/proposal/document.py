"""The document of a draft scheme: its parts, and how two people's changes of it are brought together.

A document is plain JSON: part → value. Parts are the units of editing: two people who change different parts
do not disturb each other; when both change one part, a person chooses, and both texts are kept as versions.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geo.errors import DataError
from geo.linkage.model import Text

#: The twelve sections of a scheme, in order.
SECTIONS: Mapping[str, Text] = {
    "identity": Text("Tên đề án, loại, năm và các đơn vị", "Name, kind, year and units"),
    "legal_basis": Text("Căn cứ pháp lý", "Legal basis"),
    "necessity": Text("Sự cần thiết", "Necessity"),
    "aims": Text("Mục tiêu", "Aims"),
    "activities": Text("Quy mô và nội dung hoạt động", "Scale and activities"),
    "beneficiaries": Text("Địa điểm và cơ sở thụ hưởng", "Places and beneficiary establishments"),
    "linkage": Text("Liên kết giữa các tỉnh, các vùng", "Linkage between provinces and regions"),
    "budget": Text("Kinh phí", "Budget"),
    "schedule": Text("Tiến độ theo quý", "Schedule by quarter"),
    "organisation": Text("Tổ chức thực hiện", "Organisation"),
    "effects": Text("Hiệu quả", "Effects"),
    "annexes": Text("Phụ lục", "Annexes"),
}
#: What happens to a draft, in order; from ``submitted`` on only a step back opens it again.
STATUSES: Mapping[str, Text] = {
    "draft": Text("Nháp", "Draft"),
    "opinions": Text("Góp ý của các Sở", "Opinions of the departments"),
    "submitted": Text("Trình", "Submitted"),
    "appraised": Text("Đã thẩm định", "Appraised"),
    "approved": Text("Đã phê duyệt", "Approved"),
    "dropped": Text("Dừng", "Dropped"),
}

Document = dict[str, Any]


@dataclass(frozen=True)
class Merge:
    """Two changes of one document brought together.

    Attributes
    ----------
    document : dict
        All changes of either side; in a conflict, theirs (what is stored already).
    conflicts : tuple of str
        Parts that both changed, and differently.
    """

    document: Document
    conflicts: tuple[str, ...]


def merge(base: Document, ours: Document, theirs: Document) -> Merge:
    """Bring two changes of one document together, part by part.

    Parameters
    ----------
    base : dict
        What both began from.
    ours, theirs : dict
        The change at hand and the one stored meanwhile.
    """
    out: Document = {}
    conflicts = []
    for part in sorted({*base, *ours, *theirs}):
        was, mine, other = (side.get(part) for side in (base, ours, theirs))
        if mine == other or other == was:
            value = mine
        elif mine == was:
            value = other
        else:
            value = other
            conflicts.append(part)
        if value is not None:
            out[part] = copy.deepcopy(value)
    return Merge(out, tuple(conflicts))


def changed(before: Document, after: Document) -> tuple[str, ...]:
    """Return the parts that differ, sorted."""
    return tuple(part for part in sorted({*before, *after}) if before.get(part) != after.get(part))


def check(document: Any) -> Document:
    """Return a document that holds what its contract says.

    Raises
    ------
    DataError
        If it has parts that no scheme has, or is not a mapping of parts.
    """
    unknown = sorted(set(document) - {"title", *SECTIONS}) if isinstance(document, dict) else ["?"]
    if unknown or not isinstance(document.get("title", ""), str):
        raise DataError(
            vi=f"Nội dung đề án gồm tên và {len(SECTIONS)} phần, nhưng có phần lạ “{unknown[0] if unknown else 'title'}”; "
            "hãy mở lại bản đã lưu gần nhất.",
            en=f"A scheme has a title and {len(SECTIONS)} sections, but an unknown part "
            f'"{unknown[0] if unknown else "title"}" came; open the last stored version again.',
        )
    return document
