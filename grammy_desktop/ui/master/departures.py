"""Where a tone leaves the band of released music. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LEAST_DB = 0.5
"""Smaller departures are within what a measurement of another stretch of the song would change."""
LOWEST_HZ, HIGHEST_HZ = 30.0, 16_000.0
MOST = 3


@dataclass(frozen=True)
class Departure:
    """`db` is how far outside at the worst place: positive above the band, negative below it. `level` is the curve there."""

    frequency: float
    db: float
    level: float


def departures(
    frequencies: Sequence[float],
    curve: Sequence[float],
    low: Sequence[float | None],
    high: Sequence[float | None],
) -> list[Departure]:
    """The worst place of each stretch outside of the band, at most three, from low to high frequency. Where the band is None
    nothing is known."""
    found: list[Departure] = []
    worst: Departure | None = None
    for f, level, bottom, top in zip(frequencies, curve, low, high, strict=False):
        if bottom is None or top is None:
            continue
        out = level - top if level > top else level - bottom if level < bottom else 0.0
        here = Departure(f, out, level) if LOWEST_HZ <= f <= HIGHEST_HZ and abs(out) >= LEAST_DB else None
        if worst is not None and (here is None or (here.db > 0) != (worst.db > 0)):
            found.append(worst)
            worst = None
        if here is not None and (worst is None or abs(here.db) > abs(worst.db)):
            worst = here
    if worst is not None:
        found.append(worst)
    chosen = sorted(found, key=lambda each: -abs(each.db))[:MOST]
    return sorted(chosen, key=lambda each: each.frequency)
