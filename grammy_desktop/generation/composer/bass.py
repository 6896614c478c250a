"""Bass: knows the kick, plays roots where chords change, walks into the next one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from grammy_desktop.core.music import Chord, Key
from grammy_desktop.core.styles import PartStyle, Style
from grammy_desktop.core.styles.grid import Hit
from grammy_desktop.generation.composer.events import Event, SectionPlan, Span, chord_at
from grammy_desktop.generation.composer.form import Plan
from grammy_desktop.generation.composer.harmony import scale_over
from grammy_desktop.generation.composer.rhythm import Metre, bar_hits, beat

_CYCLE = 4
"""Bars after which the line's choices come round again."""

_QUIET = 0.35
"""Below this energy the bass only marks the roots."""


@dataclass(frozen=True)
class Habit:
    """What a song's bass player does every time: which kicks to double, which degree on which onset of which bar."""

    follows_kick: bool
    keeps: tuple[bool, ...]
    degrees: tuple[tuple[str, ...], ...]
    approaches: tuple[bool, ...]


def _draw_habit(style: Style, rng: np.random.Generator) -> Habit:
    names = list(style.bass.degrees)
    weights = np.array([style.bass.degrees[name] for name in names])
    drawn = rng.choice(len(names), size=(_CYCLE, 16), p=weights / weights.sum())
    return Habit(
        follows_kick=bool(rng.random() < style.bass.kick_lock),
        keeps=tuple(bool(draw < max(0.75, style.bass.kick_lock)) for draw in rng.random(16)),
        degrees=tuple(tuple(names[index] for index in row) for row in drawn),
        approaches=tuple(bool(draw < style.bass.approach) for draw in rng.random(_CYCLE)),
    )


def write_bass(
    style: Style,
    key: Key,
    plan: Plan,
    spans: list[Span],
    kicks: dict[int, tuple[float, ...]],
    part: PartStyle,
    rng: np.random.Generator,
) -> list[Event]:
    """The bass line of the whole song. `kicks` holds the kick's steps by bar."""
    events: list[Event] = []
    habits = style.bass
    slow = habits.rhythms[int(rng.integers(len(habits.rhythms)))]
    fast = habits.rhythms_high[int(rng.integers(len(habits.rhythms_high)))]
    habit = _draw_habit(style, rng)
    for section in plan.sections:
        last_bar = min(section.end, plan.music_bars)
        for bar in range(section.start, last_bar):
            if section.kind == "stop":
                continue
            hits = _bar_rhythm(section, bar, plan.metre, slow, fast, kicks.get(bar, ()), habit)
            if section.kind == "build" and bar == last_bar - 1 and section.lifts:
                hits = tuple(hit for hit in hits if hit.step < plan.metre.steps / 2)
            events += _bar_notes(
                habit,
                key,
                plan,
                spans,
                bar,
                hits,
                part,
                rng,
                events[-1].pitch if events else None,
                pedal=section.kind == "build",
            )
    return _join(events, habits.gate, habits.glide, rng)


def _bar_rhythm(
    section: SectionPlan,
    bar: int,
    metre: Metre,
    slow: str,
    fast: str,
    kicks: tuple[float, ...],
    habit: Habit,
) -> tuple[Hit, ...]:
    index = bar - section.start
    if section.energy < _QUIET or section.kind == "break":
        return (Hit(0, metre.steps, 92),)
    if section.kind == "build":
        return tuple(Hit(step, 2, round(70 + 25 * index / max(1, section.bars))) for step in range(0, metre.steps, 2))
    if habit.follows_kick and len(kicks) >= 2:
        steps = [0.0] + [step for step in kicks if step >= 2 and habit.keeps[int(step) % 16]]
        # Closer than an eighth is the kick's business alone.
        kept = [step for i, step in enumerate(steps) if i == 0 or step - steps[i - 1] >= 2]
        ends = [*kept[1:], float(metre.steps)]
        return tuple(Hit(step, end - step, 100 if step == 0 else 90) for step, end in zip(kept, ends, strict=True))
    return bar_hits(fast if section.energy > 0.6 else slow, index, metre)


def _bar_notes(
    habit: Habit,
    key: Key,
    plan: Plan,
    spans: list[Span],
    bar: int,
    hits: tuple[Hit, ...],
    part: PartStyle,
    rng: np.random.Generator,
    before: int | None,
    *,
    pedal: bool,
) -> list[Event]:
    origin = bar * plan.metre.quarters
    events: list[Event] = []
    sounding: Span | None = None
    for index, hit in enumerate(hits):
        start = origin + beat(hit.step)
        span = chord_at(spans, start)
        fresh = span is not sounding or index == 0
        sounding = span
        root = place_root(span.chord.bass, part, before)
        pitch = root if fresh or pedal else _degree(habit.degrees[bar % _CYCLE][index % 16], span.chord, root, part)
        if index == len(hits) - 1 and not fresh and not pedal and hit.step >= plan.metre.steps * 0.7:
            following = chord_at(spans, origin + plan.metre.quarters)
            if following.chord.bass != span.chord.bass and habit.approaches[bar % _CYCLE]:
                pitch = _approach(place_root(following.chord.bass, part, root), span.chord, key, part, rng)
        events.append(
            Event(start, min(beat(hit.length), span.end - start), pitch, hit.velocity, "glide" if hit.glide else "")
        )
        before = root
    return events


def place_root(pc: int, part: PartStyle, before: int | None) -> int:
    """The pitch class in the lower part of the range, near where the bass was."""
    low, high = part.range
    options = [pitch for pitch in range(low, high + 1) if pitch % 12 == pc] or [low]
    if before is None:
        return options[0]
    return min(options, key=lambda pitch: abs(pitch - before) + 0.35 * (pitch - low))


def _degree(name: str, chord: Chord, root: int, part: PartStyle) -> int:
    """The pitch of a named degree above a root."""
    fifth = next((i for i in chord.intervals if i in (6, 7, 8)), 7)
    seventh = 10 if 10 in chord.intervals else 12
    if chord.bass_interval:
        fifth = seventh = 12
    pitch = root + {"root": 0, "fifth": fifth, "octave": 12, "seventh": seventh}[name]
    if pitch > part.range[1]:
        pitch -= 12
    return pitch if pitch >= part.range[0] else root


def _approach(target: int, chord: Chord, key: Key, part: PartStyle, rng: np.random.Generator) -> int:
    """A chromatic or scale step below or above the next root."""
    scale = scale_over(chord, key)
    steps = [target - 1, target + 1, target - 2, target + 2]
    fitting = [p for p in steps if part.range[0] <= p <= part.range[1] and (p % 12 in scale or p == target - 1)]
    return fitting[int(rng.integers(len(fitting)))] if fitting else target


def _join(events: list[Event], gate: float, glide: float, rng: np.random.Generator) -> list[Event]:
    """Lengths: up to the next note at most, shortened by the gate; a glide overlaps its neighbour a little."""
    result: list[Event] = []
    for index, event in enumerate(events):
        room = events[index + 1].start - event.start if index + 1 < len(events) else event.length
        length = min(event.length, room) * gate
        slides = index + 1 < len(events) and events[index + 1].pitch != event.pitch and event.length >= room - 0.3
        if slides and glide and (event.tag == "glide" or rng.random() < glide * 0.5):
            result.append(replace(event, length=room + 0.12, tag="glide"))
        else:
            result.append(replace(event, length=max(0.1, length), tag=""))
    return result
