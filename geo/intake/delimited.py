"""Text tables: any encoding of Vietnamese, any separator."""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from pathlib import Path

from geo.errors import DataError
from geo.intake import layout, legacy
from geo.intake.model import Progress, Remark, Table
from geo.intake.pace import Pace
from geo.intake.workbook import frame_of, no_header, no_rows

SEPARATORS = (",", ";", "\t", "|")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
#: Share of true Vietnamese syllables below which no old encoding is believed.
_BELIEVED = 0.8


def table(path: Path, digest: str, wanted: tuple[str, ...] = (), progress: Progress | None = None) -> Table:
    """Return the table of a text file.

    Raises
    ------
    DataError
        If the encoding is not known, or there is no header, or no separator.
    """
    text, encoding = decode(path.read_bytes(), path.name)
    separator = _separator(text)
    try:
        lines = [
            [cell.strip() for cell in row]
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        ]
    except csv.Error as error:
        raise DataError(
            vi=f"Không tách được các cột của “{path.name}” ({error}); hãy lưu lại dạng CSV UTF-8 hoặc XLSX.",
            en=f'The columns of "{path.name}" cannot be told apart ({error}); save it as CSV UTF-8 or XLSX.',
        ) from error
    pace = Pace(progress, len(lines))
    pace.at(0.1)
    where = layout.find(legacy.converted_rows(lines[: layout.HEADER_WITHIN]), (), wanted)
    if where is None:
        raise no_header(path.name)
    cells = frame_of(lines[where.last + 1 :], len(where.titles), where.last + 2, pace.part(0.1, 0.5))
    lines.clear()  # a large file is held once, not twice
    cells, remarks = legacy.converted(cells, pace.part(0.5, 0.9))
    pace.at(0.9)
    titles, cells = layout.trimmed(where.titles, cells)
    data, aside = layout.split(cells)
    remarks += no_rows(data)
    if encoding not in ("utf-8", "utf-8-sig"):
        remarks.insert(
            0, Remark("encoding", f"Bảng mã của tệp: {encoding}, đã chuyển sang Unicode.",
                      f"Encoding of the file: {encoding}, converted to Unicode."),
        )  # fmt: skip
    return Table(path.name, "", digest, titles, data, aside, tuple(remarks))


def decode(content: bytes, name: str) -> tuple[str, str]:
    """Return the text of a file and the encoding it was in.

    Raises
    ------
    DataError
        If no encoding gives Vietnamese text.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decoded(content, encoding, name), encoding
    even, odd = content[:4000:2].count(0), content[1:4000:2].count(0)
    if max(even, odd) > len(content[:4000]) // 8:
        encoding = "utf-16-le" if odd > even else "utf-16-be"
        return _decoded(content, encoding, name), encoding
    try:
        return unicodedata.normalize("NFC", content.decode("utf-8")), "utf-8"
    except UnicodeDecodeError:
        pass
    latin = content.decode("latin-1")
    readings = {
        "windows-1258": unicodedata.normalize("NFC", content.decode("cp1258", errors="replace")),
        "TCVN3": legacy.from_tcvn3(latin),
        "VNI": legacy.from_vni(latin),
    }
    scores = {encoding: legacy.likeness(text[:200_000]) for encoding, text in readings.items()}
    best = max(scores, key=lambda encoding: scores[encoding])
    if scores[best] < _BELIEVED:
        raise _unknown(name)
    return readings[best], best


def _decoded(content: bytes, encoding: str, name: str) -> str:
    """Decode text of a stated encoding, or refuse it."""
    try:
        return unicodedata.normalize("NFC", content.decode(encoding))
    except UnicodeDecodeError as error:
        raise _unknown(name) from error


def _unknown(name: str) -> DataError:
    """Say that the encoding is not known."""
    return DataError(
        vi=f"Không nhận ra bảng mã chữ của “{name}” (không phải UTF-8, UTF-16, windows-1258, TCVN3 hay VNI); hãy mở tệp "
        "và lưu lại dạng “CSV UTF-8” hoặc XLSX.",
        en=f'The text encoding of "{name}" is not known (not UTF-8, UTF-16, windows-1258, TCVN3 or VNI); open the file '
        'and save it as "CSV UTF-8" or XLSX.',
    )


def _separator(text: str) -> str:
    """Return the separator that parts most of the first lines into the same number of columns."""
    head = "\n".join(text.splitlines()[:60])
    best, score = ",", (0.0, 0)
    for sign in SEPARATORS:
        try:
            counts = [len(row) for row in csv.reader(io.StringIO(head), delimiter=sign) if row]
        except csv.Error:
            continue
        usual = max(set(counts), key=lambda n: (counts.count(n), n)) if counts else 1
        found = (counts.count(usual) / len(counts) if usual > 1 else 0.0, usual)
        if found > score:
            best, score = sign, found
    return best
