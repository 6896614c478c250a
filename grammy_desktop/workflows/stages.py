"""Measures how long each stage of a job took."""

from __future__ import annotations

import time
from pathlib import Path

from grammy_desktop.core.progress import Progress


class StageClock:
    """A `Progress` that passes everything on and adds up the seconds spent in each stage."""

    def __init__(self, whole: Progress) -> None:
        self._whole = whole
        self._stage: str | None = None
        self._since = time.monotonic()
        self._seconds: dict[str, float] = {}

    def report(self, fraction: float, stage: str) -> None:
        if stage != self._stage:
            self._close()
            self._stage = stage
        self._whole.report(fraction, stage)

    def check_cancelled(self) -> None:
        self._whole.check_cancelled()

    def publish(self, kind: str, path: Path) -> None:
        self._whole.publish(kind, path)

    def seconds(self) -> dict[str, float]:
        """Seconds by stage, in the order in which the stages began."""
        self._close()
        return {stage: round(spent, 3) for stage, spent in self._seconds.items()}

    def _close(self) -> None:
        now = time.monotonic()
        if self._stage is not None:
            self._seconds[self._stage] = self._seconds.get(self._stage, 0.0) + now - self._since
        self._since = now
