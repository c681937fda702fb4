"""Every rule of the table of ceilings holds a line; what is over is said, never cut."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DataError
from geo.proposal import budget
from geo.subjects import rules

RULES = rules.support_rules()


def line(activity: str, **values: float) -> pd.DataFrame:
    """One budget line."""
    held = {"activity": activity, "description": "x", "province_code": "68", "quantity": 1, "cost_vnd_million": 0.0,
            "national_vnd_million": 0.0, "local_vnd_million": 0.0, "counterpart_vnd_million": 0.0}  # fmt: skip
    return pd.DataFrame([{**held, **values}])


@pytest.mark.parametrize("activity", RULES.index)
def test_each_rule_lets_its_ceiling_pass_and_marks_a_million_more(activity: str) -> None:
    amount, share = RULES.loc[activity, ["max_vnd_million", "max_share"]].astype(float)
    cost = 10_000.0 if np.isnan(amount) or np.isnan(share) else 2 * amount / share
    ceiling = np.nanmin([amount, share * cost])
    at = budget.check(
        line(
            activity,
            cost_vnd_million=cost,
            national_vnd_million=ceiling,
            counterpart_vnd_million=cost - ceiling,
        )
    ).iloc[0]
    assert at["ceiling_vnd_million"] == pytest.approx(ceiling)
    assert at["over_vnd_million"] == 0
    above = budget.check(
        line(activity, cost_vnd_million=cost, national_vnd_million=ceiling, local_vnd_million=1.0)
    ).iloc[0]
    assert above["over_vnd_million"] == pytest.approx(1.0)
    assert "1 triệu đồng" in above["note_vi"]
    assert RULES.at[activity, "legal_basis"] in above["note_en"]
    for row in (at, above):
        assert row["rule_status"] == RULES.at[activity, "status"]
        assert ("chưa kiểm chứng" in row["note_vi"]) == (RULES.at[activity, "status"] == "unchecked")
        assert row["as_of"] == RULES.at[activity, "as_of"]


def test_the_share_binds_cheap_lines_and_the_amount_dear_ones() -> None:
    cheap = budget.check(
        line("advanced_machinery", cost_vnd_million=100, national_vnd_million=60, counterpart_vnd_million=40)
    ).iloc[0]
    dear = budget.check(
        line(
            "advanced_machinery",
            quantity=2,
            cost_vnd_million=2000,
            national_vnd_million=601,
            counterpart_vnd_million=1399,
        )
    ).iloc[0]
    assert (cheap["ceiling_by"], cheap["ceiling_vnd_million"], cheap["over_vnd_million"]) == ("share", 50, 10)
    assert (dear["ceiling_by"], dear["ceiling_vnd_million"], dear["over_vnd_million"]) == ("amount", 600, 1)


def test_a_line_without_a_rule_has_no_ceiling_and_says_nothing() -> None:
    free = budget.check(line("", cost_vnd_million=5, counterpart_vnd_million=5)).iloc[0]
    assert np.isnan(free["ceiling_vnd_million"])
    assert free["over_vnd_million"] == 0
    assert free["note_vi"] == free["note_en"] == ""


def test_sources_that_do_not_add_up_are_said() -> None:
    short = budget.check(
        line("trademark", cost_vnd_million=60, national_vnd_million=30, counterpart_vnd_million=20)
    ).iloc[0]
    assert short["unbalanced_vnd_million"] == 10
    assert "thiếu 10 triệu đồng" in short["note_vi"]
    assert "10 million VND short of" in short["note_en"]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["", *RULES.index]), st.integers(1, 5), *[st.floats(0, 5000, allow_nan=False)] * 4),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_sums_are_sums_and_nothing_is_cut(rows: list[tuple]) -> None:
    names = ["activity", "quantity", *budget.MONEY]
    table = pd.DataFrame(rows, columns=names)
    checked = budget.check(table)
    totals = budget.totals(checked)
    for name in budget.MONEY:
        assert totals[name] == pytest.approx(table[name].sum())
    assert totals["support_vnd_million"] == pytest.approx(
        totals["national_vnd_million"] + totals["local_vnd_million"]
    )
    assert (checked["over_vnd_million"] <= checked["support_vnd_million"] + 1e-9).all()
    assert (checked["over_vnd_million"] >= 0).all()


@pytest.mark.parametrize(
    "bad", [line("party"), line("trademark", quantity=0), line("trademark", cost_vnd_million=-1)]
)
def test_lines_that_mean_nothing_are_refused(bad: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="Line 0"):
        budget.check(bad)


def test_an_empty_budget_is_checked_too() -> None:
    checked = budget.check(pd.DataFrame(columns=list(budget.COLUMNS)))
    assert budget.totals(checked)["cost_vnd_million"] == 0
