"""How ffmpeg is found and started: a child that asks nothing, reads no network and cannot hang."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from grammy_desktop.core.errors import UserError

QUIET = ("-nostdin", "-v", "error", "-protocol_whitelist", "file,pipe")

NO_WINDOW: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""On Windows a child of a windowed program would open a console."""


def find_program(name: str) -> str | None:
    """Where 'ffmpeg' or 'ffprobe' is; None where it is not installed."""
    return shutil.which(name)


def require_ffmpeg(path: Path, purpose: str, instead: str) -> str:
    """Where ffmpeg is. Raises UserError '“name” needs ffmpeg to be PURPOSE, which is not installed; install it or INSTEAD.'"""
    program = find_program("ffmpeg")
    if program is None:
        raise UserError(
            f"“{path.name}” needs ffmpeg to be {purpose}, which is not installed; install it or {instead}.",
            file=str(path),
        )
    return program


def start(
    arguments: Sequence[str], *, writes_to: int | IO[bytes], errors_to: IO[bytes], feeds: bool
) -> subprocess.Popen[bytes]:
    """Start a child whose complaints go to a file: a pipe that nobody reads would block it. `feeds`: stdin is a pipe."""
    return subprocess.Popen(
        arguments,
        stdin=subprocess.PIPE if feeds else subprocess.DEVNULL,
        stdout=writes_to,
        stderr=errors_to,
        creationflags=NO_WINDOW,
    )


@contextmanager
def time_limit(process: subprocess.Popen[bytes], seconds: float) -> Iterator[None]:
    """Kill the child when the block takes longer: a pipe to a child that hangs blocks for ever otherwise."""
    timer = threading.Timer(seconds, process.kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the child, whatever it does, and leave no zombie and no open pipe."""
    if process.poll() is None:
        process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                continue
    process.wait()
