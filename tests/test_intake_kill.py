"""A killed import leaves a whole dataset, the one before or the new one; two at once do not mix.

The imports run as the command line runs them, from reading the file to moving the pointer, each in a process of
its own over a copy of the same small dataset.
"""

from __future__ import annotations

import csv
import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from warm_import import Warm

from geo.intake import check
from geo.store import catalog, versions
from geo.store.catalog import Dataset

pytestmark = pytest.mark.skipif(os.name == "nt", reason="processes and signals of POSIX")

TITLES = ("Tên cơ sở", "Sản phẩm", "Mã ngành", "Tỉnh", "Số lao động", "Năm")
#: Kills spread over the whole import, and over its writing alone, which is a small part of it.
WHOLE, WRITING = 14, 6
LEFTOVERS = (".writing-*", f".{catalog.POINTER}-*")


def write_list(path: Path, count: int, mark: str) -> Path:
    """A list of establishments as an office keeps it; one row has a province that does not exist."""
    places = ("Cao Bằng", "Lạng Sơn", "Hà Tĩnh", "Atlantis")
    rows = [
        (f"Xưởng {mark} {n * 7919}", "Gốm", "2393", places[3 if n == 7 else n % 3], n % 50 + 1, 2024)
        for n in range(count)
    ]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([TITLES, *rows])
    return path


def arguments(path: Path, home: Path) -> tuple[str, ...]:
    return ("import", str(path), "--vintage", "2025", "--returned", str(home / "returned.xlsx"))


@dataclass(frozen=True)
class Scene:
    """A dataset of one version, a file to import, and what comes of it undisturbed."""

    warm: Warm
    folder: Path
    home: Path
    file: Path
    before: Dataset
    after: Dataset
    seconds: float
    writing_seconds: float

    def copy(self, name: str) -> Path:
        """A home of its own, with the dataset as it was before."""
        return shutil.copytree(self.home, self.folder / name)

    def states(self) -> list[Any]:
        """The tables before and after; the same rows give the same files."""
        return [self.before.manifest["tables"], self.after.manifest["tables"]]


def dataset_folder(home: Path) -> Path:
    return home / "datasets" / "user"


def leftovers(home: Path) -> list[Path]:
    return [path for pattern in LEFTOVERS for path in dataset_folder(home).glob(pattern)]


def started(warm: Warm, home: Path, file: Path) -> int:
    return warm.start(home, *arguments(file, home))


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("kill")
    warm, home, done = Warm(), folder / "home", folder / "done"
    home.mkdir()
    first, file = write_list(folder / "a.csv", 12, "a"), write_list(folder / "b.csv", 40, "b")
    assert warm.up(home, *arguments(first, home)) == 0
    before = catalog.open_dataset(dataset_folder(home))
    shutil.copytree(home, done)
    begin = time.monotonic()
    pid = started(warm, done, file)
    writing = wait_for_writing(done, begin + 60)
    assert warm.wait(pid) == 0
    end = time.monotonic()
    after = catalog.open_dataset(dataset_folder(done))
    assert (before.rows(), after.rows()) == (11, 50)
    yield Scene(warm, folder, home, file, before, after, end - begin, end - writing)
    warm.close()


def wait_for_writing(home: Path, until: float) -> float:
    """Wait until an import begins to write, at most until a moment; return the moment."""
    while not any(dataset_folder(home).glob(".writing-*")) and time.monotonic() < until:
        time.sleep(0.0005)
    return time.monotonic()


def check_whole(scene: Scene, home: Path) -> Dataset:
    """The dataset opens, all its files have their checksums, and it is the one before or the new one."""
    current = catalog.open_dataset(dataset_folder(home))
    assert current.manifest["tables"] in scene.states()
    assert len(check.read(current, "establishments")) == current.rows()
    listed = versions.listed("user", home / "datasets")
    assert (listed["damage_en"] == "").all()
    assert scene.before.version in set(listed["version"])
    assert listed.set_index("version").loc[current.version, "current"]
    return current


def test_a_kill_at_any_moment_leaves_a_whole_version(scene: Scene) -> None:
    rng = random.Random(4)
    moments = [(False, (n + rng.random()) / WHOLE * scene.seconds) for n in range(WHOLE)]
    moments += [(True, rng.uniform(0, scene.writing_seconds)) for _ in range(WRITING)]
    ends, seen, dirty = [], [], []
    for number, (writing, seconds) in enumerate(moments):
        home = scene.copy(f"killed-{number}")
        begin = time.monotonic()
        pid = started(scene.warm, home, scene.file)
        if writing:
            begin = wait_for_writing(home, begin + 20 * scene.seconds)
        time.sleep(max(begin + seconds - time.monotonic(), 0))
        os.kill(pid, signal.SIGKILL)  # one that has ended is kept until it is waited for
        ends.append(scene.warm.wait(pid))
        seen.append(check_whole(scene, home).rows())
        if leftovers(home):
            dirty.append(home)
    assert set(ends) <= {0, -signal.SIGKILL}
    assert ends.count(-signal.SIGKILL) >= 5  # not all came too late
    assert scene.before.rows() in seen
    # The lock died with its holder; the next import sweeps what was left half written.
    for home in dirty[:2] or [scene.folder / "killed-0"]:
        assert scene.warm.wait(started(scene.warm, home, scene.file)) == 0
        assert check_whole(scene, home).manifest["tables"] == scene.after.manifest["tables"]
        assert not leftovers(home)


def test_of_two_imports_at_once_one_wins_and_the_other_says_so(scene: Scene) -> None:
    other = write_list(scene.folder / "c.csv", 30, "c")
    alone = scene.copy("alone")
    assert scene.warm.wait(started(scene.warm, alone, other)) == 0
    single = [scene.after.manifest["tables"], catalog.open_dataset(dataset_folder(alone)).manifest["tables"]]
    for attempt in range(3):
        homes = [scene.copy(f"two-{attempt}-{n}") for n in range(2)]
        # Both import into the same datasets, with homes of their own for what they print.
        shutil.rmtree(homes[1] / "datasets")
        (homes[1] / "datasets").symlink_to(homes[0] / "datasets")
        pids = [
            started(scene.warm, home, file) for home, file in zip(homes, (scene.file, other), strict=True)
        ]
        ends = [scene.warm.wait(pid) for pid in pids]
        current = catalog.open_dataset(dataset_folder(homes[0]))
        if ends == [0, 0]:  # one had ended before the other looked: both are in, one after the other
            assert current.rows() == scene.before.rows() + 39 + 29
            continue
        assert sorted(ends) == [0, 2]
        assert current.manifest["tables"] == single[ends.index(0)]
        said = (homes[ends.index(2)] / "err.txt").read_text(encoding="utf-8")
        assert "is running" in said or "has changed since" in said
        assert not leftovers(homes[0])
        return
    pytest.fail("the two imports never met")
