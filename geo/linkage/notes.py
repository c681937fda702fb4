"""What a ranking leaves out, assumes or limits: said with its count, never silently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geo.linkage.inputs import Inputs
from geo.linkage.kinds import TABLE
from geo.numbers import number


@dataclass(frozen=True)
class Note:
    """Something left out, assumed or limited, with how often, in both languages."""

    code: str
    count: int
    vi: str
    en: str


#: code -> (Vietnamese, English); ``{n}`` is the count, ``{what}`` a list of names.
_TEXTS: Mapping[str, tuple[str, str]] = {
    "without_place": (
        "{n} cơ sở không có tỉnh theo bộ đơn vị hành chính đang chọn nên không được tính.",
        "{n} establishments have no province in the chosen vintage and are not counted.",
    ),
    "employees_assumed": (
        "{n} cơ sở không ghi số lao động: nhu cầu được ước tính theo số lao động bình quân của nhóm quy mô.",
        "{n} establishments state no employees: their need is estimated from the mean of the size band.",
    ),
    "no_requirement": (
        "{n} cơ sở chưa ước tính được nhu cầu nguyên liệu vì ngành chưa có định mức hoặc chưa rõ "
        "nguyên liệu.",
        "{n} establishments have no estimated need: their class has no coefficient, or the material is "
        "unknown.",
    ),
    "materials_without_figures": (
        "{n} nguyên liệu có nhu cầu nhưng chưa tỉnh nào có số liệu sản lượng: {what}.",
        "{n} materials are needed but no province has a supply figure: {what}.",
    ),
    "materials_partial": (
        "{n} nguyên liệu có số liệu sản lượng chưa phủ hết cả nước, tỉnh thiếu là chưa có số liệu: {what}.",
        "{n} materials have supply figures for part of the country only, the rest has no figure: {what}.",
    ),
    "unmet": (
        "{n} nhu cầu cấp tỉnh chưa có nguồn đáp ứng trong số liệu hiện có.",
        "{n} provincial needs find no source in the figures at hand.",
    ),
    "self_sufficient": (
        "{n} nhu cầu cấp tỉnh được sản lượng tại chỗ đáp ứng đủ nên không cần dòng từ tỉnh khác: {what}.",
        "{n} provincial needs are met by the province's own output and ask for no flow from elsewhere: "
        "{what}.",
    ),
    "imports": (
        "{n} dòng nguyên liệu đến từ cảng, cửa khẩu: là nhập khẩu, không tính là cơ hội liên kết.",
        "{n} flows come from ports and border gates: imports, not counted as linkages.",
    ),
    "origins_lost": (
        "{n} cơ sở khai báo nơi mua theo tỉnh mới gộp từ nhiều tỉnh cũ, không tách được về tỉnh cũ nên "
        "bỏ qua.",
        "{n} establishments state an origin by a new province made of several old ones; it cannot be "
        "split back "
        "and is left out.",
    ),
    "division_only": (
        "{n} cơ sở chỉ biết ngành cấp 2 nên không vào thương số vị trí của ngành cấp 4.",
        "{n} establishments are known by division only and enter no location quotient of a class.",
    ),
    "outside_places": (
        "{n} cơ hội nằm hoàn toàn ngoài các tỉnh, vùng đã chọn nên không hiện; cơ hội có ít nhất một tỉnh "
        "trong lựa chọn thì được giữ, và cân đối luôn được tính trên cả nước.",
        "{n} opportunities lie wholly outside the chosen provinces and regions and are not shown; one "
        "with at "
        "least one province inside is kept, and balances are always of the whole country.",
    ),
}


def note(code: str, count: int, names: Sequence[tuple[str, str]] = ()) -> list[Note]:
    """Return the note of a code in a list, or an empty list when there is nothing to say."""
    if count <= 0:
        return []
    vi, en = _template(code)
    what_vi, what_en = (", ".join(name[i] for name in names) for i in (0, 1))
    return [
        Note(
            code,
            count,
            vi.format(n=number(count, 0, "vi"), what=what_vi),
            en.format(n=number(count, 0, "en"), what=what_en),
        )
    ]


def _template(code: str) -> tuple[str, str]:
    """Return the texts of a code: the engine's own, else those of the kind that has it."""
    own = [_TEXTS, *(kind.notes for kind in TABLE.values())]
    return next(texts[code] for texts in own if code in texts)


def of_counts(counts: Mapping[str, int]) -> list[Note]:
    """Return the notes of what a kind left out, in the order of its counts."""
    return [item for code, count in counts.items() for item in note(code, count)]


def of_inputs(data: Inputs, kinds: Sequence[str]) -> list[Note]:
    """Return what the tables of a ranking leave out or assume, before any opportunity is looked for."""
    out = note("without_place", int(data.summary["without_place"]))
    if "material" in kinds:
        out += note("employees_assumed", int(data.needs_by_status["employees_unknown"].sum()))
        estimated = data.needs_by_status["establishments"].sum()
        out += note("no_requirement", int(data.base["establishments"].sum() - estimated))
        needed = set(data.demand.loc[data.demand["demand_tonnes"] > 0, "material_code"])
        published = set(data.supply["material_code"])
        out += _of_materials("materials_without_figures", needed - published, data)
        whole = {code for code, share in data.coverage.items() if share >= 0.95}
        out += _of_materials("materials_partial", needed & published - whole, data)
        own = data.balance[(data.balance["demand_tonnes"] > 0) & (data.balance["shortage_tonnes"] == 0)]
        out += _of_materials("self_sufficient", set(own["material_code"]), data, len(own))
        out += note("unmet", len(data.unmet))
        out += note("imports", int((data.flows["origin_kind"] == "gateway").sum()))
        out += note("origins_lost", data.origins_lost)
    if set(kinds) - {"material"}:
        only = data.counts["sector_code"].str.len() != 4
        out += note("division_only", int(data.counts.loc[only, "establishments"].sum()))
    return out


def _of_materials(code: str, materials: set[str], data: Inputs, count: int | None = None) -> list[Note]:
    """Return a note that names materials; the count is theirs unless another is given."""
    texts = [data.subjects["material", material] for material in sorted(materials)]
    return note(code, len(texts) if count is None else count, [(text.vi, text.en) for text in texts])


def describe(notes: Sequence[Note], lang: str = "vi") -> list[str]:
    """Return the notes as sentences in ``lang`` (``vi`` or ``en``)."""
    return [n.en if lang == "en" else n.vi for n in notes]
