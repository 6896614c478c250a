"""Who is alive: every open library holds an operating-system lock on a small file of its own.

The system drops the lock however the process ends, so a lock that can be taken belongs to a dead owner. Unlike a process
id with a start time this survives reused ids, clock changes and containers.
"""

from __future__ import annotations

import os
import sys
import time
import uuid
from pathlib import Path
from types import TracebackType

from grammy_desktop.core.errors import EnvironmentFailure


class FileLock:
    """A lock between processes (and between two locks in one process). `take` returns False when somebody else holds it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    def take(self, *, shared: bool = False, create: bool = True) -> bool:
        handle = os.open(self.path, os.O_RDWR | (os.O_CREAT if create else 0), 0o644)
        if not _lock(handle, shared):
            os.close(handle)
            return False
        self._handle = handle
        return True

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


class OpeningLock:
    """Held while a library is opened: two processes never migrate or sweep at once."""

    def __init__(self, path: Path, timeout: float = 30.0) -> None:
        self._lock = FileLock(path)
        self._timeout = timeout

    def __enter__(self) -> None:
        deadline = time.monotonic() + self._timeout
        while not self._lock.take():
            if time.monotonic() > deadline:
                raise EnvironmentFailure(
                    "The library is being opened by another Grammy process. Close it and try again."
                )
            time.sleep(0.02)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()


class Owner:
    """This open library as others see it."""

    def __init__(self, folder: Path) -> None:
        self.id = uuid.uuid4().hex
        self._lock = FileLock(folder / f"{self.id}.lock")
        if not self._lock.take():
            raise EnvironmentFailure(
                f"{self._lock.path} could not be locked. The library's folder must be on a disk that knows file locks."
            )

    def close(self) -> None:
        self._lock.release()
        self._lock.path.unlink(missing_ok=True)


def is_alive(folder: Path, owner_id: str) -> bool:
    """Whether the process that holds this owner's lock still runs."""
    probe = FileLock(folder / f"{owner_id}.lock")
    try:
        taken = probe.take(shared=True, create=False)
    except FileNotFoundError:
        return False
    probe.release()
    return not taken


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int, shared: bool) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(handle: int, shared: bool) -> bool:
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
