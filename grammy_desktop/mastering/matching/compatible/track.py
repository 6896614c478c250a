"""A track as its mid and side at 44.1 kHz: in memory when it is short, read again when it is long."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np

from grammy_desktop.core.audio import AudioSource, Samples
from grammy_desktop.core.progress import Progress
from grammy_desktop.mastering.matching.compatible.kaiser_best import Resampling, resampled_length
from grammy_desktop.mastering.matching.mid_side import mid_and_side

RATE = 44_100
"""Hz; the only one that matchering has been tested with."""
BLOCK = 14 * 4096
"""Frames of most loops: two rows of the convolution, and small enough for the processor's cache."""
MOST_KEPT = 16_000_000
"""Frames (6 min) that may stay in memory, 128 MB."""


class Track(Protocol):
    @property
    def frames(self) -> int: ...

    def read(self, start: int, count: int) -> Samples:
        """[2, count]: mid and side; silence outside of the track. Treat as read-only."""
        ...


class KeptTrack:
    """A track in memory."""

    def __init__(self, mid_side: Samples) -> None:
        self.mid_side = mid_side

    @property
    def frames(self) -> int:
        return int(self.mid_side.shape[1])

    def read(self, start: int, count: int) -> Samples:
        if start >= 0 and start + count <= self.frames:
            return self.mid_side[:, start : start + count]
        return _padded(self.mid_side, start, count, 0)


class SourceTrack:
    """A track that is read (and resampled) from its source every time."""

    def __init__(self, source: AudioSource) -> None:
        self._source = source
        rate = source.sample_rate
        self._resampling = None if rate == RATE else Resampling.between(rate, RATE)
        self._frames = source.frames if rate == RATE else resampled_length(source.frames, rate, RATE)

    @property
    def frames(self) -> int:
        return self._frames

    def read(self, start: int, count: int) -> Samples:
        if self._resampling is None:
            return self._read_source(start, count)
        return self._read_resampled(self._resampling, start, count)

    def read_into(self, start: int, out: Samples) -> None:
        """As `read`, for frames within the track."""
        if self._resampling is None:
            mid_and_side(self._source.read(start, out.shape[1]), out=out)
        else:
            out[:] = self._read_resampled(self._resampling, start, out.shape[1])

    def _read_source(self, start: int, count: int) -> Samples:
        first = max(0, start)
        mid_side = mid_and_side(self._source.read(first, min(start + count, self._source.frames) - first))
        return mid_side if mid_side.shape[1] == count else _padded(mid_side, start, count, first)

    def _read_resampled(self, resampling: Resampling, start: int, count: int) -> Samples:
        # Rows begin at their own places, not at the reader's, so that every cut gives the same samples.
        first, last = start // resampling.row, (start + count - 1) // resampling.row
        width = (last - first) * resampling.advance + len(resampling.matrix)
        segment = self._read_source(first * resampling.advance - resampling.lead, width)
        out = resampling.rows_of(segment, first)[:, start - first * resampling.row :][:, :count]
        if start < 0:
            out[:, :-start] = 0
        if start + count > self._frames:
            out[:, max(0, self._frames - start) :] = 0
        return out


def open_track(source: AudioSource, progress: Progress, stage: str, *, most_kept: int = MOST_KEPT) -> Track:
    """The whole track in memory where it is not longer than `most_kept` frames."""
    track = SourceTrack(source)
    if track.frames > most_kept:
        return track
    mid_side = np.empty((2, track.frames), np.float32)
    for start, count in blocks_of_track(track, progress, stage):
        track.read_into(start, mid_side[:, start : start + count])
    return KeptTrack(mid_side)


def blocks_of_track(track: Track, progress: Progress, stage: str) -> Iterator[tuple[int, int]]:
    """(start, count) of block after block; reports and looks for a cancel before each."""
    for start in range(0, track.frames, BLOCK):
        progress.report(start / track.frames, stage)
        progress.check_cancelled()
        yield start, min(BLOCK, track.frames - start)
    progress.report(1.0, stage)


def _padded(mid_side: Samples, start: int, count: int, offset: int) -> Samples:
    """Frames `start` to `start + count` of a track of which `mid_side` is known from frame `offset`; silence around."""
    out = np.zeros((2, count), np.float32)
    first, last = max(start, offset), min(start + count, offset + mid_side.shape[1])
    if first < last:
        out[:, first - start : last - start] = mid_side[:, first - offset : last - offset]
    return out
