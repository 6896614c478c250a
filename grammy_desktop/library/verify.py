"""Checks that what the rows promise is on the disk, and that nothing else is."""

from __future__ import annotations

from sqlalchemy import Connection, select

from grammy_desktop.core.journal import JobState
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.library.database import Database
from grammy_desktop.library.records import VerifyReport
from grammy_desktop.library.schema import jobs, tracks, version_files, versions
from grammy_desktop.library.store import AudioStore, hash_file
from grammy_desktop.library.sweep import living_owners, staging_leftovers, unreferenced_files


def verify(database: Database, paths: AppPaths, store: AudioStore) -> VerifyReport:
    """Reads every file; takes as long as the disk needs. The library may be used and changed meanwhile."""
    names = list(store.names())
    with database.read() as connection:
        named = {row.sha256 + row.suffix: row.sha256 for row in connection.execute(select(version_files))}
    verdicts = {name: _verdict(store, name, sha256) for name, sha256 in named.items()}
    with database.read() as connection:
        problems = [*_database_problems(connection), *_pending_problems(connection, paths)]
        problems += _file_problems(connection, store, verdicts)
        strangers = unreferenced_files(connection, names)
        leftovers = staging_leftovers(connection, paths)
    problems += [f"{store.path(name)} belongs to no song" for name in strangers if store.path(name).exists()]
    problems += [f"{entry} was left behind by work that has ended" for entry in leftovers if entry.exists()]
    return VerifyReport(tuple(problems), len(verdicts))


def _database_problems(connection: Connection) -> list[str]:
    integrity = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check")]
    problems = [f"database: {message}" for message in integrity if message != "ok"]
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return problems + [f"database: a row of {row[0]} points to a missing row of {row[2]}" for row in broken]


def _pending_problems(connection: Connection, paths: AppPaths) -> list[str]:
    living = living_owners(connection, paths)
    problems = []
    for track in connection.execute(
        select(tracks.c.id, tracks.c.title, tracks.c.owner_id).where(tracks.c.status == "pending")
    ):
        states = connection.execute(select(jobs.c.state).where(jobs.c.track_id == track.id)).scalars().all()
        # Between the pending row and its job there is a moment without a job: only a dead owner makes that a problem.
        if track.owner_id not in living or (states and all(JobState(state).ended for state in states)):
            problems.append(f"song {track.title!r} ({track.id}) is pending, but no work for it is running")
    return problems


def _file_problems(connection: Connection, store: AudioStore, verdicts: dict[str, str | None]) -> list[str]:
    named = (
        select(version_files, tracks.c.title)
        .join(versions, versions.c.id == version_files.c.version_id)
        .join(tracks, tracks.c.id == versions.c.track_id)
    )
    problems = []
    for row in connection.execute(named):
        verdict = verdicts.get(row.sha256 + row.suffix)
        if verdict is not None:
            problems.append(f"{row.role} of {row.title!r}: {store.path(row.sha256 + row.suffix)} {verdict}")
    return problems


def _verdict(store: AudioStore, name: str, sha256: str) -> str | None:
    try:
        return None if hash_file(store.path(name)) == sha256 else "is damaged: its content changed"
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
