"""One job's changing state, always read and written under the queue's lock."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grammy_desktop.core.errors import GrammyError
from grammy_desktop.core.journal import JobState
from grammy_desktop.jobs.work import JobSnapshot, Work

log = logging.getLogger(__name__)

ESTIMATE_AFTER_SECONDS = 2.0
ESTIMATE_AFTER_FRACTION = 0.05


def now() -> str:
    """UTC in ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass(eq=False)
class Job:
    id: str
    work: Work
    created: str = field(default_factory=now)
    state: JobState = JobState.WAITING
    stage: str = ""
    fraction: float = 0.0
    message: str = ""
    error: GrammyError | None = None
    result: Any = None
    started: str | None = None
    ended: str | None = None
    started_at: float = 0.0
    ended_at: float = 0.0
    published: dict[str, Path] = field(default_factory=dict)
    cancel_asked: threading.Event = field(default_factory=threading.Event)
    cancel_time: float = 0.0
    """Monotonic seconds at which the user asked."""

    storing: bool = False
    """Set when `finish` begins: from there on the job can no longer be cancelled."""

    finished: threading.Event = field(default_factory=threading.Event)

    def elapsed(self) -> float:
        """Seconds of running so far."""
        if self.started is None:
            return 0.0
        return (self.ended_at or time.monotonic()) - self.started_at

    def seconds_left(self) -> float | None:
        """From this run's own pace; None before 2 s and 5 %."""
        elapsed = self.elapsed()
        if (
            self.state is not JobState.RUNNING
            or elapsed < ESTIMATE_AFTER_SECONDS
            or self.fraction < ESTIMATE_AFTER_FRACTION
        ):
            return None
        return elapsed * (1.0 - self.fraction) / self.fraction

    def snapshot(self) -> JobSnapshot:
        return JobSnapshot(
            id=self.id,
            kind=self.work.kind,
            title=self.work.title,
            lane=self.work.lane,
            state=self.state,
            stage=self.stage,
            fraction=self.fraction,
            message=self.message,
            error=self.error,
            created=self.created,
            started=self.started,
            ended=self.ended,
            track_id=self.work.track_id,
            seconds_left=self.seconds_left(),
            elapsed=self.elapsed(),
            published=dict(self.published),
        )


def guarded(what: str, action: Callable[[], None]) -> None:
    """Runs a side step whose failure must not keep a job from ending; a failure is logged."""
    try:
        action()
    except Exception:
        log.exception("%s failed", what)
