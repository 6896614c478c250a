"""Waveforms closer than the pyramid reaches, and through an edit list without rendering."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.edits import EditList
from grammy_desktop.core.edits.segments import Layer
from grammy_desktop.core.peaks.pyramid import BIN_FRAMES, Columns, ColumnSource, Edges, PeakPyramid, column_edges

BLOCK_FRAMES = 65_536
KEPT_BLOCKS = 24
"""About 12 MB of stereo: panning at the closest zooms reads only what comes into view."""


class AudioView:
    """A pyramid with its sound file, for any zoom: below 256 frames a column the samples themselves are read."""

    def __init__(self, audio_path: Path, pyramid: PeakPyramid) -> None:
        self._path = audio_path
        self._pyramid = pyramid
        self._file: Any = None
        self._blocks: OrderedDict[int, Samples] = OrderedDict()

    @property
    def frames(self) -> int:
        return self._pyramid.frames

    @property
    def channels(self) -> int:
        return self._pyramid.channels

    @property
    def sample_rate(self) -> int:
        return self._pyramid.sample_rate

    def close(self) -> None:
        """Let go of the sound file; it is opened again when needed."""
        if self._file is not None:
            self._file.close()
            self._file = None
        self._blocks.clear()

    def read(self, start: int, count: int) -> Samples:
        """float32 [n, channels] from frame `start` (an `AudioSource`)."""
        start = min(max(0, start), self.frames)
        end = min(self.frames, start + max(0, count))
        if start == end:
            return np.zeros((0, self.channels), np.float32)
        first, last = start // BLOCK_FRAMES, (end - 1) // BLOCK_FRAMES
        joined = np.concatenate([self._block(index) for index in range(first, last + 1)])
        return joined[start - first * BLOCK_FRAMES : end - first * BLOCK_FRAMES]

    def columns(self, first: float, last: float, pixels: int) -> Columns:
        """Columns of the frames [first, last)."""
        return self.columns_between(column_edges(first, last, pixels))

    def columns_between(self, edges: Edges, *, zoom: float | None = None) -> Columns:
        """As `ColumnSource.columns_between`; `zoom` decides whether samples are worth being read."""
        if (zoom or _width(edges)) >= BIN_FRAMES:
            return self._pyramid.columns_between(edges)
        return _columns_of(self, edges)

    def _block(self, index: int) -> Samples:
        if index not in self._blocks:
            if self._file is None:
                import soundfile

                self._file = soundfile.SoundFile(self._path)
            self._file.seek(index * BLOCK_FRAMES)
            self._blocks[index] = self._file.read(BLOCK_FRAMES, dtype="float32", always_2d=True)
            if len(self._blocks) > KEPT_BLOCKS:
                self._blocks.popitem(last=False)
        self._blocks.move_to_end(index)
        return self._blocks[index]


class EditedView:
    """`view` as heard through `edits`: drawn from the same pyramid, nothing is rendered."""

    def __init__(self, view: ColumnSource, edits: EditList) -> None:
        self._view = view
        self._edits = edits

    @property
    def frames(self) -> int:
        return self._edits.frames

    @property
    def channels(self) -> int:
        return self._view.channels

    @property
    def sample_rate(self) -> int:
        return self._view.sample_rate

    def columns(self, first: float, last: float, pixels: int) -> Columns:
        """Columns of the edited frames [first, last)."""
        return self.columns_between(column_edges(first, last, pixels))

    def columns_between(self, edges: Edges, *, zoom: float | None = None) -> Columns:
        """As `ColumnSource.columns_between`, in edited frames."""
        zoom = zoom or _width(edges)
        pixels = len(edges) - 1
        low = np.full((pixels, self.channels), np.inf, np.float32)
        high = np.full((pixels, self.channels), -np.inf, np.float32)
        power = np.zeros((pixels, self.channels), np.float32)
        ends = np.maximum(edges[1:], edges[:-1] + 1)
        starts = self._edits.starts
        visible = range(max(0, bisect_right(starts, edges[0]) - 1), bisect_left(starts, ends[-1]))
        for start, segment in zip(
            starts[visible.start :], self._edits.segments[visible.start : visible.stop], strict=False
        ):
            end = start + segment.frames
            first, last = int(np.searchsorted(ends, start, "right")), int(np.searchsorted(edges[:-1], end, "left"))
            if first >= last:
                continue
            clipped = np.clip(np.append(edges[first:last], ends[last - 1]), start, end) - start
            part = _segment_columns(self._view, segment.layers, clipped, zoom)
            np.minimum(low[first:last], part.low, out=low[first:last])
            np.maximum(high[first:last], part.high, out=high[first:last])
            share = np.maximum(1, np.diff(clipped)) / (ends - edges[:-1])[first:last]
            power[first:last] += np.square(part.rms) * np.minimum(1.0, share)[:, None].astype(np.float32)
        nothing = np.isinf(low)
        low[nothing] = high[nothing] = 0.0
        return Columns(low, high, np.sqrt(power))


def _width(edges: Edges) -> float:
    """Frames a column."""
    return float(edges[-1] - edges[0]) / max(1, len(edges) - 1)


def _segment_columns(view: ColumnSource, layers: tuple[Layer, ...], edges: Edges, zoom: float) -> Columns:
    """Columns of one segment: the sum of its layers' bounds, each under its gain."""
    shape = (len(edges) - 1, view.channels)
    low, high, power = (np.zeros(shape, np.float32) for _ in range(3))
    last_frames = np.maximum(edges[:-1], edges[1:] - 1)
    for layer in layers:
        part = view.columns_between(edges + layer.source_start, zoom=zoom)
        at_edges = layer.gains_at(edges[:-1]), layer.gains_at(last_frames)
        loudest = np.maximum(*at_edges).astype(np.float32)[:, None]
        low += part.low * loudest
        high += part.high * loudest
        mean_square = (at_edges[0] ** 2 + at_edges[1] ** 2 + at_edges[0] * at_edges[1]) / 3.0
        power += np.square(part.rms) * mean_square.astype(np.float32)[:, None]
    return Columns(low, high, np.sqrt(power))


def _columns_of(source: AudioView, edges: Edges) -> Columns:
    """Columns straight from the samples."""
    first = min(max(0, int(edges[0])), source.frames)
    block: NDArray[np.float32] = source.read(first, max(1, int(edges[-1]) - first))
    pixels = len(edges) - 1
    if not len(block):
        silent = np.zeros((3, pixels, source.channels), np.float32)
        return Columns(silent[0], silent[1], silent[2])
    starts = np.clip(edges[:-1] - first, 0, len(block) - 1)
    counts = np.maximum(1, np.diff(np.append(starts, len(block))))[:, None]
    low = np.minimum.reduceat(block, starts, axis=0)
    high = np.maximum.reduceat(block, starts, axis=0)
    rms = np.sqrt(np.add.reduceat(np.square(block), starts, axis=0) / counts)
    outside = (edges[1:] <= 0) & (edges[:-1] < 0) | (edges[:-1] >= source.frames)
    for part in (low, high, rms):
        part[outside] = 0.0
    return Columns(low, high, rms.astype(np.float32))
