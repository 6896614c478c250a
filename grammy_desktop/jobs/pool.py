"""Worker processes seen from the parent: started, kept while idle, killed."""

from __future__ import annotations

import logging
import multiprocessing
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, ClassVar

from grammy_desktop.core.errors import EnvironmentFailure
from grammy_desktop.jobs.work import Lane
from grammy_desktop.jobs.worker import CancelCommand, ImportCommand, LogCommand, RunCommand, worker_main

log = logging.getLogger(__name__)

NICE = 10
"""By how much workers lower their priority."""
_JOIN_TIMEOUT = 5.0
"""Seconds a killed process may need to be gone; SIGKILL takes milliseconds."""


class WorkerProcess:
    """One child process and the two pipes to it. ahead: those that were started before there was a pool."""

    ahead: ClassVar[list[WorkerProcess]] = []

    def __init__(self, *, nice: int, log_path: Path | None, level: int) -> None:
        context = multiprocessing.get_context("spawn")
        child_commands, self._commands = context.Pipe(duplex=False)
        self.answers, child_answers = context.Pipe(duplex=False)
        self._sending = threading.Lock()
        arguments = (child_commands, child_answers, os.getpid(), nice, log_path, level)
        self.process = context.Process(target=worker_main, args=arguments, name="grammy-worker", daemon=True)
        try:
            _start_shielded(self.process)
        except OSError as error:
            raise EnvironmentFailure(
                f"A worker process could not be started: {error.strerror}. Close other programs and try again."
            ) from error
        finally:
            # Only the child holds its ends: so each side sees the other's death as the end of the pipe.
            child_commands.close()
            child_answers.close()

    @property
    def pid(self) -> int:
        return self.process.pid or 0

    @property
    def alive(self) -> bool:
        return self.process.is_alive()

    @property
    def sentinels(self) -> list[Connection | int]:
        """What becomes ready when the worker answers or dies."""
        return [self.answers, self.process.sentinel]

    def send(self, command: RunCommand | CancelCommand | ImportCommand | LogCommand) -> bool:
        """False when the worker is gone."""
        try:
            with self._sending:
                self._commands.send(command)
        except OSError:
            return False
        return True

    def exit_code(self) -> int | None:
        """Of a worker whose pipe has ended."""
        self.process.join(_JOIN_TIMEOUT)
        return self.process.exitcode

    def kill(self) -> None:
        """Gone when this returns."""
        self.process.kill()
        self.process.join(_JOIN_TIMEOUT)
        with self._sending:
            self._commands.close()
        self.answers.close()
        if self.process.exitcode is not None:
            self.process.close()


def _start_shielded(process: SpawnProcess) -> None:
    """Starts a process that Ctrl-C cannot hit before it is ready to ignore it: the blocked signal is inherited."""
    if sys.platform == "win32":
        process.start()
        return
    # Started first, because starting the tracker would unblock the signal again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class WorkerPool:
    """Idle workers by lane. All processes are started by one thread that lives as long as the pool.

    Linux ties a child's parent-death signal to the thread that started it: a worker started from a passing supervisor
    thread would be killed when that thread ends.
    """

    def __init__(self, *, nice: int, log_path: Path | None, level: int) -> None:
        self._nice, self._log_path, self._level = nice, log_path, level
        self._lock = threading.Lock()
        self._idle: dict[Lane, list[WorkerProcess]] = {lane: [] for lane in Lane}
        self._tasks: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = queue.SimpleQueue()
        self._keeper: threading.Thread | None = None
        self._closed = False

    def take(self, lane: Lane) -> WorkerProcess:
        """An idle worker of the lane, or a new one. Raises EnvironmentFailure when none can be started."""
        # Asked on the keeper, behind what it was told before: a worker that is just being warmed up is waited for.
        worker: WorkerProcess = self._idle_worker(lane) or self._on_keeper(lambda: self._ready_worker(lane)).result()
        return worker

    def give_back(self, lane: Lane, worker: WorkerProcess) -> None:
        with self._lock:
            if not self._closed:
                self._idle[lane].append(worker)
                return
        worker.kill()

    def prewarm(self, lane: Lane, modules: Sequence[str]) -> None:
        """Has a worker of the lane import the modules ahead of time; starts one when none is idle. Returns at once."""

        def warm() -> None:
            worker = self._ready_worker(lane)
            worker.send(ImportCommand(tuple(modules)))
            self.give_back(lane, worker)

        self._on_keeper(warm)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            keeper = self._keeper
        if keeper is not None:
            self._tasks.put(None)
            keeper.join()
        with self._lock:
            idle = [worker for workers in self._idle.values() for worker in workers]
            for workers in self._idle.values():
                workers.clear()
        for worker in idle:
            worker.kill()

    def _idle_worker(self, lane: Lane) -> WorkerProcess | None:
        while True:
            with self._lock:
                worker = self._idle[lane].pop() if self._idle[lane] else None
            if worker is None or worker.alive:
                return worker
            worker.kill()

    def _ready_worker(self, lane: Lane) -> WorkerProcess:
        return self._idle_worker(lane) or self._one_ahead() or self._new_worker()

    def _new_worker(self) -> WorkerProcess:
        return WorkerProcess(nice=self._nice, log_path=self._log_path, level=self._level)

    def _one_ahead(self) -> WorkerProcess | None:
        """A worker that was started before this pool, if there is one and it is as it would have been."""
        while WorkerProcess.ahead and self._nice == NICE:
            worker = WorkerProcess.ahead.pop()
            if worker.alive and (self._log_path is None or worker.send(LogCommand(self._log_path, self._level))):
                return worker
            worker.kill()
        return None

    def _on_keeper(self, task: Callable[[], Any]) -> Future[Any]:
        future: Future[Any] = Future()
        with self._lock:
            if self._closed:
                raise EnvironmentFailure("The app is closing: no new work is started.")
            if self._keeper is None:
                self._keeper = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)
                self._keeper.start()
            self._tasks.put((task, future))
        return future

    def _keep(self) -> None:
        while (item := self._tasks.get()) is not None:
            task, future = item
            try:
                future.set_result(task())
            except EnvironmentFailure as error:
                log.warning("%s", error)
                future.set_exception(error)
            except Exception as error:
                log.exception("a worker could not be started")
                future.set_exception(error)
