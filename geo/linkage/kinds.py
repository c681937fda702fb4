"""The kinds of linkage: one row each, so that the engine treats them all alike.

A kind is a module with ``find``, ``sentence``, ``scheme``, ``judge``, ``MEANINGS`` and ``NOTES``; its row says
which tables of :class:`geo.linkage.inputs.Inputs` it reads and whom it concerns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo.linkage import (
    chain,
    chain_words,
    cluster,
    confidence,
    experience,
    experience_words,
    material,
    material_resample,
    quotient_resample,
    subject_names,
)
from geo.linkage.confidence import Aspects, DataContext, Judgement
from geo.linkage.eligibility import Cell
from geo.linkage.inputs import Inputs, wanted_sectors
from geo.linkage.model import KINDS, Finding, Text
from geo.linkage.narrative import Names
from geo.linkage.resample import Base, Resampler, held
from geo.store.filters import Filters

Found = tuple[list[Finding], dict[str, int]]
#: Provinces with sectors, and how many large establishments they have.
Gaining = tuple[tuple[Cell, ...], int]
Subjects = Mapping[tuple[str, str], Text]


@dataclass(frozen=True)
class Kind:
    """One kind of linkage.

    Parameters
    ----------
    name : str
        One of ``model.KINDS``.
    find : callable
        Inputs -> findings, and counts of what was left out by note code.
    sentence, scheme : callable
        Finding and names -> text in both languages.
    judge : callable
        Finding and context -> aspects of its figures, limits of its letter, reasons.
    meanings : mapping
        What ``magnitude``, ``need`` and ``strength`` mean for this kind.
    notes : mapping
        Note code -> templates in Vietnamese and English.
    gaining : callable
        Finding -> provinces and sectors where the establishments that gain are counted, and how many of them
        are large.
    asking : callable
        Finding -> provinces and sectors whose establishments are looked at for the support they ask for: all
        member provinces, each in the sectors of its part.
    sectors : callable
        Finding -> sectors it is about, which a filter of sectors or materials looks at.
    subject : callable
        Code of the subject, its kind and all names known -> its name.
    resampler : callable
        Findings and groups of establishments -> how their values follow a draw of establishments.
    directed : bool
        Whether the order of the provinces is part of what it is (and so of its id).
    """

    name: str
    find: Callable[[Inputs], Found]
    sentence: Callable[[Finding, Names], Text]
    scheme: Callable[[Finding, Names], Text]
    judge: Callable[[Finding, DataContext], Aspects]
    meanings: Mapping[str, Text]
    notes: Mapping[str, tuple[str, str]]
    gaining: Callable[[Finding], Gaining]
    asking: Callable[[Finding], tuple[Cell, ...]]
    sectors: Callable[[Finding], tuple[str, ...]]
    subject: Callable[[str, str, Subjects], Text]
    resampler: Callable[[Sequence[Finding], Base], Resampler] = held
    directed: bool = True


def _kind(name: str, module: Any, find: Callable[[Inputs], Found], **rest: Any) -> Kind:
    """Make the row of a module; those who gain are asked, unless the kind says otherwise."""
    gaining = rest.get("gaining", _on_both_sides)
    return Kind(
        name,
        find,
        module.sentence,
        module.scheme,
        module.judge,
        module.MEANINGS,
        module.NOTES,
        **(
            {
                "gaining": gaining,
                "asking": lambda f: gaining(f)[0],
                "sectors": _subject_sector,
                "subject": _named,
            }
            | rest
        ),
    )


def _named(code: str, subject_kind: str, subjects: Subjects) -> Text:
    """Look a material or a sector up by its code."""
    return subjects[subject_kind, code]


def _on_both_sides(finding: Finding) -> Gaining:
    """Return both provinces in the sector, with the large establishments counted."""
    return tuple((code, finding.subject_code) for code in finding.codes), int(finding.measures["large"])


def _of_needs(finding: Finding) -> Gaining:
    """Return the sectors of the destination that need the material, with their large establishments."""
    rows = finding.measures["coefficient_rows"]
    sectors = dict.fromkeys(str(row["sector_code"]) for row in rows)
    return tuple((finding.codes[1], code) for code in sectors), sum(int(row["large"]) for row in rows)


def _users_everywhere(finding: Finding) -> tuple[Cell, ...]:
    """Return both provinces in the sectors of the destination that need the material."""
    sectors = dict.fromkeys(row["sector_code"] for row in finding.measures["coefficient_rows"])
    return tuple((code, sector) for code in finding.codes for sector in sectors)


def _of_ends(finding: Finding) -> Gaining:
    """Return the suppliers of one province and the buyers of the other."""
    return tuple(zip(finding.codes, finding.subject_code.split("-"), strict=True)), int(
        finding.measures["large"]
    )


def _of_kindred(finding: Finding) -> Gaining:
    """Return the class to be learnt and its kin in the learner's province."""
    sectors = (finding.subject_code, *finding.measures["related"])
    return tuple((finding.codes[1], code) for code in sectors), int(finding.measures["large"])


