"""An open audio file: what its header says is checked for plausibility, what its decoder gives is checked for sense."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.audio_sentences import bad, cut_short

MAX_CHANNELS = 8
SAMPLE_RATES = (8_000, 384_000)
"""Hz; lowest and highest."""
_LOUDEST = 1_000.0
"""+60 dBFS: floating point files may well exceed full scale, but beyond this they are not what the header says."""
_MISSING_SHARE = 0.01
"""A decoder may end this much (and half a second) before the length that a lossy file's header estimates."""


@dataclass(frozen=True)
class AudioInfo:
    """What a file's header says. `duration` in seconds; `format` e.g. 'WAV', `subtype` e.g. 'PCM_24'."""

    frames: int
    channels: int
    sample_rate: int
    duration: float
    format: str
    subtype: str


class Decoder(Protocol):
    """What gives the samples. Raises `DecoderFailure` where the file is damaged."""

    @property
    def info(self) -> AudioInfo: ...

    def read(self, start: int, count: int) -> Samples:
        """float32 [n, channels] from frame `start`; n < `count` only where the file ends."""
        ...

    def close(self) -> None: ...


class DecoderFailure(Exception):
    """The decoder could not go on; the source that asked knows the file's name and the place."""


class AudioFileSource:
    """An open file as an `AudioSource`; a context manager. Make it with `open_source`."""

    def __init__(self, path: Path, decoder: Decoder) -> None:
        _check_info(path, decoder.info)
        self._path = path
        self._decoder = decoder
        self._info = decoder.info

    @property
    def info(self) -> AudioInfo:
        return self._info

    @property
    def frames(self) -> int:
        return self._info.frames

    @property
    def channels(self) -> int:
        return self._info.channels

    @property
    def sample_rate(self) -> int:
        return self._info.sample_rate

    def read(self, start: int, count: int) -> Samples:
        """float32 [n, channels] from frame `start`; n < `count` only at the end.

        Raises UserError when the file turns out to be damaged there, or to end long before its header says.
        """
        count = max(0, min(count, self.frames - start))
        if count == 0 or start < 0:
            return np.zeros((0, self.channels), np.float32)
        try:
            block = self._decoder.read(start, count)
        except DecoderFailure as error:
            raise bad(self._path, f"is damaged near {start / self.sample_rate:.1f} s") from error
        _check_block(self._path, block, start, self.sample_rate)
        if len(block) < count:
            _check_length(self._path, start + len(block), self._info)
        return block

    def close(self) -> None:
        self._decoder.close()

    def __enter__(self) -> AudioFileSource:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _check_info(path: Path, info: AudioInfo) -> None:
    if info.frames <= 0:
        raise bad(path, "holds a header but no sound")
    if not 1 <= info.channels <= MAX_CHANNELS:
        raise bad(path, f"has {info.channels} channels; 1 to {MAX_CHANNELS} can be used")
    if not SAMPLE_RATES[0] <= info.sample_rate <= SAMPLE_RATES[1]:
        raise bad(path, f"has a sample rate of {info.sample_rate} Hz; 8 to 384 kHz can be used")


def _check_block(path: Path, block: Samples, start: int, rate: int) -> None:
    # One pass for the ordinary case: the peak of a block with NaN is NaN.
    peak = float(np.max(np.abs(block))) if block.size else 0.0
    if peak <= _LOUDEST:
        return
    wrong = ~(np.abs(block) <= _LOUDEST).all(axis=1)
    at = (start + int(np.argmax(wrong))) / rate
    if np.isfinite(peak):
        raise bad(path, f"is damaged: near {at:.2f} s it is {20 * np.log10(peak):.0f} dB above full scale")
    raise bad(path, f"is damaged: near {at:.2f} s it holds samples that are not numbers (NaN or infinity)")


def _check_length(path: Path, there: int, info: AudioInfo) -> None:
    """Say it when a file ends at frame `there`, long before its header says."""
    if there == 0:
        raise bad(path, "holds a header but no sound")
    missing = info.frames - there
    if missing <= 0.5 * info.sample_rate + _MISSING_SHARE * info.frames:
        return
    raise bad(path, cut_short(there / info.sample_rate, info.duration))
