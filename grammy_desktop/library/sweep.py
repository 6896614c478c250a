"""Clears away what dead processes left behind, and nothing of the living. Runs at every opening, inside the one write lock."""

from __future__ import annotations

import logging
import shutil
import time
from pathlib import Path

from sqlalchemy import Connection, delete, select, update

from grammy_desktop.core.journal import JobState
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.library.clock import now
from grammy_desktop.library.owners import is_alive
from grammy_desktop.library.schema import claims, jobs, owners, prompts, tracks, version_files
from grammy_desktop.library.store import AudioStore

log = logging.getLogger(__name__)

INTERRUPTED_MESSAGE = "The app stopped before this was done. Nothing was kept half-written; start it again."
_LIVE = (JobState.WAITING.value, JobState.RUNNING.value)
_STRAY_LOCK_AGE = 3600.0
"""Seconds after which a lock file that no row names is a leftover and not one being made."""


def owners_folder(paths: AppPaths) -> Path:
    return paths.data_dir / "owners"


def sweep(connection: Connection, paths: AppPaths, store: AudioStore) -> None:
    """Ends the jobs of dead owners as interrupted; removes their pending tracks, claims, staging and unreferenced files."""
    living = living_owners(connection, paths)
    dead = set(connection.execute(select(owners.c.id)).scalars()) - living
    connection.execute(
        update(jobs)
        .where(jobs.c.owner_id.not_in(living), jobs.c.state.in_(_LIVE))
        .values(state=JobState.INTERRUPTED.value, message=INTERRUPTED_MESSAGE, ended_at=now())
    )
    abandoned = tracks.c.status == "pending", tracks.c.owner_id.not_in(living)
    prompt_ids = list(connection.execute(select(tracks.c.prompt_id).where(*abandoned)).scalars())
    connection.execute(delete(tracks).where(*abandoned))
    connection.execute(delete(prompts).where(prompts.c.id.in_(prompt_ids)))
    connection.execute(delete(claims).where(claims.c.owner_id.not_in(living)))
    if dead:
        # Listing a big store takes time: only a process that died can have left files too many.
        for name in unreferenced_files(connection, list(store.names())):
            _unlink(store.path(name))
    connection.execute(delete(owners).where(owners.c.id.not_in(living)))
    for entry in staging_leftovers(connection, paths):
        _remove(entry)
    for owner_id in dead:
        _unlink(owners_folder(paths) / f"{owner_id}.lock")
    _sweep_stray_locks(connection, paths)


def living_owners(connection: Connection, paths: AppPaths) -> set[str]:
    return {
        owner_id
        for owner_id in connection.execute(select(owners.c.id)).scalars()
        if is_alive(owners_folder(paths), owner_id)
    }


def unreferenced_files(connection: Connection, names: list[str]) -> list[str]:
    """Those of the names that neither a version nor a claim knows."""
    known = {
        row.sha256 + row.suffix for row in connection.execute(select(version_files.c.sha256, version_files.c.suffix))
    }
    known.update(connection.execute(select(claims.c.name)).scalars())
    return [name for name in names if name not in known]


def staging_leftovers(connection: Connection, paths: AppPaths) -> list[Path]:
    """Entries of the staging folder that belong to no live job and no living owner."""
    entries = sorted(paths.staging.iterdir()) if paths.staging.is_dir() else []
    if not entries:
        return []
    living = living_owners(connection, paths)
    live_jobs = select(jobs.c.id).where(jobs.c.state.in_(_LIVE), jobs.c.owner_id.in_(living))
    running = set(connection.execute(live_jobs).scalars())
    # An owner's own staging entries carry its id in front.
    return [entry for entry in entries if entry.name not in running and entry.name.partition("-")[0] not in living]


def has_unfinished(connection: Connection, owner_id: str) -> bool:
    """Whether an owner that goes now leaves something to sweep."""
    leftovers = (
        select(tracks.c.id).where(tracks.c.owner_id == owner_id, tracks.c.status == "pending"),
        select(jobs.c.id).where(jobs.c.owner_id == owner_id, jobs.c.state.in_(_LIVE)),
        select(claims.c.name).where(claims.c.owner_id == owner_id),
    )
    return any(connection.execute(query.limit(1)).first() is not None for query in leftovers)


def _sweep_stray_locks(connection: Connection, paths: AppPaths) -> None:
    known = {row.id for row in connection.execute(select(owners.c.id))}
    for lock in owners_folder(paths).glob("*.lock"):
        if lock.stem in known or is_alive(owners_folder(paths), lock.stem):
            continue
        try:
            old = time.time() - lock.stat().st_mtime > _STRAY_LOCK_AGE
        except FileNotFoundError:
            continue
        if old:
            _unlink(lock)


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        log.warning("%s could not be removed: %s", path, error)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        _unlink(path)
