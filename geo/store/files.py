"""Files written so that a crash leaves the old state or the new one, and checked by their hash."""

from __future__ import annotations

import hashlib
import os
import tempfile
from functools import lru_cache
from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Write text and wait until it is on disk."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def replace_text(path: Path, text: str) -> None:
    """Replace a small file in one step: readers see the old text or the new one, nothing between."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    os.close(handle)
    try:
        write_text(Path(temporary), text)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the folder's entries are on disk, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256(path: Path) -> str:
    """Hash a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def same_content(path: Path, size: int, digest: str) -> bool:
    """Tell whether a file has the size and the hash that were noted; hashed once a process and date."""
    state = path.stat()
    return state.st_size == size and _sha256_once(path, state.st_mtime_ns, state.st_size) == digest


@lru_cache(maxsize=256)
def _sha256_once(path: Path, mtime_ns: int, size: int) -> str:
    """Hash a file as long as its date and size stay."""
    return sha256(path)
