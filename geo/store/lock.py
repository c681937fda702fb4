"""One change of a dataset at a time: imports, going back and deleting all take the same lock."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from geo.errors import StoreError
from geo.store import catalog

#: Seconds between two looks at a lock that somebody else has.
_LOOK_EVERY = 0.02


@contextlib.contextmanager
def held(root: Path | str, name: str, *, part: str = "", wait: float = 0.0) -> Iterator[None]:
    """Hold the lock of a dataset; a process that dies gives it back.

    The lock is a file beside the folder of the dataset, ``<root>/.<name>.lock``, so that the folder may be
    deleted by whoever holds it. Readers need no lock: versions never change.

    Parameters
    ----------
    root : path
        Folder of datasets; made if missing.
    name : str
        Dataset; it need not exist yet.
    part : str
        What of the dataset is changed, where that has a lock of its own: ``answers`` may be kept during an
        import.
    wait : float
        Seconds to wait for somebody else to finish.

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
        file = f".{name}.{part}.lock" if part else f".{name}.lock"
        handle = os.open(folder / file, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StoreError(
            vi=f"Không ghi được vào “{folder}” ({error.strerror}); hãy kiểm tra quyền ghi và dung lượng đĩa.",
            en=f'"{folder}" cannot be written to ({error.strerror}); check the permission and the space on disk.',
        ) from error
    try:
        _take(handle, time.monotonic() + wait)
        yield
    finally:
        os.close(handle)


def _take(handle: int, until: float) -> None:
    """Take the lock by a time of the monotonic clock, or say that somebody else is changing the dataset."""
    while True:
        try:
            _try(handle)
            return
        except OSError as error:
            if time.monotonic() >= until:
                raise StoreError(
                    vi="Một lần nhập hoặc thay đổi khác của bộ dữ liệu này đang chạy; hãy đợi xong rồi làm lại.",
                    en="Another import or change of this dataset is running; wait for its end, then try again.",
                ) from error
        time.sleep(_LOOK_EVERY)


def _try(handle: int) -> None:
    """Take the lock, or raise OSError when somebody else has it."""
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
