"""AAC and whatever else only ffmpeg reads: decoded to a temporary WAV by a child process that cannot hang."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from grammy_desktop.core.audio_ffmpeg import NO_WINDOW, QUIET, require_ffmpeg
from grammy_desktop.core.audio_sentences import bad
from grammy_desktop.core.errors import EnvironmentFailure

_TIMEOUT = 120
"""Seconds; an hour of AAC decodes in about ten."""
_SPARED_BYTES = 2**29
"""What is left free on the disk whatever is decoded."""


def decode_to_wav(path: Path, *, max_seconds: float) -> Path:
    """Decode `path` into a new 32-bit float WAV in a temporary folder; the caller removes the WAV's folder.

    At most one second more than `max_seconds` is decoded, so that the caller sees that there is more.
    Raises UserError when ffmpeg is not installed or cannot read the file, EnvironmentFailure when the disk has no room.
    """
    program = require_ffmpeg(path, "opened", "convert the file to WAV")
    folder = Path(tempfile.mkdtemp(prefix="grammy-decode-"))
    wav = folder / "decoded.wav"
    try:
        room = shutil.disk_usage(folder).free - _SPARED_BYTES
        if room <= 0:
            raise _no_room(path, folder)
        done = _run(path, [program, *_arguments(path, wav, max_seconds, room)])
        if done.returncode != 0 or not wav.is_file():
            raise _failure(path, folder, done.stderr)
        if wav.stat().st_size >= room:
            raise _no_room(path, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return wav


def _arguments(path: Path, wav: Path, max_seconds: float, room: int) -> list[str]:
    sound = ["-i", f"file:{path.absolute()}", "-map", "0:a:0", "-t", f"{max_seconds + 1:.3f}", "-c:a", "pcm_f32le"]
    return [*QUIET, *sound, "-fs", str(room), "-rf64", "auto", f"file:{wav}"]


def _run(path: Path, command: list[str]) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=_TIMEOUT,
            creationflags=NO_WINDOW,
        )
    except subprocess.TimeoutExpired as error:
        raise bad(path, f"could not be read: ffmpeg took longer than {_TIMEOUT} s") from error


def _failure(path: Path, folder: Path, said: bytes) -> Exception:
    if b"No space left" in said:
        return _no_room(path, folder)
    if b"does not contain any stream" in said or b"matches no streams" in said:
        return bad(path, "holds no sound")
    return bad(path, "is damaged or not audio: ffmpeg cannot read it")


def _no_room(path: Path, folder: Path) -> EnvironmentFailure:
    return EnvironmentFailure(
        f"“{path.name}” could not be opened: the disk has no room to decode it ({folder.parent}).", file=str(path)
    )
