"""What a running meter shows: figures that are brought up to date by what is new, not computed from the beginning."""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.loudness.figures import (
    GATING_STEP,
    MOMENTARY,
    SHORT_TERM,
    SILENCE,
    Curve,
    gated_loudness,
    loudness_of,
)


class GrowingCurve:
    """Numbers that are appended to; memory grows by doubling."""

    def __init__(self) -> None:
        self._room = np.empty(256)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def values(self) -> Curve:
        """A view, valid until the next `append`."""
        return self._room[: self._count]

    def append(self, values: Curve) -> None:
        count = self._count + len(values)
        if count > len(self._room):
            room = np.empty(max(count, 2 * len(self._room)))
            room[: self._count] = self.values
            self._room = room
        self._room[self._count : count] = values
        self._count = count


class LiveFigures:
    """Follows the power of 10 ms hops."""

    def __init__(self) -> None:
        self._power = GrowingCurve()
        self._blocks = GrowingCurve()
        """Power of BS.1770's blocks of 400 ms, one every 100 ms."""
        self._highest = {MOMENTARY: 0.0, SHORT_TERM: 0.0}

    def append(self, power: Curve) -> None:
        """power: of the hops that are new."""
        before = len(self._power)
        self._power.append(power)
        for width in self._highest:
            new = self._windows(width, before)
            self._highest[width] = max(self._highest[width], float(new.max(initial=0.0)))
        new = self._windows(MOMENTARY, before)
        # The first window ends with hop MOMENTARY, from there every tenth is one of the gating blocks.
        first_end = max(before, MOMENTARY - 1) + 1
        self._blocks.append(new[(MOMENTARY - first_end) % GATING_STEP :: GATING_STEP])

    @property
    def power(self) -> Curve:
        """Of all whole hops so far."""
        return self._power.values

    @property
    def momentary(self) -> float:
        """LUFS of the last 400 ms, the silence before the beginning included; SILENCE at least."""
        return self._last(MOMENTARY)

    @property
    def short_term(self) -> float:
        """LUFS of the last 3 s, likewise."""
        return self._last(SHORT_TERM)

    @property
    def momentary_max(self) -> float:
        """LUFS of the loudest 400 ms; SILENCE at least, and as long as there are none."""
        return _shown(self._highest[MOMENTARY])

    @property
    def short_term_max(self) -> float:
        """LUFS of the loudest 3 s, likewise."""
        return _shown(self._highest[SHORT_TERM])

    @property
    def integrated(self) -> float | None:
        """LUFS so far; None for silence or less than 400 ms. A tenth of a millisecond of work for each hour."""
        return gated_loudness(self._blocks.values)

    def _last(self, width: int) -> float:
        return _shown(float(self.power[-width:].sum()) / width)

    def _windows(self, width: int, before: int) -> Curve:
        """Power of the windows of `width` hops that end with one of the hops from number `before` on."""
        power = self.power[max(0, before + 1 - width) :]
        if len(power) < width:
            return np.zeros(0)
        energy = np.concatenate([np.zeros(1), np.cumsum(power)])
        return np.asarray(np.maximum(0.0, energy[width:] - energy[:-width]) / width)


def _shown(power: float) -> float:
    return max(SILENCE, float(loudness_of(np.array([power]))[0]))
