"""What the operating system and SQLite complain about, in one sentence for the user."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from grammy_desktop.core.errors import EnvironmentFailure, GrammyError, UserError


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turns an OSError into an EnvironmentFailure that names the file."""
    try:
        yield
    except OSError as error:
        raise disk_failure(error, path) from error


def disk_failure(error: OSError, path: Path) -> EnvironmentFailure:
    where = Path(error.filename) if isinstance(error.filename, str) else path
    if error.errno == errno.ENOSPC:
        text = f"The disk is full: {where} could not be written. Free some space and try again."
    elif error.errno == errno.EDQUOT:
        text = f"Your disk quota is used up: {where} could not be written. Free some space and try again."
    elif error.errno == errno.EROFS:
        text = f"{where} is on a read-only disk. Choose another folder for your library."
    elif error.errno in (errno.EACCES, errno.EPERM):
        text = f"{where} may not be written. Check the folder's permissions or choose another one."
    elif error.errno == errno.ENOTDIR:
        text = f"{where} is not in a folder: a file stands in the way. Choose another folder for your library."
    else:
        text = f"{where} could not be used: {error.strerror or error}."
    return EnvironmentFailure(text, file=str(where))


@contextmanager
def database_errors(path: Path) -> Iterator[None]:
    """Turns what SQLite raises for a bad file or disk into the three kinds of errors; leaves our own bugs alone."""
    try:
        yield
    except DBAPIError as error:
        named = _database_failure(error.orig, path)
        if named is None:
            raise
        raise named from error
    except sqlite3.Error as error:
        named = _database_failure(error, path)
        if named is None:
            raise
        raise named from error


def _database_failure(error: BaseException | None, path: Path) -> GrammyError | None:
    name = getattr(error, "sqlite_errorname", "") or ""
    file = str(path)
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return UserError(
            f"The library file {path} is damaged or not a Grammy library. It was left as it is: "
            "move it away or put a backup in its place.",
            file=file,
        )
    if name.startswith("SQLITE_FULL"):
        return EnvironmentFailure(
            "The disk is full: the library could not be written. Free some space and try again.", file=file
        )
    if name.startswith(("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH")):
        return EnvironmentFailure(f"The library file {path} may not be written. Check its permissions.", file=file)
    if name.startswith("SQLITE_CANTOPEN"):
        return EnvironmentFailure(
            f"The library file {path} could not be opened. Check that its folder exists and may be written.", file=file
        )
    if name.startswith("SQLITE_IOERR"):
        return EnvironmentFailure(f"The disk failed while the library file {path} was in use ({name}).", file=file)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return EnvironmentFailure(
            "The library is busy: another program holds it. Close that program and try again.", file=file
        )
    return None
