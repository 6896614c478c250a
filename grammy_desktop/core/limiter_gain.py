"""From how far peaks exceed a ceiling to a gain that keeps them under it: looks ahead, holds, releases, rounds corners.

All in dB of attenuation at a control rate. The highest need of the next milliseconds is held, released exponentially,
raised to the floor where that is higher, and smoothed by windows that are together no longer than the hold: what averages
only values at or above the need cannot fall below it, so the ceiling holds by construction.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.limiter_floor import LOWEST, Curve, Floor, FloorCurve, power_of

_INAUDIBLE = 1e-4
"""dB: a release ends here, so that what needs no limiting comes back bit for bit."""
_PIECE = 65_536
"""Control values at a time."""


@dataclass(frozen=True)
class GainTimes:
    """half_lookahead: seconds; the gain starts to move twice this before a peak. release: time constant in seconds."""

    half_lookahead: float
    release: float
    floor: Floor | None = None


MUSIC = GainTimes(0.0015, 0.05, Floor(reach=1.5, hold=0.02, release=0.1, dense=0.7))
"""A single transient is over before the ear misses anything; dense music does not pump with each beat."""
DRIVEN = GainTimes(0.0015, 0.05, Floor(reach=1.5, hold=0.01, release=0.06, dense=0.0))
"""For masters that are driven to a loudness: less drive is needed for it."""
CORRECTION = GainTimes(0.0005, 0.01)
"""For tenths of a decibel that are left."""


class AttenuationShaper:
    """`GainTimes` as a stream of control values: as many come out as go in, `latency` values late."""

    def __init__(self, times: GainTimes, control_rate: float) -> None:
        half = max(1, round(times.half_lookahead * control_rate))
        # One more on each side for the interpolation between control values.
        self._held = _Held(half + 1, half + 1)
        self._release = _Release(times.release * control_rate)
        self._floor = _FloorPart(times.floor, control_rate, half + 1) if times.floor is not None else None
        self._smooth = _Smooth(half)
        self.latency = 2 * half + 1 + (self._floor.latency if self._floor is not None else 0)

    def push(self, levels: Curve) -> Curve:
        """levels: dB above the ceiling; how far below matters only to a floor, which weighs by it."""
        held = self._held.push(np.maximum(levels, 0.0))
        released = self._release.push(held)
        if self._floor is not None:
            released = self._floor.push(levels, held, released)
        return self._smooth.push(released)


class _FloorPart:
    """What is attenuated anyway, and the floor; `latency` values later than `held`."""

    def __init__(self, floor: Floor, control_rate: float, held_late: int) -> None:
        self._levels = _Late(held_late, LOWEST)
        self._hold = _Held(round(floor.hold * control_rate), 0)
        self._ordinary = _Release(floor.release * control_rate)
        self._curve = FloorCurve(floor, control_rate)
        self._released = _Late(self._curve.latency, 0.0)
        self.latency = self._curve.latency

    def push(self, levels: Curve, held: Curve, released: Curve) -> Curve:
        ordinary = self._ordinary.push(self._hold.push(held))
        floor = self._curve.push(self._levels.push(levels), held, released, ordinary)
        return np.maximum(self._released.push(released), floor)


class _Late:
    def __init__(self, values: int, before: float) -> None:
        self._past = np.full(values, before)

    def push(self, values: Curve) -> Curve:
        known = np.concatenate([self._past, values])
        self._past = known[len(values) :]
        return known[: len(values)]


class GainCurve:
    """Control values in, a linear gain per frame out, `latency` frames late."""

    def __init__(self, times: GainTimes, sample_rate: int, step: int) -> None:
        """step: frames per control value."""
        self._shaper = AttenuationShaper(times, sample_rate / step)
        share = (np.arange(step) + 0.5) / step if step % 2 == 0 else np.arange(step) / step
        self._weights = np.stack([1 - share, share]).astype(np.float32)
        self._last = 1.0
        # Values stand in the middle of their step; lines are drawn from the one before to the newest.
        self.latency = self._shaper.latency * step + step - step // 2

    def push(self, levels: Curve) -> Samples | None:
        """[n] dB above the ceiling in, float32 [n * step] out; None where the gain is 1 throughout."""
        attenuation = self._shaper.push(levels)
        if self._last == 1.0 and not attenuation.any():
            return None
        gains = power_of(attenuation / -2)
        ends = np.empty((len(gains), 2), np.float32)
        ends[0, 0] = self._last
        ends[1:, 0] = gains[:-1]
        ends[:, 1] = gains
        self._last = float(gains[-1])
        lines: Samples = ends @ self._weights
        return lines.reshape(-1)


def levels_over(peaks: Curve, ceiling: float) -> Curve:
    """dB by which each of `peaks` exceeds `ceiling` (both linear); negative where it does not."""
    return np.asarray(20 / math.log(10) * np.log(np.maximum(peaks / ceiling, 10 ** (LOWEST / 20))))


def shape_attenuation(levels: Curve, control_rate: float, times: GainTimes = MUSIC) -> Curve:
    """The attenuation (dB, >= 0) for a whole curve of `levels` (dB above the ceiling); nowhere below them."""
    shaper = AttenuationShaper(times, control_rate)
    fed = np.concatenate([np.asarray(levels, np.float64), np.full(shaper.latency, LOWEST)])
    # In pieces: what is kept of every tenth of a second would take hundreds of megabytes for hours.
    pieces = [shaper.push(fed[start : start + _PIECE]) for start in range(0, len(fed), _PIECE)]
    return np.concatenate(pieces)[shaper.latency :]


class _Held:
    """The highest value from `before` to `after`; `after` values late."""

    def __init__(self, before: int, after: int) -> None:
        self._size = before + after + 1
        self._past = np.zeros(before + after)

    def push(self, values: Curve) -> Curve:
        from scipy.ndimage import maximum_filter1d

        known = np.concatenate([self._past, values])
        self._past = known[len(values) :]
        middle = self._size // 2
        return np.asarray(maximum_filter1d(known, self._size)[middle : middle + len(values)])


class _Release:
    """out[n] = max(in[n], out[n - 1] e^(-1 / tau)), as a running maximum of log in[k] + k / tau."""

    def __init__(self, time_constant: float) -> None:
        self._fall = 1 / time_constant
        self._log = -math.inf

    def push(self, values: Curve) -> Curve:
        if len(values) == 0 or (self._log == -math.inf and not values.any()):
            return values
        ramp = self._fall * np.arange(1, len(values) + 1)
        with np.errstate(divide="ignore"):
            raised = np.log(values) + ramp
        raised[0] = max(raised[0], self._log)
        level = np.maximum.accumulate(raised) - ramp
        out = np.exp(level)
        out[out < _INAUDIBLE] = 0.0
        self._log = float(level[-1]) if out[-1] > 0 else -math.inf
        return np.asarray(out)


class _Smooth:
    """Two boxes of together `half` to each side: a triangle, without corners in the gain; `half` values late."""

    def __init__(self, half: int) -> None:
        boxes: Sequence[Curve] = [np.full(2 * part + 1, 1 / (2 * part + 1)) for part in (half // 2, half - half // 2)]
        self._kernel = np.convolve(boxes[0], boxes[1])
        self._past = np.zeros(2 * half)

    def push(self, values: Curve) -> Curve:
        known = np.concatenate([self._past, values])
        self._past = known[len(values) :]
        return np.convolve(known, self._kernel, mode="valid") if known.any() else np.zeros(len(values))
