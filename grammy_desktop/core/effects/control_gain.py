"""Gains that follow the level: computed a thousand times a second, used for every sample, chunk after chunk.

Feed-forward, soft knee, log-domain smoothing (Giannoulis, Massberg, Reiss: Digital Dynamic Range Compressor Design,
JAES 60, 2012).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples

_CONTROL_RATE = 1_000
_MEAN_STEPS = 5
"""Of which two lie ahead: the gain begins to move before the sound that moves it."""
_LOWEST = 1e-12
"""Power, linear: -120 dBFS."""

Curve = NDArray[np.float64]


def control_step(sample_rate: int) -> int:
    """Frames per control value."""
    return max(1, round(sample_rate / _CONTROL_RATE))


class LevelFollower:
    """Mean power over 5 ms of the loudest of several rows, per step, centred: two steps late."""

    def __init__(self) -> None:
        self._powers: Curve | None = None

    def push(self, chunk: Samples, step: int) -> Curve:
        """[rows, n * step] in, n levels in dBFS out, of the steps two before."""
        stretches = chunk.reshape(len(chunk), -1, step)
        power = np.einsum("rns,rns->rn", stretches, stretches).max(axis=0).astype(np.float64) / step
        before = np.full(_MEAN_STEPS - 1, power[0]) if self._powers is None else self._powers
        joined = np.concatenate([before, power])
        self._powers = joined[len(power) :]
        sums = np.convolve(joined, np.full(_MEAN_STEPS, 1 / _MEAN_STEPS), "valid")
        return np.asarray(10 * np.log10(np.maximum(sums, _LOWEST)))


class Smoother:
    """One pole each way: rising values with the attack's time constant, falling ones with the release's."""

    def __init__(self, control_rate: float, *, attack_ms: float, release_ms: float) -> None:
        self._attack = math.exp(-1000 / (max(attack_ms, 1e-3) * control_rate))
        self._release = math.exp(-1000 / (max(release_ms, 1e-3) * control_rate))
        self._state: float | None = None

    def push(self, values: Curve) -> Curve:
        state = float(values[0]) if self._state is None else self._state
        if state < 1e-9 and not values.any():
            self._state = 0.0
            return values
        attack, release = self._attack, self._release
        smooth = []
        # A branch per step cannot be vectorised; at the control rate a plain loop takes milliseconds a minute.
        for target in values.tolist():
            state = target + (state - target) * (attack if target > state else release)
            smooth.append(state)
        self._state = state
        return np.array(smooth)


class Lines:
    """Straight lines between control values, each of which stands in the middle of its step."""

    def __init__(self, step: int) -> None:
        self.lead = step // 2
        """Frames of the last value's step that are reached."""
        share = (np.arange(step) + 0.5) / step if step % 2 == 0 else np.arange(step) / step
        self._weights = np.stack([1 - share, share]).astype(np.float32)
        self._last: float | None = None

    def push(self, values: Curve) -> Samples:
        """n values in, float32 [n * step] out: from the middle of the last step known before to that of the last now."""
        last = float(values[0]) if self._last is None else self._last
        ends = np.empty((len(values), 2), np.float32)
        ends[0, 0] = last
        ends[1:, 0] = values[:-1]
        ends[:, 1] = values
        self._last = float(values[-1])
        lines: Samples = ends @ self._weights
        return lines.reshape(-1)


class GainRider:
    """Level to gain: linear, per frame, `latency` frames late; all rows share it.

    reduction: dB to take off at each level in dBFS.
    """

    def __init__(
        self,
        reduction: Callable[[Curve], Curve],
        sample_rate: int,
        *,
        attack_ms: float,
        release_ms: float,
        makeup_db: float = 0.0,
    ) -> None:
        self.step = control_step(sample_rate)
        self._reduction = reduction
        self._levels = LevelFollower()
        self._smoother = Smoother(sample_rate / self.step, attack_ms=attack_ms, release_ms=release_ms)
        self._lines = Lines(self.step)
        self._makeup_db = makeup_db
        self.latency = (_MEAN_STEPS // 2 + 1) * self.step - self._lines.lead

    def push(self, chunk: Samples) -> Samples:
        """[rows, n * step] in, gain [n * step] out."""
        smooth = self._smoother.push(self._reduction(self._levels.push(chunk, self.step)))
        return self._lines.push(10 ** ((self._makeup_db - smooth) / 20))


class DelayLine:
    """Rows of audio, `delay` frames late: waits for a gain that looks ahead."""

    def __init__(self, rows: int, delay: int, chunk: int) -> None:
        self._buffer = np.zeros((rows, delay + chunk), np.float32)
        self._delay = delay

    def push(self, chunk: Samples) -> Samples:
        """[rows, chunk] in and out; what comes out is overwritten by the next call."""
        self._buffer[:, : self._delay] = self._buffer[:, self._buffer.shape[1] - self._delay :]
        self._buffer[:, self._delay :] = chunk
        return self._buffer[:, : chunk.shape[1]]
