"""What the job queue writes down so that a crash forgets nothing. `library` implements it; `jobs` only knows this."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"

    @property
    def ended(self) -> bool:
        return self not in (JobState.WAITING, JobState.RUNNING)


@dataclass(frozen=True)
class JobEntry:
    """One journalled job. Times are UTC in ISO 8601; `request` is JSON text that can start the job again."""

    id: str
    kind: str
    title: str
    lane: str
    state: JobState
    stage: str
    fraction: float
    request: str
    message: str
    track_id: str | None
    created_at: str
    ended_at: str | None


class Journal(Protocol):
    """Every method is durable when it returns."""

    def submitted(self, entry: JobEntry) -> None: ...

    def started(self, job_id: str) -> None: ...

    def stage(self, job_id: str, stage: str, fraction: float) -> None: ...

    def ended(self, job_id: str, state: JobState, message: str) -> None: ...

    def entries(self, limit: int = 100) -> list[JobEntry]:
        """Newest first."""
        ...
