"""How far a rendered attack lies from its MIDI time.

As the issue says: the envelope in steps of 1 ms; the attack is where it comes within 20 dB of the note's peak. Only notes
whose stem was quiet before them can be judged: no other note begins in the 30 ms before (a chord is judged by its first
note), and between 25 and 10 ms before the note the level lies 26 dB below its peak.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

_BELOW = 10 ** (-20 / 20)
_QUIET = 10 ** (-26 / 20)
_ALONE = 0.030
"""Seconds before a note in which no other may begin."""
_SEARCH = 0.060
"""Seconds around the note in which its peak may lie after, and its attack before."""


def envelope(audio: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """The highest absolute sample of each millisecond; audio: [frames, channels]."""
    loudest = np.abs(audio).max(axis=1)
    count = int(len(loudest) * 1000 // rate)
    edges = (np.arange(count) * rate) // 1000
    return np.maximum.reduceat(loudest, edges).astype(np.float64)


def attack_errors(levels: NDArray[np.float64], onsets: Iterable[float]) -> list[float]:
    """Milliseconds late (+) or early (-) of each judgeable onset; levels: `envelope`; onsets in seconds."""
    return [error for _, error in judged_attacks(levels, onsets)]


def judged_attacks(levels: NDArray[np.float64], onsets: Iterable[float]) -> list[tuple[float, float]]:
    """(onset, error) of each of them."""
    errors = []
    times = sorted(set(onsets))
    for index, time in enumerate(times):
        start = round(time * 1000)
        following = times[index + 1] if index + 1 < len(times) else time + 1.0
        end = min(len(levels), start + round(1000 * min(_SEARCH, following - time)))
        if start < 25 or end - start < 8 or (index and time - times[index - 1] < _ALONE):
            continue
        peak = float(levels[start - 10 : end].max())
        if peak < 1e-4 or float(levels[start - 25 : start - 10].max()) > _QUIET * peak:
            continue
        first = int(np.argmax(levels[start - 10 : end] >= _BELOW * peak))
        # Somewhere in that millisecond: its middle is the best guess.
        errors.append((time, start - 10 + first + 0.5 - time * 1000))
    return errors
