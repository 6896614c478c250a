"""Bass: knows the kick, plays roots where chords change, leads into the next one; `walking.py` is its other manner."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from grammy_desktop.core.music import Chord, Key
from grammy_desktop.core.styles import PartStyle, Style
from grammy_desktop.core.styles.grid import Hit
from grammy_desktop.generation.composer.events import Event, SectionPlan, Span, chord_at
from grammy_desktop.generation.composer.form.plan import Plan
from grammy_desktop.generation.composer.harmony import scale_over
from grammy_desktop.generation.composer.rhythm import Metre, bar_hits, beat, fitting
from grammy_desktop.generation.composer.walking import place_root, walk

_CYCLE = 4
"""Bars after which the line's choices come round again."""

_QUIET = 0.35
"""Below this energy the bass only marks the roots."""
_WALKS = 0.42
"""Energy from which a walking bassist walks; below, the rhythms are played (a ballad in two)."""

_LOCKED = 0.85
"""`kick_lock` from which every kick is doubled, however fast."""
_SWUNG = 58.0
"""Swing in per cent from which thrown-in eighths are triplets."""


@dataclass(frozen=True)
class Habit:
    """What a song's bass player does every time: which kicks to double, which degree on which onset of which bar."""

    follows_kick: bool
    every_kick: bool
    keeps: tuple[bool, ...]
    degrees: tuple[tuple[str, ...], ...]
    approaches: tuple[bool, ...]


def _draw_habit(style: Style, rng: np.random.Generator) -> Habit:
    names = list(style.bass.degrees)
    weights = np.array([style.bass.degrees[name] for name in names])
    drawn = rng.choice(len(names), size=(_CYCLE, 16), p=weights / weights.sum())
    return Habit(
        follows_kick=bool(rng.random() < style.bass.kick_lock),
        every_kick=style.bass.kick_lock >= _LOCKED,
        keeps=tuple(bool(draw < max(0.75, style.bass.kick_lock)) for draw in rng.random(16)),
        degrees=tuple(tuple(names[index] for index in row) for row in drawn),
        approaches=tuple(bool(draw < style.bass.approach) for draw in rng.random(_CYCLE)),
    )


def write_bass(
    style: Style,
    plan: Plan,
    spans: list[Span],
    kicks: dict[int, tuple[float, ...]],
    part: PartStyle,
    rng: np.random.Generator,
) -> list[Event]:
    """The bass line of the whole song. `kicks` holds the kick's steps by bar."""
    habits = style.bass
    slow = _pick(fitting(habits.rhythms, plan.metre), rng)
    fast = _pick(fitting(habits.rhythms_high, plan.metre), rng)
    habit = _draw_habit(style, rng)
    lines = _Line(style, plan, spans, part, habit, rng)
    for section in plan.sections:
        last_bar = min(section.end, plan.music_bars)
        if section.kind == "stop":
            continue
        for bar in range(section.start, last_bar):
            if habits.walking and section.energy >= _WALKS and section.kind not in ("build", "break"):
                lines.events += walk(plan, spans, bar, part, lines.before, rng, swung=style.feel.swing >= _SWUNG)
                continue
            if section.energy < _QUIET or section.kind == "break":
                hits = _roots(spans, bar, plan.metre)
            else:
                hits = _bar_rhythm(section, bar, plan.metre, slow, fast, kicks.get(bar, ()), habit)
            if section.kind == "build" and bar == last_bar - 1 and section.lifts:
                hits = tuple(hit for hit in hits if hit.step < plan.metre.steps / 2)
            lines.bar(bar, hits, pedal=section.kind == "build" or habits.pedal)
    return _join(lines.events, habits.gate, habits.glide, rng)


def _pick(patterns: tuple[str, ...], rng: np.random.Generator) -> str:
    return patterns[int(rng.integers(len(patterns)))]


def _roots(spans: list[Span], bar: int, metre: Metre) -> tuple[Hit, ...]:
    """Held notes, one for each chord of the bar."""
    origin = bar * metre.quarters
    inside = [span.start - origin for span in spans if origin + 1e-6 < span.start < origin + metre.quarters - 1e-6]
    starts = [0.0, *(start * metre.steps / metre.quarters for start in inside)]
    ends = [*starts[1:], float(metre.steps)]
    return tuple(Hit(start, end - start, 92) for start, end in zip(starts, ends, strict=True))


