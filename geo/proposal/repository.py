"""Schemes in a database: every save is a version, and nobody's text is lost to another's.

SQLite in the home folder by default; PostgreSQL where ``DATABASE_URL`` says so. A save names the version it was
made from. When another has saved meanwhile, changes of different parts are brought together; when both changed
one part, the save is kept as a version of its own beside the current one and a person chooses.
"""

from __future__ import annotations

import datetime as dt
import os
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, func, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from geo import paths
from geo.errors import ParameterError, StoreError
from geo.proposal.document import STATUSES, Document, check, merge
from geo.proposal.tables import COMMENTS, PROPOSALS, VERSIONS

_MIGRATIONS = Path(__file__).resolve().parent / "migrations"
#: A writer waits this long for another before it says so.
_PATIENCE_S = 30.0


@dataclass(frozen=True)
class Draft:
    """One version of a scheme as it was read."""

    id: str
    version: int
    status: str
    document: Document
    saved_at: dt.datetime
    saved_by: str


@dataclass(frozen=True)
class Saved:
    """What became of a save.

    Attributes
    ----------
    draft : Draft
        The current version now.
    merged : bool
        Whether changes that another had saved meanwhile were brought in.
    conflicts : tuple of str
        Parts that both changed: the other's text stands, ours is kept in ``own_version``.
    own_version : int, optional
    """

    draft: Draft
    merged: bool = False
    conflicts: tuple[str, ...] = ()
    own_version: int | None = None


def database_url() -> str:
    """Return the address of the database: ``DATABASE_URL``, else SQLite in the home folder."""
    given = os.environ.get("DATABASE_URL", "").strip()
    if not given:
        return f"sqlite:///{paths.home() / 'proposals.sqlite3'}"
    # Services hand out the short name; SQLAlchemy wants the driver's.
    return given.replace("postgres://", "postgresql://", 1).replace(
        "postgresql://", "postgresql+psycopg://", 1
    )


