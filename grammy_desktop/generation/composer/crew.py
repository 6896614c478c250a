"""Two threads for the parts of a song, and a watch on the progress."""

from __future__ import annotations

import importlib
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from functools import partial
from typing import TypeVar

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.progress import Cancelled, Progress
from grammy_desktop.generation.composer.render.bodies import shared_bodies

T = TypeVar("T")
_MOST_THREADS = 2
_HEAVY_MODULES = ("scipy.fft", "scipy.ndimage", "scipy.signal")
_POLL = 0.1
"""Seconds between two looks at whether the work was cancelled."""


class Crew:
    """Threads never touch the progress, they only see whether to stop; which of them does a task changes nothing in it."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._main = threading.get_ident()
        self._stop = threading.Event()
        # Two threads that import a large package at the same time may see it half made.
        for name in _HEAVY_MODULES:
            importlib.import_module(name)
        self.hands = _threads()
        self._pool = ThreadPoolExecutor(self.hands, thread_name_prefix="composer")

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        shared_bodies().trim()

    def check(self) -> None:
        """Raise `Cancelled` when the work is to stop; from any thread."""
        if threading.get_ident() == self._main:
            self._progress.check_cancelled()
        elif self._stop.is_set():
            raise Cancelled

    def run(self, work: Sequence[Callable[[], T]], *, span: tuple[float, float], stage: str = "render") -> list[T]:
        """Do all of `work`, reporting over `span` of the progress; results in the order of `work`."""
        start, end = span
        futures = [self._pool.submit(task) for task in work]
        pending = set(futures)
        while pending:
            self._progress.check_cancelled()
            done, pending = wait(pending, timeout=_POLL, return_when=FIRST_COMPLETED)
            for future in done:
                future.result()
            self._progress.report(start + (end - start) * (1.0 - len(pending) / len(futures)), stage)
        return [future.result() for future in futures]

    def each(self, work: Callable[[Sequence[Samples]], None], groups: Iterable[Sequence[Samples]]) -> None:
        """Do `work` on every group of stems."""
        self.run([partial(work, group) for group in groups], span=(0.9, 0.99), stage="mix")


def _threads() -> int:
    """No more than there are cores for this process: two threads on one core only take the cache from each other."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(_MOST_THREADS, cores)
