"""A worker that loads while the program itself still does: a command that makes a song would wait for one after the other."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from grammy_desktop.core.errors import EnvironmentFailure
from grammy_desktop.jobs.pool import NICE, WorkerProcess
from grammy_desktop.jobs.worker import ImportCommand

log = logging.getLogger(__name__)


def give_head_start(modules: Sequence[str]) -> None:
    """Start a worker and let it import `modules`; the first pool that needs a worker takes it. Ends with this process."""
    try:
        worker = WorkerProcess(nice=NICE, log_path=None, level=logging.INFO)
    except EnvironmentFailure:
        # The pool will try again, and say so where it cannot either.
        log.debug("no head start", exc_info=True)
        return
    worker.send(ImportCommand(tuple(modules)))
    WorkerProcess.ahead.append(worker)