def _bar_rhythm(
    section: SectionPlan, bar: int, metre: Metre, slow: str, fast: str, kicks: tuple[float, ...], habit: Habit
) -> tuple[Hit, ...]:
    index = bar - section.start
    if section.kind == "build":
        return tuple(Hit(step, 2, round(70 + 25 * index / max(1, section.bars))) for step in range(0, metre.steps, 2))
    written = bar_hits(fast if section.energy > 0.6 else slow, index, metre)
    triplets = any(hit.triplet for hit in written)
    if habit.follows_kick and len(kicks) >= 2 and not triplets:
        nearest = 1 if habit.every_kick else 2
        steps = [0.0] + [
            step for step in kicks if step >= nearest and (habit.every_kick or habit.keeps[int(step) % 16])
        ]
        # Closer than an eighth is the kick's business alone, but for a bass that is locked to it.
        kept = [step for i, step in enumerate(steps) if i == 0 or habit.every_kick or step - steps[i - 1] >= 2]
        ends = [*kept[1:], float(metre.steps)]
        return tuple(
            Hit(step, end - step, 100 if step == 0 else 90, False, step != int(step))
            for step, end in zip(kept, ends, strict=True)
        )
    return written


class _Line:
    """The line as it grows, bar by bar."""

    def __init__(
        self, style: Style, plan: Plan, spans: list[Span], part: PartStyle, habit: Habit, rng: np.random.Generator
    ) -> None:
        self._plan, self._spans, self._part, self._habit, self._rng = plan, spans, part, habit, rng
        self._pedal = style.bass.pedal
        self.events: list[Event] = []

    @property
    def before(self) -> int | None:
        return self.events[-1].pitch if self.events else None

    def bar(self, bar: int, hits: tuple[Hit, ...], *, pedal: bool) -> None:
        """Pitches for one bar's rhythm; `pedal`: nothing but roots (or the tonic, where the style has a pedal)."""
        plan, part = self._plan, self._part
        origin = bar * plan.metre.quarters
        before = self.before
        sounding: Span | None = None
        for index, hit in enumerate(hits):
            start = origin + beat(hit.step)
            span = chord_at(self._spans, start)
            fresh = span is not sounding or index == 0
            sounding = span
            root = place_root(span.key.tonic if self._pedal else span.chord.bass, part, before)
            name = self._habit.degrees[bar % _CYCLE][index % 16]
            pitch = root if fresh or pedal else degree_above(name, span.chord, root, part)
            if index == len(hits) - 1 and not fresh and not pedal and hit.step >= plan.metre.steps * 0.7:
                following = chord_at(self._spans, origin + plan.metre.quarters)
                if following.chord.bass != span.chord.bass and self._habit.approaches[bar % _CYCLE]:
                    target = place_root(following.chord.bass, part, root)
                    pitch = _approach(target, span.chord, span.key, part, self._rng)
            tag = "glide" if hit.glide else ""
            if hit.step >= plan.metre.steps * 0.7 and _anticipates(hits, plan.metre):
                pitch = place_root(chord_at(self._spans, origin + plan.metre.quarters).chord.bass, part, root)
            length = min(beat(hit.length), max(span.end - start, 0.25))
            self.events.append(Event(start, length, pitch, hit.velocity, tag, hit.triplet))
            before = root


def _anticipates(hits: tuple[Hit, ...], metre: Metre) -> bool:
    """A tumbao: nothing on 1, and a last note held over the bar line, which is the next chord's."""
    return bool(hits) and hits[0].step > 0 and hits[-1].length >= 3 and hits[-1].step + hits[-1].length >= metre.steps


def degree_above(name: str, chord: Chord, root: int, part: PartStyle) -> int:
    """The pitch of a named degree above a root, as the chord has it; the root where it does not fit the range."""
    intervals = chord.intervals
    fifth = next((i for i in intervals if i in (6, 7, 8)), 7)
    third = next((i for i in intervals if i in (3, 4)), fifth)
    seventh = 10 if 10 in intervals else 11 if 11 in intervals else 12
    sixth = 9 if third == 4 or 9 in intervals else fifth
    above = {
        "root": 0, "third": third, "fifth": fifth, "sixth": sixth, "seventh": seventh, "octave": 12,
        "ninth": 14 if 13 not in intervals else 12,
    }  # fmt: skip
    if chord.bass_interval:
        above = dict.fromkeys(above, 12) | {"root": 0}
    pitch = root + above[name]
    while pitch > part.range[1]:
        pitch -= 12
    return pitch if pitch >= part.range[0] else root


def _approach(target: int, chord: Chord, key: Key, part: PartStyle, rng: np.random.Generator) -> int:
    """A chromatic or scale step below or above the next root."""
    scale = scale_over(chord, key)
    steps = [target - 1, target + 1, target - 2, target + 2]
    fitting_steps = [p for p in steps if part.range[0] <= p <= part.range[1] and (p % 12 in scale or p == target - 1)]
    return fitting_steps[int(rng.integers(len(fitting_steps)))] if fitting_steps else target


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
