"""Brings played notes onto the beat: lay-back and swing are taken out, triplets stay triplets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.generation.midi_import.midi_score import RawNote

STEP = 0.25
"""Quarter-note beats: a sixteenth."""
_THIRD = 1.0 / 3.0
_PLACES = (0.54, 0.57, 0.6, 0.63, 2 / 3, 0.7)
"""Where the second of a pair may fall when it swings (share of the pair)."""
_WORTH = 0.72
"""Swing is believed when what is left of the notes' distance from the grid shrinks to this share."""
_NEAR_BEAT = 0.14
_LATEST = 0.12
"""Beats that a whole part may be late or early."""


@dataclass(frozen=True)
class Feel:
    """pair: beats of two swung notes together (1: eighths swing, 0.5: sixteenths). place: of the second (0.5: straight)."""

    pair: float = 1.0
    place: float = 0.5

    @property
    def per_cent(self) -> float:
        return 100.0 * self.place

    def straight(self, beats: NDArray[np.float64]) -> NDArray[np.float64]:
        """Beats as they would be without the swing."""
        pairs = np.floor(beats / self.pair + 1e-9)
        within = beats / self.pair - pairs
        even = np.where(
            within < self.place, within / self.place / 2, 0.5 + (within - self.place) / (1 - self.place) / 2
        )
        return np.asarray((pairs + even) * self.pair)


STRAIGHT = Feel()


def find_feel(notes: Sequence[RawNote]) -> Feel:
    """How the notes swing, if they do."""
    starts = np.array([note.start for note in notes])
    if len(starts) < 6:
        return STRAIGHT
    starts = starts - lateness(notes)
    best, least = STRAIGHT, _distance(starts, STRAIGHT)
    if least < 0.012:
        return STRAIGHT
    needed = _WORTH * least
    for pair in (1.0, 0.5):
        for place in _PLACES:
            distance = _distance(starts, Feel(pair, place))
            if distance < min(needed, least):
                best, least = Feel(pair, place), distance
    return STRAIGHT if _holds_triplets(starts, best) else best


def lateness(notes: Sequence[RawNote]) -> float:
    """Beats that the notes by the beats are late on the whole (negative: early)."""
    off = [note.start - round(note.start) for note in notes]
    near = [distance for distance in off if abs(distance) < _NEAR_BEAT]
    return median(near) if len(near) >= 4 and abs(median(near)) < _LATEST else 0.0


def _distance(starts: NDArray[np.float64], feel: Feel) -> float:
    steps = feel.straight(starts) / STEP
    return float(np.mean(np.abs(steps - np.round(steps)))) * STEP


def _holds_triplets(starts: NDArray[np.float64], feel: Feel) -> bool:
    """Whether the middle of triplets is played as often as their last: then nothing swings."""
    if feel.place < 0.6:
        return False
    within = starts / feel.pair - np.floor(starts / feel.pair)
    first, second = np.abs(within - 1 / 3) < 0.05, np.abs(within - feel.place) < 0.06
    return bool(first.sum() > 0.5 * second.sum())


def quantised(notes: Sequence[RawNote], feel: Feel, *, origin: float) -> tuple[RawNote, ...]:
    """The notes on sixteenths (or triplets, beat by beat) counted from `origin`, where a bar begins; none shorter than a step.

    Of notes that fall on the same step and pitch the first stays.
    """
    if not notes:
        return ()
    late = lateness([replace(note, start=note.start - origin) for note in notes])
    starts = feel.straight(np.array([note.start - origin - late for note in notes]))
    ends = feel.straight(np.array([note.end - origin - late for note in notes]))
    thirds = _triplet_beats(starts)
    made: dict[tuple[float, int], RawNote] = {}
    for note, start, end in zip(notes, starts, ends, strict=True):
        snap = _snapper(thirds)
        first = snap(float(start))
        length = max(snap(float(end)) - first, _THIRD if int(np.floor(first)) in thirds else STEP)
        made.setdefault((first, note.pitch), RawNote(first, length, note.pitch, note.velocity, note.held))
    return tuple(made[key] for key in sorted(made))


def _triplet_beats(starts: NDArray[np.float64]) -> frozenset[int]:
    """Beats (by number) whose notes clearly are a triplet's."""
    found = set()
    beats = np.floor(starts + 0.08).astype(int)
    for beat in np.unique(beats):
        within = starts[beats == beat] - beat
        by_four = float(np.abs(within * 4 - np.round(within * 4)).mean()) / 4
        by_three = float(np.abs(within * 3 - np.round(within * 3)).mean()) / 3
        near_third = np.abs(np.abs(within - 0.5) - 1 / 6) < 0.045
        if near_third.any() and by_three < 0.5 * by_four and by_four > 0.02:
            found.add(int(beat))
    return frozenset(found)


def _snapper(thirds: frozenset[int]) -> Callable[[float], float]:
    def snap(beat: float) -> float:
        whole = int(np.floor(beat + 0.08))
        step = _THIRD if whole in thirds else STEP
        return round(whole + round((beat - whole) / step) * step, 6)

    return snap
