"""A journal in memory, an ear for events, and a short way to make work."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from grammy_desktop.core.journal import JobEntry, JobState
from grammy_desktop.jobs import JobEvent, JobQueue, Lane, Work


class MemoryJournal:
    """The journal protocol in memory; counts the endings of every job."""

    def __init__(self) -> None:
        self.jobs: dict[str, JobEntry] = {}
        self.started_ids: list[str] = []
        self.stages: list[tuple[str, str]] = []
        self.endings: Counter[str] = Counter()
        self.states: dict[str, JobState] = {}

    def submitted(self, entry: JobEntry) -> None:
        self.jobs[entry.id] = entry

    def started(self, job_id: str) -> None:
        self.started_ids.append(job_id)

    def stage(self, job_id: str, stage: str, fraction: float) -> None:
        self.stages.append((job_id, stage))

    def ended(self, job_id: str, state: JobState, message: str) -> None:
        self.endings[job_id] += 1
        self.states[job_id] = state

    def entries(self, limit: int = 100) -> list[JobEntry]:
        return list(self.jobs.values())[-limit:][::-1]


class Watch:
    """Waits for events of a queue without sleeping."""

    def __init__(self, queue: JobQueue) -> None:
        self.events: list[JobEvent] = []
        self._changed = threading.Condition()
        queue.subscribe(self._hear)

    def _hear(self, event: JobEvent) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def until(self, condition: Callable[[JobEvent], bool], timeout: float = 15.0) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: any(condition(event) for event in self.events), timeout), self.events

    def until_stage(self, job_id: str, stage: str = "go") -> None:
        self.until(lambda event: event.job_id == job_id and event.snapshot.stage == stage)


def make_work(function: Callable[..., Any], request: Any = None, **changes: Any) -> Work:
    values: dict[str, Any] = {"kind": "test", "title": function.__name__, "lane": Lane.GENERATION}
    return Work(function=function, request=request, **(values | changes))
