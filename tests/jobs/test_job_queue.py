from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import Any

import job_functions as functions
import pytest
from job_helpers import MemoryJournal, Watch, make_work

from grammy_desktop.core.errors import BugError, EnvironmentFailure, UserError
from grammy_desktop.core.journal import JobState
from grammy_desktop.jobs import JobQueue, Lane

WAIT = 20.0


def test_a_job_returns_its_result(queue: JobQueue) -> None:
    outcome = queue.wait(queue.submit(make_work(functions.add, (1, 2))), WAIT)
    assert (outcome.state, outcome.result, outcome.error) == (JobState.DONE, 3, None)


def test_finish_runs_here_sees_the_files_and_gives_the_result(queue: JobQueue, staging: Path) -> None:
    seen: list[tuple[int, str]] = []

    def finish(path: Path) -> str:
        seen.append((os.getpid(), path.read_text()))
        return "stored"

    job_id = queue.submit(make_work(functions.write_file, "sound", finish=finish))
    assert queue.wait(job_id, WAIT).result == "stored"
    assert seen == [(os.getpid(), "sound")]
    assert not (staging / job_id).exists()


def test_work_runs_in_another_process_which_is_kept(queue: JobQueue) -> None:
    first = queue.wait(queue.submit(make_work(functions.process_id)), WAIT).result
    # The thread that watched the first job has ended: the worker must not die with it.
    second = queue.wait(queue.submit(make_work(functions.process_id)), WAIT).result
    assert first == second != os.getpid()


def test_database_jobs_run_here_one_at_a_time(queue: JobQueue) -> None:
    running, most = 0, 0
    lock = threading.Lock()

    def work(request: Any, staging: Path, progress: Any) -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        progress.report(0.5, "store")
        with lock:
            running -= 1
        return os.getpid()

    jobs = [queue.submit(make_work(work, lane=Lane.DATABASE)) for _ in range(5)]
    assert {queue.wait(job, WAIT).result for job in jobs} == {os.getpid()}
    assert most == 1


def test_never_more_jobs_run_than_the_slots(queue: JobQueue, watch: Watch, tmp_path: Path) -> None:
    gates = [tmp_path / f"gate{number}" for number in range(5)]
    jobs = [queue.submit(make_work(functions.until_file, gate)) for gate in gates]
    for job, gate in zip(jobs, gates, strict=True):
        watch.until_stage(job)
        states = [snapshot.state for snapshot in queue.snapshots()]
        assert states.count(JobState.RUNNING) <= 2
        gate.touch()
    assert [queue.wait(job, WAIT).result for job in jobs] == ["seen"] * 5


def test_jobs_start_in_the_order_they_came(queue: JobQueue, journal: MemoryJournal) -> None:
    jobs = [queue.submit(make_work(functions.add, (1, number), lane=Lane.SCORING)) for number in range(6)]
    assert [queue.wait(job, WAIT).result for job in jobs] == [1, 2, 3, 4, 5, 6]
    assert journal.started_ids == jobs


def test_lanes_do_not_wait_for_each_other(queue: JobQueue, watch: Watch) -> None:
    blocking = [queue.submit(make_work(functions.patient)) for _ in range(3)]
    watch.until_stage(blocking[1])
    assert queue.wait(queue.submit(make_work(functions.add, (2, 2), lane=Lane.SCORING)), WAIT).result == 4


def test_events_tell_the_story(queue: JobQueue, watch: Watch, journal: MemoryJournal) -> None:
    job_id = queue.submit(make_work(functions.write_file, "x", finish=lambda path: None, track_id="t1"))
    queue.wait(job_id, WAIT)
    watch.until(lambda event: event.kind == "ended")
    kinds = [event.kind for event in watch.events]
    assert kinds == ["submitted", "started", "published", "progress", "progress", "ended"]
    published = next(event.snapshot.published for event in watch.events if event.kind == "published")
    assert published["mix"].name == "mix.wav"
    last = watch.events[-1].snapshot
    assert (last.state, last.fraction, last.track_id, last.stage) == (JobState.DONE, 1.0, "t1", "store")
    assert last.created <= (last.started or "") <= (last.ended or "")
    assert journal.stages == [(job_id, "render"), (job_id, "store")]


