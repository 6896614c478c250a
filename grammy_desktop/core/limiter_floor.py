"""Attenuation that stays between the peaks: as constant as it can be for the loudness of an ordinary limiter.

What a limiter changes beyond a level is how much its gain moves. For a given loudness the least residual (after gain
matching) has a gain that is constant but where a peak needs less: with Lagrange's multipliers, of all gains under the
peaks' bound the best is the smaller of that bound and one constant. So for every stretch of a few seconds that constant is
looked for at which as much energy is left as an ordinary limiter's exponential release would leave; only what exceeds it
has to be moved quickly. Where limiting hardly ever pauses, more loudness is given for a gain that stands still; a lone
peak leaves its surroundings alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Curve = NDArray[np.float64]

LOWEST = -120.0
"""dB: silence."""
_SILENT = LOWEST + 1
_HOP = 0.1
"""Seconds for which one constant is found."""
_BINS, _BIN = 64, 0.5
"""Of attenuation; dB each."""
_DENSE_FROM = 0.3
"""Share of the time with peaks from which limiting counts as dense."""
_LONE, _LONE_UNTIL = 0.005, 0.02
"""Up to the one, peaks are alone; from the other on they are music."""
_KEPT = 8
"""Floors of the past that lines are still drawn between, and a few more."""
_ENERGY, _ORDINARY, _BUSY, _ACTIVE = range(4)
_FIRST_BIN = 4


@dataclass(frozen=True)
class Floor:
    """reach: seconds that are looked at to each side. hold, release: seconds, of the ordinary limiter. dense: 0 to 1, how

    far the constant goes to the highest peak where limiting never pauses.
    """

    reach: float
    hold: float
    release: float
    dense: float


class FloorCurve:
    """The floor for a stream of control values, `latency` values late."""

    def __init__(self, floor: Floor, control_rate: float) -> None:
        self._hop = max(1, round(_HOP * control_rate))
        self._reach = max(1, round(floor.reach / _HOP))
        self._dense = floor.dense
        # A smooth window: what enters it shall not make the floor jump.
        weights = np.hanning(2 * self._reach + 3)[1:-1]
        self._weights = weights / weights.sum()
        self._begun = np.zeros((4, 0))
        self._hops = np.zeros((2 * self._reach, _FIRST_BIN + 2 * _BINS))
        self._tops = np.zeros(2 * self._reach)
        self._floors = np.zeros(0)
        self._first = -self._reach
        self._taken = 0
        self.latency = (self._reach + 2) * self._hop

    def push(self, levels: Curve, held: Curve, released: Curve, ordinary: Curve) -> Curve:
        """levels: dB above the ceiling, of each value. The others dB of attenuation: needed, after a fast release, after

        the ordinary limiter's.
        """
        fresh = np.stack([power_of(levels) * (levels > _SILENT), held, released, ordinary])
        known = np.concatenate([self._begun, fresh], axis=1)
        whole = known.shape[1] // self._hop
        if whole:
            self._add(known[:, : whole * self._hop].reshape(4, whole, self._hop))
        self._begun = known[:, whole * self._hop :]
        self._taken += len(levels)
        return self._between(np.arange(self._taken - len(levels), self._taken) - self.latency)

    def _add(self, fresh: Curve) -> None:
        """[4, hops, values] more; as many floors more."""
        from scipy.ndimage import correlate1d, maximum_filter1d

        count, reach = fresh.shape[1], self._reach
        hops = np.concatenate([self._hops, _summed(*fresh)])
        tops = np.concatenate([self._tops, fresh[1].max(axis=1)])
        self._hops, self._tops = hops[count:], tops[count:]
        if tops.any():
            middle = slice(reach, reach + count)
            means = correlate1d(hops, self._weights, axis=0, mode="constant")[middle]
            found = self._found(means, maximum_filter1d(tops, 2 * reach + 1, mode="constant")[middle])
        else:
            found = np.zeros(count)
        old = self._floors[-_KEPT:]
        self._first += len(self._floors) - len(old)
        self._floors = np.concatenate([old, found])

    def _found(self, means: Curve, tops: Curve) -> Curve:
        """For each row of window `means` the constant attenuation, at most the window's highest need."""
        energy, ordinary = means[:, _ENERGY], means[:, _ORDINARY]
        busy = means[:, _BUSY] / np.maximum(means[:, _ACTIVE], 1e-12)
        share = self._dense * np.clip((busy - _DENSE_FROM) / (1 - _DENSE_FROM), 0, 1) ** 2
        wanted = (1 - share) * ordinary + share * energy * power_of(-tops)
        at_own = means[:, _FIRST_BIN : _FIRST_BIN + _BINS]
        reduced = means[:, _FIRST_BIN + _BINS :]
        candidates: Curve = _BIN * np.arange(_BINS, dtype=np.float64)
        # A candidate brings down all that is attenuated less, and leaves the rest as it is.
        less = np.cumsum(at_own, axis=1) - at_own
        kept = less * power_of(-candidates) + np.cumsum(reduced[:, ::-1], axis=1)[:, ::-1]
        row = np.arange(len(means))
        last = np.clip((kept >= wanted[:, None]).sum(axis=1) - 1, 0, _BINS - 2)
        high, low = kept[row, last], kept[row, last + 1]
        part = np.clip((high - wanted) / np.maximum(high - low, 1e-300), 0, 1)
        music = np.clip((busy - _LONE) / (_LONE_UNTIL - _LONE), 0, 1)
        return np.asarray(np.minimum(candidates[last] + _BIN * part, tops) * music)

    def _between(self, values: NDArray[np.intp]) -> Curve:
        """Straight lines between the middles of the hops."""
        if not self._floors.any():
            return np.zeros(len(values))
        return np.interp((values + 0.5) / self._hop - 0.5 - self._first, np.arange(len(self._floors)), self._floors)


def power_of(level: Curve) -> Curve:
    """dB to power; numpy's exponential is several times faster than its general power."""
    return np.asarray(np.exp(level * (math.log(10) / 10)))


def _summed(energy: Curve, held: Curve, released: Curve, ordinary: Curve) -> Curve:
    """For each row (hop): energy, what the ordinary limiter leaves of it, time with peaks, time with sound; then by how

    much is attenuated anyway: energy, and what is left of it.
    """
    hops = len(energy)
    out = np.empty((hops, _FIRST_BIN + 2 * _BINS))
    out[:, _ENERGY] = energy.sum(axis=1)
    out[:, _ORDINARY] = (energy * power_of(-ordinary)).sum(axis=1)
    out[:, _BUSY] = (held > 0).mean(axis=1)
    out[:, _ACTIVE] = energy.any(axis=1)
    bins = np.minimum((released / _BIN).astype(np.intp), _BINS - 1) + _BINS * np.arange(hops)[:, None]
    for first, weights in ((_FIRST_BIN, energy), (_FIRST_BIN + _BINS, energy * power_of(-released))):
        sums = np.bincount(bins.ravel(), weights.ravel(), minlength=hops * _BINS)
        out[:, first : first + _BINS] = sums.reshape(hops, _BINS)
    return out
