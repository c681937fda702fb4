"""The view between regions: what ties each pair of them together, and the lines of a flow map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from geo.errors import ParameterError
from geo.linkage import matrix
from geo.linkage.model import Opportunity, Text
from geo.linkage.narrative import say, short
from geo.numbers import number
from geo.places import admin, boundaries
from geo.subjects import materials

TIE_COLUMNS = [
    "first", "second", "first_vi", "first_en", "second_vi", "second_en", "opportunities", "score_total",
    "material_code", "material_vi", "material_en", "tonnes", "strongest_id", "strongest_kind",
    "strongest_score", "strongest_subject_vi", "strongest_subject_en", "strongest_provinces",
    "sentence_vi", "sentence_en",
]  # fmt: skip
FLOW_COLUMNS = [
    "first", "second", "origin_lat", "origin_lon", "dest_lat", "dest_lon", "value", "unit", "directed",
    "label_vi", "label_en",
]  # fmt: skip


def ties(
    opportunities: Sequence[Opportunity], region_set: str | None = None, *, within: bool = False
) -> pd.DataFrame:
    """Return what ties each pair of regions together.

    Parameters
    ----------
    opportunities : sequence of Opportunity
        All of one vintage, ranked.
    region_set : str or None
        A region set of that vintage; ``None`` takes its default.
    within : bool, default False
        Give the opportunities inside one region as well (``first`` = ``second``).

    Returns
    -------
    DataFrame
        One row a pair of regions with an opportunity, the largest sum of scores first: ``first``, ``second``
        (region codes in the order of the source, north to south) and their names; ``opportunities`` (count)
        and ``score_total``, the same as in ``matrix.region_matrix``; the material with the most tonnes
        between the two, both ways together (``material_code``, empty when nothing is carried, ``tonnes`` a
        year, NaN then; other materials are not added to it); the strongest opportunity (``strongest_id``,
        kind, score, subject, ``strongest_provinces`` codes joined by ``|``); a sentence in both languages.

    Raises
    ------
    ParameterError
        If the region set is unknown, or of another vintage than the opportunities.
    """
    chosen = _region_set(opportunities, region_set)
    place = {str(code): rank for rank, code in enumerate(admin.regions(chosen).index)}
    region_of = {str(code): str(region) for code, region in admin.province_regions(chosen).items()}
    by_id = {o.id: o for o in opportunities}
    pairs: dict[tuple[str, str], list[Opportunity]] = {}
    for row in matrix.pairs(opportunities).itertuples():
        ends = sorted((region_of[str(row.first)], region_of[str(row.second)]), key=place.__getitem__)
        if within or ends[0] != ends[1]:
            pairs.setdefault((ends[0], ends[1]), []).append(by_id[str(row.id)])
    rows = [_tie(pair, items, chosen) for pair, items in pairs.items()]
    table = pd.DataFrame(rows, columns=TIE_COLUMNS)
    return table.sort_values(
        ["score_total", "first", "second"], ascending=[False, True, True], ignore_index=True
    )


def flow_frame(
    opportunities: Sequence[Opportunity],
    region_set: str | None = None,
    value: str = "count",
    *,
    material: str | None = None,
) -> pd.DataFrame:
    """Return the lines of a flow map between regions.

    Parameters
    ----------
    opportunities : sequence of Opportunity
        All of one vintage, ranked.
    region_set : str or None
        A region set of that vintage; ``None`` takes its default.
    value : {"count", "score", "tonnes"}
        What the width of a line stands for. Tonnes have a direction and need a ``material``: tonnes of
        different materials are never added.
    material : str, optional
        The material of ``tonnes``.

    Returns
    -------
    DataFrame
        ``first``, ``second`` (region codes; from first to second when ``directed``), ends in degrees (the
        label points of the regions), ``value`` (> 0) with ``unit``
        (opportunities, score, tonnes_per_year), ``label_vi``, ``label_en``; sorted. Nothing inside a region.

    Raises
    ------
    ParameterError
        If the value or region set is unknown, or tonnes are asked for without a material.
    """
    chosen = _region_set(opportunities, region_set)
    directed = value == "tonnes"
    kept = list(opportunities)
    if directed:
        kept = _carrying(kept, material)
    square = matrix.region_matrix(kept, chosen, value)
    unit = {"count": "opportunities", "score": "score", "tonnes": "tonnes_per_year"}[value]
    points, names = region_points(chosen), admin.regions(chosen)
    rows = []
    for rank, first in enumerate(square.index):
        for second in square.columns if directed else square.columns[rank + 1 :]:
            amount = float(square.at[first, second])  # type: ignore[arg-type]
            if first == second or amount <= 0:
                continue
            label = _label(names, (str(first), str(second)), amount, value, material)
            a, b = points.loc[first], points.loc[second]
            ends = (a["lat"], a["lon"], b["lat"], b["lon"])
            rows.append((first, second, *ends, amount, unit, directed, label.vi, label.en))
    return pd.DataFrame(rows, columns=FLOW_COLUMNS)


def region_points(region_set: str) -> pd.DataFrame:
    """Return the label point of each region, which lies inside it.

    Returns
    -------
    DataFrame
        Indexed by ``region_code`` in the order of the source: ``lat``, ``lon`` (degrees).

    Raises
    ------
    ParameterError
        If the region set is unknown.
    """
    vintage = admin.region_set_vintage(region_set)
    shapes = boundaries.load("region", vintage, "screen", region_set=region_set).set_index("region_code")
    points = shapes[["label_lat", "label_lon"]].rename(columns={"label_lat": "lat", "label_lon": "lon"})
    return pd.DataFrame(points).reindex(admin.regions(region_set).index)


def carried(opportunities: Sequence[Opportunity], region_set: str | None = None) -> list[str]:
    """Return the materials carried between different regions, the one with the most tonnes first."""
    region_of = admin.province_regions(_region_set(opportunities, region_set))
    tonnes: dict[str, float] = {}
    for item in sorted(opportunities, key=lambda o: o.id):
        if item.unit == "tonnes_per_year" and len({region_of[c] for c in item.province_codes}) > 1:
            tonnes[item.subject_code] = tonnes.get(item.subject_code, 0.0) + item.magnitude
    return sorted(tonnes, key=lambda code: (-tonnes[code], code))


def _region_set(opportunities: Sequence[Opportunity], region_set: str | None) -> str:
    """Return the region set asked for, or the default of the opportunities; refuse one of another vintage."""
    vintages = sorted({o.vintage for o in opportunities})
    if region_set is None:
        return admin.default_region_set(vintages[0] if vintages else admin.DEFAULT_VINTAGE)
    wanted = admin.region_set_vintage(region_set)
    if vintages and vintages != [wanted]:
        raise ParameterError(
            vi=f"Bộ vùng “{region_set}” chia các tỉnh của bộ “{wanted}”, còn cơ hội thuộc bộ "
            f"“{', '.join(vintages)}”; hãy chọn một trong: {', '.join(admin.region_sets(vintages[0]))}.",
            en=f'Region set "{region_set}" groups provinces of vintage "{wanted}", but the opportunities are of '
            f'"{", ".join(vintages)}"; choose one of: {", ".join(admin.region_sets(vintages[0]))}.',
        )
    return region_set


def _carrying(opportunities: Sequence[Opportunity], material: str | None) -> list[Opportunity]:
    """Keep the opportunities that carry one material."""
    if material is None or material not in materials.catalogue().index:
        raise ParameterError(
            vi="Bản đồ theo tấn cần chọn một nguyên liệu vì không cộng tấn của các nguyên liệu khác nhau; "
            f"nhận được “{material}”. Hãy chọn một mã nguyên liệu, ví dụ coffee.",
            en="A map in tonnes needs one material, because tonnes of different materials are not added; got "
            f'"{material}". Choose a material code, for example coffee.',
        )
    return [o for o in opportunities if o.subject_code == material and o.unit == "tonnes_per_year"]


def _tie(pair: tuple[str, str], items: Sequence[Opportunity], region_set: str) -> dict[str, Any]:
    """Describe one pair of regions."""
    names = admin.regions(region_set)
    best = min(items, key=lambda o: (-o.score, o.id))
    tonnes: dict[str, float] = {}
    told: dict[str, Text] = {}
    for item in sorted(items, key=lambda o: o.id):
        if item.unit == "tonnes_per_year":
            tonnes[item.subject_code] = tonnes.get(item.subject_code, 0.0) + item.magnitude
            told[item.subject_code] = Text(item.subject_vi, item.subject_en)
    most = min(tonnes, key=lambda code: (-tonnes[code], code), default="")
    row: dict[str, Any] = {
        "first": pair[0],
        "second": pair[1],
        "first_vi": names.at[pair[0], "name_vi"],
        "first_en": names.at[pair[0], "name_en"],
        "second_vi": names.at[pair[1], "name_vi"],
        "second_en": names.at[pair[1], "name_en"],
        "opportunities": len(items),
        "score_total": round(sum(sorted(o.score for o in items)), 6),
        "material_code": most,
        "material_vi": told[most].vi if most else "",
        "material_en": told[most].en if most else "",
        "tonnes": round(tonnes[most], 6) if most else float("nan"),
        "strongest_id": best.id,
        "strongest_kind": best.kind,
        "strongest_score": best.score,
        "strongest_subject_vi": best.subject_vi,
        "strongest_subject_en": best.subject_en,
        "strongest_provinces": "|".join(best.province_codes),
    }
    said = _sentence(row, best)
    return row | {"sentence_vi": said.vi, "sentence_en": said.en}


def _sentence(row: dict[str, Any], best: Opportunity) -> Text:
    """Say how strong a tie is, what is carried most, and which opportunity is the strongest."""
    count = row["opportunities"]
    many = (say(count, "vi", "count"), say(count, "en", "count"))
    vi, en = (
        [getattr(best.province_names.get(c, Text(c, c)), lang) for c in best.province_codes]
        for lang in ("vi", "en")
    )
    subject = short(Text(best.subject_vi, best.subject_en))
    # What the strongest one is about has a direction unless it is a cluster of equals.
    join = " – " if best.kind == "cluster" else " → "
    one = row["first"] == row["second"]
    between_vi = f"Trong {row['first_vi']}" if one else f"{row['first_vi']} – {row['second_vi']}"
    between_en = f"Within {row['first_en']}" if one else f"{row['first_en']} – {row['second_en']}"
    carried_vi = carried_en = ""
    if row["material_code"]:
        amounts = say(row["tonnes"], "vi"), say(row["tonnes"], "en")
        carried_vi = f"; nguyên liệu nhiều nhất là {row['material_vi']}, {amounts[0]} tấn mỗi năm"
        carried_en = f"; the material carried most is {row['material_en']}, {amounts[1]} tonnes a year"
    return Text(
        f"{between_vi}: {many[0]} cơ hội liên kết{carried_vi}; mạnh nhất là {join.join(vi)} về "
        f"“{subject.vi}”, điểm {say(best.score, 'vi', 'ratio')}.",
        f"{between_en}: {many[1]} {'opportunity' if count == 1 else 'opportunities'}{carried_en}; the strongest "
        f"is {join.join(en)} on “{subject.en}”, score {say(best.score, 'en', 'ratio')}.",
    )


def _label(
    names: pd.DataFrame, pair: tuple[str, str], amount: float, value: str, material: str | None
) -> Text:
    """Return the two lines of a label: which regions, how much."""
    arrow = "→" if value == "tonnes" else "–"
    vi, en = (
        f" {arrow} ".join(str(names.at[code, f"name_{lang}"]) for code in pair) for lang in ("vi", "en")
    )
    if value == "tonnes":
        row = materials.catalogue().loc[str(material)]
        return Text(
            f"{vi}\n{row['name_vi']}: {say(amount, 'vi')} tấn/năm",
            f"{en}\n{row['name_en']}: {say(amount, 'en')} tonnes/year",
        )
    if value == "score":
        return Text(
            f"{vi}\nTổng điểm: {number(amount, 2, 'vi')}", f"{en}\nSum of scores: {number(amount, 2, 'en')}"
        )
    return Text(
        f"{vi}\nSố cơ hội: {number(amount, 0, 'vi')}", f"{en}\nOpportunities: {number(amount, 0, 'en')}"
    )
