"""Files as offices make them, made in code: shared by the tests of the import."""

from __future__ import annotations

import io
import struct
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

from geo.intake import legacy

HEADER: list[Any] = ["Tên cơ sở", "Sản phẩm", "Tỉnh", "Số lao động"]
ROWS: list[list[Any]] = [
    ["Cơ sở gốm Phù Lãng", "Gốm", "Cao Bằng", 12],
    ["Hợp tác xã chè Tân Cương", "Chè", "Lạng Sơn", 30],
]


def xlsx(path: Path, rows: list[list[Any]], **sheets: list[list[Any]]) -> Path:
    """Write rows as text and numbers; further sheets by name."""
    with xlsxwriter.Workbook(path) as book:
        for name, lines in {"DS": rows, **sheets}.items():
            sheet = book.add_worksheet(name)
            for line, row in enumerate(lines):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(line, column, value)
                    elif value is not None:
                        sheet.write(line, column, value)
    return path


def ods(path: Path, rows: list[list[Any]], rest: tuple[int, int] = (0, 0), *, filled: bool = False) -> Path:
    """Write a small OpenDocument spreadsheet; ``rest``: rows and columns repeated below it, empty or filled."""

    def cell(value: Any, more: str = "") -> str:
        kind = f'"float" office:value="{value}"' if isinstance(value, int) else '"string"'
        text = f"<text:p>{value}</text:p></table:table-cell>"
        return f"<table:table-cell{more} office:value-type={kind}>{text}"

    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    if rest[0]:
        many = f' table:number-columns-repeated="{rest[1]}"'
        below = cell(1, many) if filled else f"<table:table-cell{many}/>"
        lines += f'<table:table-row table:number-rows-repeated="{rest[0]}">{below}</table:table-row>'
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0" '
        f'xmlns:text="{space}:text:1.0"><office:body><office:spreadsheet><table:table table:name="DS">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        f'<manifest:manifest xmlns:manifest="{space}:manifest:1.0"><manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def drawn(path: Path, draw: Callable[[Any, Any], None]) -> Path:
    """Write a workbook whose one sheet is filled by a function of the book and the sheet."""
    with xlsxwriter.Workbook(path) as book:
        draw(book, book.add_worksheet("DS"))
    return path


def sheet_xml(path: Path, change: Callable[[str], str]) -> Path:
    """Change the XML of the first sheet of a workbook."""
    part = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(path) as archive:
        text = archive.read(part).decode()
    return repacked(path, {part: change(text).encode()})


def ole(path: Path, stream: str, content: bytes = b"") -> Path:
    """Write a compound file with one stream: a table of sectors, a directory, the stream."""
    content = content.ljust(max(4096, -(-len(content) // 512) * 512), b"\0")
    free, end, count = 0xFFFFFFFF, 0xFFFFFFFE, len(content) // 512
    chain = [0xFFFFFFFD, end, *range(3, count + 2), end]
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = (name + "\0").encode("utf-16-le")
        body = struct.pack("<HBB3I36xIQ", len(text) if name else 0, kind, 1, free, free, child, start, size)
        return (text if name else b"").ljust(64, b"\0") + body

    folder = entry("Root Entry", 5, 1, end, 0) + entry(stream, 2, free, 2, len(content))
    folder += 2 * entry("", 0, free, 0, 0)
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    path.write_bytes(head + table + folder + content)
    return path


def xls(path: Path, rows: list[list[Any]], *, locked: bool = False) -> Path:
    """Write a workbook of the years 1997–2003; a locked one says so where such workbooks do."""

    def record(code: int, body: bytes) -> bytes:
        return struct.pack("<HH", code, len(body)) + body

    def begin(kind: int) -> bytes:
        return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 1997, 0, 0x600))

    cells = b""
    for line, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str):
                text = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
                cells += record(0x204, struct.pack("<3H", line, column, 0) + text)
            elif value is not None:
                cells += record(0x203, struct.pack("<3Hd", line, column, 0, value))
    lock = record(0x2F, struct.pack("<3H", 1, 1, 1) + bytes(48)) if locked else b""
    start = len(begin(5) + lock) + 4 + 10 + 4
    sheet = record(0x85, struct.pack("<IBBBB", start, 0, 0, 2, 0) + b"DS")
    size = record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    end = record(0x0A, b"")
    return ole(path, "Workbook", begin(5) + lock + sheet + end + begin(0x10) + size + cells + end)


def repacked(path: Path, replace: dict[str, bytes]) -> Path:
    """Replace parts of a packed file."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**parts, **replace}.items():
            archive.writestr(name, content)
    path.write_bytes(sink.getvalue())
    return path


def table_text(separator: str = ";", rows: list[list[Any]] | None = None) -> str:
    """Return the usual rows as delimited text."""
    lines = [HEADER, *(ROWS if rows is None else rows)]
    return "\n".join(separator.join("" if v is None else str(v) for v in line) for line in lines) + "\n"


def typed_in(text: str, code: str) -> str:
    """Return text as an old font shows it (TCVN3 or VNI): the inverse of the conversion, letter by letter."""
    if code == "TCVN3":
        table = {legacy.from_tcvn3(chr(n)): chr(n) for n in range(0xA1, 0xFF)}
        table = {letter: sign for letter, sign in table.items() if letter != sign}
    else:
        table = {value: pair for pair, value in legacy._VNI.items()}
    return "".join(table.get(char, char) for char in text)


def as_1258(text: str) -> bytes:
    """Return text in windows-1258, which keeps â, ê, ô, ơ, ư and writes the tone after them."""
    tones = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))
    letters = ""
    for char in text:
        parts = unicodedata.normalize("NFD", char)
        letters += unicodedata.normalize("NFC", parts.translate(tones))
        letters += "".join(part for part in parts if ord(part) in tones)
    return letters.encode("cp1258")


def geojson(shapes: list[Any], rows: list[list[Any]], header: list[str] | None = None) -> dict[str, Any]:
    """Return a feature collection of geometries (or None) and rows."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": shape,
                "properties": dict(zip(header or HEADER, row, strict=True)),
            }
            for shape, row in zip(shapes, rows, strict=True)
        ],
    }


def zipped(path: Path, parts: Mapping[str, bytes]) -> Path:
    """Pack parts into an archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path
