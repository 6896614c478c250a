"""Content-addressed audio: a file is named by the SHA-256 of its bytes, so equal files are kept once and a damaged one is found.

A file gets its final name only when every byte is on the disk. Before that its name is claimed in the database, so that
another process which sweeps at the same moment leaves it alone; the claim ends when the rows are committed (see `sweep`).
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select

from grammy_desktop.core.errors import UserError
from grammy_desktop.library.database import Database
from grammy_desktop.library.failures import disk_errors
from grammy_desktop.library.schema import claims, version_files

log = logging.getLogger(__name__)

_BLOCK = 1 << 20


@dataclass(frozen=True)
class StoredFile:
    sha256: str
    suffix: str
    bytes: int

    @property
    def name(self) -> str:
        return self.sha256 + self.suffix


class AudioStore:
    """The folder `audio/`. `owner_id` is the open library that takes files in."""

    def __init__(self, root: Path, staging: Path, owner_id: str) -> None:
        self._root = root
        self._staging = staging
        self._owner_id = owner_id
        self._in_flight: Counter[str] = Counter()
        """How many `take_in` of this process hold a name; changed only under the database's write lock."""

    def path(self, name: str) -> Path:
        """Where the file of this name (hash and suffix) lies or would lie."""
        return self._root / name[:2] / name

    def find(self, sha256: str) -> Path | None:
        return next((path for path in (self._root / sha256[:2]).glob(f"{sha256}*") if path.is_file()), None)

    def names(self) -> Iterator[str]:
        """Every file in the store, also those that do not belong there."""
        with disk_errors(self._root):
            for folder in sorted(self._root.iterdir()):
                if folder.is_dir():
                    yield from sorted(entry.name for entry in folder.iterdir())

    def take_in(self, database: Database, files: Mapping[str, Path]) -> dict[str, StoredFile]:
        """Brings files in under claims, and returns them by role. Files in staging are moved, all others copied.

        Raises UserError for a missing file, EnvironmentFailure for a failing disk.
        """
        stored = {role: _measure(path) for role, path in files.items()}
        with database.write() as connection:
            for name in {file.name for file in stored.values()}:
                self._claim(connection, name)
                self._in_flight[name] += 1
        try:
            for role, source in files.items():
                self._place(source, self.path(stored[role].name))
        except BaseException:
            self.release(database, stored.values())
            raise
        return stored

    def release(self, database: Database, stored: Iterable[StoredFile]) -> None:
        """Ends one `take_in`: its claims go, and with them the files that no row names."""
        with database.write() as connection:
            for name in {file.name for file in stored}:
                self._in_flight[name] -= 1
                # Another thread may be bringing in the same content at this moment.
                if self._in_flight[name] <= 0:
                    del self._in_flight[name]
                    mine = claims.c.name == name, claims.c.owner_id == self._owner_id
                    connection.execute(delete(claims).where(*mine))
                    self._remove_if_unreferenced(connection, name)

    def remove_unreferenced(self, database: Database, stored: Iterable[StoredFile]) -> None:
        """Removes those of the files that no version and no claim names any more."""
        with database.write() as connection:
            for name in {file.name for file in stored}:
                self._remove_if_unreferenced(connection, name)

    def _claim(self, connection: Connection, name: str) -> None:
        connection.execute(insert(claims).prefix_with("OR IGNORE").values(name=name, owner_id=self._owner_id))

    def _remove_if_unreferenced(self, connection: Connection, name: str) -> None:
        if is_referenced(connection, name):
            return
        try:
            self.path(name).unlink(missing_ok=True)
        except OSError as error:
            # Windows removes no file that somebody plays. The claim has it swept at a later opening.
            log.warning("%s could not be removed: %s", self.path(name), error)
            self._claim(connection, name)

    def _place(self, source: Path, target: Path) -> None:
        with disk_errors(target):
            movable = source.resolve().is_relative_to(self._staging.resolve())
            if target.exists():
                if movable:
                    source.unlink(missing_ok=True)
                return
            target.parent.mkdir(exist_ok=True)
            if not movable:
                source = self._copy_to_staging(source)
            _sync(source)
            os.replace(source, target)
            _sync_folder(target.parent)

    def _copy_to_staging(self, source: Path) -> Path:
        copy = self._staging / f"{self._owner_id}-{uuid.uuid4().hex}"
        try:
            shutil.copyfile(source, copy)
        except OSError:
            copy.unlink(missing_ok=True)
            raise
        return copy


def is_referenced(connection: Connection, name: str) -> bool:
    sha, dot, rest = name.partition(".")
    in_versions = select(version_files.c.role).where(
        version_files.c.sha256 == sha, version_files.c.suffix == dot + rest
    )
    in_claims = select(claims.c.name).where(claims.c.name == name)
    return any(connection.execute(query.limit(1)).first() for query in (in_versions, in_claims))


def hash_file(path: Path) -> str:
    """SHA-256 in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _measure(path: Path) -> StoredFile:
    if not path.is_file():
        raise UserError(f"{path} does not exist or is not a file.", file=str(path))
    with disk_errors(path):
        suffix = path.suffix.lower()
        return StoredFile(hash_file(path), suffix if suffix[1:].isalnum() else "", path.stat().st_size)


def _sync(path: Path) -> None:
    with path.open("r+b") as stream:
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    """Makes a rename durable; Windows has no such call and needs none."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
