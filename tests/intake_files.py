"""Files as offices make them, made in code: shared by the tests of the import."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import xlsxwriter

HEADER = ["Tên cơ sở", "Sản phẩm", "Tỉnh", "Số lao động"]
ROWS = [
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


def ods(path: Path, rows: list[list[Any]]) -> Path:
    """Write a small OpenDocument spreadsheet."""
    lines = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="float" office:value="{v}"><text:p>{v}</text:p></table:table-cell>'
            if isinstance(v, int)
            else f'<table:table-cell office:value-type="string"><text:p>{v}</text:p></table:table-cell>'
            for v in row
        )
        + "</table:table-row>"
        for row in rows
    )
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


def ole(path: Path, stream: str) -> Path:
    """Write the shell of a compound file with one stream name, as a locked workbook has it."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    path.write_bytes(bytes(header) + stream.encode("utf-16-le").ljust(512, b"\0"))
    return path


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
