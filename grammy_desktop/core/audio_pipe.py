"""M4A and other MP4 files as a stream out of ffmpeg: no temporary file, any place can be reached."""

from __future__ import annotations

import json
import math
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.audio_ffmpeg import NO_WINDOW, QUIET, find_program, require_ffmpeg, start, stop, time_limit
from grammy_desktop.core.audio_sentences import bad
from grammy_desktop.core.audio_source import AudioInfo, DecoderFailure

_PROBE_LIMIT = 8.0
"""Seconds that ffprobe may take for a header."""
_BLOCK_LIMIT = 8.0
"""Seconds that ffmpeg may take for a block: an hour of AAC decodes in about ten."""
_LEAD_IN_SECONDS = 0.1
"""Decoded and thrown away after a jump: AAC needs the packet before the first for its overlap."""
_SKIP_SECONDS = 10.0
"""A jump forward shorter than this is read over; a new child costs some 50 ms."""


def probe_stream(path: Path) -> AudioInfo | None:
    """What the container says, without decoding; None without ffprobe. Raises UserError for what holds no sound."""
    program = find_program("ffprobe")
    if program is None:
        return None
    wanted = "stream=codec_name,channels,sample_rate,duration:format=duration"
    command = [program, "-v", "error", "-protocol_whitelist", "file", "-select_streams", "a:0", "-show_entries", wanted]
    try:
        done = subprocess.run(
            [*command, "-of", "json", f"file:{path.absolute()}"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PROBE_LIMIT,
            creationflags=NO_WINDOW,
        )
    except subprocess.TimeoutExpired as error:
        raise bad(path, f"could not be read: ffprobe took longer than {_PROBE_LIMIT:.0f} s") from error
    if done.returncode != 0:
        raise bad(path, "is damaged or not audio: ffmpeg cannot read it")
    found = json.loads(done.stdout or b"{}")
    if not found.get("streams"):
        raise bad(path, "holds no sound")
    stream = found["streams"][0]
    rate, channels = int(stream.get("sample_rate", 0)), int(stream.get("channels", 0))
    seconds = float(stream.get("duration") or found.get("format", {}).get("duration") or 0.0)
    codec = str(stream.get("codec_name", "")).upper()
    return AudioInfo(round(seconds * rate), channels, rate, seconds, "MP4", codec)


class PipeDecoder:
    """One ffmpeg child at a time, started anew for a jump back or a long jump ahead."""

    def __init__(self, path: Path, info: AudioInfo) -> None:
        self._program = require_ffmpeg(path, "opened", "convert the file to WAV")
        self._path = path
        self._info = info
        self._process: subprocess.Popen[bytes] | None = None
        self._position = 0
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  (closed by `close`)

    @property
    def info(self) -> AudioInfo:
        return self._info

    def read(self, start: int, count: int) -> Samples:
        ahead = start - self._position
        if self._process is None or not 0 <= ahead <= _SKIP_SECONDS * self._info.sample_rate:
            ahead = self._start_near(start)
        while ahead > 0:
            skipped = len(self._take(min(ahead, 65_536)))
            if skipped == 0:
                return np.zeros((0, self._info.channels), np.float32)
            ahead -= skipped
        return self._take(count)

    def close(self) -> None:
        if self._process is not None:
            stop(self._process)
        self._complaints.close()

    def _start_near(self, frame: int) -> int:
        """Start a child a little before `frame`; how many frames are to be thrown away."""
        if self._process is not None:
            stop(self._process)
        rate = self._info.sample_rate
        # ffmpeg counts seeks in microseconds: only at these frames they name one exactly.
        step = rate // math.gcd(rate, 1_000_000)
        first = max(0, frame - round(_LEAD_IN_SECONDS * rate)) // step * step
        seek = ("-ss", f"{first / rate:.6f}") if first else ()
        source = ("-i", f"file:{self._path.absolute()}", "-map", "0:a:0")
        form = ("-ar", str(rate), "-ac", str(self._info.channels), "-c:a", "pcm_f32le", "-f", "f32le", "pipe:1")
        self._process = start(
            (self._program, *QUIET, *seek, *source, *form),
            writes_to=subprocess.PIPE,
            errors_to=self._complaints,
            feeds=False,
        )
        self._position = first
        return frame - first

    def _take(self, count: int) -> Samples:
        assert self._process is not None
        assert self._process.stdout is not None
        frame_bytes = 4 * self._info.channels
        with time_limit(self._process, _BLOCK_LIMIT):
            data = self._process.stdout.read(count * frame_bytes)
        if len(data) < count * frame_bytes and self._process.wait() < 0:
            raise DecoderFailure("ffmpeg was killed or died")
        data = data[: len(data) - len(data) % frame_bytes]
        self._position += len(data) // frame_bytes
        return np.frombuffer(data, "<f4").reshape(-1, self._info.channels).astype(np.float32, copy=False)
