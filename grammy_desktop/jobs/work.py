"""The nouns of the job queue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from grammy_desktop.core.errors import GrammyError
from grammy_desktop.core.journal import JobState
from grammy_desktop.core.progress import Progress

JobFunction = Callable[[Any, Path, Progress], Any]


class Lane(StrEnum):
    """Where a job waits. Jobs of `DATABASE` run in the app's own process, one at a time; all others in worker processes."""

    GENERATION = "generation"
    MASTERING = "mastering"
    SCORING = "scoring"
    DATABASE = "database"


@dataclass(frozen=True, kw_only=True)
class Work:
    """One job to do.

    function: a module-level function `(request, staging, progress) -> result`; it writes files into the folder `staging` only.
    request, result: anything that can be pickled. `request_json` is the request as JSON text for the journal.
    finish: runs in the app's process when the worker is done and before `staging` is removed; its value becomes the job's result.
    undo: runs once when the job ends in any other way than 'done'.
    renew: makes the Work for `retry` (for example with a new pending row); without it the same Work runs again.
    """

    kind: str
    title: str
    lane: Lane
    function: JobFunction
    request: Any
    request_json: str = "{}"
    finish: Callable[[Any], Any] | None = None
    undo: Callable[[], None] | None = None
    track_id: str | None = None
    renew: Callable[[], Work] | None = None


@dataclass(frozen=True)
class JobOutcome:
    """How a job ended. `result` where `state` is DONE, `error` where it is FAILED."""

    state: JobState
    result: Any = None
    error: GrammyError | None = None


@dataclass(frozen=True)
class JobSnapshot:
    """A job at one moment. Times are UTC in ISO 8601; `seconds_left` is None until it can be told."""

    id: str
    kind: str
    title: str
    lane: Lane
    state: JobState
    stage: str
    fraction: float
    message: str
    error: GrammyError | None
    created: str
    started: str | None
    ended: str | None
    track_id: str | None
    seconds_left: float | None
    elapsed: float
    published: dict[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class JobEvent:
    """`kind`: submitted, started, progress, published, ended or dismissed."""

    kind: str
    snapshot: JobSnapshot

    @property
    def job_id(self) -> str:
        return self.snapshot.id


class Executor(Protocol):
    """Where the supervisors of jobs run. Must be able to run as many at once as the lanes have slots."""

    def submit(self, function: Callable[[], None], /) -> object: ...
