"""One SQLite file, many threads and processes: any number of readers, one writer at a time."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, create_engine, event

from grammy_desktop.library.failures import database_errors

BUSY_TIMEOUT_MS = 15_000
"""How long a write waits for another process's write."""


class Database:
    """`read()` and `write()` give a connection inside a transaction that commits at the end and rolls back on any error."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer = threading.RLock()
        self._engine = create_engine(
            URL.create("sqlite", database=str(path)), connect_args={"check_same_thread": False}
        )
        event.listen(self._engine, "connect", _prepare_connection)
        event.listen(self._engine, "begin", _begin)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view of the database."""
        with database_errors(self.path), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """The one writer: takes SQLite's write lock at once, so that what was read stays true until the commit."""
        with self._writer, database_errors(self.path), self._engine.connect() as plain:
            connection = plain.execution_options(grammy_begin="BEGIN IMMEDIATE")
            with connection.begin():
                yield connection

    def backup(self, target: Path) -> None:
        """Copies everything committed to `target` through SQLite's backup API."""
        with database_errors(self.path), self._engine.connect() as connection:
            source = connection.connection.driver_connection
            assert isinstance(source, sqlite3.Connection)
            copy_database(source, target)

    def close(self) -> None:
        self._engine.dispose()


def copy_database(source: sqlite3.Connection, target: Path) -> None:
    """One file without a WAL beside it. A file copy would lose what still lies in the WAL."""
    copy = sqlite3.connect(target)
    try:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    finally:
        copy.close()


def _prepare_connection(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, or the driver would begin too late
    for pragma in ("foreign_keys = ON", "synchronous = NORMAL", f"busy_timeout = {BUSY_TIMEOUT_MS}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("grammy_begin", "BEGIN"))
