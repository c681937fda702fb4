"""Step two of the import: which column holds what, in which unit, and what the file does not say of itself."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from geo.errors import GeoError
from geo.intake import mapping as mappings
from geo.intake import quantities
from geo.intake.fields import NEEDED, Field, fields
from geo.intake.model import REPAIRS, ColumnMapping, Options, Table
from ui import import_kept, import_state, import_words
from ui.context import Context
from ui.import_state import Draft

#: From here on a title was surely understood.
SURE = 0.9
_EXAMPLE = 60
_SAID = ("vintage", "vsic", "decimal")
_CHOICES = {
    "vintage": ("", "2025", "pre2025", "each"),
    "vsic": ("", "2018", "2025"),
    "decimal": ("", "comma", "point"),
}
#: Faults that a consent repairs.
REPAIRED_BY = {
    "swap": ("coordinate-swapped",),
    "decimal-point": ("coordinate-no-point",),
    "drop-point": ("coordinate-outside", "coordinate-zero", "point-outside-province"),
}


def draw(ctx: Context, draft: Draft) -> None:
    """Draw the step."""
    t, table = ctx.t, draft.table
    assert table is not None
    if draft.guess is None:
        draft.guess = _first_guess(draft, table)
    import_kept.offer(ctx, draft, table)
    st.subheader(t("import.columns"), anchor=False)
    st.caption(t("import.columns_help"))
    mapping = _mapping(ctx, draft, table, draft.guess)
    st.subheader(t("import.options"), anchor=False)
    options = _options(ctx, draft)
    if (mapping, options) != (draft.mapping, draft.options):
        draft.mapping, draft.options, draft.outcome = mapping, options, None
    import_kept.keep(ctx, draft, mapping)
    problem = _problem(mapping, table)
    if problem is not None:
        st.warning(import_words.safe(import_words.said(problem, t)), icon=":material/rule:")
    if st.button(t("import.to_check"), key="import_to_check", type="primary", disabled=problem is not None,
                 icon=":material/fact_check:"):  # fmt: skip
        draft.step = "check"
        if draft.outcome is None:
            import_state.start_checking(draft)
        st.rerun()


def _first_guess(draft: Draft, table: Table) -> ColumnMapping:
    """Return the mapping to begin with: the one of the file before where it fits, else a guess from the titles."""
    before = draft.mapping
    if before is not None and before.kind == draft.kind and set(before.columns.values()) <= set(table.header):
        return before
    return mappings.guess(table, draft.kind)


def _mapping(ctx: Context, draft: Draft, table: Table, guess: ColumnMapping) -> ColumnMapping:
    """Draw every field with its column; returns the mapping as it is chosen."""
    t = ctx.t
    known = fields(draft.kind)
    needed = {name for group in NEEDED[draft.kind] for name in group if len(group) == 1}
    chosen_before = {
        name for name in (f.name for f in known) if st.session_state.get(_key(draft, table, name))
    }
    first = [field for field in known if field.name in {*guess.columns, *needed, *chosen_before}]
    rest = [field for field in known if field not in first]
    chosen = _grid(ctx, draft, table, guess, first, needed)
    if st.toggle(t("import.other_fields", n=t.number(len(rest))), key=draft.file_key("rest")):
        chosen |= _grid(ctx, draft, table, guess, rest, needed)
    columns = {name: title for name, (title, _) in chosen.items() if title}
    units = {name: unit for name, (title, unit) in chosen.items() if title and unit}
    ignored = tuple(title for title in table.header if title not in columns.values())
    if ignored:
        import_words.small(t("import.ignored", titles=", ".join(f"“{title}”" for title in ignored[:20])))
    sure = {
        name: guess.confidence.get(name, 1.0) if guess.columns.get(name) == title else 1.0
        for name, title in columns.items()
    }
    return ColumnMapping(draft.kind, columns, units, sure, ignored)


def _grid(
    ctx: Context, draft: Draft, table: Table, guess: ColumnMapping, shown: list[Field], needed: Iterable[str]
) -> dict[str, tuple[str, str]]:
    """Draw fields in three columns; returns field → (column, unit), empty where none."""
    out: dict[str, tuple[str, str]] = {}
    for start in range(0, len(shown), 3):
        for place, field in zip(st.columns(3, gap="medium"), shown[start : start + 3], strict=False):
            with place:
                out[field.name] = _field(ctx, draft, table, guess, field, field.name in needed)
    return out


def _key(draft: Draft, table: Table, name: str) -> str:
    """Return the key of the widget of a field: another sheet, kind or mapping begins afresh."""
    at = next(i for i, other in enumerate(draft.tables) if other is table)
    return draft.file_key(f"{draft.kind}_{at}_{draft.fitted}_{name}")


def _field(
    ctx: Context, draft: Draft, table: Table, guess: ColumnMapping, field: Field, needed: bool
) -> tuple[str, str]:
    """Draw one field: its column, how surely that was understood, an example, its unit."""
    t = ctx.t
    options = ["", *table.header]
    key = _key(draft, table, field.name)
    if key not in st.session_state:  # no default beside it: another field may take the column away
        st.session_state[key] = guess.columns.get(field.name, "")
    title = st.selectbox(
        field.label(t.lang) + (" \\*" if needed else ""),
        options,
        format_func=lambda name: name or t("import.no_column"),
        key=key,
        on_change=_free,
        args=(draft, table, field.name),
        persist_state="session",
    )
    unit = ""
    if not title:
        return "", ""
    sure = guess.confidence.get(field.name, 1.0) if guess.columns.get(field.name) == title else 1.0
    if sure < SURE:
        import_words.small(t("import.unsure", share=t.number(100 * sure)), css="import-small unsure")
    example = _example(table, title)
    import_words.small(t("import.example", value=example) if example else t("import.empty_column"))
    if field.type == "private":
        import_words.small(t("import.private"))
    if field.unit:
        unit = _unit(ctx, field, guess, f"{key}_unit_{title}")
    return title, unit


def _free(draft: Draft, table: Table, name: str) -> None:
    """Take a column that was given to a field away from the field that had it."""
    title = st.session_state[_key(draft, table, name)]
    for other in fields(draft.kind):
        key = _key(draft, table, other.name)
        if title and other.name != name and st.session_state.get(key) == title:
            st.session_state[key] = ""


def _unit(ctx: Context, field: Field, guess: ColumnMapping, key: str) -> str:
    """Draw the unit of a quantity; none is chosen where the title does not state one."""
    t = ctx.t
    options = ["", *quantities.UNITS[field.unit]]
    chosen = st.selectbox(
        t("import.unit"),
        options,
        index=options.index(guess.units.get(field.name, "")),
        format_func=lambda code: t(f"import.unit_{code}") if code else t("import.unit_none"),
        key=key,
        persist_state="session",
    )
    if not chosen:
        import_words.small(t("import.unit_ask"), css="import-small unsure")
    return chosen


def _example(table: Table, title: str) -> str:
    """Return the first value of a column, shortened."""
    values = table.cells[table.header.index(title)]
    at = values.first_valid_index()
    text = "" if at is None else str(values[at])
    return text if len(text) <= _EXAMPLE else f"{text[:_EXAMPLE]}…"


def _options(ctx: Context, draft: Draft) -> Options:
    """Draw what the file does not say of itself, and the consents."""
    t, held = ctx.t, draft.options
    before = {"vintage": held.vintage, "vsic": held.vsic_version, "decimal": held.decimal}
    left, right = st.columns(2, gap="large")
    said: dict[str, str] = {}
    with left:
        for name in _SAID[:1] if draft.kind != "establishments" else _SAID[:2]:
            said[name] = _choice(ctx, draft, name, before[name])
        said["decimal"] = _choice(ctx, draft, "decimal", before["decimal"])
    with right:
        repairs = _repairs(ctx, draft) if draft.kind == "establishments" else frozenset()
        masked = st.checkbox(t("import.mask"), value=held.mask_personal, key=draft.key("mask"), help=t("import.mask_help"),
                             persist_state="session")  # fmt: skip
        source = st.text_input(t("import.source"), value=held.source, key=draft.key("source"), max_chars=200,
                               help=t("import.source_help"), persist_state="session")  # fmt: skip
        licence = st.text_input(t("import.licence"), value=held.licence, key=draft.key("licence"), max_chars=200,
                                persist_state="session")  # fmt: skip
    return Options(
        vintage=said["vintage"] or None,
        vsic_version=said.get("vsic") or None,
        decimal=said["decimal"] or None,
        repairs=repairs,
        mask_personal=masked,
        dataset=held.dataset,
        replace=held.replace,
        decisions=held.decisions,
        source=source.strip(),
        licence=licence.strip(),
    )


def _choice(ctx: Context, draft: Draft, name: str, held: str | None) -> str:
    """Draw one question that the file may leave open; the first answer is "as the file says"."""
    t, options = ctx.t, _CHOICES[name]
    return st.radio(
        t(f"import.ask_{name}"),
        options,
        index=options.index(held or ""),
        format_func=lambda code: t(f"import.{name}_{code or 'file'}"),
        key=draft.key(f"ask_{name}"),
        help=t(f"import.ask_{name}_help"),
        horizontal=name != "vintage",
        persist_state="session",
    )


def _repairs(ctx: Context, draft: Draft) -> frozenset[str]:
    """Draw the repairs to consent to, with the number of rows each is about where the last check tells."""
    t = ctx.t
    st.markdown(t("import.repairs"))
    agreed = set()
    for name, words in REPAIRS.items():
        label = words[t.lang == "en"]
        count = _concerned(draft, name)
        text = t("import.repair_rows", repair=label, n=t.number(count)) if count else label
        if st.checkbox(
            text,
            value=name in draft.options.repairs,
            key=draft.file_key(f"repair_{name}_{draft.rechecks}"),
            persist_state="session",
        ):
            agreed.add(name)
    return frozenset(agreed)


def _concerned(draft: Draft, repair: str) -> int:
    """Return how many rows of the last check a repair is about."""
    if draft.last_faults is None:
        return 0
    return sum(draft.last_faults.get(code, 0) for code in REPAIRED_BY[repair])


def _problem(mapping: ColumnMapping, table: Table) -> GeoError | None:
    """Return why the mapping cannot be checked with, if it cannot."""
    try:
        mappings.check(mapping, table)
    except GeoError as error:
        return error
    return None
