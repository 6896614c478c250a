"""Melody: a two-bar motif developed a-a'-b-a'' over eight bars, a hook that comes back in every chorus.

Rhythms are the style's; `pitches.py` finds the notes for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from grammy_desktop.core.music import Key
from grammy_desktop.core.styles import MoodEffect, Style
from grammy_desktop.generation.composer.events import Event, SectionPlan, Span, chord_at
from grammy_desktop.generation.composer.form import Plan
from grammy_desktop.generation.composer.harmony import scale_over
from grammy_desktop.generation.composer.pitches import Onset, find_pitches
from grammy_desktop.generation.composer.rhythm import Metre, bar_hits, beat


@dataclass(frozen=True)
class Theme:
    """The rhythms and contours that a song's melody is made of: the verse's motif and the hook."""

    verse: tuple[str, str]
    verse_contour: tuple[float, ...]
    hook: tuple[str, str]
    hook_contour: tuple[float, ...]
    answer_contour: tuple[float, ...]
    rest: float


def choose_theme(style: Style, rng: np.random.Generator) -> Theme:
    """Pick the song's rhythms and draw its contours."""
    habits = style.melody
    motifs, hooks = habits.motifs, habits.hooks
    verse = motifs[int(rng.integers(len(motifs)))]
    hook = hooks[int(rng.integers(len(hooks)))]
    return Theme(
        verse=(verse, motifs[int(rng.integers(len(motifs)))]),
        verse_contour=_contour(rng, 24, leap=0.12),
        hook=(hook, hooks[int(rng.integers(len(hooks)))]),
        hook_contour=_contour(rng, 24, leap=0.25),
        answer_contour=_contour(rng, 24, leap=0.2),
        rest=habits.rest,
    )


def _contour(rng: np.random.Generator, length: int, *, leap: float) -> tuple[float, ...]:
    """A walk in scale steps that leaps now and then, steps back after a leap and keeps near its middle."""
    steps: list[float] = [0.0]
    pull = 0.0
    for _ in range(length - 1):
        if pull:
            move, pull = pull, 0.0
        elif rng.random() < leap:
            move = float(rng.choice([-3, 3, 4]))
            pull = -float(np.sign(move))
        else:
            move = float(rng.choice([-1, -1, 0, 1, 1]))
        if abs(steps[-1] + move) > 4:
            move = -move
        steps.append(steps[-1] + move)
    centre = (max(steps) + min(steps)) / 2
    return tuple(step - centre for step in steps)


def write_melody(
    style: Style, key: Key, plan: Plan, spans: list[Span], theme: Theme, mood: MoodEffect, rng: np.random.Generator
) -> list[Event]:
    """The melody of the whole song, in the style's range; parts take from it the sections in which they play."""
    known: dict[tuple[object, ...], list[Event]] = {}
    choruses = 0
    melody: list[Event] = []
    for section in plan.sections:
        bars = min(section.end, plan.music_bars) - section.start
        if bars <= 0 or section.kind == "stop":
            continue
        choruses += section.kind == "chorus"
        chords = _chords_in(spans, plan, section, bars)
        memory = (section.kind, chords)
        if memory not in known:
            known[memory] = _write_section(style, key, plan.metre, section, bars, chords, theme, mood, rng)
        notes = [event.moved(section.start * plan.metre.quarters) for event in known[memory]]
        if section.kind == "chorus" and choruses >= 3:
            notes = _ornament(notes, key, style, rng)
        if section.kind in ("chorus", "solo") and notes:
            melody += _pickup(notes[0], melody, key, style.melody.range)
        melody += notes
    return _repair(melody, spans, key, style.melody.range)


def _chords_in(spans: list[Span], plan: Plan, section: SectionPlan, bars: int) -> tuple[Span, ...]:
    """The section's chords with times from the section's start; a hashable memory of its harmony."""
    start = section.start * plan.metre.quarters
    end = start + bars * plan.metre.quarters
    return tuple(replace(s, start=s.start - start, section=0) for s in spans if start - 1e-6 <= s.start < end - 1e-6)


def _write_section(
    style: Style,
    key: Key,
    metre: Metre,
    section: SectionPlan,
    bars: int,
    chords: tuple[Span, ...],
    theme: Theme,
    mood: MoodEffect,
    rng: np.random.Generator,
) -> list[Event]:
    """One section: phrases of eight bars (a a' b a''), the last note at home or leading on."""
    events: list[Event] = []
    spans = list(chords)
    for first in range(0, bars, 8):
        length = min(8, bars - first)
        onsets = _phrase_onsets(section, length, theme, metre, mood, rng, final=first + length >= bars)
        offset = first * metre.quarters
        local = [replace(span, start=span.start - offset) for span in spans if span.end > offset]
        if onsets and local:
            events += [e.moved(offset) for e in find_pitches(onsets, local, style, key, section, rng)]
    return events


