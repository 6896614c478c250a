"""The counter-line: guide tones that move by step, a sixth away from the melody, and answer where it rests."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from grammy_desktop.core.styles import PartStyle
from grammy_desktop.generation.composer.comping import active
from grammy_desktop.generation.composer.events import Event, Span
from grammy_desktop.generation.composer.form.plan import Plan

_GUIDE = (3, 4, 5, 9, 10, 11)
"""Intervals above the root that lead from chord to chord."""
_SIXTH = 8.5
"""Semitones: between a minor and a major sixth."""
_PATIENCE, _TIRED = 1, 6.0
"""Chords over which a tone is held on, and what staying costs after that (in semitones)."""
_DENSE = 3
"""Melody notes within a chord from which the two lines must keep to octaves of their own."""


def write_counter(plan: Plan, spans: list[Span], melody: Sequence[Event], part: PartStyle) -> list[Event]:
    """A slow line below or above `melody` (as its player sounds it)."""
    events: list[Event] = []
    before: int | None = None
    held = 0
    starts = [event.start for event in melody]
    for span in spans:
        section = plan.sections[span.section]
        if not active(section, part) or span.start >= plan.last_chord - 1e-6:
            before, held = None, 0
            continue
        sung = melody[bisect_left(starts, span.start - 1e-6) : bisect_left(starts, span.end - 1e-6)]
        pitch = _guide(span, sung, part, before, tired=held >= _PATIENCE)
        if pitch is None:
            continue
        held = held + 1 if pitch == before else 0
        velocity = 62 + 20 * section.energy
        half = span.length / 2
        crowd = sum(event.start >= span.start + half for event in sung)
        if crowd <= 1 and span.length >= 3:
            # The melody breathes: the counter-line answers with a second chord tone.
            low, high = part.range
            others = [p for p in range(low, high + 1) if p % 12 in span.chord.pitch_classes and 0 < abs(p - pitch) <= 5]
            answer = others[len(events) % len(others)] if others else pitch
            events.append(Event(span.start, half, pitch, velocity))
            events.append(Event(span.start + half, half * 0.95, answer, velocity + 4))
            before = answer
        else:
            events.append(Event(span.start, span.length * 0.98, pitch, velocity))
            before = pitch
    return events


def _guide(span: Span, sung: Sequence[Event], part: PartStyle, before: int | None, *, tired: bool) -> int | None:
    """The guide tone of the range that moves least, keeps a sixth from the melody and out of its way.

    tired: of the pitch before, which has been held long enough.
    """
    low, high = part.range
    intervals = [interval for interval in span.chord.intervals if interval in _GUIDE]
    wanted = {(span.chord.root + interval) % 12 for interval in intervals} or set(span.chord.pitch_classes)
    pool = [pitch for pitch in range(low, high + 1) if pitch % 12 in wanted]
    if not pool:
        return None
    middle = (low + high) / 2
    centre = before if before is not None else middle
    mean = sum(event.pitch for event in sung) / len(sung) if sung else None

    def cost(pitch: int) -> tuple[float, int]:
        total = abs(pitch - centre) + 0.1 * abs(pitch - middle)
        if tired and pitch == before:
            total += _TIRED
        if mean is not None:
            distance = abs(pitch - mean)
            total += 0.35 * abs(distance - _SIXTH)
            if len(sung) >= _DENSE and distance < 6:
                total += 2.0 * (6 - distance)
            total += 3.0 * any(abs(pitch - event.pitch) in (1, 2) for event in sung)
        return total, pitch

    return min(pool, key=cost)