def _taught_and_kindred(finding: Finding) -> tuple[Cell, ...]:
    """Return the leader in the class, and the learner in the class and its kin."""
    return ((finding.codes[0], finding.subject_code), *_of_kindred(finding)[0])


def _subject_sector(finding: Finding) -> tuple[str, ...]:
    """Return the sectors named by the subject: one, or both of a pair."""
    return tuple(finding.subject_code.split("-"))


def _find_material(data: Inputs) -> Found:
    """Links between surplus and need."""
    return material.find(
        data.links, data.balance, data.demand, data.supply, data.needs_by_status, data.coverage
    )


def _find_cluster(data: Inputs) -> Found:
    """Neighbours both surely specialised, or with a hot spot across their border."""
    return cluster.find(data.lq, data.pairs, data.road_km, data.sizes, data.crossings)


def _find_chain(data: Inputs) -> Found:
    """Strong suppliers beside strong buyers."""
    return chain.find(data.lq, data.sizes, data.road_km, data.chain_links)


def _find_experience(data: Inputs) -> Found:
    """Leaders of a sector beside those who have the ground for it."""
    return experience.find(data.lq, data.counts, data.sizes, data.balance, data.supply, data.road_km)


TABLE: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        _kind(
            "material",
            material,
            _find_material,
            gaining=_of_needs,
            asking=_users_everywhere,
            sectors=lambda _: (),
            resampler=material_resample.resampler,
        ),
        _kind(
            "cluster",
            cluster,
            _find_cluster,
            resampler=quotient_resample.cluster_resampler,
            directed=False,
        ),
        _kind(
            "chain",
            chain_words,
            _find_chain,
            subject=lambda code, *_: subject_names.pair(code),
            gaining=_of_ends,
            resampler=quotient_resample.chain_resampler,
        ),
        _kind(
            "experience",
            experience_words,
            _find_experience,
            gaining=_of_kindred,
            asking=_taught_and_kindred,
            resampler=quotient_resample.experience_resampler,
        ),
    )
}
assert tuple(TABLE) == KINDS


def judge(finding: Finding, context: DataContext) -> Judgement:
    """Judge the figures behind a finding of any kind; see :func:`geo.linkage.confidence.judge`."""
    return confidence.judge(finding.kind, TABLE[finding.kind].judge(finding, context), context)


def keeper(filters: Filters) -> Callable[[Finding], bool]:
    """Return whether a finding is about the chosen sectors and materials.

    A linkage of raw material is about its material alone (a choice of sectors narrows the need behind it);
    the others are about a sector, chosen itself, by its division, or because it uses a chosen material.
    """
    wanted = wanted_sectors(filters)
    divisions = None if wanted is None else {code[:2] for code in wanted}

    def keeps(finding: Finding) -> bool:
        if finding.kind == "material":
            return not filters.materials or finding.subject_code in filters.materials
        if wanted is None or divisions is None:
            return True
        known = divisions if finding.subject_kind == "sector_pair" else wanted
        return any(code in known for code in TABLE[finding.kind].sectors(finding))

    return keeps


def meanings(component: str) -> dict[str, Text]:
    """Return what a component (``magnitude``, ``need``, ``strength``) means for each kind."""
    return {name: kind.meanings[component] for name, kind in TABLE.items() if component in kind.meanings}
