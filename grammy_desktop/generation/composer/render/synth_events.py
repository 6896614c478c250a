"""A part's notes as events of a synthesiser with sixteen channels: keys, and pitch wheels for the notes that bend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil
from typing import NamedTuple

import numpy as np

from grammy_desktop.core.pitch_curve import Points, is_still, semitones_over
from grammy_desktop.core.song import Note
from grammy_desktop.generation.composer.render.onsets import onset_delay
from grammy_desktop.generation.composer.render.oscillators import RATE

WHEEL_CENTRE = 8192
_CHANNELS = 16
_WHEEL_STEP = 128
"""Frames between two places of the pitch wheel (2.7 ms: a fast slide moves less than 7 cents)."""
_RINGING = 0.6
"""Seconds after its end that a bent note's channel is left alone, while it dies away."""
OFF, WHEEL, ON = 0, 1, 2
"""In one frame notes end first, then wheels turn, then notes begin."""


class SynthEvent(NamedTuple):
    """What to tell the synthesiser at a frame: `order` is OFF, WHEEL or ON; `value` a MIDI key or the wheel's place."""

    frame: int
    order: int
    channel: int
    value: int
    velocity: int = 0


def note_events(
    notes: Sequence[Note], clock: Callable[[float], float], frames: int, *, bank: int, program: int
) -> list[SynthEvent]:
    """What to tell the synthesiser, in order. clock: seconds of a beat.

    A sample that speaks late is started as much earlier (see onsets.py), so that it is heard when the note is written; at the
    beginning of a song that may be before frame 0.
    """
    ordered = sorted(notes, key=lambda note: (note.start, note.pitch))
    channels = _channels(ordered, clock)
    reach = wheel_range(notes)
    upcoming: dict[int, int] = {}
    events: list[SynthEvent] = []
    for note, channel in zip(reversed(ordered), reversed(channels), strict=True):
        late = round(onset_delay(bank, program, note.pitch) * RATE)
        first = round(clock(note.start) * RATE) - late
        last = min(round(clock(note.start + note.length) * RATE), upcoming.get(note.pitch, frames))
        last = max(first + 1, last)
        upcoming[note.pitch] = first
        if first >= frames or not 0 <= note.pitch <= 127:
            continue
        events.append(SynthEvent(first, ON, channel, note.pitch, min(127, max(1, note.velocity))))
        if bank != 128 and last < frames:
            events.append(SynthEvent(last, OFF, channel, note.pitch))
        if channel:
            events += _wheel(note, channel, clock, first, min(last, frames), reach)
    return sorted(set(events))


def _channels(ordered: Sequence[Note], clock: Callable[[float], float]) -> list[int]:
    """The channel of each note: 0 for those that keep their pitch; notes that bend together share one of the others."""
    free_at = dict.fromkeys(range(1, _CHANNELS), -1.0)
    shared: dict[tuple[float, Points], int] = {}
    channels = []
    for note in ordered:
        if is_still(note.bend):
            channels.append(0)
            continue
        key = (note.start, note.bend)
        if key not in shared:
            shared[key] = min(free_at, key=lambda channel: (free_at[channel], channel))
        channel = shared[key]
        free_at[channel] = max(free_at[channel], clock(note.start + note.length) + _RINGING)
        channels.append(channel)
    return channels


def wheel_range(notes: Sequence[Note]) -> int:
    """Semitones that the wheel must reach."""
    return max(2, ceil(max((abs(level) for note in notes for _, level in note.bend), default=0.0)))


def _wheel(
    note: Note, channel: int, clock: Callable[[float], float], first: int, last: int, reach: int
) -> list[SynthEvent]:
    """The wheel's places along a note's curve, from frame `first` to `last`, where they change.

    The curve begins when the note is heard, not when a sample that speaks late is started.
    """
    start = clock(note.start)
    points = tuple((clock(note.start + beat) - start, level) for beat, level in note.bend)
    frames = np.arange(first, max(first + 1, last), _WHEEL_STEP)
    levels = semitones_over(points, frames / RATE - start)
    places = np.clip(np.round(WHEEL_CENTRE + levels / reach * WHEEL_CENTRE), 0, 16383).astype(np.int64)
    changed = np.flatnonzero(np.diff(places, prepend=-1))
    return [SynthEvent(int(frames[index]), WHEEL, channel, int(places[index])) for index in changed]
