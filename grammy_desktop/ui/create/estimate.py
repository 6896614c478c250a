"""How long creating takes on this computer, only from its own past songs."""

from __future__ import annotations

import math
from statistics import median

from grammy_desktop.ui.memory import Memory

_KEY = "pace.create"
_KEPT = 12


class Pace:
    """Seconds of work per second of song, of the last songs made here."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def note(self, elapsed: float, duration: float) -> None:
        """A song of `duration` seconds took `elapsed` seconds."""
        if elapsed <= 0 or duration <= 0:
            return
        kept = [*self._values(), [round(elapsed, 3), round(duration, 3)]]
        self._memory.remember(_KEY, kept[-_KEPT:])

    def estimate(self, duration: float, takes: int, at_once: int) -> float | None:
        """Seconds for `takes` songs with `at_once` side by side; None before the first song."""
        values = self._values()
        if not values:
            return None
        each = median(elapsed / length for elapsed, length in values) * duration
        return each * math.ceil(takes / max(1, at_once))

    def _values(self) -> list[list[float]]:
        stored = self._memory.recall(_KEY) or []
        return [pair for pair in stored if isinstance(pair, list) and len(pair) == 2 and pair[1] > 0]
