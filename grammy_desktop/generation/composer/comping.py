"""Chord instruments: rhythmic comping and strumming, sustained pads, arpeggios and ostinati."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grammy_desktop.core.music import Chord
from grammy_desktop.core.styles import PartStyle
from grammy_desktop.core.styles.grid import STEPS_PER_BEAT, Hit
from grammy_desktop.generation.composer.events import Event, SectionPlan, Span, place_at
from grammy_desktop.generation.composer.form.plan import Plan
from grammy_desktop.generation.composer.rhythm import bar_hits, beat, fitting
from grammy_desktop.generation.composer.voicing import Voicing, lead_voices

_WHOLE_NOTES = ("x---------------",)
_EIGHTHS = ("x.x.x.x.x.x.x.x.",)
_SHAPES = ((0, 1, 2, 3, 2, 1), (0, 2, 1, 3), (0, 1, 2, 3), (3, 2, 1, 0, 1, 2), (0, 2, 3, 2, 1, 2))
_FAST = 0.6
"""Energy above which the denser rhythms play."""

_UP_STRINGS, _UP_SOFTER = 4, 12.0
"""Strings that an up-stroke reaches, and how much softer it is."""

_ANTICIPATES = 0.3
"""Beats before a chord change within which a stroke belongs to the new chord."""

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
    slow = _pick(fitting(part.rhythms or _WHOLE_NOTES, plan.metre), rng)
    fast = _pick(fitting(part.rhythms_high or part.rhythms or _WHOLE_NOTES, plan.metre), rng)
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
    hits = list(bar_hits(pattern, bar - section.start, metre))
    # A chord that starts where the pattern has no onset still has to be heard.
    first, last = place_at(spans, origin), place_at(spans, origin + metre.quarters - 1e-3)
    for span in spans[first : last + 1]:
        step = (span.start - origin) * STEPS_PER_BEAT
        if step > 0.1 and all(abs(step - hit.step) > 1.2 for hit in hits):
            hits.append(Hit(step, min(4.0, span.length * STEPS_PER_BEAT), 74))
    hits.sort(key=lambda hit: hit.step)
    events: list[Event] = []
    for index, hit in enumerate(hits):
        start = origin + beat(hit.step)
        pushed = metre.steps == 16 and hit.step >= 14 and not hit.triplet and bar + 1 < plan.music_bars
        place = place_at(spans, origin + metre.quarters if pushed else start)
        if not pushed and spans[place].end - start <= _ANTICIPATES and place + 1 < len(spans):
            # Struck just ahead of a chord: it is that chord already, and rings on.
            place += 1
        room = beat(hits[index + 1].step) + origin - start if index + 1 < len(hits) else beat(hit.length)
        length = min(beat(hit.length), room)
        if not pushed:
            length = min(length, spans[place].end - start)
        stroke = Stroke(
            start, max(0.12, length * part.gate), float(hit.velocity), hit.triplet, hit.step % metre.pulse != 0
        )
        events += _strike(voicings[place], stroke, part, section.energy)
    return events


@dataclass(frozen=True)
class Stroke:
    """One chord: times in beats; `off`: between the beats, where a strumming hand goes up."""

    start: float
    length: float
    velocity: float
    triplet: bool
    off: bool


def _strike(voicing: Voicing, stroke: Stroke, part: PartStyle, energy: float) -> list[Event]:
    """The notes of a chord. An up-stroke reaches the upper four strings only, and more lightly."""
    up = stroke.off and part.strum_ms > 0
    tones = voicing[-_UP_STRINGS:] if up else voicing
    level = stroke.velocity * 0.78 * (0.82 + 0.24 * energy) - (_UP_SOFTER if up else 0.0)
    tag = "" if not part.strum_ms else "up" if up else "down"
    return [
        Event(stroke.start, stroke.length, pitch, level + (6.0 if pitch == tones[-1] else 0.0), tag, stroke.triplet)
        for pitch in tones
    ]


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
    slow = _pick(fitting(part.rhythms or _EIGHTHS, plan.metre), rng)
    fast = _pick(fitting(part.rhythms_high or part.rhythms or _EIGHTHS, plan.metre), rng)
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
                tones = _ladder(voicings[place_at(spans, start)], part.range[1])
                pitch = tones[shape[index % len(shape)] % len(tones)]
                accent = 8 if hit.step in plan.metre.strong_steps else 0
                velocity = hit.velocity * 0.72 * (0.82 + 0.24 * section.energy) + accent
                after = hits[index + 1].step if index + 1 < len(hits) else plan.metre.steps
                # Picked and struck instruments ring until their next note, sequences keep the grid's length.
                length = beat(after - hit.step) if part.gate >= _RINGS else beat(hit.length)
                events.append(Event(start, max(0.1, length * part.gate), pitch, velocity, "", hit.triplet))
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


def _pick(patterns: Sequence[str], rng: np.random.Generator) -> str:
    return patterns[int(rng.integers(len(patterns)))]
