"""How fast the row-level and the analysis steps are, how much memory they take, how large an answer is.

Every size runs in a fresh process, so that the memory of one does not hide that of another.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from geo import bench_import
from geo.bench_tools import apart, timed
from geo.build import demo
from geo.errors import ParameterError
from geo.linkage import engine as linkage
from geo.linkage import groups, material_tables, stability, support
from geo.measures import balance as balances
from geo.measures import crossing, flows, hotspot_null, specialisation
from geo.places import admin, distances
from geo.store import aggregate, catalog, cell_counts, cells, files
from geo.store.catalog import Dataset
from geo.store.filters import Filters
from geo.subjects import gateways, materials, requirements

SIZES = (10_000, 100_000, 1_000_000)
#: Sizes of a list that an office brings in; larger sets are not imported here.
SMALLEST_IMPORT, LARGEST_IMPORT = 20, 100_000
REPEATS = 5
COUNTRY = (102.0, 6.0, 118.0, 24.0)  # west, south, east, north: the first view of the map
COUNTRY_ZOOM = 6
#: One filter a repetition, so that no answer comes from a cache.
_SECTORS = ("10", "16", "1061", "31", "14", "23", "25", "1076", "1077", "13")


def bench(sizes: Sequence[int] = SIZES, *, repeats: int = REPEATS) -> list[dict[str, Any]]:
    """Measure the steps between the rows and the ranking on demonstration sets.

    Parameters
    ----------
    sizes : sequence of int
        Numbers of establishments.
    repeats : int, default 5
        Repetitions of each step, 1 to 10; the median counts.

    Returns
    -------
    list of dict
        ``establishments``, ``step`` (``make``, ``load``, ``filter_hexagons``, ``location_quotient``,
        ``transport``, ``hot_spots`` of one sector, ``ranking`` of all kinds from the rows, ``reweigh``,
        ``groups``, ``stability`` with 200 resamples; up to 100,000 also ``import`` of an XLSX with so many
        rows, and its parts ``import_read``, ``import_check``, ``import_write``), ``seconds`` (median; ``make`` and
        ``stability`` run once), ``peak_memory_mb`` (highest
        memory of the process during the step; ``None`` where the system does not tell), ``payload_bytes``
        (JSON of the map's answer; ``None`` for the other steps).

    Raises
    ------
    ParameterError
        If a size or ``repeats`` is out of its range.
    """
    if not sizes or min(sizes) < 1 or not 1 <= repeats <= len(_SECTORS):
        raise ParameterError(
            vi=f"Phép đo cần ít nhất một số cơ sở từ 1 trở lên và số lần lặp từ 1 đến {len(_SECTORS)}, nhưng nhận "
            f"được {list(sizes)} và {repeats}.",
            en=f"The measurement needs at least one size of 1 or more and 1 to {len(_SECTORS)} repetitions, "
            f"but {list(sizes)} and {repeats} came.",
        )
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        for size in sizes:
            folder = str(Path(scratch) / str(size))
            rows += apart(_make, size, folder)
            rows += apart(_measure, size, folder, repeats)
            if SMALLEST_IMPORT <= size <= LARGEST_IMPORT:
                rows += apart(bench_import.measure, size)
    return rows


def _make(size: int, folder: str) -> list[dict[str, Any]]:
    """Make and write a demonstration set, once."""
    return [timed(size, "make", lambda _: demo.write(size, demo.BUNDLED_SEED, folder), 1)]


def _measure(size: int, folder: str, repeats: int) -> list[dict[str, Any]]:
    """Measure every step on a written set."""

    def load(_: int) -> int:
        files._sha256_once.cache_clear()  # as a server just started: every file is checked
        return aggregate.summary(catalog.open_dataset(folder), Filters())["total"]

    def hexagons(turn: int) -> int:
        chosen = Filters(sectors=(_SECTORS[turn],))
        answer = cells.answer(dataset, chosen, COUNTRY, COUNTRY_ZOOM)
        return len(json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode())

    first = timed(size, "load", load, repeats)
    dataset = catalog.open_dataset(folder)
    carry = _transport(dataset)
    found = linkage.candidates(dataset, Filters())
    ranked = linkage.rank(found)
    return [
        first,
        timed(size, "filter_hexagons", hexagons, repeats, payload=_whole_payload(dataset)),
        timed(size, "location_quotient", lambda _: _quotients(dataset), repeats),
        timed(size, "transport", lambda _: carry(), repeats),
        timed(size, "hot_spots", lambda turn: _hot_spots(dataset, _SECTORS[turn]), repeats),
        timed(size, "ranking", lambda _: _ranking(dataset), repeats),
        timed(size, "reweigh", lambda turn: linkage.rank(found, {"need": 0.1 * turn}), repeats),
        timed(size, "groups", lambda _: groups.find(ranked.opportunities), repeats),
        timed(size, "stability", lambda _: stability.judge(stability.draw(found)), 1),
    ]


def _hot_spots(dataset: Dataset, sector: str) -> list[crossing.Cluster]:
    """Find the clusters of one sector, reading the rows anew."""
    _forget()
    return crossing.find(dataset, Filters(), sector)


def _ranking(dataset: Dataset) -> linkage.Ranking:
    """Rank the opportunities of all kinds, reading the rows anew."""
    _forget()
    return linkage.find(dataset, Filters())


def _forget() -> None:
    """Empty the caches of what was read from the rows."""
    for kept in (material_tables.aggregates, cell_counts.cell_counts, hotspot_null.grid, support.rows):
        kept.cache_clear()


def _whole_payload(dataset: Dataset) -> int:
    """Return the bytes of the map's answer with nothing filtered out, the largest of the first view."""
    answer = cells.answer(dataset, Filters(), COUNTRY, COUNTRY_ZOOM)
    return len(json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode())


def _quotients(dataset: Dataset) -> Any:
    """Count by province and sector and take location quotients with their intervals."""
    return specialisation.lq_table(aggregate.matrix(aggregate.counts(dataset, Filters())))


def _transport(dataset: Dataset) -> Callable[[], Any]:
    """Prepare the balances; return the step that solves the problem of every material."""
    filters = Filters().normalised()
    demand = balances.demand(
        aggregate.demand_base(dataset, filters),
        aggregate.stated_needs(dataset, filters),
        requirements.table(),
    )
    codes = admin.provinces(filters.vintage).index
    balance = balances.balance(materials.supply(filters.vintage), demand, codes)
    straight_km = distances.matrix_km(filters.vintage)
    imports = gateways.import_options(filters.vintage)
    return lambda: flows.material_flows(balance, straight_km, imports=imports)