class Repository:
    """Schemes in one database; safe to use from several threads and processes."""

    def __init__(self, url: str | None = None) -> None:
        """Open the database and bring its tables to the newest form.

        Raises
        ------
        StoreError
            If it cannot be reached.
        """
        self._url = url or database_url()
        if self._url.startswith("sqlite:///"):
            Path(self._url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        self._engine = _engine(self._url)
        self._do(lambda connection: _migrate(connection))

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def create(self, document: Document, who: str = "", note: str = "") -> Draft:
        """Store a new scheme as its first version."""
        name = str(uuid.uuid4())

        def work(connection: Connection) -> Draft:
            now = _now()
            values = {"id": name, "created_at": now, "created_by": who, "version": 1, "status": "draft"}
            connection.execute(insert(PROPOSALS).values(**values, title=check(document).get("title", "")))
            _add(connection, name, 1, "draft", document, who, note, now)
            return _read(connection, name)

        return self._do(work)

    def read(self, name: str, version: int | None = None) -> Draft:
        """Return a scheme, in its current version or another.

        Raises
        ------
        StoreError
            If there is no such scheme or version.
        """
        return self._do(lambda connection: _read(connection, name, version))

    def save(self, name: str, document: Document, base: int, who: str = "", note: str = "") -> Saved:
        """Save a change made from version ``base``; changes of others are never written over.

        Returns
        -------
        Saved
            With conflicts, where another changed the same parts meanwhile: then nothing of the other's is
            touched, and our text is kept as a version that can be read and taken up.
        """
        check(document)

        def work(connection: Connection) -> Saved:
            current = _locked(connection, name)
            if document == current.document:
                return Saved(current)
            started = current if base == current.version else _read(connection, name, base)
            found = merge(started.document, document, current.document)
            top = _top(connection, name)
            own = None
            if found.conflicts:
                # Our whole text first, then the current one with what could be brought in.
                own = top = top + 1
                _add(connection, name, own, current.status, document, who, note or "conflict", _now())
            kept = current
            if found.document != current.document:
                _add(connection, name, top + 1, current.status, found.document, who, note, _now())
                _point(connection, name, top + 1, found.document)
                kept = _read(connection, name)
            return Saved(kept, base != current.version, found.conflicts, own)

        return self._do(work)

    def set_status(self, name: str, status: str, base: int, who: str = "", note: str = "") -> Draft:
        """Move a scheme to another status as a version of its own.

        Raises
        ------
        ParameterError
            If the status is unknown.
        StoreError
            If another has saved since version ``base``: a status is given to a text that was read.
        """
        if status not in STATUSES:
            raise ParameterError(
                vi=f"Trạng thái phải là một trong: {', '.join(STATUSES)}; nhưng nhận được “{status}”.",
                en=f'The status must be one of {", ".join(STATUSES)}, but "{status}" came.',
            )

        def work(connection: Connection) -> Draft:
            current = _locked(connection, name)
            if current.version != base:
                raise StoreError(
                    vi=f"Đề án vừa được {current.saved_by or 'người khác'} sửa; hãy đọc bản mới rồi đổi trạng thái.",
                    en=f"{current.saved_by or 'Another'} has just changed the scheme; read the new version, then change "
                    "its status.",
                )
            version = _top(connection, name) + 1
            _add(connection, name, version, status, current.document, who, note, _now())
            connection.execute(
                update(PROPOSALS).where(PROPOSALS.c.id == name).values(version=version, status=status)
            )
            return _read(connection, name)

        return self._do(work)

    def listed(self) -> pd.DataFrame:
        """Return the schemes, the last changed first: ``id``, ``title``, ``status``, ``version``, ``saved_at``, ``saved_by``."""
        at = (VERSIONS.c.proposal_id == PROPOSALS.c.id) & (VERSIONS.c.version == PROPOSALS.c.version)
        ask = (
            select(PROPOSALS.c.id, PROPOSALS.c.title, PROPOSALS.c.status, PROPOSALS.c.version, VERSIONS.c.saved_at,
                   VERSIONS.c.saved_by)
            .join(VERSIONS, at).where(PROPOSALS.c.deleted_at.is_(None)).order_by(VERSIONS.c.saved_at.desc(), PROPOSALS.c.id)
        )  # fmt: skip
        return self._do(lambda connection: _frame(connection, ask))

    def history(self, name: str) -> pd.DataFrame:
        """Return the versions of a scheme, newest first: ``version``, ``saved_at``, ``saved_by``, ``status``, ``note``."""
        ask = (
            select(VERSIONS.c.version, VERSIONS.c.saved_at, VERSIONS.c.saved_by, VERSIONS.c.status, VERSIONS.c.note)
            .where(VERSIONS.c.proposal_id == name).order_by(VERSIONS.c.version.desc())
        )  # fmt: skip
        return self._do(lambda connection: _frame(connection, ask))

    def delete(self, name: str) -> None:
        """Take a scheme out of the list; its versions stay in the database."""
        self._do(
            lambda connection: connection.execute(
                update(PROPOSALS).where(PROPOSALS.c.id == name).values(deleted_at=_now())
            )
        )

    def comment(
        self, name: str, *, province_code: str, vintage: str, section: str, body: str, who: str = ""
    ) -> str:
        """Keep a comment of a province on a section; returns its id."""
        key = str(uuid.uuid4())
        row = {"id": key, "proposal_id": name, "province_code": province_code, "vintage": vintage, "section": section,
               "body": body, "made_at": _now(), "made_by": who}  # fmt: skip
        self._do(lambda connection: connection.execute(insert(COMMENTS).values(**row)))
        return key

    def comments(self, name: str) -> pd.DataFrame:
        """Return the comments on a scheme, oldest first."""
        ask = (
            select(COMMENTS).where(COMMENTS.c.proposal_id == name).order_by(COMMENTS.c.made_at, COMMENTS.c.id)
        )
        return self._do(lambda connection: _frame(connection, ask))

    def _do(self, work: Callable[[Connection], Any]) -> Any:
        """Do one piece of work in one transaction; wait for other writers and begin anew after a clash."""
        end = time.monotonic() + _PATIENCE_S
        while True:
            try:
                with self._engine.begin() as connection:
                    return work(connection)
            except (IntegrityError, OperationalError) as error:
                if time.monotonic() > end or not _passing(error):
                    raise StoreError(
                        vi="Không dùng được cơ sở dữ liệu đề án; nội dung vừa nhập vẫn còn trên màn hình. Hãy kiểm tra "
                        "DATABASE_URL hoặc ổ đĩa rồi lưu lại.",
                        en="The database of schemes cannot be used; what you have written is still on the screen. Check "
                        "DATABASE_URL or the disk, then save again.",
                    ) from error
                time.sleep(0.02)


def _passing(error: IntegrityError | OperationalError) -> bool:
    """Whether waiting helps: another writer was quicker or is at work."""
    text = str(error.orig).lower()
    return isinstance(error, IntegrityError) or any(
        word in text for word in ("locked", "deadlock", "serialize", "could not obtain lock")
    )


def _engine(url: str) -> Engine:
    """Open an engine; SQLite takes its write lock at once, so that reading before writing is safe."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": _PATIENCE_S})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        # A journal that readers do not wait for, written through to the disk at every commit.
        for line in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON"):
            connection.execute(line)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _migrate(connection: Connection) -> None:
    """Bring the tables to the newest form; two servers that start at once do it one after the other."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(20261124)")
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _now() -> dt.datetime:
    """The moment, in UTC."""
    return dt.datetime.now(dt.UTC)


