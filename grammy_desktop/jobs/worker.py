"""The worker process: runs one job function after the other, and dies with its parent.

Commands come over one pipe, answers go over another. Jobs run on the main thread; a second thread listens, so that a
request to stop and the parent's death are noticed in the middle of the work.
"""

from __future__ import annotations

import importlib
import logging
import os
import pickle
import queue
import signal
import sys
import threading
import time
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from grammy_desktop.core.errors import BugError, GrammyError
from grammy_desktop.core.log import set_up_worker_logging
from grammy_desktop.core.progress import Cancelled

log = logging.getLogger(__name__)

_REPORT_INTERVAL = 0.04
"""Seconds between two reports of the same stage that cross the pipe."""


@dataclass(frozen=True)
class RunCommand:
    job_id: str
    payload: bytes
    """Pickled (function, request, staging): unpickled in the worker's main thread, as that imports the heavy modules."""


@dataclass(frozen=True)
class CancelCommand:
    job_id: str


@dataclass(frozen=True)
class ImportCommand:
    modules: tuple[str, ...]


@dataclass(frozen=True)
class LogCommand:
    """For a worker that was started before the log file was known."""

    path: Path
    level: int


@dataclass(frozen=True)
class ReportAnswer:
    fraction: float
    stage: str


@dataclass(frozen=True)
class PublishAnswer:
    kind: str
    path: Path


@dataclass(frozen=True)
class EndAnswer:
    """`payload`: the pickled result, or the pickled GrammyError; None when cancelled."""

    outcome: str
    payload: bytes | None


class PipeProgress:
    """The `Progress` a job function gets inside a worker."""

    def __init__(self, answers: Connection, cancelled: threading.Event) -> None:
        self._answers = answers
        self._cancelled = cancelled
        self._stage: str | None = None
        self._last = 0.0

    def report(self, fraction: float, stage: str) -> None:
        self.check_cancelled()
        now = time.monotonic()
        if stage != self._stage or now - self._last >= _REPORT_INTERVAL or fraction >= 1.0:
            self._stage, self._last = stage, now
            self._answers.send(ReportAnswer(float(fraction), stage))

    def check_cancelled(self) -> None:
        if self._cancelled.is_set():
            raise Cancelled

    def publish(self, kind: str, path: Path) -> None:
        self._answers.send(PublishAnswer(kind, Path(path)))


class _Listener(threading.Thread):
    """Reads commands; ends the process at once when the parent is gone."""

    def __init__(self, commands: Connection) -> None:
        super().__init__(name="commands", daemon=True)
        self.work: queue.SimpleQueue[RunCommand | ImportCommand | LogCommand] = queue.SimpleQueue()
        self._commands = commands
        self._lock = threading.Lock()
        self._cancelled: dict[str, threading.Event] = {}

    def cancelled(self, job_id: str) -> threading.Event:
        """The event that a cancel of this job sets, whichever comes first: the job or its cancel."""
        with self._lock:
            return self._cancelled.setdefault(job_id, threading.Event())

    def forget(self, job_id: str) -> None:
        with self._lock:
            self._cancelled.pop(job_id, None)

    def run(self) -> None:
        while True:
            try:
                command = self._commands.recv()
            except (EOFError, OSError):
                os._exit(1)
            if isinstance(command, CancelCommand):
                self.cancelled(command.job_id).set()
            else:
                self.work.put(command)


def worker_main(
    commands: Connection, answers: Connection, parent_pid: int, nice: int, log_path: Path | None, level: int
) -> None:
    """Entry of the worker process; never returns while the parent lives."""
    _die_with(parent_pid)
    _keep_output_clean()
    _be_nice(nice)
    _ignore_interrupt()
    if log_path is not None:
        set_up_worker_logging(log_path, level)
    listener = _Listener(commands)
    listener.start()
    while True:
        command = listener.work.get()
        if isinstance(command, ImportCommand):
            _import(command.modules)
            continue
        if isinstance(command, LogCommand):
            set_up_worker_logging(command.path, command.level)
            continue
        answer = _run(command, PipeProgress(answers, listener.cancelled(command.job_id)))
        listener.forget(command.job_id)
        try:
            answers.send(answer)
        except OSError:
            os._exit(1)


def _run(command: RunCommand, progress: PipeProgress) -> EndAnswer:
    try:
        function, request, staging = pickle.loads(command.payload)
        progress.check_cancelled()
        result = function(request, staging, progress)
        return EndAnswer("done", pickle.dumps(result))
    except Cancelled:
        return EndAnswer("cancelled", None)
    except MemoryError as error:
        return EndAnswer("failed", pickle.dumps(_out_of_memory(error)))
    except GrammyError as error:
        return EndAnswer("failed", _pickled_error(error))
    except Exception as error:
        log.exception("job %s failed", command.job_id)
        return EndAnswer("failed", _pickled_error(_bug(error)))


def _out_of_memory(error: MemoryError) -> GrammyError:
    from grammy_desktop.core.errors import EnvironmentFailure

    return EnvironmentFailure(
        "There is not enough memory for this. Close other programs or make it shorter, then try again."
    )


def _bug(error: BaseException) -> BugError:
    details = "".join(traceback.format_exception(error))
    return BugError(f"Something in Grammy Desktop went wrong ({type(error).__name__}: {error}).", details=details)


def _pickled_error(error: GrammyError) -> bytes:
    # The cause does not survive pickling: what a report needs of it goes into the details.
    if isinstance(error, BugError) and not error.details:
        error.details = "".join(traceback.format_exception(error))
    try:
        payload = pickle.dumps(error)
        pickle.loads(payload)
    except Exception as failure:
        log.exception("an error could not be pickled")
        return pickle.dumps(BugError(str(error), details=f"{type(error).__name__} could not be pickled: {failure}"))
    return payload


def _import(modules: tuple[str, ...]) -> None:
    for name in modules:
        try:
            importlib.import_module(name)
        except ImportError:
            log.warning("%s could not be imported ahead of time", name, exc_info=True)


def _die_with(parent_pid: int) -> None:
    """Second net under the closed pipe: Linux kills us when the thread that started us ends."""
    if sys.platform == "linux":
        import ctypes

        pr_set_pdeathsig = 1  # prctl(2)
        ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, signal.SIGKILL)
    if sys.platform != "win32" and os.getppid() != parent_pid:
        os._exit(1)


def _ignore_interrupt() -> None:
    """Ctrl-C reaches the whole process group; the parent decides what stops."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _keep_output_clean() -> None:
    """The parent's standard output belongs to its JSON: whatever a library prints here goes to standard error."""
    sys.stdout = sys.stderr
    try:
        os.dup2(2, 1)
    except OSError:
        log.debug("this process has no standard error")


def _be_nice(nice: int) -> None:
    try:
        if sys.platform == "win32":
            import psutil

            psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            os.nice(nice)
    except OSError:
        log.debug("priority could not be lowered", exc_info=True)


def dump_run(job_id: str, function: Any, request: Any, staging: Path) -> RunCommand:
    """Raises whatever pickle raises for a function or request that cannot cross the border."""
    return RunCommand(job_id, pickle.dumps((function, request, staging)))
