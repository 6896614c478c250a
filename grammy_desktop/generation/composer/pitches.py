"""Pitches for a melody's rhythm, by dynamic programming over the notes of the range.

The cost terms: chord tones where it is strong or held, the key's scale bent by the chord, a pull to the pentatonic, the
contour that a motif's repeats share (its intervals as much as its level), steps rather than leaps, questions that end open and
answers that end at home, and one peak that nothing else reaches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.music import Chord, Key
from grammy_desktop.core.styles import MelodyHabits
from grammy_desktop.generation.composer.events import Event, SectionPlan, Span, chord_at
from grammy_desktop.generation.composer.harmony import scale_over

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Onset:
    """A melody note before it has a pitch: beats from the phrase's start, its place in the contour (scale steps).

    `peak` marks the one highest note of a chorus.
    """

    start: float
    length: float
    accent: float
    contour: float
    unit: int
    strong: bool
    last: bool
    triplet: bool = False
    peak: bool = False


_VERSE = 0.33
"""Where in its range (0..1) a verse centres."""

# How far above the verse a section's melody centres (semitones) and how far its contour reaches (semitones a scale step).
_REGISTER = {
    "verse": (0.0, 1.6), "pre": (2.0, 1.6), "chorus": (3.7, 1.75), "solo": (4.0, 2.0), "break": (1.0, 1.5),
    "intro": (2.0, 1.5), "outro": (1.5, 1.4), "build": (2.5, 1.4), "stop": (0.0, 1.0),
}  # fmt: skip
_HEADROOM = 4.5
"""Semitones above a section's centre that all but its peak keep below."""


def centre_of(habits: MelodyHabits, kind: str) -> float:
    """The MIDI note around which a kind of section is sung."""
    low, high = habits.range
    above = _REGISTER.get(kind, (1.0, 1.5))[0]
    return min(low + (high - low) * _VERSE + above, low + 0.68 * (high - low))


def find_pitches(
    onsets: Sequence[Onset],
    spans: list[Span],
    habits: MelodyHabits,
    key: Key,
    section: SectionPlan,
    rng: np.random.Generator,
) -> list[Event]:
    """Viterbi over the notes of the range; the cost terms are the rules in this module's description."""
    low, high = habits.range
    reach = _REGISTER.get(section.kind, (1.0, 1.5))[1]
    centre = centre_of(habits, section.kind)
    pitches = np.arange(low, high + 1)
    ceiling = min(centre + _HEADROOM, high - 2.0)
    costs = np.stack(
        [
            _own_cost(note, chord_at(spans, note.start), pitches, key, habits, centre + note.contour * reach)
            for note in onsets
        ]
    )
    peaks = np.array([note.peak for note in onsets])
    costs[~peaks] += 3.0 * np.maximum(0.0, pitches - ceiling)
    costs[peaks] += 0.6 * np.abs(pitches - (ceiling + 2.0)) + 3.0 * np.maximum(0.0, ceiling + 1.0 - pitches)
    total: Floats = costs[0]
    back: list[NDArray[np.intp]] = []
    noise = rng.gumbel(size=costs.shape) * 0.08
    for index in range(1, len(onsets)):
        wanted = round((onsets[index].contour - onsets[index - 1].contour) * reach)
        paths = _moves(len(pitches), habits.leap, habits.steps, wanted) + total[None, :]
        choice = paths.argmin(axis=1)
        back.append(choice)
        total = paths[_rows(len(pitches)), choice] + costs[index] + noise[index]
    best = int(total.argmin())
    path = [best]
    for pointers in reversed(back):
        best = int(pointers[best])
        path.append(best)
    path.reverse()
    mean = float(np.mean(pitches[path]))
    return [
        Event(
            note.start,
            note.length,
            int(pitches[i]),
            (76 + 18 * section.energy) * (0.76 + 0.24 * note.accent) + (pitches[i] - mean) * 0.8,
            "",
            note.triplet,
        )
        for note, i in zip(onsets, path, strict=True)
    ]


@lru_cache(maxsize=64)
def _rows(size: int) -> NDArray[np.intp]:
    return np.arange(size)


@lru_cache(maxsize=512)
def _moves(size: int, leap: int, steps: float, wanted: int) -> Floats:
    """[to, from]: what an interval costs, in itself and against the contour's `wanted` semitones."""
    places = np.arange(size)
    move = places[:, None] - places[None, :]
    jump = np.abs(move)
    cost: Floats = np.select(
        [jump == 0, jump <= 2, jump <= 4, jump <= 5, jump <= leap],
        [
            np.full(jump.shape, 0.55),
            np.zeros(jump.shape),
            np.full(jump.shape, 0.75),
            np.full(jump.shape, 0.95),
            0.25 * jump - 0.2,
        ],
        1.5 + 0.5 * jump,
    ) * (0.6 + 0.6 * steps)
    shaped: Floats = cost + 0.22 * np.abs(move - wanted)
    return shaped


def _own_cost(
    note: Onset, span: Span, pitches: NDArray[np.int_], key: Key, habits: MelodyHabits, target: float
) -> Floats:
    classes = pitches % 12
    held = note.length >= 0.9
    by_class = _class_cost(span.chord, key, habits.pentatonic, note.strong, held)[classes]
    cost: Floats = by_class + 0.4 * np.abs(pitches - target)
    if note.last:
        third = 3 if key.is_minor else 4
        seventh = 10 if 10 in {(pc - key.tonic) % 12 for pc in key.scale} else 11
        home = (0, third, 7) if note.unit % 2 == 1 else (2, 7, seventh)
        cost += _away_from(tuple((key.tonic + step) % 12 for step in home))[classes] * 1.7
        if note.unit == 3:
            cost += _away_from((key.tonic,))[classes]
    return cost


@lru_cache(maxsize=256)
def _away_from(wanted: tuple[int, ...]) -> Floats:
    """[12]: 0 for the wanted pitch classes, 1 for the others."""
    return np.array([0.0 if pc in wanted else 1.0 for pc in range(12)])


@lru_cache(maxsize=4096)
def _class_cost(chord: Chord, key: Key, pentatonic: float, strong: bool, held: bool) -> Floats:
    """[12]: what each pitch class costs over a chord."""
    tones, scale = chord.pitch_classes[:4], scale_over(chord, key)
    five = (0, 3, 5, 7, 10) if key.is_minor else (0, 2, 4, 7, 9)
    cost = np.zeros(12)
    for pc in range(12):
        if pc not in scale:
            cost[pc] += 9.0
        if pc not in tones:
            cost[pc] += 3.2 if strong or held else 0.5
            if (pc - 1) % 12 in tones:
                # A held note a semitone above a chord tone grinds.
                cost[pc] += 4.0 if held else 0.6
        if (pc - key.tonic) % 12 not in five:
            cost[pc] += 0.7 * pentatonic
    return cost
