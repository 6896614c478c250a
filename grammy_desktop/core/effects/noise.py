"""Noise that belongs to a machine: the same seed gives the same noise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.chunked_stage import ChunkedStage
from grammy_desktop.core.filter_cascade import FilterCascade, Section, bandpass

_CHUNK = 16_384
_CLICK_HZ = (900.0, 6_000.0)
"""Between these a click rings."""
_CLICK_SECONDS = 0.0012
"""How long a click rings (time constant)."""
_CLICK_SHAPES = 64


class NoiseStage(ChunkedStage):
    """Adds filtered noise of `level_db` dBFS RMS. linked: the same in all channels."""

    def __init__(
        self, channels: int, *, level_db: float, sections: Sequence[Section], seed: int, linked: bool = False
    ) -> None:
        super().__init__(channels=channels, chunk=_CHUNK)
        self._rows = 1 if linked else channels
        self._random = np.random.default_rng(seed)
        self._colour = FilterCascade(sections, self._rows)
        # Uniform noise between -1 and 1 has a power of a third.
        self._gain = np.float32(10 ** (level_db / 20) * np.sqrt(3 / _power_gain(sections)))

    def _work(self, chunk: Samples) -> Samples:
        white = self._random.random((self._rows, self.chunk), np.float32)
        white *= 2 * self._gain
        white -= self._gain
        return chunk + self._colour.process(white.T).T


class CrackleStage(ChunkedStage):
    """Clicks at random moments, `per_second` on average; `level_db`: the peak of a click of middling size, dBFS."""

    def __init__(self, sample_rate: int, channels: int, *, level_db: float, per_second: float, seed: int) -> None:
        super().__init__(channels=channels, chunk=_CHUNK)
        self._random = np.random.default_rng(seed)
        self._expected = per_second * _CHUNK / sample_rate
        self._level = 10 ** (level_db / 20)
        self._shapes = _click_shapes(sample_rate, self._random)
        self._carry = np.zeros((channels, self._shapes.shape[1]), np.float32)

    def _work(self, chunk: Samples) -> Samples:
        channels, length = self._carry.shape
        out = np.empty((channels, self.chunk + length), np.float32)
        out[:, : self.chunk] = chunk
        out[:, self.chunk :] = 0
        out[:, :length] += self._carry
        for _ in range(int(self._random.poisson(self._expected))):
            start = int(self._random.integers(self.chunk))
            shape = self._shapes[int(self._random.integers(_CLICK_SHAPES))]
            # Dust is small far more often than large; a groove's wall is hit on one side more than on the other.
            size = self._level * self._random.exponential(1 / np.log(2))
            sides = self._random.uniform(0.2, 1.0, channels)
            out[:, start : start + length] += (size * sides / sides.max())[:, None].astype(np.float32) * shape
        self._carry = out[:, self.chunk :].copy()
        return out[:, : self.chunk]


def hiss_sections(sample_rate: int) -> tuple[Section, ...]:
    """Tape hiss: more of it in the highs."""
    from grammy_desktop.core.filter_cascade import first_order_highpass, high_shelf

    knee = min(3_000.0, 0.4 * sample_rate)
    return first_order_highpass(200.0, sample_rate), high_shelf(knee, 6.0, 0.7, sample_rate)


def rumble_sections(sample_rate: int) -> tuple[Section, ...]:
    """A turntable's motor and bearing."""
    return bandpass(28.0, 0.8, sample_rate), bandpass(40.0, 0.6, sample_rate)


def _click_shapes(sample_rate: int, random: np.random.Generator) -> Samples:
    """[_CLICK_SHAPES, frames], peak 1 each."""
    t = np.arange(max(8, round(6 * _CLICK_SECONDS * sample_rate))) / sample_rate
    low, high = _CLICK_HZ[0], min(_CLICK_HZ[1], 0.4 * sample_rate)
    pitch = np.exp(random.uniform(np.log(low), np.log(high), (_CLICK_SHAPES, 1)))
    ring = _CLICK_SECONDS * random.uniform(0.15, 1.0, (_CLICK_SHAPES, 1))
    shapes = np.exp(-t / ring) * np.cos(2 * np.pi * pitch * t) * random.choice([-1.0, 1.0], (_CLICK_SHAPES, 1))
    return np.asarray(shapes / np.abs(shapes).max(axis=1, keepdims=True), np.float32)


def _power_gain(sections: Sequence[Section]) -> float:
    """Power that white noise keeps."""
    # Dense at the bottom, where rumble lies.
    w = np.pi * np.linspace(0, 1, 1 << 15) ** 3
    z = np.exp(-1j * w)
    power = np.ones(len(w))
    for b0, b1, b2, a1, a2 in sections:
        power *= np.abs((b0 + b1 * z + b2 * z * z) / (1 + a1 * z + a2 * z * z)) ** 2
    return float(np.trapezoid(power, w) / np.pi)
