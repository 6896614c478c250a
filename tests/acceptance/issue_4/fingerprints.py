"""What makes a song recognisable, as values that can be compared: its four-bar melodies, its chords over its drums."""

from __future__ import annotations

from dataclasses import dataclass

from grammy_desktop.core.chord_text import NO_CHORD
from grammy_desktop.core.music import Chord
from grammy_desktop.core.song import Arrangement, Note, Part
from grammy_desktop.core.styles import Style
from grammy_desktop.generation.composer.form.kinds import kind_of

BARS = 4
FEWEST_NOTES = 8
"""Notes from which four bars are a melody (two a bar); three notes said twice are a figure that any song may have."""
_SONG = ("verse", "pre", "chorus", "solo")
"""Kinds of section whose beat is the song's: intros, breaks and outros leave most of the kit out, often all but one row."""
FEWEST_STROKES = 8
"""Drum strokes in four bars from which a pattern is one."""

Melody = tuple[tuple[int, int], ...]
Pattern = tuple[tuple[tuple[int, int, str], ...], tuple[tuple[int, int], ...]]


@dataclass(frozen=True)
class Fingerprint:
    """melodies: (sixteenth, semitones above the first note) of each four bars. patterns: chords above the tonic and drum
    strokes (sixteenth, key) of each four bars of verses and choruses."""

    melodies: frozenset[Melody]
    patterns: frozenset[Pattern]


def fingerprint(score: Arrangement, style: Style) -> Fingerprint:
    """Of all four-bar stretches that begin where a section begins, or a multiple of four bars later."""
    leads = [part for part in score.parts if _role(style, part) == "lead"]
    drums = [part for part in score.parts if part.is_drums]
    bar = score.beats_per_bar
    melodies, patterns = set(), set()
    for section in score.sections:
        for first in range(section.start, section.start + section.bars - BARS + 1, BARS):
            start, end = first * bar, (first + BARS) * bar
            for lead in leads:
                notes = _between(lead.notes, start, end)
                if len(notes) >= FEWEST_NOTES:
                    melodies.add(tuple((_step(n, start), n.pitch - notes[0].pitch) for n in notes))
            if kind_of(section.name, section.energy) not in _SONG:
                continue
            strokes = [n for part in drums for n in _between(part.notes, start, end)]
            if len(strokes) >= FEWEST_STROKES:
                struck = sorted({(_step(n, start), n.pitch) for n in strokes})
                patterns.add((_chords(score, start, end), tuple(struck)))
    return Fingerprint(frozenset(melodies), frozenset(patterns))


def _role(style: Style, part: Part) -> str:
    return next((known.role for known in style.parts if known.name == part.name and not known.doubles), "")


def _between(notes: tuple[Note, ...], start: float, end: float) -> list[Note]:
    return [note for note in notes if start - 0.1 <= note.start < end - 0.1]


def _step(note: Note, start: float) -> int:
    return round((note.start - start) * 4)


def _chords(score: Arrangement, start: float, end: float) -> tuple[tuple[int, int, str], ...]:
    found = []
    for event in score.chords:
        if event.start < end - 1e-6 and event.start + event.length > start + 1e-6 and event.symbol != NO_CHORD:
            chord = Chord.parse(event.symbol)
            found.append((round(max(0.0, event.start - start) * 4), (chord.root - score.key.tonic) % 12, chord.quality))
    return tuple(found)
