"""A lead sheet of a score that our own composer wrote: exact, nothing is guessed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from grammy_desktop.core.chord_text import NO_CHORD
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.song import Arrangement, ChordEvent, Note, Part
from grammy_desktop.core.styles import Style
from grammy_desktop.generation.composer.restyle.quantise import on_grid, straightened, swing_point
from grammy_desktop.generation.composer.restyle.sheet import MELODY, LeadSheet

_HALF = 0.5


def sheet_of_score(score: Arrangement, *, style: Style | None = None) -> LeadSheet:
    """Form, tempo map, key, chords and melody of a score. style: what it was written in; it says who sings and how it swings.

    Raises `UserError` for a score without chords.
    """
    chords = _ended(score)
    if not chords or all(chord.symbol == NO_CHORD for chord in chords):
        raise UserError("This song has no chords; restyle needs some to keep.")
    leads = {part.name for part in style.parts if part.role == "lead"} if style is not None else set()
    melody = _melody(score, leads, style)
    parts = (Part(MELODY, MELODY, melody),) if melody else ()
    sheet = replace(score, chords=chords, parts=parts, ending="hold")
    return LeadSheet(sheet)


def _ended(score: Arrangement) -> tuple[ChordEvent, ...]:
    """The chords with the last one held: a song that fades or loops has its last bar for that."""
    if score.ending not in ("fade", "loop") or not score.chords:
        return score.chords
    last = score.chords[-1]
    end = last.start + last.length
    start = max(last.start, end - score.beats_per_bar)
    if start <= last.start + 1e-6:
        return score.chords
    return (
        *score.chords[:-1],
        replace(last, length=start - last.start),
        ChordEvent(start, end - start, last.symbol),
    )


def _melody(score: Arrangement, leads: Collection[str], style: Style | None) -> tuple[Note, ...]:
    """What the leads play, one note at a time, before the last chord."""
    singers = [part for part in score.parts if part.name in leads] or [
        part for part in score.parts if part.stem == "lead" and not part.is_drums
    ]
    sung: list[Note] = []
    for part in sorted(singers, key=lambda part: -len(part.notes)):
        # A second lead sings where the first is silent; where both play it doubles.
        taken = np.array([note.start for note in sung])
        sung += [n for n in part.notes if not len(taken) or float(np.abs(taken - n.start).min()) > _HALF]
    end = score.chords[-1].start if score.chords and score.ending != "fade" else float("inf")
    notes = sorted((note for note in sung if note.start < end - 0.1), key=lambda note: (note.start, -note.pitch))
    return written(notes, _point(notes, style), triplets=score.metre[1] != 8)


def _point(notes: list[Note], style: Style | None) -> float:
    if style is None:
        return swing_point([note.start for note in notes])
    # Sixteenths that swing fall nearest to where they are written anyhow.
    return style.feel.swing / 100 if style.feel.unit == "8th" else 0.5


def written(notes: list[Note], point: float, *, triplets: bool) -> tuple[Note, ...]:
    """Played notes as they would be written: one after another, on the grid. point: of the swing (0.5 straight)."""
    if not notes:
        return ()
    starts, marks = on_grid(straightened([n.start for n in notes], point), triplets=triplets)
    ends = straightened([n.start + n.length for n in notes], point)
    result: list[Note] = []
    for note, start, end, mark in zip(notes, starts, ends, marks, strict=True):
        start = max(0.0, float(start))
        if result and start < result[-1].start + 0.1:
            # Two at once: the higher or stronger one is the tune.
            if (note.velocity, note.pitch) > (result[-1].velocity, result[-1].pitch):
                result[-1] = replace(note, start=start, length=float(end) - start, bend=())
            continue
        grid = 3 if mark else 4
        length = max(1 / grid, round((float(end) - start) * grid) / grid)
        if result and result[-1].start + result[-1].length > start:
            result[-1] = replace(result[-1], length=start - result[-1].start)
        result.append(replace(note, start=start, length=length, bend=()))
    return tuple(result)
