"""Support ceilings of the industrial-promotion programme: data with a validity date and a status, never code.

A row marked ``unchecked`` was not read in the legal text itself; whoever shows it must say so.
"""

from __future__ import annotations

import pandas as pd

from geo.errors import ParameterError
from geo.subjects.shipped import table

STATUSES = ("checked", "unchecked")


def support_rules(status: str | None = None) -> pd.DataFrame:
    """Return the support ceilings, indexed by ``activity``.

    Parameters
    ----------
    status : str, optional
        ``checked`` or ``unchecked``; by default both.

    Returns
    -------
    DataFrame
        ``name_vi``, ``name_en``, ``max_share`` (0–1 of the cost, NaN none given), ``max_vnd_million`` (million
        VND, NaN none given), ``legal_basis``, ``status``, ``as_of``; in the order of the table.

    Raises
    ------
    ParameterError
        If the status is neither ``checked`` nor ``unchecked``.
    """
    if status is not None and status not in STATUSES:
        raise ParameterError(
            vi=f"Tình trạng phải là checked (đã kiểm chứng) hoặc unchecked (chưa), nhưng nhận được “{status}”; "
            "hãy chọn một trong hai.",
            en=f'The status must be checked or unchecked, but "{status}" came; choose one of the two.',
        )
    rows = table("support_rules.csv", numbers=("max_share", "max_vnd_million")).set_index("activity")
    return rows if status is None else rows[rows["status"] == status]
