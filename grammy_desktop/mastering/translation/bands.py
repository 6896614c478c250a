"""Power by band and second, of the channels and of their sum: what mono takes away, measured as the song flows by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples

EDGES = (20.0, 60.0, 120.0, 250.0, 500.0, 1_000.0, 2_000.0, 4_000.0, 8_000.0, 16_000.0)
"""Hz; ten edges, nine bands."""
NAMES = ("sub-bass", "bass", "low mids", "mids", "mids", "upper mids", "presence", "treble", "air")
_WINDOW_SECONDS = 0.085
"""About 4,096 samples at 48 kHz: resolves 20 to 60 Hz."""

Powers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class BandPowers:
    """[seconds, bands]. channels: mean power of the channels; summed: of their mean, which is what mono plays."""

    channels: Powers
    summed: Powers

    def mono_change_db(self) -> Powers:
        """[bands]: dB that each band changes by in mono over the whole song; 0 where left equals right, -3 for unrelated."""
        return _decibels(self.summed.sum(axis=0)) - _decibels(self.channels.sum(axis=0))

    def share_db(self) -> Powers:
        """[bands]: each band's power against the whole."""
        power = self.channels.sum(axis=0)
        return _decibels(power) - _decibels(power.sum(keepdims=True))

    def between(self, low: float, high: float) -> float:
        """Mean power of the bands that lie within `low` to `high` Hz."""
        chosen = [n for n in range(len(EDGES) - 1) if EDGES[n] >= low and EDGES[n + 1] <= high]
        return float(self.channels[:, chosen].sum() / max(1, len(self.channels)))


class BandMeter:
    """Push blocks, then ask for the result; seconds that are not full are left out, unless there is no other."""

    def __init__(self, sample_rate: int) -> None:
        self._rate = sample_rate
        self._size = 1 << round(np.log2(_WINDOW_SECONDS * sample_rate))
        self._window = np.hanning(self._size + 1)[:-1].astype(np.float32)
        frequencies = np.fft.rfftfreq(self._size, 1 / sample_rate)
        self._starts = np.searchsorted(frequencies, EDGES)
        self._rest: Samples | None = None
        self._channels: list[Powers] = []
        self._summed: list[Powers] = []

    def push(self, block: Samples) -> None:
        """float32 [n, channels]."""
        rest = block if self._rest is None else np.concatenate((self._rest, block))
        whole = len(rest) // self._rate * self._rate
        for start in range(0, whole, self._rate):
            self._second(rest[start : start + self._rate])
        self._rest = rest[whole:].copy()

    def result(self) -> BandPowers:
        if not self._channels and self._rest is not None and len(self._rest) >= self._size:
            self._second(self._rest)
        empty = np.zeros((0, len(EDGES) - 1))
        if not self._channels:
            return BandPowers(empty, empty)
        return BandPowers(np.array(self._channels), np.array(self._summed))

    def _second(self, samples: Samples) -> None:
        channels = [self._bands(np.ascontiguousarray(channel)) for channel in samples.T]
        self._channels.append(np.mean(channels, axis=0))
        alike = samples.shape[1] == 1
        self._summed.append(channels[0] if alike else self._bands(samples.mean(axis=1, dtype=np.float32)))

    def _bands(self, signal: Samples) -> Powers:
        from scipy.fft import rfft

        hop = self._size // 2
        frames = np.lib.stride_tricks.sliding_window_view(signal, self._size)[::hop] * self._window
        power = np.square(np.abs(rfft(frames, axis=1))).sum(axis=0, dtype=np.float64) / len(frames)
        sums = np.concatenate(([0.0], np.cumsum(power)))
        # Bins beyond half the sample rate are none.
        edges = np.minimum(self._starts, len(power))
        return np.asarray(np.diff(sums[edges]), np.float64)


def _decibels(power: Powers) -> Powers:
    return 10 * np.log10(np.maximum(power, 1e-30))
