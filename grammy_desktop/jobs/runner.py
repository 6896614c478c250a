"""The life of one job: its staging folder, its run in a worker (or here), its finish, and the clearing up."""

from __future__ import annotations

import logging
import shutil
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from grammy_desktop.core.atomic import write_failure
from grammy_desktop.core.errors import BugError, GrammyError, WriteFailure
from grammy_desktop.core.journal import JobState, Journal
from grammy_desktop.core.progress import Cancelled
from grammy_desktop.jobs.in_process import InProcessProgress
from grammy_desktop.jobs.job import Job, guarded, now
from grammy_desktop.jobs.pool import WorkerPool
from grammy_desktop.jobs.supervisor import PoolRun
from grammy_desktop.jobs.work import Lane

log = logging.getLogger(__name__)

CANCELLED_MESSAGE = "Cancelled."

_TURN_POLL = 0.02
"""Seconds between two looks at the cancel event while waiting for the library."""


@dataclass(frozen=True)
class Ending:
    state: JobState
    error: GrammyError | None = None
    result: Any = None

    @property
    def message(self) -> str:
        if self.error is not None:
            return self.error.message
        return CANCELLED_MESSAGE if self.state is JobState.CANCELLED else ""


class JobRunner:
    """Runs jobs one after the other or side by side; `tell(kind, job)` hears of every change, `lock` guards the jobs' fields."""

    def __init__(
        self,
        journal: Journal,
        staging_root: Path,
        pool: WorkerPool,
        lock: threading.RLock,
        tell: Callable[[str, Job], None],
    ) -> None:
        self._journal = journal
        self._staging_root = staging_root
        self._pool = pool
        self._lock = lock
        self._tell = tell
        self._database_turn = threading.Lock()

    def run(self, job: Job) -> Ending:
        """Does the work; raises nothing, or the job would never end."""
        try:
            return Ending(JobState.DONE, result=self._run(job))
        except Cancelled:
            return Ending(JobState.CANCELLED)
        except GrammyError as error:
            return Ending(JobState.FAILED, error)
        except Exception as error:
            log.exception("job %s (%s) failed", job.id, job.work.kind)
            return Ending(JobState.FAILED, _bug(error))

    def clear_up(self, job: Job, ending: Ending) -> None:
        """Undoes, removes the staging folder, and writes the ending down; only then is the job seen to have ended."""
        if ending.state is not JobState.DONE and job.work.undo is not None:
            guarded(f"undo of job {job.id}", job.work.undo)
        shutil.rmtree(self._staging_root / job.id, ignore_errors=True)
        guarded(f"journal of job {job.id}", partial(self._journal.ended, job.id, ending.state, ending.message))
        with self._lock:
            job.state, job.message, job.error, job.result = ending.state, ending.message, ending.error, ending.result
            job.ended, job.ended_at = now(), time.monotonic()
            job.published.clear()
            if ending.state is JobState.DONE:
                job.fraction = 1.0
        log.info("job %s (%s): %s, %.1f s %s", job.id, job.work.kind, job.state.value, job.elapsed(), job.message)

    def _run(self, job: Job) -> Any:
        with self._lock:
            job.state, job.started, job.started_at = JobState.RUNNING, now(), time.monotonic()
        self._journal.started(job.id)
        self._tell("started", job)
        if job.cancel_asked.is_set():
            raise Cancelled
        staging = self._make_staging(job)
        try:
            in_worker = job.work.lane is not Lane.DATABASE
            result = self._run_in_worker(job, staging) if in_worker else self._run_here(job, staging)
        except WriteFailure as failure:
            if staging not in Path(failure.path).parents:
                raise
            raise failure.told_without_file(self._staging_root.parent) from failure
        if job.work.finish is None:
            return result
        with self._turn(job):
            with self._lock:
                if job.cancel_asked.is_set():
                    raise Cancelled
                job.storing = True
            self._report(job, job.fraction, "store")
            return job.work.finish(result)

    def _run_in_worker(self, job: Job, staging: Path) -> Any:
        report, publish = partial(self._report, job), partial(self._publish, job)
        return PoolRun(self._pool, job, staging, on_report=report, on_publish=publish).run()

    def _run_here(self, job: Job, staging: Path) -> Any:
        report, publish = partial(self._report, job), partial(self._publish, job)
        progress = InProcessProgress(job.cancel_asked, on_report=report, on_publish=publish)
        with self._turn(job):
            return job.work.function(job.work.request, staging, progress)

    @contextmanager
    def _turn(self, job: Job) -> Iterator[None]:
        """The one place in which jobs write to the library; leaving the line stays possible. Raises Cancelled."""
        while not self._database_turn.acquire(timeout=_TURN_POLL):
            if job.cancel_asked.is_set():
                raise Cancelled
        try:
            yield
        finally:
            self._database_turn.release()

    def _make_staging(self, job: Job) -> Path:
        staging = self._staging_root / job.id
        try:
            staging.mkdir(parents=True)
        except OSError as error:
            raise write_failure(staging, error).told_without_file(self._staging_root.parent) from error
        return staging

    def _report(self, job: Job, fraction: float, stage: str) -> None:
        with self._lock:
            new_stage = stage != job.stage
            job.stage, job.fraction = stage, min(1.0, max(job.fraction, fraction))
        if new_stage:
            self._journal.stage(job.id, stage, job.fraction)
        self._tell("progress", job)

    def _publish(self, job: Job, kind: str, path: Path) -> None:
        with self._lock:
            job.published[kind] = path
        self._tell("published", job)


def _bug(error: Exception) -> BugError:
    details = "".join(traceback.format_exception(error))
    return BugError(f"Something in Grammy Desktop went wrong ({type(error).__name__}: {error}).", details=details)
