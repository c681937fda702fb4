"""Raw materials: the catalogue, the published figures, and the supply of each province in tonnes a year.

How a supply figure is chosen (shown on the methods page):

1. Only annual, official or named figures count. Heads of animals, standing areas, capacities and part-year
   figures stay in the table with the reason why they are left out (:func:`excluded`).
2. Roundwood in m³ becomes tonnes by the cited factor of UNECE/FAO (1.01 m³ solid a tonne of chips). An area
   becomes tonnes only by the one checked yield named in the catalogue. Both are marked ``derived``.
3. Materials with nationwide tables (reliability A or B) use one year for all provinces: the latest year
   that has at least nine tenths of the widest number of provinces. The others (C) use the latest figure of
   each province, so years are mixed; ``year`` and ``year_from`` say which.
4. A measured tonnage comes before one derived from an area unless it is more than five years older.
5. 63 → 34 is an exact sum. ``partial`` marks a province of 2025 where some old province has no figure:
   the sum is then a lower bound. A figure published for a new province replaces the sum only where the sum is
   itself derived, is not newer, or does not exist. Nothing published for the 34 is split back to the 63.
6. A missing province is "no figure": it has no row here, never a zero.
7. Figures of the user's own come before the published ones (:mod:`geo.subjects.own_supply`).
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from geo.errors import ParameterError
from geo.places import admin
from geo.subjects import own_supply
from geo.subjects.shipped import table

WIDE_YEAR_SHARE = 0.9
MAX_AGE_OF_MEASURED = 5
_WOOD_FACTOR = "1610-roundwood_non_coniferous-wood_chips"
_WORST = {"A": 0, "B": 1, "C": 2, own_supply.OWN: 3}

REASONS = {
    "nine_months": (
        "số liệu 9 tháng, không phải cả năm",
        "a figure of nine months, not of a year",
    ),
    "to_20_september": (
        "số liệu tính đến 20/9, không phải cả năm",
        "a figure up to 20 September, not of a year",
    ),
    "design_capacity": ("công suất thiết kế, không phải sản lượng", "design capacity, not output"),
    "head": ("số con, không quy ra tấn", "heads of animals, not tonnes"),
    "stock": ("diện tích hiện có, không phải sản lượng trong năm", "a standing area, not a yearly output"),
    "no_yield": (
        "chỉ có diện tích, chưa có năng suất phù hợp đã kiểm chứng để quy ra tấn",
        "an area only, and no checked yield fits to turn it into tonnes",
    ),
}
SUPPLY_COLUMNS = [
    "material_code",
    "province_code",
    "year",
    "year_from",
    "supply_tonnes",
    "native_quantity",
    "native_unit",
    "derived",
    "partial",
    "reliability",
    "source",
    "source_url",
    "own",
]


def catalogue() -> pd.DataFrame:
    """Return the raw materials, indexed by ``material_code``, sorted.

    Returns
    -------
    DataFrame
        ``name_vi``, ``name_en``, ``vsic_codes``, ``material_group``, ``unit`` (of the published figure),
        ``form_vi`` / ``form_en`` (what a tonne is a tonne of), ``part_of`` (a material that contains this
        one: never add the two), ``area_yield_id``, ``default_sector_code``, ``national_total_tonnes``,
        ``national_total_year``, ``coverage_share`` (0–1 of the country, NaN when unknown),
        ``coverage_note_vi`` / ``coverage_note_en``.
    """
    numbers = ("national_total_tonnes", "national_total_year", "coverage_share")
    return table("materials.csv", numbers=numbers).set_index("material_code").sort_index()


def label(code: str, lang: str = "vi") -> str:
    """Return the name of a material in ``lang`` (``vi`` or ``en``).

    Raises
    ------
    ParameterError
        If the code is not in the catalogue.
    """
    names = table("materials.csv").set_index("material_code")
    if code not in names.index:
        raise ParameterError(
            vi="Nguyên liệu phải là một mã trong danh mục (ví dụ coffee, paddy_rice), "
            f"nhưng nhận được “{code}”; hãy chọn mã có trong danh mục nguyên liệu.",
            en="The material must be a code of the catalogue (such as coffee, paddy_rice), "
            f'but "{code}" came; choose a code of the material list.',
        )
    return str(names.loc[code, "name_en" if lang == "en" else "name_vi"])


def published() -> pd.DataFrame:
    """Return every published figure in its own unit, with why it is left out of supply (empty if it is in).

    Returns
    -------
    DataFrame
        The columns of ``material_supply.csv`` and ``reason`` (a key of :data:`REASONS` or ``""``).
    """
    rows = table("material_supply.csv", numbers=("quantity", "year"), flags=("source_address_complete",))
    rows["year"] = rows["year"].astype("int64")
    has_yield = catalogue()["area_yield_id"] != ""
    reason = rows["basis"].where(rows["basis"] != "annual", "")
    reason = reason.mask(rows["unit"] == "head", "head")
    no_yield = (rows["unit"] == "ha") & (reason == "") & ~rows["material_code"].map(has_yield)
    return rows.assign(reason=reason.mask(no_yield, "no_yield"))


def excluded(vintage: str | None = None) -> pd.DataFrame:
    """Return the published figures that do not count as supply, each with the reason in both languages.

    The area of a crop whose tonnes are measured in the same table is not listed: it is not needed.
    """
    rows = published()
    measured = rows[rows["reason"].eq("") & rows["unit"].isin(["tonnes", "m3"])]
    known = pd.MultiIndex.from_frame(measured[["material_code", "vintage", "province_code"]])
    keys = pd.MultiIndex.from_frame(rows[["material_code", "vintage", "province_code"]])
    rows = rows[rows["reason"].ne("") & ~(rows["reason"].eq("no_yield") & keys.isin(known))]
    if vintage is not None:
        rows = rows[rows["vintage"] == admin.check_vintage(vintage)]
    vi = rows["reason"].map(lambda key: REASONS[key][0])
    en = rows["reason"].map(lambda key: REASONS[key][1])
    return rows.assign(reason_vi=vi, reason_en=en).reset_index(drop=True)


def _candidates() -> pd.DataFrame:
    """Every usable row turned into tonnes, with the source of the figure and of the factor."""
    rows = published()
    rows = rows[rows["reason"] == ""].drop(columns="reason")
    factors = table("conversion_factors.csv", numbers=("input_per_output",)).set_index("factor_id")
    yields = table("yields.csv", numbers=("value",)).set_index("yield_id")
    yield_id = rows["material_code"].map(catalogue()["area_yield_id"])
    per_unit = pd.Series(1.0, index=rows.index)
    per_unit = per_unit.mask(rows["unit"] == "m3", 1.0 / float(factors["input_per_output"][_WOOD_FACTOR]))
    per_unit = per_unit.mask(rows["unit"] == "ha", yield_id.map(yields["value"]))
    factor = pd.Series("", index=rows.index)
    factor = factor.mask(rows["unit"] == "m3", str(factors["source"][_WOOD_FACTOR]))
    factor = factor.mask(
        rows["unit"] == "ha",
        yield_id.map(yields["source"] + " (" + yields["value"].map("{:g}".format) + " t/ha)"),
    )
    joined = rows["source"] + factor.map(lambda text: f" × {text}" if text else "")
    return rows.assign(
        supply_tonnes=rows["quantity"] * per_unit,
        derived=rows["unit"].ne("tonnes"),
        area=rows["unit"].eq("ha"),
        source=joined,
    )


def _one_year(rows: pd.DataFrame) -> pd.DataFrame:
    """For nationwide tables keep, per material, the latest year nearly as wide as the widest."""
    counts = rows.groupby(["material_code", "year"])["province_code"].nunique().reset_index(name="n")
    widest = counts.groupby("material_code")["n"].transform("max")
    chosen = counts[counts["n"] >= WIDE_YEAR_SHARE * widest].groupby("material_code")["year"].max()
    return rows[rows["year"] == rows["material_code"].map(chosen)]


def _latest_each(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a material, vintage and province: the latest measured, else the latest from an area."""
    keys = ["material_code", "vintage", "province_code"]
    rows = rows.sort_values([*keys, "year", "supply_tonnes"], kind="stable")
    newest = rows.groupby([*keys, "area"], sort=True).tail(1)
    area_year = newest[newest["area"]].set_index(keys)["year"]
    at = pd.MultiIndex.from_frame(newest[keys])
    newer_area = pd.Series(area_year.reindex(at).to_numpy(), index=newest.index)
    too_old = ~newest["area"] & (newer_area - newest["year"] > MAX_AGE_OF_MEASURED)
    kept = newest[~too_old].sort_values([*keys, "area"], kind="stable")
    return kept.drop_duplicates(keys)


