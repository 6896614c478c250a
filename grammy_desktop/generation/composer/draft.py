"""Candidates: pairs of harmony and melody, and the one that the critic likes best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from grammy_desktop.core.music import Key
from grammy_desktop.core.progress import Progress
from grammy_desktop.core.song import KeyChange
from grammy_desktop.core.styles import MoodEffect, Style
from grammy_desktop.generation.composer.critic import judge
from grammy_desktop.generation.composer.events import Event, Span
from grammy_desktop.generation.composer.form.plan import Plan
from grammy_desktop.generation.composer.harmony import choose_lift, lifted, write_harmony
from grammy_desktop.generation.composer.loops import choose_loops
from grammy_desktop.generation.composer.melody import choose_theme, write_melody

CANDIDATES = 12
"""How many pairs of harmony and melody the critic hears."""
_MELODIES = 6
"""How many other melodies over given chords it hears."""
_PICKUP = 1.0
"""Beats before the lift in which a pickup already belongs to the new key."""


@dataclass(frozen=True)
class Lifted:
    """The song goes up by `semitones` from `beat` on (0: it does not)."""

    beat: float = 0.0
    semitones: int = 0


@dataclass(frozen=True)
class Draft:
    """A candidate: its chords and its melody, as they will sound."""

    spans: list[Span]
    melody: list[Event]
    lift: Lifted
    pick: int = 0
    """Which of the candidates it is."""

    def home(self) -> tuple[list[Span], list[Event]]:
        """Chords and melody as they would be if the song did not go up."""
        if not self.lift.semitones:
            return self.spans, self.melody
        beat, down = self.lift.beat, -self.lift.semitones
        spans = [_moved_down(span, down) if span.start >= beat - 1e-6 else span for span in self.spans]
        return spans, _raised(self.melody, beat, down)

    def key_changes(self, factor: float) -> tuple[KeyChange, ...]:
        """In real beats."""
        if not self.lift.semitones:
            return ()
        key = next(span.key for span in self.spans if span.start >= self.lift.beat - 1e-6)
        return (KeyChange(self.lift.beat / factor, key),)


def best_draft(
    style: Style,
    key: Key,
    plan: Plan,
    mood: MoodEffect,
    streams: dict[str, np.random.SeedSequence],
    progress: Progress,
    *,
    pin: int | None = None,
) -> Draft:
    """The candidate that the critic likes best, lifted where the song goes up. pin: that candidate, whatever the critic says."""
    section, semitones = choose_lift(style, plan, np.random.default_rng(streams["lift"]))
    pick, spans, melody = _best(within_reach(style, semitones), key, plan, mood, streams, progress, pin)
    return lift_draft(Draft(spans, melody, Lifted(), pick), plan, section, semitones)


def within_reach(style: Style, semitones: int) -> Style:
    """What goes up later must not leave the singer's range then."""
    low, high = style.melody.range
    return replace(style, melody=replace(style.melody, range=(low, high - semitones)))


def lift_draft(draft: Draft, plan: Plan, section: int, semitones: int) -> Draft:
    """A draft in the home key with everything from a section on moved up."""
    if not semitones:
        return draft
    beat = plan.sections[section].start * plan.metre.quarters
    spans, melody = lifted(draft.spans, section, semitones), _raised(draft.melody, beat, semitones)
    return replace(draft, spans=spans, melody=melody, lift=Lifted(beat, semitones))


def other_melody(
    style: Style, key: Key, plan: Plan, draft: Draft, mood: MoodEffect, stream: np.random.SeedSequence
) -> Draft:
    """The same chords with another melody, the best of a few."""
    spans, _ = draft.home()
    fitting = within_reach(style, draft.lift.semitones)
    best: tuple[float, list[Event]] | None = None
    for seed in stream.spawn(_MELODIES):
        rng = np.random.default_rng(seed)
        melody = write_melody(fitting, key, plan, spans, choose_theme(fitting, plan.metre, rng), mood, rng)
        score = judge(spans, melody, key)
        if best is None or score > best[0]:
            best = (score, melody)
    assert best is not None
    melody = _raised(best[1], draft.lift.beat, draft.lift.semitones) if draft.lift.semitones else best[1]
    return replace(draft, melody=melody)


def _best(
    style: Style,
    key: Key,
    plan: Plan,
    mood: MoodEffect,
    streams: dict[str, np.random.SeedSequence],
    progress: Progress,
    pin: int | None,
) -> tuple[int, list[Span], list[Event]]:
    harmony_seeds = streams["harmony"].spawn(CANDIDATES)
    melody_seeds = streams["melody"].spawn(CANDIDATES)
    rootless = any(part.voicing == "rootless" for part in style.parts)
    best: tuple[float, int, list[Span], list[Event]] | None = None
    for pick, (harmony_seed, melody_seed) in enumerate(zip(harmony_seeds, melody_seeds, strict=True)):
        if pin is not None and pick != pin:
            continue
        progress.check_cancelled()
        spans = write_harmony(style, key, plan, choose_loops(style, key, np.random.default_rng(harmony_seed)))
        rng = np.random.default_rng(melody_seed)
        theme = choose_theme(style, plan.metre, rng)
        melody = write_melody(style, key, plan, spans, theme, mood, rng)
        score = judge(spans, melody, key, rootless=rootless)
        if best is None or score > best[0]:
            best = (score, pick, spans, melody)
    assert best is not None
    return best[1:]


def _moved_down(span: Span, semitones: int) -> Span:
    chord = replace(span.chord, root=(span.chord.root + semitones) % 12)
    return replace(span, chord=chord, key=Key((span.key.tonic + semitones) % 12, span.key.mode))


def _raised(melody: Sequence[Event], beat: float, semitones: int) -> list[Event]:
    """The melody with what belongs to the new key moved up."""
    return [
        replace(note, pitch=note.pitch + semitones)
        if note.start >= beat - 1e-6 or (note.tag == "pickup" and note.start >= beat - _PICKUP - 1e-6)
        else note
        for note in melody
    ]
