"""The job queue's journal in the library's database. Implements `core.journal.Journal`."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, insert, select, update

from grammy_desktop.core.journal import JobEntry, JobState
from grammy_desktop.library.clock import now
from grammy_desktop.library.database import Database
from grammy_desktop.library.schema import jobs, tracks


class LibraryJournal:
    """Every method is committed when it returns. Jobs belong to the open library that journals them."""

    def __init__(self, database: Database, owner_id: str) -> None:
        self._database = database
        self._owner_id = owner_id

    def submitted(self, entry: JobEntry) -> None:
        # The song may be gone when old work is tried again.
        known = select(tracks.c.id).where(tracks.c.id == entry.track_id).scalar_subquery()
        with self._database.write() as connection:
            connection.execute(
                insert(jobs).values(
                    id=entry.id,
                    owner_id=self._owner_id,
                    kind=entry.kind,
                    title=entry.title,
                    lane=entry.lane,
                    state=entry.state.value,
                    stage=entry.stage,
                    fraction=entry.fraction,
                    request=entry.request,
                    message=entry.message,
                    track_id=known,
                    created_at=entry.created_at,
                    ended_at=entry.ended_at,
                )
            )

    def started(self, job_id: str) -> None:
        self._change(job_id, state=JobState.RUNNING.value, started_at=now())

    def stage(self, job_id: str, stage: str, fraction: float) -> None:
        self._change(job_id, stage=stage, fraction=fraction)

    def ended(self, job_id: str, state: JobState, message: str) -> None:
        self._change(job_id, state=state.value, message=message, ended_at=now())

    def entries(self, limit: int = 100) -> list[JobEntry]:
        return self._entries(limit, tuple(JobState))

    def interrupted(self, limit: int = 100) -> list[JobEntry]:
        """What a crash cut short and nobody has resumed or forgotten yet; newest first."""
        return self._entries(limit, (JobState.INTERRUPTED,))

    def forget(self, job_id: str) -> None:
        """Removes an ended job from the journal (it was resumed, or the user does not want it)."""
        ended = [state.value for state in JobState if state.ended]
        with self._database.write() as connection:
            connection.execute(delete(jobs).where(jobs.c.id == job_id, jobs.c.state.in_(ended)))

    def _change(self, job_id: str, **values: str | float) -> None:
        with self._database.write() as connection:
            connection.execute(update(jobs).where(jobs.c.id == job_id).values(**values))

    def _entries(self, limit: int, states: Iterable[JobState]) -> list[JobEntry]:
        wanted = select(jobs).where(jobs.c.state.in_([state.value for state in states]))
        with self._database.read() as connection:
            rows = connection.execute(wanted.order_by(jobs.c.number.desc()).limit(limit)).all()
        return [
            JobEntry(
                id=row.id,
                kind=row.kind,
                title=row.title,
                lane=row.lane,
                state=JobState(row.state),
                stage=row.stage,
                fraction=row.fraction,
                request=row.request,
                message=row.message,
                track_id=row.track_id,
                created_at=row.created_at,
                ended_at=row.ended_at,
            )
            for row in rows
        ]
