"""Files that are either whole or not there: written beside their place, flushed to disk, renamed."""

from __future__ import annotations

import errno
import os
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from grammy_desktop.core.errors import GrammyError, UserError, WriteFailure

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

FREE_SPACE = "free some space and try again"
_ADVICE = dict.fromkeys((errno.ENOSPC, errno.EDQUOT), FREE_SPACE)


@contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """Hand out a temporary name beside `path` (same suffix); rename it to `path` when the block ends well.

    The file reaches the disk (fsync) before it takes its name, so that a power cut leaves the old file or the new one.
    When the block raises, the temporary file is removed and `path` is untouched.
    Raises UserError when the folder does not exist or `path` is a folder, EnvironmentFailure for any other OSError
    (disk full, read-only). A `GrammyError` or `Cancelled` from the block passes through.
    """
    path = Path(path)
    with _beside(path) as temporary:
        yield temporary
        _flush(temporary)
        os.replace(temporary, path)
        _flush_folder(path.parent)


def write_new(path: Path, write: Callable[[Path], object]) -> Path:
    """As `atomic_file`, but no file is ever replaced: where `path` is taken, “path 2”, “path 3”... Returns the name it got.

    write: is called once with the temporary name. Two programs that write at the same moment get different names.
    """
    path = Path(path)
    with _beside(path) as temporary:
        write(temporary)
        _flush(temporary)
        for candidate in _numbered(path):
            if _take_name(temporary, candidate):
                break
        _flush_folder(path.parent)
    return candidate


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A temporary name beside `path` that is gone afterwards; OSErrors of the block become sentences."""
    _check_place(path)
    # The own name is cut so that a name near the 255-byte limit still has room for the random part.
    temporary = path.with_name(f".{path.stem[:40]}-{secrets.token_hex(4)}.part{path.suffix}")
    try:
        yield temporary
    except GrammyError:
        raise
    except OSError as error:
        raise write_failure(path, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_failure(path: Path, error: OSError) -> WriteFailure:
    """The sentence for an OSError met while writing `path`."""
    reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
    return WriteFailure(str(path), reason, _ADVICE.get(error.errno or 0, ""))


def _numbered(path: Path) -> Iterator[Path]:
    """`path` and the names that follow it; “a 2” where there is an “a” is followed by “a 3”, not by “a 2 2”."""
    yield path
    stem, number = path.stem, 1
    counted = re.fullmatch(r"(.+) (\d{1,6})", stem)
    if counted and path.with_name(f"{counted[1]}{path.suffix}").exists():
        stem, number = counted[1], int(counted[2])
    while True:
        number += 1
        yield path.with_name(f"{stem} {number}{path.suffix}")


def _take_name(temporary: Path, path: Path) -> bool:
    """Give a finished file its name, whole from the first moment on; False where a file has the name."""
    try:
        if os.name == "nt":
            # There a rename never replaces.
            os.rename(temporary, path)
        else:
            os.link(temporary, path)
    except FileExistsError:
        return False
    except OSError:
        return _reserve_name(temporary, path)
    return True


def _reserve_name(temporary: Path, path: Path) -> bool:
    """For disks without links (exFAT, some of the network): an empty file holds the name for the moment of the rename."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return False
    try:
        os.replace(temporary, path)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return True


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
