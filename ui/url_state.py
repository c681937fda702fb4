"""The address of a view: every filter and choice as codes, so that a link restores it in any language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from geo.errors import ParameterError
from geo.linkage import weights
from geo.measures.flows import DETOUR_FACTOR, IMPORT_PENALTY_KM, FlowOptions
from geo.places import admin
from geo.store.filters import SIZE_BANDS, Filters
from geo.subjects import materials, requirements, sectors
from ui.text import DEFAULT_LANGUAGE, LANGUAGES

DEFAULT_DATASET = "real"
DEFAULT_DETOUR = DETOUR_FACTOR
DETOUR_RANGE = (1.0, 2.5)
SHARE_RANGE = (0.1, 1.0)
#: Extra kilometres that a plan of flows may count against imports, or against leaving a region.
PENALTY_RANGE = (0.0, 2000.0)
#: Parameters that belong to one page and are dropped when another page is opened.
PAGE_PARAMETERS = ("pick", "view", "subject", "mode", "level", "kind", "compare", "scenario", "value")


@dataclass(frozen=True)
class View:
    """What every page shows: language, data set, filters and assumptions changed by the user."""

    lang: str = DEFAULT_LANGUAGE
    dataset: str = DEFAULT_DATASET
    filters: Filters = field(default_factory=Filters)
    detour_factor: float = DEFAULT_DETOUR
    import_penalty_km: float = IMPORT_PENALTY_KM
    between_regions_km: float = 0.0
    available_share: float = 1.0
    overrides: tuple[tuple[str, str, str, float], ...] = ()
    #: As ``weights.format_weights`` writes them; empty for the default weights.
    weights: str = ""

    @property
    def flow_options(self) -> FlowOptions:
        """The assumptions of the plan of flows."""
        return FlowOptions(**{name: getattr(self, name) for name, _ in _FLOW.values()})

    @property
    def region_set(self) -> str:
        """The region set in force (the default of the vintage when none was chosen)."""
        return self.filters.region_set or admin.default_region_set(self.filters.vintage)


#: Assumptions of the plan of flows: name in the address → field of the view and its limits.
_FLOW = {
    "detour": ("detour_factor", DETOUR_RANGE),
    "import_km": ("import_penalty_km", PENALTY_RANGE),
    "region_km": ("between_regions_km", PENALTY_RANGE),
    "available": ("available_share", SHARE_RANGE),
}
_DEFAULT = View()


@dataclass(frozen=True)
class Ignored:
    """A part of an address that could not be used: parameter and value as they came."""

    parameter: str
    value: str


def read(parameters: Mapping[str, str], datasets: Iterable[str]) -> tuple[View, list[Ignored]]:
    """Read a view from the parameters of an address.

    Parameters
    ----------
    parameters : mapping of str to str
        Query parameters, e.g. ``{"sector": "1077", "region": "TN"}``; lists are joined by commas.
    datasets : iterable of str
        Names of the data sets that can be opened.

    Returns
    -------
    tuple of View and list of Ignored
        Unknown values are left out of the view and listed, never an error.
    """
    ignored: list[Ignored] = []

    def one(name: str, allowed: Iterable[str], default: str) -> str:
        value = parameters.get(name, default)
        if value in allowed:
            return value
        ignored.append(Ignored(name, value))
        return default

    def several(name: str, known: Callable[[str], bool]) -> tuple[str, ...]:
        values = [part.strip() for part in parameters.get(name, "").split(",") if part.strip()]
        ignored.extend(Ignored(name, value) for value in values if not known(value))
        return tuple(dict.fromkeys(value for value in values if known(value)))

    vintage = one("vintage", ("2025", "pre2025"), "2025")
    region_set = one("set", admin.region_sets(vintage), admin.default_region_set(vintage))
    filters = Filters(
        vintage=vintage,
        region_set=region_set,
        regions=several("region", admin.regions(region_set).index.__contains__),
        provinces=several("province", admin.provinces(vintage).index.__contains__),
        sectors=several("sector", sectors.sectors().index.__contains__),
        materials=several("material", materials.catalogue().index.__contains__),
        years=tuple(int(year) for year in several("year", _is_year)),
        sizes=several("size", SIZE_BANDS.__contains__),
    )
    view = View(
        lang=one("lang", LANGUAGES, DEFAULT_LANGUAGE),
        dataset=one("data", tuple(datasets), DEFAULT_DATASET),
        filters=filters,
        **{
            name: _number(short, name, limits, parameters, ignored) for short, (name, limits) in _FLOW.items()
        },
        overrides=_overrides(parameters, ignored),
        weights=_weights(parameters, ignored),
    )
    return view, ignored


def write(view: View) -> dict[str, str]:
    """Return the parameters that restore a view; defaults are left out, so that links stay short."""
    filters = view.filters
    parameters = {
        "lang": view.lang if view.lang != DEFAULT_LANGUAGE else "",
        "data": view.dataset if view.dataset != DEFAULT_DATASET else "",
        "vintage": filters.vintage if filters.vintage != "2025" else "",
        "set": view.region_set if view.region_set != admin.default_region_set(filters.vintage) else "",
        "region": ",".join(filters.regions),
        "province": ",".join(filters.provinces),
        "sector": ",".join(filters.sectors),
        "material": ",".join(filters.materials),
        "year": ",".join(str(year) for year in filters.years),
        "size": ",".join(filters.sizes),
        **{
            short: f"{getattr(view, name):g}" if getattr(view, name) != getattr(_DEFAULT, name) else ""
            for short, (name, _) in _FLOW.items()
        },
        "weights": view.weights,
        "need": ",".join(f"{s}.{b}.{m}.{value:g}" for s, b, m, value in view.overrides),
    }
    return {name: value for name, value in parameters.items() if value}


def change_vintage(filters: Filters, vintage: str) -> Filters:
    """Carry filters over to the other set of provinces: old ones to what they became, new ones to their parts."""
    if vintage == filters.vintage:
        return filters
    crosswalk = admin.crosswalk()
    source, target = ("pre2025_code", "code_2025") if vintage == "2025" else ("code_2025", "pre2025_code")
    carried = crosswalk.loc[crosswalk[source].isin(filters.provinces), target].drop_duplicates()
    region_set = admin.default_region_set(vintage)
    known = admin.regions(region_set).index
    return replace(
        filters,
        vintage=vintage,
        region_set=region_set,
        provinces=tuple(sorted(carried)),
        regions=tuple(code for code in filters.regions if code in known),
    )


def _is_year(text: str) -> bool:
    """Whether a text is a year that data can have."""
    return text.isdigit() and len(text) == 4


def _number(
    short: str,
    name: str,
    limits: tuple[float, float],
    parameters: Mapping[str, str],
    ignored: list[Ignored],
) -> float:
    """Read an assumption within its limits; another value is ignored and said."""
    default = getattr(_DEFAULT, name)
    text = parameters.get(short)
    if text is None:
        return default
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if limits[0] <= value <= limits[1]:
        return value
    ignored.append(Ignored(short, text))
    return default


def _weights(parameters: Mapping[str, str], ignored: list[Ignored]) -> str:
    """Read the weights of the score, as points or by the name of a preset."""
    text = parameters.get("weights", "")
    try:
        return weights.format_weights(weights.parse_weights(text))
    except ParameterError:
        ignored.append(Ignored("weights", text))
        return ""


def _overrides(
    parameters: Mapping[str, str], ignored: list[Ignored]
) -> tuple[tuple[str, str, str, float], ...]:
    """Read changed requirements, written ``class.size.material.tonnes`` (tonnes per employee and year)."""
    known = set(
        zip(*(requirements.table()[c] for c in ("sector_code", "size_band", "material_code")), strict=True)
    )
    found: list[tuple[str, str, str, float]] = []
    for part in filter(None, parameters.get("need", "").split(",")):
        pieces = part.split(".", 3)
        try:
            key, value = tuple(pieces[:3]), float(pieces[3])
        except (IndexError, ValueError):
            key, value = (), -1.0
        if key in known and 0 <= value < 1e6:
            found.append((pieces[0], pieces[1], pieces[2], value))
        else:
            ignored.append(Ignored("need", part))
    return tuple(sorted(found))
