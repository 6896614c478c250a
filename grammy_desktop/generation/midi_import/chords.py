"""Chords of notes: the likeliest sequence over a window, found segment by segment within the bars.

Every bar is cut into segments on its beats; every segment is given the chord that explains its tones best (duration-weighted
pitch classes against chord templates, missing tones and the bass weighed in), and the cheapest cutting wins (dynamic
programming; a cut costs something, one off the half bar costs more). After Pardo and Birmingham, Algorithms for chordal
analysis, Computer Music Journal 26 (2002).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.music import QUALITIES, Chord, Key
from grammy_desktop.core.song import ChordEvent
from grammy_desktop.generation.midi_import.midi_score import RawNote

_MELODY_SHARE = 0.2
"""What a melody tone counts for beside one of the accompaniment."""
_PRESENT = 0.05
"""Share of a segment's sound that a tone needs to be there."""
_TENSION_PRESENT = 0.11
"""The same for roots, and for sixths, sevenths and beyond: passing tones make none."""
_CUT, _OFF_CUT = 0.35, 0.3
"""Beats of a perfect fit that a new segment costs, and one that begins off the half bar."""
_BASS_TOP = 55
"""MIDI: a lowest note up to here is a bass player's, so inversions are meant."""
_MISSING = {7: 0.08}
"""What a chord loses for a tone of it that nobody plays, by semitones above the root; the others lose 0.3."""
_WALK, _WALKING_TOP = 0.25, 51
"""What a low note (up to that key) counts for that does not begin a segment."""
_FOREIGN_BASS, _ROOT_BASS = -0.25, 0.22
_OUTSIDE = 1.1
"""What a tone costs that is none of the chord's, beside what one of its own gives."""
_CHROMATIC = 0.035
"""What a chord tone outside the key costs."""
_RARITY = {
    "maj": 0.0, "min": 0.0, "7": 0.02, "maj7": 0.02, "min7": 0.02, "5": 0.34, "sus2": 0.12, "sus4": 0.08, "dim": 0.06,
    "aug": 0.1, "6": 0.14, "min6": 0.12, "minmaj7": 0.1, "dim7": 0.06, "hdim7": 0.04, "sus4(b7)": 0.08,
    "maj(9)": 0.06, "min(9)": 0.07, "9": 0.05, "maj9": 0.05, "min9": 0.05,
}  # fmt: skip
_RARE = 0.1
_INVERSIONS = frozenset({3, 4, 6, 7, 8, 10, 11})
"""Thirds, fifths and sevenths."""


@dataclass(frozen=True)
class _Template:
    root: int
    quality: str
    tones: tuple[int, ...]
    rarity: float


@lru_cache(maxsize=1)
def _templates() -> tuple[_Template, ...]:
    return tuple(
        _Template(root, quality, tuple(sorted({interval % 12 for interval in intervals})), _RARITY.get(quality, _RARE))
        for root in range(12)
        for quality, intervals in QUALITIES.items()
    )


@lru_cache(maxsize=1)
def _tables() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """[chords, 12] each: which pitch classes belong to it, what its tones cost when missing, what its tensions cost;
    [chords]: rarity.
    """
    templates = _templates()
    member = np.zeros((len(templates), 12))
    missing = np.zeros((len(templates), 12))
    tension = np.zeros((len(templates), 12))
    for row, template in enumerate(templates):
        for tone in template.tones:
            member[row, (template.root + tone) % 12] = 1.0
            missing[row, (template.root + tone) % 12] = _MISSING.get(tone, 0.3)
        for interval in QUALITIES[template.quality]:
            if interval > 12 or interval in (0, 10, 11) or (interval == 9 and "dim" not in template.quality):
                place = (template.root + interval) % 12
                missing[row, place], tension[row, place] = 0.0, 0.3
    return member, missing, tension, np.array([template.rarity for template in templates])


def find_chords(
    notes: Sequence[RawNote], melody: Sequence[RawNote], *, bars: int, metre: tuple[int, int], key: Key
) -> tuple[ChordEvent, ...]:
    """The chords of `bars` bars from beat 0, equal neighbours joined; () where too little sounds.

    notes: the accompaniment; melody counts a little. A silent stretch keeps the chord before it.
    """
    edges = _edges(metre)
    bar = edges[-1]
    if _coverage(notes, bars * bar) < 0.25:
        return ()
    found: list[tuple[float, float, Chord | None]] = []
    for number in range(bars):
        found += _bar_chords(notes, melody, number * bar, edges, key)
    return _joined(found, key)


def _coverage(notes: Sequence[RawNote], beats: float) -> float:
    """Share of the sixteenths in which two pitch classes or more have sounded within a beat."""
    steps = np.arange(0.0, beats, 0.25)
    full = 0
    for step in steps:
        near = {note.pitch % 12 for note in notes if note.start < step + 0.26 and note.start + note.held > step - 0.75}
        full += len(near) >= 2
    return full / max(1, len(steps))