def _add(
    connection: Connection, name: str, version: int, status: str, document: Document, who: str, note: str, at: dt.datetime
) -> None:  # fmt: skip
    """Add a version."""
    connection.execute(
        insert(VERSIONS).values(
            proposal_id=name, version=version, status=status, document=document, saved_by=who, note=note, saved_at=at
        )
    )  # fmt: skip


def _point(connection: Connection, name: str, version: int, document: Document) -> None:
    """Make a version the current one."""
    values = {"version": version, "title": document.get("title", "")}
    connection.execute(update(PROPOSALS).where(PROPOSALS.c.id == name).values(**values))


def _top(connection: Connection, name: str) -> int:
    """Return the highest version there is, current or not."""
    ask = select(func.max(VERSIONS.c.version)).where(VERSIONS.c.proposal_id == name)
    return int(connection.execute(ask).scalar_one())


def _locked(connection: Connection, name: str) -> Draft:
    """Read the current version and keep others from moving it before this transaction ends."""
    ask = (
        select(PROPOSALS.c.version)
        .where(PROPOSALS.c.id == name, PROPOSALS.c.deleted_at.is_(None))
        .with_for_update()
    )
    version = connection.execute(ask).scalar_one_or_none()
    if version is None:
        raise _missing(name)
    return _read(connection, name, version)


def _read(connection: Connection, name: str, version: int | None = None) -> Draft:
    """Read a version, by default the current one."""
    wanted = PROPOSALS.c.version if version is None else version
    at = (VERSIONS.c.proposal_id == PROPOSALS.c.id) & (VERSIONS.c.version == wanted)
    row = connection.execute(select(VERSIONS).join(PROPOSALS, at).where(PROPOSALS.c.id == name)).one_or_none()
    if row is None:
        raise _missing(name)
    return Draft(name, row.version, row.status, row.document, row.saved_at, row.saved_by)


def _frame(connection: Connection, ask: Any) -> pd.DataFrame:
    """Run a query into a frame; without rows the columns are there all the same."""
    result = connection.execute(ask)
    return pd.DataFrame(result.all(), columns=list(result.keys()))


def _missing(name: str) -> StoreError:
    """Say that there is no such scheme."""
    return StoreError(
        vi=f"Không có đề án “{name}” (hoặc bản đó); hãy mở lại từ danh sách đề án.",
        en=f'There is no scheme "{name}" (or that version of it); open it from the list of schemes.',
    )
