"""Which class is this product? The questions that the words of rows leave open."""

from __future__ import annotations

import pandas as pd

from geo.intake import trades
from geo.intake.join import COMPARED
from geo.intake.trades import SURE, WORTH_ASKING


def review(rows: pd.DataFrame, home: pd.Series) -> pd.DataFrame:
    """Return one question for all rows with the same words, those that touch most rows first.

    Parameters
    ----------
    rows : DataFrame
        Rows of a file as :func:`geo.intake.establishment_rows.build` makes them, index = row numbers.
    home : Series
        Row → id of the establishment it went into.

    Returns
    -------
    DataFrame
        ``question`` (``sector``), ``key`` (of the answer), ``score`` (confidence of the guess, 0–1),
        ``rows`` (how many rows an answer touches), ``sector_guess``, ``candidates`` (codes joined by ``|``,
        likeliest first), and the first row of each as :data:`geo.intake.join.COMPARED` has it.
    """
    asked = rows[rows["sector_confidence"].between(WORTH_ASKING, SURE, inclusive="left")]
    count = asked["sector_question"].value_counts()
    first = asked.drop_duplicates("sector_question")
    table = pd.DataFrame(
        {
            "question": "sector", "key": first["sector_question"], "score": first["sector_confidence"].astype(float),
            "rows": first["sector_question"].map(count).astype(int), "sector_guess": first["sector_guess"],
            "candidates": [
                "|".join(dict.fromkeys([guess, *trades.candidates(product or "", name or "")]))
                for guess, product, name in first[["sector_guess", "product", "name"]].to_numpy()
            ],
            "row": first.index,
            **{column: first[column] for column in COMPARED if column in first.columns},
            "establishment_id": home.reindex(first.index),
        },
        index=first.index,
    )  # fmt: skip
    return table.sort_values(["rows", "key"], ascending=[False, True], ignore_index=True)
