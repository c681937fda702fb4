"""What an import did, as lines for people."""

from __future__ import annotations

from geo.intake.fields import fields
from geo.intake.model import Outcome
from geo.numbers import number

SHOWN = 10


def lines(outcome: Outcome, lang: str = "vi") -> list[str]:
    """Return the report of an import in ``lang``: counts that add up, columns read, faults, questions."""
    vi = lang != "en"
    counts = {name: number(count, lang=lang) for name, count in outcome.counts.items()}
    where = f"{outcome.table.file}{f' [{outcome.table.sheet}]' if outcome.table.sheet else ''}"
    out = [
        f"{where}: {counts['rows_in']} dòng = {counts['accepted']} nhận + {counts['merged']} gộp + {counts['returned']} trả lại."
        if vi
        else f"{where}: {counts['rows_in']} rows = {counts['accepted']} accepted + {counts['merged']} merged + "
        f"{counts['returned']} returned."
    ]
    out += [f"- {remark.text(lang)}" for remark in outcome.messages]
    out.append("Các cột:" if vi else "Columns:")
    for field in fields(outcome.mapping.kind):
        if field.name in outcome.mapping.columns:
            unit = outcome.mapping.units.get(field.name, "")
            sure = outcome.mapping.confidence.get(field.name, 1.0)
            hint = "" if sure >= 0.9 else f" ({'độ tin' if vi else 'confidence'} {number(sure, 2, lang)})"
            out.append(
                f"  {field.label(lang)} ← “{outcome.mapping.columns[field.name]}”{f', {unit}' if unit else ''}{hint}"
            )
    out += _faults(outcome, lang)
    if len(outcome.review):
        rows = outcome.review.groupby("question")["rows"].sum()
        doubles, sectors = int(rows.get("duplicate", 0)), int(rows.get("sector", 0))
        out.append(
            f"Cần người xem: {doubles} cặp có thể trùng, {sectors} dòng chưa chắc ngành."
            if vi
            else f"For people to judge: {doubles} pairs that may be one, {sectors} rows of uncertain sector."
        )
    return out


def _faults(outcome: Outcome, lang: str) -> list[str]:
    """Return the faults, each kind once with its number of rows and its first row."""
    frame = outcome.faults
    out = []
    grouped = frame.groupby(["severity", "code", "column"], sort=False)
    sizes = sorted(
        ((len(group), key, group.iloc[0]) for key, group in grouped), key=lambda item: (item[1][0], -item[0])
    )
    for size, (severity, _, column), first in sizes[:SHOWN]:
        text = first["en"] if lang == "en" else first["vi"]
        if lang == "en":
            level = "returned" if severity == "error" else "remark"
            out.append(
                f"! {size} rows ({level}), column “{column}”, first row {first['row']} “{first['value']}”: {text}"
            )
        else:
            level = "trả lại" if severity == "error" else "lưu ý"
            out.append(
                f"! {size} dòng ({level}), cột “{column}”, dòng đầu {first['row']} “{first['value']}”: {text}"
            )
    if len(sizes) > SHOWN:
        out.append(f"… {len(sizes) - SHOWN} {'loại khác' if lang != 'en' else 'more kinds'}")
    return out
