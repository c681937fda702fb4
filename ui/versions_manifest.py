"""What the manifest of a version says, in words and as the file itself."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from geo.errors import GeoError
from geo.intake import fault_words, fields
from geo.intake.model import KINDS, REPAIRS
from geo.store import catalog
from ui.text import Text

_STYLE = """<style>
dl.terms {display: grid; grid-template-columns: minmax(8rem, 13rem) 1fr; gap: .25rem .8rem; margin: 0; padding: 0; font-size: .95rem;}
dl.terms dt {color: #4a5a66;} dl.terms dd {margin: 0; overflow-wrap: anywhere;}
@media (max-width: 640px) {dl.terms {grid-template-columns: 1fr; gap: 0;} dl.terms dd {margin-bottom: .4rem;}}
</style>"""


def draw(t: Text, name: str, row: Mapping[str, Any], when: str) -> None:
    """Draw the manifest of a version as a list of terms, with its download."""
    version = str(row["version"])
    try:
        manifest: Mapping[str, Any] = catalog.open_dataset(name, version=version).manifest
    except GeoError:
        manifest = {}
    said = manifest.get("provenance", {})
    terms = [*_import(t, row, when), *_options(t, said), *_mapping(t, said), *_faults(t, said)]
    lines = "".join(
        f"<dt>{html.escape(term)}</dt><dd>{html.escape(text)}</dd>" for term, text in terms if text
    )
    st.html(f'{_STYLE}<dl class="terms">{lines}</dl>')
    if manifest:
        st.download_button(
            t("versions.manifest_download"),
            data=json.dumps(manifest, ensure_ascii=False, indent=2).encode(),
            file_name=f"manifest_{name}_{version}.json",
            mime="application/json",
            icon=":material/download:",
            key=f"versions_manifest_{version}",
            on_click="ignore",
            type="tertiary",
        )


def _import(t: Text, row: Mapping[str, Any], when: str) -> list[tuple[str, str]]:
    """Say when, by whom and from which file a version came, and what became of the rows."""
    number = {
        name: t.number(int(row[name]))
        for name in ("rows", "accepted", "merged", "returned")
        if pd.notna(row[name])
    }
    file = str(row["file"])
    if file and row["sheet"]:
        file = t("versions.file_sheet", file=file, sheet=row["sheet"])
    stored = {name: t.number(int(row[name])) for name in ("establishments", "needs") if pd.notna(row[name])}
    supply = t.number(int(row["supply"])) if pd.notna(row["supply"]) else ""
    return [
        (t("versions.version"), str(row["version"])),
        (
            t("versions.when"),
            t("versions.when_by", when=when, who=row["imported_by"]) if row["imported_by"] else when,
        ),
        (t("versions.file"), file),
        (t("versions.checksum"), str(row["sha256"])),
        (t("versions.kind"), t(f"versions.kind_{row['kind']}") if row["kind"] in KINDS else ""),
        (t("versions.fate"), t("versions.fate_text", **number) if len(number) == 4 else ""),
        (t("versions.stored"), t("versions.stored_text", **stored) if len(stored) == 2 else ""),
        (t("versions.supply"), supply),
        (t("versions.previous"), str(row["previous"])),
    ]


def _options(t: Text, said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Say what was decided for the import."""
    options = said.get("options")
    if not options:
        return []
    vintage = options.get("vintage")
    mode = t("versions.mode_replace") if options.get("replace") else t("versions.mode_add")
    if not said.get("previous"):
        mode = ""  # the first import adds to nothing
    repairs = [REPAIRS[name][t.lang == "en"] for name in options.get("repairs", []) if name in REPAIRS]
    return [
        (
            t("versions.vintage"),
            t(f"versions.vintage_{vintage}") if vintage in ("2025", "pre2025", "each") else "",
        ),
        (t("versions.vsic"), str(options.get("vsic_version") or "")),
        (
            t("versions.mode"),
            mode,
        ),
        (t("versions.repairs"), "; ".join(repairs) or t("versions.repairs_none")),
        (t("versions.masked"), t("versions.yes") if options.get("mask_personal") else t("versions.no")),
    ]


def _mapping(t: Text, said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Say which column of the file was read as which field, and in which unit."""
    mapping = said.get("mapping") or {}
    kind = said.get("kind")
    if kind not in KINDS or not mapping.get("columns"):
        return []
    labels = {field.name: field.label(t.lang) for field in fields.fields(kind)}
    units = mapping.get("units", {})
    parts = []
    for field, column in mapping["columns"].items():
        text = f"“{column}” → {labels.get(field, field)}"
        parts.append(f"{text} ({units[field]})" if field in units else text)
    return [(t("versions.mapping"), "; ".join(parts))]


def _faults(t: Text, said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Say how often each kind of fault was found."""
    faults = said.get("faults")
    if faults is None:
        return []
    parts = [f"{fault_words.words(code, t.lang)}: {t.number(count)}" for code, count in faults.items()]
    return [(t("versions.faults"), "; ".join(parts) or t("versions.faults_none"))]
