"""Pitch curves of notes: points (time, semitones) that the pitch moves between without corners.

The time is in whatever the points are in: beats in a score, seconds where it is played.
"""

from __future__ import annotations

from bisect import bisect_right
from math import cos, pi

import numpy as np
from numpy.typing import NDArray

Points = tuple[tuple[float, float], ...]


def semitones_at(points: Points, time: float) -> float:
    """Semitones away from the note's pitch at one time; half a cosine from point to point, still outside them."""
    if not points:
        return 0.0
    place = bisect_right(points, time, key=lambda point: point[0])
    if place == 0:
        return points[0][1]
    if place == len(points):
        return points[-1][1]
    (start, before), (end, after) = points[place - 1], points[place]
    return before + (after - before) * (0.5 - 0.5 * cos(pi * (time - start) / (end - start)))


def semitones_over(points: Points, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same for many times in order; float64 [times]."""
    if not points:
        return np.zeros(len(times))
    where = np.array([point[0] for point in points])
    levels = np.array([point[1] for point in points])
    after = np.clip(np.searchsorted(where, times, side="right"), 1, max(1, len(points) - 1))
    if len(points) == 1:
        return np.full(len(times), levels[0])
    start, end = where[after - 1], where[after]
    share = np.clip((times - start) / np.maximum(end - start, 1e-9), 0.0, 1.0)
    return np.asarray(levels[after - 1] + (levels[after] - levels[after - 1]) * (0.5 - 0.5 * np.cos(np.pi * share)))


def is_still(points: Points) -> bool:
    """Whether a note with this curve keeps its written pitch."""
    return all(level == 0.0 for _, level in points)
