"""What a waveform is drawn from: a pyramid of minimum, maximum and RMS in one memory-mapped file (numpy only).

Level 0 holds one bin for each 256 frames, each level above one for four below it; int16, full scale 32768.
A file of an hour of stereo is about 11 MB and opens in milliseconds. The file is
`GPK1`, length of the header (uint32 LE), header (JSON), zeros up to a multiple of 64, then the levels,
each [bins, channels, 3] int16 LE.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.atomic import atomic_file
from grammy_desktop.core.errors import EnvironmentFailure, UserError
from grammy_desktop.core.progress import NoProgress, Progress

BIN_FRAMES = 256
LEVEL_FACTOR = 4
TOP_LEVEL_BINS = 1024
"""Levels are added until one has no more bins than this: a screen is wider."""
FULL_SCALE = 32768.0
MAGIC = b"GPK1"
ALIGNMENT = 64
BLOCK_BINS = 1024

Bins = NDArray[np.int16]
"""[bins, channels, 3]: minimum, maximum, RMS."""
Edges = NDArray[np.int64]


class Columns(NamedTuple):
    """float32 [pixels, channels] each, full scale 1.0."""

    low: NDArray[np.float32]
    high: NDArray[np.float32]
    rms: NDArray[np.float32]


class DamagedPeaks(EnvironmentFailure):
    """A peaks file that cannot be used; build it again."""


class ColumnSource(Protocol):
    """Whatever a waveform can be drawn from."""

    @property
    def frames(self) -> int: ...

    @property
    def channels(self) -> int: ...

    @property
    def sample_rate(self) -> int: ...

    def columns_between(self, edges: Edges, *, zoom: float | None = None) -> Columns:
        """Column i covers the frames [edges[i], edges[i + 1]), at least one; `edges` never falls.

        zoom: frames a column of the whole picture, where `edges` is but a part of it.
        """
        ...


def column_edges(first: float, last: float, pixels: int) -> Edges:
    """Frames at the edges of `pixels` equal columns over [first, last)."""
    return np.floor(np.linspace(first, last, pixels + 1)).astype(np.int64)


def peaks_key(audio_path: Path) -> str:
    """What tells that a file has changed: its size and time of change."""
    stat = audio_path.stat()
    return f"{stat.st_size}:{stat.st_mtime_ns}"


def build_peaks(
    audio_path: Path, peaks_path: Path, progress: Progress | None = None, *, key: str | None = None
) -> PeakPyramid:
    """Read `audio_path` once and write its pyramid to `peaks_path`, at once or not at all.

    key: what the pyramid belongs to (say, a content hash); without it, size and time of change of the file.
    UserError when the file is not sound that can be read.
    """
    import soundfile

    progress = progress or NoProgress()
    try:
        key = key or peaks_key(audio_path)
        with soundfile.SoundFile(audio_path) as file:
            levels = [_read_bins(file, progress)]
            header: dict[str, Any] = {"sample_rate": file.samplerate, "channels": file.channels}
            header["frames"] = file.tell()
    except (soundfile.LibsndfileError, OSError) as error:
        raise UserError(f"{audio_path.name} cannot be read as sound: {error}", file=str(audio_path)) from error
    while len(levels[-1]) > TOP_LEVEL_BINS:
        levels.append(_level_above(levels[-1]))
    header |= {"key": key, "bins": [len(level) for level in levels]}
    with atomic_file(peaks_path) as temporary:
        _write(temporary, header, levels)
    progress.report(1.0, "peaks")
    return PeakPyramid.open(peaks_path)


def open_or_build_peaks(
    audio_path: Path, peaks_path: Path, progress: Progress | None = None, *, key: str | None = None
) -> PeakPyramid:
    """The pyramid of `audio_path`, built only if `peaks_path` is missing, damaged or of another content."""
    try:
        pyramid = PeakPyramid.open(peaks_path)
        if pyramid.key == (key or peaks_key(audio_path)):
            return pyramid
    except (DamagedPeaks, FileNotFoundError):
        pass
    return build_peaks(audio_path, peaks_path, progress, key=key)


class PeakPyramid:
    """An opened peaks file. Columns narrower than 256 frames repeat a bin: use `AudioView` for those."""

    def __init__(self, levels: list[Bins], *, frames: int, sample_rate: int, key: str) -> None:
        self._levels = levels
        self.frames = frames
        self.sample_rate = sample_rate
        self.key = key

    @property
    def channels(self) -> int:
        return int(self._levels[0].shape[1])

    @staticmethod
    def open(path: Path) -> PeakPyramid:
        """Map the file. FileNotFoundError when there is none, DamagedPeaks when it is not whole."""
        try:
            with path.open("rb") as file:
                start = file.read(8)
                if len(start) < 8 or start[:4] != MAGIC:
                    raise ValueError("not a peaks file")
                header = json.loads(file.read(struct.unpack("<I", start[4:])[0]))
                position = file.tell() + -file.tell() % ALIGNMENT
            levels = []
            for bins in header["bins"]:
                shape = (int(bins), int(header["channels"]), 3)
                levels.append(_mapped(path, position, shape))
                position += 2 * shape[0] * shape[1] * 3
            frames, sample_rate, key = int(header["frames"]), int(header["sample_rate"]), str(header["key"])
        except (ValueError, KeyError, TypeError) as error:
            message = f"The overview {path.name} is damaged and must be built again."
            raise DamagedPeaks(message, file=str(path)) from error
        return PeakPyramid(levels, frames=frames, sample_rate=sample_rate, key=key)

    def columns(self, first: float, last: float, pixels: int) -> Columns:
        """Columns of the frames [first, last)."""
        return self.columns_between(column_edges(first, last, pixels))

    def columns_between(self, edges: Edges, *, zoom: float | None = None) -> Columns:
        """As `ColumnSource.columns_between`, to whole bins (one on an edge counts to its right); silence outside."""
        width = (edges[-1] - edges[0]) / max(1, len(edges) - 1)
        level = 0
        while level + 1 < len(self._levels) and BIN_FRAMES * LEVEL_FACTOR ** (level + 1) <= width:
            level += 1
        bin_frames = BIN_FRAMES * LEVEL_FACTOR**level
        # The last edge is rounded up, or the last bin of the sound would never be seen.
        low, high, rms = _reduce_bins(self._levels[level], edges[:-1] // bin_frames, -(-int(edges[-1]) // bin_frames))
        outside = (edges[1:] <= 0) | (edges[:-1] >= self.frames)
        for part in (low, high, rms):
            part[outside] = 0.0
        return Columns(low, high, rms)


def _mapped(path: Path, position: int, shape: tuple[int, int, int]) -> Bins:
    if shape[0] == 0:  # an empty file cannot be mapped
        return np.zeros(shape, np.int16)
    return np.memmap(path, "<i2", "r", position, shape)


def _reduce_bins(bins: Bins, starts: Edges, end: int) -> Columns:
    """Minimum, maximum and RMS from each of the `starts` to the next (the last: to `end`), at least one bin."""
    if not len(bins):
        empty = np.zeros((3, len(starts), bins.shape[1]), np.float32)
        return Columns(empty[0], empty[1], empty[2])
    starts = np.clip(starts, 0, len(bins) - 1)
    block = np.asarray(bins[starts[0] : max(end, int(starts[-1]) + 1)])
    starts = starts - starts[0]
    counts = np.maximum(1, np.diff(np.append(starts, len(block))))[:, None]
    low = np.minimum.reduceat(block[..., 0], starts, axis=0) / np.float32(FULL_SCALE)
    high = np.maximum.reduceat(block[..., 1], starts, axis=0) / np.float32(FULL_SCALE)
    squares = np.square(block[..., 2].astype(np.float32) / np.float32(FULL_SCALE))
    rms = np.sqrt(np.add.reduceat(squares, starts, axis=0) / counts)
    return Columns(low.astype(np.float32), high.astype(np.float32), rms.astype(np.float32))


def _read_bins(file: Any, progress: Progress) -> Bins:
    """Level 0 of an opened sound file."""
    integer = file.subtype in ("PCM_16", "PCM_S8", "PCM_U8")
    parts = [np.zeros((0, file.channels, 3), np.int16)]
    done, total = 0, max(1, file.frames)
    while True:
        progress.check_cancelled()
        block = file.read(BLOCK_BINS * BIN_FRAMES, dtype="int16" if integer else "float32", always_2d=True)
        if not len(block):
            return np.concatenate(parts)
        whole = len(block) - len(block) % BIN_FRAMES
        if whole:
            parts.append(_bins_of(block[:whole], BIN_FRAMES))
        if whole < len(block):
            parts.append(_bins_of(block[whole:], len(block) - whole))
        done += len(block)
        progress.report(min(1.0, done / total), "peaks")


def _bins_of(block: NDArray[Any], bin_frames: int) -> Bins:
    """Bins of `block` [k * bin_frames, channels], int16 or float32."""
    out = np.empty((len(block) // bin_frames, block.shape[1], 3), np.int16)
    for channel in range(block.shape[1]):
        # One copy per channel: the reductions then run over contiguous memory.
        values = np.ascontiguousarray(block[:, channel]).reshape(-1, bin_frames)
        low, high = values.min(axis=1), values.max(axis=1)
        scaled = values.astype(np.float32)
        if values.dtype != np.int16:
            low, high = np.floor(low * FULL_SCALE), np.ceil(high * FULL_SCALE)
            scaled *= np.float32(FULL_SCALE)
        rms = np.sqrt(np.einsum("ij,ij->i", scaled, scaled) / bin_frames)
        for index, values_of in enumerate((low, high, np.rint(rms))):
            out[:, channel, index] = np.clip(np.nan_to_num(values_of), -FULL_SCALE, FULL_SCALE - 1)
    return out


def _level_above(level: Bins) -> Bins:
    starts = np.arange(0, len(level), LEVEL_FACTOR)
    counts = np.diff(np.append(starts, len(level)))[:, None]
    out = np.empty((len(starts), *level.shape[1:]), np.int16)
    out[..., 0] = np.minimum.reduceat(level[..., 0], starts, axis=0)
    out[..., 1] = np.maximum.reduceat(level[..., 1], starts, axis=0)
    squares = np.square(level[..., 2].astype(np.float32))
    out[..., 2] = np.rint(np.sqrt(np.add.reduceat(squares, starts, axis=0) / counts))
    return out


def _write(path: Path, header: dict[str, Any], levels: list[Bins]) -> None:
    text = json.dumps(header).encode()
    with path.open("wb") as file:
        file.write(MAGIC + struct.pack("<I", len(text)) + text)
        file.write(bytes(-file.tell() % ALIGNMENT))
        for level in levels:
            file.write(level.astype("<i2").tobytes())
