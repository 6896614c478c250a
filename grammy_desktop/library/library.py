"""The library as the rest of the app sees it."""

from __future__ import annotations

import logging
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert

from grammy_desktop.core.errors import EnvironmentFailure, GrammyError, UserError
from grammy_desktop.core.paths import AppPaths
from grammy_desktop.core.song import Licence
from grammy_desktop.library import queries, writing
from grammy_desktop.library.clock import now
from grammy_desktop.library.database import Database
from grammy_desktop.library.facts import finished_facts, pending_track
from grammy_desktop.library.failures import disk_errors
from grammy_desktop.library.journal import LibraryJournal
from grammy_desktop.library.migrate import migrate
from grammy_desktop.library.owners import OpeningLock, Owner
from grammy_desktop.library.records import Marker, NewTrack, NewVersion, TrackRecord, VerifyReport, VersionRecord
from grammy_desktop.library.schema import markers, owners, versions
from grammy_desktop.library.search import parse_query
from grammy_desktop.library.store import AudioStore, StoredFile
from grammy_desktop.library.sweep import has_unfinished, owners_folder, sweep
from grammy_desktop.library.verify import verify

log = logging.getLogger(__name__)


class Library:
    """Songs and everything about them. Every method may be called from any thread; several processes may have one library open.

    Methods that take an id raise UserError when there is no such song; methods that write raise EnvironmentFailure when
    the disk fails.
    """

    def __init__(self, paths: AppPaths, database: Database, owner: Owner, store: AudioStore) -> None:
        self.paths = paths
        self.journal = LibraryJournal(database, owner.id)
        self._database = database
        self._owner = owner
        self._store = store

    @classmethod
    def open(cls, paths: AppPaths) -> Library:
        """Makes the folders, migrates the database, and clears away what dead processes left.

        Raises EnvironmentFailure for a disk that cannot be written, UserError for a damaged, foreign or newer database.
        """
        with disk_errors(paths.data_dir):
            for folder in (paths.data_dir, paths.audio, paths.staging, owners_folder(paths)):
                folder.mkdir(parents=True, exist_ok=True)
            with OpeningLock(paths.data_dir / "library.lock"):
                migrate(paths.database)
                database = Database(paths.database)
                owner = Owner(owners_folder(paths))
                store = AudioStore(paths.audio, paths.staging, owner.id)
                try:
                    with database.write() as connection:
                        connection.execute(insert(owners).values(id=owner.id, pid=os.getpid(), created_at=now()))
                        sweep(connection, paths, store)
                except BaseException:
                    owner.close()
                    database.close()
                    raise
        return cls(paths, database, owner, store)

    def close(self) -> None:
        """Pending songs and jobs of this library that have not ended are swept by the next opening."""
        with suppress(GrammyError), self._database.write() as connection:
            # A row that stays is swept as a dead owner's, so a failing disk harms nothing here.
            if not has_unfinished(connection, self._owner.id):
                connection.execute(delete(owners).where(owners.c.id == self._owner.id))
        self._owner.close()
        self._database.close()

    # Songs that are being made

    def add_pending(
        self,
        *,
        title: str,
        prompt: str,
        brief: dict[str, Any],
        engine: str,
        seed: int | None,
        licence: Licence,
        style: str | None = None,
    ) -> str:
        """A row with status 'pending' for a song whose job is about to be submitted; returns the track's id.

        `brief` is `Brief.to_json()`; `style` the style id, where it differs from the brief's genre.
        """
        track_id = writing.new_id()
        track = pending_track(title, prompt, brief, engine, seed, licence, style)
        with self._database.write() as connection:
            writing.insert_track(connection, track_id, track, status="pending", owner_id=self._owner.id)
        return track_id

    def complete(
        self,
        track_id: str,
        version: NewVersion,
        recipe: dict[str, Any],
        *,
        title: str | None = None,
        child: NewVersion | None = None,
    ) -> TrackRecord:
        """Takes the files in and turns the pending row into a song in one transaction. `recipe` is `Recipe.to_json()`.

        child: a version made from `version` (its master), kept or lost together with it.
        """
        with self._taking_in(version) as stored, self._taking_in(child) as childs, self._database.write() as connection:
            if queries.fetch_track(connection, track_id).status != "pending":
                raise UserError("This song was already finished.")
            facts = finished_facts(version, recipe) | ({"title": title} if title else {})
            writing.change_track(connection, track_id, status="completed", owner_id=None, **facts)
            version_id = writing.insert_version(connection, track_id, version, stored)
            if child is not None:
                writing.insert_version(connection, track_id, replace(child, parent_id=version_id), childs)
            writing.insert_recipe(connection, track_id, version_id, recipe)
        return self.track(track_id)

    def discard_pending(self, track_id: str) -> None:
        """Nothing of the pending song stays; does nothing when it is gone or finished."""
        with self._database.write() as connection:
            writing.delete_track(connection, track_id, status="pending")

    # Versions, imports and scores

    def add_version(self, track_id: str, version: NewVersion, *, recipe: dict[str, Any] | None = None) -> VersionRecord:
        with self._taking_in(version) as stored, self._database.write() as connection:
            writing.change_track(connection, track_id)
            version_id = writing.insert_version(connection, track_id, version, stored)
            if recipe is not None:
                writing.insert_recipe(connection, track_id, version_id, recipe)
        return self.version(version_id)

    def add_import(self, track: NewTrack, version: NewVersion) -> TrackRecord:
        """A song from a file, finished at once."""
        track_id = writing.new_id()
        with self._taking_in(version) as stored, self._database.write() as connection:
            writing.insert_track(connection, track_id, track, status="completed", owner_id=None)
            writing.insert_version(connection, track_id, version, stored)
        return self.track(track_id)

    def set_score(self, version_id: str, score: dict[str, Any]) -> None:
        """Replaces a version's score; `score` is the JSON of `grammy score`."""
        with self._database.write() as connection:
            writing.write_score(connection, version_id, score)

    # Reading

    def track(self, track_id: str) -> TrackRecord:
        with self._database.read() as connection:
            return queries.fetch_track(connection, track_id)

    def tracks(
        self, query: str = "", *, filter: str = "all", order: str = "newest", limit: int | None = None, offset: int = 0
    ) -> list[TrackRecord]:
        """Songs that match.

        `filter`: all, starred, recent, sellable, trash (only this one shows deleted songs).
        `order`: newest, title, score, tempo.
        `query`: words and tokens (see `library.search`). Raises UserError for a token that cannot be meant.
        """
        chosen = queries.select_tracks(parse_query(query), filter=filter, order=order, limit=limit, offset=offset)
        with self._database.read() as connection:
            return [queries.track_record(row) for row in connection.execute(chosen)]

    def count(self, query: str = "", *, filter: str = "all") -> int:
        """How many songs `tracks` would give without a limit."""
        with self._database.read() as connection:
            return queries.count_tracks(connection, parse_query(query), filter=filter)

    def versions(self, track_id: str) -> list[VersionRecord]:
        """In the order they were made."""
        with self._database.read() as connection:
            return queries.fetch_versions(connection, versions.c.track_id == track_id, self._store.path)

    def version(self, version_id: str) -> VersionRecord:
        with self._database.read() as connection:
            found = queries.fetch_versions(connection, versions.c.id == version_id, self._store.path)
        if not found:
            raise UserError(f"There is no version with the id {version_id} in the library.")
        return found[0]

    def recipe(self, track_id: str) -> dict[str, Any] | None:
        """The newest recipe: everything needed to make the song again."""
        with self._database.read() as connection:
            return queries.fetch_recipe(connection, track_id)

    def tags(self) -> list[tuple[str, int]]:
        """Every tag with its number of songs."""
        with self._database.read() as connection:
            return queries.fetch_tags(connection)

    def markers(self, track_id: str) -> list[Marker]:
        with self._database.read() as connection:
            return queries.fetch_markers(connection, track_id)

    # Changing

    def rename(self, track_id: str, title: str) -> None:
        if not title.strip():
            raise UserError("A song needs a title.")
        with self._database.write() as connection:
            writing.change_track(connection, track_id, title=title.strip())

    def star(self, track_id: str, starred: bool) -> None:
        with self._database.write() as connection:
            writing.change_track(connection, track_id, starred=starred)

    def set_tags(self, track_id: str, names: Iterable[str]) -> None:
        """Replaces a song's tags."""
        with self._database.write() as connection:
            writing.change_track(connection, track_id)
            writing.replace_tags(connection, track_id, names)

    def add_marker(self, track_id: str, position: float, name: str) -> Marker:
        """`position` in seconds."""
        marker = Marker(writing.new_id(), track_id, float(position), name)
        with self._database.write() as connection:
            writing.change_track(connection, track_id)
            connection.execute(
                insert(markers).values(
                    id=marker.id, track_id=track_id, position=marker.position, name=name, created_at=now()
                )
            )
        return marker

    def remove_marker(self, marker_id: str) -> None:
        with self._database.write() as connection:
            connection.execute(delete(markers).where(markers.c.id == marker_id))

    def delete(self, track_id: str) -> None:
        """To the trash. Raises UserError for a song that is still being made."""
        with self._database.write() as connection:
            record = queries.fetch_track(connection, track_id)
            if record.status == "pending":
                raise UserError(f"“{record.title}” is still being made. Cancel that work first.")
            if record.deleted_at is None:
                writing.change_track(connection, track_id, deleted_at=now())

    def restore(self, track_id: str) -> None:
        """Back from the trash."""
        with self._database.write() as connection:
            writing.change_track(connection, track_id, deleted_at=None)

    def purge(self, track_id: str) -> None:
        """Removes a song for good: its rows, and the audio that no other song uses."""
        with self._database.write() as connection:
            if queries.fetch_track(connection, track_id).status == "pending":
                raise UserError("This song is still being made. Cancel that work first.")
            files = writing.files_of_track(connection, track_id)
            writing.delete_track(connection, track_id, status="completed")
            writing.remove_unused_tags(connection)
        # Only after the commit: a crash here leaves files too many (swept later), never rows without files.
        self._store.remove_unreferenced(self._database, files)

    # Files and upkeep

    def file_path(self, sha256: str) -> Path:
        """The stored file with this hash. Raises UserError when there is none."""
        found = self._store.find(sha256)
        if found is None:
            raise UserError(f"There is no file {sha256} in the library.")
        return found

    def usage(self) -> int:
        """Bytes of audio, each file counted once."""
        with self._database.read() as connection:
            return writing.used_bytes(connection)

    def verify(self) -> VerifyReport:
        """Hashes every file and checks the database; slow for a big library."""
        return verify(self._database, self.paths, self._store)

    def backup(self, path: Path) -> None:
        """The database as one file (audio not included). Never half-written."""
        partial = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
        with disk_errors(path):
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._database.backup(partial)
                os.replace(partial, path)
            finally:
                partial.unlink(missing_ok=True)

    @contextmanager
    def staging_folder(self) -> Iterator[Path]:
        """A folder for work outside the job queue whose files go into the library; removed at the end, also after a crash."""
        folder = self.paths.staging / f"{self._owner.id}-{uuid.uuid4().hex}"
        with disk_errors(folder):
            folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _taking_in(self, version: NewVersion | None) -> Iterator[dict[str, StoredFile]]:
        """The version's files in the store, under claims; taken out again when the rows could not be written."""
        if version is None:
            yield {}
            return
        writing.check_version(version)
        stored = self._store.take_in(self._database, version.files)
        try:
            yield stored
        except BaseException:
            self._store.release(self._database, stored.values())
            raise
        try:
            self._store.release(self._database, stored.values())
        except EnvironmentFailure:
            # The rows are committed: the song is kept. A claim too many is swept at a later opening.
            log.warning("claims of files that were kept could not be dropped", exc_info=True)
