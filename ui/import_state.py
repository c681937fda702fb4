"""The draft of an import: what was uploaded, read, chosen and checked, kept for the session until it is cleared."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import streamlit as st

from geo.errors import GeoError
from geo.intake import check, commit, decisions, kept_mappings, read, template
from geo.intake.model import ColumnMapping, Options, Outcome, Table
from geo.places.spelling import key
from geo.store.catalog import Dataset
from ui.jobs import Job, Progress

_KEY = "_import_draft"
_FOLDER = "product-import-"
#: A folder that a killed process left behind is taken away after so many seconds.
_LEFT_BEHIND = 2 * 24 * 3600
#: Seconds a step is waited for before its progress is drawn: short ones end without a flicker.
_PATIENCE = 0.4
STEPS = ("file", "columns", "check")
ADD, ANEW, EMPTY, PUBLIC = "add", "anew", "empty", "public"


@dataclass(frozen=True)
class Target:
    """Where the rows go: data set, its name for people, and what it starts from (add, anew, empty, public)."""

    name: str
    label: str
    start: str

    def base(self) -> Dataset | None:
        """Return what the rows are compared with and added to."""
        return commit.start(self.name, commit.PUBLIC if self.start == PUBLIC else None)


@dataclass
class Draft:
    """An import as far as it has come.

    ``queue`` holds uploaded files that were not read yet, in a private folder; a file is deleted as soon as
    it was read. ``serial`` counts the drafts of the session, ``files`` the files read and ``uploads`` the
    uploads in this one, so that a widget of an earlier one is not taken for that of a later one. ``error``
    is the last refusal, in a sentence.
    """

    serial: int = 0
    files: int = 0
    uploads: int = 0
    step: str = "file"
    kind: str = "establishments"
    target: Target | None = None
    queue: list[Path] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    table: Table | None = None
    guess: ColumnMapping | None = None
    mapping: ColumnMapping | None = None
    options: Options = field(default_factory=Options)
    job: Job | None = None
    doing: str = ""
    outcome: Outcome | None = None
    kinds_of_fault: Any = None
    #: Code → rows of the last check; stays when its outcome is out of date.
    last_faults: dict[str, int] | None = None
    #: Counts the checks asked for with more consents.
    rechecks: int = 0
    written: Dataset | None = None
    #: Whether the view was switched to what was written.
    shown: bool = False
    #: Counts the times a whole mapping was put in place of the one shown.
    fitted: int = 0
    error: GeoError | None = None
    stopped: bool = False
    folder: tempfile.TemporaryDirectory | None = field(default=None, repr=False)

    def key(self, name: str) -> str:
        """Return the key of a widget of this draft."""
        return f"import_{self.serial}_{name}"

    def file_key(self, name: str) -> str:
        """Return the key of a widget that is about the file in hand."""
        return f"import_{self.serial}_{self.files}_{name}"


def draft() -> Draft:
    """Return the draft of this session, a new one where there is none."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Draft()
    return st.session_state[_KEY]


def clear() -> None:
    """Start again: stop what runs, delete the uploaded files, forget every choice."""
    old = draft()
    if old.job is not None:
        old.job.stop()
    if old.folder is not None:
        old.folder.cleanup()
    st.session_state[_KEY] = Draft(serial=old.serial + 1)


def next_file() -> None:
    """Go on with the next file into the same data set, of the same kind of rows."""
    old = draft()
    new = Draft(serial=old.serial + 1, kind=old.kind, queue=old.queue, folder=old.folder)
    new.mapping = old.mapping
    # Which set of provinces, and consents, are questions about each file.
    new.options = dataclasses.replace(old.options, vintage=None, repairs=frozenset())
    if old.target is not None:
        written = commit.opened(old.target.name) is not None
        new.target = Target(old.target.name, old.target.label, ADD) if written else old.target
    st.session_state[_KEY] = new
    if new.queue:
        start_reading(new)


def take(state: Draft, uploads: list[tuple[str, IO[bytes]]]) -> None:
    """Write uploaded files into the private folder and begin to read the first, where none is in hand."""
    if state.folder is None:
        _sweep()
        state.folder = tempfile.TemporaryDirectory(
            prefix=f"{_FOLDER}{os.getpid()}-", ignore_cleanup_errors=True
        )
    for name, content in uploads:
        place = Path(tempfile.mkdtemp(dir=state.folder.name)) / _file_name(name)
        with place.open("wb") as sink:
            shutil.copyfileobj(content, sink)
        state.queue.append(place)
    state.uploads += 1
    if state.table is None and state.job is None:
        start_reading(state)