def test_reports_of_one_stage_are_thinned_out(queue: JobQueue, watch: Watch) -> None:
    assert queue.wait(queue.submit(make_work(functions.chatty, 20_000)), WAIT).result == 20_000
    assert len([event for event in watch.events if event.kind == "progress"]) < 500


@pytest.mark.expects_log
def test_a_listener_that_fails_harms_nobody(queue: JobQueue) -> None:
    def listener(event: object) -> None:
        raise RuntimeError("listener")

    unsubscribe = queue.subscribe(listener)
    assert queue.wait(queue.submit(make_work(functions.add, (1, 1))), WAIT).result == 2
    unsubscribe()


@pytest.mark.parametrize(
    ("function", "kind", "text"),
    [
        (functions.bad_file, UserError, "song.wav is not audio."),
        (functions.bug, BugError, "KeyError"),
        (functions.no_memory, EnvironmentFailure, "memory"),
        (functions.unpicklable_result, BugError, "wrong"),
        (functions.exploding, BugError, "1 and 2"),
    ],
)
def test_errors_cross_the_border(queue: JobQueue, function: Any, kind: type[Exception], text: str) -> None:
    outcome = queue.wait(queue.submit(make_work(function, "song.wav")), WAIT)
    assert outcome.state is JobState.FAILED
    assert type(outcome.error) is kind
    assert text in str(outcome.error)


def test_the_file_and_the_traceback_come_along(queue: JobQueue) -> None:
    user = queue.wait(queue.submit(make_work(functions.bad_file, "song.wav")), WAIT).error
    bug = queue.wait(queue.submit(make_work(functions.bug)), WAIT).error
    assert user is not None and user.file == "song.wav"
    assert isinstance(bug, BugError) and 'raise KeyError("loudness")' in bug.details


@pytest.mark.expects_log
def test_a_request_that_cannot_be_pickled_is_our_bug(queue: JobQueue) -> None:
    outcome = queue.wait(queue.submit(make_work(functions.add, lambda: None)), WAIT)
    assert isinstance(outcome.error, BugError)


def test_undo_runs_once_and_only_when_not_done(queue: JobQueue, watch: Watch) -> None:
    undone: list[str] = []

    def failing_finish(result: object) -> None:
        raise UserError("the library refused")

    done = queue.submit(make_work(functions.add, (1, 1), undo=lambda: undone.append("done")))
    failed = queue.submit(make_work(functions.bug, undo=lambda: undone.append("failed")))
    refused = queue.submit(
        make_work(functions.add, (1, 1), finish=failing_finish, undo=lambda: undone.append("refused"))
    )
    cancelled = queue.submit(make_work(functions.patient, undo=lambda: undone.append("cancelled")))
    watch.until_stage(cancelled)
    queue.cancel(cancelled)
    outcomes = [queue.wait(job, WAIT) for job in (done, failed, refused, cancelled)]
    assert [outcome.state for outcome in outcomes] == [
        JobState.DONE,
        JobState.FAILED,
        JobState.FAILED,
        JobState.CANCELLED,
    ]
    assert str(outcomes[2].error) == "the library refused"
    assert sorted(undone) == ["cancelled", "failed", "refused"]


@pytest.mark.expects_log
def test_a_broken_undo_does_not_keep_the_job_alive(queue: JobQueue) -> None:
    def undo() -> None:
        raise RuntimeError("undo")

    assert queue.wait(queue.submit(make_work(functions.bug, undo=undo)), WAIT).state is JobState.FAILED


def test_work_the_journal_refuses_is_undone(journal: MemoryJournal, staging: Path) -> None:
    def refuse(entry: object) -> None:
        raise EnvironmentFailure("The disk is full.")

    journal.submitted = refuse  # type: ignore[method-assign]
    queue = JobQueue(journal, staging)
    undone: list[bool] = []
    with pytest.raises(EnvironmentFailure):
        queue.submit(make_work(functions.add, (1, 1), undo=lambda: undone.append(True)))
    assert undone == [True]
    assert queue.snapshots() == []
    queue.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("lane", [Lane.MASTERING, Lane.DATABASE])
