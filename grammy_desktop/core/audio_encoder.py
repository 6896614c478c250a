"""FLAC, AIFF, MP3, Ogg Vorbis and Opus through libsndfile, block by block."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from grammy_desktop.core.atomic import FREE_SPACE
from grammy_desktop.core.audio import Samples
from grammy_desktop.core.audio_channel_order import to_xiph_order
from grammy_desktop.core.audio_fit import Fitter
from grammy_desktop.core.dither import DitherMode, Requantiser
from grammy_desktop.core.errors import UserError, WriteFailure

_BLOCK_FRAMES = 65_536
"""What an encoder is given at a time, whatever comes in: Vorbis shapes its start by its first block, and soundfile crashes
on a minute of it in one call."""
_AIFF_BYTES = 2**32 - 2**20
"""What its 32-bit sizes hold, less room for tags."""
_MP3_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
_OPUS_RATES = (8_000, 12_000, 16_000, 24_000, 48_000)


@dataclass(frozen=True)
class Encoding:
    """How libsndfile is asked. `bits`: 0 for an encoder that takes floats. `rates`: all where empty."""

    container: str
    subtype: str
    bits: int = 0
    rates: tuple[int, ...] = ()
    max_channels: int = 8
    options: tuple[tuple[str, Any], ...] = ()
    max_bytes: int | None = None


# 0 is the best of an encoder: 320 kbit/s constant for MP3; Vorbis at 0.2 is its quality 8, Opus at 0.6 some 106 kbit/s a
# channel: transparent both.
ENCODINGS = {
    ("flac", "PCM_16"): Encoding("FLAC", "PCM_16", 16),
    ("flac", "PCM_24"): Encoding("FLAC", "PCM_24", 24),
    ("aiff", "PCM_16"): Encoding("AIFF", "PCM_16", 16, max_bytes=_AIFF_BYTES),
    ("aiff", "PCM_24"): Encoding("AIFF", "PCM_24", 24, max_bytes=_AIFF_BYTES),
    ("mp3", "MPEG_LAYER_III"): Encoding(
        "MP3", "MPEG_LAYER_III", 0, _MP3_RATES, 2, (("compression_level", 0.0), ("bitrate_mode", "CONSTANT"))
    ),
    ("ogg", "VORBIS"): Encoding("OGG", "VORBIS", 0, (), 8, (("compression_level", 0.2),)),
    ("opus", "OPUS"): Encoding("OGG", "OPUS", 0, _OPUS_RATES, 8, (("compression_level", 0.6),)),
}


class EncodedWriter:
    """Writes `temporary` as it is; `path` is the name for messages. Raises EnvironmentFailure when the disk fails."""

    def __init__(
        self, temporary: Path, path: Path, encoding: Encoding, *, sample_rate: int, channels: int, dither: DitherMode
    ) -> None:
        import soundfile

        self._path = path
        self._encoding = encoding
        self._bytes = 0
        self._errors = (soundfile.SoundFileError, AssertionError)
        rate = nearest_rate(sample_rate, encoding.rates)
        self._fitter = Fitter(sample_rate, channels, target_rate=rate, max_channels=encoding.max_channels)
        self._held: list[Samples] = []
        self._held_frames = 0
        self._shift = 32 - encoding.bits
        fitted = self._fitter.channels
        self._quantiser = Requantiser(encoding.bits, fitted, rate, dither=dither) if encoding.bits else None
        try:
            self._handle = soundfile.SoundFile(
                temporary,
                "w",
                rate,
                fitted,
                encoding.subtype,
                format=encoding.container,
                **dict(encoding.options),
            )
        except self._errors as error:
            raise disk_failure(path) from error

    def write(self, block: Samples) -> None:
        """Append float32 [n, channels]; what exceeds full scale is clipped."""
        self._hold(self._fitter.process(block))
        while self._held_frames >= _BLOCK_FRAMES:
            held = np.concatenate(self._held)
            self._put(held[:_BLOCK_FRAMES])
            self._held, self._held_frames = [], 0
            self._hold(held[_BLOCK_FRAMES:])

    def finish(self) -> None:
        self._hold(self._fitter.finish())
        for start in range(0, self._held_frames, _BLOCK_FRAMES):
            self._put(np.concatenate(self._held)[start : start + _BLOCK_FRAMES])
        with self._disk_errors():
            if self._quantiser is not None:
                self._handle.write(self._aligned(self._quantiser.finish()))
            self._handle.close()

    def close(self) -> None:
        # After `finish` nothing is left to do; before it the file is given up, and only that reason is to be told.
        with suppress(*self._errors):
            self._handle.close()

    def _hold(self, block: Samples) -> None:
        if len(block):
            # The caller may use its block again for the next one.
            self._held.append(block.copy())
            self._held_frames += len(block)

    def _put(self, block: Samples) -> None:
        self._bytes += block.size * self._encoding.bits // 8
        if self._encoding.max_bytes is not None and self._bytes > self._encoding.max_bytes:
            raise UserError(
                f"“{self._path.name}” would grow beyond 4 GiB, which {self._encoding.container} cannot hold; choose WAV.",
                file=str(self._path),
            )
        with self._disk_errors():
            if self._quantiser is None:
                self._handle.write(to_xiph_order(np.clip(block, -1.0, 1.0)))
            else:
                self._handle.write(self._aligned(self._quantiser.process(block)))

    @contextmanager
    def _disk_errors(self) -> Iterator[None]:
        try:
            yield
        except self._errors as error:
            # libsndfile says 'System error' for a full disk, soundfile asserts on a short write.
            raise disk_failure(self._path) from error

    def _aligned(self, integers: np.ndarray[tuple[int, ...], np.dtype[Any]]) -> np.ndarray[Any, np.dtype[Any]]:
        """libsndfile takes integers left-aligned in their type: exact, where its own conversion scales by 2^n - 1."""
        return integers if integers.dtype == np.int16 else integers << self._shift


def nearest_rate(sample_rate: int, rates: tuple[int, ...]) -> int:
    """The sample rate itself where the format knows it, else 44.1 kHz for its multiples, else 48 kHz."""
    if not rates or sample_rate in rates:
        return sample_rate
    return 44_100 if sample_rate % 44_100 == 0 and 44_100 in rates else 48_000


def disk_failure(path: Path) -> WriteFailure:
    """The sentence for an encoder that could not write and does not say why."""
    free = shutil.disk_usage(path.parent).free
    if free < 2**20:
        return WriteFailure(str(path), "the disk is full", FREE_SPACE)
    return WriteFailure(str(path), "the disk refused it")
