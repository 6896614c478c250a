"""What is plainly wrong or noteworthy in a written file: clipped runs, offset, silence at the ends, holes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from grammy_desktop.core.audio import AudioSource, Samples
from grammy_desktop.core.progress import Progress
from grammy_desktop.core.stream import blocks_of

_SHORTEST_RUN = 3
"""Samples at the same highest value that count as clipped; two may be chance."""
_FULL = 0.999
"""Of full scale."""
_SILENT = 10 ** (-80 / 20)
"""Level below which an end is silence: -80 dBFS, under the noise of any playback."""
_MOST_TIMES = 10


@dataclass(frozen=True)
class FileFacts:
    """clipped_runs: places where three or more samples in a row sit at full scale; clipped_at: seconds of the first ten.

    dc_offset: the largest channel mean, linear. silence_start, silence_end: seconds below -80 dBFS.
    """

    clipped_runs: int
    clipped_at: tuple[float, ...]
    dc_offset: float
    silence_start: float
    silence_end: float

    def to_json(self) -> dict[str, Any]:
        return {
            "clipped_runs": self.clipped_runs,
            "clipped_at": [round(at, 2) for at in self.clipped_at],
            "dc_offset": round(self.dc_offset, 6),
            "silence_start": round(self.silence_start, 3),
            "silence_end": round(self.silence_end, 3),
        }


def read_facts(source: AudioSource, *, progress: Progress) -> FileFacts:
    """One streamed pass over the whole file."""
    rate = source.sample_rate
    sums = np.zeros(source.channels)
    runs = _Runs(source.channels)
    first_sound, last_sound, position = -1, -1, 0
    for block in blocks_of(source, progress=progress, stage="measure"):
        sums += block.sum(axis=0, dtype=np.float64)
        runs.take(block)
        loud = np.flatnonzero(np.abs(block).max(axis=1) > _SILENT)
        if len(loud):
            first_sound = first_sound if first_sound >= 0 else position + int(loud[0])
            last_sound = position + int(loud[-1])
        position += len(block)
    runs.finish()
    sounds = first_sound >= 0
    return FileFacts(
        clipped_runs=runs.count,
        clipped_at=tuple(frame / rate for frame in runs.places),
        dc_offset=float(np.abs(sums).max() / position) if position else 0.0,
        silence_start=(first_sound if sounds else position) / rate,
        silence_end=(position - 1 - last_sound if sounds else position) / rate,
    )


class _Runs:
    """Counts runs at full scale across blocks, channel by channel."""

    def __init__(self, channels: int) -> None:
        self.count = 0
        self.places: list[int] = []
        self._open = [0] * channels
        self._position = 0

    def take(self, block: Samples) -> None:
        if float(np.max(np.abs(block), initial=0.0)) >= _FULL or any(self._open):
            for channel, values in enumerate(block.T):
                levels = np.abs(values)
                # What goes beyond full scale, as floats do, has not been cut off there.
                self._channel(channel, (levels >= _FULL) & (levels <= 1.0))
        self._position += len(block)

    def _channel(self, channel: int, full: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> None:
        edges = np.flatnonzero(np.diff(np.concatenate(([False], full, [False])).astype(np.int8)))
        for start, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            length, began = stop - start, self._position + start
            if start == 0:
                length, began = length + self._open[channel], began - self._open[channel]
            elif self._open[channel]:
                self._close(channel)
            if stop == len(full):
                self._open[channel] = length
                continue
            self._open[channel] = 0
            self._note(length, began)
        if self._open[channel] and not full[-1]:
            self._close(channel)

    def _close(self, channel: int) -> None:
        self._note(self._open[channel], self._position - self._open[channel])
        self._open[channel] = 0

    def _note(self, length: int, began: int) -> None:
        if length >= _SHORTEST_RUN:
            self.count += 1
            if len(self.places) < _MOST_TIMES:
                self.places.append(began)

    def finish(self) -> None:
        for channel, length in enumerate(self._open):
            if length:
                self._close(channel)
