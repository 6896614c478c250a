"""What a take's card shows, as data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from grammy_desktop.core.journal import JobState
from grammy_desktop.jobs import JobSnapshot
from grammy_desktop.library import TrackRecord, VersionRecord
from grammy_desktop.ui.formats import NBSP, NOTHING, duration_words, length
from grammy_desktop.ui.stages import stage_words


class TakeState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True)
class TakeItem:
    """`number` is the key that auditions it. `details` holds the envelope of what would be heard."""

    number: int
    title: str
    line: str
    state: TakeState
    track_id: str | None = None
    job_id: str | None = None
    fraction: float = 0.0
    starred: bool = False
    details: dict[str, Any] | None = None

    def numbered(self, number: int) -> TakeItem:
        return replace(self, number=number)


def score_words(score: dict[str, Any] | None) -> str:
    """'Meter 71 ±9'; 'No score' where none was given."""
    overall = (score or {}).get("overall_score")
    if overall is None:
        return "No score"
    band = (score or {}).get("band")
    return f"Meter {round(overall)}" + (f" ±{round(band)}" if band is not None else "")


def ready_item(track: TrackRecord, versions: list[VersionRecord]) -> TakeItem:
    """A finished take: its newest scored version speaks for it."""
    scored = next((v for v in reversed(versions) if v.score), None)
    pictured = next((v for v in reversed(versions) if v.details.get("envelope")), None)
    seed = f"seed {track.seed}" if track.seed is not None else track.engine
    return TakeItem(
        number=0,
        title=score_words(scored.score if scored is not None else None),
        line=f"{length(track.duration)} · {seed}",
        state=TakeState.READY,
        track_id=track.id,
        starred=track.starred,
        details=pictured.details if pictured is not None else None,
    )


def job_item(snapshot: JobSnapshot, seed: int | None) -> TakeItem:
    """A take that waits, runs or failed."""
    told = f"seed {seed}" if seed is not None else NOTHING
    state = {JobState.WAITING: TakeState.WAITING, JobState.RUNNING: TakeState.RUNNING}.get(
        snapshot.state, TakeState.FAILED
    )
    title, line = "Waiting", told
    if state is TakeState.RUNNING:
        title, line = stage_words(snapshot.stage), f"{round(snapshot.fraction * 100)}{NBSP}%"
        if snapshot.seconds_left is not None:
            line += f" · {duration_words(snapshot.seconds_left)} left"
    elif state is TakeState.FAILED:
        title, line = "This take failed", snapshot.message or "It was interrupted."
    return TakeItem(0, title, line, state, snapshot.track_id, snapshot.id, snapshot.fraction)


def restyle_item(snapshot: JobSnapshot) -> TakeItem:
    """A song that is made of another recording; it is named, because it is no take of the prompt."""
    item = job_item(snapshot, None)
    if item.state is TakeState.FAILED:
        return replace(item, title="The restyle failed")
    line = "Waiting"
    if item.state is TakeState.RUNNING:
        line = f"{round(snapshot.fraction * 100)}{NBSP}% · {stage_words(snapshot.stage)}"
    return replace(item, title=snapshot.title, line=line)


def change_item(item: TakeItem, snapshot: JobSnapshot) -> TakeItem:
    """A finished take that is being changed."""
    return replace(item, line=f"Changing · {round(snapshot.fraction * 100)}{NBSP}%", fraction=snapshot.fraction)
