"""M4A, AAC and whatever else only ffmpeg reads: decoded to a temporary WAV by a child process that cannot hang."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from grammy_desktop.core.audio_probe import bad
from grammy_desktop.core.errors import UserError

_TIMEOUT = 120
"""Seconds; an hour of AAC decodes in about ten."""


def decode_to_wav(path: Path, *, max_seconds: float) -> Path:
    """Decode `path` into a new 32-bit float WAV in a temporary folder; the caller removes the WAV's folder.

    At most one second more than `max_seconds` is decoded, so that the caller sees that there is more.
    Raises UserError when ffmpeg is not installed or cannot read the file.
    """
    program = shutil.which("ffmpeg")
    if program is None:
        raise UserError(
            f"“{path.name}” needs ffmpeg to be opened, which is not installed; install it or convert the file to WAV.",
            file=str(path),
        )
    folder = Path(tempfile.mkdtemp(prefix="grammy-decode-"))
    wav = folder / "decoded.wav"
    command = [program, "-nostdin", "-v", "error", "-protocol_whitelist", "file", "-i", f"file:{path.absolute()}"]
    command += ["-map", "0:a:0", "-t", f"{max_seconds + 1:.3f}", "-c:a", "pcm_f32le", "-rf64", "auto", f"file:{wav}"]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=_TIMEOUT
        )
    except subprocess.TimeoutExpired as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise bad(path, f"could not be read: ffmpeg took longer than {_TIMEOUT} s") from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if done.returncode != 0 or not wav.is_file():
        shutil.rmtree(folder, ignore_errors=True)
        if b"does not contain any stream" in done.stderr or b"matches no streams" in done.stderr:
            raise bad(path, "holds no sound")
        raise bad(path, "is damaged or not audio: ffmpeg cannot read it")
    return wav
