"""M4A (AAC) through ffmpeg: sound goes in by a pipe, the file is made by the child."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.audio_encoder import disk_failure, nearest_rate
from grammy_desktop.core.audio_ffmpeg import QUIET, require_ffmpeg, start, stop, time_limit
from grammy_desktop.core.audio_fit import Fitter
from grammy_desktop.core.audio_metadata import AudioMetadata
from grammy_desktop.core.errors import EnvironmentFailure

_AAC_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000)
_BITRATE = "256k"
"""What the stores sell; transparent with ffmpeg's own encoder."""
_BLOCK_LIMIT = 60.0
"""Seconds that a block may take to be swallowed: a second of sound is encoded in some 20 ms."""
_FINISH_LIMIT = 120.0
"""Seconds for the index of a long file to be moved to its front."""


class M4aWriter:
    """Writes `temporary`; `path` is the name for messages. Raises UserError without ffmpeg, EnvironmentFailure for a disk
    that takes no more. More than two channels are mixed down, a rate that AAC does not know is converted."""

    def __init__(
        self, temporary: Path, path: Path, *, sample_rate: int, channels: int, metadata: AudioMetadata | None
    ) -> None:
        program = require_ffmpeg(path, "written", "choose another format")
        self._path = path
        self._temporary = temporary
        self._program = program
        self._markers = metadata.markers if metadata else ()
        rate = nearest_rate(sample_rate, _AAC_RATES)
        self._fitter = Fitter(sample_rate, channels, target_rate=rate, max_channels=2)
        self._frames = 0
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  (closed by `close`)
        sound = ("-f", "f32le", "-ar", str(rate), "-ac", str(self._fitter.channels), "-i", "pipe:0")
        coded = ("-c:a", "aac", "-b:a", _BITRATE, "-fflags", "+bitexact", "-flags:a", "+bitexact")
        place = ("-movflags", "+faststart", "-f", "ipod", "-y", f"file:{temporary.absolute()}")
        self._process = start(
            (program, *QUIET, *sound, *coded, *place),
            writes_to=subprocess.DEVNULL,
            errors_to=self._complaints,
            feeds=True,
        )

    def write(self, block: Samples) -> None:
        """Append float32 [n, channels]; what exceeds full scale is clipped."""
        self._put(self._fitter.process(block))

    def finish(self) -> None:
        self._put(self._fitter.finish())
        assert self._process.stdin is not None
        try:
            with time_limit(self._process, _FINISH_LIMIT):
                self._process.stdin.close()
                code = self._process.wait()
        except OSError as error:
            raise self._failure() from error
        if code != 0:
            raise self._failure()
        if self._markers:
            self._add_chapters()

    def close(self) -> None:
        stop(self._process)
        self._complaints.close()

    def _put(self, block: Samples) -> None:
        assert self._process.stdin is not None
        self._frames += len(block)
        try:
            with time_limit(self._process, _BLOCK_LIMIT):
                self._process.stdin.write(np.ascontiguousarray(np.clip(block, -1.0, 1.0), "<f4").data)
        except OSError as error:
            raise self._failure() from error

    def _failure(self) -> EnvironmentFailure:
        stop(self._process)
        self._complaints.seek(0)
        said = self._complaints.read(4096)
        if b"No space left" in said or b"File too large" in said:
            return disk_failure(self._path)
        return EnvironmentFailure(
            f"“{self._path.name}” could not be written: ffmpeg stopped in the middle of it.", file=str(self._path)
        )

    def _add_chapters(self) -> None:
        """Chapters need their ends, and the last one's is known only now: the finished file is copied with them."""
        listed = self._temporary.with_name(self._temporary.name + ".chapters")
        copied = self._temporary.with_name(self._temporary.name + ".copy")
        length = round(self._frames * 1000 / self._fitter.sample_rate)
        command: tuple[str, ...] = (
            self._program,
            *QUIET,
            "-i",
            f"file:{self._temporary.absolute()}",
            "-f",
            "ffmetadata",
        )
        command += ("-i", f"file:{listed.absolute()}", "-map", "0:a", "-map_chapters", "1", "-c", "copy")
        command += ("-fflags", "+bitexact", "-movflags", "+faststart", "-f", "ipod", "-y", f"file:{copied.absolute()}")
        try:
            listed.write_text(_chapter_list(self._markers, length), encoding="utf-8")
            process = start(command, writes_to=subprocess.DEVNULL, errors_to=self._complaints, feeds=False)
            try:
                with time_limit(process, _FINISH_LIMIT):
                    code = process.wait()
            finally:
                stop(process)
            if code != 0:
                raise self._failure()
            copied.replace(self._temporary)
        finally:
            listed.unlink(missing_ok=True)
            copied.unlink(missing_ok=True)


def _chapter_list(markers: tuple[tuple[float, str], ...], length_ms: int) -> str:
    """ffmpeg's own text form of chapters."""
    ordered = sorted(markers)
    starts = [max(0, min(length_ms, round(seconds * 1000))) for seconds, _ in ordered]
    lines = [";FFMETADATA1"]
    for number, (start_ms, (_, name)) in enumerate(zip(starts, ordered, strict=True)):
        end_ms = starts[number + 1] if number + 1 < len(starts) else length_ms
        escaped = "".join("\\" + letter if letter in "=;#\\\n" else letter for letter in name)
        lines += ["[CHAPTER]", "TIMEBASE=1/1000", f"START={start_ms}", f"END={end_ms}", f"title={escaped}"]
    return "\n".join(lines) + "\n"
