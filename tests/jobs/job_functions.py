"""What the tests run in worker processes: module-level, as the real ones are."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from grammy_desktop.core.atomic import atomic_file
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.progress import Progress


def add(request: tuple[int, int], staging: Path, progress: Progress) -> int:
    progress.report(0.5, "mix")
    return sum(request)


def write_file(request: str, staging: Path, progress: Progress) -> Path:
    path = staging / "mix.wav"
    path.write_text(request)
    progress.publish("mix", path)
    progress.report(1.0, "render")
    return path


def full_disk(target: Path | None, staging: Path, progress: Progress) -> None:
    """Meets a full disk while it writes `target`, or a file in the staging folder."""
    with atomic_file(target or staging / "master.wav"), Path("/dev/full").open("wb", buffering=0) as full:
        full.write(b"x")


def process_id(request: Any, staging: Path, progress: Progress) -> int:
    return os.getpid()


def busy(request: Any, staging: Path, progress: Progress) -> None:
    """Never looks up."""
    (staging / "half.wav").write_bytes(b"half")
    progress.report(0.1, "go")
    while True:
        pass


def patient(request: Any, staging: Path, progress: Progress) -> None:
    """Waits for a cancel and leaves by itself."""
    (staging / "half.wav").write_bytes(b"half")
    progress.report(0.1, "go")
    pause = threading.Event()
    while True:
        progress.check_cancelled()
        pause.wait(0.005)


def until_file(request: Path, staging: Path, progress: Progress) -> str:
    """Works until a file appears."""
    progress.report(0.1, "go")
    pause = threading.Event()
    while not request.exists():
        progress.check_cancelled()
        pause.wait(0.005)
    return "seen"


def segfault(request: Any, staging: Path, progress: Progress) -> None:
    progress.report(0.1, "go")
    os.kill(os.getpid(), signal.SIGSEGV)


def killed(request: Any, staging: Path, progress: Progress) -> None:
    progress.report(0.1, "go")
    os.kill(os.getpid(), signal.SIGKILL)


def hard_exit(request: Any, staging: Path, progress: Progress) -> None:
    os._exit(0)


def bad_file(request: str, staging: Path, progress: Progress) -> None:
    raise UserError(f"{request} is not audio.", file=request)


def bug(request: Any, staging: Path, progress: Progress) -> None:
    raise KeyError("loudness")


def no_memory(request: Any, staging: Path, progress: Progress) -> None:
    raise MemoryError


def unpicklable_result(request: Any, staging: Path, progress: Progress) -> Any:
    return lambda: None


class ExplodingError(UserError):
    """Cannot be made from a message alone, so it does not survive a plain unpickling."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}")


def exploding(request: Any, staging: Path, progress: Progress) -> None:
    raise ExplodingError(1, 2)


def noisy(request: Any, staging: Path, progress: Progress) -> str:
    print("noise from Python")
    os.write(1, b"noise from C\n")
    return "ok"


def log_line(request: str, staging: Path, progress: Progress) -> None:
    logging.getLogger("grammy_desktop.test").warning("%s", request)


def is_imported(request: str, staging: Path, progress: Progress) -> bool:
    return request in sys.modules


def chatty(request: int, staging: Path, progress: Progress) -> int:
    for step in range(request):
        progress.report(step / request, "mix")
    return request
