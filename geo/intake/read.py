"""From a file to its tables, whatever the format; what cannot be read safely is refused in a sentence."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from geo.errors import DataError
from geo.intake import delimited, layers, workbook
from geo.intake.model import Progress, Table
from geo.intake.pace import Pace
from geo.store import files

#: Largest file, and largest content of a packed file (bytes).
MAX_BYTES = 200 * 1024**2
MAX_UNPACKED = 1500 * 1024**2
#: A packed part may not grow more than so many times, once it is large at all.
MAX_RATIO, RATIO_FROM = 400, 50 * 1024**2
_SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_TEXTS = (".csv", ".tsv", ".txt")
_LAYERS = (".gpkg", ".geojson", ".json", ".parquet", ".geoparquet", ".zip", ".shp")
#: How the name of a part begins that every packed workbook of a kind has.
_STARTS = {".xlsx": "xl/", ".xlsm": "xl/", ".xlsb": "xl/", ".ods": "content.xml"}
FORMATS = (*_SPREADSHEETS, *_TEXTS, *_LAYERS)


def tables(path: str | Path, wanted: tuple[str, ...] = (), progress: Progress | None = None) -> list[Table]:
    """Return the tables of a file, in the order of its sheets or layers.

    Parameters
    ----------
    path : path
        XLSX, XLSM, XLS, XLSB, ODS, CSV, TSV, TXT, GeoPackage, GeoJSON, Parquet, or a zipped Shapefile.
    wanted : tuple of str
        Column titles of a saved mapping, which then help to find the header.
    progress : callable, optional
        ``progress(done, total)`` in rows of the sheet being read (both 0 until they are known), between steps
        of a second or two for a large file; it may raise to stop.

    Raises
    ------
    DataError
        If the file is empty, too large, locked by a password, damaged, packed beyond reason, of another
        kind than its name says, in an unknown text encoding, or without a table.
    FileNotFoundError
        If there is no such file.
    """
    path = Path(path)
    size = path.stat().st_size
    kind = path.suffix.lower()
    _check_kind(path, kind)
    _check_size(path, size)
    with path.open("rb") as file:
        start = file.read(8192)
    pace = Pace(progress)
    pace.at(0)
    _check_content(path, kind, start)
    pace.at(0)
    digest = files.sha256(path)
    if kind in _SPREADSHEETS:
        return workbook.tables(path, digest, wanted, progress)
    if kind in _TEXTS:
        return [delimited.table(path, digest, wanted, progress)]
    return layers.tables(path, digest)


def _check_kind(path: Path, kind: str) -> None:
    """Refuse a file whose name says no format that can be read."""
    if path.is_dir() or kind not in FORMATS:
        raise DataError(
            vi=f"Không nhập được “{path.name}”: chỉ đọc được XLSX, XLS, ODS, CSV, GeoPackage, GeoJSON, Parquet và "
            "Shapefile nén (.zip); hãy lưu lại bảng ở một trong các dạng này.",
            en=f'"{path.name}" cannot be imported: XLSX, XLS, ODS, CSV, GeoPackage, GeoJSON, Parquet and zipped '
            "Shapefiles are read; save the table in one of these forms.",
        )
    if kind == ".shp":
        raise DataError(
            vi=f"“{path.name}” chỉ là một phần của Shapefile; hãy nén cả bộ (.shp, .dbf, .shx, .prj) thành một "
            "tệp .zip rồi nhập.",
            en=f'"{path.name}" is only one part of a Shapefile; zip the whole set (.shp, .dbf, .shx, .prj) and '
            "import the .zip.",
        )


def _check_size(path: Path, size: int) -> None:
    """Refuse an empty file and one that is too large."""
    if size == 0:
        raise DataError(
            vi=f"Tệp “{path.name}” trống (0 byte); hãy kiểm tra lại tệp đã lưu.",
            en=f'The file "{path.name}" is empty (0 bytes); check the saved file.',
        )
    if size > MAX_BYTES:
        limit, mib = MAX_BYTES // 1024**2, size // 1024**2
        raise DataError(
            vi=f"Tệp “{path.name}” nặng {mib} MB, quá mức {limit} MB; hãy chia thành nhiều tệp hoặc lưu dạng Parquet.",
            en=f'The file "{path.name}" has {mib} MB, more than the limit of {limit} MB; split it or save it as Parquet.',
        )


def _check_content(path: Path, kind: str, start: bytes) -> None:
    """Refuse content that is not what the name says, locked files and packed bombs."""
    ole, packed = start.startswith(b"\xd0\xcf\x11\xe0"), start.startswith(b"PK")
    if kind in (".xlsx", ".xlsm", ".xlsb") and ole:
        if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
            raise workbook.locked(path)
        raise _wrong_kind(path)
    if start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff")):
        raise _wrong_kind(path)
    if kind in (".xlsx", ".xlsm", ".xlsb", ".ods", ".zip") and not packed:
        raise _wrong_kind(path)
    if kind == ".xls" and not (ole or start[:1] == b"\x09"):
        raise _wrong_kind(path)
    if kind in _TEXTS and (ole or packed or start.startswith((b"PAR1", b"SQLite"))):
        raise _wrong_kind(path)
    if packed:
        _check_packed(path)


def _wrong_kind(path: Path) -> DataError:
    """Say that a file is not what its name says."""
    kind = path.suffix.lower().lstrip(".").upper()
    return DataError(
        vi=f"Nội dung của “{path.name}” không phải là {kind} như tên tệp; hãy mở bằng phần mềm bảng tính rồi lưu "
        "lại đúng định dạng (XLSX hoặc CSV).",
        en=f'The content of "{path.name}" is not {kind} as its name says; open it in a spreadsheet program and save '
        "it again in the right form (XLSX or CSV).",
    )


def _check_packed(path: Path) -> None:
    """Refuse an archive that is damaged or unpacks beyond reason, counting real bytes, not stated ones."""
    total = 0
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as raw:
            start = _STARTS.get(path.suffix.lower(), "")
            if not any(name.startswith(start) for name in archive.namelist()):
                raise _wrong_kind(path)
            for part in archive.infolist():
                if part.flag_bits & 0x1:
                    raise workbook.locked(path)
                grown = _unpacked(raw, part, MAX_UNPACKED - total)
                total += grown
                if (
                    grown > RATIO_FROM
                    and grown > MAX_RATIO * max(part.compress_size, 1)
                    or total >= MAX_UNPACKED
                ):
                    raise DataError(
                        vi=f"Tệp “{path.name}” bung ra quá lớn so với kích thước của nó (phần “{part.filename}”), "
                        "có thể là tệp gây treo máy; hãy lưu lại bảng thành tệp mới rồi nhập.",
                        en=f'The file "{path.name}" unpacks to far more than its size (part "{part.filename}"), as '
                        "files made to exhaust a machine do; save the table as a new file and import that.",
                    )
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError) as error:
        raise workbook.damaged(path) from error


def _unpacked(raw, part: zipfile.ZipInfo, limit: int) -> int:  # type: ignore[no-untyped-def]
    """Return how many bytes a part unpacks to, reading no further than the limit."""
    if part.compress_type == zipfile.ZIP_STORED:
        return part.compress_size
    if (
        part.compress_type != zipfile.ZIP_DEFLATED
    ):  # no office program packs so, and no reader here unpacks it
        raise NotImplementedError(f"compression {part.compress_type}")
    raw.seek(part.header_offset + 26)
    name, extra = int.from_bytes(raw.read(2), "little"), int.from_bytes(raw.read(2), "little")
    raw.seek(part.header_offset + 30 + name + extra)
    engine, left, grown = zlib.decompressobj(-15), part.compress_size, 0
    while left > 0 and grown < limit and not engine.eof:
        chunk = raw.read(min(left, 65536))
        if not chunk:
            break
        left -= len(chunk)
        grown += len(engine.decompress(chunk, 8 * 1024**2))
        while engine.unconsumed_tail and grown < limit:
            grown += len(engine.decompress(engine.unconsumed_tail, 8 * 1024**2))
    return grown