def _bar_chords(
    notes: Sequence[RawNote], melody: Sequence[RawNote], start: float, edges: list[float], key: Key
) -> list[tuple[float, float, Chord | None]]:
    middle = edges[-1] / 2
    best: list[tuple[float, int, Chord | None]] = [(0.0, 0, None)]
    for end in range(1, len(edges)):
        choices = []
        for first in range(end):
            begin, finish = start + edges[first], start + edges[end]
            fit, chord = _best_chord(notes, melody, begin, finish, key)
            cost = 0.0 if first == 0 else _CUT + (0.0 if abs(edges[first] - middle) < 1e-6 else _OFF_CUT)
            choices.append((best[first][0] + fit * (finish - begin) - cost, first, chord))
        best.append(max(choices, key=lambda choice: choice[0]))
    cuts: list[tuple[float, float, Chord | None]] = []
    end = len(edges) - 1
    while end > 0:
        _, first, chord = best[end]
        cuts.append((start + edges[first], start + edges[end], chord))
        end = first
    return cuts[::-1]


def _edges(metre: tuple[int, int]) -> list[float]:
    """Beats within a bar where a chord may change, and its end: quarters, dotted ones in compound bars (6/8, 9/8, 12/8)."""
    bar = metre[0] * 4 / metre[1]
    step = 1.5 if metre[1] == 8 and metre[0] % 3 == 0 else 1.0
    count = max(1, int(np.ceil(bar / step - 1e-6)))
    return [*(place * step for place in range(count)), bar]


def _best_chord(
    notes: Sequence[RawNote], melody: Sequence[RawNote], begin: float, end: float, key: Key
) -> tuple[float, Chord | None]:
    """How well the best chord fits (about 1 for a perfect one), and the chord; None where nothing sounds."""
    weights = _weights(notes, begin, end) + _MELODY_SHARE * _weights(melody, begin, end)
    total = float(weights.sum())
    if total <= 0.0:
        return 0.3, None
    share = weights / total
    member, missing, tension, rarity = _tables()
    inside = member @ share
    lost = missing @ (share < _PRESENT) + tension @ (share < _TENSION_PRESENT)
    scale = np.isin(np.arange(12), key.scale).astype(float)
    diatonic = (member @ (1.0 - scale)) * _CHROMATIC
    fit = inside - _OUTSIDE * (1.0 - inside) - lost - rarity - diatonic
    low = _bass_note(notes, begin, end)
    if low is not None:
        fit += _bass_bonus(low)
    best = int(np.argmax(fit))
    template = _templates()[best]
    return float(fit[best]), Chord(template.root, template.quality, _inversion(template, low))


def _weights(notes: Sequence[RawNote], begin: float, end: float) -> NDArray[np.float64]:
    """How long each pitch class sounds within the segment; what begins at its start counts half as much again.

    Where higher notes make a chord, low ones that do not begin the segment count little: a bass walks through tones that
    are none of the chord's.
    """
    high, landing, walking = np.zeros(12), np.zeros(12), np.zeros(12)
    for note in notes:
        overlap = min(note.start + note.held, end) - max(note.start, begin)
        if overlap > 0.0:
            # What merely rings over from the chord before says little.
            rest = 0.35 if note.start < begin - 0.3 and overlap < 0.6 * (end - begin) else 1.0
            starts = abs(note.start - begin) < 0.13
            into = high if note.pitch > _WALKING_TOP else landing if starts else walking
            into[note.pitch % 12] += overlap * rest * (1.4 if starts else 1.0)
    is_chord = np.count_nonzero(high) >= 3 and high.sum() > 0.5 * walking.sum()
    return high + landing + walking * (_WALK if is_chord else 1.0)


def _bass_note(notes: Sequence[RawNote], begin: float, end: float) -> int | None:
    """The lowest note by the segment's start, else the lowest of all."""
    near = [note for note in notes if note.start < begin + 0.3 and note.start + note.held > begin + 0.2]
    near = near or [note for note in notes if begin <= note.start < end]
    return min((note.pitch for note in near), default=None)


def _bass_bonus(low: int) -> NDArray[np.float64]:
    """[chords]: the bass plays roots, sometimes other tones, hardly ever what the chord has not."""
    member, _, _, _ = _tables()
    weight = 1.0 if low <= _BASS_TOP else 0.4
    bonus = np.where(member[:, low % 12] > 0, 0.0, _FOREIGN_BASS)
    roots = np.array([template.root == low % 12 for template in _templates()])
    return weight * (bonus + _ROOT_BASS * roots)


def _inversion(template: _Template, low: int | None) -> int:
    """The bass as semitones above the root, where a bass player plays another tone of the chord."""
    if low is None or low > _BASS_TOP:
        return 0
    interval = (low - template.root) % 12
    return interval if interval in template.tones and interval in _INVERSIONS else 0


def _joined(found: list[tuple[float, float, Chord | None]], key: Key) -> tuple[ChordEvent, ...]:
    filled: list[tuple[float, float, Chord]] = []
    first = next((chord for _, _, chord in found if chord is not None), None)
    if first is None:
        return ()
    current = first
    for begin, end, chord in found:
        current = chord or current
        if filled and filled[-1][2] == current:
            filled[-1] = (filled[-1][0], end, current)
        else:
            filled.append((begin, end, current))
    return tuple(ChordEvent(begin, end - begin, chord.harte(key)) for begin, end, chord in filled)
