"""The buffer between the feeder, which may wait for a disk, and the output's callback, which may wait for nothing."""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.audio import Samples

CAPACITY = 1 << 17
"""Frames; 2.7 s at 48 kHz. Much more than is filled ahead, so that what was just heard is still there to be metered."""


class Ring:
    """One writer (the feeder), one reader (the callback). Frames are counted from the beginning and never wrap.

    The writer may take back what was not read yet, by writing over it and moving `written` down.
    Only whole Python integers are exchanged, which the interpreter swaps atomically.
    """

    def __init__(self, channels: int) -> None:
        self._samples: Samples = np.zeros((CAPACITY, channels), np.float32)
        self.read_index = 0
        self.written = 0
        self.expecting = False
        """True while the feeder means to keep sound coming: a short read is then an underrun."""

    @property
    def channels(self) -> int:
        return int(self._samples.shape[1])

    def put(self, index: int, block: Samples) -> None:
        """Write `block` at frame `index` and make it the end of what can be read."""
        self.overwrite(index, block)
        self.written = index + len(block)

    def overwrite(self, index: int, block: Samples) -> None:
        start = index % CAPACITY
        first = min(len(block), CAPACITY - start)
        self._samples[start : start + first] = block[:first]
        self._samples[: len(block) - first] = block[first:]

    def get(self, index: int, frames: int) -> Samples:
        """A copy of `frames` frames from `index`."""
        start = index % CAPACITY
        first = min(frames, CAPACITY - start)
        return np.concatenate((self._samples[start : start + first], self._samples[: frames - first]))

    def take_into(self, out: Samples) -> int:
        """The callback's part: fill `out`, with silence where there is nothing; returns how many frames there were."""
        frames = max(0, min(len(out), self.written - self.read_index))
        start = self.read_index % CAPACITY
        first = min(frames, CAPACITY - start)
        out[:first] = self._samples[start : start + first]
        out[first:frames] = self._samples[: frames - first]
        out[frames:] = 0.0
        self.read_index += frames
        return frames
