"""Silences what is quiet: opens before a sound begins, and does not chatter at its end."""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.audio import Samples
from grammy_desktop.core.chunked_stage import ChunkedStage
from grammy_desktop.core.effects.control_gain import Curve, DelayLine, GainRider

_AHEAD_STEPS = 5
"""Control steps, about milliseconds: so much before a sound the gate begins to open."""
_CHUNK = 16_384


class GateStage(ChunkedStage):
    """Channels linked: the loudest opens for all. Levels in dBFS (RMS of 5 ms), times in ms.

    Opens above `threshold_db`, closes `hysteresis_db` below it and `hold_ms` later, then turns down by `range_db`.
    """

    def __init__(
        self,
        sample_rate: int,
        channels: int,
        *,
        threshold_db: float,
        hysteresis_db: float,
        range_db: float,
        attack_ms: float,
        hold_ms: float,
        release_ms: float,
    ) -> None:
        door = _Door(threshold_db, threshold_db - hysteresis_db, round(hold_ms), range_db)
        # What the gate calls attack is its opening, where the reduction falls.
        self._rider = GainRider(door.reduction, sample_rate, attack_ms=release_ms, release_ms=attack_ms)
        latency = self._rider.latency + _AHEAD_STEPS * self._rider.step
        chunk = _CHUNK // self._rider.step * self._rider.step
        super().__init__(channels=channels, chunk=chunk, latency=latency)
        self._line = DelayLine(channels, latency, chunk)

    def _work(self, chunk: Samples) -> Samples:
        rows = np.ascontiguousarray(chunk)
        return self._line.push(rows) * self._rider.push(rows)


class _Door:
    """Open or closed at each control step, `_AHEAD_STEPS` later than the levels."""

    def __init__(self, opens_db: float, closes_db: float, hold_steps: int, range_db: float) -> None:
        self._opens_db, self._closes_db = opens_db, closes_db
        self._hold_steps = hold_steps
        self._range_db = range_db
        self._is_open = False
        self._since_open = hold_steps + 1
        self._ahead = np.zeros(_AHEAD_STEPS, bool)

    def reduction(self, levels: Curve) -> Curve:
        """dB to take off."""
        states = np.concatenate([self._ahead, self._held(self._followed(levels))])
        self._ahead = states[len(levels) :]
        reaches = np.lib.stride_tricks.sliding_window_view(states, _AHEAD_STEPS + 1)
        return np.where(reaches.any(axis=1), 0.0, self._range_db)

    def _followed(self, levels: Curve) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Hysteresis: between the two thresholds the state stays what it was."""
        steps = np.arange(1, len(levels) + 1)
        last_above = np.maximum.accumulate(np.where(levels > self._opens_db, steps, 0))
        last_below = np.maximum.accumulate(np.where(levels <= self._closes_db, steps, 0))
        states = np.where((last_above == 0) & (last_below == 0), self._is_open, last_above > last_below)
        self._is_open = bool(states[-1])
        return states

    def _held(self, states: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Each opening lasts `hold_steps` longer."""
        steps = np.arange(len(states))
        last_open = np.maximum.accumulate(np.where(states, steps, -1 - self._since_open))
        gap = steps - last_open
        self._since_open = int(gap[-1])
        held: np.ndarray[tuple[int], np.dtype[np.bool_]] = gap <= self._hold_steps
        return held
