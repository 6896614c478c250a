"""Where the harmony and the bass move: bars begin there more often than elsewhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.analysis.pitches import LOWEST, NOTES, RATE, Pitches

Floats = NDArray[np.float64]

_MIDI = LOWEST + np.arange(NOTES)
TREBLE = np.interp(_MIDI, [46, 55, 84, 98], [0.0, 1.0, 1.0, 0.0])
"""Weight of each note in what is heard as the chord."""
BASS = np.interp(_MIDI, [24, 28, 46, 56], [0.5, 1.0, 1.0, 0.0])
"""Weight of each note in what is heard as the bass."""


def chroma(pitches: Pitches, weight: Floats) -> Floats:
    """[frames, 12]: the notes folded into pitch classes, C first."""
    weighted = pitches.notes.astype(np.float64) * weight
    return np.asarray(weighted.reshape(weighted.shape[0], NOTES // 12, 12).sum(axis=1))


def harmonic_change(pitches: Pitches, *, reach: float = 0.4) -> Floats:
    """[frames, 2] from 0 to 1: how far chord and bass of the `reach` seconds after differ from those before."""
    return np.stack([_change(chroma(pitches, weight), reach) for weight in (TREBLE, BASS)], axis=1)


def _change(rows: Floats, reach: float) -> Floats:
    frames = max(1, round(reach * RATE))
    total = np.vstack([np.zeros(12), np.cumsum(np.sqrt(rows), axis=0)])
    count = rows.shape[0]
    at = np.arange(count)
    before = total[at] - total[np.maximum(at - frames, 0)]
    after = total[np.minimum(at + frames, count)] - total[at]
    size = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    likeness = np.where(size > 1e-9, (before * after).sum(axis=1) / np.maximum(size, 1e-12), 1.0)
    return np.asarray(1.0 - np.clip(likeness, 0.0, 1.0))
