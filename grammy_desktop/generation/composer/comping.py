"""Chord instruments: rhythmic comping, sustained pads, arpeggios and ostinati, and a counter-line of guide tones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grammy_desktop.core.music import Chord
from grammy_desktop.core.styles import PartStyle
from grammy_desktop.generation.composer.events import Event, SectionPlan, Span, chord_at
from grammy_desktop.generation.composer.form import Plan
from grammy_desktop.generation.composer.rhythm import bar_hits, beat
from grammy_desktop.generation.composer.voicing import Voicing, lead_voices

_WHOLE_NOTES = ("x---------------",)
_EIGHTHS = ("x.x.x.x.x.x.x.x.",)
_SHAPES = ((0, 1, 2, 3, 2, 1), (0, 2, 1, 3), (0, 1, 2, 3), (3, 2, 1, 0, 1, 2), (0, 2, 3, 2, 1, 2))
_FAST = 0.6
"""Energy above which the denser rhythms play."""

_RINGS = 0.85
"""Gate from which an arpeggio's notes ring into each other."""


class Voicings:
    """Voicings of the whole song for a part, led section by section and shared by equal passages."""

    def __init__(self, spans: list[Span]) -> None:
        self._spans = spans
        self._known: dict[tuple[object, ...], list[Voicing]] = {}

    def for_part(self, voicing: str, low: int, high: int) -> list[Voicing]:
        """One voicing per span."""
        result: list[Voicing] = []
        start = 0
        while start < len(self._spans):
            end = start
            while end < len(self._spans) and self._spans[end].section == self._spans[start].section:
                end += 1
            for first in range(start, end, 8):
                chords = tuple(span.chord for span in self._spans[first : min(end, first + 8)])
                result += self._lead(chords, voicing, low, high)
            start = end
        return result

    def _lead(self, chords: tuple[Chord, ...], voicing: str, low: int, high: int) -> list[Voicing]:
        memory = (chords, voicing, low, high)
        if memory not in self._known:
            self._known[memory] = lead_voices(chords, voicing, low, high)
        return self._known[memory]


def active(section: SectionPlan, part: PartStyle) -> bool:
    """Whether a part plays in a section."""
    return part.min_energy <= section.energy <= part.max_energy and section.kind != "stop"


def write_comping(
    plan: Plan, spans: list[Span], voicings: list[Voicing], part: PartStyle, rng: np.random.Generator
) -> list[Event]:
    """Chords in the part's rhythm; the last eighth of a bar may take the next bar's chord early."""
    slow = _pick(part.rhythms or _WHOLE_NOTES, rng)
    fast = _pick(part.rhythms_high or part.rhythms or _WHOLE_NOTES, rng)
    events: list[Event] = []
    for section in plan.sections:
        if not active(section, part):
            continue
        pattern = fast if section.energy > _FAST else slow
        for bar in range(section.start, min(section.end, plan.music_bars)):
            if section.kind == "build" and bar == section.end - 1 and section.lifts:
                pattern = _WHOLE_NOTES[0]
            events += _comp_bar(plan, spans, voicings, part, pattern, bar, section)
    return events


def _comp_bar(
    plan: Plan,
    spans: list[Span],
    voicings: list[Voicing],
    part: PartStyle,
    pattern: str,
    bar: int,
    section: SectionPlan,
) -> list[Event]:
    metre = plan.metre
    origin = bar * metre.quarters
    onsets = [
        (origin + beat(h.step), beat(h.length), float(h.velocity), h.step)
        for h in bar_hits(pattern, bar - section.start, metre)
    ]
    # A chord that starts where the pattern has no onset still has to be heard.
    for span in spans:
        inside = origin < span.start < origin + metre.quarters
        if inside and all(abs(span.start - onset[0]) > 0.3 for onset in onsets):
            onsets.append((span.start, min(1.0, span.length), 74.0, 0.0))
    onsets.sort()
    events: list[Event] = []
    for index, (start, length, velocity, step) in enumerate(onsets):
        pushed = metre.steps == 16 and step >= 14 and bar + 1 < plan.music_bars
        span = chord_at(spans, origin + metre.quarters if pushed else start)
        room = onsets[index + 1][0] - start if index + 1 < len(onsets) else length
        length = min(length, room)
        if not pushed:
            length = min(length, span.end - start)
        voicing = voicings[spans.index(span)] if span in spans else ()
        for place, pitch in enumerate(voicing):
            top = 6.0 if place == len(voicing) - 1 else 0.0
            events.append(
                Event(
                    start, max(0.12, length * part.gate), pitch, velocity * 0.78 * (0.82 + 0.24 * section.energy) + top
                )
            )
    return events