def _phrase_onsets(
    section: SectionPlan,
    bars: int,
    theme: Theme,
    metre: Metre,
    mood: MoodEffect,
    rng: np.random.Generator,
    *,
    final: bool,
) -> list[Onset]:
    """Rhythm and contour of up to eight bars: two-bar units a, a', b, a''."""
    hook = section.kind in ("chorus", "solo", "intro", "outro", "build")
    grid, other = theme.hook if hook else theme.verse
    contour = theme.hook_contour if hook else theme.verse_contour
    onsets: list[Onset] = []
    for unit, kind in enumerate("aaba"[: (bars + 1) // 2]):
        if section.kind in ("intro", "outro", "build") and unit % 2 == 1:
            continue  # only fragments of the hook, with room to breathe
        if section.kind == "break" and kind == "b":
            continue
        silent = rng.random() < theme.rest and unit in (1, 2) and section.kind != "chorus"
        if silent:
            continue
        notes = _unit_onsets(other if kind == "b" else grid, unit, bars, metre)
        notes = _thin_out(notes, mood.density, rng)
        shape = theme.answer_contour if kind == "b" else contour
        lift = {"b": 1.0}.get(kind, 0.0) + (0.6 if section.kind == "pre" else 0.0) * unit
        for index, note in enumerate(notes):
            bend = 0.0
            if unit % 2 == 1 and kind == "a" and index >= len(notes) - 2:
                bend = -1.0  # the answer turns downwards at its end
            onsets.append(
                replace(note, contour=shape[index % len(shape)] + lift + bend, last=index == len(notes) - 1, unit=unit)
            )
    if final and onsets and section.kind in ("chorus", "outro", "solo"):
        onsets[-1] = replace(onsets[-1], unit=3)
    return onsets


def _unit_onsets(grid: str, unit: int, bars: int, metre: Metre) -> list[Onset]:
    onsets: list[Onset] = []
    for bar in (0, 1):
        if unit * 2 + bar >= bars:
            break
        origin = (unit * 2 + bar) * metre.quarters
        for hit in bar_hits(grid, bar, metre):
            strong = hit.step in metre.strong_steps or (hit.length >= 6 and hit.step % 4 == 0)
            onsets.append(
                Onset(origin + beat(hit.step), beat(hit.length), hit.velocity / 100, 0.0, unit, strong, False)
            )
    return onsets


def _thin_out(notes: list[Onset], density: float, rng: np.random.Generator) -> list[Onset]:
    """Fewer notes for calm moods: weak short notes go, their predecessors sing longer."""
    if density >= 0.9:
        return notes
    kept: list[Onset] = []
    for index, note in enumerate(notes):
        weak = not note.strong and index not in (0, len(notes) - 1)
        if weak and rng.random() < (0.95 - density) and kept:
            earlier = kept[-1]
            kept[-1] = replace(earlier, length=note.start + note.length - earlier.start)
            continue
        kept.append(note)
    return kept


def _pickup(first: Event, melody: Sequence[Event], key: Key, limits: tuple[int, int]) -> list[Event]:
    """Two eighths that climb into a chorus, when the melody has left the last beat free."""
    if first.start < 1.0 or (melody and melody[-1].end > first.start - 1.0):
        return []
    below = [pitch for pitch in range(first.pitch - 1, limits[0] - 1, -1) if pitch % 12 in key.scale][:2]
    starts = (first.start - 1.0, first.start - 0.5)
    return [Event(start, 0.5, pitch, first.velocity - 8) for start, pitch in zip(starts, reversed(below), strict=False)]


def _ornament(notes: list[Event], key: Key, style: Style, rng: np.random.Generator) -> list[Event]:
    """The last choruses sing the hook with a grace note here and there."""
    scale = key.scale
    result: list[Event] = []
    for note in notes:
        if note.length >= 1.0 and rng.random() < 0.3 and result and note.start - result[-1].end >= 0.0:
            grace = next(p for p in range(note.pitch - 1, note.pitch - 4, -1) if p % 12 in scale or p == note.pitch - 3)
            if grace >= style.melody.range[0] and grace % 12 in scale:
                result.append(Event(note.start, 0.25, grace, note.velocity - 14))
                note = replace(note, start=note.start + 0.25, length=note.length - 0.25)
        result.append(note)
    return result


def _repair(melody: list[Event], spans: list[Span], key: Key, limits: tuple[int, int]) -> list[Event]:
    """No note outside the scale of its chord; no held note that grinds against a chord that came under it later."""
    fixed: list[Event] = []
    for note in melody:
        span = chord_at(spans, note.start)
        following = chord_at(spans, note.start + note.length * 0.75)
        if following is not span and note.length >= 1.5 and note.pitch % 12 not in scale_over(following.chord, key):
            note = replace(note, length=max(0.25, following.start - note.start))
        scale = scale_over(span.chord, key)
        if note.pitch % 12 not in scale:
            near = [
                p
                for p in (note.pitch - 1, note.pitch + 1, note.pitch - 2)
                if p % 12 in scale and limits[0] <= p <= limits[1]
            ]
            if near:
                note = replace(note, pitch=near[0])
        fixed.append(note)
    return fixed
