"""matchering's brickwall limiter (Hyrax): the gain that a hard clipper would take, widened and smoothed.

Attack: the maximum within 1 ms to both sides through a one-pole filter forwards and backwards. Hold and release: the
maximum of the last millisecond through first-order low-passes. The lowest of the three gains counts.
"""

from __future__ import annotations

import math

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.mastering.matching.compatible.one_pole import UNIT, OnePole
from grammy_desktop.mastering.matching.compatible.track import RATE

THRESHOLD = (2**15 - 61) / 2**15
_NOT_NEEDED = 1 + 1e-5
"""Overshoot up to which matchering leaves the limiter out."""
_REACH = 44
"""Frames: 1 ms. The centred window has 89, that of the hold the last 44."""
_ATTACK = math.exp(-2 / _REACH)
_HOLD_HZ = 7.0
_RELEASE_HZ = 800 / 3000
_WINDOW = 64
"""Frames of the maximum that all others are put together from; also by how much they come late."""
_TAIL = UNIT
"""Frames after which the backward filter has forgotten where it began (at a tenth of them already -170 dB)."""
_HISTORY = 192
_EDGE = 6
"""Frames by which scipy's filtfilt extends either end, point-reflected."""
LATENCY = _WINDOW + _TAIL
"""Frames."""


def limiter_is_needed(peak: float) -> bool:
    return peak / THRESHOLD > _NOT_NEEDED


class Hyrax:
    """The limiter's gain for a track of `frames`, in chunks of equal size, `LATENCY` frames late."""

    def __init__(self, frames: int, chunk: int) -> None:
        """chunk: frames, a multiple of 2048."""
        self._frames = frames
        self._chunk = chunk
        self._start = -_WINDOW
        """Frame of the track where the next chunk of maxima begins."""
        self._forward = OnePole(1 - _ATTACK, _ATTACK, chunk)
        self._backward = OnePole(1 - _ATTACK, _ATTACK, chunk + _TAIL)
        self._hold, self._release = _low_pass(_HOLD_HZ, chunk), _low_pass(_RELEASE_HZ, chunk)
        # Of each curve what the next chunk still needs, then the chunk.
        self._clip = np.zeros(LATENCY + _HISTORY + chunk, np.float32)
        self._widest = np.zeros(2 * _EDGE + chunk, np.float32)
        self._rising = np.zeros(_TAIL + chunk, np.float32)
        self._falling = np.zeros(_TAIL + chunk, np.float32)
        self._back_state = 0.0

    def push(self, magnitude: Samples) -> Samples:
        """[chunk] of the louder channel's magnitude (silence after the track's end) -> [chunk] gains, 0 to 1."""
        for curve in (self._clip, self._widest, self._rising, self._falling):
            keep = len(curve) - self._chunk
            curve[:keep] = curve[self._chunk :]
        self._put_clip(magnitude)
        recent = self._put_maxima()
        self._put_falling(recent)
        attack = self._attack()
        late = len(self._clip) - self._chunk - LATENCY
        gain = np.maximum(attack, self._clip[late : late + self._chunk])
        np.maximum(gain, self._falling[: self._chunk], out=gain)
        np.subtract(np.float32(1), gain, out=gain)
        self._start += self._chunk
        return gain

    def _put_clip(self, magnitude: Samples) -> None:
        """What a hard clipper would take away: 1 - threshold / magnitude."""
        fresh = self._clip[-self._chunk :]
        np.maximum(magnitude, np.float32(THRESHOLD), out=fresh)
        np.divide(np.float32(THRESHOLD), fresh, out=fresh)
        np.subtract(np.float32(1), fresh, out=fresh)

    def _put_maxima(self) -> Samples:
        """The centred maxima go to `_widest`; returns the maxima of the last millisecond of these."""
        first = len(self._clip) - self._chunk - _WINDOW
        span = self._clip[first - 2 * _REACH :]
        width = 1
        while width < _WINDOW:
            span = np.maximum(span[:-width], span[width:])
            width *= 2

        def window(offset: int) -> Samples:
            """The maximum of 64 frames from `offset` frames away on."""
            return span[2 * _REACH + offset :][: self._chunk]

        centred = self._widest[-self._chunk :]
        np.maximum(window(-_REACH), window(_REACH + 1 - _WINDOW), out=centred)
        recent = np.maximum(window(1 - 2 * _REACH), window(1 - 2 * _REACH + _WINDOW))
        np.maximum(recent, centred, out=recent)
        if self._start < 0:
            centred[: -self._start] = recent[: -self._start] = 0
        return recent

    def _put_falling(self, recent: Samples) -> None:
        """Hold and release."""
        fresh = self._falling[-self._chunk :]
        held = self._hold.run(recent, np.empty_like(recent))
        np.maximum(recent, held, out=recent)
        self._release.run(recent, fresh)
        np.maximum(fresh, held, out=fresh)

    def _attack(self) -> Samples:
        """The centred maxima through the filter forwards and backwards, `LATENCY` late."""
        fresh = self._rising[-self._chunk :]
        self._forward.run(self._widest[-self._chunk :], fresh)
        if self._start < 0:
            _add_decay(fresh[-self._start :], self._state_at_start())
        end = self._frames - self._start
        if 0 < end <= self._chunk:
            self._back_state = self._state_at_end(end)
        if end < self._chunk:
            self._rising[max(0, _TAIL + end) :] = 0
        self._backward.state = 0.0
        backwards = self._backward.run(np.ascontiguousarray(self._rising[::-1]), np.empty_like(self._rising))[::-1]
        if -_TAIL < end <= self._chunk:
            _add_decay(backwards[: _TAIL + end][::-1], self._back_state)
        return backwards[: self._chunk]

    def _state_at_start(self) -> float:
        first = self._widest[-self._chunk :][-self._start :][: _EDGE + 1].astype(np.float64)
        before = 2 * first[0] - first[:0:-1]
        state = float(_ATTACK * before[0])
        for value in before:
            state = _ATTACK * ((1 - _ATTACK) * float(value) + state)
        return state

    def _state_at_end(self, end: int) -> float:
        """The backward filter's state at the track's last frame; `end`: that of the track within the chunk."""
        stop = len(self._widest) - self._chunk + end
        last = self._widest[stop - _EDGE - 1 : stop].astype(np.float64)
        after = []
        value = float(self._rising[_TAIL + end - 1])
        for sample in 2 * last[-1] - last[-2::-1]:
            value = (1 - _ATTACK) * float(sample) + _ATTACK * value
            after.append(value)
        state = _ATTACK * after[-1]
        for sample in reversed(after):
            state = _ATTACK * ((1 - _ATTACK) * sample + state)
        return state


def _low_pass(frequency: float, chunk: int) -> OnePole:
    """Butterworth of first order, by the bilinear transform."""
    tangent = math.tan(math.pi * frequency / RATE)
    return OnePole(tangent / (1 + tangent), (1 - tangent) / (1 + tangent), chunk, zero=1.0)


def _add_decay(samples: Samples, state: float) -> None:
    count = min(_TAIL, len(samples))
    samples[:count] += (state * _ATTACK ** np.arange(count)).astype(np.float32)
