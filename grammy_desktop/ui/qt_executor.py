"""Supervisors of jobs on a QThreadPool of their own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QRunnable, QThreadPool

THREADS = 16
"""More than all lanes have slots: a supervisor only waits for its worker."""


class _Task(QRunnable):
    def __init__(self, function: Callable[[], None]) -> None:
        super().__init__()
        self._function = function

    def run(self) -> None:
        self._function()


class QtExecutor:
    """The `Executor` the window gives the job queue."""

    def __init__(self, parent: QObject | None = None) -> None:
        self._pool = QThreadPool(parent)
        self._pool.setMaxThreadCount(THREADS)
        self._pool.setExpiryTimeout(1_000)

    def submit(self, function: Callable[[], None], /) -> None:
        self._pool.start(_Task(function))

    def wait(self) -> None:
        """Until nothing runs any more; call after the queue was closed."""
        self._pool.waitForDone()
