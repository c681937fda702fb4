"""What is in, as a table to take away: the same titles and values that an import reads back."""

from __future__ import annotations

import io

import pandas as pd
import xlsxwriter

from geo.intake import check, personal
from geo.intake.fields import fields
from geo.spreadsheet import harmless
from geo.store.catalog import Dataset

#: Fields of an export, in order; the others of an import follow from these.
EXPORTED = (
    "establishment_id", "name", "vsic_version", "sector_code", "sector_status", "product", "material_code", "employees",
    "revenue_vnd_million", "vintage", "province_code", "commune_code_2025", "commune_code_pre2025", "lat", "lon",
    "location_quality", "craft_village", "owner_flags", "support_need", "year", "source", "source_url", "licence",
)  # fmt: skip
#: Where a stored column has another name than its field.
_FIELD_OF = {"material_code": "material"}
_UNIT_TITLES = {"revenue_vnd_million": ("triệu đồng", "million VND")}


def titles(lang: str = "vi") -> dict[str, str]:
    """Return stored column → title of an export; an import reads these titles back."""
    known = {field.name: field for field in fields("establishments")}
    out = {}
    for column in EXPORTED:
        unit = _UNIT_TITLES.get(column)
        label = known[_FIELD_OF.get(column, column)].label(lang)
        out[column] = f"{label} ({unit[lang == 'en']})" if unit else label
    return out


def frame(dataset: Dataset, lang: str = "vi", *, masked: bool = True) -> pd.DataFrame:
    """Return the establishments of a dataset under titles for people, sorted by id.

    Parameters
    ----------
    dataset : Dataset
    lang : {"vi", "en"}
    masked : bool, default True
        Names of household owners as initials, phone numbers blanked.
    """
    rows = check.read(dataset, "establishments").sort_values("establishment_id", ignore_index=True)
    rows = rows[list(EXPORTED)].astype(object)
    rows = rows.where(rows.notna(), None)
    if masked:
        rows["name"] = personal.mask(rows["name"])
        for column in ("product", "source"):
            rows[column] = personal.blank(rows[column])
    yes, no = ("có", "không") if lang == "vi" else ("yes", "no")
    rows["craft_village"] = rows["craft_village"].map({True: yes, False: no})
    return rows.rename(columns=titles(lang))


def workbook(dataset: Dataset, lang: str = "vi", *, masked: bool = True) -> bytes:
    """Return the establishments as XLSX; text stays text, so nothing in it runs as a formula."""
    table = frame(dataset, lang, masked=masked)
    sink = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(sink, options) as book:
        sheet = book.add_worksheet("Cơ sở" if lang == "vi" else "Establishments")
        head = book.add_format({"bold": True, "bg_color": "#DDEBF7"})
        for column, title in enumerate(table.columns):
            sheet.write_string(0, column, title, head)
            for line, value in enumerate(table[title], start=1):
                if isinstance(value, str):
                    sheet.write_string(line, column, value)
                elif value is not None and value == value:
                    sheet.write_number(line, column, value)
        sheet.freeze_panes(1, 2)
    return sink.getvalue()


def csv(dataset: Dataset, lang: str = "vi", *, masked: bool = True) -> str:
    """Return the establishments as CSV; text that a spreadsheet would run as a formula gets an apostrophe."""
    table = frame(dataset, lang, masked=masked)
    return table.map(harmless).to_csv(index=False, lineterminator="\n")
