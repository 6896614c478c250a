"""Predicts how loud clipper and limiter leave a signal, for any gain before them, in milliseconds.

Kept of the signal: the highest sample of each short stretch, and the weighted power of each 10 ms.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.limiter_gain import DRIVEN, levels_over, shape_attenuation
from grammy_desktop.core.loudness import LoudnessMeter, integrated_of
from grammy_desktop.core.oversampled import Shaper, soft_clipper
from grammy_desktop.mastering.plan import EndStage

MAX_DRIVE = 24.0
"""dB of peaks above the ceiling; more would be distortion rather than loudness."""
_STEP = 32
"""Frames of a stretch at 44.1 and 48 kHz, doubled until there are few enough."""
_MOST_STRETCHES = 2_000_000
_BISECTIONS = 12

Curve = NDArray[np.float64]


class ModelListener:
    """Hears the signal in blocks."""

    def __init__(self, frames: int, channels: int, sample_rate: int) -> None:
        self._rate = sample_rate
        self._step = _STEP * max(1, round(sample_rate / 46_000))
        while frames > self._step * _MOST_STRETCHES:
            self._step *= 2
        self._meter = LoudnessMeter(sample_rate, channels, true_peak=False)
        self._peaks: list[Samples] = []
        self._rest = np.zeros(0, np.float32)

    def push(self, block: Samples) -> None:
        self._meter.push(block)
        highest = np.abs(block[:, 0])
        for channel in range(1, block.shape[1]):
            np.maximum(highest, np.abs(block[:, channel]), out=highest)
        if len(self._rest):
            highest = np.concatenate([self._rest, highest])
        whole = len(highest) // self._step * self._step
        self._peaks.append(highest[:whole].reshape(-1, self._step).max(axis=1))
        self._rest = highest[whole:]

    def model(self, end: EndStage) -> EndModel:
        """What was heard; `end` names ceiling and clipper, its gain does not matter."""
        rest = [self._rest.max(keepdims=True)] if len(self._rest) else []
        peaks = np.concatenate([*self._peaks, *rest]).astype(np.float64)
        shaper = None
        if end.clip is not None:
            knee, limit = (end.ceiling * 10 ** (db / 20) for db in (end.clip.knee_db, end.clip.limit_db))
            shaper = soft_clipper(knee, limit)
        power = self._meter.power()
        control_rate = self._rate / self._step
        # At low rates a hop may hold but one stretch, and in long files a stretch several hops.
        edges = np.minimum((np.arange(len(power)) * control_rate / 100).astype(np.intp), len(peaks) - 1)
        return EndModel(peaks, power, edges, control_rate, end.ceiling, shaper)


@dataclass(frozen=True, eq=False)
class EndModel:
    """peaks: linear, per stretch. power: per 10 ms hop. edges: the first stretch of each hop."""

    peaks: Curve
    power: Curve
    edges: NDArray[np.intp]
    control_rate: float
    ceiling: float
    shaper: Shaper | None

    @property
    def highest_gain(self) -> float:
        """dB."""
        return MAX_DRIVE + 20 * math.log10(self.ceiling / float(self.peaks.max()))

    def loudness_at(self, gain_db: float) -> float:
        """Predicted LUFS."""
        gain = 10 ** (gain_db / 20)
        peaks = self.peaks * gain
        if self.shaper is not None:
            peaks = self.shaper(peaks.astype(np.float32)).astype(np.float64)
        attenuation = shape_attenuation(levels_over(peaks, self.ceiling), self.control_rate, DRIVEN)
        kept = 10 ** (-attenuation / 10)
        counts = np.diff(np.append(self.edges, len(kept)))
        mean = np.add.reduceat(kept, self.edges) / np.maximum(1, counts)
        level = integrated_of(self.power * mean * gain**2)
        return level if level is not None else -math.inf

    def gain_for(self, loudness: float) -> float:
        """dB of gain that the model needs for `loudness`, at most `highest_gain`; by bisection on a rising curve."""
        high = self.highest_gain
        straight = integrated_of(self.power)
        # Clipping and limiting only take loudness away: at least this much gain is needed.
        low = min(high, loudness - straight) if straight is not None else high
        if self.loudness_at(high) <= loudness:
            return high
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            if self.loudness_at(middle) < loudness:
                low = middle
            else:
                high = middle
        return (low + high) / 2