def write_pad(plan: Plan, spans: list[Span], voicings: list[Voicing], part: PartStyle) -> list[Event]:
    """Held chords; a tone that the next chord shares is tied over."""
    events: list[Event] = []
    held: dict[int, tuple[float, float, float]] = {}
    for span, voicing in zip(spans, voicings, strict=True):
        section = plan.sections[span.section]
        if not active(section, part) or span.start >= plan.last_chord - 1e-6:
            continue
        velocity = 58 + 28 * section.energy
        now: dict[int, tuple[float, float, float]] = {}
        for pitch in voicing:
            earlier = held.pop(pitch, None)
            tied = (
                earlier is not None
                and abs(earlier[1] - span.start) < 1e-6
                and span.end - earlier[0] <= 4 * plan.metre.quarters
            )
            if earlier is not None and not tied:
                events.append(Event(earlier[0], earlier[1] - earlier[0], pitch, earlier[2]))
            now[pitch] = (
                (earlier[0], span.end, earlier[2]) if tied and earlier is not None else (span.start, span.end, velocity)
            )
        events += [Event(start, end - start, pitch, v) for pitch, (start, end, v) in held.items()]
        held = now
    events += [Event(start, end - start, pitch, v) for pitch, (start, end, v) in held.items()]
    return events


def write_arpeggio(
    plan: Plan, spans: list[Span], voicings: list[Voicing], part: PartStyle, rng: np.random.Generator
) -> list[Event]:
    """Single notes through the chord in a shape that the song keeps."""
    slow = _pick(part.rhythms or _EIGHTHS, rng)
    fast = _pick(part.rhythms_high or part.rhythms or _EIGHTHS, rng)
    shape = _SHAPES[int(rng.integers(len(_SHAPES)))]
    events: list[Event] = []
    for section in plan.sections:
        if not active(section, part):
            continue
        pattern = fast if section.energy > _FAST else slow
        for bar in range(section.start, min(section.end, plan.music_bars)):
            if section.kind == "build" and bar == section.end - 1 and section.lifts:
                continue
            origin = bar * plan.metre.quarters
            hits = bar_hits(pattern, bar - section.start, plan.metre)
            for index, hit in enumerate(hits):
                start = origin + beat(hit.step)
                span = chord_at(spans, start)
                tones = _ladder(voicings[spans.index(span)], part.range[1])
                pitch = tones[shape[index % len(shape)] % len(tones)]
                accent = 8 if hit.step in plan.metre.strong_steps else 0
                velocity = hit.velocity * 0.72 * (0.82 + 0.24 * section.energy) + accent
                after = hits[index + 1].step if index + 1 < len(hits) else plan.metre.steps
                # Picked and struck instruments ring until their next note, sequences keep the grid's length.
                length = beat(after - hit.step) if part.gate >= _RINGS else beat(hit.length)
                events.append(Event(start, max(0.1, length * part.gate), pitch, velocity))
    return events


def _ladder(voicing: Voicing, high: int) -> tuple[int, ...]:
    """Four notes to climb: the voicing, continued by its lowest note an octave up."""
    tones = list(voicing)
    for pitch in voicing:
        if len(tones) >= 4:
            break
        if pitch + 12 <= high:
            tones.append(pitch + 12)
    return tuple(tones[:4])


def write_counter(plan: Plan, spans: list[Span], melody: Sequence[Event], part: PartStyle) -> list[Event]:
    """A slow line of thirds and sevenths that moves by step, and runs on where the melody rests."""
    events: list[Event] = []
    before: int | None = None
    low, high = part.range
    starts = np.array([event.start for event in melody]) if melody else np.zeros(0)
    for span in spans:
        section = plan.sections[span.section]
        if not active(section, part) or span.start >= plan.last_chord - 1e-6:
            before = None
            continue
        wanted = [
            pc
            for interval, pc in zip(span.chord.intervals, span.chord.pitch_classes, strict=True)
            if interval in (3, 4, 10, 11, 9, 5)
        ]
        pool = [p for p in range(low, high + 1) if p % 12 in (wanted or span.chord.pitch_classes)]
        if not pool:
            continue
        centre = before if before is not None else (low + high) // 2
        pitch = min(pool, key=lambda p: (abs(p - centre) + 0.1 * abs(p - (low + high) / 2), p))
        velocity = 62 + 20 * section.energy
        crowd = int(((starts >= span.start + span.length / 2) & (starts < span.end)).sum())
        if crowd <= 1 and span.length >= 3:
            # The melody breathes: the counter-line answers with a second chord tone.
            others = [p for p in range(low, high + 1) if p % 12 in span.chord.pitch_classes and 0 < abs(p - pitch) <= 5]
            half = span.length / 2
            events.append(Event(span.start, half, pitch, velocity))
            answer = others[len(events) % len(others)] if others else pitch
            events.append(Event(span.start + half, half * 0.95, answer, velocity + 4))
            before = answer
        else:
            events.append(Event(span.start, span.length * 0.98, pitch, velocity))
            before = pitch
    return events


def _pick(patterns: Sequence[str], rng: np.random.Generator) -> str:
    return patterns[int(rng.integers(len(patterns)))]
