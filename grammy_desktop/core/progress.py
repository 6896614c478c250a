"""How long work reports and how it is told to stop."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, runtime_checkable


class Cancelled(Exception):
    """The user asked for this work to stop. Not an error."""


@runtime_checkable
class Progress(Protocol):
    """What every job function is handed."""

    def report(self, fraction: float, stage: str) -> None:
        """Say that `fraction` (0 to 1) of the work is done and that `stage` is running.

        `stage` is one of `enhance, compose, perform, render, mix, master, score, store`, or another short word.
        Raises `Cancelled` when the work has been cancelled.
        """

    def check_cancelled(self) -> None:
        """Raise `Cancelled` when the work has been cancelled. Cheap: call it often."""

    def publish(self, kind: str, path: Path) -> None:
        """Hand over something that is ready before the work is done (`kind` 'mix': a WAV that may be played)."""


class NoProgress:
    """Progress that nobody watches; never cancelled."""

    def report(self, fraction: float, stage: str) -> None:
        return None

    def check_cancelled(self) -> None:
        return None

    def publish(self, kind: str, path: Path) -> None:
        return None


class PartOfProgress:
    """Maps a sub-task's 0..1 onto `start..end` of `whole`; with `stage`, the sub-task's own stage names are replaced."""

    def __init__(self, whole: Progress, start: float, end: float, stage: str | None = None) -> None:
        self._whole = whole
        self._start = start
        self._span = end - start
        self._stage = stage

    def report(self, fraction: float, stage: str) -> None:
        self._whole.report(self._start + self._span * min(1.0, max(0.0, fraction)), self._stage or stage)

    def check_cancelled(self) -> None:
        self._whole.check_cancelled()

    def publish(self, kind: str, path: Path) -> None:
        self._whole.publish(kind, path)