def drop(state: Draft, path: Path) -> None:
    """Take a file out of the queue and delete it."""
    state.queue = [other for other in state.queue if other != path]
    path.unlink(missing_ok=True)


def start_reading(state: Draft) -> None:
    """Begin to read the first file of the queue."""
    path = state.queue[0]
    state.files += 1
    state.tables, state.table, state.guess, state.outcome = [], None, None, None
    titles = tuple({title for kept in kept_mappings.kept() for title in kept.mapping.columns.values()})

    def work(progress: Progress) -> list[Table]:
        """Read the file; titles that were confirmed before help only where no header is recognised."""
        try:
            return read.tables(path, (), progress)
        except GeoError:
            if not titles:
                raise
            return read.tables(path, titles, progress)

    _start(state, "read", work)


def start_checking(state: Draft) -> None:
    """Begin to check the rows with the mapping and the options chosen."""
    table, mapping, target = state.table, state.mapping, state.target
    assert table is not None
    assert mapping is not None
    assert target is not None
    try:
        state.options = with_base(state.options, target)
    except GeoError as error:
        state.error, state.step = error, "columns"
        return
    state.outcome, state.kinds_of_fault = None, None
    _start(state, "check", lambda progress: check.run(table, mapping, state.options, progress))


def start_writing(state: Draft, who: str) -> None:
    """Begin to write the outcome as a new version of its data set."""
    outcome, target = state.outcome, state.target
    assert outcome is not None
    assert target is not None
    current = commit.opened(target.name)
    label = current.manifest["label"] if current else {"vi": target.label, "en": target.label}

    def work(progress: Progress) -> Dataset:
        """Write; once begun it goes to its end."""
        progress(0, 0)
        return commit.write(outcome, target.name, who=who, label_vi=label["vi"], label_en=label["en"])

    _start(state, "write", work)


def with_base(options: Options, target: Target) -> Options:
    """Return the options with what is in already and the answers kept for it."""
    return dataclasses.replace(
        options,
        dataset=target.base(),
        replace=target.start == ANEW,
        decisions=decisions.kept(target.name),
    )


def settle(state: Draft) -> None:
    """Take over what an ended job has left."""
    job, doing = state.job, state.doing
    if job is None or job.running:
        return
    state.job, state.doing = None, ""
    if isinstance(job.result, GeoError):
        state.error = job.result
    elif job.failed:
        state.error = _unexpected()
    elif job.result is None:
        state.stopped = True
    elif doing == "read":
        state.tables, state.table = job.result, template.fullest(job.result)
    elif doing == "check":
        state.outcome = job.result
        state.last_faults = state.outcome.summary()["faults"]
    else:
        state.written = job.result
    if doing == "read" and not state.stopped:
        drop(state, state.queue[0])
    if doing == "check" and state.outcome is None:
        state.step = "columns"


def _start(state: Draft, doing: str, work: Callable[[Progress], Any]) -> None:
    """Start a step beside the page; a refusal comes back as its result."""

    def guarded(progress: Progress) -> Any:
        """Do the work; what the user can repair is no failure."""
        try:
            return work(progress)
        except GeoError as error:
            return error

    state.error, state.stopped = None, False
    state.job, state.doing = Job(guarded), doing
    state.job.wait(_PATIENCE)


def slug(label: str) -> str:
    """Return the name of a data set for a name that people gave; empty when it holds no letter or digit."""
    return (
        "user" if label == commit.LABEL_VI or label == commit.LABEL_EN else key(label).replace(" ", "-")[:64]
    )


def _file_name(name: str) -> str:
    """Return a file name without folders and control characters, short enough for any disk."""
    plain = "".join(char for char in name.replace("\\", "/").rpartition("/")[2] if char.isprintable())
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[:80] or 'file'}{dot}{ending[:12]}" if dot else plain[:90] or "file"


def _sweep() -> None:
    """Delete folders that killed processes left behind."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*"):
        with contextlib.suppress(OSError):
            old = time.time() - folder.stat().st_mtime > _LEFT_BEHIND
            if old or _is_gone(folder.name.removeprefix(_FOLDER).partition("-")[0]):
                shutil.rmtree(folder, ignore_errors=True)


def _is_gone(process: str) -> bool:
    """Tell whether a process has surely ended; Windows cannot be asked without ending it."""
    if os.name != "posix" or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _unexpected() -> GeoError:
    """Say that something went wrong that nobody foresaw."""
    return GeoError(
        vi="Có lỗi ngoài dự kiến khi xử lý tệp; chưa có gì được ghi. Hãy thử lại, hoặc gửi nhật ký cho người quản trị.",
        en="Something unforeseen went wrong with the file; nothing was written. Try again, or send the log to the operator.",
    )
