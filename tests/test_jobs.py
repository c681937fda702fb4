"""Long computations beside the page: they report, can be stopped, and leave what they had."""

from __future__ import annotations

import threading

from ui.jobs import Job, Progress, Stopped


def test_a_job_reports_progress_and_keeps_its_result() -> None:
    def work(progress: Progress) -> list[int]:
        done = []
        for step in range(5):
            done.append(step)
            progress(step + 1, 5)
        return done

    job = Job(work)
    assert job.wait(10)
    assert (job.done, job.total) == (5, 5)
    assert job.result == [0, 1, 2, 3, 4]
    assert not job.failed
    assert not job.stopped


def test_a_stopped_job_may_hand_out_what_it_has() -> None:
    begun = threading.Event()

    def work(progress: Progress) -> int:
        step = 0
        while True:
            step += 1
            begun.set()
            try:
                progress(step, 1_000_000)
            except Stopped:
                return step

    job = Job(work)
    assert begun.wait(10)
    job.stop()
    assert job.wait(10)
    assert job.stopped
    assert job.result == job.done


def test_work_that_does_not_mind_the_stop_ends_without_a_result() -> None:
    gate = threading.Event()

    def work(progress: Progress) -> str:
        gate.wait(10)
        progress(1, 2)
        return "never"

    job = Job(work)
    job.stop()
    gate.set()
    assert job.wait(10)
    assert job.result is None
    assert not job.failed


def test_a_failure_leaves_no_result_and_is_said() -> None:
    def work(progress: Progress) -> None:
        raise ValueError("no")

    job = Job(work)
    assert job.wait(10)
    assert job.failed
    assert job.result is None
