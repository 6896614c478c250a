"""Width that survives a mono loudspeaker and a record's groove: the side signal is scaled, its bass taken out."""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.chunked_stage import ChunkedStage
from grammy_desktop.core.linear_phase import LinearPhaseBank, zero_phase_lowpass

_LOWEST_CROSSOVER = 15.0
"""Hz; what lies below is no sound."""
_CHUNK = 16_384


class WidthStage(ChunkedStage):
    """Scales the side of a stereo signal by `width`; below `mono_below` Hz both channels become the same.

    The mid is untouched, so the mono sum stays what it was. The side's high-pass has linear phase (-6 dB at `mono_below`,
    48 dB an octave): sides keep their place in time.
    """

    def __init__(self, sample_rate: int, *, width: float, mono_below: float = 0.0) -> None:
        self._width = np.float32(width)
        self._bank = None
        if mono_below >= _LOWEST_CROSSOVER and width > 0:
            response = zero_phase_lowpass(4, min(mono_below, 0.4 * sample_rate), sample_rate)
            self._bank = LinearPhaseBank(response[None, :], channels=1)
            self._left = np.zeros(self._bank.reach + self._bank.chunk, np.float32)
        chunk = self._bank.chunk if self._bank else _CHUNK
        super().__init__(channels=2, chunk=chunk, latency=self._bank.reach if self._bank else 0)

    def _work(self, chunk: Samples) -> Samples:
        left, right = chunk
        half = np.float32(0.5)
        if self._bank is None:
            middle = (left + right) * half
            side = (left - right) * (half * self._width)
        else:
            reach = self._bank.reach
            self._left[:reach] = self._left[self.chunk :]
            self._left[reach:] = left
            straight, (low,) = self._bank.push((left - right)[None, :])
            middle = self._left[: self.chunk] - half * straight[0]
            side = (straight[0] - low[0]) * (half * self._width)
        out = np.empty((2, self.chunk), np.float32)
        np.add(middle, side, out=out[0])
        np.subtract(middle, side, out=out[1])
        return out
