"""One change of a dataset at a time: imports, going back and deleting all take the same lock."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from geo.errors import StoreError
from geo.store import catalog


@contextlib.contextmanager
def held(root: Path | str, name: str) -> Iterator[None]:
    """Hold the lock of a dataset; a process that dies gives it back.

    The lock is a file beside the folder of the dataset, ``<root>/.<name>.lock``, so that the folder may be
    deleted by whoever holds it. Readers need no lock: versions never change.

    Parameters
    ----------
    root : path
        Folder of datasets; made if missing.
    name : str
        Dataset; it need not exist yet.

    Raises
    ------
    ParameterError
        If the name is not allowed.
    StoreError
        If somebody else holds the lock, or the folder cannot be written to.
    """
    catalog.check_name(name)
    folder = Path(root)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / f".{name}.lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StoreError(
            vi=f"Không ghi được vào “{folder}” ({error.strerror}); hãy kiểm tra quyền ghi và dung lượng đĩa.",
            en=f'"{folder}" cannot be written to ({error.strerror}); check the permission and the space on disk.',
        ) from error
    try:
        _take(handle)
        yield
    finally:
        os.close(handle)


def _take(handle: int) -> None:
    """Take the lock, or say that somebody else is changing the dataset."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise StoreError(
            vi="Một lần nhập hoặc thay đổi khác của bộ dữ liệu này đang chạy; hãy đợi xong rồi làm lại.",
            en="Another import or change of this dataset is running; wait for its end, then try again.",
        ) from error