@cache
def _choose(year: int | None) -> pd.DataFrame:
    """The chosen published rows in the vintage they came in; the one copy that is kept."""
    rows = _candidates()
    if year is not None:
        rows = rows[rows["year"] == year]
    wide = rows["reliability"].isin(["A", "B"]) & ~rows["area"]
    nationwide = _one_year(rows[wide])
    single = rows[~rows["material_code"].isin(nationwide["material_code"].unique())]
    single = single[single["reliability"] == "C"]
    chosen = pd.concat([nationwide, _latest_each(single)], ignore_index=True)
    return chosen.assign(
        year_from=chosen["year"],
        native_quantity=chosen["quantity"],
        native_unit=chosen["unit"],
        partial=False,
        own=False,
    )


def _summed(rows: pd.DataFrame) -> pd.DataFrame:
    """Old provinces summed into the provinces of 2025, exactly; the notes of the parts joined."""
    keys = ["material_code", "province_code"]
    sums = admin.to_2025(
        rows[[*keys, "supply_tonnes", "native_quantity"]],
        by=["material_code"],
        sum_columns=["supply_tonnes", "native_quantity"],
    )
    to_new = admin.crosswalk().set_index("pre2025_code")["code_2025"]
    parts = rows.assign(province_code=rows["province_code"].map(to_new))
    grouped = parts.groupby(keys, sort=True)
    notes = grouped.agg(
        year=("year", "max"),
        year_from=("year_from", "min"),
        native_unit=("native_unit", lambda units: units.iloc[0] if units.nunique() == 1 else ""),
        derived=("derived", "any"),
        reliability=("reliability", lambda marks: max(marks, key=_WORST.__getitem__)),
        source=("source", lambda texts: " | ".join(dict.fromkeys(texts))),
        source_url=("source_url", lambda texts: " | ".join(dict.fromkeys(filter(None, texts)))),
        own=("own", "any"),
        all_own=("own", "all"),
        parts=("supply_tonnes", "size"),
    ).reset_index()
    out = sums.merge(notes, on=keys)
    merged = to_new.value_counts()
    out["partial"] = out["parts"] < out["province_code"].map(merged).astype("float64")
    # Hectares and tonnes of two old provinces cannot be added: no native quantity is better than a false one.
    out["native_quantity"] = out["native_quantity"].where(out["native_unit"] != "")
    return out.assign(all_own=out["all_own"] & ~out["partial"]).drop(columns="parts")


