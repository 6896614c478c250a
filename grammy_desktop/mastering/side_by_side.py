"""A few tasks at a time in threads, for work that leaves Python's lock (encoders, filters); one progress for all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TypeVar

from grammy_desktop.core.progress import Cancelled, Progress

T = TypeVar("T")
_LOOK = 0.1
"""Seconds between two looks at the whole's cancel."""


class _Share:
    """The progress of one task: remembers its fraction, hears of the stop; only the main thread talks to the whole."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self.fraction = 0.0

    def report(self, fraction: float, stage: str) -> None:
        self.fraction = min(1.0, max(0.0, fraction))
        self.check_cancelled()

    def check_cancelled(self) -> None:
        if self._stop.is_set():
            raise Cancelled

    def publish(self, kind: str, path: Path) -> None:
        return None


def side_by_side(tasks: Sequence[Callable[[Progress], T]], *, workers: int, progress: Progress) -> list[T]:
    """The tasks' results in order. The first failure (or a cancel of `progress`) stops the others and is raised."""
    stop = threading.Event()
    shares = [_Share(stop) for _ in tasks]
    with ThreadPoolExecutor(max_workers=max(1, workers), thread_name_prefix="side") as pool:
        futures: list[Future[T]] = [pool.submit(task, share) for task, share in zip(tasks, shares, strict=True)]
        try:
            waiting = set(futures)
            while waiting:
                done, waiting = wait(waiting, timeout=_LOOK, return_when=FIRST_EXCEPTION)
                for future in done:
                    future.result()
                progress.report(sum(share.fraction for share in shares) / len(shares), "measure")
                progress.check_cancelled()
        except BaseException:
            stop.set()
            for future in futures:
                future.cancel()
            raise
    return [future.result() for future in futures]
