"""The heard melody as it would be written, and the stretches in which it cannot be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from grammy_desktop.analysis import Analysis, MelodyNote
from grammy_desktop.core.song import Note, Section
from grammy_desktop.generation.composer.restyle.bars import Bars
from grammy_desktop.generation.composer.restyle.quantise import swing_point
from grammy_desktop.generation.composer.restyle.read_score import written

_AUDIBLE = 0.3
"""Probability below which a note is not written down at all."""
_TRUSTED = 0.5
"""Mean probability of a section's notes from which they are kept."""
_SPARSE = 0.06
"""Share of its time that a melody must sound in a section; below it there is none, or it was not heard."""
_LEAP = 9
"""Semitones."""
_AROUND, _FAR, _NEAR = 2, 9.5, 2.5
"""Notes on either side that make the line; semitones from it that are too far, and near enough an octave on."""
_GAP = 0.15
"""Quarter notes between a note and its second half."""
_SPARSE_SONG = 0.12
"""Share of the whole song below which the missing sections count as not heard."""


def heard_melody(analysis: Analysis, bars: Bars, end: float) -> tuple[Note, ...]:
    """Notes in quarter notes before `end`, one after another, straight and on the grid."""
    notes = [note for note in analysis.melody if note.probability >= _AUDIBLE]
    if not notes:
        return ()
    starts = bars.places(np.array([note.start for note in notes]))
    ends = bars.places(np.array([note.end for note in notes]))
    played = [
        Note(float(start), max(0.1, float(last - start)), note.pitch, round(70 + 30 * min(1.0, note.strength)))
        for start, last, note in sorted(zip(starts, ends, notes, strict=True), key=lambda item: item[0])
        if -0.2 < start < end - 0.2
    ]
    compound = bars.grid.metre.value[1] == 8
    point = 0.5 if compound else swing_point([note.start for note in played])
    return _joined(written(_in_octave(_without_slips(played)), point, triplets=not compound))


def _without_slips(notes: list[Note]) -> list[Note]:
    """Without the weak short notes that leap away from both neighbours: an overtone or another player was followed."""
    kept: list[Note] = []
    for index, note in enumerate(notes):
        around = [*kept[-1:], *notes[index + 1 : index + 2]]
        leaps = [abs(note.pitch - other.pitch) for other in around]
        slipped = len(leaps) == 2 and min(leaps) > _LEAP and note.length <= 0.5
        if not slipped:
            kept.append(note)
    return kept


def _in_octave(notes: list[Note]) -> list[Note]:
    """A note an octave away from the line around it was heard in somebody else's octave."""
    pitches = [note.pitch for note in notes]
    result: list[Note] = []
    for index, note in enumerate(notes):
        around = [*pitches[max(0, index - _AROUND) : index], *pitches[index + 1 : index + 1 + _AROUND]]
        apart = note.pitch - float(np.median(around)) if around else 0.0
        octave = 12 if apart > 0 else -12
        wrong = abs(apart) >= _FAR and abs(apart - octave) <= _NEAR
        result.append(replace(note, pitch=note.pitch - octave) if wrong else note)
    return result


def _joined(notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """A note struck again at once on a sixteenth off the eighths is the same note held on, through somebody else's attack."""
    result: list[Note] = []
    for note in notes:
        last = result[-1] if result else None
        off = abs(note.start * 2 - round(note.start * 2)) > 0.1
        if last is not None and off and note.pitch == last.pitch and note.start - (last.start + last.length) < _GAP:
            result[-1] = replace(last, length=note.start + note.length - last.start)
        else:
            result.append(note)
    return tuple(result)


def doubtful_stretches(
    analysis: Analysis, bars: Bars, sections: Sequence[Section], end: float
) -> tuple[tuple[float, float], ...]:
    """(start, end) in quarter notes of the sections whose melody the style is to write."""
    heard = [note for note in analysis.melody if note.probability >= _AUDIBLE]
    song = _sounding(heard, bars, 0.0, end)[0] / max(end, 1e-9)
    result: list[tuple[float, float]] = []
    for section in sections:
        start, stop = section.start * bars.quarters, min((section.start + section.bars) * bars.quarters, end)
        if stop <= start:
            continue
        time, mean = _sounding(heard, bars, start, stop)
        silent = time < _SPARSE * (stop - start)
        if (silent and song < _SPARSE_SONG) or (not silent and mean < _TRUSTED):
            if result and abs(result[-1][1] - start) < 1e-6:
                result[-1] = (result[-1][0], stop)
            else:
                result.append((start, stop))
    return tuple(result)


def _sounding(notes: Sequence[MelodyNote], bars: Bars, start: float, end: float) -> tuple[float, float]:
    """(quarter notes that the melody sounds between two places, its mean probability there)."""
    if not notes:
        return 0.0, 0.0
    first = np.clip(bars.places(np.array([note.start for note in notes])), start, end)
    last = np.clip(bars.places(np.array([note.end for note in notes])), start, end)
    lengths = last - first
    total = float(lengths.sum())
    if total <= 0:
        return 0.0, 0.0
    return total, float(np.average([note.probability for note in notes], weights=lengths))
