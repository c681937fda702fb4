"""Schemes in SQLite and in PostgreSQL: every save a version, nobody's text lost."""

from __future__ import annotations

import multiprocessing
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DataError, ParameterError, StoreError
from geo.proposal.document import SECTIONS, changed, merge
from geo.proposal.repository import Repository, database_url
from geo.proposal.tables import METADATA

FIRST = {"title": "Liên kết cà phê", "necessity": "Vì sao", "aims": "100 học viên"}


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """A PostgreSQL server of its own, started for these tests; yields the address of a database."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    initdb = shutil.which("initdb") or (str(programs[-1] / "initdb") if programs else None)
    assert initdb, "PostgreSQL is needed for the tests (Debian: apt-get install postgresql)"
    pg_ctl = shutil.which("pg_ctl") or str(programs[-1] / "pg_ctl")
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    # The server refuses to run as the administrator.
    owner = pwd.getpwnam("postgres" if "postgres" in [p.pw_name for p in pwd.getpwall()] else "nobody")
    root = os.geteuid() == 0
    if root:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    as_owner = {"user": owner.pw_uid, "group": owner.pw_gid} if root else {}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"
    run = lambda *c: subprocess.run(c, check=True, capture_output=True, cwd="/tmp", **as_owner)  # noqa: E731
    run(initdb, "-D", str(data), "-U", "atlas", "--auth=trust", "--encoding=UTF8", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder}"
    run(pg_ctl, "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield f"postgresql://atlas@127.0.0.1:{port}/postgres"
    finally:
        run(pg_ctl, "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty place in either kind of database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'p.sqlite3'}"
    monkeypatch.setenv("DATABASE_URL", request.getfixturevalue("postgres"))
    return database_url()


def test_every_save_is_a_version_and_can_be_read_again(url: str) -> None:
    store = Repository(url)
    first = store.create(FIRST, "an@example.vn")
    saved = store.save(first.id, {**FIRST, "aims": "300 học viên"}, first.version, "an@example.vn")
    assert (saved.draft.version, saved.merged, saved.conflicts) == (2, False, ())
    assert store.read(first.id, 1).document == FIRST
    assert store.read(first.id).document["aims"] == "300 học viên"
    assert store.history(first.id)["version"].tolist() == [2, 1]
    assert store.save(first.id, saved.draft.document, 2).draft.version == 2  # nothing changed, no version
    row = store.listed().set_index("id").loc[first.id]
    assert (row["title"], row["status"], row["version"]) == ("Liên kết cà phê", "draft", 2)
    store.delete(first.id)
    assert first.id not in store.listed()["id"].tolist()


def test_changes_of_different_parts_are_brought_together(url: str) -> None:
    store = Repository(url)
    first = store.create(FIRST)
    store.save(first.id, {**FIRST, "aims": "của An"}, 1, "an")
    second = store.save(first.id, {**FIRST, "necessity": "của Bình"}, 1, "binh")
    assert second.merged
    assert second.draft.document == {**FIRST, "aims": "của An", "necessity": "của Bình"}


def test_two_changes_of_one_part_are_both_kept_and_said(url: str) -> None:
    store = Repository(url)
    first = store.create(FIRST)
    store.save(first.id, {**FIRST, "aims": "của An"}, 1, "an")
    second = store.save(first.id, {**FIRST, "aims": "của Bình", "effects": "e"}, 1, "binh")
    assert second.conflicts == ("aims",)
    assert second.draft.document == {**FIRST, "aims": "của An", "effects": "e"}
    assert second.own_version is not None
    assert store.read(first.id, second.own_version).document["aims"] == "của Bình"


def test_a_status_is_given_to_the_text_that_was_read(url: str) -> None:
    store = Repository(url)
    first = store.create(FIRST)
    store.save(first.id, {**FIRST, "aims": "x"}, 1, "an")
    with pytest.raises(StoreError, match="an has just changed"):
        store.set_status(first.id, "opinions", 1)
    moved = store.set_status(first.id, "opinions", 2, "binh")
    assert (moved.status, moved.version, moved.document["aims"]) == ("opinions", 3, "x")
    with pytest.raises(ParameterError, match="must be one of"):
        store.set_status(first.id, "party", 3)


def test_twenty_writers_lose_nothing(url: str) -> None:
    first = Repository(url).create({"title": "t"})
    parts = list(SECTIONS)[:10]

    def write(number: int) -> None:
        """Each of two writers of a part adds its own line, ten people and their neighbours."""
        store = Repository(url)
        part = parts[number % 10]
        held = store.read(first.id)
        for turn in range(3):
            said = f"{number}.{turn}"
            while True:
                document = {**held.document, part: [*held.document.get(part, []), said]}
                done = store.save(first.id, document, held.version, str(number))
                held = done.draft
                if not done.conflicts:
                    break
        store.close()

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(write, range(20)))
    document = Repository(url).read(first.id).document
    for place, part in enumerate(parts):
        expected = {f"{number}.{turn}" for number in (place, place + 10) for turn in range(3)}
        assert set(document[part]) == expected
        assert len(document[part]) == 6


def _save_forever(url: str, name: str, told: object) -> None:
    """Save one line after another, and tell of each once it is stored."""
    store = Repository(url)
    held = store.read(name)
    for number in range(100_000):
        held = store.save(name, {**held.document, "aims": str(number)}, held.version).draft
        told.send(number)  # type: ignore[attr-defined]


def test_a_server_killed_while_saving_has_lost_nothing_that_was_saved(url: str) -> None:
    first = Repository(url).create(FIRST)
    fork = multiprocessing.get_context("spawn")
    ours, theirs = fork.Pipe()
    process = fork.Process(target=_save_forever, args=(url, first.id, theirs))
    process.start()
    last = ours.recv()
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        last = ours.recv()
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    while ours.poll():
        last = ours.recv()
    found = Repository(url).read(first.id)
    assert int(found.document["aims"]) in (last, last + 1)


def test_migrations_make_the_tables_of_the_code(url: str) -> None:
    store = Repository(url)
    with store._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_comments_name_their_province_and_section(url: str) -> None:
    store = Repository(url)
    first = store.create(FIRST)
    store.comment(
        first.id, province_code="68", vintage="2025", section="aims", body="Thêm 20 cơ sở", who="so@lamdong"
    )
    row = store.comments(first.id).iloc[0]
    assert (row["province_code"], row["vintage"], row["section"], row["body"]) == (
        "68",
        "2025",
        "aims",
        "Thêm 20 cơ sở",
    )


def test_an_unreachable_database_and_unknown_parts_are_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be used"):
        Repository(f"sqlite:////proc/{tmp_path.name}.sqlite3")
    with pytest.raises(DataError, match="unknown part"):
        Repository(f"sqlite:///{tmp_path / 'p.sqlite3'}").create({"poem": "x"})


PARTS = st.dictionaries(st.sampled_from(list(SECTIONS)[:4]), st.sampled_from(["a", "b", "c"]), max_size=4)


@settings(max_examples=100, deadline=None)
@given(PARTS, PARTS, PARTS)
def test_bringing_together_keeps_every_change_or_says_so(base: dict, ours: dict, theirs: dict) -> None:
    found = merge(base, ours, theirs)
    for part in {*base, *ours, *theirs}:
        if part in found.conflicts:
            assert ours.get(part) != theirs.get(part)
            assert found.document.get(part) == theirs.get(part)
        elif part in changed(base, ours):
            assert found.document.get(part) == ours.get(part)
        else:
            assert found.document.get(part) == theirs.get(part)
    assert merge(base, theirs, theirs).document == theirs
