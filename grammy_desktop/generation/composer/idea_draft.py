"""A song made of its user's idea: their chords as the loop, their hook as the theme, developed and recalled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from grammy_desktop.core.chord_text import NO_CHORD
from grammy_desktop.core.idea import Idea
from grammy_desktop.core.music import Chord, Key
from grammy_desktop.core.progress import Progress
from grammy_desktop.core.styles import MoodEffect, Style
from grammy_desktop.core.styles.grid import STEPS_PER_BEAT, Hit
from grammy_desktop.generation.composer.critic import estimate_key, judge, pitch_histogram
from grammy_desktop.generation.composer.draft import CANDIDATES, Draft, Lifted, lift_draft, within_reach
from grammy_desktop.generation.composer.events import Event, SectionPlan, Span, chord_at
from grammy_desktop.generation.composer.form.plan import Plan
from grammy_desktop.generation.composer.harmony import choose_lift, scale_over, write_harmony
from grammy_desktop.generation.composer.loops import choose_loops
from grammy_desktop.generation.composer.melody import Theme, choose_theme, write_melody
from grammy_desktop.generation.composer.motif import Motif, contrasting
from grammy_desktop.generation.composer.pitches import centre_of
from grammy_desktop.generation.composer.rhythm import Metre, fitting

_CONTRAST = ("break", "pre")
"""Sections that keep the style's own chords, so that the loop comes back fresh."""
_SINGS = ("chorus", "solo")
"""Sections that sing the hook note by note; others sing what is made of it."""
_PHRASE = 8
"""Bars."""


@dataclass(frozen=True)
class _Given:
    """An idea in the song's key and internal beats: chords (start, length, chord) and hook, both `beats` long in whole bars."""

    beats: float
    chords: tuple[tuple[float, float, Chord], ...]
    hook: tuple[Event, ...]


def idea_draft(
    idea: Idea,
    style: Style,
    key: Key,
    plan: Plan,
    mood: MoodEffect,
    streams: dict[str, np.random.SeedSequence],
    progress: Progress,
    *,
    pin: int | None = None,
) -> Draft:
    """The draft that goes best with the idea; where the song goes up, the idea goes with it. pin: that candidate."""
    section, semitones = choose_lift(style, plan, np.random.default_rng(streams["lift"]))
    reach = within_reach(style, semitones)
    given = _given(idea, reach, key, plan)
    best: tuple[float, Draft] | None = None
    pairs = zip(streams["harmony"].spawn(CANDIDATES), streams["melody"].spawn(CANDIDATES), strict=True)
    for pick, (harmony_seed, melody_seed) in enumerate(pairs):
        if pin is not None and pick != pin:
            continue
        progress.check_cancelled()
        spans = write_harmony(reach, key, plan, choose_loops(reach, key, np.random.default_rng(harmony_seed)))
        spans = _on_loop(spans, plan, key, given)
        rng = np.random.default_rng(melody_seed)
        theme = choose_theme(reach, plan.metre, rng)
        if given.hook:
            theme = _theme(theme, given, reach, key, plan.metre, rng)
        melody = _with_hook(write_melody(reach, key, plan, spans, theme, mood, rng), plan, given)
        score = judge(spans, melody, key) + 2.0 * _agreement(melody, spans)
        if best is None or score > best[0]:
            best = (score, Draft(spans, melody, Lifted(), pick))
    assert best is not None
    return lift_draft(best[1], plan, section, semitones)


def _given(idea: Idea, style: Style, key: Key, plan: Plan) -> _Given:
    bar = plan.metre.quarters
    own_bar = bar if idea.metre is None else idea.metre[0] * 4 / idea.metre[1]
    # Another metre: bar for bar, stretched; another feel (half or double time): the song's own beats.
    scale = bar / own_bar * plan.factor
    shift = _shift(idea, key)
    beats = max(1, math.ceil(idea.beats * scale / bar - 1e-6)) * bar
    chords = tuple(
        (event.start * scale, event.length * scale, replace(chord, root=(chord.root + shift) % 12))
        for event in idea.chords
        if event.symbol != NO_CHORD
        for chord in (Chord.parse(event.symbol),)
    )
    notes = [
        Event(n.start * scale, n.length * scale, n.pitch + shift, float(n.velocity))
        for n in sorted(idea.hook, key=lambda n: (n.start, -n.pitch))
        if n.start * scale < beats
    ]
    if not notes:
        return _Given(beats, chords, ())
    # Its octave is the singer's.
    mean = sum(note.pitch for note in notes) / len(notes)
    octaves = 12 * round((centre_of(style.melody, "chorus") - mean) / 12)
    sung = [replace(note, pitch=note.pitch + octaves) for note in notes]
    return _Given(beats, chords, tuple(sung))


def _shift(idea: Idea, key: Key) -> int:
    """Semitones from the idea's key to the song's, by the shorter way."""
    own = idea.key
    if own is None:
        weights = [(note.pitch, note.length) for note in idea.hook]
        for event in idea.chords:
            if event.symbol != NO_CHORD:
                weights += [(pc, event.length) for pc in Chord.parse(event.symbol).pitch_classes]
        own = estimate_key(pitch_histogram(weights))
    up = (key.tonic - own.tonic) % 12
    return up - 12 if up > 6 else up


