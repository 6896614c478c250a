"""From how far peaks exceed a ceiling to a gain that keeps them under it: looks ahead, holds, releases, rounds corners.

All in dB of attenuation at a control rate. The highest need of the next milliseconds is held, released exponentially and
smoothed by windows that are together no longer than the hold: what averages only values at or above the need cannot fall
below it, so the ceiling holds by construction.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.audio import Samples

_INAUDIBLE = 1e-4
"""dB: a release ends here, so that what needs no limiting comes back bit for bit."""

Curve = NDArray[np.float64]


@dataclass(frozen=True)
class Busy:
    """While peaks keep coming, the gain returns slowly: it shall not follow each of them. Seconds.

    hold: after a peak that it still counts as busy. short, long: time constants of the release after a first peak and
    after long limiting, between which `build` leads.
    """

    hold: float
    short: float
    long: float
    build: float


@dataclass(frozen=True)
class Floor:
    """Attenuation that is kept from one beat to the next, so that dense music does not pump. Seconds, dB.

    charge: time constant of the mean it is made of. share: how much of a small mean; of a large one less, at most `most`
    dB. release: time constant while limiting goes on; `ended` without a peak for `hold`.
    """

    charge: float
    share: float
    most: float
    release: float
    hold: float
    ended: float


@dataclass(frozen=True)
class GainTimes:
    """half_lookahead: seconds; the gain starts to move twice this before a peak. release: time constant in seconds."""

    half_lookahead: float
    release: float
    busy: Busy | None = None
    floor: Floor | None = None


MUSIC = GainTimes(
    0.0015,
    0.06,
    Busy(hold=0.008, short=0.4, long=2.0, build=0.6),
    Floor(charge=0.6, share=1.0, most=8.0, release=1.0, hold=0.7, ended=0.06),
)
"""A single transient is over before the ear misses anything; dense music does not pump with each beat.