def test_a_full_disk_is_told_without_the_names_of_working_files(queue: JobQueue, tmp_path: Path, lane: Lane) -> None:
    error = queue.wait(queue.submit(make_work(functions.full_disk, lane=lane)), WAIT).error
    assert str(error) == (
        f"The work could not be finished: the disk is full ({tmp_path}, where the app keeps its data);"
        " free some space and try again."
    )
    own = tmp_path / "song.wav"
    error = queue.wait(queue.submit(make_work(functions.full_disk, own, lane=lane)), WAIT).error
    assert (
        str(error) == f"“song.wav” could not be written: the disk is full ({tmp_path}); free some space and try again."
    )


def test_retry_and_dismiss(queue: JobQueue) -> None:
    failed = queue.submit(make_work(functions.bug, renew=lambda: make_work(functions.add, (3, 4))))
    queue.wait(failed, WAIT)
    again = queue.retry(failed)
    assert queue.wait(again, WAIT).result == 7
    assert [snapshot.id for snapshot in queue.snapshots()] == [again]
    queue.dismiss(again)
    assert queue.snapshots() == []
    with pytest.raises(UserError):
        queue.wait(again)


def test_waiting_can_time_out(queue: JobQueue, watch: Watch) -> None:
    job_id = queue.submit(make_work(functions.patient))
    watch.until_stage(job_id)
    with pytest.raises(TimeoutError):
        queue.wait(job_id, 0.01)


def test_prewarm_imports_ahead_of_time(queue: JobQueue) -> None:
    queue.prewarm(Lane.SCORING, ["wave", "there_is_no_such_module"])
    outcome = queue.wait(queue.submit(make_work(functions.is_imported, "wave", lane=Lane.SCORING)), WAIT)
    assert outcome.result is True


def test_closing_waits_when_it_shall_not_cancel(journal: MemoryJournal, staging: Path, tmp_path: Path) -> None:
    queue = JobQueue(journal, staging, slots={Lane.GENERATION: 1}, nice=0)
    gate = tmp_path / "gate"
    jobs = [queue.submit(make_work(functions.until_file, gate)) for _ in range(2)]
    gate.touch()
    queue.close(cancel=False)
    assert [queue.wait(job).result for job in jobs] == ["seen", "seen"]


def test_closing_leaves_no_thread_and_no_process(journal: MemoryJournal, staging: Path) -> None:
    import psutil

    before = set(threading.enumerate())
    queue = JobQueue(journal, staging, slots={Lane.GENERATION: 2}, nice=0)
    watch = Watch(queue)
    busy = queue.submit(make_work(functions.busy))
    waiting = [queue.submit(make_work(functions.add, (1, 1))) for _ in range(3)]
    idle = queue.wait(queue.submit(make_work(functions.process_id, lane=Lane.SCORING)), WAIT).result
    watch.until_stage(busy)
    queue.close()
    assert queue.wait(busy).state is JobState.CANCELLED
    assert all(queue.wait(job).state.ended for job in waiting)
    assert not psutil.pid_exists(idle)
    assert set(threading.enumerate()) - before == set()
    with pytest.raises(EnvironmentFailure):
        queue.submit(make_work(functions.add, (1, 1)))


def test_an_estimate_only_after_two_seconds_and_five_per_cent() -> None:
    from grammy_desktop.jobs.job import Job

    job = Job("1", make_work(functions.add), state=JobState.RUNNING, started="x", started_at=time.monotonic() - 10.0)
    job.fraction = 0.04
    assert job.seconds_left() is None
    job.fraction = 0.25
    assert job.seconds_left() == pytest.approx(30.0, abs=0.5)
    job.started_at = time.monotonic() - 1.0
    assert job.seconds_left() is None
