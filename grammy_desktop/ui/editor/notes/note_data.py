"""The notes of a part as arrays on the time axis, and how an edit moves them. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from grammy_desktop.core.edits import EditList
from grammy_desktop.core.pitch_curve import is_still, semitones_over
from grammy_desktop.core.song import Arrangement, Note, Part
from grammy_desktop.ui.editor.notes.drum_rows import drum_rows

LEAST_ROWS = 12
"""Rows of a pitched lane at least, so that a bass on three notes does not become three slabs."""

_SLIDE_STEPS = 12
"""Straight pieces that a pitch curve is drawn in between two of its points."""
_STILL = 0.01
"""Semitones that a piece must rise or fall to be drawn."""

_NAMES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")


@dataclass(frozen=True, eq=False)
class PartNotes:
    """Notes in order of time. All arrays are [notes].

    start, end: frames. pitch: MIDI notes. row: the lane's row, 0 is the lowest. velocity: 1 to 127. reach: the latest end of
    this and all notes before, by which those that sound at a frame are found. row_names: of a drum lane, from below.
    slides: [pieces, 4], straight pieces of the curves of notes that slide, bend or sway: from and to (frames), rows there.
    """

    start: NDArray[np.float64]
    end: NDArray[np.float64]
    pitch: NDArray[np.int32]
    row: NDArray[np.int32]
    velocity: NDArray[np.int32]
    reach: NDArray[np.float64]
    rows: int
    is_drums: bool = False
    row_names: tuple[str, ...] = ()
    slides: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 4)))

    @property
    def count(self) -> int:
        return len(self.start)

    def between(self, first: float, last: float) -> slice:
        """A stretch of notes that holds all which sound in frames [first, last), and few others."""
        return slice(
            int(np.searchsorted(self.reach, first, side="right")), int(np.searchsorted(self.start, last, side="left"))
        )

    def sounding(self, frame: float) -> NDArray[np.intp]:
        """Numbers of the notes that are heard at `frame`; a drum is shown for as long as its note is written."""
        near = self.between(frame, frame + 1)
        heard = (self.start[near] <= frame) & (frame < self.end[near])
        return np.asarray(np.flatnonzero(heard) + near.start, np.intp)

    def name_of(self, index: int) -> str:
        """'A4' of a pitched note, 'Snare' of a drum."""
        if self.is_drums:
            return self.row_names[int(self.row[index])]
        pitch = int(self.pitch[index])
        return f"{_NAMES[pitch % 12]}{pitch // 12 - 1}"


def part_notes(part: Part, arrangement: Arrangement, rate: int) -> PartNotes:
    """A part's notes at a sample rate."""
    beats = np.array([(note.start, note.start + note.length) for note in part.notes], np.float64).reshape(-1, 2)
    frames = _seconds(beats, arrangement) * rate
    pitch = np.array([note.pitch for note in part.notes], np.int32)
    velocity = np.array([note.velocity for note in part.notes], np.int32)
    order = np.argsort(frames[:, 0], kind="stable")
    start, end, pitch, velocity = frames[order, 0], frames[order, 1], pitch[order], velocity[order]
    if part.is_drums:
        table, names = drum_rows(int(value) for value in pitch)
        row = np.array([table[int(value)] for value in pitch], np.int32)
        return PartNotes(start, end, pitch, row, velocity, _reach(end), max(1, len(names)), True, names)
    row, rows = _fitted(pitch)
    lowest = float(pitch[0] - row[0]) if len(pitch) else 0.0
    pieces = [_pieces(note, arrangement, rate, lowest) for note in part.notes if not is_still(note.bend)]
    slides = np.concatenate([np.zeros((0, 4)), *pieces])
    return PartNotes(
        start, end, pitch, row, velocity, _reach(end), rows, slides=slides[np.argsort(slides[:, 0], kind="stable")]
    )


def _pieces(note: Note, arrangement: Arrangement, rate: int, lowest: float) -> NDArray[np.float64]:
    """Of the curve of one note, where it moves: a held pitch is the note's own picture. lowest: the pitch of row 0."""
    corners = np.clip([0.0, *(beat for beat, _ in note.bend), note.length], 0.0, note.length)
    ramps = [np.linspace(a, b, _SLIDE_STEPS, endpoint=False) for a, b in pairwise(corners) if b > a]
    beats = np.unique(np.concatenate([*ramps, corners[-1:]]))
    frames = _seconds(note.start + beats, arrangement) * rate
    rows = note.pitch - lowest + semitones_over(note.bend, beats)
    pieces = np.column_stack([frames[:-1], frames[1:], rows[:-1], rows[1:]])
    return np.asarray(pieces[np.abs(pieces[:, 3] - pieces[:, 2]) > _STILL])


def moved_notes(notes: PartNotes, edits: Sequence[EditList]) -> PartNotes:
    """The notes after the edits, oldest first: cut where the sound is cut, repeated where it is repeated."""
    for each in edits:
        if not each.is_whole:
            notes = _moved(notes, each)
    return notes


def _moved(notes: PartNotes, edits: EditList) -> PartNotes:
    kept: list[tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]] = []
    slides = [np.zeros((0, 4))]
    for at, segment in zip(edits.starts, edits.segments, strict=False):
        if not segment.layers:
            continue
        first = segment.layers[-1].source_start
        last = first + segment.frames
        inside = np.flatnonzero((notes.end > first) & (notes.start < last))
        shift = at - first
        whole = notes.slides[(notes.slides[:, 0] >= first) & (notes.slides[:, 1] <= last)]
        slides.append(whole + np.array([shift, shift, 0.0, 0.0]))
        kept.append(
            (inside, np.maximum(notes.start[inside], first) + shift, np.minimum(notes.end[inside], last) + shift)
        )
    if not kept:
        nothing = np.zeros(0, np.intp)
        kept = [(nothing, np.zeros(0), np.zeros(0))]
    index, start, end = (np.concatenate(column) for column in zip(*kept, strict=True))
    order = np.argsort(start, kind="stable")
    chosen, start, end = index[order], start[order], end[order]
    return replace(
        notes,
        start=start,
        end=end,
        pitch=notes.pitch[chosen],
        row=notes.row[chosen],
        velocity=notes.velocity[chosen],
        reach=_reach(end),
        slides=np.concatenate(slides),
    )


def _seconds(beats: NDArray[np.float64], arrangement: Arrangement) -> NDArray[np.float64]:
    if not arrangement.tempo_map:
        return beats * (60.0 / arrangement.tempo)
    tempi = arrangement.tempi()
    corners = np.array([beat for beat, _ in tempi])
    times = np.array([arrangement.seconds(beat) for beat, _ in tempi])
    lengths = np.array([60.0 / tempo for _, tempo in tempi])
    place = np.maximum(0, np.searchsorted(corners, beats, side="right") - 1)
    return np.asarray(times[place] + (beats - corners[place]) * lengths[place], np.float64)


def _fitted(pitch: NDArray[np.int32]) -> tuple[NDArray[np.int32], int]:
    """Rows from the lowest note up; a narrow part stands in the middle of `LEAST_ROWS`."""
    if not len(pitch):
        return pitch, LEAST_ROWS
    low, high = int(pitch.min()), int(pitch.max())
    rows = max(LEAST_ROWS, high - low + 1)
    return pitch - low + (rows - (high - low + 1)) // 2, rows


def _reach(end: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.maximum.accumulate(end) if len(end) else end