def _on_loop(spans: list[Span], plan: Plan, key: Key, given: _Given) -> list[Span]:
    """The idea's chords in every section but those that contrast; the style's final chord stays."""
    if not given.chords:
        return spans
    bar = plan.metre.quarters
    result: list[Span] = []
    for index, section in enumerate(plan.sections):
        own = [span for span in spans if span.section == index and span.start < plan.last_chord - 1e-6]
        if section.kind in _CONTRAST:
            result += own
            continue
        start, end = section.start * bar, min(section.end * bar, plan.last_chord)
        result += [Span(first, length, chord, index, key) for first, length, chord in _tiled(given, start, end)]
    return result + [span for span in spans if span.start >= plan.last_chord - 1e-6]


def _tiled(given: _Given, start: float, end: float) -> list[tuple[float, float, Chord]]:
    """The loop again and again from `start` to `end`, without gaps: a chord holds until the next."""
    places = []
    origin = start
    while origin < end - 1e-6:
        for number, (at, _, chord) in enumerate(given.chords):
            # What comes before the first chord is the first chord's.
            first = origin + (at if number else 0.0)
            if first < end - 1e-6:
                places.append((first, chord))
        origin += given.beats
    limits = [first for first, _ in places[1:]] + [end]
    return [
        (first, limit - first, chord) for (first, chord), limit in zip(places, limits, strict=True) if limit > first
    ]


def _theme(theme: Theme, given: _Given, style: Style, key: Key, metre: Metre, rng: np.random.Generator) -> Theme:
    """The hook's first two bars as the motif, its next two as the answer; the verse sings a relation of it."""
    first = _motif(given, 0.0, key, metre)
    if first is None:
        return theme
    grids = fitting(style.melody.motifs, metre)
    second = _motif(given, 2 * metre.quarters, key, metre)
    other = contrasting(first, grids[int(rng.integers(len(grids)))], metre, rng)
    hook = {"a": first, "b": second if second is not None else other, "c": other}
    # The verse keeps its own rhythm and takes the hook's line.
    verse = {
        letter: Motif(motif.rhythm, tuple(first.contour[i % len(first.contour)] for i in range(len(motif.rhythm))))
        for letter, motif in theme.verse.items()
    }
    return replace(theme, hook=hook, verse=verse, hook_plan="abab" if second is not None else theme.hook_plan)


def _motif(given: _Given, start: float, key: Key, metre: Metre) -> Motif | None:
    """Two bars of the hook as a rhythm and a line in scale steps."""
    end = start + 2 * metre.quarters
    notes = [note for note in given.hook if start - 1e-6 <= note.start < end - 1e-6]
    if len(notes) < 2:
        return None
    hits = []
    for note, following in zip(notes, [*notes[1:], None], strict=True):
        room = (following.start if following is not None else end) - note.start
        step = round((note.start - start) * STEPS_PER_BEAT * 3) / 3
        length = min(note.length, room) * STEPS_PER_BEAT
        hits.append(Hit(step, max(1.0, length), round(note.velocity), False, abs(step - round(step)) > 0.1))
    steps = [_scale_step(note.pitch, key) for note in notes]
    centre = (max(steps) + min(steps)) / 2
    return Motif(tuple(hits), tuple(step - centre for step in steps))


def _scale_step(pitch: int, key: Key) -> float:
    octave, above = divmod(pitch - key.tonic, 12)
    scale = [(pc - key.tonic) % 12 for pc in key.scale]
    below = max(step for step in scale if step <= above)
    return octave * 7 + scale.index(below) + (0.5 if below != above else 0.0)


def _with_hook(melody: list[Event], plan: Plan, given: _Given) -> list[Event]:
    """The hook itself, note by note, at the head of every phrase of the sections that sing it."""
    if not given.hook:
        return melody
    result = list(melody)
    for section in plan.sections:
        if section.kind in _SINGS:
            result = _sung(result, section, plan, given)
    return sorted(result, key=lambda note: note.start)


def _sung(melody: list[Event], section: SectionPlan, plan: Plan, given: _Given) -> list[Event]:
    bar = plan.metre.quarters
    end = min(section.end, plan.music_bars) * bar
    every = max(given.beats, _PHRASE * bar if given.beats < 4 * bar else given.beats)
    origin = section.start * bar
    result = melody
    while origin < end - 1e-6:
        last = min(end, origin + given.beats)
        notes = [note.moved(origin) for note in given.hook if origin + note.start < last - 1e-6]
        notes = [replace(note, length=min(note.length, last - note.start)) for note in notes]
        # Where the hook falls silent at its end, so does the song.
        result = [note for note in result if not origin - 1e-6 <= note.start < last - 1e-6]
        result = [
            replace(note, length=origin - note.start) if note.start < origin < note.end else note for note in result
        ] + notes
        origin += every
    return result


def _agreement(melody: Sequence[Event], spans: list[Span]) -> float:
    """The share of the melody's time that the chords' scales hold."""
    total = sum(note.length for note in melody)
    if not total:
        return 0.0
    inside = sum(
        note.length for note in melody for span in (chord_at(spans, note.start),)
        if note.pitch % 12 in scale_over(span.chord, span.key)
    )  # fmt: skip
    return inside / total
