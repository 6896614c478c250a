"""A melody moved by octaves into a singer's range, its line kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.styles import PartStyle
from grammy_desktop.generation.composer.events import Event

_REST = 1.0
"""Beats of silence that end a phrase."""
_OCTAVES = (-36, -24, -12, 0, 12, 24, 36)
_STRETCH = 5
"""Semitones that a player goes beyond the style's usual range before a phrase is moved: a broken line is heard sooner."""


def in_register(melody: Sequence[Event], limits: tuple[int, int]) -> list[Event]:
    """The melody in the octave that keeps most of it in range; a phrase that lies far outside is moved as a whole."""
    if not melody:
        return []
    pitches, weights = _pitches(melody), np.array([note.length for note in melody])
    shift = min(_OCTAVES, key=lambda octaves: _cost(pitches + octaves, weights, limits))
    low, high = limits[0] - _STRETCH, limits[1] + _STRETCH
    result: list[Event] = []
    for phrase in _phrases(melody):
        own = _pitches(phrase) + shift
        extra, lengths = 0, np.array([note.length for note in phrase])
        if np.average((own < low) | (own > high), weights=lengths) > 0.5:
            extra = min(_OCTAVES, key=lambda octaves: (_outside(own + octaves, lengths, (low, high)), abs(octaves)))
        result += [replace(note, pitch=int(pitch + extra)) for note, pitch in zip(phrase, own, strict=True)]
    return result


def able(part: PartStyle, melody: Sequence[Event]) -> PartStyle:
    """The player with a range that holds the melody, so that no single note of it is folded an octave away."""
    if not melody:
        return part
    pitches, (low, high) = _pitches(melody), part.range
    # In the octave in which the player would take it.
    shift = 12 * round(((low + high) / 2 - float(np.median(pitches))) / 12)
    lowest, highest = int(pitches.min()) + shift, int(pitches.max()) + shift
    return replace(part, range=(max(low - 12, min(low, lowest)), min(high + 12, max(high, highest))))


def _pitches(melody: Sequence[Event]) -> NDArray[np.int64]:
    return np.array([note.pitch for note in melody], dtype=np.int64)


def _phrases(melody: Sequence[Event]) -> list[list[Event]]:
    phrases: list[list[Event]] = []
    for note in melody:
        if phrases and note.start - phrases[-1][-1].end < _REST:
            phrases[-1].append(note)
        else:
            phrases.append([note])
    return phrases


def _cost(pitches: NDArray[np.int64], weights: NDArray[np.float64], limits: tuple[int, int]) -> tuple[float, float]:
    """(how far outside on average, how far from the middle)."""
    middle = abs(float(np.average(pitches, weights=weights)) - sum(limits) / 2)
    return round(_outside(pitches, weights, limits), 6), middle


def _outside(pitches: NDArray[np.int64], weights: NDArray[np.float64], limits: tuple[int, int]) -> float:
    low, high = limits
    return float(np.average(np.maximum(0, np.maximum(low - pitches, pitches - high)), weights=weights))
