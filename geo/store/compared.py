"""What both sides of a comparison are keyed by, which columns are compared, and when two values differ."""

from __future__ import annotations

import narwhals as nw

from geo.subjects import establishments as schema

ADDED, REMOVED, CHANGED, SAME = "added", "removed", "changed", "same"
STATUSES = (ADDED, REMOVED, CHANGED, SAME)
ID = "establishment_id"
#: Added to the name of a column of the second side.
NEW = "_new"
#: Columns that follow from others, and so never change alone.
_COMPUTED = {
    "division_code", "size_band", "states_need", "geometry", *(f"h3_{r}" for r in schema.H3_RESOLUTIONS)
}  # fmt: skip
#: Columns compared, in the order of the contract.
COLUMNS = tuple(c.name for c in schema.ESTABLISHMENTS if c.name != ID and c.name not in _COMPUTED)
#: Where a row comes from: a later list that only confirms an establishment changes nothing else.
ORIGIN = ("source", "source_url", "licence")


def differ(old: str, new: str) -> nw.Expr:
    """Tell where two columns differ; empty equals empty."""
    one, two = nw.col(old), nw.col(new)
    return (one != two).fill_null(False) | (one.is_null() != two.is_null())
