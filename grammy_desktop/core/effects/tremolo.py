"""A level that swings."""

from __future__ import annotations

import math

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.chunked_stage import ChunkedStage

_CHUNK = 8_192


class TremoloStage(ChunkedStage):
    """Gain between 1 and 1 - depth, by a cosine that begins at 1; `spread`: degrees by which the right channel lags."""

    def __init__(self, sample_rate: int, channels: int, *, rate_hz: float, depth: float, spread: float) -> None:
        super().__init__(channels=channels, chunk=_CHUNK)
        self._turn = 2 * math.pi * rate_hz / sample_rate
        self._half = depth / 2
        self._lags = np.linspace(0.0, math.radians(spread), channels)
        self._frame = 0
        # One chunk's oscillation; a chunk later it is the same, turned.
        self._wave = np.exp(1j * self._turn * np.arange(_CHUNK)).astype(np.complex64)

    def _work(self, chunk: Samples) -> Samples:
        turned = np.exp(1j * (self._turn * self._frame - self._lags)).astype(np.complex64)
        self._frame += _CHUNK
        swing = (self._wave * turned[:, None]).real
        gain: Samples = np.float32(1 - self._half) + np.float32(self._half) * swing
        return chunk * gain