def _in_2025(chosen: pd.DataFrame) -> pd.DataFrame:
    """The supply of the 34: sums of old provinces, and figures published for the new ones (rule 5)."""
    summed = _summed(chosen[chosen["vintage"] == "pre2025"])
    whole = chosen[chosen["vintage"] == "2025"]
    both = pd.concat([whole.assign(whole=True), summed.assign(whole=False)], ignore_index=True)
    both = both.sort_values(
        ["material_code", "province_code", "derived", "year", "whole"],
        ascending=[True, True, True, False, False],
        kind="stable",
    )
    return both.drop_duplicates(["material_code", "province_code"])


@cache
def _published_supply(vintage: str, year: int | None) -> pd.DataFrame:
    """Published supply of one vintage and year, kept for the life of the process."""
    chosen = _choose(year)
    return _tidy(_in_2025(chosen) if vintage == "2025" else chosen[chosen["vintage"] == "pre2025"])


def _with_own(vintage: str, year: int | None, own: pd.DataFrame) -> pd.DataFrame:
    """Own figures laid over the published supply of a vintage (rule 7)."""
    published, figures = _published_supply(vintage, year), own_supply.figures(own, year)
    if vintage == "pre2025":
        return _tidy(own_supply.laid_over(own_supply.in_old(figures), published))
    chosen = _choose(year)
    before = [rows[rows["vintage"] == "pre2025"] for rows in (figures, chosen)]
    parts = own_supply.laid_over(*before)
    sums = _summed(parts[_of_touched(parts)])
    names = ["material_code", "province_code"]
    whole = published.merge(chosen.loc[chosen["vintage"] == "2025", [*names, "source"]])
    stands = pd.MultiIndex.from_frame(sums[names]).isin(pd.MultiIndex.from_frame(whole[names]))
    sums = sums[sums["all_own"] | ~stands]
    return _tidy(own_supply.laid_over(own_supply.of_whole_provinces(figures, sums), published))


