from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import job_functions as functions
import psutil
import pytest
from job_helpers import MemoryJournal, Watch, make_work

from grammy_desktop.core.errors import WorkerDied
from grammy_desktop.core.journal import JobState
from grammy_desktop.jobs import JobQueue, Lane

WAIT = 20.0
LIMIT = 0.5
"""Seconds within which a cancelled job must have ended."""


@pytest.mark.parametrize("function", [functions.busy, functions.patient])
def test_cancel_ends_within_half_a_second(queue: JobQueue, watch: Watch, staging: Path, function: Any) -> None:
    job_id = queue.submit(make_work(function))
    watch.until_stage(job_id)
    assert (staging / job_id / "half.wav").exists()
    started = time.perf_counter()
    assert queue.cancel(job_id)
    outcome = queue.wait(job_id, WAIT)
    assert time.perf_counter() - started < LIMIT
    assert outcome.state is JobState.CANCELLED
    assert not (staging / job_id).exists()
    assert not queue.cancel(job_id)


def test_a_cooperative_worker_is_kept_a_busy_one_is_killed(queue: JobQueue, watch: Watch) -> None:
    before = queue.wait(queue.submit(make_work(functions.process_id)), WAIT).result
    for function, survives in ((functions.patient, True), (functions.busy, False)):
        job_id = queue.submit(make_work(function))
        watch.until_stage(job_id)
        queue.cancel(job_id)
        queue.wait(job_id, WAIT)
        assert psutil.pid_exists(before) is survives


def test_cancel_while_the_worker_is_still_starting(queue: JobQueue) -> None:
    job_id = queue.submit(make_work(functions.busy))
    started = time.perf_counter()
    queue.cancel(job_id)
    assert queue.wait(job_id, WAIT).state is JobState.CANCELLED
    assert time.perf_counter() - started < LIMIT


def test_cancel_before_the_start_runs_nothing(queue: JobQueue, watch: Watch, journal: MemoryJournal) -> None:
    blocking = [queue.submit(make_work(functions.patient)) for _ in range(2)]
    waiting = queue.submit(make_work(functions.add, (1, 1)))
    queue.cancel(waiting)
    assert queue.wait(waiting, WAIT).state is JobState.CANCELLED
    assert waiting not in journal.started_ids
    for job in blocking:
        queue.cancel(job)


def test_cancel_while_another_job_stores(queue: JobQueue, watch: Watch) -> None:
    """A job that stands in line for the library leaves at once; the one that stores can no longer be cancelled."""
    import threading

    entered, gate = threading.Event(), threading.Event()

    def slow_finish(result: int) -> int:
        entered.set()
        assert gate.wait(WAIT)
        return result

    storing = queue.submit(make_work(functions.add, (1, 1), finish=slow_finish))
    assert entered.wait(WAIT)
    standing = queue.submit(make_work(functions.add, (2, 2), finish=lambda result: result, lane=Lane.SCORING))
    watch.until_stage(standing, "mix")
    started = time.perf_counter()
    queue.cancel(standing)
    assert queue.wait(standing, WAIT).state is JobState.CANCELLED
    assert time.perf_counter() - started < LIMIT
    assert not queue.cancel(storing)
    gate.set()
    assert queue.wait(storing, WAIT).result == 2


@pytest.mark.expects_log
@pytest.mark.parametrize("function", [functions.segfault, functions.killed, functions.hard_exit])
def test_a_worker_that_dies_ends_one_job_with_plain_words(queue: JobQueue, watch: Watch, function: Any) -> None:
    other = queue.submit(make_work(functions.patient))
    watch.until_stage(other)
    outcome = queue.wait(queue.submit(make_work(function)), WAIT)
    assert outcome.state is JobState.FAILED
    assert type(outcome.error) is WorkerDied
    assert "stopped suddenly" in str(outcome.error)
    assert queue.snapshot(other).state is JobState.RUNNING
    assert queue.wait(queue.submit(make_work(functions.add, (1, 2))), WAIT).result == 3
    queue.cancel(other)


@pytest.mark.expects_log
def test_an_idle_worker_that_was_killed_is_replaced(queue: JobQueue) -> None:
    first = queue.wait(queue.submit(make_work(functions.process_id)), WAIT).result
    process = psutil.Process(first)
    process.kill()
    second = queue.wait(queue.submit(make_work(functions.process_id)), WAIT)
    # The kill may be noticed before the job or during it; never is anything but a clear answer given.
    assert second.state is JobState.DONE or isinstance(second.error, WorkerDied)
    assert queue.wait(queue.submit(make_work(functions.process_id)), WAIT).result != first


def test_a_late_cancel_does_not_reach_the_next_job(queue: JobQueue, watch: Watch) -> None:
    """Cancels that cross with endings, over and over on the same worker: the next job is never hit, and can be cancelled."""
    for _ in range(10):
        job = queue.submit(make_work(functions.add, (1, 1), lane=Lane.SCORING))
        queue.cancel(job)
        assert queue.wait(job, WAIT).state in (JobState.DONE, JobState.CANCELLED)
    survivor = queue.submit(make_work(functions.patient, lane=Lane.SCORING))
    watch.until_stage(survivor)
    queue.cancel(survivor)
    assert queue.wait(survivor, WAIT).state is JobState.CANCELLED


@pytest.mark.expects_log
def test_a_storm_of_jobs_and_cancels(queue: JobQueue, journal: MemoryJournal, tmp_path: Path) -> None:
    chance = random.Random(5)
    ready = tmp_path / "ready"
    ready.touch()
    kinds = [
        (functions.add, (1, 1)),
        (functions.until_file, ready),
        (functions.bug, None),
        (functions.killed, None),
        (functions.patient, None),
    ]
    jobs = []
    for _ in range(40):
        function, request = chance.choice(kinds)
        jobs.append(queue.submit(make_work(function, request, lane=chance.choice([Lane.GENERATION, Lane.SCORING]))))
        if chance.random() < 0.4:
            queue.cancel(chance.choice(jobs))
    for job in jobs:
        if queue.snapshot(job).title == "patient":
            queue.cancel(job)
    states = [queue.wait(job, 60).state for job in jobs]
    assert all(state.ended for state in states)
    assert all(journal.endings[job] == 1 for job in jobs)
    assert {journal.states[job] for job in jobs} == set(states)