Tuned over the sixty signals of the limiter's proof: as much loudness as can be kept with the least change of waveform.
"""
DRIVEN = GainTimes(0.001, 0.06, floor=Floor(charge=0.2, share=0.8, most=60.0, release=0.5, hold=10.0, ended=0.5))
"""For masters that are driven to a loudness: gives the gain back sooner, so that 2 to 5 dB less drive is needed for it."""
CORRECTION = GainTimes(0.0005, 0.01)
"""For tenths of a decibel that are left."""


class AttenuationShaper:
    """`GainTimes` as a stream of control values: as many come out as go in, `latency` values late."""

    def __init__(self, times: GainTimes, control_rate: float) -> None:
        half = max(1, round(times.half_lookahead * control_rate))
        # One more on each side for the interpolation between control values.
        self._held = _Held(half + 1)
        self._pace = _Pace(times, control_rate)
        self._release = _Release()
        self._floor = _Floor(times.floor, control_rate) if times.floor is not None else None
        self._smooth = _Smooth(half)
        self.latency = 2 * half + 1

    def push(self, need: Curve) -> Curve:
        held = self._held.push(need)
        released = self._release.push(held, self._pace.push(held))
        if self._floor is not None:
            released = np.maximum(released, self._floor.push(released, held))
        return self._smooth.push(released)


class GainCurve:
    """Control values of need in, a linear gain per frame out, `latency` frames late."""

    def __init__(self, times: GainTimes, sample_rate: int, step: int) -> None:
        """step: frames per control value."""
        self._shaper = AttenuationShaper(times, sample_rate / step)
        share = (np.arange(step) + 0.5) / step if step % 2 == 0 else np.arange(step) / step
        self._weights = np.stack([1 - share, share]).astype(np.float32)
        self._last = 1.0
        # Values stand in the middle of their step; lines are drawn from the one before to the newest.
        self.latency = self._shaper.latency * step + step - step // 2

    def push(self, need: Curve) -> Samples | None:
        """[n] dB in, float32 [n * step] out; None where the gain is 1 throughout."""
        attenuation = self._shaper.push(need)
        if self._last == 1.0 and not attenuation.any():
            return None
        gains = 10 ** (attenuation / -20)
        ends = np.empty((len(gains), 2), np.float32)
        ends[0, 0] = self._last
        ends[1:, 0] = gains[:-1]
        ends[:, 1] = gains
        self._last = float(gains[-1])
        lines: Samples = ends @ self._weights
        return lines.reshape(-1)


def attenuation_needed(peaks: Curve, ceiling: float) -> Curve:
    """dB by which each of `peaks` exceeds `ceiling` (both linear); 0 where it does not."""
    return np.asarray(20 * np.log10(np.maximum(peaks, ceiling) / ceiling))


def shape_attenuation(need: Curve, control_rate: float, times: GainTimes = MUSIC) -> Curve:
    """Hold, release and smooth a whole curve of `need` (dB of attenuation, >= 0); the result is nowhere below it."""
    shaper = AttenuationShaper(times, control_rate)
    late = np.concatenate([shaper.push(np.asarray(need, np.float64)), shaper.push(np.zeros(shaper.latency))])
    return late[shaper.latency :]


class _Held:
    """The highest value from `reach` before to `reach` after; `reach` values late."""

    def __init__(self, reach: int) -> None:
        self._reach = reach
        self._past = np.zeros(2 * reach)

    def push(self, values: Curve) -> Curve:
        from scipy.ndimage import maximum_filter1d

        known = np.concatenate([self._past, values])
        self._past = known[len(values) :]
        return np.asarray(maximum_filter1d(known, 2 * self._reach + 1)[self._reach : self._reach + len(values)])


class _Release:
    """out[n] = max(in[n], out[n - 1] e^-fall[n]), as a running maximum of log in[k] + the sum of all falls up to k."""

    def __init__(self) -> None:
        self._log = -math.inf

    def push(self, values: Curve, fall: Curve) -> Curve:
        if self._log == -math.inf and not values.any():
            return values
        ramp = np.cumsum(fall)
        with np.errstate(divide="ignore"):
            raised = np.log(values) + ramp
        raised[0] = max(raised[0], self._log)
        level = np.maximum.accumulate(raised) - ramp
        out = np.exp(level)
        out[out < _INAUDIBLE] = 0.0
        self._log = float(level[-1]) if out[-1] > 0 else -math.inf
        return np.asarray(out)


class _Recent:
    """Whether anything was above 0 within the last `reach` values."""

    def __init__(self, reach: int) -> None:
        self._reach = reach
        self._since = reach + 1

    def push(self, values: Curve) -> NDArray[np.bool_]:
        index = np.arange(len(values))
        last = np.maximum.accumulate(np.where(values > 0, index, -self._since))
        self._since = min(self._reach + 1, int(len(values) - last[-1]))
        return np.asarray(index - last <= self._reach)


class _Pace:
    """How fast the attenuation falls at each value, in nepers."""

    def __init__(self, times: GainTimes, control_rate: float) -> None:
        self._fall = 1 / (times.release * control_rate)
        self._busy = times.busy
        if times.busy is not None:
            self._recent = _Recent(round(times.busy.hold * control_rate))
            self._mean = _Mean(times.busy.build * control_rate)
            self._slowest = 1 / (times.busy.short * control_rate)
            self._slower = math.log(times.busy.short / times.busy.long)

    def push(self, held: Curve) -> Curve:
        if self._busy is None:
            return np.full(len(held), self._fall)
        on = self._recent.push(held)
        share = self._mean.push(on.astype(np.float64))
        return np.where(on, self._slowest * np.exp(self._slower * share), self._fall)


class _Floor:
    def __init__(self, floor: Floor, control_rate: float) -> None:
        self._floor = floor
        self._mean = _Mean(floor.charge * control_rate)
        self._recent = _Recent(round(floor.hold * control_rate))
        self._falls = 1 / (floor.release * control_rate), 1 / (floor.ended * control_rate)
        self._release = _Release()

    def push(self, released: Curve, held: Curve) -> Curve:
        mean = self._mean.push(released)
        on = self._recent.push(held)
        kept = np.where(on, self._floor.share * mean / (1 + mean / self._floor.most), 0.0)
        return self._release.push(kept, np.where(on, *self._falls))


class _Mean:
    """One pole."""

    def __init__(self, time_constant: float) -> None:
        self._keep = math.exp(-1 / time_constant)
        self._state = np.zeros(1)

    def push(self, values: Curve) -> Curve:
        from scipy.signal import lfilter

        if self._state[0] == 0.0 and not values.any():
            return values
        mean, self._state = lfilter([1 - self._keep], [1, -self._keep], values, zi=self._state)
        if self._state[0] < _INAUDIBLE**2:
            self._state = np.zeros(1)
        return np.asarray(mean)


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