def _of_touched(parts: pd.DataFrame) -> pd.Series:
    """Tell which rows of old provinces are of a province of 2025 in which an own figure stands."""
    to_new = admin.crosswalk().set_index("pre2025_code")["code_2025"]
    return parts["own"].groupby([parts["material_code"], parts["province_code"].map(to_new)]).transform("any")


def _tidy(rows: pd.DataFrame) -> pd.DataFrame:
    """The columns of the supply in order and type, sorted by codes."""
    out = rows.sort_values(["material_code", "province_code"], ignore_index=True)[SUPPLY_COLUMNS]
    texts = ("material_code", "province_code", "native_unit", "reliability", "source", "source_url")
    types = {
        **dict.fromkeys(texts, "str"),
        "year": "int64",
        "year_from": "int64",
        "supply_tonnes": "float64",
        "native_quantity": "float64",
        "derived": "bool",
        "partial": "bool",
        "own": "bool",
    }
    return out.astype(types)


def supply(vintage: str = "2025", year: int | None = None, own: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the supply of each material in each province that has a figure, in tonnes a year.

    Parameters
    ----------
    vintage : str
        ``2025`` (34 provinces) or ``pre2025`` (63).
    year : int, optional
        Only figures of this year; by default the year is chosen per material (see the module).
    own : DataFrame, optional
        Figures of the user's own, columns of ``own_supply.OWN_SUPPLY``: they take the place of the published
        ones as :mod:`geo.subjects.own_supply` says. Not written to.

    Returns
    -------
    DataFrame
        ``material_code``, ``province_code``, ``year`` and ``year_from`` (latest and earliest year in the
        figure), ``supply_tonnes``, ``native_quantity`` and ``native_unit`` (as published; empty when parts
        differ in unit), ``derived`` (from an area or from m³), ``partial`` (an old province has no figure),
        ``reliability`` (A, B, C or ``own``; the weakest part), ``source``, ``source_url``, ``own`` (is or holds
        a figure of the user's own). Sorted by codes; a province without a figure has no row.

    Raises
    ------
    ParameterError
        If the vintage is unknown.

    Notes
    -----
    For materials with nationwide tables the total over the 34 equals the total over the 63 exactly.
    """
    admin.check_vintage(vintage)
    asked = None if year is None else int(year)
    if own is None or own.empty:
        return _published_supply(vintage, asked).copy()
    return _with_own(vintage, asked, own)


def own_set_aside(vintage: str, own: pd.DataFrame) -> pd.DataFrame:
    """Return the latest own figures that the supply of a vintage cannot hold, as ``own_supply.figures`` gives them.

    Figures of merged provinces among the 63, and figures of a part of a province of 2025 for which a figure of the
    whole is published (rule 4 of :mod:`geo.subjects.own_supply`).

    Raises
    ------
    ParameterError
        If the vintage is unknown.
    """
    figures, shown = own_supply.figures(own), supply(vintage, own=own)
    shown = shown[shown["own"]]
    places = pd.DataFrame(
        {"material_code": figures["material_code"], "province_code": own_supply.placed(figures, vintage)}
    )
    held = pd.MultiIndex.from_frame(places).isin(
        pd.MultiIndex.from_frame(shown[["material_code", "province_code"]])
    )
    return figures[~held].reset_index(drop=True)


def coverage(vintage: str = "2025", year: int | None = None, own: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return per material what its supply figures cover; arguments as for :func:`supply`.

    Returns
    -------
    DataFrame
        Indexed by ``material_code`` (all of the catalogue): ``provinces`` with a figure, ``partial`` ones,
        ``derived`` and ``own`` ones, ``supply_tonnes`` in all (NaN when none), ``year_from``, ``year_to``,
        ``coverage_share`` of the country that the published figures hold (NaN unknown), ``coverage_note_vi``, ``coverage_note_en``.
    """
    rows = supply(vintage, year, own)
    grouped = rows.groupby("material_code")
    out = grouped.agg(
        provinces=("province_code", "size"),
        partial=("partial", "sum"),
        derived=("derived", "sum"),
        own=("own", "sum"),
        supply_tonnes=("supply_tonnes", "sum"),
        year_from=("year_from", "min"),
        year_to=("year", "max"),
    )
    names = catalogue()
    out = out.reindex(names.index)
    counts = ["provinces", "partial", "derived", "own"]
    out[counts] = out[counts].fillna(0).astype("int64")
    out[["year_from", "year_to"]] = out[["year_from", "year_to"]].astype("Int64")
    return out.join(names[["coverage_share", "coverage_note_vi", "coverage_note_en"]])
