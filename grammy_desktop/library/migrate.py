"""Brings a database file to today's schema: each step in one transaction, after a backup of what was there."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from grammy_desktop.core.errors import BugError, UserError
from grammy_desktop.library.database import BUSY_TIMEOUT_MS, copy_database
from grammy_desktop.library.failures import database_errors, disk_errors
from grammy_desktop.library.migrations import MIGRATIONS, Migration

log = logging.getLogger(__name__)

APPLICATION_ID = 0x47524D59
"""'GRMY' in the file's header: tells our file from any other SQLite database."""


def migrate(path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """Creates or upgrades the database at `path`; returns its schema version.

    Raises UserError for a file that is no library of ours, is damaged, or was made by a newer version; it is left as it was.
    """
    with database_errors(path):
        connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_TIMEOUT_MS / 1000)
        try:
            version = _check(connection, path, len(migrations))
            if version < len(migrations):
                if version > 0:
                    _back_up(connection, path, version)
                for number in range(version + 1, len(migrations) + 1):
                    _step(connection, number, migrations[number - 1])
            connection.execute("PRAGMA journal_mode = WAL")
            return len(migrations)
        finally:
            connection.close()


def _check(connection: sqlite3.Connection, path: Path, newest: int) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    application = int(connection.execute("PRAGMA application_id").fetchone()[0])
    tables = int(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    if tables and application != APPLICATION_ID:
        raise UserError(
            f"{path} is a database of another program, not a Grammy library. Move it away and start again.",
            file=str(path),
        )
    if version > newest:
        raise UserError(
            f"This library was made by a newer version of Grammy Desktop (its version is {version}, this app knows "
            f"{newest}). Update the app.",
            file=str(path),
        )
    return version


def _back_up(connection: sqlite3.Connection, path: Path, version: int) -> Path:
    folder = path.parent / "backups"
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    target = folder / f"{path.stem}-v{version}-{stamp}.sqlite3"
    partial = target.with_suffix(".part")
    with disk_errors(target):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            copy_database(connection, partial)
            os.replace(partial, target)
        finally:
            partial.unlink(missing_ok=True)
    log.info("library version %d backed up to %s", version, target)
    return target


def _step(connection: sqlite3.Connection, number: int, migration: Migration) -> None:
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN IMMEDIATE")
    try:
        migration(connection)
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise BugError(
                "The library could not be upgraded. It was left as it was.", details=f"migration {number}: {broken[:5]}"
            )
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    log.info("library schema is now version %d", number)
