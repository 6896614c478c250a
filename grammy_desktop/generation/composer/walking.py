"""Walking bass: quarter notes from root to root, by chord tones and steps, the last of them leaning on the next root."""

from __future__ import annotations

import numpy as np

from grammy_desktop.core.styles import PartStyle
from grammy_desktop.generation.composer.events import Event, Span, chord_at
from grammy_desktop.generation.composer.form.plan import Plan
from grammy_desktop.generation.composer.harmony import scale_over

_SKIP = 0.12
"""Chance of an eighth thrown in before a beat."""
_TRIPLET_EIGHTH = 2 / 3
"""Where that eighth falls within its beat in swing; straight music has it in the middle."""


def place_root(pc: int, part: PartStyle, before: int | None) -> int:
    """The pitch class in the lower part of the range, near where the bass was."""
    low, high = part.range
    options = [pitch for pitch in range(low, high + 1) if pitch % 12 == pc] or [low]
    if before is None:
        return options[0]
    return min(options, key=lambda pitch: abs(pitch - before) + 0.35 * (pitch - low))


def walk(
    plan: Plan,
    spans: list[Span],
    bar: int,
    part: PartStyle,
    before: int | None,
    rng: np.random.Generator,
    *,
    swung: bool,
) -> list[Event]:
    """One bar: a root where a chord begins, tones of chord and scale on the way, an approach at its end."""
    step = 1.5 if plan.metre.compound else 1.0
    origin = bar * plan.metre.quarters
    starts = [origin + place * step for place in range(round(plan.metre.quarters / step))]
    events: list[Event] = []
    for index, start in enumerate(starts):
        span = chord_at(spans, start)
        following = chord_at(spans, start + step)
        fresh = index == 0 or chord_at(spans, starts[index - 1]) is not span
        if fresh:
            # A chord that lasts on is not begun anew on its root every bar: its third or fifth serves as well.
            held = span.start < origin - 1e-6 and index == 0 and rng.random() < 0.5
            pitch = _tone(span, part, before, rng) if held else _root(span, part, before)
        elif following is not span:
            pitch = _leading(place_root(following.chord.bass, part, before), span, part, before, rng)
        else:
            pitch = _tone(span, part, before, rng) if index % 2 == 0 else _passing(span, part, before, rng)
        velocity = 96.0 if index % 2 == 0 else 88.0
        events.append(Event(start, step, pitch, velocity))
        if not plan.metre.compound and index and rng.random() < _SKIP:
            off = _TRIPLET_EIGHTH if swung else 0.5
            events[-1] = Event(start, off, pitch, velocity)
            events.append(Event(start + off, 1 - off, pitch, 66.0, "", swung))
        before = pitch
    return events


def _root(span: Span, part: PartStyle, before: int | None) -> int:
    return place_root(span.chord.bass, part, before)


def _near(options: list[int], before: int | None, rng: np.random.Generator) -> int:
    """One of the nearest options that is not the note before."""
    centre = before if before is not None else min(options)
    ordered = sorted((p for p in options if p != before), key=lambda p: (abs(p - centre), p)) or options
    return ordered[int(rng.integers(min(3, len(ordered))))]


def _tone(span: Span, part: PartStyle, before: int | None, rng: np.random.Generator) -> int:
    low, high = part.range
    tones = span.chord.pitch_classes[:4]
    options = [p for p in range(low, high + 1) if p % 12 in tones and (before is None or abs(p - before) <= 9)]
    return _near(options or [_root(span, part, before)], before, rng)


def _passing(span: Span, part: PartStyle, before: int | None, rng: np.random.Generator) -> int:
    low, high = part.range
    scale = scale_over(span.chord, span.key)
    options = [p for p in range(low, high + 1) if p % 12 in scale and (before is None or 0 < abs(p - before) <= 4)]
    return _near(options, before, rng) if options else _tone(span, part, before, rng)


def _leading(target: int, span: Span, part: PartStyle, before: int | None, rng: np.random.Generator) -> int:
    """A semitone or a scale step beside the next root, from the side that the line comes from."""
    low, high = part.range
    scale = scale_over(span.chord, span.key)
    steps = [p for p in (target - 1, target + 1) if low <= p <= high]
    steps += [p for p in (target - 2, target + 2) if low <= p <= high and p % 12 in scale]
    fifth = target + 7
    if fifth <= high and rng.random() < 0.15:
        return fifth
    centre = before if before is not None else target
    ordered = sorted((p for p in steps if p != before), key=lambda p: abs(p - centre)) or [target]
    return ordered[int(rng.integers(min(2, len(ordered))))]
