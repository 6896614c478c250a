"""One player's track of a MIDI file: notes, and the pitch wheel where it bends nobody else.

A channel has one wheel. So a bend is written only where every note that sounds while it moves is bent the same way: lines of
single notes, and chords shaken as one. What a guitarist bends inside a chord that stands still is heard in the audio, and
left out of the file: on one channel it would put the whole chord out of tune.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import ceil
from typing import Any

from grammy_desktop.core.pitch_curve import is_still, semitones_at
from grammy_desktop.core.song import Note, Part

TICKS_PER_BEAT = 960
_WHEEL_TICKS = 12
"""Ticks from one place of the wheel to the next: 6 ms at 120 BPM."""
_STROKE = 0.05
"""Beats within which notes with the same curve are one stroke."""
_HALF_RANGE = 8192
_OFF, _WHEEL, _ON = 0, 1, 2
"""At one tick endings come first, then the wheel, then beginnings: a repeated note is not cut by its own predecessor."""

Messages = list[tuple[int, int, int, int]]
"""(tick, kind, pitch or wheel, velocity)."""


def ticks(beats: float) -> int:
    return round(beats * TICKS_PER_BEAT)


def track(part: Part, channel: int, *, program: bool, wheel: bool) -> Any:
    """The track of a part. `program`, `wheel`: whether the channel is its own to choose a sound on, and to bend."""
    import mido

    lines = mido.MidiTrack()
    lines.append(mido.MetaMessage("track_name", name=part.name, time=0))
    if program:
        lines.append(mido.Message("program_change", channel=channel, program=part.program, time=0))
    bent = _bends(part.notes) if wheel and not part.is_drums else []
    reach = _reach(bent)
    if bent:
        lines.extend(_bend_range(channel, reach))
    now = 0
    for tick, kind, value, velocity in sorted(_notes(part.notes) + _wheel(bent, reach)):
        if kind == _WHEEL:
            message = mido.Message("pitchwheel", channel=channel, pitch=value, time=tick - now)
        else:
            name = "note_on" if kind == _ON else "note_off"
            message = mido.Message(name, channel=channel, note=value, velocity=velocity, time=tick - now)
        lines.append(message)
        now = tick
    lines.append(mido.MetaMessage("end_of_track", time=0))
    return lines


def _notes(notes: Sequence[Note]) -> Messages:
    messages: Messages = []
    for note in notes:
        start = ticks(note.start)
        messages.append((start, _ON, note.pitch, note.velocity))
        messages.append((max(start + 1, ticks(note.start + note.length)), _OFF, note.pitch, 0))
    return messages


def _bends(notes: Sequence[Note]) -> list[Note]:
    """The notes whose curve the wheel may follow, one of each stroke, in order of time."""
    ordered = sorted(notes, key=lambda note: (note.start, note.pitch))
    starts = [note.start for note in ordered]
    longest = max((note.length for note in ordered), default=0.0)
    chosen: list[Note] = []
    for note in ordered:
        if is_still(note.bend):
            continue
        end = _moving_until(note)
        around = ordered[bisect_left(starts, note.start - longest) : bisect_left(starts, end)]
        sounding = [other for other in around if other.start + other.length > note.start]
        together = all(other.bend == note.bend and abs(other.start - note.start) <= _STROKE for other in sounding)
        if together and not (chosen and _moving_until(chosen[-1]) > note.start):
            chosen.append(note)
    return chosen


def _moving_until(note: Note) -> float:
    """The beat from which the note stands at its written pitch again; its end where it never does."""
    last, level = note.bend[-1]
    return note.start + (min(last, note.length) if level == 0.0 else note.length)


def _reach(bent: Sequence[Note]) -> int:
    """Semitones of the wheel, up and down: 2 as most instruments expect, more where a curve goes further."""
    return max(2, ceil(max((abs(level) for note in bent for _, level in note.bend), default=0.0)))


def _bend_range(channel: int, semitones: int) -> list[Any]:
    """Registered parameter 0, and the null parameter after it so that no later data entry changes it."""
    import mido

    settings = ((101, 0), (100, 0), (6, semitones), (38, 0), (101, 127), (100, 127))
    return [
        mido.Message("control_change", channel=channel, control=control, value=value, time=0)
        for control, value in settings
    ]


def _wheel(bent: Sequence[Note], reach: int) -> Messages:
    """Places of the wheel along each curve, back in the middle at its end."""
    messages: Messages = []
    for note in bent:
        first, last = ticks(note.start), max(ticks(note.start) + 1, ticks(_moving_until(note)))
        before: int | None = None
        for tick in range(first, last, _WHEEL_TICKS):
            level = semitones_at(note.bend, tick / TICKS_PER_BEAT - note.start)
            place = min(_HALF_RANGE - 1, max(-_HALF_RANGE, round(level / reach * _HALF_RANGE)))
            if place != before:
                messages.append((tick, _WHEEL, place, 0))
                before = place
        messages.append((last, _WHEEL, 0, 0))
    return messages
