"""How a level meter moves: up at once, down 20 dB a second, the highest peak held for 1.5 s. No Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass

FLOOR_DB = -60.0
FALL_DB_PER_S = 20.0
HOLD_S = 1.5


@dataclass
class ChannelLevel:
    """What one bar shows, in dBFS."""

    peak: float = FLOOR_DB
    rms: float = FLOOR_DB
    held: float = FLOOR_DB
    _held_for: float = 0.0

    def update(self, peak: float, rms: float, seconds: float) -> None:
        """`peak` and `rms` are linear; `seconds` since the last update."""
        fall = FALL_DB_PER_S * seconds
        peak_db, rms_db = decibels(peak), decibels(rms)
        self.peak = max(peak_db, self.peak - fall, FLOOR_DB)
        self.rms = max(rms_db, self.rms - fall, FLOOR_DB)
        self._held_for += seconds
        if peak_db >= self.held:
            self.held, self._held_for = peak_db, 0.0
        elif self._held_for > HOLD_S:
            self.held = max(self.peak, self.held - fall)

    def reset(self) -> None:
        self.peak = self.rms = self.held = FLOOR_DB
        self._held_for = 0.0


def decibels(linear: float) -> float:
    """dBFS of a linear level, not below the floor."""
    return max(FLOOR_DB, 20.0 * math.log10(linear)) if linear > 1e-9 else FLOOR_DB
