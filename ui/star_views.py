"""Cluster stars as people read them: ★★☆ with the number beside it, and what each star stands for."""

from __future__ import annotations

import pandas as pd

from ui import cached
from ui.context import Context
from ui.text import Text

MOST = 3
KINDS = ("size", "specialisation", "focus")


def of_sector(context: Context, sector: str, level: str) -> pd.DataFrame:
    """Return the stars of the provinces in a sector, indexed by ``province_code``."""
    dataset = context.dataset
    filters = context.view.filters.without("regions", "provinces", "materials", "sectors")
    table = cached.stars(dataset.name, dataset.version, filters, level)
    return table[table["sector_code"] == sector].set_index("province_code")


def with_stars(context: Context, rows: pd.DataFrame, sector: str, level: str) -> pd.DataFrame:
    """Add ``stars`` (0–3) and ``stars_text`` to rows of provinces."""
    table = of_sector(context, sector, level)
    stars = rows["province_code"].map(table["stars"]).fillna(0).astype("int64")
    return rows.assign(stars=stars, stars_text=[text(number) for number in stars])


def beside_names(rows: pd.DataFrame) -> pd.DataFrame:
    """Write the stars of a province behind its name, where it has any."""
    names = [
        f"{name} {marks(stars)}" if stars else name
        for name, stars in zip(rows["province_name"], rows["stars"], strict=True)
    ]
    return rows.assign(province_name=names)


def text(number: int) -> str:
    """Write stars so that eyes and screen readers both get them: "★★☆ 2/3"."""
    return f"{marks(number)} {number}/{MOST}"


def marks(number: int) -> str:
    """Write stars alone, for beside a name."""
    return "★" * number + "☆" * (MOST - number)


def words(row: pd.Series, t: Text) -> str:
    """Say what the stars of a province are for."""
    held = [t(f"clusters.star_{kind}") for kind in KINDS if row[f"{kind}_star"]]
    return (
        t("clusters.stars_for", stars=text(len(held)), kinds=", ".join(held))
        if held
        else t("clusters.no_stars")
    )
