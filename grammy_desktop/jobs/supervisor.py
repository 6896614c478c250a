"""Runs one job in a worker process and watches it: asks it to stop, kills it when it does not, notices its death."""

from __future__ import annotations

import logging
import pickle
import time
from collections.abc import Callable
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from grammy_desktop.core.errors import BugError, WorkerDied
from grammy_desktop.core.progress import Cancelled
from grammy_desktop.jobs.job import Job
from grammy_desktop.jobs.pool import WorkerPool, WorkerProcess
from grammy_desktop.jobs.worker import CancelCommand, EndAnswer, PublishAnswer, ReportAnswer, dump_run

log = logging.getLogger(__name__)

GRACE = 0.25
"""Seconds a worker has to answer a cancel before it is killed."""

_POLL = 0.02
"""Seconds between two looks at the cancel event."""

DIED_MESSAGE = "The worker stopped suddenly (memory ran out or it crashed). Nothing was kept half-written; try again."


class PoolRun:
    """One job in one worker of the pool."""

    def __init__(
        self,
        pool: WorkerPool,
        job: Job,
        staging: Path,
        *,
        on_report: Callable[[float, str], None],
        on_publish: Callable[[str, Path], None],
    ) -> None:
        self._pool = pool
        self._job = job
        self._staging = staging
        self._on_report = on_report
        self._on_publish = on_publish

    def run(self) -> Any:
        """The function's result. Raises Cancelled, WorkerDied, or the GrammyError the function ended with."""
        work = self._job.work
        try:
            command = dump_run(self._job.id, work.function, work.request, self._staging)
        except Exception as error:
            raise BugError(
                "This work could not be handed to a worker.", details=f"{type(error).__name__}: {error}"
            ) from error
        worker = self._pool.take(work.lane)
        answer: EndAnswer | None = None
        try:
            worker.send(command)
            answer = self._watch(worker)
        finally:
            # Without an answer the worker is in an unknown state, whatever was raised: it is never used again.
            if answer is None:
                worker.kill()
            else:
                self._pool.give_back(work.lane, worker)
        return _unpack(answer)

    def _watch(self, worker: WorkerProcess) -> EndAnswer:
        asked = False
        while True:
            if self._job.cancel_asked.is_set():
                if not asked:
                    asked = worker.send(CancelCommand(self._job.id))
                if not asked or time.monotonic() - self._job.cancel_time > GRACE:
                    raise Cancelled
            wait(worker.sentinels, timeout=_POLL)
            try:
                while worker.answers.poll():
                    answer = worker.answers.recv()
                    if isinstance(answer, EndAnswer):
                        return answer
                    if not asked:
                        self._pass_on(answer)
                    if self._job.cancel_asked.is_set() and not asked:
                        break
            except (EOFError, OSError) as error:
                raise self._died(worker) from error
            if not worker.alive and not worker.answers.poll():
                raise self._died(worker)

    def _pass_on(self, answer: object) -> None:
        if isinstance(answer, ReportAnswer):
            self._on_report(answer.fraction, answer.stage)
        elif isinstance(answer, PublishAnswer):
            self._on_publish(answer.kind, answer.path)

    def _died(self, worker: WorkerProcess) -> Exception:
        if self._job.cancel_asked.is_set():
            return Cancelled()
        log.error("worker %d ended with exit code %s during job %s", worker.pid, worker.exit_code(), self._job.id)
        return WorkerDied(DIED_MESSAGE)


def _unpack(answer: EndAnswer) -> Any:
    if answer.outcome == "cancelled" or answer.payload is None:
        raise Cancelled
    try:
        value = pickle.loads(answer.payload)
    except Exception as error:
        raise BugError("A worker's answer could not be read.", details=f"{type(error).__name__}: {error}") from error
    if answer.outcome == "failed":
        raise value
    return value
