"""A look-ahead limiter whose ceiling holds between the samples too, as a stream and for whole arrays.

Two stages in one: the first reads every stretch at 4 points per sample and does the work; the second reads what came out
at 16 points where it is near the ceiling, and takes off the tenths of a decibel that the first could not see. What the
moving gain itself adds afterwards fits into a small headroom.
"""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.chunked_stage import ChunkedStage
from grammy_desktop.core.limiter_floor import Curve
from grammy_desktop.core.limiter_gain import CORRECTION, MUSIC, GainCurve, GainTimes, levels_over
from grammy_desktop.core.peak_points import FINE_REACH, LATENCY, fine_peaks, local_maxima, quick_peaks
from grammy_desktop.core.stream import process_samples
from grammy_desktop.core.true_peak import BLOCK, peak_between_samples

HEADROOM = 0.1
"""dB kept below the ceiling: what other meters' interpolation filters may read more."""
_CONTROL_SAMPLES = 8
"""Samples per control value at 44.1 and 48 kHz."""
_CHUNK = 16_384
"""Frames; a multiple of `BLOCK` and of every control step, small enough for the processor's cache."""
_QUICK = 4
_JUDGE = 16
_SHOWN = 0.9
"""What the quick reading shows at least of a peak: between its points 0.92, and less of what is near 0.5 of the rate."""
_SECOND_AIM = 0.02
"""dB below the goal that the second stage aims at: its own gain moves too."""


def control_step(sample_rate: int) -> int:
    """Frames per value of the limiter's gain."""
    return _CONTROL_SAMPLES << max(0, round(float(np.log2(sample_rate / 46_000))))


class LimiterStage(ChunkedStage):
    """A `Processor` for 1 to 8 linked channels: no true peak above `ceiling_dbtp`; what is below it passes bit for bit.

    times: how the gain moves. draft: with 2 points per sample and without the second stage; nearly as loud, in half the time.
    """

    def __init__(
        self, sample_rate: int, channels: int, ceiling_dbtp: float, *, times: GainTimes = MUSIC, draft: bool = False
    ) -> None:
        self._sample_rate = sample_rate
        self._control = control_step(sample_rate)
        self._goal = 10 ** ((ceiling_dbtp - HEADROOM) / 20)
        self._quick = 2 if draft else _QUICK
        self._window = np.zeros((channels, LATENCY + _CHUNK), np.float32)
        self._highest_before = np.float32(0)
        self._first = GainCurve(times, sample_rate, self._control)
        self._delayed = _Delay(channels, BLOCK + self._first.latency)
        self._second = None if draft else _SecondStage(sample_rate, channels, self._control, self._goal)
        self._readings = _Delay(1, self._first.latency)
        second = self._second.latency if self._second is not None else 0
        super().__init__(channels=channels, chunk=_CHUNK, latency=BLOCK + self._first.latency + second)

    def _work(self, chunk: Samples) -> Samples:
        window = self._window
        window[:, :LATENCY] = window[:, _CHUNK:]
        window[:, LATENCY:] = chunk
        readings = quick_peaks(window, self._sample_rate, self._quick, self._goal * _SHOWN)
        gain = self._first.push(levels_over(self._per_step(readings), self._goal))
        late = self._delayed.push(chunk)
        limited = late if gain is None else late * gain
        if self._second is None:
            return limited.copy() if gain is None else limited
        readings = self._readings.push(readings[None])[0]
        return self._second.push(limited, readings if gain is None else readings * gain)

    def _per_step(self, readings: Samples) -> Curve:
        # A peak between two samples needs both of them turned down.
        both = readings.copy()
        np.maximum(both[1:], readings[:-1], out=both[1:])
        both[0] = max(both[0], self._highest_before)
        self._highest_before = readings[-1]
        return np.asarray(both.reshape(-1, self._control).max(axis=1), np.float64)


class _SecondStage:
    """Takes off what is left above the goal at 16 points per sample, `latency` frames late."""

    def __init__(self, sample_rate: int, channels: int, step: int, goal: float) -> None:
        self._sample_rate = sample_rate
        self._control = step
        self._goal = goal
        self._aim = goal * 10 ** (-_SECOND_AIM / 20)
        self._curve = GainCurve(CORRECTION, sample_rate, step)
        # Whole steps, so that stretches stay where they are; one frame more for the neighbours of a local maximum.
        self._late = -(-(FINE_REACH + 2) // step) * step
        self._window = np.zeros((channels, 2 * self._late + _CHUNK), np.float32)
        self._readings = np.zeros(2 * self._late + _CHUNK, np.float32)
        self._delayed = _Delay(channels, self._late + self._curve.latency)
        self.latency = self._late + self._curve.latency

    def push(self, limited: Samples, readings: Samples) -> Samples:
        keep = 2 * self._late
        for held, fresh in ((self._window, limited), (self._readings, readings)):
            held[..., :keep] = held[..., _CHUNK:]
            held[..., keep:] = fresh
        gain = self._curve.push(levels_over(self._peaks(), self._aim))
        late = self._delayed.push(limited)
        return late.copy() if gain is None else late * gain

    def _peaks(self) -> Curve:
        """Per step of the chunk that ends `_late` frames ago: its highest precise reading, 0 where it is not near the goal."""
        first, last = self._late - 1, self._late + _CHUNK
        near = local_maxima(self._readings[first - 1 : last + 1], self._goal * _SHOWN) + first - 1
        peaks = np.zeros(_CHUNK // self._control + 2)
        if len(near):
            found = fine_peaks(self._window, self._sample_rate, near)
            over = found > self._goal
            # From half a frame before to one after: where that crosses into another step, both are turned down.
            for offset in (-1, 0, 1):
                steps = (near[over] + offset - self._late) // self._control + 1
                np.maximum.at(peaks, steps, found[over])
        return peaks[1:-1]


class _Delay:
    """Rows of values, `frames` late."""

    def __init__(self, rows: int, frames: int) -> None:
        self._whole, self._rest = divmod(frames, _CHUNK)
        # A ring of chunks: what waits for a second is not moved again and again.
        self._ring = np.zeros((self._whole + 2, rows, _CHUNK), np.float32)
        self._out = np.empty((rows, _CHUNK), np.float32)
        self._number = 0

    def push(self, chunk: Samples) -> Samples:
        """What comes out is overwritten by the next call."""
        ring, rest = self._ring, self._rest
        ring[self._number] = chunk
        newer = (self._number - self._whole) % len(ring)
        self._out[:, :rest] = ring[newer - 1][:, _CHUNK - rest :]
        self._out[:, rest:] = ring[newer][:, : _CHUNK - rest]
        self._number = (self._number + 1) % len(ring)
        return self._out


def limit_true_peak(samples: Samples, sample_rate: int, ceiling_dbtp: float) -> Samples:
    """`samples` (float32 [frames, channels]) with no true peak above `ceiling_dbtp`; same length, no delay.

    Channels are linked. Signals below the ceiling come back unchanged. Judged at 16 points per sample.
    """
    goal = 10 ** ((ceiling_dbtp - HEADROOM) / 20)
    # Where samples themselves are over, there is no need to look between them yet.
    peak = float(np.max(np.abs(samples), initial=0.0))
    if peak <= goal and peak_between_samples(samples, sample_rate, _JUDGE) <= goal:
        return samples
    limited = process_samples(samples, LimiterStage(sample_rate, samples.shape[1], ceiling_dbtp))
    peak = peak_between_samples(limited, sample_rate, _JUDGE)
    allowed = goal * 10 ** (HEADROOM / 2 / 20)
    return limited if peak <= allowed else limited * np.float32(allowed / peak)
