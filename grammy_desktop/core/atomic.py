"""Files that are either whole or not there: written beside their place, flushed to disk, renamed."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from grammy_desktop.core.errors import EnvironmentFailure, GrammyError, UserError

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the disk takes no file of this size",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "this folder may not be written to",
    errno.EPERM: "this folder may not be written to",
    errno.EIO: "the disk reports an error",
    errno.ENAMETOOLONG: "the name is too long for this disk",
}


@contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """Hand out a temporary name beside `path` (same suffix); rename it to `path` when the block ends well.

    The file reaches the disk (fsync) before it takes its name, so that a power cut leaves the old file or the new one.
    When the block raises, the temporary file is removed and `path` is untouched.
    Raises UserError when the folder does not exist or `path` is a folder, EnvironmentFailure for any other OSError
    (disk full, read-only). A `GrammyError` or `Cancelled` from the block passes through.
    """
    path = Path(path)
    _check_place(path)
    # The own name is cut so that a name near the 255-byte limit still has room for the random part.
    temporary = path.with_name(f".{path.stem[:40]}-{secrets.token_hex(4)}.part{path.suffix}")
    try:
        yield temporary
        _flush(temporary)
        os.replace(temporary, path)
        _flush_folder(path.parent)
    except GrammyError:
        raise
    except OSError as error:
        raise write_failure(path, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_failure(path: Path, error: OSError) -> EnvironmentFailure:
    """The sentence for an OSError met while writing `path`."""
    reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
    return EnvironmentFailure(f"“{path.name}” could not be written: {reason} ({path.parent}).", file=str(path))


def _check_place(path: Path) -> None:
    try:
        if path.is_dir():
            raise UserError(f"“{path.name}” is a folder; give a file name to write to.", file=str(path))
        if not path.parent.is_dir():
            raise UserError(
                f"“{path.name}” cannot be written: the folder {path.parent} does not exist.", file=str(path)
            )
    except OSError as error:
        raise write_failure(path, error) from error


def _flush(path: Path) -> None:
    # Windows flushes only handles that are open for writing.
    with path.open("rb+") as handle:
        os.fsync(handle.fileno())


def _flush_folder(folder: Path) -> None:
    """Make the rename itself durable where folders can be opened (not on Windows, not on every network disk)."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
