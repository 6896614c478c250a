"""The key of a handful of notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.analysis.key import KRUMHANSL, TEMPERLEY
from grammy_desktop.core.music import Key
from grammy_desktop.generation.midi_import.midi_score import RawNote

_MODES = ("major", "minor")
_TOLERATED = 0.12
"""How much worse than the best key a written signature may fit: below, the file is believed."""
_RELATIVE = 0.04
_FOREIGN = 0.1
"""Share of foreign tones that a key still bears."""


def estimate(notes: Iterable[RawNote], bass: Sequence[int]) -> tuple[Key, float]:
    """The major or minor key that fits best, and how clearly (0 to 1). bass: pitches of the lowest notes in order."""
    scores = _scores(notes, bass)
    order = np.argsort(scores, axis=None)[::-1]
    mode, tonic = np.unravel_index(int(order[0]), scores.shape)
    lead = float(scores.ravel()[order[0]] - scores.ravel()[order[1]])
    return Key(int(tonic), _MODES[int(mode)]), round(min(1.0, lead / 0.15), 2)


def judged(said: Key, notes: Sequence[RawNote], bass: Sequence[int]) -> tuple[Key, bool]:
    """The key to believe, and whether it is the one the file says.

    Many programs write C major whatever is played, and the major key of a signature where minor is meant.
    """
    scores = _scores(notes, bass)
    best, _ = estimate(notes, bass)
    of = {(mode, tonic): float(scores[row, tonic]) for row, mode in enumerate(_MODES) for tonic in range(12)}
    believed = of["minor" if said.is_minor else "major", said.tonic]
    found = of[best.mode, best.tonic]
    if best.signature_tonic == said.signature_tonic:
        # Nobody writes minor by mistake.
        return (said, True) if said.is_minor or found - believed < _RELATIVE else (best, best == said)
    foreign = _outside(said, notes) > _FOREIGN and _outside(best, notes) < 0.5 * _outside(said, notes)
    return (best, False) if foreign and found - believed >= _TOLERATED else (said, True)


def _outside(key: Key, notes: Sequence[RawNote]) -> float:
    """Share of the time in which tones sound that are none of the key's."""
    whole = sum(note.length for note in notes)
    return sum(note.length for note in notes if note.pitch % 12 not in key.scale) / max(whole, 1e-9)


def _scores(notes: Iterable[RawNote], bass: Sequence[int]) -> NDArray[np.float64]:
    """[2, 12]: how well every major and minor key fits; a correlation, and a little for the bass."""
    weights = np.zeros(12)
    for note in notes:
        weights[note.pitch % 12] += min(note.length, 4.0)
    if weights.max() - weights.min() < 1e-9:
        weights[0] += 1e-6
    scores = np.array([[_fit(weights, mode, tonic) for tonic in range(12)] for mode in _MODES])
    for place, share in ((0, 0.06), (-1, 0.06)):
        if bass:
            scores[:, bass[place] % 12] += share
    return scores


def _fit(weights: NDArray[np.float64], mode: str, tonic: int) -> float:
    return float(
        np.mean([np.corrcoef(weights, np.roll(profile[mode], tonic))[0, 1] for profile in (KRUMHANSL, TEMPERLEY)])
    )
