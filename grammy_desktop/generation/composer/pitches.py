"""Pitches for a melody's rhythm, by dynamic programming over the notes of the range.

The cost terms: chord tones where it is strong or held, the key's scale bent by the chord, a pull to the pentatonic, the
contour that a motif's repeats share, steps rather than leaps, questions that end open and answers that end at home.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.music import Chord, Key
from grammy_desktop.core.styles import Style
from grammy_desktop.generation.composer.events import Event, SectionPlan, Span, chord_at
from grammy_desktop.generation.composer.harmony import scale_over

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Onset:
    """A melody note before it has a pitch: beats from the phrase's start, its place in the contour (scale steps)."""

    start: float
    length: float
    accent: float
    contour: float
    unit: int
    strong: bool
    last: bool


# Where in the range (0..1) a section's melody centres, and how far its contour reaches (semitones per contour step).
_REGISTER = {
    "verse": (0.34, 1.5), "pre": (0.48, 1.5), "chorus": (0.6, 2.2), "solo": (0.66, 2.5), "break": (0.42, 1.4),
    "intro": (0.45, 1.4), "outro": (0.4, 1.2), "build": (0.5, 1.4), "stop": (0.4, 1.0),
}  # fmt: skip


def find_pitches(
    onsets: Sequence[Onset], spans: list[Span], style: Style, key: Key, section: SectionPlan, rng: np.random.Generator
) -> list[Event]:
    """Viterbi over the notes of the range; the cost terms are the rules in this module's description."""
    low, high = style.melody.range
    register, reach = _REGISTER.get(section.kind, (0.45, 1.5))
    centre = low + (high - low) * register
    pitches = np.arange(low, high + 1)
    jump = np.abs(pitches[:, None] - pitches[None, :])
    moves = np.select(
        [jump == 0, jump <= 2, jump <= 4, jump <= 5, jump <= style.melody.leap],
        [
            np.full(jump.shape, 0.55),
            np.zeros(jump.shape),
            np.full(jump.shape, 0.45),
            np.full(jump.shape, 0.8),
            0.25 * jump - 0.2,
        ],
        1.5 + 0.5 * jump,
    ) * (0.6 + 0.6 * style.melody.steps)
    costs = [
        _own_cost(note, chord_at(spans, note.start), pitches, key, style, centre + note.contour * reach)
        for note in onsets
    ]
    total: Floats = costs[0]
    back: list[NDArray[np.intp]] = []
    for note_cost in costs[1:]:
        paths = moves + total[None, :]
        back.append(paths.argmin(axis=1))
        total = paths.min(axis=1) + note_cost + rng.gumbel(size=pitches.size) * 0.08
    choice = int(total.argmin())
    path = [choice]
    for pointers in reversed(back):
        choice = int(pointers[choice])
        path.append(choice)
    path.reverse()
    mean = float(np.mean(pitches[path]))
    return [
        Event(
            note.start,
            note.length,
            int(pitches[i]),
            (76 + 18 * section.energy) * (0.76 + 0.24 * note.accent) + (pitches[i] - mean) * 0.8,
        )
        for note, i in zip(onsets, path, strict=True)
    ]


def _own_cost(note: Onset, span: Span, pitches: NDArray[np.int_], key: Key, style: Style, target: float) -> Floats:
    classes = pitches % 12
    held = note.length >= 0.9
    by_class = _class_cost(span.chord, key, style.melody.pentatonic, note.strong, held)[classes]
    cost: Floats = by_class + 0.42 * np.abs(pitches - target)
    if note.last:
        third = 3 if key.is_minor else 4
        home = (0, third, 7) if note.unit % 2 == 1 else (2, 7, third)
        cost += _away_from(tuple((key.tonic + step) % 12 for step in home))[classes] * 1.3
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
            cost[pc] += 2.8 if strong or held else 0.5
            if (pc - 1) % 12 in tones:
                # A held note a semitone above a chord tone grinds.
                cost[pc] += 4.0 if held else 0.6
        if (pc - key.tonic) % 12 not in five:
            cost[pc] += 0.7 * pentatonic
    return cost
