"""The frame in which most stages are written: fixed chunks in, delayed chunks out; alignment and ends are seen to here."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from grammy_desktop.core.audio import Samples


class ChunkedStage(ABC):
    """A `Processor` whose work is done on chunks of one size, wherever the blocks are cut: so the result cannot depend on it.

    A subclass gives `_work`, which takes chunk after chunk and returns as many frames, `latency` frames late. The delay is
    taken off here, and at the end silence is fed until as many frames have come out as went in.
    """

    def __init__(self, *, channels: int, chunk: int, latency: int = 0) -> None:
        """chunk, latency: frames."""
        self._pending = np.zeros((channels, chunk), np.float32)
        self._filled = 0
        self._taken = 0
        self._given = -latency

    @property
    def chunk(self) -> int:
        return self._pending.shape[1]

    @abstractmethod
    def _work(self, chunk: Samples) -> Samples:
        """[channels, chunk] in and out, any memory order; `chunk` is left as it is and may be gone after the call."""

    def process(self, block: Samples) -> Samples:
        rows = block.T
        self._taken += len(block)
        parts: list[Samples] = []
        start = 0
        while start < len(block):
            if self._filled == 0 and len(block) - start >= self.chunk:
                parts.append(self._step(rows[:, start : start + self.chunk]))
                start += self.chunk
                continue
            count = min(self.chunk - self._filled, len(block) - start)
            self._pending[:, self._filled : self._filled + count] = rows[:, start : start + count]
            self._filled += count
            start += count
            if self._filled == self.chunk:
                self._filled = 0
                parts.append(self._step(self._pending))
        return self._joined(parts)

    def finish(self) -> Samples:
        parts: list[Samples] = []
        while self._given < self._taken:
            self._pending[:, self._filled :] = 0
            self._filled = 0
            parts.append(self._step(self._pending))
        excess = self._given - self._taken
        if excess > 0:
            parts[-1] = parts[-1][:, : parts[-1].shape[1] - excess]
        return self._joined(parts)

    def _step(self, chunk: Samples) -> Samples:
        done = self._work(chunk)
        late = min(self.chunk, max(0, -self._given))
        self._given += self.chunk
        return done[:, late:]

    def _joined(self, parts: list[Samples]) -> Samples:
        """[frames, channels], as a view of rows: the next stage gets its rows for nothing."""
        if not parts:
            return np.zeros((0, len(self._pending)), np.float32)
        return (parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)).T
