"""The job queue: waiting, running and ended jobs of every lane, journalled, each ending exactly once."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from grammy_desktop.core.errors import EnvironmentFailure, UserError
from grammy_desktop.core.journal import JobEntry, JobState, Journal
from grammy_desktop.jobs.job import Job, guarded
from grammy_desktop.jobs.limits import resolve_slots
from grammy_desktop.jobs.pool import NICE, WorkerPool
from grammy_desktop.jobs.runner import Ending, JobRunner
from grammy_desktop.jobs.threads import PlainThreads
from grammy_desktop.jobs.work import Executor, JobEvent, JobOutcome, JobSnapshot, Lane, Work

_WAIT_SLICE = 0.2
"""Seconds."""


class JobQueue:
    """Runs `Work`. Every method may be called from any thread and returns at once, except `wait` and `close`.

    journal: where every job is written down.
    staging_root: a job gets the folder `staging_root/<job id>` while it runs.
    executor: where supervisors run (default: own threads).
    slots: jobs at once by lane (default: see `limits`).
    nice: by how much workers lower their priority.
    log_path: the app's log file, which workers then append to.
    """

    def __init__(
        self,
        journal: Journal,
        staging_root: Path,
        *,
        executor: Executor | None = None,
        slots: Mapping[Lane, int] | None = None,
        nice: int = NICE,
        log_path: Path | None = None,
        log_level: int = logging.INFO,
    ) -> None:
        self._journal = journal
        self._own_threads = PlainThreads() if executor is None else None
        self._executor: Executor = executor or self._own_threads or PlainThreads()
        self._slots = resolve_slots(slots)
        self._pool = WorkerPool(nice=nice, log_path=log_path, level=log_level)
        self._lock = threading.RLock()
        self._runner = JobRunner(journal, staging_root, self._pool, self._lock, self._tell)
        self._jobs: dict[str, Job] = {}
        self._waiting: dict[Lane, list[Job]] = {lane: [] for lane in Lane}
        self._running: dict[Lane, int] = dict.fromkeys(Lane, 0)
        self._callbacks: dict[int, Callable[[JobEvent], None]] = {}
        self._next_callback = 0
        self._closed = False

    def submit(self, work: Work) -> str:
        """Journals the job and starts it when its lane has a free slot; returns its id.

        Raises what the journal raises; the work is then undone.
        """
        job = Job(str(uuid.uuid4()), work)
        try:
            if self._closed:
                raise EnvironmentFailure("The app is closing: no new work is started.")
            self._journal.submitted(_entry(job))
        except BaseException:
            if work.undo is not None:
                guarded(f"undo of {job.id}", work.undo)
            raise
        with self._lock:
            self._jobs[job.id] = job
            self._waiting[work.lane].append(job)
        self._tell("submitted", job)
        self._pump()
        return job.id

    def cancel(self, job_id: str) -> bool:
        """Asks a job to stop; it ends within half a second. False when it has ended or is already being stored."""
        job = self._job(job_id)
        with self._lock:
            if job.state.ended or job.storing:
                return False
            if not job.cancel_asked.is_set():
                job.cancel_time = time.monotonic()
                job.cancel_asked.set()
            waiting = job in self._waiting[job.work.lane]
            if waiting:
                self._waiting[job.work.lane].remove(job)
        if waiting:
            self._end(job, Ending(JobState.CANCELLED))
        return True

    def wait(self, job_id: str, timeout: float | None = None) -> JobOutcome:
        """Blocks until the job has ended and everything about it is cleared away. Raises TimeoutError after `timeout` seconds."""
        job = self._job(job_id)
        deadline = None if timeout is None else time.monotonic() + timeout
        # In slices: an endless wait cannot be interrupted by Ctrl-C on every system.
        while not job.finished.wait(_WAIT_SLICE if deadline is None else min(_WAIT_SLICE, deadline - time.monotonic())):
            if deadline is None or time.monotonic() < deadline:
                continue
            raise TimeoutError(f"job {job_id} is still {job.state.value}")
        return JobOutcome(job.state, job.result, job.error)

    def snapshots(self) -> list[JobSnapshot]:
        """Every job since the start that was not dismissed, in the order submitted."""
        with self._lock:
            return [job.snapshot() for job in self._jobs.values()]

    def snapshot(self, job_id: str) -> JobSnapshot:
        job = self._job(job_id)
        with self._lock:
            return job.snapshot()

    def subscribe(self, callback: Callable[[JobEvent], None]) -> Callable[[], None]:
        """Calls back on every change, from whichever thread makes it; must be quick. Returns the unsubscribe."""
        with self._lock:
            key = self._next_callback
            self._next_callback += 1
            self._callbacks[key] = callback

        def unsubscribe() -> None:
            with self._lock:
                self._callbacks.pop(key, None)

        return unsubscribe

    def retry(self, job_id: str) -> str:
        """Submits an ended job again (see `Work.renew`) and dismisses the old one; returns the new job's id."""
        job = self._job(job_id)
        if not job.finished.is_set():
            raise UserError("This work is still going on.")
        work = job.work.renew() if job.work.renew is not None else job.work
        new_id = self.submit(work)
        self.dismiss(job_id)
        return new_id

    def dismiss(self, job_id: str) -> None:
        """Forgets an ended job (the journal keeps it); does nothing for one that goes on."""
        with self._lock:
            job = self._jobs.get(job_id)
            if job is None or not job.finished.is_set():
                return
            del self._jobs[job_id]
        self._tell("dismissed", job)

    def prewarm(self, lane: Lane, modules: Sequence[str]) -> None:
        """Has a worker import modules ahead of time; returns at once."""
        if not self._closed:
            self._pool.prewarm(lane, modules)

    def close(self, *, cancel: bool = True) -> None:
        """Ends everything: cancels what has not ended (or waits for it), then stops the workers. No thread or process stays."""
        with self._lock:
            self._closed = True
            open_jobs = [job for job in self._jobs.values() if not job.finished.is_set()]
        for job in open_jobs:
            if cancel:
                self.cancel(job.id)
        for job in open_jobs:
            job.finished.wait()
        if self._own_threads is not None:
            self._own_threads.join()
        self._pool.close()

    def _pump(self) -> None:
        """Starts what has a free slot."""
        starting: list[Job] = []
        with self._lock:
            for lane, waiting in self._waiting.items():
                while waiting and self._running[lane] < self._slots[lane]:
                    self._running[lane] += 1
                    starting.append(waiting.pop(0))
        for job in starting:
            self._executor.submit(partial(self._supervise, job))

    def _supervise(self, job: Job) -> None:
        self._end(job, self._runner.run(job))
        with self._lock:
            self._running[job.work.lane] -= 1
        self._pump()

    def _end(self, job: Job, ending: Ending) -> None:
        self._runner.clear_up(job, ending)
        job.finished.set()
        self._tell("ended", job)

    def _tell(self, kind: str, job: Job) -> None:
        with self._lock:
            event = JobEvent(kind, job.snapshot())
            callbacks = list(self._callbacks.values())
        for callback in callbacks:
            guarded(f"a listener to '{kind}'", partial(callback, event))

    def _job(self, job_id: str) -> Job:
        with self._lock:
            try:
                return self._jobs[job_id]
            except KeyError:
                raise UserError(f"There is no work with the id {job_id}.") from None


def _entry(job: Job) -> JobEntry:
    work = job.work
    return JobEntry(
        id=job.id,
        kind=work.kind,
        title=work.title,
        lane=work.lane.value,
        state=JobState.WAITING,
        stage="",
        fraction=0.0,
        request=work.request_json,
        message="",
        track_id=work.track_id,
        created_at=job.created,
        ended_at=None,
    )
