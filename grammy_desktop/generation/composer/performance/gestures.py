"""What a player does to a note's pitch: slides into it, bends up to it, shakes it when it is held.

Sheets say how often (`slide`, `bend`, `vibrato`); what is usual on the instrument decides how far and how fast. Notes struck
together are moved together, as by one hand. All times are worked out in seconds and handed over in beats.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np

from grammy_desktop.core.pitch_curve import Points
from grammy_desktop.core.styles import PartStyle, midi_program
from grammy_desktop.generation.composer.events import Event

_FIXED_PITCH = frozenset((*range(22), 45, 46, 47, 108, *range(112, 128)))
"""General MIDI programs whose pitch nobody can move: keyboards, bars, accordion, plucked harp, drums."""
_GUITARS, _BASSES, _BOWED = range(24, 32), range(32, 40), (*range(40, 45), *range(48, 52), 110)
_LONG, _ACCENT = 0.45, 96.0
"""Seconds from which a note is long enough, and velocity from which it is strong enough, to slide into."""
_SHORTEST = 0.16
"""Seconds below which a note is left alone."""
_BENT = 0.35
"""Seconds that a note lasts at least when it is bent."""
_HELD, _VIBRATO_DELAY, _VIBRATO_RISE = 0.7, 0.25, 0.3
"""Seconds: from when a note is shaken, when that begins, and how long it takes to grow."""
_JOINED = 0.06
"""Seconds between two notes that are heard as one line."""


@dataclass(frozen=True)
class _Hand:
    """How an instrument is moved: slide in semitones and seconds, bend in semitones, vibrato in Hz and cents (from, to)."""

    slide: tuple[float, float] = (1.0, 2.0)
    slide_seconds: tuple[float, float] = (0.06, 0.12)
    bend: float = 2.0
    vibrato_hz: tuple[float, float] = (4.8, 5.8)
    vibrato_cents: tuple[float, float] = (15.0, 26.0)


_GUITAR = _Hand(vibrato_hz=(4.5, 5.6), vibrato_cents=(18.0, 35.0))
_BASS = _Hand(slide=(1.0, 2.0), slide_seconds=(0.06, 0.1), vibrato_hz=(4.5, 5.2), vibrato_cents=(12.0, 20.0))
_BOW = _Hand(slide=(1.0, 1.0), slide_seconds=(0.08, 0.12), bend=1.0, vibrato_hz=(5.0, 6.0), vibrato_cents=(15.0, 25.0))
_BREATH = _Hand(slide=(0.7, 1.5), slide_seconds=(0.06, 0.12), bend=1.0)


def moves(part: PartStyle) -> bool:
    """Whether the sheet wants gestures, and the instrument that plays it now can do them."""
    if not (part.slide or part.bend or part.vibrato):
        return False
    program = midi_program(part.sound)
    unknown = program == 0 and part.sound.startswith("synth:") and "piano" not in part.sound
    return unknown or program not in _FIXED_PITCH


def gestures(events: list[Event], part: PartStyle, tempo: float, rng: np.random.Generator) -> list[Points]:
    """The pitch curve of each event (in order of start, as performed): (beats after its start, semitones)."""
    if not moves(part):
        return [()] * len(events)
    hand = _hand(midi_program(part.sound))
    beat = 60.0 / tempo
    curves: list[Points] = []
    before: Event | None = None
    # A strummed chord is one stroke: what begins within a 32nd of its first note goes with it.
    for _, group in groupby(_strokes(events), key=lambda pair: pair[0]):
        stroke = [event for _, event in group]
        first = stroke[0]
        line = before if len(stroke) == 1 else None
        curve = _curve(first, line, part, hand, beat, rng)
        curves += [curve] * len(stroke)
        before = first if len(stroke) == 1 else None
    return curves


def _strokes(events: list[Event]) -> list[tuple[int, Event]]:
    numbered = []
    number, start = -1, -1.0
    for event in events:
        if event.start - start > 0.125 or number < 0:
            number, start = number + 1, event.start
        numbered.append((number, event))
    return numbered


def _hand(program: int) -> _Hand:
    if program in _GUITARS:
        return _GUITAR
    if program in _BASSES:
        return _BASS
    return _BOW if program in _BOWED else _BREATH


def _curve(
    note: Event, before: Event | None, part: PartStyle, hand: _Hand, beat: float, rng: np.random.Generator
) -> Points:
    """One note's curve. The same numbers are drawn for every note, so that one gesture does not change the others."""
    chances, sizes = rng.random(3), rng.random(4)
    seconds = note.length * beat
    # Overlapping notes of a line already glide.
    gliding = before is not None and before.end > note.start + 0.02
    if seconds < _SHORTEST or gliding or note.tag == "glide":
        return ()
    points: list[tuple[float, float]] = []
    marked = seconds >= _LONG or note.velocity >= _ACCENT
    if seconds >= _BENT and chances[0] < part.bend:
        points = _bent_up(hand, seconds, sizes)
    elif marked and chances[1] < part.slide:
        points = _slid_into(note, before, hand, seconds, beat, sizes)
    if seconds >= _HELD and chances[2] < part.vibrato:
        points += _shaken(hand, seconds, points[-1][0] if points else 0.0, sizes)
    return tuple((round(when / beat, 5), round(level, 4)) for when, level in points)


def _bent_up(hand: _Hand, seconds: float, sizes: np.ndarray) -> list[tuple[float, float]]:
    """Struck below, held a moment, pulled up to the note."""
    wait = 0.03 + 0.06 * float(sizes[0])
    pull = min(0.11 + 0.09 * float(sizes[1]), 0.5 * seconds - wait)
    return [(0.0, -hand.bend), (wait, -hand.bend), (wait + pull, 0.0)]


def _slid_into(
    note: Event, before: Event | None, hand: _Hand, seconds: float, beat: float, sizes: np.ndarray
) -> list[tuple[float, float]]:
    """From the note before where that is near and reaches up to this one, else from a semitone or two below."""
    low, high = hand.slide
    depth = -float(low + round((high - low) * float(sizes[0])) if high - low >= 1.0 else low + (high - low) * sizes[0])
    if (
        before is not None
        and abs(note.start - before.end) * beat < _JOINED
        and 1 <= abs(before.pitch - note.pitch) <= 3
    ):
        depth = float(before.pitch - note.pitch)
    fast, slow = hand.slide_seconds
    return [(0.0, depth), (min(fast + (slow - fast) * float(sizes[1]), 0.5 * seconds), 0.0)]


def _shaken(hand: _Hand, seconds: float, after: float, sizes: np.ndarray) -> list[tuple[float, float]]:
    """Vibrato: it comes late, grows, and the finger lies still again at the end."""
    slow, fast = hand.vibrato_hz
    narrow, wide = hand.vibrato_cents
    half = 0.5 / (slow + (fast - slow) * float(sizes[2]))
    depth = (narrow + (wide - narrow) * float(sizes[3])) / 100.0
    begin = max(after, _VIBRATO_DELAY)
    turns = int((seconds - begin) / half) - 1
    if turns < 2:
        return []
    points = [(begin, 0.0)]
    for turn in range(turns):
        when = begin + (turn + 0.5) * half
        grown = min(1.0, (when - begin + half) / _VIBRATO_RISE)
        points.append((when, depth * grown * (1.0 if turn % 2 == 0 else -1.0)))
    return [*points, (begin + turns * half, 0.0)]
