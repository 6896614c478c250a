"""`Progress` for jobs that run in the app's own process (the database lane)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from grammy_desktop.core.progress import Cancelled


class InProcessProgress:
    def __init__(
        self,
        cancelled: threading.Event,
        *,
        on_report: Callable[[float, str], None],
        on_publish: Callable[[str, Path], None],
    ) -> None:
        self._cancelled = cancelled
        self._on_report = on_report
        self._on_publish = on_publish

    def report(self, fraction: float, stage: str) -> None:
        self.check_cancelled()
        self._on_report(fraction, stage)

    def check_cancelled(self) -> None:
        if self._cancelled.is_set():
            raise Cancelled

    def publish(self, kind: str, path: Path) -> None:
        self._on_publish(kind, path)
