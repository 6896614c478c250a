"""Audio in: one clear sentence for every bad file, no memory taken on the word of a header."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np

from grammy_desktop.core.audio import AudioClip, Samples
from grammy_desktop.core.audio_probe import bad, probe
from grammy_desktop.core.ffmpeg_decode import decode_to_wav

if TYPE_CHECKING:
    import soundfile

BLOCK_FRAMES = 65_536
MAX_CHANNELS = 8
SAMPLE_RATES = (8_000, 384_000)
"""Hz; lowest and highest."""
_MAX_SAMPLES = 2**30
"""Of one clip in memory: 4 GiB."""
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


class AudioFileSource:
    """An open file as an `AudioSource`; a context manager. Make it with `open_source`."""

    def __init__(self, path: Path, handle: soundfile.SoundFile, temporary: Path | None = None) -> None:
        self._path = path
        self._handle = handle
        self._temporary = temporary
        self._position = 0
        self._info = _info(path, handle)

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

        Raises UserError when the file turns out to be damaged there.
        """
        import soundfile

        count = max(0, min(count, self.frames - start))
        if count == 0 or start < 0:
            return np.zeros((0, self.channels), np.float32)
        try:
            if start != self._position:
                self._handle.seek(start)
            block: Samples = self._handle.read(count, dtype="float32", always_2d=True)
        except soundfile.SoundFileError as error:
            self._position = -1
            raise bad(self._path, f"is damaged near {start / self.sample_rate:.1f} s") from error
        self._position = start + len(block)
        _check_block(self._path, block, start, self.sample_rate)
        return block

    def close(self) -> None:
        self._handle.close()
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)

    def __enter__(self) -> AudioFileSource:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_source(path: Path, *, max_seconds: float = 24 * 3600) -> AudioFileSource:
    """Open an audio file for streamed reading.

    WAV, AIFF, FLAC, OGG (Vorbis, Opus), MP3 directly; M4A, AAC and others through ffmpeg (decoded to a temporary file,
    at most `max_seconds` of it). Raises UserError for anything that is not readable audio of 1 to 8 channels, 8 to
    384 kHz; EnvironmentFailure when the disk fails.
    """
    import soundfile

    path = Path(path)
    temporary: Path | None = None
    readable = path
    if probe(path).needs_ffmpeg:
        readable = decode_to_wav(path, max_seconds=max_seconds)
        temporary = readable.parent
    try:
        # As bytes: soundfile cannot spell a name that is no text. Windows has none.
        handle = soundfile.SoundFile(readable if os.name == "nt" else os.fsencode(readable))
    except soundfile.SoundFileError as error:
        _remove(temporary)
        raise bad(path, "is damaged or not audio: its format is not one that can be read") from error
    try:
        return AudioFileSource(path, handle, temporary)
    except BaseException:
        handle.close()
        _remove(temporary)
        raise


def read_info(path: Path) -> AudioInfo:
    """The header's facts, checked for plausibility. Raises as `open_source`."""
    with open_source(path) as source:
        return source.info


def read_clip(path: Path, *, max_seconds: float = 3600) -> AudioClip:
    """A whole file in memory; mono stays mono. Raises UserError also when it is longer than `max_seconds`."""
    path = Path(path)
    with open_source(path, max_seconds=max_seconds) as source:
        if source.frames > max_seconds * source.sample_rate:
            raise bad(path, f"is longer than {_spoken(max_seconds)}, the longest that can be opened")
        if source.frames * source.channels > _MAX_SAMPLES:
            raise bad(path, "is too big to be opened as a whole; convert it to a lower sample rate or fewer channels")
        # Untouched pages of an empty array cost nothing: a header that lies takes address space, not memory.
        samples = np.empty((source.frames, source.channels), np.float32)
        filled = 0
        while filled < source.frames:
            block = source.read(filled, BLOCK_FRAMES)
            if len(block) == 0:
                break
            samples[filled : filled + len(block)] = block
            filled += len(block)
        _check_length(path, filled, source)
        return AudioClip(samples if filled == source.frames else samples[:filled].copy(), source.sample_rate)


def _info(path: Path, handle: soundfile.SoundFile) -> AudioInfo:
    frames, channels, rate = int(handle.frames), int(handle.channels), int(handle.samplerate)
    if frames <= 0:
        raise bad(path, "holds a header but no sound")
    if not 1 <= channels <= MAX_CHANNELS:
        raise bad(path, f"has {channels} channels; 1 to {MAX_CHANNELS} can be used")
    if not SAMPLE_RATES[0] <= rate <= SAMPLE_RATES[1]:
        raise bad(path, f"has a sample rate of {rate} Hz; 8 to 384 kHz can be used")
    return AudioInfo(frames, channels, rate, frames / rate, str(handle.format), str(handle.subtype))


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


def _check_length(path: Path, filled: int, source: AudioFileSource) -> None:
    if filled == 0:
        raise bad(path, "holds a header but no sound")
    missing = source.frames - filled
    if missing > 0.5 * source.sample_rate + _MISSING_SHARE * source.frames:
        there, named = filled / source.sample_rate, source.info.duration
        raise bad(path, f"is cut short: it holds {there:.1f} s of the {named:.1f} s its header names")


def _remove(folder: Path | None) -> None:
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)


def _spoken(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 120 else f"{seconds:.0f} s"
