"""Ranked opportunities of a dataset: computed once for the country, narrowed and ranked in no time."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import numpy as np

from geo.errors import ParameterError
from geo.linkage import assemble, inputs, material, notes, score
from geo.linkage.candidates import NARROWING, Basis, Candidates
from geo.linkage.kinds import TABLE, keeper
from geo.linkage.model import KINDS, Finding
from geo.linkage.ranking import Ranking, check_kinds, rank
from geo.measures.flows import FlowOptions
from geo.store.catalog import Dataset
from geo.store.filters import Filters
from geo.subjects.requirements import Overrides

__all__ = ["NARROWING", "Basis", "Candidates", "Ranking", "candidates", "country", "find", "narrow", "rank"]


def find(
    dataset: Dataset,
    filters: Filters,
    *,
    weights: Mapping[str, float] | None = None,
    flow_options: FlowOptions | None = None,
    requirement_overrides: Overrides | None = None,
    kinds: Sequence[str] = KINDS,
    between_regions: bool = False,
) -> Ranking:
    """Find and rank the linkages between provinces that are worth a joint proposal.

    Parameters
    ----------
    dataset : Dataset
        Establishments and stated needs.
    filters : Filters
        Sectors, sizes and years narrow the establishments. Regions and provinces narrow the result to
        opportunities with at least one province inside, materials to those about them: flows,
        specialisation and the scales of the score are always of the whole country.
    weights : mapping, optional
        Component -> weight ≥ 0 (dimensionless); see ``score.COMPONENTS``.
    flow_options : FlowOptions, optional
        Assumptions of the plan of flows; the defaults when left out.
    requirement_overrides : DataFrame or mapping, optional
        Coefficients of the user, as ``requirements.table`` takes them.
    kinds : sequence of str
        Any of ``model.KINDS``.
    between_regions : bool, default False
        Keep only opportunities that cross a region border.

    Returns
    -------
    Ranking
        The order of rows in the dataset changes nothing.

    Raises
    ------
    ParameterError
        If a weight, a kind, the detour factor or a filter is out of its range.
    """
    checked = score.check_weights(weights)
    with _collecting_later():
        found = candidates(
            dataset,
            filters,
            flow_options=flow_options,
            requirement_overrides=requirement_overrides,
            kinds=kinds,
        )
        return rank(found, checked, between_regions=between_regions)


def country(filters: Filters) -> Filters:
    """Return what of the filters decides what is computed: the places and materials chosen do not."""
    return filters.normalised().without(*NARROWING)


def candidates(
    dataset: Dataset,
    filters: Filters,
    *,
    flow_options: FlowOptions | None = None,
    requirement_overrides: Overrides | None = None,
    kinds: Sequence[str] = KINDS,
) -> Candidates:
    """Compute the opportunities without their ranking; arguments as for :func:`find`.

    Raises
    ------
    ParameterError
        If a kind, the detour factor or a filter is out of its range.
    """
    options = flow_options or FlowOptions()
    check_kinds(kinds)
    _check_detour(options.detour_factor)
    filters = filters.normalised()
    whole = country(filters)
    with _collecting_later():
        data = inputs.gather(dataset, whole, options, requirement_overrides)
        findings, left = _findings(data, whole, kinds)
        built, judged = assemble.opportunities(findings, data, whole, dataset)
    asked = tuple(kind for kind in KINDS if kind in kinds)
    return _narrowed(Basis(data, asked, tuple(findings), judged, built, left, whole), filters)


@contextmanager
def _collecting_later() -> Iterator[None]:
    """Put off the collection of garbage while tens of thousands of lasting records are made.

    Each new record would otherwise set off searches for cycles among all those made before: a quarter of the
    time at a million establishments.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def narrow(found: Candidates, filters: Filters) -> Candidates:
    """Pick the opportunities of chosen regions, provinces and materials; nothing is computed anew.

    Parameters
    ----------
    found : Candidates
        Of any choice of places and materials: the choice is made anew among those of the whole country.
    filters : Filters
        The same as those of ``found`` but for regions, provinces and materials.

    Raises
    ------
    ParameterError
        If another filter differs: what it changes must be computed by :func:`candidates`.
    """
    filters = filters.normalised()
    if country(filters) != found.basis.filters:
        raise ParameterError(
            vi="Chỉ lựa chọn vùng, tỉnh và nguyên liệu mới lọc được từ kết quả đã tính; bộ đơn vị hành "
            "chính, cách chia vùng, ngành, năm hoặc quy mô đã khác. Hãy tính lại với bộ lọc mới.",
            en="Only a choice of regions, provinces and materials can be picked from what was computed; the "
            "vintage, region set, sectors, years or sizes differ. Compute it again with the new filters.",
        )
    return _narrowed(found.basis, filters)


def _check_detour(detour_factor: float) -> None:
    """Refuse impossible detours."""
    if not (isinstance(detour_factor, (int, float)) and 1.0 <= detour_factor <= 3.0):
        raise ParameterError(
            vi=f"Hệ số đường vòng phải từ 1 đến 3; nhận được “{detour_factor}”. Hãy nhập lại (mặc định "
            "1,33).",
            en=f'The detour factor must be 1 to 3; got "{detour_factor}". Enter it again (default 1.33).',
        )


def _findings(
    data: inputs.Inputs, filters: Filters, kinds: Sequence[str]
) -> tuple[list[Finding], dict[str, Mapping[str, int]]]:
    """Find linkages of the kinds asked for, in a fixed order, and count what each kind left out."""
    findings: list[Finding] = []
    left: dict[str, Mapping[str, int]] = {}
    keeps = keeper(filters)
    for name, kind in TABLE.items():
        if name in kinds:
            found, left[name] = kind.find(data)
            findings += [assemble.with_regions(f, data.region_of) for f in found if keeps(f)]
    return sorted(findings, key=lambda f: (f.kind, f.subject_code, f.codes)), left


def _narrowed(basis: Basis, filters: Filters) -> Candidates:
    """Pick the opportunities of the chosen places and materials and say what is left out."""
    data = inputs.of_materials(basis.data, filters)
    said = notes.of_inputs(data, basis.kinds)
    for name, counts in basis.left.items():
        if name == "material" and filters.materials:
            counts = material.left_out(material.sifted(data.links, data.demand))
        said += notes.of_counts(counts)
    keeps = keeper(filters)
    about = [i for i, f in enumerate(basis.findings) if keeps(f)]
    codes = filters.province_codes()
    inside = [i for i in about if codes is None or set(codes) & set(basis.findings[i].codes)]
    said += notes.note("outside_places", len(about) - len(inside))
    picked = tuple(basis.opportunities[i] for i in inside)
    return Candidates(picked, tuple(said), filters, basis, np.array(inside, dtype="int64"))
