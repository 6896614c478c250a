"""Onsets as heard or played, put where they would be written: swing taken out, sixteenths or triplets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_TRIPLET = 2 / 3
_NEAR = 0.07
"""Beats around a place of the beat that count as it."""
_MOST_SWUNG = 0.6
"""Share of off-beat eighths at the triplet from which music is swung."""
_LEAST_EIGHTHS = 4
_CHOSEN = 0.05
"""Beats by which a triplet must explain a beat's onsets better than sixteenths do."""


def swing_point(onsets: Sequence[float]) -> float:
    """Where the second of a pair of eighths falls within its beat: 0.5 straight, up to 2/3 swung. onsets in beats."""
    places = np.mod(np.asarray(onsets, dtype=np.float64), 1.0)
    straight = int(np.sum(np.abs(places - 0.5) < _NEAR))
    late = places[np.abs(places - _TRIPLET) < _NEAR]
    # Triplets have a middle note as well, swung eighths have none.
    middle = int(np.sum(np.abs(places - 1 / 3) < _NEAR))
    swung = len(late) >= _LEAST_EIGHTHS and len(late) >= _MOST_SWUNG * (straight + len(late)) and middle < len(late) / 3
    return float(np.median(late)) if swung else 0.5


def straightened(beats: Sequence[float], point: float) -> Floats:
    """Beats with the swing taken out: what fell at `point` of a beat falls on its middle."""
    whole = np.floor(np.asarray(beats, dtype=np.float64) + 1e-9)
    inside = np.asarray(beats, dtype=np.float64) - whole
    early = inside * 0.5 / point
    late = 0.5 + (inside - point) * 0.5 / (1.0 - point)
    return np.asarray(whole + np.where(inside < point, early, late))


def on_grid(beats: Floats, *, triplets: bool = True) -> tuple[Floats, NDArray[np.bool_]]:
    """(places, whether on a triplet): every onset on the nearest sixteenth, or all off-beats of a beat on triplets.

    triplets: whether a beat may hold triplets at all.
    """
    fine = np.round(beats * 4) / 4
    three = np.round(beats * 3) / 3
    places, marks = fine.copy(), np.zeros(beats.shape, dtype=bool)
    if not triplets:
        return places, marks
    homes = np.floor(beats + 0.125)
    for home in np.unique(homes):
        own = homes == home
        off = own & (np.abs(three - np.round(three)) > 0.1)
        if not off.any():
            continue
        error = np.abs(beats[own] - fine[own]).mean() - np.abs(beats[own] - three[own]).mean()
        if error > _CHOSEN:
            places[own] = three[own]
            marks |= off
    return places, marks
