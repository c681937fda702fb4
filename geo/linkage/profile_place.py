"""What a province is: its name, region, the mergers of 2025, who may be supported there, its statistics."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pandas as pd

from geo.linkage.eligibility import CITY_RULE, PLACE_BASIS
from geo.linkage.model import Caution, Text
from geo.places import admin
from geo.subjects import shipped, statistics

#: Indicators of a profile: the same question is asked of the vintage whose figures exist.
_INDICATORS = {
    "2025": (
        "area_nq_202_2025_qh15",
        "population_registered_nq_202_2025_qh15",
        "enterprises_operating_with_results",
        "workers_in_enterprises",
        "household_individual_non_farm_establishments",
        "workers_in_household_individual_establishments",
        "cooperatives",
        "industrial_clusters_ccn_established",
    ),
    "pre2025": (
        "area",
        "population",
        "enterprises_operating_with_results",
        "workers_in_enterprises",
        "household_individual_non_farm_establishments",
        "workers_in_household_individual_establishments",
        "cooperatives",
        "industrial_clusters_ccn_established",
    ),
}
_UNITS = {
    "km2": Text("km²", "km²"),
    "persons": Text("người", "persons"),
    "enterprises": Text("doanh nghiệp", "enterprises"),
    "establishments": Text("cơ sở", "establishments"),
    "cooperatives": Text("hợp tác xã", "cooperatives"),
    "clusters": Text("cụm công nghiệp", "industrial clusters"),
}


@dataclass(frozen=True)
class Place:
    """A province of either vintage, by code and name."""

    province_code: str
    vintage: str
    name: Text


@dataclass(frozen=True)
class Identity:
    """What a province is called, where it lies, and what the mergers of 2025 did to it.

    Parameters
    ----------
    name : Text
        Name with its type: “tỉnh Phú Thọ”; the plain name in English.
    regions : dict
        Region set -> name of the region it lies in, the set in force first.
    merged_from : tuple of Place
        Old provinces it was made of (vintage 2025; itself alone where nothing changed).
    now_part_of : Place or None
        Province of today (vintage pre2025).
    eligibility : Caution
        Where in the province establishments may be supported, with the legal basis.
    """

    province_code: str
    vintage: str
    name: Text
    short_name: Text
    regions: dict[str, Text]
    merged_from: tuple[Place, ...]
    now_part_of: Place | None
    eligibility: Caution


def identity(code: str, vintage: str, region_set: str | None = None) -> Identity:
    """Return the identity of one province.

    Raises
    ------
    PlaceError
        If the code is not of the vintage.
    ParameterError
        If the vintage or the region set is unknown.
    """
    admin.check_codes([code], vintage)
    row = admin.provinces(vintage).loc[code]
    short = Text(str(row["name_vi"]), str(row["name_en"]))
    walk = admin.crosswalk()
    if vintage == "2025":
        parts = tuple(_place(old, "pre2025") for old in walk.loc[walk["code_2025"] == code, "pre2025_code"])
        today = None
    else:
        parts = ()
        today = _place(str(walk.set_index("pre2025_code").at[code, "code_2025"]), "2025")
    return Identity(
        code,
        vintage,
        Text(f"{row['province_type']} {short.vi}", short.en),
        short,
        _regions(code, vintage, region_set),
        parts,
        today,
        eligibility_note(today.province_code if today else code),
    )


def eligibility_note(code_2025: str) -> Caution:
    """Say where in a province of today establishments may be supported; cities differ from provinces.

    References
    ----------
    Decree 235/2025/NĐ-CP amending Decree 45/2012/NĐ-CP on industrial promotion.
    """
    row = admin.provinces("2025").loc[code_2025]
    vi, en = str(row["name_vi"]), str(row["name_en"])
    if row["province_type"] == "thành phố":
        return Caution(
            code="place_city",
            vi=f"{vi} là thành phố trực thuộc trung ương: {CITY_RULE.vi}",
            en=f"{en} is a centrally-run city: {CITY_RULE.en}",
            legal_basis=PLACE_BASIS,
            status="derived",
        )
    return Caution(
        code="place_province",
        vi=f"{vi} là tỉnh: cơ sở ở xã, phường và đặc khu đều thuộc địa bàn được hỗ trợ khuyến công.",
        en=f"{en} is a province: establishments in its communes, wards and special zones all lie where "
        "support for industrial promotion may be given.",
        legal_basis=PLACE_BASIS,
        status="checked",
    )


def facts(code: str, vintage: str) -> pd.DataFrame:
    """Return published statistics of one province.

    Returns
    -------
    DataFrame
        ``indicator``, ``label_vi``, ``label_en``, ``value`` (NaN: no figure), ``unit``, ``unit_vi``,
        ``unit_en``, ``year`` (NaN: undated), ``figures_of`` (vintage they were published for; those of the
        63 are summed into the 34), ``source_url``; in a fixed order, area and population first.

    Raises
    ------
    ParameterError
        If the vintage is unknown.
    """
    table = _all_facts(admin.check_vintage(vintage))
    return table[table["province_code"] == code].drop(columns="province_code").reset_index(drop=True)


@cache
def _all_facts(vintage: str) -> pd.DataFrame:
    """Return the statistics of every province of a vintage; shipped, so read once and never written to."""
    about = statistics.indicators().loc[list(_INDICATORS[vintage])]
    sources = shipped.table("province_stats.csv").groupby("indicator")["source_url"].unique()
    units = {unit: _UNITS.get(unit, Text(unit, unit)) for unit in about["unit"]}
    about = about.assign(
        label_vi=_capitals(about["label_vi"]),
        label_en=_capitals(about["label_en"]),
        unit_vi=about["unit"].map({unit: said.vi for unit, said in units.items()}),
        unit_en=about["unit"].map({unit: said.en for unit, said in units.items()}),
        source_url=sources.map(lambda urls: "; ".join(sorted(urls))).reindex(about.index),
    ).rename(columns={"vintage": "figures_of"})
    codes = admin.provinces(vintage).index
    values = pd.concat(
        [
            pd.DataFrame(
                {
                    "province_code": codes,
                    "indicator": name,
                    "value": statistics.values(name, vintage).reindex(codes).to_numpy("float64"),
                }
            )
            for name in about.index
        ],
        ignore_index=True,
    )
    columns = ["label_vi", "label_en", "unit", "unit_vi", "unit_en", "year", "figures_of", "source_url"]
    joined = values.join(about[columns], on="indicator")
    return joined[["province_code", "indicator", "label_vi", "label_en", "value", *columns[2:]]]


def _capitals(labels: pd.Series) -> pd.Series:
    """Begin each label with a capital, as the head of a row."""
    return labels.str[:1].str.upper() + labels.str[1:]


def _place(code: str, vintage: str) -> Place:
    """Return a province by name."""
    row = admin.provinces(vintage).loc[code]
    return Place(str(code), vintage, Text(str(row["name_vi"]), str(row["name_en"])))


def _regions(code: str, vintage: str, region_set: str | None) -> dict[str, Text]:
    """Return the region of every set of the vintage, the one in force first."""
    first = region_set or admin.default_region_set(vintage)
    sets = sorted(admin.region_sets(vintage), key=lambda name: name != first)
    return {name: of[code] for name in sets if code in (of := _region_names(name))}


@cache
def _region_names(region_set: str) -> dict[str, Text]:
    """Return the name of the region of every province of a set; shipped, so read once."""
    names = admin.regions(region_set)[["name_vi", "name_en"]]
    return {
        str(code): Text(str(names.at[region, "name_vi"]), str(names.at[region, "name_en"]))
        for code, region in admin.province_regions(region_set).items()
    }
