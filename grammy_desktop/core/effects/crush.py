"""Fewer bits and fewer samples, the way early samplers had them."""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.audio import Samples


class CrushStage:
    """Holds a sample until the next one of the lower rate, and rounds to 2^bits steps of full scale (no delay)."""

    def __init__(self, sample_rate: int, channels: int, *, bits: float, rate_hz: float) -> None:
        self._steps = np.float32(2 ** (bits - 1)) if bits < 24 else None
        self._ratio = rate_hz / sample_rate if rate_hz < sample_rate else None
        self._frame = 0
        self._held = np.zeros((1, channels), np.float32)

    def process(self, block: Samples) -> Samples:
        if len(block) == 0:
            return block
        held = block if self._ratio is None else self._hold(block, self._ratio)
        if self._steps is None:
            return held
        rounded: Samples = np.rint(held * self._steps)
        rounded /= self._steps
        return rounded

    def finish(self) -> Samples:
        return self._held[:0]

    def _hold(self, block: Samples, ratio: float) -> Samples:
        """Each frame becomes the first of its period."""
        frames = self._frame + np.arange(len(block))
        self._frame += len(block)
        begins = np.ceil(np.floor(frames * ratio) / ratio).astype(np.int64)
        first = np.minimum(begins, frames) - frames[0]
        joined = np.concatenate([self._held, block])
        # A period that began before this block has its value in front.
        held: Samples = joined[np.maximum(first + 1, 0)]
        self._held = held[-1:].copy()
        return held
